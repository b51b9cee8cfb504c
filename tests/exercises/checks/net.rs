//! What e17 hands to the training loop: a net and data. While e17 is checked, the library computes
//! for them. In the milestone they call the functions of mine.rs.

use from_zero::ch03::functions::{sigmoid, softmax};
use from_zero::ch04::s5_1_two_layer_net::Parameters;
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::random::Xorshift64Star;

use super::functions::{Sigmoid, Softmax};
use super::losses::{CrossEntropy, right_cross_entropy};
use super::predictions::{Accuracy, MiniBatch, Predict};
use super::{backward, predictions};

/// The two-layer net.
pub struct Net {
    pub params: Parameters,
    functions: Functions,
}

/// The functions that a net and its data consist of.
#[derive(Clone, Copy)]
pub struct Functions {
    pub sigmoid: Sigmoid,
    pub softmax: Softmax,
    pub cross_entropy: CrossEntropy,
    pub mini_batch: MiniBatch,
    pub predict: Predict,
    pub accuracy: Accuracy,
    pub gradient: backward::NetGradient,
    pub update: backward::Update,
}

impl Functions {
    pub fn of_the_library() -> Self {
        Self {
            sigmoid,
            softmax,
            cross_entropy: right_cross_entropy,
            mini_batch: predictions::mini_batch().right,
            predict: predictions::predict().right,
            accuracy: predictions::accuracy().right,
            gradient: backward::gradient().right,
            update: backward::update().right,
        }
    }
}

impl Net {
    pub fn new(params: Parameters, functions: Functions) -> Self {
        Self { params, functions }
    }

    /// e15: the gradient of the loss on a mini-batch.
    pub fn gradient(&self, x: &Matrix, t: &Matrix) -> Parameters {
        let Functions { gradient, sigmoid, softmax, .. } = self.functions;
        gradient(&self.params, x, t, sigmoid, softmax)
    }

    /// e16: one step of gradient descent.
    pub fn update(&mut self, gradient: &Parameters, learning_rate: f64) {
        (self.functions.update)(&mut self.params, gradient, learning_rate);
    }

    /// e10 and e04: the loss on a mini-batch.
    pub fn loss(&self, x: &Matrix, t: &Matrix) -> f64 {
        (self.functions.cross_entropy)(&self.predict(x), t)
    }

    /// e10 and e11: the share of right answers.
    pub fn accuracy(&self, x: &Matrix, t: &Matrix) -> f64 {
        (self.functions.accuracy)(&self.predict(x), t)
    }

    fn predict(&self, x: &Matrix) -> Matrix {
        let Functions { predict, sigmoid, softmax, .. } = self.functions;
        predict(&self.params, x, sigmoid, softmax)
    }
}

/// The images, one per row, and their answers as one-hot rows.
pub struct Data {
    pub x_train: Matrix,
    pub t_train: Matrix,
    pub x_test: Matrix,
    pub t_test: Matrix,
    pub functions: Functions,
}

impl Data {
    /// e09: a mini-batch (x, t) of the training images.
    pub fn mini_batch(&self, batch_size: usize, rng: &mut Xorshift64Star) -> (Matrix, Matrix) {
        (self.functions.mini_batch)(&self.x_train, &self.t_train, batch_size, rng)
    }
}

/// How to train.
pub struct Settings {
    pub iterations: usize,
    pub batch_size: usize,
    pub learning_rate: f64,
    pub iter_per_epoch: usize,
}
