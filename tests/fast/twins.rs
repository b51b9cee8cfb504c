//! The plain code of the chapters and its fast twin, bit for bit: every comparison here is `==`.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::common::{
    assert_same, assert_same_matrix, assert_same_parameters, compressed, difference_by, fixtures,
    mnist, random_matrix, random_net,
};
use from_zero::ch03::activation::Activation;
use from_zero::ch04::s2_3_mini_batch::{Dataset, Mnist, load_mnist};
use from_zero::ch04::s2_4_targets::Labels;
use from_zero::ch04::s3_differentiation::H;
use from_zero::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use from_zero::ch04::s5_2_training::{Hyperparameters, train};
use from_zero::fast::compressed::CompressedRows;
use from_zero::fast::evaluation::{answers, fast_accuracy, probabilities};
use from_zero::fast::matrix::{dot, dot_transpose};
use from_zero::fast::methods::Differences;
use from_zero::fast::methods::GradientMethod::{Backprop, Incremental};
use from_zero::fast::mini_batch::{CompressedDataset, CompressedMnist};
use from_zero::fast::numerical_gradient::naive_gradient;
use from_zero::fast::team::Team;
use from_zero::fast::training::{Settings, fast_train};
use from_zero::fast::two_layer_net::CrossEntropy::{Book, Exact};
use from_zero::fast::two_layer_net::{gradient, loss, predict, scores};
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::random::{Rng, Xorshift64Star};

const ACTIVATIONS: [Activation; 3] = [Activation::Sigmoid, Activation::Relu, Activation::Step];

/// Random rows with many zeros, compressed and as a matrix.
fn rows(n: usize, columns: usize, rng: &mut Xorshift64Star) -> (CompressedRows, Matrix) {
    let byte = |_| if rng.uniform() < 0.7 { 0 } else { rng.below(256) as u8 };
    let bytes: Vec<u8> = (0..n * columns).map(byte).collect();
    let values = std::array::from_fn(|level| level as f64 / 255.0);
    let matrix = Matrix::from_fn(n, columns, |i, j| values[usize::from(bytes[i * columns + j])]);
    (CompressedRows::new(&bytes, columns, values), matrix)
}

/// A net with a mini-batch, as a batch without zeros and as a matrix.
struct Case {
    net: TwoLayerNet,
    batch: CompressedRows,
    x: Matrix,
    t: Labels,
}

/// Nets of random sizes, also with one input or no hidden unit, with each activation.
fn cases(seed: u64, most_samples: usize) -> Vec<Case> {
    let mut rng = Xorshift64Star::new(seed);
    let mut cases = Vec::new();
    for k in 0..60 {
        let n = if k < 6 { 1 } else { 1 + rng.below(most_samples) };
        let size = |rng: &mut Xorshift64Star| if rng.below(6) == 0 { 1 } else { 1 + rng.below(60) };
        let (inputs, hidden) = (size(&mut rng), size(&mut rng));
        let hidden = if k % 10 == 9 { 0 } else { hidden };
        let classes = 1 + rng.below(12);
        let net = random_net(inputs, hidden, classes, &mut rng);
        let (compressed, _) = rows(n + 3, inputs, &mut rng);
        let batch = compressed.select_rows(&rng.choice(n + 3, n));
        let x = batch.to_matrix();
        let t = Labels::new(rng.choice(classes, n));
        cases.push(Case { net: net.with_activation(ACTIVATIONS[k % 3]), batch, x, t });
    }
    cases
}

#[test]
fn products_have_the_bits_of_the_plain_ones() {
    let mut rng = Xorshift64Star::new(1);
    for _ in 0..300 {
        // Up to 60 columns: all widths of the kernel occur.
        let [n, k, m] = [20, 20, 61].map(|most| rng.below(most));
        let a = random_matrix(n, k, 1.0, &mut rng);
        let b = random_matrix(k, m, 1.0, &mut rng);
        let sizes = format!("({n}, {k}) x ({k}, {m})");
        assert_same_matrix(&format!("dot {sizes}"), &dot(&a, &b), &a.dot(&b));
        let d = random_matrix(m, k, 1.0, &mut rng);
        assert_same_matrix(
            &format!("dot_transpose {sizes}"),
            &dot_transpose(&a, &d),
            &a.dot_transpose(&d),
        );
    }
}

