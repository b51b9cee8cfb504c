//! 4.5.1 and 5.7.2 by hand: one step of learning, small enough for a sheet of paper.
//!
//! The net has 2 inputs, 2 hidden units and 2 classes. There are two samples, and every weight is
//! −1, 0 or 1. Three questions before you scroll down:
//!
//! 1. Which number of W2 moves most, and why?
//! 2. Which derivatives are exactly 0, and why?
//! 3. Does the loss of these two samples become smaller?
//!
#![cfg_attr(doc, doc = include_str!("../../fixtures/figures/step-by-hand.svg"))]
//!
//! ```
//! use from_zero::beyond::step_by_hand::{Step, example};
//! let (net, x, t) = example();
//! let step = Step::new(&net, &x, &t, 1.0); // learning rate 1
//! assert_eq!(format!("{:.4}", step.y), "[[0.6313  0.3687]\n [0.8534  0.1466]]");
//! // The labels are 0 and 1, so dy = (y − [[1, 0], [0, 1]]) / 2.
//! assert_eq!(format!("{:.4}", step.dy), "[[-0.1843   0.1843]\n [ 0.4267  -0.4267]]");
//! assert_eq!(format!("{:.4}", step.loss), "1.1900"); // (−ln 0.6313 − ln 0.1466) / 2
//! assert_eq!(format!("{:.4}", step.loss_after), "0.9131");
//! ```
//!
//! `from-zero chapter step` shows all digits, and dW1 by central differences, too. The answers:
//!
//! 1. The row of the first hidden unit. The second sample is the one with the wrong answer, so its
//!    dy is the largest, and the first unit has its largest output, 0.88, for this sample.
//! 2. Those of the second column of W1 and of its bias. The second unit's row of W2 is 0, so a
//!    change of its output changes no score. But this row of W2 has derivatives, so after the update
//!    it is not 0, and in the next step the second column of W1 moves, too.
//! 3. Yes: from 1.1900 to 0.9131. A learning rate that is too large would make it grow.

use crate::ch03::functions::softmax_rows;
use crate::ch04::s2_4_targets::Labels;
use crate::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use crate::numeric::matrix::Matrix;
use crate::numeric::random::Xorshift64Star;

/// The net, its two samples x: (2, 2), and their labels t: (2).
pub fn example() -> (TwoLayerNet, Matrix, Labels) {
    let mut net = TwoLayerNet::new(2, 2, 2, 0.0, &mut Xorshift64Star::new(0));
    net.params.w1 = Matrix::from_rows(&[[1.0, 0.0], [-1.0, 1.0]]);
    net.params.w2 = Matrix::from_rows(&[[1.0, -1.0], [0.0, 0.0]]);
    (net, Matrix::from_rows(&[[1.0, 2.0], [3.0, 1.0]]), Labels::new(vec![0, 1]))
}

/// Every number of one step, with the names of [`TwoLayerNet::gradient`].
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the names are those of TwoLayerNet::gradient")]
pub struct Step {
    pub a1: Matrix,
    pub z1: Matrix,
    pub a2: Matrix,
    pub y: Matrix,
    /// Without the 1e-7, as backpropagation has it
    pub loss: f64,
    pub dy: Matrix,
    pub dz1: Matrix,
    pub da1: Matrix,
    /// By backpropagation
    pub gradient: Parameters,
    /// By central differences
    pub numerical: Parameters,
    /// The parameters after the update
    pub after: Parameters,
    pub loss_after: f64,
}

impl Step {
    /// Computes one step of the net on x: (N, inputs), t: (N).
    pub fn new(net: &TwoLayerNet, x: &Matrix, t: &Labels, learning_rate: f64) -> Self {
        let Parameters { w1, b1, w2, b2 } = &net.params;
        let a1 = x.dot(w1).add_row(b1);
        let z1 = net.activation.forward(&a1);
        let a2 = z1.dot(w2).add_row(b2);
        let y = softmax_rows(&a2);
        let dy = &(&y - t.one_hot(b2.len()).matrix()) / x.rows() as f64;
        let dz1 = dy.dot_transpose(w2);
        let da1 = net.activation.backward(&z1, &dz1);

        let gradient = net.gradient(x, t);
        let numerical = net.numerical_gradient_of(|net| net.exact_loss(x, t));
        let mut moved = net.clone();
        moved.params.descend(&gradient, learning_rate);
        let (loss, loss_after) = (net.exact_loss(x, t), moved.exact_loss(x, t));
        let after = moved.params;
        Self { a1, z1, a2, y, loss, dy, dz1, da1, gradient, numerical, after, loss_after }
    }
}
