//! The fast twin of `ch04/s5_2_training.rs`: the same loop, on several threads and for any gradient
//! method. It reports while it runs, and the caller can stop it.

use std::fmt;
use std::ops::ControlFlow;

use super::evaluation::fast_accuracy;
use super::methods::{Backprop, GradientMethod};
use super::mini_batch::CompressedMnist;
use super::workers::Workers;
use crate::ch04::s5_1_two_layer_net::TwoLayerNet;
use crate::ch04::s5_2_training::{Accuracy, History, Hyperparameters, iterations_per_epoch};
use crate::numeric::random::Rng;

/// How to train. The default is the book's run, on one thread.
#[derive(Debug)]
pub struct Settings {
    /// Iterations, batch size and learning rate
    pub hyperparameters: Hyperparameters,
    /// How the gradient is computed
    pub gradient: Box<dyn GradientMethod>,
    /// How many threads share the work. The results do not depend on it
    pub threads: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            hyperparameters: Hyperparameters::default(),
            gradient: Box::new(Backprop),
            threads: 1,
        }
    }
}

impl Settings {
    /// The book's run with another number of iterations, on some threads.
    pub fn new(iterations: usize, threads: usize) -> Self {
        let hyperparameters = Hyperparameters { iterations, ..Hyperparameters::default() };
        Self { hyperparameters, threads, ..Self::default() }
    }
}

/// The twin of [`train`](crate::ch04::s5_2_training::train), with the same bits.
///
/// # Errors
/// [`Diverged`] if the loss is not a finite number.
///
/// # Panics
/// In the same cases as [`train`](crate::ch04::s5_2_training::train).
#[track_caller]
pub fn fast_train(
    net: &mut TwoLayerNet,
    data: &CompressedMnist,
    settings: &Settings,
    rng: &mut impl Rng,
) -> Result<History, Diverged> {
    fast_train_with_reports(net, data, settings, rng, |_| ControlFlow::Continue(()))
}

/// [`fast_train`] that calls `report` with each [`Event`]. If `report` returns `Break`, the run
/// ends after the current iteration.
///
/// # Errors
/// [`Diverged`] if the loss is not a finite number.
///
/// # Panics
/// In the same cases as [`train`](crate::ch04::s5_2_training::train).
#[track_caller]
pub fn fast_train_with_reports(
    net: &mut TwoLayerNet,
    data: &CompressedMnist,
    settings: &Settings,
    rng: &mut impl Rng,
    mut report: impl FnMut(Event) -> ControlFlow<()>,
) -> Result<History, Diverged> {
    let Settings { hyperparameters, gradient: method, threads } = settings;
    let &Hyperparameters { iterations, batch_size, learning_rate } = hyperparameters;
    let train_size = data.train.labels.len();
    let iter_per_epoch = iterations_per_epoch(train_size, batch_size);
    let mut workers = Workers::new(*threads);
    let mut history = History::default();

    for iteration in 0..iterations {
        let batch_mask = rng.choice(train_size, batch_size);
        let (x, t) = data.train.select(&batch_mask);

        let mut stop = false;
        let mut report = |event| stop |= report(event).is_break();
        let mut progress = |done, total| report(Event::Gradient { iteration, done, total });
        let gradient = method.gradient_with_progress(net, &x, &t, &mut workers, &mut progress);
        net.params.descend(&gradient, learning_rate);

        let loss = workers.loss(net, &x, &t);
        history.losses.push(loss);
        if !loss.is_finite() {
            return Err(Diverged { iteration, loss, learning_rate });
        }

        report(Event::Iteration { iteration, loss });
        if iteration % iter_per_epoch == 0 {
            let accuracy = Accuracy {
                train: fast_accuracy(net, &data.train, workers.threads()),
                test: fast_accuracy(net, &data.test, workers.threads()),
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

/// What [`fast_train_with_reports`] reports while it runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event {
    /// During a slow gradient: some of its steps are done
    Gradient {
        /// The current iteration
        iteration: usize,
        /// The steps that are done: losses, for the naive gradient
        done: usize,
        /// The number of all steps
        total: usize,
    },
    /// After an update
    Iteration {
        /// Counted from 0
        iteration: usize,
        /// The loss of the mini-batch after the update
        loss: f64,
    },
    /// After the first update of each epoch: iterations 0, 600, 1200 …
    Epoch {
        /// Counted from 0
        iteration: usize,
        /// The loss of the mini-batch after the update
        loss: f64,
        /// The accuracy on all data
        accuracy: Accuracy,
    },
}

/// The loss became infinite or NaN.
#[derive(Clone, Debug, PartialEq)]
pub struct Diverged {
    /// The iteration
    pub iteration: usize,
    /// The loss
    pub loss: f64,
    /// The learning rate, which is usually the cause
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
