//! e09 to e11: the mini-batch, the forward pass and the accuracy, sections 4.2.3 and 4.5.1.

use from_zero::ch03::activation::Activation;
use from_zero::ch03::functions::{relu, sigmoid, softmax};
use from_zero::ch04::s2_4_targets::{Labels, OneHot};
use from_zero::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::random::{Rng, Xorshift64Star};

use super::functions::{Sigmoid, Softmax};
use super::{Exercise, Output};

pub type MiniBatch = fn(&Matrix, &Matrix, usize, &mut Xorshift64Star) -> (Matrix, Matrix);
pub type Predict = fn(&Parameters, &Matrix, Sigmoid, Softmax) -> Matrix;
pub type Accuracy = fn(&Matrix, &Matrix) -> f64;

// No two of these are equal: a wrong axis or a forgotten transpose must not go unnoticed.
const SAMPLES: usize = 5;
const INPUTS: usize = 4;
const HIDDEN: usize = 3;
const CLASSES: usize = 6;

/// A net for the checks, with weights and biases that differ clearly.
pub fn params() -> Parameters {
    let mut rng = Xorshift64Star::new(7);
    let mut net = TwoLayerNet::new(INPUTS, HIDDEN, CLASSES, 1.0, &mut rng);
    net.params.b1.fill_with(|| rng.normal());
    net.params.b2.fill_with(|| rng.normal());
    net.params
}

/// Five samples.
pub fn x() -> Matrix {
    let mut rng = Xorshift64Star::new(8);
    Matrix::from_fn(SAMPLES, INPUTS, |_, _| rng.normal())
}

/// The right answers of the five samples, as one-hot rows.
pub fn t() -> Matrix {
    Labels::new(vec![2, 0, 5, 1, 3]).one_hot(CLASSES).matrix().clone()
}

/// Seven images with their answers: the pixels of image n are n, n + 0.1 and so on, and its answer
/// is n % 3.
fn seven_images() -> (Matrix, Matrix) {
    let images = Matrix::from_fn(7, 4, |n, pixel| n as f64 + 0.1 * pixel as f64);
    let labels = Labels::new((0..7).map(|n| n % 3).collect());
    (images, labels.one_hot(3).matrix().clone())
}

