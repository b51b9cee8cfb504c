//! Write chapter 4 yourself: replace each `todo!()` by your own lines.
//!
//! Run this in the project's folder, and do what it says:
//!
//! ```text
//! cargo test --test exercises           all exercises, and which one is next
//! cargo test --test exercises e05       only e05
//! ```
//!
//! Work on a branch of your own, and you can update the project later: `git switch -c mine`.
//! The exercises follow the book. Each can be done without the others, in any order. In `e18` there
//! is nothing to write: it trains a net on 60,000 images with your functions.
//!
//! What you need of Rust is in `src/map.md`, "Rust for readers of Python". The functions `exp(x)`
//! and `ln(x)` are imported below. `a: &[f64]` is a list of numbers: `a.len()` is how many there
//! are, and `a[0]` is the first. "a: (n)" says that there are n. A `Matrix` has rows and columns,
//! and one sample per row:
//!
//! ```text
//! m.rows()  m.columns()           the shape
//! m[(n, k)]  m.row(n)             one number; row n, as a list
//! Matrix::from_fn(2, 3, |n, k| …) a new (2, 3) matrix; |n, k| … computes each number
//! Matrix::zeros(2, 3)             a new (2, 3) matrix of zeros. Then: m[(n, k)] = …;
//! m.map(|v| v + 2.0)              the same shape; |v| … computes each number from the old one
//! &m / 2.0   &m * 2.0             each number divided by 2, times 2
//! &a - &b    &a * &b              element by element (`&a` if a is a Matrix, a if it is a &Matrix).
//!                                 A result needs the & too: &(a - b) / 2.0
//! a.dot(&b)                       the matrix product A B (np.dot(a, b))
//! a.transpose_dot(&b)             Aᵀ B (np.dot(a.T, b))
//! a.dot_transpose(&b)             A Bᵀ (np.dot(a, b.T))
//! m.add_row(&b)                   a new matrix: the list b is added to each row
//! m.column_sums()                 np.sum(m, axis=0), a list
//! m.argmax_rows()                 np.argmax(m, axis=1), a list of integers
//! m.select_rows(&indices)         m[indices]: the rows with these numbers
//! ```

// Until you have written the lines that need them, imports and arguments are unused.
#![allow(unused)]

use from_zero::ch04::s5_1_two_layer_net::Parameters;
use from_zero::numeric::elementary::{exp, ln};
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::random::{Rng, Xorshift64Star};

use crate::checks::net::{Data, Net, Settings};

/// **e01**, section 3.2.4. The sigmoid of one number:
///
/// σ(x) = 1 / (1 + e⁻ˣ)
///
/// For example: sigmoid(0.0) = 0.5
///
/// Hint: it must also be right for x = 1000 and x = −1000.
/// Answer: `sigmoid` in src/ch03/functions.rs
pub fn sigmoid(x: f64) -> f64 {
    todo!()
}

/// **e02**, section 3.5. The softmax turns the scores of one sample into probabilities:
///
/// yₖ = exp(aₖ − max) / Σᵢ exp(aᵢ − max), where max is the largest of the a
///
/// Shapes: a: (classes), result: (classes).
///
/// For example: softmax(&[0.3, 2.9, 4.0]) = [0.01821127, 0.24519181, 0.73659691]
///
/// Hint: without `− max`, exp(1010) is ∞. All scores may be negative. Begin with
/// `let mut y = Vec::new();` and add a number with `y.push(…)`.
/// Answer: `softmax` in src/ch03/functions.rs
pub fn softmax(a: &[f64]) -> Vec<f64> {
    todo!()
}

/// **e03**, section 4.2.1, formula 4.1. The sum of squared error of one sample:
///
/// E = ½ Σₖ (yₖ − tₖ)²
///
/// Shapes: y: (classes), t: (classes).
///
/// For example: sum_squared_error(&[0.2, 0.8], &[0.0, 1.0]) = 0.04
///
/// Hint: `for k in 0..y.len() { … }`
/// Answer: `sum_squared_error` in src/ch04/s2_1_squared_error.rs
pub fn sum_squared_error(y: &[f64], t: &[f64]) -> f64 {
    todo!()
}

