//! Section 5.7.3: the gradient check, what it prints in the book, and the error against h.

use crate::common::layer_check::{check_function, check_layer};
use crate::common::{compressed, mnist, random_matrix, random_net};
use from_zero::beyond::verdict::{Comparison, Verdict, crossed_corners, rounding_error};
use from_zero::beyond::why_step_size::errors_against_h;
use from_zero::ch03::activation::Activation;
use from_zero::ch04::s2_4_targets::Labels;
use from_zero::ch04::s3_differentiation::H;
use from_zero::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use from_zero::ch05::s4_layers::Relu;
use from_zero::fast::compressed::CompressedRows;
use from_zero::fast::methods::{Differences, GradientMethod};
use from_zero::fast::numerical_gradient::naive_gradient;
use from_zero::fast::team::Team;
use from_zero::fast::two_layer_net::CrossEntropy::{self, Book, Exact};
use from_zero::fast::two_layer_net::{gradient, scores};
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::random::Xorshift64Star;

/// The book's net, untrained, and its first three training images.
fn books_case(seed: u64, activation: Activation) -> (TwoLayerNet, CompressedRows, Labels) {
    let mut rng = Xorshift64Star::new(seed);
    let net = TwoLayerNet::new(784, 50, 10, 0.01, &mut rng).with_activation(activation);
    let (x, t) = mnist().train.select(&[0, 1, 2]);
    (net, x, t)
}

/// Compares two gradients of a function without corners.
fn compared(a: &[f64], b: &[f64], rounding: f64) -> Comparison {
    Comparison::new(a, b, rounding, &vec![false; a.len()])
}

/// The incremental gradient of the exact loss.
fn incremental(net: &TwoLayerNet, x: &CompressedRows, t: &Labels) -> Parameters {
    let differences = Differences { h: H, loss: Exact };
    GradientMethod::Incremental(differences).gradient(net, x, t, &mut Team::new(2))
}

/// The mean differences of W1, b1, W2, b2 between the naive gradient of a loss and backpropagation.
fn means(seed: u64, activation: Activation, loss: CrossEntropy) -> [f64; 4] {
    let (net, x, t) = books_case(seed, activation);
    let naive = naive_gradient(Differences { h: H, loss }, &net, (&x, &t), &mut Team::new(2));
    let analytic = gradient(&net, &x, &t);
    std::array::from_fn(|part| {
        let (a, b) = (naive.parts()[part].1, analytic.parts()[part].1);
        compared(a, b, 0.0).mean
    })
}

#[test]
fn section_5_7_3_the_books_mean_differences_are_those_of_a_relu_net_and_the_exact_loss() {
    // Printed: W1 2.2e-13, b1 9.7e-13, W2 8.4e-13, b2 1.19e-10. Rounding errors, but for b2, where
    // h²/6 f‴ shows: random weights give other digits of about the same size.
    // Seed 0 is 5.7.3 in src/book.rs.
    for seed in 1..2 {
        let means = means(seed, Activation::Relu, Exact);
        for (mean, printed) in means.iter().zip([2.2e-13, 9.7e-13, 8.4e-13]) {
            let ratio = mean / printed;
            assert!((0.6..1.6).contains(&ratio), "seed {seed}: {mean:e}, printed {printed:e}");
        }
        let ratio = means[3] / 1.19e-10;
        assert!((0.95..1.05).contains(&ratio), "seed {seed}, b2: {:e}, printed 1.19e-10", means[3]);
    }
    // With the sigmoid z1 is about 1/2, and W2 has an eighth of b2's h²/6 f‴.
    let of_sigmoid = means(0, Activation::Sigmoid, Exact);
    let ratio = of_sigmoid[2] / (1.19e-10 / 8.0);
    assert!((0.9..1.1).contains(&ratio), "W2: {:e}, expected 1.19e-10 / 8", of_sigmoid[2]);
}

#[test]
fn section_5_7_3_with_the_1e_7_the_biases_are_a_thousand_times_further_apart() {
    for activation in [Activation::Relu, Activation::Sigmoid] {
        let b2 = means(0, activation, Book)[3];
        assert!(
            (1.2e-7..1.6e-7).contains(&b2),
            "{activation}: the mean difference of b2 is {b2:e}"
        );
    }
}

