//! Chapter 5: the layers, the net made of them, and the check that finds a wrong backward.

use crate::common::layer_check::{Corners, check_function, check_layer};
use crate::common::{
    assert_close, assert_same_matrix, mnist, random_matrix, random_net, transposed, ulps,
};
use from_zero::beyond::verdict::{Comparison, Verdict};
use from_zero::ch03::activation::Activation;
use from_zero::ch03::functions::{sigmoid, sigmoid_grad};
use from_zero::ch04::s2_4_targets::Labels;
use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::ch05::s4_layers::{
    Add, Affine, Exp, Layer, Mul, Parameter, Reciprocal, Relu, Sigmoid, SoftmaxWithLoss,
};
use from_zero::ch05::s7_2_layered_net::LayeredNet;
use from_zero::fast::training::{Settings, fast_train};
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::random::{Rng, Xorshift64Star};

#[test]
fn section_5_4_1_two_apples() {
    let (mut apples, mut tax) = (Mul::default(), Mul::default());
    let price = apples.forward(100.0, 2.0);
    assert_eq!(tax.forward(price, 1.1), 220.00000000000003);
    let (dprice, dtax) = tax.backward(1.0);
    assert_eq!((dprice, dtax), (1.1, 200.0));
    assert_eq!(apples.backward(dprice), (2.2, 110.00000000000001));
}

#[test]
fn section_5_4_2_two_apples_and_three_oranges() {
    let (mut apples, mut oranges, mut tax) = (Mul::default(), Mul::default(), Mul::default());
    let mut both = Add;
    let apple_price = apples.forward(100.0, 2.0);
    let orange_price = oranges.forward(150.0, 3.0);
    let price = both.forward(apple_price, orange_price);
    assert_eq!(tax.forward(price, 1.1), 715.0000000000001);

    let (dprice, dtax) = tax.backward(1.0);
    let (dapple_price, dorange_price) = both.backward(dprice);
    assert_eq!(apples.backward(dapple_price), (2.2, 110.00000000000001));
    assert_eq!(oranges.backward(dorange_price), (3.3000000000000003, 165.0));
    assert_eq!(dtax, 650.0);
}

#[test]
fn section_5_5_1_relu_passes_dout_back_where_its_input_was_positive() {
    // The book's own x, and 0 and NaN.
    let mut relu = Relu::default();
    let out = relu.forward(Matrix::from_rows(&[[1.0, -0.5], [-2.0, 3.0], [0.0, -0.0]]));
    assert_eq!(out, Matrix::from_rows(&[[1.0, 0.0], [0.0, 3.0], [0.0, 0.0]]));
    let dx = relu.backward(Matrix::from_rows(&[[5.0, 6.0], [7.0, 8.0], [9.0, 10.0]]));
    assert_eq!(dx, Matrix::from_rows(&[[5.0, 0.0], [0.0, 8.0], [0.0, 0.0]]));
    assert!(relu.forward(Matrix::from_rows(&[[f64::NAN]]))[(0, 0)].is_nan());
}

#[test]
fn section_5_5_2_four_nodes_are_the_sigmoid() {
    let chain = |x: f64| {
        let (mut times, mut exp, mut plus, mut reciprocal) =
            (Mul::default(), Exp::default(), Add, Reciprocal::default());
        let power = exp.forward(times.forward(x, -1.0));
        let y = reciprocal.forward(plus.forward(power, 1.0));
        let (dpower, _) = plus.backward(reciprocal.backward(1.0));
        (y, times.backward(exp.backward(dpower)).0)
    };
    // The book's y and y (1 − y), at 1.
    assert_close(&[chain(1.0).0, chain(1.0).1], &[0.7310585786300049, 0.19661193324148185], 1e-15);

    let (mut layer, mut rng) = (Sigmoid::default(), Xorshift64Star::new(5));
    let mut most = 0;
    for _ in 0..20_000 {
        let x = 40.0 * rng.uniform() - 20.0;
        let (y, dx) = chain(x);
        assert_eq!(layer.forward(Matrix::from_rows(&[[x]]))[(0, 0)], y);
        let dx_of_layer = layer.backward(Matrix::from_rows(&[[1.0]]))[(0, 0)];
        // The chain multiplies y² by e⁻ˣ, and the layer y by 1 − y. They round differently, by less
        // than the last bit of 1.
        assert!((dx - dx_of_layer).abs() < f64::EPSILON, "{x}: {dx} and {dx_of_layer}");
        // Where 1 − y does not cancel, the two results differ in their last bits only.
        if x < 0.0 {
            most = most.max(ulps(dx, dx_of_layer));
        }
    }
    assert!((1..=4).contains(&most), "{most} ulps");
}

