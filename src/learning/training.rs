//! The training loop: mini-batch → gradient → update → record. Sections 4.5.2 and 4.5.3.

use std::fmt;
use std::ops::ControlFlow;

use super::evaluation::accuracy;
use super::gradient::{Backprop, GradientMethod};
use super::mnist::Mnist;
use super::two_layer_net::TwoLayerNet;
use super::workers::Workers;
use crate::numeric::random::Rng;

/// The hyperparameters (ハイパーパラメータ, 超参数). The default is the book's.
#[derive(Debug)]
pub struct Settings {
    /// `iters_num`
    pub iterations: usize,
    /// N, the size of a mini-batch
    pub batch_size: usize,
    /// η
    pub learning_rate: f64,
    /// How the gradient is found
    pub gradient: Box<dyn GradientMethod>,
    /// How many threads share the work. The results do not depend on it.
    pub threads: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            iterations: 10_000,
            batch_size: 100,
            learning_rate: 0.1,
            gradient: Box::new(Backprop),
            threads: 1,
        }
    }
}

/// What [`train`] reports while it runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event {
    /// Within a slow gradient: `done` of its `total` steps.
    Gradient {
        /// The iteration that it is for
        iteration: usize,
        /// Steps done: evaluations of the loss, for the naive gradient
        done: usize,
        /// Steps in all
        total: usize,
    },
    /// After an update.
    Iteration {
        /// Counted from 0
        iteration: usize,
        /// On the mini-batch of this iteration, after its update
        loss: f64,
    },
    /// After an update with which an epoch (エポック) begins: iterations 0, 600, 1200 …
    Epoch {
        /// Counted from 0
        iteration: usize,
        /// On the mini-batch of this iteration, after its update
        loss: f64,
        /// On all data
        accuracy: Accuracy,
    },
}

/// The share of right answers on all training images and on all test images.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Accuracy {
    /// Of the training images
    pub train: f64,
    /// Of the test images
    pub test: f64,
}

/// What a run leaves behind: the data of figures 4-11 and 4-12.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// `train_loss_list`: the loss after each update
    pub losses: Vec<f64>,
    /// `train_acc_list` and `test_acc_list`, each with its iteration
    pub accuracies: Vec<(usize, Accuracy)>,
}

/// The loss became infinite or NaN.
#[derive(Clone, Debug, PartialEq)]
pub struct Diverged {
    /// The iteration after whose update it did
    pub iteration: usize,
    /// What it became
    pub loss: f64,
    /// The learning rate, mostly the cause
    pub learning_rate: f64,
}

impl fmt::Display for Diverged {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(
            f,
            "the loss became {} at iteration {} with a learning rate of {:?}: try a smaller learning rate",
            self.loss, self.iteration, self.learning_rate
        )
    }
}

impl std::error::Error for Diverged {}

/// Trains the net by stochastic gradient descent (確率的勾配降下法, 随机梯度下降法), as section 4.5.2 does: draw a
/// mini-batch, find the gradient, update, record the loss; and each epoch (4.5.3) the accuracy.
///
/// `report` is called with each [`Event`]; `Break` ends the run after the iteration at hand.
///
/// # Errors
/// [`Diverged`] if the loss is no longer a finite number.
///
/// # Panics
/// If the batch size is 0, there are no training images, or the net has not as many inputs as an
/// image has pixels or fewer outputs than there are digits.
#[track_caller]
pub fn train(
    net: &mut TwoLayerNet,
    data: &Mnist,
    settings: &Settings,
    rng: &mut impl Rng,
    mut report: impl FnMut(Event) -> ControlFlow<()>,
) -> Result<History, Diverged> {
    let train_size = data.train.labels.len();
    assert!(
        settings.batch_size > 0 && train_size > 0,
        "train: mini-batches of {} from {train_size} images",
        settings.batch_size
    );
    let iter_per_epoch = (train_size / settings.batch_size).max(1);
    let mut workers = Workers::new(settings.threads);
    let mut history = History::default();

    for iteration in 0..settings.iterations {
        let batch = rng.mini_batch(train_size, settings.batch_size);
        let (x, t) = data.train.select(&batch);

        let mut stop = false;
        let mut report = |event| stop |= report(event).is_break();

        let mut progress = |done, total| {
            report(Event::Gradient { iteration, done, total });
        };
        let method = &settings.gradient;
        let gradient = method.gradient(net, &x, &t, &mut workers, &mut progress);
        net.params.descend(&gradient, settings.learning_rate);

        let loss = workers.loss(net, &x, &t);
        history.losses.push(loss);
        if !loss.is_finite() {
            let learning_rate = settings.learning_rate;
            return Err(Diverged { iteration, loss, learning_rate });
        }

        report(Event::Iteration { iteration, loss });
        if iteration % iter_per_epoch == 0 {
            let accuracy = Accuracy {
                train: accuracy(net, &data.train, workers.threads()),
                test: accuracy(net, &data.test, workers.threads()),
            };
            history.accuracies.push((iteration, accuracy));
            report(Event::Epoch { iteration, loss, accuracy });
        }
        if stop {
            break;
        }
    }
    Ok(history)
}
