//! 4.5.1: the neural network with two layers, the book's `TwoLayerNet`, and its gradient in two
//! ways.
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
//! | [`TwoLayerNet::numerical_gradient`] | the gradient, slowly: two losses for each parameter | 4.5.1 |
//! | [`TwoLayerNet::gradient`] | the gradient by backpropagation: from L to the left | 5.7.2 |
//! | [`Parameters::descend`] | one update of the parameters | 4.5.2 |
//!
//! `ch05/s7_2_layered_net.rs` builds the same net from layers. `fast/two_layer_net.rs` has the same
//! functions for images without their zeros. Exercises e10 to e16. Tests:
//! `cargo test section_4_5`.

use super::s2_4_batch_cross_entropy::{assert_labels, cross_entropy_labels, softmax_cross_entropy};
use super::s2_4_targets::Labels;
use super::s4_1_gradient::numerical_gradient;
use crate::ch03::functions::{Activation, softmax_rows};
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

/// The functions of the book's class. x: (N, inputs) is a mini-batch with one sample per row, and
/// t: (N) its labels.
///
/// # Panics
/// The losses and the gradients panic if a label is not below the number of classes, or there are
/// no samples.
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

    /// The loss without the book's 1e-7 inside the logarithm. [`gradient`](Self::gradient) computes
    /// the derivatives of this function.
    #[track_caller]
    pub fn exact_loss(&self, x: &Matrix, t: &Labels) -> f64 {
        softmax_cross_entropy(&self.scores(x), t)
    }

    /// The accuracy (認識精度, 识别精度, 정확도): the share of samples whose label has the largest
    /// probability. It is NaN if there are no samples.
    #[track_caller]
    pub fn accuracy(&self, x: &Matrix, t: &Labels) -> f64 {
        let answers = self.predict(x).argmax_rows();
        t.count_equal(&answers) as f64 / t.len() as f64
    }

    /// The gradient by numerical differentiation, as in section 4.5.1: two losses for each
    /// parameter.
    ///
    /// For the book's net this takes 79,520 losses. `fast/numerical_gradient.rs` computes the same
    /// losses on several threads, and [`Incremental`](crate::fast::incremental) finds the same
    /// differences a thousand times faster.
    #[track_caller]
    pub fn numerical_gradient(&self, x: &Matrix, t: &Labels) -> Parameters {
        self.numerical_gradient_of(|net| net.loss(x, t))
    }

    /// The gradient of any function of the net by numerical differentiation. The function receives
    /// nets that differ from this one in one number.
    #[track_caller]
    pub fn numerical_gradient_of(&self, f: impl Fn(&TwoLayerNet) -> f64) -> Parameters {
        let mut net = self.clone(); // its numbers are moved, one at a time, and put back
        let dw1 = net.derivatives_of(|params| params.w1.as_mut_slice(), &f);
        let db1 = net.derivatives_of(|params| &mut params.b1, &f);
        let dw2 = net.derivatives_of(|params| params.w2.as_mut_slice(), &f);
        let db2 = net.derivatives_of(|params| &mut params.b2, &f);
        Parameters {
            w1: net.params.w1.with_data(&dw1),
            b1: db1,
            w2: net.params.w2.with_data(&dw2),
            b2: db2,
        }
    }

    /// The derivatives of f with respect to one part of the parameters: W1, b1, W2 or b2.
    fn derivatives_of(
        &mut self, part: impl Fn(&mut Parameters) -> &mut [f64], f: impl Fn(&TwoLayerNet) -> f64,
    ) -> Vec<f64> {
        let values = part(&mut self.params).to_vec();
        let f_of_part = |moved: &[f64]| {
            part(&mut self.params).copy_from_slice(moved);
            f(self)
        };
        let derivatives = numerical_gradient(f_of_part, &values);
        part(&mut self.params).copy_from_slice(&values); // put back
        derivatives
    }

    /// The gradient by backpropagation (誤差逆伝播法, 误差反向传播法, 오차역전파법): forward once, then backward
    /// once. Chapter 5 derives each line. `da1` is ∂L/∂a1 and has the shape of a1, and so on.
    ///
    /// Only `dy` is different. It is ∂L/∂a2, because the softmax and the cross-entropy are one step
    /// of the backward pass. In some printings the names `da1` and `dz1` are exchanged.
    ///
    /// [`step_by_hand`](crate::beyond::step_by_hand) shows each of these numbers for a small net:
    #[cfg_attr(doc, doc = "", doc = include_str!("../../fixtures/figures/step-by-hand.svg"))]
    #[track_caller]
    pub fn gradient(&self, x: &Matrix, t: &Labels) -> Parameters {
        let Parameters { w1, b1, w2, b2 } = &self.params;
        assert_labels("gradient", (x.rows(), b2.len()), t);
        let t = t.one_hot(b2.len()); // (N, classes)
        let batch_num = x.rows() as f64; // N

        // forward
        let a1 = x.dot(w1).add_row(b1); //         (N, hidden)
        let z1 = self.activation.forward(&a1); //  (N, hidden)
        let a2 = z1.dot(w2).add_row(b2); //        (N, classes)
        let y = softmax_rows(&a2); //              (N, classes)

        // backward
        let dy = &(&y - t.matrix()) / batch_num; //        (N, classes)
        let dw2 = z1.transpose_dot(&dy); //                (hidden, classes)
        let db2 = dy.column_sums(); //                     (classes)
        let dz1 = dy.dot_transpose(w2); //                 (N, hidden)
        let da1 = self.activation.backward(&z1, &dz1); //  (N, hidden)
        let dw1 = x.transpose_dot(&da1); //                (inputs, hidden)
        let db1 = da1.column_sums(); //                    (hidden)
        Parameters { w1: dw1, b1: db1, w2: dw2, b2: db2 }
    }

    /// The same parameters with another activation.
    pub fn with_activation(self, activation: Activation) -> Self {
        Self { activation, ..self }
    }
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
