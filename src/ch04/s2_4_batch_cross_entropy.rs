//! 4.2.4: the cross-entropy error of a mini-batch. Each function panics if there are no rows, or if a
//! label is not below the number of classes. Exercise e04. Tests: `cargo test section_4_2`.

use super::s2_2_cross_entropy::DELTA;
use super::s2_4_targets::{Labels, OneHot};
use crate::ch03::functions::exps_below_max;
use crate::numeric::elementary::ln;
use crate::numeric::matrix::Matrix;
use crate::numeric::sum::{sum, sum_of};

/// E = −1/N Σₙ Σₖ tₙₖ ln(yₙₖ + 1e-7), with y: (N, classes), t: (N, classes). Formula 4.3, which the
/// book gives in 4.2.3: the mean over a mini-batch of N samples.
///
/// ```
/// use from_zero::ch04::s2_4_batch_cross_entropy::cross_entropy_one_hot;
/// use from_zero::ch04::s2_4_targets::OneHot;
/// use from_zero::numeric::matrix::Matrix;
/// let y = Matrix::from_rows(&[[0.1, 0.6, 0.3], [0.1, 0.1, 0.8]]);
/// let t = OneHot::from_rows(&[[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]);
/// // −(ln 0.6 + ln 0.1) / 2, with 1e-7 inside each logarithm
/// assert_eq!(cross_entropy_one_hot(&y, &t), 1.406704775046942);
/// ```
#[track_caller]
pub fn cross_entropy_one_hot(y: &Matrix, t: &OneHot) -> f64 {
    let t = t.matrix();
    assert_shapes("cross_entropy_one_hot", y.shape(), t.shape());
    let terms = t.zip_map(y, |t, y| t * ln(y + DELTA));
    -sum(terms.as_slice()) / y.rows() as f64
}

/// E = −1/N Σₙ ln(yₙₜ + 1e-7), where t is the label of sample n; y: (N, classes), t: (N).
///
/// This is formula 4.3 again. In a one-hot row only one element is 1, so only one term of the inner
/// sum remains: `-np.sum(np.log(y[np.arange(batch_size), t] + 1e-7)) / batch_size`.
///
/// ```
/// use from_zero::ch04::s2_4_batch_cross_entropy::cross_entropy_labels;
/// use from_zero::ch04::s2_4_targets::Labels;
/// use from_zero::numeric::matrix::Matrix;
/// let y = Matrix::from_rows(&[[0.1, 0.6, 0.3], [0.1, 0.1, 0.8]]);
/// assert_eq!(cross_entropy_labels(&y, &Labels::new(vec![1, 0])), 1.406704775046942);
/// ```
#[track_caller]
pub fn cross_entropy_labels(y: &Matrix, t: &Labels) -> f64 {
    assert_labels("cross_entropy_labels", y.shape(), t);
    mean_of_minus_ln(&pick_label_columns(y, t))
}

/// −1/N Σₙ ln(yₙₜ + 1e-7), from the N probabilities yₙₜ.
pub(crate) fn mean_of_minus_ln(y_t: &[f64]) -> f64 {
    -sum_of(y_t.len(), |n| ln(y_t[n] + DELTA)) / y_t.len() as f64
}

/// The number in the label's column, for each row: `y[np.arange(batch_size), t]` of section 4.2.4.
/// It is not `y[:, t]`, which would give N × N numbers.
///
/// ```
/// use from_zero::ch04::s2_4_batch_cross_entropy::pick_label_columns;
/// use from_zero::ch04::s2_4_targets::Labels;
/// use from_zero::numeric::matrix::Matrix;
/// let y = Matrix::from_rows(&[[0.5, 1.0, 0.1], [0.2, 2.0, 7.0], [10.0, 3.0, 0.0]]);
/// assert_eq!(pick_label_columns(&y, &Labels::new(vec![2, 0, 1])), [0.1, 0.2, 3.0]);
/// ```
#[track_caller]
pub fn pick_label_columns(y: &Matrix, t: &Labels) -> Vec<f64> {
    assert_labels("pick_label_columns", y.shape(), t);
    (0..y.rows()).map(|n| y[(n, t.as_slice()[n])]).collect()
}

/// E = 1/N Σₙ (ln Σₖ exp aₙₖ − aₙₜ): the mean of −ln softmax(a)ₜ without the 1e-7, with scores
/// a: (N, classes), labels t: (N).
///
/// The maximum of each row is subtracted before exp, so that nothing overflows. No 1e-7 is needed.
/// The gradient of this function with respect to a is exactly (y − t)/N, the formula of
/// backpropagation (5.6.3).
///
/// ```
/// use from_zero::ch04::s2_4_batch_cross_entropy::softmax_cross_entropy;
/// use from_zero::ch04::s2_4_targets::Labels;
/// use from_zero::numeric::matrix::Matrix;
/// // The scores p that section 4.4.2 prints. Their loss is 0.92806853663411326.
/// let p = Matrix::from_rows(&[[1.05414809, 0.63071653, 1.1328074]]);
/// let loss = softmax_cross_entropy(&p, &Labels::new(vec![2]));
/// assert!((loss - 0.92806853663411326).abs() < 1e-8);
/// ```
#[track_caller]
pub fn softmax_cross_entropy(a: &Matrix, t: &Labels) -> f64 {
    assert_labels("softmax_cross_entropy", a.shape(), t);
    let loss_of_sample = |n: usize| exact_loss_of_sample(a.row(n), t.as_slice()[n]);
    sum_of(a.rows(), loss_of_sample) / a.rows() as f64
}

/// ln Σₖ exp aₖ − aₜ for one sample: a: (classes), t: its label.
pub(crate) fn exact_loss_of_sample(a: &[f64], t: usize) -> f64 {
    let (exps, max) = exps_below_max(a);
    ln(sum(&exps)) + (max - a[t])
}

/// There is one label per row, each label is a column, and there is at least one row.
#[track_caller]
pub(crate) fn assert_labels(name: &str, y_shape: (usize, usize), t: &Labels) {
    let (samples, classes) = y_shape;
    assert!(
        samples == t.len() && samples > 0,
        "{name}: a matrix {y_shape:?} and {} labels: expected one label per row, and at least one row",
        t.len()
    );
    if let Some(label) = t.as_slice().iter().find(|&&label| label >= classes) {
        panic!("{name}: label {label} of {classes} classes");
    }
}

#[track_caller]
pub(crate) fn assert_shapes(name: &str, y: (usize, usize), t: (usize, usize)) {
    assert!(y == t && y.0 > 0, "{name}: y {y:?} and t {t:?}");
}
