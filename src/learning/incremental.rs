//! The numerical gradient of section 4.5.1 once more: the same central differences, a thousand
//! times cheaper.
//!
//! The book nudges one parameter w by h to either side, each time runs the whole mini-batch through
//! the whole net, and takes
//!
//! ```text
//! ∂L/∂w ≈ (L(w + h) − L(w − h)) / 2h,      L = 1/N Σₙ Lₙ
//! ```
//!
//! That is two losses for each of 39,760 parameters; a loss is 100 samples; a sample takes 39,700
//! multiplications: 3·10¹¹ for one gradient. Four observations make it cheap. None of them touches
//! the formula.
//!
//! **1. What does not change cancels.** L(w + h) − L(w − h) is a sum over samples, and a sample
//! whose loss stays the same adds 0 to it. `W1[i][j]` acts on sample n only through the product
//! `x[n][i]` · `W1[i][j]`, so nothing happens where the pixel is 0, and four of five are. Of
//! 100 · 39,200 pairs of a sample and a weight of W1, 15,000 · 50 are left.
//!
//! **2. What changes is little.** In each of these `a1[n][j]` becomes `a1[n][j]` ± h·`x[n][i]`, for one
//! hidden unit j. So `z1[n][j]` alone moves, by some δ, and each of the ten scores `a2[n][k]` by
//! δ·`W2[j][k]`. All else is known from one forward pass. Instead of 7.95 million times a sample
//! through the whole net, we need 1.5 million times (two sides) one sigmoid and ten exps.
//!
//! **3. Equal pixels, equal change.** How much Lₙ changes depends on the pixel i only through its
//! value `x[n][i]`. Of an image's 150 pixels that are not 0, many are equal; there are about 65
//! different values. One evaluation serves all pixels that share a value: 0.65 million are left.
//!
//! **4. The exp of a sum is a product.** exp(a + u) = exp(a) · exp(u), where exp(a) is known from
//! the forward pass. If |u| is below 1/4096, then exp(u) − 1 is four terms of its series, within
//! one unit of the last place ([`exp_minus_1_near_0`]). With these the difference of two losses is
//! computed as it is, and not from two losses whose leading digits are the same and cancel. That is
//! why this gradient is even closer to the truth than the book's: 16 times for an untrained net,
//! where rounding is all the error there is.
//!
//! | | evaluations | each of them |
//! |---|---:|---|
//! | the book | 7,950,000 | a sample through the whole net: 39,700 multiplications |
//! | after 1 and 2 | 1,500,000 | one sigmoid, ten exps |
//! | after 3 | 650,000 | one sigmoid, ten exps |
//! | after 4 | 650,000 | about 125 operations, one or two of them divisions |
//!
//! What is left is less than a hundred million operations, as many as in fifty forward passes of
//! the mini-batch, its zeros left out. `b1[j]` goes along as the weight of one more pixel, which is
//! always 1. `W2[j][k]` and `b2[k]` move a single score, by ±h·`z1[n][j]` and ±h. Where some u may
//! be above 1/4096 (h itself is, or with the book's h a weight of W2 is above 9.8), the fourth
//! observation is left out for the hidden units that it concerns, and every exp is computed: the
//! same quotient, at ten times the cost.
//!
//! With relu in place of the sigmoid the move δ needs no exp: it is h·`x[n][i]` or 0, or in between
//! where the nudge crosses the kink. It is up to four times as large, so the limits are tighter:
//! weights of W2 up to 2.4, and for the nudge of W2 outputs `z1[n][j]` up to 2.4. The moves of a
//! step are 0 or 1: too large for the fourth observation unless W2 is below 1/4096.
//!
//! Is it still a finite difference? In exact arithmetic it is the book's quotient to the last
//! digit, for every h; the series is how exp is computed, not a derivative. Its error shows it: on
//! a trained net it is 1.3e-6 for h = 0.01, 1.3e-8 for 0.001, 1.3e-10 for 0.0001, falling with h²
//! as a central difference's must. Only the other branch of the error is gone: a small h does not
//! drown in rounding, because no two nearly equal losses are subtracted. No derivative that
//! somebody worked out by hand stands in this file.

use super::differentiation::H;
use super::functions::{Activation, softmax, step_function};
use super::gradient::GradientMethod;
use super::loss::{CrossEntropy, DELTA, assert_labels};
use super::targets::Labels;
use super::two_layer_net::{Parameters, TwoLayerNet};
use super::workers::Workers;
use crate::numeric::compressed::{Batch, Input};
use crate::numeric::elementary::{NEAR_0, exp, exp_minus_1_near_0, ln};
use crate::numeric::matrix::Matrix;
use crate::numeric::team::share_range;

