//! Images without their zeros: little memory, and products that leave the zeros out.
//!
//! Four of five pixels of MNIST are 0, and 0 · w adds nothing to a sum. A net needs two products of
//! its input, x · W and xᵀ · d. The incremental gradient needs the entries that are not 0. The
//! trait [`BatchInput`] names these three. A [`Matrix`] and a [`Batch`] of compressed rows
//! implement it.
//!
//! The bits are those of the plain products, as long as W and d are finite. 0 · ∞ is NaN in a plain
//! product, and is left out here.

use std::ops::Range;
use std::sync::Arc;

use super::matrix::{add_weighted_rows, dot_into};
use crate::numeric::matrix::{Matrix, assert_product};

/// The input x: (N, inputs) of a net, with one sample per row.
pub trait BatchInput {
    /// N, the number of samples.
    fn rows(&self) -> usize;

    /// The number of values of one sample.
    fn columns(&self) -> usize;

    /// The entries of sample n that are not 0: (column, value), by ascending column.
    ///
    /// # Panics
    /// If there is no sample n.
    fn entries(&self, n: usize) -> impl Iterator<Item = (usize, f64)>;

    /// c = x · W, with W: (inputs, m), c: (N, m): the twin of [`Matrix::dot`]. The former content
    /// of c does not matter.
    ///
    /// # Panics
    /// If `x.columns()` differs from `W.rows()`.
    fn dot_into(&self, w: &Matrix, c: &mut Matrix);

    /// xᵀ · d, with d: (N, m), result: (inputs, m): the twin of [`Matrix::transpose_dot`].
    ///
    /// # Panics
    /// If x and d differ in rows.
    fn transpose_dot(&self, d: &Matrix) -> Matrix;
}

impl BatchInput for Matrix {
    fn rows(&self) -> usize {
        Matrix::rows(self)
    }

    fn columns(&self) -> usize {
        Matrix::columns(self)
    }

    #[track_caller]
    fn entries(&self, n: usize) -> impl Iterator<Item = (usize, f64)> {
        let row = self.row(n).iter().copied().enumerate();
        row.filter(|&(_, value)| value != 0.0)
    }

    #[track_caller]
    fn dot_into(&self, w: &Matrix, c: &mut Matrix) {
        dot_into(self, w, c);
    }

    #[track_caller]
    fn transpose_dot(&self, d: &Matrix) -> Matrix {
        Matrix::transpose_dot(self, d)
    }
}

/// A matrix of which only the entries that are not 0 are stored. This is the "compressed sparse
/// row" format. An entry takes 3 bytes: 2 for its column, and 1 for an index into a table of 256
/// values. A clone shares the entries with the original.
#[derive(Clone, Debug)]
pub struct CompressedRows {
    entries: Arc<Entries>,
    rows: usize,
}

/// The entries of row i are at `starts[i] .. starts[i + 1]`, by ascending column.
#[derive(Debug)]
struct Entries {
    columns: usize,
    starts: Vec<usize>,
    entry_columns: Vec<u16>,
    entry_levels: Vec<u8>,
    values: [f64; 256],
}

impl CompressedRows {
    /// Compresses rows of bytes with `columns` bytes per row. A byte v means the number
    /// `values[v]`. The bytes 0 are left out.
    ///
    /// # Panics
    /// If the bytes are not whole rows, `columns` is 0 or above 65,536, or `values[0]` is not 0.
    #[track_caller]
    pub fn new(bytes: &[u8], columns: usize, values: [f64; 256]) -> Self {
        assert!(
            (1..=1 << 16).contains(&columns) && bytes.len().is_multiple_of(columns),
            "CompressedRows: {} bytes in rows of {columns}",
            bytes.len()
        );
        assert!(values[0] == 0.0, "CompressedRows: byte 0 is left out");
        // The entries are counted first: a Vec that grows copies itself into a larger block, and
        // for a moment both exist.
        let count = bytes.iter().filter(|&&v| v != 0).count();
        let mut starts = Vec::with_capacity(bytes.len() / columns + 1);
        let mut entry_columns = Vec::with_capacity(count);
        let mut entry_levels = Vec::with_capacity(count);
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
        let rows = starts.len() - 1;
        let entries = Arc::new(Entries { columns, starts, entry_columns, entry_levels, values });
        Self { entries, rows }
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The first `count` rows, or all if there are fewer. No entry is copied.
    pub fn first(&self, count: usize) -> Self {
        Self { rows: count.min(self.rows), ..self.clone() }
    }

    /// The number of columns, including those that are 0.
    pub fn columns(&self) -> usize {
        self.entries.columns
    }

    /// The entries of row i that are not 0: (column, value), by ascending column.
    ///
    /// # Panics
    /// If there is no row i.
    #[track_caller]
    pub fn row(&self, i: usize) -> impl Iterator<Item = (usize, f64)> + Clone {
        let (columns, levels) = self.raw_row(i);
        let entries = columns.iter().zip(levels);
        entries.map(|(&column, &level)| (column.into(), self.entries.values[usize::from(level)]))
    }

    /// The bytes of row i that are not 0: (column, byte), by ascending column.
    ///
    /// # Panics
    /// If there is no row i.
    #[track_caller]
    pub fn levels(&self, i: usize) -> impl Iterator<Item = (usize, u8)> {
        let (columns, levels) = self.raw_row(i);
        columns.iter().zip(levels).map(|(&column, &level)| (column.into(), level))
    }

    /// The columns and the bytes of the entries of row i.
    #[track_caller]
    fn raw_row(&self, i: usize) -> (&[u16], &[u8]) {
        self.check_row(i);
        let e = &*self.entries;
        let range = e.starts[i]..e.starts[i + 1];
        (&e.entry_columns[range.clone()], &e.entry_levels[range])
    }

    #[track_caller]
    fn check_row(&self, i: usize) {
        assert!(i < self.rows(), "row {i} of {} compressed rows", self.rows());
    }

    /// A mini-batch: the rows with these indices, in this order. An index may occur more than once.
    /// No entry is copied.
    ///
    /// # Panics
    /// If there is no such row.
    #[track_caller]
    pub fn select_rows(&self, indices: &[usize]) -> Batch {
        for &i in indices {
            self.check_row(i);
        }
        Batch { source: self.clone(), indices: indices.to_vec() }
    }
}

/// Some rows of [`CompressedRows`]: the input of a net.
#[derive(Clone, Debug)]
pub struct Batch {
    source: CompressedRows,
    indices: Vec<usize>,
}

impl Batch {
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

