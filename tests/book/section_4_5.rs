//! Section 4.5: the two-layer net, its gradients, and the training on the real data.

use std::ops::ControlFlow;

use crate::common::{
    assert_close, assert_same_parameters, difference_by, fingerprint, mnist, random_matrix,
    random_net,
};
use from_zero::ch03::activation::Activation;
use from_zero::ch04::s2_4_targets::Labels;
use from_zero::ch04::s3_differentiation::H;
use from_zero::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use from_zero::ch04::s5_2_training::{History, Hyperparameters};
use from_zero::fast::compressed::CompressedRows;
use from_zero::fast::evaluation::{answers, fast_accuracy, probabilities};
use from_zero::fast::methods::{Differences, GradientMethod};
use from_zero::fast::mini_batch::{CompressedDataset, CompressedMnist};
use from_zero::fast::training::{Event, Settings, fast_train, fast_train_with_reports};
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::random::{Rng, Xorshift64Star};
use from_zero::trained::confusion::ConfusionMatrix;

// 4.5.1
#[test]
fn shapes_with_100_hidden_units() {
    let mut rng = Xorshift64Star::new(451);
    let net = TwoLayerNet::new(784, 100, 10, 0.01, &mut rng);
    let shapes = |p: &Parameters| (p.w1.shape(), p.b1.len(), p.w2.shape(), p.b2.len());
    assert_eq!(shapes(&net.params), ((784, 100), 100, (100, 10), 10));

    let x = Matrix::from_fn(100, 784, |_, _| rng.uniform());
    let t = Labels::new(rng.choice(10, 100));
    assert_eq!(net.predict(&x).shape(), (100, 10));
    assert_eq!(shapes(&net.gradient(&x, &t)), shapes(&net.params));
}

// 4.5.1
#[test]
fn an_untrained_net_answers_a_tenth_for_every_class() {
    let mut rng = Xorshift64Star::new(452);
    let net = TwoLayerNet::new(784, 50, 10, 0.01, &mut rng);
    assert_eq!(net.params.count(), 39_760);
    let (x, t) = real_images(&rng.choice(60_000, 100));
    let y = net.predict(&x);
    assert!(y.as_slice().iter().all(|p| (p - 0.1).abs() < 0.03), "{y}");
    assert!((net.loss(&x, &t) - 10_f64.ln()).abs() < 0.05);
}

// 4.5.1
#[test]
fn first_weights() {
    let params = TwoLayerNet::new(784, 50, 10, 0.01, &mut Xorshift64Star::new(453)).params;
    assert!(params.b1.iter().chain(&params.b2).all(|&b| b == 0.0));
    let w1 = params.w1.as_slice();
    let mean = w1.iter().sum::<f64>() / w1.len() as f64;
    let variance = w1.iter().map(|w| (w - mean) * (w - mean)).sum::<f64>() / w1.len() as f64;
    // Four standard errors of 39,200 numbers from N(0, 0.01²).
    assert!(mean.abs() < 4.0 * 0.01 / 198.0, "{mean}");
    assert!((variance.sqrt() - 0.01).abs() < 4.0 * 0.01 / 280.0, "{variance}");
}

/// Training images as a matrix.
fn real_images(indices: &[usize]) -> (Matrix, Labels) {
    let (x, t) = mnist().train.select(indices);
    (x.to_matrix(), t)
}

/// A net by formula: 4 inputs, 3 hidden units, 6 classes, 5 samples. All sizes differ, so that a
/// transposed or element-wise product in the wrong place can't go unnoticed.
fn small_net() -> (TwoLayerNet, Matrix, Labels) {
    let tenth = |v: usize, modulus: usize, centre: f64| ((v % modulus) as f64 - centre) / 10.0;
    let params = Parameters {
        w1: Matrix::from_fn(4, 3, |i, j| tenth(3 * i + 5 * j, 7, 3.0)),
        b1: (0..3).map(|j| (f64::from(j) - 1.0) / 10.0).collect(),
        w2: Matrix::from_fn(3, 6, |i, j| tenth(5 * i + 3 * j, 11, 5.0)),
        b2: (0..6).map(|j| (f64::from(j) - 2.0) / 20.0).collect(),
    };
    let x = Matrix::from_fn(5, 4, |n, i| ((2 * n + i) % 5) as f64 / 4.0);
    let t = Labels::new((0..5).map(|n| n * n % 6).collect());
    (TwoLayerNet { params, activation: Activation::Sigmoid }, x, t)
}

