//! The numbers that people see when something is wrong. Each test makes the mistake.

use std::cell::Cell;

use crate::common::{assert_close, mnist, random_matrix, random_net};
use from_zero::ch03::activation::Activation;
use from_zero::ch03::functions::{sigmoid, softmax_rows};
use from_zero::ch04::s2_2_cross_entropy::DELTA;
use from_zero::ch04::s2_4_targets::Labels;
use from_zero::ch04::s3_differentiation::{H, central_difference, function_1};
use from_zero::ch04::s4_1_gradient::numerical_gradient;
use from_zero::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use from_zero::ch05::s7_3_gradient_check::mean_difference;
use from_zero::fast::training::{Settings, fast_train};
use from_zero::numeric::elementary::{exp, ln};
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::random::Xorshift64Star;

/// The book's net, untrained, and some of the first training images.
fn books_case(images: usize) -> (TwoLayerNet, Matrix, Labels) {
    let net = TwoLayerNet::new(784, 50, 10, 0.01, &mut Xorshift64Star::new(0));
    let (x, t) = mnist().train.select(&(0..images).collect::<Vec<_>>());
    (net, x.to_matrix(), t)
}

/// `mean` is within a twentieth of what is printed.
#[track_caller]
fn assert_about(mean: f64, printed: f64, of: &str) {
    let off = (mean / printed - 1.0).abs();
    assert!(
        off < 0.05,
        "expected about {printed:e} as the mean difference of {of}, found {mean:e}"
    );
}

#[test]
fn a_loss_of_2_30_is_that_of_guessing_among_ten_classes() {
    assert_close(&[-ln(0.1 + DELTA)], &[2.302584], 1e-6);
    let (net, x, t) = books_case(100);
    assert_close(&[net.loss(&x, &t)], &[2.302584], 0.02); // nearly: the weights are small
    // The right program stays near it for a hundred iterations, and then it leaves.
    let (mut learning, mut rng) = (net.clone(), Xorshift64Star::new(0));
    let history = fast_train(&mut learning, mnist(), &Settings::new(600, 2), &mut rng);
    let losses = history.expect("a finite loss").losses;
    assert!(losses[..100].iter().all(|&loss| (2.15..2.35).contains(&loss)), "{:?}", &losses[..100]);
    assert!(losses[599] < 1.0, "expected below 1 after 600 iterations, found {}", losses[599]);
    // Mistake 1: a copy of the parameters is updated. Mistake 2: a learning rate of 1e-10.
    let before = net.loss(&x, &t);
    let (mut forgotten, mut slow) = (net.params.clone(), net.clone());
    for _ in 0..20 {
        forgotten.descend(&net.gradient(&x, &t), 0.1);
        let gradient = slow.gradient(&x, &t);
        slow.params.descend(&gradient, 1e-10);
    }
    assert_eq!(net.loss(&x, &t), before, "expected that the net did not change");
    assert_ne!(forgotten, net.params);
    assert_close(&[slow.loss(&x, &t)], &[before], 1e-8);
}

#[test]
fn a_loss_of_230_is_a_sum_over_100_images() {
    let (net, x, t) = books_case(100);
    let sum: f64 = (0..100).map(|n| -ln(net.predict(&x)[(n, t.as_slice()[n])] + DELTA)).sum();
    assert_close(&[sum], &[230.2584], 2.0);
    assert_close(&[sum / 100.0], &[net.loss(&x, &t)], 1e-13);
}

#[test]
fn an_accuracy_of_0_098_or_0_1135_is_that_of_one_answer_for_all_images() {
    let mut net = TwoLayerNet::new(784, 50, 10, 0.0, &mut Xorshift64Star::new(0));
    let share = |labels: &Labels, digit: usize| {
        labels.as_slice().iter().filter(|&&label| label == digit).count() as f64
            / labels.len() as f64
    };
    let (train, test) = (&mnist().train.labels, &mnist().test.labels);
    // All parameters are 0, or NaN: the first of equal probabilities is the answer, a 0.
    let x = Matrix::from_fn(3, 784, |n, i| ((n + i) % 2) as f64);
    assert_eq!(net.predict(&x).argmax_rows(), [0, 0, 0]);
    assert_eq!(share(test, 0), 0.098);
    assert_close(&[share(train, 0)], &[0.0987], 5e-5);
    net.params.b2[0] = f64::NAN;
    assert_eq!(net.predict(&x).argmax_rows(), [0, 0, 0]);
    // A net that has learned only how frequent the digits are says 1, the most frequent.
    let mut net = TwoLayerNet::new(784, 50, 10, 0.0, &mut Xorshift64Star::new(0));
    net.params.b2 = (0..10).map(|digit| ln(share(train, digit))).collect();
    assert_eq!(net.predict(&x).argmax_rows(), [1, 1, 1]);
    assert_eq!(share(test, 1), 0.1135);
    assert_close(&[share(train, 1)], &[0.1124], 5e-5);
}

