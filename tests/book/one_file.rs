//! `src/bin/one_file.rs` is held together with the library: the same start and the same mini-batches
//! give the same losses, as they are printed.

use std::process::Command;

use crate::common::mnist;
use from_zero::ch03::activation::Activation;
use from_zero::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use from_zero::fast::evaluation::fast_accuracy;
use from_zero::fast::two_layer_net::{CrossEntropy, gradient, loss};
use from_zero::numeric::elementary::{ln, sin_cos_turn};
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::random::{Rng, Xorshift64Star};

/// Its random numbers: the library's generator, used in another way.
struct Random(Xorshift64Star);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        ((self.0.next_u64() >> 11) % n as u64) as usize
    }

    fn normal(&mut self) -> f64 {
        let (u, v) = (1.0 - self.0.uniform(), self.0.uniform());
        (-2.0 * ln(u)).sqrt() * sin_cos_turn(v).1
    }

    fn net(&mut self, inputs: usize, hidden: usize, classes: usize) -> TwoLayerNet {
        let mut matrix = |n, m| Matrix::from_fn(n, m, |_, _| 0.01 * self.normal());
        let (w1, w2) = (matrix(inputs, hidden), matrix(hidden, classes));
        let params = Parameters { w1, b1: vec![0.0; hidden], w2, b2: vec![0.0; classes] };
        TwoLayerNet { params, activation: Activation::Sigmoid }
    }
}

#[test]
fn the_chapter_in_one_file_learns_as_the_library_does() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_one_file"));
    command.arg("301").current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = command.output().expect("it starts");
    let printed = String::from_utf8(output.stdout).expect("text");
    assert!(output.status.success(), "one_file 301 failed: {printed}");

    let mut random = Random(Xorshift64Star::from_state(1));
    let small = random.net(4, 3, 2);
    let x = Matrix::from_rows(&[[0.5, -0.1, 0.9, 0.3], [-0.7, 0.2, 0.4, 0.8]]);
    let t = from_zero::ch04::s2_4_targets::Labels::new(vec![1, 0]);
    let [numerical, analytic] = [small.numerical_gradient(&x, &t), small.gradient(&x, &t)];
    let [numerical, analytic] = [numerical, analytic].map(|gradient| gradient.w1[(0, 0)]);
    // Its exp and ln are those of the system, so only the printed digits are compared.
    let mut expected =
        vec![format!("∂L/∂W1[0][0] numerically {numerical:.9}, by backpropagation {analytic:.9}")];
    let mut net = random.net(784, 50, 10);
    for i in 0..301 {
        let numbers: Vec<usize> = (0..100).map(|_| random.below(60_000)).collect();
        let (x, t) = mnist().train.select(&numbers);
        let gradient = gradient(&net, &x, &t);
        net.params.descend(&gradient, 0.1);
        if i % 300 == 0 {
            let loss = loss(&net, &x, &t, CrossEntropy::Book);
            let accuracy = fast_accuracy(&net, &mnist().test, 2);
            expected.push(format!("iteration {i:4}  loss {loss:.4}  test accuracy {accuracy:.4}"));
        }
    }
    assert_eq!(printed.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn the_file_has_at_most_200_lines() {
    let lines = include_str!("../../src/bin/one_file.rs").lines().count();
    assert!(lines <= 200, "src/bin/one_file.rs has {lines} lines, and may have 200");
}
