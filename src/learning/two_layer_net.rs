//! The net of two layers: `TwoLayerNet` of section 4.5.1, and its gradient by backpropagation
//! (5.7).
//!
//! ```text
//! x ──W1,b1──▶ a1 ──sigmoid──▶ z1 ──W2,b2──▶ a2 ──softmax──▶ y ──cross-entropy with t──▶ L
//! (N,784)     (N,50)         (N,50)         (N,10)         (N,10)                     one number
//! ```
//!
//! The same net as a row of chapter 5's layers is in `layered_net.rs`.

use super::differentiation::{H, numerical_gradient_of};
use super::functions::{Activation, softmax_rows};
use super::loss::{cross_entropy_labels, softmax_cross_entropy};
use super::targets::Labels;
use crate::numeric::compressed::Input;
use crate::numeric::matrix::{Matrix, add_scaled};
use crate::numeric::random::Rng;

/// The book's `params`: what learning changes. A gradient has the same four parts, ∂L/∂W1 where W1
/// stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    /// W1: (inputs, hidden)
    pub w1: Matrix,
    /// b1: (hidden)
    pub b1: Vec<f64>,
    /// W2: (hidden, classes)
    pub w2: Matrix,
    /// b2: (classes)
    pub b2: Vec<f64>,
}

/// The net; see the picture [above](self).
#[derive(Clone, Debug, PartialEq)]
pub struct TwoLayerNet {
    /// W1, b1, W2, b2
    pub params: Parameters,
    /// What stands between the two layers: the sigmoid in chapter 4
    pub activation: Activation,
}

/// The values between the layers, by the book's letters.
pub struct Forward {
    /// z1 = sigmoid(a1), or another activation: (N, hidden)
    pub z1: Matrix,
    /// a2 = z1 · W2 + b2, the scores: (N, classes)
    pub a2: Matrix,
}

/// What a backward pass leaves for the gradient.
pub struct Backward {
    /// From the forward pass: (N, hidden)
    pub z1: Matrix,
    /// ∂L/∂a2: (N, classes)
    pub da2: Matrix,
    /// ∂L/∂a1: (N, hidden)
    pub da1: Matrix,
}

impl TwoLayerNet {
    /// Weights from N(0, `weight_init_std`²), biases 0. The book's net is `new(784, 50, 10, 0.01,
    /// rng)`.
    pub fn new(
        input_size: usize,
        hidden_size: usize,
        output_size: usize,
        weight_init_std: f64,
        rng: &mut impl Rng,
    ) -> Self {
        let mut weights =
            |rows, columns| Matrix::from_fn(rows, columns, |_, _| weight_init_std * rng.normal());
        Self {
            params: Parameters {
                w1: weights(input_size, hidden_size),
                b1: vec![0.0; hidden_size],
                w2: weights(hidden_size, output_size),
                b2: vec![0.0; output_size],
            },
            activation: Activation::Sigmoid,
        }
    }

    /// The same parameters with another activation.
    pub fn with_activation(self, activation: Activation) -> Self {
        Self { activation, ..self }
    }

    /// From x: (N, inputs) to the scores.
    ///
    /// # Panics
    /// If x does not have as many columns as the net has inputs.
    #[track_caller]
    pub fn forward(&self, x: &impl Input) -> Forward {
        let Parameters { w1, b1, w2, b2 } = &self.params;
        let a1 = x.dot(w1).add_row(b1);
        let z1 = self.activation.forward(a1);
        let a2 = z1.dot(w2).add_row(b2);
        Forward { z1, a2 }
    }

    /// The probability of each class, y: (N, classes). (推論, 推理)
    ///
    /// # Panics
    /// If x does not have as many columns as the net has inputs.
    #[track_caller]
    pub fn predict(&self, x: &impl Input) -> Matrix {
        softmax_rows(self.forward(x).a2)
    }

    /// L: the mean cross-entropy over the mini-batch x: (N, inputs), t: (N), with the book's 1e-7
    /// inside the logarithm.
    ///
    /// # Panics
    /// If x does not have as many columns as the net has inputs, t is not one label a sample, each
    /// below the number of classes, or there are no samples.
    #[track_caller]
    pub fn loss(&self, x: &impl Input, t: &Labels) -> f64 {
        cross_entropy_labels(&self.predict(x), t)
    }

    /// The same without the 1e-7: the function whose derivatives [`gradient`](Self::gradient)
    /// gives.
    ///
    /// # Panics
    /// As [`loss`](Self::loss).
    #[track_caller]
    pub fn exact_loss(&self, x: &impl Input, t: &Labels) -> f64 {
        softmax_cross_entropy(&self.forward(x).a2, t)
    }

    /// How many of the samples have their largest probability at their label.
    ///
    /// # Panics
    /// If x does not have as many columns as the net has inputs, or not as many rows as t has
    /// labels.
    #[track_caller]
    pub fn count_correct(&self, x: &impl Input, t: &Labels) -> usize {
        t.count_equal(&self.predict(x).argmax_rows())
    }

    /// The share of right answers (認識精度, 识别精度). NaN for no samples.
    ///
    /// # Panics
    /// As [`count_correct`](Self::count_correct).
    #[track_caller]
    pub fn accuracy(&self, x: &impl Input, t: &Labels) -> f64 {
        self.count_correct(x, t) as f64 / t.len() as f64
    }

    /// The gradient of the loss by central differences, as section 4.5.1 has it: two evaluations of
    /// the whole loss for each parameter. For the book's net and one mini-batch this takes seconds;
    /// [`Incremental`](super::incremental::Incremental) gives the same differences in milliseconds.
    ///
    /// # Panics
    /// As [`loss`](Self::loss).
    #[track_caller]
    pub fn numerical_gradient(&self, x: &impl Input, t: &Labels) -> Parameters {
        self.numerical_gradient_of(|net| net.loss(x, t))
    }

