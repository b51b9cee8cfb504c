//! The fast twin of [`TwoLayerNet::numerical_gradient`]: the same losses on several threads, in
//! memory that is used again.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::compressed::CompressedRows;
use super::methods::GradientMethod;
use super::mini_batch::CompressedDataset;
use super::team::{even_range, share_work};
use super::two_layer_net::{CrossEntropy, Forward, loss, parts_mut};
use crate::ch04::s2_4_targets::Labels;
use crate::ch04::s3_differentiation::H;
use crate::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};

/// (L(w + h) − L(w − h)) / 2h for each parameter w, with two whole losses for each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Naive {
    /// How far each parameter is moved
    pub h: f64,
    /// Which loss is differentiated: [`TwoLayerNet::loss`] or [`TwoLayerNet::exact_loss`]
    pub loss: CrossEntropy,
}

impl Default for Naive {
    /// The book's h and the book's loss.
    fn default() -> Self {
        Self { h: H, loss: CrossEntropy::Book }
    }
}

impl Naive {
    /// The gradient for the mini-batch x: (N, inputs), t: (N). `progress` is called with the number
    /// of losses that are done, and the number of all.
    ///
    /// # Panics
    /// In the same cases as [`TwoLayerNet::gradient`].
    pub fn gradient_with_progress(
        &self,
        net: &TwoLayerNet,
        x: &CompressedRows,
        t: &Labels,
        threads: usize,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Parameters {
        let new_loss = || {
            let mut forward = Forward::default();
            move |net: &TwoLayerNet| forward.loss(net, x, t, self.loss)
        };
        shared_gradient_of(new_loss, net, self.h, threads, progress)
    }
}

impl GradientMethod for Naive {
    fn gradient(
        &self,
        net: &TwoLayerNet,
        x: &CompressedRows,
        t: &Labels,
        threads: usize,
    ) -> Parameters {
        self.gradient_with_progress(net, x, t, threads, &mut |_, _| ())
    }

    fn train_steps(
        &self,
        net: &mut TwoLayerNet,
        data: &CompressedDataset,
        batches: &[Vec<usize>],
        learning_rate: f64,
        threads: usize,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Vec<f64> {
        let mut losses = Vec::new();
        for batch_mask in batches {
            let (x, t) = data.select(batch_mask);
            let gradient = self.gradient_with_progress(net, &x, &t, threads, progress);
            net.params.descend(&gradient, learning_rate);
            losses.push(loss(net, &x, &t, CrossEntropy::Book));
        }
        losses
    }
}

/// The gradient of any function of the net: the twin of [`TwoLayerNet::numerical_gradient_of`]. The
/// threads share the parameters. `new_f` makes one f for each thread, so that each f can have its
/// own memory.
///
/// `progress` is called with the number of evaluations that are done, and the number of all.
///
/// # Panics
/// If f panics.
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
    // Thread k takes its share of W1, of b1, of W2 and of b2.
    let shares_of_thread = |k: usize, progress: &mut dyn FnMut(usize, usize)| {
        let mut net = net.clone();
        let mut f = new_f();
        let mut counted_f = |net: &TwoLayerNet| {
            let value = f(net);
            progress(1 + done.fetch_add(1, Relaxed), total);
            value
        };
        [0, 1, 2, 3].map(|part| {
            let indices = even_range(lengths[part], k, threads);
            partial_derivatives(&mut counted_f, &mut net, part, indices, h)
        })
    };
    // The calling thread reports the progress of all threads.
    let results = share_work(
        threads,
        || shares_of_thread(0, progress),
        |k| shares_of_thread(k, &mut |_, _| ()),
    );

    let whole_part = |part: usize| -> Vec<f64> {
        results.iter().flat_map(|result| result[part].iter().copied()).collect()
    };
    let p = &net.params;
    Parameters {
        w1: p.w1.with_data(&whole_part(0)),
        b1: whole_part(1),
        w2: p.w2.with_data(&whole_part(2)),
        b2: whole_part(3),
    }
}

/// Some of the partial derivatives with respect to W1, b1, W2 or b2, which are the parts 0 to 3.
/// The net is not copied: one of its parameters is moved and then put back.
fn partial_derivatives(
    f: &mut impl FnMut(&TwoLayerNet) -> f64,
    net: &mut TwoLayerNet,
    part: usize,
    indices: Range<usize>,
    h: f64,
) -> Vec<f64> {
    let mut gradient = Vec::with_capacity(indices.len());
    for i in indices {
        let original = parts_mut(net)[part][i];
        parts_mut(net)[part][i] = original + h;
        let f_plus = f(net);
        parts_mut(net)[part][i] = original - h;
        let f_minus = f(net);
        parts_mut(net)[part][i] = original;
        gradient.push((f_plus - f_minus) / (2.0 * h));
    }
    gradient
}
