//! Activation functions (活性化関数, 激活函数) and the softmax: chapter 3, as far as chapter 4 uses it.
//!
//! Functions of one number, for [`Matrix::map`], except the softmax, which is a function of a row.

use std::fmt;

use crate::numeric::elementary::{exp, exp_in_place};
use crate::numeric::matrix::Matrix;
use crate::numeric::sum::sum;

/// 1 where x > 0, else 0. Section 3.2.2.
#[inline]
pub fn step_function(x: f64) -> f64 {
    if x > 0.0 { 1.0 } else { 0.0 }
}

/// σ(x) = 1 / (1 + e⁻ˣ). Formula 3.6. No overflow: at −1000 it is 1 / ∞ = 0.
#[inline]
pub fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + exp(-x))
}

/// [`sigmoid`] of each number, with the same bits; quicker for many.
pub fn sigmoid_in_place(x: &mut [f64]) {
    x.iter_mut().for_each(|x| *x = -*x);
    exp_in_place(x);
    x.iter_mut().for_each(|e| *e = 1.0 / (1.0 + *e));
}

/// σ′(x) = (1 − σ(x)) σ(x), `sigmoid_grad` in the book's code. Derived in section 5.5.2.
#[inline]
pub fn sigmoid_grad(x: f64) -> f64 {
    let y = sigmoid(x);
    (1.0 - y) * y
}

/// x where x > 0, else 0; NaN stays NaN. Formula 3.7.
#[inline]
pub fn relu(x: f64) -> f64 {
    if x <= 0.0 { 0.0 } else { x }
}

/// The activation of a hidden layer as a value, with its backward beside its forward.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Activation {
    /// [`step_function`]. No gradient gets past it: section 4.2.5.
    Step,
    /// [`sigmoid`], the chapter's.
    #[default]
    Sigmoid,
    /// [`relu`].
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

    /// z = h(a), element by element: (N, hidden).
    pub fn forward(self, mut a: Matrix) -> Matrix {
        self.in_place(a.as_mut_slice());
        a
    }

    /// [`forward`](Self::forward) without a new matrix.
    pub fn in_place(self, a: &mut [f64]) {
        match self {
            Activation::Sigmoid => sigmoid_in_place(a),
            other => a.iter_mut().for_each(|a| *a = other.of(*a)),
        }
    }

    /// ∂L/∂a = h′(a) ∂L/∂z, element by element: (N, hidden). The output z is enough to know h′(a):
    /// σ′ = (1 − z) z (5.5.2); relu lets through what it let through forward (5.5.1), so its slope
    /// at 0 is 0; the step is flat wherever it has a slope.
    ///
    /// # Panics
    /// If the shapes differ.
    #[track_caller]
    pub fn backward(self, z: &Matrix, dz: &Matrix) -> Matrix {
        match self {
            Activation::Step => z.zip_map(dz, |_, _| 0.0),
            Activation::Sigmoid => z.zip_map(dz, |z, dz| (1.0 - z) * z * dz),
            Activation::Relu => z.zip_map(dz, |z, dz| if z <= 0.0 { 0.0 } else { dz }),
        }
    }
}

/// The name in running text: `sigmoid`.
impl fmt::Display for Activation {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Activation::Step => "step",
            Activation::Sigmoid => "sigmoid",
            Activation::Relu => "relu",
        })
    }
}

/// yₖ = exp(aₖ − max a) / Σᵢ exp(aᵢ − max a), for one sample a. Formulas 3.10 and 3.11.
///
/// Subtracting the maximum changes nothing in the quotient and prevents overflow. The maximum
/// starts from the data: started at 0 it gives 0/0 where all scores are far below 0.
pub fn softmax(a: &[f64]) -> Vec<f64> {
    let mut y = a.to_vec();
    softmax_in_place(&mut y);
    y
}

/// The softmax of each row of a: (n, k), one sample a row. Over the whole matrix at once, as a
/// published slip has it, the rows would share one sum.
pub fn softmax_rows(mut a: Matrix) -> Matrix {
    softmax_rows_in_place(&mut a);
    a
}

/// [`softmax_rows`] without a new matrix.
pub fn softmax_rows_in_place(a: &mut Matrix) {
    for n in 0..a.rows() {
        softmax_in_place(a.row_mut(n));
    }
}

fn softmax_in_place(a: &mut [f64]) {
    let max = a.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    for v in a.iter_mut() {
        *v = exp(*v - max);
    }
    let total = sum(a);
    for v in a.iter_mut() {
        *v /= total;
    }
}
