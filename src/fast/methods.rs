//! The three ways to compute a gradient, as values: training and benchmarks choose one of them.
//!
//! | method | cost of one gradient of the book's net | the same as |
//! |---|---|---|
//! | [`Naive`](super::numerical_gradient::Naive) | 79,520 losses | 4.5.1, as printed |
//! | [`Incremental`](crate::beyond::incremental::Incremental) | about 0.65 million small evaluations | the same differences |
//! | [`Backprop`] | one pass forward, one backward | 5.7 |

use super::compressed::Batch;
use super::mini_batch::CompressedDataset;
use super::shards;
use super::two_layer_net::{self, CrossEntropy};
use crate::ch04::s2_4_targets::Labels;
use crate::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};

/// A way to compute ∂L/∂W1, ∂L/∂b1, ∂L/∂W2 and ∂L/∂b2, and to train with it.
///
/// # Panics
/// The functions panic in the same cases as [`TwoLayerNet::gradient`].
pub trait GradientMethod: std::fmt::Debug {
    /// The gradient of the loss for the mini-batch x: (N, inputs), t: (N). The result does not
    /// depend on the number of threads.
    fn gradient(&self, net: &TwoLayerNet, x: &Batch, t: &Labels, threads: usize) -> Parameters {
        self.gradient_with_progress(net, x, t, threads, &mut |_, _| ())
    }

    /// The same gradient. A slow method calls `progress` with the number of steps that are done,
    /// and the number of all steps.
    fn gradient_with_progress(
        &self,
        net: &TwoLayerNet,
        x: &Batch,
        t: &Labels,
        threads: usize,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Parameters;

    /// How many mini-batches of this size [`train_steps`](Self::train_steps) should get at once.
    fn steps_at_once(&self, _net: &TwoLayerNet, _batch_size: usize) -> usize {
        1
    }

    /// Updates the net once for each mini-batch, which is given by the indices of its images.
    /// Returns the loss of each mini-batch after its update.
    fn train_steps(
        &self,
        net: &mut TwoLayerNet,
        data: &CompressedDataset,
        batches: &[Vec<usize>],
        learning_rate: f64,
        threads: usize,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Vec<f64> {
        let mut losses = Vec::new();
        for batch_mask in batches {
            let (x, t) = data.select(batch_mask);
            let gradient = self.gradient_with_progress(net, &x, &t, threads, progress);
            net.params.descend(&gradient, learning_rate);
            losses.push(two_layer_net::loss(net, &x, &t, CrossEntropy::Book));
        }
        losses
    }
}

/// Backpropagation: [`two_layer_net::gradient`], and for training [`shards::train_steps`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Backprop;

impl GradientMethod for Backprop {
    fn gradient_with_progress(
        &self,
        net: &TwoLayerNet,
        x: &Batch,
        t: &Labels,
        _threads: usize,
        _progress: &mut dyn FnMut(usize, usize),
    ) -> Parameters {
        two_layer_net::gradient(net, x, t)
    }

    /// Starting the threads takes as long as a step of the book's net, so 100 of its steps are done
    /// at once. Of a larger net or larger mini-batches fewer steps are done, so that progress is
    /// shown often.
    fn steps_at_once(&self, net: &TwoLayerNet, batch_size: usize) -> usize {
        (500_000 / (batch_size * net.params.b1.len()).max(1)).max(1)
    }

    fn train_steps(
        &self,
        net: &mut TwoLayerNet,
        data: &CompressedDataset,
        batches: &[Vec<usize>],
        learning_rate: f64,
        threads: usize,
        _progress: &mut dyn FnMut(usize, usize),
    ) -> Vec<f64> {
        shards::train_steps(self, net, data, batches, learning_rate, threads)
    }
}
