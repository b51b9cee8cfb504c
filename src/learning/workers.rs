//! One training step shared among threads, with the bits of `two_layer_net.rs`.
//!
//! Nothing is summed in another order. Rows of the mini-batch do not touch one another on the way
//! to ∂L/∂a1, so each thread takes some rows; rows of ∂L/∂W1 belong to one pixel each, so each
//! thread takes some pixels. Between the two all wait for one another. Threads of a team can
//! borrow nothing, so the net is copied for them: 10 µs in a step of 300.

use std::ops::Range;
use std::sync::Arc;

use super::functions::softmax_rows;
use super::loss::{mean_cross_entropy, pick_label_columns};
use super::targets::Labels;
use super::two_layer_net::{Backward, Parameters, TwoLayerNet};
use crate::numeric::compressed::{Batch, Input};
use crate::numeric::matrix::Matrix;
use crate::numeric::team::{Team, even_ranges};

/// Threads, and the net as they see it.
pub struct Workers {
    team: Team,
    net: Option<Arc<TwoLayerNet>>,
    /// Each thread's share of the pixels.
    columns: Vec<Range<usize>>,
}

impl Workers {
    /// A team of `threads`, the caller included. The results do not depend on how many.
    pub fn new(threads: usize) -> Self {
        let team = Team::new(threads);
        Self { team, net: None, columns: Vec::new() }
    }

    /// How many threads work at the same time.
    pub fn threads(&self) -> usize {
        self.team.size()
    }

    /// [`TwoLayerNet::gradient`].
    ///
    /// # Panics
    /// As that does.
    #[track_caller]
    pub fn gradient(&mut self, net: &TwoLayerNet, x: &Batch, t: &Labels) -> Parameters {
        if self.threads() == 1 || x.rows() == 0 {
            return net.gradient(x, t);
        }
        let n = x.rows();
        let parts = self.on_rows(net, x, t, move |net, x, t| net.backward(x, t, n));
        let stack = |part: fn(&Backward) -> &Matrix| Matrix::stack(parts.iter().map(part));
        let (z1, da2) = (stack(|part| &part.z1), stack(|part| &part.da2));
        let da1 = Arc::new(stack(|part| &part.da1));

        // One mini-batch is like another: the shares of the first are good for all.
        if self.columns.last().is_none_or(|last| last.end != x.columns()) {
            self.columns = x.balanced_columns(self.threads());
        }
        let parts = self.team.run(self.columns.iter().cloned().map(|columns| {
            let (x, da1) = (x.clone(), Arc::clone(&da1));
            move || {
                let mut rows = Matrix::default();
                x.transpose_dot_columns(&da1, columns, &mut rows);
                rows
            }
        }));
        Parameters {
            w1: Matrix::stack(parts.iter()),
            b1: da1.column_sums(),
            w2: z1.transpose_dot(&da2),
            b2: da2.column_sums(),
        }
    }

    /// [`TwoLayerNet::loss`].
    ///
    /// # Panics
    /// As that does.
    #[track_caller]
    pub fn loss(&mut self, net: &TwoLayerNet, x: &Batch, t: &Labels) -> f64 {
        if self.threads() == 1 || x.rows() == 0 {
            return net.loss(x, t);
        }
        let parts = self.on_rows(net, x, t, |net, x, t| {
            pick_label_columns(&softmax_rows(net.forward(x).a2), t)
        });
        let y_t = parts.concat();
        mean_cross_entropy(y_t.len(), |n| y_t[n])
    }

    /// f of the net and some of the samples, in parts of about the same size, in order.
    #[track_caller]
    fn on_rows<R: Send + 'static>(
        &mut self,
        net: &TwoLayerNet,
        x: &Batch,
        t: &Labels,
        f: impl Fn(&TwoLayerNet, &Batch, &Labels) -> R + Copy + Send + 'static,
    ) -> Vec<R> {
        assert!(x.rows() == t.len(), "workers: {} samples and {} labels", x.rows(), t.len());
        let net = self.copy_of(net);
        let parts = self.threads().min(x.rows());
        self.team.run(even_ranges(x.rows(), parts).map(|rows| {
            let (net, x, t) = (Arc::clone(&net), x.slice(rows.clone()), t.slice(rows));
            move || f(&net, &x, &t)
        }))
    }

    /// The net for the threads. Its memory is used again: after a task no thread holds it.
    fn copy_of(&mut self, net: &TwoLayerNet) -> Arc<TwoLayerNet> {
        let copy = self.net.get_or_insert_with(|| Arc::new(net.clone()));
        match Arc::get_mut(copy) {
            Some(copy) => {
                copy.params.copy_from(&net.params);
                copy.activation = net.activation;
            }
            None => *copy = Arc::new(net.clone()),
        }
        Arc::clone(copy)
    }
}
