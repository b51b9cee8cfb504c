//! One training step of the book's net: gradient, update, and the loss after it.
//!
//! ```text
//! cargo bench --bench training_step
//! ```
//!
//! `plain` is the text of `two_layer_net.rs`; the others are shared among threads. All give the
//! same bits.

#![allow(missing_docs)] // criterion's macros

use std::path::Path;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use from_zero::beyond::incremental::Incremental;
use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::fast::evaluation::fast_accuracy;
use from_zero::fast::mini_batch::CompressedMnist;
use from_zero::fast::workers::Workers;
use from_zero::numeric::random::{Rng, Xorshift64Star};

fn training_step(criterion: &mut Criterion) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/mnist");
    let data = CompressedMnist::load(&folder).expect("the fixture is whole");
    let mut rng = Xorshift64Star::new(1);
    let first = TwoLayerNet::new(784, 50, 10, 0.01, &mut rng);
    let (x, t) = data.train.select(&rng.choice(60_000, 100));

    let plain_step = |net: &mut TwoLayerNet| {
        let gradient = net.gradient(&x, &t);
        net.params.descend(&gradient, 0.1);
        net.loss(&x, &t)
    };
    let shared_step = |net: &mut TwoLayerNet, workers: &mut Workers| {
        let gradient = workers.gradient(net, &x, &t);
        net.params.descend(&gradient, 0.1);
        workers.loss(net, &x, &t)
    };
    let numerical_step = |net: &mut TwoLayerNet, threads: usize| {
        let gradient = Incremental::default().gradient_of(net, &x, &t, threads);
        net.params.descend(&gradient, 0.1);
        net.loss(&x, &t)
    };

    let mut plain = first.clone();
    let loss = plain_step(&mut plain);
    let mut group = criterion.benchmark_group("training_step");
    group.bench_function("plain", |bencher| {
        let mut net = first.clone();
        bencher.iter(|| plain_step(&mut net));
    });
    for threads in [1, 2, 4] {
        let mut workers = Workers::new(threads);
        let mut net = first.clone();
        assert_eq!((shared_step(&mut net, &mut workers), &net), (loss, &plain));
        group.bench_function(BenchmarkId::new("backprop, threads", threads), |bencher| {
            bencher.iter(|| shared_step(&mut net, &mut workers));
        });
        let mut net = first.clone();
        assert!((numerical_step(&mut net, threads) - loss).abs() < 1e-6);
        group.bench_function(BenchmarkId::new("numerical, threads", threads), |bencher| {
            bencher.iter(|| numerical_step(&mut net, threads));
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group("accuracy_of_10000");
    group.sample_size(20);
    for threads in [1, 2] {
        assert_eq!(accuracy(&first, &data.test, threads), accuracy(&first, &data.test, 1));
        group.bench_function(BenchmarkId::new("threads", threads), |bencher| {
            bencher.iter(|| accuracy(&first, &data.test, threads));
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
    targets = training_step
}
criterion_main!(benches);
