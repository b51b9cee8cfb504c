//! Beyond the chapter: experiments that answer its open questions, and what the book does not have.
//!
//! In the order of the book: [`perceptron`] (preface), [`why_loss`] (4.2.5), [`why_step_size`]
//! (4.3.1), [`incremental`] (4.5.1), [`verdict`] (5.7.3). Then [`confusion`],
//! [`own_digit`] and [`storage`].

// A perceptron learns AND, NAND and OR, and never XOR.
pub mod perceptron;
// Why the accuracy can't replace the loss, and why a net with a step function can't learn.
pub mod why_loss;
// Why h = 1e-4, by experiment.
pub mod why_step_size;
// The numerical gradient, a thousand times faster.
pub mod incremental;
// A gradient check that finds one wrong derivative among thousands.
pub mod verdict;
// Which digit is taken for which.
pub mod confusion;
// A picture of one's own digit, prepared as MNIST's images were.
pub mod own_digit;
// Parameters and results as files that NumPy reads.
pub mod storage;
