//! What a gradient costs with each of the three methods, for nets from 40 parameters to the book's.
//!
//! ```text
//! cargo bench
//! ```
//!
//! The mini-batch has 100 real images. For the smaller nets the images are reduced to every second,
//! fourth … pixel in both directions. At the end there is a table; `target/gradients.md` has it in
//! Markdown, and `target/gradients.svg` draws its three lines.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, SamplingMode};
use from_zero::ch04::s2_3_mini_batch::normalized;
use from_zero::ch04::s2_4_targets::Labels;
use from_zero::ch04::s3_differentiation::H;
use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::fast::compressed::CompressedRows;
use from_zero::fast::methods::{Differences, GradientMethod};
use from_zero::fast::mini_batch::{CompressedDataset, CompressedMnist};
use from_zero::fast::numerical_gradient::partial_derivatives;
use from_zero::fast::team::{Team, share_range};
use from_zero::fast::training::{Settings, fast_train};
use from_zero::fast::two_layer_net::{CrossEntropy, loss};
use from_zero::formats::mnist::SIDE;
use from_zero::numeric::grouped;
use from_zero::numeric::random::{Rng, Xorshift64Star};
use from_zero::plot::figures::cost_of_a_gradient;

/// How many pixels a side, and how many hidden units.
const SIZES: [(usize, usize); 5] = [(2, 2), (4, 4), (7, 10), (14, 25), (28, 50)];

/// The naive gradient of a larger net is measured on so many of its parameters, and scaled.
const SAMPLE: usize = 200;

/// The images reduced to `side` × `side` pixels: the middle one of each square of pixels is kept.
/// 28 must be a multiple of `side`.
fn thinned(data: &CompressedDataset, side: usize) -> CompressedDataset {
    let step = SIDE / side;
    let mut bytes = vec![0; data.images.rows() * side * side];
    for (n, image) in bytes.chunks_exact_mut(side * side).enumerate() {
        for (i, level) in data.images.levels(n) {
            let (row, column) = (i / SIDE, i % SIDE);
            if row % step == step / 2 && column % step == step / 2 {
                image[row / step * side + column / step] = level;
            }
        }
    }
    let values = std::array::from_fn(|level| normalized(level as u8));
    let images = CompressedRows::new(&bytes, side * side, values);

    let [small, whole] = [&images, &data.images].map(|images| images.select_rows(&[0]).to_matrix());
    for i in 0..side * side {
        let (row, column) = (i / side * step + step / 2, i % side * step + step / 2);
        assert_eq!(small[(0, i)], whole[(0, row * SIDE + column)], "pixel {i} of {side} × {side}");
    }
    CompressedDataset { images, labels: data.labels.clone() }
}

/// A net that has learned a little, and its next mini-batch.
struct Case {
    net: TwoLayerNet,
    x: CompressedRows,
    t: Labels,
    threads: usize,
}

impl Case {
    fn new(data: &CompressedMnist, side: usize, hidden: usize, threads: usize) -> Self {
        let data =
            CompressedMnist { train: thinned(&data.train, side), test: thinned(&data.test, side) };
        let mut rng = Xorshift64Star::new(1);
        let mut net = TwoLayerNet::new(side * side, hidden, 10, 0.01, &mut rng);
        let settings = Settings::new(200, threads);
        fast_train(&mut net, &data, &settings, &mut rng).expect("a finite loss");
        let (x, t) = data.train.select(&rng.choice(data.train.labels.len(), 100));
        Self { net, x, t, threads }
    }

    /// The naive derivatives with respect to some evenly spaced parameters of W1: their indices and
    /// values. The threads share them.
    fn naive_sample(&self, count: usize) -> Vec<(usize, f64)> {
        let all = self.net.params.w1.as_slice().len();
        let index = |k: usize| k * all / count;
        let shares = share_range(count, self.threads, |share| {
            let mut net = self.net.clone();
            let mut f = |net: &TwoLayerNet| loss(net, &self.x, &self.t, CrossEntropy::Book);
            let indices = share.clone().map(index);
            let derivatives = partial_derivatives(&mut f, &mut net, 0, indices, H);
            share.map(index).zip(derivatives).collect::<Vec<_>>()
        });
        shares.concat()
    }

    /// What is timed agrees: the incremental gradient and backpropagation with the naive one.
    fn assert_agreement(&self) {
        let of = |method: GradientMethod| {
            method.gradient(&self.net, &self.x, &self.t, &mut Team::new(self.threads)).w1.into_vec()
        };
        let incremental = of(GradientMethod::Incremental(Differences::default()));
        let backprop = of(GradientMethod::Backprop);
        let count = self.net.params.w1.as_slice().len().min(50);
        for (i, difference) in self.naive_sample(count) {
            let off = (incremental[i] - difference).abs();
            assert!(off < 1e-10, "incremental, W1 number {i}: off by {off:e}");
            let off = (backprop[i] - difference).abs();
            assert!(off < 1e-6, "backpropagation, W1 number {i}: off by {off:e}");
        }
    }
}

/// How many parameters a net has, and the seconds of its gradient by each method.
type Cost = (usize, [f64; 3]);

/// The seconds of one gradient in each sample, by parameters and method.
type Times = RefCell<BTreeMap<(usize, usize), Vec<f64>>>;

const METHODS: [&str; 3] = ["naive", "incremental", "backpropagation"];

