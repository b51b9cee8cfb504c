//! What each plain function costs, next to its fast twin. Both give the same bits.
//!
//! ```text
//! cargo bench --bench plain_and_fast
//! ```

#![allow(missing_docs)] // criterion's macros

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use from_zero::ch04::s2_4_targets::Labels;
use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::fast::evaluation::fast_accuracy;
use from_zero::fast::matrix::dot;
use from_zero::fast::methods::{Differences, GradientMethod, Steps};
use from_zero::fast::mini_batch::CompressedMnist;
use from_zero::fast::team::Team;
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::random::{Rng, Xorshift64Star};

fn load() -> CompressedMnist {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/mnist");
    CompressedMnist::load(&folder).expect("the fixture is whole")
}

/// The matrix products of a training step.
fn products(criterion: &mut Criterion) {
    let mut rng = Xorshift64Star::new(1);
    let (batch, _) = load().train.select(&rng.choice(60_000, 100));
    let x = batch.to_matrix();
    let mut normal = |rows, columns| Matrix::from_fn(rows, columns, |_, _| rng.normal());
    let (w1, da1) = (normal(784, 50), normal(100, 50));

    // x · W1: (100, 784) x (784, 50)
    assert_eq!(dot(&x, &w1), x.dot(&w1));
    assert_eq!(batch.dot(&w1), x.dot(&w1));
    let mut group = criterion.benchmark_group("x_dot_w1");
    group.bench_function("plain", |b| b.iter(|| black_box(&x).dot(&w1)));
    group.bench_function("fast", |b| b.iter(|| dot(black_box(&x), &w1)));
    group.bench_function("fast, compressed", |b| b.iter(|| black_box(&batch).dot(&w1)));
    group.finish();

    // xᵀ · da1: (784, 100) x (100, 50)
    assert_eq!(batch.transpose_dot(&da1), x.transpose_dot(&da1));
    let mut group = criterion.benchmark_group("x_transpose_dot_da1");
    group.bench_function("plain", |b| b.iter(|| black_box(&x).transpose_dot(&da1)));
    group.bench_function("fast, compressed", |b| b.iter(|| black_box(&batch).transpose_dot(&da1)));
    group.finish();
}

/// A hundred training steps of the book's net: gradient, update, and the loss after it. The fast
/// twin takes them at once.
fn training_steps(criterion: &mut Criterion) {
    let mut rng = Xorshift64Star::new(1);
    let first = TwoLayerNet::new(784, 50, 10, 0.01, &mut rng);
    let train = load().train;
    let batches: Vec<Vec<usize>> = (0..100).map(|_| rng.choice(60_000, 100)).collect();
    let matrices: Vec<(Matrix, Labels)> = (batches.iter())
        .map(|batch_mask| {
            let (batch, t) = train.select(batch_mask);
            (batch.to_matrix(), t)
        })
        .collect();
    let plain_steps = |net: &mut TwoLayerNet| -> Vec<f64> {
        let step = |(x, t): &(Matrix, Labels)| {
            let gradient = net.gradient(x, t);
            net.params.descend(&gradient, 0.1);
            net.loss(x, t)
        };
        matrices.iter().map(step).collect()
    };

    let mut plain = first.clone();
    let losses = plain_steps(&mut plain);
    let mut group = criterion.benchmark_group("100_training_steps");
    group.sample_size(20);
    group.bench_function("plain", |bencher| {
        let mut net = first.clone();
        bencher.iter(|| plain_steps(&mut net));
    });
    let steps = Steps { data: &train, batches: &batches, learning_rate: 0.1 };
    for threads in [1, 2, 4] {
        let mut net = first.clone();
        let mut team = Team::new(threads);
        assert_eq!(GradientMethod::Backprop.train_steps(&mut net, &steps, &mut team), losses);
        assert_eq!(net, plain);
        group.bench_function(BenchmarkId::new("fast, threads", threads), |bencher| {
            bencher.iter(|| GradientMethod::Backprop.train_steps(&mut net, &steps, &mut team));
        });
    }
    group.finish();
}

/// Ten steps of learning by numerical differentiation.
fn numerical_steps(criterion: &mut Criterion) {
    let mut rng = Xorshift64Star::new(1);
    let first = TwoLayerNet::new(784, 50, 10, 0.01, &mut rng);
    let train = load().train;
    let batches: Vec<Vec<usize>> = (0..10).map(|_| rng.choice(60_000, 100)).collect();
    let method = GradientMethod::Incremental(Differences::default());
    let steps = Steps { data: &train, batches: &batches, learning_rate: 0.1 };
    let losses = method.train_steps(&mut first.clone(), &steps, &mut Team::new(1));
    let mut group = criterion.benchmark_group("10_numerical_steps");
    group.sample_size(50);
    for threads in [1, 2, 4] {
        let mut net = first.clone();
        let mut team = Team::new(threads);
        assert_eq!(method.train_steps(&mut net, &steps, &mut team), losses);
        group.bench_function(BenchmarkId::new("threads", threads), |bencher| {
            bencher.iter(|| method.train_steps(&mut net, &steps, &mut team));
        });
    }
    group.finish();
}

/// The accuracy on the 10,000 test images.
fn accuracy(criterion: &mut Criterion) {
    let net = TwoLayerNet::new(784, 50, 10, 0.01, &mut Xorshift64Star::new(1));
    let test = load().test;
    let all: Vec<usize> = (0..test.images.rows()).collect();
    let x = test.images.select_rows(&all).to_matrix();
    let accuracy = net.accuracy(&x, &test.labels);
    let mut group = criterion.benchmark_group("accuracy_of_10000");
    group.sample_size(10);
    group.bench_function("plain", |b| b.iter(|| net.accuracy(black_box(&x), &test.labels)));
    for threads in [1, 2] {
        assert_eq!(fast_accuracy(&net, &test, threads), accuracy);
        group.bench_function(BenchmarkId::new("fast, threads", threads), |bencher| {
            bencher.iter(|| fast_accuracy(&net, &test, threads));
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    // Short, so that all benchmarks together take a few minutes.
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    targets = products, training_steps, numerical_steps, accuracy
}
criterion_main!(benches);
