//! Section 4.1: learning from data.

use crate::common::mnist;
use from_zero::beyond::overfitting::overfitted;
use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::fast::evaluation::fast_accuracy;
use from_zero::fast::training::{Settings, fast_train};
use from_zero::numeric::random::Xorshift64Star;

// 4.1.2
#[test]
fn a_net_that_learns_from_300_images_is_overfitted() {
    let history = overfitted(mnist(), 1).expect("a finite loss");
    let (last, end) = history.accuracies[history.accuracies.len() - 1];
    assert_eq!((history.losses.len(), last, history.accuracies.len()), (450, 447, 150));
    assert_eq!(end.train, 1.0);
    assert!((0.75..0.85).contains(&end.test), "{end:?}");
    // It was not so from the beginning.
    let (_, begin) = history.accuracies[0];
    assert!(begin.train < 0.3 && (begin.train - begin.test).abs() < 0.05, "{begin:?}");

    // With all images the same number of updates is better in the test, and alike in both.
    let mut settings = Settings::new(450, 1);
    settings.hyperparameters.learning_rate = 0.5;
    let mut rng = Xorshift64Star::new(0);
    let mut net = TwoLayerNet::new(784, 50, 10, 0.01, &mut rng);
    fast_train(&mut net, mnist(), &settings, &mut rng).expect("a finite loss");
    let [train, test] =
        [&mnist().train, &mnist().test].map(|images| fast_accuracy(&net, images, 1));
    assert!(test > 0.88 && (train - test).abs() < 0.02, "{train} {test}");
}
