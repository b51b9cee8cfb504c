//! 4.5.2 and 4.5.3: learning with mini-batches, and the accuracy at each epoch (エポック, 轮次, 에폭).
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
/// let history = train(&mut net, &data, &Hyperparameters::default(), &mut rng);
/// assert_eq!(history.losses.len(), 10_000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// One line differs from the book. There, `iter_per_epoch` is `train_size / batch_size`, a float.
/// If `batch_size` does not divide `train_size`, the book's condition `i % iter_per_epoch == 0` is
/// true less often: with batches of 128 at the iterations 0, 1875, 3750 …. Here the quotient is
/// rounded down, and the condition is true at 0, 468, 936 …. With batches of 100 both are 600. The
/// command follows the book's rule with `--random numpy`, which repeats the book's run.
///
/// `fast/training.rs` does the same on several threads. The command uses that one.
///
/// # Panics
/// If the batch size is 0, there are no training images, or the images do not fit the net.
#[track_caller]
pub fn train(
    net: &mut TwoLayerNet,
    data: &Mnist,
    hyperparameters: &Hyperparameters,
    rng: &mut impl Rng,
) -> History {
    let &Hyperparameters { iterations, batch_size, learning_rate } = hyperparameters;
    let (train, test) = (&data.train, &data.test);
    let iter_per_epoch = iterations_per_epoch(train.images.rows(), batch_size);
    let mut history = History::default();

    for i in 0..iterations {
        let (x, t) = train.mini_batch(batch_size, rng);

        // The book first has `net.numerical_gradient(&x, &t)` here, which takes about a minute.
        let gradient = net.gradient(&x, &t);

        net.params.descend(&gradient, learning_rate);

        history.losses.push(net.loss(&x, &t));

        if i % iter_per_epoch == 0 {
            let accuracy = Accuracy {
                train: net.accuracy(&train.images, &train.labels),
                test: net.accuracy(&test.images, &test.labels),
            };
            history.accuracies.push((i, accuracy));
        }
    }
    history
}

/// How many iterations make an epoch: 600 for 60,000 images and mini-batches of 100.
///
/// # Panics
/// If one of the two is 0.
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
}

impl Default for Hyperparameters {
    fn default() -> Self {
        Self { iterations: 10_000, batch_size: 100, learning_rate: 0.1 }
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
