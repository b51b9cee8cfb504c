//! Images without their zeros: little memory, and products that leave the zeros out.
//!
//! Four of five pixels of MNIST are 0, and 0 · w adds nothing to a sum. A net needs two products of
//! its input, x · W and xᵀ · d. The bits are those of the plain products, as long as W and d are
//! finite: 0 · ∞ is NaN in a plain product, and is left out here.

use std::ops::Range;

use super::matrix::add_product;
use crate::numeric::matrix::{Matrix, assert_product};

/// A matrix in "compressed sparse row" format: only the entries that are not 0 are stored. An entry
/// takes 3 bytes: 2 for its column, and 1 for an index into a table of 256 values.
#[derive(Clone, Debug)]
pub struct CompressedRows {
    columns: usize,
    /// The entries of row i are at `starts[i] .. starts[i + 1]`, by ascending column.
    starts: Vec<usize>,
    entry_columns: Vec<u16>,
    entry_levels: Vec<u8>,
    values: [f64; 256],
}

impl CompressedRows {
    /// Compresses rows of `columns` bytes, at most 65,536. A byte v means the number `values[v]`;
    /// `values[0]` is 0.
    pub fn new(bytes: &[u8], columns: usize, values: [f64; 256]) -> Self {
        assert!(
            (1..=1 << 16).contains(&columns) && bytes.len().is_multiple_of(columns),
            "CompressedRows: {} bytes in rows of {columns}",
            bytes.len()
        );
        assert!(values[0] == 0.0, "CompressedRows: byte 0 is left out");
        let count = bytes.iter().filter(|&&v| v != 0).count();
        let mut compressed = Self::with_capacity(bytes.len() / columns, count, columns, values);
        for row in bytes.chunks_exact(columns) {
            for (column, &level) in row.iter().enumerate() {
                if level != 0 {
                    compressed.entry_columns.push(column as u16);
                    compressed.entry_levels.push(level);
                }
            }
            compressed.starts.push(compressed.entry_columns.len());
        }
        compressed
    }

    /// No rows yet. All memory is reserved at once: a Vec that grows exists twice for a moment.
    fn with_capacity(rows: usize, entries: usize, columns: usize, values: [f64; 256]) -> Self {
        let mut starts = Vec::with_capacity(rows + 1);
        starts.push(0);
        let entry_columns = Vec::with_capacity(entries);
        Self { columns, starts, entry_columns, entry_levels: Vec::with_capacity(entries), values }
    }

    /// N, the number of rows. A row is a sample.
    pub fn rows(&self) -> usize {
        self.starts.len() - 1
    }

    /// The number of values of one row.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// How many bytes of memory the rows take.
    pub fn bytes(&self) -> usize {
        8 * self.starts.len() + 3 * self.entry_columns.len()
    }

    /// The entries of row i: (column, value), by ascending column.
    pub fn entries(&self, i: usize) -> impl Iterator<Item = (usize, f64)> {
        self.levels(i).map(|(column, level)| (column, self.values[usize::from(level)]))
    }

    /// x · W, with W: (inputs, m), result: (N, m): the twin of [`Matrix::dot`].
    pub fn dot(&self, w: &Matrix) -> Matrix {
        let x_shape = (self.rows(), self.columns());
        assert_product("dot", x_shape, w.shape(), self.columns() == w.rows());
        let mut c = Matrix::zeros(self.rows(), w.columns());
        add_product(|n| self.entries(n), w, &mut c);
        c
    }

    /// xᵀ · d, with d: (N, m), result: (inputs, m): the twin of [`Matrix::transpose_dot`].
    pub fn transpose_dot(&self, d: &Matrix) -> Matrix {
        let mut c = Matrix::zeros(self.columns(), d.columns());
        let lists = ColumnLists::new(self, 0..self.rows());
        let copy = |i, row: &[f64]| c.row_mut(i).copy_from_slice(row);
        self.for_each_row_of_transpose_dot(&[&lists], d, copy);
        c
    }

