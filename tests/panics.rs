//! A caller's mistakes: the message of each public function that panics says what was wrong, with the
//! shapes or numbers. In the chapters and of matrices it also names the caller's line. Nothing from outside (a file, an argument) causes a panic:
//! `hostile.rs` and `command.rs` test that.

mod common;

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use common::{compressed, random_net, transposed};
use from_zero::beyond::examples::directional_derivative;
use from_zero::beyond::perceptron::Perceptron;
use from_zero::beyond::verdict::{Comparison, crossed_corners, rounding_error};
use from_zero::beyond::why_loss::{gradient_of_accuracy, gradient_with_step};
use from_zero::beyond::why_step_size::errors_against_h;
use from_zero::ch03::activation::Activation;
use from_zero::ch04::s2_1_squared_error::sum_squared_error;
use from_zero::ch04::s2_2_cross_entropy::cross_entropy_error;
use from_zero::ch04::s2_4_batch_cross_entropy::{
    cross_entropy_labels, cross_entropy_one_hot, pick_label_columns, softmax_cross_entropy,
};
use from_zero::ch04::s2_4_targets::{Labels, OneHot};
use from_zero::ch04::s4_2_simple_net::SimpleNet;
use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::ch04::s5_2_training::History;
use from_zero::ch05::s4_layers::{
    Affine, Exp, Layer, Mul, Reciprocal, Relu, Sigmoid, SoftmaxWithLoss,
};
use from_zero::ch05::s7_2_layered_net::LayeredNet;
use from_zero::ch05::s7_3_gradient_check::mean_difference;
use from_zero::fast::compressed::CompressedRows;
use from_zero::fast::evaluation::{answers, fast_accuracy, probabilities};
use from_zero::fast::matrix::dot;
use from_zero::fast::methods::{Differences, GradientMethod};
use from_zero::fast::mini_batch::{CompressedDataset, CompressedMnist};
use from_zero::fast::team::Team;
use from_zero::fast::training::{Settings, fast_train};
use from_zero::formats::npy::{self, Array};
use from_zero::formats::npz;
use from_zero::numeric::matrix::{Matrix, add_scaled};
use from_zero::numeric::numpy_random::RandomState;
use from_zero::numeric::random::{Rng, Xorshift64Star};
use from_zero::plot::report::{Epochs, Report, page};
use from_zero::trained::confusion::ConfusionMatrix;
use from_zero::trained::saving::save_parameters;

thread_local! {
    /// Where the last panic of this thread was, while somebody waits for one.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// The message of f's panic, or "no panic", and the file of the line that is named for it.
fn panic_of(f: &dyn Fn()) -> (String, String) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let print = take_hook();
        set_hook(Box::new(move |panic| {
            let file = panic.location().map_or("", Location::file).to_string();
            let is_expected = PLACE.with_borrow_mut(|place| place.as_mut().map(|p| *p = file));
            if is_expected.is_none() {
                print(panic);
            }
        }));
    });
    PLACE.set(Some(String::new()));
    let outcome = catch_unwind(AssertUnwindSafe(f));
    let place = PLACE.take().unwrap_or_default();
    let Err(panic) = outcome else { return ("no panic".to_string(), place) };
    let text = panic.downcast_ref::<&str>().map(|text| text.to_string());
    let message = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    (message, place)
}

/// f panics with just this message, and names a line of this file.
#[track_caller]
fn panics<R>(expected: &str, f: impl Fn() -> R) {
    let (message, place) = panic_of(&|| drop(f()));
    assert_eq!(message, expected);
    assert!(place.ends_with("panics.rs"), "{expected}: the place is {place}");
}

/// f panics with just this message. The line is not the caller's: outside of the chapters and the
/// matrix, and where a closure or a thread is between the caller and the mistake.
#[track_caller]
fn panics_within<R>(expected: &str, f: impl Fn() -> R) {
    let (message, _) = panic_of(&|| drop(f()));
    assert_eq!(message, expected);
}

