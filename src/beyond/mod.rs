//! Beyond the chapter: experiments that answer its open questions.
//!
//! In the order of the book: [`perceptron`] (preface), [`overfitting`] (4.1.2), [`why_loss`] (4.2.5),
//! [`why_step_size`] (4.3.1), [`examples`] (4.3, 4.4), [`verdict`] (5.7.3).

pub mod examples;
pub mod overfitting;
pub mod perceptron;
pub mod step_by_hand;
pub mod verdict;
pub mod why_loss;
pub mod why_step_size;
