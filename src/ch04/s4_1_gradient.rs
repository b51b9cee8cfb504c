//! 4.4 and 4.4.1: the gradient (勾配, 梯度, 기울기), and gradient descent. Exercises e06, e07. Tests:
//! `cargo test section_4_4`.

use super::s3_differentiation::H;

/// The gradient of f at x: all partial derivatives, with x: (n), result: (n). Section 4.4.
///
/// ```
/// use from_zero::ch04::s3_differentiation::function_2;
/// use from_zero::ch04::s4_1_gradient::numerical_gradient;
/// let gradient = numerical_gradient(function_2, &[3.0, 4.0]);
/// assert_eq!(gradient, [6.00000000000378, 7.999999999999119]);
/// ```
///
/// NumPy prints [6. 8.] for these two numbers, because it shows only eight digits.
///
/// Here f computes its result from the numbers that it receives. Many readers of the book ask why
/// its `f = lambda w: net.loss(x, t)` does not use the argument w. There, `numerical_gradient`
/// changes the weights of the net itself.
///
/// The steepest descent (最急降下, 最速下降, 최급강하) is in the direction −∂f/∂x, as
/// [`directional_derivative`](crate::beyond::examples::directional_derivative) explains. In figure
/// 4-9, for x₀² + x₁², the arrows point to the minimum.
#[cfg_attr(doc, doc = "", doc = include_str!("../../fixtures/figures/figure-4-9.svg"))]
///
/// In general they do not. Where a bowl is elongated, the steepest way down leads across it.
#[cfg_attr(doc, doc = "", doc = include_str!("../../fixtures/figures/elongated-bowl.svg"))]
pub fn numerical_gradient(mut f: impl FnMut(&[f64]) -> f64, x: &[f64]) -> Vec<f64> {
    let mut x = x.to_vec(); // a copy: one of its numbers is changed at a time
    let mut gradient = vec![0.0; x.len()];
    for i in 0..x.len() {
        let original = x[i];

        x[i] = original + H;
        let f_plus = f(&x); // f(x + h)

        x[i] = original - H;
        let f_minus = f(&x); // f(x − h)

        gradient[i] = (f_plus - f_minus) / (2.0 * H);
        x[i] = original; // put back
    }
    gradient
}

/// Gradient descent (勾配降下法, 梯度下降法, 경사 하강법): `steps` times x ← x − η ∂f/∂x. Formula 4.7, with the
/// learning rate η (学習率, 学习率, 학습률), start: (n), result: (n). With + in place of − it would be
/// gradient ascent, which looks for a maximum. See `beyond/examples.rs` for an η that is too large,
/// and for descent that ends at a local minimum, a saddle point or a plateau.
///
/// η and h are both small, but they are different things. h is how far f is moved to measure its
/// slope, and x is put back. η is how far x goes down that slope.
///
/// ```
/// use from_zero::ch04::s3_differentiation::function_2;
/// use from_zero::ch04::s4_1_gradient::gradient_descent;
/// let x = gradient_descent(function_2, &[-3.0, 4.0], 0.1, 100);
/// assert_eq!(x, [-6.111107928998789e-10, 8.148143905314271e-10]);
/// ```
#[cfg_attr(doc, doc = "", doc = include_str!("../../fixtures/figures/figure-4-10.svg"))]
pub fn gradient_descent(
    f: impl Fn(&[f64]) -> f64, start: &[f64], learning_rate: f64, steps: usize,
) -> Vec<f64> {
    let mut x = start.to_vec();
    for _ in 0..steps {
        let gradient = numerical_gradient(&f, &x);
        for i in 0..x.len() {
            x[i] -= learning_rate * gradient[i];
        }
    }
    x
}
