//! The gradient check of a function and of a layer, against central differences. It compares the
//! backward of each layer of chapter 5, and of layers with planted errors, with their forward.

use from_zero::beyond::verdict::Comparison;
use from_zero::ch04::s3_differentiation::H;
use from_zero::ch05::s4_layers::{Affine, Layer, Relu, Sigmoid};
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::random::Rng;

/// Compares a gradient of f at x that was derived by hand with central differences of f.
///
/// f returns its value, and on which side of each of its corners x is: for example the mask of a
/// relu, or `()` if f has no corners. If the sides of x + h and x − h differ, that derivative is not
/// compared.
///
/// # Panics
/// If `derived.len()` differs from `x.len()`.
#[track_caller]
pub fn check_function<S: PartialEq>(
    mut f: impl FnMut(&[f64]) -> (f64, S), x: &[f64], derived: &[f64],
) -> Comparison {
    let f = |x: &[f64]| {
        let (value, sides) = f(x);
        (value, value.abs(), sides)
    };
    check_sum(f, x, derived)
}

/// [`check_function`] for a sum: f also returns the sum of the absolute values of its terms.
#[track_caller]
fn check_sum<S: PartialEq>(
    mut f: impl FnMut(&[f64]) -> (f64, f64, S), x: &[f64], derived: &[f64],
) -> Comparison {
    let mut x = x.to_vec();
    let (mut numerical, mut at_corner) = (Vec::new(), Vec::new());
    let mut magnitude: f64 = 0.0;
    for i in 0..x.len() {
        let original = x[i];
        x[i] = original + H;
        let (f_plus, magnitude_plus, sides_plus) = f(&x);
        x[i] = original - H;
        let (f_minus, magnitude_minus, sides_minus) = f(&x);
        x[i] = original;

        numerical.push((f_plus - f_minus) / (2.0 * H));
        magnitude = magnitude.max(magnitude_plus).max(magnitude_minus);
        at_corner.push(sides_plus != sides_minus);
    }
    // Each value has an error of a few ε times the sum of the absolute values of its terms, and the
    // division by 2h enlarges it.
    let rounding = 4.0 * f64::EPSILON * magnitude / H;
    Comparison::new(&numerical, derived, rounding, &at_corner)
}

/// Compares the backward of a layer with central differences of its forward at x: (N, columns), for
/// the input x and for each parameter. The layer is not changed.
///
/// A layer has many outputs, so L is a weighted sum of them. The weights are random numbers from −1
/// to 1, and are the `dout` of backward.
///
/// # Panics
/// If x does not fit the layer, or has no rows.
#[track_caller]
pub fn check_layer<L: Layer + Corners + Clone>(
    layer: &L, x: &Matrix, rng: &mut impl Rng,
) -> Vec<(&'static str, Comparison)> {
    let mut derived = layer.clone();
    let out = derived.forward(x.clone());
    let dout = Matrix::from_fn(out.rows(), out.columns(), |_, _| 2.0 * rng.uniform() - 1.0);
    let dx = derived.backward(dout.clone());

    let weighted_sum = |layer: &mut L, x: Matrix| {
        let sides = layer.sides(&x);
        let terms = &layer.forward(x) * &dout;
        let value: f64 = terms.as_slice().iter().sum();
        let magnitude: f64 = terms.as_slice().iter().map(|term| term.abs()).sum();
        (value, magnitude, sides)
    };
    let mut moved = layer.clone();
    let f_of_x = |numbers: &[f64]| weighted_sum(&mut moved, x.with_data(numbers));
    let mut comparisons = vec![("x", check_sum(f_of_x, x.as_slice(), dx.as_slice()))];

    for (k, parameter) in derived.parameters().into_iter().enumerate() {
        let mut moved = layer.clone();
        let f_of_parameter = |numbers: &[f64]| {
            moved.parameters()[k].values.copy_from_slice(numbers);
            weighted_sum(&mut moved, x.clone())
        };
        let comparison = check_sum(f_of_parameter, parameter.values, parameter.gradient);
        comparisons.push((parameter.name, comparison));
    }
    comparisons
}

/// Where a layer has corners, for [`check_layer`].
pub trait Corners {
    /// On which side of its corners each number of the input is. Most layers have no corners.
    fn sides(&self, _x: &Matrix) -> Vec<bool> {
        Vec::new()
    }
}

impl Corners for Affine {}

impl Corners for Sigmoid {}

impl Corners for Relu {
    fn sides(&self, x: &Matrix) -> Vec<bool> {
        x.as_slice().iter().map(|&x| x <= 0.0).collect()
    }
}