    /// The gradient by central differences of any function of the net. f receives the net whose
    /// parameters are nudged: a copy of this one.
    pub fn numerical_gradient_of(&self, mut f: impl FnMut(&TwoLayerNet) -> f64) -> Parameters {
        let mut net = self.clone();
        let by = |select| numerical_gradient_of(&mut f, &mut net, select, H);
        self.params.with_parts(PARTS.map(by))
    }

    /// The gradient by backpropagation (誤差逆伝播法, 误差反向传播法): one pass forward, one back.
    /// Affine (5.6.2): ∂L/∂W = inputᵀ · ∂L/∂a, and ∂L/∂b is the column sums of ∂L/∂a.
    ///
    /// # Panics
    /// As [`loss`](Self::loss), but for no samples all derivatives are 0.
    #[track_caller]
    pub fn gradient(&self, x: &impl Input, t: &Labels) -> Parameters {
        let Backward { z1, da2, da1 } = self.backward(x, t, x.rows());
        Parameters {
            w1: x.transpose_dot(&da1),
            b1: da1.column_sums(),
            w2: z1.transpose_dot(&da2),
            b2: da2.column_sums(),
        }
    }

    /// From the loss back to a1. Each ∂L/∂v is called dv and has the shape of v.
    ///
    /// `batch_size` is the N of the mini-batch, of which x may be a part: a thread's share.
    ///
    /// # Panics
    /// As [`gradient`](Self::gradient).
    #[track_caller]
    pub fn backward(&self, x: &impl Input, t: &Labels, batch_size: usize) -> Backward {
        assert!(x.rows() == t.len(), "backward: {} samples and {} labels", x.rows(), t.len());
        let Forward { z1, a2 } = self.forward(x);

        // Softmax and cross-entropy together (5.6.3): ∂L/∂a2 = (y − t) / N.
        let mut da2 = softmax_rows(a2);
        for (n, &label) in t.as_slice().iter().enumerate() {
            da2[(n, label)] -= 1.0;
        }
        let da2 = &da2 * (1.0 / batch_size as f64);

        // Affine: ∂L/∂input = ∂L/∂a · Wᵀ. Then number by number through the activation.
        let dz1 = da2.dot_transpose(&self.params.w2);
        let da1 = self.activation.backward(&z1, &dz1);
        Backward { z1, da2, da1 }
    }
}

impl Parameters {
    /// The four parts with their names in the book, each as one slice.
    pub fn parts(&self) -> [(&'static str, &[f64]); 4] {
        [("W1", self.w1.as_slice()), ("b1", &self.b1), ("W2", self.w2.as_slice()), ("b2", &self.b2)]
    }

    /// Other numbers in the same four shapes, each part as one `Vec`.
    ///
    /// # Panics
    /// If a part has more or fewer numbers than the one whose place it takes.
    #[track_caller]
    pub fn with_parts(&self, [w1, b1, w2, b2]: [Vec<f64>; 4]) -> Parameters {
        let lengths = [&w1, &b1, &w2, &b2].map(Vec::len);
        let of_self = self.parts().map(|(_, part)| part.len());
        assert!(lengths == of_self, "with_parts: {lengths:?} numbers for {of_self:?}");
        let matrix = |like: &Matrix, part| Matrix::from_vec(like.rows(), like.columns(), part);
        Parameters { w1: matrix(&self.w1, w1), b1, w2: matrix(&self.w2, w2), b2 }
    }

    /// How many numbers there are: 39,760 in the book's net.
    pub fn count(&self) -> usize {
        self.parts().iter().map(|(_, part)| part.len()).sum()
    }

    /// One step of gradient descent, formula 4.7: W ← W − η ∂L/∂W, and so on.
    ///
    /// # Panics
    /// If the gradient is that of a net of another shape.
    #[track_caller]
    pub fn descend(&mut self, gradient: &Parameters, learning_rate: f64) {
        assert!(
            self.shapes() == gradient.shapes(),
            "descend: {:?} by {:?}",
            self.shapes(),
            gradient.shapes()
        );
        let d = gradient;
        add_scaled(self.w1.as_mut_slice(), -learning_rate, d.w1.as_slice());
        add_scaled(&mut self.b1, -learning_rate, &d.b1);
        add_scaled(self.w2.as_mut_slice(), -learning_rate, d.w2.as_slice());
        add_scaled(&mut self.b2, -learning_rate, &d.b2);
    }

    /// Makes these parameters equal to others, in the same memory where the shapes agree.
    pub fn copy_from(&mut self, other: &Parameters) {
        if self.shapes() != other.shapes() {
            *self = other.clone();
            return;
        }
        self.w1.as_mut_slice().copy_from_slice(other.w1.as_slice());
        self.b1.copy_from_slice(&other.b1);
        self.w2.as_mut_slice().copy_from_slice(other.w2.as_slice());
        self.b2.copy_from_slice(&other.b2);
    }

    fn shapes(&self) -> [(usize, usize); 4] {
        let (b1, b2) = ((1, self.b1.len()), (1, self.b2.len()));
        [self.w1.shape(), b1, self.w2.shape(), b2]
    }
}

/// W1, b1, W2 and b2 of a net, each as the numbers that a numerical gradient nudges.
pub const PARTS: [fn(&mut TwoLayerNet) -> &mut [f64]; 4] = [
    |net| net.params.w1.as_mut_slice(),
    |net| &mut net.params.b1,
    |net| net.params.w2.as_mut_slice(),
    |net| &mut net.params.b2,
];
