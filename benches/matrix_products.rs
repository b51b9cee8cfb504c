//! The matrix products of a training step: as three loops, dense, and without the zeros.
//!
//! ```text
//! cargo bench --bench matrix_products
//! ```

#![allow(missing_docs)] // criterion's macros

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use from_zero::fast::compressed::BatchInput;
use from_zero::fast::mini_batch::CompressedMnist;
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::random::{Rng, Xorshift64Star};

/// C = A B as its definition says: the referee.
fn three_loops(a: &Matrix, b: &Matrix) -> Matrix {
    let mut c = Matrix::zeros(a.rows(), b.columns());
    for i in 0..a.rows() {
        for k in 0..a.columns() {
            for j in 0..b.columns() {
                c[(i, j)] += a[(i, k)] * b[(k, j)];
            }
        }
    }
    c
}

fn matrix_products(criterion: &mut Criterion) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/mnist");
    let data = CompressedMnist::load(&folder).expect("the fixture is whole");
    let mut rng = Xorshift64Star::new(1);
    let (x, _) = data.train.select(&rng.choice(60_000, 100));
    let dense = x.to_matrix();
    let mut normal = |rows, columns| Matrix::from_fn(rows, columns, |_, _| rng.normal());
    let (w1, w2, da1, da2) = (normal(784, 50), normal(50, 10), normal(100, 50), normal(100, 10));

    // x · W1: (100, 784) x (784, 50)
    let referee = three_loops(&dense, &w1);
    assert_eq!(dense.dot(&w1), referee);
    assert_eq!(x.dot(&w1), referee);
    let mut group = criterion.benchmark_group("x_dot_w1");
    group.bench_function("three loops", |b| b.iter(|| three_loops(black_box(&dense), &w1)));
    group.bench_function("dense", |b| b.iter(|| black_box(&dense).dot(&w1)));
    group.bench_function("compressed", |b| b.iter(|| black_box(&x).dot(&w1)));
    group.finish();

    // xᵀ · da1: (784, 100) x (100, 50)
    let referee = three_loops(&transposed(&dense), &da1);
    assert_eq!(dense.transpose_dot(&da1), referee);
    assert_eq!(x.transpose_dot(&da1), referee);
    let mut group = criterion.benchmark_group("x_transpose_dot_da1");
    group.bench_function("dense", |b| b.iter(|| black_box(&dense).transpose_dot(&da1)));
    group.bench_function("compressed", |b| b.iter(|| black_box(&x).transpose_dot(&da1)));
    group.finish();

    // The second layer: z1 · W2, z1ᵀ · da2, da2 · W2ᵀ
    let z1 = &da1;
    assert_eq!(z1.dot(&w2), three_loops(z1, &w2));
    assert_eq!(z1.transpose_dot(&da2), three_loops(&transposed(&z1), &da2));
    assert_eq!(da2.dot_transpose(&w2), three_loops(&da2, &transposed(&w2)));
    let mut group = criterion.benchmark_group("second_layer");
    group.bench_function("z1_dot_w2", |b| b.iter(|| black_box(z1).dot(&w2)));
    group.bench_function("z1_transpose_dot_da2", |b| b.iter(|| black_box(z1).transpose_dot(&da2)));
    group.bench_function("da2_dot_transpose_w2", |b| b.iter(|| black_box(&da2).dot_transpose(&w2)));
    group.finish();
}

criterion_group! {
    name = benches;
    // Short, so that all benchmarks together take a few minutes.
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    targets = matrix_products
}
criterion_main!(benches);
