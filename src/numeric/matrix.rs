//! A matrix of `f64`: NumPy's two-dimensional array, written by hand.
//!
//! There are no views, and no broadcasting, except that [`Matrix::add_row`] adds a bias to each row. A
//! vector is a slice or a `Vec`: `b1` of the book's net is a `Vec<f64>`. A mini-batch is a matrix with
//! one sample per row, and a single image is a (1, 784) matrix.
//!
//! Each product is three nested loops, and each element is a sum from 0.0 by ascending index.
//! `fast/matrix.rs` has a faster `dot` and `dot_transpose` with the same results.

use std::fmt;
use std::ops::{Div, Index, IndexMut, Mul, Range, Sub};

/// A matrix of `rows` × `columns` numbers. Element (i, j) is at `i * columns + j` in `data`.
///
/// ```
/// use from_zero::numeric::matrix::Matrix;
/// let x = Matrix::from_rows(&[[1.0, 2.0], [3.0, 4.0]]);
/// let w = Matrix::from_rows(&[[1.0, 0.0, 2.0], [0.0, 1.0, 2.0]]);
/// assert_eq!(x.dot(&w), Matrix::from_rows(&[[1.0, 2.0, 6.0], [3.0, 4.0, 14.0]]));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    data: Vec<f64>,
}

impl Matrix {
    /// C = A B (`np.dot(a, b)`), with A: (n, k), B: (k, m), C: (n, m). The loop over k is the middle
    /// one, so that the inner loop runs along rows, which are contiguous in memory.
    #[track_caller]
    pub fn dot(&self, b: &Matrix) -> Matrix {
        let a = self;
        assert_product("dot", a.shape(), b.shape(), a.columns == b.rows);
        let mut c = Matrix::zeros(a.rows, b.columns);
        for i in 0..a.rows {
            for k in 0..a.columns {
                for j in 0..b.columns {
                    c[(i, j)] += a[(i, k)] * b[(k, j)];
                }
            }
        }
        c
    }

    /// For each row the column of its largest number (`np.argmax(y, axis=1)`), the first if several
    /// are equal. A NaN is never the largest, unlike in NumPy. A row of only NaN gives 0.
    #[track_caller]
    pub fn argmax_rows(&self) -> Vec<usize> {
        let shape = self.shape();
        let is_possible = self.columns > 0 || self.rows == 0;
        assert!(is_possible, "argmax_rows: a {shape:?} matrix has no largest number");
        // The search starts from the first number, not from 0: all may be negative.
        let mut columns = vec![0; self.rows];
        for (row, best) in self.iter_rows().zip(&mut columns) {
            for (j, &v) in row.iter().enumerate() {
                if v > row[*best] || row[*best].is_nan() && !v.is_nan() {
                    *best = j;
                }
            }
        }
        columns
    }

    /// C = Aᵀ B (`np.dot(a.T, b)`), with A: (n, k), B: (n, m), C: (k, m): ∂L/∂W = xᵀ · ∂L/∂a.
    #[track_caller]
    pub fn transpose_dot(&self, b: &Matrix) -> Matrix {
        let a = self;
        assert_product("transpose_dot", a.shape(), b.shape(), a.rows == b.rows);
        let mut c = Matrix::zeros(a.columns, b.columns);
        for n in 0..a.rows {
            for k in 0..a.columns {
                for j in 0..b.columns {
                    c[(k, j)] += a[(n, k)] * b[(n, j)];
                }
            }
        }
        c
    }

    /// C = A Bᵀ (`np.dot(a, b.T)`), with A: (n, k), B: (m, k), C: (n, m): ∂L/∂x = ∂L/∂a · Wᵀ.
    #[track_caller]
    pub fn dot_transpose(&self, b: &Matrix) -> Matrix {
        let a = self;
        assert_product("dot_transpose", a.shape(), b.shape(), a.columns == b.columns);
        let mut c = Matrix::zeros(a.rows, b.rows);
        for i in 0..a.rows {
            for j in 0..b.rows {
                for k in 0..a.columns {
                    c[(i, j)] += a[(i, k)] * b[(j, k)];
                }
            }
        }
        c
    }

    /// A matrix of zeros (`np.zeros((rows, columns))`). Both sizes may be 0.
    #[track_caller]
    pub fn zeros(rows: usize, columns: usize) -> Self {
        Self { rows, columns, data: vec![0.0; size(rows, columns)] }
    }

