//! `from-zero chapter`: a walk through the numbers that the book prints, each beside what is
//! computed here and now.

use std::cell::OnceCell;
use std::ffi::OsString;

use from_zero::beyond::perceptron::Perceptron;
use from_zero::beyond::verdict::Comparison;
use from_zero::beyond::why_loss::{gradient_of_accuracy, gradient_with_step};
use from_zero::ch03::functions::{Activation, sigmoid, softmax, step_function};
use from_zero::ch04::s2_1_loss::{
    CrossEntropy, cross_entropy_error, cross_entropy_labels, cross_entropy_one_hot,
    pick_label_columns, sum_squared_error,
};
use from_zero::ch04::s2_4_targets::{Labels, OneHot};
use from_zero::ch04::s3_differentiation::{
    H, central_difference, forward_difference, function_1, function_2, numerical_diff,
};
use from_zero::ch04::s4_1_gradient::{gradient_descent, numerical_gradient};
use from_zero::ch04::s4_2_simple_net::SimpleNet;
use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::ch04::s5_2_training::History;
use from_zero::ch05::s4_layers::{Add, Mul};
use from_zero::fast::methods::GradientMethod;
use from_zero::fast::mini_batch::CompressedMnist;
use from_zero::fast::numerical_gradient::Naive;
use from_zero::fast::training::Settings;
use from_zero::fast::workers::Workers;
use from_zero::formats::mnist::{CLASSES, PIXELS};
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::numpy_random::RandomState;
use from_zero::numeric::random::{Rng, Xorshift64Star};

use super::Failure;
use super::arguments::{Arguments, Opt, say};
use super::options::{BOOKS_NET, DATA, Loaded, Net, THREADS, threads};
use super::progress::train_with_bar;
use super::text::{Style, grouped};

const OPENING: &str = "\
Walks through the chapter: the numbers that the book prints, or that its program gives in NumPy with
seed 0, each beside the one computed here and now; how near they are; and where the code stands.

usage: from-zero chapter [SECTION] [options]

SECTION is a number as 4.3 or 4.4.2, or preface; without it, all are shown. Exit status: 0 if all
numbers agree, 1 if not or for a failure, 2 for wrong arguments.
";

const OPTIONS: &[Opt] = &[DATA, THREADS];

/// A section of the book with numbers.
struct Section {
    number: &'static str,
    title: &'static str,
    file: &'static str,
    rows: fn(&Context) -> Vec<Row>,
    /// Whether it looks at the images of MNIST
    needs_data: bool,
}

/// What a section may use.
struct Context {
    data: Option<CompressedMnist>,
    threads: usize,
    run_of_seed_0: OnceCell<History>,
}

impl Context {
    fn data(&self) -> &CompressedMnist {
        self.data.as_ref().expect("the section says that it needs them")
    }

    /// The book's whole run with NumPy's random numbers; empty if it diverged.
    fn run_of_seed_0(&self) -> &History {
        self.run_of_seed_0.get_or_init(|| {
            let settings = Settings::new(10_000, self.threads);
            let mut rng = RandomState::new(0);
            let mut net = BOOKS_NET.initial(&mut rng);
            let history = train_with_bar(&mut net, self.data(), &settings, &mut rng);
            history.unwrap_or_default()
        })
    }
}

/// One expression with its numbers.
struct Row {
    expression: &'static str,
    /// As the book prints them
    printed: &'static [&'static str],
    /// As they are computed here
    here: Vec<f64>,
    /// How near they must be
    closeness: Closeness,
}

/// What counts as agreement.
#[derive(Clone, Copy)]
enum Closeness {
    /// The same f64
    Exact,
    /// The same f64 or the next: an exp or ln is in it
    Ulp,
    /// Equal when rounded to the digits that are printed
    AsPrinted,
    /// So near, absolutely
    Within(f64),
    /// So near, as a part of the number: random numbers are in it
    Part(f64),
}
use Closeness::{AsPrinted, Exact, Part, Ulp, Within};

