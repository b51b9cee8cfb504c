//! What the book takes from NumPy, written by hand. These modules know nothing of neural networks.
//!
//! In the order in which to read: [`matrix`], [`random`], [`elementary`], [`sum`],
//! [`numpy_random`].

pub mod elementary;
pub mod matrix;
pub mod numpy_random;
pub mod random;
pub mod sum;