#[test]
fn section_5_5_2_the_sigmoid_layer_keeps_its_output() {
    // A published layer keeps its input and takes it for its output: (1 − 2) · 2 = −2 at 2.0.
    let mut sigmoid = Sigmoid::default();
    let out = sigmoid.forward(Matrix::from_rows(&[[2.0, 0.0]]));
    assert_close(out.as_slice(), &[0.8807970779778823, 0.5], 1e-15);
    let dx = sigmoid.backward(Matrix::from_rows(&[[1.0, 1.0]]));
    assert_close(dx.as_slice(), &[0.10499358540350662, 0.25], 1e-15);
    assert!(sigmoid.parameters().is_empty(), "it learns nothing");
}

#[test]
fn section_5_6_2_affine_on_a_mini_batch_of_two() {
    // By hand: x W + b; then dout Wᵀ, xᵀ dout, and the column sums of dout.
    let w = Matrix::from_rows(&[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    let mut affine = Affine::new(w, vec![1.0, 2.0, 3.0]);
    let out = affine.forward(Matrix::from_rows(&[[0.0, 0.0], [10.0, 1.0]]));
    assert_eq!(out, Matrix::from_rows(&[[1.0, 2.0, 3.0], [15.0, 27.0, 39.0]]));
    let dx = affine.backward(Matrix::from_rows(&[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]));
    assert_eq!(dx, Matrix::from_rows(&[[14.0, 32.0], [32.0, 77.0]]));
    assert_eq!(affine.dw, Matrix::from_rows(&[[40.0, 50.0, 60.0], [4.0, 5.0, 6.0]]));
    assert_eq!(affine.db, [5.0, 7.0, 9.0]);
    let names: Vec<&str> = affine.parameters().iter().map(|p| p.name).collect();
    assert_eq!(names, ["W", "b"]);
}

#[test]
fn section_5_6_3_backward_of_softmax_with_loss_is_y_minus_t() {
    // softmax([0.3, 2.9, 4.0]) is in chapter 3; two samples, so half of it.
    let mut last = SoftmaxWithLoss::default();
    let a = Matrix::from_rows(&[[0.3, 2.9, 4.0], [0.0, 0.0, 0.0]]);
    let loss = last.forward(a, &Labels::new(vec![2, 0]));
    let by_hand = (-(0.7365969137693786_f64).ln() + 3.0_f64.ln()) / 2.0;
    assert_close(&[loss], &[by_hand], 1e-15);
    let (third, half) = (1.0 / 3.0, 0.5);
    let y = [0.01821127329554753, 0.24519181293507392, 0.7365969137693786];
    let want = [y[0], y[1], y[2] - 1.0, third - 1.0, third, third].map(|v| v * half);
    assert_close(last.backward().as_slice(), &want, 1e-15);
}

#[test]
fn section_5_7_2_the_layered_net_has_the_gradient_of_the_two_layer_net() {
    let mut rng = Xorshift64Star::new(572);
    for activation in [Activation::Sigmoid, Activation::Relu] {
        for (n, inputs, hidden, classes) in [(5, 4, 3, 6), (1, 2, 3, 4), (7, 1, 1, 2), (6, 5, 9, 3)]
        {
            let net = random_net(inputs, hidden, classes, &mut rng).with_activation(activation);
            let x = random_matrix(n, inputs, 2.0, &mut rng);
            let t = Labels::new(rng.choice(classes, n));
            assert_layered_is_direct(&net, &x, &t);
        }
        let net = TwoLayerNet::new(784, 50, 10, 0.01, &mut rng).with_activation(activation);
        let (x, t) = mnist().train.select(&rng.choice(60_000, 100));
        assert_layered_is_direct(&net, &x.to_matrix(), &t);
    }
}

#[track_caller]
fn assert_layered_is_direct(net: &TwoLayerNet, x: &Matrix, t: &Labels) {
    let mut layered = LayeredNet::two_layers(&net.params, hidden_layer(net.activation));
    assert_same_matrix("predict", &layered.predict(x.clone()), &net.predict(x));
    assert_eq!(layered.loss(x.clone(), t), net.exact_loss(x, t));
    layered.gradient(x.clone(), t);
    let direct = net.gradient(x, t);
    let gradients = layered.parameters();
    assert_eq!(gradients.len(), 4);
    for (Parameter { name, gradient, .. }, (direct_name, direct)) in
        gradients.iter().zip(direct.parts())
    {
        assert!(direct_name.starts_with(name));
        // The layer Sigmoid multiplies dout (1 − out) out from left to right, as the book does; the
        // net multiplies dout by the slope (1 − out) out. Each of the two roundings of the products
        // may be another one, by at most ε/2, so dW1 and db1 differ by at most about 2 ε of the sum
        // of the absolute values of their terms. The largest derivative stands for that sum.
        let is_rounded_alike = net.activation == Activation::Relu || direct_name.ends_with('2');
        let largest = direct.iter().fold(0.0, |max: f64, d| max.max(d.abs()));
        let tolerance = if is_rounded_alike { 0.0 } else { 4.0 * f64::EPSILON * largest };
        for (i, (layered, direct)) in gradient.iter().zip(direct).enumerate() {
            assert!(
                (layered - direct).abs() <= tolerance,
                "d{direct_name}[{i}]: layers {layered:?}, written out {direct:?}"
            );
        }
    }
}

#[test]
fn section_5_7_4_the_layered_net_learns_like_the_two_layer_net() {
    let mut rng = Xorshift64Star::new(574);
    let mut direct = random_net(4, 5, 3, &mut rng).with_activation(Activation::Relu);
    let mut layered = LayeredNet::two_layers(&direct.params, hidden_layer(direct.activation));
    let x = random_matrix(7, 4, 1.0, &mut rng);
    let t = Labels::new(rng.choice(3, 7));
    let before = layered.loss(x.clone(), &t);
    for _ in 0..50 {
        let gradient = direct.gradient(&x, &t);
        direct.params.descend(&gradient, 0.1);
        layered.gradient(x.clone(), &t);
        layered.descend(0.1);
    }
    assert_eq!(layered.loss(x.clone(), &t), direct.exact_loss(&x, &t));
    assert!(layered.loss(x, &t) < before);
}

/// Every derivative agrees, and some was compared.
#[track_caller]
fn assert_good(comparisons: &[(&str, Comparison)]) {
    for (name, comparison) in comparisons {
        assert!(comparison.compared > 0, "{name}");
        assert_eq!(comparison.verdict, Verdict::Good, "{name}: {comparison:?}");
    }
}

/// The check notices: this one is wrong, and no other.
#[track_caller]
fn assert_found(comparisons: &[(&str, Comparison)], wrong: &str) {
    for (name, comparison) in comparisons {
        let expected = if *name == wrong { Verdict::Wrong } else { Verdict::Good };
        assert_eq!(comparison.verdict, expected, "{name}: {comparison:?}");
    }
    assert!(comparisons.iter().any(|(name, _)| *name == wrong));
}

#[test]
fn every_layer_passes_the_check() {
    for seed in 0..20 {
        let mut rng = Xorshift64Star::new(seed);
        let x = random_matrix(5, 4, 2.0, &mut rng);
        assert_good(&check_layer(&Sigmoid::default(), &x, &mut rng));
        let relu = check_layer(&Relu::default(), &x, &mut rng);
        assert_good(&relu);
        assert_eq!(relu[0].1.compared + relu[0].1.at_corners, 20);
        let w = random_matrix(4, 3, 1.0, &mut rng);
        let affine = check_layer(&Affine::new(w, vec![0.1, -0.2, 0.3]), &x, &mut rng);
        assert_eq!(affine.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["x", "W", "b"]);
        assert_good(&affine);
        assert_good(&[("a", check_last(&x, &Labels::new(vec![3, 0, 1, 1, 2]), |last| last))]);
    }
}

/// Holds backward of the last layer, and what is made of it, against differences of its forward.
fn check_last(a: &Matrix, t: &Labels, slip: impl Fn(Matrix) -> Matrix) -> Comparison {
    let mut last = SoftmaxWithLoss::default();
    last.forward(a.clone(), t);
    let da = slip(last.backward());
    let loss = |numbers: &[f64]| {
        let a = Matrix::from_vec(a.rows(), a.columns(), numbers.to_vec());
        (SoftmaxWithLoss::default().forward(a, t), ())
    };
    check_function(loss, a.as_slice(), da.as_slice())
}

#[test]
fn mul_and_add_pass_the_check() {
    let mut mul = Mul::default();
    mul.forward(3.0, -2.0);
    let (dx, dy) = mul.backward(1.0);
    let product = |x: &[f64]| (Mul::default().forward(x[0], x[1]), ());
    assert_eq!(check_function(product, &[3.0, -2.0], &[dx, dy]).verdict, Verdict::Good);
    // The two exchanged, which goes unnoticed for x = y.
    assert_eq!(check_function(product, &[3.0, -2.0], &[dy, dx]).verdict, Verdict::Wrong);

    let (dx, dy) = Add.backward(2.0);
    let twice_the_sum = |x: &[f64]| (2.0 * Add.forward(x[0], x[1]), ());
    assert_eq!(check_function(twice_the_sum, &[3.0, -2.0], &[dx, dy]).verdict, Verdict::Good);
    // dout forgotten.
    assert_eq!(check_function(twice_the_sum, &[3.0, -2.0], &[1.0, 1.0]).verdict, Verdict::Wrong);
}

/// A layer with another backward, which is given the input too: what is planted.
#[derive(Clone, Debug)]
struct Planted<L> {
    layer: L,
    x: Matrix,
    backward: fn(&mut L, &Matrix, Matrix) -> Matrix,
}

impl<L> Planted<L> {
    fn new(layer: L, backward: fn(&mut L, &Matrix, Matrix) -> Matrix) -> Self {
        Self { layer, x: Matrix::default(), backward }
    }
}

impl<L: Layer> Layer for Planted<L> {
    fn forward(&mut self, x: Matrix) -> Matrix {
        self.x = x.clone();
        self.layer.forward(x)
    }

    fn backward(&mut self, dout: Matrix) -> Matrix {
        (self.backward)(&mut self.layer, &self.x, dout)
    }

    fn parameters(&mut self) -> Vec<Parameter<'_>> {
        self.layer.parameters()
    }
}

impl<L: Corners> Corners for Planted<L> {
    fn sides(&self, x: &Matrix) -> Vec<bool> {
        self.layer.sides(x)
    }
}

#[test]
fn planted_errors_in_relu_are_found() {
    let slips: [fn(&mut Relu, &Matrix, Matrix) -> Matrix; 5] = [
        // The mask forgotten.
        |_, _, dout| dout,
        // A sign.
        |relu, _, dout| &relu.backward(dout) * -1.0,
        // The sign of dout lost: the check needs weights of both signs to notice.
        |relu, _, dout| relu.backward(dout).map(f64::abs),
        // A published slip: np.zeros(x), never filled with ones.
        |_, _, dout| Matrix::zeros(dout.rows(), dout.columns()),
        // The mask the other way round.
        |relu, _, dout| &dout.clone() - &relu.backward(dout),
    ];
    for backward in slips {
        let mut rng = Xorshift64Star::new(1);
        let x = random_matrix(5, 4, 2.0, &mut rng);
        assert_found(&check_layer(&Planted::new(Relu::default(), backward), &x, &mut rng), "x");
    }
}

#[test]
fn planted_errors_in_the_sigmoid_are_found() {
    let slips: [fn(&mut Sigmoid, &Matrix, Matrix) -> Matrix; 4] = [
        // No slope at all.
        |_, _, dout| dout,
        // A sign.
        |sigmoid, _, dout| &sigmoid.backward(dout) * -1.0,
        // A published slip: the input kept, and taken for the output.
        |_, x, dout| x.zip_map(&dout, |x, dout| (1.0 - x) * x * dout),
        // The slope of the output, that is the sigmoid twice.
        |_, x, dout| x.map(sigmoid).zip_map(&dout, |out, dout| sigmoid_grad(out) * dout),
    ];
    for backward in slips {
        let mut rng = Xorshift64Star::new(2);
        let x = random_matrix(5, 4, 2.0, &mut rng);
        assert_found(&check_layer(&Planted::new(Sigmoid::default(), backward), &x, &mut rng), "x");
    }
}

#[test]
fn a_matrix_product_in_the_sigmoid_is_found_even_if_all_sizes_agree() {
    // (1 − out) · out as a matrix product has the right shape for a square mini-batch.
    let slip = |_: &mut Sigmoid, x: &Matrix, dout: Matrix| {
        let out = x.map(sigmoid);
        &out.map(|out| 1.0 - out).dot(&out) * &dout
    };
    let mut rng = Xorshift64Star::new(3);
    let x = random_matrix(4, 4, 2.0, &mut rng);
    assert_found(&check_layer(&Planted::new(Sigmoid::default(), slip), &x, &mut rng), "x");
}

#[test]
fn planted_errors_in_affine_are_found() {
    type Slip = fn(&mut Affine, &Matrix, Matrix) -> Matrix;
    let slips: [(&str, Slip); 6] = [
        // W in place of Wᵀ: fits, as W is square.
        ("x", |affine, _, dout| {
            affine.backward(dout.clone());
            dout.dot(&affine.w)
        }),
        // dW the other way round.
        ("W", |affine, _, dout| {
            let dx = affine.backward(dout);
            affine.dw = transposed(&affine.dw);
            dx
        }),
        // A sign in dW.
        ("W", |affine, _, dout| {
            let dx = affine.backward(dout);
            affine.dw = &affine.dw * -1.0;
            dx
        }),
        // db the mean over the mini-batch in place of the sum.
        ("b", |affine, x, dout| {
            let dx = affine.backward(dout);
            affine.db.iter_mut().for_each(|d| *d /= x.rows() as f64);
            dx
        }),
        // db of the first sample alone.
        ("b", |affine, _, dout| {
            let first = dout.row(0).to_vec();
            let dx = affine.backward(dout);
            affine.db = first;
            dx
        }),
        // One derivative of sixteen forgotten: a mean would hide it.
        ("W", |affine, _, dout| {
            let dx = affine.backward(dout);
            affine.dw[(2, 1)] = 0.0;
            dx
        }),
    ];
    for (i, (wrong, backward)) in slips.into_iter().enumerate() {
        let mut rng = Xorshift64Star::new(4);
        let x = random_matrix(5, 4, 1.0, &mut rng);
        let layer = Affine::new(random_matrix(4, 4, 1.0, &mut rng), vec![0.1, -0.2, 0.3, 0.0]);
        let comparisons = check_layer(&Planted::new(layer, backward), &x, &mut rng);
        assert_found(&comparisons, wrong);
        if i == 5 {
            assert_eq!(comparisons[1].1.index, 2 * 4 + 1, "{:?}", comparisons[1]);
        }
    }
}

#[test]
fn planted_errors_in_softmax_with_loss_are_found() {
    let mut rng = Xorshift64Star::new(5);
    let a = random_matrix(5, 4, 2.0, &mut rng);
    let t = Labels::new(vec![3, 0, 1, 1, 2]);
    let slips: [fn(Matrix) -> Matrix; 3] = [
        |da| &da * 5.0,  // the mean over the batch left out
        |da| &da * -1.0, // t − y
        |da| da.map(|d| if d < 0.0 { d + 1.0 / 5.0 } else { d }), // t not subtracted: y alone
    ];
    for slip in slips {
        assert_found(&[("a", check_last(&a, &t, slip))], "a");
    }
}

#[test]
fn the_books_1e_7_makes_the_check_of_the_last_layer_fair() {
    use from_zero::ch03::functions::softmax_rows;
    use from_zero::ch04::s2_4_batch_cross_entropy::cross_entropy_labels;
    let mut rng = Xorshift64Star::new(6);
    let a = random_matrix(5, 4, 1.0, &mut rng);
    let t = Labels::new(vec![3, 0, 1, 1, 2]);
    let mut last = SoftmaxWithLoss::default();
    last.forward(a.clone(), &t);
    let books_forward = |numbers: &[f64]| {
        let a = Matrix::from_vec(5, 4, numbers.to_vec());
        (cross_entropy_labels(&softmax_rows(&a), &t), ())
    };
    let check = check_function(books_forward, a.as_slice(), last.backward().as_slice());
    assert_eq!(check.verdict, Verdict::Fair, "{check:?}");
    assert_eq!(check_last(&a, &t, |da| da).verdict, Verdict::Good);
}

#[test]
fn a_relu_net_passes_93_percent_after_four_epochs() {
    let mut rng = Xorshift64Star::new(0);
    let mut net = TwoLayerNet::new(784, 50, 10, 0.01, &mut rng).with_activation(Activation::Relu);
    let settings = Settings::new(2_401, 1);
    let history = fast_train(&mut net, mnist(), &settings, &mut rng).expect("a finite loss");
    let (iteration, last) = history.accuracies[4];
    assert_eq!(iteration, 2_400);
    assert!(last.test > 0.93 && last.train > 0.93, "{last:?}");
}

/// The hidden layer of the book's net: a sigmoid or a relu.
fn hidden_layer(activation: Activation) -> Box<dyn Layer> {
    match activation {
        Activation::Relu => Box::new(Relu::default()),
        _ => Box::new(Sigmoid::default()),
    }
}
