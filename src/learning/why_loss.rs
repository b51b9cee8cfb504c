//! Why a loss, when the accuracy is what we want? And why no step function? Section 4.2.5, by
//! experiment.
//!
//! Learning asks in which direction to move each parameter. The accuracy of 100 images is a number
//! of hundredths: a small nudge changes no answer, so it does not move at all, and when it does, it
//! jumps. The same happens to the loss if a step function stands between the layers: what comes out
//! of a hidden unit is 0 or 1, whatever one does to its weights by little.

use super::differentiation::H;
use super::functions::Activation;
use super::naive::shared_gradient_of;
use super::targets::Labels;
use super::two_layer_net::{Parameters, TwoLayerNet};
use crate::numeric::compressed::Input;

/// The numerical gradient of the *accuracy* on x: (N, inputs), t: (N). It is 0, except where a nudge
/// happens to change an answer, and there it is a multiple of 1/2hN, 50 for 100 images.
///
/// The threads share out the parameters; `progress` is called with the number of evaluations done
/// and that of all.
///
/// # Panics
/// As [`TwoLayerNet::accuracy`].
#[track_caller]
pub fn gradient_of_accuracy(
    net: &TwoLayerNet,
    x: &(impl Input + Sync),
    t: &Labels,
    threads: usize,
    progress: &mut dyn FnMut(usize, usize),
) -> Parameters {
    shared_gradient_of(|| |net: &TwoLayerNet| net.accuracy(x, t), net, H, threads, progress)
}

/// The numerical gradient of the loss on x: (N, inputs), t: (N), with a step function for the
/// activation: that of W1 and b1 is 0, except where a nudge happens to take a hidden unit over the
/// step. `progress` is called as by [`gradient_of_accuracy`].
///
/// # Panics
/// As [`TwoLayerNet::loss`].
#[track_caller]
pub fn gradient_with_step(
    net: &TwoLayerNet,
    x: &(impl Input + Sync),
    t: &Labels,
    threads: usize,
    progress: &mut dyn FnMut(usize, usize),
) -> Parameters {
    let step = net.clone().with_activation(Activation::Step);
    shared_gradient_of(|| |net: &TwoLayerNet| net.loss(x, t), &step, H, threads, progress)
}

/// The accuracy and the loss with one parameter nudged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nudged {
    /// By how much
    pub by: f64,
    /// A number of Nths: it stays or jumps
    pub accuracy: f64,
    /// It moves with every nudge
    pub loss: f64,
}

/// The net on x: (N, inputs), t: (N), with `b2[class]` nudged by each of some amounts.
///
/// # Panics
/// As [`TwoLayerNet::loss`], or if there is no such class.
#[track_caller]
pub fn nudge_bias(
    net: &TwoLayerNet,
    x: &impl Input,
    t: &Labels,
    class: usize,
    by: &[f64],
) -> Vec<Nudged> {
    let classes = net.params.b2.len();
    assert!(class < classes, "nudge_bias: class {class} of {classes}");
    let of = |&by: &f64| {
        let mut net = net.clone();
        net.params.b2[class] += by;
        Nudged { by, accuracy: net.accuracy(x, t), loss: net.loss(x, t) }
    };
    by.iter().map(of).collect()
}
