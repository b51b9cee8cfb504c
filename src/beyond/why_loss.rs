//! 4.2.5 by experiment: why is the loss minimized, and not the accuracy maximized? And why can't the
//! first layer of a net with a step function learn?
//!
//! To learn, one must know in which direction to change each parameter. The accuracy on 100 images
//! is a multiple of 1/100. A small change of a parameter changes no answer, so the accuracy stays
//! the same, or it jumps. The book's example: the accuracy goes from 32 % to 33 %, while the loss goes
//! from 0.92543… to 0.93432… and takes every value between the two. The loss has the same problem if
//! the activation is a step function: the output of a hidden unit is 0 or 1, and a small change of
//! its weights does not change it.

use crate::ch03::activation::Activation;
use crate::ch04::s2_4_targets::Labels;
use crate::ch04::s3_differentiation::H;
use crate::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use crate::fast::compressed::CompressedRows;
use crate::fast::numerical_gradient::shared_gradient_of;
use crate::fast::team::Team;
use crate::fast::two_layer_net::{CrossEntropy, accuracy, loss};

/// The numerical gradient of the *accuracy* on x: (N, inputs), t: (N). It is 0, except where a
/// change by h happens to change an answer. There it is a multiple of 1/(2hN), which is 50 for 100
/// images. The team is told how many evaluations are done.
pub fn gradient_of_accuracy(
    net: &TwoLayerNet, x: &CompressedRows, t: &Labels, team: &mut Team,
) -> Parameters {
    shared_gradient_of(|net| accuracy(net, x, t), net, H, team)
}

/// The numerical gradient of the loss on x: (N, inputs), t: (N), if the activation is a step
/// function. For W1 and b1 it is 0, except where a change by h happens to take a hidden unit over
/// the step.
pub fn gradient_with_step(
    net: &TwoLayerNet, x: &CompressedRows, t: &Labels, team: &mut Team,
) -> Parameters {
    let step = net.clone().with_activation(Activation::Step);
    shared_gradient_of(|net| loss(net, x, t, CrossEntropy::Book), &step, H, team)
}