#[test]
fn products_of_compressed_rows_have_the_bits_of_the_plain_ones() {
    let mut rng = Xorshift64Star::new(2);
    for (n, columns, m) in [(1, 1, 1), (5, 12, 3), (9, 30, 7), (20, 784, 50)] {
        let (compressed, matrix) = rows(n, columns, &mut rng);
        let indices = rng.choice(n, n + 2);
        let (batch, x) = (compressed.select_rows(&indices), matrix.select_rows(&indices));
        assert_same_matrix("the selected rows", &batch.to_matrix(), &x);
        let w = random_matrix(columns, m, 1.0, &mut rng);
        assert_same_matrix("x W", &batch.dot(&w), &x.dot(&w));
        let d = random_matrix(n + 2, m, 1.0, &mut rng);
        assert_same_matrix("xᵀ d", &batch.transpose_dot(&d), &x.transpose_dot(&d));
    }
}

#[test]
fn the_net_has_the_bits_of_the_plain_one() {
    for (k, Case { net, batch, x, t }) in cases(3, 20).iter().enumerate() {
        assert_same_matrix(&format!("case {k}, scores"), &scores(net, batch), &net.scores(x));
        assert_same_matrix(&format!("case {k}, predict"), &predict(net, batch), &net.predict(x));
        assert_eq!(loss(net, batch, t, Book), net.loss(x, t), "case {k}");
        assert_eq!(loss(net, batch, t, Exact), net.exact_loss(x, t), "case {k}");
        assert_same_parameters(
            &format!("case {k}, gradient"),
            &gradient(net, batch, t),
            &net.gradient(x, t),
        );
    }
}

/// The loop of the chapter: the net at the end, and the loss after each update.
fn plain_steps(
    net: &TwoLayerNet, data: &CompressedDataset, hyperparameters: Hyperparameters, seed: u64,
    gradient: impl Fn(&TwoLayerNet, &Matrix, &Labels) -> Parameters,
) -> (TwoLayerNet, Vec<f64>) {
    let Hyperparameters { iterations, batch_size, learning_rate, .. } = hyperparameters;
    let (mut net, mut rng) = (net.clone(), Xorshift64Star::new(seed));
    let mut losses = Vec::new();
    for _ in 0..iterations {
        let (batch, t) = data.select(&rng.choice(data.labels.len(), batch_size));
        let x = batch.to_matrix();
        let gradient = gradient(&net, &x, &t);
        net.params.descend(&gradient, learning_rate);
        losses.push(net.loss(&x, &t));
    }
    (net, losses)
}

/// The incremental gradient on one thread, from a matrix.
fn incremental(net: &TwoLayerNet, x: &Matrix, t: &Labels) -> Parameters {
    let method = Incremental(Differences::default());
    method.gradient(net, &compressed(x), t, &mut Team::new(1))
}

/// Trains with `fast_train` on several threads, and compares the net and the losses with those of
/// the chapter's loop.
fn assert_trains_like_the_plain_loop(
    place: &str, net: &TwoLayerNet, data: &CompressedMnist, hyperparameters: Hyperparameters,
    threads: &[usize],
) {
    let seed = 14;
    let plain = plain_steps(net, &data.train, hyperparameters, seed, TwoLayerNet::gradient);
    let differences = plain_steps(net, &data.train, hyperparameters, seed, incremental);
    for (gradient, expected) in
        [(Backprop, plain), (Incremental(Differences::default()), differences)]
    {
        for &threads in threads {
            let mut fast_net = net.clone();
            let settings = Settings { hyperparameters, gradient, ..Settings::new(0, threads) };
            let mut rng = Xorshift64Star::new(seed);
            let history = fast_train(&mut fast_net, data, &settings, &mut rng).expect("finite");
            let place = format!("{place}, {gradient:?}, {threads} threads");
            assert_same(&format!("{place}, losses"), &history.losses, &expected.1);
            assert_same_parameters(&place, &fast_net.params, &expected.0.params);
        }
    }
}