pub fn mini_batch() -> Exercise<MiniBatch> {
    let title = "mini_batch: batch_size random images with their answers";
    let right: MiniBatch = |images, t, batch_size, rng| {
        let batch_mask = rng.choice(images.rows(), batch_size);
        (images.select_rows(&batch_mask), t.select_rows(&batch_mask))
    };
    fn call(f: MiniBatch, batch_size: usize) -> Output {
        let (images, t) = seven_images();
        let (x, t) = f(&images, &t, batch_size, &mut Xorshift64Star::new(1));
        Output::named([("x", x.into()), ("t", t.into())])
    }
    Exercise::new("e09", title, "src/ch04/s2_3_mini_batch.rs", right)
        .case(
            "mini_batch(one_image, its_answer, 2, rng)",
            |f| {
                let (image, answer) =
                    (Matrix::from_rows(&[[0.5, 0.25, 0.75]]), Matrix::from_rows(&[[0.0, 1.0]]));
                let (x, t) = f(&image, &answer, 2, &mut Xorshift64Star::new(1));
                Output::named([("x", x.into()), ("t", t.into())])
            },
            Output::named([
                ("x", Matrix::from_rows(&[[0.5, 0.25, 0.75], [0.5, 0.25, 0.75]]).into()),
                ("t", Matrix::from_rows(&[[0.0, 1.0], [0.0, 1.0]]).into()),
            ]),
        )
        .like_the_library("mini_batch(seven_images, their_answers, 5, rng)", |f| call(f, 5))
        .like_the_library("mini_batch(seven_images, their_answers, 40, rng)", |f| call(f, 40))
        // Planted: images and labels chosen by different indices.
        .mistake(
            "The answers belong to other images: the indices were drawn twice. Draw them once, and \
             select the rows of both matrices with the same indices.",
            |images, t, batch_size, rng| {
                let (n, size) = (images.rows(), batch_size);
                let x = images.select_rows(&rng.choice(n, size));
                (x, t.select_rows(&rng.choice(n, size)))
            },
        )
        // Planted.
        .mistake(
            "These are always the first images. Draw the indices with `rng.choice`.",
            |images, t, batch_size, _| {
                let indices: Vec<usize> = (0..batch_size).map(|i| i % images.rows()).collect();
                (images.select_rows(&indices), t.select_rows(&indices))
            },
        )
        // Planted.
        .mistake(
            "The answers are those of the first images, and the images are drawn. Select the rows \
             of both matrices with the same indices.",
            |images, t, batch_size, rng| {
                let indices: Vec<usize> = (0..batch_size).map(|i| i % images.rows()).collect();
                (
                    images.select_rows(&rng.choice(images.rows(), batch_size)),
                    t.select_rows(&indices),
                )
            },
        )
        // Planted: np.random.choice(batch_size, batch_size).
        .mistake(
            "Some images are never drawn: the indices are below batch_size. Draw them from all \
             images: `rng.choice(images.rows(), batch_size)`.",
            |images, t, batch_size, rng| {
                let below = batch_size.min(images.rows());
                let indices = match below == images.rows() {
                    true => rng.choice(below, batch_size),
                    false => rng.choice(batch_size, batch_size),
                };
                (images.select_rows(&indices), t.select_rows(&indices))
            },
        )
        // Planted: x.shape[1] in place of x.shape[0].
        .mistake(
            "Some images are never drawn: the indices are below the number of pixels. The number \
             of images is `images.rows()`.",
            |images, t, batch_size, rng| {
                let below = images.columns().min(images.rows());
                let indices = rng.choice(below, batch_size);
                (images.select_rows(&indices), t.select_rows(&indices))
            },
        )
        // Readers' notes: a random choice does not show every image.
        .mistake(
            "These are drawn without repetition. The book's `np.random.choice` may draw an image \
             twice, and so does `rng.choice`.",
            |images, t, batch_size, rng| {
                let mut indices = rng.permutation(images.rows());
                indices.truncate(batch_size);
                (images.select_rows(&indices), t.select_rows(&indices))
            },
        )
        // Planted: one index for the whole batch.
        .mistake(
            "All rows are the same image: one index was drawn for the whole mini-batch. Draw \
             batch_size of them.",
            |images, t, batch_size, rng| {
                let indices = vec![rng.below(images.rows()); batch_size];
                (images.select_rows(&indices), t.select_rows(&indices))
            },
        )
}

