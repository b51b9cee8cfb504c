//! Several training steps on several threads: the twin of the loop in `ch04/s5_2_training.rs`.
//!
//! Each thread owns some hidden units for all of these steps: their columns of W1, their part of
//! b1, and their rows of W2.
//!
//! ```text
//!            thread 0: units 0 to 25          thread 1: units 26 to 49
//!            z1 of its units                  z1 of its units
//!                        ╲      exchange      ╱
//!            all of z1, W2                    all of z1, W2
//!            a2, y, dy                        a2, y, dy             (both compute the same)
//!            gradient of its weights          gradient of its weights
//!            update of its weights            update of its weights
//! ```
//!
//! The threads wait for one another once per step. The loss of step i and the forward pass of step
//! i + 1 use the same weights, so the exchange serves both.
//!
//! No sum changes its order. Each element of z1 and of the gradient is computed by one thread. Each
//! thread computes the scores a2 for itself, in the order of the hidden units.

use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, Builder, ScopedJoinHandle};

use super::compressed::{ColumnLists, CompressedRows};
use super::incremental::{Nudge, gradient_of_units, sorted_nudges};
use super::matrix::{add_product, dot_transpose, softmax_rows};
use super::methods::{GradientMethod, Steps};
use super::team::{even_range, share_range};
use super::two_layer_net::{assert_fits, hidden, y_minus_t};
use crate::ch04::s2_4_batch_cross_entropy::mean_of_minus_ln;
use crate::ch04::s2_4_targets::Labels;
use crate::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use crate::numeric::matrix::{Matrix, add_scaled};

/// x: (N, inputs), t: (N).
type Batch = (CompressedRows, Labels);

/// Updates the net once for each mini-batch, and returns the loss of each after its update.
pub(super) fn train_steps(
    method: &GradientMethod, net: &mut TwoLayerNet, steps: &Steps, threads: usize,
) -> Vec<f64> {
    let mut threads = threads.clamp(1, (net.params.b1.len() / FEWEST_UNITS).max(1));
    let select = |share: Range<usize>| -> Vec<Batch> {
        steps.batches[share].iter().map(|batch_mask| steps.data.select(batch_mask)).collect()
    };
    let batches = share_range(steps.batches.len(), threads, select);
    let batches: Vec<Batch> = batches.into_iter().flatten().collect();
    for (x, t) in &batches {
        assert_fits("gradient", net, x, t);
    }
    // If the system refuses to start a thread, fewer threads do the work.
    loop {
        let shards = Shard::all_of(*method, net, steps.learning_rate, threads);
        match run_all(shards, net, &batches) {
            Some(losses) => return losses,
            None => threads -= 1,
        }
    }
}

/// Runs each shard on its own thread. `None`, and an unchanged net, if one could not be started.
fn run_all(shards: Vec<Shard>, net: &mut TwoLayerNet, batches: &[Batch]) -> Option<Vec<f64>> {
    let run = |mut shard: Shard| shard.run(batches).map(|y_t| (shard, y_t));
    let mut shards = shards.into_iter();
    let first = shards.next()?;
    let results: Vec<Option<_>> = thread::scope(|scope| {
        let start = |shard| Builder::new().spawn_scoped(scope, move || run(shard)).ok();
        let others: Vec<_> = shards.map(start).collect();
        let first = run(first);
        let join = |thread: ScopedJoinHandle<_>| thread.join().unwrap_or_else(|e| resume_unwind(e));
        [first].into_iter().chain(others.into_iter().map(|thread| thread.and_then(join))).collect()
    });
    let results: Vec<(Shard, Vec<Vec<f64>>)> = results.into_iter().collect::<Option<_>>()?;

    for (shard, _) in &results {
        write_units(&shard.net.params, shard.units.clone(), &mut net.params);
    }
    let loss_of_step = |step: usize| {
        let y_t: Vec<f64> = results.iter().flat_map(|(_, y_t)| y_t[step].iter().copied()).collect();
        mean_of_minus_ln(&y_t)
    };
    Some((0..batches.len()).map(loss_of_step).collect())
}

/// How many units a thread has at least. With fewer, the exchange takes longer than the work.
const FEWEST_UNITS: usize = 12;