#[test]
fn forward_loss_and_gradient_have_the_numbers_of_numpy() {
    // NumPy 2.4.6, with the equations of s5_1_two_layer_net.rs and the numbers of small_net().
    let (net, x, t) = small_net();
    let y_row_0 = [
        0.1593680001423422,
        0.14087612216074613,
        0.14278116495131493,
        0.23583444830575576,
        0.12110641892192897,
        0.20003384551791206,
    ];
    assert_close(net.predict(&x).row(0), &y_row_0, 1e-15);
    assert_close(&[net.loss(&x, &t)], &[1.8765016691845897], 1e-15);
    assert_close(&[net.exact_loss(&x, &t)], &[1.8765023396492164], 1e-15);
    assert_eq!(net.accuracy(&x, &t), 0.2);

    let gradient = net.gradient(&x, &t);
    #[rustfmt::skip]
    let dw1 = [
        0.0246503168081798, -0.010938880978026649, 0.04691823284600874,
        0.01434710842666391, -0.008986617723494014, 0.022425024075181137,
        0.003689554401799005, -0.0065455908147312785, -0.0013862341579676755,
        0.004511829501594124, 0.008271993616972404, -0.013650356576870889,
    ];
    assert_close(gradient.w1.as_slice(), &dw1, 1e-16);
    let db1 = [0.03595057257834005, -0.010240380676196061, 0.025827341668833877];
    assert_close(&gradient.b1, &db1, 1e-16);
    #[rustfmt::skip]
    let dw2 = [
        -0.023955250985220555, -0.03662039942229591, 0.06477208828708038,
        0.009784577034500145, -0.10760970019756211, 0.09362868528349806,
        -0.011895636538935758, -0.0347472429475532, 0.06630317194310487,
        0.023409337769682563, -0.13933701929969816, 0.09626738907339968,
        -0.02063802992927416, -0.02946293198985865, 0.08029370245206646,
        0.014341031319032953, -0.16066831253503658, 0.11613454068306998,
    ];
    assert_close(gradient.w2.as_slice(), &dw2, 2e-16);
    let db2 = [
        -0.038111124834457936,
        -0.05757932707094224,
        0.13975694154384108,
        0.03129357501659294,
        -0.27771313810541975,
        0.20235307345038592,
    ];
    assert_close(&gradient.b2, &db2, 2e-16);
}

#[test]
fn numerical_and_analytic_gradient_agree_for_every_parameter() {
    let mut rng = Xorshift64Star::new(454);
    for (n, inputs, hidden, classes) in [(5, 4, 3, 6), (1, 2, 3, 4), (7, 1, 1, 2), (3, 6, 5, 4)] {
        let net = random_net(inputs, hidden, classes, &mut rng);
        let x = random_matrix(n, inputs, 2.0, &mut rng);
        let t = Labels::new(rng.choice(classes, n));
        let analytic = net.gradient(&x, &t);
        let exact = net.numerical_gradient_of(|net| net.exact_loss(&x, &t));
        let of_the_book = net.numerical_gradient(&x, &t);
        for i in 0..4 {
            let (_, analytic) = analytic.parts()[i];
            assert_close(exact.parts()[i].1, analytic, 1e-9);
            // The 1e-7 inside the logarithm shows where a probability is small.
            assert_close(of_the_book.parts()[i].1, analytic, 1e-5);
        }
    }
}

#[test]
fn numerical_and_analytic_gradient_agree_on_real_images() {
    let mut rng = Xorshift64Star::new(455);
    let net = TwoLayerNet::new(784, 50, 10, 0.01, &mut rng);
    let (x, t) = real_images(&rng.choice(60_000, 100));
    let analytic = net.gradient(&x, &t);
    // The whole gradient would take 16 s. These are thirty weights of the middle of the image, and
    // some of the other parts.
    let assert_agrees = |part: usize, index: usize| {
        let numerical = difference_by(&net, (part, index), H, |net| net.exact_loss(&x, &t));
        assert_close(&[numerical], &[analytic.parts()[part].1[index]], 1e-9);
    };
    for i in 0..30 {
        assert_agrees(0, (14 * 28 + i % 28) * 50 + i);
    }
    for index in 0..10 {
        assert_agrees(1, 5 * index);
        assert_agrees(2, 47 * index);
        assert_agrees(3, index);
    }
}

