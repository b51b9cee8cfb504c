//! The three ways to a gradient held against one another: section 4.5.1's, the incremental one, and
//! backpropagation.

use crate::common::{
    assert_same_parameters, compressed, difference_by, mnist, parts_mut, random_matrix, random_net,
};
use from_zero::ch03::activation::Activation;
use from_zero::ch04::s2_4_targets::Labels;
use from_zero::ch04::s3_differentiation::H;
use from_zero::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use from_zero::ch04::s5_2_training::History;
use from_zero::fast::compressed::CompressedRows;
use from_zero::fast::methods::{Differences, GradientMethod};
use from_zero::fast::team::Team;
use from_zero::fast::training::{Settings, fast_train};
use from_zero::fast::two_layer_net::CrossEntropy::{self, Book, Exact};
use from_zero::fast::two_layer_net::{gradient, loss};
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::random::{Rng, Xorshift64Star};

/// The largest difference of two gradients, as a part of the largest derivative.
fn distance(a: &Parameters, b: &Parameters) -> f64 {
    let mut off: f64 = 0.0;
    let mut largest: f64 = 0.0;
    for ((_, a), (_, b)) in a.parts().into_iter().zip(b.parts()) {
        assert_eq!(a.len(), b.len());
        for (a, b) in a.iter().zip(b) {
            assert!(a.is_finite() && b.is_finite(), "{a} {b}");
            off = off.max((a - b).abs());
            largest = largest.max(a.abs()).max(b.abs());
        }
    }
    // A net with a single class has nothing to learn: all derivatives are 0.
    if largest == 0.0 { 0.0 } else { off / largest }
}

/// A net with a mini-batch of its own.
#[derive(Clone)]
struct Case {
    net: TwoLayerNet,
    x: Matrix,
    t: Labels,
}

/// Small nets of every shape, sizes of 1 and batches of 1 among them; inputs with zeros and
/// without, with equal values and without.
fn small_cases(seed: u64) -> Vec<Case> {
    small_cases_with(Activation::Sigmoid, seed)
}

/// The same with each activation in turn.
fn all_small_cases(seed: u64) -> Vec<Case> {
    let activations = [Activation::Sigmoid, Activation::Relu, Activation::Step];
    activations.into_iter().flat_map(|activation| small_cases_with(activation, seed)).collect()
}

fn small_cases_with(activation: Activation, seed: u64) -> Vec<Case> {
    let mut rng = Xorshift64Star::new(seed);
    let mut cases = Vec::new();
    for n in [1, 2, 5] {
        for (inputs, hidden, classes) in
            [(1, 1, 2), (1, 4, 3), (3, 1, 2), (4, 3, 6), (7, 5, 4), (2, 9, 10), (6, 8, 1)]
        {
            for zeros in [false, true] {
                let net = random_net(inputs, hidden, classes, &mut rng).with_activation(activation);
                let mut x = random_matrix(n, inputs, 1.0, &mut rng);
                if zeros {
                    // Also equal values, as pixels have.
                    x = x.map(|v| if v < 0.0 { 0.0 } else { (4.0 * v).ceil() / 4.0 });
                }
                let t = Labels::new(rng.choice(classes, n));
                cases.push(Case { net, x, t });
            }
        }
    }
    cases
}

/// The book's numerical gradient with any h and either loss.
fn naive(case: &Case, h: f64, loss: CrossEntropy) -> Parameters {
    let Case { net, x, t } = case;
    let loss = |net: &TwoLayerNet| match loss {
        Exact => net.exact_loss(x, t),
        Book => net.loss(x, t),
    };
    let mut gradient = net.clone();
    for (part, derivatives) in parts_mut(&mut gradient).into_iter().enumerate() {
        for (index, derivative) in derivatives.iter_mut().enumerate() {
            *derivative = difference_by(net, (part, index), h, loss);
        }
    }
    gradient.params
}

fn incremental(case: &Case, h: f64, loss: CrossEntropy, threads: usize) -> Parameters {
    let batch = (&case.net, &compressed(&case.x), &case.t);
    incremental_gradient(Differences { h, loss }, batch, threads)
}

fn incremental_gradient(
    differences: Differences, (net, x, t): (&TwoLayerNet, &CompressedRows, &Labels), threads: usize,
) -> Parameters {
    GradientMethod::Incremental(differences).gradient(net, x, t, &mut Team::new(threads))
}

