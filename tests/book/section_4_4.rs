//! Section 4.4: every number of it.

use crate::common::assert_close;
use from_zero::beyond::examples::directional_derivative;
use from_zero::ch04::s2_4_targets::OneHot;
use from_zero::ch04::s3_differentiation::{H, function_2};
use from_zero::ch04::s4_1_gradient::{gradient_descent, numerical_gradient};
use from_zero::ch04::s4_2_simple_net::SimpleNet;
use from_zero::numeric::elementary::{exp, sin_cos_turn};
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::random::{Rng, Xorshift64Star};

#[test]
fn the_gradients_of_the_book() {
    let gradient = |x0, x1| numerical_gradient(function_2, &[x0, x1]);
    assert_eq!(gradient(3.0, 4.0), [6.00000000000378, 7.999999999999119]);
    assert_eq!(gradient(0.0, 2.0), [0.0, 4.000000000004]);
    assert_eq!(gradient(0.0, 0.2), [0.0, 0.399999999999949]);
    assert_eq!(gradient(3.0, 0.0), [6.000000000012662, 0.0]);
}

#[test]
fn each_number_is_moved_by_h_to_both_sides_and_put_back() {
    // 0.3 + h − 2h + h is not 0.3: the original number itself must be put back.
    let mut seen = Vec::new();
    let start = [0.3, -1e-9, 1e9];
    numerical_gradient(
        |x| {
            seen.push(x.to_vec());
            f64::NAN
        },
        &start,
    );
    let mut expected = Vec::new();
    for i in 0..3 {
        for h in [H, -H] {
            let mut x = start.to_vec();
            x[i] += h;
            expected.push(x);
        }
    }
    assert_eq!(seen, expected);
}

#[test]
fn the_gradient_for_no_numbers_is_empty() {
    assert!(numerical_gradient(|_| 1.0, &[]).is_empty());
}

// 4.4.1
#[test]
fn gradient_descent_of_the_book() {
    let x = gradient_descent(function_2, &[-3.0, 4.0], 0.1, 100);
    assert_eq!(x, [-6.111107928998789e-10, 8.148143905314271e-10]);
}

// 4.4.1
#[test]
fn a_learning_rate_of_10_diverges() {
    let x = gradient_descent(function_2, &[-3.0, 4.0], 10.0, 100);
    assert_eq!(x, [-2.5898374737328363e+13, -1.2952486168965398e+12]);
}

// 4.4.1
#[test]
fn a_learning_rate_of_1e_10_hardly_moves() {
    let x = gradient_descent(function_2, &[-3.0, 4.0], 1e-10, 100);
    assert_eq!(x, [-2.999999939999995, 3.9999999199999934]);
}

#[test]
fn on_a_parabola_a_learning_rate_of_2_jumps_for_ever_and_more_diverges() {
    // w ← (1 − η) w, so the size after n steps is |1 − η|ⁿ.
    let parabola = |w: &[f64]| w[0] * w[0] / 2.0;
    let after = |rate, steps| gradient_descent(parabola, &[1.0], rate, steps)[0];
    for (rate, steps, expected) in [
        (0.5, 10, 0.0009765625),
        (1.0, 1, 0.0),
        (1.9, 10, 0.3486784401),
        (2.0, 10, 1.0),
        (2.0, 11, -1.0),
        (2.1, 10, 2.5937424601),
    ] {
        assert_close(&[after(rate, steps)], &[expected], 1e-9);
    }
    assert!(after(1.9, 1000).abs() < 1e-15); // what rounding leaves
    // It stops where w + h is w: that is also why the book's rate of 10 ends near 1e13.
    assert!((1e9..1e14).contains(&after(2.1, 1000).abs()), "{}", after(2.1, 1000));
    // x0² + x1² is twice as steep: there the limit is 1.
    let circle = |rate| gradient_descent(function_2, &[-3.0, 4.0], rate, 100);
    assert_close(&circle(1.0), &[-3.0, 4.0], 1e-6);
    assert!(circle(0.95)[0].abs() < 1e-3 && circle(1.05)[0].abs() > 1e3);
}

#[test]
fn the_directional_derivative_is_the_length_of_the_gradient_times_the_cosine() {
    let along = |direction: &[f64]| directional_derivative(function_2, &[3.0, 4.0], direction);
    let gradient = numerical_gradient(function_2, &[3.0, 4.0]);
    let mut steepest = (0.0, 0);
    for degrees in 0..360 {
        let (sin, cos) = sin_cos_turn(f64::from(degrees) / 360.0);
        let slope = along(&[cos, sin]);
        // The gradient is (6, 8): of length 10, at 53.13 degrees.
        let (_, cos_theta) = sin_cos_turn((f64::from(degrees) - 53.13010235415598) / 360.0);
        assert_close(&[slope], &[10.0 * cos_theta], 1e-9);
        assert_close(&[slope], &[gradient[0] * cos + gradient[1] * sin], 1e-9);
        if slope > steepest.0 {
            steepest = (slope, degrees);
        }
    }
    assert_eq!(steepest.1, 53, "the gradient is the direction of the steepest ascent");
}

