//! Misprints and slips in published notes on the chapter, so that none of them can come in here.

use std::cell::Cell;
use std::panic::catch_unwind;

use crate::common::{assert_close, random_matrix, random_net};
use from_zero::ch03::activation::Activation;
use from_zero::ch03::functions::{sigmoid, sigmoid_grad, softmax, softmax_rows};
use from_zero::ch04::s2_2_cross_entropy::{DELTA, cross_entropy_error};
use from_zero::ch04::s2_3_mini_batch::{Dataset, Mnist};
use from_zero::ch04::s2_4_batch_cross_entropy::{cross_entropy_one_hot, pick_label_columns};
use from_zero::ch04::s2_4_targets::{Labels, OneHot};
use from_zero::ch04::s3_differentiation::{H, function_2};
use from_zero::ch04::s4_1_gradient::{gradient_descent, numerical_gradient};
use from_zero::ch04::s4_2_simple_net::SimpleNet;
use from_zero::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use from_zero::ch04::s5_2_training::{Hyperparameters, train};
use from_zero::ch05::s4_layers::{Layer, Relu};
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
fn the_gradient_of_the_misprint_has_the_opposite_signs() {
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
fn sigmoid_grad_takes_the_input_and_not_the_output() {
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
fn each_derivative_is_that_of_its_own_parameter() {
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

/// A numerical gradient as NumPy's users write it, over the rows of a matrix: `for i in
/// range(W.shape[0])`, where `W[i]` is a whole row and `W[i] = tmp + h` moves all its numbers.
fn gradient_over_rows(f: impl Fn(&Matrix) -> f64, w: &Matrix) -> Vec<f64> {
    let moved = |i: usize, h: f64| {
        let mut w = w.clone();
        w.row_mut(i).iter_mut().for_each(|number| *number += h);
        f(&w)
    };
    (0..w.rows()).map(|i| (moved(i, H) - moved(i, -H)) / (2.0 * H)).collect()
}

#[test]
fn a_numerical_gradient_moves_one_number_and_not_a_row() {
    // Published: "the gradient is 0". All scores of a sample grow alike, and a softmax does not see
    // what is added to all scores.
    let (net, x, t) = misprinted();
    let loss = |w: &Matrix| SimpleNet { w: w.clone() }.loss(&x, &t);
    assert_close(&gradient_over_rows(loss, &net.w), &[0.0, 0.0], 1e-11);
    // The gradient of the numbers is not 0.
    let dw = net.numerical_gradient(|net| net.loss(&x, &t));
    assert!(dw.as_slice().iter().all(|d| d.abs() > 0.06), "{dw}");

    // With two layers: 0 for each row of W2, and for a row of W1 the sum of its derivatives.
    let mut rng = Xorshift64Star::new(3);
    let (x, t) = (random_matrix(5, 4, 1.0, &mut rng), Labels::new(vec![0, 2, 1, 1, 0]));
    let net = random_net(4, 2, 3, &mut rng);
    let right = net.gradient(&x, &t);
    let loss_of = |params: Parameters| TwoLayerNet { params, ..net.clone() }.exact_loss(&x, &t);
    let of_w2 = |w2: &Matrix| loss_of(Parameters { w2: w2.clone(), ..net.params.clone() });
    let of_w1 = |w1: &Matrix| loss_of(Parameters { w1: w1.clone(), ..net.params.clone() });
    assert_close(&gradient_over_rows(of_w2, &net.params.w2), &[0.0; 2], 1e-11);
    let sums: Vec<f64> = right.w1.iter_rows().map(|row| row.iter().sum()).collect();
    assert_close(&gradient_over_rows(of_w1, &net.params.w1), &sums, 1e-9);
    let numerical = net.numerical_gradient_of(|net| net.exact_loss(&x, &t));
    assert_close(numerical.w1.as_slice(), right.w1.as_slice(), 1e-9);
    assert_close(numerical.w2.as_slice(), right.w2.as_slice(), 1e-9);
}

#[test]
fn a_whole_number_plus_h_stays_the_same_in_an_array_of_integers() {
    // `x = np.array([3, 4])` holds integers. What is assigned to them loses its fraction, so that
    // 3 + h stays 3 and 3 − h becomes 2; put back, all is as before.
    let numpy = |i: usize| {
        let mut x = [3_i64, 4];
        let f = |x: [i64; 2]| (x[0] * x[0] + x[1] * x[1]) as f64;
        let original = x[i] as f64;
        x[i] = (original + H) as i64;
        let f_plus = f(x);
        x[i] = (original - H) as i64;
        (f_plus - f(x)) / (2.0 * H)
    };
    assert_close(&[numpy(0), numpy(1)], &[25_000.0, 35_000.0], 1e-6);
    // Here an integer does not compile in the place of an f64.
    let gradient = numerical_gradient(function_2, &[3.0, 4.0]);
    assert_eq!(gradient, [6.00000000000378, 7.999999999999119]);
}

#[test]
fn the_slope_of_relu_at_0_is_a_number() {
    // Published as x / |x| made 0 or 1: 0/0 at 0. Pixels and units that are exactly 0 are common.
    let slip = |x: f64| (x / x.abs() + 1.0) / 2.0;
    assert_eq!((slip(2.0), slip(-2.0)), (1.0, 0.0));
    assert!(slip(0.0).is_nan());
    let z1 = Matrix::from_rows(&[[0.0, 2.0, 0.0]]); // relu of 0, 2 and −1
    let dz1 = Matrix::from_rows(&[[7.0, 7.0, 7.0]]);
    assert_eq!(Activation::Relu.backward(&z1, &dz1).as_slice(), [0.0, 7.0, 0.0]);
    let mut layer = Relu::default();
    assert_eq!(layer.forward(Matrix::from_rows(&[[0.0, 2.0, -1.0]])), z1);
    assert_eq!(layer.backward(dz1).as_slice(), [0.0, 7.0, 0.0]);
}

#[test]
fn the_gradient_at_3_0_is_6_0() {
    // Printed for (3, 0): [0, 0.4], which is that at (0, 0.2).
    let gradient = |x0, x1| numerical_gradient(function_2, &[x0, x1]);
    assert_close(&gradient(0.0, 0.2), &[0.0, 0.4], 1e-12);
    assert_close(&gradient(3.0, 0.0), &[6.0, 0.0], 1e-10);
}

#[test]
fn a_single_sample_is_compared_with_t_and_not_with_itself() {
    // Published: `t = t.reshape(1, t.size)` and then `y = t.reshape(1, y.size)`. The answers are
    // then compared with themselves, and every loss is that of a perfect net.
    let (y, t) = ([0.1, 0.2, 0.7], [0.0, 1.0, 0.0]);
    let slip = cross_entropy_error(&t, &t);
    assert_close(&[slip], &[0.0], 1.1e-7);
    assert_close(&[cross_entropy_error(&y, &t)], &[-ln(0.2 + DELTA)], 1e-15);
    let one = cross_entropy_one_hot(&Matrix::from_rows(&[y]), &OneHot::from_rows(&[t]));
    assert_close(&[one], &[cross_entropy_error(&y, &t)], 1e-15);
}

#[test]
fn ten_thousand_iterations_have_17_evaluations() {
    // "10000/600 ≈ 16": 0, 600, … 9600 are 17, because the first is at iteration 0.
    assert_eq!(10_000 / 600, 16);
    let mut rng = Xorshift64Star::new(4);
    let part = |images: usize, rng: &mut Xorshift64Star| Dataset {
        images: random_matrix(images, 1, 1.0, rng),
        labels: Labels::new(rng.choice(2, images)),
    };
    // An epoch of 600 iterations, as in the book, with fewer images.
    let data = Mnist { train: part(600, &mut rng), test: part(1, &mut rng) };
    let hyperparameters = Hyperparameters { batch_size: 1, ..Hyperparameters::default() };
    let mut net = random_net(1, 1, 2, &mut rng);
    let history = train(&mut net, &data, &hyperparameters, &mut rng, |_, _| ());
    let evaluated: Vec<usize> =
        history.accuracies.iter().map(|(iteration, _)| *iteration).collect();
    assert_eq!(evaluated, (0..17).map(|epoch| 600 * epoch).collect::<Vec<_>>());
}

#[test]
fn the_labels_columns_are_n_numbers_and_not_n_by_n() {
    // `y[:, t]` takes the columns t of every row.
    let y = Matrix::from_rows(&[[0.5, 1.0, 0.1], [0.2, 2.0, 7.0], [10.0, 3.0, 0.0]]);
    let t = [2, 0, 1];
    let slip: Vec<f64> = y.iter_rows().flat_map(|row| t.map(|label| row[label])).collect();
    assert_eq!(slip, [0.1, 0.5, 1.0, 7.0, 0.2, 2.0, 0.0, 10.0, 3.0]);
    // The right numbers are on its diagonal.
    let right = pick_label_columns(&y, &Labels::new(t.to_vec()));
    assert_eq!(right, [slip[0], slip[4], slip[8]]);
    assert_eq!(right, [0.1, 0.2, 3.0]);
}

#[test]
fn descent_does_not_move_the_start_of_the_caller() {
    // `x = init_x` and then `x -= lr * grad` change the caller's array in NumPy: a second run begins
    // where the first has ended. Here `&start` is lent and can't be changed.
    let mut start = [-3.0, 4.0];
    let slip = |start: &mut [f64; 2]| {
        let x = gradient_descent(function_2, start, 0.1, 10);
        start.copy_from_slice(&x);
        x
    };
    assert_close(&slip(&mut start), &[-0.322122547, 0.429496730], 1e-8); // 0.8¹⁰
    assert_close(&slip(&mut start), &[-0.034587645, 0.046116860], 1e-8); // 0.8²⁰
    let start = [-3.0, 4.0];
    let runs = [0, 1].map(|_| gradient_descent(function_2, &start, 0.1, 10));
    assert_eq!(runs[0], runs[1]);
    assert_close(&runs[1], &[-0.322122547, 0.429496730], 1e-8);
}

#[test]
fn relu_does_not_overwrite_the_derivative_that_it_receives() {
    // The book's `dout[self.mask] = 0` changes the array of the layer that handed it over. If that
    // array also flows elsewhere, as behind an addition, zeros arrive there. Here the layer receives
    // a matrix of its own.
    let mut layer = Relu::default();
    layer.forward(Matrix::from_rows(&[[2.0, -1.0]]));
    let dout = Matrix::from_rows(&[[7.0, 7.0]]);
    let dx = layer.backward(dout.clone());
    let sum = |other: &Matrix| dx.zip_map(other, |a, b| a + b).into_vec();
    assert_eq!(sum(&dx), [14.0, 0.0]); // the book's: `dout` is the same array as `dx` by now
    assert_eq!(sum(&dout), [14.0, 7.0]);
}

#[test]
fn a_numerical_gradient_that_is_overwritten_costs_its_losses_and_changes_nothing() {
    // `grad = network.numerical_gradient(…)` and in the next line `grad = network.gradient(…)`.
    let mut rng = Xorshift64Star::new(5);
    let net = random_net(4, 3, 6, &mut rng);
    let (x, t) = (random_matrix(5, 4, 1.0, &mut rng), Labels::new(rng.choice(6, 5)));
    let losses = Cell::new(0);
    let mut gradient = net.numerical_gradient_of(|net| {
        losses.set(losses.get() + 1);
        net.loss(&x, &t)
    });
    assert_ne!(gradient, net.gradient(&x, &t));
    gradient = net.gradient(&x, &t);
    assert_eq!(losses.get(), 2 * net.params.count());
    assert_eq!(gradient, net.gradient(&x, &t));
}

#[test]
fn the_loss_of_a_mini_batch_is_the_mean_and_not_the_sum() {
    // Published: "the sum of the cross-entropies", beside a formula that has 1/N.
    let y = Matrix::from_rows(&[[0.1, 0.6, 0.3], [0.1, 0.1, 0.8]]);
    let t = OneHot::from_rows(&[[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]);
    let slip: f64 =
        y.iter_rows().zip(t.matrix().iter_rows()).map(|(y, t)| cross_entropy_error(y, t)).sum();
    assert_close(&[slip], &[2.813409550093884], 1e-15);
    assert_close(&[cross_entropy_one_hot(&y, &t)], &[1.406704775046942], 1e-15);
}

#[test]
fn the_gradient_is_not_the_total_differential() {
    // The gradient of x₀² + x₁² at (3, 4) is the vector (6, 8). The total differential (全微分) is a
    // number that depends on a step: for (0.1, 0.2) it is 6 · 0.1 + 8 · 0.2 = 2.2.
    let gradient = numerical_gradient(function_2, &[3.0, 4.0]);
    assert_close(&gradient, &[6.0, 8.0], 1e-10);
    let differential = gradient[0] * 0.1 + gradient[1] * 0.2;
    assert_close(&[differential], &[2.2], 1e-10);
    // f itself changes by nearly as much.
    assert_close(&[function_2(&[3.1, 4.2]) - function_2(&[3.0, 4.0])], &[2.25], 1e-12);
}

#[test]
fn a_saddle_point_is_no_minimum() {
    // Published: a saddle point "includes" minima. The gradient is 0 at both.
    let saddle = |x: &[f64]| x[0] * x[0] - x[1] * x[1];
    assert_eq!(numerical_gradient(saddle, &[0.0, 0.0]), [0.0, 0.0]);
    assert!(saddle(&[0.1, 0.0]) > saddle(&[0.0, 0.0]));
    assert!(saddle(&[0.0, 0.1]) < saddle(&[0.0, 0.0]));
    assert_eq!(numerical_gradient(function_2, &[0.0, 0.0]), [0.0, 0.0]);
    assert!([[0.1, 0.0], [0.0, 0.1]].iter().all(|x| function_2(x) > function_2(&[0.0, 0.0])));
}

#[test]
fn random_numbers_are_no_one_hot_answers() {
    // Published: `t = np.random.rand(100, 10)` as answers. Their ten numbers add up to about 5, so
    // the loss of a net that guesses is about 5 ln 10 = 11.5, and not ln 10 = 2.30. `argmax` makes
    // labels of them without a word.
    let mut rng = Xorshift64Star::new(6);
    let (y, t) =
        (Matrix::from_fn(100, 10, |_, _| 0.1), Matrix::from_fn(100, 10, |_, _| rng.uniform()));
    let slip: f64 = y.iter_rows().zip(t.iter_rows()).map(|(y, t)| cross_entropy_error(y, t)).sum();
    assert_close(&[slip / 100.0], &[11.5], 0.3);
    let labels = Labels::new(t.argmax_rows());
    assert_close(&[cross_entropy_one_hot(&y, &labels.one_hot(10))], &[2.302584], 1e-6);
    // Here such a matrix is refused.
    let refused = catch_unwind(|| OneHot::new(t)).expect_err("these are no one-hot rows");
    let message = refused.downcast_ref::<String>().expect("a message");
    assert!(message.contains("row 0 has 0 ones"), "the message is: {message}");
}

#[test]
fn many_images_do_not_become_one() {
    // Published: a `_flatten` that reshapes all images to (28, 28). Three have 2352 numbers.
    let pixels = vec![0.0; 3 * 784];
    assert_eq!(Matrix::from_vec(3, 784, pixels.clone()).shape(), (3, 784));
    let refused = catch_unwind(|| Matrix::from_vec(28, 28, pixels)).expect_err("too many numbers");
    let message = refused.downcast_ref::<String>().expect("a message");
    assert_eq!(message, "from_vec: 2352 numbers for a (28, 28) matrix");
}

#[test]
fn many_points_are_not_one_point_with_many_numbers() {
    // The book's `gradient_2d.py` hands 18 · 18 points over as two rows of 324 numbers, and each row
    // is taken for one point. For x₀² + x₁² the result is right by luck: a derivative does not
    // depend on the other numbers of its row.
    let axis: Vec<f64> = (0..18).map(|i| -2.0 + 0.25 * f64::from(i)).collect();
    let x0: Vec<f64> = (0..324).map(|i| axis[i % 18]).collect();
    let of_squares = numerical_gradient(|row| row.iter().map(|x| x * x).sum(), &x0);
    assert_close(&of_squares, &x0.iter().map(|x| 2.0 * x).collect::<Vec<_>>(), 1e-8);
    // For (x₀ + x₁)² it is wrong. At the first point, (−2, −2), both derivatives are −8. Taken for
    // one point of 324 numbers, whose sum is 40.5, the row gives 81.
    let square_of_sum = |x: &[f64]| x.iter().sum::<f64>() * x.iter().sum::<f64>();
    assert_close(&numerical_gradient(square_of_sum, &[-2.0, -2.0]), &[-8.0, -8.0], 1e-9);
    assert_eq!(x0[0], -2.0);
    assert_close(&numerical_gradient(square_of_sum, &x0)[..1], &[81.0], 1e-6);
}
