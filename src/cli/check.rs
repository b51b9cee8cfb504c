//! `from-zero check`: the gradient check of section 5.7.3; why h = 1e-4, and why a loss (4.2.5).

use std::ffi::OsString;

use from_zero::beyond::verdict::{Comparison, Verdict, crossed_corners, rounding_error};
use from_zero::beyond::why_loss::{gradient_of_accuracy, gradient_with_step};
use from_zero::beyond::why_step_size::{Errors, errors_against_h};
use from_zero::ch04::s2_2_cross_entropy::DELTA;
use from_zero::ch04::s2_4_batch_cross_entropy::pick_label_columns;
use from_zero::ch04::s2_4_targets::Labels;
use from_zero::ch04::s3_differentiation::H;
use from_zero::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use from_zero::fast::compressed::CompressedRows;
use from_zero::fast::memory::Work;
use from_zero::fast::methods::{Differences, GradientMethod};
use from_zero::fast::numerical_gradient::naive_gradient;
use from_zero::fast::team::Team;
use from_zero::fast::training::Settings;
use from_zero::fast::two_layer_net::{CrossEntropy, accuracy, gradient, loss, predict};
use from_zero::formats::mnist::{CLASSES, SIDE};
use from_zero::numeric::random::Xorshift64Star;

use super::arguments::{Arguments, Opt, opt, say};
use super::options::{
    ACTIVATION, DATA, HIDDEN, Loaded, MOST_ITERATIONS, Net, THREADS, described, fitting_threads,
    load,
};
use super::progress::{Bar, train_with_bar, with_bar};
use super::text::{Style, counted, grouped, wrapped};
use super::{Result, failed, usage};

const OPTIONS: &[Opt] = &[
    DATA,
    opt("--images", "N", "use the first N training images [3]"),
    ACTIVATION,
    HIDDEN,
    opt("--iterations", "N", "train the net for N iterations before the check [0]"),
    opt("--seed", "N", "seed of weights and mini-batches [0]"),
    opt("--h", "X", "step h of the central differences [0.0001]"),
    opt("--all", "", "also compare the other pairs of gradients, and those of the book's loss"),
    opt("--sweep-h", "", "instead of the check: errors of the differences for h from 1 to 1e-12"),
    opt("--why", "", "instead of the check: why not the accuracy or a step function (4.2.5)"),
    THREADS,
];

struct Case {
    net: TwoLayerNet,
    x: CompressedRows,
    t: Labels,
    threads: usize,
    style: Style,
}

pub fn run(arguments: &[OsString]) -> Result<()> {
    let arguments = Arguments::parse(include_str!("help/check.txt"), OPTIONS, arguments)?;
    let images = arguments.whole("--images", 3, 1..=u64::MAX)? as usize;
    let iterations = arguments.whole("--iterations", 0, 0..=MOST_ITERATIONS)? as usize;
    let seed = arguments.whole("--seed", 0, 0..=u64::MAX)?;
    let h = arguments.number("--h", H, 1e-12..=100.0)?;
    let net = Net::from_options(&arguments)?;
    let [all, sweep, why] = ["--all", "--sweep-h", "--why"].map(|name| arguments.has(name));
    if arguments.has("--h") && (sweep || why) {
        return usage("--h: --sweep-h and --why choose h themselves; leave out --h");
    }
    if all && (sweep || why) {
        return usage("--all: belongs to the check; leave out --sweep-h and --why");
    }

    let Loaded { data, folder, .. } = load(&arguments)?;
    if images > data.train.labels.len() {
        let most = counted(data.train.labels.len(), "training image");
        return usage(format!("--images: expected at most the {most} of {folder}, found {images}"));
    }
    let work = Work { hidden: net.hidden, samples: images, own_nets: true, sorted: true };
    let threads = fitting_threads(&arguments, work, &data, "--images")?;
    let mut rng = Xorshift64Star::new(seed);
    let mut net = net.initial(&mut rng);
    let settings = Settings::new(iterations, threads);
    train_with_bar(&mut net, &data, &settings, &mut rng).or_else(failed)?;

    let trained = match iterations {
        0 => "untrained".to_string(),
        n => format!("after {} of training", counted(n, "iteration")),
    };
    let net_line = format!("net       {}; seed {seed}, {trained}", described(&net));
    let (first, net_line) = (counted(images, "training image"), wrapped(&net_line, 10));
    say(&format!("data      the first {first} of {folder}\n{net_line}\n"))?;
    let (x, t) = data.train.select(&(0..images).collect::<Vec<_>>());
    let beside_the_books = (images, iterations, net.params.b1.len(), h) == (3, 0, 50, H);
    let case = Case { net, x, t, threads, style: Style::of_stdout() };
    if sweep {
        case.sweep_h()?;
    }
    if why {
        case.why()?;
    }
    if sweep || why { Ok(()) } else { case.check(h, all, beside_the_books) }
}

