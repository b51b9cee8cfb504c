//! A matrix of `f64`, row after row in one `Vec`, and its products as loops over rows.
//!
//! No broadcasting but for a bias row, no views, and no blocking but that [`Matrix::dot`] keeps
//! some columns in registers (`kernels.rs`). Every element of a product is a sum in the order of
//! its index, from 0 up: the same bits whichever way it is reached.
//!
//! Vectors are slices (`&[f64]`, `Vec<f64>`): `b1` of the book's net is a `Vec<f64>`, a
//! mini-batch of one image a 1 × 784 matrix.

use super::kernels::weighted_row_sum;
use std::fmt;
use std::ops::{Add, Index, IndexMut, Mul, Sub};

/// `rows` × `columns` numbers; element (i, j) stands at `i * columns + j`.
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

/// Making a matrix, and taking it apart.
impl Matrix {
    /// All zeros (`np.zeros((rows, columns))`). Either may be 0.
    ///
    /// # Panics
    /// If `rows * columns` is beyond counting.
    #[track_caller]
    pub fn zeros(rows: usize, columns: usize) -> Self {
        Self::from_vec(rows, columns, vec![0.0; size(rows, columns)])
    }

    /// Element (i, j) is `value(i, j)`, asked for row after row.
    ///
    /// # Panics
    /// If `rows * columns` is beyond counting.
    #[track_caller]
    pub fn from_fn(
        rows: usize,
        columns: usize,
        mut value: impl FnMut(usize, usize) -> f64,
    ) -> Self {
        let mut data = Vec::with_capacity(size(rows, columns));
        for i in 0..rows {
            for j in 0..columns {
                data.push(value(i, j));
            }
        }
        Self::from_vec(rows, columns, data)
    }

    /// The rows as they are written down. An array of arrays can't be ragged.
    pub fn from_rows<const COLUMNS: usize>(rows: &[[f64; COLUMNS]]) -> Self {
        Self::from_vec(rows.len(), COLUMNS, rows.concat())
    }

    /// A flat `Vec`, row after row.
    ///
    /// # Panics
    /// If there are not `rows * columns` numbers.
    #[track_caller]
    pub fn from_vec(rows: usize, columns: usize, data: Vec<f64>) -> Self {
        assert!(
            data.len() == size(rows, columns),
            "from_vec: {} numbers for a ({rows}, {columns}) matrix",
            data.len()
        );
        Self { rows, columns, data }
    }

    /// The rows of all parts, one part under the other (`np.vstack`).
    ///
    /// # Panics
    /// If the parts differ in columns.
    #[track_caller]
    pub fn stack<'a>(parts: impl Iterator<Item = &'a Matrix> + Clone) -> Matrix {
        let columns = parts.clone().next().map_or(0, Matrix::columns);
        let mut data = Vec::with_capacity(parts.clone().map(|part| part.data.len()).sum());
        let mut rows = 0;
        for part in parts {
            assert_product("stack", (rows, columns), part.shape(), part.columns == columns);
            rows += part.rows;
            data.extend_from_slice(&part.data);
        }
        Self::from_vec(rows, columns, data)
    }

    /// Makes this matrix `zeros(rows, columns)`, in the same memory where that is enough.
    ///
    /// # Panics
    /// If `rows * columns` is beyond counting.
    #[track_caller]
    pub fn reset(&mut self, rows: usize, columns: usize) {
        let size = size(rows, columns);
        (self.rows, self.columns) = (rows, columns);
        self.data.clear();
        self.data.resize(size, 0.0);
    }

    /// All numbers, row after row.
    pub fn into_vec(self) -> Vec<f64> {
        self.data
    }
}

/// How many numbers a matrix has.
#[track_caller]
fn size(rows: usize, columns: usize) -> usize {
    let Some(size) = rows.checked_mul(columns) else {
        panic!("a ({rows}, {columns}) matrix has too many numbers");
    };
    size
}

/// Looking inside.
impl Matrix {
    /// (rows, columns), `x.shape` in the book.
    pub fn shape(&self) -> (usize, usize) {
        (self.rows, self.columns)
    }

    /// The number of rows: the size N of a mini-batch.
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

