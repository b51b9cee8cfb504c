//! Sums in NumPy's order (`np.sum`): eight running sums, which are added in pairs at the end. The
//! order of floating-point additions decides the last digits of a sum. Section 4.2.1 shows it: its
//! second example is 0.5975 in this order and 0.5974999999999999 from left to right.

/// Σ v: the sum of the numbers of a slice.
pub fn sum(values: &[f64]) -> f64 {
    sum_of(values.len(), |i| values[i])
}

/// Σ term(i) for i = 0 … n − 1.
pub fn sum_of(n: usize, term: impl Fn(usize) -> f64) -> f64 {
    sum_range(0, n, &term)
}

/// Source: `pairwise_sum` in NumPy's `loops_utils.h.src`.
fn sum_range(start: usize, n: usize, term: &impl Fn(usize) -> f64) -> f64 {
    if n < 8 {
        return (start..start + n).fold(0.0, |total, i| total + term(i));
    }
    if n > 128 {
        // In halves, so that the error grows only like log n.
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
