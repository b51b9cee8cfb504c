//! The fast twin of `ch04/s5_1_two_layer_net.rs`, on one thread, for images without their zeros. The
//! functions have the names of the plain ones.

use super::compressed::CompressedRows;
use super::matrix::*;
use crate::ch04::s2_4_batch_cross_entropy::*;
use crate::ch04::s2_4_targets::Labels;
use crate::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use crate::numeric::matrix::{Matrix, assert_product};

/// The two forms of the cross-entropy, for functions that can differentiate either of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CrossEntropy {
    /// −ln(yₜ + 1e-7), as in the book's code: [`cross_entropy_labels`]
    #[default]
    Book,
    /// −ln yₜ, whose gradient backpropagation computes: [`softmax_cross_entropy`]
    Exact,
}

/// The values between the layers. Their memory can be used again for the next forward pass.
#[derive(Default)]
pub(super) struct Forward {
    /// (N, hidden)
    z1: Matrix,
    /// The scores: (N, classes)
    a2: Matrix,
}

impl Forward {
    fn compute(&mut self, net: &TwoLayerNet, x: &CompressedRows) {
        let Forward { z1, a2 } = self;
        hidden_into(net, x, z1);
        dot_into(z1, &net.params.w2, a2);
        add_row_in_place(a2, &net.params.b2);
    }

    /// Computes either loss.
    pub(super) fn loss(
        &mut self,
        net: &TwoLayerNet,
        x: &CompressedRows,
        t: &Labels,
        loss: CrossEntropy,
    ) -> f64 {
        self.compute(net, x);
        match loss {
            CrossEntropy::Exact => softmax_cross_entropy(&self.a2, t),
            CrossEntropy::Book => {
                softmax_rows_in_place(&mut self.a2);
                cross_entropy_labels(&self.a2, t)
            }
        }
    }
}

/// a1 = x W1 + b1: (N, hidden). The former content of a1 does not matter.
pub(crate) fn hidden_sums_into(net: &TwoLayerNet, x: &CompressedRows, a1: &mut Matrix) {
    x.dot_into(&net.params.w1, a1);
    add_row_in_place(a1, &net.params.b1);
}

/// z1 = h(a1): (N, hidden), as [`hidden`].
fn hidden_into(net: &TwoLayerNet, x: &CompressedRows, z1: &mut Matrix) {
    hidden_sums_into(net, x, z1); // z1 is a1 until it is activated
    activate_in_place(net.activation, z1.as_mut_slice());
}

/// The outputs z1 of the hidden units: (N, hidden).
pub fn hidden(net: &TwoLayerNet, x: &CompressedRows) -> Matrix {
    let mut z1 = Matrix::default();
    hidden_into(net, x, &mut z1);
    z1
}

/// The twin of [`TwoLayerNet::scores`]: a2: (N, classes).
pub fn scores(net: &TwoLayerNet, x: &CompressedRows) -> Matrix {
    let mut forward = Forward::default();
    forward.compute(net, x);
    forward.a2
}

/// The twin of [`TwoLayerNet::predict`]: y: (N, classes).
pub fn predict(net: &TwoLayerNet, x: &CompressedRows) -> Matrix {
    let mut y = scores(net, x);
    softmax_rows_in_place(&mut y);
    y
}

/// The twin of [`TwoLayerNet::accuracy`].
pub fn accuracy(net: &TwoLayerNet, x: &CompressedRows, t: &Labels) -> f64 {
    t.count_equal(&predict(net, x).argmax_rows()) as f64 / t.len() as f64
}

/// The twin of [`TwoLayerNet::loss`] or [`TwoLayerNet::exact_loss`].
pub fn loss(net: &TwoLayerNet, x: &CompressedRows, t: &Labels, loss: CrossEntropy) -> f64 {
    Forward::default().loss(net, x, t, loss)
}

/// The twin of [`TwoLayerNet::gradient`].
pub fn gradient(net: &TwoLayerNet, x: &CompressedRows, t: &Labels) -> Parameters {
    let mut forward = Forward::default();
    forward.compute(net, x);
    let Forward { z1, a2: mut y } = forward;
    softmax_rows_in_place(&mut y);

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

/// W1, b1, W2 and b2 of a net, to be changed.
pub(crate) fn parts_mut(net: &mut TwoLayerNet) -> [&mut [f64]; 4] {
    let Parameters { w1, b1, w2, b2 } = &mut net.params;
    [w1.as_mut_slice(), b1, w2.as_mut_slice(), b2]
}
