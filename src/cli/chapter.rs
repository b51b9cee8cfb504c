//! `from-zero chapter`: the numbers that the book prints, next to the same numbers computed now.

use std::cell::OnceCell;
use std::ffi::OsString;

use from_zero::beyond::examples::{directional_derivative, polynomial, wave};
use from_zero::beyond::overfitting::overfitted;
use from_zero::beyond::perceptron::Perceptron;
use from_zero::beyond::why_loss::{gradient_of_accuracy, gradient_with_step};
use from_zero::ch03::functions::{Activation, sigmoid, softmax, step_function};
use from_zero::ch04::s2_1_squared_error::*;
use from_zero::ch04::s2_2_cross_entropy::*;
use from_zero::ch04::s2_4_batch_cross_entropy::*;
use from_zero::ch04::s2_4_targets::{Labels, OneHot};
use from_zero::ch04::s3_differentiation::*;
use from_zero::ch04::s4_1_gradient::{gradient_descent, numerical_gradient};
use from_zero::ch04::s4_2_simple_net::SimpleNet;
use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::ch04::s5_2_training::History;
use from_zero::ch05::s4_layers::{Add, Mul};
use from_zero::ch05::s7_3_gradient_check::mean_difference;
use from_zero::fast::compressed::BatchInput;
use from_zero::fast::methods::GradientMethod;
use from_zero::fast::mini_batch::CompressedMnist;
use from_zero::fast::numerical_gradient::Naive;
use from_zero::fast::training::Settings;
use from_zero::fast::two_layer_net::CrossEntropy;
use from_zero::formats::mnist::{CLASSES, PIXELS};
use from_zero::numeric::elementary::exp;
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::numpy_random::RandomState;
use from_zero::numeric::random::{Rng, Xorshift64Star};

use super::arguments::{Arguments, Opt, say};
use super::options::{BOOKS_NET, DATA, Loaded, Net, THREADS, threads};
use super::progress::train_with_bar;
use super::text::{Style, grouped, wrapped};
use super::{Failure, Result};

const OPENING: &str = "\
Shows the numbers that the book prints, or its program computes in NumPy with seed 0, or that one can
derive, next to the numbers computed now. For each section it names the file with the code.

usage: from-zero chapter [SECTION] [options]

SECTION is a number such as 4.3 or 4.4.2, or the word preface. Without it, all sections are shown.
Exit status: 0 if all numbers agree, 1 if not or for another failure, 2 for wrong arguments.
";

const OPTIONS: &[Opt] = &[DATA, THREADS];

