//! Why h = 1e-4? The error of the forward and of the central difference against h, by experiment.
//! Section 4.3.1 names the two sides of it; on paper they look like the letter V.
//!
//! On the right, truncation: between x − h and x + h the function bends. By Taylor's formula the
//! forward difference is off by h/2 · f″, the central one by h²/6 · f‴. On the left, rounding: f
//! itself is known to about ε|f| only, and the division by h makes that ε|f|/h. The sum of both is
//! least near √ε for the forward difference and near ∛ε for the central one: 1.5e-8 and 6.1e-6 in
//! f64, 3.5e-4 and 4.9e-3 in f32.

use super::functions::Activation;
use super::targets::Labels;
use super::two_layer_net::{PARTS, Parameters, TwoLayerNet};
use crate::numeric::compressed::Input;
use crate::numeric::elementary::{exp, ln};
use crate::numeric::team::share_range;

/// The errors for one h: of each quotient the median, over some parameters, of |quotient −
/// derivative| / |derivative|. 1 is 100 %.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Errors {
    /// How far the parameters were nudged
    pub h: f64,
    /// How many there were
    pub parameters: usize,
    /// In f64
    pub f64: Differences,
    /// The whole net in f32
    pub f32: Differences,
}

/// A number for each of the two ways to difference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Differences {
    /// Of (f(x + h) − f(x)) / h
    pub forward: f64,
    /// Of (f(x + h) − f(x − h)) / 2h
    pub central: f64,
}

/// The errors for each h, where f is the exact loss of the net on x: (N, inputs), t: (N), measured
/// on `sample` of its parameters, or all if there are fewer: evenly among those whose derivative is
/// not 0. The derivative is that by backpropagation.
///
/// `progress` is called with the number of h done.
///
/// # Panics
/// As [`TwoLayerNet::exact_loss`], or if `sample` is 0.
#[track_caller]
pub fn errors_against_h(
    net: &TwoLayerNet,
    x: &(impl Input + Sync),
    t: &Labels,
    hs: &[f64],
    sample: usize,
    threads: usize,
    mut progress: impl FnMut(usize),
) -> Vec<Errors> {
    assert!(sample > 0, "errors_against_h: a sample of 0 parameters");
    let places = places(&net.gradient(x, t), sample);
    let f = net.exact_loss(x, t);
    let single = SingleNet::new(net);
    let single_x = single_entries(x);
    let single_f = f64::from(single.loss(&single_x, t));

    let errors_for = |h: f64| {
        let errors: Vec<Vec<(Differences, Differences)>> =
            share_range(places.len(), threads, |share| {
                let (mut net, mut single) = (net.clone(), single.clone());
                let of = |&Place { part, index, derivative }: &Place| {
                    let original = PARTS[part](&mut net)[index];
                    let in_f64 = quotients(f, h, |h| {
                        PARTS[part](&mut net)[index] = original + h;
                        net.exact_loss(x, t)
                    });
                    PARTS[part](&mut net)[index] = original;

                    let original = single.parts[part][index];
                    let in_f32 = quotients(single_f, h, |h| {
                        single.parts[part][index] = original + h as f32;
                        f64::from(single.loss(&single_x, t))
                    });
                    single.parts[part][index] = original;
                    (in_f64.errors(derivative), in_f32.errors(derivative))
                };
                places[share].iter().map(of).collect()
            });
        let errors = errors.concat();
        let median =
            |of: fn(&(Differences, Differences)) -> f64| median(errors.iter().map(of).collect());
        Errors {
            h,
            parameters: places.len(),
            f64: Differences { forward: median(|e| e.0.forward), central: median(|e| e.0.central) },
            f32: Differences { forward: median(|e| e.1.forward), central: median(|e| e.1.central) },
        }
    };
    let each = hs.iter().enumerate().map(|(done, &h)| {
        progress(done);
        errors_for(h)
    });
    each.collect()
}

/// One of a net's parameters, with the derivative with respect to it.
#[derive(Clone, Copy)]
struct Place {
    part: usize,
    index: usize,
    derivative: f64,
}

/// `sample` of the parameters, or fewer if there are no more, evenly among those whose derivative is not 0.
fn places(gradient: &Parameters, sample: usize) -> Vec<Place> {
    let mut places = Vec::new();
    for (part, (_, derivatives)) in gradient.parts().into_iter().enumerate() {
        for (index, &derivative) in derivatives.iter().enumerate() {
            if derivative != 0.0 {
                places.push(Place { part, index, derivative });
            }
        }
    }
    let count = places.len().min(sample);
    (0..count).map(|k| places[k * places.len() / count]).collect()
}

/// The two quotients, from f(x) and from what f becomes when x is moved.
fn quotients(f: f64, h: f64, mut moved_by: impl FnMut(f64) -> f64) -> Differences {
    let (plus, minus) = (moved_by(h), moved_by(-h));
    Differences { forward: (plus - f) / h, central: (plus - minus) / (2.0 * h) }
}

impl Differences {
    /// How far they are from the derivative, as a part of it.
    fn errors(self, derivative: f64) -> Differences {
        let error = |quotient: f64| (quotient - derivative).abs() / derivative.abs();
        Differences { forward: error(self.forward), central: error(self.central) }
    }
}

/// The middle of the numbers in order, NaN last. NaN if there are none.
fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The net in single precision: the parameters, the pixels, and every result on the way are f32.
#[derive(Clone)]
struct SingleNet {
    /// W1, b1, W2, b2, the matrices row after row
    parts: [Vec<f32>; 4],
    activation: Activation,
}

/// The entries of each sample.
fn single_entries(x: &impl Input) -> Vec<Vec<(usize, f32)>> {
    let of = |n| x.entries(n).map(|(i, value)| (i, value as f32)).collect();
    (0..x.rows()).map(of).collect()
}

impl SingleNet {
    fn new(net: &TwoLayerNet) -> Self {
        let parts = net.params.parts().map(|(_, part)| part.iter().map(|&v| v as f32).collect());
        Self { parts, activation: net.activation }
    }

    /// The exact loss. An exp or ln of f64, rounded, is the best that one of f32 can be.
    fn loss(&self, x: &[Vec<(usize, f32)>], t: &Labels) -> f32 {
        let [w1, b1, w2, b2] = &self.parts;
        let of_sample = |(entries, &label): (&Vec<(usize, f32)>, &usize)| {
            let a1 = affine(entries.iter().copied(), w1, b1);
            let z1 = a1.iter().map(|&a| self.activation.of(f64::from(a)) as f32);
            let a2 = affine(z1.enumerate(), w2, b2);
            let max = a2.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let total: f32 = a2.iter().map(|&a| exp(f64::from(a - max)) as f32).sum();
            ln(f64::from(total)) as f32 + (max - a2[label])
        };
        let total: f32 = x.iter().zip(t.as_slice()).map(of_sample).sum();
        total / x.len() as f32
    }
}

/// x W + b for one sample, by the non-zero entries of x.
fn affine(x: impl Iterator<Item = (usize, f32)>, w: &[f32], b: &[f32]) -> Vec<f32> {
    let mut sums = vec![0.0; b.len()];
    for (i, value) in x {
        for (sum, w) in sums.iter_mut().zip(&w[i * b.len()..]) {
            *sum += value * w;
        }
    }
    sums.iter().zip(b).map(|(sum, b)| sum + b).collect()
}
