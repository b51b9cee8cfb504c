//! 5.7.3, more strictly: a gradient check that gives a verdict.
//!
//! The book looks at the mean of |difference|. A mean hides one wrong derivative among thousands,
//! so the check here looks at the largest difference. It takes into account what a central
//! difference can't see: rounding errors, and the corner of relu at 0.

use std::fmt;

use crate::ch03::activation::Activation;
use crate::ch04::s5_1_two_layer_net::TwoLayerNet;
use crate::ch05::s7_3_gradient_check::mean_difference;
use crate::fast::compressed::CompressedRows;
use crate::fast::two_layer_net::{hidden_sums, scores};

/// How much two gradients of the same function differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// How many derivatives were compared
    pub compared: usize,
    /// How many were left out, because the step h crosses a corner of the function there
    pub at_corners: usize,
    /// The mean of |a − b|, which the book prints. NaN if nothing was compared
    pub mean: f64,
    /// The index of the derivative with the largest |a − b|
    pub index: usize,
    /// The largest |a − b|
    pub largest: f64,
    /// The largest |a − b|, without what rounding can explain, as a share of the largest derivative
    pub relative: f64,
    /// Whether the two gradients are the same
    pub verdict: Verdict,
}

impl Comparison {
    /// Compares two gradients. `rounding` is the error that rounding may cause: see
    /// [`rounding_error`]. Derivative i is left out if `at_corner[i]`.
    pub fn new(a: &[f64], b: &[f64], rounding: f64, at_corner: &[bool]) -> Self {
        let kept = |n: usize| (0..n).filter(|&i| !at_corner[i]);
        let of = |gradient: &[f64]| kept(gradient.len()).map(|i| gradient[i]).collect::<Vec<_>>();
        let (mean, compared) = (mean_difference(&of(a), &of(b)), kept(a.len()).count());
        let (mut index, mut largest, mut size) = (0, 0.0, 0.0);
        for i in kept(a.len()) {
            let difference = (a[i] - b[i]).abs();
            // NaN is larger than any number.
            if difference > largest || difference.is_nan() {
                (index, largest) = (i, difference);
            }
            size = a[i].abs().max(b[i].abs()).max(size);
        }
        let beyond_rounding = if largest > rounding { largest - rounding } else { largest * 0.0 };
        let relative = if beyond_rounding == 0.0 { 0.0 } else { beyond_rounding / size };
        let verdict = match relative {
            _ if compared == 0 => Verdict::Undecided,
            r if r.is_nan() || r > 1e-4 => Verdict::Wrong,
            _ if largest > 0.0 && rounding > 1e-4 * size => Verdict::Undecided,
            r if r > 1e-7 => Verdict::Fair,
            _ => Verdict::Good,
        };
        Self { compared, at_corners: a.len() - compared, mean, index, largest, relative, verdict }
    }
}

/// The relative difference in words. The limits are those of Stanford's CS231n notes, section
/// "Gradient checks".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Up to 1e-7
    Good,
    /// Up to 1e-4: good enough for a function with corners, but large for a smooth one
    Fair,
    /// Rounding errors are larger than 1e-4 of the largest derivative, or nothing was compared
    Undecided,
    /// Above 1e-4, or not a number
    Wrong,
}

/// Its name in lower case.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(&format!("{self:?}").to_lowercase())
    }
}

/// The largest rounding error of a central difference of the loss of a net on x: (N, inputs). Each
/// loss has an error of a few ε (2.2e-16, the distance from 1 to the next f64) times the largest
/// number from which it is computed, and the division by 2h enlarges it.
pub fn rounding_error(net: &TwoLayerNet, x: &CompressedRows, h: f64) -> f64 {
    let a2 = scores(net, x);
    let largest = a2.as_slice().iter().fold(0.0, |max: f64, a| max.max(a.abs()));
    4.0 * f64::EPSILON * (1.0 + largest) / h.abs()
}

/// For which parameters (W1, b1, W2, b2) the step h crosses the corner of relu at 0: for some sample
/// of x: (N, inputs), a sum of the hidden layer is ≤ 0 on one side and > 0 on the other.
pub fn crossed_corners(net: &TwoLayerNet, x: &CompressedRows, h: f64) -> [Vec<bool>; 4] {
    let mut crossed = net.params.parts().map(|(_, part)| vec![false; part.len()]);
    if net.activation == Activation::Sigmoid {
        return crossed;
    }
    let a1 = hidden_sums(net, x);
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
