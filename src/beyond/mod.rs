//! Beyond the chapter: experiments that answer its open questions, and what the book does not have.
//!
//! In the order of the book: [`perceptron`] (preface), [`overfitting`] (4.1.2), [`why_loss`] (4.2.5),
//! [`why_step_size`] (4.3.1), [`examples`] (4.3, 4.4), [`incremental`] (4.5.1), [`verdict`] (5.7.3).
//! Then [`confusion`], [`own_digit`] and [`storage`].

pub mod confusion;
pub mod examples;
pub mod incremental;
pub mod overfitting;
pub mod own_digit;
pub mod perceptron;
pub mod storage;
pub mod verdict;
pub mod why_loss;
pub mod why_step_size;
