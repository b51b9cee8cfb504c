//! exp, ln, sine and cosine of a turn, against mpmath (`fixtures/elementary`), and at every special
//! value.

use crate::common::fixtures;
use from_zero::numeric::elementary::{
    NEAR_0, exp, exp_in_place, exp_minus_1_near_0, ln, sin_cos, sin_cos_turn,
};
use from_zero::numeric::random::{Rng, Xorshift64Star};

/// Lines of the reference for one function: x, the true value as its nearest f64, and the rest in
/// ulps.
fn reference(function: &str) -> Vec<[f64; 3]> {
    let file = fixtures("elementary").join("reference.txt");
    let text = std::fs::read_to_string(file).expect("the reference is there");
    let lines = text.lines().map(|line| line.split(' ').collect::<Vec<_>>());
    let number = |hex: &str| f64::from_bits(u64::from_str_radix(hex, 16).expect("16 digits"));
    lines
        .filter(|fields| fields[0] == function)
        .map(|fields| [number(fields[1]), number(fields[2]), number(fields[3])])
        .collect()
}

/// The distance between a number and the next one away from 0.
fn ulp(x: f64) -> f64 {
    f64::from_bits(x.abs().to_bits() + 1) - x.abs()
}

/// The largest error over the reference, in ulps of the true value.
fn worst(function: &str, f: impl Fn(f64) -> f64) -> f64 {
    let points = reference(function);
    assert!(points.len() > 200);
    let errors = points.into_iter().map(|[x, near, rest]| ((f(x) - near) / ulp(near) - rest).abs());
    errors.fold(0.0, f64::max)
}

#[test]
fn exp_is_within_one_ulp() {
    let worst = worst("exp", exp);
    // 0.78 among subnormal results, where the final scaling rounds once more.
    assert!((0.5..0.78).contains(&worst), "{worst}");
}

#[test]
fn ln_is_within_one_ulp() {
    let worst = worst("ln", ln);
    assert!((0.5..0.862).contains(&worst), "{worst}");
}

#[test]
fn exp_minus_1_near_0_is_within_one_ulp() {
    // With one term less it is off by 5461 ulps at the ends.
    let worst = worst("expm1", exp_minus_1_near_0);
    assert!((0.5..0.8).contains(&worst), "{worst}");
    let ends = reference("expm1").iter().filter(|[x, ..]| x.abs() == NEAR_0).count();
    assert_eq!(ends, 2);
    assert_eq!(exp_minus_1_near_0(0.0), 0.0);
    assert!(exp_minus_1_near_0(f64::NAN).is_nan());
}

#[test]
fn sine_and_cosine_are_within_one_ulp() {
    let sin = worst("sin", |t| sin_cos_turn(t).0);
    let cos = worst("cos", |t| sin_cos_turn(t).1);
    assert!((0.5..0.852).contains(&sin), "{sin}");
    assert!((0.5..0.817).contains(&cos), "{cos}");
}

#[test]
fn sine_and_cosine_of_radians_are_within_one_ulp() {
    // Also next to multiples of π/2, where all but a few digits of the angle cancel. With two parts
    // of π/2 in place of three, sine is off by 5e9 ulps there.
    let sin = worst("sin-radians", |x| sin_cos(x).0);
    let cos = worst("cos-radians", |x| sin_cos(x).1);
    assert!((0.5..0.8).contains(&sin), "{sin}");
    assert!((0.5..0.8).contains(&cos), "{cos}");
    assert_eq!(sin_cos(0.0), (0.0, 1.0));
    assert_eq!(sin_cos(-0.0), (0.0, 1.0));
    // Beyond the range there is no number rather than a wrong one.
    for x in [1000.0_f64.next_up(), -1000.1, 1e300, f64::INFINITY, -f64::INFINITY, f64::NAN] {
        let (sin, cos) = sin_cos(x);
        assert!(sin.is_nan() && cos.is_nan(), "{x}");
    }
    let mut rng = Xorshift64Star::new(10);
    for _ in 0..100_000 {
        let x = 2000.0 * rng.uniform() - 1000.0;
        let (sin, cos) = sin_cos(x);
        assert!((sin * sin + cos * cos - 1.0).abs() < 5e-16, "{x}");
        assert_eq!(sin_cos(-x), (-sin, cos), "{x}");
    }
}

#[test]
fn exp_at_special_values() {
    assert_eq!(exp(0.0), 1.0);
    assert_eq!(exp(-0.0), 1.0);
    assert_eq!(exp(f64::INFINITY), f64::INFINITY);
    assert_eq!(exp(f64::NEG_INFINITY).to_bits(), 0.0_f64.to_bits());
    assert!(exp(f64::NAN).is_nan());
    assert!(exp(-f64::NAN).is_nan());
}

