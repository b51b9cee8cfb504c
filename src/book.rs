//! The numbers of the book, section by section, beside the same numbers computed now with the code
//! of the chapters. The command `chapter` and the first program of `cargo test` show them.

use std::cell::OnceCell;

use crate::beyond::examples::{directional_derivative, polynomial, wave};
use crate::beyond::overfitting::overfitted;
use crate::beyond::perceptron::Perceptron;
use crate::beyond::step_by_hand::{Step, example};
use crate::beyond::why_loss::{gradient_of_accuracy, gradient_with_step};
use crate::ch03::activation::Activation;
use crate::ch03::functions::{sigmoid, softmax, step_function};
use crate::ch04::s2_1_squared_error::sum_squared_error;
use crate::ch04::s2_2_cross_entropy::cross_entropy_error;
use crate::ch04::s2_4_batch_cross_entropy::*;
use crate::ch04::s2_4_targets::{Labels, OneHot};
use crate::ch04::s3_differentiation::*;
use crate::ch04::s4_1_gradient::{gradient_descent, numerical_gradient};
use crate::ch04::s4_2_simple_net::SimpleNet;
use crate::ch04::s5_1_two_layer_net::TwoLayerNet;
use crate::ch04::s5_2_training::History;
use crate::ch05::s4_layers::{Add, Affine, Layer, Mul, Relu, Sigmoid, SoftmaxWithLoss};
use crate::ch05::s7_3_gradient_check::mean_difference;
use crate::fast::compressed::CompressedRows;
use crate::fast::methods::{Differences, GradientMethod};
use crate::fast::mini_batch::CompressedMnist;
use crate::fast::team::Team;
use crate::fast::training::{Settings, fast_train};
use crate::fast::two_layer_net::CrossEntropy;
use crate::formats::mnist::{CLASSES, PIXELS};
use crate::numeric::elementary::{exp, ln};
use crate::numeric::matrix::Matrix;
use crate::numeric::numpy_random::RandomState;
use crate::numeric::random::{Rng, Xorshift64Star};

/// A section of the book.
#[derive(Debug)]
pub struct Section {
    /// Its number in the book, or one word
    pub number: &'static str,
    /// What it is about
    pub title: &'static str,
    /// The file with its code
    pub file: &'static str,
    /// Whether its numbers need the images of MNIST
    pub with_images: bool,
    /// Computes its numbers: the lines of each expression
    pub lines: fn(&Context) -> Vec<Vec<Line>>,
}

/// What the numbers are computed from.
#[derive(Debug)]
pub struct Context {
    data: Option<CompressedMnist>,
    threads: usize,
    run_of_seed_0: OnceCell<History>,
}

impl Context {
    /// The images may be left out if no section needs them.
    pub fn new(data: Option<CompressedMnist>, threads: usize) -> Self {
        Self { data, threads, run_of_seed_0: OnceCell::new() }
    }

    fn data(&self) -> &CompressedMnist {
        self.data.as_ref().expect("the section is one with images")
    }

    /// The book's whole training run with NumPy's random numbers. It is empty if the run diverged.
    fn run_of_seed_0(&self) -> &History {
        self.run_of_seed_0.get_or_init(|| {
            let settings = Settings::new(10_000, self.threads);
            let mut rng = RandomState::new(0);
            let mut net = TwoLayerNet::new(PIXELS, 50, CLASSES, 0.01, &mut rng);
            fast_train(&mut net, self.data(), &settings, &mut rng).unwrap_or_default()
        })
    }
}

/// An expected number, and the same number computed now.
#[derive(Debug)]
pub struct Line {
    /// What it is. It is empty if the line belongs to the expression of the line above
    pub name: &'static str,
    /// The expected number, as it is printed
    pub expected: &'static str,
    /// The number computed now
    pub computed: f64,
    /// When the two agree
    pub closeness: Closeness,
    /// Where the expected number comes from
    pub source: Source,
}

/// Where an expected number comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The book prints it, sometimes with fewer digits
    Book,
    /// The book's program computes it in NumPy; if it is random, with seed 0
    NumPy,
    /// Readers' notes print it
    Notes,
    /// It follows from a formula on paper
    Derived,
}

