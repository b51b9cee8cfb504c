//! Section 4.3: every number of it, bit for bit.

use crate::common::assert_close;
use from_zero::beyond::examples::{polynomial, wave};
use from_zero::ch04::s3_differentiation::{
    H, central_difference, forward_difference, function_1, numerical_diff,
};
use from_zero::ch04::s4_1_gradient::numerical_gradient;
use from_zero::numeric::elementary::{exp, sin_cos};

// 4.3.1
#[test]
fn the_bad_example_gives_zero() {
    let h = 10e-50; // as printed; the errata: 1e-50 was meant
    for x in [5.0, 10.0, -3.0, 1e-20] {
        assert_eq!(forward_difference(function_1, x, h), 0.0);
        assert_eq!(forward_difference(function_1, x, 1e-50), 0.0);
    }
}

// 4.3.1
#[test]
fn in_f32_the_bad_h_is_zero() {
    assert_eq!(1e-50_f64 as f32, 0.0);
}

// 4.3.1
#[test]
fn the_forward_difference_of_the_book() {
    assert_eq!(forward_difference(function_1, 5.0, 1e-4), 0.20000099999917254);
}

// 4.3.2
#[test]
fn the_central_differences_of_the_book() {
    assert_eq!(H, 1e-4);
    assert_eq!(numerical_diff(function_1, 5.0), 0.1999999999990898);
    assert_eq!(numerical_diff(function_1, 10.0), 0.2999999999986347);
}

// 4.3.2
#[test]
fn the_central_differences_are_close_to_the_analytic_derivative() {
    let analytic = |x: f64| 0.02 * x + 0.1;
    assert_eq!([analytic(5.0), analytic(10.0)], [0.2, 0.30000000000000004]);
    for x in [5.0, 10.0] {
        assert_close(&[numerical_diff(function_1, x)], &[analytic(x)], 1e-11);
    }
}

// 4.3.2
#[test]
fn with_a_smaller_h_rounding_errors_dominate() {
    assert_eq!(central_difference(function_1, 5.0, 1e-10), 0.2000000165480742);
    assert_eq!(central_difference(function_1, 10.0, 1e-10), 0.3000000248221113);
}

// 4.3.3
#[test]
fn the_partial_derivatives_of_the_book() {
    // f(x0, x1) = x0² + x1² at (3, 4), one variable held.
    let by_x0 = |x0: f64| x0 * x0 + 4.0 * 4.0;
    let by_x1 = |x1: f64| 3.0 * 3.0 + x1 * x1;
    assert_eq!(numerical_diff(by_x0, 3.0), 6.00000000000378);
    assert_eq!(numerical_diff(by_x1, 4.0), 7.999999999999119);
}

// 4.3.3
#[test]
fn examples_of_readers_notes_beside_the_derivatives_on_paper() {
    assert_eq!(polynomial(1.0, 2.0), 15.0);
    // e² sin 3 and its derivatives at (1, 2), by mpmath.
    assert_close(&[wave(1.0, 2.0)], &[1.0427436562359045], 1e-15);
    let at_1_2 = numerical_gradient(|v| wave(v[0], v[1]), &[1.0, 2.0]);
    assert_close(&at_1_2, &[-5.229622782429294, -6.272366438665198], 2e-7);

    for (x, y) in [(1.0, 2.0), (-1.5, 0.5), (0.0, 0.0), (2.0, -1.0)] {
        let gradient = numerical_gradient(|v| polynomial(v[0], v[1]), &[x, y]);
        assert_close(&gradient, &[2.0 * x + 3.0 * y, 3.0 * x + 3.0 * y * y], 2e-8);

        let gradient = numerical_gradient(|v| wave(v[0], v[1]), &[x, y]);
        let (e, (sin, cos)) = (exp(x * y), sin_cos(x + y));
        assert_close(&gradient, &[e * (y * sin + cos), e * (x * sin + cos)], 2e-7);
    }
}