#[test]
fn incremental_is_naive_on_small_nets() {
    for (i, case) in all_small_cases(1).iter().enumerate() {
        for loss in [Exact, Book] {
            let distance = distance(&incremental(case, H, loss, 1), &naive(case, H, loss));
            assert!(distance < 1e-10, "case {i}, {loss:?}: {distance:e}");
        }
    }
}

#[test]
fn incremental_has_the_truncation_error_of_a_central_difference() {
    // With the largest h of the series the curvature shows: the exact gradient is up to 8e-9 away
    // from both differences, which agree with one another a hundred times better.
    let h = 1.0 / 4096.0;
    let mut from_backprop: f64 = 0.0;
    for case in small_cases(2) {
        let naive = naive(&case, h, Exact);
        let off = distance(&incremental(&case, h, Exact, 1), &naive);
        assert!(off < 5e-11, "{off:e}");
        from_backprop = from_backprop.max(distance(&case.net.gradient(&case.x, &case.t), &naive));
    }
    assert!(from_backprop > 1e-9, "{from_backprop:e}");

    // And it falls with h²: a hundredth for a tenth of h, with the series and without it.
    let (net, x, t) = real(19);
    let exact = gradient(&net, &x, &t);
    let error = |h| {
        let differences = Differences { h, loss: Exact };
        distance(&incremental_gradient(differences, (&net, &x, &t), 2), &exact)
    };
    for h in [1e-2, 1e-3, 2e-4] {
        let ratio = error(h) / error(h / 10.0);
        assert!((80.0..120.0).contains(&ratio), "h {h}: {ratio}");
    }
}

#[test]
fn incremental_is_naive_for_any_h() {
    // 2⁻¹² is the last h with the series for inputs up to 1; from 0.01 on the full exps are needed.
    for h in [1e-3, 1.0 / 4096.0, 1.1 / 4096.0, 0.01, 0.3, 2.0, -1e-4, 100.0] {
        for (i, case) in all_small_cases(2).iter().enumerate() {
            for loss in [Exact, Book] {
                let distance = distance(&incremental(case, h, loss, 1), &naive(case, h, loss));
                assert!(distance < 1e-9, "h {h}, case {i}, {loss:?}: {distance:e}");
            }
        }
    }
}

#[test]
fn incremental_is_naive_for_large_weights_and_saturated_units() {
    for (i, mut case) in all_small_cases(3).into_iter().enumerate() {
        // Scores of hundreds, sums in the hidden layer from −100 to 100.
        case.net.params.w1 = case.net.params.w1.map(|w| 40.0 * w);
        case.net.params.w2 = case.net.params.w2.map(|w| 8.0 * w);
        let (a, b) = (incremental(&case, H, Book, 1), naive(&case, H, Book));
        let largest = a.parts().iter().flat_map(|(_, p)| *p).fold(0.0, |m: f64, v| m.max(v.abs()));
        // Where everything is saturated there is nothing left but rounding: 2e-15 / 2e-4.
        let bound = 1e-9_f64.max(1e-10 / largest.max(1e-300));
        assert!(distance(&a, &b) < bound, "case {i}: {:e}", distance(&a, &b));
    }
}

#[test]
fn incremental_is_naive_for_huge_weights_in_the_second_layer() {
    // Not with a step: there is no gradient of W1 to which the rounding of such losses is little.
    let cases = [Activation::Sigmoid, Activation::Relu].map(|a| small_cases_with(a, 21)).concat();
    for (i, mut case) in cases.into_iter().enumerate() {
        case.net.params.w2 = case.net.params.w2.map(|w| 3e4 * w);
        let distance = distance(&incremental(&case, H, Exact, 1), &naive(&case, H, Exact));
        assert!(distance < 1e-9, "case {i}: {distance:e}");
    }
}

#[test]
fn incremental_is_naive_where_h_crosses_the_corner_of_relu() {
    // All hidden sums within h of 0, on it, and on either side of it.
    for (i, mut case) in small_cases_with(Activation::Relu, 22).into_iter().enumerate() {
        case.net.params.w1 = case.net.params.w1.map(|w| 0.2 * H * w);
        case.net.params.b1.iter_mut().for_each(|b| *b *= 0.5 * H);
        case.net.params.b1[0] = 0.0;
        for loss in [Exact, Book] {
            let distance = distance(&incremental(&case, H, loss, 1), &naive(&case, H, loss));
            assert!(distance < 1e-10, "case {i}, {loss:?}: {distance:e}");
        }
    }
}

