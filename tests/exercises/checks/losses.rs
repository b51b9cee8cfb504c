//! e03 and e04: the losses of section 4.2.

use from_zero::ch04::s2_1_squared_error::sum_squared_error as library_squared_error;
use from_zero::ch04::s2_4_batch_cross_entropy::cross_entropy_one_hot;
use from_zero::ch04::s2_4_targets::OneHot;
use from_zero::numeric::elementary::ln;
use from_zero::numeric::matrix::Matrix;

use super::Exercise;

pub type SquaredError = fn(&[f64], &[f64]) -> f64;
pub type CrossEntropy = fn(&Matrix, &Matrix) -> f64;

/// The example of section 4.2.1: the right answer is 2. One net says 2, the other says 7.
const T: [f64; 10] = [0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
const SAYS_2: [f64; 10] = [0.1, 0.05, 0.6, 0.0, 0.05, 0.1, 0.0, 0.1, 0.0, 0.0];
const SAYS_7: [f64; 10] = [0.1, 0.05, 0.1, 0.0, 0.05, 0.1, 0.0, 0.6, 0.0, 0.0];

pub fn sum_squared_error() -> Exercise<SquaredError> {
    let title = "sum_squared_error: ½ Σₖ (yₖ − tₖ)²";
    let answer = "src/ch04/s2_1_squared_error.rs";
    Exercise::new("e03", title, answer, library_squared_error as SquaredError)
        .case("sum_squared_error(&[0.2, 0.8], &[0.0, 1.0])", |f| f(&[0.2, 0.8], &[0.0, 1.0]), 0.04)
        // The book, section 4.2.1.
        .case("sum_squared_error(y, t) of the book's first example", |f| f(&SAYS_2, &T), 0.0975)
        .case("sum_squared_error(y, t) of the book's second example", |f| f(&SAYS_7, &T), 0.5975)
        // No probabilities: their differences do not add up to 0.
        .case("sum_squared_error(&[1.0, 2.0], &[0.0, 0.0])", |f| f(&[1.0, 2.0], &[0.0, 0.0]), 2.5)
        .case("sum_squared_error(t, t)", |f| f(&T, &T), 0.0)
        // Planted.
        .mistake("The factor ½ is missing: multiply the sum by 0.5.", sum_of_squares)
        // The book: older printings call it the mean squared error.
        .mistake(
            "This is the mean of the squares: the sum is divided by the number of classes. The \
             book's older name, mean squared error, is misleading. Multiply the sum by 0.5 and do \
             not divide.",
            |y, t| sum_of_squares(y, t) / y.len() as f64,
        )
        // The same, with the ½.
        .mistake(
            "The sum is multiplied by 0.5, and also divided by the number of classes. There is no \
             mean in formula 4.1: do not divide.",
            |y, t| 0.5 * sum_of_squares(y, t) / y.len() as f64,
        )
        // Planted.
        .mistake(
            "The differences are added without their sign, but not squared. Square each of them.",
            |y, t| 0.5 * differences(y, t).map(f64::abs).sum::<f64>(),
        )
        // Planted. In a sum of two probabilities less one 1, nothing remains.
        .mistake(
            "This is the square of the sum. Square each difference first, and then add.",
            |y, t| {
                let total: f64 = differences(y, t).sum();
                0.5 * total * total
            },
        )
        // Planted: `1 / 2` of two integers is 0 in Rust.
        .mistake(
            "The result is always 0. In Rust, `1 / 2` is a division of integers. It gives 0, and \
             `as f64` comes too late. Write 0.5.",
            |_, _| 0.0,
        )
}

fn differences(y: &[f64], t: &[f64]) -> impl Iterator<Item = f64> {
    y.iter().zip(t).map(|(y, t)| y - t)
}

fn sum_of_squares(y: &[f64], t: &[f64]) -> f64 {
    differences(y, t).map(|d| d * d).sum()
}

pub fn cross_entropy() -> Exercise<CrossEntropy> {
    let title = "cross_entropy: −1/N Σₙ Σₖ tₙₖ ln(yₙₖ + 1e-7)";
    let answer = "src/ch04/s2_4_batch_cross_entropy.rs";
    Exercise::new("e04", title, answer, right_cross_entropy as CrossEntropy)
        .case("cross_entropy(y, t)", |f| f(&y(), &t()), 1.406704775046942)
        // The book, section 4.2.2, as a mini-batch of one.
        .case(
            "cross_entropy(y, t) of the book's first example",
            |f| f(&Matrix::from_rows(&[SAYS_2]), &Matrix::from_rows(&[T])),
            0.510825457099338,
        )
        .case(
            "cross_entropy(y, t) of the book's two examples together",
            |f| f(&Matrix::from_rows(&[SAYS_2, SAYS_7]), &Matrix::from_rows(&[T, T])),
            (0.510825457099338 + 2.302584092994546) / 2.0,
        )
        // −ln(1e-7): the probability of the right answer is 0.
        .case(
            "cross_entropy(&[[0.0, 1.0]], &[[1.0, 0.0]])",
            |f| f(&Matrix::from_rows(&[[0.0, 1.0]]), &Matrix::from_rows(&[[1.0, 0.0]])),
            16.11809565095832,
        )
        // Published: "the sum of the cross-entropies" beside a formula with 1/N.
        .mistake(
            "This is the sum over the mini-batch. Divide it by N, the number of rows, so that the \
             loss does not grow with the batch.",
            |y, t| mean_with(y, t, 1.0, |y| ln(y + 1e-7)),
        )
        // Planted: np.mean over all numbers.
        .mistake(
            "The sum is divided by the number of all elements, N times the number of classes. \
             Divide it by N, the number of rows.",
            |y, t| {
                let elements = y.rows() * y.columns();
                mean_with(y, t, elements as f64, |y| ln(y + 1e-7))
            },
        )
        // Planted.
        .mistake(
            "The sum is divided by the number of classes. Divide it by N, the number of rows.",
            |y, t| mean_with(y, t, y.columns() as f64, |y| ln(y + 1e-7)),
        )
        // Published.
        .mistake(
            "This is the logarithm to the base 10. Use the natural logarithm, `ln`.",
            |y, t| mean_with(y, t, y.rows() as f64, |y| ln(y + 1e-7) / ln(10.0)),
        )
        // Planted.
        .mistake(
            "The sign is wrong. A logarithm of a probability is below 0, and the minus in front of \
             the sum makes the loss positive.",
            |y, t| mean_with(y, t, -(y.rows() as f64), |y| ln(y + 1e-7)),
        )
        // The book, section 4.2.2, says why.
        .mistake(
            "The 1e-7 is missing, and ln(0) is −∞. Add 1e-7 to y inside the logarithm.",
            |y, t| {
                let (n, mut total) = (y.rows(), 0.0);
                for i in 0..n {
                    for k in 0..y.columns() {
                        total += if t[(i, k)] == 1.0 { ln(y[(i, k)]) } else { 0.0 };
                    }
                }
                -total / n as f64
            },
        )
        // The same, with 0 · ln 0 = NaN wherever a net says 0.
        .mistake(
            "The 1e-7 is missing: ln(0) is −∞, and 0 · −∞ is NaN. Add 1e-7 to y inside the \
             logarithm.",
            |y, t| mean_with(y, t, y.rows() as f64, ln),
        )
        // Planted.
        .mistake(
            "The 1e-7 is added after the logarithm. Add it to y inside the brackets: \
             ln(y + 1e-7).",
            |y, t| mean_with(y, t, y.rows() as f64, |y| ln(y) + 1e-7),
        )
        // Published: tests/book/published_slips.rs, the misprinted gradient.
        .mistake(
            "The one-hot row was read as labels: 0 and 1 were used as the numbers of columns. \
             Multiply ln(y + 1e-7) by t instead.",
            |y, t| {
                let (n, mut total) = (y.rows(), 0.0);
                for i in 0..n {
                    for k in 0..y.columns() {
                        let label = t[(i, k)] as usize;
                        total += ln(y[(i, label)] + 1e-7);
                    }
                }
                -total / n as f64
            },
        )
        // Planted.
        .mistake(
            "y and t are exchanged: the logarithm is that of t. Take the logarithm of y, and \
             multiply it by t.",
            |y, t| mean_with(t, y, y.rows() as f64, |t| ln(t + 1e-7)),
        )
        // tests/book/published_slips.rs: `y = t.reshape(1, y.size)`.
        .mistake(
            "t is compared with itself, so the loss is always that of a perfect net. Take the \
             logarithm of y.",
            |_, t| mean_with(t, t, t.rows() as f64, |t| ln(t + 1e-7)),
        )
}

fn y() -> Matrix {
    Matrix::from_rows(&[[0.1, 0.6, 0.3], [0.1, 0.1, 0.8]])
}

fn t() -> Matrix {
    Matrix::from_rows(&[[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
}

pub fn right_cross_entropy(y: &Matrix, t: &Matrix) -> f64 {
    cross_entropy_one_hot(y, &OneHot::new(t.clone()))
}

/// −Σ t · log(y), divided by a number.
fn mean_with(y: &Matrix, t: &Matrix, divisor: f64, log: fn(f64) -> f64) -> f64 {
    let terms = t.zip_map(y, |t, y| t * log(y));
    -terms.as_slice().iter().sum::<f64>() / divisor
}