#[test]
fn the_incremental_gradient_of_either_loss_passes() {
    for activation in [Activation::Relu, Activation::Sigmoid] {
        let (net, x, t) = books_case(1, activation);
        let incremental = incremental(&net, &x, &t);
        let analytic = gradient(&net, &x, &t);
        let corners = crossed_corners(&net, &x, H);
        let rounding = rounding_error(&net, &x, H);
        for (part, (name, a)) in incremental.parts().into_iter().enumerate() {
            let (_, b) = analytic.parts()[part];
            let check = Comparison::new(a, b, rounding, &corners[part]);
            assert_eq!(check.verdict, Verdict::Good, "{activation}, {name}: {check:?}");
            assert!(check.compared > a.len() / 2, "{activation}, {name}: {check:?}");
        }
    }
}

#[test]
fn verdicts_have_the_limits_of_the_notes() {
    // The larger derivative is 1, so the difference is the relative difference.
    for (d, expected) in [
        (0.0, "good"),
        (9.9e-8, "good"),
        (1.1e-7, "fair"),
        (9.9e-5, "fair"),
        (1.1e-4, "wrong"),
        (0.5, "wrong"),
        (f64::INFINITY, "wrong"),
        (f64::NAN, "wrong"),
    ] {
        let check = compared(&[1.0], &[1.0 - d], 0.0);
        assert_eq!(check.verdict.to_string(), expected, "difference {d:e}: {check:?}");
    }
    let by_badness = [Verdict::Good, Verdict::Fair, Verdict::Undecided, Verdict::Wrong];
    assert!(by_badness.is_sorted(), "a summary shows the largest verdict");
}

#[test]
fn a_comparison_tells_how_far_and_where() {
    let a = [1.0, 2.0, 3.0, 0.0, 1e-12];
    let b = [1.0, 2.5, 3.0, 0.0, 2e-12];
    let check = compared(&a, &b, 1e-11);
    assert_eq!((check.compared, check.at_corners), (5, 0));
    assert_eq!(check.mean, (0.5 + 1e-12) / 5.0);
    assert_eq!((check.index, check.largest), (1, 0.5));
    // What rounding can explain is left out. The largest derivative is 3.
    assert_eq!(check.relative, (0.5 - 1e-11) / 3.0);
    assert_eq!(compared(&a, &b, 0.0).relative, 0.5 / 3.0);
    assert_eq!(compared(&a, &b, 0.6).relative, 0.0);
    // A derivative at a corner is left out of every number, and counted.
    let check = Comparison::new(&a, &b, 1e-11, &[false, true, false, false, false]);
    assert_eq!((check.compared, check.at_corners), (4, 1));
    assert_eq!((check.index, check.largest, check.relative), (4, 1e-12, 0.0));
    assert_eq!((check.mean, check.verdict), (1e-12 / 4.0, Verdict::Good));
}

#[test]
fn nan_is_wrong() {
    let check = compared(&[1.0, f64::NAN, 2.0], &[1.0, 1.0, 5.0], 1.0);
    assert_eq!(check.verdict, Verdict::Wrong);
    assert!(check.mean.is_nan(), "{check:?}");
    let check = compared(&[1.0], &[f64::INFINITY], 0.0);
    assert_eq!(check.verdict, Verdict::Wrong);
}

#[test]
fn a_comparison_of_nothing_is_undecided() {
    let check = Comparison::new(&[1.0], &[1.0], 0.0, &[true]);
    assert_eq!((check.compared, check.at_corners), (0, 1));
    assert_eq!(check.verdict, Verdict::Undecided);
    assert!(check.mean.is_nan(), "the mean of no numbers: {}", check.mean);
}

#[test]
fn an_infinite_value_of_the_function_excuses_no_derivative() {
    // At 1 + h the first number makes f infinite.
    let f = |x: &[f64]| (if x[0] > 1.0 { f64::INFINITY } else { x[0] } + x[1], ());
    let check = check_function(f, &[1.0, 2.0], &[1.0, 99.0]);
    assert_eq!(check.verdict, Verdict::Wrong);
    let check = check_function(|x| (f(&[0.0, x[0]]).0, ()), &[2.0], &[99.0]);
    assert_eq!(check.verdict, Verdict::Wrong);
}

#[test]
fn a_derivative_smaller_than_its_rounding_error_is_undecided() {
    // A slope of 1e-12 of a function with the value 5.
    let check = check_function(|x| (1e-12 * x[0] + 5.0, ()), &[1.0], &[-3e-11]);
    assert_eq!(check.verdict, Verdict::Undecided, "{check:?}");
    // A slope of 1 of a function with the value 1e9, and a derivative that is wrong by 0.5 %.
    let check = check_function(|x| (1e9 + x[0], ()), &[1.0], &[1.005]);
    assert_eq!(check.verdict, Verdict::Undecided, "{check:?}");
    // Two derivatives of exactly 0 agree.
    let check = check_function(|_| (5.0, ()), &[1.0, 2.0], &[0.0, 0.0]);
    assert_eq!((check.relative, check.verdict), (0.0, Verdict::Good), "{check:?}");
}

