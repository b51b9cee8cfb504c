//! Section 4.2: every number of it.

use std::f64::consts::PI;

use crate::common::{assert_close, assert_one_ulp, compressed, mnist, random_matrix, random_net};
use from_zero::beyond::why_loss::{gradient_of_accuracy, gradient_with_step};
use from_zero::ch03::activation::Activation;
use from_zero::ch03::functions::softmax_rows;
use from_zero::ch04::s2_1_squared_error::sum_squared_error;
use from_zero::ch04::s2_2_cross_entropy::cross_entropy_error;
use from_zero::ch04::s2_4_batch_cross_entropy::{
    cross_entropy_labels, cross_entropy_one_hot, pick_label_columns, softmax_cross_entropy,
};
use from_zero::ch04::s2_4_targets::{Labels, OneHot};
use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::fast::team::Team;
use from_zero::numeric::elementary::{exp, ln};
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::random::{Rng, Xorshift64Star};
use from_zero::numeric::sum::sum;

/// The digit is a 2.
const T: [f64; 10] = [0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
/// The net thinks so too.
const Y1: [f64; 10] = [0.1, 0.05, 0.6, 0.0, 0.05, 0.1, 0.0, 0.1, 0.0, 0.0];
/// The net thinks it is a 7.
const Y2: [f64; 10] = [0.1, 0.05, 0.1, 0.0, 0.05, 0.1, 0.0, 0.6, 0.0, 0.0];

// 4.2.1
#[test]
fn the_sums_of_squares_of_the_book() {
    assert_eq!(sum_squared_error(&Y1, &T), 0.09750000000000003);
    assert_eq!(sum_squared_error(&Y2, &T), 0.5975);
}

// 4.2.1
#[test]
fn the_second_sum_of_squares_needs_the_order_of_numpy() {
    let terms: Vec<f64> = Y2.iter().zip(T).map(|(y, t)| (y - t) * (y - t)).collect();
    let left_to_right = terms.iter().fold(0.0, |sum, term| sum + term);
    assert_eq!(0.5 * left_to_right, 0.5974999999999999);
    assert_eq!(0.5 * sum(&terms), 0.5975);
}

// 4.2.2
#[test]
fn the_cross_entropies_of_the_book() {
    assert_one_ulp(cross_entropy_error(&Y1, &T), 0.510825457099338);
    assert_one_ulp(cross_entropy_error(&Y2, &T), 2.302584092994546);
}

// 4.2.2
#[test]
fn cross_entropy_at_its_limits() {
    let error = |y: f64| cross_entropy_error(&[y, 1.0 - y], &[1.0, 0.0]);
    // By mpmath: −ln(1.0000001) and −ln(1e-7).
    assert_close(&[error(1.0)], &[-9.999999500000033e-8], 1e-15);
    assert_close(&[error(0.0)], &[16.11809565095832], 4e-15);
    assert!(error(0.0).is_finite());
}

// 4.2.3
#[test]
fn the_shapes_of_mnist() {
    let train = &mnist().train;
    assert_eq!((train.images.rows(), train.images.columns()), (60_000, 784));
    assert_eq!(train.labels.one_hot(10).matrix().shape(), (60_000, 10));
    assert_eq!(mnist().test.images.rows(), 10_000);
    assert_eq!(mnist().test.labels.len(), 10_000);
}

// 4.2.4
#[test]
fn one_hot_targets_and_labels_give_the_same_value() {
    let mut rng = Xorshift64Star::new(424);
    for n in [1, 2, 7, 100] {
        let y = softmax_rows(&random_matrix(n, 10, 5.0, &mut rng));
        let t = Labels::new(rng.choice(10, n));
        let of_labels = cross_entropy_labels(&y, &t);
        let of_one_hot = cross_entropy_one_hot(&y, &t.one_hot(10));
        assert_close(&[of_labels], &[of_one_hot], 1e-15 * of_labels.max(1.0));
    }
}

// 4.2.4
#[test]
fn the_cross_entropy_of_a_batch_is_the_mean() {
    let y = Matrix::from_rows(&[Y1, Y2]);
    let t = OneHot::from_rows(&[T, T]);
    let mean = (cross_entropy_error(&Y1, &T) + cross_entropy_error(&Y2, &T)) / 2.0;
    assert_close(&[cross_entropy_one_hot(&y, &t)], &[mean], 1e-15);
    assert_close(&[cross_entropy_labels(&y, &Labels::new(vec![2, 2]))], &[mean], 1e-15);
}

// 4.2.4
#[test]
fn pick_label_columns_takes_one_column_per_row() {
    let x = Matrix::from_fn(3, 4, |i, j| (4 * i + j) as f64);
    assert_eq!(pick_label_columns(&x, &Labels::new(vec![1, 2, 3])), [1.0, 6.0, 11.0]);

    let y = Matrix::from_rows(&[[0.5, 1.0, 0.1], [0.2, 2.0, 7.0], [10.0, 3.0, 0.0]]);
    assert_eq!(pick_label_columns(&y, &Labels::new(vec![2, 0, 1])), [0.1, 0.2, 3.0]);
}

// 4.2.4
#[test]
fn the_exact_loss_differs_by_the_1e_7_alone() {
    let a = Matrix::from_rows(&[[0.3, 2.9, 4.0], [1.0, -1.0, 0.5]]);
    let t = Labels::new(vec![1, 0]);
    let y = softmax_rows(&a);
    let exact = softmax_cross_entropy(&a, &t);
    let by_hand = -(y[(0, 1)].ln() + y[(1, 0)].ln()) / 2.0;
    assert_close(&[exact], &[by_hand], 1e-15);
    // ln(y + 1e-7) − ln y ≈ 1e-7 / y
    let moved = 1e-7 * (1.0 / y[(0, 1)] + 1.0 / y[(1, 0)]) / 2.0;
    assert_close(&[exact - cross_entropy_labels(&y, &t)], &[moved], 1e-12);
}

#[test]
fn the_exact_loss_survives_scores_of_a_thousand() {
    let a = Matrix::from_rows(&[[1000.0, -1000.0], [-1000.0, -1001.0]]);
    let loss = softmax_cross_entropy(&a, &Labels::new(vec![1, 0]));
    // Row 0: 2000. Row 1: ln(1 + e⁻¹) = 0.31326168751822286 by mpmath.
    assert_close(&[loss], &[(2000.0 + 0.31326168751822286) / 2.0], 1e-12);
}

/// A net and data of sizes that all differ, with scores so clear that no nudge changes an answer.
fn example() -> (TwoLayerNet, Matrix, Labels) {
    let mut rng = Xorshift64Star::new(425);
    let net = random_net(5, 4, 3, &mut rng);
    let x = random_matrix(6, 5, 1.0, &mut rng);
    let t = Labels::new(rng.choice(3, 6));
    (net, x, t)
}

// 4.2.5
#[test]
fn the_gradient_of_the_accuracy_is_zero() {
    let (net, x, t) = example();
    let accuracy = net.accuracy(&x, &t);
    assert!(0.0 < accuracy && accuracy < 1.0, "there is something to improve: {accuracy}");
    for (name, part) in gradient_of_accuracy(&net, &compressed(&x), &t, &mut Team::new(2)).parts() {
        assert!(part.iter().all(|&d| d == 0.0), "{name}: {part:?}");
    }
    for (name, part) in net.numerical_gradient(&x, &t).parts() {
        assert!(part.iter().all(|&d| d != 0.0), "{name}: {part:?}");
    }
}

// 4.2.5
#[test]
fn with_a_step_function_the_first_layer_has_no_gradient() {
    let (net, x, t) = example();
    let gradient = gradient_with_step(&net, &compressed(&x), &t, &mut Team::new(2));
    assert!(gradient.w1.as_slice().iter().chain(&gradient.b1).all(|&d| d == 0.0), "{gradient:?}");
    assert!(gradient.b2.iter().all(|&d| d != 0.0), "the second layer has: {gradient:?}");
    let plain = net.clone().with_activation(Activation::Step).numerical_gradient(&x, &t);
    assert_eq!(gradient, plain);
    // Backpropagation gives the same.
    let step = net.clone().with_activation(Activation::Step);
    assert_close(step.gradient(&x, &t).w1.as_slice(), gradient.w1.as_slice(), 0.0);
    let exact = step.numerical_gradient_of(|net| net.exact_loss(&x, &t));
    assert_close(&step.gradient(&x, &t).b2, &exact.b2, 1e-8);
    // With the sigmoid it is not so.
    assert!(net.numerical_gradient(&x, &t).w1.as_slice().iter().all(|&d| d != 0.0));
}

// 4.2.5
#[test]
fn the_accuracy_stays_or_jumps_while_the_loss_moves() {
    // A hundred real images, and a net that has begun to learn. One bias grows in small steps.
    let (x, t) = mnist().train.select(&(0..100).collect::<Vec<_>>());
    let x = x.to_matrix();
    let mut net = TwoLayerNet::new(784, 20, 10, 0.01, &mut Xorshift64Star::new(426));
    while net.accuracy(&x, &t) < 0.32 {
        let gradient = net.gradient(&x, &t);
        net.params.descend(&gradient, 0.1);
    }
    let (mut stays, mut jumps) = (0, 0);
    let mut before = (net.accuracy(&x, &t), net.loss(&x, &t));
    for _ in 0..500 {
        net.params.b2[0] += 1e-3;
        let now = (net.accuracy(&x, &t), net.loss(&x, &t));
        let images = 100.0 * now.0;
        assert!((images - images.round()).abs() < 1e-12, "from 32 % to 33 %: {images}");
        assert!(
            now.1 != before.1 && (now.1 - before.1).abs() < 1e-3,
            "the loss: {before:?} {now:?}"
        );
        if now.0 == before.0 {
            stays += 1;
        } else {
            jumps += 1;
        }
        before = now;
    }
    assert!(stays > 400 && jumps >= 5, "{stays} {jumps}");
}

#[test]
fn the_cross_entropy_is_minus_ln_of_the_probability_of_the_right_answers() {
    assert_close(&[exp(-cross_entropy_error(&Y1, &T))], &[0.6 + 1e-7], 1e-15);
    // Of a mini-batch: of their product, as the samples are independent, by the number of samples.
    let y = Matrix::from_rows(&[[0.5, 0.25, 0.25], [0.125, 0.125, 0.75], [0.25, 0.5, 0.25]]);
    let loss = cross_entropy_labels(&y, &Labels::new(vec![0, 2, 1]));
    assert_close(&[loss], &[-ln(0.5 * 0.75 * 0.5) / 3.0], 1e-6);
}

#[test]
fn the_sum_of_squares_is_minus_ln_of_a_gaussian_density_but_for_a_constant() {
    let density = |y: &[f64]| -> f64 {
        let of_one = |(y, t): (&f64, &f64)| exp(-(t - y) * (t - y) / 2.0) / (2.0 * PI).sqrt();
        y.iter().zip(&T).map(of_one).product()
    };
    let constant = 10.0 / 2.0 * ln(2.0 * PI);
    for y in [Y1, Y2, T] {
        assert_close(&[-ln(density(&y)) - constant], &[sum_squared_error(&y, &T)], 1e-14);
    }
}
