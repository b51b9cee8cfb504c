//! The fast twins of the matrix products, the activation and the softmax.
//!
//! Row i of C = A B is a weighted sum of the rows of B, with the weights `A[i][k]`. The plain loop
//! keeps the sums in memory: it loads, adds and stores them for every k. Here the sums of up to 26
//! columns stay in registers for the whole row of A, so that only B is loaded.
//!
//! The product [`Matrix::transpose_dot`] needs no twin here: the compiler makes vector instructions of
//! its plain loops.

use crate::ch03::activation::Activation;
use crate::numeric::elementary::exp_in_place;
use crate::numeric::matrix::{Matrix, assert_product};
use crate::numeric::sum::sum;

/// C = A B, with A: (n, k), B: (k, m), C: (n, m): the twin of [`Matrix::dot`].
pub fn dot(a: &Matrix, b: &Matrix) -> Matrix {
    assert_product("dot", a.shape(), b.shape(), a.columns() == b.rows());
    let mut c = Matrix::zeros(a.rows(), b.columns());
    add_product(|i| a.row(i).iter().copied().enumerate(), b, &mut c);
    c
}

/// C = A Bᵀ, with A: (n, k), B: (m, k), C: (n, m): the twin of [`Matrix::dot_transpose`]. It makes Bᵀ
/// first, because the inner loop of [`dot`] runs along rows.
pub fn dot_transpose(a: &Matrix, b: &Matrix) -> Matrix {
    assert_product("dot_transpose", a.shape(), b.shape(), a.columns() == b.columns());
    dot(a, &Matrix::from_fn(b.columns(), b.rows(), |i, j| b[(j, i)]))
}

/// c += A B, with B: (k, m), c: (n, m). `row_of_a` gives the entries of a row of A: (column, value).
pub(super) fn add_product<E: Iterator<Item = (usize, f64)>>(
    row_of_a: impl Fn(usize) -> E, b: &Matrix, c: &mut Matrix,
) {
    let mut first = 0;
    while first < c.columns() {
        // Every x86-64 processor has 16 registers for two f64 each. 26 columns need 13 of them. A
        // net with 50 hidden units needs 26 and then 24 columns, its ten scores need 10.
        first += match c.columns() - first {
            26.. => add_columns::<26, E>(&row_of_a, b, first, c),
            24.. => add_columns::<24, E>(&row_of_a, b, first, c),
            10.. => add_columns::<10, E>(&row_of_a, b, first, c),
            4.. => add_columns::<4, E>(&row_of_a, b, first, c),
            2.. => add_columns::<2, E>(&row_of_a, b, first, c),
            _ => add_columns::<1, E>(&row_of_a, b, first, c),
        };
    }
}

/// Computes WIDTH columns of c, from `first` on, and returns WIDTH.
#[inline(always)]
fn add_columns<const WIDTH: usize, E: Iterator<Item = (usize, f64)>>(
    row_of_a: impl Fn(usize) -> E, b: &Matrix, first: usize, c: &mut Matrix,
) -> usize {
    let columns = c.columns();
    for i in 0..c.rows() {
        let out = &mut c.row_mut(i)[first..first + WIDTH];
        let mut sums = [0.0; WIDTH];
        sums.copy_from_slice(out);
        for (k, weight) in row_of_a(i) {
            let row = &b.as_slice()[k * columns + first..];
            let row: &[f64; WIDTH] = row.first_chunk().expect("the row has WIDTH more numbers");
            for (sum, v) in sums.iter_mut().zip(row) {
                *sum += weight * v;
            }
        }
        out.copy_from_slice(&sums);
    }
    WIDTH
}

/// The twin of [`Activation::forward`], with all exps of the sigmoid in one call.
pub(super) fn activate(activation: Activation, mut a: Matrix) -> Matrix {
    let values = a.as_mut_slice();
    if activation == Activation::Sigmoid {
        values.iter_mut().for_each(|a| *a = -*a);
        exp_in_place(values);
        values.iter_mut().for_each(|e| *e = 1.0 / (1.0 + *e));
    } else {
        values.iter_mut().for_each(|a| *a = activation.of(*a));
    }
    a
}

/// The twin of [`softmax_rows`](crate::ch03::functions::softmax_rows), with all exps in one call.
pub(super) fn softmax_rows(mut a: Matrix) -> Matrix {
    for n in 0..a.rows() {
        let row = a.row_mut(n);
        let max = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        row.iter_mut().for_each(|v| *v -= max);
    }
    exp_in_place(a.as_mut_slice());
    for n in 0..a.rows() {
        let row = a.row_mut(n);
        let total = sum(row);
        row.iter_mut().for_each(|v| *v /= total);
    }
    a
}
