//! The perceptron (パーセプトロン, 感知机) and its learning rule: what came before, as the chapter's preface
//! tells it.
//!
//! It learns without a loss function: it moves its weights only where its answer is wrong. If a
//! straight line separates the classes it finds one in finitely many updates (the convergence
//! theorem); otherwise it never ends.

use super::functions::step_function;

/// y = step(w · x + b), with w and x: (inputs).
#[derive(Clone, Debug, PartialEq)]
pub struct Perceptron {
    /// w: (inputs)
    pub weights: Vec<f64>,
    /// b
    pub bias: f64,
}

impl Perceptron {
    /// All weights and the bias 0.
    pub fn new(inputs: usize) -> Self {
        Self { weights: vec![0.0; inputs], bias: 0.0 }
    }

    /// The answer to x: (inputs), 0 or 1. Section 2.3.2, with a bias in place of a threshold.
    ///
    /// # Panics
    /// If x has not as many numbers as there are weights. So in [`learn`](Self::learn).
    #[track_caller]
    pub fn predict(&self, x: &[f64]) -> f64 {
        let (weights, inputs) = (self.weights.len(), x.len());
        assert!(weights == inputs, "predict: {weights} weights and {inputs} inputs");
        let products = self.weights.iter().zip(x).map(|(w, x)| w * x);
        step_function(products.sum::<f64>() + self.bias)
    }

    /// Goes through the samples (x, t), again and again, and where the answer y is wrong adds (t −
    /// y) x to w and t − y to b. Source: F. Rosenblatt, "The perceptron" (1958).
    ///
    /// Returns the number of updates before a whole pass was right, or `None` if no pass of
    /// `passes` was.
    ///
    /// # Panics
    /// If the samples do not have as many inputs as there are weights.
    #[track_caller]
    pub fn learn<const INPUTS: usize>(
        &mut self,
        samples: &[([f64; INPUTS], f64)],
        passes: usize,
    ) -> Option<usize> {
        let mut updates = 0;
        for _ in 0..passes {
            let before = updates;
            for (x, t) in samples {
                let error = t - self.predict(x);
                if error != 0.0 {
                    for (w, x) in self.weights.iter_mut().zip(x) {
                        *w += error * x;
                    }
                    self.bias += error;
                    updates += 1;
                }
            }
            if updates == before {
                return Some(updates);
            }
        }
        None
    }
}
