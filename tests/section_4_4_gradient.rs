//! Section 4.4: every number of it.

mod common;

use common::assert_close;
use from_zero::ch04::s2_4_targets::OneHot;
use from_zero::ch04::s3_differentiation::{H, function_2};
use from_zero::ch04::s4_1_gradient::{gradient_descent, gradient_descent_path, numerical_gradient};
use from_zero::ch04::s4_2_simple_net::SimpleNet;
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::random::{Rng, Xorshift64Star};

#[test]
fn section_4_4_gradients() {
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
fn the_gradient_of_nothing_is_empty() {
    assert!(numerical_gradient(|_| 1.0, &[]).is_empty());
}

#[test]
fn section_4_4_1_gradient_descent() {
    let x = gradient_descent(function_2, &[-3.0, 4.0], 0.1, 100);
    assert_eq!(x, [-6.111107928998789e-10, 8.148143905314271e-10]);
}

#[test]
fn section_4_4_1_a_learning_rate_of_10_diverges() {
    let x = gradient_descent(function_2, &[-3.0, 4.0], 10.0, 100);
    assert_eq!(x, [-2.5898374737328363e+13, -1.2952486168965398e+12]);
}

#[test]
fn section_4_4_1_a_learning_rate_of_1e_10_hardly_moves() {
    let x = gradient_descent(function_2, &[-3.0, 4.0], 1e-10, 100);
    assert_eq!(x, [-2.999999939999995, 3.9999999199999934]);
}

#[test]
fn the_path_holds_every_point_of_the_walk() {
    let path = gradient_descent_path(function_2, &[-3.0, 4.0], 0.1, 20);
    assert_eq!(path.len(), 21);
    for (steps, point) in path.iter().enumerate() {
        assert_eq!(*point, gradient_descent(function_2, &[-3.0, 4.0], 0.1, steps));
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

#[test]
fn section_4_4_2_simple_net_as_printed() {
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

#[test]
fn section_4_4_2_simple_net_with_the_1e_7() {
    for row in PRINTED {
        let net = SimpleNet { w: Matrix::from_rows(&row.w) };
        assert_close(&[net.loss(&x(), &t())], &[row.loss], 1e-15);
        let dw = net.numerical_gradient(|net| net.loss(&x(), &t()));
        // The last bit of a loss is worth 1e-16 / 2e-4 = 5e-13 of a derivative.
        assert_close(dw.row(0), &row.dw_row_0, 3e-12);
    }
}

#[test]
fn section_4_4_2_a_simple_net_starts_from_normal_numbers() {
    let net = SimpleNet::new(&mut Xorshift64Star::new(1));
    let mut rng = Xorshift64Star::new(1);
    assert_eq!(net.w, Matrix::from_fn(2, 3, |_, _| rng.normal()));
}