    /// All numbers, row after row, to change.
    pub fn as_mut_slice(&mut self) -> &mut [f64] {
        &mut self.data
    }

    /// Row i.
    ///
    /// # Panics
    /// If there is no row i.
    #[track_caller]
    pub fn row(&self, i: usize) -> &[f64] {
        self.check_row(i);
        &self.data[i * self.columns..(i + 1) * self.columns]
    }

    /// Row i, to change.
    ///
    /// # Panics
    /// If there is no row i.
    #[track_caller]
    pub fn row_mut(&mut self, i: usize) -> &mut [f64] {
        self.check_row(i);
        &mut self.data[i * self.columns..(i + 1) * self.columns]
    }

    /// Each row in turn.
    pub fn iter_rows(&self) -> impl Iterator<Item = &[f64]> {
        (0..self.rows).map(|i| self.row(i))
    }

    #[track_caller]
    fn check_row(&self, i: usize) {
        assert!(i < self.rows, "row {i} of a {:?} matrix", self.shape());
    }

    #[track_caller]
    fn check_column(&self, j: usize) {
        assert!(j < self.columns, "column {j} of a {:?} matrix", self.shape());
    }

    /// For each row the column of its largest number, the first of equals
    /// (`np.argmax(y, axis=1)`). A NaN is never the largest; a row of nothing but NaN gives 0.
    ///
    /// # Panics
    /// If there are rows but no columns.
    #[track_caller]
    pub fn argmax_rows(&self) -> Vec<usize> {
        assert!(
            self.columns > 0 || self.rows == 0,
            "argmax_rows: a {:?} matrix has no largest number",
            self.shape()
        );
        self.iter_rows().map(argmax).collect()
    }

    /// A matrix of the rows with these indices, in this order, repeats allowed (`x[batch_mask]`).
    ///
    /// # Panics
    /// If there is no such row.
    #[track_caller]
    pub fn select_rows(&self, indices: &[usize]) -> Self {
        let mut data = Vec::with_capacity(indices.len() * self.columns);
        for &i in indices {
            data.extend_from_slice(self.row(i));
        }
        Self::from_vec(indices.len(), self.columns, data)
    }
}

/// The place of the largest number. Starts from the data: there may be only negative ones.
fn argmax(row: &[f64]) -> usize {
    let mut best = 0;
    for (j, &v) in row.iter().enumerate() {
        if v > row[best] || row[best].is_nan() && !v.is_nan() {
            best = j;
        }
    }
    best
}

/// The products. In each, the inner loop runs along rows, where memory is contiguous.
impl Matrix {
    /// C = A B (`np.dot(a, b)`), with A: (n, k), B: (k, m), C: (n, m).
    ///
    /// # Panics
    /// If A has not as many columns as B has rows.
    #[track_caller]
    pub fn dot(&self, b: &Matrix) -> Matrix {
        let mut c = Matrix::default();
        self.dot_into(b, &mut c);
        c
    }

    /// C = A B, as [`dot`](Self::dot), into a matrix that is there already, whatever it was before.
    ///
    /// # Panics
    /// If A has not as many columns as B has rows.
    #[track_caller]
    pub fn dot_into(&self, b: &Matrix, c: &mut Matrix) {
        assert_product("dot", self.shape(), b.shape(), self.columns == b.rows);
        c.reset(self.rows, b.columns);
        for i in 0..self.rows {
            // Row i of C is the sum over k of A[i][k] · row k of B.
            let a = self.row(i).iter().copied().enumerate();
            weighted_row_sum(a, &b.data, c.row_mut(i));
        }
    }

    /// C = Aᵀ B (`np.dot(a.T, b)`), with A: (n, k), B: (n, m), C: (k, m), and no Aᵀ in memory.
    /// A backward pass needs it for a weight: ∂L/∂W = xᵀ · ∂L/∂a.
    ///
    /// # Panics
    /// If A and B differ in rows.
    #[track_caller]
    pub fn transpose_dot(&self, b: &Matrix) -> Matrix {
        assert_product("transpose_dot", self.shape(), b.shape(), self.rows == b.rows);
        let mut c = Matrix::zeros(self.columns, b.columns);
        for i in 0..self.rows {
            for k in 0..self.columns {
                add_scaled(c.row_mut(k), self[(i, k)], b.row(i));
            }
        }
        c
    }

