//! What the book takes from NumPy, written by hand. These modules know nothing of neural networks.
//!
//! In the order in which to read: [`matrix`], [`random`], [`elementary`], [`sum`],
//! [`numpy_random`].

// The matrix, with its products as nested loops.
pub mod matrix;
// xorshift64*, Box–Muller, and drawing indices (np.random.choice).
pub mod random;
// exp, ln, sine and cosine with the same bits on every machine.
pub mod elementary;
// Sums in NumPy's order.
pub mod sum;
// NumPy's own random numbers.
pub mod numpy_random;