/// (L(w + h) − L(w − h)) / 2h for each parameter w, by what changes alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Incremental {
    /// How far each parameter is nudged.
    pub h: f64,
    /// L: [`TwoLayerNet::loss`] or [`TwoLayerNet::exact_loss`].
    pub loss: CrossEntropy,
}

impl Default for Incremental {
    /// With the book's h and the book's loss.
    fn default() -> Self {
        Self { h: H, loss: CrossEntropy::Book }
    }
}

impl GradientMethod for Incremental {
    fn gradient(
        &self,
        net: &TwoLayerNet,
        x: &Batch,
        t: &Labels,
        workers: &mut Workers,
        _progress: &mut dyn FnMut(usize, usize),
    ) -> Parameters {
        self.gradient_of(net, x, t, workers.threads())
    }
}

/// So many hidden units go through the arithmetic side by side: two registers of two f64.
const LANES: usize = 4;

/// One number for each of some hidden units.
type Lanes = [f64; LANES];

struct Samples {
    rows: Vec<Sample>,
    /// The most that a nudge adds to a sum of the hidden layer.
    largest_u: f64,
}

/// What the forward pass leaves of one sample, by the letters of `two_layer_net.rs`.
struct Sample {
    label: usize,
    a1: Vec<f64>,
    a2: Vec<f64>,
    y: Vec<f64>,
    /// yₜ / (yₜ + 1e-7), or 1 for the exact loss: how much a change of yₜ counts.
    share: f64,
    nudges: Vec<Nudge>,
}

/// The nudge of a weight whose pixel has the value v, and where the pixels with this value are.
struct Nudge {
    /// h · v
    u: f64,
    /// `inputs` stands for the bias.
    columns: Vec<usize>,
}

impl Incremental {
    /// The gradient for any input, x: (N, inputs), t: (N).
    ///
    /// Hidden units are independent: with unit j go column j of W1, `b1[j]` and row j of W2. The
    /// threads share them out. Each derivative is a sum over the samples in their order, made by
    /// one thread: the same bits for any number of them.
    ///
    /// # Panics
    /// If x has not as many columns as the net has inputs, t not as many labels as x has rows, a
    /// label is not below the number of classes, or there are no samples.
    #[track_caller]
    pub fn gradient_of(
        &self,
        net: &TwoLayerNet,
        x: &(impl Input + Sync),
        t: &Labels,
        threads: usize,
    ) -> Parameters {
        let samples = self.samples(net, x, t);
        let (inputs, hidden) = net.params.w1.shape();
        let count = hidden.div_ceil(LANES);
        let blocks: Vec<Vec<Block>> = share_range(count, threads, |share| {
            share.map(|block| Block::new(self, net, &samples, block * LANES)).collect()
        });
        let blocks: Vec<Block> = blocks.into_iter().flatten().collect();

        // From (L(w − h) − L(w + h)) summed over samples to the derivative of their mean.
        let scale = -1.0 / (2.0 * self.h * x.rows() as f64);
        let derivative = |i: usize, j: usize| scale * blocks[j / LANES].w1_and_b1[i][j % LANES];
        let b2 = self.output_differences(&samples, |_| 1.0);
        Parameters {
            w1: Matrix::from_fn(inputs, hidden, derivative),
            b1: (0..hidden).map(|j| derivative(inputs, j)).collect(),
            w2: Matrix::from_fn(hidden, net.params.b2.len(), |j, k| {
                scale * blocks[j / LANES].w2[j % LANES][k]
            }),
            b2: b2.iter().map(|b| scale * b).collect(),
        }
    }

    /// What a nudge needs to know of each sample: one forward pass, and its pixels by value.
    #[track_caller]
    fn samples(&self, net: &TwoLayerNet, x: &impl Input, t: &Labels) -> Samples {
        let Parameters { w1, b1, w2, b2 } = &net.params;
        let a1 = x.dot(w1).add_row(b1);
        let z1 = net.activation.forward(a1.clone());
        let a2 = z1.dot(w2).add_row(b2);
        assert_labels("incremental gradient", &a2, t);
        let labels = t.as_slice().iter();
        let rows: Vec<Sample> = labels
            .enumerate()
            .map(|(n, &label)| {
                let y = softmax(a2.row(n));
                let share = match self.loss {
                    CrossEntropy::Exact => 1.0, // also where y is so small that it is 0
                    CrossEntropy::Book => y[label] / (y[label] + DELTA),
                };
                let bias = (x.columns(), 1.0);
                Sample {
                    label,
                    a1: a1.row(n).to_vec(),
                    a2: a2.row(n).to_vec(),
                    y,
                    share,
                    nudges: self.nudges(x.entries(n).chain([bias])),
                }
            })
            .collect();

        let nudges = rows.iter().flat_map(|row| &row.nudges);
        let largest_u = nudges.map(|nudge| nudge.u.abs()).fold(0.0, f64::max);
        Samples { rows, largest_u }
    }