pub fn predict() -> Exercise<Predict> {
    let title = "predict: x → a1 → z1 → a2 → y";
    let right: Predict = |params, x, _, _| net(params.clone()).predict(x);
    Exercise::new("e10", title, "src/ch04/s5_1_two_layer_net.rs", right)
        // All parameters 0: every class gets the same probability.
        .case(
            "predict(all_parameters_0, x, sigmoid, softmax)",
            |f| {
                let zeros = Parameters {
                    w1: Matrix::zeros(3, 2),
                    b1: vec![0.0; 2],
                    w2: Matrix::zeros(2, 4),
                    b2: vec![0.0; 4],
                };
                f(&zeros, &Matrix::from_rows(&[[0.5, 0.25, 0.75]]), sigmoid, softmax)
            },
            Matrix::from_rows(&[[0.25; 4]]),
        )
        // e⁰ : e¹ with one hidden unit of output ½ and weights 0 and 2.
        .case(
            "predict(one_hidden_unit, x, sigmoid, softmax)",
            |f| {
                let one = Parameters {
                    w1: Matrix::zeros(3, 1),
                    b1: vec![0.0],
                    w2: Matrix::from_rows(&[[0.0, 2.0]]),
                    b2: vec![0.0; 2],
                };
                f(&one, &Matrix::from_rows(&[[0.5, 0.25, 0.75]]), sigmoid, softmax)
            },
            Matrix::from_rows(&[[0.2689414213699951, 0.7310585786300049]]),
        )
        .like_the_library("predict(params, five_samples, sigmoid, softmax)", |f| {
            f(&params(), &x(), sigmoid, softmax)
        })
        .case(
            "the sum of predict(params, five_samples, sigmoid, softmax)",
            |f| f(&params(), &x(), sigmoid, softmax).as_slice().iter().sum::<f64>(),
            5.0,
        )
        // Published: a softmax over a whole batch at once.
        .mistake(
            "The softmax was taken over the whole mini-batch, so that all numbers together add up \
             to 1. Apply it to each row by itself.",
            |params, x, _, _| {
                let a2 = net(params.clone()).scores(x);
                a2.with_data(&softmax(a2.as_slice()))
            },
        )
        // Planted.
        .mistake("These are the scores a2. Apply the softmax to each row.", |params, x, _, _| {
            net(params.clone()).scores(x)
        })
        // Planted.
        .mistake(
            "The sigmoid is missing: without it, two layers are as good as one. z1 is the sigmoid \
             of a1.",
            |p, x, _, _| forward(p, x, |a| a, softmax),
        )
        // Planted.
        .mistake(
            "The output has sigmoids in place of a softmax, so a row does not add up to 1. Apply \
             the softmax to each row of a2.",
            |p, x, _, _| forward(p, x, sigmoid, |row| row.iter().map(|&a| sigmoid(a)).collect()),
        )
        // Planted.
        .mistake("There is a sigmoid too many: a2 goes into the softmax as it is.", |p, x, _, _| {
            let twice = |row: &[f64]| -> Vec<f64> { row.iter().map(|&a| sigmoid(a)).collect() };
            forward(p, x, sigmoid, |row| softmax(&twice(row)))
        })
        // Planted.
        .mistake("b1 is not added. a1 is x W1 + b1.", |p, x, _, _| {
            forward(&Parameters { b1: vec![0.0; p.b1.len()], ..p.clone() }, x, sigmoid, softmax)
        })
        // Planted.
        .mistake("b2 is not added. a2 is z1 W2 + b2.", |p, x, _, _| {
            forward(&Parameters { b2: vec![0.0; p.b2.len()], ..p.clone() }, x, sigmoid, softmax)
        })
        // Planted.
        .mistake(
            "The biases are not added. a1 is x W1 + b1, and a2 is z1 W2 + b2.",
            |p, x, _, _| {
                let (b1, b2) = (vec![0.0; p.b1.len()], vec![0.0; p.b2.len()]);
                forward(&Parameters { b1, b2, ..p.clone() }, x, sigmoid, softmax)
            },
        )
        // Planted: chapter 5 has relu here.
        .mistake(
            "The hidden layer has relu. Chapter 4 has the sigmoid there: use the function that is \
             handed to you.",
            |p, x, _, _| forward(p, x, relu, softmax),
        )
        // Planted: the maximum over the whole batch, and no division.
        .mistake(
            "The rows are not divided by their own sums. Each row of y adds up to 1.",
            |p, x, _, _| {
                let a2 = net(p.clone()).scores(x);
                let largest = a2.as_slice().iter().copied().fold(f64::NEG_INFINITY, f64::max);
                a2.map(|a| from_zero::numeric::elementary::exp(a - largest))
            },
        )
}

fn net(params: Parameters) -> TwoLayerNet {
    TwoLayerNet { params, activation: Activation::Sigmoid }
}

/// A forward pass with other functions than the book's.
fn forward(
    params: &Parameters, x: &Matrix, hidden: impl Fn(f64) -> f64,
    output: impl Fn(&[f64]) -> Vec<f64>,
) -> Matrix {
    let z1 = x.dot(&params.w1).add_row(&params.b1).map(hidden);
    let mut y = z1.dot(&params.w2).add_row(&params.b2);
    for n in 0..y.rows() {
        let row = output(y.row(n));
        y.row_mut(n).copy_from_slice(&row);
    }
    y
}