/// **e04**, section 4.2.4, formula 4.3. The cross-entropy error of a mini-batch of N samples, with
/// the book's 1e-7 inside the logarithm:
///
/// E = −1/N Σₙ Σₖ tₙₖ ln(yₙₖ + 1e-7)
///
/// Shapes: y: (N, classes), t: (N, classes). Each row of t is one-hot: a 1 in the column of the
/// right answer, and 0 elsewhere.
///
/// For example, with y = [[0.1, 0.6, 0.3], [0.1, 0.1, 0.8]] and t = [[0, 1, 0], [1, 0, 0]]:
/// cross_entropy(y, t) = 1.40670478
///
/// Hint: two loops, one in the other. `y.rows()` is an integer; `y.rows() as f64` is not.
/// Answer: `cross_entropy_one_hot` in src/ch04/s2_4_batch_cross_entropy.rs
pub fn cross_entropy(y: &Matrix, t: &Matrix) -> f64 {
    todo!()
}

/// **e05**, section 4.3.1. The numerical derivative of f at x, by a central difference:
///
/// f′(x) ≈ (f(x + h) − f(x − h)) / 2h, with h = 1e-4
///
/// For example: numerical_diff(|x| x * x, 3.0) = 6
///
/// Hint: f is a function. Call it: `f(x)`.
/// Answer: `numerical_diff` in src/ch04/s3_differentiation.rs
pub fn numerical_diff(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    todo!()
}

/// **e06**, section 4.4. The gradient: the derivative of f by each of its variables.
///
/// ∂f/∂xᵢ ≈ (f(…, xᵢ + h, …) − f(…, xᵢ − h, …)) / 2h, with h = 1e-4
///
/// Shapes: x: (n), result: (n).
///
/// For example, with f = x₀² + x₁²: numerical_gradient(f, &[3.0, 4.0]) = [6, 8]
///
/// Hint: x is lent to you and can't be changed. `let mut moved = x.to_vec();` is a copy that can.
/// Call f with it: `f(&moved)`.
/// Answer: `numerical_gradient` in src/ch04/s4_1_gradient.rs
pub fn numerical_gradient(f: impl Fn(&[f64]) -> f64, x: &[f64]) -> Vec<f64> {
    todo!()
}

/// **e07**, section 4.4.1, formula 4.7. Gradient descent: beginning at init_x, `step_num` times
///
/// xᵢ ← xᵢ − η ∂f/∂xᵢ, for all i
///
/// Here η is `learning_rate`, and `gradient(&x)` gives all ∂f/∂xᵢ at x.
///
/// Shapes: init_x: (n), the gradient: (n), result: (n).
///
/// For example, with the gradient of x₀² + x₁², which is (2 x₀, 2 x₁):
/// gradient_descent(gradient, &[-3.0, 4.0], 0.1, 1) = [-2.4, 3.2]
///
/// Hint: `for _ in 0..step_num { … }`
/// Answer: `gradient_descent` in src/ch04/s4_1_gradient.rs
pub fn gradient_descent(
    gradient: impl Fn(&[f64]) -> Vec<f64>, init_x: &[f64], learning_rate: f64, step_num: usize,
) -> Vec<f64> {
    todo!()
}

/// **e08**, section 4.4.2, formula 4.8. The numerical gradient ∂L/∂W of the book's `simpleNet`. The
/// loss is handed to you: `loss(&w, x, t)` is L for these weights.
///
/// ∂L/∂W[(i, j)] ≈ (L with W[(i, j)] + h − L with W[(i, j)] − h) / 2h, with h = 1e-4
///
/// Shapes: w: (inputs, classes), x: (1, inputs), t: (1, classes), result: (inputs, classes).
///
/// For example, with the book's w, x = [[0.6, 0.9]] and t = [[0, 0, 1]]:
/// simple_net_gradient(w, x, t, loss) = [[0.21924763, 0.14356247, -0.36281009], [0.32887144, 0.2153437, -0.54421514]]
///
/// Hint: `let mut moved = w.clone();` is a copy that can be changed: `moved[(i, j)] = …;`
/// Answer: `numerical_gradient` in src/ch04/s4_2_simple_net.rs
pub fn simple_net_gradient(
    w: &Matrix, x: &Matrix, t: &Matrix, loss: fn(&Matrix, &Matrix, &Matrix) -> f64,
) -> Matrix {
    todo!()
}

