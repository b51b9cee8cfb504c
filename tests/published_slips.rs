//! Misprints and slips in published notes on the chapter, so that none of them can come in here.

mod common;

use common::{assert_close, random_matrix, random_net};
use from_zero::ch03::functions::{sigmoid, sigmoid_grad, softmax, softmax_rows};
use from_zero::ch04::s2_1_loss::{DELTA, cross_entropy_error};
use from_zero::ch04::s2_4_targets::{Labels, OneHot};
use from_zero::ch04::s3_differentiation::H;
use from_zero::ch04::s4_1_gradient::numerical_gradient;
use from_zero::ch04::s4_2_simple_net::SimpleNet;
use from_zero::numeric::elementary::{exp, ln};
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::random::{Rng, Xorshift64Star};

/// Published for section 4.4.2, with a gradient whose every sign is wrong.
fn misprinted() -> (SimpleNet, Matrix, OneHot) {
    let w = [[-0.0444667, 0.39308105, 1.66037027], [1.15833506, -0.92322092, -0.70728658]];
    let net = SimpleNet { w: Matrix::from_rows(&w) };
    (net, Matrix::from_rows(&[[0.6, 0.9]]), OneHot::from_rows(&[[0.0, 0.0, 1.0]]))
}

#[test]
fn the_misprinted_gradient_put_right() {
    let (net, x, t) = misprinted();
    assert_close(net.predict(&x).as_slice(), &[1.01582153, -0.5950502, 0.35966424], 1e-8);
    let dw = net.numerical_gradient(|net| net.loss(&x, &t));
    let right = [0.34913046, 0.06972605, -0.41885651, 0.5236957, 0.10458907, -0.62828477];
    assert_close(dw.as_slice(), &right, 1e-8);
}

#[test]
fn the_misprint_is_a_one_hot_vector_read_as_three_labels() {
    // What `y[np.arange(batch_size), t]`, the book's form for labels, does when [0, 0, 1] arrives
    // for a batch of one: it picks the columns 0, 0 and 1 of the only row, adds up their three terms
    // and divides by one sample.
    let (net, x, _) = misprinted();
    let mistaken = |net: &SimpleNet| {
        let y = softmax(net.predict(&x).row(0));
        let terms = [0, 0, 1].map(|column| ln(y[column] + DELTA));
        -terms.iter().sum::<f64>() / 1.0
    };
    let dw = net.numerical_gradient(mistaken);
    #[rustfmt::skip]
    let printed = [-0.15260847, -0.39082136, 0.54342983, -0.22891271, -0.58623204, 0.81514475];
    assert_close(dw.as_slice(), &printed, 1e-8);
}

#[test]
fn sigmoid_is_not_1_over_1_plus_exp() {
    // `1 / 1 + exp(-x)` divides first.
    let slip = 1.0 / 1.0 + exp(-2.0);
    assert!(slip > 1.0 && sigmoid(2.0) < 1.0);
    assert_close(&[sigmoid(2.0)], &[0.8807970779778823], 1e-15);
}

#[test]
fn softmax_of_a_batch_has_a_sum_of_one_in_each_row() {
    let y = softmax_rows(&Matrix::from_rows(&[[1.0, 2.0], [3.0, 4.0], [700.0, -700.0]]));
    for row in y.iter_rows() {
        assert_close(&[row.iter().sum()], &[1.0], 1e-15);
    }
}

#[test]
fn softmax_survives_scores_of_minus_1000() {
    // A running maximum that starts at 0 makes this 0/0.
    let y = softmax(&[-1000.0, -1001.0]);
    assert_close(&y, &[0.7310585786300049, 0.2689414213699951], 1e-15);
}

#[test]
fn cross_entropy_takes_the_natural_logarithm() {
    let error = cross_entropy_error(&[0.6, 0.4], &[1.0, 0.0]);
    assert_close(&[error], &[0.5108254570993381], 1e-15);
    assert!((error - 0.2218487).abs() > 0.2, "that would be log10");
}

#[test]
fn the_sigmoids_slope_is_that_at_its_input() {
    // Taken for an output, 2.0 would give (1 − 2) · 2 = −2.
    assert_close(&[sigmoid_grad(2.0)], &[0.10499358540350662], 1e-15);
}

#[test]
fn the_two_points_of_a_difference_are_h_on_either_side() {
    // x + h and then x − 2h makes every derivative 1.5 times too large, and a line shows it
    // exactly.
    let mut seen = Vec::new();
    let gradient = numerical_gradient(
        |x| {
            seen.push(x[0]);
            3.0 * x[0]
        },
        &[1.0],
    );
    assert_eq!(seen, [1.0 + H, 1.0 - H]);
    assert_close(&gradient, &[3.0], 1e-11);
}

#[test]
fn each_parameter_nudged_is_the_one_meant() {
    // Biases nudged in a copy give 0, weights nudged for biases give another number. A loss that
    // weighs each part by its own factor has exactly these factors as its gradient.
    let net = random_net(2, 3, 4, &mut Xorshift64Star::new(1));
    let gradient = net.numerical_gradient_of(|net| {
        let parts = net.params.parts().into_iter().zip([1.0, 10.0, 100.0, 1000.0]);
        parts.map(|((_, part), factor)| factor * part.iter().sum::<f64>()).sum()
    });
    for ((_, part), factor) in gradient.parts().into_iter().zip([1.0, 10.0, 100.0, 1000.0]) {
        assert_close(part, &vec![factor; part.len()], 1e-7);
    }
}

#[test]
fn sigma_times_one_minus_sigma_is_taken_number_by_number() {
    // As a matrix product it goes unnoticed where batch and hidden size are both 100. Here no two
    // sizes are equal.
    let mut rng = Xorshift64Star::new(2);
    let net = random_net(4, 3, 6, &mut rng);
    let x = random_matrix(5, 4, 1.0, &mut rng);
    let t = Labels::new(rng.choice(6, 5));
    let analytic = net.gradient(&x, &t);
    let numerical = net.numerical_gradient_of(|net| net.exact_loss(&x, &t));
    assert_close(analytic.w1.as_slice(), numerical.w1.as_slice(), 1e-10);
    assert_close(&analytic.b1, &numerical.b1, 1e-10);
}
