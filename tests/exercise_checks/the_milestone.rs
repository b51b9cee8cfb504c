//! e18 with the library's functions, and with wrong ones.

use std::io;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

use from_zero::ch04::s2_3_mini_batch::{Dataset, Mnist};
use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::fast::evaluation::fast_accuracy;
use from_zero::fast::mini_batch::CompressedMnist;
use from_zero::fast::training::{Settings as FastSettings, fast_train};
use from_zero::formats::mnist::load_test;
use from_zero::numeric::random::Xorshift64Star;

use crate::LIMIT;
use crate::checks::net::{Functions, Settings};
use crate::checks::run::Outcome;
use crate::checks::training::{ENOUGH, SEED, TWO_EPOCHS, Train, milestone, train};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/mnist")
}

/// 8,000 images to learn from and 2,000 others: loaded faster than all 70,000.
fn some_images() -> io::Result<Mnist> {
    let all = Dataset::new(&load_test(&folder())?);
    let part = |indices: std::ops::Range<usize>| {
        let (images, labels) = all.select(&indices.collect::<Vec<_>>());
        Dataset { images, labels }
    };
    Ok(Mnist { train: part(0..8_000), test: part(8_000..10_000) })
}

/// A larger learning rate reaches the goal in fewer iterations.
fn short(iterations: usize) -> Settings {
    Settings { iterations, learning_rate: 1.0, ..TWO_EPOCHS }
}

#[test]
fn the_books_net_reads_88_percent_of_the_test_images_after_two_epochs() {
    // The fast twins give the same bits as the plain functions: tests/fast/twins.rs.
    let mut settings = FastSettings::new(TWO_EPOCHS.iterations, 2);
    settings.hyperparameters.batch_size = TWO_EPOCHS.batch_size;
    settings.hyperparameters.learning_rate = TWO_EPOCHS.learning_rate;
    let data = CompressedMnist::load(&folder()).expect("the fixture is whole");
    let mut rng = Xorshift64Star::new(SEED);
    let mut net = TwoLayerNet::new(784, 50, 10, 0.01, &mut rng);
    fast_train(&mut net, &data, &settings, &mut rng).expect("a finite loss");
    let accuracy = fast_accuracy(&net, &data.test, 2);
    assert!((accuracy - 0.8821).abs() < 1e-9, "expected an accuracy of 0.8821, found {accuracy}");
    assert!(accuracy > ENOUGH, "expected more than {ENOUGH}, found {accuracy}");
}

#[test]
fn right_functions_reach_the_milestone() {
    let library = Functions::of_the_library();
    let outcome = milestone(library, train().right, short(150), some_images(), LIMIT);
    let Outcome::Done(text) = outcome else {
        panic!("expected that it is done, found {outcome:?}")
    };
    let parts = ["your net reads 9", " % of the 2,000 test images", "the last loss is 0."];
    assert!(parts.iter().all(|part| text.contains(part)), "expected {parts:?}, found: {text}");
}

#[test]
fn wrong_functions_get_a_sentence() {
    let library = Functions::of_the_library();
    let right = train().right;
    let climbing =
        Functions { update: |params, gradient, rate| params.descend(gradient, -rate), ..library };
    let nan = Functions { cross_entropy: |_, _| f64::NAN, ..library };
    let panics: Train = |_, _, _, _| panic!("at once");
    let sleeps: Train = |_, _, _, _| {
        sleep(Duration::from_secs(1));
        (Vec::new(), Vec::new())
    };
    let says = |functions, train, iterations, limit, parts: &[&str]| {
        let outcome = milestone(functions, train, short(iterations), some_images(), limit);
        let Outcome::Wrong(text) = outcome else {
            panic!("expected a sentence, found {outcome:?}")
        };
        assert!(parts.iter().all(|part| text.contains(part)), "expected {parts:?}, found: {text}");
    };
    says(climbing, right, 10, LIMIT, &["After 10 iterations", "expected over 88 %", "guessing"]);
    says(library, right, 60, LIMIT, &["After 60 iterations", "less than expected"]);
    says(nan, right, 10, LIMIT, &["the last loss is NaN", "does softmax subtract"]);
    says(library, panics, 10, LIMIT, &["stopped", "the_milestone.rs, line", "at once"]);
    says(library, sleeps, 10, Duration::from_millis(100), &["still runs after 0.1 s"]);
    let images = Err(io::Error::other("no such folder"));
    let outcome = milestone(library, right, short(10), images, LIMIT);
    let expected = Outcome::Wrong("The images cannot be read: no such folder".to_string());
    assert_eq!(outcome, expected);
}