#[test]
fn one_wrong_derivative_among_39_200_is_found() {
    for activation in [Activation::Sigmoid, Activation::Relu] {
        let (net, x, t) = books_case(4, activation);
        let numerical = incremental(&net, &x, &t);
        let mut analytic = gradient(&net, &x, &t);
        let (rounding, corners) = (rounding_error(&net, &x, H), crossed_corners(&net, &x, H));
        let check = |analytic: &Parameters| {
            let (a, b) = (numerical.w1.as_slice(), analytic.w1.as_slice());
            Comparison::new(a, b, rounding, &corners[0])
        };
        assert_eq!(check(&analytic).verdict, Verdict::Good);
        let sizes = analytic.w1.as_slice().iter().map(|d| d.abs());
        let (index, _) = sizes.enumerate().max_by(|a, b| a.1.total_cmp(&b.1)).expect("some");
        analytic.w1.as_mut_slice()[index] *= 1.1;
        let check = check(&analytic);
        assert_eq!((check.verdict, check.index), (Verdict::Wrong, index));
        assert!(check.mean < 1e-7, "the mean hides it: {:e}", check.mean);
    }
}

#[test]
fn large_scores_make_large_rounding_errors() {
    // Scores of 40 make losses of 1e-17, which are only known to 40 ε.
    let mut net = random_net(3, 2, 2, &mut Xorshift64Star::new(10));
    net.params.b2 = vec![40.0, 0.0];
    let x = random_matrix(4, 3, 1.0, &mut Xorshift64Star::new(11));
    let t = Labels::new(vec![0; 4]);
    assert!(net.exact_loss(&x, &t) < 1e-14);
    let x = compressed(&x);
    let largest = scores(&net, &x).as_slice().iter().fold(0.0, |max: f64, a| max.max(a.abs()));
    let ratio = rounding_error(&net, &x, H) / (largest * f64::EPSILON / H);
    assert!((1.0..8.0).contains(&ratio), "expected a few ε times the largest score: {ratio}");
    // If all scores are 0, the loss is ln 2, and known to about ε.
    net.params.w2 = net.params.w2.map(|_| 0.0);
    net.params.b2.fill(0.0);
    let ratio = rounding_error(&net, &x, H) / (f64::EPSILON / H);
    assert!((1.0..8.0).contains(&ratio), "expected a few ε: {ratio}");
}

#[test]
fn derivatives_at_corners_are_counted_and_not_compared() {
    // |x| at 0, near it, and away from it. At 0 the difference gives 0, which is no slope.
    let f = |x: &[f64]| {
        let sides: Vec<bool> = x.iter().map(|&v| v > 0.0).collect();
        (x.iter().map(|v| v.abs()).sum(), sides)
    };
    let check = check_function(f, &[0.0, 0.5 * H, -0.3, 2.0], &[1.0, 1.0, -1.0, 1.0]);
    assert_eq!((check.compared, check.at_corners), (2, 2));
    assert_eq!(check.verdict, Verdict::Good);
    // If nobody looks at the sides, the verdict on the same derivatives is wrong.
    let check = check_function(|x| (f(x).0, ()), &[0.0, -0.3], &[1.0, -1.0]);
    assert_eq!((check.at_corners, check.verdict), (0, Verdict::Wrong));
}

#[test]
fn relu_inputs_near_0_are_counted() {
    let x = Matrix::from_rows(&[[1.0, 0.0, -0.5 * H], [H, 1.001 * H, -2.0]]);
    let checks = check_layer(&Relu::default(), &x, &mut Xorshift64Star::new(573));
    // H itself: H − H = 0 is on the other side.
    assert_eq!((checks[0].1.compared, checks[0].1.at_corners), (3, 3));
    assert_eq!(checks[0].1.verdict, Verdict::Good);
}

