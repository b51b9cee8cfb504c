//! The perceptron (パーセプトロン, 感知机, 퍼셉트론) of the preface and its learning rule.
//!
//! A perceptron learns without a loss function: it changes its weights only when its answer is
//! wrong. If a straight line separates the two classes, it finds one after a finite number of
//! updates (the convergence theorem). If not, it never finishes.

use crate::ch03::functions::step_function;
use crate::numeric::matrix::add_scaled;

/// y = step(w · x + b), with w: (inputs), x: (inputs).
#[derive(Clone, Debug, PartialEq)]
pub struct Perceptron {
    /// w: (inputs)
    pub weights: Vec<f64>,
    /// b
    pub bias: f64,
}

impl Perceptron {
    /// All weights and the bias are 0.
    pub fn new(inputs: usize) -> Self {
        Self { weights: vec![0.0; inputs], bias: 0.0 }
    }

    /// The answer to x: (inputs), 0 or 1. Section 2.3.2.
    pub fn predict(&self, x: &[f64]) -> f64 {
        let (weights, inputs) = (self.weights.len(), x.len());
        assert!(weights == inputs, "predict: {weights} weights and {inputs} inputs");
        step_function(self.weights.iter().zip(x).map(|(w, x)| w * x).sum::<f64>() + self.bias)
    }

    /// Learns from samples (x, t). For each sample whose answer y is wrong, w ← w + (t − y) x and
    /// b ← b + (t − y). Source: F. Rosenblatt, "The perceptron" (1958).
    ///
    /// A pass goes through all samples. The result is the number of updates before the first pass
    /// without a wrong answer, or `None` if there was no such pass among `passes`.
    pub fn learn<const INPUTS: usize>(
        &mut self, samples: &[([f64; INPUTS], f64)], passes: usize,
    ) -> Option<usize> {
        let mut updates = 0;
        for _ in 0..passes {
            let updates_before = updates;
            for (x, t) in samples {
                let error = t - self.predict(x);
                if error != 0.0 {
                    add_scaled(&mut self.weights, error, x);
                    self.bias += error;
                    updates += 1;
                }
            }
            if updates == updates_before {
                return Some(updates);
            }
        }
        None
    }
}
