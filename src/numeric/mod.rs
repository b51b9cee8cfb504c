//! What the book takes from NumPy, written by hand. These modules know nothing of neural networks.
//!
//! In the order in which to read:
//!
//! - [`matrix`]: the [`Matrix`](matrix::Matrix), with its products as three loops
//! - [`random`]: xorshift64*, Box–Muller, and drawing indices (`np.random.choice`)
//! - [`elementary`]: exp, ln, sine and cosine with the same bits on every machine
//! - [`sum`]: sums in NumPy's order
//! - [`numpy_random`]: NumPy's own random numbers

pub mod matrix;
pub mod random;

pub mod elementary;
pub mod sum;

pub mod numpy_random;
