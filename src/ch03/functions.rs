//! 3.2 and 3.5: activation functions (活性化関数, 激活函数, 활성화 함수) and the softmax.
//!
//! The activation functions take one number. [`Matrix::map`] applies them to a matrix. The softmax
//! takes one sample: a row. Exercises e01, e02. Tests: `cargo test chapter_3`.
#![cfg_attr(doc, doc = "", doc = include_str!("../../fixtures/figures/figure-4-4.svg"))]

use std::fmt;

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
/// derives it. Training uses the same formula in [`Activation::backward`], which already has σ(x).
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

/// The activation function of a hidden layer. Chapter 4 uses the sigmoid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Activation {
    /// [`step_function`]. Its derivative is 0, so the first layer of the net can't learn: section 4.2.5
    Step,
    /// [`sigmoid`]
    #[default]
    Sigmoid,
    /// [`relu`]
    Relu,
}

impl Activation {
    /// z = h(a), for one number.
    #[inline]
    pub fn of(self, a: f64) -> f64 {
        match self {
            Activation::Step => step_function(a),
            Activation::Sigmoid => sigmoid(a),
            Activation::Relu => relu(a),
        }
    }

    /// z = h(a), element by element, with a: (N, hidden), z: (N, hidden).
    pub fn forward(self, a: &Matrix) -> Matrix {
        a.map(|a| self.of(a))
    }

    /// ∂L/∂a = h′(a) · ∂L/∂z, element by element: (N, hidden). **This is the backward pass that
    /// training uses.** It needs only the output z, because h′(a) can be computed from z alone:
    ///
    /// - sigmoid (5.5.2): h′ = (1 − z) z
    /// - relu (5.5.1): h′ = 1 where z > 0, else 0
    /// - step function: h′ = 0 (at 0 it has no derivative)
    #[track_caller]
    pub fn backward(self, z: &Matrix, dz: &Matrix) -> Matrix {
        match self {
            Activation::Step => z.zip_map(dz, |_, _| 0.0),
            Activation::Sigmoid => z.zip_map(dz, |z, dz| (1.0 - z) * z * dz),
            Activation::Relu => z.zip_map(dz, |z, dz| if z <= 0.0 { 0.0 } else { dz }),
        }
    }
}

/// The name in lower case, as in `--activation relu`.
impl fmt::Display for Activation {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Activation::Step => "step",
            Activation::Sigmoid => "sigmoid",
            Activation::Relu => "relu",
        })
    }
}
