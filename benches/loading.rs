//! How long it takes to load the compressed files; and how long a megabyte can keep a reader busy
//! if somebody made it for that purpose.
//!
//! ```text
//! cargo bench --bench loading
//! ```

#![allow(missing_docs)] // criterion's macros

#[allow(dead_code)] // a part of it is for the tests
#[path = "../tests/common/megabyte.rs"]
mod megabyte;

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use from_zero::fast::mini_batch::CompressedMnist;
use from_zero::formats::crc32::crc32;
use from_zero::formats::gzip::decompress;
use megabyte::{Hostile, worst};

fn loading(criterion: &mut Criterion) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/mnist");
    let file = std::fs::read(folder.join("train-images-idx3-ubyte.gz")).expect("the fixture");
    let length = 47_040_016;
    let raw = decompress(&file, length).expect("the fixture is whole");
    assert_eq!(raw.len(), length);

    let mut group = criterion.benchmark_group("loading");
    group.sample_size(20);
    group.throughput(Throughput::Bytes(length as u64));
    group.bench_function("crc32", |b| b.iter(|| crc32(black_box(&raw))));
    group.bench_function("gunzip", |b| b.iter(|| decompress(black_box(&file), length)));
    let data = CompressedMnist::load(&folder).expect("the fixture is whole");
    assert_eq!(data.train.images.rows(), 60_000);
    group.bench_function("all four files", |b| b.iter(|| CompressedMnist::load(&folder)));
    group.finish();
}

fn hostile(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a hostile megabyte");
    group.sample_size(10);
    for Hostile { name, file, read, gives } in worst() {
        assert_eq!(read(&file).ok(), gives, "{name}");
        group.bench_function(name, |b| b.iter(|| read(black_box(&file))));
    }
    group.finish();
}

criterion_group!(benches, loading, hostile);
criterion_main!(benches);