#[test]
fn training_on_several_threads_has_the_bits_of_the_plain_loop() {
    let mut rng = Xorshift64Star::new(4);
    for k in 0..40 {
        // Up to 90 hidden units: up to seven threads get some of them.
        let hidden = if k < 4 { k % 2 } else { 1 + rng.below(90) };
        let (inputs, classes) = (1 + rng.below(40), 1 + rng.below(12));
        let net = random_net(inputs, hidden, classes, &mut rng).with_activation(ACTIVATIONS[k % 3]);
        let (images, _) = rows(30, inputs, &mut rng);
        let train = CompressedDataset { images, labels: Labels::new(rng.choice(classes, 30)) };
        let data = CompressedMnist { test: train.first(3), train };
        // Also fewer samples than threads. The accuracy is measured after the first step, so the
        // steps after it are done at once: an epoch has at least three.
        let batch_size = 1 + rng.below(9);
        let hyperparameters = Hyperparameters {
            iterations: k % 6,
            batch_size,
            learning_rate: 0.3,
            ..Hyperparameters::default()
        };
        let place = format!("case {k}, {hidden} units");
        let threads = [0, 1, 2, 3, 5, 16];
        assert_trains_like_the_plain_loop(&place, &net, &data, hyperparameters, &threads);
    }
}

#[test]
fn training_the_books_net_on_several_threads_has_the_bits_of_the_plain_loop() {
    let net = TwoLayerNet::new(784, 50, 10, 0.01, &mut Xorshift64Star::new(5));
    // To save time few images are evaluated.
    let data = CompressedMnist { train: mnist().train.first(2_000), test: mnist().test.first(10) };
    let hyperparameters = Hyperparameters { iterations: 4, ..Hyperparameters::default() };
    let threads = [1, 2, 3, 4, 7];
    assert_trains_like_the_plain_loop("book's net", &net, &data, hyperparameters, &threads);
}

#[test]
fn the_numerical_gradient_has_the_bits_of_the_plain_one() {
    for (k, Case { net, batch, x, t }) in cases(6, 4).iter().take(12).enumerate() {
        for threads in [1, 2, 3, 50] {
            let team = &mut Team::new(threads);
            let exact = naive_gradient(Differences { h: H, loss: Exact }, net, (batch, t), team);
            let plain = net.numerical_gradient_of(|net| net.exact_loss(x, t));
            let case = format!("case {k}, {threads} threads");
            assert_same_parameters(&case, &exact, &plain);
            let book = naive_gradient(Differences::default(), net, (batch, t), team);
            assert_same_parameters(&case, &book, &net.numerical_gradient(x, t));
        }
    }
}

#[test]
fn the_numerical_gradient_uses_its_h() {
    let Case { net, batch, x, t } = &cases(12, 4)[10];
    for h in [0.5, 0.01] {
        let differences = Differences { h, loss: Book };
        let gradient = naive_gradient(differences, net, (batch, t), &mut Team::new(2));
        let differences: Vec<f64> = (0..net.params.w2.as_slice().len())
            .map(|index| difference_by(net, (2, index), h, |net| net.loss(x, t)))
            .collect();
        assert_same(&format!("h = {h}"), gradient.w2.as_slice(), &differences);
    }
}

#[test]
fn nan_stays_nan() {
    for activation in ACTIVATIONS {
        let mut net = random_net(3, 4, 2, &mut Xorshift64Star::new(13)).with_activation(activation);
        net.params.b1[1] = f64::NAN;
        let x = Matrix::from_rows(&[[0.5, -0.3, 0.2]]);
        let bits = |y: Matrix| y.as_slice().iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(predict(&net, &compressed(&x))), bits(net.predict(&x)), "{activation}");
        assert_eq!(net.predict(&x)[(0, 0)].is_nan(), activation != Activation::Step);
    }
}

