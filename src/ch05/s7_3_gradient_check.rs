//! 5.7.3: the gradient check (勾配確認, 梯度确认, 기울기 검증). Does backpropagation give the same gradient as
//! numerical differentiation?
//!
//! The book compares the two gradients by the mean of |difference|, and prints for the first three
//! training images:
//!
//! | W1 | b1 | W2 | b2 |
//! |---:|---:|---:|---:|
//! | 2.2e-13 | 9.7e-13 | 8.4e-13 | 1.19e-10 |
//!
//! These are the numbers of a net with relu, which chapter 5 uses, and of the loss without the
//! 1e-7. With a sigmoid the mean differences are other numbers: 4.8e-13, 1.4e-12, 1.5e-11 and 1.2e-10
//! (`cargo run --release -- check`).
//!
//! A mean can hide one wrong derivative among thousands. `beyond/verdict.rs` also looks at the
//! largest difference, at rounding errors and at the corner of relu. "Symptoms" in `src/map.md` says
//! what other numbers mean.

use crate::ch04::s2_4_targets::Labels;
use crate::ch04::s5_1_two_layer_net::TwoLayerNet;
use crate::numeric::matrix::Matrix;
use crate::numeric::sum::sum_of;

/// The mean of |numerical − backpropagation| for W1, b1, W2 and b2, on the mini-batch x: (N,
/// inputs), t: (N). The loss is the one without the 1e-7, because backpropagation does not include
/// it.
///
/// ```
/// use from_zero::ch04::s2_4_targets::Labels;
/// use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
/// use from_zero::ch05::s7_3_gradient_check::gradient_check;
/// use from_zero::numeric::matrix::Matrix;
/// use from_zero::numeric::random::Xorshift64Star;
///
/// let net = TwoLayerNet::new(3, 4, 2, 1.0, &mut Xorshift64Star::new(0));
/// let x = Matrix::from_rows(&[[0.1, -0.7, 0.3], [0.5, 0.2, -0.9]]);
/// for (name, mean) in gradient_check(&net, &x, &Labels::new(vec![0, 1])) {
///     println!("{name}: {mean:e}");
///     assert!(mean < 1e-9);
/// }
/// ```
pub fn gradient_check(net: &TwoLayerNet, x: &Matrix, t: &Labels) -> [(&'static str, f64); 4] {
    let backprop = net.gradient(x, t);
    let numerical = net.numerical_gradient_of(|net| net.exact_loss(x, t));

    [
        ("W1", mean_difference(numerical.w1.as_slice(), backprop.w1.as_slice())),
        ("b1", mean_difference(&numerical.b1, &backprop.b1)),
        ("W2", mean_difference(numerical.w2.as_slice(), backprop.w2.as_slice())),
        ("b2", mean_difference(&numerical.b2, &backprop.b2)),
    ]
}

/// The mean of |aᵢ − bᵢ|: `np.average(np.abs(a - b))`.
#[track_caller]
pub fn mean_difference(a: &[f64], b: &[f64]) -> f64 {
    assert!(a.len() == b.len(), "mean_difference: {} and {} derivatives", a.len(), b.len());
    sum_of(a.len(), |i| (a[i] - b[i]).abs()) / a.len() as f64
}
