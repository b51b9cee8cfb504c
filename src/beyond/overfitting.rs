//! 4.1.2 by experiment: a net that learns from too few images.
//!
//! The goal of learning is generalization (汎化能力, 泛化能力, 범용 능력): right answers for images that
//! the net has not seen. Therefore some images, the test images, are never used for learning. In
//! overfitting (過学習, 过拟合, 오버피팅) the net learns what only its few training images have in common,
//! and answers much worse for others. With the 60,000 images of the book this does not happen.
#![cfg_attr(doc, doc = "", doc = include_str!("../../fixtures/figures/overfitting.svg"))]

use crate::ch04::s5_1_two_layer_net::TwoLayerNet;
use crate::ch04::s5_2_training::History;
use crate::fast::mini_batch::CompressedMnist;
use crate::fast::training::{Settings, fast_train};
use crate::formats::mnist::{CLASSES, PIXELS};
use crate::numeric::random::Xorshift64Star;

/// Trains the book's net on the first 300 images alone, for 150 epochs with a learning rate of 0.5.
/// In the end the accuracy is 1 in training and about 0.8 in the test.
pub fn overfitted(data: &CompressedMnist, threads: usize) -> Result<History, String> {
    let data = CompressedMnist { train: data.train.first(300), test: data.test.clone() };
    let mut settings = Settings::new(450, threads);
    settings.hyperparameters.learning_rate = 0.5;
    let mut rng = Xorshift64Star::new(0);
    let mut net = TwoLayerNet::new(PIXELS, 50, CLASSES, 0.01, &mut rng);
    fast_train(&mut net, &data, &settings, &mut rng)
}
