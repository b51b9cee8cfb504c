//! 4.3: numerical differentiation (数値微分, 数值微分, 수치 미분). Exercise e05. Tests:
//! `cargo test section_4_3`.
//!
//! Someone who runs 2 km in 10 minutes has an average speed of 0.2 km a minute. The speed at one moment is
//! the limit of this quotient for shorter and shorter times: a derivative. A computer takes a time
//! h that is short, but not 0.
//!
//! Figure 4-5 shows the error that this h causes: the line through the points at x and x + h does not have the slope
//! of the tangent at x.
#![cfg_attr(doc, doc = "", doc = include_str!("../../fixtures/figures/figure-4-5.svg"))]

/// The book's h = 1e-4.
///
/// If h is much smaller, for example 1e-10, rounding errors dominate. If it is larger, the curve
/// bends noticeably between the two points. In theory the best h for a central difference is near
/// ∛ε ≈ 6e-6, where ε = 2.2e-16 is the distance from 1 to the next f64. For the book's net it is
/// 1e-4, as `beyond/why_step_size.rs` measures.
pub const H: f64 = 1e-4;

/// (f(x + h) − f(x − h)) / 2h: the central difference (中心差分, 中心差分, 중심 차분). Its error is
/// proportional to h², that of the forward difference to h.
pub fn central_difference(f: impl Fn(f64) -> f64, x: f64, h: f64) -> f64 {
    (f(x + h) - f(x - h)) / (2.0 * h)
}

/// The derivative of f at x: the central difference with the book's h. Section 4.3.1.
///
/// ```
/// use from_zero::ch04::s3_differentiation::{function_1, numerical_diff};
/// assert_eq!(numerical_diff(function_1, 5.0), 0.1999999999990898);
/// assert_eq!(numerical_diff(function_1, 10.0), 0.2999999999986347);
/// ```
pub fn numerical_diff(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    central_difference(f, x, H)
}

/// (f(x + h) − f(x)) / h: the forward difference (前方差分, 前向差分, 전방 차분). It is formula 4.4 with
/// a small h in place of the limit.
///
/// This is the bad example of section 4.3.1, where h = 10e-50 gives 0:
///
/// ```
/// use from_zero::ch04::s3_differentiation::{forward_difference, function_1};
/// assert_eq!(forward_difference(function_1, 5.0, 10e-50), 0.0);
/// assert_eq!(forward_difference(function_1, 5.0, 1e-4), 0.20000099999917254);
/// ```
pub fn forward_difference(f: impl Fn(f64) -> f64, x: f64, h: f64) -> f64 {
    (f(x + h) - f(x)) / h
}

/// f(x) = 0.01x² + 0.1x: the example of section 4.3.2. Formula 4.5. Figure 4-7 shows it with its
/// tangents at 5 and 10.
#[cfg_attr(doc, doc = "", doc = include_str!("../../fixtures/figures/figure-4-7.svg"))]
pub fn function_1(x: f64) -> f64 {
    0.01 * (x * x) + 0.1 * x
}

/// f(x₀, x₁) = x₀² + x₁²: the example of sections 4.3.3 and 4.4, with x: (2). Formula 4.6.
///
/// A partial derivative (偏微分, 偏导数, 편미분) is the derivative with respect to one variable, while the
/// others keep their value. If the surface is cut along this variable, it is the slope of the cut.
/// Section 4.3.3 computes two of them at (3, 4), with the book's `function_tmp1` and `function_tmp2`:
///
/// ```
/// use from_zero::ch04::s3_differentiation::{function_2, numerical_diff};
/// assert_eq!(numerical_diff(|x0| function_2(&[x0, 4.0]), 3.0), 6.00000000000378);
/// assert_eq!(numerical_diff(|x1| function_2(&[3.0, x1]), 4.0), 7.999999999999119);
/// ```
#[cfg_attr(doc, doc = "", doc = include_str!("../../fixtures/figures/figure-4-8.svg"))]
#[cfg_attr(doc, doc = "", doc = include_str!("../../fixtures/figures/partial-derivative.svg"))]
pub fn function_2(x: &[f64]) -> f64 {
    x[0] * x[0] + x[1] * x[1]
}
