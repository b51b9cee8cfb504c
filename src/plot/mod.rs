//! What the book takes from Matplotlib, written by hand: drawings as SVG text, and in [`report`] a web
//! page about a training run.

pub mod axes;
pub mod figures;
pub mod graphs;
pub mod report;
pub mod shapes;
pub mod svg;