#[test]
fn the_numerical_gradient_reports_each_of_its_steps() {
    let Case { net, batch, t, .. } = &cases(7, 4)[11];
    let total = 2 * net.params.count();
    for threads in [1, 2, 3, 50] {
        let mut steps = Vec::new();
        let mut progress = |done, total| steps.push((done, total));
        let team = &mut Team::reporting(threads, &mut progress);
        naive_gradient(Differences::default(), net, (batch, t), team);
        // In order, as far as the calling thread sees them. One thread sees all of them. With several
        // threads, the numbers also count the steps of the others.
        assert!(steps.is_sorted() && steps.iter().all(|&(done, of)| done <= total && of == total));
        let own_steps = steps.len();
        let counted = steps.last().map_or(0, |&(done, _)| done);
        assert!(own_steps > 0 && counted >= own_steps && own_steps <= total.div_ceil(threads) + 8);
        assert!(threads > 1 || (own_steps, counted) == (total, total));
    }
}

/// The test images as plain numbers.
fn plain_test_images() -> Dataset {
    let test = &mnist().test;
    let all: Vec<usize> = (0..test.images.rows()).collect();
    Dataset { images: test.images.select_rows(&all).to_matrix(), labels: test.labels.clone() }
}

#[test]
fn the_data_set_has_the_numbers_of_the_plain_one() {
    let plain: Mnist = load_mnist(&fixtures("mnist")).expect("the fixture is whole");
    let compressed = mnist();
    assert!(plain.train.labels == compressed.train.labels, "the training labels differ");
    assert!(plain.test.labels == compressed.test.labels, "the test labels differ");
    assert_same_matrix("the test images", &plain.test.images, &plain_test_images().images);
    assert_eq!(plain.train.images.shape(), (60_000, 784));
    let some: Vec<usize> = (0..60_000).step_by(7).chain([59_999]).collect();
    let (x, t) = plain.train.select(&some);
    assert_same_matrix(
        "some training images",
        &x,
        &compressed.train.images.select_rows(&some).to_matrix(),
    );
    assert!(
        t == compressed.train.labels.select(&some),
        "the labels of some training images differ"
    );

    // The same random numbers choose the same mini-batch.
    let (mut rng, mut same) = (Xorshift64Star::new(8), Xorshift64Star::new(8));
    let (x, t) = plain.train.mini_batch(100, &mut rng);
    let (batch, labels) = compressed.train.select(&same.choice(60_000, 100));
    assert_same_matrix("a mini-batch", &x, &batch.to_matrix());
    assert_eq!(t, labels, "the labels of a mini-batch");
}

#[test]
fn the_accuracy_on_all_test_images_is_that_of_the_plain_net() {
    let net = TwoLayerNet::new(784, 50, 10, 0.1, &mut Xorshift64Star::new(9));
    let Dataset { images, labels } = plain_test_images();
    let (y, accuracy) = (net.predict(&images), net.accuracy(&images, &labels));
    assert!(accuracy > 0.0);
    for threads in [0, 1, 2, 3, 7] {
        assert_eq!(fast_accuracy(&net, &mnist().test, threads), accuracy, "{threads} threads");
        let place = format!("{threads} threads");
        assert_same_matrix(&place, &probabilities(&net, &mnist().test, threads), &y);
        assert!(answers(&net, &mnist().test, threads) == y.argmax_rows(), "{place}: other answers");
    }
}