#[test]
fn exp_overflows_and_underflows_where_it_must() {
    // ln(f64::MAX) and the next number above it.
    assert!(exp(709.782712893384).is_finite());
    assert_eq!(exp(709.7827128933841), f64::INFINITY);
    assert_eq!(exp(1e300), f64::INFINITY);
    // Half the smallest number is e^−745.1332191019412.
    assert_eq!(exp(-745.1332191019411), 5e-324);
    assert_eq!(exp(-745.1332191019412), 0.0);
    assert_eq!(exp(-f64::MAX), 0.0);
}

#[test]
fn ln_at_special_values() {
    assert_eq!(ln(1.0).to_bits(), 0.0_f64.to_bits());
    assert_eq!(ln(0.0), f64::NEG_INFINITY);
    assert_eq!(ln(-0.0), f64::NEG_INFINITY);
    assert_eq!(ln(f64::INFINITY), f64::INFINITY);
    assert!(ln(f64::NAN).is_nan());
    for negative in [-1.0, -5e-324, -f64::MAX, f64::NEG_INFINITY] {
        assert!(ln(negative).is_nan(), "{negative}");
    }
}

#[test]
fn eighths_of_a_turn_are_exact_where_they_can_be() {
    let quarters = [(0.0, 1.0), (1.0, 0.0), (0.0, -1.0), (-1.0, 0.0)];
    for (q, want) in quarters.into_iter().enumerate() {
        for turns in [-3.0, 0.0, 1.0, 1e6] {
            assert_eq!(sin_cos_turn(turns + q as f64 / 4.0), want, "{turns} turns and {q}/4");
        }
    }
    let (sin, cos) = sin_cos_turn(0.125);
    assert_eq!(sin, std::f64::consts::FRAC_1_SQRT_2);
    assert!((cos - sin).abs() <= ulp(sin));
}

#[test]
fn sine_and_cosine_at_special_values() {
    assert_eq!(sin_cos_turn(0.0).0.to_bits(), 0.0_f64.to_bits());
    assert_eq!(sin_cos_turn(-0.0).0.to_bits(), (-0.0_f64).to_bits());
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let (sin, cos) = sin_cos_turn(bad);
        assert!(sin.is_nan() && cos.is_nan(), "{bad}");
    }
}

#[test]
fn exp_in_place_has_the_bits_of_exp() {
    let mut rng = Xorshift64Star::new(9);
    let special = [0.0, -0.0, f64::NAN, f64::INFINITY, -f64::INFINITY, 5e-324, 1e-310, -1.0, 708.5];
    for length in [0, 1, 63, 64, 65, 1000] {
        for specials in [0, 1, 9] {
            let mut x: Vec<f64> = (0..length).map(|_| 1416.0 * rng.uniform() - 708.0).collect();
            for special in special.iter().take(specials.min(length)) {
                x[rng.below(length)] = *special;
            }
            let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
            let mut many = x.clone();
            exp_in_place(&mut many);
            assert_eq!(bits(&many), bits(&x.iter().map(|&x| exp(x)).collect::<Vec<_>>()));
        }
    }
    // One number whose result overflows, is subnormal or is no number, among ordinary ones. The fast
    // loop cannot compute it.
    for x in [708.5, 709.7, 710.0, 1e3, 1e300, -708.5, -720.0, -746.0, -1e3, -1e300, f64::NAN] {
        for place in [0, 63] {
            let mut values = [0.5; 64];
            values[place] = x;
            exp_in_place(&mut values);
            assert_eq!(values[place].to_bits(), exp(x).to_bits(), "exp_in_place of {x:?}");
            assert_eq!(values[1].to_bits(), exp(0.5).to_bits(), "exp_in_place of 0.5, with {x:?}");
        }
    }
    let mut ends = [708.0, -708.0, 707.9, -707.9];
    exp_in_place(&mut ends);
    assert_eq!(ends, [708.0, -708.0, 707.9, -707.9].map(exp));
}

#[test]
fn exp_ln_sine_and_cosine_fulfil_identities() {
    let mut rng = Xorshift64Star::new(7);
    for _ in 0..100_000 {
        let x = 40.0 * rng.uniform() - 20.0;
        let y = exp(x);
        assert!((ln(y) - x).abs() < 4e-15, "ln exp {x}");
        assert!((y * exp(-x) - 1.0).abs() < 5e-16, "exp {x} exp −{x}");
        let (sin, cos) = sin_cos_turn(x);
        assert!((sin * sin + cos * cos - 1.0).abs() < 5e-16, "{x}");
        assert_eq!(sin_cos_turn(-x), (-sin, cos), "{x}");
        assert_eq!(sin_cos_turn(x + 0.25 - x).0, 1.0);
    }
}

#[test]
fn exp_and_ln_are_monotone_between_neighbours() {
    let mut rng = Xorshift64Star::new(8);
    for _ in 0..200_000 {
        let x = 1400.0 * rng.uniform() - 700.0;
        assert!(exp(x) <= exp(x.next_up()), "exp at {x:?}");
        let x = rng.uniform() * 4.0 + 1e-300;
        assert!(ln(x) <= ln(x.next_up()), "ln at {x:?}");
    }
}
