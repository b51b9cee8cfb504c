//! Chapter 4, and what chapter 5 adds to it: this is what most readers come for. Which section is
//! where stands in [the table of the crate](crate#book-section--module), in the order in which to
//! read.

pub mod descent;
pub mod differentiation;
pub mod evaluation;
pub mod functions;
pub mod gradient;
pub mod gradient_check;
pub mod incremental;
pub mod layered_net;
pub mod layers;
pub mod loss;
pub mod mnist;
pub mod naive;
pub mod perceptron;
pub mod simple_net;
pub mod step_size;
pub mod storage;
pub mod targets;
pub mod training;
pub mod two_layer_net;
pub mod why_loss;
pub mod workers;
