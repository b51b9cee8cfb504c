//! e12 to e16: backpropagation of the two-layer net, and one update.

use from_zero::ch03::activation::Activation;
use from_zero::ch03::functions::{sigmoid, softmax, softmax_rows};
use from_zero::ch04::s2_4_targets::OneHot;
use from_zero::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use from_zero::numeric::matrix::Matrix;

use super::functions::{Sigmoid, Softmax};
use super::predictions::{params, t, x};
use super::{Exercise, Output};

pub type Dy = fn(&Matrix, &Matrix) -> Matrix;
pub type Dw2Db2 = fn(&Matrix, &Matrix) -> (Matrix, Vec<f64>);
pub type Da1 = fn(&Matrix, &Matrix, &Matrix) -> Matrix;
pub type NetGradient = fn(&Parameters, &Matrix, &Matrix, Sigmoid, Softmax) -> Parameters;
pub type Update = fn(&mut Parameters, &Parameters, f64);

const ANSWER: &str = "src/ch04/s5_1_gradient.rs";

// The small example that e12 to e14 share: 2 samples, 1 hidden unit, 3 classes.

fn small_y() -> Matrix {
    Matrix::from_rows(&[[0.2, 0.3, 0.5], [0.1, 0.1, 0.8]])
}

fn small_t() -> Matrix {
    Matrix::from_rows(&[[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
}

fn small_dy() -> Matrix {
    Matrix::from_rows(&[[0.1, 0.15, -0.25], [-0.45, 0.05, 0.4]])
}

fn small_z1() -> Matrix {
    Matrix::from_rows(&[[0.5], [0.25]])
}

fn small_w2() -> Matrix {
    Matrix::from_rows(&[[1.0, 2.0, 4.0]])
}

// The same of a net with 5 samples, 4 inputs, 3 hidden units and 6 classes.

fn z1(p: &Parameters) -> Matrix {
    x().dot(&p.w1).add_row(&p.b1).map(sigmoid)
}

fn y() -> Matrix {
    let p = params();
    softmax_rows(&z1(&p).dot(&p.w2).add_row(&p.b2))
}

pub fn right_dy(y: &Matrix, t: &Matrix) -> Matrix {
    &(y - t) / y.rows() as f64
}

pub fn right_dw2_db2(z1: &Matrix, dy: &Matrix) -> (Matrix, Vec<f64>) {
    (z1.transpose_dot(dy), dy.column_sums())
}

pub fn right_da1(dy: &Matrix, w2: &Matrix, z1: &Matrix) -> Matrix {
    Activation::Sigmoid.backward(z1, &dy.dot_transpose(w2))
}

pub fn right_gradient(
    params: &Parameters, x: &Matrix, t: &Matrix, _: Sigmoid, _: Softmax,
) -> Parameters {
    let net = TwoLayerNet { params: params.clone(), activation: Activation::Sigmoid };
    net.gradient(x, &OneHot::new(t.clone()).labels())
}

pub fn dy() -> Exercise<Dy> {
    Exercise::new("e12", "dy: ∂L/∂a2 = (y − t) / N", ANSWER, right_dy as Dy)
        .case("dy(y, t)", |f| f(&small_y(), &small_t()), small_dy())
        .like_the_library("dy(y, t) of five samples", |f| f(&y(), &t()))
        // The probabilities of a row add up to 1, and so do the answers.
        .case(
            "the sum of dy(y, t) of five samples",
            |f| f(&y(), &t()).as_slice().iter().sum::<f64>(),
            0.0,
        )
        // Published: the sum in place of the mean.
        .mistake(
            "This is N times the right derivative: it belongs to the sum of the losses. L is the \
             mean over the mini-batch, so divide by N, the number of rows.",
            |y, t| y - t,
        )
        // Planted.
        .mistake("The sign is wrong: it is y − t, and not t − y.", |y, t| right_dy(t, y))
        // Planted.
        .mistake(
            "y − t is divided by the number of classes. Divide it by N, the number of rows.",
            |y, t| (y - t).map(|difference| difference / y.columns() as f64),
        )
        // Planted.
        .mistake(
            "y − t is divided by the number of all elements. Divide it by N, the number of rows.",
            |y, t| (y - t).map(|difference| difference / (y.rows() * y.columns()) as f64),
        )
        // Planted: the derivative by y, from before the softmax.
        .mistake(
            "This is ∂L/∂y = −t / (N y). Here softmax and cross-entropy are one step, and the \
             derivative by a2 is (y − t) / N.",
            |y, t| y.zip_map(t, |y_, t| -t / y_ / y.rows() as f64),
        )
        // Planted: what e03's loss would give.
        .mistake(
            "This is (y − t) multiplied by the sigmoid's slope (1 − y) y. The softmax with the \
             cross-entropy has no such factor: only (y − t) / N.",
            |y, t| y.zip_map(t, |y_, t| (y_ - t) * (1.0 - y_) * y_ / y.rows() as f64),
        )
        // Planted: t as numbers, not as one-hot rows.
        .mistake(
            "The number of the label was subtracted from every column. Subtract t as it is: 1 in \
             the column of the label, 0 elsewhere.",
            |y, t| {
                let labels = t.argmax_rows();
                Matrix::from_fn(y.rows(), y.columns(), |n, k| {
                    (y[(n, k)] - labels[n] as f64) / y.rows() as f64
                })
            },
        )
}

pub fn dw2_db2() -> Exercise<Dw2Db2> {
    let title = "dw2_db2: ∂L/∂W2 = z1ᵀ dy, and ∂L/∂b2";
    fn named((dw2, db2): (Matrix, Vec<f64>)) -> Output {
        Output::named([("dw2", dw2.into()), ("db2", db2.into())])
    }
    Exercise::new("e13", title, ANSWER, right_dw2_db2 as Dw2Db2)
        .case(
            "dw2_db2(z1, dy)",
            |f| named(f(&small_z1(), &small_dy())),
            named((Matrix::from_rows(&[[-0.0625, 0.0875, -0.025]]), vec![-0.35, 0.2, 0.15])),
        )
        .like_the_library("dw2_db2(z1, dy) of five samples", |f| {
            named(f(&z1(&params()), &right_dy(&y(), &t())))
        })
        // Planted: the bias summed over the wrong axis.
        .mistake(
            "db2 was summed over the wrong axis: there is one number per sample. Add the rows, so \
             that there is one number per class: `column_sums`.",
            |z1, dy| (z1.transpose_dot(dy), dy.iter_rows().map(|row| row.iter().sum()).collect()),
        )
        // Planted.
        .mistake(
            "db2 is the mean of the rows. dy already contains 1/N: only add them.",
            |z1, dy| {
                let sums = dy.column_sums().into_iter();
                (z1.transpose_dot(dy), sums.map(|sum| sum / dy.rows() as f64).collect())
            },
        )
        // Planted.
        .mistake("dw2 and db2 are divided by N again. dy already contains 1/N.", |z1, dy| {
            let sums = dy.column_sums().into_iter();
            let dw2 = z1.transpose_dot(dy).map(|number| number / dy.rows() as f64);
            (dw2, sums.map(|sum| sum / dy.rows() as f64).collect())
        })
        // Planted.
        .mistake("dw2 is divided by N again. dy already contains 1/N.", |z1, dy| {
            let dw2 = z1.transpose_dot(dy).map(|number| number / dy.rows() as f64);
            (dw2, dy.column_sums())
        })
        // Planted.
        .mistake(
            "dw2 is transposed. It has the shape of W2, (hidden, classes): z1ᵀ dy, and not dyᵀ z1.",
            |z1, dy| (dy.transpose_dot(z1), dy.column_sums()),
        )
        // Planted.
        .mistake(
            "db2 is the first row of dy. Add all rows: b2 was added to every sample.",
            |z1, dy| (z1.transpose_dot(dy), dy.row(0).to_vec()),
        )
}

pub fn da1() -> Exercise<Da1> {
    let title = "da1: dz1 = dy W2ᵀ, da1 = (1 − z1) z1 dz1";
    Exercise::new("e14", title, ANSWER, right_da1 as Da1)
        .case(
            "da1(dy, w2, z1)",
            |f| f(&small_dy(), &small_w2(), &small_z1()),
            Matrix::from_rows(&[[-0.15], [0.234375]]),
        )
        .like_the_library("da1(dy, w2, z1) of five samples", |f| {
            let p = params();
            f(&right_dy(&y(), &t()), &p.w2, &z1(&p))
        })
        // Planted.
        .mistake(
            "This is dz1. Multiply it, element by element, by the sigmoid's slope (1 − z1) z1.",
            |dy, w2, _| dy.dot_transpose(w2),
        )
        // tests/book/published_slips.rs: a slope taken at the output as if it were the input.
        .mistake(
            "The sigmoid was applied once more: z1 already is σ(a1). The slope is (1 − z1) z1.",
            |dy, w2, z1| da1_with(dy, w2, z1, |z| (1.0 - sigmoid(z)) * sigmoid(z)),
        )
        // Planted.
        .mistake("The slope is (1 − z1) z1. The factor z1 is missing.", |dy, w2, z1| {
            da1_with(dy, w2, z1, |z| 1.0 - z)
        })
        // Planted.
        .mistake("The slope is (1 − z1) z1. The factor 1 − z1 is missing.", |dy, w2, z1| {
            da1_with(dy, w2, z1, |z| z)
        })
        // Planted.
        .mistake(
            "The slope is (1 − z1) z1, with a minus. This looks like (1 + z1) z1.",
            |dy, w2, z1| da1_with(dy, w2, z1, |z| (1.0 + z) * z),
        )
        // Planted.
        .mistake(
            "The sign is wrong. This looks like (z1 − 1) z1; the slope of the sigmoid is \
             (1 − z1) z1 and never below 0.",
            |dy, w2, z1| da1_with(dy, w2, z1, |z| (z - 1.0) * z),
        )
        // Published: a gradient built by zeros(x).
        .mistake(
            "da1 is 0 everywhere, so W1 and b1 will never change. Did you return a matrix of zeros \
             before you filled it?",
            |dy, w2, _| Matrix::zeros(dy.rows(), w2.rows()),
        )
        // Planted: the mask of a relu, on the wrong matrix.
        .mistake(
            "The derivatives below 0 are missing. That is a relu applied to dz1. Multiply by \
             (1 − z1) z1, and keep the sign of dz1.",
            |dy, w2, z1| {
                da1_with(dy, w2, z1, |z| (1.0 - z) * z).map(|d| if d > 0.0 { d } else { 0.0 })
            },
        )
        // Published: σ(1 − σ) as a matrix product. As all sizes differ, `dot` panics and names both
        // shapes. As the product of two vectors it is a sum.
        .mistake(
            "(1 − z1) z1 was added up. It is a number for each element: multiply element by \
             element.",
            |dy, w2, z1| {
                let total: f64 = z1.as_slice().iter().map(|z| (1.0 - z) * z).sum();
                &dy.dot_transpose(w2) * total
            },
        )
}

fn da1_with(dy: &Matrix, w2: &Matrix, z1: &Matrix, slope: fn(f64) -> f64) -> Matrix {
    &dy.dot_transpose(w2) * &z1.map(slope)
}

pub fn gradient() -> Exercise<NetGradient> {
    let title = "gradient: forward once, then backward once";
    Exercise::new("e15", title, ANSWER, right_gradient as NetGradient)
        // With all parameters 0: y is ½, ½ and t is 1, 0, so dy is −½, ½; z1 is ½. W2 is 0, so
        // nothing flows back to W1 and b1.
        .case(
            "gradient(all_parameters_0, x, t, sigmoid, softmax)",
            |f| {
                let zeros = Parameters {
                    w1: Matrix::zeros(3, 1),
                    b1: vec![0.0],
                    w2: Matrix::zeros(1, 2),
                    b2: vec![0.0; 2],
                };
                let x = Matrix::from_rows(&[[0.5, 0.25, 0.75]]);
                f(&zeros, &x, &Matrix::from_rows(&[[1.0, 0.0]]), sigmoid, softmax)
            },
            Parameters {
                w1: Matrix::zeros(3, 1),
                b1: vec![0.0],
                w2: Matrix::from_rows(&[[-0.25, 0.25]]),
                b2: vec![-0.5, 0.5],
            },
        )
        .like_the_library("gradient(params, five_samples, t, sigmoid, softmax)", |f| {
            f(&params(), &x(), &t(), sigmoid, softmax)
        })
        // Published: the sum in place of the mean.
        .mistake(
            "Every derivative is N times too large: L is the mean over the mini-batch. Divide \
             y − t by N, the number of rows.",
            |p, x, t, _, _| with_steps(p, x, t, |y, t| y - t, right_da1),
        )
        // Planted.
        .mistake(
            "Every sign is wrong: dy is (y − t) / N, and not (t − y) / N.",
            |p, x, t, _, _| with_steps(p, x, t, |y, t| right_dy(t, y), right_da1),
        )
        // Planted.
        .mistake(
            "W2 and b2 are right, W1 and b1 are not: dz1 was used in place of da1. Multiply it by \
             the sigmoid's slope (1 − z1) z1.",
            |p, x, t, _, _| with_steps(p, x, t, right_dy, |dy, w2, _| dy.dot_transpose(w2)),
        )
        // Published: a sigmoid layer that keeps its input in place of its output.
        .mistake(
            "W2 and b2 are right, W1 and b1 are not: the slope was computed from a1 as \
             (1 − a1) a1. It is (1 − z1) z1, from the output of the sigmoid.",
            |p, x, t, _, _| {
                let a1 = x.dot(&p.w1).add_row(&p.b1);
                let z1 = a1.map(sigmoid);
                let dy = right_dy(&softmax_rows(&z1.dot(&p.w2).add_row(&p.b2)), t);
                let da1 = da1_with(&dy, &p.w2, &a1, |a| (1.0 - a) * a);
                let ((w2, b2), (w1, b1)) = (right_dw2_db2(&z1, &dy), right_dw2_db2(x, &da1));
                Parameters { w1, b1, w2, b2 }
            },
        )
        // Planted: weights updated before the gradient was complete.
        .mistake(
            "W1 and b1 do not belong to the same W2 as the rest: W2 was updated before dz1 was \
             computed with it. Compute the whole gradient first, and update afterwards.",
            |p, x, t, _, _| {
                with_steps(p, x, t, right_dy, |dy, w2, z1| {
                    // a step with the learning rate 0.1
                    let moved = w2.zip_map(&z1.transpose_dot(dy), |w, d| w - 0.1 * d);
                    right_da1(dy, &moved, z1)
                })
            },
        )
        // Published: a gradient built by zeros(x).
        .mistake(
            "W1 and b1 get no derivative: all are 0. Carry dy back through W2 to dz1, and from \
             there to da1.",
            |p, x, t, _, _| {
                with_steps(p, x, t, right_dy, |dy, w2, _| Matrix::zeros(dy.rows(), w2.rows()))
            },
        )
        // Planted.
        .mistake(
            "W2 and b2 are right, W1 and b1 are divided by N twice. da1 already contains 1/N.",
            |p, x, t, _, _| {
                with_steps(p, x, t, right_dy, |dy, w2, z1| {
                    right_da1(dy, w2, z1).map(|d| d / dy.rows() as f64)
                })
            },
        )
        // Published: a softmax over a whole batch at once.
        .mistake(
            "The softmax was taken over the whole mini-batch. Apply it to each row by itself.",
            |p, x, t, _, _| {
                let all = |_: &Matrix, t: &Matrix| {
                    let a2 = x.dot(&p.w1).add_row(&p.b1).map(sigmoid).dot(&p.w2).add_row(&p.b2);
                    right_dy(&a2.with_data(&softmax(a2.as_slice())), t)
                };
                with_steps(p, x, t, all, right_da1)
            },
        )
        // Planted.
        .mistake(
            "The biases were left out of the forward pass. a1 is x W1 + b1, and a2 is z1 W2 + b2.",
            |p, x, t, _, _| {
                let (b1, b2) = (vec![0.0; p.b1.len()], vec![0.0; p.b2.len()]);
                let without = Parameters { b1, b2, ..p.clone() };
                with_steps(&without, x, t, right_dy, right_da1)
            },
        )
}

/// The gradient with other versions of dy or da1.
fn with_steps(
    p: &Parameters, x: &Matrix, t: &Matrix, dy: impl Fn(&Matrix, &Matrix) -> Matrix,
    da1: impl Fn(&Matrix, &Matrix, &Matrix) -> Matrix,
) -> Parameters {
    let z1 = x.dot(&p.w1).add_row(&p.b1).map(sigmoid);
    let y = softmax_rows(&z1.dot(&p.w2).add_row(&p.b2));
    let dy = dy(&y, t);
    let (w2, b2) = right_dw2_db2(&z1, &dy);
    let (w1, b1) = right_dw2_db2(x, &da1(&dy, &p.w2, &z1));
    Parameters { w1, b1, w2, b2 }
}

pub fn update() -> Exercise<Update> {
    fn updated(f: Update, mut params: Parameters, gradient: &Parameters, rate: f64) -> Parameters {
        f(&mut params, gradient, rate);
        params
    }
    fn one_each(w1: f64, b1: f64, w2: f64, b2: f64) -> Parameters {
        let matrix = |number: f64| Matrix::from_rows(&[[number]]);
        Parameters { w1: matrix(w1), b1: vec![b1], w2: matrix(w2), b2: vec![b2] }
    }
    let right: Update = |params, gradient, rate| params.descend(gradient, rate);
    Exercise::new("e16", "update: W ← W − η ∂L/∂W", "src/ch04/s5_1_two_layer_net.rs", right)
        .case(
            "the parameters after update(&mut params, &gradient, 0.1)",
            |f| updated(f, one_each(1.0, 2.0, 3.0, 4.0), &one_each(10.0, 20.0, -10.0, -20.0), 0.1),
            one_each(0.0, 0.0, 4.0, 6.0),
        )
        .like_the_library(
            "the parameters after update(&mut params, &gradient, 0.5) of a net",
            |f| {
                let gradient = right_gradient(&params(), &x(), &t(), sigmoid, softmax);
                updated(f, params(), &gradient, 0.5)
            },
        )
        .like_the_library("the parameters after update(&mut params, &gradient, 0.0)", |f| {
            let gradient = right_gradient(&params(), &x(), &t(), sigmoid, softmax);
            updated(f, params(), &gradient, 0.0)
        })
        // Readers' notes: ascent and descent.
        .mistake(
            "This climbs: the loss grows. Subtract the gradient, do not add it.",
            |params, gradient, rate| params.descend(gradient, -rate),
        )
        // Readers' notes: a copy is changed.
        .mistake(
            "The parameters did not change. Did you change a copy, made by `clone`? Change \
             params.w1 itself, for example through `params.w1.as_mut_slice()`.",
            |_, _, _| (),
        )
        // Planted.
        .mistake("The biases did not change. Update b1 and b2, too.", |params, gradient, rate| {
            let (b1, b2) = (params.b1.clone(), params.b2.clone());
            params.descend(gradient, rate);
            (params.b1, params.b2) = (b1, b2);
        })
        // Planted.
        .mistake(
            "Only the second layer changed. Update W1 and b1, too.",
            |params, gradient, rate| {
                let (w1, b1) = (params.w1.clone(), params.b1.clone());
                params.descend(gradient, rate);
                (params.w1, params.b1) = (w1, b1);
            },
        )
        // Planted.
        .mistake(
            "The learning rate is not used. Multiply the gradient by it.",
            |params, gradient, _| params.descend(gradient, 1.0),
        )
        // Planted.
        .mistake(
            "The parameters became −η times the gradient. Subtract from the old values: \
             `-=`, and not `=`.",
            |params, gradient, rate| {
                let old = params.clone();
                params.descend(gradient, rate);
                params.descend(&old, 1.0);
            },
        )
        // Planted.
        .mistake(
            "The gradient is divided by the learning rate. Multiply by it.",
            |params, gradient, rate| params.descend(gradient, 1.0 / rate),
        )
}
