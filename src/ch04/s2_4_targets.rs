//! 4.2.4: the right answers t, in the two forms of the book: class labels and one-hot rows.
//!
//! For the first digits of the book's example the labels are [2, 7, 0, 9, 4], and each one-hot row has
//! one 1: [0, 0, 1, 0, 0, 0, 0, 0, 0, 0] for the 2.
//!
//! The book has one name, `cross_entropy_error`, for two functions. The one for labels contains
//! `y[np.arange(batch_size), t]`. If t is by mistake the one-hot row [0, 0, 1], NumPy reads it as
//! the three labels 0, 0 and 1, and gives a wrong number without an error. Published notes print
//! the wrong gradient that follows from it. Here the two forms are two types, so the mistake does
//! not compile:
//!
//! ```
//! use from_zero::ch04::s2_4_batch_cross_entropy::cross_entropy_labels;
//! use from_zero::ch04::s2_4_targets::OneHot;
//! use from_zero::numeric::matrix::Matrix;
//! let y = Matrix::from_rows(&[[0.2, 0.2, 0.6]]);
//! let t = OneHot::from_rows(&[[0.0, 0.0, 1.0]]);
//! cross_entropy_labels(&y, &t.labels()); // the label 2
//! ```
//!
//! ```compile_fail,E0308
//! use from_zero::ch04::s2_4_batch_cross_entropy::cross_entropy_labels;
//! use from_zero::ch04::s2_4_targets::OneHot;
//! use from_zero::numeric::matrix::Matrix;
//! let y = Matrix::from_rows(&[[0.2, 0.2, 0.6]]);
//! let t = OneHot::from_rows(&[[0.0, 0.0, 1.0]]);
//! cross_entropy_labels(&y, &t); // mismatched types: expected `&Labels`, found `&OneHot`
//! ```

use crate::numeric::matrix::Matrix;

/// One label (正解ラベル, 正确解标签, 정답 레이블) per sample: (N). The label is the number of the class, for
/// example 7 for an image of a seven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels(Vec<usize>);

impl Labels {
    /// One label per sample.
    pub fn new(labels: Vec<usize>) -> Self {
        Self(labels)
    }

    /// The labels from the bytes of MNIST, one digit for each image.
    pub fn from_digits(digits: &[u8]) -> Self {
        Self(digits.iter().map(|&digit| usize::from(digit)).collect())
    }

    /// N, the number of samples.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no samples.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The labels in order.
    pub fn as_slice(&self) -> &[usize] {
        &self.0
    }

    /// The labels of the samples with these indices, in this order (`t_train[batch_mask]`).
    #[track_caller]
    pub fn select(&self, indices: &[usize]) -> Labels {
        if let Some(i) = indices.iter().find(|&&i| i >= self.len()) {
            panic!("select: sample {i} of {}", self.len());
        }
        Self(indices.iter().map(|&i| self.0[i]).collect())
    }

    /// How many of the answers are equal to the labels: `np.sum(y == t)`.
    #[track_caller]
    pub fn count_equal(&self, answers: &[usize]) -> usize {
        let (labels, count) = (self.len(), answers.len());
        assert!(labels == count, "count_equal: {labels} labels and {count} answers");
        (0..labels).filter(|&n| self.0[n] == answers[n]).count()
    }

    /// The labels as one-hot rows: (N, classes).
    #[track_caller]
    pub fn one_hot(&self, classes: usize) -> OneHot {
        let mut t = Matrix::zeros(self.len(), classes);
        for (n, &label) in self.0.iter().enumerate() {
            assert!(label < classes, "one_hot: label {label} of {classes} classes");
            t[(n, label)] = 1.0;
        }
        OneHot(t)
    }
}

/// One-hot rows (ワンホット, 独热编码, 원-핫), one per sample: (N, classes). A row is 1 at the class of the
/// sample and 0 elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct OneHot(Matrix);

impl OneHot {
    /// Makes one-hot rows from a matrix.
    ///
    /// # Panics
    /// If a row is not one 1 and otherwise zeros.
    #[track_caller]
    pub fn new(t: Matrix) -> Self {
        for (n, row) in t.iter_rows().enumerate() {
            let ones = row.iter().filter(|&&v| v == 1.0).count();
            let zeros = row.iter().filter(|&&v| v == 0.0).count();
            assert!(
                ones == 1 && ones + zeros == row.len(),
                "OneHot: row {n} has {ones} ones and {zeros} zeros in {} columns",
                row.len()
            );
        }
        Self(t)
    }

    /// Makes one-hot rows from an array of rows, such as `&[[0.0, 0.0, 1.0]]`.
    #[track_caller]
    pub fn from_rows<const CLASSES: usize>(rows: &[[f64; CLASSES]]) -> Self {
        Self::new(Matrix::from_rows(rows))
    }

    /// The rows as a matrix.
    pub fn matrix(&self) -> &Matrix {
        &self.0
    }

    /// The rows as labels (`t.argmax(axis=1)`).
    pub fn labels(&self) -> Labels {
        Labels(self.0.argmax_rows())
    }
}
