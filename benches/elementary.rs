//! exp and ln of 5,000 numbers, compared with those of `std`. A mini-batch has 5,000 outputs of
//! hidden units.
//!
//! ```text
//! cargo bench --bench elementary
//! ```

#![allow(missing_docs)] // criterion's macros

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use from_zero::numeric::elementary::{exp, exp_in_place, ln};
use from_zero::numeric::random::{Rng, Xorshift64Star};

/// Reads `x`, writes f of it to `out`.
fn each(x: &[f64], out: &mut [f64], f: impl Fn(f64) -> f64) {
    for (out, x) in out.iter_mut().zip(x) {
        *out = f(*x);
    }
}

fn compare(
    criterion: &mut Criterion, name: &str, x: &[f64], ours: impl Fn(f64) -> f64,
    of_std: fn(f64) -> f64,
) {
    for &x in x {
        assert!((ours(x) - of_std(x)).abs() <= of_std(x).abs() * f64::EPSILON);
    }
    let mut out = x.to_vec();
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(x.len() as u64));
    group.bench_function("ours", |b| b.iter(|| each(black_box(x), &mut out, &ours)));
    group.bench_function("std", |b| b.iter(|| each(black_box(x), &mut out, of_std)));
    group.finish();
}

fn in_place(criterion: &mut Criterion, x: &[f64]) {
    let mut out = x.to_vec();
    exp_in_place(&mut out);
    assert!(x.iter().zip(&out).all(|(&x, &many)| many == exp(x)));
    let mut group = criterion.benchmark_group("exp");
    group.throughput(Throughput::Elements(x.len() as u64));
    group.bench_function("ours, in place", |b| {
        b.iter(|| {
            out.copy_from_slice(black_box(x));
            exp_in_place(&mut out);
        });
    });
    group.finish();
}

fn elementary(criterion: &mut Criterion) {
    let mut rng = Xorshift64Star::new(1);
    let x: Vec<f64> = (0..5_000).map(|_| 3.0 * rng.normal()).collect();
    in_place(criterion, &x);
    compare(criterion, "exp", &x, exp, f64::exp);
    let x: Vec<f64> = (0..5_000).map(|_| rng.uniform() + 1e-7).collect();
    compare(criterion, "ln", &x, ln, f64::ln);
}

criterion_group! {
    name = benches;
    // Short, so that all benchmarks together take a few minutes.
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    targets = elementary
}
criterion_main!(benches);
