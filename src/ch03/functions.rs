//! 3.2 and 3.5: activation functions (活性化関数, 激活函数, 활성화 함수) and the softmax.
//!
//! The activation functions take one number. [`Matrix::map`] applies them to a matrix. The softmax
//! takes one sample: a row. Exercises e01, e02. Tests: `cargo test chapter_3`.
#![cfg_attr(doc, doc = "", doc = include_str!("../../fixtures/figures/figure-4-4.svg"))]

use crate::numeric::elementary::exp;
use crate::numeric::matrix::Matrix;
use crate::numeric::sum::sum;

/// h(x) = 1 if x > 0, else 0. Section 3.2.2.
///
/// ```
/// use from_zero::ch03::functions::step_function;
/// assert_eq!([-1.0, 1.0, 2.0].map(step_function), [0.0, 1.0, 1.0]);
/// ```
pub fn step_function(x: f64) -> f64 {
    if x > 0.0 { 1.0 } else { 0.0 }
}

/// σ(x) = 1 / (1 + e⁻ˣ). Formula 3.6. The result can't overflow: at −1000, exp gives ∞, and
/// 1 / ∞ = 0.
///
/// ```
/// use from_zero::ch03::functions::sigmoid;
/// assert_eq!(sigmoid(1.0), 0.7310585786300049);
/// ```
#[inline]
pub fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + exp(-x))
}

/// h(x) = x if x > 0, else 0. Formula 3.7. NaN gives NaN.
#[inline]
pub fn relu(x: f64) -> f64 {
    if x <= 0.0 { 0.0 } else { x }
}

/// σ′(x) = (1 − σ(x)) σ(x): the slope of the sigmoid at x. The book's `sigmoid_grad`. Section 5.5.2
/// derives it. Training uses the same formula in [`Activation::backward`](super::activation::Activation::backward), which already has σ(x).
pub fn sigmoid_grad(x: f64) -> f64 {
    (1.0 - sigmoid(x)) * sigmoid(x)
}

/// yₖ = exp(aₖ − max a) / Σᵢ exp(aᵢ − max a), for one sample a: (classes). Formulas 3.10 and 3.11.
///
/// Subtracting the maximum prevents overflow and does not change the quotient. The search for the
/// maximum starts from −∞. If it started from 0, the result would be 0/0 when all scores are far
/// below 0.
///
/// ```
/// use from_zero::ch03::functions::softmax;
/// let y = softmax(&[0.3, 2.9, 4.0]);
/// assert_eq!(format!("{y:.8?}"), "[0.01821127, 0.24519181, 0.73659691]");
/// ```
pub fn softmax(a: &[f64]) -> Vec<f64> {
    let (exps, _) = exps_below_max(a);
    let total = sum(&exps);
    exps.iter().map(|e| e / total).collect()
}

/// exp(aₖ − max a) for each k, and max a. None of the exps can overflow.
pub(crate) fn exps_below_max(a: &[f64]) -> (Vec<f64>, f64) {
    let max = a.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (a.iter().map(|&score| exp(score - max)).collect(), max)
}

/// The softmax of each row of a: (N, classes). Each row has its own sum. Some published code takes
/// one softmax over the whole matrix. That is a mistake.
pub fn softmax_rows(a: &Matrix) -> Matrix {
    let mut y = a.clone();
    for n in 0..a.rows() {
        y.row_mut(n).copy_from_slice(&softmax(a.row(n)));
    }
    y
}
