//! The right answers, in the two forms of the book: class labels, and one-hot rows.
//!
//! Here we leave the book: its section 4.2.4 has one name for two functions, and the one for labels,
//! `y[np.arange(batch_size), t]`, takes a one-hot [0, 0, 1] for the labels 0, 0 and 1 of a single
//! row: NumPy's broadcasting makes a number of it. Published notes print the gradient that follows,
//! every sign of it wrong. Two types can't be mistaken for one another:
//!
//! ```
//! use from_zero::learning::loss::cross_entropy_labels;
//! use from_zero::learning::targets::OneHot;
//! use from_zero::numeric::matrix::Matrix;
//! let y = Matrix::from_rows(&[[0.2, 0.2, 0.6]]);
//! let t = OneHot::from_rows(&[[0.0, 0.0, 1.0]]);
//! cross_entropy_labels(&y, &t.labels()); // the label 2
//! ```
//!
//! ```compile_fail,E0308
//! use from_zero::learning::loss::cross_entropy_labels;
//! use from_zero::learning::targets::OneHot;
//! use from_zero::numeric::matrix::Matrix;
//! let y = Matrix::from_rows(&[[0.2, 0.2, 0.6]]);
//! let t = OneHot::from_rows(&[[0.0, 0.0, 1.0]]);
//! cross_entropy_labels(&y, &t); // mismatched types: expected `&Labels`, found `&OneHot`
//! ```

use std::ops::Range;

use crate::numeric::matrix::Matrix;

/// For each sample the number of its class: 7 for a picture of a seven. (正解ラベル, 正确解标签)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels(Vec<usize>);

impl Labels {
    /// One label a sample.
    pub fn new(labels: Vec<usize>) -> Self {
        Self(labels)
    }

    /// The number of samples.
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

    /// How many of these answers, one a sample, are right.
    ///
    /// # Panics
    /// If there is not one answer a label.
    #[track_caller]
    pub fn count_equal(&self, answers: &[usize]) -> usize {
        let (labels, count) = (self.len(), answers.len());
        assert!(labels == count, "count_equal: {labels} labels and {count} answers");
        self.0.iter().zip(answers).filter(|(label, answer)| label == answer).count()
    }

    /// The labels of the samples with these indices, in this order (`t[batch_mask]`).
    ///
    /// # Panics
    /// If there is no such sample.
    #[track_caller]
    pub fn select(&self, indices: &[usize]) -> Labels {
        if let Some(i) = indices.iter().find(|&&i| i >= self.len()) {
            panic!("select: sample {i} of {}", self.len());
        }
        Self(indices.iter().map(|&i| self.0[i]).collect())
    }

    /// The labels of some of the samples, in their order.
    ///
    /// # Panics
    /// If the range goes beyond the samples, or ends before it starts.
    #[track_caller]
    pub fn slice(&self, samples: Range<usize>) -> Labels {
        let Some(labels) = self.0.get(samples.clone()) else {
            panic!("slice: samples {samples:?} of {}", self.len());
        };
        Self(labels.to_vec())
    }

    /// The same as one-hot rows: (samples, classes).
    ///
    /// # Panics
    /// If a label is not below `classes`.
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

/// For each sample a row with 1 at its class and 0 elsewhere: (samples, classes). (ワンホット, 独热编码)
#[derive(Clone, Debug, PartialEq)]
pub struct OneHot(Matrix);

impl OneHot {
    /// Rows that are one-hot already.
    ///
    /// # Panics
    /// If a row is not all 0 but for a single 1.
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

    /// Rows as they are written down.
    ///
    /// # Panics
    /// If a row is not all 0 but for a single 1.
    #[track_caller]
    pub fn from_rows<const CLASSES: usize>(rows: &[[f64; CLASSES]]) -> Self {
        Self::new(Matrix::from_rows(rows))
    }

    /// The rows as a matrix.
    pub fn matrix(&self) -> &Matrix {
        &self.0
    }

    /// The same as class labels.
    pub fn labels(&self) -> Labels {
        Labels(self.0.argmax_rows())
    }
}
