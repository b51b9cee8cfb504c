//! `from-zero chapter`: a walk through the numbers that the book prints, each beside what is
//! computed here and now.

use std::ffi::OsString;
use std::ops::ControlFlow;

use from_zero::learning::descent::gradient_descent;
use from_zero::learning::differentiation::{
    H, central_difference, forward_difference, numerical_diff, numerical_gradient,
};
use from_zero::learning::functions::{Activation, sigmoid, softmax, step_function};
use from_zero::learning::gradient::GradientMethod;
use from_zero::learning::gradient_check::Comparison;
use from_zero::learning::layers::{Add, Mul};
use from_zero::learning::loss::{
    CrossEntropy, cross_entropy_error, pick_label_columns, sum_squared_error,
};
use from_zero::learning::mnist::{CLASSES, Mnist, PIXELS};
use from_zero::learning::naive::Naive;
use from_zero::learning::perceptron::Perceptron;
use from_zero::learning::simple_net::SimpleNet;
use from_zero::learning::targets::{Labels, OneHot};
use from_zero::learning::training::{Event, Settings, train};
use from_zero::learning::two_layer_net::TwoLayerNet;
use from_zero::learning::why_loss::{gradient_of_accuracy, gradient_with_step};
use from_zero::learning::workers::Workers;
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::numpy_random::RandomState;
use from_zero::numeric::random::{Rng, Xorshift64Star};

use super::Failure;
use super::arguments::{Arguments, Opt, Request, help, print, say, version};
use super::options::{DATA, Loaded, THREADS, threads};
use super::progress::Bar;
use super::text::Style;

const OPENING: &str = "\
Walks through the chapter: each number that the book prints, beside the one computed here and now,
to how many digits they are equal, and where the code stands.

usage: from-zero chapter [SECTION] [options]

SECTION is a number as 4.3 or 4.4.2, or preface; without it, all are shown. Exit status: 0 if all numbers agree,
1 if not or for a failure, 2 for wrong arguments.
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
    data: Option<Mnist>,
    threads: usize,
}

impl Context {
    fn data(&self) -> &Mnist {
        self.data.as_ref().expect("the section says that it needs them")
    }
}

/// One expression with its numbers.
struct Row {
    expression: &'static str,
    /// As the book prints them
    printed: &'static [&'static str],
    /// As they are computed here
    here: Vec<f64>,
    /// How far they may be apart where they are not equal as far as they are printed
    within: f64,
}

