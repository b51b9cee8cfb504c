//! The inner loop of `Matrix::dot` and of the products with compressed rows, written for the
//! machine.
//!
//! A row of A·B is a sum of rows of B, weighted by a row of A. The plain loop keeps the sums in
//! memory: for every two columns (one register) it loads the sums and B, multiplies, adds, stores.
//! Here the sums of some columns stay in registers until all of A's row is through, which leaves
//! the load of B's row, a multiplication and an addition. Each sum is added up in the same order:
//! the same bits.

/// out = Σ weight · (row `index` of b), over entries (index, weight). b is the numbers of a matrix,
/// row after row, each row as long as `out`.
pub(super) fn weighted_row_sum(
    entries: impl Iterator<Item = (usize, f64)> + Clone,
    b: &[f64],
    out: &mut [f64],
) {
    let mut first = 0;
    while first < out.len() {
        // 26 columns are 13 of the 16 registers of two f64 that every x86-64 processor has; with
        // 24 a net of 50 hidden units comes out even.
        first += match out.len() - first {
            26.. => columns::<26>(entries.clone(), b, first, out),
            24.. => columns::<24>(entries.clone(), b, first, out),
            8.. => columns::<8>(entries.clone(), b, first, out),
            2.. => columns::<2>(entries.clone(), b, first, out),
            _ => columns::<1>(entries.clone(), b, first, out),
        };
    }
}

/// The same for WIDTH columns from `first` on; returns WIDTH.
#[inline(always)]
fn columns<const WIDTH: usize>(
    entries: impl Iterator<Item = (usize, f64)>,
    b: &[f64],
    first: usize,
    out: &mut [f64],
) -> usize {
    let mut sums = [0.0; WIDTH];
    for (index, weight) in entries {
        let row = &b[index * out.len() + first..];
        let row: &[f64; WIDTH] = row.first_chunk().expect("within the row");
        for (sum, v) in sums.iter_mut().zip(row) {
            *sum += weight * v;
        }
    }
    out[first..first + WIDTH].copy_from_slice(&sums);
    WIDTH
}
