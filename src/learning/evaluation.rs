//! What a net has learned, on a whole data set: its answers, their accuracy (認識精度, 识别精度), and
//! which digit it takes for which. Section 4.5.3.

use super::mnist::{CLASSES, Dataset};
use super::targets::Labels;
use super::two_layer_net::TwoLayerNet;
use crate::numeric::matrix::Matrix;
use crate::numeric::team::share_range;

/// How many images pass through the net at once: few enough to stay in the cache.
const EVALUATION_BATCH: usize = 100;

/// What `of` makes of the probabilities of each batch, in order. The threads share out the batches.
fn by_batches<R: Send>(
    net: &TwoLayerNet,
    data: &Dataset,
    threads: usize,
    of: impl Fn(Matrix) -> R + Sync,
) -> Vec<R> {
    let size = data.images.rows();
    let of_batch = |batch: usize| {
        let first = batch * EVALUATION_BATCH;
        let indices: Vec<usize> = (first..size.min(first + EVALUATION_BATCH)).collect();
        of(net.predict(&data.images.select_rows(&indices)))
    };
    let batches = size.div_ceil(EVALUATION_BATCH);
    let parts: Vec<Vec<R>> = share_range(batches, threads, |share| share.map(of_batch).collect());
    parts.into_iter().flatten().collect()
}

/// y: (images, classes). The numbers do not depend on how many threads there are.
///
/// # Panics
/// If an image has not as many pixels as the net has inputs.
#[track_caller]
pub fn probabilities(net: &TwoLayerNet, data: &Dataset, threads: usize) -> Matrix {
    Matrix::stack(by_batches(net, data, threads, |y| y).iter())
}

/// For each image the digit with the largest probability. The answers do not depend on how many
/// threads there are.
///
/// # Panics
/// If an image has not as many pixels as the net has inputs.
#[track_caller]
pub fn answers(net: &TwoLayerNet, data: &Dataset, threads: usize) -> Vec<usize> {
    by_batches(net, data, threads, |y| y.argmax_rows()).concat()
}

/// The share of right answers. NaN for no images.
///
/// # Panics
/// If an image has not as many pixels as the net has inputs, or there is not one label an image.
#[track_caller]
pub fn accuracy(net: &TwoLayerNet, data: &Dataset, threads: usize) -> f64 {
    let answers = answers(net, data, threads);
    data.labels.count_equal(&answers) as f64 / answers.len() as f64
}

/// How often each digit was answered for each: the confusion matrix (混同行列, 混淆矩阵).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfusionMatrix {
    /// `counts[label][answer]`
    pub counts: [[usize; CLASSES]; CLASSES],
}

impl ConfusionMatrix {
    /// Counts the answers to images with these labels.
    ///
    /// # Panics
    /// If there is not one answer a label, or one of either is no digit.
    #[track_caller]
    pub fn new(labels: &Labels, answers: &[usize]) -> Self {
        let count = (labels.len(), answers.len());
        assert!(count.0 == count.1, "ConfusionMatrix: {} labels and {} answers", count.0, count.1);
        let mut digits = labels.as_slice().iter().chain(answers);
        if let Some(found) = digits.find(|&&digit| digit >= CLASSES) {
            panic!("ConfusionMatrix: {found} is no digit");
        }
        let mut counts = [[0; CLASSES]; CLASSES];
        for (&label, &answer) in labels.as_slice().iter().zip(answers) {
            counts[label][answer] += 1;
        }
        Self { counts }
    }

    /// How many images show this digit.
    ///
    /// # Panics
    /// If it is no digit.
    #[track_caller]
    pub fn images(&self, digit: usize) -> usize {
        assert!(digit < CLASSES, "images: {digit} is no digit");
        self.counts[digit].iter().sum()
    }

    /// How many of all answers are right: the diagonal.
    pub fn correct(&self) -> usize {
        (0..CLASSES).map(|digit| self.counts[digit][digit]).sum()
    }
}
