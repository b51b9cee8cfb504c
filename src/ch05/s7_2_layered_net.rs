//! 5.7.2: a net made of layers.
//!
//! ```text
//! x ─▶ Affine ─▶ Sigmoid ─▶ Affine ─▶ a2 ─▶ SoftmaxWithLoss ─▶ L      forward: from left to right
//!   ◀─        ◀─         ◀─        ◀─    ◀─                 ◀─ 1      backward: from right to left
//! ```
//!
//! There may be any number of layers. With two Affine layers, this is the net of
//! `ch04/s5_1_two_layer_net.rs`, where the same computation is written out. The probabilities have
//! the same bits. With a sigmoid, the last digits of ∂L/∂W1 and ∂L/∂b1 may differ, because the two
//! multiply in another order. The loss is that net's `exact_loss`.

use super::s4_layers::{Affine, Layer, Parameter, SoftmaxWithLoss};
use crate::ch03::functions::softmax_rows;
use crate::ch04::s2_4_targets::Labels;
use crate::ch04::s5_1_two_layer_net::Parameters;
use crate::numeric::matrix::{Matrix, add_scaled};

/// The book's `TwoLayerNet` of section 5.7.2, for any number of layers.
///
/// ```
/// use from_zero::ch04::s2_4_targets::Labels;
/// use from_zero::ch05::s4_layers::{Affine, Relu};
/// use from_zero::ch05::s7_2_layered_net::LayeredNet;
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
#[derive(Debug)]
pub struct LayeredNet {
    layers: Vec<Box<dyn Layer>>,
    last: SoftmaxWithLoss,
}

impl LayeredNet {
    /// The layers in order, from the input to the scores. The last layer, softmax with loss, is
    /// added to them.
    pub fn new(layers: Vec<Box<dyn Layer>>) -> Self {
        Self { layers, last: SoftmaxWithLoss::default() }
    }

    /// The net of section 5.7.2 with these parameters, and `hidden` between its two Affine layers: a
    /// [`Relu`](super::s4_layers::Relu) in the book.
    pub fn two_layers(params: &Parameters, hidden: Box<dyn Layer>) -> Self {
        let Parameters { w1, b1, w2, b2 } = params.clone();
        Self::new(vec![Box::new(Affine::new(w1, b1)), hidden, Box::new(Affine::new(w2, b2))])
    }

    /// The scores of x: (N, inputs), before the softmax.
    fn scores(&mut self, mut x: Matrix) -> Matrix {
        for layer in &mut self.layers {
            x = layer.forward(x);
        }
        x
    }

    /// The probability of each class: (N, classes), for x: (N, inputs).
    pub fn predict(&mut self, x: Matrix) -> Matrix {
        softmax_rows(&self.scores(x))
    }

    /// The mean cross-entropy over the mini-batch x: (N, inputs), t: (N), without the book's 1e-7.
    /// See [`SoftmaxWithLoss`].
    pub fn loss(&mut self, x: Matrix, t: &Labels) -> f64 {
        let a = self.scores(x);
        self.last.forward(a, t)
    }

    /// The gradient by backpropagation. It stays in the layers: see
    /// [`parameters`](Self::parameters).
    pub fn gradient(&mut self, x: Matrix, t: &Labels) {
        // forward
        self.loss(x, t);

        // backward: the layers in reverse order
        let mut dout = self.last.backward();
        for layer in self.layers.iter_mut().rev() {
            dout = layer.backward(dout);
        }
    }

    /// The parameters of all layers in order: W1, b1, W2, b2, ….
    pub fn parameters(&mut self) -> Vec<Parameter<'_>> {
        self.layers.iter_mut().flat_map(|layer| layer.parameters()).collect()
    }

    /// One step of gradient descent, with the gradient that [`gradient`](Self::gradient) computed
    /// last.
    pub fn descend(&mut self, learning_rate: f64) {
        for Parameter { values, gradient, .. } in self.parameters() {
            add_scaled(values, -learning_rate, gradient);
        }
    }
}