#[test]
fn the_corners_of_a_net_are_where_a_hidden_sum_changes_its_side() {
    let mut net =
        random_net(3, 2, 2, &mut Xorshift64Star::new(8)).with_activation(Activation::Relu);
    // The sum of unit 0 is 0.00005 for the first sample. Its bias takes it across 0, and so do its
    // weights if x is not too small. Unit 1 is far from 0.
    net.params.w1 = Matrix::from_rows(&[[0.0, 1.0], [0.0, 1.0], [0.0, 1.0]]);
    net.params.b1 = vec![0.00005, 3.0];
    let x = Matrix::from_rows(&[[1.0, 0.4, 0.0]]);
    let [w1, b1, w2, b2] = crossed_corners(&net, &compressed(&x), 1e-4);
    assert_eq!(w1, [true, false, false, false, false, false]);
    assert_eq!(b1, [true, false]);
    assert!(!w2.contains(&true) && !b2.contains(&true));
    // From below, and by the weights of two pixels.
    net.params.b1[0] = -0.00005;
    let [w1, b1, ..] =
        crossed_corners(&net, &compressed(&Matrix::from_rows(&[[1.0, 0.4, 0.9]])), 1e-4);
    assert_eq!(w1, [true, false, false, false, true, false]);
    assert_eq!(b1, [true, false]);
    let smooth = crossed_corners(&net.with_activation(Activation::Sigmoid), &compressed(&x), 1e-4);
    assert!(smooth.iter().all(|part| !part.contains(&true)));
}

#[test]
fn the_rounding_error_of_the_books_net_is_at_most_ten_times_too_large() {
    // The naive and the incremental differences of the same loss differ only by rounding errors.
    let (net, x, t) = books_case(2, Activation::Sigmoid);
    let exact = Differences { h: H, loss: Exact };
    let naive = naive_gradient(exact, &net, (&x, &t), &mut Team::new(2));
    let incremental = incremental(&net, &x, &t);
    let allowed = rounding_error(&net, &x, H);
    let parts = naive.parts().into_iter().zip(incremental.parts());
    let largest = parts.map(|((_, a), (_, b))| compared(a, b, 0.0).largest).fold(0.0, f64::max);
    let ratio = allowed / largest;
    assert!((1.0..10.0).contains(&ratio), "allowed {allowed:e}, found {largest:e}: {ratio} times");
}

#[test]
fn the_error_against_h_is_a_v() {
    let (net, x, t) = books_case(0, Activation::Sigmoid);
    let hs = [1e-1, 1e-2, 1e-3, 1e-4, 1e-6, 1e-8, 1e-10, 1e-12];
    let mut steps = Vec::new();
    let mut report = |done, whole| steps.push((done, whole));
    let team = &mut Team::reporting(2, &mut report);
    let errors = errors_against_h(&net, (&x, &t), &hs, 200, team);
    assert_eq!(steps, (0..8).map(|done| (done, 8)).collect::<Vec<_>>());
    assert_eq!(errors.iter().map(|e| e.h).collect::<Vec<_>>(), hs);
    let central: Vec<f64> = errors.iter().map(|e| e.central).collect();
    let forward: Vec<f64> = errors.iter().map(|e| e.forward).collect();
    // Truncation: a tenth of h is a hundredth of the error, or a tenth of it.
    assert!((50.0..200.0).contains(&(central[0] / central[1])), "{central:?}");
    assert!((50.0..200.0).contains(&(central[1] / central[2])), "{central:?}");
    assert!((8.0..13.0).contains(&(forward[1] / forward[2])), "{forward:?}");
    // Rounding: a hundredth of h is a hundred times the error.
    assert!((40.0..250.0).contains(&(central[6] / central[5])), "{central:?}");
    assert!((40.0..250.0).contains(&(forward[6] / forward[5])), "{forward:?}");
    // The book's h is good.
    assert!(central[3] < 1e-8, "{central:?}");
}

#[test]
fn the_error_against_h_does_not_depend_on_threads_and_takes_any_sample() {
    let mut rng = Xorshift64Star::new(9);
    for activation in [Activation::Sigmoid, Activation::Relu] {
        let net = random_net(4, 3, 5, &mut rng).with_activation(activation);
        let x = random_matrix(2, 4, 1.0, &mut rng);
        let t = Labels::new(vec![1, 4]);
        let x = compressed(&x);
        let errors_at = |h: f64, sample, threads| {
            errors_against_h(&net, (&x, &t), &[h], sample, &mut Team::new(threads))
        };
        let of = |sample, threads| errors_at(H, sample, threads);
        assert_eq!(of(10, 1), of(10, 3));
        assert_eq!(of(1_000, 1), of(10_000, 2));
        assert!(of(1_000, 1)[0].central < 1e-6);
        assert!(errors_at(0.05, 1_000, 1)[0].central < 0.01);
        // 15 + 3 + 15 + 5 parameters, those of units that relu switched off aside.
        assert_eq!([10, 7, 1].map(|sample| of(sample, 1)[0].parameters), [10, 7, 1]);
        assert!(of(1_000, 1)[0].parameters <= 35);
    }
}