#[test]
fn descend_steps_against_the_gradient() {
    let (mut net, x, t) = small_net();
    let before = net.loss(&x, &t);
    let gradient = net.gradient(&x, &t);
    let start = net.params.clone();
    net.params.descend(&gradient, 0.1);
    for ((_, now), ((_, start), (_, d))) in
        net.params.parts().iter().zip(start.parts().iter().zip(gradient.parts()))
    {
        let expected: Vec<f64> = start.iter().zip(d).map(|(w, d)| w - 0.1 * d).collect();
        assert_eq!(*now, expected);
    }
    assert!(net.loss(&x, &t) < before);
}

/// The book's net trained on the real data.
fn trained(seed: u64, settings: &Settings) -> (TwoLayerNet, History) {
    let mut rng = Xorshift64Star::new(seed);
    let mut net = TwoLayerNet::new(784, 50, 10, 0.01, &mut rng);
    let history = fast_train(&mut net, mnist(), settings, &mut rng);
    (net, history.expect("a finite loss"))
}

// 4.5.2
#[test]
fn one_epoch_reaches_three_quarters() {
    for seed in [1, 2, 3] {
        let (_, history) = trained(seed, &Settings::new(601, 1));
        let (iteration, accuracy) = history.accuracies[1];
        assert_eq!(iteration, 600);
        assert!(accuracy.test >= 0.75, "seed {seed}: {accuracy:?}");
    }
}

/// Ten tiny "images" of five pixels, to train on in no time.
fn tiny() -> CompressedMnist {
    let mut levels = [0.0; 256];
    levels[255] = 1.0;
    let bytes: Vec<u8> = (0..50).map(|i| if i * i % 7 < 3 { 255 } else { 0 }).collect();
    let part = CompressedDataset {
        images: CompressedRows::new(&bytes, 5, levels),
        labels: Labels::new((0..10).map(|n| n % 3).collect()),
    };
    CompressedMnist { train: part.clone(), test: part }
}

fn train_tiny(
    settings: &Settings, report: impl FnMut(Event) -> ControlFlow<()>,
) -> (TwoLayerNet, Result<History, String>) {
    let mut rng = Xorshift64Star::new(457);
    let mut net = TwoLayerNet::new(5, 4, 3, 0.1, &mut rng);
    let history = fast_train_with_reports(&mut net, &tiny(), settings, &mut rng, report);
    (net, history.map_err(|diverged| diverged.to_string()))
}

// 4.5.2
#[test]
fn the_naive_gradient_trains_to_the_same_net() {
    let hyperparameters = Hyperparameters {
        iterations: 30,
        batch_size: 4,
        learning_rate: 0.5,
        ..Hyperparameters::default()
    };
    let settings = |gradient: GradientMethod| Settings {
        hyperparameters,
        gradient,
        ..Settings::new(10_000, 1)
    };
    let go_on = |_: Event| ControlFlow::Continue(());
    let (by_backprop, _) = train_tiny(&settings(GradientMethod::Backprop), go_on);
    let (by_naive, _) = train_tiny(&settings(GradientMethod::Naive(Differences::default())), go_on);
    for ((_, a), (_, b)) in by_backprop.params.parts().into_iter().zip(by_naive.params.parts()) {
        assert_close(a, b, 1e-5);
    }
    assert_ne!(fingerprint(&by_backprop.params), fingerprint(&by_naive.params));
}

/// Matrices of one row each, below each other.
fn rows_of(rows: &[Matrix]) -> Matrix {
    Matrix::from_fn(rows.len(), rows[0].columns(), |n, j| rows[n][(0, j)])
}

