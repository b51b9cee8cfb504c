//! Beyond the chapter: experiments that answer its open questions, and what the book does not have.
//!
//! - [`perceptron`]: the preface's perceptron learns AND, NAND and OR, and never XOR
//! - [`why_loss`]: 4.2.5, why the accuracy can't replace the loss, and why a step function can't learn
//! - [`why_step_size`]: 4.3.1, why h = 1e-4, by experiment
//! - [`incremental`]: 4.5.1, the numerical gradient, a thousand times faster
//! - [`verdict`]: 5.7.3, a gradient check that finds one wrong derivative among thousands
//! - [`confusion`]: which digit is taken for which
//! - [`storage`]: parameters and results as files that NumPy reads

pub mod perceptron;
pub mod why_loss;
pub mod why_step_size;

pub mod incremental;
pub mod verdict;

pub mod confusion;
pub mod storage;
