//! The ways to a gradient, as values: training, checks and benchmarks choose among them.
//!
//! | method | cost of one gradient of the book's net | where |
//! |---|---|---|
//! | [`Naive`](super::naive::Naive) | 79,520 evaluations of the loss | section 4.5.1 as printed |
//! | [`Incremental`](super::incremental::Incremental) | about 0.65 million small evaluations | the same differences, only what changes |
//! | [`Backprop`] | one pass forward, one back | section 5.7 |

use super::targets::Labels;
use super::two_layer_net::{Parameters, TwoLayerNet};
use super::workers::Workers;
use crate::numeric::compressed::Batch;

/// From a net and a mini-batch to ∂L/∂W1, ∂L/∂b1, ∂L/∂W2, ∂L/∂b2.
pub trait GradientMethod: std::fmt::Debug {
    /// The gradient of the loss at the net's parameters, for the mini-batch x: (N, inputs), t: (N).
    ///
    /// A slow method calls `progress` with the number of steps done and that of all steps.
    ///
    /// # Panics
    /// If x has not as many columns as the net has inputs, t not as many labels as x has rows, a
    /// label is not below the number of classes, or the loss of no samples is asked for.
    fn gradient(
        &self,
        net: &TwoLayerNet,
        x: &Batch,
        t: &Labels,
        workers: &mut Workers,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Parameters;
}

/// Backpropagation: [`TwoLayerNet::gradient`], shared among the workers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Backprop;

impl GradientMethod for Backprop {
    fn gradient(
        &self,
        net: &TwoLayerNet,
        x: &Batch,
        t: &Labels,
        workers: &mut Workers,
        _progress: &mut dyn FnMut(usize, usize),
    ) -> Parameters {
        workers.gradient(net, x, t)
    }
}