/// **e09**, section 4.2.3. A mini-batch: `batch_size` images, drawn at random, with their answers.
///
/// Shapes: images: (all images, pixels), t: (all images, classes),
/// result: the pair of x: (batch_size, pixels) and t: (batch_size, classes).
///
/// For example, if there is only one image, it is drawn each time:
/// mini_batch(one_image, its_answer, 2, rng) = [[0.5, 0.25, 0.75], [0.5, 0.25, 0.75]] and [[0, 1], [0, 1]]
///
/// Hint: `rng.choice(n, size)` is `np.random.choice(n, size)`: size indices below n. A pair is
/// written `(a, b)`.
/// Answer: `mini_batch` in src/ch04/s2_3_mini_batch.rs
pub fn mini_batch(
    images: &Matrix, t: &Matrix, batch_size: usize, rng: &mut Xorshift64Star,
) -> (Matrix, Matrix) {
    todo!()
}

/// **e10**, section 4.5.1. The forward pass of the net with two layers:
///
/// a1 = x W1 + b1, z1 = sigmoid(a1), a2 = z1 W2 + b2, y = softmax(each row of a2)
///
/// Shapes: x: (N, inputs), W1: (inputs, hidden), b1: (hidden), W2: (hidden, classes),
/// b2: (classes), result y: (N, classes). They are `params.w1`, `params.b1` and so on.
///
/// The sigmoid and the softmax are handed to you: the library's here, yours in e18.
///
/// For example, if all parameters are 0, each of 4 classes gets the same probability:
/// predict(all_parameters_0, x, sigmoid, softmax) = [[0.25, 0.25, 0.25, 0.25]]
///
/// Hint: `a1.map(sigmoid)`. Begin y with `let mut y = a2.clone();`. Its row n becomes new_row by
/// `y.row_mut(n).copy_from_slice(&new_row)`, after `let new_row = softmax(a2.row(n));`.
/// Answer: `scores` and `predict` in src/ch04/s5_1_two_layer_net.rs
pub fn predict(
    params: &Parameters, x: &Matrix, sigmoid: fn(f64) -> f64, softmax: fn(&[f64]) -> Vec<f64>,
) -> Matrix {
    todo!()
}

/// **e11**, section 4.5.1. The accuracy: the share of samples whose largest probability is in the
/// column where t is 1.
///
/// Shapes: y: (N, classes), t: (N, classes), one-hot.
///
/// For example, if three of four samples are right: accuracy(y, t) = 0.75
///
/// Hint: `argmax_rows`. Convert with `as f64` before you divide: 3 / 4 is 0 for integers.
/// Answer: `accuracy` in src/ch04/s5_1_two_layer_net.rs
pub fn accuracy(y: &Matrix, t: &Matrix) -> f64 {
    todo!()
}

/// **e12**, sections 4.5.1 and 5.6.3. Backpropagation, first step: the derivative of the loss with
/// respect to a2. The book calls it dy. Softmax and cross-entropy are one step:
///
/// dy = ∂L/∂a2 = (y − t) / N
///
/// Shapes: y: (N, classes), t: (N, classes), result: (N, classes).
///
/// For example, with y = [[0.2, 0.3, 0.5], [0.1, 0.1, 0.8]] and t = [[0, 0, 1], [1, 0, 0]]:
/// dy(y, t) = [[0.1, 0.15, -0.25], [-0.45, 0.05, 0.4]]
///
/// Hint: L is a mean over N samples, so the 1/N comes in here, and never again. N is
/// `y.rows() as f64`.
/// Answer: `gradient` in src/ch04/s5_1_two_layer_net.rs
pub fn dy(y: &Matrix, t: &Matrix) -> Matrix {
    todo!()
}

/// **e13**, sections 4.5.1 and 5.6.2. Second step: the derivatives by W2 and b2.
///
/// dW2 = ∂L/∂W2 = z1ᵀ dy, db2 = ∂L/∂b2 = the sum of the rows of dy
///
/// Shapes: z1: (N, hidden), dy: (N, classes), result: the pair of dW2: (hidden, classes) and
/// db2: (classes).
///
/// For example, with z1 = [[0.5], [0.25]] and the dy of e12:
/// dw2_db2(z1, dy) = [[-0.0625, 0.0875, -0.025]] and [-0.35, 0.2, 0.15]
///
/// Hint: only one order of the two matrices gives the shape of W2. b2 was added to every sample, so
/// its derivative is a sum over the samples.
/// Answer: `gradient` in src/ch04/s5_1_two_layer_net.rs
pub fn dw2_db2(z1: &Matrix, dy: &Matrix) -> (Matrix, Vec<f64>) {
    todo!()
}

