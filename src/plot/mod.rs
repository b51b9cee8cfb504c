//! What the book takes from Matplotlib, written by hand: drawings as SVG text.
//!
//! - [`svg`]: lines, shapes and words at places in pixels
//! - [`axes`]: data between two scales with ticks
//! - [`shapes`]: a wireframe, a heat map, bars
//!
//! These three know nothing of networks. On them, and on `learning`, stand
//!
//! - [`figures`]: one function a figure of the chapter
//! - [`report`]: a training run as a page

pub mod axes;
pub mod figures;
pub mod report;
pub mod shapes;
pub mod svg;