/// A section of the book: its number, its title, the file with its code, and its rows.
type Section = (&'static str, &'static str, &'static str, fn(&Context) -> Vec<Row>);

/// The sections that use the images of MNIST.
const WITH_IMAGES: [&str; 5] = ["4.1.2", "4.2.3", "4.5.2", "4.5.3", "5.7.3"];

/// What the rows of a section are computed from.
struct Context {
    data: Option<CompressedMnist>,
    threads: usize,
    run_of_seed_0: OnceCell<History>,
}

impl Context {
    fn data(&self) -> &CompressedMnist {
        self.data.as_ref().expect("the section is one of WITH_IMAGES")
    }

    /// The book's whole training run with NumPy's random numbers. It is empty if the run diverged.
    fn run_of_seed_0(&self) -> &History {
        self.run_of_seed_0.get_or_init(|| {
            let settings = Settings::new(10_000, self.threads);
            let mut rng = RandomState::new(0);
            let mut net = BOOKS_NET.initial(&mut rng);
            train_with_bar(&mut net, self.data(), &settings, &mut rng).unwrap_or_default()
        })
    }
}

/// The lines of one expression, one for each number.
type Row = Vec<Line>;

/// A number of the book, and the same number computed now.
struct Line {
    agrees: bool,
    /// Whether it depends on random weights, which the book does not give
    is_random: bool,
    text: String,
}

/// When a computed number agrees with the printed one.
#[derive(Clone, Copy)]
enum Closeness {
    Exact,       // they are the same f64
    Ulp,         // they are the same f64 or neighbours: for numbers that come from exp or ln
    AsPrinted,   // they are equal when rounded to the printed decimals
    Within(f64), // their difference is at most this
    Part(f64),   // their relative difference is at most this: for nets with random weights
}
use Closeness::{AsPrinted, Exact, Part, Ulp, Within};

pub fn run(arguments: &[OsString]) -> Result<()> {
    let first = arguments.first().map(|first| first.to_string_lossy());
    let section = first.filter(|first| !first.starts_with('-'));
    let options = &arguments[usize::from(section.is_some())..];
    let parsed = Arguments::parse(OPENING, OPTIONS, options).map_err(|failure| match failure {
        Failure::Usage(sentence) if sentence.starts_with("unknown argument") => {
            Failure::Usage(format!("{sentence}; one SECTION may come first"))
        }
        failure => failure,
    });
    let Some(arguments) = parsed? else { return Ok(()) };
    let sections: Vec<&Section> =
        SECTIONS.iter().filter(|(number, ..)| is_within(number, section.as_deref())).collect();
    if sections.is_empty() {
        let all: Vec<&str> = SECTIONS.iter().map(|(number, ..)| *number).collect();
        return Err(Failure::Usage(format!(
            "no section '{}': expected one of {}, or the beginning of one",
            section.unwrap_or_default(),
            all.join(", ")
        )));
    }
    let with_images = sections.iter().any(|(number, ..)| WITH_IMAGES.contains(number));
    let data = if with_images { Some(mnist(&arguments)?) } else { None };
    let context = Context { data, threads: threads(&arguments)?, run_of_seed_0: OnceCell::new() };

    let style = Style::of_stdout();
    // If nobody reads the output any more, the numbers still count for the exit status.
    say(&style.faint(HEADING))?;
    let (mut all, mut random, mut off) = (0, 0, 0);
    for (number, title, file, rows) in sections {
        let title = style.strong(&wrapped(&format!("{number}  {title}"), number.len() + 2));
        say(&format!("\n{title}\n{}\n", style.faint(file)))?;
        for Line { agrees, is_random, text } in rows(&context).into_iter().flatten() {
            all += 1;
            random += usize::from(is_random);
            off += usize::from(!agrees);
            say(&if agrees { text } else { style.wrong(&text) })?;
        }
    }
    if off > 0 {
        return Err(Failure::Error(format!("{off} of {all} numbers do not agree, see NOT EQUAL")));
    }
    say(&format!("\nAll {} numbers agree.\n", all - random))?;
    if random == 0 {
        return Ok(());
    }
    say(&format!("{random} more depend on random weights, and are near the book's.\n"))
}

/// "all" means that both are the same f64. "near" is for numbers that depend on random weights.
const HEADING: &str =
    "                                     in the book            computed now   equal
                                                                          digits
";

/// MNIST itself: the numbers of the chapter do not follow from other data.
fn mnist(arguments: &Arguments) -> Result<CompressedMnist> {
    let Loaded { data, folder, .. } = Loaded::load(arguments)?;
    let found = [data.train.labels.len(), data.test.labels.len()];
    if found == [60_000, 10_000] {
        return Ok(data);
    }
    let [train, test] = found.map(grouped);
    Err(Failure::Error(format!(
        "expected the 60,000 and 10,000 images of MNIST for the chapter's numbers, found {train} and \
         {test} in {folder}"
    )))
}

/// Whether a section was asked for, or belongs to the one asked for: 4.4.2 belongs to 4.4 and to 4.
fn is_within(section: &str, asked: Option<&str>) -> bool {
    let Some(asked) = asked else { return true };
    let rest = section.strip_prefix(asked.trim_end_matches('.'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Compares numbers: `printed` holds those of the book, separated by spaces.
fn row(name: &str, closeness: Closeness, printed: &str, computed: impl Into<Vec<f64>>) -> Row {
    let computed: Vec<f64> = computed.into();
    // A long name has a line of its own.
    let name = if name.chars().count() > 23 { format!("{name}\n{:25}", "") } else { name.into() };
    let line = |(i, printed): (usize, &str)| {
        let name = if i == 0 { &name } else { "" };
        // A run that diverged has fewer numbers.
        let computed = computed.get(i).copied().unwrap_or(f64::NAN);
        let (agrees, words) = agreement(printed, computed, closeness);
        let computed = match printed {
            _ if printed.contains('e') => as_in_python(computed),
            _ if printed.contains('.') => format!("{computed:?}"),
            _ => format!("{computed}"),
        };
        let text = format!("  {name:<23}{printed:>23} {computed:>23}{words:>8}\n");
        Line { agrees, is_random: matches!(closeness, Part(_)), text }
    };
    printed.split_whitespace().enumerate().map(line).collect()
}

/// 4.5e-05, where Rust writes 4.5e-5.
fn as_in_python(v: f64) -> String {
    let text = format!("{v:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    format!("{digits}e{exponent:+03}")
}

/// Whether a computed number agrees with the printed one, and how many digits are equal.
fn agreement(printed: &str, computed: f64, closeness: Closeness) -> (bool, String) {
    let book: f64 = printed.parse().expect("a number of the book");
    if computed == book {
        return (true, "all".to_string());
    }
    let off = (computed - book).abs();
    let rounded = |v: f64, digits: usize| format!("{v:.*e}", digits - 1);
    let digits = (1..17).rev().find(|&n| rounded(computed, n) == rounded(book, n)).unwrap_or(0);
    let decimals = printed.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let as_printed = digits > 0 && format!("{computed:.decimals$}") == printed;
    let agrees = match closeness {
        Exact => false,
        Ulp => book.to_bits().abs_diff(computed.to_bits()) <= 1,
        AsPrinted => as_printed,
        Within(distance) => off <= distance,
        Part(part) => off <= part * book.abs(),
    };
    let words = match closeness {
        _ if !agrees => format!("{digits}\n    NOT EQUAL: off by {off:.0e}"),
        Part(_) => "near".to_string(),
        _ => digits.to_string(),
    };
    (agrees, words)
}

/// The example of 4.2: the right answer is the digit 2.
const T: [f64; 10] = [0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
/// The net gives 2 the highest probability.
const Y1: [f64; 10] = [0.1, 0.05, 0.6, 0.0, 0.05, 0.1, 0.0, 0.1, 0.0, 0.0];
/// The net gives 7 the highest probability.
const Y2: [f64; 10] = [0.1, 0.05, 0.1, 0.0, 0.05, 0.1, 0.0, 0.6, 0.0, 0.0];

/// 1 if a perceptron learns the answers t to (0, 0), (0, 1), (1, 0) and (1, 1), otherwise 0.
fn learns(t: [f64; 4]) -> [f64; 1] {
    let x = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
    let samples: Vec<([f64; 2], f64)> = x.into_iter().zip(t).collect();
    [f64::from(Perceptron::new(2).learn(&samples, 1_000).is_some())]
}

/// The net of 4.4.2 with weights W: its scores p, its exact loss, dW, and its loss with the 1e-7.
fn simple_net(w: [[f64; 3]; 2]) -> (Vec<f64>, f64, Vec<f64>, f64) {
    let net = SimpleNet { w: Matrix::from_rows(&w) };
    let (x, t) = (Matrix::from_rows(&[[0.6, 0.9]]), OneHot::from_rows(&[[0.0, 0.0, 1.0]]));
    let dw = net.numerical_gradient(|net| net.exact_loss(&x, &t));
    (net.predict(&x).into_vec(), net.exact_loss(&x, &t), dw.into_vec(), net.loss(&x, &t))
}

fn shape((rows, columns): (usize, usize)) -> [f64; 2] {
    [rows as f64, columns as f64]
}

#[rustfmt::skip]
const SECTIONS: &[Section] = &[
    ("preface", "A perceptron learns AND, NAND and OR, and never XOR", "src/beyond/perceptron.rs", |_| vec![
        row("AND learned (1 is yes)", Exact, "1", learns([0.0, 0.0, 0.0, 1.0])),
        row("NAND", Exact, "1", learns([1.0, 1.0, 1.0, 0.0])),
        row("OR", Exact, "1", learns([0.0, 1.0, 1.0, 1.0])),
        row("XOR, after 1,000 rounds", Exact, "0", learns([0.0, 1.0, 1.0, 0.0])),
    ]),
    ("3.2", "Activation functions", "src/ch03/functions.rs", |_| vec![
        row("step_function([-1, 1, 2])", Exact, "0 1 1", [-1.0, 1.0, 2.0].map(step_function)),
        row("sigmoid([-1, 1, 2])", Ulp, "0.2689414213699951 0.7310585786300049 0.8807970779778823",
            [-1.0, 1.0, 2.0].map(sigmoid)),
    ]),
    ("3.5", "Softmax", "src/ch03/functions.rs", |_| vec![
        row("softmax([0.3, 2.9, 4.0])", Within(1e-15),
            "0.01821127329554753 0.24519181293507392 0.7365969137693786", softmax(&[0.3, 2.9, 4.0])),
        row("softmax([1010, 1000, 990])", Ulp,
            "0.999954600070331 4.539786860886666e-05 2.061060046209062e-09", softmax(&[1010.0, 1000.0, 990.0])),
    ]),
    ("4.1.2", "Overfitting: accuracy after learning from 300 images", "src/beyond/overfitting.rs", |context| {
        let accuracies = overfitted(context.data(), context.threads).unwrap_or_default().accuracies;
        let last = accuracies.last().map_or(Vec::new(), |(_, last)| vec![last.train, last.test]);
        vec![row("in training, in the test", Within(0.03), "1 0.8", last)]
    }),
    ("4.2.1", "Sum of squared error (4.1)", "src/ch04/s2_1_squared_error.rs", |_| vec![
        row("the 2 taken for a 2", Exact, "0.09750000000000003", [sum_squared_error(&Y1, &T)]),
        row("the 2 taken for a 7", Exact, "0.5975", [sum_squared_error(&Y2, &T)]),
    ]),
    ("4.2.2", "Cross-entropy error (4.2)", "src/ch04/s2_2_cross_entropy.rs", |_| vec![
        row("the 2 taken for a 2", Ulp, "0.510825457099338", [cross_entropy_error(&Y1, &T)]),
        row("the 2 taken for a 7", Ulp, "2.302584092994546", [cross_entropy_error(&Y2, &T)]),
        row("of a right answer with y = 1", Exact, "-9.999999505838704e-08",
            [cross_entropy_error(&[1.0, 0.0], &[1.0, 0.0])]),
        row("and with y = 0", Ulp, "16.11809565095832", [cross_entropy_error(&[0.0, 1.0], &[1.0, 0.0])]),
    ]),
    ("4.2.3", "Mini-batches of MNIST", "src/ch04/s2_3_mini_batch.rs", |context| {
        let CompressedMnist { train, test } = context.data();
        vec![
            row("x_train.shape", Exact, "60000 784", shape((train.images.rows(), train.images.columns()))),
            row("t_train.shape", Exact, "60000 10", shape(train.labels.one_hot(CLASSES).matrix().shape())),
            row("test images", Exact, "10000", [test.images.rows() as f64]),
        ]
    }),
    ("4.2.4", "The column of the label", "src/ch04/s2_4_batch_cross_entropy.rs", |_| {
        let x = Matrix::from_fn(3, 4, |i, j| (4 * i + j) as f64);
        let y = Matrix::from_rows(&[[0.5, 1.0, 0.1], [0.2, 2.0, 7.0], [10.0, 3.0, 0.0]]);
        let (both, mean) = (Matrix::from_rows(&[Y1, Y2]), "1.406704775046942");
        vec![
            row("x[np.arange(3), [1, 2, 3]]", Exact, "1 6 11", pick_label_columns(&x, &Labels::new(vec![1, 2, 3]))),
            row("y[np.arange(3), [2, 0, 1]]", Exact, "0.1 0.2 3", pick_label_columns(&y, &Labels::new(vec![2, 0, 1]))),
            row("y[:, [2, 0, 1]] is another thing", Exact, "0.1 0.5 1 7 0.2 2 0 10 3",
                y.iter_rows().flat_map(|row| [row[2], row[0], row[1]]).collect::<Vec<_>>()),
            row("the batch of both, by labels", Within(1e-15), mean,
                [cross_entropy_labels(&both, &Labels::new(vec![2, 2]))]),
            row("and one-hot", Within(1e-15), mean, [cross_entropy_one_hot(&both, &OneHot::from_rows(&[T, T]))]),
        ]
    }),
    ("4.2.5", "Why not the accuracy: derivatives that are not 0, of a small net", "src/beyond/why_loss.rs", |context| {
        let mut rng = Xorshift64Star::new(425);
        let net = TwoLayerNet::new(5, 4, 3, 1.0, &mut rng);
        let x = Matrix::from_fn(6, 5, |_, _| rng.normal());
        let t = Labels::new(rng.choice(3, 6));
        let accuracy = gradient_of_accuracy(&net, &x, &t, context.threads, &mut |_, _| ());
        let step = gradient_with_step(&net, &x, &t, context.threads, &mut |_, _| ());
        let sigmoid = net.numerical_gradient(&x, &t);
        let not_0 = |d: &[f64]| d.iter().filter(|&&d| d != 0.0).count() as f64;
        vec![
            row("of the accuracy, of 39", Exact, "0", [accuracy.parts().map(|(_, part)| not_0(part)).iter().sum()]),
            row("of W1 behind a step, of 20", Exact, "0", [not_0(step.w1.as_slice())]),
            row("of W1 behind a sigmoid, of 20", Exact, "20", [not_0(sigmoid.w1.as_slice())]),
        ]
    }),
    ("4.3.1", "Numerical differentiation (4.4)", "src/ch04/s3_differentiation.rs", |_| vec![
        row("the bad example, h = 10e-50", Exact, "0.0", [forward_difference(function_1, 5.0, 10e-50)]),
        row("1e-50 as f32", Exact, "0.0", [f64::from(1e-50_f32)]),
        row("forward difference at 5", Exact, "0.20000099999917254", [forward_difference(function_1, 5.0, H)]),
    ]),
    ("4.3.2", "The example 0.01x² + 0.1x (4.5)", "src/ch04/s3_differentiation.rs", |_| {
        let computed = [5.0, 10.0].map(|x| numerical_diff(function_1, x));
        vec![
            row("numerical_diff at 5 and 10", Exact, "0.1999999999990898 0.2999999999986347", computed),
            row("compared with 0.02x + 0.1", Within(1e-11), "0.2 0.3", computed),
            row("the same with h = 1e-10", Exact, "0.2000000165480742 0.3000000248221113",
                [5.0, 10.0].map(|x| central_difference(function_1, x, 1e-10))),
        ]
    }),
    ("4.3.3", "Partial derivatives of x0² + x1² (4.6), and two on paper", "src/ch04/s3_differentiation.rs", |_| vec![
        row("∂f/∂x0 at (3, 4)", Exact, "6.00000000000378", [numerical_diff(|x0| x0 * x0 + 4.0 * 4.0, 3.0)]),
        row("∂f/∂x1 at (3, 4)", Exact, "7.999999999999119", [numerical_diff(|x1| 3.0 * 3.0 + x1 * x1, 4.0)]),
        row("of x² + 3xy + y³ at (1, 2)", Within(1e-7), "8 15", numerical_gradient(|v| polynomial(v[0], v[1]), &[1.0, 2.0])),
        row("of exp(xy) sin(x + y) at (1, 2)", Within(1e-6), "-5.229622782429294 -6.272366438665198",
            numerical_gradient(|v| wave(v[0], v[1]), &[1.0, 2.0])),
    ]),
    ("4.4", "Gradient", "src/ch04/s4_1_gradient.rs", |_| {
        let gradient = |x0, x1| numerical_gradient(function_2, &[x0, x1]);
        let slope = |d0, d1| directional_derivative(function_2, &[3.0, 4.0], &[d0, d1]);
        vec![
            row("at (3, 4)", Exact, "6.00000000000378 7.999999999999119", gradient(3.0, 4.0)),
            row("at (0, 2)", Exact, "0 4.000000000004", gradient(0.0, 2.0)),
            row("at (0, 0.2)", Exact, "0 0.399999999999949", gradient(0.0, 0.2)),
            row("at (3, 0)", Exact, "6.000000000012662 0", gradient(3.0, 0.0)),
            row("slope at (3, 4) along the gradient, along (0, 1), across the gradient", Within(1e-9), "10 8 0",
                [slope(0.6, 0.8), slope(0.0, 1.0), slope(0.8, -0.6)]),
        ]
    }),
    ("4.4.1", "Gradient descent (4.7): 100 steps from (-3, 4)", "src/ch04/s4_1_gradient.rs", |_| {
        let descent = |learning_rate| gradient_descent(function_2, &[-3.0, 4.0], learning_rate, 100);
        vec![
            row("learning rate 0.1", Exact, "-6.111107928998789e-10 8.148143905314271e-10", descent(0.1)),
            row("learning rate 10, too large", Exact, "-2.5898374737328363e+13 -1.2952486168965398e+12", descent(10.0)),
            row("learning rate 1e-10, too small", Exact, "-2.999999939999995 3.9999999199999934", descent(1e-10)),
            row("w²/2, 10 steps, rates 1.9, 2, 2.1", Within(1e-9), "0.3486784401 1 2.5937424601",
                [1.9, 2.0, 2.1].map(|rate| gradient_descent(|w| w[0] * w[0] / 2.0, &[1.0], rate, 10)).concat()),
            row("x⁴ − 3x² + x from 2 and from −2", Within(1e-7), "1.1309011226 -1.3008395659", [2.0, -2.0].map(|x|
                gradient_descent(|x| x[0] * x[0] * (x[0] * x[0] - 3.0) + x[0], &[x], 0.05, 100)[0])),
            row("x0² − x1² from (1, 0): a saddle", Within(1e-9), "0.0 0",
                gradient_descent(|x| x[0] * x[0] - x[1] * x[1], &[1.0, 0.0], 0.1, 100)),
            row("1 − exp(−x²) from 1, and from 4", Within(1e-5), "0.0 4.0",
                [1.0, 4.0].map(|x| gradient_descent(|x| 1.0 - exp(-x[0] * x[0]), &[x], 0.1, 100)[0])),
        ]
    }),
    ("4.4.2", "The gradient of a net (4.8), from W as it is printed, with 8 decimals", "src/ch04/s4_2_simple_net.rs", |_| {
        let (p, loss, dw, loss_with_delta) =
            simple_net([[0.47355232, 0.9977393, 0.84668094], [0.85557411, 0.03563661, 0.69422093]]);
        let (other_p, other_loss, other_dw, other_loss_with_delta) =
            simple_net([[-0.53572577, 0.65692054, 0.1165997], [-0.37309075, -1.30970997, -0.51098734]]);
        let (misprint_p, _, misprint_dw, _) =
            simple_net([[-0.0444667, 0.39308105, 1.66037027], [1.15833506, -0.92322092, -0.70728658]]);
        let (_, loss_after, ..) = simple_net([[0.47355232 + H, 0.9977393, 0.84668094], [0.85557411, 0.03563661, 0.69422093]]);
        let rounded_w = Within(1e-8); // the book prints only 8 decimals of W
        vec![
            row("p = x W", rounded_w, "1.05414809 0.63071653 1.1328074", p),
            row("loss", rounded_w, "0.92806853663411326", [loss]),
            row("dW", rounded_w, "0.21924763 0.14356247 -0.36281009 0.32887144 0.2153437 -0.54421514", dw),
            row("w11 + h: growth of the loss / h", AsPrinted, "0.2", [(loss_after - loss) / H]),
            row("another W: p", rounded_w, "-0.65721714 -0.78458665 -0.38992879", other_p),
            row("loss", rounded_w, "0.891736898302", [other_loss]),
            row("dW", rounded_w, "0.18827514 0.165759 -0.35403414 0.28241271 0.24863849 -0.53105121", other_dw),
            row("today's losses, with 1e-7", Within(2e-16), "0.9280682857864075 0.8917366507197052",
                [loss_with_delta, other_loss_with_delta]),
            row("W of a misprint in notes: p", rounded_w, "1.01582153 -0.5950502 0.35966424", misprint_p),
            row("dW, whose signs were all wrong", Within(3e-7),
                "0.34913046 0.06972605 -0.41885651 0.5236957 0.10458907 -0.62828477", misprint_dw),
        ]
    }),
    ("4.5.1", "Shapes of the net with 100 hidden units", "src/ch04/s5_1_two_layer_net.rs", |_| {
        let net = TwoLayerNet::new(PIXELS, 100, CLASSES, 0.01, &mut Xorshift64Star::new(0));
        let y = net.predict(&Matrix::from_fn(100, PIXELS, |n, i| ((n + i) % 7) as f64 / 7.0));
        vec![
            row("W1.shape", Exact, "784 100", shape(net.params.w1.shape())),
            row("b1.shape", Exact, "100", [net.params.b1.len() as f64]),
            row("W2.shape", Exact, "100 10", shape(net.params.w2.shape())),
            row("b2.shape", Exact, "10", [net.params.b2.len() as f64]),
            row("an untrained answer, about 0.1", Within(0.03), "0.1", [y[(0, 0)]]),
        ]
    }),
    ("4.5.2", "The book's program in NumPy, np.random.seed(0): weights, mini-batches, losses",
        "src/ch04/s5_2_training.rs", |context| {
        let mut rng = RandomState::new(0);
        let net = BOOKS_NET.initial(&mut rng);
        let first_batch: Vec<f64> = rng.choice(60_000, 10).into_iter().map(|index| index as f64).collect();
        let losses = &context.run_of_seed_0().losses;
        vec![
            row("W1[0, :3]", AsPrinted, "0.01764052 0.00400157 0.00978738", &net.params.w1.row(0)[..3]),
            row("W2[0, :3]", AsPrinted, "-0.0152667 0.00195959 0.00613363", &net.params.w2.row(0)[..3]),
            row("the first indices of a mini-batch", Exact,
                "39900 54078 52289 14774 17976 1681 7717 6530 29161 21866", first_batch),
            row("loss after iterations 0, 1 and 2", Within(1e-12),
                "2.2938061065760658 2.294626433903726 2.297869324385668", losses.as_slice()),
            row("and after 9999", Within(1e-9), "0.06576092808426318", losses.get(9_999..).unwrap_or_default()),
        ]
    }),
    ("4.5.3", "The same run: accuracy at each epoch, in training and in the test", "src/ch04/s5_2_training.rs", |context| {
        let accuracies = &context.run_of_seed_0().accuracies;
        let (train, test): (Vec<f64>, Vec<f64>) = accuracies.iter().map(|(_, a)| (a.train, a.test)).unzip();
        vec![
            row("training images, iterations 0, 600 …", AsPrinted, "0.09915 0.7823333333 0.87895 \
                0.8999666667 0.9094 0.91525 0.9205666667 0.9244 0.9273666667 0.9307 0.9345 0.93775 \
                0.9400666667 0.9422833333 0.9442166667 0.9466666667 0.9481166667", train),
            row("test images", Exact, "0.1009 0.7915 0.8814 0.9016 0.9115 0.9163 0.9222 0.9263 \
                0.929 0.9318 0.936 0.9377 0.9404 0.9418 0.943 0.9454 0.9468", test),
        ]
    }),
    ("5.4", "Layers: 2 apples at 100, 3 oranges at 150, tax 1.1", "src/ch05/s4_layers.rs", |_| {
        let (mut apples, mut oranges, mut tax) = (Mul::default(), Mul::default(), Mul::default());
        let apple_price = apples.forward(100.0, 2.0);
        let price_of_apples = tax.forward(apple_price, 1.1);
        let (dapple_price, dtax) = tax.backward(1.0);
        let (dapple, dapple_num) = apples.backward(dapple_price);
        let apples_alone = [dapple, dapple_num, dtax];
        let all_price = Add.forward(apple_price, oranges.forward(150.0, 3.0));
        let price = tax.forward(all_price, 1.1);
        let (dall_price, dtax) = tax.backward(1.0);
        let (dapple_price, dorange_price) = Add.backward(dall_price);
        let (dapple, dapple_num) = apples.backward(dapple_price);
        let (dorange, dorange_num) = oranges.backward(dorange_price);
        vec![
            row("2 apples with tax", Exact, "220.00000000000003", [price_of_apples]),
            row("dapple, dapple_num, dtax", Exact, "2.2 110.00000000000001 200", apples_alone),
            row("with 3 oranges", Exact, "715.0000000000001", [price]),
            row("dapple, dapple_num", Exact, "2.2 110.00000000000001", [dapple, dapple_num]),
            row("dorange, dorange_num", Exact, "3.3000000000000003 165", [dorange, dorange_num]),
            row("dtax", Exact, "650", [dtax]),
        ]
    }),
    ("5.7.3", "The gradient check of a relu net: mean differences; see from-zero check",
        "src/ch05/s7_3_gradient_check.rs", |context| {
        let mut rng = Xorshift64Star::new(0);
        let net = Net { activation: Activation::Relu, ..BOOKS_NET }.initial(&mut rng);
        let (x, t) = context.data().train.select(&[0, 1, 2]);
        let naive = Naive { h: H, loss: CrossEntropy::Exact }.gradient(&net, &x, &t, context.threads);
        let analytic = net.gradient(&x.to_matrix(), &t);
        let (a, b) = (naive.parts(), analytic.parts());
        let mean = |part: usize| [mean_difference(a[part].1, b[part].1)];
        vec![
            row("W1", Part(0.4), "2.2e-13", mean(0)),
            row("b1", Part(0.4), "9.7e-13", mean(1)),
            row("W2", Part(0.4), "8.4e-13", mean(2)),
            row("b2", Part(0.05), "1.19e-10", mean(3)),
        ]
    }),
];

#[cfg(test)]
#[path = "../../tests/unit/chapter.rs"]
mod tests;