/// **e14**, sections 4.5.1 and 5.5.2. Third step: back through W2 and through the sigmoid.
///
/// dz1 = ∂L/∂z1 = dy W2ᵀ, da1 = ∂L/∂a1 = (1 − z1) z1 dz1, element by element
///
/// Shapes: dy: (N, classes), w2: (hidden, classes), z1: (N, hidden), result da1: (N, hidden).
///
/// For example, with the dy and z1 of e12 and e13 and w2 = [[1, 2, 4]]:
/// da1(dy, w2, z1) = [[-0.15], [0.234375]]
///
/// Hint: z1 already is σ(a1), so the slope σ′(a1) is (1 − z1) z1. `z1.map(|z| 1.0 - z)` is 1 − z1.
/// Element by element is `&a * &b`, and not `dot`.
/// Answer: `gradient` in src/ch04/s5_1_two_layer_net.rs
pub fn da1(dy: &Matrix, w2: &Matrix, z1: &Matrix) -> Matrix {
    todo!()
}

/// **e15**, section 4.5.1. The gradient of the loss by backpropagation: forward as in e10, then
/// backward as in e12, e13 and e14. The last step is that of e13, one layer earlier:
///
/// dW1 = ∂L/∂W1 = xᵀ da1, db1 = ∂L/∂b1 = the sum of the rows of da1
///
/// Shapes: those of e10; the result has the shapes of the parameters. It is written
/// `Parameters { w1: dw1, b1: db1, w2: dw2, b2: db2 }`.
///
/// For example, with 3 inputs, 1 hidden unit and all parameters 0, so that y is [[0.5, 0.5]], and
/// with t = [[1, 0]], the four parts are:
/// gradient(all_parameters_0, x, t, sigmoid, softmax) = [[0], [0], [0]] and [0] and [[-0.25, 0.25]] and [-0.5, 0.5]
///
/// Hint: you may call your own dy, dw2_db2 and da1; if e12, e13 or e14 says no, mend that first.
/// predict does not return z1, so its first lines stand here again.
/// Answer: `gradient` in src/ch04/s5_1_two_layer_net.rs
pub fn gradient(
    params: &Parameters, x: &Matrix, t: &Matrix, sigmoid: fn(f64) -> f64,
    softmax: fn(&[f64]) -> Vec<f64>,
) -> Parameters {
    todo!()
}

/// **e16**, section 4.5.2, formula 4.7. One update of all parameters:
///
/// W1 ← W1 − η ∂L/∂W1, and the same for b1, W2 and b2
///
/// `gradient.w1` is ∂L/∂W1, and so on; η is `learning_rate`.
///
/// For example, with one number in each part, 1, 2, 3 and 4, and the gradient 10, 20, −10 and −20:
/// the parameters after update(&mut params, &gradient, 0.1) = [[0]] and [0] and [[4]] and [6]
///
/// Hint: params may be changed. `params.b1[j] -= …;` and `params.w1[(i, j)] -= …;`
/// Answer: `descend` in src/ch04/s5_1_two_layer_net.rs
pub fn update(params: &mut Parameters, gradient: &Parameters, learning_rate: f64) {
    todo!()
}

/// **e17**, sections 4.5.2 and 4.5.3. Learning: `settings.iterations` times
///
/// 1. draw a mini-batch:        `let (x, t) = data.mini_batch(settings.batch_size, rng);`
/// 2. compute the gradient:     `net.gradient(&x, &t)`
/// 3. update the parameters:    `net.update(&gradient, settings.learning_rate)`
/// 4. note the loss after it:   `net.loss(&x, &t)`
/// 5. if the number i of the iteration (0, 1, 2 …) is a multiple of `settings.iter_per_epoch`, note
///    the accuracy on the test images: `net.accuracy(&data.x_test, &data.t_test)`
///
/// The result is the pair of all losses and all accuracies.
///
/// For example, of 7 iterations with 3 per epoch there are 7 losses and 3 accuracies, those of the
/// iterations 0, 3 and 6:
/// the number of losses, and of accuracies, of 7 iterations with 3 per epoch = [7, 3]
///
/// Hint: the functions of net and data are the library's here, and yours in e18.
/// Answer: `train` in src/ch04/s5_2_training.rs
pub fn train(
    net: &mut Net, data: &Data, settings: &Settings, rng: &mut Xorshift64Star,
) -> (Vec<f64>, Vec<f64>) {
    todo!()
}

// **e18**, the milestone. There is nothing to write. Your functions train the book's net on 60,000
// images for two epochs, 1,200 iterations. If they are right, it reads over 88 % of the test
// images.
