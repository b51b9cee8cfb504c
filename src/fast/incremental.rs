// How it works is in incremental.md.
#![doc = include_str!("incremental.md")]

use std::ops::Range;

use super::compressed::CompressedRows;
use super::methods::Differences;
use super::shards::{units_of, write_units};
use super::team::share_range;
use super::two_layer_net::{CrossEntropy, assert_fits, hidden_sums, scores};
use crate::ch03::activation::Activation;
use crate::ch03::functions::softmax;
use crate::ch04::s2_2_cross_entropy::DELTA;
use crate::ch04::s2_4_batch_cross_entropy::exact_loss_of_sample;
use crate::ch04::s2_4_targets::Labels;
use crate::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use crate::numeric::elementary::{NEAR_0, exp, exp_minus_1_near_0, ln};
use crate::numeric::matrix::Matrix;

/// How many hidden units are processed together: they fill two registers of two f64.
const LANES: usize = 4;

type Lanes = [f64; LANES];

/// A pixel i of a sample (for the bias, i is the number of inputs), and u = h · `x[n][i]`: the change
/// of a sum of the hidden layer.
pub(super) type Nudge = (usize, f64);

/// One sample after the forward pass, with the names of `s5_1_two_layer_net.rs`.
struct Sample<'a> {
    label: usize,
    /// Of some hidden units
    a1: &'a [f64],
    a2: &'a [f64],
    y: Vec<f64>,
    /// yₜ / (yₜ + 1e-7), or 1 for the exact loss: a change of yₜ is multiplied by it
    weight: f64,
    loss: CrossEntropy,
    nudges: &'a [Nudge],
}

/// The gradient for a mini-batch x: (N, inputs), t: (N). The threads share the hidden units, and each
/// derivative is added up by one thread, in the order of the samples.
pub(super) fn incremental_gradient(
    differences: Differences, net: &TwoLayerNet, (x, t): (&CompressedRows, &Labels), threads: usize,
) -> Parameters {
    assert_fits("incremental gradient", net, x, t);
    // For a small net, starting a thread takes longer than the work.
    let threads = if x.rows() * net.params.count() < 100_000 { 1 } else { threads };
    let nudges = sorted_nudges(differences.h, x, 0..x.rows());
    let nudges: Vec<&[Nudge]> = nudges.iter().map(Vec::as_slice).collect();
    let a2 = scores(net, x);

    let hidden = net.params.b1.len();
    let gradients = share_range(hidden.div_ceil(LANES), threads, |blocks| {
        let range = blocks.start * LANES..(blocks.end * LANES).min(hidden);
        let units = units_of(net, range.clone());
        (gradient_of_units(differences, &units, (x, t), &nudges, &a2), range)
    });
    let mut gradient = net.params.clone(); // for its shapes
    for (of_units, range) in gradients {
        write_units(&of_units, range, &mut gradient);
    }
    gradient
}

/// The pixels of each of these samples that are not 0, sorted by value: observation 3.
pub(super) fn sorted_nudges(h: f64, x: &CompressedRows, samples: Range<usize>) -> Vec<Vec<Nudge>> {
    let of_sample = |n| {
        let bias = (x.columns(), 1.0);
        let mut nudges: Vec<_> = x.entries(n).chain([bias]).map(|(i, v)| (i, h * v)).collect();
        nudges.sort_unstable_by(|(_, u), (_, v)| u.total_cmp(v));
        nudges
    };
    samples.map(of_sample).collect()
}

/// The gradient for some hidden units. a2: (N, classes) are the scores of the whole net.
pub(super) fn gradient_of_units(
    differences: Differences, units: &TwoLayerNet, (x, t): (&CompressedRows, &Labels),
    nudges: &[&[Nudge]], a2: &Matrix,
) -> Parameters {
    let Differences { h, loss } = differences;
    let a1 = hidden_sums(units, x);
    let sample = |(n, &label): (usize, &usize)| {
        let y = softmax(a2.row(n));
        let weight = match loss {
            CrossEntropy::Exact => 1.0, // also if y is so small that it is 0
            CrossEntropy::Book => y[label] / (y[label] + DELTA),
        };
        Sample { label, a1: a1.row(n), a2: a2.row(n), y, weight, loss, nudges: nudges[n] }
    };
    let samples: Vec<Sample> = t.as_slice().iter().enumerate().map(sample).collect();

    let all_u = nudges.iter().copied().flatten().map(|nudge| nudge.1);
    let largest_u = all_u.fold(0.0, |max: f64, u| max.max(u.abs()));

    let (inputs, hidden) = units.params.w1.shape();
    let block = |first| input_differences(units, &samples, largest_u, first);
    let blocks: Vec<Vec<Lanes>> = (0..hidden).step_by(LANES).map(block).collect();
    let row = |j| output_differences(&samples, h, |sample| units.activation.of(sample.a1[j]));
    let w2: Vec<Vec<f64>> = (0..hidden).map(row).collect();
    let b2 = output_differences(&samples, h, |_| 1.0);
    // Makes a derivative of the mean from the sum of L(w − h) − L(w + h) over the samples.
    let scale = -1.0 / (2.0 * h * x.rows() as f64);
    let derivative = |i: usize, j: usize| scale * blocks[j / LANES][i][j % LANES];
    Parameters {
        w1: Matrix::from_fn(inputs, hidden, derivative),
        b1: (0..hidden).map(|j| derivative(inputs, j)).collect(),
        w2: Matrix::from_fn(hidden, a2.columns(), |j, k| scale * w2[j][k]),
        b2: b2.iter().map(|b| scale * b).collect(),
    }
}

