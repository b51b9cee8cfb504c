//! What the book takes from Matplotlib, written by hand: drawings as SVG text.
//!
//! [`figures`] has one function for each figure of chapter 4, [`graphs`] one for each computational
//! graph of chapter 5, and [`report`] makes a web page about a training run. They draw with [`svg`], [`axes`] and [`shapes`], which know nothing of
//! networks.

// Lines, shapes and text at positions in pixels.
pub mod svg;
// Data between two axes with ticks.
pub mod axes;
// A wireframe, a heat map.
pub mod shapes;
// The figures of the chapter.
pub mod figures;
// The computational graphs of chapter 5.
pub mod graphs;
// A training run as a web page.
pub mod report;