#[test]
fn three_hundred_iterations_have_the_bits_of_plain_training() {
    // To save time the test images are the training images, and the first 500 of them the test
    // images. Mini-batches of 96 do not divide 10,000: an epoch has 104 iterations.
    let Dataset { images, labels } = plain_test_images();
    let first: Vec<usize> = (0..500).collect();
    let test = Dataset { images: images.select_rows(&first), labels: labels.select(&first) };
    let plain = Mnist { train: Dataset { images, labels }, test };
    let train_bytes = &mnist().test;
    let compressed =
        CompressedMnist { train: train_bytes.clone(), test: first_images(train_bytes) };

    for activation in [Activation::Sigmoid, Activation::Relu] {
        let start = || {
            let mut rng = Xorshift64Star::new(10);
            let net = TwoLayerNet::new(784, 50, 10, 0.01, &mut rng).with_activation(activation);
            (net, rng)
        };
        let hyperparameters = Hyperparameters {
            iterations: 300,
            batch_size: 96,
            learning_rate: 0.5,
            numerical: false,
        };
        let (mut net, mut rng) = start();
        let mut reported = Vec::new();
        let at_epoch = |i, accuracy| reported.push((i, accuracy));
        let history = train(&mut net, &plain, &hyperparameters, &mut rng, at_epoch);
        assert_eq!(reported, history.accuracies);
        let iterations: Vec<usize> = history.accuracies.iter().map(|(i, _)| *i).collect();
        assert_eq!((history.losses.len(), iterations), (300, vec![0, 104, 208]));
        assert!(history.losses[299] < history.losses[0]);
        for threads in [1, 2, 3, 7] {
            let settings = Settings { hyperparameters, threads, ..Settings::new(10_000, 1) };
            let (mut fast_net, mut rng) = start();
            let fast_history = fast_train(&mut fast_net, &compressed, &settings, &mut rng);
            let place = format!("{activation}, {threads} threads");
            let fast_history = fast_history.expect("a finite loss");
            assert_same(&format!("{place}, losses"), &fast_history.losses, &history.losses);
            assert_eq!(fast_history.accuracies, history.accuracies, "{place}");
            assert_same_parameters(&place, &fast_net.params, &net.params);
        }
    }
}

#[test]
fn an_epoch_of_shuffled_images_shows_each_image_at_most_once() {
    // An epoch of 230 images in mini-batches of 50 has four; 30 images are left out. In those of 46,
    // none. With more than 230, each mini-batch has all images.
    let first: Vec<usize> = (0..230).collect();
    let (images, labels) = plain_test_images().select(&first);
    let train = mnist().test.first(230);
    assert_eq!((train.images.rows(), &train.labels), (230, &labels));
    let data = CompressedMnist { test: train.first(20), train };
    for (batch_size, per_epoch) in [(50, 4), (46, 5), (230, 1), (1000, 1)] {
        let start = || {
            let mut rng = Xorshift64Star::new(12);
            (TwoLayerNet::new(784, 30, 10, 0.1, &mut rng), rng)
        };
        let (mut net, mut rng) = start();
        let (mut losses, mut seen) = (Vec::new(), vec![0; 230]);
        for _ in 0..3 {
            let order = rng.permutation(230);
            // From the end of the order to its start.
            for batch_mask in order.rchunks(batch_size).take(per_epoch) {
                batch_mask.iter().for_each(|&image| seen[image] += 1);
                let (x, t) = (images.select_rows(batch_mask), labels.select(batch_mask));
                let gradient = net.gradient(&x, &t);
                net.params.descend(&gradient, 0.5);
                losses.push(net.loss(&x, &t));
            }
        }
        assert_eq!(seen.iter().sum::<usize>(), 3 * per_epoch * batch_size.min(230));
        assert!(seen.iter().all(|&times| times <= 3), "at most once an epoch");
        let hyperparameters = Hyperparameters {
            iterations: 3 * per_epoch,
            batch_size,
            learning_rate: 0.5,
            numerical: false,
        };
        for threads in [1, 2, 3, 7] {
            let settings = Settings { hyperparameters, shuffle: true, ..Settings::new(0, threads) };
            let (mut fast_net, mut rng) = start();
            let history = fast_train(&mut fast_net, &data, &settings, &mut rng).expect("finite");
            let place = format!("batches of {batch_size}, {threads} threads");
            assert_same(&format!("{place}, losses"), &history.losses, &losses);
            assert_same_parameters(&place, &fast_net.params, &net.params);
            let evaluated: Vec<usize> = history.accuracies.iter().map(|(i, _)| *i).collect();
            assert_eq!(evaluated, [0, per_epoch, 2 * per_epoch]);
        }
    }
}

