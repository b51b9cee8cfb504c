//! Gradient descent (勾配降下法, 梯度下降法): section 4.4.1.

use super::differentiation::numerical_gradient;

/// Walks `steps` steps downhill from `start` and returns where it ends: x ← x − η ∂f/∂x, formula
/// 4.7, with the numerical gradient and the learning rate η (学習率, 学习率).
///
/// ```
/// use from_zero::learning::descent::gradient_descent;
/// use from_zero::learning::differentiation::function_2;
/// let x = gradient_descent(function_2, &[-3.0, 4.0], 0.1, 100);
/// assert_eq!(x, [-6.111107928998789e-10, 8.148143905314271e-10]);
/// ```
pub fn gradient_descent(
    f: impl Fn(&[f64]) -> f64,
    start: &[f64],
    learning_rate: f64,
    steps: usize,
) -> Vec<f64> {
    let mut x = start.to_vec();
    for _ in 0..steps {
        step(&f, &mut x, learning_rate);
    }
    x
}

/// The same walk with every point on the way, `start` included: `steps` + 1 points. Figure 4-10
/// draws it.
pub fn gradient_descent_path(
    f: impl Fn(&[f64]) -> f64,
    start: &[f64],
    learning_rate: f64,
    steps: usize,
) -> Vec<Vec<f64>> {
    let mut path = vec![start.to_vec()];
    let mut x = start.to_vec();
    for _ in 0..steps {
        step(&f, &mut x, learning_rate);
        path.push(x.clone());
    }
    path
}

fn step(f: &impl Fn(&[f64]) -> f64, x: &mut [f64], learning_rate: f64) {
    let gradient = numerical_gradient(f, x);
    for (x, derivative) in x.iter_mut().zip(gradient) {
        *x -= learning_rate * derivative;
    }
}