    /// Computes xᵀ · d, with d: (N, m), row by row: calls `f` with the index and the numbers of
    /// each row. Rows for which x has no entries are 0 and left out.
    ///
    /// `lists` are the entries of this batch by column, for one part of the samples after another.
    /// Each row is a weighted sum of rows of d. Its terms are added in the order of
    /// [`Matrix::transpose_dot`].
    ///
    /// # Panics
    /// If x and d differ in rows.
    #[track_caller]
    pub(super) fn for_each_row_of_transpose_dot(
        &self,
        lists: &[&ColumnLists],
        d: &Matrix,
        mut f: impl FnMut(usize, &[f64]),
    ) {
        let x_shape = (self.rows(), self.columns());
        assert_product("transpose_dot", x_shape, d.shape(), self.rows() == d.rows());
        let values = &self.source.entries.values;
        let mut row = vec![0.0; d.columns()];
        for i in 0..self.columns() {
            row.fill(0.0);
            let mut is_empty = true;
            for list in lists {
                let (samples, levels) = list.column(i);
                is_empty &= samples.is_empty();
                let entries = samples.iter().zip(levels);
                let entries = entries.map(|(&n, &level)| (n as usize, values[usize::from(level)]));
                add_weighted_rows(entries, d.as_slice(), &mut row);
            }
            if !is_empty {
                f(i, &row);
            }
        }
    }
}

/// The entries of some samples of a batch, column after column, and by ascending sample within a
/// column.
pub struct ColumnLists {
    /// The entries of column i are at `starts[i] .. starts[i + 1]`.
    starts: Vec<usize>,
    samples: Vec<u32>,
    levels: Vec<u8>,
}

impl ColumnLists {
    /// A counting sort by column.
    pub(super) fn new(batch: &Batch, share: Range<usize>) -> Self {
        let raw_rows = || share.clone().map(|n| (n, batch.source.raw_row(batch.indices[n])));
        let mut starts = vec![0; batch.columns() + 1];
        for (_, (columns, _)) in raw_rows() {
            for &column in columns {
                starts[usize::from(column) + 1] += 1;
            }
        }
        for i in 0..batch.columns() {
            starts[i + 1] += starts[i];
        }
        let total = starts[batch.columns()];
        let mut next = starts.clone();
        let (mut samples, mut levels) = (vec![0; total], vec![0; total]);
        for (n, (columns, row_levels)) in raw_rows() {
            for (&column, &level) in columns.iter().zip(row_levels) {
                let next = &mut next[usize::from(column)];
                samples[*next] = n as u32;
                levels[*next] = level;
                *next += 1;
            }
        }
        Self { starts, samples, levels }
    }

    /// The samples with an entry in column i, and the bytes of these entries.
    fn column(&self, i: usize) -> (&[u32], &[u8]) {
        let list = self.starts[i]..self.starts[i + 1];
        (&self.samples[list.clone()], &self.levels[list])
    }
}

impl BatchInput for Batch {
    fn rows(&self) -> usize {
        self.indices.len()
    }

    fn columns(&self) -> usize {
        self.source.columns()
    }

    #[track_caller]
    fn entries(&self, n: usize) -> impl Iterator<Item = (usize, f64)> {
        assert!(n < self.rows(), "entries: sample {n} of {}", self.rows());
        self.source.row(self.indices[n])
    }

    #[track_caller]
    fn dot_into(&self, w: &Matrix, c: &mut Matrix) {
        let x_shape = (self.rows(), self.columns());
        assert_product("dot", x_shape, w.shape(), self.columns() == w.rows());
        c.reset(self.rows(), w.columns());
        for (n, &i) in self.indices.iter().enumerate() {
            add_weighted_rows(self.source.row(i), w.as_slice(), c.row_mut(n));
        }
    }

    #[track_caller]
    fn transpose_dot(&self, d: &Matrix) -> Matrix {
        let mut c = Matrix::zeros(self.columns(), d.columns());
        self.for_each_row_of_transpose_dot(
            &[&ColumnLists::new(self, 0..self.rows())],
            d,
            |i, row| {
                c.row_mut(i).copy_from_slice(row);
            },
        );
        c
    }
}
