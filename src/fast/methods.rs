//! The three ways to compute a gradient, as values: training and benchmarks choose one of them.
//!
//! | method | cost of one gradient of the book's net | the same as |
//! |---|---|---|
//! | [`Naive`](super::numerical_gradient::Naive) | 79,520 losses | 4.5.1, as printed |
//! | [`Incremental`](crate::fast::incremental::Incremental) | about 0.65 million small evaluations | the same differences |
//! | [`Backprop`] | one pass forward, one backward | 5.7 |

use super::compressed::CompressedRows;
use super::mini_batch::CompressedDataset;
use crate::ch04::s2_4_targets::Labels;
use crate::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};

/// A way to compute ∂L/∂W1, ∂L/∂b1, ∂L/∂W2 and ∂L/∂b2, and to train with it.
///
/// # Panics
/// The functions panic in the same cases as [`TwoLayerNet::gradient`].
pub trait GradientMethod: std::fmt::Debug {
    /// The gradient of the loss for the mini-batch x: (N, inputs), t: (N). The result does not
    /// depend on the number of threads.
    fn gradient(
        &self,
        net: &TwoLayerNet,
        x: &CompressedRows,
        t: &Labels,
        threads: usize,
    ) -> Parameters;

    /// How many mini-batches of this size [`train_steps`](Self::train_steps) should get at once.
    fn steps_at_once(&self, _net: &TwoLayerNet, _batch_size: usize) -> usize {
        1
    }

    /// Updates the net once for each mini-batch, which is given by the indices of its images.
    /// Returns the loss of each mini-batch after its update. A slow method calls `progress` during a
    /// gradient, with the number of steps that are done, and the number of all steps.
    fn train_steps(
        &self,
        net: &mut TwoLayerNet,
        data: &CompressedDataset,
        batches: &[Vec<usize>],
        learning_rate: f64,
        threads: usize,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Vec<f64>;
}

/// Backpropagation: [`two_layer_net::gradient`](super::two_layer_net::gradient).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Backprop;
