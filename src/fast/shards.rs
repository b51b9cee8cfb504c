//! Several training steps on several threads: the twin of the loop in `ch04/s5_2_training.rs`.
//!
//! Each thread owns some hidden units for all of these steps: their columns of W1, their part of
//! b1, and their rows of W2. It computes the outputs of its units, and updates its own weights. How
//! it computes the gradient of its weights is the [`UpdateRule`]: by backpropagation, or by the
//! central differences of `fast/incremental.rs`.
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
//! No sum changes its order: each element of z1 and of the gradient is computed by one thread, and
//! each thread computes the scores a2 for itself.

use std::fmt::Debug;
use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, Builder};

use super::compressed::{ColumnLists, CompressedRows};
use super::matrix::{dot_transpose, softmax_rows_in_place, stack};
use super::methods::{Backprop, GradientMethod};
use super::mini_batch::CompressedDataset;
use super::team::{even_range, even_ranges, share_range};
use super::two_layer_net::{assert_fits, gradient, hidden_into, scores_into, y_minus_t};
use crate::ch04::s2_2_cross_entropy::DELTA;
use crate::ch04::s2_4_targets::Labels;
use crate::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use crate::numeric::elementary::ln;
use crate::numeric::matrix::{Matrix, add_scaled};
use crate::numeric::sum::sum_of;

/// How a thread computes the gradient for its hidden units, and updates their weights.
pub trait UpdateRule: Sync {
    /// What is computed from the pixels, without the weights.
    type Prepared: Send + Sync;

    /// How many outputs of hidden units are computed between two starts of the threads. A start takes
    /// as long as a step of the book's net. But progress is shown only between two of them.
    const OUTPUTS_AT_ONCE: usize;

    /// The whole gradient: see [`GradientMethod::gradient`].
    fn gradient(
        &self,
        net: &TwoLayerNet,
        x: &CompressedRows,
        t: &Labels,
        threads: usize,
    ) -> Parameters;

    /// Each thread does this for its share of the samples.
    fn prepare(&self, x: &CompressedRows, samples: Range<usize>) -> Self::Prepared;

    /// Updates `units`: a net with only some of the hidden units. z1: (N, units) are their outputs
    /// for the mini-batch (x, t), and a2: (N, classes) are the scores of the whole net. `prepared`
    /// comes from all threads, in the order of the samples.
    fn update(
        &self,
        units: &mut TwoLayerNet,
        batch: &(CompressedRows, Labels),
        prepared: &[&Self::Prepared],
        z1: &Matrix,
        a2: Matrix,
        learning_rate: f64,
    );
}

/// Backward, as in [`TwoLayerNet::gradient`]. Row i of W1 is updated as soon as row i of ∂L/∂W1 is
/// known. So the matrix ∂L/∂W1 is never in memory.
impl UpdateRule for Backprop {
    type Prepared = ColumnLists;

    /// 100 steps of the book's net.
    const OUTPUTS_AT_ONCE: usize = 500_000;

    fn gradient(
        &self,
        net: &TwoLayerNet,
        x: &CompressedRows,
        t: &Labels,
        _threads: usize,
    ) -> Parameters {
        gradient(net, x, t)
    }

    fn prepare(&self, x: &CompressedRows, samples: Range<usize>) -> ColumnLists {
        ColumnLists::new(x, samples)
    }

    fn update(
        &self,
        units: &mut TwoLayerNet,
        (x, t): &(CompressedRows, Labels),
        lists: &[&ColumnLists],
        z1: &Matrix,
        a2: Matrix,
        learning_rate: f64,
    ) {
        let mut y = a2;
        softmax_rows_in_place(&mut y);
        let dy = y_minus_t(y, t);
        let dw2 = z1.transpose_dot(&dy);
        let dz1 = dot_transpose(&dy, &units.params.w2);
        let da1 = units.activation.backward(z1, &dz1);

        let Parameters { w1, b1, w2, b2 } = &mut units.params;
        x.for_each_row_of_transpose_dot(lists, &da1, |i, dw1_row| {
            add_scaled(w1.row_mut(i), -learning_rate, dw1_row);
        });
        add_scaled(b1, -learning_rate, &da1.column_sums());
        add_scaled(w2.as_mut_slice(), -learning_rate, dw2.as_slice());
        add_scaled(b2, -learning_rate, &dy.column_sums());
    }
}

/// Training with such a rule: the threads share the hidden units.
impl<R: UpdateRule + Debug> GradientMethod for R {
    fn gradient(
        &self,
        net: &TwoLayerNet,
        x: &CompressedRows,
        t: &Labels,
        threads: usize,
    ) -> Parameters {
        UpdateRule::gradient(self, net, x, t, threads)
    }