fn row(expression: &'static str, printed: &'static [&'static str], here: Vec<f64>) -> Row {
    Row { expression, printed, here, closeness: Exact }
}

impl Row {
    fn to(self, closeness: Closeness) -> Self {
        Self { closeness, ..self }
    }
}

/// Runs the subcommand.
pub fn run(arguments: &[OsString]) -> Result<(), Failure> {
    let (section, arguments) = match arguments.split_first() {
        Some((first, rest)) if !first.to_string_lossy().starts_with('-') => {
            (Some(first.to_string_lossy().into_owned()), rest)
        }
        _ => (None, arguments),
    };
    let Some(arguments) = Arguments::of(OPENING, OPTIONS, arguments)? else {
        return Ok(());
    };
    let sections: Vec<&Section> =
        SECTIONS.iter().filter(|known| is_within(known.number, section.as_deref())).collect();
    if sections.is_empty() {
        let all: Vec<&str> = SECTIONS.iter().map(|section| section.number).collect();
        return Err(Failure::Usage(format!(
            "no section '{}': expected one of {}, or the beginning of one",
            section.unwrap_or_default(),
            all.join(", ")
        )));
    }
    let data = match sections.iter().any(|section| section.needs_data) {
        true => Some(mnist(&arguments)?),
        false => None,
    };
    let context = Context { data, threads: threads(&arguments)?, run_of_seed_0: OnceCell::new() };

    let style = Style::of_stdout();
    let (mut agreeing, mut all) = (0, 0);
    for Section { number, title, file, rows, .. } in sections {
        let heading = style.strong(&format!("{number}  {title}"));
        // What can't be read any more is counted all the same: the exit status tells.
        say(&format!("\n{heading}  {}\n", style.faint(file)))?;
        for row in rows(&context) {
            let (text, agrees) = shown(&row);
            agreeing += agrees;
            all += row.printed.len();
            say(&text)?;
        }
    }
    match agreeing == all {
        true => say(&format!("\nAll {all} numbers agree.\n")),
        false => Err(Failure::Error(format!(
            "{} of {all} numbers do not agree, see the last column",
            all - agreeing
        ))),
    }
}

/// The chapter's own data set: with another the numbers would be others.
fn mnist(arguments: &Arguments) -> Result<CompressedMnist, Failure> {
    let Loaded { data, folder, .. } = Loaded::of(arguments)?;
    match (data.train.labels.len(), data.test.labels.len()) {
        (60_000, 10_000) => Ok(data),
        (train, test) => Err(Failure::Error(format!(
            "expected the 60,000 and 10,000 images of MNIST for the chapter's numbers, found {} and \
             {} in {folder}",
            grouped(train),
            grouped(test)
        ))),
    }
}

/// Whether a section is the one asked for or a part of it: 4.4.2 is within 4.4 and within 4.
fn is_within(section: &str, asked: Option<&str>) -> bool {
    let Some(asked) = asked else {
        return true;
    };
    let asked = asked.trim_end_matches('.');
    section.strip_prefix(asked).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// A line for each number, and how many of them agree.
fn shown(row: &Row) -> (String, usize) {
    let mut text = String::new();
    let mut agreeing = 0;
    for (i, printed) in row.printed.iter().enumerate() {
        let expression = if i == 0 { row.expression } else { "" };
        // A run that ended early has fewer numbers.
        let here = row.here.get(i).copied().unwrap_or(f64::NAN);
        let (agrees, words) = agreement(printed, here, row.closeness);
        agreeing += usize::from(agrees);
        let here = match printed {
            _ if printed.contains('e') => format!("{here:e}"),
            _ if printed.contains('.') => format!("{here:?}"),
            _ => format!("{here}"),
        };
        text += &format!("  {expression:<36} {printed:>22} {here:>23}  {words}\n");
    }
    (text, agreeing)
}

/// Whether a number is as near to the printed one as it must be, and in words how near it is.
fn agreement(printed: &str, here: f64, closeness: Closeness) -> (bool, String) {
    let book: f64 = printed.parse().expect("a number of the book");
    if here == book {
        return (true, "equal".to_string());
    }
    let off = (here - book).abs();
    let rounded = |v: f64, digits: usize| format!("{v:.*e}", digits - 1);
    let digits = (1..17).rev().find(|&n| rounded(here, n) == rounded(book, n)).unwrap_or(0);
    let agrees = match closeness {
        Exact => false,
        Ulp => book.to_bits().abs_diff(here.to_bits()) <= 1,
        AsPrinted => digits > 0 && off <= half_unit(printed),
        Within(distance) => off <= distance,
        Part(part) => off <= part * book.abs(),
    };
    let words = match closeness {
        _ if !agrees => format!("NOT EQUAL: {digits} digits, off by {off:.0e}"),
        Ulp => "equal to 1 ulp".to_string(),
        AsPrinted => format!("equal as far as printed, {digits} digits"),
        Part(part) => format!("within {:.0} %: random weights", 100.0 * part),
        _ => format!("equal to {digits} digits"),
    };
    (agrees, words)
}

/// Half a unit of the last digit that is printed, and a little for its own rounding.
fn half_unit(printed: &str) -> f64 {
    let (digits, exponent) = printed.split_once('e').unwrap_or((printed, "0"));
    let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len() as i32);
    let exponent: i32 = exponent.parse().expect("a number of the book");
    format!("0.5000001e{}", exponent - decimals).parse().expect("a number")
}

/// The example of 4.2: the digit is a 2.
const T: [f64; 10] = [0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
/// The net thinks so too.
const Y1: [f64; 10] = [0.1, 0.05, 0.6, 0.0, 0.05, 0.1, 0.0, 0.1, 0.0, 0.0];
/// The net thinks it is a 7.
const Y2: [f64; 10] = [0.1, 0.05, 0.1, 0.0, 0.05, 0.1, 0.0, 0.6, 0.0, 0.0];

/// The net of 4.4.2 with these weights: its scores, its exact loss, that one's gradient, and the loss
/// with the 1e-7.
fn simple_net(w: [[f64; 3]; 2]) -> (Vec<f64>, f64, Vec<f64>, f64) {
    let net = SimpleNet { w: Matrix::from_rows(&w) };
    let (x, t) = (Matrix::from_rows(&[[0.6, 0.9]]), OneHot::from_rows(&[[0.0, 0.0, 1.0]]));
    let dw = net.numerical_gradient(|net| net.exact_loss(&x, &t));
    (net.predict(&x).into_vec(), net.exact_loss(&x, &t), dw.into_vec(), net.loss(&x, &t))
}

const SECTIONS: &[Section] = &[
    Section {
        number: "preface",
        title: "A perceptron learns AND, NAND and OR, and never XOR",
        file: "src/learning/perceptron.rs",
        needs_data: false,
        rows: |_| {
            let x = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
            let learns = |t: [f64; 4]| {
                let samples: Vec<([f64; 2], f64)> = x.into_iter().zip(t).collect();
                let mut perceptron = Perceptron::new(2);
                f64::from(u8::from(perceptron.learn(&samples, 1_000).is_some()))
            };
            vec![
                row("AND learned (1 is yes)", &["1"], vec![learns([0.0, 0.0, 0.0, 1.0])]),
                row("NAND", &["1"], vec![learns([1.0, 1.0, 1.0, 0.0])]),
                row("OR", &["1"], vec![learns([0.0, 1.0, 1.0, 1.0])]),
                row("XOR, after 1,000 rounds", &["0"], vec![learns([0.0, 1.0, 1.0, 0.0])]),
            ]
        },
    },
    Section {
        number: "3.2",
        title: "Activation functions",
        file: "src/learning/functions.rs",
        needs_data: false,
        rows: |_| {
            let x = [-1.0, 1.0, 2.0];
            vec![
                row("step_function([-1, 1, 2])", &["0", "1", "1"], x.map(step_function).to_vec()),
                row(
                    "sigmoid([-1, 1, 2])",
                    &["0.2689414213699951", "0.7310585786300049", "0.8807970779778823"],
                    x.map(sigmoid).to_vec(),
                )
                .to(Ulp),
            ]
        },
    },
    Section {
        number: "3.5",
        title: "Softmax",
        file: "src/learning/functions.rs",
        needs_data: false,
        rows: |_| {
            vec![
                row(
                    "softmax([0.3, 2.9, 4.0])",
                    &["0.01821127329554753", "0.24519181293507392", "0.7365969137693786"],
                    softmax(&[0.3, 2.9, 4.0]),
                )
                .to(Within(1e-15)),
                row(
                    "softmax([1010, 1000, 990])",
                    &["0.999954600070331", "4.539786860886666e-05", "2.061060046209062e-09"],
                    softmax(&[1010.0, 1000.0, 990.0]),
                )
                .to(Ulp),
            ]
        },
    },
    Section {
        number: "4.2.1",
        title: "Sum of squared error (4.1)",
        file: "src/learning/loss.rs",
        needs_data: false,
        rows: |_| {
            vec![
                row(
                    "the 2 taken for a 2",
                    &["0.09750000000000003"],
                    vec![sum_squared_error(&Y1, &T)],
                ),
                row("the 2 taken for a 7", &["0.5975"], vec![sum_squared_error(&Y2, &T)]),
            ]
        },
    },
    Section {
        number: "4.2.2",
        title: "Cross-entropy error (4.2)",
        file: "src/learning/loss.rs",
        needs_data: false,
        rows: |_| {
            let limit = |y: f64| cross_entropy_error(&[y, 1.0 - y], &[1.0, 0.0]);
            let rows = vec![
                row(
                    "the 2 taken for a 2",
                    &["0.510825457099338"],
                    vec![cross_entropy_error(&Y1, &T)],
                ),
                row(
                    "the 2 taken for a 7",
                    &["2.302584092994546"],
                    vec![cross_entropy_error(&Y2, &T)],
                ),
                row("of a right answer with y = 1", &["-9.99999950000003e-8"], vec![limit(1.0)])
                    .to(Within(1e-15)),
                row("and with y = 0", &["16.11809565095832"], vec![limit(0.0)]),
            ];
            let to_1_ulp = |row: Row| match row.closeness {
                Exact => row.to(Ulp),
                _ => row,
            };
            rows.into_iter().map(to_1_ulp).collect()
        },
    },
    Section {
        number: "4.2.3",
        title: "Mini-batches of MNIST",
        file: "src/learning/mnist.rs",
        needs_data: true,
        rows: |context| {
            let train = &context.data().train;
            let one_hot = train.labels.one_hot(CLASSES);
            let (rows, columns) = one_hot.matrix().shape();
            let shape = |n: usize, m: usize| vec![n as f64, m as f64];
            vec![
                row(
                    "x_train.shape",
                    &["60000", "784"],
                    shape(train.images.rows(), train.images.columns()),
                ),
                row("t_train.shape", &["60000", "10"], shape(rows, columns)),
                row("test images", &["10000"], vec![context.data().test.images.rows() as f64]),
            ]
        },
    },
    Section {
        number: "4.2.4",
        title: "The column of the label",
        file: "src/learning/loss.rs",
        needs_data: false,
        rows: |_| {
            let y = Matrix::from_rows(&[[0.5, 1.0, 0.1], [0.2, 2.0, 7.0], [10.0, 3.0, 0.0]]);
            let picked = pick_label_columns(&y, &Labels::new(vec![2, 0, 1]));
            let x = Matrix::from_fn(3, 4, |i, j| (4 * i + j) as f64);
            let of_x = pick_label_columns(&x, &Labels::new(vec![1, 2, 3]));
            let y = Matrix::from_rows(&[Y1, Y2]);
            let mean = cross_entropy_labels(&y, &Labels::new(vec![2, 2]));
            let of_one_hot = cross_entropy_one_hot(&y, &OneHot::from_rows(&[T, T]));
            vec![
                row("x[np.arange(3), [1, 2, 3]]", &["1", "6", "11"], of_x),
                row("y[np.arange(3), [2, 0, 1]]", &["0.1", "0.2", "3"], picked),
                row("the batch of both, by labels", &["1.406704775046942"], vec![mean])
                    .to(Within(1e-15)),
                row("and one-hot", &["1.406704775046942"], vec![of_one_hot]).to(Within(1e-15)),
            ]
        },
    },
    Section {
        number: "4.2.5",
        title: "Why not the accuracy: derivatives that are not 0, of a small net",
        file: "src/learning/why_loss.rs",
        needs_data: false,
        rows: |context| {
            let mut rng = Xorshift64Star::new(425);
            let net = TwoLayerNet::new(5, 4, 3, 1.0, &mut rng);
            let x = Matrix::from_fn(6, 5, |_, _| rng.normal());
            let t = Labels::new(rng.choice(3, 6));
            let not_0 = |d: &[f64]| d.iter().filter(|&&d| d != 0.0).count() as f64;
            let accuracy = gradient_of_accuracy(&net, &x, &t, context.threads, &mut |_, _| ());
            let all = accuracy.parts().map(|(_, part)| not_0(part)).iter().sum();
            let step = gradient_with_step(&net, &x, &t, context.threads, &mut |_, _| ());
            vec![
                row("of the accuracy, of 39", &["0"], vec![all]),
                row("of W1 behind a step, of 20", &["0"], vec![not_0(step.w1.as_slice())]),
                row(
                    "of W1 behind a sigmoid, of 20",
                    &["20"],
                    vec![not_0(net.numerical_gradient(&x, &t).w1.as_slice())],
                ),
            ]
        },
    },
    Section {
        number: "4.3.1",
        title: "Numerical differentiation (4.4)",
        file: "src/learning/differentiation.rs",
        needs_data: false,
        rows: |_| {
            vec![
                row(
                    "the bad example, h = 10e-50",
                    &["0.0"],
                    vec![forward_difference(function_1, 5.0, 10e-50)],
                ),
                row("1e-50 as f32", &["0.0"], vec![f64::from(1e-50_f32)]),
                row(
                    "forward difference at 5",
                    &["0.20000099999917254"],
                    vec![forward_difference(function_1, 5.0, H)],
                ),
            ]
        },
    },
    Section {
        number: "4.3.2",
        title: "The example 0.01x² + 0.1x (4.5)",
        file: "src/learning/differentiation.rs",
        needs_data: false,
        rows: |_| {
            let with = |h| {
                vec![
                    central_difference(function_1, 5.0, h),
                    central_difference(function_1, 10.0, h),
                ]
            };
            vec![
                row(
                    "numerical_diff at 5 and 10",
                    &["0.1999999999990898", "0.2999999999986347"],
                    vec![numerical_diff(function_1, 5.0), numerical_diff(function_1, 10.0)],
                ),
                row(
                    "beside 0.02x + 0.1",
                    &["0.2", "0.3"],
                    vec![numerical_diff(function_1, 5.0), numerical_diff(function_1, 10.0)],
                )
                .to(Within(1e-11)),
                row(
                    "the same with h = 1e-10",
                    &["0.2000000165480742", "0.3000000248221113"],
                    with(1e-10),
                ),
            ]
        },
    },
    Section {
        number: "4.3.3",
        title: "Partial derivatives of x0² + x1² (4.6)",
        file: "src/learning/differentiation.rs",
        needs_data: false,
        rows: |_| {
            vec![
                row(
                    "∂f/∂x0 at (3, 4)",
                    &["6.00000000000378"],
                    vec![numerical_diff(|x0| x0 * x0 + 4.0 * 4.0, 3.0)],
                ),
                row(
                    "∂f/∂x1 at (3, 4)",
                    &["7.999999999999119"],
                    vec![numerical_diff(|x1| 3.0 * 3.0 + x1 * x1, 4.0)],
                ),
            ]
        },
    },
    Section {
        number: "4.4",
        title: "Gradient",
        file: "src/learning/differentiation.rs",
        needs_data: false,
        rows: |_| {
            let at = |x0, x1| numerical_gradient(function_2, &mut [x0, x1]);
            vec![
                row("at (3, 4)", &["6.00000000000378", "7.999999999999119"], at(3.0, 4.0)),
                row("at (0, 2)", &["0", "4.000000000004"], at(0.0, 2.0)),
                row("at (0, 0.2)", &["0", "0.399999999999949"], at(0.0, 0.2)),
                row("at (3, 0)", &["6.000000000012662", "0"], at(3.0, 0.0)),
            ]
        },
    },
    Section {
        number: "4.4.1",
        title: "Gradient descent (4.7): 100 steps from (-3, 4)",
        file: "src/learning/descent.rs",
        needs_data: false,
        rows: |_| {
            let descent =
                |learning_rate| gradient_descent(function_2, &[-3.0, 4.0], learning_rate, 100);
            vec![
                row(
                    "learning rate 0.1",
                    &["-6.111107928998789e-10", "8.148143905314271e-10"],
                    descent(0.1),
                ),
                row(
                    "learning rate 10, too large",
                    &["-2.5898374737328363e+13", "-1.2952486168965398e+12"],
                    descent(10.0),
                ),
                row(
                    "learning rate 1e-10, too small",
                    &["-2.999999939999995", "3.9999999199999934"],
                    descent(1e-10),
                ),
            ]
        },
    },
    Section {
        number: "4.4.2",
        title: "The gradient of a net (4.8), from W as it is printed, with 8 decimals",
        file: "src/learning/simple_net.rs",
        needs_data: false,
        rows: |_| {
            let (p, loss, dw, with_delta) = simple_net([
                [0.47355232, 0.9977393, 0.84668094],
                [0.85557411, 0.03563661, 0.69422093],
            ]);
            let (other_p, other_loss, other_dw, other_with_delta) = simple_net([
                [-0.53572577, 0.65692054, 0.1165997],
                [-0.37309075, -1.30970997, -0.51098734],
            ]);
            // The book prints W with eight decimals, and what follows from all of them.
            let of_rounded_w = |row: Row| row.to(Within(1e-8));
            let rows = vec![
                row("p = x W", &["1.05414809", "0.63071653", "1.1328074"], p),
                row("loss", &["0.92806853663411326"], vec![loss]),
                row(
                    "dW",
                    &[
                        "0.21924763",
                        "0.14356247",
                        "-0.36281009",
                        "0.32887144",
                        "0.2153437",
                        "-0.54421514",
                    ],
                    dw,
                ),
                row("another W: p", &["-0.65721714", "-0.78458665", "-0.38992879"], other_p),
                row("loss", &["0.891736898302"], vec![other_loss]),
                row(
                    "dW",
                    &[
                        "0.18827514",
                        "0.165759",
                        "-0.35403414",
                        "0.28241271",
                        "0.24863849",
                        "-0.53105121",
                    ],
                    other_dw,
                ),
            ];
            let with_delta = row(
                "today's losses, with 1e-7",
                &["0.9280682857864075", "0.8917366507197052"],
                vec![with_delta, other_with_delta],
            );
            let rows = rows.into_iter().map(of_rounded_w);
            rows.chain([with_delta.to(Within(2e-16))]).collect()
        },
    },
    Section {
        number: "4.5.1",
        title: "Shapes of the net with 100 hidden units",
        file: "src/learning/two_layer_net.rs",
        needs_data: false,
        rows: |_| {
            let net = TwoLayerNet::new(PIXELS, 100, CLASSES, 0.01, &mut Xorshift64Star::new(0));
            let shape = |(n, m): (usize, usize)| vec![n as f64, m as f64];
            let y = net.predict(&Matrix::from_fn(100, PIXELS, |n, i| ((n + i) % 7) as f64 / 7.0));
            vec![
                row("W1.shape", &["784", "100"], shape(net.params.w1.shape())),
                row("b1.shape", &["100"], vec![net.params.b1.len() as f64]),
                row("W2.shape", &["100", "10"], shape(net.params.w2.shape())),
                row("b2.shape", &["10"], vec![net.params.b2.len() as f64]),
                row("an untrained answer, about 0.1", &["0.1"], vec![y[(0, 0)]]).to(Within(0.03)),
            ]
        },
    },
    Section {
        number: "4.5.2",
        title: "The book's program in NumPy, np.random.seed(0): weights, mini-batches, losses",
        file: "src/learning/training.rs",
        needs_data: true,
        rows: |context| {
            let mut rng = RandomState::new(0);
            let net = BOOKS_NET.initial(&mut rng);
            let first_batch = rng.choice(60_000, 10);
            let losses = &context.run_of_seed_0().losses;
            vec![
                row(
                    "W1[0, :3]",
                    &["0.01764052", "0.00400157", "0.00978738"],
                    net.params.w1.row(0)[..3].to_vec(),
                )
                .to(AsPrinted),
                row(
                    "W2[0, :3]",
                    &["-0.0152667", "0.00195959", "0.00613363"],
                    net.params.w2.row(0)[..3].to_vec(),
                )
                .to(AsPrinted),
                row(
                    "the first indices of a mini-batch",
                    &[
                        "39900", "54078", "52289", "14774", "17976", "1681", "7717", "6530",
                        "29161", "21866",
                    ],
                    first_batch.into_iter().map(|index| index as f64).collect(),
                ),
                row(
                    "loss after iterations 0, 1 and 2",
                    &["2.2938061065760658", "2.294626433903726", "2.297869324385668"],
                    losses.iter().copied().take(3).collect(),
                )
                .to(Within(1e-12)),
                row(
                    "and after 9999",
                    &["0.06576092808426318"],
                    losses.iter().copied().skip(9_999).collect(),
                )
                .to(Within(1e-9)),
            ]
        },
    },
    Section {
        number: "4.5.3",
        title: "The same run: accuracy at each epoch, in training and in the test",
        file: "src/learning/evaluation.rs",
        needs_data: true,
        rows: |context| {
            let accuracies = &context.run_of_seed_0().accuracies;
            let (train, test) = accuracies.iter().map(|(_, a)| (a.train, a.test)).unzip();
            vec![
                row(
                    "training images, iterations 0, 600 …",
                    &[
                        "0.09915",
                        "0.7823333333",
                        "0.87895",
                        "0.8999666667",
                        "0.9094",
                        "0.91525",
                        "0.9205666667",
                        "0.9244",
                        "0.9273666667",
                        "0.9307",
                        "0.9345",
                        "0.93775",
                        "0.9400666667",
                        "0.9422833333",
                        "0.9442166667",
                        "0.9466666667",
                        "0.9481166667",
                    ],
                    train,
                )
                .to(AsPrinted),
                row(
                    "test images",
                    &[
                        "0.1009", "0.7915", "0.8814", "0.9016", "0.9115", "0.9163", "0.9222",
                        "0.9263", "0.929", "0.9318", "0.936", "0.9377", "0.9404", "0.9418",
                        "0.943", "0.9454", "0.9468",
                    ],
                    test,
                ),
            ]
        },
    },
    Section {
        number: "5.4",
        title: "Layers: 2 apples at 100, 3 oranges at 150, tax 1.1",
        file: "src/learning/layers.rs",
        needs_data: false,
        rows: |_| {
            let (mut apples, mut oranges, mut tax) =
                (Mul::default(), Mul::default(), Mul::default());
            let of_apples = tax.forward(apples.forward(100.0, 2.0), 1.1);
            let (dprice, of_dtax) = tax.backward(1.0);
            let (of_dapple, of_dapples) = apples.backward(dprice);
            let apple_price = apples.forward(100.0, 2.0);
            let orange_price = oranges.forward(150.0, 3.0);
            let price = tax.forward(Add.forward(apple_price, orange_price), 1.1);
            let (dall, dtax) = tax.backward(1.0);
            let (dapple_price, dorange_price) = Add.backward(dall);
            let (dapple, dapples) = apples.backward(dapple_price);
            let (dorange, doranges) = oranges.backward(dorange_price);
            vec![
                row("2 apples with tax", &["220.00000000000003"], vec![of_apples]),
                row(
                    "dapple, dapple_num, dtax",
                    &["2.2", "110.00000000000001", "200"],
                    vec![of_dapple, of_dapples, of_dtax],
                ),
                row("with 3 oranges", &["715.0000000000001"], vec![price]),
                row("dapple, dapple_num", &["2.2", "110.00000000000001"], vec![dapple, dapples]),
                row(
                    "dorange, dorange_num",
                    &["3.3000000000000003", "165"],
                    vec![dorange, doranges],
                ),
                row("dtax", &["650"], vec![dtax]),
            ]
        },
    },
    Section {
        number: "5.7.3",
        title: "The gradient check of a relu net: mean differences; see from-zero check",
        file: "src/learning/gradient_check.rs",
        needs_data: true,
        rows: |context| {
            let mut rng = Xorshift64Star::new(0);
            let net = Net { activation: Activation::Relu, ..BOOKS_NET }.initial(&mut rng);
            let (x, t) = context.data().train.select(&[0, 1, 2]);
            let naive = Naive { h: H, loss: CrossEntropy::Exact };
            let mut workers = Workers::new(context.threads);
            let naive = naive.gradient(&net, &x, &t, &mut workers);
            let analytic = net.gradient(&x.to_matrix(), &t);
            let mean = |part: usize| {
                let (a, b) = (naive.parts()[part].1, analytic.parts()[part].1);
                vec![Comparison::new(a, b, |_| 0.0, |_| false).mean]
            };
            vec![
                row("W1", &["2.2e-13"], mean(0)).to(Part(0.4)),
                row("b1", &["9.7e-13"], mean(1)).to(Part(0.4)),
                row("W2", &["8.4e-13"], mean(2)).to(Part(0.4)),
                row("b2", &["1.19e-10"], mean(3)).to(Part(0.05)),
            ]
        },
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_agree_as_near_as_they_must() {
        let agrees = |printed, here, closeness| agreement(printed, here, closeness).0;
        let words = |printed, here, closeness| agreement(printed, here, closeness).1;
        assert_eq!(words("0.5", 0.5, Exact), "equal");
        assert!(!agrees("0.1", 0.1_f64.next_up(), Exact));
        assert_eq!(words("0.1", 0.1_f64.next_up(), Ulp), "equal to 1 ulp");
        assert!(!agrees("0.1", 0.1_f64.next_up().next_up(), Ulp));
        assert_eq!(
            words("0.21924763", 0.2192476267010024, AsPrinted),
            "equal as far as printed, 8 digits"
        );
        assert!(agrees("-6.1e-10", -6.14e-10, AsPrinted));
        assert!(!agrees("-6.1e-10", -6.16e-10, AsPrinted));
        // A printed 0 is no licence for anything below a half.
        assert!(!agrees("0", 0.4, AsPrinted) && !agrees("0", 1e-300, Exact));
        assert_eq!(words("0.32100", 0.324, Exact), "NOT EQUAL: 2 digits, off by 3e-3");
        assert!(!agrees("3", f64::NAN, Within(1.0)));
        assert_eq!(words("0.12345678", 0.12345679, Within(1e-7)), "equal to 7 digits");
        assert_eq!(words("2e-13", 2.5e-13, Part(0.4)), "within 40 %: random weights");
        assert!(!agrees("2e-13", 2.9e-13, Part(0.4)));
    }

    #[test]
    fn a_number_that_is_missing_does_not_agree() {
        let short = row("x", &["1", "2"], vec![1.0]);
        let (text, agreeing) = shown(&short);
        assert_eq!(agreeing, 1);
        assert!(text.contains("NOT EQUAL"), "{text}");
    }

    #[test]
    fn a_section_is_within_those_that_it_begins_with() {
        assert!(is_within("4.4.2", None) && is_within("4.4.2", Some("4.4")));
        assert!(is_within("4.4.2", Some("4.4.2")) && is_within("4.4.2", Some("4.")));
        assert!(!is_within("4.4.2", Some("4.42")) && !is_within("4.4", Some("4.4.2")));
        assert!(!is_within("4.4", Some("5")));
    }
}