    /// Element (i, j) is f(i, j). f is called row after row.
    #[track_caller]
    pub fn from_fn(rows: usize, columns: usize, mut f: impl FnMut(usize, usize) -> f64) -> Self {
        let mut data = Vec::with_capacity(size(rows, columns));
        for i in 0..rows {
            for j in 0..columns {
                data.push(f(i, j));
            }
        }
        Self { rows, columns, data }
    }

    /// A matrix from an array of rows (`np.array([[1, 2], [3, 4]])`).
    pub fn from_rows<const COLUMNS: usize>(rows: &[[f64; COLUMNS]]) -> Self {
        Self { rows: rows.len(), columns: COLUMNS, data: rows.concat() }
    }

    /// The numbers of a `Vec`, row after row (`data.reshape(rows, columns)`).
    #[track_caller]
    pub fn from_vec(rows: usize, columns: usize, data: Vec<f64>) -> Self {
        let found = data.len();
        let expected = size(rows, columns);
        assert!(found == expected, "from_vec: {found} numbers for a ({rows}, {columns}) matrix");
        Self { rows, columns, data }
    }

    /// A matrix of the same shape with other numbers, row after row.
    #[track_caller]
    pub fn with_data(&self, data: &[f64]) -> Self {
        Self::from_vec(self.rows, self.columns, data.to_vec())
    }

    /// (rows, columns): the book's `x.shape`.
    pub fn shape(&self) -> (usize, usize) {
        (self.rows, self.columns)
    }

    /// The number of rows. For a mini-batch this is N, the number of samples.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// All numbers, row after row.
    pub fn as_slice(&self) -> &[f64] {
        &self.data
    }

    /// All numbers, to be changed.
    pub fn as_mut_slice(&mut self) -> &mut [f64] {
        &mut self.data
    }

    /// All numbers, row after row, as a `Vec`.
    pub fn into_vec(self) -> Vec<f64> {
        self.data
    }

    /// Row i (`x[i]`).
    #[track_caller]
    pub fn row(&self, i: usize) -> &[f64] {
        &self.data[self.place(i)]
    }

    /// Row i, to be changed.
    #[track_caller]
    pub fn row_mut(&mut self, i: usize) -> &mut [f64] {
        let place = self.place(i);
        &mut self.data[place]
    }

    /// The rows, one after the other.
    pub fn iter_rows(&self) -> impl Iterator<Item = &[f64]> {
        (0..self.rows).map(|i| self.row(i))
    }

    /// Where row i is in `data`.
    #[track_caller]
    fn place(&self, i: usize) -> Range<usize> {
        assert!(i < self.rows, "row {i} of a {:?} matrix", self.shape());
        i * self.columns..(i + 1) * self.columns
    }

    #[track_caller]
    fn check_column(&self, j: usize) {
        assert!(j < self.columns, "column {j} of a {:?} matrix", self.shape());
    }

    /// A matrix of the rows with these indices (`x[batch_mask]`). An index may occur more than once.
    #[track_caller]
    pub fn select_rows(&self, indices: &[usize]) -> Self {
        let mut data = Vec::new();
        for &i in indices {
            data.extend_from_slice(self.row(i));
        }
        Self { rows: indices.len(), columns: self.columns, data }
    }

    /// f of each number.
    pub fn map(&self, f: impl Fn(f64) -> f64) -> Matrix {
        let data = self.data.iter().map(|&v| f(v)).collect();
        Matrix { data, ..*self }
    }

    /// f of each pair of numbers at the same place.
    #[track_caller]
    pub fn zip_map(&self, other: &Matrix, f: impl Fn(f64, f64) -> f64) -> Matrix {
        assert_product(
            "element by element",
            self.shape(),
            other.shape(),
            self.shape() == other.shape(),
        );
        let data = self.data.iter().zip(&other.data).map(|(&a, &b)| f(a, b)).collect();
        Matrix { data, ..*self }
    }

    /// A + b, where the bias b: (columns) is added to each row. NumPy calls this broadcasting.
    #[track_caller]
    pub fn add_row(mut self, b: &[f64]) -> Matrix {
        assert!(self.columns == b.len(), "add_row: {:?} + ({},)", self.shape(), b.len());
        for i in 0..self.rows {
            add_scaled(self.row_mut(i), 1.0, b);
        }
        self
    }

    /// The sum of each column (`np.sum(a, axis=0)`). The rows are added one after the other.
    pub fn column_sums(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.columns];
        for row in self.iter_rows() {
            add_scaled(&mut sums, 1.0, row);
        }
        sums
    }
}

#[track_caller]
pub(crate) fn assert_product(name: &str, a: (usize, usize), b: (usize, usize), fits: bool) {
    assert!(fits, "{name}: {a:?} x {b:?}");
}