/// Some hidden units for one sample.
enum Units {
    /// e = exp(−a1), and 1 − z1 = e / (1 + e), which is more accurate than the difference
    Sigmoid { e: Lanes, one_minus_z1: Lanes },
    /// a1
    Relu(Lanes),
}

impl Units {
    fn new(activation: Activation, a1: Lanes) -> Self {
        match activation {
            Activation::Sigmoid => {
                let e = a1.map(|a| exp(-a));
                let one_minus_z1 = e.map(|e| if e.is_infinite() { 1.0 } else { e / (1.0 + e) });
                Units::Sigmoid { e, one_minus_z1 }
            }
            // For a step function, every exp is computed, and what this gives is replaced.
            Activation::Relu | Activation::Step => Units::Relu(a1),
        }
    }

    /// The change of z1 if a1 changes by u, and the change of z1 if a1 changes by −u.
    ///
    /// Sigmoid: with e = exp(−a1) and E = exp(−u) the change is
    /// 1/(1 + eE) − 1/(1 + e) = (1 − E) e/(1 + e) / (1 + eE).
    /// Relu: the change is u or 0. If 0 is between a1 and a1 + u, it is the part above 0.
    #[inline]
    fn moves_near_0(&self, u: f64) -> [Lanes; 2] {
        [u, -u].map(|u| match self {
            Units::Sigmoid { e, one_minus_z1 } => {
                let e_minus_1 = exp_minus_1_near_0(-u);
                let factor = 1.0 + e_minus_1;
                std::array::from_fn(|l| -e_minus_1 * one_minus_z1[l] / (1.0 + e[l] * factor))
            }
            Units::Relu(a1) => a1.map(|a| if a > 0.0 { u.max(-a) } else { (a + u).max(0.0) }),
        })
    }
}

impl Sample<'_> {
    /// tₖ − yₖ for class k.
    fn t_minus_y(&self, k: usize) -> f64 {
        if k == self.label { 1.0 - self.y[k] } else { -self.y[k] }
    }

    /// Observation 5: the coefficients Σ aₖ wₖᵖ/p!, p = 1 … 4, of Σ aₖ (exp(dz · wₖ) − 1) as a
    /// polynomial in dz, for each unit with its row w of W2.
    fn polynomials(&self, w2: &[Lanes], a: impl Fn(usize) -> f64) -> [Lanes; 4] {
        let mut coefficients = [[0.0; LANES]; 4];
        for (k, w) in w2.iter().enumerate() {
            let a = a(k);
            for (lane, &w) in w.iter().enumerate() {
                coefficients[0][lane] += a * w;
                coefficients[1][lane] += a * w * w * (1.0 / 2.0);
                coefficients[2][lane] += a * w * w * w * (1.0 / 6.0);
                coefficients[3][lane] += a * w * w * w * w * (1.0 / 24.0);
            }
        }
        coefficients
    }

    /// The log probability if z1 of a unit changes by `dz[0]`, minus the log probability if it
    /// changes by `dz[1]`: observations 2, 4 and 5. Each score changes by dz · `W2[j][k]`.
    #[inline]
    fn change_near_0(&self, s: &[Lanes; 4], d: &[Lanes; 4], dz: [Lanes; 2]) -> Lanes {
        std::array::from_fn(|l| {
            let value =
                |c: &[Lanes; 4], x| x * (c[0][l] + x * (c[1][l] + x * (c[2][l] + x * c[3][l])));
            let dz = [dz[0][l], dz[1][l]];
            log_ratio(dz.map(|dz| value(d, dz)), dz.map(|dz| value(s, dz)), self.weight)
        })
    }

    /// −Lₙ for the scores a2 + shift, as the net computes it: without observations 4 and 5.
    fn log_probability(&self, shift: impl Fn(usize) -> f64) -> f64 {
        let scores: Vec<f64> = self.a2.iter().enumerate().map(|(k, a)| a + shift(k)).collect();
        match self.loss {
            CrossEntropy::Exact => -exact_loss_of_sample(&scores, self.label),
            CrossEntropy::Book => ln(softmax(&scores)[self.label] + DELTA),
        }
    }
}