    fn steps_at_once(&self, net: &TwoLayerNet, batch_size: usize) -> usize {
        // A net with fewer than 50 hidden units counts as one with 50. Otherwise it would get very
        // many steps at once, and the copies of their images would take too much memory.
        let hidden = net.params.b1.len().max(50);
        (R::OUTPUTS_AT_ONCE / (batch_size * hidden).max(1)).max(1)
    }

    #[track_caller]
    fn train_steps(
        &self,
        net: &mut TwoLayerNet,
        data: &CompressedDataset,
        batches: &[Vec<usize>],
        learning_rate: f64,
        threads: usize,
        _progress: &mut dyn FnMut(usize, usize),
    ) -> Vec<f64> {
        let mut threads = threads.clamp(1, (net.params.b1.len() / FEWEST_UNITS).max(1));
        let select = |share: Range<usize>| share.map(|step| data.select(&batches[step])).collect();
        let batches: Vec<Vec<_>> = share_range(batches.len(), threads, select);
        let batches: Vec<_> = batches.into_iter().flatten().collect();
        for (x, t) in &batches {
            assert_fits("gradient", net, x, t);
        }
        // If the system refuses to start a thread, fewer threads do the work.
        loop {
            match try_steps(self, net, &batches, learning_rate, threads) {
                Some(losses) => return losses,
                None => threads -= 1,
            }
        }
    }
}

/// Trains on this number of threads. `None` if one of them could not be started; then the
/// net is unchanged.
fn try_steps<R: UpdateRule>(
    rule: &R,
    net: &mut TwoLayerNet,
    batches: &[(CompressedRows, Labels)],
    learning_rate: f64,
    threads: usize,
) -> Option<Vec<f64>> {
    let ranges = unit_ranges(net.params.b1.len(), threads);
    let shards = ranges.iter().map(|units| units_of(net, units.clone()));
    let mut jobs = shards.zip(Exchange::between(threads));
    let run = |(mut units, exchange): (TwoLayerNet, Exchange<_>)| {
        let y_t = train_units(rule, &mut units, batches, learning_rate, &exchange)?;
        Some((units.params, y_t))
    };
    let first = jobs.next()?;
    let results = thread::scope(|scope| -> Option<Vec<(Parameters, Vec<Vec<f64>>)>> {
        let start = |job| Builder::new().spawn_scoped(scope, || run(job)).ok();
        let others: Vec<_> = jobs.map(start).collect();
        let first = run(first);
        let others = others
            .into_iter()
            .map(|thread| thread?.join().unwrap_or_else(|panic| resume_unwind(panic)));
        // All threads are joined before the result is known.
        let all: Vec<_> = [first].into_iter().chain(others).collect();
        all.into_iter().collect()
    })?;

    for ((params, _), units) in results.iter().zip(ranges) {
        write_units(params, units, &mut net.params);
    }
    let loss_of_step = |step: usize| {
        let y_t: Vec<f64> = results.iter().flat_map(|(_, y_t)| y_t[step].iter().copied()).collect();
        -sum_of(y_t.len(), |n| ln(y_t[n] + DELTA)) / y_t.len() as f64
    };
    Some((0..batches.len()).map(loss_of_step).collect())
}

/// How many units a thread has at least. With fewer, the exchange takes longer than the work.
const FEWEST_UNITS: usize = 12;

/// Divides the hidden units among the threads, in parts of an even number of units. With two
/// threads, the 50 units of the book's net become 26 and 24: these two widths are the fastest for
/// the product.
fn unit_ranges(units: usize, threads: usize) -> Vec<Range<usize>> {
    let even = |unit: usize| unit.next_multiple_of(2).min(units);
    even_ranges(units, threads).map(|range| even(range.start)..even(range.end)).collect()
}

