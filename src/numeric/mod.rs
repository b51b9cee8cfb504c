//! What the book takes from NumPy, written by hand. Knows nothing of networks.
//!
//! - [`matrix`]: the [`Matrix`](matrix::Matrix), its products as loops
//! - [`compressed`]: rows kept as their non-zero entries, with the same products
//! - [`elementary`]: exp, ln, sine and cosine with the same bits on every machine
//! - [`random`]: xorshift64*, Box–Muller, drawing a mini-batch
//! - [`numpy_random`]: NumPy's own stream of random numbers
//! - [`sum`]: NumPy's order of summation
//! - [`team`]: threads that wait for work

pub mod compressed;
pub mod elementary;
mod kernels;
pub mod matrix;
pub mod numpy_random;
pub mod random;
pub mod sum;
pub mod team;
