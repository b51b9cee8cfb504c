//! The same seed gives the same parameters bit for bit: with any number of threads, in debug and in
//! release, and with `RUSTFLAGS="-C target-cpu=native"` (`.ci/run` runs this file in all three
//! ways).

mod common;

use common::{fingerprint, mnist};
use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::ch04::s5_2_training::History;
use from_zero::fast::training::{Settings, fast_train};
use from_zero::numeric::random::Xorshift64Star;

fn twenty_iterations(threads: usize) -> (u64, History) {
    let mut rng = Xorshift64Star::new(0);
    let mut net = TwoLayerNet::new(784, 50, 10, 0.01, &mut rng);
    let settings = Settings::new(20, threads);
    let history = fast_train(&mut net, mnist(), &settings, &mut rng).expect("a finite loss");
    (fingerprint(&net.params), history)
}

#[test]
fn twenty_iterations_end_at_the_golden_parameters() {
    let (hash, history) = twenty_iterations(1);
    assert_eq!(format!("{hash:016x}"), "942b3520db4e1453");
    let losses = [history.losses[0], history.losses[19]];
    assert_eq!(losses, [2.2939814716230145, 2.286028525485139]);
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let one = twenty_iterations(1);
    for threads in [2, 3, 7] {
        assert_eq!(twenty_iterations(threads), one, "{threads} threads");
    }
}
