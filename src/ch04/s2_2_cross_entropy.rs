//! 4.2.2: the cross-entropy error of one sample. Tests: `cargo test section_4_2`.
#![cfg_attr(doc, doc = "", doc = include_str!("../../fixtures/figures/figure-4-3.svg"))]

use super::s2_4_batch_cross_entropy::assert_shapes;
use crate::numeric::elementary::ln;
use crate::numeric::sum::sum_of;

/// E = −Σₖ tₖ ln(yₖ + 1e-7), with y: (classes), t: (classes). Formula 4.2, with the `delta` of the
/// book's code: the cross-entropy error (交差エントロピー誤差, 交叉熵误差, 교차 엔트로피 오차).
///
/// It is −ln of the probability that the net gives to the right answer: 0 for y = 1, and it grows as
/// y goes to 0, as figure 4-3 shows.
///
/// ```
/// use from_zero::ch04::s2_2_cross_entropy::cross_entropy_error;
/// let t = [0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
/// let y = [0.1, 0.05, 0.6, 0.0, 0.05, 0.1, 0.0, 0.1, 0.0, 0.0];
/// assert_eq!(cross_entropy_error(&y, &t), 0.510825457099338);
/// ```
#[track_caller]
pub fn cross_entropy_error(y: &[f64], t: &[f64]) -> f64 {
    assert_shapes("cross_entropy_error", (1, y.len()), (1, t.len()));
    -sum_of(y.len(), |k| t[k] * ln(y[k] + DELTA))
}

/// The book's `delta`. It is added inside the logarithm, so that a probability of 0 gives a loss of
/// 16.1 and not ∞.
///
/// It changes every loss a little: at y = 0.1 the loss becomes smaller by 1e-6. The numbers that
/// the book prints in 4.4.2 and 5.7.3 were computed without it, and backpropagation does not
/// include it. To compare with those numbers, use
/// [`softmax_cross_entropy`](super::s2_4_batch_cross_entropy::softmax_cross_entropy).
pub const DELTA: f64 = 1e-7;