#[test]
fn descent_ends_at_a_local_minimum_at_a_saddle_or_on_a_plateau() {
    let quartic = |x: &[f64]| x[0] * x[0] * x[0] * x[0] - 3.0 * x[0] * x[0] + x[0];
    // The roots of 4x³ − 6x + 1 by mpmath: two minima, and the maximum between them.
    let (global, top, local) = (-1.3008395659415772, 0.16993844331159128, 1.1309011226299859);
    for (start, end) in [(2.0, local), (0.2, local), (0.1, global), (-2.0, global)] {
        assert_close(&gradient_descent(quartic, &[start], 0.05, 200), &[end], 1e-7);
    }
    assert!(quartic(&[global]) < quartic(&[local]) && quartic(&[local]) < quartic(&[top]));
    assert_close(&numerical_gradient(quartic, &[top]), &[0.0], 1e-7);

    let saddle = |x: &[f64]| x[0] * x[0] - x[1] * x[1];
    let end = gradient_descent(saddle, &[1.0, 0.0], 0.1, 100);
    assert_close(&end, &[0.0, 0.0], 1e-9);
    assert_close(&numerical_gradient(saddle, &end), &[0.0, 0.0], 1e-8);
    assert!(saddle(&[0.0, 0.1]) < saddle(&end), "it is no minimum");
    assert!(gradient_descent(saddle, &[1.0, 1e-6], 0.1, 100)[1] > 10.0, "it passes by");

    let plateau = |x: &[f64]| 1.0 - exp(-x[0] * x[0]);
    assert_close(&gradient_descent(plateau, &[1.0], 0.1, 100), &[0.0], 1e-8);
    assert_close(&gradient_descent(plateau, &[4.0], 0.1, 100), &[4.0], 1e-5);
    assert_eq!(gradient_descent(plateau, &[7.0], 0.1, 100), [7.0], "no digit of f changes");
}

// 4.4.2
#[test]
fn with_w11_plus_h_the_loss_grows_by_0_2_h() {
    let Printed { w, exact_dw, .. } = &PRINTED[0];
    let (x, t) = (Matrix::from_rows(&[[0.6, 0.9]]), OneHot::from_rows(&[[0.0, 0.0, 1.0]]));
    let loss = |i: usize, j: usize, h: f64| {
        let mut net = SimpleNet { w: Matrix::from_rows(w) };
        net.w[(i, j)] += h;
        net.exact_loss(&x, &t)
    };
    for h in [1e-4, 1e-3, 1e-2] {
        let growth = loss(0, 0, h) - loss(0, 0, 0.0);
        assert_close(&[growth], &[exact_dw[0][0] * h], 0.1 * h * h);
        assert!((0.15..0.25).contains(&(growth / h)), "about 0.2 h: {growth}");
        // w13 has a derivative below 0: the loss falls.
        assert!(loss(0, 2, h) < loss(0, 2, 0.0));
    }
}

/// A row of section 4.4.2's table: W, p, and the loss and gradient in both forms.
struct Printed {
    w: [[f64; 3]; 2],
    p: [f64; 3],
    exact_loss: f64,
    exact_dw: [[f64; 3]; 2],
    loss: f64,
    dw_row_0: [f64; 3],
}

/// In the book, and in published notes on it. Loss and gradient there are those without the 1e-7.
const PRINTED: [Printed; 2] = [
    Printed {
        w: [[0.47355232, 0.9977393, 0.84668094], [0.85557411, 0.03563661, 0.69422093]],
        p: [1.05414809, 0.63071653, 1.1328074],
        exact_loss: 0.9280685366341133,
        exact_dw: [[0.21924763, 0.14356247, -0.36281009], [0.32887144, 0.2153437, -0.54421514]],
        loss: 0.9280682857864075,
        dw_row_0: [0.2192475712392561, 0.14356242984070455, -0.3628100010055757],
    },
    Printed {
        w: [[-0.53572577, 0.65692054, 0.1165997], [-0.37309075, -1.30970997, -0.51098734]],
        p: [-0.65721714, -0.78458665, -0.38992879],
        exact_loss: 0.891736898302,
        exact_dw: [[0.18827514, 0.165759, -0.35403414], [0.28241271, 0.24863849, -0.53105121]],
        loss: 0.8917366507197052,
        dw_row_0: [0.1882750952281187, 0.16575895484427505, -0.35403404999523325],
    },
];

fn x() -> Matrix {
    Matrix::from_rows(&[[0.6, 0.9]])
}

fn t() -> OneHot {
    OneHot::from_rows(&[[0.0, 0.0, 1.0]])
}

/// Half a unit of the eighth digit after the point, and as much again for W's own digits.
const PRINTED_DIGITS: f64 = 1e-8;

// 4.4.2
#[test]
fn simple_net_as_printed() {
    for row in PRINTED {
        let net = SimpleNet { w: Matrix::from_rows(&row.w) };
        let p = net.predict(&x());
        assert_close(p.as_slice(), &row.p, PRINTED_DIGITS);
        assert_eq!(p.argmax_rows(), [2]);
        assert_close(&[net.exact_loss(&x(), &t())], &[row.exact_loss], PRINTED_DIGITS);
        let dw = net.numerical_gradient(|net| net.exact_loss(&x(), &t()));
        assert_eq!(dw.shape(), (2, 3));
        assert_close(dw.as_slice(), &row.exact_dw.concat(), PRINTED_DIGITS);
    }
}

// 4.4.2
#[test]
fn simple_net_with_the_1e_7() {
    for row in PRINTED {
        let net = SimpleNet { w: Matrix::from_rows(&row.w) };
        assert_close(&[net.loss(&x(), &t())], &[row.loss], 1e-15);
        let dw = net.numerical_gradient(|net| net.loss(&x(), &t()));
        // The last bit of a loss is worth 1e-16 / 2e-4 = 5e-13 of a derivative.
        assert_close(dw.row(0), &row.dw_row_0, 3e-12);
    }
}

// 4.4.2
#[test]
fn a_simple_net_starts_from_normal_numbers() {
    let net = SimpleNet::new(&mut Xorshift64Star::new(1));
    let mut rng = Xorshift64Star::new(1);
    assert_eq!(net.w, Matrix::from_fn(2, 3, |_, _| rng.normal()));
}