/// The changes of the log probability, summed over the samples, for the LANES units from `first`
/// on: one element per row of W1, and a last one for b1.
fn input_differences(
    net: &TwoLayerNet, samples: &[Sample], largest_u: f64, first: usize,
) -> Vec<Lanes> {
    let Parameters { w1, w2, .. } = &net.params;
    let count = LANES.min(w1.columns() - first);
    // If fewer units are left, the other lanes have the weight 0.
    let lanes = |number: &dyn Fn(usize) -> f64| -> Lanes {
        std::array::from_fn(|lane| if lane < count { number(first + lane) } else { 0.0 })
    };
    let w2_lanes: Vec<Lanes> = (0..w2.columns()).map(|k| lanes(&|j| w2[(j, k)])).collect();

    // Observations 4 and 5 are correct only if every change of an exponent is small enough.
    let largest_dz = match net.activation {
        Activation::Sigmoid => largest_u / 4.0, // the largest slope of the sigmoid is 1/4
        Activation::Relu => largest_u,
        Activation::Step => f64::INFINITY, // a jump, which no series gives
    };
    // Each unit for itself: the result must not depend on which units are processed together.
    let is_far_from_0 = |lane: &usize| {
        let largest_w2 = w2_lanes.iter().fold(0.0, |max: f64, w| max.max(w[*lane].abs()));
        largest_u > NEAR_0 || largest_dz * largest_w2 > NEAR_0
    };
    let far_from_0: Vec<usize> = (0..LANES).filter(is_far_from_0).collect();

    let activate = |a| net.activation.of(a);
    let mut w1_and_b1 = vec![[0.0; LANES]; w1.rows() + 1];
    for sample in samples {
        let a1 = lanes(&|j| sample.a1[j]);
        let units = Units::new(net.activation, a1);
        let s = sample.polynomials(&w2_lanes, |k| sample.y[k]);
        let d = sample.polynomials(&w2_lanes, |k| sample.t_minus_y(k));
        for group in sample.nudges.chunk_by(|(_, u), (_, v)| u == v) {
            let u = group[0].1;
            let mut change = sample.change_near_0(&s, &d, units.moves_near_0(u));
            for &lane in &far_from_0 {
                let [plus, minus] = [u, -u].map(|u| {
                    let dz = activate(a1[lane] + u) - activate(a1[lane]);
                    sample.log_probability(|k| dz * w2_lanes[k][lane])
                });
                change[lane] = plus - minus;
            }
            for &(column, _) in group {
                for (sum, change) in w1_and_b1[column].iter_mut().zip(change) {
                    *sum += change;
                }
            }
        }
    }
    w1_and_b1
}

/// The same for row j of W2. `z1` gives the output of unit j. For b2 it gives 1.
fn output_differences(samples: &[Sample], h: f64, z1: impl Fn(&Sample) -> f64) -> Vec<f64> {
    let classes = samples.first().map_or(0, |sample| sample.y.len());
    let mut sums = vec![0.0; classes];
    for sample in samples {
        let u = h * z1(sample);
        let e = [exp_minus_1_near_0(u), exp_minus_1_near_0(-u)];
        for (k, sum) in sums.iter_mut().enumerate() {
            *sum += if u.abs() <= NEAR_0 {
                let s = e.map(|e| sample.y[k] * e);
                let d = e.map(|e| sample.t_minus_y(k) * e);
                log_ratio(d, s, sample.weight)
            } else {
                sample.log_probability(|i| if i == k { u } else { 0.0 })
                    - sample.log_probability(|i| if i == k { -u } else { 0.0 })
            };
        }
    }
    sums
}

/// ln(p₊ + c) − ln(p₋ + c), where p₊ = p (1 + m₊)/(1 + s₊), p₋ = p (1 + m₋)/(1 + s₋), and all m and
/// s are small. c is 1e-7 for the book's loss and 0 for the exact loss. d is m − s, computed from
/// t − y: it loses digits only as backpropagation does, if the probability p is near 1.
///
/// With weight = p / (p + c), (p₊ + c)/(p + c) = 1 + weight · d₊/(1 + s₊). Then
/// ln(A/B) = 2 artanh((A − B)/(A + B)).
#[inline]
fn log_ratio(d: [f64; 2], s: [f64; 2], weight: f64) -> f64 {
    let total = [1.0 + s[0], 1.0 + s[1]];
    let plus = d[0] * total[1];
    let minus = d[1] * total[0];
    let q = weight * (plus - minus) / (2.0 * total[0] * total[1] + weight * (plus + minus));
    // artanh q = q + q³/3 + q⁵/5 + …. The next term is below 1e-18 of the sum.
    2.0 * q * (1.0 + q * q * (1.0 / 3.0 + q * q * (1.0 / 5.0)))
}