/// A net with only some of the hidden units: their columns of W1, their part of b1, their rows of
/// W2, and all of b2.
pub fn units_of(net: &TwoLayerNet, units: Range<usize>) -> TwoLayerNet {
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
pub fn write_units(part: &Parameters, units: Range<usize>, whole: &mut Parameters) {
    for i in 0..part.w1.rows() {
        whole.w1.row_mut(i)[units.clone()].copy_from_slice(part.w1.row(i));
    }
    for (j, unit) in units.clone().enumerate() {
        whole.w2.row_mut(unit).copy_from_slice(part.w2.row(j));
    }
    whole.b1[units].copy_from_slice(&part.b1);
    whole.b2.copy_from_slice(&part.b2);
}

/// What a thread tells the others in one exchange.
struct Outputs<P> {
    /// z1 of its units for the mini-batch of the step before: (N, own units)
    before: Option<Matrix>,
    /// z1 of its units for the mini-batch of this step, and what it prepared
    now: Option<(Matrix, P)>,
    /// Its rows of W2
    w2: Matrix,
}

/// Does all steps for the units of one thread. Returns, for each step, yₜ after the update for this
/// thread's share of the samples. `None` if another thread is gone.
fn train_units<R: UpdateRule>(
    rule: &R,
    units: &mut TwoLayerNet,
    batches: &[(CompressedRows, Labels)],
    learning_rate: f64,
    exchange: &Exchange<R::Prepared>,
) -> Option<Vec<Vec<f64>>> {
    let prepare = |(x, t): &(CompressedRows, Labels)| rule.prepare(x, exchange.share_of(t.len()));
    let mut prepared = batches.first().map(prepare);
    let mut y_t = Vec::with_capacity(batches.len());
    for step in 0..=batches.len() {
        let before = step.checked_sub(1).map(|before| &batches[before]);
        let now = batches.get(step);
        let outputs = Arc::new(Outputs {
            before: before.map(|(x, _)| outputs_of(units, x)),
            now: now.map(|(x, _)| outputs_of(units, x)).zip(prepared),
            w2: units.params.w2.clone(),
        });
        exchange.send(&outputs)?;
        // This does not depend on the weights: it is done while the others send their outputs.
        prepared = batches.get(step + 1).map(prepare);
        let all = exchange.receive(outputs)?;
        let w2 = stack(&all.iter().map(|outputs| &outputs.w2).collect::<Vec<_>>());
        let scores = |z1: Vec<&Matrix>, samples: Range<usize>| {
            let mut a2 = Matrix::default();
            scores_into(&joined(z1, samples), &w2, &units.params.b2, &mut a2);
            a2
        };

        if let Some((_, t)) = before {
            let z1 = all.iter().filter_map(|outputs| outputs.before.as_ref());
            let share = exchange.share_of(t.len());
            let mut y = scores(z1.collect(), share.clone());
            softmax_rows_in_place(&mut y);
            let labels = t.as_slice()[share].iter().enumerate();
            y_t.push(labels.map(|(n, &label)| y[(n, label)]).collect());
        }
        if let Some(batch) = now {
            let outputs = all.iter().filter_map(|outputs| outputs.now.as_ref());
            let (z1, prepared): (Vec<_>, Vec<_>) = outputs.map(|(z1, p)| (z1, p)).unzip();
            let own_z1 = z1[exchange.thread];
            let a2 = scores(z1, 0..batch.1.len());
            rule.update(units, batch, &prepared, own_z1, a2, learning_rate);
        }
    }
    Some(y_t)
}

/// z1 of the units: (N, units).
fn outputs_of(units: &TwoLayerNet, x: &CompressedRows) -> Matrix {
    let mut z1 = Matrix::default();
    hidden_into(units, x, &mut z1);
    z1
}

/// The columns of all parts, one part next to the other, for some of the rows.
fn joined(parts: Vec<&Matrix>, rows: Range<usize>) -> Matrix {
    let columns = parts.iter().map(|part| part.columns()).sum();
    let mut all = Vec::with_capacity(rows.len() * columns);
    for n in rows.clone() {
        for part in &parts {
            all.extend_from_slice(part.row(n));
        }
    }
    Matrix::from_vec(rows.len(), columns, all)
}

/// One thread's connection with all others.
struct Exchange<P> {
    /// The index of this thread
    thread: usize,
    /// A channel to each other thread
    senders: Vec<Sender<Arc<Outputs<P>>>>,
    /// A channel from each other thread, in the order of the threads
    receivers: Vec<Receiver<Arc<Outputs<P>>>>,
}

impl<P> Exchange<P> {
    /// One for each of `threads` threads.
    fn between(threads: usize) -> Vec<Self> {
        let mut exchanges: Vec<Self> = (0..threads)
            .map(|thread| Self { thread, senders: Vec::new(), receivers: Vec::new() })
            .collect();
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
    fn send(&self, outputs: &Arc<Outputs<P>>) -> Option<()> {
        self.senders.iter().try_for_each(|sender| sender.send(Arc::clone(outputs)).ok())
    }

    /// The outputs of all threads, in order. `None` if another thread is gone.
    fn receive(&self, own: Arc<Outputs<P>>) -> Option<Vec<Arc<Outputs<P>>>> {
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
