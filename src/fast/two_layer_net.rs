//! The fast twin of `ch04/s5_1_two_layer_net.rs`, on one thread, for images without their zeros.

use super::compressed::CompressedRows;
use super::matrix::*;
use crate::ch04::s2_4_batch_cross_entropy::*;
use crate::ch04::s2_4_targets::Labels;
use crate::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use crate::numeric::matrix::{Matrix, assert_product};

/// The two forms of the cross-entropy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CrossEntropy {
    /// −ln(yₜ + 1e-7), as in the book's code: [`cross_entropy_labels`]
    #[default]
    Book,
    /// −ln yₜ, whose gradient backpropagation computes: [`softmax_cross_entropy`]
    Exact,
}

/// a1 = x W1 + b1: (N, hidden).
pub(crate) fn hidden_sums(net: &TwoLayerNet, x: &CompressedRows) -> Matrix {
    x.dot(&net.params.w1).add_row(&net.params.b1)
}

/// The outputs z1 of the hidden units: (N, hidden).
pub fn hidden(net: &TwoLayerNet, x: &CompressedRows) -> Matrix {
    activate(net.activation, hidden_sums(net, x))
}

/// a2 = z1 W2 + b2: (N, classes), from z1: (N, hidden).
fn scores_from(net: &TwoLayerNet, z1: &Matrix) -> Matrix {
    dot(z1, &net.params.w2).add_row(&net.params.b2)
}

/// The twin of [`TwoLayerNet::scores`]: a2: (N, classes).
pub fn scores(net: &TwoLayerNet, x: &CompressedRows) -> Matrix {
    scores_from(net, &hidden(net, x))
}

/// The twin of [`TwoLayerNet::predict`]: y: (N, classes).
pub fn predict(net: &TwoLayerNet, x: &CompressedRows) -> Matrix {
    softmax_rows(scores(net, x))
}

/// The twin of [`TwoLayerNet::accuracy`].
pub fn accuracy(net: &TwoLayerNet, x: &CompressedRows, t: &Labels) -> f64 {
    t.count_equal(&predict(net, x).argmax_rows()) as f64 / t.len() as f64
}

/// The twin of [`TwoLayerNet::loss`] or [`TwoLayerNet::exact_loss`].
pub fn loss(net: &TwoLayerNet, x: &CompressedRows, t: &Labels, loss: CrossEntropy) -> f64 {
    match loss {
        CrossEntropy::Book => cross_entropy_labels(&predict(net, x), t),
        CrossEntropy::Exact => softmax_cross_entropy(&scores(net, x), t),
    }
}

/// The twin of [`TwoLayerNet::gradient`].
pub fn gradient(net: &TwoLayerNet, x: &CompressedRows, t: &Labels) -> Parameters {
    let z1 = hidden(net, x);
    let y = softmax_rows(scores_from(net, &z1));

    assert_labels("gradient", y.shape(), t);
    let dy = y_minus_t(y, t);
    let dz1 = dot_transpose(&dy, &net.params.w2);
    let da1 = net.activation.backward(&z1, &dz1);
    Parameters {
        w1: x.transpose_dot(&da1),
        b1: da1.column_sums(),
        w2: z1.transpose_dot(&dy),
        b2: dy.column_sums(),
    }
}

/// dy = (y − t) / N: (N, classes).
pub(super) fn y_minus_t(mut y: Matrix, t: &Labels) -> Matrix {
    for (n, &label) in t.as_slice().iter().enumerate() {
        y[(n, label)] -= 1.0;
    }
    &y / t.len() as f64
}

/// x: (N, inputs) and t: (N) fit the net. `name` begins the message about the labels.
pub(crate) fn assert_fits(name: &str, net: &TwoLayerNet, x: &CompressedRows, t: &Labels) {
    let Parameters { w1, w2, .. } = &net.params;
    assert_product("dot", (x.rows(), x.columns()), w1.shape(), x.columns() == w1.rows());
    assert_labels(name, (x.rows(), w2.columns()), t);
}

pub(crate) fn parts_mut(net: &mut TwoLayerNet) -> [&mut [f64]; 4] {
    let Parameters { w1, b1, w2, b2 } = &mut net.params;
    [w1.as_mut_slice(), b1, w2.as_mut_slice(), b2]
}
