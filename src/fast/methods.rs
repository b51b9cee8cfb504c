//! The three ways to compute a gradient, as values: training and benchmarks choose one of them.
//!
//! | method | cost of one gradient of the book's net | the same as |
//! |---|---|---|
//! | [`Naive`](super::numerical_gradient::Naive) | 79,520 losses | 4.5.1, as printed |
//! | [`Incremental`](crate::beyond::incremental::Incremental) | about 0.65 million small evaluations | the same differences |
//! | [`Backprop`] | one pass forward, one backward | 5.7 |

use super::compressed::Batch;
use super::workers::Workers;
use crate::ch04::s2_4_targets::Labels;
use crate::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};

/// A way to compute ∂L/∂W1, ∂L/∂b1, ∂L/∂W2 and ∂L/∂b2.
pub trait GradientMethod: std::fmt::Debug {
    /// The gradient of the loss for the mini-batch x: (N, inputs), t: (N).
    ///
    /// # Panics
    /// In the same cases as [`TwoLayerNet::gradient`].
    fn gradient(
        &self,
        net: &TwoLayerNet,
        x: &Batch,
        t: &Labels,
        workers: &mut Workers,
    ) -> Parameters {
        self.gradient_with_progress(net, x, t, workers, &mut |_, _| ())
    }

    /// The same gradient. A slow method calls `progress` with the number of steps that are done,
    /// and the number of all steps.
    ///
    /// # Panics
    /// In the same cases as [`TwoLayerNet::gradient`].
    fn gradient_with_progress(
        &self,
        net: &TwoLayerNet,
        x: &Batch,
        t: &Labels,
        workers: &mut Workers,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Parameters;
}

/// Backpropagation on several threads: [`Workers::gradient`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Backprop;

impl GradientMethod for Backprop {
    fn gradient_with_progress(
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
