//! 3.2 and 5.5: the activation of a hidden layer, forward and backward, as training uses it.
//! Exercise e14. Tests: `cargo test chapter_3`.

use std::fmt;

use super::functions::{relu, sigmoid, step_function};
use crate::numeric::matrix::Matrix;

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

    /// z = h(a), for one number.
    #[inline]
    pub fn of(self, a: f64) -> f64 {
        match self {
            Activation::Step => step_function(a),
            Activation::Sigmoid => sigmoid(a),
            Activation::Relu => relu(a),
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
