//! The map of this project is in `src/map.md`, where a repository is browsed with its tables, and on
//! the front page of `cargo doc --open`, where every name is a link.
#![doc = ""]
#![doc = include_str!("map.md")]
#![forbid(unsafe_code)]

// NumPy: the matrix, random numbers, exp and ln, sums.
pub mod numeric;
// The file formats of MNIST and NumPy.
pub mod formats;
// The functions of chapter 3 that chapter 4 uses.
pub mod ch03;
// Chapter 4.
pub mod ch04;
// Backpropagation.
pub mod ch05;
// The same computations, faster.
pub mod fast;
// Experiments, and what the book does not have.
pub mod beyond;
// What one does with a trained net.
pub mod trained;
// The numbers of the book beside ours.
pub mod book;
// Figures and the page about a run.
pub mod plot;

/// The README's code is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
