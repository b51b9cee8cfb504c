//! A net as a row of layers: section 5.7.
//!
//! ```text
//! x ─▶ Affine ─▶ Sigmoid ─▶ Affine ─▶ a2 ─▶ SoftmaxWithLoss ─▶ L      forward: from left to right
//!   ◀─        ◀─         ◀─        ◀─    ◀─                 ◀─ 1      backward: from right to left
//! ```
//!
//! `two_layer_net.rs` writes the same out for two layers, and gives the same bits. A row of layers
//! may be of any length. Its input is a [`Matrix`], the zeros of an image included: this is the
//! text to read, the other is the quick one.

use super::functions::{Activation, softmax_rows};
use super::layers::{Affine, Layer, Parameter, Relu, Sigmoid, SoftmaxWithLoss};
use super::targets::Labels;
use super::two_layer_net::Parameters;
use crate::numeric::matrix::{Matrix, add_scaled};

/// The book's `TwoLayerNet` of section 5.7.2, for any number of layers.
///
/// ```
/// use from_zero::learning::layered_net::LayeredNet;
/// use from_zero::learning::layers::{Affine, Relu};
/// use from_zero::learning::targets::Labels;
/// use from_zero::numeric::matrix::Matrix;
///
/// let w = Matrix::from_rows(&[[1.0, -1.0], [0.5, 1.0]]);
/// let mut net = LayeredNet::new(vec![
///     Box::new(Affine::new(w.clone(), vec![0.1, 0.2])),
///     Box::new(Relu::default()),
///     Box::new(Affine::new(w, vec![0.0, 0.0])),
/// ]);
/// let (x, t) = (Matrix::from_rows(&[[0.3, -0.4]]), Labels::new(vec![1]));
/// let before = net.loss(x.clone(), &t);
/// net.gradient(x.clone(), &t);
/// net.descend(0.1);
/// assert!(net.loss(x, &t) < before);
/// ```
pub struct LayeredNet {
    layers: Vec<Box<dyn Layer>>,
    last: SoftmaxWithLoss,
}

impl LayeredNet {
    /// From the input to the scores; the softmax with the loss stands behind them.
    pub fn new(layers: Vec<Box<dyn Layer>>) -> Self {
        Self { layers, last: SoftmaxWithLoss::default() }
    }

    /// The net of section 5.7.2 with these parameters, and a sigmoid or a relu between its layers.
    ///
    /// # Panics
    /// For [`Activation::Step`], which has no layer in the book.
    #[track_caller]
    pub fn two_layers(params: &Parameters, activation: Activation) -> Self {
        let Parameters { w1, b1, w2, b2 } = params.clone();
        Self::new(vec![
            Box::new(Affine::new(w1, b1)),
            match activation {
                Activation::Sigmoid => Box::new(Sigmoid::default()),
                Activation::Relu => Box::new(Relu::default()),
                Activation::Step => panic!("two_layers: expected sigmoid or relu, found step"),
            },
            Box::new(Affine::new(w2, b2)),
        ])
    }

    /// The scores of x: (N, inputs), before the softmax.
    fn scores(&mut self, x: Matrix) -> Matrix {
        self.layers.iter_mut().fold(x, |x, layer| layer.forward(x))
    }

    /// The probability of each class: (N, classes), for x: (N, inputs).
    ///
    /// # Panics
    /// If x has not as many columns as the first layer takes.
    #[track_caller]
    pub fn predict(&mut self, x: Matrix) -> Matrix {
        softmax_rows(self.scores(x))
    }

    /// The mean cross-entropy over the mini-batch x: (N, inputs), t: (N), without the book's 1e-7:
    /// see [`SoftmaxWithLoss`].
    ///
    /// # Panics
    /// If x has not as many columns as the first layer takes, t is not one label a sample, each below
    /// the number of classes, or there are no samples.
    #[track_caller]
    pub fn loss(&mut self, x: Matrix, t: &Labels) -> f64 {
        let a = self.scores(x);
        self.last.forward(a, t)
    }

    /// Forward, then backward: each layer has its gradients then, and [`parameters`] gives them.
    ///
    /// [`parameters`]: Self::parameters
    ///
    /// # Panics
    /// As [`loss`](Self::loss).
    #[track_caller]
    pub fn gradient(&mut self, x: Matrix, t: &Labels) {
        self.loss(x, t);
        let dout = self.last.backward();
        self.layers.iter_mut().rev().fold(dout, |dout, layer| layer.backward(dout));
    }

    /// The parameters of all layers in order: W1, b1, W2, b2 …
    pub fn parameters(&mut self) -> Vec<Parameter<'_>> {
        self.layers.iter_mut().flat_map(|layer| layer.parameters()).collect()
    }

    /// One step of gradient descent with the gradients of the last [`gradient`](Self::gradient).
    pub fn descend(&mut self, learning_rate: f64) {
        for Parameter { values, gradient, .. } in self.parameters() {
            add_scaled(values, -learning_rate, gradient);
        }
    }
}
