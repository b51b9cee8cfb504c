//! The fast twin of [`TwoLayerNet::accuracy`], for a whole data set. The threads share the images.

use super::mini_batch::CompressedDataset;
use super::team::share_range;
use super::two_layer_net::predict;
use crate::ch04::s5_1_two_layer_net::TwoLayerNet;
use crate::numeric::matrix::Matrix;

/// How many images go through the net at once. The values of 100 images fit in the cache.
const EVALUATION_BATCH: usize = 100;

/// The share of right answers. It is NaN if there are no images.
pub fn fast_accuracy(net: &TwoLayerNet, data: &CompressedDataset, threads: usize) -> f64 {
    let answers = answers(net, data, threads);
    data.labels.count_equal(&answers) as f64 / answers.len() as f64
}

/// The class with the largest probability, for each image.
pub fn answers(net: &TwoLayerNet, data: &CompressedDataset, threads: usize) -> Vec<usize> {
    probabilities(net, data, threads).argmax_rows()
}

/// The twin of [`TwoLayerNet::predict`]: y: (images, classes).
pub fn probabilities(net: &TwoLayerNet, data: &CompressedDataset, threads: usize) -> Matrix {
    let size = data.images.rows();
    let of_batch = |batch: usize| {
        let first = batch * EVALUATION_BATCH;
        let indices: Vec<usize> = (first..size.min(first + EVALUATION_BATCH)).collect();
        predict(net, &data.images.select_rows(&indices)).into_vec()
    };
    let batches = size.div_ceil(EVALUATION_BATCH);
    let y = share_range(batches, threads, |share| share.map(of_batch).collect::<Vec<_>>().concat());
    Matrix::from_vec(size, net.params.b2.len(), y.concat())
}
