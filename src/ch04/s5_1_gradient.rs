//! 4.5.1 and 5.7.2: the gradient of the net in two ways. The net itself is in
//! `s5_1_two_layer_net.rs`. Exercises e13 to e15. Tests: `cargo test section_4_5`.

use super::s2_4_batch_cross_entropy::assert_labels;
use super::s2_4_targets::Labels;
use super::s4_1_gradient::numerical_gradient;
use super::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use crate::ch03::functions::softmax_rows;
use crate::numeric::matrix::Matrix;

/// Both panic if a label is not below the number of classes, or there are no samples.
impl TwoLayerNet {
    /// The gradient by numerical differentiation, as in section 4.5.1: two losses for each
    /// parameter.
    ///
    /// For the book's net this takes 79,520 losses. `fast/numerical_gradient.rs` computes the same
    /// losses on several threads, and [`Incremental`](crate::fast::incremental) finds the same
    /// differences a thousand times faster.
    #[track_caller]
    pub fn numerical_gradient(&self, x: &Matrix, t: &Labels) -> Parameters {
        self.numerical_gradient_of(|net| net.loss(x, t))
    }

    /// The gradient of any function of the net by numerical differentiation. The function is called
    /// with this net, one number of which is moved by ±h.
    #[track_caller]
    pub fn numerical_gradient_of(&self, f: impl Fn(&TwoLayerNet) -> f64) -> Parameters {
        let mut net = self.clone(); // its numbers are moved, one at a time, and put back
        let dw1 = net.derivatives_of(|params| params.w1.as_mut_slice(), &f);
        let db1 = net.derivatives_of(|params| &mut params.b1, &f);
        let dw2 = net.derivatives_of(|params| params.w2.as_mut_slice(), &f);
        let db2 = net.derivatives_of(|params| &mut params.b2, &f);
        Parameters {
            w1: net.params.w1.with_data(&dw1),
            b1: db1,
            w2: net.params.w2.with_data(&dw2),
            b2: db2,
        }
    }

    /// The derivatives of f with respect to one part of the parameters: W1, b1, W2 or b2.
    fn derivatives_of(
        &mut self, part: impl Fn(&mut Parameters) -> &mut [f64], f: impl Fn(&TwoLayerNet) -> f64,
    ) -> Vec<f64> {
        let values = part(&mut self.params).to_vec();
        let f_of_part = |moved: &[f64]| {
            part(&mut self.params).copy_from_slice(moved);
            f(self)
        };
        let derivatives = numerical_gradient(f_of_part, &values);
        part(&mut self.params).copy_from_slice(&values); // put back
        derivatives
    }

    /// The gradient by backpropagation (誤差逆伝播法, 误差反向传播法, 오차역전파법): forward once, then backward
    /// once. Chapter 5 derives each line. `da1` is ∂L/∂a1 and has the shape of a1, and so on.
    ///
    /// One exception: `dy` is not ∂L/∂y but ∂L/∂a2, because the softmax and the cross-entropy are one
    /// step of the backward pass. In some printings the names `da1` and `dz1` are exchanged.
    ///
    /// [`step_by_hand`](crate::beyond::step_by_hand) shows each of these numbers for a small net:
    #[cfg_attr(doc, doc = "", doc = include_str!("../../fixtures/figures/step-by-hand.svg"))]
    #[track_caller]
    pub fn gradient(&self, x: &Matrix, t: &Labels) -> Parameters {
        let Parameters { w1, b1, w2, b2 } = &self.params;
        assert_labels("gradient", (x.rows(), b2.len()), t);
        let t = t.one_hot(b2.len()); // (N, classes)
        let batch_num = x.rows() as f64; // N

        // forward
        let a1 = x.dot(w1).add_row(b1); //         (N, hidden)
        let z1 = self.activation.forward(&a1); //  (N, hidden)
        let a2 = z1.dot(w2).add_row(b2); //        (N, classes)
        let y = softmax_rows(&a2); //              (N, classes)

        // backward
        let dy = &(&y - t.matrix()) / batch_num; //        (N, classes)
        let dw2 = z1.transpose_dot(&dy); //                (hidden, classes)
        let db2 = dy.column_sums(); //                     (classes)
        let dz1 = dy.dot_transpose(w2); //                 (N, hidden)
        let da1 = self.activation.backward(&z1, &dz1); //  (N, hidden)
        let dw1 = x.transpose_dot(&da1); //                (inputs, hidden)
        let db1 = da1.column_sums(); //                    (hidden)
        Parameters { w1: dw1, b1: db1, w2: dw2, b2: db2 }
    }
}