#[test]
fn first_takes_the_first_images() {
    let all = &mnist().test;
    for count in [0, 1, 500, 10_000, 20_000] {
        let first = all.first(count);
        let there = count.min(10_000);
        assert_eq!((first.images.rows(), first.labels.len()), (there, there));
        assert!((0..there).all(|n| first.images.levels(n).eq(all.images.levels(n))));
        assert!(
            first.labels.as_slice() == &all.labels.as_slice()[..there],
            "{count}: other labels"
        );
    }
    let (first, copied) = (all.first(500), first_images(all));
    let net = TwoLayerNet::new(784, 5, 10, 1.0, &mut Xorshift64Star::new(13));
    assert!(answers(&net, &first, 2) == answers(&net, &copied, 2), "other answers for a copy");
    // The others are not there.
    assert!(catch_unwind(|| first.images.select_rows(&[500])).is_err());
    assert!(catch_unwind(|| first.images.entries(500).count()).is_err());
}

/// The first 500 images of a data set, copied.
fn first_images(data: &CompressedDataset) -> CompressedDataset {
    let mut bytes = vec![0; 500 * 784];
    for (n, image) in bytes.chunks_exact_mut(784).enumerate() {
        for (i, level) in data.images.levels(n) {
            image[i] = level;
        }
    }
    let values = std::array::from_fn(|level| f64::from(level as f32 / 255.0));
    let first: Vec<usize> = (0..500).collect();
    CompressedDataset {
        images: CompressedRows::new(&bytes, 784, values),
        labels: data.labels.select(&first),
    }
}

#[test]
fn wrong_shapes_give_the_message_of_the_plain_code() {
    let mut rng = Xorshift64Star::new(11);
    let net = random_net(7, 30, 4, &mut rng);
    let (images, _) = rows(9, 7, &mut rng);
    let message = |f: &dyn Fn()| {
        let panic = catch_unwind(AssertUnwindSafe(f)).expect_err("a panic");
        panic.downcast_ref::<String>().expect("a formatted message").clone()
    };
    let trained = |net: &TwoLayerNet, labels: Vec<usize>, threads| {
        let train = CompressedDataset { images: images.clone(), labels: Labels::new(labels) };
        let data = CompressedMnist { test: train.clone(), train };
        let mut settings = Settings::new(1, threads);
        settings.hyperparameters.batch_size = 2;
        drop(fast_train(&mut net.clone(), &data, &settings, &mut Xorshift64Star::new(1)));
    };
    // Images with another number of pixels, and a label that is not a class.
    let narrow = random_net(5, 30, 4, &mut rng);
    for threads in [1, 2, 3] {
        let place = format!("{threads} threads");
        let fast = message(&|| trained(&narrow, vec![1; 9], threads));
        assert_eq!(fast, "dot: (2, 7) x (5, 30)", "{place}");
        let fast = message(&|| trained(&net, vec![4; 9], threads));
        assert_eq!(fast, "gradient: label 4 of 4 classes", "{place}");
    }
    // A label that is not a class, and a mini-batch without samples.
    for (label, batch_mask) in [(4, vec![2, 0]), (1, vec![])] {
        let data =
            CompressedDataset { images: images.clone(), labels: Labels::new(vec![label; 9]) };
        let (batch, t) = data.select(&batch_mask);
        let plain = message(&|| drop(net.gradient(&batch.to_matrix(), &t)));
        assert_eq!(message(&|| drop(gradient(&net, &batch, &t))), plain);
    }
}