fn row(expression: &'static str, printed: &'static [&'static str], here: Vec<f64>) -> Row {
    Row { expression, printed, here, within: 0.0 }
}

impl Row {
    fn within(self, within: f64) -> Self {
        Self { within, ..self }
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
    let arguments = match Arguments::parse(OPTIONS, arguments)? {
        Request::Help => return print(&help(OPENING, OPTIONS)),
        Request::Version => return version(),
        Request::Run(arguments) => arguments,
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
        true => Some(Loaded::of(&arguments)?.data),
        false => None,
    };
    let context = Context { data, threads: threads(&arguments)? };

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
        true => say(&format!("\nAll {all} numbers agree with the book.\n")),
        false => Err(Failure::Error(format!(
            "{} of {all} numbers do not agree with the book, see the last column",
            all - agreeing
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
    assert_eq!(row.printed.len(), row.here.len(), "{}", row.expression);
    let mut text = String::new();
    let mut agreeing = 0;
    for (i, (printed, here)) in row.printed.iter().zip(&row.here).enumerate() {
        let expression = if i == 0 { row.expression } else { "" };
        let (agrees, words) = agreement(printed, *here, row.within);
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

/// Whether a number is the printed one, in words: to the last bit of an f64, or as far as it is
/// printed, or at least as near as `within`.
fn agreement(printed: &str, here: f64, within: f64) -> (bool, String) {
    let book: f64 = printed.parse().expect("a number of the book");
    if here == book {
        return (true, "equal".to_string());
    }
    // Half a unit of the last digit that is printed.
    let (digits, exponent) = printed.split_once('e').unwrap_or((printed, "0"));
    let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len() as i32);
    let exponent: i32 = exponent.parse().expect("a number of the book");
    let half_unit: f64 = format!("0.5000001e{}", exponent - decimals).parse().expect("a number");

    let off = (here - book).abs();
    let rounded = |v: f64, digits: usize| format!("{v:.*e}", digits - 1);
    let digits = (1..17).rev().find(|&n| rounded(here, n) == rounded(book, n)).unwrap_or(0);
    if book.to_bits().abs_diff(here.to_bits()) <= 1 {
        (true, "equal to 1 ulp".to_string())
    } else if off <= half_unit {
        (true, format!("equal as far as printed, {digits} digits"))
    } else if off <= within {
        (true, format!("equal to {digits} digits"))
    } else {
        (false, format!("NOT EQUAL: {digits} digits, off by {off:.0e}"))
    }
}

/// The example of 4.2: the digit is a 2.
const T: [f64; 10] = [0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
/// The net thinks so too.
const Y1: [f64; 10] = [0.1, 0.05, 0.6, 0.0, 0.05, 0.1, 0.0, 0.1, 0.0, 0.0];
/// The net thinks it is a 7.
const Y2: [f64; 10] = [0.1, 0.05, 0.1, 0.0, 0.05, 0.1, 0.0, 0.6, 0.0, 0.0];

/// Formula 4.5.
fn function_1(x: f64) -> f64 {
    0.01 * (x * x) + 0.1 * x
}

/// Formula 4.6.
fn function_2(x: &[f64]) -> f64 {
    x[0] * x[0] + x[1] * x[1]
}

/// The net of 4.4.2 with these weights: its scores, its exact loss and that one's gradient.
fn simple_net(w: [[f64; 3]; 2]) -> (Vec<f64>, f64, Vec<f64>) {
    let net = SimpleNet { w: Matrix::from_rows(&w) };
    let (x, t) = (Matrix::from_rows(&[[0.6, 0.9]]), OneHot::from_rows(&[[0.0, 0.0, 1.0]]));
    let dw = net.numerical_gradient(|net| net.exact_loss(&x, &t));
    (net.predict(&x).into_vec(), net.exact_loss(&x, &t), dw.into_vec())
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
                ),
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
                .within(1e-15),
                row(
                    "softmax([1010, 1000, 990])",
                    &["0.999954600070331", "4.539786860886666e-05", "2.061060046209062e-09"],
                    softmax(&[1010.0, 1000.0, 990.0]),
                ),
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
            vec![
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
            ]
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
            vec![row("y[np.arange(3), [2, 0, 1]]", &["0.1", "0.2", "3"], picked)]
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
            let t = Labels::new(rng.mini_batch(3, 6));
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
            let (p, loss, dw) = simple_net([
                [0.47355232, 0.9977393, 0.84668094],
                [0.85557411, 0.03563661, 0.69422093],
            ]);
            let (other_p, other_loss, other_dw) = simple_net([
                [-0.53572577, 0.65692054, 0.1165997],
                [-0.37309075, -1.30970997, -0.51098734],
            ]);
            // The book prints W with eight decimals, and what follows from all of them.
            let of_rounded_w = |row: Row| row.within(1e-8);
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
            rows.into_iter().map(of_rounded_w).collect()
        },
    },
    Section {
        number: "4.5.2",
        title: "The book's own run, np.random.seed(0): mini-batches and losses",
        file: "src/learning/training.rs",
        needs_data: true,
        rows: |context| {
            let mut rng = RandomState::new(0);
            let mut net = TwoLayerNet::new(PIXELS, 50, CLASSES, 0.01, &mut rng);
            let first_w1 = net.params.w1.row(0)[..3].to_vec();
            let first_batch = rng.clone().mini_batch(60_000, 4);
            let settings = Settings { iterations: 3, ..Settings::default() };
            let go_on = |_| ControlFlow::Continue(());
            let history = train(&mut net, context.data(), &settings, &mut rng, go_on);
            let losses = history.map_or(vec![f64::NAN; 3], |history| history.losses);
            vec![
                row("W1[0, :3]", &["0.01764052", "0.00400157", "0.00978738"], first_w1),
                row(
                    "the first indices of a mini-batch",
                    &["39900", "54078", "52289", "14774"],
                    first_batch.into_iter().map(|index| index as f64).collect(),
                ),
                row(
                    "loss after iterations 0, 1 and 2",
                    &["2.293806106576", "2.294626433904", "2.297869324386"],
                    losses,
                ),
            ]
        },
    },
    Section {
        number: "4.5.3",
        title: "The same run: accuracy at each epoch, in training and in the test",
        file: "src/learning/evaluation.rs",
        needs_data: true,
        rows: accuracies_of_seed_0,
    },
    Section {
        number: "5.4",
        title: "Layers: 2 apples at 100, 3 oranges at 150, tax 1.1",
        file: "src/learning/layers.rs",
        needs_data: false,
        rows: |_| {
            let (mut apples, mut oranges, mut tax) =
                (Mul::default(), Mul::default(), Mul::default());
            let apple_price = apples.forward(100.0, 2.0);
            let orange_price = oranges.forward(150.0, 3.0);
            let price = tax.forward(Add.forward(apple_price, orange_price), 1.1);
            let (dall, dtax) = tax.backward(1.0);
            let (dapple_price, dorange_price) = Add.backward(dall);
            let (dapple, dapples) = apples.backward(dapple_price);
            let (dorange, doranges) = oranges.backward(dorange_price);
            vec![
                row("price", &["715.0000000000001"], vec![price]),
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
        title: "The gradient check, with relu: of b2 the mean difference; see from-zero check",
        file: "src/learning/gradient_check.rs",
        needs_data: true,
        rows: |context| {
            let mut rng = Xorshift64Star::new(0);
            let net = TwoLayerNet::new(PIXELS, 50, CLASSES, 0.01, &mut rng);
            let net = net.with_activation(Activation::Relu);
            let (x, t) = context.data().train.select(&[0, 1, 2]);
            let naive = Naive { h: H, loss: CrossEntropy::Exact };
            let mut workers = Workers::new(context.threads);
            let naive = naive.gradient(&net, &x, &t, &mut workers, &mut |_, _| ());
            let analytic = net.gradient(&x, &t);
            let b2 = Comparison::new(&naive.b2, &analytic.b2, |_| 0.0, |_| false);
            vec![row("mean |difference| of b2", &["1.2e-10"], vec![b2.mean])]
        },
    },
];

fn accuracies_of_seed_0(context: &Context) -> Vec<Row> {
    let settings = Settings { threads: context.threads, ..Settings::default() };
    let mut rng = RandomState::new(0);
    let mut net = TwoLayerNet::new(PIXELS, 50, CLASSES, 0.01, &mut rng);
    let mut bar = Bar::new(settings.iterations);
    let history = train(&mut net, context.data(), &settings, &mut rng, |event| {
        if let Event::Iteration { iteration, .. } = event {
            bar.show((iteration + 1) as f64);
        }
        ControlFlow::Continue(())
    });
    bar.clear();
    let accuracies = history.map(|history| history.accuracies).unwrap_or_default();
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
        ),
        row(
            "test images",
            &[
                "0.1009", "0.7915", "0.8814", "0.9016", "0.9115", "0.9163", "0.9222", "0.9263",
                "0.929", "0.9318", "0.936", "0.9377", "0.9404", "0.9418", "0.943", "0.9454",
                "0.9468",
            ],
            test,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_agree_to_the_last_digit_that_is_printed() {
        let words = |printed, here| agreement(printed, here, 0.0);
        assert_eq!(words("0.5", 0.5), (true, "equal".to_string()));
        assert_eq!(words("0.1", 0.1_f64.next_up()), (true, "equal to 1 ulp".to_string()));
        let said = "equal as far as printed, 8 digits".to_string();
        assert_eq!(words("0.21924763", 0.2192476267010024), (true, said));
        assert!(words("-6.1e-10", -6.14e-10).0);
        assert!(!words("-6.1e-10", -6.16e-10).0);
        let said = "NOT EQUAL: 2 digits, off by 3e-3".to_string();
        assert_eq!(words("0.32100", 0.324), (false, said));
        assert!(words("3", 3.4).0);
        assert!(!words("3", f64::NAN).0);
        assert_eq!(agreement("0.12345678", 0.12345679, 1e-7).1, "equal to 7 digits");
    }

    #[test]
    fn a_section_is_within_those_that_it_begins_with() {
        assert!(is_within("4.4.2", None) && is_within("4.4.2", Some("4.4")));
        assert!(is_within("4.4.2", Some("4.4.2")) && is_within("4.4.2", Some("4.")));
        assert!(!is_within("4.4.2", Some("4.42")) && !is_within("4.4", Some("4.4.2")));
        assert!(!is_within("4.4", Some("5")));
    }
}
