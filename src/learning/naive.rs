//! The numerical gradient of section 4.5.1, one whole loss for each nudge, without waste.
//!
//! The plain text of it is [`TwoLayerNet::numerical_gradient`]. Here the same evaluations, with the
//! same bits, keep their memory from one to the next, and threads share out the parameters.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::differentiation::{H, partial_derivatives};
use super::functions::softmax_rows_in_place;
use super::gradient::GradientMethod;
use super::loss::{CrossEntropy, cross_entropy_labels, softmax_cross_entropy};
use super::targets::Labels;
use super::two_layer_net::{PARTS, Parameters, TwoLayerNet};
use super::workers::Workers;
use crate::numeric::compressed::{Batch, Input};
use crate::numeric::matrix::Matrix;
use crate::numeric::team::{even_ranges, share_work_beside};

/// (f(x + h) − f(x − h)) / 2h for each parameter, with the whole loss for f.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Naive {
    /// How far each parameter is nudged.
    pub h: f64,
    /// f
    pub loss: CrossEntropy,
}

impl Default for Naive {
    /// With the book's h and the book's loss.
    fn default() -> Self {
        Self { h: H, loss: CrossEntropy::Book }
    }
}

impl GradientMethod for Naive {
    fn gradient(
        &self,
        net: &TwoLayerNet,
        x: &Batch,
        t: &Labels,
        workers: &mut Workers,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Parameters {
        let loss = || {
            let mut memory = Memory::default();
            move |net: &TwoLayerNet| memory.loss(net, x, t, self.loss)
        };
        shared_gradient_of(loss, net, self.h, workers.threads(), progress)
    }
}

/// [`TwoLayerNet::numerical_gradient_of`] with any h, its parameters shared out among threads.
/// `new_f` makes each thread an f of its own, which may keep memory.
///
/// `progress` is called with the number of evaluations done and that of all.
///
/// # Panics
/// If f does.
pub fn shared_gradient_of<F: FnMut(&TwoLayerNet) -> f64>(
    new_f: impl Fn() -> F + Sync,
    net: &TwoLayerNet,
    h: f64,
    threads: usize,
    progress: &mut dyn FnMut(usize, usize),
) -> Parameters {
    let threads = threads.max(1);
    let total = 2 * net.params.count();
    let done = AtomicUsize::new(0);
    let lengths = net.params.parts().map(|(_, part)| part.len());
    // Of each part the share of thread k.
    let share = |k: usize, progress: &mut dyn FnMut(usize, usize)| {
        let mut net = net.clone();
        let mut f = new_f();
        let mut counted = |net: &TwoLayerNet| {
            let value = f(net);
            progress(1 + done.fetch_add(1, Relaxed), total);
            value
        };
        [0, 1, 2, 3].map(|part| {
            let range = even_ranges(lengths[part], threads).nth(k).expect("a share");
            partial_derivatives(&mut counted, &mut net, PARTS[part], range, h)
        })
    };
    // The caller's own share reports for all.
    let results = share_work_beside(threads, || share(0, progress), |k| share(k, &mut |_, _| ()));

    let part = |part: usize| -> Vec<f64> {
        results.iter().flat_map(|result| result[part].iter().copied()).collect()
    };
    net.params.with_parts([0, 1, 2, 3].map(part))
}

/// [`TwoLayerNet::loss`] and [`TwoLayerNet::exact_loss`] in memory that is kept from one evaluation
/// to the next.
#[derive(Default)]
struct Memory {
    /// a1, then z1: (N, hidden)
    z1: Matrix,
    /// a2, then y: (N, classes)
    y: Matrix,
}

impl Memory {
    fn loss(&mut self, net: &TwoLayerNet, x: &Batch, t: &Labels, loss: CrossEntropy) -> f64 {
        let Parameters { w1, b1, w2, b2 } = &net.params;
        let Memory { z1, y } = self;
        x.dot_into(w1, z1);
        z1.add_row_in_place(b1);
        net.activation.in_place(z1.as_mut_slice());
        z1.dot_into(w2, y);
        y.add_row_in_place(b2);
        match loss {
            CrossEntropy::Exact => softmax_cross_entropy(y, t),
            CrossEntropy::Book => {
                softmax_rows_in_place(y);
                cross_entropy_labels(y, t)
            }
        }
    }
}