impl Case {
    fn check(&self, h: f64, all: bool, beside_the_books: bool) -> Result<()> {
        let threads = counted(self.threads, "thread");
        say(&format!("check     central differences with h = {h:?}, {threads}\n"))?;
        let corners = crossed_corners(&self.net, &self.x, h);
        let rounding = rounding_error(&self.net, &self.x, h);
        let compare = |a: &Parameters, b: &Parameters| {
            let (a, b) = (a.parts(), b.parts());
            let row = |k: usize| Comparison::new(a[k].1, b[k].1, rounding, &corners[k]);
            [0, 1, 2, 3].map(|k| (a[k].0, row(k)))
        };
        let analytic = gradient(&self.net, &self.x, &self.t);
        let [naive, incremental] = self.numerical(Differences { h, loss: CrossEntropy::Exact });
        let rows = compare(&naive, &analytic);
        let other = compare(&incremental, &analytic);
        let verdicts = rows.iter().chain(&other).map(|(_, row)| row.verdict);
        let verdict = verdicts.max().expect("there are eight rows");
        say(&self.answer(verdict, &rows, beside_the_books))?;
        if all {
            say(&self.table("incremental and backpropagation, the exact loss", &other))?;
            let pair = compare(&naive, &incremental);
            say(&self.table("naive and incremental, the exact loss", &pair))?;
            let [naive, incremental] = self.numerical(Differences { h, loss: CrossEntropy::Book });
            let pair = compare(&naive, &incremental);
            say(&self.table("naive and incremental, the book's loss −ln(yₜ + 1e-7)", &pair))?;
            let pair = compare(&naive, &analytic);
            say(&self.table("naive (the book's loss) and backpropagation: no verdict", &pair))?;
            say(&self.effect_of_delta())?;
        }
        match verdict {
            Verdict::Good | Verdict::Fair => Ok(()),
            Verdict::Undecided => failed(
                "the check is undecided: rounding errors are larger than the derivatives, or the step h \
                 crosses a corner of each; try another --h or other --images",
            ),
            Verdict::Wrong => failed("the gradients do not agree"),
        }
    }

    /// The naive and the incremental gradient.
    fn numerical(&self, differences: Differences) -> [Parameters; 2] {
        let Self { net, x, t, threads, .. } = self;
        let naive = |team: &mut Team| naive_gradient(differences, net, (x, t), team);
        let naive = with_bar(2 * net.params.count(), *threads, naive);
        let incremental = GradientMethod::Incremental(differences);
        [naive, incremental.gradient(net, x, t, &mut Team::new(*threads))]
    }

    /// The verdict, and the four rows beside the book's.
    fn answer(&self, verdict: Verdict, rows: &Rows, beside_the_books: bool) -> String {
        let sentence = match verdict {
            Verdict::Good => "good: backpropagation and the central differences agree",
            Verdict::Fair => "fair: backpropagation and the central differences nearly agree",
            Verdict::Undecided => "undecided: rounding errors or corners hide the derivatives",
            Verdict::Wrong => "wrong: backpropagation and the central differences do not agree",
        };
        let sentence = self.coloured(verdict, sentence);
        let mut text = format!("verdict   {sentence}\n\nmean of |naive − backpropagation|\n");
        let means = rows.iter().map(|(name, row)| format!("{name}{}", mean(row)));
        if beside_the_books {
            text += &format!("{}\n", self.style.faint("      here      the book"));
            for (mean, book) in means.zip(["2.2e-13", "9.7e-13", "8.4e-13", "1.19e-10"]) {
                text += &format!("{mean}{book:>14}\n");
            }
            let note = "The book's numbers belong to a net with relu (--activation relu) and random \
                weights, so only their size can be compared.";
            text += &format!("\n{}\n", wrapped(note, 0));
        } else {
            means.for_each(|mean| text += &format!("{mean}\n"));
        }
        text + &self.table("naive and backpropagation, the exact loss −ln yₜ", rows) + &legend(rows)
    }

