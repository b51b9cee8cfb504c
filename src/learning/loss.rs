//! Loss functions (損失関数, 损失函数): section 4.2.
//!
//! The cross-entropy stands here four times: of one sample (4.2.2), of a mini-batch with one-hot
//! targets and with labels (4.2.4), and straight from the scores without the book's 1e-7.

use super::targets::{Labels, OneHot};
use crate::numeric::elementary::{exp, ln};
use crate::numeric::matrix::Matrix;
use crate::numeric::sum::{sum, sum_of};

/// Added inside the logarithm, so that a probability of 0 costs 16.1 and not ∞.
///
/// It also moves every value a little: at y = 0.1 the loss is 1e-6 smaller than the exact one. So
/// digits that were printed before the book had it, and gradients by backpropagation, which leave
/// it out, differ by about 1e-7 from what is computed with it; for those there is
/// [`softmax_cross_entropy`].
pub const DELTA: f64 = 1e-7;

/// Which of the two cross-entropies is differentiated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CrossEntropy {
    /// −ln(yₜ + 1e-7), as the book's code has it: [`cross_entropy_labels`].
    #[default]
    Book,
    /// −ln yₜ, whose gradient backpropagation finds: [`softmax_cross_entropy`].
    Exact,
}

/// E = ½ Σₖ (yₖ − tₖ)², with y and t: (classes). Formula 4.1.
///
/// 二乗和誤差, 均方误差: "mean squared error" in older printings, though nothing is divided by the number of
/// classes; the errata rename it.
///
/// # Panics
/// If y and t differ in length.
#[track_caller]
pub fn sum_squared_error(y: &[f64], t: &[f64]) -> f64 {
    assert_shapes("sum_squared_error", (1, y.len()), (1, t.len()));
    0.5 * sum_of(y.len(), |k| (y[k] - t[k]) * (y[k] - t[k]))
}

/// E = −Σₖ tₖ ln(yₖ + 1e-7), with y and t: (classes). Formula 4.2, with the delta of the book's
/// code.
///
/// 交差エントロピー誤差, 交叉熵误差. The logarithm is the natural one.
///
/// # Panics
/// If y and t differ in length.
#[track_caller]
pub fn cross_entropy_error(y: &[f64], t: &[f64]) -> f64 {
    assert_shapes("cross_entropy_error", (1, y.len()), (1, t.len()));
    -sum_of(y.len(), |k| t[k] * ln(y[k] + DELTA))
}

/// E = −1/N Σₙ Σₖ tₙₖ ln(yₙₖ + 1e-7), with y and t: (N, classes). Formula 4.3: the mean over a
/// mini-batch.
///
/// # Panics
/// If y and t differ in shape, or are empty.
#[track_caller]
pub fn cross_entropy_one_hot(y: &Matrix, t: &OneHot) -> f64 {
    assert_shapes("cross_entropy_one_hot", y.shape(), t.matrix().shape());
    let (y_all, t_all) = (y.as_slice(), t.matrix().as_slice());
    -sum_of(y_all.len(), |i| t_all[i] * ln(y_all[i] + DELTA)) / y.rows() as f64
}

/// E = −1/N Σₙ ln(yₙₜ + 1e-7), where t is the label of sample n; y: (N, classes), t: (N).
/// Formula 4.3 again: of each one-hot row only the term of its 1 is left.
///
/// # Panics
/// If there is not one label a row of y, or one is no column of it, or there are no rows.
#[track_caller]
pub fn cross_entropy_labels(y: &Matrix, t: &Labels) -> f64 {
    assert_labels("cross_entropy_labels", y, t);
    mean_cross_entropy(t.len(), |n| y[(n, t.as_slice()[n])])
}

/// −1/N Σₙ ln(yₙ + 1e-7) for the probabilities of the labels, `y_t(0)` … `y_t(n - 1)`.
pub(super) fn mean_cross_entropy(n: usize, y_t: impl Fn(usize) -> f64) -> f64 {
    -sum_of(n, |n| ln(y_t(n) + DELTA)) / n as f64
}

/// E = 1/N Σₙ (ln Σₖ exp aₙₖ − aₙₜ): the exact −ln softmax(a)ₜ, with the scores a: (N, classes),
/// labels t: (N).
///
/// Each row's maximum is taken out of the logarithm: no overflow, nothing to add against a
/// logarithm of 0. It is the function whose gradient with respect to a is (y − t)/N, the one that
/// backpropagation (5.6.3) follows.
///
/// # Panics
/// If there is not one label a row of a, or one is no column of it, or there are no rows.
#[track_caller]
pub fn softmax_cross_entropy(a: &Matrix, t: &Labels) -> f64 {
    assert_labels("softmax_cross_entropy", a, t);
    let loss_of = |n: usize| {
        let row = a.row(n);
        let max = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let exps: Vec<f64> = row.iter().map(|&v| exp(v - max)).collect();
        ln(sum(&exps)) + (max - row[t.as_slice()[n]])
    };
    sum_of(a.rows(), loss_of) / a.rows() as f64
}

/// From each row the number in its label's column: (N). `y[np.arange(N), t]` in section 4.2.4, not
/// `y[:, t]`.
///
/// # Panics
/// If there is not one label a row, or one is no column of y, or there are no rows.
#[track_caller]
pub fn pick_label_columns(y: &Matrix, t: &Labels) -> Vec<f64> {
    assert_labels("pick_label_columns", y, t);
    let labels = t.as_slice().iter().enumerate();
    labels.map(|(n, &label)| y[(n, label)]).collect()
}

/// One label a row, each with a column, and at least one.
#[track_caller]
pub(super) fn assert_labels(name: &str, y: &Matrix, t: &Labels) {
    assert!(
        y.rows() == t.len() && !t.is_empty(),
        "{name}: a matrix {:?} and {} labels: expected one label a row, and at least one",
        y.shape(),
        t.len()
    );
    if let Some(label) = t.as_slice().iter().find(|&&label| label >= y.columns()) {
        panic!("{name}: label {label} of {} classes", y.columns());
    }
}

#[track_caller]
fn assert_shapes(name: &str, y: (usize, usize), t: (usize, usize)) {
    assert!(y == t && y.0 > 0, "{name}: y {y:?} and t {t:?}");
}