/// A net with only some of the hidden units, and with all of b2.
pub(super) fn units_of(net: &TwoLayerNet, units: Range<usize>) -> TwoLayerNet {
    let Parameters { w1, b1, w2, b2 } = &net.params;
    let first = units.start;
    let params = Parameters {
        w1: Matrix::from_fn(w1.rows(), units.len(), |i, j| w1[(i, first + j)]),
        b1: b1[units.clone()].to_vec(),
        w2: Matrix::from_fn(units.len(), w2.columns(), |j, k| w2[(first + j, k)]),
        b2: b2.clone(),
    };
    TwoLayerNet { params, activation: net.activation }
}

/// Puts what [`units_of`] took out, or a gradient of these shapes, back into its place in `whole`.
pub(super) fn write_units(part: &Parameters, units: Range<usize>, whole: &mut Parameters) {
    for i in 0..part.w1.rows() {
        whole.w1.row_mut(i)[units.clone()].copy_from_slice(part.w1.row(i));
    }
    for (j, unit) in units.clone().enumerate() {
        whole.w2.row_mut(unit).copy_from_slice(part.w2.row(j));
    }
    whole.b1[units].copy_from_slice(&part.b1);
    whole.b2.copy_from_slice(&part.b2);
}

/// Some hidden units, which one thread trains.
struct Shard {
    method: GradientMethod,
    learning_rate: f64,
    units: Range<usize>,
    /// A net with only these units
    net: TwoLayerNet,
    exchange: Exchange,
}

/// What a thread tells the others in one exchange. Where there is no mini-batch, it is empty.
struct Outputs {
    /// z1 of its units for the mini-batch of the step before: (N, own units)
    before: Matrix,
    /// z1 of its units for the mini-batch of this step
    now: Matrix,
    /// For the mini-batch of this step
    prepared: Prepared,
    /// Its rows of W2
    w2: Matrix,
}

/// What follows from the pixels of a thread's share of the samples. Each method uses one of these.
#[derive(Default)]
struct Prepared {
    columns: ColumnLists,
    nudges: Vec<Vec<Nudge>>,
}

impl Shard {
    /// The hidden units of the net, divided among the threads. With two threads, the 50 units of the
    /// book's net become 26 and 24: these two widths are the fastest for the product.
    fn all_of(
        method: GradientMethod, net: &TwoLayerNet, learning_rate: f64, threads: usize,
    ) -> Vec<Self> {
        let hidden = net.params.b1.len();
        let even = |unit: usize| unit.next_multiple_of(2).min(hidden);
        let shard = |exchange: Exchange| {
            let Range { start, end } = even_range(hidden, exchange.thread, threads);
            let units = even(start)..even(end);
            let net = units_of(net, units.clone());
            Self { method, learning_rate, units, net, exchange }
        };
        Exchange::between(threads).into_iter().map(shard).collect()
    }

    /// Does all steps. Returns, for each step, yₜ after the update for this thread's share of the
    /// samples. `None` if another thread is gone.
    fn run(&mut self, batches: &[Batch]) -> Option<Vec<Vec<f64>>> {
        let mut prepared = self.prepare(batches.first());
        let mut y_t = Vec::with_capacity(batches.len());
        for step in 0..=batches.len() {
            let before = step.checked_sub(1).map(|before| &batches[before]);
            let now = batches.get(step);
            let z1 = |batch: Option<&Batch>| batch.map(|(x, _)| hidden(&self.net, x));
            let outputs = Arc::new(Outputs {
                before: z1(before).unwrap_or_default(),
                now: z1(now).unwrap_or_default(),
                prepared,
                w2: self.net.params.w2.clone(),
            });
            self.exchange.send(&outputs)?;
            // This does not depend on the weights: it is done while the others send their outputs.
            prepared = self.prepare(batches.get(step + 1));
            let all = self.exchange.receive(outputs)?;

            if let Some((_, t)) = before {
                let share = self.exchange.share_of(t.len());
                let y = softmax_rows(self.scores(&all, |outputs| &outputs.before, share.clone()));
                let labels = t.as_slice()[share].iter().enumerate();
                y_t.push(labels.map(|(n, &label)| y[(n, label)]).collect());
            }
            if let Some(batch) = now {
                let a2 = self.scores(&all, |outputs| &outputs.now, 0..batch.1.len());
                self.update(batch, &all, a2);
            }
        }
        Some(y_t)
    }

