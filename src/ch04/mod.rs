//! Chapter 4, "Learning of neural networks" (ニューラルネットワークの学習, 神经网络的学习, 신경망 학습).
//!
//! Each file has the number of its section in its name, and the files are in the order of the book:
//!
//! - [`s2_1_loss`]: 4.2.1, 4.2.2 and 4.2.4, loss functions (4.1), (4.2), (4.3)
//! - [`s2_3_mini_batch`]: 4.2.3, `load_mnist`, division by 255, drawing a mini-batch
//! - [`s2_4_targets`]: 4.2.4, one-hot targets and labels
//! - [`s3_differentiation`]: 4.3, numerical differentiation (4.4), its example (4.5)
//! - [`s4_1_gradient`]: 4.4 and 4.4.1, `numerical_gradient`, gradient descent (4.7)
//! - [`s4_2_simple_net`]: 4.4.2, the gradient of a net (4.8)
//! - [`s5_1_two_layer_net`]: 4.5.1, the net with two layers, and its gradient in both ways
//! - [`s5_2_training`]: 4.5.2 and 4.5.3, the training loop, and accuracy at each epoch
//!
//! All of it is plain: loops over a [`Matrix`](crate::numeric::matrix::Matrix), in the order of
//! computation, with the book's letters. The module [`fast`](crate::fast) has faster versions with
//! the same results. Section 4.2.5, an experiment with the net of 4.5.1, is in
//! [`beyond::why_loss`](crate::beyond::why_loss).

pub mod s2_1_loss;
pub mod s2_3_mini_batch;
pub mod s2_4_targets;
pub mod s3_differentiation;
pub mod s4_1_gradient;
pub mod s4_2_simple_net;
pub mod s5_1_two_layer_net;
pub mod s5_2_training;
