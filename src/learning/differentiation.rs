//! Numerical differentiation (数値微分, 数值微分) and the gradient (勾配, 梯度): sections 4.3 and 4.4.
//!
//! Nothing here knows what it differentiates. The function receives the numbers that are nudged and
//! must use them: the question asked most about this chapter is why the book's `f = lambda w:
//! net.loss(x, t)` ignores its w.

use std::ops::Range;

/// The book's h. Smaller, and the difference drowns in rounding errors; larger, and the curve bends
/// between the two points. The best for a central difference is near ∛ε ≈ 6e-6; 1e-4 is close
/// enough to it.
pub const H: f64 = 1e-4;

/// (f(x + h) − f(x)) / h: the forward difference. Formula 4.4 without its limit.
///
/// Section 4.3.1's bad example, there with h = 10e-50. Its error shrinks with h, the central
/// difference's with h².
pub fn forward_difference(f: impl Fn(f64) -> f64, x: f64, h: f64) -> f64 {
    (f(x + h) - f(x)) / h
}

/// (f(x + h) − f(x − h)) / 2h: the central difference.
pub fn central_difference(f: impl Fn(f64) -> f64, x: f64, h: f64) -> f64 {
    (f(x + h) - f(x - h)) / (2.0 * h)
}

/// The derivative of f at x: the central difference with the book's h. Section 4.3.1.
///
/// ```
/// use from_zero::learning::differentiation::{function_1, numerical_diff};
/// assert_eq!(numerical_diff(function_1, 5.0), 0.1999999999990898);
/// ```
pub fn numerical_diff(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    central_difference(f, x, H)
}

/// f(x) = 0.01x² + 0.1x: the example of section 4.3.2. Formula 4.5.
pub fn function_1(x: f64) -> f64 {
    0.01 * (x * x) + 0.1 * x
}

/// f(x₀, x₁) = x₀² + x₁²: the example of sections 4.3.3 and 4.4. Formula 4.6.
///
/// # Panics
/// If x has fewer than two numbers.
pub fn function_2(x: &[f64]) -> f64 {
    x[0] * x[0] + x[1] * x[1]
}

/// All partial derivatives (偏微分, 偏导数) of f at x, with f: (n) → one number, x: (n), result: (n).
/// Section 4.4.
///
/// x is lent to be nudged, one element after the other, and comes back as it was.
///
/// ```
/// use from_zero::learning::differentiation::{function_2, numerical_gradient};
/// let gradient = numerical_gradient(function_2, &mut [3.0, 4.0]);
/// assert_eq!(gradient, [6.00000000000378, 7.999999999999119]);
/// ```
pub fn numerical_gradient(f: impl FnMut(&[f64]) -> f64, x: &mut [f64]) -> Vec<f64> {
    numerical_gradient_of(f, x, |x| x, H)
}

/// The partial derivatives of f with respect to some of the numbers it depends on: f takes a `P`,
/// which may be a whole net, and `select` says which numbers of it are nudged, say its W1. The
/// result has as many numbers, in the same order.
///
/// Two evaluations of f for each number. Each is put back after its turn, whatever f returns, and
/// also when f panics.
///
/// ```
/// use from_zero::learning::differentiation::{H, numerical_gradient_of};
/// struct Line { slope: f64, at: [f64; 2] }
/// let f = |line: &Line| line.slope * (line.at[0] + line.at[1]);
/// let mut line = Line { slope: 3.0, at: [1.0, 2.0] };
/// let gradient = numerical_gradient_of(f, &mut line, |line| &mut line.at, H);
/// assert!(gradient.iter().all(|d| (d - 3.0).abs() < 1e-10));
/// ```
pub fn numerical_gradient_of<P: ?Sized>(
    f: impl FnMut(&P) -> f64,
    parameters: &mut P,
    select: fn(&mut P) -> &mut [f64],
    h: f64,
) -> Vec<f64> {
    let all = 0..select(parameters).len();
    partial_derivatives(f, parameters, select, all, h)
}

/// Those of [`numerical_gradient_of`]'s partial derivatives with these indices: one thread's share.
///
/// # Panics
/// If there is no number with such an index.
#[track_caller]
pub fn partial_derivatives<P: ?Sized>(
    mut f: impl FnMut(&P) -> f64,
    parameters: &mut P,
    select: fn(&mut P) -> &mut [f64],
    indices: Range<usize>,
    h: f64,
) -> Vec<f64> {
    let count = select(parameters).len();
    assert!(
        indices.is_empty() || indices.end <= count,
        "partial_derivatives: {indices:?} of {count}"
    );
    let mut gradient = Vec::with_capacity(indices.len());
    for index in indices {
        let mut nudge = Nudge::new(parameters, select, index);
        nudge.by(h);
        let f_plus = f(nudge.parameters); // f(x + h)
        nudge.by(-h);
        let f_minus = f(nudge.parameters); // f(x − h)
        gradient.push((f_plus - f_minus) / (2.0 * h));
    }
    gradient
}

/// One number among the parameters, away from its place until this value is dropped.
struct Nudge<'a, P: ?Sized> {
    parameters: &'a mut P,
    select: fn(&mut P) -> &mut [f64],
    index: usize,
    original: f64,
}

impl<'a, P: ?Sized> Nudge<'a, P> {
    fn new(parameters: &'a mut P, select: fn(&mut P) -> &mut [f64], index: usize) -> Self {
        let original = select(parameters)[index];
        Self { parameters, select, index, original }
    }

    /// Puts the number h beside where it was at first, not beside where it is.
    fn by(&mut self, h: f64) {
        (self.select)(self.parameters)[self.index] = self.original + h;
    }
}

impl<P: ?Sized> Drop for Nudge<'_, P> {
    fn drop(&mut self) {
        (self.select)(self.parameters)[self.index] = self.original;
    }
}
