//! 4.3.1 by experiment: why h = 1e-4? The figure shows the error of the forward and of the central
//! difference against h. The curves have the form of the letter V.
#![cfg_attr(doc, doc = "", doc = include_str!("../../fixtures/figures/error-against-h.svg"))]
//!
//! The right side is truncation: the function bends between x − h and x + h. By Taylor's formula
//! the error of the forward difference is h/2 · f″, that of the central difference h²/6 · f‴. The
//! left side is rounding: f is known only to about ε|f|, and the division by h makes ε|f|/h of it.
//! The sum of both is smallest near √ε for the forward difference and near ∛ε for the central
//! difference. ε is the distance from 1 to the next number: 2.2e-16 in f64, so these are 1.5e-8 and
//! 6.1e-6. In f32 they are 3.5e-4 and 4.9e-3, and the errors there are large. This is why this crate
//! computes in f64.

use crate::ch04::s2_4_targets::Labels;
use crate::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use crate::fast::compressed::CompressedRows;
use crate::fast::team::{Team, share_range};
use crate::fast::two_layer_net::{CrossEntropy, gradient, loss, parts_mut};

/// The errors for one h. Each is the median, over some parameters, of |quotient − derivative| /
/// |derivative|. 1 is 100 %.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Errors {
    /// How far the parameters were moved
    pub h: f64,
    /// How many parameters there were
    pub parameters: usize,
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
    let mut of_all_h = Vec::new();
    for (done, &h) in hs.iter().enumerate() {
        team.report(done, hs.len());
        let errors = share_range(places.len(), threads, |share| {
            let mut net = net.clone();
            let errors_at = |&(part, index, derivative): &(usize, usize, f64)| {
                let original = parts_mut(&mut net)[part][index];
                let mut f_at = |h: f64| {
                    parts_mut(&mut net)[part][index] = original + h;
                    loss(&net, x, t, CrossEntropy::Exact)
                };
                let (plus, minus) = (f_at(h), f_at(-h));
                parts_mut(&mut net)[part][index] = original;
                let quotients = [(plus - f) / h, (plus - minus) / (2.0 * h)];
                quotients.map(|quotient| (quotient - derivative).abs() / derivative.abs())
            };
            places[share].iter().map(errors_at).collect::<Vec<_>>()
        });
        let errors = errors.concat();
        let [forward, central] = [0, 1].map(|k| median(errors.iter().map(|e| e[k]).collect()));
        of_all_h.push(Errors { h, parameters: places.len(), forward, central });
    }
    of_all_h
}

/// At most `sample` parameters, evenly chosen among those whose derivative is not 0: the part, the
/// index in it, and the derivative.
fn places(gradient: &Parameters, sample: usize) -> Vec<(usize, usize, f64)> {
    let mut places = Vec::new();
    for (part, (_, derivatives)) in gradient.parts().into_iter().enumerate() {
        let indexed = derivatives.iter().enumerate().filter(|(_, derivative)| **derivative != 0.0);
        places.extend(indexed.map(|(index, &derivative)| (part, index, derivative)));
    }
    let count = places.len().min(sample);
    (0..count).map(|k| places[k * places.len() / count]).collect()
}

/// The middle one of the sorted numbers, where NaN comes last. NaN if there are no numbers.
fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}
