//! 4.2.5 by experiment: why is the loss minimized, and not the accuracy maximized? And why can't a
//! net with a step function learn?
//!
//! To learn, one must know in which direction to change each parameter. The accuracy on 100 images
//! is a multiple of 1/100. A small change of a parameter changes no answer, so the accuracy stays
//! the same. If it changes, it jumps. The loss has the same problem if the activation is a step
//! function: the output of a hidden unit is 0 or 1, and a small change of its weights does not
//! change it.

use crate::ch03::functions::Activation;
use crate::ch04::s2_4_targets::Labels;
use crate::ch04::s3_differentiation::H;
use crate::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use crate::fast::compressed::BatchInput;
use crate::fast::numerical_gradient::shared_gradient_of;
use crate::fast::two_layer_net::{CrossEntropy, accuracy, loss};

/// The numerical gradient of the *accuracy* on x: (N, inputs), t: (N). It is 0, except where a
/// change by h happens to change an answer. There it is a multiple of 1/(2hN), which is 50 for 100
/// images.
///
/// This function computes `net.numerical_gradient_of(|net| net.accuracy(x, t))` on several threads.
/// `progress` is called with the number of evaluations that are done, and the number of all.
///
/// # Panics
/// In the same cases as [`TwoLayerNet::accuracy`].
#[track_caller]
pub fn gradient_of_accuracy(
    net: &TwoLayerNet,
    x: &(impl BatchInput + Sync),
    t: &Labels,
    threads: usize,
    progress: &mut dyn FnMut(usize, usize),
) -> Parameters {
    let new_f = || |net: &TwoLayerNet| accuracy(net, x, t);
    shared_gradient_of(new_f, net, H, threads, progress)
}

/// The numerical gradient of the loss on x: (N, inputs), t: (N), if the activation is a step
/// function. For W1 and b1 it is 0, except where a change by h happens to take a hidden unit over
/// the step.
///
/// # Panics
/// In the same cases as [`TwoLayerNet::loss`].
#[track_caller]
pub fn gradient_with_step(
    net: &TwoLayerNet,
    x: &(impl BatchInput + Sync),
    t: &Labels,
    threads: usize,
    progress: &mut dyn FnMut(usize, usize),
) -> Parameters {
    let step = net.clone().with_activation(Activation::Step);
    let step_loss = |net: &TwoLayerNet| loss(net, x, t, CrossEntropy::Book);
    shared_gradient_of(|| step_loss, &step, H, threads, progress)
}

/// The accuracy and the loss after one parameter was changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nudged {
    /// By how much the parameter was changed
    pub by: f64,
    /// A multiple of 1/N. It stays the same or jumps
    pub accuracy: f64,
    /// It changes with every change of the parameter
    pub loss: f64,
}

/// Changes the bias `b2[class]` by each of the amounts, and computes the accuracy and the loss on
/// x: (N, inputs), t: (N).
///
/// # Panics
/// In the same cases as [`TwoLayerNet::loss`], and if there is no such class.
#[track_caller]
pub fn nudge_bias(
    net: &TwoLayerNet,
    x: &impl BatchInput,
    t: &Labels,
    class: usize,
    amounts: &[f64],
) -> Vec<Nudged> {
    let classes = net.params.b2.len();
    assert!(class < classes, "nudge_bias: class {class} of {classes}");
    let mut results = Vec::new();
    for &by in amounts {
        let mut net = net.clone();
        net.params.b2[class] += by;
        let loss = loss(&net, x, t, CrossEntropy::Book);
        results.push(Nudged { by, accuracy: accuracy(&net, x, t), loss });
    }
    results
}
