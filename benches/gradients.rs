//! What a gradient costs with each of the three methods, for nets from 40 parameters to the book's.
//!
//! ```text
//! cargo bench --bench gradients
//! ```
//!
//! The mini-batch has 100 real images. For the smaller nets the images are reduced to every second,
//! fourth … pixel in both directions. `target/criterion/gradients/report/index.html` draws the
//! three lines.

#![allow(missing_docs)] // criterion's macros

use std::hint::black_box;
use std::path::Path;
use std::thread;
use std::time::Duration;

use criterion::{
    AxisScale, BenchmarkId, Criterion, PlotConfiguration, SamplingMode, criterion_group,
    criterion_main,
};
use from_zero::ch04::s2_4_targets::Labels;
use from_zero::ch04::s3_differentiation::{H, central_difference};
use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::fast::compressed::CompressedRows;
use from_zero::fast::incremental::Incremental;
use from_zero::fast::methods::{Backprop, GradientMethod};
use from_zero::fast::mini_batch::CompressedMnist;
use from_zero::fast::numerical_gradient::Naive;
use from_zero::fast::training::{Settings, fast_train};
use from_zero::fast::two_layer_net::{CrossEntropy, loss};
use from_zero::numeric::random::{Rng, Xorshift64Star};

/// How many pixels a side, and how many hidden units.
const SIZES: [(usize, usize); 5] = [(2, 2), (4, 4), (7, 10), (14, 25), (28, 50)];

/// A net that has learned a little, and its next mini-batch.
fn case(
    data: &CompressedMnist,
    side: usize,
    hidden: usize,
) -> (TwoLayerNet, CompressedRows, Labels) {
    let mut rng = Xorshift64Star::new(1);
    let mut net = TwoLayerNet::new(side * side, hidden, 10, 0.01, &mut rng);
    let settings = Settings::new(200, 1);
    fast_train(&mut net, data, &settings, &mut rng).expect("a finite loss");
    let (x, t) = data.train.select(&rng.choice(data.train.labels.len(), 100));
    (net, x, t)
}

/// Compares the incremental gradient and backpropagation with some central differences of the loss.
fn assert_agreement(net: &TwoLayerNet, x: &CompressedRows, t: &Labels, threads: usize) {
    let incremental = Incremental::default().gradient(net, x, t, threads);
    let backprop = Backprop.gradient(net, x, t, threads);
    let n = net.params.w1.as_slice().len();
    for i in (0..n).step_by(n.div_ceil(50)) {
        let loss = |w: f64| {
            let mut net = net.clone();
            net.params.w1.as_mut_slice()[i] = w;
            loss(&net, x, t, CrossEntropy::Book)
        };
        let difference = central_difference(loss, net.params.w1.as_slice()[i], H);
        assert!((incremental.w1.as_slice()[i] - difference).abs() < 1e-10);
        assert!((backprop.w1.as_slice()[i] - difference).abs() < 1e-6);
    }
}

fn gradients(criterion: &mut Criterion) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/mnist");
    let full = CompressedMnist::load(&folder).expect("the fixture is whole");
    let threads = thread::available_parallelism().map_or(1, usize::from);

    let mut group = criterion.benchmark_group("gradients");
    group.plot_config(PlotConfiguration::default().summary_scale(AxisScale::Logarithmic));
    group.sampling_mode(SamplingMode::Flat);
    for (side, hidden) in SIZES {
        let data =
            CompressedMnist { train: full.train.thinned(side), test: full.test.thinned(side) };
        let (net, x, t) = case(&data, side, hidden);
        assert_agreement(&net, &x, &t, threads);

        let parameters = net.params.count();
        let methods: [(&str, &dyn GradientMethod); 3] = [
            ("naive", &Naive::default()),
            ("incremental", &Incremental::default()),
            ("backprop", &Backprop),
        ];
        for (name, method) in methods {
            // The book's net takes seconds the naive way: ten gradients are the least there can be.
            let slow = name == "naive" && parameters > 1_000;
            group.sample_size(if slow { 10 } else { 50 });
            group.measurement_time(Duration::from_secs(if slow { 1 } else { 2 }));
            group.warm_up_time(Duration::from_millis(500));
            group.bench_function(BenchmarkId::new(name, parameters), |bencher| {
                bencher.iter(|| {
                    let net = black_box(&net);
                    method.gradient(net, &x, &t, threads)
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, gradients);
criterion_main!(benches);
