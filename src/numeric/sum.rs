//! Sums in NumPy's order: eight running sums side by side, combined in pairs. Fewer than eight terms
//! are added from left to right.
//!
//! Floating-point addition is not associative, so the order decides the last
//! digits. Section 4.2.1 shows it: its second example is 0.5975 in this order and
//! 0.5974999999999999 from left to right. Eight sums that do not wait for one
//! another are also quicker and, since each stays smaller, more accurate.
//! The order depends on the number of terms alone: the same bits everywhere.

/// Longer sums are halved first, so that the error grows like log n.
const BLOCK: usize = 128;

/// Σ v over a slice.
pub fn sum(values: &[f64]) -> f64 {
    sum_of(values.len(), |i| values[i])
}

/// Σ term(i) for i = 0 … n − 1, for terms that stand in no slice.
///
/// ```
/// use from_zero::numeric::sum::sum_of;
/// assert_eq!(sum_of(10, |i| i as f64), 45.0);
/// ```
pub fn sum_of(n: usize, term: impl Fn(usize) -> f64) -> f64 {
    sum_range(0, n, &term)
}

/// Source: `pairwise_sum` in NumPy's `loops_utils.h.src`.
fn sum_range(start: usize, n: usize, term: &impl Fn(usize) -> f64) -> f64 {
    if n < 8 {
        return (start..start + n).fold(0.0, |total, i| total + term(i));
    }
    if n > BLOCK {
        let half = n / 2 / 8 * 8;
        return sum_range(start, half, term) + sum_range(start + half, n - half, term);
    }
    let mut s: [f64; 8] = std::array::from_fn(|lane| term(start + lane));
    let full = n / 8 * 8;
    for i in (8..full).step_by(8) {
        for (lane, s) in s.iter_mut().enumerate() {
            *s += term(start + i + lane);
        }
    }
    let pairs = ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
    (start + full..start + n).fold(pairs, |total, i| total + term(i))
}