    /// C = A Bᵀ (`np.dot(a, b.T)`), with A: (n, k), B: (m, k), C: (n, m), and no Bᵀ in memory.
    /// A backward pass needs it for an input: ∂L/∂x = ∂L/∂a · Wᵀ.
    ///
    /// # Panics
    /// If A and B differ in columns.
    #[track_caller]
    pub fn dot_transpose(&self, b: &Matrix) -> Matrix {
        assert_product("dot_transpose", self.shape(), b.shape(), self.columns == b.columns);
        Matrix::from_fn(self.rows, b.rows, |i, j| {
            let products = self.row(i).iter().zip(b.row(j)).map(|(a, b)| a * b);
            products.fold(0.0, |sum, product| sum + product)
        })
    }

    /// Aᵀ: element (i, j) is A's (j, i).
    pub fn transpose(&self) -> Matrix {
        Matrix::from_fn(self.columns, self.rows, |i, j| self[(j, i)])
    }
}

/// target += factor · row, element by element.
///
/// # Panics
/// If the two differ in length.
#[track_caller]
pub fn add_scaled(target: &mut [f64], factor: f64, row: &[f64]) {
    assert!(target.len() == row.len(), "add_scaled: {} and {} numbers", target.len(), row.len());
    for (t, v) in target.iter_mut().zip(row) {
        *t += factor * v;
    }
}

#[track_caller]
fn assert_product(name: &str, a: (usize, usize), b: (usize, usize), fits: bool) {
    assert!(fits, "{name}: {a:?} x {b:?}");
}

/// Element by element, and by columns.
impl Matrix {
    /// f of each number, as a new matrix.
    pub fn map(&self, f: impl Fn(f64) -> f64) -> Matrix {
        let data = self.data.iter().map(|&v| f(v)).collect();
        Matrix::from_vec(self.rows, self.columns, data)
    }

    /// [`map`](Self::map) without a new matrix.
    pub fn map_in_place(&mut self, f: impl Fn(f64) -> f64) {
        for v in &mut self.data {
            *v = f(*v);
        }
    }

    /// f of each pair of numbers at the same place, as a new matrix.
    ///
    /// # Panics
    /// If the shapes differ.
    #[track_caller]
    pub fn zip_map(&self, other: &Matrix, f: impl Fn(f64, f64) -> f64) -> Matrix {
        self.zip_named("zip_map", other, f)
    }

    #[track_caller]
    fn zip_named(&self, name: &str, other: &Matrix, f: impl Fn(f64, f64) -> f64) -> Matrix {
        assert_product(name, self.shape(), other.shape(), self.shape() == other.shape());
        let pairs = self.data.iter().zip(&other.data);
        let data = pairs.map(|(&a, &b)| f(a, b)).collect();
        Matrix::from_vec(self.rows, self.columns, data)
    }

    /// A + b with the bias b added to each row (broadcasting in the book), with b: (columns).
    ///
    /// # Panics
    /// If b has not as many numbers as there are columns.
    #[track_caller]
    pub fn add_row(mut self, b: &[f64]) -> Matrix {
        self.add_row_in_place(b);
        self
    }

    /// [`add_row`](Self::add_row) without a new matrix.
    ///
    /// # Panics
    /// If b has not as many numbers as there are columns.
    #[track_caller]
    pub fn add_row_in_place(&mut self, b: &[f64]) {
        assert!(self.columns == b.len(), "add_row: {:?} + ({},)", self.shape(), b.len());
        for i in 0..self.rows {
            add_scaled(self.row_mut(i), 1.0, b);
        }
    }

    /// The sum of each column (`np.sum(a, axis=0)`), the rows added one after the other.
    pub fn column_sums(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.columns];
        for row in self.iter_rows() {
            add_scaled(&mut sums, 1.0, row);
        }
        sums
    }
}

/// `x[(i, j)]`.
///
/// # Panics
/// Outside of the matrix.
impl Index<(usize, usize)> for Matrix {
    type Output = f64;

