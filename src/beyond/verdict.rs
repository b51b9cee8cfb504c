//! 5.7.3, more strictly: a gradient check that gives a verdict.
//!
//! The book looks at the mean of |difference|. A mean hides one wrong derivative among thousands,
//! so the check here also looks at the largest difference. It takes into account what a central
//! difference can't see: rounding errors, and the kinks of relu.

use std::fmt;

use crate::ch03::functions::Activation;
use crate::ch04::s5_1_two_layer_net::TwoLayerNet;
use crate::ch05::s7_3_gradient_check::mean_difference;
use crate::fast::compressed::BatchInput;
use crate::fast::two_layer_net::{hidden_sums_into, scores};
use crate::numeric::matrix::Matrix;

/// How much two gradients of the same function differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// How many derivatives were compared
    pub compared: usize,
    /// How many derivatives were not compared, because the change by h crosses a kink. There a
    /// difference says nothing about either gradient
    pub at_kinks: usize,
    /// Relative differences below this can't be told from rounding. It is 0 if the two gradients
    /// are equal, and ∞ if nothing was compared
    pub resolution: f64,
    /// The mean of |a − b|, which the book prints. NaN if nothing was compared
    pub mean: f64,
    /// The largest |a − b|. None if nothing was compared
    pub absolute: Option<LargestDifference>,
    /// The largest relative difference, |a − b| / max(|a|, |b|), where |a − b| is first reduced by
    /// the possible rounding error. None if nothing was compared
    pub relative: Option<LargestDifference>,
}

/// The derivative for which two gradients differ most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LargestDifference {
    /// The index of the derivative
    pub index: usize,
    /// Its value in the first gradient
    pub a: f64,
    /// Its value in the second gradient
    pub b: f64,
    /// The absolute or relative difference
    pub by: f64,
}

impl Comparison {
    /// Compares two gradients.
    ///
    /// `rounding(i)` is the rounding error that derivative i may have; see [`rounding_error`].
    /// Derivatives for which `at_kink(i)` is true are not compared.
    ///
    /// # Panics
    /// If the lengths differ.
    #[track_caller]
    pub fn new(
        a: &[f64],
        b: &[f64],
        rounding: impl Fn(usize) -> f64,
        at_kink: impl Fn(usize) -> bool,
    ) -> Self {
        assert!(a.len() == b.len(), "Comparison: {} and {} derivatives", a.len(), b.len());
        let indices: Vec<usize> = (0..a.len()).filter(|&i| !at_kink(i)).collect();
        let size = |i: usize| a[i].abs().max(b[i].abs());
        let absolute = |i: usize| (a[i] - b[i]).abs();
        let relative = |i: usize| {
            let difference = absolute(i) - rounding(i);
            if !difference.is_finite() {
                f64::NAN
            } else if difference <= 0.0 {
                0.0 // this includes the case that both derivatives are 0
            } else {
                difference / size(i)
            }
        };
        let resolution =
            |i: usize| if size(i) > 0.0 { rounding(i) / size(i) } else { f64::INFINITY };
        let are_equal = !indices.is_empty() && indices.iter().all(|&i| a[i] == b[i]);
        let smallest = indices.iter().map(|&i| resolution(i)).fold(f64::INFINITY, f64::min);
        let largest = |difference: &dyn Fn(usize) -> f64| {
            let mut largest: Option<LargestDifference> = None;
            for &i in &indices {
                let by = difference(i);
                // NaN is larger than any number. Of several equal ones the first is kept.
                if largest.is_none_or(|l| !l.by.is_nan() && (by > l.by || by.is_nan())) {
                    largest = Some(LargestDifference { index: i, a: a[i], b: b[i], by });
                }
            }
            largest
        };
        let compared = |gradient: &[f64]| indices.iter().map(|&i| gradient[i]).collect::<Vec<_>>();
        Self {
            compared: indices.len(),
            at_kinks: a.len() - indices.len(),
            resolution: if are_equal { 0.0 } else { smallest },
            mean: mean_difference(&compared(a), &compared(b)),
            absolute: largest(&absolute),
            relative: largest(&relative),
        }
    }

    /// The verdict on the largest relative difference. It is never better than rounding allows.
    pub fn verdict(&self) -> Verdict {
        let Some(relative) = self.relative else {
            return Verdict::Undecided;
        };
        let found = Verdict::of(relative.by);
        let best = Verdict::of(self.resolution);
        if found >= Verdict::Doubtful {
            found
        } else if best <= Verdict::Fair {
            found.max(best)
        } else {
            Verdict::Undecided
        }
    }
}

/// A relative difference in words. The limits are those of Stanford's CS231n notes, section
/// "Gradient checks".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Up to 1e-7
    Good,
    /// Up to 1e-4: good enough for a function with kinks, but large for a smooth function
    Fair,
    /// Nothing could be compared: all derivatives are smaller than rounding errors, or at kinks
    Undecided,
    /// Up to 1e-2
    Doubtful,
    /// Above 1e-2, or not a number
    Wrong,
}

impl Verdict {
    /// The verdict on a relative difference.
    pub fn of(relative: f64) -> Self {
        match relative {
            r if r <= 1e-7 => Verdict::Good,
            r if r <= 1e-4 => Verdict::Fair,
            r if r <= 1e-2 => Verdict::Doubtful,
            _ => Verdict::Wrong,
        }
    }
}

/// Its name in lower case.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(&format!("{self:?}").to_lowercase())
    }
}

/// The largest rounding error of a central difference (f(x + h) − f(x − h)) / 2h. `magnitude` is
/// the sum of the absolute values of the terms of f. Each value of f has an error of a few ε times
/// `magnitude`.
pub fn rounding_error(magnitude: f64, h: f64) -> f64 {
    4.0 * f64::EPSILON * magnitude / h.abs()
}

/// [`rounding_error`] for the loss of a net on x: (N, inputs). A loss may be small although the
/// scores from which it is computed are large.
///
/// # Panics
/// If `x.columns()` differs from the number of inputs.
#[track_caller]
pub fn rounding_error_of_loss(net: &TwoLayerNet, x: &impl BatchInput, h: f64) -> f64 {
    let a2 = scores(net, x);
    let largest = a2.as_slice().iter().fold(0.0, |max: f64, a| max.max(a.abs()));
    rounding_error(1.0 + largest, h)
}

/// Which changes of a parameter by ±h cross a kink of relu or of the step function: for some sample
/// of x: (N, inputs), a sum of the hidden layer is ≤ 0 on one side and > 0 on the other. The four
/// parts are W1, b1, W2 and b2. A sigmoid has no kinks.
///
/// # Panics
/// If `x.columns()` differs from the number of inputs, and the activation is not the sigmoid.
#[track_caller]
pub fn crossed_kinks(net: &TwoLayerNet, x: &impl BatchInput, h: f64) -> [Vec<bool>; 4] {
    let mut crossed = net.params.parts().map(|(_, part)| vec![false; part.len()]);
    if net.activation == Activation::Sigmoid {
        return crossed;
    }
    let mut a1 = Matrix::default();
    hidden_sums_into(net, x, &mut a1);
    let crosses = |a: f64, u: f64| (a + u <= 0.0) != (a - u <= 0.0);
    for n in 0..x.rows() {
        for (j, &a) in a1.row(n).iter().enumerate() {
            crossed[1][j] |= crosses(a, h);
            for (i, value) in x.entries(n) {
                crossed[0][i * a1.columns() + j] |= crosses(a, h * value);
            }
        }
    }
    crossed
}
