//! 4.3.1 by experiment: why h = 1e-4? The figure shows the error of the forward and of the central
//! difference against h. The curves have the form of the letter V.
#![cfg_attr(doc, doc = "", doc = include_str!("../../fixtures/figures/error-against-h.svg"))]
//!
//! The right side is truncation: the function bends between x − h and x + h. By Taylor's formula
//! the error of the forward difference is h/2 · f″, that of the central difference h²/6 · f‴. The
//! left side is rounding: f is known only to about ε|f|, and the division by h makes ε|f|/h of it.
//! The sum of both is smallest near √ε for the forward difference and near ∛ε for the central
//! difference. ε is the distance from 1 to the next number: 2.2e-16 in f64, 1.2e-7 in f32. So these
//! are 1.5e-8 and 6.1e-6 in f64, 3.5e-4 and 4.9e-3 in f32.

use crate::ch03::functions::Activation;
use crate::ch04::s2_4_targets::Labels;
use crate::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use crate::fast::compressed::CompressedRows;
use crate::fast::team::{Team, share_range};
use crate::fast::two_layer_net::{CrossEntropy, gradient, loss, parts_mut};
use crate::numeric::elementary::{exp, ln};

/// The errors for one h. Each is the median, over some parameters, of |quotient − derivative| /
/// |derivative|. 1 is 100 %.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Errors {
    /// How far the parameters were moved
    pub h: f64,
    /// How many parameters there were
    pub parameters: usize,
    /// The errors in f64
    pub f64: Differences,
    /// The errors if the whole net computes in f32
    pub f32: Differences,
}

/// One number for the forward difference and one for the central difference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Differences {
    /// For (f(x + h) − f(x)) / h
    pub forward: f64,
    /// For (f(x + h) − f(x − h)) / 2h
    pub central: f64,
}

/// Measures the errors for each h. The function f is the exact loss of the net on x: (N, inputs),
/// t: (N). The true derivative is that of backpropagation. The errors are measured for at most
/// `sample` parameters whose derivative is not 0. The team is told how many h are done.
pub fn errors_against_h(
    net: &TwoLayerNet, (x, t): (&CompressedRows, &Labels), hs: &[f64], sample: usize,
    team: &mut Team,
) -> Vec<Errors> {
    let threads = team.threads;
    let places = places(&gradient(net, x, t), sample);
    let f = loss(net, x, t, CrossEntropy::Exact);
    let net_f32 = NetF32::new(net);
    let f_f32 = f64::from(net_f32.loss(x, t));

    let errors_for = |h: f64| {
        let errors = share_range(places.len(), threads, |share| {
            let (mut net, mut net_f32) = (net.clone(), net_f32.clone());
            let errors_at = |&(part, index, derivative): &(usize, usize, f64)| {
                let original = parts_mut(&mut net)[part][index];
                let in_f64 = errors(f, h, derivative, |h| {
                    parts_mut(&mut net)[part][index] = original + h;
                    loss(&net, x, t, CrossEntropy::Exact)
                });
                parts_mut(&mut net)[part][index] = original;

                let original = net_f32.parts[part][index];
                let in_f32 = errors(f_f32, h, derivative, |h| {
                    net_f32.parts[part][index] = original + h as f32;
                    f64::from(net_f32.loss(x, t))
                });
                net_f32.parts[part][index] = original;
                [in_f64, in_f32]
            };
            places[share].iter().map(errors_at).collect::<Vec<_>>()
        });
        let errors = errors.concat();
        // 0 is f64, 1 is f32.
        let medians = |precision: usize| {
            let of = |error: fn(&Differences) -> f64| {
                median(errors.iter().map(|errors| error(&errors[precision])).collect())
            };
            Differences { forward: of(|e| e.forward), central: of(|e| e.central) }
        };
        Errors { h, parameters: places.len(), f64: medians(0), f32: medians(1) }
    };
    let reported = |(done, &h): (usize, &f64)| {
        team.report(done, hs.len());
        errors_for(h)
    };
    hs.iter().enumerate().map(reported).collect()
}

/// At most `sample` parameters, evenly chosen among those whose derivative is not 0: the part, the
/// index in it, and the derivative.
fn places(gradient: &Parameters, sample: usize) -> Vec<(usize, usize, f64)> {
    let mut places = Vec::new();
    for (part, (_, derivatives)) in gradient.parts().into_iter().enumerate() {
        for (index, &derivative) in derivatives.iter().enumerate() {
            places.push((part, index, derivative));
        }
    }
    places.retain(|(.., derivative)| *derivative != 0.0);
    let count = places.len().min(sample);
    (0..count).map(|k| places[k * places.len() / count]).collect()
}

/// The errors of the two quotients, relative to the derivative, from f(x) and from `f_at`, a
/// function that gives f(x + h) for h.
fn errors(f: f64, h: f64, derivative: f64, mut f_at: impl FnMut(f64) -> f64) -> Differences {
    let (plus, minus) = (f_at(h), f_at(-h));
    let error = |quotient: f64| (quotient - derivative).abs() / derivative.abs();
    Differences { forward: error((plus - f) / h), central: error((plus - minus) / (2.0 * h)) }
}

/// The middle one of the sorted numbers, where NaN comes last. NaN if there are no numbers.
fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The net in f32: the parameters, the pixels, and every intermediate result.
#[derive(Clone)]
struct NetF32 {
    /// W1, b1, W2 and b2, the matrices row after row
    parts: [Vec<f32>; 4],
    activation: Activation,
}

impl NetF32 {
    fn new(net: &TwoLayerNet) -> Self {
        let parts = net.params.parts().map(|(_, part)| part.iter().map(|&v| v as f32).collect());
        Self { parts, activation: net.activation }
    }

    /// The exact loss. exp and ln are computed in f64 and rounded, which is as accurate as f32 can
    /// be.
    fn loss(&self, x: &CompressedRows, t: &Labels) -> f32 {
        let [w1, b1, w2, b2] = &self.parts;
        let loss_of_sample = |(n, &label): (usize, &usize)| {
            let a1 = affine(x.entries(n).map(|(i, value)| (i, value as f32)), w1, b1);
            let z1 = a1.iter().map(|&a| self.activation.of(f64::from(a)) as f32);
            let a2 = affine(z1.enumerate(), w2, b2);
            let max = a2.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let total: f32 = a2.iter().map(|&a| exp(f64::from(a - max)) as f32).sum();
            ln(f64::from(total)) as f32 + (max - a2[label])
        };
        let total: f32 = t.as_slice().iter().enumerate().map(loss_of_sample).sum();
        total / x.rows() as f32
    }
}

/// x W + b for one sample, from the entries of x that are not 0.
fn affine(x: impl Iterator<Item = (usize, f32)>, w: &[f32], b: &[f32]) -> Vec<f32> {
    let mut sums = vec![0.0; b.len()];
    for (i, value) in x {
        for (sum, w) in sums.iter_mut().zip(&w[i * b.len()..]) {
            *sum += value * w;
        }
    }
    sums.iter().zip(b).map(|(sum, b)| sum + b).collect()
}
