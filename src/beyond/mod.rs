//! Beyond the chapter: experiments that answer its open questions.

pub mod examples;
pub mod overfitting;
pub mod perceptron;
pub mod step_by_hand;
pub mod verdict;
pub mod why_loss;
pub mod why_step_size;