/// When a computed number agrees with the expected one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Closeness {
    /// They are the same f64
    Exact,
    /// They are the same f64 or neighbours: for numbers that come from exp or ln
    Ulp,
    /// They are equal when rounded to the printed decimals
    AsPrinted,
    /// Their difference is at most this
    Within(f64),
    /// Their relative difference is at most this: for nets with random weights
    Near(f64),
}
use Closeness::{AsPrinted, Exact, Near, Ulp, Within};
use Source::{Book, Derived, Notes, NumPy};

impl Line {
    /// Whether the computed number agrees with the expected one.
    pub fn agrees(&self) -> bool {
        let (computed, expected) = (self.computed, self.value());
        let off = (computed - expected).abs();
        let decimals = self.expected.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        computed == expected
            || match self.closeness {
                Exact => false,
                Ulp => expected.to_bits().abs_diff(computed.to_bits()) <= 1,
                AsPrinted => format!("{computed:.decimals$}") == self.expected,
                Within(distance) => off <= distance,
                Near(part) => off <= part * expected.abs(),
            }
    }

    /// The expected number.
    pub fn value(&self) -> f64 {
        self.expected.parse().expect("a number of the book")
    }

    /// The computed number, in the form of the expected one.
    pub fn shown(&self) -> String {
        match self.expected {
            e if e.contains('e') => as_in_python(self.computed),
            e if e.contains('.') => format!("{:?}", self.computed),
            _ => self.computed.to_string(),
        }
    }

    /// In which way the two agree, or by how much they differ.
    pub fn measure(&self) -> String {
        match self.closeness {
            _ if !self.agrees() => format!("off by {:.0e}", (self.computed - self.value()).abs()),
            _ if self.computed == self.value() => "equal".to_string(),
            Ulp => "but for the last digit".to_string(),
            Exact | AsPrinted => "as printed".to_string(),
            Within(distance) => format!("within {distance:.0e}"),
            Near(_) => "near: random weights".to_string(),
        }
    }
}