    #[track_caller]
    fn index(&self, (i, j): (usize, usize)) -> &f64 {
        self.check_column(j);
        &self.row(i)[j]
    }
}

/// `x[(i, j)] = v`.
///
/// # Panics
/// Outside of the matrix.
impl IndexMut<(usize, usize)> for Matrix {
    #[track_caller]
    fn index_mut(&mut self, (i, j): (usize, usize)) -> &mut f64 {
        self.check_column(j);
        &mut self.row_mut(i)[j]
    }
}

/// `&a + &b`, element by element.
///
/// # Panics
/// If the shapes differ.
impl Add for &Matrix {
    type Output = Matrix;

    #[track_caller]
    fn add(self, other: &Matrix) -> Matrix {
        self.zip_named("add", other, |a, b| a + b)
    }
}

/// `&a - &b`, element by element.
///
/// # Panics
/// If the shapes differ.
impl Sub for &Matrix {
    type Output = Matrix;

    #[track_caller]
    fn sub(self, other: &Matrix) -> Matrix {
        self.zip_named("sub", other, |a, b| a - b)
    }
}

/// `&a * &b`, element by element as in NumPy; for the matrix product see [`Matrix::dot`].
///
/// # Panics
/// If the shapes differ.
impl Mul for &Matrix {
    type Output = Matrix;

    #[track_caller]
    fn mul(self, other: &Matrix) -> Matrix {
        self.zip_named("mul", other, |a, b| a * b)
    }
}

/// `&a * 0.1`: each number times the factor.
impl Mul<f64> for &Matrix {
    type Output = Matrix;

    fn mul(self, factor: f64) -> Matrix {
        self.map(|v| v * factor)
    }
}

/// How many rows and columns are printed at each end of a large matrix.
const EDGE: usize = 3;

/// Rows in brackets, columns aligned. Of more than eight rows or columns the first and last
/// three are shown, and the shape. Digits after the point: `{:.3}`, or eight.
impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let precision = f.precision().unwrap_or(8);
        let largest = self.data.iter().filter(|v| v.is_finite());
        let largest = largest.fold(0.0, |max: f64, v| max.max(v.abs()));
        // Fixed digits say nothing about numbers that are very large or very small.
        let scientific = largest >= 1e8 || largest > 0.0 && largest < 1e-4;
        let number = |v: f64| match scientific {
            true => format!("{v:.precision$e}"),
            false => format!("{v:.precision$}"),
        };

        let shown_rows = shown(self.rows);
        let shown_columns = shown(self.columns);
        let cells: Vec<Vec<String>> = (shown_rows.iter())
            .map(|i| {
                let cell = |j: &Option<usize>| match (i, j) {
                    (Some(i), Some(j)) => number(self[(*i, *j)]),
                    (None, Some(_)) => "⋮".to_string(),
                    (_, None) => "…".to_string(),
                };
                shown_columns.iter().map(cell).collect()
            })
            .collect();
        let widths: Vec<usize> = (0..shown_columns.len())
            .map(|j| cells.iter().map(|row| row[j].chars().count()).max())
            .map(|width| width.unwrap_or(0))
            .collect();

        for (i, row) in cells.iter().enumerate() {
            f.write_str(if i == 0 { "[[" } else { "\n [" })?;
            for (j, (cell, width)) in row.iter().zip(&widths).enumerate() {
                write!(f, "{}{cell:>width$}", if j == 0 { "" } else { "  " })?;
            }
            f.write_str("]")?;
        }
        f.write_str(if self.rows == 0 { "[]" } else { "]" })?;
        if shown_rows.contains(&None) || shown_columns.contains(&None) || self.data.is_empty() {
            write!(f, " ({} × {})", self.rows, self.columns)?;
        }
        Ok(())
    }
}

/// The indices to print of 0 … n − 1, `None` for those left out.
fn shown(n: usize) -> Vec<Option<usize>> {
    if n <= 2 * EDGE + 2 {
        return (0..n).map(Some).collect();
    }
    let first = (0..EDGE).map(Some);
    let last = (n - EDGE..n).map(Some);
    first.chain([None]).chain(last).collect()
}
