//! What readers' notes on 4.3 and 4.4 work through. `from-zero chapter 4.4.1` shows the numbers.
//!
//! The derivative of L(w) = w²/2 is w, so a step of descent is w ← w − ηw = (1 − η)w. For a learning
//! rate η between 0 and 2, w goes to 0. If η is 2, w jumps to −w and back for ever. If η is above 2,
//! w grows with each step. For x₀² + x₁², which is twice as steep, the limit is 1.
//!
//! At a minimum the gradient is 0. But it is also 0, or almost 0, at other places (section 4.4.1):
//!
//! - A local minimum (極小値, 局部最小值, 지역 최솟값) is lower than all points near it.
//!   x⁴ − 3x² + x has one at 1.13. Descent from 2 ends there, although the function is lower at −1.30.
//! - A saddle point (鞍点, 鞍点, 안장점) is a minimum in one direction and a maximum in another. Descent
//!   on x₀² − x₁² from (1, 0) ends at (0, 0). From (1, 1e-6) it passes by.
//! - A plateau (プラトー, 高原, 고원) is almost flat. 1 − exp(−x²) is one far from 0. Descent from 1
//!   ends at 0. From 4 it hardly moves.

use crate::ch04::s3_differentiation::numerical_diff;
use crate::numeric::elementary::{exp, sin_cos};

/// f(x, y) = x² + 3xy + y³. Its gradient, derived by hand, is (2x + 3y, 3x + 3y²).
pub fn polynomial(x: f64, y: f64) -> f64 {
    x * x + 3.0 * x * y + y * y * y
}

/// f(x, y) = e^(xy) sin(x + y). Derived by hand, ∂f/∂x = e^(xy) (y sin(x + y) + cos(x + y)), and
/// ∂f/∂y has x in place of the y before the sine.
pub fn wave(x: f64, y: f64) -> f64 {
    exp(x * y) * sin_cos(x + y).0
}

/// The directional derivative (方向微分, 方向导数, 방향 도함수): the slope of f at x in a direction, which is a
/// vector of length 1. x: (n), direction: (n).
///
/// It is |∂f/∂x| cos θ, with the angle θ between the direction and the gradient. So f grows most in
/// the direction of the gradient, and falls most in the opposite one: the steepest descent.
///
/// ```
/// use from_zero::beyond::examples::directional_derivative;
/// use from_zero::ch04::s3_differentiation::function_2;
/// // The gradient of x₀² + x₁² at (3, 4) is (6, 8) and has the length 10.
/// let along = |direction| directional_derivative(function_2, &[3.0, 4.0], direction);
/// assert!((along(&[0.6, 0.8]) - 10.0).abs() < 1e-9); // its own direction: cos θ = 1
/// assert!(along(&[0.8, -0.6]).abs() < 1e-9); // across it: cos θ = 0
/// ```
pub fn directional_derivative(f: impl Fn(&[f64]) -> f64, x: &[f64], direction: &[f64]) -> f64 {
    let (n, m) = (x.len(), direction.len());
    assert!(n == m, "directional_derivative: x ({n}) and direction ({m})");
    let walk = |s: f64| f(&x.iter().zip(direction).map(|(x, d)| x + s * d).collect::<Vec<_>>());
    numerical_diff(walk, 0.0)
}
