//! How much memory a run needs. No command may need more than a gigabyte.

use super::mini_batch::CompressedMnist;
use crate::formats::mnist::{CLASSES, PIXELS};

/// The most bytes of a run, with its data.
const MOST_BYTES: usize = 1 << 30;

/// What a run holds in memory.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Work {
    /// How many hidden units the net has
    pub hidden: usize,
    /// How many samples go through the net at once
    pub samples: usize,
    /// Whether each thread has its own copy of the net and of the layers: for the naive gradient
    pub own_nets: bool,
    /// Whether the pixels of the samples are kept sorted: for the incremental gradient
    pub sorted: bool,
}

impl Work {
    /// An upper bound of the bytes for a number of threads, without the data.
    pub fn bytes(&self, threads: usize) -> usize {
        let Work { hidden, samples, own_nets, sorted } = *self;
        // The net, the net before some steps, the parts of the threads, and the gradient twice.
        let net = hidden * (PIXELS + 1 + CLASSES) + CLASSES;
        // z1 of this step and of the step before, and ∂L/∂z1 and ∂L/∂a1.
        let layers = samples * hidden;
        // A thread has a few matrices of scores, and evaluates 100 images at a time.
        let of_a_thread =
            5 * samples * CLASSES + 200 * hidden + if own_nets { net + 2 * layers } else { 0 };
        // The images of many small mini-batches, or of one large one, are copied at once.
        let copied = if own_nets { samples } else { samples.max(10_000) };
        // Each pixel has a place and a value, now and for the next step.
        let of_a_pixel = match (sorted, own_nets) {
            (true, _) => 16,
            (false, true) => 0,
            (false, false) => 5,
        };
        let pixels = 3 * copied * (PIXELS + 6) + 2 * of_a_pixel * samples * (PIXELS + 1);
        8 * (5 * net + 5 * layers + threads * of_a_thread) + pixels
    }

    /// The bytes of the data, and of the probabilities while they are evaluated.
    pub fn bytes_of_data(data: &CompressedMnist) -> usize {
        let of_samples = 8 * (2 + 2 * CLASSES) * data.train.labels.len();
        data.train.images.bytes() + data.test.images.bytes() + of_samples
    }

    /// The number of threads, or fewer if not so many fit beside the data. If one does not fit, the
    /// error is the number of bytes that it needs.
    pub fn fitting_threads(&self, data: &CompressedMnist, threads: usize) -> Result<usize, usize> {
        let data = Self::bytes_of_data(data);
        let bytes = |threads| data.saturating_add(self.bytes(threads));
        (1..=threads).rev().find(|&threads| bytes(threads) <= MOST_BYTES).ok_or(bytes(1))
    }
}