    fn coloured(&self, verdict: Verdict, text: &str) -> String {
        if verdict <= Verdict::Fair { self.style.right(text) } else { self.style.wrong(text) }
    }

    /// A line for each of W1, b1, W2 and b2.
    fn table(&self, title: &str, rows: &Rows) -> String {
        let columns = "     compared     mean  largest                        relative";
        let mut text = format!("\n{}\n{}\n", self.style.strong(title), self.style.faint(columns));
        for (name, row) in rows {
            let place = place(name, row.index, self.net.params.b1.len());
            let relative = match row.relative {
                _ if row.compared == 0 => "–".to_string(),
                0.0 => "rounding".to_string(),
                relative => format!("{relative:.1e}"),
            };
            let (compared, mean, largest) = (grouped(row.compared), mean(row), row.largest);
            text +=
                &format!("  {name}{compared:>9}{mean} {largest:>8.1e} {place:<22}{relative:>9}");
            if !title.ends_with("no verdict") {
                text += &format!("  {}", self.coloured(row.verdict, &row.verdict.to_string()));
            }
            text += "\n";
        }
        text
    }

    /// Why the gradient of the book's loss differs from backpropagation.
    fn effect_of_delta(&self) -> String {
        let y_t = pick_label_columns(&predict(&self.net, &self.x), &self.t);
        let smallest = y_t.iter().copied().fold(f64::INFINITY, f64::min);
        let effect = DELTA / (smallest + DELTA);
        let text = format!(
            "These are the gradients of two different functions. The 1e-7 multiplies the contribution \
             of each sample to a derivative by yₜ/(yₜ + 1e-7), and backpropagation leaves this factor \
             out. The smallest yₜ here is {smallest:.2e}; there the factor changes the contribution \
             by {effect:.0e} of its size. So a difference is not an error."
        );
        format!("\n{}\n", wrapped(&text, 0))
    }

    fn sweep_h(&self) -> Result<()> {
        // 1, 0.3, 0.1, 0.03 … as text, so that each h is exactly the f64 of its decimal number.
        let h = |k: usize| format!("{}e-{}", [1, 3][k % 2], k.div_ceil(2));
        let hs: Vec<f64> = (0..=24).map(|k| h(k).parse().expect("a number")).collect();
        let Self { net, x, t, threads, style } = self;
        let measure = |team: &mut Team| errors_against_h(net, (x, t), &hs, 500, team);
        let errors = with_bar(hs.len(), *threads, measure);

        let at_books_h = errors.iter().find(|errors| errors.h == H).expect("H is one of them");
        let best = |column: fn(&Errors) -> f64| {
            let best = errors.iter().min_by(|a, b| column(a).total_cmp(&column(b)));
            best.expect("there are 25").h
        };
        let (forward, central) = (best(|e| e.forward), best(|e| e.central));
        let (parameters, heading) =
            (at_books_h.parameters, style.faint("    h     forward     central"));
        let mut text = format!(
            "sweep     the exact loss; median error of {parameters} derivatives, relative to each\n\n\
             {heading}\n"
        );
        let cell = |error: f64, is_best: bool| {
            let value = format!("{error:10.1e}");
            if is_best { style.strong(&format!("{value} *")) } else { format!("{value}  ") }
        };
        for e in &errors {
            let [a, b] = [cell(e.forward, e.h == forward), cell(e.central, e.h == central)];
            text += format!("{:5.0e}{a}{b}", e.h).trim_end();
            text += "\n";
        }
        let explanation = format!(
            "For large h the loss bends between the two points: the error grows with h for the \
             forward difference, and with h² for the central difference. For small h the difference \
             of the two losses is mostly rounding error. The best h is near √(ε|f/f″|) or ∛(ε|f/f‴|). \
             One weight of many bends the loss only a little, so this is larger here than √ε and ∛ε. \
             With the book's h = 1e-4, half of the derivatives have a relative error of at least \
             {:.1e}.",
            at_books_h.central,
        );
        let explanation = wrapped(&explanation, 0);
        let (sqrt, cbrt) = (f64::EPSILON.sqrt(), f64::EPSILON.cbrt());
        say(&format!(
            "{text}\nbest h here (*)     {forward:>7.0e}     {central:>7.0e}\n\
             √ε, ∛ε in theory    {sqrt:>7.0e}     {cbrt:>7.0e}\n\n{explanation}\n"
        ))
    }

