//! What the book takes from NumPy, written by hand. These modules know nothing of neural networks.
//!
//! In the order in which to read: [`matrix`], [`random`], [`elementary`], [`sum`], [`numpy_random`].

pub mod elementary;
pub mod matrix;
pub mod numpy_random;
pub mod random;
pub mod sum;

/// Writes 12345 as 12,345.
pub fn grouped(n: usize) -> String {
    match n {
        0..1_000 => n.to_string(),
        _ => format!("{},{:03}", grouped(n / 1_000), n % 1_000),
    }
}
