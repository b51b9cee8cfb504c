//! The preface's perceptron: what it learns, and what it never will.

use from_zero::beyond::perceptron::Perceptron;

const INPUTS: [[f64; 2]; 4] = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]];

fn samples(answers: [f64; 4]) -> Vec<([f64; 2], f64)> {
    INPUTS.into_iter().zip(answers).collect()
}

const AND: [f64; 4] = [0.0, 0.0, 0.0, 1.0];
const NAND: [f64; 4] = [1.0, 1.0, 1.0, 0.0];
const OR: [f64; 4] = [0.0, 1.0, 1.0, 1.0];
const XOR: [f64; 4] = [0.0, 1.0, 1.0, 0.0];

#[test]
fn a_perceptron_learns_and_nand_and_or() {
    for answers in [AND, NAND, OR] {
        let mut perceptron = Perceptron::new(2);
        let updates = perceptron.learn(&samples(answers), 100).expect("it converges");
        assert!((1..50).contains(&updates), "{updates}");
        for (x, t) in samples(answers) {
            assert_eq!(perceptron.predict(&x), t, "{x:?}");
        }
    }
}

#[test]
fn a_perceptron_never_learns_xor() {
    let mut perceptron = Perceptron::new(2);
    assert_eq!(perceptron.learn(&samples(XOR), 10_000), None);
    let wrong = samples(XOR).iter().filter(|(x, t)| perceptron.predict(x) != *t).count();
    assert!(wrong > 0);
}

#[test]
fn the_weights_of_chapter_2_compute_and() {
    let and = Perceptron { weights: vec![0.5, 0.5], bias: -0.7 };
    assert_eq!(INPUTS.map(|x| and.predict(&x)), AND);
}

#[test]
fn a_perceptron_without_mistakes_changes_nothing() {
    let mut and = Perceptron { weights: vec![0.5, 0.5], bias: -0.7 };
    assert_eq!(and.learn(&samples(AND), 1), Some(0));
    assert_eq!(and, Perceptron { weights: vec![0.5, 0.5], bias: -0.7 });
}
