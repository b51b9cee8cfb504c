//! Section 4.1: learning from data.

use crate::common::mnist;
use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::fast::evaluation::fast_accuracy;
use from_zero::fast::training::{Settings, fast_train};
use from_zero::numeric::random::Xorshift64Star;

// 4.1.2
#[test]
fn a_net_that_learns_from_all_images_is_not_overfitted() {
    // From 300 images it is: 4.1.2 in src/book.rs has 1 and 0.80, and tests/command/chapter.rs draws
    // the figure. With all images the same number of updates is better in the test, and alike in both.
    let mut settings = Settings::new(450, 1);
    settings.hyperparameters.learning_rate = 0.5;
    let mut rng = Xorshift64Star::new(0);
    let mut net = TwoLayerNet::new(784, 50, 10, 0.01, &mut rng);
    fast_train(&mut net, mnist(), &settings, &mut rng).expect("a finite loss");
    let [train, test] =
        [&mnist().train, &mnist().test].map(|images| fast_accuracy(&net, images, 1));
    assert!(test > 0.88 && (train - test).abs() < 0.02, "{train} {test}");
}
