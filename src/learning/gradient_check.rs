//! The gradient check (勾配確認, 梯度确认): is the gradient that somebody derived the one that
//! differences find? Section 5.7.3.
//!
//! The book prints the mean of |difference| for W1, b1, W2 and b2. A mean hides a single wrong
//! derivative among thousands, so here the largest stand beside it, and where they are.

use std::fmt;

use super::differentiation::{H, numerical_gradient};
use super::functions::Activation;
use super::layers::Layer;
use super::two_layer_net::{Parameters, TwoLayerNet};
use crate::numeric::compressed::Input;
use crate::numeric::matrix::Matrix;
use crate::numeric::random::Rng;
use crate::numeric::sum::sum_of;

/// How far two gradients of the same function are apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// How many derivatives were compared.
    pub compared: usize,
    /// How many were not, because the nudge goes across a kink: there the difference is that of two
    /// functions and says nothing about either.
    pub at_kinks: usize,
    /// The smallest relative difference that could be seen in any of those compared: what rounding
    /// explains, as a part of the derivative. 0 if the two gradients are equal, ∞ if
    /// none was compared.
    pub resolution: f64,
    /// The mean of |a − b|, which the book prints. NaN if none was compared.
    pub mean: f64,
    /// Where |a − b| is largest, and how large. None where nothing was compared.
    pub absolute: Option<Apart>,
    /// Where the relative difference is largest, and how large: |a − b| / max(|a|, |b|), where
    /// |a − b| is first reduced by what rounding alone explains.
    pub relative: Option<Apart>,
}

/// Two values of one derivative.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Apart {
    /// Which derivative
    pub index: usize,
    /// By the one gradient
    pub a: f64,
    /// By the other
    pub b: f64,
    /// How far apart, absolutely or relatively
    pub by: f64,
}

impl Comparison {
    /// Compares two gradients.
    ///
    /// A difference of two losses near L is known to about εL only, so its quotient is to about
    /// εL/h, and no relative difference of derivatives as small as that means anything. So much is
    /// `rounding` for each derivative, 0 for none; see [`rounding`]. Derivatives that are `at_kink`
    /// are counted and not compared.
    ///
    /// # Panics
    /// If the two differ in length.
    #[track_caller]
    pub fn new(
        a: &[f64],
        b: &[f64],
        rounding: impl Fn(usize) -> f64,
        at_kink: impl Fn(usize) -> bool,
    ) -> Self {
        assert!(a.len() == b.len(), "Comparison: {} and {} derivatives", a.len(), b.len());
        let indices: Vec<usize> = (0..a.len()).filter(|&i| !at_kink(i)).collect();
        let absolute = |i: usize| (a[i] - b[i]).abs();
        let size = |i: usize| a[i].abs().max(b[i].abs());
        let relative = |i: usize| match absolute(i) - rounding(i) {
            off if !off.is_finite() => f64::NAN,
            off if off <= 0.0 => 0.0, // also where both are 0
            off => off / size(i),
        };
        let equal = !indices.is_empty() && indices.iter().all(|&i| a[i] == b[i]);
        let sees = |&i: &usize| if size(i) > 0.0 { rounding(i) / size(i) } else { f64::INFINITY };
        let largest = |by: &dyn Fn(usize) -> f64| {
            let all = indices.iter().map(|&i| Apart { index: i, a: a[i], b: b[i], by: by(i) });
            // NaN counts as the largest, the first one stays.
            all.reduce(|most, next| match next.by <= most.by || most.by.is_nan() {
                true => most,
                false => next,
            })
        };
        Self {
            compared: indices.len(),
            at_kinks: a.len() - indices.len(),
            resolution: match equal {
                true => 0.0,
                false => indices.iter().map(sees).fold(f64::INFINITY, f64::min),
            },
            mean: sum_of(indices.len(), |k| absolute(indices[k])) / indices.len() as f64,
            absolute: largest(&absolute),
            relative: largest(&relative),
        }
    }

    /// What the largest relative difference says; but no better a word than the resolution allows.
    pub fn verdict(&self) -> Verdict {
        let Some(relative) = self.relative else {
            return Verdict::Undecided;
        };
        match (Verdict::of(relative.by), Verdict::of(self.resolution)) {
            (found @ (Verdict::Doubtful | Verdict::Wrong), _) => found,
            (found, seen @ (Verdict::Good | Verdict::Fair)) => found.max(seen),
            _ => Verdict::Undecided,
        }
    }
}

/// What rounding alone can make of a central difference (f(x + h) − f(x − h)) / 2h, if f is a sum
/// of terms with this total magnitude: each of the two values is off by a few ε of it.
pub fn rounding(magnitude: f64, h: f64) -> f64 {
    4.0 * f64::EPSILON * magnitude / h.abs()
}

/// [`rounding`] for the losses of a net on x: (N, inputs). A loss is small when the net is sure of
/// its answers, but it is the difference of scores that are not.
///
/// # Panics
/// If x has not as many columns as the net has inputs.
#[track_caller]
pub fn rounding_of_loss(net: &TwoLayerNet, x: &impl Input, h: f64) -> f64 {
    let a2 = net.forward(x).a2;
    let largest = a2.as_slice().iter().fold(0.0, |max: f64, a| max.max(a.abs()));
    rounding(1.0 + largest, h)
}

/// A relative difference in words. The limits are those of the notes of Stanford's CS231n, section
/// "Gradient checks".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// At most 1e-7.
    Good,
    /// Up to 1e-4: fine for a function with kinks, much for a smooth one.
    Fair,
    /// Nothing could be compared: all derivatives drown in rounding, or stand at kinks.
    Undecided,
    /// Up to 1e-2.
    Doubtful,
    /// Above 1e-2, or not a number.
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

