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

use super::matrix::{dot_into, weighted_row_sum};
use super::team::part_of;
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

    /// x · W, with W: (inputs, m), result: (N, m).
    ///
    /// # Panics
    /// If `x.columns()` differs from `W.rows()`.
    #[track_caller]
    fn dot(&self, w: &Matrix) -> Matrix {
        let mut c = Matrix::default();
        self.dot_into(w, &mut c);
        c
    }

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
/// row" format. An entry takes 3 bytes: its column, and a byte that is an index into a table of 256
/// values. A clone shares the entries with the original.
#[derive(Clone, Debug)]
pub struct CompressedRows {
    entries: Arc<Entries>,
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
        // The entries are counted first, because a Vec that grows needs half as much memory again.
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
        let entries = Arc::new(Entries { columns, starts, entry_columns, entry_levels, values });
        Self { entries }
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.entries.starts.len() - 1
    }

    /// The number of columns, with those that are 0.
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

    /// The rows of a range.
    ///
    /// # Panics
    /// If the range goes beyond the rows, or ends before it starts.
    #[track_caller]
    pub fn slice(&self, rows: Range<usize>) -> Batch {
        let Some(indices) = self.indices.get(rows.clone()) else {
            panic!("slice: rows {rows:?} of {}", self.rows());
        };
        Batch { source: self.source.clone(), indices: indices.to_vec() }
    }

    /// c = some rows of xᵀ · d: those of a range of columns of x. The range `0..x.columns()` gives
    /// the whole product, and a smaller one the part of one thread.
    ///
    /// First the entries of each column of x are listed, by ascending sample. Then each row of c is
    /// a weighted sum of rows of d. Its terms are added in the order of [`Matrix::transpose_dot`].
    ///
    /// # Panics
    /// If x and d differ in rows, or the range goes beyond the columns of x or ends before it
    /// starts.
    #[track_caller]
    pub fn transpose_dot_columns(&self, d: &Matrix, columns: Range<usize>, c: &mut Matrix) {
        let x_shape = (self.rows(), self.columns());
        assert_product("transpose_dot", x_shape, d.shape(), self.rows() == d.rows());
        assert!(
            columns.start <= columns.end && columns.end <= self.columns(),
            "transpose_dot: columns {columns:?} of {x_shape:?}"
        );
        let lists = ColumnLists::new(self, columns.clone());
        c.reset(columns.len(), d.columns());
        for i in 0..columns.len() {
            let list = lists.starts[i]..lists.starts[i + 1];
            let (samples, levels) = (&lists.samples[list.clone()], &lists.levels[list]);
            let values = &self.source.entries.values;
            let entries = samples.iter().zip(levels);
            let entries = entries.map(|(&n, &level)| (n as usize, values[usize::from(level)]));
            weighted_row_sum(entries, d.as_slice(), c.row_mut(i));
        }
    }

    /// Divides the columns into ranges with about the same number of entries, one per thread.
    pub fn balanced_columns(&self, parts: usize) -> Vec<Range<usize>> {
        let counts = ColumnLists::counts(self, 0..self.columns());
        let total: usize = counts.iter().sum();
        let mut ranges = Vec::with_capacity(parts);
        let (mut start, mut end, mut done) = (0, 0, 0);
        for part in 1..=parts {
            while end < counts.len() && (done < part_of(total, part, parts) || part == parts) {
                done += counts[end];
                end += 1;
            }
            ranges.push(start..end);
            start = end;
        }
        ranges
    }

    /// The entries of row n in a range of columns.
    fn raw_row(&self, n: usize, columns: &Range<usize>) -> (&[u16], &[u8]) {
        let (entry_columns, levels) = self.source.raw_row(self.indices[n]);
        if columns.len() == self.columns() {
            return (entry_columns, levels);
        }
        let before =
            |end: usize| entry_columns.partition_point(|&column| usize::from(column) < end);
        let range = before(columns.start)..before(columns.end);
        (&entry_columns[range.clone()], &levels[range])
    }
}

/// The entries of some columns of a batch, column after column, and by ascending sample within a
/// column.
struct ColumnLists {
    /// The entries of column `first + i` are at `starts[i] .. starts[i + 1]`.
    starts: Vec<usize>,
    samples: Vec<u32>,
    levels: Vec<u8>,
}

impl ColumnLists {
    fn counts(batch: &Batch, columns: Range<usize>) -> Vec<usize> {
        let mut counts = vec![0; columns.len()];
        for n in 0..batch.rows() {
            for &column in batch.raw_row(n, &columns).0 {
                counts[usize::from(column) - columns.start] += 1;
            }
        }
        counts
    }

    /// A counting sort by column.
    fn new(batch: &Batch, columns: Range<usize>) -> Self {
        let mut starts = Self::counts(batch, columns.clone());
        let mut total = 0;
        for start in &mut starts {
            total += std::mem::replace(start, total);
        }
        starts.push(total);
        let mut next = starts.clone();
        let mut samples = vec![0; total];
        let mut levels = vec![0; total];
        for n in 0..batch.rows() {
            let (entry_columns, entry_levels) = batch.raw_row(n, &columns);
            for (&column, &level) in entry_columns.iter().zip(entry_levels) {
                let next = &mut next[usize::from(column) - columns.start];
                samples[*next] = n as u32;
                levels[*next] = level;
                *next += 1;
            }
        }
        Self { starts, samples, levels }
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
            weighted_row_sum(self.source.row(i), w.as_slice(), c.row_mut(n));
        }
    }

    #[track_caller]
    fn transpose_dot(&self, d: &Matrix) -> Matrix {
        let mut c = Matrix::default();
        self.transpose_dot_columns(d, 0..self.columns(), &mut c);
        c
    }
}
