//! The book's program of sections 4.5.2 and 4.5.3 (`train_neuralnet.py`), with the plain functions
//! of the chapters and NumPy's random numbers. It prints what the Python program prints after
//! `np.random.seed(0)`. It uses one thread:
//!
//! ```text
//! cargo run --release --example book
//! ```
//!
//! `cargo run --release -- --random numpy` computes the same numbers with the fast functions.

use std::error::Error;
use std::path::Path;

use from_zero::ch04::s2_3_mini_batch::load_mnist;
use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::ch04::s5_2_training::{Hyperparameters, train};
use from_zero::numeric::numpy_random::RandomState;

fn main() -> Result<(), Box<dyn Error>> {
    let data = load_mnist(Path::new("fixtures/mnist"))?;
    let mut rng = RandomState::new(0); // np.random.seed(0)
    let mut network = TwoLayerNet::new(784, 50, 10, 0.01, &mut rng);
    let history = train(&mut network, &data, &Hyperparameters::default(), &mut rng);

    for (_, accuracy) in &history.accuracies {
        println!("train acc, test acc | {}, {}", accuracy.train, accuracy.test);
    }
    Ok(())
}
