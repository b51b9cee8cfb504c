//! `from-zero check`: the gradient check of section 5.7.3, for three gradients. It also shows why
//! h = 1e-4, and why training needs a loss (4.2.5).

use std::ffi::OsString;

use from_zero::beyond::verdict::{
    Comparison, LargestDifference, Verdict, crossed_kinks, rounding_error_of_loss,
};
use from_zero::beyond::why_loss::{gradient_of_accuracy, gradient_with_step};
use from_zero::beyond::why_step_size::{Errors, errors_against_h};
use from_zero::ch04::s2_2_cross_entropy::DELTA;
use from_zero::ch04::s2_4_batch_cross_entropy::pick_label_columns;
use from_zero::ch04::s2_4_targets::Labels;
use from_zero::ch04::s3_differentiation::H;
use from_zero::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use from_zero::fast::compressed::{BatchInput, CompressedRows};
use from_zero::fast::incremental::Incremental;
use from_zero::fast::numerical_gradient::Naive;
use from_zero::fast::training::Settings;
use from_zero::fast::two_layer_net::{CrossEntropy, accuracy, gradient, loss, predict};
use from_zero::formats::mnist::{CLASSES, SIDE};
use from_zero::numeric::random::Xorshift64Star;

use super::arguments::{Arguments, Opt, opt, say};
use super::options::{
    ACTIVATION, DATA, HIDDEN, Loaded, MOST_ITERATIONS, Net, THREADS, described, threads,
};
use super::progress::{Bar, train_with_bar};
use super::text::{Style, counted, grouped, wrapped};
use super::{Failure, Result};

const OPENING: &str = "\
Compares three gradients on real images: by naive central differences, by incremental central
differences, and by backpropagation.

usage: from-zero check [options]

For each of W1, b1, W2 and b2 it prints the mean |difference|, as the book does, and the largest
absolute and relative difference with their places. It subtracts from each relative difference the
part that rounding of the losses can explain. The verdict on the rest is good up to 1e-7, fair up to
1e-4, doubtful up to 1e-2, and wrong above. The verdict is undecided if rounding or kinks hide all
derivatives. Exit status: 0 if every verdict is good or fair, 1 if not or for another failure, 2 for
wrong arguments.
";

const OPTIONS: &[Opt] = &[
    DATA,
    opt("--images", "N", "use the first N training images [3]"),
    ACTIVATION,
    HIDDEN,
    opt("--iterations", "N", "train the net for N iterations before the check [0]"),
    opt("--seed", "N", "seed of weights and mini-batches [0]"),
    opt("--h", "X", "step h of the central differences [0.0001]"),
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
    /// Whether this is the check of the book: three images, 50 units, untrained
    is_the_books: bool,
}

pub fn run(arguments: &[OsString]) -> Result<()> {
    let Some(arguments) = Arguments::parse(OPENING, OPTIONS, arguments)? else { return Ok(()) };
    let images = arguments.whole("--images", 3, 1..=60_000)? as usize;
    let iterations = arguments.whole("--iterations", 0, 0..=MOST_ITERATIONS)? as usize;
    let seed = arguments.whole("--seed", 0, 0..=u64::MAX)?;
    let h = arguments.number("--h", H, 1e-12..=100.0)?;
    let net = Net::from_options(&arguments)?;
    let threads = threads(&arguments)?;
    net.fits(images, "--images", threads)?;
    let (sweep, why) = (arguments.has("--sweep-h"), arguments.has("--why"));
    if arguments.has("--h") && (sweep || why) {
        return Err(Failure::usage("--h: --sweep-h and --why choose h themselves; leave out --h"));
    }

    let Loaded { data, folder, .. } = Loaded::load(&arguments)?;
    let there = data.train.labels.len();
    if images > there {
        return Err(Failure::Usage(format!(
            "--images: expected at most the {} of {folder}, found {images}",
            counted(there, "training image")
        )));
    }
    let mut rng = Xorshift64Star::new(seed);
    let mut net = net.initial(&mut rng);
    let settings = Settings::new(iterations, threads);
    train_with_bar(&mut net, &data, &settings, &mut rng).map_err(Failure::error)?;

    let trained = match iterations {
        0 => "untrained".to_string(),
        n => format!("after {} of training", counted(n, "iteration")),
    };
    let net_line = format!("net       {}; seed {seed}, {trained}", described(&net));
    say(&format!(
        "data      the first {} of {folder}\n{}\n",
        counted(images, "training image"),
        wrapped(&net_line, 10),
    ))?;
    let (x, t) = data.train.select(&(0..images).collect::<Vec<_>>());
    let is_the_books = (images, iterations, net.params.b1.len()) == (3, 0, 50);
    let case = Case { net, x, t, threads, style: Style::of_stdout(), is_the_books };
    if sweep {
        case.sweep_h()?;
    }
    if why {
        case.why()?;
    }
    if sweep || why { Ok(()) } else { case.check(h) }
}