// 4.5.3
#[test]
fn answers_are_counted_image_by_image() {
    // More images than pass through the net at once, and not a multiple of them.
    let mut rng = Xorshift64Star::new(459);
    let bytes: Vec<u8> = (0..6 * 250).map(|_| rng.below(256) as u8).collect();
    let values = std::array::from_fn(|level| level as f64 / 255.0);
    let labels = Labels::new(rng.choice(10, 250));
    let data = CompressedDataset { images: CompressedRows::new(&bytes, 6, values), labels };
    let net = random_net(6, 5, 10, &mut rng);

    let image = |n: usize| data.images.select_rows(&[n]).to_matrix();
    let y: Vec<Matrix> = (0..250).map(|n| net.predict(&image(n))).collect();
    let one_by_one: Vec<usize> = y.iter().map(|y| y.argmax_rows()[0]).collect();
    let pairs = || data.labels.as_slice().iter().zip(&one_by_one);
    let right = pairs().filter(|(label, answer)| label == answer).count();
    assert!(right > 0, "the data of this test cannot tell: no answer is right");
    let is_varied = one_by_one.iter().any(|&answer| answer != one_by_one[0]);
    assert!(is_varied, "the data of this test cannot tell: all answers are {}", one_by_one[0]);
    for threads in [0, 1, 2, 7] {
        assert_eq!(probabilities(&net, &data, threads), rows_of(&y));
        assert_eq!(answers(&net, &data, threads), one_by_one);
        assert_eq!(fast_accuracy(&net, &data, threads), right as f64 / 250.0);
    }

    let confusion = ConfusionMatrix::new(&data.labels, &one_by_one);
    assert_eq!(confusion.correct(), right);
    for digit in 0..10 {
        let of_digit = data.labels.as_slice().iter().filter(|&&label| label == digit).count();
        assert_eq!(confusion.images(digit), of_digit);
        for answer in 0..10 {
            let both = pairs().filter(|&(&l, &a)| (l, a) == (digit, answer)).count();
            assert_eq!(confusion.counts[digit][answer], both);
        }
    }
}

#[test]
fn training_reports_what_it_does_in_order() {
    // Two iterations per epoch.
    let hyperparameters = Hyperparameters {
        iterations: 4,
        batch_size: 5,
        learning_rate: 0.1,
        ..Hyperparameters::default()
    };
    let gradient = GradientMethod::Naive(Differences::default());
    let settings = Settings { hyperparameters, gradient, ..Settings::new(10_000, 1) };
    let mut events = Vec::new();
    let (net, history) = train_tiny(&settings, |event| {
        events.push(format!("{event:?}"));
        ControlFlow::Continue(())
    });
    let history = history.expect("a finite loss");
    let total = 2 * net.params.count();
    let mut expected = Vec::new();
    for (iteration, &loss) in history.losses.iter().enumerate() {
        for done in 1..=total {
            expected.push(format!("{:?}", Event::Gradient { iteration, done, total }));
        }
        expected.push(format!("{:?}", Event::Iteration { iteration, loss }));
        if iteration % 2 == 0 {
            let (at, accuracy) = history.accuracies[iteration / 2];
            assert_eq!(at, iteration);
            // The net of an epoch is the net of a run that ends there.
            let hyperparameters = Hyperparameters { iterations: iteration + 1, ..hyperparameters };
            let gradient = GradientMethod::Naive(Differences::default());
            let until = Settings { hyperparameters, gradient, ..Settings::new(0, 1) };
            let (net, _) = train_tiny(&until, |_| ControlFlow::Continue(()));
            expected.push(format!("{:?}", Event::Epoch { iteration, loss, accuracy, net: &net }));
        }
    }
    let first_other = (0..expected.len()).find(|&i| events.get(i) != Some(&expected[i]));
    if let Some(i) = first_other {
        panic!("event {i}: expected {}, found {:?}", expected[i], events.get(i));
    }
    assert_eq!(events.len(), expected.len(), "there are more events than expected");
}

#[test]
fn training_stops_when_told() {
    for stop_at in [0, 3] {
        let (_, history) = train_tiny(&Settings::new(10, 2), |event| match event {
            Event::Iteration { iteration, .. } if iteration == stop_at => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        });
        assert_eq!(history.expect("a finite loss").losses.len(), stop_at + 1);
    }
}

#[test]
fn training_stops_when_told_during_a_slow_gradient() {
    let hyperparameters = Hyperparameters {
        iterations: 10,
        batch_size: 5,
        learning_rate: 0.1,
        ..Hyperparameters::default()
    };
    let gradient = GradientMethod::Naive(Differences::default());
    let settings = Settings { hyperparameters, gradient, ..Settings::new(10_000, 1) };
    let (_, history) = train_tiny(&settings, |event| match event {
        Event::Gradient { iteration: 2, done: 7, .. } => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    });
    assert_eq!(history.expect("a finite loss").losses.len(), 3);
}