pub fn accuracy() -> Exercise<Accuracy> {
    let title = "accuracy: the share of rows whose largest number is at the 1 of t";
    let right: Accuracy = |y, t| {
        let labels = OneHot::new(t.clone()).labels();
        labels.count_equal(&y.argmax_rows()) as f64 / labels.len() as f64
    };
    Exercise::new("e11", title, "src/ch04/s5_1_two_layer_net.rs", right)
        // The rows say 1, 0, 1, 1; the answers are 1, 0, 0, 1.
        .case(
            "accuracy(y, t)",
            |f| {
                let y = [[0.1, 0.9], [0.8, 0.2], [0.4, 0.6], [0.3, 0.7]];
                let t = [[0.0, 1.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0]];
                f(&Matrix::from_rows(&y), &Matrix::from_rows(&t))
            },
            0.75,
        )
        // The largest is below ½.
        .case(
            "accuracy(&[[0.3, 0.3, 0.4], [0.4, 0.3, 0.3]], t), both right",
            |f| {
                let y = [[0.3, 0.3, 0.4], [0.4, 0.3, 0.3]];
                let t = [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]];
                f(&Matrix::from_rows(&y), &Matrix::from_rows(&t))
            },
            1.0,
        )
        // Without the softmax the largest is the same, so y may be scores.
        .case(
            "accuracy(&[[-3.0, -1.0, -2.0], [-1.0, -2.0, -3.0]], t), the first right",
            |f| {
                let y = [[-3.0, -1.0, -2.0], [-1.0, -2.0, -3.0]];
                let t = [[0.0, 1.0, 0.0], [0.0, 1.0, 0.0]];
                f(&Matrix::from_rows(&y), &Matrix::from_rows(&t))
            },
            0.5,
        )
        // Planted.
        .mistake("This is the number of right answers. Divide it by the number of rows.", |y, t| {
            right_answers(y, t) as f64
        })
        // Planted: integers.
        .mistake(
            "This looks like a division of integers, which rounds down to 0. Convert both with \
             `as f64` before you divide.",
            |y, t| (right_answers(y, t) / y.rows()) as f64,
        )
        // Planted: argmax of the wrong axis.
        .mistake(
            "This looks like the largest number of each column. Look for it in each row: \
             `y.argmax_rows()`.",
            |y, t| {
                let columns = |m: &Matrix| {
                    Matrix::from_fn(m.columns(), m.rows(), |i, j| m[(j, i)]).argmax_rows()
                };
                let pairs = columns(y).into_iter().zip(columns(t));
                pairs.filter(|(a, b)| a == b).count() as f64 / y.columns() as f64
            },
        )
        // Planted.
        .mistake(
            "The number of right answers is divided by the number of classes. Divide it by the \
             number of rows.",
            |y, t| right_answers(y, t) as f64 / y.columns() as f64,
        )
        // Planted.
        .mistake(
            "The number of right answers is divided by the number of all elements. Divide it by \
             the number of rows.",
            |y, t| right_answers(y, t) as f64 / (y.rows() * y.columns()) as f64,
        )
        // Planted: np.sum(y == t) without argmax.
        .mistake(
            "y and t were compared element by element, and probabilities are not 0 or 1. Compare \
             `y.argmax_rows()` with `t.argmax_rows()`.",
            |y, t| {
                let pairs = y.as_slice().iter().zip(t.as_slice());
                pairs.filter(|(y, t)| y == t).count() as f64 / y.rows() as f64
            },
        )
        // Planted.
        .mistake(
            "This counts the answers above ½. The answer is the largest number of the row, even \
             if it is 0.4.",
            |y, t| {
                let above = |n: usize| y[(n, t.argmax_rows()[n])] > 0.5;
                (0..y.rows()).filter(|&n| above(n)).count() as f64 / y.rows() as f64
            },
        )
        // Published, in a softmax: a running maximum that starts from 0.
        .mistake(
            "The search for the largest number starts from 0, and it finds nothing where all are \
             negative. Start from the first number of the row.",
            |y, t| {
                let answer = |row: &[f64]| {
                    let (mut best, mut largest) = (0, 0.0);
                    for (j, &value) in row.iter().enumerate() {
                        if value > largest {
                            (best, largest) = (j, value);
                        }
                    }
                    best
                };
                let right = (0..y.rows()).filter(|&n| t[(n, answer(y.row(n)))] == 1.0).count();
                right as f64 / y.rows() as f64
            },
        )
        // Planted: the mean probability.
        .mistake(
            "This is the mean probability of the right answer. Count the rows in which it is the \
             largest.",
            |y, t| (y * t).as_slice().iter().sum::<f64>() / y.rows() as f64,
        )
        // Planted.
        .mistake("This is the share of wrong answers. Count the right ones.", |y, t| {
            1.0 - right_answers(y, t) as f64 / y.rows() as f64
        })
}

fn right_answers(y: &Matrix, t: &Matrix) -> usize {
    y.argmax_rows().iter().zip(t.argmax_rows()).filter(|(y, t)| **y == *t).count()
}