/// One word.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(match self {
            Verdict::Good => "good",
            Verdict::Fair => "fair",
            Verdict::Undecided => "undecided",
            Verdict::Doubtful => "doubtful",
            Verdict::Wrong => "wrong",
        })
    }
}

/// Holds the gradient that somebody derived for f at x against central differences of f.
///
/// f returns its value, and on which side of each of its kinks x lies: the mask of a relu, say, or
/// `()` where it has none. Where the two sides of a nudge differ in that, the derivative is counted
/// and not compared.
///
/// ```
/// use from_zero::learning::gradient_check::{Verdict, check_function};
/// let f = |x: &[f64]| (x[0] * x[0] * x[1], ());
/// let (x, derived) = ([3.0, 4.0], [2.0 * 3.0 * 4.0, 3.0 * 3.0]);
/// assert_eq!(check_function(f, &x, &derived).verdict(), Verdict::Good);
/// let (x, slip) = ([3.0, 4.0], [2.0 * 3.0 * 4.0, 2.0 * 3.0]);
/// assert_eq!(check_function(f, &x, &slip).verdict(), Verdict::Wrong);
/// ```
///
/// # Panics
/// If there is not one derivative for each number of x.
#[track_caller]
pub fn check_function<S: PartialEq>(
    mut f: impl FnMut(&[f64]) -> (f64, S),
    x: &[f64],
    derived: &[f64],
) -> Comparison {
    check_sum(
        |x| {
            let (value, sides) = f(x);
            (value, value.abs(), sides)
        },
        x,
        derived,
    )
}

/// The same for an f that also tells the magnitude of what it is the sum of.
#[track_caller]
fn check_sum<S: PartialEq>(
    mut f: impl FnMut(&[f64]) -> (f64, f64, S),
    x: &[f64],
    derived: &[f64],
) -> Comparison {
    // Of each number in turn, first x + h and then x − h.
    let mut of_plus = None;
    let mut rounding_of = Vec::with_capacity(x.len());
    let mut crosses = Vec::with_capacity(x.len());
    let value = |x: &[f64]| {
        let (value, magnitude, sides) = f(x);
        match of_plus.take() {
            None => of_plus = Some((magnitude, sides)),
            Some((magnitude_of_plus, sides_of_plus)) => {
                rounding_of.push(rounding(magnitude.max(magnitude_of_plus), H));
                crosses.push(sides != sides_of_plus);
            }
        }
        value
    };
    let numerical = numerical_gradient(value, &mut x.to_vec());
    Comparison::new(&numerical, derived, |i| rounding_of[i], |i| crosses[i])
}

/// Holds a layer's backward against central differences of its forward at x: (N, columns), for the
/// input, called x, and each of its parameters. The layer itself is left as it is.
///
/// A layer has many outputs; L is a weighted sum of them, with weights drawn from −1 to 1. They are
/// the `dout` that backward gets.
///
/// # Panics
/// If x has not the number of columns that the layer takes, or no rows.
#[track_caller]
pub fn check_layer<L: Layer + Clone>(
    layer: &L,
    x: &Matrix,
    rng: &mut impl Rng,
) -> Vec<(&'static str, Comparison)> {
    let mut derived = layer.clone();
    let out = derived.forward(x.clone());
    let dout = Matrix::from_fn(out.rows(), out.columns(), |_, _| 2.0 * rng.uniform() - 1.0);
    let dx = derived.backward(dout.clone());

    let mut nudged = layer.clone();
    let sum = |layer: &mut L, x: Matrix| {
        let terms = &layer.forward(x) * &dout;
        let value: f64 = terms.as_slice().iter().sum();
        let magnitude = terms.as_slice().iter().map(|term| term.abs()).sum();
        (value, magnitude, layer.sides().to_vec())
    };
    let of_x = |numbers: &[f64]| {
        sum(&mut nudged, Matrix::from_vec(x.rows(), x.columns(), numbers.to_vec()))
    };
    let mut comparisons = vec![("x", check_sum(of_x, x.as_slice(), dx.as_slice()))];

    for (k, parameter) in derived.parameters().into_iter().enumerate() {
        let mut nudged = layer.clone();
        let of_parameter = |numbers: &[f64]| {
            nudged.parameters()[k].values.copy_from_slice(numbers);
            sum(&mut nudged, x.clone())
        };
        let comparison = check_sum(of_parameter, parameter.values, parameter.gradient);
        comparisons.push((parameter.name, comparison));
    }
    comparisons
}

/// Which nudges of a net's parameters by ±h go across a kink: in some sample of x: (N, inputs) the
/// sum of a hidden unit is ≤ 0 on one side and not on the other. W1, b1, W2, b2 as in
/// [`Parameters::parts`]. A sigmoid has no kinks.
///
/// # Panics
/// If x has not as many columns as the net has inputs, where the net's activation is no sigmoid.
#[track_caller]
pub fn kinks(net: &TwoLayerNet, x: &impl Input, h: f64) -> [Vec<bool>; 4] {
    let mut kinks = net.params.parts().map(|(_, part)| vec![false; part.len()]);
    if net.activation == Activation::Sigmoid {
        return kinks;
    }
    let Parameters { w1, b1, .. } = &net.params;
    let a1 = x.dot(w1).add_row(b1);
    let crosses = |a: f64, u: f64| (a + u <= 0.0) != (a - u <= 0.0);
    for n in 0..x.rows() {
        for (j, &a) in a1.row(n).iter().enumerate() {
            kinks[1][j] |= crosses(a, h);
            for (i, value) in x.entries(n) {
                kinks[0][i * a1.columns() + j] |= crosses(a, h * value);
            }
        }
    }
    kinks
}
