//! Rows kept as their non-zero entries: a data set small in memory, a product without the zeros.
//!
//! Four of five MNIST pixels are 0, and 0 · w adds nothing to a sum. What the net asks of its
//! input is two products, x·W and xᵀ·d. [`Input`] names the two; a [`Matrix`] and a
//! [`Batch`] of compressed rows both have them, with the same bits, so that `learning/`
//! has one text for both.

use super::matrix::{Matrix, add_scaled};

/// What a layer asks of its input x: (n, k), one sample a row.
pub trait Input {
    /// n, the number of samples.
    fn rows(&self) -> usize;

    /// k, the number of values of one sample.
    fn columns(&self) -> usize;

    /// x · W, with W: (k, m), result: (n, m). See [`Matrix::dot`].
    fn dot(&self, w: &Matrix) -> Matrix;

    /// xᵀ · d, with d: (n, m), result: (k, m). See [`Matrix::transpose_dot`].
    fn transpose_dot(&self, d: &Matrix) -> Matrix;
}

impl Input for Matrix {
    fn rows(&self) -> usize {
        Matrix::rows(self)
    }

    fn columns(&self) -> usize {
        Matrix::columns(self)
    }

    #[track_caller]
    fn dot(&self, w: &Matrix) -> Matrix {
        Matrix::dot(self, w)
    }

    #[track_caller]
    fn transpose_dot(&self, d: &Matrix) -> Matrix {
        Matrix::transpose_dot(self, d)
    }
}

/// One entry is 3 bytes: its column, and which of 256 values it has.
///
/// Row i's entries stand at `starts[i] .. starts[i + 1]` of `entry_columns` and `entry_levels`, by
/// ascending column: the "compressed sparse row" format, with a table for the values.
#[derive(Clone, Debug)]
pub struct CompressedRows {
    columns: usize,
    starts: Vec<usize>,
    entry_columns: Vec<u16>,
    entry_levels: Vec<u8>,
    values: [f64; 256],
}

impl CompressedRows {
    /// Compresses rows of bytes, `columns` to a row; a byte v stands for the number `values[v]`.
    /// Only the byte 0 is left out, so `values[0]` must be 0.
    ///
    /// # Panics
    /// If the bytes are not whole rows, if there are over 65,536 columns or none, or if `values[0]`
    /// is not 0.
    #[track_caller]
    pub fn new(bytes: &[u8], columns: usize, values: [f64; 256]) -> Self {
        assert!(
            (1..=1 << 16).contains(&columns) && bytes.len().is_multiple_of(columns),
            "CompressedRows: {} bytes in rows of {columns}",
            bytes.len()
        );
        assert_eq!(values[0], 0.0, "CompressedRows: byte 0 is left out");
        // Counted first: a Vec that grows would need half as much memory again.
        let entries = bytes.iter().filter(|&&v| v != 0).count();
        let mut starts = Vec::with_capacity(bytes.len() / columns + 1);
        let mut entry_columns = Vec::with_capacity(entries);
        let mut entry_levels = Vec::with_capacity(entries);
        starts.push(0);
        for row in bytes.chunks_exact(columns) {
            for (column, &level) in row.iter().enumerate() {
                if level != 0 {
                    entry_columns.push(column as u16);
                    entry_levels.push(level);
                }
            }
            starts.push(entry_columns.len());
        }
        Self {
            columns,
            starts,
            entry_columns,
            entry_levels,
            values,
        }
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.starts.len() - 1
    }

    /// The number of columns, zeros included.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The non-zero entries of row i: (column, value), by ascending column.
    ///
    /// # Panics
    /// If there is no row i.
    #[track_caller]
    pub fn row(&self, i: usize) -> impl Iterator<Item = (usize, f64)> {
        assert!(
            i < self.rows(),
            "row {i} of {} compressed rows",
            self.rows()
        );
        let entries = self.starts[i]..self.starts[i + 1];
        let columns = &self.entry_columns[entries.clone()];
        let levels = &self.entry_levels[entries];
        let entries = columns.iter().zip(levels);
        entries.map(|(&column, &level)| (usize::from(column), self.values[usize::from(level)]))
    }

    /// A mini-batch: the rows with these indices, in this order, repeats allowed. Nothing is
    /// copied.
    ///
    /// # Panics
    /// If there is no such row.
    #[track_caller]
    pub fn select_rows(&self, indices: impl IntoIterator<Item = usize>) -> Batch<'_> {
        let indices: Vec<usize> = indices.into_iter().collect();
        for &i in &indices {
            assert!(
                i < self.rows(),
                "row {i} of {} compressed rows",
                self.rows()
            );
        }
        Batch {
            source: self,
            indices,
        }
    }
}

/// Some rows of a [`CompressedRows`], as the input of a net.
#[derive(Clone, Debug)]
pub struct Batch<'a> {
    source: &'a CompressedRows,
    indices: Vec<usize>,
}

impl Batch<'_> {
    /// The non-zero entries of row n of the batch: (column, value), by ascending column.
    ///
    /// # Panics
    /// If there is no row n.
    #[track_caller]
    pub fn row(&self, n: usize) -> impl Iterator<Item = (usize, f64)> {
        self.source.row(self.indices[n])
    }

    /// The same rows with their zeros: (rows, columns).
    pub fn to_matrix(&self) -> Matrix {
        let mut x = Matrix::zeros(self.rows(), self.columns());
        for n in 0..self.rows() {
            for (i, value) in self.row(n) {
                x[(n, i)] = value;
            }
        }
        x
    }
}

impl Input for Batch<'_> {
    fn rows(&self) -> usize {
        self.indices.len()
    }

    fn columns(&self) -> usize {
        self.source.columns
    }

    #[track_caller]
    fn dot(&self, w: &Matrix) -> Matrix {
        assert!(
            self.columns() == w.rows(),
            "dot: {:?} x {:?}",
            (self.rows(), self.columns()),
            w.shape()
        );
        let mut c = Matrix::zeros(self.rows(), w.columns());
        for n in 0..self.rows() {
            for (i, value) in self.row(n) {
                add_scaled(c.row_mut(n), value, w.row(i));
            }
        }
        c
    }

    #[track_caller]
    fn transpose_dot(&self, d: &Matrix) -> Matrix {
        assert!(
            self.rows() == d.rows(),
            "transpose_dot: {:?} x {:?}",
            (self.rows(), self.columns()),
            d.shape()
        );
        let mut c = Matrix::zeros(self.columns(), d.columns());
        for n in 0..self.rows() {
            for (i, value) in self.row(n) {
                add_scaled(c.row_mut(i), value, d.row(n));
            }
        }
        c
    }
}
