//! Chapter 3, "Neural networks": the functions that chapter 4 uses.
//!
//! - [`functions`]: 3.2 and 3.5, step function, sigmoid, relu, softmax
//! - [`activation`]: 3.2 and 5.5, the activation of a hidden layer, forward and backward

pub mod activation;
pub mod functions;