fn rng() -> Xorshift64Star {
    Xorshift64Star::new(1)
}

fn labels(labels: &[usize]) -> Labels {
    Labels::new(labels.to_vec())
}

/// Two images of 784 pixels, a 3 and a 4.
fn dataset() -> CompressedDataset {
    let mut values = [0.0; 256];
    values[1] = 1.0;
    CompressedDataset {
        images: CompressedRows::new(&[1; 2 * 784], 784, values),
        labels: labels(&[3, 4]),
    }
}

#[test]
fn matrices() {
    let a = Matrix::from_rows(&[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    let b = transposed(&a);
    panics("dot: (2, 3) x (2, 3)", || a.dot(&a));
    panics_within("dot: (2, 3) x (2, 3)", || dot(&a, &a));
    panics("transpose_dot: (2, 3) x (3, 2)", || a.transpose_dot(&b));
    panics("dot_transpose: (2, 3) x (3, 2)", || a.dot_transpose(&b));
    panics("element by element: (2, 3) x (3, 2)", || &a - &b);
    panics("element by element: (2, 3) x (3, 2)", || &a * &b);
    panics("element by element: (2, 3) x (3, 2)", || a.zip_map(&b, f64::max));
    panics("add_row: (2, 3) + (2,)", || a.clone().add_row(&[1.0, 2.0]));
    panics("add_scaled: 2 and 3 numbers", || add_scaled(&mut [0.0; 2], 1.0, &[0.0; 3]));
    panics("from_vec: 3 numbers for a (2, 2) matrix", || Matrix::from_vec(2, 2, vec![0.0; 3]));
    panics("row 2 of a (2, 3) matrix", || a.row(2).to_vec());
    panics("row 2 of a (2, 3) matrix", || a.clone().row_mut(2).to_vec());
    panics("row 5 of a (2, 3) matrix", || a.select_rows(&[0, 5]));
    panics("row 2 of a (2, 3) matrix", || a[(2, 0)]);
    panics("column 3 of a (2, 3) matrix", || a[(1, 3)]);
    panics("column 3 of a (2, 3) matrix", || a.clone()[(1, 3)] = 0.0);
    panics("argmax_rows: a (2, 0) matrix has no largest number", || {
        Matrix::zeros(2, 0).argmax_rows()
    });
    let half = usize::MAX / 2 + 1;
    let too_many = format!("a ({half}, 2) matrix has too many numbers");
    panics(&format!("a ({}, 1) matrix has too many numbers", usize::MAX / 8 + 1), || {
        Matrix::zeros(usize::MAX / 8 + 1, 1)
    });
    panics(&too_many, || Matrix::zeros(half, 2));
    panics(&too_many, || Matrix::from_fn(half, 2, |_, _| 0.0));
    panics(&too_many, || Matrix::from_vec(half, 2, Vec::new()));
}

#[test]
fn compressed_rows() {
    let (a, b) = (Matrix::zeros(2, 3), Matrix::zeros(3, 2));
    let rows = CompressedRows::new(&[0; 6], 3, [0.0; 256]);
    let batch = rows.select_rows(&[0, 1]);
    let compressed = |bytes: usize, columns| {
        drop(CompressedRows::new(&vec![0; bytes], columns, [0.0; 256]));
    };
    panics_within("CompressedRows: 5 bytes in rows of 3", || compressed(5, 3));
    panics_within("CompressedRows: 0 bytes in rows of 0", || compressed(0, 0));
    panics_within("CompressedRows: 65537 bytes in rows of 65537", || compressed(65_537, 65_537));
    panics_within("CompressedRows: byte 0 is left out", || {
        CompressedRows::new(&[0; 6], 3, [1.0; 256])
    });
    panics_within("row 2 of 2 compressed rows", || rows.entries(2).count());
    panics_within("row 2 of 2 compressed rows", || rows.levels(2).count());
    panics_within("row 2 of 2 compressed rows", || rows.select_rows(&[2]));
    panics_within("row 2 of 2 compressed rows", || batch.entries(2).count());
    panics_within("dot: (2, 3) x (2, 3)", || batch.dot(&a));
    panics_within("transpose_dot: (2, 3) x (3, 2)", || batch.transpose_dot(&b));
}

#[test]
fn random_numbers() {
    panics("below: there is no whole number below 0", || rng().below(0));
    panics("below: there is no whole number below 0", || RandomState::new(1).below(0));
    panics_within("xorshift64*: a state of 0 gives only zeros", || Xorshift64Star::from_state(0));
    panics("choice: 1 of 0 samples", || rng().choice(0, 1));
    assert!(rng().choice(0, 0).is_empty());
}

#[test]
fn arrays_for_numpy() {
    let array = |shape: &[usize], count| Array { shape: shape.to_vec(), data: vec![0.0; count] };
    let bytes = |shape: &[usize], count| drop(npy::write(&array(shape, count)));
    let named = |name: &str| drop(npz::write(&[(name, array(&[], 1))]));
    let large = usize::MAX / 2 + 1;
    let overflow = format!("npy: 0 numbers for the shape ({large}, 2)");
    let vector = array(&[0], 0);
    panics_within("npy: 3 numbers for the shape (2, 2)", || bytes(&[2, 2], 3));
    panics_within(&overflow, || bytes(&[large, 2], 0));
    panics_within("npy: 65 dimensions", || bytes(&[1; 65], 1));
    panics_within("npy: 3 numbers for the shape (2,)", || npz::write(&[("x", array(&[2], 3))]));
    panics_within("npz: a name of less than 64 KB", || named(&"n".repeat(65_532)));
    panics_within("npz: fewer than 65,535 arrays", || {
        npz::write(&vec![("x", vector.clone()); 65_535])
    });
    bytes(&[1; 64], 1);
    named(&"n".repeat(65_531));
}

#[test]
fn losses_and_targets() {
    let y = Matrix::from_rows(&[[0.5, 0.25, 0.25], [0.1, 0.8, 0.1]]);
    let empty = Matrix::zeros(0, 3);
    let (two, three, beyond) = (labels(&[0, 2]), labels(&[0, 1, 2]), labels(&[0, 3]));
    let one = OneHot::from_rows(&[[0.0, 0.0, 1.0]]);
    let none = labels(&[]).one_hot(3);
    panics("sum_squared_error: y (1, 3) and t (1, 2)", || sum_squared_error(&[0.0; 3], &[0.0; 2]));
    panics("cross_entropy_error: y (1, 1) and t (1, 2)", || cross_entropy_error(&[0.0], &[0.0; 2]));
    panics("cross_entropy_one_hot: y (2, 3) and t (1, 3)", || cross_entropy_one_hot(&y, &one));
    panics("cross_entropy_one_hot: y (0, 3) and t (0, 3)", || cross_entropy_one_hot(&empty, &none));
    panics(
        "cross_entropy_labels: a matrix (2, 3) and 3 labels: expected one label per row, and at least one row",
        || cross_entropy_labels(&y, &three),
    );
    panics(
        "cross_entropy_labels: a matrix (0, 3) and 0 labels: expected one label per row, and at least one row",
        || cross_entropy_labels(&empty, &labels(&[])),
    );
    panics("cross_entropy_labels: label 3 of 3 classes", || cross_entropy_labels(&y, &beyond));
    panics(
        "softmax_cross_entropy: a matrix (2, 3) and 3 labels: expected one label per row, and at least one row",
        || softmax_cross_entropy(&y, &three),
    );
    panics("softmax_cross_entropy: label 3 of 3 classes", || softmax_cross_entropy(&y, &beyond));
    panics("pick_label_columns: label 3 of 3 classes", || pick_label_columns(&y, &beyond));
    panics("count_equal: 2 labels and 1 answers", || two.count_equal(&[0]));
    panics("select: sample 2 of 2", || two.select(&[0, 2]));
    panics("one_hot: label 2 of 2 classes", || two.one_hot(2));
    panics("OneHot: row 0 has 0 ones and 2 zeros in 3 columns", || {
        OneHot::from_rows(&[[0.0, 0.0, 0.5]])
    });
    panics("OneHot: row 1 has 2 ones and 0 zeros in 2 columns", || {
        OneHot::new(Matrix::from_rows(&[[0.0, 1.0], [1.0, 1.0]]))
    });
}

#[test]
fn functions_layers_and_small_nets() {
    let (x, wide) = (Matrix::zeros(2, 3), Matrix::zeros(2, 4));
    let affine = || Affine::new(Matrix::zeros(3, 2), vec![0.0; 2]);
    let after_forward = |mut layer: Box<dyn Layer>, dout: (usize, usize)| {
        layer.forward(Matrix::zeros(2, 3));
        drop(layer.backward(Matrix::zeros(dout.0, dout.1)));
    };
    let net = || LayeredNet::new(vec![Box::new(affine())]);
    let simple = SimpleNet { w: Matrix::zeros(3, 2) };
    panics_within("element by element: (2, 3) x (2, 4)", || Activation::Relu.backward(&x, &wide));
    panics_within("Mul: backward before forward", || Mul::default().backward(1.0));
    panics_within("Exp: backward before forward", || Exp::default().backward(1.0));
    panics_within("Reciprocal: backward before forward", || Reciprocal::default().backward(1.0));
    panics_within("Affine: W (2, 3) and b (2,)", || Affine::new(x.clone(), vec![0.0; 2]));
    panics_within("dot: (2, 4) x (3, 2)", || affine().forward(wide.clone()));
    panics_within("Affine: backward of (2, 2) after a forward to (0, 2)", || {
        affine().backward(Matrix::zeros(2, 2))
    });
    panics_within("Relu: backward of (1, 2) after a forward to (0, 0)", || {
        Relu::default().backward(Matrix::zeros(1, 2))
    });
    panics_within("Sigmoid: backward of (1, 2) after a forward to (0, 0)", || {
        Sigmoid::default().backward(Matrix::zeros(1, 2))
    });
    panics_within("Relu: backward of (2, 4) after a forward to (2, 3)", || {
        after_forward(Box::<Relu>::default(), (2, 4))
    });
    panics_within("Sigmoid: backward of (1, 3) after a forward to (2, 3)", || {
        after_forward(Box::<Sigmoid>::default(), (1, 3))
    });
    panics_within("Affine: backward of (2, 3) after a forward to (2, 2)", || {
        after_forward(Box::new(affine()), (2, 3))
    });
    panics_within("softmax_cross_entropy: label 3 of 3 classes", || {
        SoftmaxWithLoss::default().forward(x.clone(), &labels(&[0, 3]))
    });
    panics_within("SoftmaxWithLoss: backward before forward", || {
        SoftmaxWithLoss::default().backward()
    });
    panics_within("dot: (2, 4) x (3, 2)", || net().predict(wide.clone()));
    panics_within("softmax_cross_entropy: label 2 of 2 classes", || {
        net().loss(x.clone(), &labels(&[0, 2]))
    });
    panics_within(
        "softmax_cross_entropy: a matrix (2, 2) and 1 labels: expected one label per row, and at least one row",
        || net().gradient(x.clone(), &labels(&[0])),
    );
    panics_within("dot: (2, 4) x (3, 2)", || simple.predict(&wide));
    panics("cross_entropy_one_hot: y (2, 2) and t (2, 3)", || {
        simple.loss(&x, &labels(&[0, 1]).one_hot(3))
    });
    panics("exact_loss: p (2, 2) and t (2, 3)", || {
        simple.exact_loss(&x, &labels(&[0, 1]).one_hot(3))
    });
    panics_within("predict: 2 weights and 3 inputs", || Perceptron::new(2).predict(&[0.0; 3]));
    panics_within("predict: 2 weights and 1 inputs", || {
        Perceptron::new(2).learn(&[([1.0], 1.0)], 1)
    });
}

#[test]
fn derivatives() {
    let net = random_net(3, 2, 4, &mut rng());
    let relu = net.clone().with_activation(Activation::Relu);
    let [x, wide] = [3, 5].map(|columns| compressed(&Matrix::zeros(2, columns)));
    let t = labels(&[0, 3]);
    panics("mean_difference: 1 and 2 derivatives", || mean_difference(&[1.0], &[1.0, 2.0]));
    panics_within("mean_difference: 1 and 2 derivatives", || {
        Comparison::new(&[1.0], &[1.0, 2.0], 0.0, &[false; 2])
    });
    panics_within("dot: (2, 5) x (3, 2)", || rounding_error(&net, &wide, 0.1));
    panics_within("dot: (2, 5) x (3, 2)", || crossed_corners(&relu, &wide, 0.1));
    let team = || Team::new(1);
    panics_within("dot: (2, 5) x (3, 2)", || {
        errors_against_h(&net, (&wide, &t), &[0.1], 1, &mut team())
    });
    panics_within("dot: (2, 5) x (3, 2)", || gradient_of_accuracy(&net, &wide, &t, &mut team()));
    panics_within("cross_entropy_labels: label 4 of 4 classes", || {
        gradient_with_step(&net, &x, &labels(&[0, 4]), &mut team())
    });
    panics_within("directional_derivative: x (2) and direction (3)", || {
        directional_derivative(|x| x[0], &[1.0, 2.0], &[1.0, 0.0, 0.0])
    });
}

#[test]
fn the_net_of_two_layers() {
    let net = random_net(3, 2, 4, &mut rng());
    let other = random_net(3, 5, 4, &mut rng());
    let (x, wide, t) = (Matrix::zeros(2, 3), Matrix::zeros(2, 5), labels(&[0, 3]));
    let (one, beyond) = (labels(&[0]), labels(&[0, 4]));
    let empty = Matrix::zeros(0, 3);
    let counts = |name: &str| {
        format!(
            "{name}: a matrix (2, 4) and 1 labels: expected one label per row, and at least one row"
        )
    };
    panics("from_vec: 5 numbers for a (3, 2) matrix", || net.params.w1.with_data(&[0.0; 5]));
    panics("descend: [(3, 2), (1, 2), (2, 4), (1, 4)] by [(3, 5), (1, 5), (5, 4), (1, 4)]", || {
        net.clone().params.descend(&other.params, 0.1)
    });
    panics("dot: (2, 5) x (3, 2)", || net.scores(&wide));
    panics("dot: (2, 5) x (3, 2)", || net.predict(&wide));
    panics("dot: (2, 5) x (3, 2)", || net.gradient(&wide, &t));
    panics(&counts("cross_entropy_labels"), || net.loss(&x, &one));
    panics("cross_entropy_labels: label 4 of 4 classes", || net.loss(&x, &beyond));
    panics(
        "cross_entropy_labels: a matrix (0, 4) and 0 labels: expected one label per row, and at least one row",
        || net.loss(&empty, &labels(&[])),
    );
    panics(&counts("softmax_cross_entropy"), || net.exact_loss(&x, &one));
    panics("count_equal: 1 labels and 2 answers", || net.accuracy(&x, &one));
    panics_within(&counts("cross_entropy_labels"), || net.numerical_gradient(&x, &one));
    panics(&counts("gradient"), || net.gradient(&x, &one));
    panics("gradient: label 4 of 4 classes", || net.gradient(&x, &beyond));
    panics(
        "gradient: a matrix (0, 4) and 0 labels: expected one label per row, and at least one row",
        || net.gradient(&empty, &labels(&[])),
    );
}

#[test]
fn ways_to_a_gradient() {
    let net = random_net(784, 2, 10, &mut rng());
    let data = dataset();
    let (x, t) = data.select(&[0, 1]);
    let (one, beyond) = (labels(&[0]), labels(&[0, 10]));
    let narrow = random_net(3, 2, 10, &mut rng());
    let counts = |name: &str| {
        format!(
            "{name}: a matrix (2, 10) and 1 labels: expected one label per row, and at least one row"
        )
    };
    let differences = Differences::default();
    for (method, name) in [
        (GradientMethod::Backprop, "gradient"),
        (GradientMethod::Naive(differences), "cross_entropy_labels"),
        (GradientMethod::Incremental(differences), "incremental gradient"),
    ] {
        for threads in [1, 2] {
            let of = |net: &TwoLayerNet, x: &CompressedRows, t: &Labels| {
                drop(method.gradient(net, x, t, &mut Team::new(threads)));
            };
            // The caller's shapes are named, not those of a thread's part.
            panics_within(&counts(name), || of(&net, &x, &one));
            let message = format!("{name}: label 10 of 10 classes");
            panics_within(&message, || of(&net, &x, &beyond));
            panics_within("dot: (2, 784) x (3, 2)", || of(&narrow, &x, &t));
            let (none, empty) = data.select(&[]);
            let message = counts(name).replace("(2, 10) and 1", "(0, 10) and 0");
            panics_within(&message, || of(&net, &none, &empty));
        }
    }
}

#[test]
fn data_sets_and_training() {
    let data = dataset();
    let fewer = CompressedDataset { labels: labels(&[3]), ..data.clone() };
    let net = random_net(784, 2, 10, &mut rng());
    let narrow = random_net(3, 2, 10, &mut rng());
    let trained = |net: &TwoLayerNet, batch_size, size: usize| {
        let train_data = CompressedDataset {
            images: CompressedRows::new(&vec![0; size * 784], 784, [0.0; 256]),
            labels: labels(&vec![0; size]),
        };
        let mnist = CompressedMnist { train: train_data, test: data.clone() };
        let mut settings = Settings::new(1, 1);
        settings.hyperparameters.batch_size = batch_size;
        drop(fast_train(&mut net.clone(), &mnist, &settings, &mut rng()));
    };
    let history = History::default();
    let shown = |net: &TwoLayerNet, test: &CompressedDataset| {
        let epochs = &Epochs::default();
        page(&Report {
            settings: &[],
            net,
            epochs,
            history: &history,
            train: test,
            test,
            threads: 1,
        });
    };
    let hidden = {
        let mut net = net.clone();
        net.params.b1.pop();
        net
    };
    panics_within("row 2 of 2 compressed rows", || data.select(&[2]));
    panics_within("select: sample 1 of 1", || fewer.select(&[1]));
    panics_within("dot: (2, 784) x (3, 2)", || probabilities(&narrow, &data, 1));
    panics_within("dot: (2, 784) x (3, 2)", || answers(&narrow, &data, 1));
    panics_within("count_equal: 1 labels and 2 answers", || fast_accuracy(&net, &fewer, 1));
    panics_within("ConfusionMatrix: 1 labels and 2 answers", || {
        ConfusionMatrix::new(&labels(&[0]), &[0, 1])
    });
    panics_within("index out of bounds: the len is 10 but the index is 10", || {
        ConfusionMatrix::new(&labels(&[0]), &[10])
    });
    panics_within("train: mini-batches of 0 from 2 images", || trained(&net, 0, 2));
    panics_within("train: mini-batches of 1 from 0 images", || trained(&net, 1, 0));
    panics_within("dot: (1, 784) x (3, 2)", || trained(&narrow, 1, 2));
    panics_within("page: a net of (inputs, classes) (3, 10)", || shown(&narrow, &data));
    panics_within("ConfusionMatrix: 1 labels and 2 answers", || shown(&net, &fewer));
    panics_within("npy: 1 numbers for the shape (2,)", || {
        save_parameters(std::path::Path::new("no file"), &hidden.params)
    });
}
