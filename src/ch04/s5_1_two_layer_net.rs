//! 4.5.1: the neural network with two layers, the book's `TwoLayerNet`. Its gradient is in
//! `s5_1_gradient.rs`.
//!
//! ```text
//! x ──W1,b1──▶ a1 ──sigmoid──▶ z1 ──W2,b2──▶ a2 ──softmax──▶ y ──cross-entropy with t──▶ L
//! (N,784)     (N,50)         (N,50)         (N,10)         (N,10)                     one number
//! ```
//!
//! | function | what it computes | section |
//! |---|---|---|
//! | [`TwoLayerNet::new`] | the weights at the beginning | 4.5.1 |
//! | [`TwoLayerNet::predict`] | y, from x to the right | 4.5.1 |
//! | [`TwoLayerNet::loss`] | L | 4.5.1 |
//! | [`TwoLayerNet::accuracy`] | the share of right answers | 4.5.1 |
//! | [`Parameters::descend`] | one update of the parameters | 4.5.2 |
//!
//! `ch05/s7_2_layered_net.rs` builds the same net from layers. `fast/two_layer_net.rs` has the same
//! functions for images stored without their zero pixels. Exercises e10, e11 and e16. Tests:
//! `cargo test section_4_5`.

use super::s2_4_batch_cross_entropy::{cross_entropy_labels, softmax_cross_entropy};
use super::s2_4_targets::Labels;
use crate::ch03::activation::Activation;
use crate::ch03::functions::softmax_rows;
use crate::numeric::matrix::{Matrix, add_scaled};
use crate::numeric::random::Rng;

/// The net of two layers; see the picture [above](self).
#[derive(Clone, Debug, PartialEq)]
pub struct TwoLayerNet {
    /// The numbers that learning changes
    pub params: Parameters,
    /// The activation of the hidden layer: the sigmoid in chapter 4
    pub activation: Activation,
}

/// The functions of the book's class. x: (N, inputs) is a mini-batch with one sample per row, and
/// t: (N) its labels.
///
/// # Panics
/// The losses panic if a label is not below the number of classes, or there are no samples.
impl TwoLayerNet {
    /// Weights from N(0, `weight_init_std`²), biases 0. The book's net is
    /// `TwoLayerNet::new(784, 50, 10, 0.01, rng)`.
    pub fn new(
        input_size: usize, hidden_size: usize, output_size: usize, weight_init_std: f64,
        rng: &mut impl Rng,
    ) -> Self {
        let mut weights =
            |rows, columns| Matrix::from_fn(rows, columns, |_, _| weight_init_std * rng.normal());
        let params = Parameters {
            w1: weights(input_size, hidden_size),
            b1: vec![0.0; hidden_size],
            w2: weights(hidden_size, output_size),
            b2: vec![0.0; output_size],
        };
        Self { params, activation: Activation::Sigmoid }
    }

    /// The scores a2, before the softmax: (N, classes).
    #[track_caller]
    pub fn scores(&self, x: &Matrix) -> Matrix {
        let Parameters { w1, b1, w2, b2 } = &self.params;
        let a1 = x.dot(w1).add_row(b1); // (N, hidden)
        let z1 = self.activation.forward(&a1); // (N, hidden)
        z1.dot(w2).add_row(b2) // a2: (N, classes)
    }

    /// The probability of each class, y: (N, classes). This is inference (推論, 推理, 추론).
    ///
    /// For the answer alone the softmax is not needed: it does not change which number of a row is
    /// the largest.
    #[track_caller]
    pub fn predict(&self, x: &Matrix) -> Matrix {
        softmax_rows(&self.scores(x))
    }

    /// The loss L: the mean cross-entropy over the mini-batch.
    #[track_caller]
    pub fn loss(&self, x: &Matrix, t: &Labels) -> f64 {
        cross_entropy_labels(&self.predict(x), t)
    }

    /// The accuracy (認識精度, 识别精度, 정확도): the share of samples whose label has the largest
    /// probability. It is NaN if there are no samples.
    #[track_caller]
    pub fn accuracy(&self, x: &Matrix, t: &Labels) -> f64 {
        let answers = self.predict(x).argmax_rows();
        t.count_equal(&answers) as f64 / t.len() as f64
    }

    /// The loss without the book's 1e-7 inside the logarithm. [`gradient`](Self::gradient) computes
    /// the derivatives of this function.
    #[track_caller]
    pub fn exact_loss(&self, x: &Matrix, t: &Labels) -> f64 {
        softmax_cross_entropy(&self.scores(x), t)
    }

    /// The same parameters with another activation.
    pub fn with_activation(self, activation: Activation) -> Self {
        Self { activation, ..self }
    }
}

/// The book's dictionary `params`: the numbers that learning changes. A gradient has the same four
/// parts: its `w1` is ∂L/∂W1.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    /// The book's `params['W1']`: (inputs, hidden)
    pub w1: Matrix,
    /// The book's `params['b1']`: (hidden)
    pub b1: Vec<f64>,
    /// The book's `params['W2']`: (hidden, classes)
    pub w2: Matrix,
    /// The book's `params['b2']`: (classes)
    pub b2: Vec<f64>,
}

impl Parameters {
    /// One step of gradient descent, formula 4.7: W1 ← W1 − η ∂L/∂W1, and the same for b1, W2 and
    /// b2.
    #[track_caller]
    pub fn descend(&mut self, gradient: &Parameters, learning_rate: f64) {
        let (shapes, found) = (self.shapes(), gradient.shapes());
        assert!(shapes == found, "descend: {shapes:?} by {found:?}");
        add_scaled(self.w1.as_mut_slice(), -learning_rate, gradient.w1.as_slice());
        add_scaled(&mut self.b1, -learning_rate, &gradient.b1);
        add_scaled(self.w2.as_mut_slice(), -learning_rate, gradient.w2.as_slice());
        add_scaled(&mut self.b2, -learning_rate, &gradient.b2);
    }

    /// The four parts with their names in the book, each as one slice.
    pub fn parts(&self) -> [(&'static str, &[f64]); 4] {
        [("W1", self.w1.as_slice()), ("b1", &self.b1), ("W2", self.w2.as_slice()), ("b2", &self.b2)]
    }

    /// How many parameters there are: 39,760 in the book's net.
    pub fn count(&self) -> usize {
        self.parts().iter().map(|(_, part)| part.len()).sum()
    }

    pub(crate) fn shapes(&self) -> [(usize, usize); 4] {
        let (b1, b2) = ((1, self.b1.len()), (1, self.b2.len()));
        [self.w1.shape(), b1, self.w2.shape(), b2]
    }
}