impl Case {
    fn check(&self, h: f64) -> Result<()> {
        let threads = counted(self.threads, "thread");
        say(&format!("check     central differences with h = {h:?}, {threads}\n"))?;
        let Self { net, x, t, style, .. } = self;
        let kinks = crossed_kinks(net, x, h);
        let rounding = rounding_error_of_loss(net, x, h);
        let [in_w1, in_b1, ..] =
            kinks.each_ref().map(|part| part.iter().filter(|&&crosses| crosses).count());
        if in_w1 + in_b1 > 0 {
            let line = format!(
                "          without {} of W1 and {in_b1} of b1: there the step h crosses the kink of a relu\n",
                counted(in_w1, "derivative")
            );
            say(&wrapped(&line, 10))?;
        }
        let analytic = gradient(net, x, t);
        let mut worst = Verdict::Good;
        for (loss, title) in [
            (CrossEntropy::Exact, "The exact loss −ln yₜ: backpropagation computes its gradient"),
            (CrossEntropy::Book, "The book's loss −ln(yₜ + 1e-7)"),
        ] {
            let exact = loss == CrossEntropy::Exact;
            let (title, columns) = (style.strong(title), style.faint(COLUMNS));
            say(&format!("\n{title}\n{columns}\n"))?;
            let mut bar = Bar::new(2 * net.params.count());
            let mut progress = |done, _| bar.show(done as f64);
            let naive =
                Naive { h, loss }.gradient_with_progress(net, x, t, self.threads, &mut progress);
            bar.clear();
            let incremental = Incremental(Naive { h, loss }).gradient_of(net, x, t, self.threads);
            for (pair, a, b, judged) in [
                ("naive and backpropagation", &naive, &analytic, exact),
                ("incremental and backpropagation", &incremental, &analytic, exact),
                ("naive and incremental", &naive, &incremental, true),
            ] {
                say(&format!("{pair}\n"))?;
                for (((name, a), (_, b)), kinks) in a.parts().into_iter().zip(b.parts()).zip(&kinks)
                {
                    let comparison = Comparison::new(a, b, |_| rounding, |i| kinks[i]);
                    if judged {
                        worst = worst.max(comparison.verdict());
                    }
                    say(&self.line(name, &comparison, judged))?;
                }
            }
            if exact {
                say(&largest_derivatives([&naive, &incremental, &analytic]))?;
            } else {
                say(&self.effect_of_delta())?;
            }
            if exact && self.is_the_books && h == H {
                say(OF_THE_BOOK)?;
            }
        }
        match worst {
            Verdict::Good => say("\nThe gradients agree: every verdict is good.\n"),
            Verdict::Fair => say("\nThe gradients agree: every verdict is good or fair.\n"),
            Verdict::Undecided => Err(Failure::error(
                "at least one verdict is undecided: rounding or kinks hide all derivatives; try another \
                 --h or other --images",
            )),
            Verdict::Doubtful | Verdict::Wrong => Err(Failure::error(format!(
                "the gradients do not agree: the worst verdict is {worst}, see the last column"
            ))),
        }
    }

    /// One line for W1, b1, W2 or b2. The verdict is shown only if `judged` is true.
    fn line(&self, name: &str, comparison: &Comparison, judged: bool) -> String {
        let absolute = comparison.absolute.map(|LargestDifference { index, by, .. }| {
            format!("{by:>9.1e} {:<23}", place(name, index, self.net.params.b1.len()))
        });
        let absolute = absolute.unwrap_or_else(|| format!("{:>9} {:<23}", "–", "all at kinks"));
        let relative = match comparison.relative {
            None => "–".to_string(),
            Some(LargestDifference { by: 0.0, .. }) => "rounding".to_string(),
            Some(LargestDifference { by, .. }) => format!("{by:.1e}"),
        };
        let verdict = comparison.verdict();
        let verdict = match verdict {
            _ if !judged => String::new(),
            Verdict::Good | Verdict::Fair => self.style.right(&verdict.to_string()),
            _ => self.style.wrong(&verdict.to_string()),
        };
        let compared = grouped(comparison.compared);
        let mean = format!("{:.1e}", comparison.mean);
        let mean = if comparison.compared == 0 { "–" } else { &mean };
        let line = format!("  {name}{compared:>9}{mean:>9}{absolute}{relative:>9}  {verdict}");
        format!("{}\n", line.trim_end())
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
             by {effect:.0e} of its size. So a difference is not an error, and has no verdict. If the \
             contributions of several samples cancel, the relative difference is larger."
        );
        format!("\n{}\n", wrapped(&text, 0))
    }
}

const OF_THE_BOOK: &str = "
The book prints these means for naive and backpropagation: W1 2.2e-13,
b1 9.7e-13, W2 8.4e-13 and b2 1.19e-10. They belong to a net with relu
(--activation relu), as in chapter 5 of the book, and to the exact loss: they
were computed before the 1e-7 was added.
";

