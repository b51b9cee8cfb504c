//! The fast twins of [`TwoLayerNet::gradient`] and [`TwoLayerNet::loss`] on several threads.
//!
//! No sum changes its order. On the way to ∂L/∂a1, the rows of a mini-batch do not depend on one
//! another, so each thread takes some rows. Each row of ∂L/∂W1 belongs to one pixel, so each thread
//! takes some pixels. All threads finish the first step before the second step starts.
//!
//! A thread of a team can't borrow the net, so the net is copied. This takes 10 µs of a step of
//! 300.

use std::ops::Range;
use std::sync::Arc;

use super::compressed::{Batch, BatchInput};
use super::matrix::stack;
use super::team::{Team, even_ranges};
use super::two_layer_net::{self, Backward, backward, parts_mut, predict};
use crate::ch04::s2_1_loss::{CrossEntropy, DELTA, assert_labels, pick_label_columns};
use crate::ch04::s2_4_targets::Labels;
use crate::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use crate::numeric::elementary::ln;
use crate::numeric::matrix::{Matrix, assert_product};
use crate::numeric::sum::sum_of;

/// The threads, and their copy of the net.
pub struct Workers {
    team: Team,
    net: Option<Arc<TwoLayerNet>>,
    /// For each thread the pixels that it takes
    columns: Vec<Range<usize>>,
}

impl Workers {
    /// A team of threads. The caller is one of them. The results do not depend on their number.
    pub fn new(threads: usize) -> Self {
        Self { team: Team::new(threads), net: None, columns: Vec::new() }
    }

    /// How many threads work at the same time.
    pub fn threads(&self) -> usize {
        self.team.size()
    }

    /// The twin of [`TwoLayerNet::gradient`].
    ///
    /// # Panics
    /// In the same cases as [`TwoLayerNet::gradient`].
    #[track_caller]
    pub fn gradient(&mut self, net: &TwoLayerNet, x: &Batch, t: &Labels) -> Parameters {
        if self.threads() == 1 {
            return two_layer_net::gradient(net, x, t);
        }
        assert_fits("gradient", net, x, t);
        let batch_num = x.rows();
        let parts = self.on_rows(net, x, t, move |net, x, t| backward(net, x, t, batch_num));
        let stacked =
            |matrix: fn(&Backward) -> &Matrix| stack(&parts.iter().map(matrix).collect::<Vec<_>>());
        let (z1, dy) = (stacked(|part| &part.z1), stacked(|part| &part.dy));
        let da1 = Arc::new(stacked(|part| &part.da1));

        // The ranges are computed for the first mini-batch and used again: all are similar.
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
            w1: stack(&parts.iter().collect::<Vec<_>>()),
            b1: da1.column_sums(),
            w2: z1.transpose_dot(&dy),
            b2: dy.column_sums(),
        }
    }

    /// The twin of [`TwoLayerNet::loss`].
    ///
    /// # Panics
    /// In the same cases as [`TwoLayerNet::loss`].
    #[track_caller]
    pub fn loss(&mut self, net: &TwoLayerNet, x: &Batch, t: &Labels) -> f64 {
        if self.threads() == 1 {
            return two_layer_net::loss(net, x, t, CrossEntropy::Book);
        }
        assert_fits("cross_entropy_labels", net, x, t);
        let parts = self.on_rows(net, x, t, |net, x, t| pick_label_columns(&predict(net, x), t));
        let y_t = parts.concat();
        -sum_of(y_t.len(), |n| ln(y_t[n] + DELTA)) / y_t.len() as f64
    }

    /// The results of f for some rows at a time, one part per thread, in order.
    fn on_rows<R: Send + 'static>(
        &mut self,
        net: &TwoLayerNet,
        x: &Batch,
        t: &Labels,
        f: impl Fn(&TwoLayerNet, &Batch, &Labels) -> R + Copy + Send + 'static,
    ) -> Vec<R> {
        let net = self.shared_copy(net);
        let parts = self.threads().min(x.rows());
        self.team.run(even_ranges(x.rows(), parts).map(|rows| {
            let t = Labels::new(t.as_slice()[rows.clone()].to_vec());
            let (net, x) = (Arc::clone(&net), x.slice(rows));
            move || f(&net, &x, &t)
        }))
    }

    /// A copy of the net for the threads. Its memory is used again, because after a task no thread
    /// holds the former copy.
    fn shared_copy(&mut self, net: &TwoLayerNet) -> Arc<TwoLayerNet> {
        let copy = self.net.get_or_insert_with(|| Arc::new(net.clone()));
        match Arc::get_mut(copy).filter(|copy| copy.params.shapes() == net.params.shapes()) {
            Some(copy) => {
                copy.activation = net.activation;
                for (target, (_, source)) in parts_mut(copy).into_iter().zip(net.params.parts()) {
                    target.copy_from_slice(source);
                }
            }
            None => *copy = Arc::new(net.clone()),
        }
        Arc::clone(copy)
    }
}

/// Checks the caller's arguments before the threads see a part of them.
#[track_caller]
fn assert_fits(name: &str, net: &TwoLayerNet, x: &Batch, t: &Labels) {
    let Parameters { w1, w2, .. } = &net.params;
    assert_product("dot", (x.rows(), x.columns()), w1.shape(), x.columns() == w1.rows());
    assert_labels(name, (x.rows(), w2.columns()), t);
}