/// How many numbers a matrix has.
#[track_caller]
fn size(rows: usize, columns: usize) -> usize {
    match rows.checked_mul(columns) {
        Some(size) if size.max(columns) <= isize::MAX as usize / size_of::<f64>() => size,
        _ => panic!("a ({rows}, {columns}) matrix has too many numbers"),
    }
}

/// target += factor · row, element by element.
#[track_caller]
pub fn add_scaled(target: &mut [f64], factor: f64, row: &[f64]) {
    assert!(target.len() == row.len(), "add_scaled: {} and {} numbers", target.len(), row.len());
    for (t, v) in target.iter_mut().zip(row) {
        *t += factor * v;
    }
}

/// `x[(i, j)]`: one number.
impl Index<(usize, usize)> for Matrix {
    type Output = f64;

    #[track_caller]
    fn index(&self, (i, j): (usize, usize)) -> &f64 {
        self.check_column(j);
        &self.row(i)[j]
    }
}

/// `x[(i, j)] = v`.
impl IndexMut<(usize, usize)> for Matrix {
    #[track_caller]
    fn index_mut(&mut self, (i, j): (usize, usize)) -> &mut f64 {
        self.check_column(j);
        &mut self.row_mut(i)[j]
    }
}

/// `&a - &b`, element by element.
impl Sub for &Matrix {
    type Output = Matrix;

    #[track_caller]
    fn sub(self, other: &Matrix) -> Matrix {
        self.zip_map(other, |a, b| a - b)
    }
}

/// `&a * &b`, element by element, as in NumPy. The matrix product is [`Matrix::dot`].
impl Mul for &Matrix {
    type Output = Matrix;

    #[track_caller]
    fn mul(self, other: &Matrix) -> Matrix {
        self.zip_map(other, |a, b| a * b)
    }
}

/// `&a * 0.1`: each number times 0.1.
impl Mul<f64> for &Matrix {
    type Output = Matrix;

    fn mul(self, factor: f64) -> Matrix {
        self.map(|v| v * factor)
    }
}

/// `&a / 100.0`: each number divided by the divisor. `&a * (1.0 / 100.0)` has other last bits.
impl Div<f64> for &Matrix {
    type Output = Matrix;

    fn div(self, divisor: f64) -> Matrix {
        self.map(|v| v / divisor)
    }
}

/// Rows in brackets, columns aligned. If there are more than eight rows or columns, only the first
/// and last three are shown, and the shape. `{:.3}` prints three digits after the point, `{}` eight.
impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let precision = f.precision().unwrap_or(8).min(1_000); // no f64 has more digits
        let sizes = self.data.iter().map(|v| v.abs()).filter(|v| v.is_finite());
        let largest = sizes.fold(0.0, f64::max);
        // A fixed number of digits is of no use for very large or very small numbers.
        let scientific = largest >= 1e8 || largest > 0.0 && largest < 1e-4;
        let (rows, columns) = (shown(self.rows), shown(self.columns));
        let cell = |i: &Option<usize>, j: &Option<usize>| match (*i, *j) {
            (Some(i), Some(j)) if scientific => format!("{:.precision$e}", self[(i, j)]),
            (Some(i), Some(j)) => format!("{:.precision$}", self[(i, j)]),
            (None, Some(_)) => "⋮".to_string(),
            (_, None) => "…".to_string(),
        };
        // Column after column, because the cells of a column get the same width.
        let mut lines = vec!["[".to_string(); rows.len()];
        for (k, j) in columns.iter().enumerate() {
            let gap = if k == 0 { "" } else { "  " };
            let cells: Vec<String> = rows.iter().map(|i| cell(i, j)).collect();
            let width = cells.iter().map(|cell| cell.chars().count()).max().unwrap_or(0);
            for (line, cell) in lines.iter_mut().zip(cells) {
                *line += &format!("{gap}{cell:>width$}");
            }
        }
        lines.iter_mut().for_each(|line| line.push(']'));
        write!(f, "[{}]", lines.join("\n "))?;
        if rows.contains(&None) || columns.contains(&None) || self.data.is_empty() {
            write!(f, " ({} × {})", self.rows, self.columns)?;
        }
        Ok(())
    }
}

/// Which of the indices 0 … n − 1 are printed. `None` is for those that are left out.
fn shown(n: usize) -> Vec<Option<usize>> {
    match n {
        0..=8 => (0..n).map(Some).collect(),
        _ => (0..3).map(Some).chain([None]).chain((n - 3..n).map(Some)).collect(),
    }
}
