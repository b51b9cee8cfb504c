//! The numbers under everything: elementary functions, matrices, random numbers.

#[path = "../common/mod.rs"]
mod common;

mod elementary;
mod matrix;
mod numpy_random;
mod random;
