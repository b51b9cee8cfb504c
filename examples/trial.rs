#![allow(missing_docs)]
use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::fast::mini_batch::CompressedMnist;
use from_zero::fast::shards::train_steps;
use from_zero::fast::workers::Workers;
use from_zero::numeric::random::{Rng, Xorshift64Star};
use std::path::Path;
fn main() {
    let data = CompressedMnist::load(Path::new("fixtures/mnist")).unwrap();
    let mut rng = Xorshift64Star::new(0);
    let net0 = TwoLayerNet::new(784, 50, 10, 0.01, &mut rng);
    let batches: Vec<Vec<usize>> = (0..3000).map(|_| rng.choice(60_000, 100)).collect();
    for round in 0..2 {
        for threads in [1, 2, 4] {
            let mut net = net0.clone();
            let start = std::time::Instant::now();
            let mut losses = Vec::new();
            for part in batches.chunks(100) {
                losses.extend(train_steps(&mut net, &data.train, part, 0.1, threads));
            }
            let t_shard = start.elapsed().as_secs_f64() / 3000.0 * 1e6;
            let mut w = Workers::new(threads);
            let mut net2 = net0.clone();
            let start = std::time::Instant::now();
            let mut losses2 = Vec::new();
            for b in &batches {
                let (x, t) = data.train.select(b);
                let g = w.gradient(&net2, &x, &t);
                net2.params.descend(&g, 0.1);
                losses2.push(w.loss(&net2, &x, &t));
            }
            let t_old = start.elapsed().as_secs_f64() / 3000.0 * 1e6;
            println!(
                "round {round} threads {threads}: shards {t_shard:.0} µs, workers {t_old:.0} µs, equal {} {}",
                losses == losses2,
                net == net2
            );
        }
    }
}
