//! The fast twin of `ch04/s5_2_training.rs`: the same loop, on several threads and for any gradient
//! method. It reports while it runs, and the caller can stop it.

use std::fmt;
use std::ops::ControlFlow;

use super::evaluation::fast_accuracy;
use super::methods::{Backprop, GradientMethod};
use super::mini_batch::CompressedMnist;
use crate::ch04::s5_1_two_layer_net::TwoLayerNet;
use crate::ch04::s5_2_training::{Accuracy, History, Hyperparameters, iterations_per_epoch};
use crate::numeric::random::Rng;

/// How to train.
#[derive(Debug)]
pub struct Settings {
    /// Iterations, batch size and learning rate
    pub hyperparameters: Hyperparameters,
    /// How the gradient is computed
    pub gradient: Box<dyn GradientMethod>,
    /// How many threads share the work. The results do not depend on it
    pub threads: usize,
    /// When the accuracy is measured
    pub epochs: EpochRule,
    /// If false, [`Rng::choice`] draws each mini-batch, as in the book. If true, each epoch cuts a
    /// new random order of the images into mini-batches. The rest that fills none is left out
    pub shuffle: bool,
}

/// When `i % iter_per_epoch` is 0, which is when the accuracy is measured. Both rules are the same
/// if the batch size divides the number of images.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum EpochRule {
    /// `train_size / batch_size` is rounded down, as in
    /// [`train`](crate::ch04::s5_2_training::train). With batches of 128: 0, 468, 936 …
    Whole,
    /// `train_size / batch_size` is a float, as in the book. With batches of 128: 0, 1875, 3750 …
    Book,
}

impl Settings {
    /// The book's run with another number of iterations, on some threads.
    pub fn new(iterations: usize, threads: usize) -> Self {
        let hyperparameters = Hyperparameters { iterations, ..Hyperparameters::default() };
        let (gradient, epochs) = (Box::new(Backprop), EpochRule::Whole);
        Self { hyperparameters, gradient, threads, epochs, shuffle: false }
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

/// Like [`fast_train`], but calls `report` with each [`Event`]. If `report` returns `Break`, the
/// run ends after the current iteration.
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
    let &Settings { ref gradient, hyperparameters, threads, epochs, shuffle } = settings;
    let Hyperparameters { iterations, batch_size, learning_rate } = hyperparameters;
    let train_size = data.train.labels.len();
    let iter_per_epoch = iterations_per_epoch(train_size, batch_size);
    let is_evaluated = |iteration: usize| match epochs {
        EpochRule::Whole => iteration.is_multiple_of(iter_per_epoch),
        EpochRule::Book => {
            let iter_per_epoch = (train_size as f64 / batch_size as f64).max(1.0);
            iteration as f64 % iter_per_epoch == 0.0
        }
    };
    let mut rest_of_epoch = Vec::new();
    let mut next_batch = || {
        if !shuffle {
            return rng.choice(train_size, batch_size);
        }
        if rest_of_epoch.len() < batch_size {
            rest_of_epoch = rng.permutation(train_size);
        }
        rest_of_epoch.split_off(rest_of_epoch.len().saturating_sub(batch_size))
    };
    let mut history = History::default();

    while history.losses.len() < iterations {
        // Some iterations at once. An iteration with an evaluation is the last of them.
        let first = history.losses.len();
        let at_once = gradient.steps_at_once(net, batch_size).min(iterations - first);
        let evaluation = (first..first + at_once).position(is_evaluated);
        let count = evaluation.map_or(at_once, |steps_before| steps_before + 1);
        let batches: Vec<_> = (0..count).map(|_| next_batch()).collect();

        let mut stop = false;
        let net_before = net.clone();
        let mut progress = |done, total| {
            stop |= report(Event::Gradient { iteration: first, done, total }).is_break();
        };
        let losses =
            gradient.train_steps(net, &data.train, &batches, learning_rate, threads, &mut progress);

        for (iteration, &loss) in (first..).zip(&losses) {
            history.losses.push(loss);
            if loss.is_finite() {
                stop |= report(Event::Iteration { iteration, loss }).is_break();
            }
            if loss.is_finite() && is_evaluated(iteration) {
                let accuracy = Accuracy {
                    train: fast_accuracy(net, &data.train, threads),
                    test: fast_accuracy(net, &data.test, threads),
                };
                history.accuracies.push((iteration, accuracy));
                stop |= report(Event::Epoch { iteration, loss, accuracy }).is_break();
            }
            if loss.is_finite() && !stop {
                continue;
            }
            // The run ends here. If the net has learned more than this, its steps are repeated.
            let steps = history.losses.len() - first;
            if steps < count {
                *net = net_before;
                let (data, batches) = (&data.train, &batches[..steps]);
                gradient.train_steps(net, data, batches, learning_rate, threads, &mut |_, _| ());
            }
            if loss.is_finite() {
                return Ok(history);
            }
            return Err(Diverged(format!(
                "the loss became {loss} at iteration {iteration} with a learning rate of \
                 {learning_rate:?}: try a smaller learning rate"
            )));
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

/// The error if the loss became infinite or NaN: a sentence with the iteration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diverged(String);

impl fmt::Display for Diverged {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Diverged {}