    fn prepare(&self, batch: Option<&Batch>) -> Prepared {
        let mut prepared = Prepared::default();
        let Some((x, t)) = batch else { return prepared };
        let samples = self.exchange.share_of(t.len());
        match self.method {
            GradientMethod::Incremental(d) => prepared.nudges = sorted_nudges(d.h, x, samples),
            _ => prepared.columns = ColumnLists::new(x, samples),
        }
        prepared
    }

    /// The scores a2 of the whole net for some samples, from z1 and the rows of W2 of all threads.
    fn scores(
        &self, all: &[Arc<Outputs>], z1: fn(&Outputs) -> &Matrix, samples: Range<usize>,
    ) -> Matrix {
        let b2 = &self.net.params.b2;
        let mut a2 = Matrix::zeros(samples.len(), b2.len());
        for outputs in all {
            let row = |n: usize| z1(outputs).row(samples.start + n).iter().copied().enumerate();
            add_product(row, &outputs.w2, &mut a2);
        }
        a2.add_row(b2)
    }

    /// Updates the weights for the mini-batch (x, t). a2: (N, classes) are the scores of the whole net.
    fn update(&mut self, (x, t): &Batch, all: &[Arc<Outputs>], a2: Matrix) {
        let prepared = all.iter().map(|outputs| &outputs.prepared); // in the order of the samples
        if let GradientMethod::Incremental(differences) = self.method {
            let nudges: Vec<&[Nudge]> = prepared.flat_map(|p| &p.nudges).map(|n| &n[..]).collect();
            let gradient = gradient_of_units(differences, &self.net, (x, t), &nudges, &a2);
            self.net.params.descend(&gradient, self.learning_rate);
            return;
        }
        // Backward, as in `TwoLayerNet::gradient`.
        let z1 = &all[self.exchange.thread].now;
        let dy = y_minus_t(softmax_rows(a2), t);
        let dw2 = z1.transpose_dot(&dy);
        let dz1 = dot_transpose(&dy, &self.net.params.w2);
        let da1 = self.net.activation.backward(z1, &dz1);

        let rate = -self.learning_rate;
        let Parameters { w1, b1, w2, b2 } = &mut self.net.params;
        // W1 is updated row by row, so that the matrix ∂L/∂W1 is never in memory.
        let lists: Vec<&ColumnLists> = prepared.map(|p| &p.columns).collect();
        x.for_each_row_of_transpose_dot(&lists, &da1, |i, dw1_row| {
            add_scaled(w1.row_mut(i), rate, dw1_row);
        });
        add_scaled(b1, rate, &da1.column_sums());
        add_scaled(w2.as_mut_slice(), rate, dw2.as_slice());
        add_scaled(b2, rate, &dy.column_sums());
    }
}

/// One thread's connection with all others.
struct Exchange {
    thread: usize,
    senders: Vec<Sender<Arc<Outputs>>>,
    /// From each other thread, in the order of the threads
    receivers: Vec<Receiver<Arc<Outputs>>>,
}

impl Exchange {
    /// One for each of `threads` threads.
    fn between(threads: usize) -> Vec<Self> {
        let alone = |thread| Self { thread, senders: Vec::new(), receivers: Vec::new() };
        let mut exchanges: Vec<Self> = (0..threads).map(alone).collect();
        for from in 0..threads {
            for to in (0..threads).filter(|&to| to != from) {
                let (sender, receiver) = channel();
                exchanges[from].senders.push(sender);
                exchanges[to].receivers.push(receiver);
            }
        }
        exchanges
    }

    /// Sends the outputs to all other threads. `None` if another thread is gone.
    fn send(&self, outputs: &Arc<Outputs>) -> Option<()> {
        self.senders.iter().try_for_each(|sender| sender.send(Arc::clone(outputs)).ok())
    }

    /// The outputs of all threads, in order. `None` if another thread is gone.
    fn receive(&self, own: Arc<Outputs>) -> Option<Vec<Arc<Outputs>>> {
        let others = self.receivers.iter().map(|receiver| receiver.recv().ok());
        let mut all = others.collect::<Option<Vec<_>>>()?;
        all.insert(self.thread, own);
        Some(all)
    }

    /// The samples that this thread prepares, and whose loss it computes.
    fn share_of(&self, samples: usize) -> Range<usize> {
        even_range(samples, self.thread, self.receivers.len() + 1)
    }
}