    /// Section 4.2.5: why training needs a loss.
    fn why(&self) -> Result<()> {
        let Self { net, x, t, threads, .. } = self;
        let title = "Why a loss, and not the accuracy? Why no step function? (4.2.5)";
        let (title, images) = (self.style.strong(title), counted(x.rows(), "image"));
        say(&format!(
            "\n{title}\n\nDerivatives by central differences, on {images}:\n\n\
             how many are not 0                              W1       b1         W2       b2\n"
        ))?;
        let mut bar = Bar::new(3 * 2 * net.params.count());
        let names = ["of the loss", "of the accuracy", "of the loss, with a step function"];
        for (k, name) in names.into_iter().enumerate() {
            let mut report = |done, total: usize| bar.show((k * total + done) as f64);
            let team = &mut Team::reporting(*threads, &mut report);
            let gradient = match k {
                0 => naive_gradient(Differences::default(), net, (x, t), team),
                1 => gradient_of_accuracy(net, x, t, team),
                _ => gradient_with_step(net, x, t, team),
            };
            let [w1, b1, w2, b2] = gradient.parts().map(|(_, part)| {
                let not_0 = part.iter().filter(|&&d| d != 0.0).count();
                format!("{} of {}", grouped(not_0), grouped(part.len()))
            });
            bar.clear();
            say(&format!("{name:<33}{w1:>17}{b1:>9}{w2:>11}{b2:>9}\n"))?;
        }
        let class = t.as_slice()[0];
        say(&format!(
            "\nA number is added to the bias of digit {class}:\n\n     added    accuracy        loss\n"
        ))?;
        for added in [0.0, 1e-4, 1e-3, 1e-2, 0.1, 1.0] {
            let mut net = net.clone();
            net.params.b2[class] += added;
            let (accuracy, loss) = (accuracy(&net, x, t), loss(&net, x, t, CrossEntropy::Book));
            say(&format!("{added:>10}{accuracy:12.4}{loss:12.6}\n"))?;
        }
        let explanation = "The loss changes with every number, and shows the direction in which it \
            falls. The accuracy stays the same, or it jumps: its derivative is 0 almost everywhere. \
            With a step function between the layers, the same is true of the loss and the parameters \
            of the first layer. (If a step h happens to cross a jump, the difference is not 0, but it \
            is not a slope. For a pixel that is 0 in all images, the derivatives of W1 are 0 in any \
            case.)";
        say(&format!("\n{}\n", wrapped(explanation, 0)))
    }
}

/// The comparisons of W1, b1, W2 and b2.
type Rows = [(&'static str, Comparison); 4];

fn mean(row: &Comparison) -> String {
    if row.compared == 0 { format!("{:>9}", "–") } else { format!("{:>9.1e}", row.mean) }
}

fn legend(rows: &Rows) -> String {
    let text = "compared: how many derivatives. mean: the mean of |difference|, as the book prints \
        it. largest: the largest |difference|, and where it is. relative: the largest difference \
        divided by the largest derivative, or 'rounding' if rounding errors can explain it. Up to \
        1e-7 is good, up to 1e-4 is fair.";
    let left_out: usize = rows.iter().map(|(_, row)| row.at_corners).sum();
    let n = counted(left_out, "derivative");
    let corners = format!(" {n} left out: there the step h crosses the corner of relu at 0.");
    let text = text.to_string() + if left_out > 0 { &corners } else { "" };
    format!("\n{}\n", wrapped(&text, 0))
}

/// The place of a parameter: pixel (row, column), hidden unit, digit.
fn place(part: &str, index: usize, hidden: usize) -> String {
    let pixel = index / hidden;
    match part {
        "W1" => format!("pixel ({},{}), unit {}", pixel / SIDE, pixel % SIDE, index % hidden),
        "b1" => format!("unit {index}"),
        "W2" => format!("unit {}, digit {}", index / CLASSES, index % CLASSES),
        _ => format!("digit {index}"),
    }
}