    /// The rows with these indices, in this order, copied. An index may occur more than once.
    pub fn select_rows(&self, indices: &[usize]) -> Self {
        let count = indices.iter().map(|&i| self.raw_row(i).0.len()).sum();
        let mut rows = Self::with_capacity(indices.len(), count, self.columns, self.values);
        for &i in indices {
            let (columns, levels) = self.raw_row(i);
            rows.entry_columns.extend_from_slice(columns);
            rows.entry_levels.extend_from_slice(levels);
            rows.starts.push(rows.entry_columns.len());
        }
        rows
    }

    /// The bytes of row i that are not 0: (column, byte), by ascending column.
    pub fn levels(&self, i: usize) -> impl Iterator<Item = (usize, u8)> {
        let (columns, levels) = self.raw_row(i);
        columns.iter().zip(levels).map(|(&column, &level)| (column.into(), level))
    }

    fn raw_row(&self, i: usize) -> (&[u16], &[u8]) {
        assert!(i < self.rows(), "row {i} of {} compressed rows", self.rows());
        let range = self.starts[i]..self.starts[i + 1];
        (&self.entry_columns[range.clone()], &self.entry_levels[range])
    }

    /// The rows with their zeros, as a matrix: (rows, columns).
    pub fn to_matrix(&self) -> Matrix {
        let mut x = Matrix::zeros(self.rows(), self.columns());
        for n in 0..self.rows() {
            for (i, value) in self.entries(n) {
                x[(n, i)] = value;
            }
        }
        x
    }

    /// Computes xᵀ · d, with d: (N, m), and calls `f` with the index and the numbers of each row.
    /// Rows for which x has no entries are 0 and left out. `lists` are the entries of x, one list for
    /// each part of the samples, in order. So a sum has the order of [`Matrix::transpose_dot`].
    pub(super) fn for_each_row_of_transpose_dot(
        &self, lists: &[&ColumnLists], d: &Matrix, mut f: impl FnMut(usize, &[f64]),
    ) {
        let x_shape = (self.rows(), self.columns());
        assert_product("transpose_dot", x_shape, d.shape(), self.rows() == d.rows());
        let mut row = Matrix::zeros(1, d.columns());
        for i in 0..self.columns() {
            if lists.iter().all(|list| list.column(i).0.is_empty()) {
                continue;
            }
            row.as_mut_slice().fill(0.0);
            for list in lists {
                let (samples, levels) = list.column(i);
                let entry =
                    |(&n, &level): (&u32, &u8)| (n as usize, self.values[usize::from(level)]);
                add_product(|_| samples.iter().zip(levels).map(entry), d, &mut row);
            }
            f(i, row.as_slice());
        }
    }
}

/// The entries of some samples by column, and by ascending sample within a column.
#[derive(Default)]
pub(super) struct ColumnLists {
    /// The entries of column i are at `starts[i] .. starts[i + 1]`.
    starts: Vec<usize>,
    samples: Vec<u32>,
    levels: Vec<u8>,
}

impl ColumnLists {
    /// A counting sort by column.
    pub(super) fn new(x: &CompressedRows, samples: Range<usize>) -> Self {
        let mut starts = vec![0; x.columns() + 1];
        for &column in &x.entry_columns[x.starts[samples.start]..x.starts[samples.end]] {
            starts[usize::from(column) + 1] += 1;
        }
        for i in 0..x.columns() {
            starts[i + 1] += starts[i];
        }
        let total = starts[x.columns()];
        let mut lists = Self { samples: vec![0; total], levels: vec![0; total], starts };
        let mut next = lists.starts.clone();
        for n in samples {
            for (column, level) in x.levels(n) {
                let next = &mut next[column];
                lists.samples[*next] = n as u32;
                lists.levels[*next] = level;
                *next += 1;
            }
        }
        lists
    }

    fn column(&self, i: usize) -> (&[u32], &[u8]) {
        let list = self.starts[i]..self.starts[i + 1];
        (&self.samples[list.clone()], &self.levels[list])
    }
}
