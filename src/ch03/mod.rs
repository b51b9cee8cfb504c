//! Chapter 3, "Neural networks": the functions that chapter 4 uses.
//!
//! - [`functions`]: 3.2 and 3.5, step function, sigmoid, relu, softmax

pub mod functions;