#[test]
fn incremental_is_naive_where_h_crosses_the_step() {
    // With weights of W2 so small that the series of exp serve.
    let mut rng = Xorshift64Star::new(23);
    for sum in [-0.5 * H, 0.5 * H, 0.0, 2.0 * H] {
        let mut net = random_net(2, 5, 3, &mut rng).with_activation(Activation::Step);
        net.params.w1 = net.params.w1.map(|_| 0.0);
        net.params.b1.fill(sum);
        net.params.w2 = net.params.w2.map(|w| 1e-5 * w);
        let x = Matrix::from_rows(&[[1.0, 0.25], [0.0, 0.75]]);
        let case = Case { net, x, t: Labels::new(vec![2, 0]) };
        let incremental = incremental(&case, H, Exact, 1);
        let off = distance(&incremental, &naive(&case, H, Exact));
        assert!(off < 1e-9, "{sum:e}: {off:e}");
        let crosses = incremental.b1.iter().all(|&d| d != 0.0);
        assert_eq!(crosses, sum.abs() < H, "{sum:e}: {:?}", incremental.b1);
    }
}

#[test]
fn the_series_of_exp_loses_no_digit_at_its_largest_change() {
    // The label's probability y is e⁻³⁰. Its score moves by ±h: −(L(+h) − L(−h)) / 2h is
    // 1 − y sinh(h) / h, up to y².
    let mut net = TwoLayerNet::new(1, 1, 2, 0.0, &mut Xorshift64Star::new(24));
    net.params.b2 = vec![-30.0, 0.0];
    let case = Case { net, x: Matrix::zeros(1, 1), t: Labels::new(vec![0]) };
    let gradient = incremental(&case, 1.0 / 4096.0, Exact, 1);
    let want = -(1.0 - 9.35762297e-14);
    assert!((gradient.b2[0] - want).abs() <= 4e-16, "{:e}", gradient.b2[0] - want);
}

#[test]
fn incremental_is_naive_for_outputs_of_relu_in_the_hundreds() {
    for (i, mut case) in small_cases_with(Activation::Relu, 23).into_iter().enumerate() {
        case.net.params.w1 = case.net.params.w1.map(|w| 1e3 * w);
        case.net.params.w2 = case.net.params.w2.map(|w| 1e-3 * w);
        let distance = distance(&incremental(&case, H, Exact, 1), &naive(&case, H, Exact));
        assert!(distance < 1e-9, "case {i}: {distance:e}");
    }
}

#[test]
fn hidden_sums_beyond_the_range_of_exp_give_no_nan() {
    let mut case = small_cases(4).swap_remove(20);
    for (unit, b) in case.net.params.b1.iter_mut().enumerate() {
        *b = if unit % 2 == 0 { 800.0 } else { -800.0 };
    }
    let gradient = incremental(&case, H, Book, 1);
    assert!(gradient.w1.as_slice().iter().chain(&gradient.b1).all(|&d| d == 0.0));
    assert!(gradient.w2.as_slice().iter().chain(&gradient.b2).all(|d| d.is_finite()));
}

#[test]
fn a_probability_of_0_has_the_gradient_of_each_loss() {
    // With scores 2000 apart y of the label is 0. The book's loss is −ln 1e-7 there, whatever one
    // nudges; the exact one still falls by 1 for each 1 that the score rises.
    let mut case = small_cases(5).swap_remove(6);
    case.t = Labels::new(vec![0; case.t.len()]);
    case.net.params.b2 = vec![-1000.0, 1000.0, 0.0, 0.0, 0.0, 0.0];
    let book = incremental(&case, H, Book, 1);
    assert!(book.b2.iter().all(|&d| d == 0.0), "{:?}", book.b2);
    let exact = incremental(&case, H, Exact, 1);
    assert!((exact.b2[0] + 1.0).abs() < 1e-9, "{:?}", exact.b2);
}

#[test]
fn an_h_of_0_nan_or_infinity_gives_no_number_and_no_panic() {
    let case = small_cases(6).swap_remove(9);
    for h in [0.0, f64::NAN, f64::INFINITY] {
        let gradient = incremental(&case, h, Book, 2);
        for (name, part) in gradient.parts() {
            // Between −∞ and ∞ the loss changes by a finite amount: for some derivatives 0.
            let zero = |d: f64| h.is_infinite() && d == 0.0;
            assert!(part.iter().all(|&d| d.is_nan() || zero(d)), "h {h}, {name}: {part:?}");
        }
    }
}

