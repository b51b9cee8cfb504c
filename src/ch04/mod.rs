//! Chapter 4, "Learning of neural networks" (ニューラルネットワークの学習, 神经网络的学习, 신경망 학습).
//!
//! Each file has the number of its section in its name, and the files are in the order of the book.
//! All of it is plain: loops over a [`Matrix`](crate::numeric::matrix::Matrix), in the order of
//! computation, with the book's letters. The module [`fast`](crate::fast) has faster versions with
//! the same results.
//!
//! 4.1.1: there are three ways to recognise a 5. Somebody thinks of a rule. Or somebody thinks of
//! features, and a machine learns from these. Or a net learns from the pixels themselves: nothing
//! between the input and the answer is made by hand (end-to-end). `cargo run --release -- chapter
//! 4.1.1` tries a rule: it reads 82 of 100 test images, where the net reads 94.
//!
//! Two experiments are in [`beyond`](crate::beyond): overfitting, which is a lack of generalization
//! (4.1.2), and why not the accuracy (4.2.5).

pub mod s2_1_squared_error;
pub mod s2_2_cross_entropy;
pub mod s2_3_mini_batch;
pub mod s2_4_batch_cross_entropy;
pub mod s2_4_targets;
pub mod s3_differentiation;
pub mod s4_1_gradient;
pub mod s4_2_simple_net;
pub mod s5_1_gradient;
pub mod s5_1_two_layer_net;
pub mod s5_2_training;
