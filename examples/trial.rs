#![allow(missing_docs)]
use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::fast::mini_batch::CompressedMnist;
use from_zero::fast::shards::train_steps;
use from_zero::numeric::random::{Rng, Xorshift64Star};
use std::path::Path;
fn main() {
    let data = CompressedMnist::load(Path::new("fixtures/mnist")).unwrap();
    let mut rng = Xorshift64Star::new(0);
    let net0 = TwoLayerNet::new(784, 50, 10, 0.01, &mut rng);
    let batches: Vec<Vec<usize>> = (0..2000).map(|_| rng.choice(60_000, 100)).collect();
    let which: Vec<usize> = std::env::args().skip(1).map(|a| a.parse().unwrap()).collect();
    for _ in 0..5 {
        for &threads in &which {
            let mut net = net0.clone();
            let start = std::time::Instant::now();
            let mut losses = Vec::new();
            for part in batches.chunks(100) {
                losses.extend(train_steps(&mut net, &data.train, part, 0.1, threads));
            }
            let t_shard = start.elapsed().as_secs_f64() / 2000.0 * 1e6;
            print!("{threads} threads {t_shard:.0} µs ({:.12})  ", losses[1999]);
        }
        println!();
    }
}