#[test]
fn incremental_has_the_same_bits_for_any_number_of_threads() {
    for case in all_small_cases(7) {
        let one = incremental(&case, H, Book, 1);
        for threads in [0, 2, 3, 100] {
            let place = format!("{threads} threads");
            assert_same_parameters(&place, &incremental(&case, H, Book, threads), &one);
        }
    }
    let (net, x, t) = real(8);
    let real = |threads| incremental_gradient(Differences::default(), (&net, &x, &t), threads);
    let one = real(1);
    assert_same_parameters("real images, 2 threads", &real(2), &one);
    assert_same_parameters("real images, 3 threads", &real(3), &one);
}

/// The chapter's net, trained a little, and a mini-batch of real images.
fn real(seed: u64) -> (TwoLayerNet, CompressedRows, Labels) {
    let mut rng = Xorshift64Star::new(seed);
    let mut net = TwoLayerNet::new(784, 50, 10, 0.01, &mut rng);
    let settings = Settings::new(300, 2);
    fast_train(&mut net, mnist(), &settings, &mut rng).expect("finite");
    let (x, t) = mnist().train.select(&rng.choice(60_000, 100));
    (net, x, t)
}

#[test]
fn incremental_is_naive_on_the_books_net_and_real_images() {
    let (net, x, t) = real(9);
    let incremental = incremental_gradient(Differences::default(), (&net, &x, &t), 2);
    let sample = |part: usize, all: &[f64], step: usize| {
        for index in (0..all.len()).step_by(step) {
            let naive = difference_by(&net, (part, index), H, |net| loss(net, &x, &t, Book));
            let off = (all[index] - naive).abs();
            assert!(off < 1e-10, "[{index}]: {} and {naive}, off by {off:e}", all[index]);
        }
    };
    // Every 197th weight of W1: rows of all parts of the image, all units in turn.
    sample(0, incremental.w1.as_slice(), 197);
    sample(1, &incremental.b1, 7);
    sample(2, incremental.w2.as_slice(), 23);
    sample(3, &incremental.b2, 3);
}

#[test]
fn incremental_is_closer_to_the_exact_gradient_than_naive() {
    // For nets so small that the naive gradient of all parameters takes no time; with h = 1e-5,
    // where rounding and not curvature decides.
    let mean = |f: &dyn Fn(&Case) -> f64| {
        let cases = small_cases(10);
        cases.iter().map(f).sum::<f64>() / cases.len() as f64
    };
    let h = 1e-5;
    let backprop = |case: &Case| case.net.gradient(&case.x, &case.t);
    let of_incremental = mean(&|case| distance(&incremental(case, h, Exact, 1), &backprop(case)));
    let of_naive = mean(&|case| distance(&naive(case, h, Exact), &backprop(case)));
    assert!(of_incremental < of_naive / 5.0, "{of_incremental:e} {of_naive:e}");
}

fn trained(gradient: GradientMethod, iterations: usize) -> History {
    let mut rng = Xorshift64Star::new(16);
    let mut net = TwoLayerNet::new(784, 50, 10, 0.01, &mut rng);
    let settings = Settings { gradient, ..Settings::new(iterations, 1) };
    fast_train(&mut net, mnist(), &settings, &mut rng).expect("a finite loss")
}

#[test]
fn the_losses_of_numerical_training_are_those_of_backpropagation() {
    let numerical = trained(GradientMethod::Incremental(Differences::default()), 601);
    let analytic = trained(GradientMethod::Backprop, 601);
    let (_, a) = numerical.accuracies[1];
    let (_, b) = analytic.accuracies[1];
    assert!((a.train - b.train).abs() < 0.002 && (a.test - b.test).abs() < 0.002, "{a:?} {b:?}");
    // The 1e-7 in the logarithm moves each gradient by up to 1e-6 of it; 600 updates later the two
    // curves still lie on one another.
    for (i, (a, b)) in numerical.losses.iter().zip(&analytic.losses).enumerate() {
        assert!((a - b).abs() < 1e-4, "iteration {i}: {a} {b}");
    }
    assert_ne!(numerical.losses, analytic.losses);
}

#[test]
fn images_without_pixels_have_a_gradient_for_the_biases_only() {
    // With every pixel 0 only the biases of the first layer have a gradient.
    let mut case = small_cases(18).swap_remove(8);
    case.x = case.x.map(|_| 0.0);
    assert_eq!(compressed(&case.x).entries(0).count(), 0);
    let gradient = incremental(&case, H, Book, 1);
    assert!(gradient.w1.as_slice().iter().all(|&d| d == 0.0));
    assert!(gradient.b1.iter().all(|&d| d != 0.0), "{:?}", gradient.b1);
}