/// 4.5e-05, where Rust writes 4.5e-5.
fn as_in_python(v: f64) -> String {
    let text = format!("{v:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    format!("{digits}e{exponent:+03}")
}

/// Lines for the numbers in `expected`, which are separated by spaces.
fn row(
    name: &'static str, source: Source, closeness: Closeness, expected: &'static str,
    computed: impl Into<Vec<f64>>,
) -> Vec<Line> {
    let computed: Vec<f64> = computed.into();
    let line = |(i, expected): (usize, &'static str)| {
        let name = if i == 0 { name } else { "" };
        // A run that diverged has fewer numbers.
        let computed = computed.get(i).copied().unwrap_or(f64::NAN);
        Line { name, expected, computed, closeness, source }
    };
    expected.split_whitespace().enumerate().map(line).collect()
}

/// The example of 4.2: the right answer is the digit 2, and the net answers 2 or 7.
const T: [f64; 10] = [0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
const Y1: [f64; 10] = [0.1, 0.05, 0.6, 0.0, 0.05, 0.1, 0.0, 0.1, 0.0, 0.0];
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

/// 4.1.1: the accuracy of a rule by hand. The answer is the digit whose mean training image is
/// nearest. The other two ways of the section are features by hand with learning on them, and a net
/// that learns from the pixels themselves (end-to-end).
fn nearest_mean(data: &CompressedMnist) -> f64 {
    let CompressedMnist { train, test } = data;
    let (mut means, mut counts) = (Matrix::zeros(CLASSES, PIXELS), [0.0; CLASSES]);
    for (n, &label) in train.labels.as_slice().iter().enumerate() {
        counts[label] += 1.0;
        train.images.entries(n).for_each(|(i, value)| means[(label, i)] += value);
    }
    let means = Matrix::from_fn(CLASSES, PIXELS, |label, i| means[(label, i)] / counts[label]);
    // |x − m|² = |x|² − 2 x·m + |m|², and |x|² is the same for all digits.
    let squares: Vec<f64> = means.iter_rows().map(|m| m.iter().map(|v| v * v).sum()).collect();
    let nearness = |n: usize, label: usize| {
        let products = test.images.entries(n).map(|(i, value)| value * means[(label, i)]);
        2.0 * products.sum::<f64>() - squares[label]
    };
    let answers = Matrix::from_fn(test.labels.len(), CLASSES, nearness).argmax_rows();
    test.labels.count_equal(&answers) as f64 / test.labels.len() as f64
}

const fn section(
    number: &'static str, title: &'static str, file: &'static str, with_images: bool,
    lines: fn(&Context) -> Vec<Vec<Line>>,
) -> Section {
    Section { number, title, file, with_images, lines }
}

#[rustfmt::skip]
/// All sections, in the order of the book.
pub const SECTIONS: &[Section] = &[
    section("preface", "A perceptron learns AND, NAND, OR, never XOR", "src/beyond/perceptron.rs", false, |_| vec![
        row("AND learned (1: yes)", Derived, Exact, "1", learns([0.0, 0.0, 0.0, 1.0])),
        row("NAND", Derived, Exact, "1", learns([1.0, 1.0, 1.0, 0.0])),
        row("OR", Derived, Exact, "1", learns([0.0, 1.0, 1.0, 1.0])),
        row("XOR, 1,000 rounds", Derived, Exact, "0", learns([0.0, 1.0, 1.0, 0.0])),
    ]),
    section("3.2", "Activation functions", "src/ch03/functions.rs", false, |_| vec![
        row("step_function([-1, 1, 2])", Book, Exact, "0 1 1", [-1.0, 1.0, 2.0].map(step_function)),
        row("sigmoid([-1, 1, 2])", Book, Ulp, "0.2689414213699951 0.7310585786300049 0.8807970779778823", [-1.0, 1.0, 2.0].map(sigmoid)),
    ]),
    section("3.5", "Softmax", "src/ch03/functions.rs", false, |_| vec![
        row("softmax([0.3, 2.9, 4.0])", Book, Within(1e-15), "0.01821127329554753 0.24519181293507392 0.7365969137693786", softmax(&[0.3, 2.9, 4.0])),
        row("softmax([1010, 1000, 990])", Book, Ulp, "0.999954600070331 4.539786860886666e-05 2.061060046209062e-09", softmax(&[1010.0, 1000.0, 990.0])),
    ]),
    section("4.1.1", "A rule by hand: the nearest mean image", "src/book.rs", true, |context| vec![
        row("test accuracy", NumPy, Exact, "0.8203", [nearest_mean(context.data())]),
    ]),
    section("4.1.2", "Overfitting: learning from 300 images", "src/beyond/overfitting.rs", true, |context| {
        let accuracies = overfitted(context.data(), context.threads).unwrap_or_default().accuracies;
        let last = accuracies.last().map_or(Vec::new(), |(_, last)| vec![last.train, last.test]);
        vec![row("training, test", NumPy, Within(0.03), "1 0.8", last)]
    }),
    section("4.2.1", "Sum of squared error (4.1)", "src/ch04/s2_1_squared_error.rs", false, |_| vec![
        row("the 2 taken for a 2", Book, Exact, "0.09750000000000003", [sum_squared_error(&Y1, &T)]),
        row("the 2 taken for a 7", Book, Exact, "0.5975", [sum_squared_error(&Y2, &T)]),
    ]),
    section("4.2.2", "Cross-entropy error (4.2)", "src/ch04/s2_2_cross_entropy.rs", false, |_| vec![
        row("the 2 taken for a 2", Book, Ulp, "0.510825457099338", [cross_entropy_error(&Y1, &T)]),
        row("the 2 taken for a 7", Book, Ulp, "2.302584092994546", [cross_entropy_error(&Y2, &T)]),
        row("a right answer, y = 1", Derived, Exact, "-9.999999505838704e-08", [cross_entropy_error(&[1.0, 0.0], &[1.0, 0.0])]),
        row("a right answer, y = 0", Derived, Ulp, "16.11809565095832", [cross_entropy_error(&[0.0, 1.0], &[1.0, 0.0])]),
    ]),
    section("4.2.3", "Mini-batches of MNIST", "src/ch04/s2_3_mini_batch.rs", true, |context| {
        let CompressedMnist { train, test } = context.data();
        vec![
            row("x_train.shape", Book, Exact, "60000 784", shape((train.images.rows(), train.images.columns()))),
            row("t_train.shape", Book, Exact, "60000 10", shape(train.labels.one_hot(CLASSES).matrix().shape())),
            row("x_test.shape", Book, Exact, "10000 784", shape((test.images.rows(), test.images.columns()))),
        ]}),
    section("4.2.4", "The column of the label", "src/ch04/s2_4_batch_cross_entropy.rs", false, |_| {
        let x = Matrix::from_fn(3, 4, |i, j| (4 * i + j) as f64);
        let y = Matrix::from_rows(&[[0.5, 1.0, 0.1], [0.2, 2.0, 7.0], [10.0, 3.0, 0.0]]);
        let (both, mean) = (Matrix::from_rows(&[Y1, Y2]), "1.406704775046942");
        vec![
            row("x[np.arange(3), [1, 2, 3]]", Notes, Exact, "1 6 11", pick_label_columns(&x, &Labels::new(vec![1, 2, 3]))),
            row("y[np.arange(3), [2, 0, 1]]", Notes, Exact, "0.1 0.2 3", pick_label_columns(&y, &Labels::new(vec![2, 0, 1]))),
            row("y[:, [2, 0, 1]], 3 × 3", NumPy, Exact, "0.1 0.5 1 7 0.2 2 0 10 3", y.iter_rows().flat_map(|row| [row[2], row[0], row[1]]).collect::<Vec<_>>()),
            row("both rows, labels", NumPy, Within(1e-15), mean, [cross_entropy_labels(&both, &Labels::new(vec![2, 2]))]),
            row("both rows, one-hot", NumPy, Within(1e-15), mean, [cross_entropy_one_hot(&both, &OneHot::from_rows(&[T, T]))]),
        ]}),
    section("4.2.5", "Why a loss: derivatives that are not 0", "src/beyond/why_loss.rs", false, |context| {
        let mut rng = Xorshift64Star::new(425);
        let net = TwoLayerNet::new(5, 4, 3, 1.0, &mut rng);
        let pixels: Vec<u8> = (0..30).map(|_| 1 + rng.below(255) as u8).collect();
        let x = CompressedRows::new(&pixels, 5, std::array::from_fn(|level| level as f64 / 255.0));
        let t = Labels::new(rng.choice(3, 6));
        let accuracy = gradient_of_accuracy(&net, &x, &t, &mut Team::new(context.threads));
        let step = gradient_with_step(&net, &x, &t, &mut Team::new(context.threads));
        let sigmoid = net.numerical_gradient(&x.to_matrix(), &t);
        let not_0 = |d: &[f64]| d.iter().filter(|&&d| d != 0.0).count() as f64;
        vec![
            row("accuracy, 39 derivatives", Derived, Exact, "0", [accuracy.parts().map(|(_, part)| not_0(part)).iter().sum()]),
            row("step: 20 of W1", Derived, Exact, "0", [not_0(step.w1.as_slice())]),
            row("sigmoid: 20 of W1", Derived, Exact, "20", [not_0(sigmoid.w1.as_slice())]),
        ]}),
    section("4.3.1", "Numerical differentiation (4.4)", "src/ch04/s3_differentiation.rs", false, |_| vec![
        row("forward, h = 10e-50", Book, Exact, "0.0", [forward_difference(function_1, 5.0, 10e-50)]),
        row("1e-50 as f32", Book, Exact, "0.0", [f64::from(1e-50_f32)]),
        row("forward, h = 1e-4", NumPy, Exact, "0.20000099999917254", [forward_difference(function_1, 5.0, H)]),
    ]),
    section("4.3.2", "The example 0.01x² + 0.1x (4.5)", "src/ch04/s3_differentiation.rs", false, |_| {
        let computed = [5.0, 10.0].map(|x| numerical_diff(function_1, x));
        vec![
            row("numerical_diff", Book, Exact, "0.1999999999990898 0.2999999999986347", computed),
            row("0.02x + 0.1 on paper", Derived, Within(1e-11), "0.2 0.3", computed),
            row("with h = 1e-10", NumPy, Exact, "0.2000000165480742 0.3000000248221113", [5.0, 10.0].map(|x| central_difference(function_1, x, 1e-10))),
        ]}),
    section("4.3.3", "Partial derivatives (4.6)", "src/ch04/s3_differentiation.rs", false, |_| vec![
        row("∂f/∂x0 at (3, 4)", Book, Exact, "6.00000000000378", [numerical_diff(|x0| x0 * x0 + 4.0 * 4.0, 3.0)]),
        row("∂f/∂x1 at (3, 4)", Book, Exact, "7.999999999999119", [numerical_diff(|x1| 3.0 * 3.0 + x1 * x1, 4.0)]),
        row("x² + 3xy + y³ at (1, 2)", Derived, Within(1e-7), "8 15", numerical_gradient(|v| polynomial(v[0], v[1]), &[1.0, 2.0])),
        row("exp(xy) sin(x + y)", Derived, Within(1e-6), "-5.229622782429294 -6.272366438665198", numerical_gradient(|v| wave(v[0], v[1]), &[1.0, 2.0])),
    ]),
    section("4.4", "Gradient", "src/ch04/s4_1_gradient.rs", false, |_| {
        let gradient = |x0, x1| numerical_gradient(function_2, &[x0, x1]);
        let slope = |d0, d1| directional_derivative(function_2, &[3.0, 4.0], &[d0, d1]);
        vec![
            row("at (3, 4)", Book, Exact, "6.00000000000378 7.999999999999119", gradient(3.0, 4.0)),
            row("at (0, 2)", Book, Exact, "0 4.000000000004", gradient(0.0, 2.0)),
            row("at (0, 0.2)", NumPy, Exact, "0 0.399999999999949", gradient(0.0, 0.2)),
            row("at (3, 0)", Book, Exact, "6.000000000012662 0", gradient(3.0, 0.0)),
            row("slopes at (3, 4)", Derived, Within(1e-9), "10 8 0", [slope(0.6, 0.8), slope(0.0, 1.0), slope(0.8, -0.6)]),
        ]}),
    section("4.4.1", "Gradient descent (4.7), 100 steps from (-3, 4)", "src/ch04/s4_1_gradient.rs", false, |_| {
        let descent = |learning_rate| gradient_descent(function_2, &[-3.0, 4.0], learning_rate, 100);
        vec![
            row("learning rate 0.1", Book, Exact, "-6.111107928998789e-10 8.148143905314271e-10", descent(0.1)),
            row("learning rate 10", Book, Exact, "-2.5898374737328363e+13 -1.2952486168965398e+12", descent(10.0)),
            row("learning rate 1e-10", Book, Exact, "-2.999999939999995 3.9999999199999934", descent(1e-10)),
            row("w²/2, η = 1.9, 2, 2.1", Derived, Within(1e-9), "0.3486784401 1 2.5937424601",
                [1.9, 2.0, 2.1].map(|rate| gradient_descent(|w| w[0] * w[0] / 2.0, &[1.0], rate, 10)).concat()),
            row("x⁴ − 3x² + x from ±2", Derived, Within(1e-7), "1.1309011226 -1.3008395659", [2.0, -2.0].map(|x|
                gradient_descent(|x| x[0] * x[0] * (x[0] * x[0] - 3.0) + x[0], &[x], 0.05, 100)[0])),
            row("saddle x0² − x1²", Derived, Within(1e-9), "0.0 0", gradient_descent(|x| x[0] * x[0] - x[1] * x[1], &[1.0, 0.0], 0.1, 100)),
            row("1 − exp(−x²), 1 and 4", Derived, Within(1e-5), "0.0 4.0", [1.0, 4.0].map(|x| gradient_descent(|x| 1.0 - exp(-x[0] * x[0]), &[x], 0.1, 100)[0])),
        ]}),
    section("4.4.2", "The gradient of a net (4.8)", "src/ch04/s4_2_simple_net.rs", false, |_| {
        let (p, loss, dw, loss_with_delta) =
            simple_net([[0.47355232, 0.9977393, 0.84668094], [0.85557411, 0.03563661, 0.69422093]]);
        let (other_p, other_loss, other_dw, other_loss_with_delta) =
            simple_net([[-0.53572577, 0.65692054, 0.1165997], [-0.37309075, -1.30970997, -0.51098734]]);
        let (misprint_p, _, misprint_dw, _) =
            simple_net([[-0.0444667, 0.39308105, 1.66037027], [1.15833506, -0.92322092, -0.70728658]]);
        let (_, loss_after, ..) = simple_net([[0.47355232 + H, 0.9977393, 0.84668094], [0.85557411, 0.03563661, 0.69422093]]);
        let rounded_w = Within(1e-8); // the book prints only 8 decimals of W
        vec![
            row("p = x W", Book, rounded_w, "1.05414809 0.63071653 1.1328074", p),
            row("loss", Book, rounded_w, "0.92806853663411326", [loss]),
            row("dW", Book, rounded_w, "0.21924763 0.14356247 -0.36281009 0.32887144 0.2153437 -0.54421514", dw),
            row("w11 + h: growth / h", Book, AsPrinted, "0.2", [(loss_after - loss) / H]),
            row("another W: p", Notes, rounded_w, "-0.65721714 -0.78458665 -0.38992879", other_p),
            row("loss", Notes, rounded_w, "0.891736898302", [other_loss]),
            row("dW", Notes, rounded_w, "0.18827514 0.165759 -0.35403414 0.28241271 0.24863849 -0.53105121", other_dw),
            row("losses with 1e-7", NumPy, Within(2e-16), "0.9280682857864075 0.8917366507197052", [loss_with_delta, other_loss_with_delta]),
            row("a mistake in notes: p", Notes, rounded_w, "1.01582153 -0.5950502 0.35966424", misprint_p),
            row("its right dW", NumPy, Within(3e-7), "0.34913046 0.06972605 -0.41885651 0.5236957 0.10458907 -0.62828477", misprint_dw),
        ]}),
    section("4.5.1", "Shapes of the net with 100 hidden units", "src/ch04/s5_1_two_layer_net.rs", false, |_| {
        let net = TwoLayerNet::new(PIXELS, 100, CLASSES, 0.01, &mut Xorshift64Star::new(0));
        let y = net.predict(&Matrix::from_fn(100, PIXELS, |n, i| ((n + i) % 7) as f64 / 7.0));
        vec![
            row("W1.shape", Book, Exact, "784 100", shape(net.params.w1.shape())),
            row("b1.shape", Book, Exact, "100", [net.params.b1.len() as f64]),
            row("W2.shape", Book, Exact, "100 10", shape(net.params.w2.shape())),
            row("b2.shape", Book, Exact, "10", [net.params.b2.len() as f64]),
            row("an untrained answer", Derived, Within(0.03), "0.1", [y[(0, 0)]]),
        ]}),
    section("4.5.2", "The book's program in NumPy with seed 0", "src/ch04/s5_2_training.rs", true, |context| {
        let mut rng = RandomState::new(0);
        let net = TwoLayerNet::new(PIXELS, 50, CLASSES, 0.01, &mut rng);
        let first_batch: Vec<f64> = rng.choice(60_000, 10).into_iter().map(|index| index as f64).collect();
        let losses = &context.run_of_seed_0().losses;
        vec![
            row("W1[0, :3]", NumPy, AsPrinted, "0.01764052 0.00400157 0.00978738", &net.params.w1.row(0)[..3]),
            row("W2[0, :3]", NumPy, AsPrinted, "-0.0152667 0.00195959 0.00613363", &net.params.w2.row(0)[..3]),
            row("first mini-batch", NumPy, Exact, "39900 54078 52289 14774 17976 1681 7717 6530 29161 21866", first_batch),
            row("loss 0, 1 and 2", NumPy, Within(1e-12), "2.2938061065760658 2.294626433903726 2.297869324385668", losses.as_slice()),
            row("loss 9999", NumPy, Within(1e-12), "0.06576092808426318", losses.get(9_999..).unwrap_or_default()),
        ]}),
    section("4.5.3", "The same run: the accuracy at each epoch", "src/ch04/s5_2_training.rs", true, |context| {
        let accuracies = &context.run_of_seed_0().accuracies;
        let (train, test): (Vec<f64>, Vec<f64>) = accuracies.iter().map(|(_, a)| (a.train, a.test)).unzip();
        vec![
            row("training accuracy", NumPy, Exact, "0.09915 0.7823333333333333 0.87895 0.8999666666666667 \
                0.9094 0.91525 0.9205666666666666 0.9244 0.9273666666666667 \
                0.9307 0.9345 0.93775 0.9400666666666667 \
                0.9422833333333334 0.9442166666666667 0.9466666666666667 0.9481166666666667", train),
            row("test accuracy", NumPy, Exact, "0.1009 0.7915 0.8814 0.9016 0.9115 0.9163 0.9222 0.9263 \
                0.929 0.9318 0.936 0.9377 0.9404 0.9418 0.943 0.9454 0.9468", test),
        ]}),
    section("step", "One step of a small net by hand", "src/beyond/step_by_hand.rs", false, |_| {
        let (net, x, t) = example();
        let step = Step::new(&net, &x, &t, 1.0);
        let (d, close) = (&step.gradient, Within(1e-15));
        vec![
            row("a1", Derived, Exact, "-1 2 2 1", step.a1.into_vec()),
            row("z1", NumPy, close, "0.2689414213699951 0.8807970779778823 0.8807970779778823 0.7310585786300049", step.z1.into_vec()),
            row("y", NumPy, close, "0.6313197757020079 0.368680224297992 0.8534092045709026 0.14659079542909725", step.y.into_vec()),
            row("L", NumPy, close, "1.1900265236069587", [step.loss]),
            row("dy", NumPy, close, "-0.18434011214899604 0.184340112148996 0.4267046022854513 -0.4267046022854514", step.dy.into_vec()),
            row("dW2", NumPy, close, "0.32626347507588466 -0.3262634750758847 0.14957982790673274 -0.14957982790673283", d.w2.as_slice()),
            row("db2", NumPy, close, "0.24236449013645528 -0.24236449013645536", d.b2.as_slice()),
            row("dz1", NumPy, close, "-0.3686802242979921 0 0.8534092045709027 0", step.dz1.into_vec()),
            row("da1", NumPy, close, "-0.07248693164713137 0 0.08960249220425373 0", step.da1.into_vec()),
            row("dW1", NumPy, close, "0.19632054496562984 0 -0.055371371090009 0", d.w1.as_slice()),
            row("db1", NumPy, close, "0.01711556055712236 0", d.b1.as_slice()),
            row("dW1, numerical", NumPy, Within(1e-8), "0.196320546216322 0 -0.0553713705642167 0", step.numerical.w1.into_vec()),
            row("W2 after the update", NumPy, close, "0.6737365249241154 -0.6737365249241153 -0.14957982790673274 0.14957982790673283", step.after.w2.into_vec()),
            row("L after the update", NumPy, close, "0.9131117786622546", [step.loss_after]),
        ]}),
    section("5.1", "Computational graphs: 10 + 5 and 10 · 5 (5.3)", "src/ch05/s4_layers.rs", false, |_| {
        let (mut product, mut square) = (Mul::default(), Mul::default());
        let (sum, times) = (Add.forward(10.0, 5.0), product.forward(10.0, 5.0));
        let (da, db) = Add.backward(1.3);
        let (dc, dd) = product.backward(1.3);
        // 5.2: z = t² with t = x + y, so ∂z/∂x = 2t by the chain rule.
        let t = Add.forward(3.0, 4.0);
        let z = square.forward(t, t);
        let (dt1, dt2) = square.backward(1.0);
        vec![
            row("10 + 5, 10 · 5", Book, Exact, "15 50", [sum, times]),
            row("backward of 1.3: +", Book, Exact, "1.3 1.3", [da, db]),
            row("backward of 1.3: ·", Book, Exact, "6.5 13", [dc, dd]),
            row("(3 + 4)², ∂z/∂x = 2t", Derived, Exact, "49 14", [z, Add.backward(dt1 + dt2).0]),
        ]}),
    section("5.4", "Layers: apples, oranges and tax", "src/ch05/s4_layers.rs", false, |_| {
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
            row("2 apples with tax", Book, Exact, "220.00000000000003", [price_of_apples]),
            row("dapple, dapple_num, dtax", Book, Exact, "2.2 110.00000000000001 200", apples_alone),
            row("with 3 oranges", Book, Exact, "715.0000000000001", [price]),
            row("dapple, dapple_num", Book, Exact, "2.2 110.00000000000001", [dapple, dapple_num]),
            row("dorange, dorange_num", Book, Exact, "3.3000000000000003 165", [dorange, dorange_num]),
            row("dtax", Book, Exact, "650", [dtax]),
        ]}),
    section("5.5", "Relu and sigmoid as layers", "src/ch05/s4_layers.rs", false, |_| {
        let (mut relu, mut sigmoid) = (Relu::default(), Sigmoid::default());
        let out = relu.forward(Matrix::from_rows(&[[1.0, -0.5], [-2.0, 3.0]]));
        let dx = relu.backward(Matrix::from_rows(&[[5.0, 6.0], [7.0, 8.0]]));
        sigmoid.forward(Matrix::from_rows(&[[2.0]]));
        vec![
            row("relu([[1, -0.5], [-2, 3]])", Book, Exact, "1 0 0 3", out.into_vec()),
            row("its dx for 5, 6, 7, 8", Derived, Exact, "5 0 0 8", dx.into_vec()),
            row("sigmoid, dx at 2", NumPy, Within(1e-16), "0.10499358540350662", sigmoid.backward(Matrix::from_rows(&[[1.0]])).into_vec()),
        ]}),
    section("5.6", "Affine, and softmax with loss", "src/ch05/s4_layers.rs", false, |_| {
        let mut affine = Affine::new(Matrix::from_rows(&[[1.0, 1.0, 1.0]]), vec![1.0, 2.0, 3.0]);
        let out = affine.forward(Matrix::from_rows(&[[0.0], [10.0]]));
        affine.backward(Matrix::from_rows(&[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]));
        let mut last = SoftmaxWithLoss::default();
        last.forward(Matrix::from_rows(&[[0.3, 0.2, 0.5].map(ln)]), &Labels::new(vec![1]));
        vec![
            row("x W + b", Book, Exact, "1 2 3 11 12 13", out.into_vec()),
            row("db for two samples", Book, Exact, "5 7 9", affine.db.clone()),
            row("y − t, y = 0.3, 0.2, 0.5", Book, Within(1e-15), "0.3 -0.8 0.5", last.backward().into_vec()),
        ]}),
    section("5.7.3", "The gradient check of a relu net", "src/ch05/s7_3_gradient_check.rs", true, |context| {
        let mut rng = Xorshift64Star::new(0);
        let net = TwoLayerNet::new(PIXELS, 50, CLASSES, 0.01, &mut rng).with_activation(Activation::Relu);
        let (x, t) = context.data().train.select(&[0, 1, 2]);
        let naive = GradientMethod::Naive(Differences { h: H, loss: CrossEntropy::Exact });
        let naive = naive.gradient(&net, &x, &t, &mut Team::new(context.threads));
        let analytic = net.gradient(&x.to_matrix(), &t);
        let (a, b) = (naive.parts(), analytic.parts());
        let mean = |part: usize| [mean_difference(a[part].1, b[part].1)];
        vec![
            row("W1", Book, Near(0.4), "2.2e-13", mean(0)),
            row("b1", Book, Near(0.4), "9.7e-13", mean(1)),
            row("W2", Book, Near(0.4), "8.4e-13", mean(2)),
            row("b2", Book, Near(0.05), "1.19e-10", mean(3)),
        ]}),
];
