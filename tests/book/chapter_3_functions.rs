//! Chapter 3: the activation functions and the softmax that chapter 4 uses.

use crate::common::{assert_close, assert_one_ulp};
use from_zero::ch03::activation::Activation;
use from_zero::ch03::functions::{
    relu, sigmoid, sigmoid_grad, softmax, softmax_rows, step_function,
};
use from_zero::numeric::matrix::Matrix;

#[test]
fn sigmoid_of_the_book() {
    let want = [0.2689414213699951, 0.7310585786300049, 0.8807970779778823];
    for (x, want) in [-1.0, 1.0, 2.0].into_iter().zip(want) {
        assert_one_ulp(sigmoid(x), want);
    }
}

#[test]
fn sigmoid_of_a_matrix_has_the_same_bits() {
    let x = Matrix::from_fn(30, 7, |i, j| (i as f64 - 15.0) * (j as f64 + 0.1) * 9.0);
    assert_eq!(Activation::Sigmoid.forward(&x), x.map(sigmoid));
}

#[test]
fn sigmoid_at_the_ends() {
    assert_eq!(sigmoid(0.0), 0.5);
    assert_eq!(sigmoid(-1000.0), 0.0);
    assert_eq!(sigmoid(1000.0), 1.0);
    assert_eq!(sigmoid(f64::NEG_INFINITY), 0.0);
    assert_eq!(sigmoid(f64::INFINITY), 1.0);
    assert!(sigmoid(f64::NAN).is_nan());
}

#[test]
fn sigmoid_grad_is_the_slope_of_sigmoid() {
    assert_eq!(sigmoid_grad(0.0), 0.25);
    for x in [-5.0, -1.0, 0.3, 2.0, 7.0] {
        let slope = (sigmoid(x + 1e-5) - sigmoid(x - 1e-5)) / 2e-5;
        assert_close(&[sigmoid_grad(x)], &[slope], 1e-10);
    }
}

#[test]
fn step_function_of_the_book() {
    assert_eq!([-1.0, 1.0, 2.0].map(step_function), [0.0, 1.0, 1.0]);
    assert_eq!([0.0, -0.0].map(step_function), [0.0, 0.0]);
}

#[test]
fn relu_of_a_negative_number_is_0() {
    assert_eq!([-2.0, 0.0, 0.5, 3.0].map(relu), [0.0, 0.0, 0.5, 3.0]);
    assert!(relu(f64::NAN).is_nan());
}

#[test]
fn softmax_of_the_book() {
    let y = softmax(&[0.3, 2.9, 4.0]);
    assert_close(&y, &[0.01821127329554753, 0.24519181293507392, 0.7365969137693786], 1e-15);
    assert_close(&[y.iter().sum()], &[1.0], 1e-15);
}

#[test]
fn softmax_does_not_overflow_at_1010() {
    let y = softmax(&[1010.0, 1000.0, 990.0]);
    for (got, want) in
        y.into_iter().zip([0.999954600070331, 4.539786860886666e-05, 2.061060046209062e-09])
    {
        assert_one_ulp(got, want);
    }
}

#[test]
fn softmax_of_a_batch_is_that_of_each_row() {
    let a = Matrix::from_rows(&[[0.3, 2.9, 4.0], [1010.0, 1000.0, 990.0]]);
    let y = softmax_rows(&a);
    assert_eq!(y.row(0), softmax(a.row(0)));
    assert_eq!(y.row(1), softmax(a.row(1)));
}

#[test]
fn an_activation_is_its_function_forward_and_its_slope_backward() {
    let a = [-2.0, -0.5, -0.0, 0.0, 0.3, 4.0];
    type Function = fn(f64) -> f64;
    for (activation, function, slope) in [
        (Activation::Step, step_function as Function, (|_| 0.0) as Function),
        (Activation::Sigmoid, sigmoid, sigmoid_grad),
        (Activation::Relu, relu, |a| if a > 0.0 { 1.0 } else { 0.0 }),
    ] {
        let z = activation.forward(&Matrix::from_rows(&[a]));
        assert_eq!(z.as_slice(), a.map(function), "{activation}");
        assert_eq!(z.as_slice(), a.map(|a| activation.of(a)), "{activation}");
        let dz = Matrix::from_rows(&[[3.0; 6]]);
        let da = activation.backward(&z, &dz);
        crate::common::assert_close(da.as_slice(), &a.map(|a| 3.0 * slope(a)), 1e-15);
    }
    let names = [Activation::Step, Activation::Sigmoid, Activation::Relu].map(|a| a.to_string());
    assert_eq!(names, ["step", "sigmoid", "relu"]);
}