/// The largest derivative in each of W1, b1, W2 and b2, as each method computes it.
fn largest_derivatives(gradients: [&Parameters; 3]) -> String {
    let header = "largest derivative                     naive      incremental  backpropagation";
    let mut text = format!("\n{header}\n");
    let [.., analytic] = gradients;
    for (part, (name, derivatives)) in analytic.parts().into_iter().enumerate() {
        let size = |index: &usize| derivatives[*index].abs();
        let indices = 0..derivatives.len();
        let index = indices.max_by(|i, j| size(i).total_cmp(&size(j))).expect("no part is empty");
        let values = gradients.map(|gradient| gradient.parts()[part].1[index]);
        let values = values.map(|value| format!("{value:>17.13}")).concat();
        text += &format!("{name} {:<24}{values}\n", place(name, index, analytic.b1.len()));
    }
    text
}

const COLUMNS: &str = "     compared     mean  largest                         relative";

/// The place of a parameter: pixel (row, column), hidden unit, digit.
fn place(part: &str, index: usize, hidden: usize) -> String {
    let pixel = |i: usize| format!("pixel ({},{})", i / SIDE, i % SIDE);
    match part {
        "W1" => format!("{}, unit {}", pixel(index / hidden), index % hidden),
        "b1" => format!("unit {index}"),
        "W2" => format!("unit {}, digit {}", index / CLASSES, index % CLASSES),
        _ => format!("digit {index}"),
    }
}

/// The number of parameters in the sweep.
const SAMPLE: usize = 500;

impl Case {
    /// A table of the error of the differences against h.
    fn sweep_h(&self) -> Result<()> {
        // 1, 0.3, 0.1, 0.03 … as text, so that each h is exactly the f64 of its decimal number.
        let hs: Vec<f64> = (0..=24)
            .map(|k| format!("{}e-{}", [1, 3][k % 2], k.div_ceil(2)))
            .map(|h| h.parse().expect("a number"))
            .collect();
        let mut bar = Bar::new(hs.len());
        let progress = |done| bar.show(done as f64);
        let Self { net, x, t, threads, style, .. } = self;
        let errors = errors_against_h(net, x, t, &hs, SAMPLE, *threads, progress);
        bar.clear();

        let at_books_h = errors.iter().find(|errors| errors.h == H).expect("H is one of them");
        let columns: [fn(&Errors) -> f64; 4] =
            [|e| e.f64.forward, |e| e.f64.central, |e| e.f32.forward, |e| e.f32.central];
        let best = columns.map(|column| {
            let best = errors.iter().min_by(|a, b| column(a).total_cmp(&column(b)));
            best.expect("there are 25").h
        });
        say(&format!(
            "sweep     the exact loss; median error of {} derivatives, relative to each\n\n\
             {}\n{}\n",
            at_books_h.parameters,
            style.faint("                  f64                       f32"),
            style.faint("    h     forward     central     forward     central"),
        ))?;
        for error in &errors {
            let mut line = format!("{:5.0e}", error.h);
            for (column, best) in columns.iter().zip(best) {
                let value = format!("{:10.1e}", column(error));
                let marked = style.strong(&format!("{value} *"));
                line += &if error.h == best { marked } else { format!("{value}  ") };
            }
            say(&format!("{}\n", line.trim_end()))?;
        }
        let row = |h: [f64; 4]| h.map(|h| format!("{h:>7.0e}")).join("     ");
        let (eps, eps_f32) = (f64::EPSILON, f64::from(f32::EPSILON));
        let explanation = format!(
            "For large h the loss bends between the two points: the error grows with h for the \
             forward difference, and with h² for the central difference. For small h the two losses \
             agree in so many digits that their difference is mostly rounding error. The best h is \
             near √(ε|f/f″|) or ∛(ε|f/f‴|). One weight of many bends the loss only a little, so the \
             best h is larger here than √ε and ∛ε. With the book's h = 1e-4, half of the derivatives \
             have a relative error of at least {:.1e} in f64, and of at least {:.1e} in f32.",
            at_books_h.f64.central, at_books_h.f32.central,
        );
        say(&format!(
            "\nbest h, measured    {}\n√ε and ∛ε           {}\n\n{}\n",
            row(best),
            row([eps.sqrt(), eps.cbrt(), eps_f32.sqrt(), eps_f32.cbrt()]),
            wrapped(&explanation, 0),
        ))
    }

    /// Section 4.2.5: why training needs a loss.
    fn why(&self) -> Result<()> {
        let Self { net, x, t, threads, .. } = self;
        say(&format!(
            "\n{}\n\nDerivatives by central differences, on {}:\n\n\
             how many are not 0                              W1       b1         W2       b2\n",
            self.style.strong("Why a loss, and not the accuracy? Why no step function? (4.2.5)"),
            counted(x.rows(), "image"),
        ))?;
        let mut bar = Bar::new(3 * 2 * net.params.count());
        let names = ["of the loss", "of the accuracy", "of the loss, with a step function"];
        for (k, name) in names.into_iter().enumerate() {
            let mut progress = |done, total: usize| bar.show((k * total + done) as f64);
            let gradient = match k {
                0 => Naive::default().gradient_with_progress(net, x, t, *threads, &mut progress),
                1 => gradient_of_accuracy(net, x, t, *threads, &mut progress),
                _ => gradient_with_step(net, x, t, *threads, &mut progress),
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
