//! 4.5.2 and 4.5.3: learning with mini-batches, and the accuracy at each epoch (エポック, 轮次, 에폭).
//! Exercise e17. Tests: `cargo test section_4_5`.
//!
//! Learning has four steps, again and again: choose a mini-batch, compute the gradient, update the
//! parameters, begin again.
#![cfg_attr(doc, doc = "", doc = include_str!("../../fixtures/figures/figure-4-11.svg"))]
#![cfg_attr(doc, doc = "", doc = include_str!("../../fixtures/figures/figure-4-12.svg"))]

use super::s2_3_mini_batch::Mnist;
use super::s5_1_two_layer_net::TwoLayerNet;
use crate::numeric::random::Rng;

/// Trains the net by stochastic gradient descent (確率的勾配降下法, 随机梯度下降法, 확률적 경사 하강법) and returns
/// the numbers that figures 4-11 and 4-12 show.
///
/// ```no_run
/// use std::path::Path;
/// use from_zero::ch04::s2_3_mini_batch::load_mnist;
/// use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
/// use from_zero::ch04::s5_2_training::{Hyperparameters, train};
/// use from_zero::numeric::random::Xorshift64Star;
///
/// let data = load_mnist(Path::new("fixtures/mnist"))?;
/// let mut rng = Xorshift64Star::new(0);
/// let mut net = TwoLayerNet::new(784, 50, 10, 0.01, &mut rng);
/// let history = train(&mut net, &data, &Hyperparameters::default(), &mut rng, |i, accuracy| {
///     println!("{i}: {} in the test", accuracy.test);
/// });
/// assert_eq!(history.losses.len(), 10_000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// `cargo run --release -- --plain` runs this function. Without `--plain`, the command runs its twin
/// in `fast/training.rs`, on several threads and with the same results.
#[track_caller]
pub fn train(
    net: &mut TwoLayerNet, data: &Mnist, hyperparameters: &Hyperparameters, rng: &mut impl Rng,
    mut at_epoch: impl FnMut(usize, Accuracy),
) -> History {
    let &Hyperparameters { iterations, batch_size, learning_rate, numerical } = hyperparameters;
    let (train, test) = (&data.train, &data.test);
    let iter_per_epoch = iterations_per_epoch(train.images.rows(), batch_size);
    let mut history = History::default();

    for i in 0..iterations {
        let (x, t) = train.mini_batch(batch_size, rng);

        let gradient = match numerical {
            true => net.numerical_gradient(&x, &t), // takes about a minute
            false => net.gradient(&x, &t),
        };

        net.params.descend(&gradient, learning_rate);

        history.losses.push(net.loss(&x, &t));

        if i % iter_per_epoch == 0 {
            let accuracy = Accuracy {
                train: net.accuracy(&train.images, &train.labels),
                test: net.accuracy(&test.images, &test.labels),
            };
            history.accuracies.push((i, accuracy));
            at_epoch(i, accuracy); // where the book prints them
        }
    }
    history
}

/// How many iterations make an epoch: 600 for 60,000 images and mini-batches of 100.
///
/// In the book, `iter_per_epoch` is a float. If `batch_size` does not divide `train_size`, its
/// condition `i % iter_per_epoch == 0` is rarely true: with batches of 128 only at 0, 1875, 3750 ….
/// Here the quotient is rounded down: 0, 468, 936 …. With batches of 100 both rules give 600. The
/// command follows the book's rule with `--random numpy`, which repeats the book's run.
///
/// The images are drawn at random, so an epoch does not show every image once. Of 60,000 draws from
/// 60,000 images, 63.2 % (1 − 1/e) of the images are drawn at least once.
#[track_caller]
pub(crate) fn iterations_per_epoch(train_size: usize, batch_size: usize) -> usize {
    assert!(
        batch_size > 0 && train_size > 0,
        "train: mini-batches of {batch_size} from {train_size} images"
    );
    (train_size / batch_size).max(1)
}

/// The hyperparameters (ハイパーパラメータ, 超参数, 하이퍼파라미터). The default is the book's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyperparameters {
    /// `iters_num`, the number of updates
    pub iterations: usize,
    /// `batch_size`: N, the number of samples in a mini-batch
    pub batch_size: usize,
    /// `learning_rate`: η
    pub learning_rate: f64,
    /// Whether [`train`] uses the numerical gradient, as the program of section 4.5.2. Otherwise it
    /// uses backpropagation. `fast/training.rs` chooses in another way
    pub numerical: bool,
}

impl Default for Hyperparameters {
    fn default() -> Self {
        Self { iterations: 10_000, batch_size: 100, learning_rate: 0.1, numerical: false }
    }
}

/// What a run records.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// `train_loss_list`: the loss of the mini-batch after each update
    pub losses: Vec<f64>,
    /// `train_acc_list` and `test_acc_list`: pairs of an iteration and its two accuracies
    pub accuracies: Vec<(usize, Accuracy)>,
}

/// The accuracy on all training images and on all test images.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Accuracy {
    /// `train_acc`: the share of right answers on the training images
    pub train: f64,
    /// `test_acc`: the share of right answers on the test images
    pub test: f64,
}