    /// Observation 3: the entries of a sample, those of equal value together.
    fn nudges(&self, entries: impl Iterator<Item = (usize, f64)>) -> Vec<Nudge> {
        let mut entries: Vec<(usize, f64)> = entries.collect();
        entries.sort_unstable_by(|(_, v), (_, w)| v.total_cmp(w));
        let groups = entries.chunk_by(|(_, v), (_, w)| v == w);
        groups
            .map(|group| Nudge {
                u: self.h * group[0].1,
                columns: group.iter().map(|&(column, _)| column).collect(),
            })
            .collect()
    }
}

/// The summed changes of the log probability for the nudges of some hidden units.
struct Block {
    /// For each row of W1, and last for b1.
    w1_and_b1: Vec<Lanes>,
    /// For each of the units its row of W2.
    w2: Vec<Vec<f64>>,
}

impl Block {
    /// The units from `first` on.
    fn new(method: &Incremental, net: &TwoLayerNet, samples: &Samples, first: usize) -> Self {
        let Parameters { w1, w2, .. } = &net.params;
        let count = LANES.min(w1.columns() - first);
        // A lane without a unit has the weight 0 and changes nothing.
        let lanes = |of: &dyn Fn(usize) -> f64| -> Lanes {
            std::array::from_fn(|lane| if lane < count { of(first + lane) } else { 0.0 })
        };
        let w2_lanes: Vec<Lanes> = (0..w2.columns()).map(|k| lanes(&|j| w2[(j, k)])).collect();

        // Whether every exponent that a nudge adds is small enough for observation 4.
        let largest_u = samples.largest_u;
        let largest_dz = match net.activation {
            Activation::Sigmoid => largest_u / 4.0, // it is nowhere steeper
            Activation::Relu => largest_u,
            Activation::Step => 1.0,
        };
        let largest_w2 = w2_lanes.iter().flatten().fold(0.0, |max: f64, w| max.max(w.abs()));
        let near_0 = largest_u <= NEAR_0 && largest_dz * largest_w2 <= NEAR_0;

        let h = |a| net.activation.of(a);
        let mut w1_and_b1 = vec![[0.0; LANES]; w1.rows() + 1];
        for sample in &samples.rows {
            let a1 = lanes(&|j| sample.a1[j]);
            let units = Units::new(net.activation, a1);
            for nudge in &sample.nudges {
                let change = if near_0 {
                    sample.change_near_0(&w2_lanes, units.moves_near_0(nudge.u))
                } else {
                    let dz = [nudge.u, -nudge.u].map(|u| a1.map(|a| h(a + u) - h(a)));
                    std::array::from_fn(|lane| {
                        let [plus, minus] = dz.map(|dz| {
                            method.log_probability(sample, |k| dz[lane] * w2_lanes[k][lane])
                        });
                        plus - minus
                    })
                };
                for &column in &nudge.columns {
                    let sums = &mut w1_and_b1[column];
                    for (sum, change) in sums.iter_mut().zip(change) {
                        *sum += change;
                    }
                }
            }
        }
        let row = |j| method.output_differences(samples, |sample| h(sample.a1[j]));
        Self { w1_and_b1, w2: (first..first + count).map(row).collect() }
    }
}

/// Some hidden units on one sample, by what the move of their output needs.
enum Units {
    /// e = exp(−a1), and 1 − z1 without the rounding of that difference.
    Sigmoid {
        e: Lanes,
        one_minus_z1: Lanes,
    },
    Relu {
        a1: Lanes,
    },
    Step {
        a1: Lanes,
    },
}

impl Units {
    fn new(activation: Activation, a1: Lanes) -> Self {
        match activation {
            Activation::Sigmoid => {
                let e = a1.map(|a| exp(-a));
                let one_minus_z1 = e.map(|e| if e.is_infinite() { 1.0 } else { e / (1.0 + e) });
                Units::Sigmoid { e, one_minus_z1 }
            }
            Activation::Relu => Units::Relu { a1 },
            Activation::Step => Units::Step { a1 },
        }
    }

    /// h(a1 + u) − h(a1) for the activation h, and the same for −u.
    ///
    /// Sigmoid: with e = exp(−a1) and E = exp(−u) it is 1/(1 + eE) − 1/(1 + e) = (1 − E) e/(1 + e)
    /// / (1 + eE). Relu: u or 0, or what is on this side of 0 where the nudge crosses it.
    #[inline]
    fn moves_near_0(&self, u: f64) -> [Lanes; 2] {
        [u, -u].map(|u| match self {
            Units::Sigmoid { e, one_minus_z1 } => {
                let e_minus_1 = exp_minus_1_near_0(-u);
                let factor = 1.0 + e_minus_1;
                std::array::from_fn(|l| -e_minus_1 * one_minus_z1[l] / (1.0 + e[l] * factor))
            }
            Units::Relu { a1 } => a1.map(|a| if a > 0.0 { u.max(-a) } else { (a + u).max(0.0) }),
            Units::Step { a1 } => a1.map(|a| step_function(a + u) - step_function(a)),
        })
    }
}

