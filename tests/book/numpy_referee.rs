//! The book's own Python as referee: the same seed, the same numbers. fixtures/numpy holds what
//! NumPy made of the chapter's equations.

use crate::common::numpy::Reference;
use crate::common::{assert_close, compressed, mnist};
use from_zero::ch03::activation::Activation;
use from_zero::ch04::s2_4_targets::Labels;
use from_zero::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use from_zero::ch04::s5_2_training::{Accuracy, History};
use from_zero::fast::methods::{Differences, GradientMethod};
use from_zero::fast::team::Team;
use from_zero::fast::training::{Settings, fast_train};
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::numpy_random::RandomState;
use from_zero::numeric::random::Rng;

/// The small net of make.py: its numbers are drawn in the same order.
fn small(activation: Activation) -> (TwoLayerNet, Matrix, Labels) {
    let mut rng = RandomState::new(7);
    let mut net = TwoLayerNet::new(5, 4, 3, 1.0, &mut rng).with_activation(activation);
    net.params.b1.fill_with(|| rng.normal());
    net.params.b2.fill_with(|| rng.normal());
    let x = Matrix::from_fn(6, 5, |_, _| rng.uniform());
    let t = Labels::new(rng.choice(3, 6));
    (net, x, t)
}

#[track_caller]
fn assert_parts(gradient: &Parameters, reference: &Reference, prefix: &str, tolerance: f64) {
    for (name, part) in gradient.parts() {
        assert_close(part, reference.get(&format!("{prefix} d{name}")), tolerance);
    }
}

#[test]
fn small_nets_have_the_numbers_of_numpy() {
    let reference = Reference::load("nets.txt");
    for (name, activation) in [("small", Activation::Sigmoid), ("relu", Activation::Relu)] {
        let (net, x, t) = small(activation);
        assert_close(net.predict(&x).as_slice(), reference.get(&format!("{name} y")), 1e-15);
        assert_close(&[net.loss(&x, &t)], reference.get(&format!("{name} loss")), 1e-15);
        assert_parts(&net.gradient(&x, &t), &reference, name, 1e-15);
    }
    let (net, x, t) = small(Activation::Sigmoid);
    // NumPy's differences and ours have rounding errors of their own: ε L / h.
    assert_parts(&net.numerical_gradient(&x, &t), &reference, "small numerical", 1e-11);
    let method = GradientMethod::Incremental(Differences::default());
    let incremental = method.gradient(&net, &compressed(&x), &t, &mut Team::new(1));
    assert_parts(&incremental, &reference, "small numerical", 1e-11);
}

fn every_97th(m: &Matrix) -> Vec<f64> {
    m.as_slice().iter().copied().step_by(97).collect()
}

#[test]
fn the_first_mini_batch_of_the_chapter_has_the_numbers_of_numpy() {
    let reference = Reference::load("nets.txt");
    let mut rng = RandomState::new(0);
    let net = TwoLayerNet::new(784, 50, 10, 0.01, &mut rng);
    assert_close(&every_97th(&net.params.w1), reference.get("chapter W1 97"), 1e-17);
    assert_close(net.params.w2.as_slice(), reference.get("chapter W2"), 1e-17);
    let (x, t) = mnist().train.select(&rng.choice(60_000, 100));
    let x = x.to_matrix();
    let first_ten = x.select_rows(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert_close(net.predict(&first_ten).as_slice(), reference.get("chapter y"), 1e-15);
    assert_close(&[net.loss(&x, &t)], reference.get("chapter loss"), 1e-15);
    let gradient = net.gradient(&x, &t);
    assert_close(&every_97th(&gradient.w1), reference.get("chapter dW1 97"), 1e-16);
    for (name, part) in &gradient.parts()[1..] {
        assert_close(part, reference.get(&format!("chapter d{name}")), 1e-16);
    }
}

/// The book's run with NumPy's random numbers.
fn run(seed: u32, iterations: usize) -> (TwoLayerNet, History) {
    let mut rng = RandomState::new(seed);
    let mut net = TwoLayerNet::new(784, 50, 10, 0.01, &mut rng);
    let settings = Settings::new(iterations, 1);
    let history = fast_train(&mut net, mnist(), &settings, &mut rng).expect("a finite loss");
    (net, history)
}

#[test]
fn a_hundred_steps_have_the_numbers_of_numpy() {
    let reference = Reference::load("nets.txt");
    let (net, history) = run(0, 100);
    assert_close(&history.losses, reference.get("steps losses"), 1e-14);
    assert_close(&every_97th(&net.params.w1), reference.get("steps W1 97"), 1e-15);
    for (name, part) in &net.params.parts()[1..] {
        assert_close(part, reference.get(&format!("steps {name}")), 1e-14);
    }
}

#[test]
fn runs_have_the_accuracies_of_numpy() {
    let reference = Reference::load("runs.txt");
    // The first epochs of each seed. tests/all_numbers.rs does the whole run of seed 0: its 34
    // accuracies are equal, and its last loss differs by at most 1e-12.
    for (seed, epochs) in [(0, 3), (1, 3), (2, 3)] {
        let get = |key: &str| reference.get(&format!("{key} {seed}"));
        let (_, history) = run(seed, 600 * (epochs - 1) + 1);
        let accuracies = history.accuracies.iter().map(|(_, accuracy)| accuracy);
        let (train, test): (Vec<f64>, Vec<f64>) = accuracies.map(|a| (a.train, a.test)).unzip();
        // Equal, digit for digit: not one image of 70,000 is read otherwise.
        assert_eq!(train, get("train")[..epochs], "seed {seed}");
        assert_eq!(test, get("test")[..epochs], "seed {seed}");
        assert_close(&history.losses[..100], get("first-losses"), 1e-12);
    }
}

#[test]
fn batches_of_128_have_the_epochs_of_the_book() {
    let reference = Reference::load("runs.txt");
    let mut rng = RandomState::new(0);
    let mut net = TwoLayerNet::new(784, 50, 10, 0.01, &mut rng);
    let mut settings = Settings { epochs_of_the_book: true, ..Settings::new(1_900, 1) };
    settings.hyperparameters.batch_size = 128;
    let history = fast_train(&mut net, mnist(), &settings, &mut rng).expect("a finite loss");
    let column = |number: fn(&(usize, Accuracy)) -> f64| -> Vec<f64> {
        history.accuracies.iter().map(number).collect()
    };
    assert_eq!(column(|&(iteration, _)| iteration as f64), [0.0, 1875.0]);
    assert_eq!(column(|&(iteration, _)| iteration as f64), reference.get("batch-128 iterations"));
    assert_eq!(column(|(_, accuracy)| accuracy.train), reference.get("batch-128 train"));
    assert_eq!(column(|(_, accuracy)| accuracy.test), reference.get("batch-128 test"));
}

#[test]
fn the_first_losses_of_seed_0_as_readers_of_the_book_see_them() {
    let (_, history) = run(0, 3);
    let read = [2.2938061065760658, 2.294626433903726, 2.297869324385668];
    assert_close(&history.losses, &read, 1e-15);
    // And what the fixtures hold is that run, to its end.
    let reference = Reference::load("runs.txt");
    assert_close(&reference.get("first-losses 0")[..3], &read, 1e-15);
    assert_close(&reference.get("last-losses 0")[99..], &[0.06576092808426318], 1e-15);
    let test = reference.get("test 0");
    assert_eq!((test[0], test[1], test[16]), (0.1009, 0.7915, 0.9468));
}
