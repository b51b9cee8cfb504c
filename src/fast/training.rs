//! The fast twin of `ch04/s5_2_training.rs`: the same loop, on several threads and for any gradient
//! method. It reports while it runs, and the caller can stop it.

use std::ops::ControlFlow;

use super::evaluation::fast_accuracy;
use super::methods::{GradientMethod, Steps};
use super::mini_batch::CompressedMnist;
use super::team::Team;
use crate::ch04::s5_1_two_layer_net::TwoLayerNet;
use crate::ch04::s5_2_training::{Accuracy, History, Hyperparameters, iterations_per_epoch};
use crate::numeric::random::Rng;

/// How to train.
#[derive(Debug)]
pub struct Settings {
    /// Those of the plain loop
    pub hyperparameters: Hyperparameters,
    /// How the gradient is computed
    pub gradient: GradientMethod,
    /// How many threads share the work. The results do not depend on it
    pub threads: usize,
    /// If true, an epoch has `train_size / batch_size` iterations as a float, as in the book's program.
    /// If false, the quotient is rounded down, as in [`ch04`](crate::ch04::s5_2_training)
    pub epochs_of_the_book: bool,
    /// If false, each mini-batch is drawn by [`Rng::choice`], as in the book. If true, each epoch
    /// shuffles the images and divides them into mini-batches. Images left at the end are not used
    pub shuffle: bool,
    /// After which iterations the net is reported, besides the first one of each epoch
    pub is_kept: fn(usize) -> bool,
}

impl Settings {
    /// The book's run with another number of iterations, on some threads.
    pub fn new(iterations: usize, threads: usize) -> Self {
        let hyperparameters = Hyperparameters { iterations, ..Hyperparameters::default() };
        Self {
            hyperparameters,
            gradient: GradientMethod::Backprop,
            threads,
            epochs_of_the_book: false,
            shuffle: false,
            is_kept: |_| false,
        }
    }
}

/// The twin of `train` in chapter 4, with the same bits. The error is a sentence: the loss is not a
/// finite number, or a parameter is above 1e100.
pub fn fast_train(
    net: &mut TwoLayerNet, data: &CompressedMnist, settings: &Settings, rng: &mut impl Rng,
) -> Result<History, String> {
    fast_train_with_reports(net, data, settings, rng, |_| ControlFlow::Continue(()))
}

/// Like [`fast_train`], but calls `report` with each [`Event`]. If `report` returns `Break`, the
/// run ends after the current iteration.
pub fn fast_train_with_reports(
    net: &mut TwoLayerNet, data: &CompressedMnist, settings: &Settings, rng: &mut impl Rng,
    mut report: impl FnMut(Event) -> ControlFlow<()>,
) -> Result<History, String> {
    let &Settings { gradient, hyperparameters, threads, shuffle, is_kept, .. } = settings;
    let Hyperparameters { iterations, batch_size, learning_rate, .. } = hyperparameters;
    let train_size = data.train.labels.len();
    let iter_per_epoch = match settings.epochs_of_the_book {
        true => (train_size as f64 / batch_size as f64).max(1.0),
        false => iterations_per_epoch(train_size, batch_size) as f64,
    };
    let is_evaluated = |iteration: usize| iteration as f64 % iter_per_epoch == 0.0;
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
    let diverged = |what| {
        format!("{what} with a learning rate of {learning_rate:?}: try a smaller learning rate")
    };
    let mut history = History::default();

    while history.losses.len() < iterations {
        // Some iterations at once. An iteration after which the whole net is needed is the last one.
        let first = history.losses.len();
        let at_once = gradient.steps_at_once(net, batch_size).min(iterations - first);
        let steps_before = (first..first + at_once).position(|i| is_evaluated(i) || is_kept(i));
        let count = steps_before.map_or(at_once, |steps_before| steps_before + 1);
        let batches: Vec<_> = (0..count).map(|_| next_batch()).collect();

        let net_before = net.clone();
        let mut stop = false;
        let mut progress = |done, total| {
            stop |= report(Event::Gradient { iteration: first, done, total }).is_break();
        };
        let mut team = Team::reporting(threads, &mut progress);
        let steps = Steps { data: &data.train, batches: &batches, learning_rate };
        let losses = gradient.train_steps(net, &steps, &mut team);

        for (iteration, &loss) in (first..).zip(&losses) {
            history.losses.push(loss);
            let mut tell = |event| stop |= report(event).is_break();
            if loss.is_finite() {
                tell(Event::Iteration { iteration, loss });
                if is_evaluated(iteration) {
                    let [train, test] =
                        [&data.train, &data.test].map(|part| fast_accuracy(net, part, threads));
                    let accuracy = Accuracy { train, test };
                    history.accuracies.push((iteration, accuracy));
                    tell(Event::Epoch { iteration, loss, accuracy, net });
                } else if is_kept(iteration) {
                    tell(Event::Kept { iteration, net });
                }
                if !stop {
                    continue;
                }
            }
            // The run ends here. A net that is past this iteration is restored and trained up to it.
            let done = history.losses.len() - first;
            if done < count {
                *net = net_before;
                let steps = Steps { batches: &batches[..done], ..steps };
                gradient.train_steps(net, &steps, &mut Team::new(threads));
            }
            if loss.is_finite() {
                return Ok(history);
            }
            return Err(diverged(format!("the loss became {loss} at iteration {iteration}")));
        }
        let mut parameters = net.params.parts().into_iter().flat_map(|(_, part)| part);
        if let Some(found) = parameters.find(|v| v.abs() > LARGEST_PARAMETER) {
            let last = history.losses.len() - 1;
            return Err(diverged(format!("a parameter became {found:e} by iteration {last}")));
        }
    }
    Ok(history)
}

/// A net with a larger parameter is of no use: a sum in a forward pass could overflow.
pub(crate) const LARGEST_PARAMETER: f64 = 1e100;

/// What [`fast_train_with_reports`] reports. `loss` is the loss of the mini-batch after the update.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs, reason = "the comments of the variants explain the fields")]
pub enum Event<'a> {
    /// During a naive gradient: `done` of `total` losses are computed
    Gradient { iteration: usize, done: usize, total: usize },
    /// After an update
    Iteration { iteration: usize, loss: f64 },
    /// After the first update of each epoch, iterations 0, 600, 1200 …: the accuracy on all data
    Epoch { iteration: usize, loss: f64, accuracy: Accuracy, net: &'a TwoLayerNet },
    /// After another iteration for which [`Settings::is_kept`] is true
    Kept { iteration: usize, net: &'a TwoLayerNet },
}