/// The book's backward pass on three images with a mistake, and its mean difference from the right
/// gradient: the check's four numbers. (The right one and the numerical gradient differ by 1.2e-10
/// at most.)
fn checked(
    activation: Activation, dy_divisor: f64, slope: impl Fn(f64) -> f64,
) -> [(&'static str, f64); 4] {
    let (net, x, labels) = books_case(3);
    let net = net.with_activation(activation);
    let Parameters { w1, b1, w2, b2 } = &net.params;
    let z1 = activation.forward(&x.dot(w1).add_row(b1));
    let y = softmax_rows(&z1.dot(w2).add_row(b2));
    let dy = (&y - labels.one_hot(10).matrix()).map(|number| number / dy_divisor);
    let da1 = &dy.dot_transpose(w2) * &z1.map(slope);
    let wrong = Parameters {
        w1: x.transpose_dot(&da1),
        b1: da1.column_sums(),
        w2: z1.transpose_dot(&dy),
        b2: dy.column_sums(),
    };
    let right = net.gradient(&x, &labels);
    let (wrong, right) = (wrong.parts(), right.parts());
    std::array::from_fn(|i| (right[i].0, mean_difference(wrong[i].1, right[i].1)))
}

#[test]
fn a_check_of_0_28_for_b2_is_a_forgotten_division_by_n_or_a_wrong_sign() {
    let of_sigmoid = checked(Activation::Sigmoid, 1.0, |z| (1.0 - z) * z);
    for ((name, mean), printed) in of_sigmoid.into_iter().zip([3.9e-4, 1.65e-3, 0.139, 0.281]) {
        assert_about(mean, printed, name);
    }
    // With three images, the wrong sign is as far off: |3g − g| = |−g − g|.
    let [w1, .., b2] = checked(Activation::Sigmoid, -3.0, |z| (1.0 - z) * z);
    assert_about(w1.1, 3.9e-4, "W1 with the wrong sign");
    assert_about(b2.1, 0.281, "b2 with the wrong sign");
    let [w1, .., b2] = checked(Activation::Relu, 1.0, |z| if z > 0.0 { 1.0 } else { 0.0 });
    assert_about(w1.1, 7.5e-4, "W1 of a relu net");
    assert_about(b2.1, 0.281, "b2 of a relu net");
}

#[test]
fn a_check_in_which_only_w1_and_b1_are_wrong_is_a_mistake_in_the_sigmoids_slope() {
    // Mistake 1: no slope. Mistake 2: the sigmoid applied once more.
    let [w1, b1, w2, b2] = checked(Activation::Sigmoid, 3.0, |_| 1.0);
    assert_about(w1.1, 5.86e-4, "W1");
    assert_about(b1.1, 2.48e-3, "b1");
    assert!(w2.1.max(b2.1) < 1e-16, "expected that W2 and b2 are right, found {w2:?}, {b2:?}");
    let [w1, b1, ..] = checked(Activation::Sigmoid, 3.0, |z| (1.0 - sigmoid(z)) * sigmoid(z));
    assert_about(w1.1, 1.12e-5, "W1");
    assert_about(b1.1, 4.8e-5, "b1");
}

#[test]
fn a_check_of_1e_7_for_b2_is_the_1e_7_in_the_logarithm_and_1e_10_is_right() {
    let (net, x, t) = books_case(3);
    let gradient = net.gradient(&x, &t);
    let by_differences = |loss: fn(&TwoLayerNet, &Matrix, &Labels) -> f64| {
        let f = |b2: &[f64]| {
            let params = Parameters { b2: b2.to_vec(), ..net.params.clone() };
            loss(&TwoLayerNet { params, ..net.clone() }, &x, &t)
        };
        mean_difference(&numerical_gradient(f, &net.params.b2), &gradient.b2)
    };
    assert_about(by_differences(TwoLayerNet::loss), 1.4e-7, "b2 with the 1e-7");
    assert_about(by_differences(TwoLayerNet::exact_loss), 1.2e-10, "b2 without it");
}

#[test]
fn a_loss_of_nan_is_an_overflow_or_0_times_ln_0() {
    // Mistake 1: a softmax without the maximum. exp overflows from 710 on.
    let softmax = |a: [f64; 2]| a.map(|score| exp(score) / (exp(a[0]) + exp(a[1])));
    assert!(softmax([709.0, 0.0])[0].is_finite());
    assert!(softmax([710.0, 0.0])[0].is_nan());
    // Mistake 2: a logarithm without the 1e-7, in a sum over one-hot rows.
    let (y, t) = ([1.0, 0.0], [1.0, 0.0]);
    let loss = |delta: f64| -(t[0] * ln(y[0] + delta) + t[1] * ln(y[1] + delta));
    assert!(loss(0.0).is_nan());
    assert_close(&[loss(DELTA)], &[0.0], 1.1e-7);
}

#[test]
fn a_numerical_gradient_of_0_has_an_f_that_does_not_move() {
    let mut rng = Xorshift64Star::new(1);
    let net = random_net(5, 4, 3, &mut rng);
    let (x, t) = (random_matrix(6, 5, 1.0, &mut rng), Labels::new(vec![0, 2, 1, 0, 1, 2]));
    let w2 = net.params.w2.as_slice();
    let with = |w2: &[f64]| {
        let w2 = net.params.w2.with_data(w2);
        TwoLayerNet { params: Parameters { w2, ..net.params.clone() }, ..net.clone() }
    };
    let right = numerical_gradient(|w2| with(w2).loss(&x, &t), w2);
    assert!(right.iter().all(|&d| d != 0.0), "expected that no derivative is 0, found {right:?}");
    // Mistake 1: f ignores its argument. Mistake 2: the accuracy in place of the loss.
    assert_eq!(numerical_gradient(|_| net.loss(&x, &t), w2), [0.0; 12]);
    assert_eq!(numerical_gradient(|w2| with(w2).accuracy(&x, &t), w2), [0.0; 12]);
    // Mistake 3: a step function; then W1 and b1 have none.
    let step = net.clone().with_activation(Activation::Step).numerical_gradient(&x, &t);
    assert_eq!(step.w1.as_slice(), [0.0; 20]);
    assert_eq!(step.b1, [0.0; 4]);
    // Mistake 4: h is too small. 5 + 10e-50 is 5.
    assert_eq!(central_difference(function_1, 5.0, 10e-50), 0.0);
    assert_close(&[central_difference(function_1, 5.0, H)], &[0.2], 1e-11);
}

#[test]
fn a_gradient_of_5000_and_15000_is_one_of_integers() {
    // np.array([1, 2]) holds integers: 1 + h is stored as 1, and 1 − h as 0.
    let gradient = |x: [i64; 2]| {
        [0, 1].map(|i| {
            let f = |moved: f64| {
                let mut x = x;
                x[i] = moved as i64;
                (x[0] * x[0] + x[1] * x[1]) as f64
            };
            (f(x[i] as f64 + H) - f(x[i] as f64 - H)) / (2.0 * H)
        })
    };
    assert_close(&gradient([1, 2]), &[5_000.0, 15_000.0], 1e-8);
    assert_close(&gradient([3, 4]), &[25_000.0, 35_000.0], 1e-8);
    let right = numerical_gradient(|x| x[0] * x[0] + x[1] * x[1], &[1.0, 2.0]);
    assert_close(&right, &[2.0, 4.0], 1e-10);
}

#[test]
fn hours_of_training_are_79_520_losses_in_each_iteration() {
    let (net, ..) = books_case(1);
    assert_eq!(2 * net.params.count(), 79_520);
    // Two for each parameter: counted on a small net.
    let net = random_net(4, 3, 2, &mut Xorshift64Star::new(2));
    let losses = Cell::new(0);
    net.numerical_gradient_of(|_| {
        losses.set(losses.get() + 1);
        0.0
    });
    assert_eq!(losses.get(), 2 * (4 * 3 + 3 + 3 * 2 + 2));
}

#[test]
fn an_accuracy_of_0_is_a_division_of_integers() {
    let (right_answers, images) = (9_468, 10_000);
    assert_eq!((right_answers / images) as f64, 0.0);
    assert_eq!(f64::from(right_answers) / f64::from(images), 0.9468);
}
