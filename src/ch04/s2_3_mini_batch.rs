//! 4.2.3: the data set for learning, and mini-batches (ミニバッチ, 小批量, 미니배치) from it.
//!
//! `formats/mnist.rs` finds and reads the files. Exercise e09. Tests: `cargo test section_4_2`.

use std::io;
use std::path::Path;

use super::s2_4_targets::Labels;
use crate::formats::mnist::{self, PIXELS, Part};
use crate::numeric::matrix::Matrix;
use crate::numeric::random::Rng;

/// The book's `(x_train, t_train), (x_test, t_test) = load_mnist(normalize=True)`: 60,000 images to
/// learn from, and 10,000 test images (テストデータ, 测试数据, 시험 데이터).
///
/// The pixels take 8 bytes each here, 440 MB in all; in the book they take 4 bytes.
/// `fast/mini_batch.rs` keeps them in 32 MB. The 280,000 images of EMNIST need 1.8 GB here.
///
/// # Errors
/// If the folder does not have the four files of MNIST.
pub fn load_mnist(folder: &Path) -> io::Result<Mnist> {
    let train = Dataset::new(&mnist::load_train(folder)?);
    let test = Dataset::new(&mnist::load_test(folder)?);
    Ok(Mnist { train, test })
}

/// Both parts of the data set.
#[derive(Clone, Debug)]
pub struct Mnist {
    /// The training images: the net learns from them
    pub train: Dataset,
    /// The test images: the net never learns from them
    pub test: Dataset,
}

/// Images, and for each image the digit that it shows.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// The book's `x_train`: (images, 784). Each pixel is a number from 0.0 to 1.0
    pub images: Matrix,
    /// The book's `t_train`: (images), numbers from 0 to 9
    pub labels: Labels,
}

impl Dataset {
    /// The images and labels of one part of MNIST, ready for the net.
    pub fn new(part: &Part) -> Self {
        let pixel = |n: usize, i: usize| normalized(part.pixels()[n * PIXELS + i]);
        Self {
            images: Matrix::from_fn(part.labels.len(), PIXELS, pixel),
            labels: Labels::from_digits(&part.labels),
        }
    }

    /// A mini-batch of `batch_size` random samples: x: (`batch_size`, 784), t: (`batch_size`). Their
    /// indices are those of `np.random.choice`, see `numeric/random.rs`.
    ///
    /// # Panics
    /// If there are no images to choose from.
    #[track_caller]
    pub fn mini_batch(&self, batch_size: usize, rng: &mut impl Rng) -> (Matrix, Labels) {
        let train_size = self.images.rows();
        let batch_mask = rng.choice(train_size, batch_size);
        self.select(&batch_mask)
    }

    /// The samples with these indices: x: (indices, 784), t: (indices).
    #[track_caller]
    pub fn select(&self, batch_mask: &[usize]) -> (Matrix, Labels) {
        (self.images.select_rows(batch_mask), self.labels.select(batch_mask))
    }
}

/// A grey level from 0 to 255 as a number from 0.0 to 1.0. The book divides 32-bit numbers
/// (`astype(np.float32) / 255.0`), so we divide as `f32`, and then store as `f64`.
pub fn normalized(level: u8) -> f64 {
    f64::from(f32::from(level) / 255.0)
}