#[test]
fn training_that_stops_leaves_the_net_of_its_last_iteration() {
    // With mini-batches of 1 an epoch has ten iterations, and the iterations 1 to 10 are done at
    // once. The run stops after iteration 6, so 7 to 10 must be undone.
    for threads in [1, 2] {
        let settings = |iterations| {
            let mut settings = Settings::new(iterations, threads);
            settings.hyperparameters.batch_size = 1;
            settings
        };
        let (stopped, history) = train_tiny(&settings(40), |event| match event {
            Event::Iteration { iteration: 6, .. } => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        });
        let (expected, seven) = train_tiny(&settings(7), |_| ControlFlow::Continue(()));
        assert_eq!(history, seven, "{threads} threads: the losses of a stopped run");
        assert_same_parameters(
            &format!("{threads} threads: the net of a stopped run"),
            &stopped.params,
            &expected.params,
        );
    }
}

#[test]
fn the_net_is_reported_after_each_iteration_that_is_kept() {
    // With mini-batches of 1 an epoch has ten iterations.
    let settings = |iterations| {
        let mut settings = Settings::new(iterations, 2);
        settings.hyperparameters.batch_size = 1;
        settings
    };
    let mut nets = Vec::new();
    let kept = Settings { is_kept: |i| i == 3 || i == 4, ..settings(8) };
    let (last, _) = train_tiny(&kept, |event| {
        if let Event::Epoch { iteration, net, .. } | Event::Kept { iteration, net } = event {
            nets.push((iteration, net.clone()));
        }
        ControlFlow::Continue(())
    });
    let iterations: Vec<usize> = nets.iter().map(|(iteration, _)| *iteration).collect();
    assert_eq!(iterations, [0, 3, 4], "the first of the epoch, and those that are kept");
    for (iteration, net) in &nets {
        let (expected, _) = train_tiny(&settings(iteration + 1), |_| ControlFlow::Continue(()));
        let what = format!("the net reported after iteration {iteration}");
        assert_same_parameters(&what, &net.params, &expected.params);
    }
    // The run itself is not changed by it.
    let (expected, _) = train_tiny(&settings(8), |_| ControlFlow::Continue(()));
    assert_same_parameters("the net at the end", &last.params, &expected.params);
}

#[test]
fn weights_come_from_the_random_numbers_w1_first() {
    let mut rng = Xorshift64Star::new(460);
    let net = TwoLayerNet::new(4, 3, 2, 0.5, &mut Xorshift64Star::new(460));
    assert_eq!(net.params.w1, Matrix::from_fn(4, 3, |_, _| 0.5 * rng.normal()));
    assert_eq!(net.params.w2, Matrix::from_fn(3, 2, |_, _| 0.5 * rng.normal()));
}

#[test]
fn zero_iterations_report_nothing() {
    let (_, history) = train_tiny(&Settings::new(0, 2), |_| panic!("there is nothing to report"));
    assert_eq!(history, Ok(History::default()));
}

#[test]
fn parameters_beyond_1e100_stop_the_training_when_they_appear() {
    let mut settings = Settings::new(10, 2);
    settings.hyperparameters.learning_rate = f64::MAX;
    let (_, history) = train_tiny(&settings, |_| ControlFlow::Continue(()));
    let message = history.expect_err("the weights overflow");
    let start = "a parameter became ";
    let end = " by iteration 0 with a learning rate of 1.7976931348623157e308: try a smaller \
               learning rate";
    let found = message.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
    let parameter: Option<f64> = found.and_then(|found| found.parse().ok());
    assert!(parameter.is_some_and(|v| v.abs() > 1e100), "expected a parameter: {message}");
}

#[test]
fn two_thousand_plain_steps_reach_an_accuracy_of_1() {
    let (mut net, x, t) = small_net();
    for _ in 0..2000 {
        let gradient = net.gradient(&x, &t);
        net.params.descend(&gradient, 1.0);
    }
    assert_eq!(net.accuracy(&x, &t), 1.0);
}