impl Sample {
    /// The change of the log probability from one side to the other when z1 of a unit moves by
    /// `dz[0]` or by `dz[1]`: observations 2 and 4. Each score moves by dz · `W2[j][k]`.
    #[inline]
    fn change_near_0(&self, w2: &[Lanes], dz: [Lanes; 2]) -> Lanes {
        let exps = |dz: &Lanes, w: &Lanes| -> Lanes {
            std::array::from_fn(|lane| exp_minus_1_near_0(dz[lane] * w[lane]))
        };
        // By how much Σ yₖ exp(…) is more than 1 …
        let s = dz.map(|dz| {
            let mut s = [0.0; LANES];
            for (&y, w) in self.y.iter().zip(w2) {
                let e = exps(&dz, w);
                for (s, e) in s.iter_mut().zip(e) {
                    *s += y * e;
                }
            }
            s
        });
        // … and by how much the exp of the label is.
        let m = dz.map(|dz| exps(&dz, &w2[self.label]));
        std::array::from_fn(|lane| {
            let (m, s) = ([m[0][lane], m[1][lane]], [s[0][lane], s[1][lane]]);
            log_ratio(m, s, self.share)
        })
    }
}

/// What moves a single score, and the losses themselves.
impl Incremental {
    /// For the nudges of `W2[j][k]`, k = 0, 1, …, or of `b2[k]` where z1 is 1: the changes of the
    /// log probability, summed over the samples. z1 is that of unit j.
    fn output_differences(&self, samples: &Samples, z1: impl Fn(&Sample) -> f64) -> Vec<f64> {
        let classes = samples.rows.first().map_or(0, |sample| sample.y.len());
        let mut sums = vec![0.0; classes];
        for sample in &samples.rows {
            let u = self.h * z1(sample);
            let e = [exp_minus_1_near_0(u), exp_minus_1_near_0(-u)];
            for (k, sum) in sums.iter_mut().enumerate() {
                *sum += if u.abs() <= NEAR_0 {
                    let s = e.map(|e| sample.y[k] * e);
                    let m = if k == sample.label { e } else { [0.0; 2] };
                    log_ratio(m, s, sample.share)
                } else {
                    self.log_probability(sample, |i| if i == k { u } else { 0.0 })
                        - self.log_probability(sample, |i| if i == k { -u } else { 0.0 })
                };
            }
        }
        sums
    }

    /// ln yₜ, or ln(yₜ + 1e-7), for the scores a2 + shift: −Lₙ as the net computes it, observation 4
    /// left out.
    fn log_probability(&self, sample: &Sample, shift: impl Fn(usize) -> f64) -> f64 {
        let score = |k: usize| sample.a2[k] + shift(k);
        let classes = 0..sample.a2.len();
        let max = classes.clone().map(score).fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = classes.map(|k| exp(score(k) - max)).sum();
        let label = score(sample.label) - max;
        match self.loss {
            CrossEntropy::Exact => label - ln(total),
            CrossEntropy::Book => ln(exp(label) / total + DELTA),
        }
    }
}

/// ln(p₊ + c) − ln(p₋ + c), with c = 0 or 1e-7 by the loss, where p₊ = p (1 + m₊)/(1 + s₊), p₋ likewise, and all m and s
/// are small. The losses themselves, whose leading digits agree, do not appear. m − s does cancel
/// where the probability p is near 1; what is lost is as much as in the y − t of backpropagation.
///
/// (p₊ + c)/(p + c) = 1 + share · (m₊ − s₊)/(1 + s₊), and ln(A/B) = 2 artanh((A − B)/(A +
/// B)).
#[inline]
fn log_ratio(m: [f64; 2], s: [f64; 2], share: f64) -> f64 {
    let total = [1.0 + s[0], 1.0 + s[1]];
    let plus = (m[0] - s[0]) * total[1];
    let minus = (m[1] - s[1]) * total[0];
    let q = share * (plus - minus) / (2.0 * total[0] * total[1] + share * (plus + minus));
    // artanh q = q + q³/3 + q⁵/5 + …; the next term is below 1e-18 of it.
    2.0 * q * (1.0 + q * q * (1.0 / 3.0 + q * q * (1.0 / 5.0)))
}
