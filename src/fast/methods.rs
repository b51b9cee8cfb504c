//! The three ways to compute a gradient, as values.
//!
//! | method | cost of one gradient of the book's net | the same as |
//! |---|---|---|
//! | [`GradientMethod::Naive`] | 79,520 losses | 4.5.1, as printed |
//! | [`GradientMethod::Incremental`] | about 0.67 million small evaluations | the same differences |
//! | [`GradientMethod::Backprop`] | one pass forward, one backward | 5.7 |

use super::compressed::CompressedRows;
use super::incremental::incremental_gradient;
use super::mini_batch::CompressedDataset;
use super::numerical_gradient::naive_gradient;
use super::shards;
use super::team::Team;
use super::two_layer_net::{CrossEntropy, gradient, loss};
use crate::ch04::s2_4_targets::Labels;
use crate::ch04::s3_differentiation::H;
use crate::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};

/// A way to compute the gradient, and to train with it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum GradientMethod {
    /// Backpropagation: [`two_layer_net::gradient`](super::two_layer_net::gradient)
    Backprop,
    /// Central differences, computed only from what changes: [`incremental`](super::incremental)
    Incremental(Differences),
    /// Central differences, with two whole losses each: [`naive_gradient`]
    Naive(Differences),
}

/// The central difference (L(w + h) − L(w − h)) / 2h: its h and its L. The default is the book's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Differences {
    /// How far each parameter is moved
    pub h: f64,
    /// Which loss is differentiated: [`TwoLayerNet::loss`] or [`TwoLayerNet::exact_loss`]
    pub loss: CrossEntropy,
}

impl Default for Differences {
    fn default() -> Self {
        Self { h: H, loss: CrossEntropy::Book }
    }
}

/// Some updates of the net, one for each mini-batch.
#[derive(Debug)]
pub struct Steps<'a> {
    /// The data set
    pub data: &'a CompressedDataset,
    /// For each step the indices of its images
    pub batches: &'a [Vec<usize>],
    /// η
    pub learning_rate: f64,
}

impl GradientMethod {
    /// The gradient of the loss for the mini-batch x: (N, inputs), t: (N).
    pub fn gradient(
        &self, net: &TwoLayerNet, x: &CompressedRows, t: &Labels, team: &mut Team,
    ) -> Parameters {
        match *self {
            GradientMethod::Backprop => gradient(net, x, t),
            GradientMethod::Incremental(d) => incremental_gradient(d, net, (x, t), team.threads),
            GradientMethod::Naive(d) => naive_gradient(d, net, (x, t), team),
        }
    }

    /// How many mini-batches of this size [`train_steps`](Self::train_steps) should get at once. Each
    /// time the threads are started, which takes a while. But progress is shown only in between.
    pub(super) fn steps_at_once(&self, net: &TwoLayerNet, batch_size: usize) -> usize {
        let outputs_of_hidden_units = match self {
            GradientMethod::Backprop => 500_000, // 100 steps of the book's net
            GradientMethod::Incremental(_) => 50_000,
            GradientMethod::Naive(_) => return 1,
        };
        // A small net counts as one with 50 units: the copies of the images also take memory.
        let hidden = net.params.b1.len().max(50);
        (outputs_of_hidden_units / (batch_size * hidden).max(1)).max(1)
    }

    /// Updates the net once for each mini-batch, and returns the loss of each after its update.
    pub fn train_steps(&self, net: &mut TwoLayerNet, steps: &Steps, team: &mut Team) -> Vec<f64> {
        let &GradientMethod::Naive(differences) = self else {
            return shards::train_steps(self, net, steps, team.threads);
        };
        let mut losses = Vec::new();
        for batch_mask in steps.batches {
            let (x, t) = steps.data.select(batch_mask);
            let gradient = naive_gradient(differences, net, (&x, &t), team);
            net.params.descend(&gradient, steps.learning_rate);
            losses.push(loss(net, &x, &t, CrossEntropy::Book));
        }
        losses
    }
}
