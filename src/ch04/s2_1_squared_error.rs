//! 4.2.1: the sum of squared error, a loss function (損失関数, 损失函数, 손실 함수). Exercise e03. Tests:
//! `cargo test section_4_2`.

use super::s2_4_batch_cross_entropy::assert_shapes;
use crate::numeric::sum::sum_of;

/// E = ½ Σₖ (yₖ − tₖ)², with y: (classes), t: (classes). Formula 4.1: the sum of squared error
/// (二乗和誤差, 均方误差, 오차제곱합).
///
/// The ½ cancels the 2 of the derivative: ∂E/∂yₖ = yₖ − tₖ.
///
/// Older printings call it `mean_squared_error`, but the sum is not divided by the number of terms.
/// The errata correct the name. If t is y plus Gaussian noise with variance 1, E is −ln of the
/// probability density of t, plus a constant.
///
/// ```
/// use from_zero::ch04::s2_1_squared_error::sum_squared_error;
/// let t = [0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
/// let y = [0.1, 0.05, 0.6, 0.0, 0.05, 0.1, 0.0, 0.1, 0.0, 0.0];
/// assert_eq!(sum_squared_error(&y, &t), 0.09750000000000003);
/// ```
#[track_caller]
pub fn sum_squared_error(y: &[f64], t: &[f64]) -> f64 {
    assert_shapes("sum_squared_error", (1, y.len()), (1, t.len()));
    0.5 * sum_of(y.len(), |k| (y[k] - t[k]) * (y[k] - t[k]))
}
