//! What the book takes from Matplotlib, written by hand: drawings as SVG text.
//!
//! [`figures`] has one function for each figure of chapter 4, [`graphs`] one for each computational
//! graph of chapter 5, and [`report`] makes a web page about a training run.

pub mod axes;
pub mod figures;
pub mod graphs;
pub mod report;
pub mod shapes;
pub mod svg;