fn gradients(criterion: &mut Criterion, times: &Times, threads: usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/mnist");
    let data = CompressedMnist::load(&folder).expect("the fixture is whole");

    let mut group = criterion.benchmark_group("gradients");
    group.sampling_mode(SamplingMode::Flat).sample_size(10);
    group.warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_secs(1));
    for (side, hidden) in SIZES {
        let case = Case::new(&data, side, hidden, threads);
        case.assert_agreement();
        let parameters = case.net.params.count();
        for (k, name) in METHODS.into_iter().enumerate() {
            let method = match k {
                0 => GradientMethod::Naive(Differences::default()),
                1 => GradientMethod::Incremental(Differences::default()),
                _ => GradientMethod::Backprop,
            };
            group.bench_function(BenchmarkId::new(name, parameters), |bencher| {
                bencher.iter_custom(|rounds| {
                    let start = Instant::now();
                    let mut share = 1.0;
                    for _ in 0..rounds {
                        if k == 0 && parameters > SAMPLE * 3 {
                            black_box(case.naive_sample(SAMPLE));
                            share = parameters as f64 / SAMPLE as f64;
                        } else {
                            let mut team = Team::new(threads);
                            black_box(method.gradient(&case.net, &case.x, &case.t, &mut team));
                        }
                    }
                    // A sampled gradient counts as a whole one.
                    let seconds = start.elapsed().as_secs_f64() * share;
                    let mut times = times.borrow_mut();
                    times.entry((parameters, k)).or_default().push(seconds / rounds as f64);
                    Duration::from_secs_f64(seconds)
                });
            });
        }
    }
    group.finish();
}

/// `311 µs`, `2.1 ms`, `6.0 s`, `17 h`.
fn readable(seconds: f64) -> String {
    match seconds {
        s if s < 1e-3 => format!("{:.0} µs", s * 1e6),
        s if s < 1.0 => format!("{:.2} ms", s * 1e3),
        s if s < 100.0 => format!("{s:.1} s"),
        s if s < 7200.0 => format!("{:.0} min", s / 60.0),
        s => format!("{:.0} h", s / 3600.0),
    }
}

/// The middle one.
fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

/// Prints the table and writes the two files.
fn report(costs: &[Cost], threads: usize) -> std::io::Result<()> {
    let s = if threads == 1 { "" } else { "s" };
    let how = format!(
        "One gradient for a mini-batch of 100 images, median, {threads} thread{s} (backpropagation \
         uses one). Above 600 parameters, the naive gradient is measured on {SAMPLE} of them."
    );
    let heading = ["parameters", "naive", "incremental", "backprop", "naive : backprop"];
    let mut text = format!("\n{how}\n\n{:>10}", heading[0]);
    heading[1..].iter().for_each(|column| text += &format!("  {column:>16}"));
    let mut markdown =
        format!("{how}\n\n| {} |\n|---:|---:|---:|---:|---:|\n", heading.join(" | "));
    for (parameters, seconds) in costs {
        let cells = seconds.map(readable);
        let ratio = grouped((seconds[0] / seconds[2]).round() as usize);
        let [naive, incremental, backprop] = &cells;
        text += &format!("\n{:>10}", grouped(*parameters));
        for cell in [naive, incremental, backprop, &ratio] {
            text += &format!("  {cell:>16}");
        }
        markdown += &format!(
            "| {} | {naive} | {incremental} | {backprop} | {ratio} |\n",
            grouped(*parameters)
        );
    }
    if let [.., smaller, larger] = costs {
        let growth = |k: usize| larger.1[k] / smaller.1[k];
        let all = larger.1.map(|seconds| readable(10_000.0 * seconds));
        let sentences = format!(
            "From {} to {} parameters ({:.0} times as many), naive takes {:.0} times as long, \
             incremental {:.1} times, backpropagation {:.1} times. The gradients of 10,000 iterations: \
             {}, {}, {}.",
            grouped(smaller.0),
            grouped(larger.0),
            larger.0 as f64 / smaller.0 as f64,
            growth(0),
            growth(1),
            growth(2),
            all[0],
            all[1],
            all[2]
        );
        text += &format!("\n\n{sentences}");
        markdown += &format!("\n{sentences}\n");
    }
    let target = env::var_os("CARGO_TARGET_DIR").map_or("target".into(), std::path::PathBuf::from);
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join(target);
    fs::write(target.join("gradients.md"), markdown)?;
    fs::write(target.join("gradients.svg"), cost_of_a_gradient(costs, "Measured by cargo bench."))?;
    println!("{text}\n\nIn {}: gradients.md and gradients.svg", target.display());
    Ok(())
}

fn main() {
    let times = Times::default();
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut criterion = Criterion::default().configure_from_args();
    gradients(&mut criterion, &times, threads);
    criterion.final_summary();

    let times = times.into_inner();
    let only_tested = env::args().any(|argument| ["--test", "--list"].contains(&&*argument));
    if only_tested {
        return;
    }
    if times.is_empty() {
        let names = "naive, incremental, backpropagation, each with a number: naive/39760";
        println!("No benchmark has such a name. The names are {names}.");
        return;
    }
    // A filter can leave out some methods of a size; the table has the sizes with all three.
    let sizes: std::collections::BTreeSet<usize> = times.keys().map(|(size, _)| *size).collect();
    let cost = |parameters: usize| {
        let seconds = |k: usize| times.get(&(parameters, k)).cloned().map(median);
        Some((parameters, [seconds(0)?, seconds(1)?, seconds(2)?]))
    };
    let costs: Vec<Cost> = sizes.into_iter().filter_map(cost).collect();
    if costs.is_empty() {
        println!("For the table, all three methods of a size are needed: cargo bench");
    } else if let Err(error) = report(&costs, threads) {
        println!("The table can't be written: {error}");
    }
}
