//! Chapter 4, "Learning of neural networks", of *Deep Learning from Scratch* in Rust, **from
//! zero**. The book imports NumPy, and here everything that it imports is written by hand, with
//! only `std`.
//!
//! The book is by 斎藤康毅: 『ゼロから作るDeep Learning』, 《深度学习入门》, 《밑바닥부터 시작하는 딥러닝》. This page is
//! the map. Open it with `cargo doc --open`: then every name is a link.
//!
//! # How the data flow
//!
//! ```text
//! fixtures/mnist ─▶ gzip, inflate ─▶ idx ─▶ mnist ─▶ / 255 ─▶ mini-batch x, t
//!                                                                  │
//!         W1 b1 W2 b2 ◀─ update ◀─ gradient ◀─ loss ◀─ forward ◀───┘
//! ```
//!
//! # Modules
//!
//! | module | what it contains | in the book |
//! |---|---|---|
//! | [`numeric`] | matrix, random numbers, exp and ln, sums | NumPy |
//! | [`formats`] | gzip, IDX, finding and loading MNIST, npz, PNG | Python's `gzip`, the book's `mnist.py`, `np.load` |
//! | [`ch03`], [`ch04`], [`ch05`] | **the chapters: begin here** | the chapters |
//! | [`fast`] | the same computations on several threads, with the same bits | |
//! | [`beyond`] | experiments | |
//! | [`trained`] | saving a net, which digit it takes for which, your own digit | |
//! | [`book`] | the numbers of the book beside ours | |
//! | [`plot`] | the figures as SVG, a training run as a web page | Matplotlib |
//!
//! A module uses only the modules above it. The command, in `src/cli`, uses all of them. The whole
//! chapter also stands in one file, `src/bin/one_file.rs`. A path such as `ch04::s3_differentiation` is the file `src/ch04/s3_differentiation.rs`.
//!
//! The chapters are plain. An algorithm is in one place, in the order of computation, with the
//! book's letters, and without anything that is there only for speed. `cargo run --release --
//! --plain` runs them. Without `--plain` the command runs the fast versions, which give the same
//! bits.
//!
//! # Write it yourself
//!
//! `tests/exercises/mine.rs` has the functions of the chapter with their formulas, but without their
//! lines. You write these, and `cargo test --test exercises` says which one is next, and which
//! mistake a wrong answer looks like. Each file of a chapter names its exercises.
//!
//! # Section → file
//!
//! | section | what | where |
//! |---|---|---|
//! | preface | perceptron: AND, OR, never XOR | [`beyond::perceptron`] |
//! | 3.2, 3.5 | step function, sigmoid, relu, softmax | [`ch03::functions`] |
//! | 4.1.1 | a rule by hand, and three ways to recognise a 5 | [`book`], [`ch04`] |
//! | 4.1.2 | generalization, overfitting | [`beyond::overfitting`] |
//! | 4.2.1 | sum of squared error (4.1) | [`ch04::s2_1_squared_error::sum_squared_error`] |
//! | 4.2.2 | cross-entropy error (4.2) | [`ch04::s2_2_cross_entropy::cross_entropy_error`] |
//! | 4.2.3 | loading MNIST, / 255 | [`ch04::s2_3_mini_batch`]; the files: [`formats::mnist`], [`formats::idx`] |
//! | 4.2.3 | the indices of a mini-batch | [`Dataset::mini_batch`](ch04::s2_3_mini_batch::Dataset::mini_batch), with [`Rng::choice`](numeric::random::Rng::choice) |
//! | 4.2.4 | cross-entropy of a mini-batch (4.3) | [`ch04::s2_4_batch_cross_entropy::cross_entropy_one_hot`], [`cross_entropy_labels`](ch04::s2_4_batch_cross_entropy::cross_entropy_labels) |
//! | 4.2.4 | `y[np.arange(batch_size), t]` | [`ch04::s2_4_batch_cross_entropy::pick_label_columns`] |
//! | 4.2.4 | one-hot targets and labels | [`ch04::s2_4_targets`] |
//! | 4.2.5 | why not the accuracy, why no step function | [`beyond::why_loss`] |
//! | 4.3.1 | numerical differentiation (4.4); why h = 1e-4 | [`ch04::s3_differentiation::numerical_diff`]; [`beyond::why_step_size`] |
//! | 4.3.2 | the example 0.01x² + 0.1x (4.5) | [`ch04::s3_differentiation::function_1`] |
//! | 4.3.3 | partial derivatives (4.6) | [`ch04::s3_differentiation::function_2`] |
//! | 4.4 | gradient | [`ch04::s4_1_gradient::numerical_gradient`] |
//! | 4.4.1 | gradient descent (4.7) | [`ch04::s4_1_gradient::gradient_descent`] |
//! | 4.4.1 | learning rates, local minimum, saddle point, plateau | [`beyond::examples`] |
//! | 4.4.2 | the gradient of a net (4.8) | [`ch04::s4_2_simple_net`] |
//! | 4.5.1 | the net with two layers | [`ch04::s5_1_two_layer_net`] |
//! | 4.5.1 | accuracy, argmax | [`TwoLayerNet::accuracy`], [`Matrix::argmax_rows`](numeric::matrix::Matrix::argmax_rows) |
//! | 4.5.1 | numerical gradient of the net; the same, faster | [`TwoLayerNet::numerical_gradient`]; [`fast::incremental`] |
//! | 4.5.2, 4.5.3 | the training loop, the accuracy at each epoch | [`ch04::s5_2_training::train`] |
//! | 4.5.1, 5.7.2 | one step by hand, with every number | [`beyond::step_by_hand`] |
//! | 5.1 – 5.3 | computational graphs, chain rule | [`ch05`] |
//! | 5.4 – 5.6 | layers, each with forward and backward | [`ch05::s4_layers`] |
//! | 5.5 | backward of sigmoid and relu, as training uses it | [`Activation::backward`](ch03::functions::Activation::backward) |
//! | 5.7.2 | the net made of layers | [`ch05::s7_2_layered_net`] |
//! | 5.7.2 | the gradient by backpropagation, written out | [`TwoLayerNet::gradient`] |
//! | 5.7.3 | the gradient check; one with a verdict | [`ch05::s7_3_gradient_check`]; [`beyond::verdict`] |
//!
//! # The book's Python → here
//!
//! | the book | here |
//! |---|---|
//! | `load_mnist(normalize=True, flatten=True)` | [`load_mnist`](ch04::s2_3_mini_batch::load_mnist) |
//! | `one_hot_label=True` | training uses labels; `t.one_hot(10)` makes one-hot rows |
//! | `x_train`, `t_train` | `data.train.images`, `data.train.labels` |
//! | `np.random.choice(train_size, batch_size)` | `rng.choice(train_size, batch_size)` |
//! | `x_train[batch_mask]` | `images.select_rows(&batch_mask)` |
//! | `np.random.randn(n, m)` | `Matrix::from_fn(n, m, \|_, _\| rng.normal())` |
//! | `np.dot(x, W1) + b1` | `x.dot(&w1).add_row(&b1)`, in [`numeric::matrix`] |
//! | `np.dot(x.T, da1)`, `np.dot(dy, W2.T)` | `x.transpose_dot(&da1)`, `dy.dot_transpose(&w2)` |
//! | `np.sum(dy, axis=0)` | `dy.column_sums()` |
//! | `np.argmax(y, axis=1)`, `np.sum(y == t)` | `y.argmax_rows()`, `t.count_equal(&answers)` |
//! | `y[np.arange(batch_size), t]` | [`pick_label_columns`](ch04::s2_4_batch_cross_entropy::pick_label_columns) |
//! | `mean_squared_error` (older printings) | [`sum_squared_error`](ch04::s2_1_squared_error::sum_squared_error) |
//! | `gradient_descent(f, init_x, lr, step_num)` | `gradient_descent(f, &start, learning_rate, steps)` |
//! | `network.params['W1']`, `grads['W1']` | `net.params.w1`, `gradient.w1` |
//! | `dy` in `TwoLayerNet.gradient` | `dy`, which is ∂L/∂a2 |
//! | `iters_num`, `iter_per_epoch` | [`Hyperparameters::iterations`](ch04::s5_2_training::Hyperparameters), `iter_per_epoch` |
//! | `train_loss_list`, `train_acc_list` | `history.losses`, `history.accuracies` |
//! | `MulLayer`, `AddLayer` | [`Mul`](ch05::s4_layers::Mul), [`Add`](ch05::s4_layers::Add) |
//!
//! # Rust for readers of Python
//!
//! - `let x = 1.0;` is a variable that never changes. `let mut x` may change. A second `let x` is a
//!   new variable with the same name.
//! - `f64` is a float, `usize` an integer ≥ 0. `n as f64` converts.
//! - `&x` lends x to a function, which may read it. `&mut x` lends it to be changed. Without `&`, x
//!   is given away, and the caller can't use it afterwards; numbers and other small values are
//!   copied. `x.clone()` makes a copy.
//! - `&[f64]` is a slice: numbers in a row, lent. `Vec<f64>` owns its numbers, like a list.
//!   `y[(n, j)]` is row n, column j of a matrix.
//! - `struct Labels(Vec<usize>)` is a class with one field, `self.0`. `impl Labels { … }` has its
//!   methods. An `enum` is one of several variants, and `match` chooses by the variant.
//! - `|x| x * x` is `lambda x: x * x`. `impl Fn(f64) -> f64` is the type of such a function.
//!   `impl FnMut` may also change variables of the surrounding function. `impl Rng` is any type
//!   that has the functions of the trait `Rng`. `Box<dyn Layer>` is such a value whose type is
//!   known only at run time.
//! - `x.iter().map(|v| …).collect()` is `[… for v in x]`. `0..n` is `range(n)`. `x.iter()`
//!   lends each number. If you write `|&v|` or `for &v in`, v is the number itself. `fold(a, f)` is
//!   `functools.reduce(f, x, a)`.
//! - A function returns its last expression if there is no `;` after it.
//! - `let Parameters { w1, b1, w2, b2 } = &self.params;` gives four parts of a struct their own
//!   names. `Parameters { b1, ..p.clone() }` is a copy of p with another b1.
//! - `Option` is a value or `None`. `Result` is a value or an error; `?` returns the error to the
//!   caller. `expect` takes the value and stops the program if there is none.
//! - `assert!` stops the program with a message if the caller made a mistake. This is called a
//!   panic. A panic names the function and what did not fit: `dot: (100, 784) x (50, 10)`. With
//!   `#[track_caller]` it also names the line of the caller. What comes from outside, a file or an
//!   argument of the command, never panics: it gives an error.
//! - `///` and `//!` are docstrings. Their examples are tests: `cargo test` runs them. You may skip
//!   lines with `#[derive]`, `#[inline]` and `cfg_attr`. The last one shows a figure in
//!   `cargo doc`.
//!
//! # Notation
//!
//! A sample is a row. The letters are those of the book: x is the input, a1 = x W1 + b1, z1 is the
//! output of the hidden layer, a2 are the scores, y the probabilities, t the right answers. N is
//! the number of samples in a mini-batch. `da1` is ∂L/∂a1. A shape is (rows, columns): "C = A B,
//! with A: (n, k), B: (k, m), C: (n, m)".
//!
//! # The same bits everywhere
//!
//! The same seed gives the same parameters, bit for bit, with any number of threads, in debug and
//! release builds. So every sum has a fixed order, there is no fused multiply-add, and exp and ln
//! are our own. This was tested on x86-64 and, in an emulator, on 64-bit Arm and on big-endian
//! s390x.
//!
//! # Symptoms
//!
//! Numbers that readers see, and what they mean. `tests/book/symptoms.rs` makes each of these
//! mistakes.
//!
//! | what you see | why | where to look |
//! |---|---|---|
//! | The loss stays at 2.30. | 2.30 is ln 10: the net guesses among ten classes. For the first hundred iterations or so this is normal. If it stays, the net does not change: a copy of the parameters is updated, the learning rate is too small (1e-10), or the gradient is 0. | 4.5.2: the update |
//! | The loss is 230 for 100 images. | It is the sum over the mini-batch. Divide it by N. | 4.2.4 |
//! | The loss is NaN. | exp overflowed in a softmax that does not subtract the maximum (from a score of 710 on), or 0 · ln 0 was computed without the 1e-7. | 3.5.2, 4.2.2 |
//! | The accuracy is 0.098 (test) or 0.0987 (training). | The net answers 0 for every image. All probabilities are equal or NaN, and argmax takes the first. | 4.5.1; print y |
//! | The accuracy is 0.1135 (test) or 0.1124 (training). | The net answers 1 for every image, because 1 is the most frequent digit. Only b2 has learned. | the gradients of W1, b1 and W2 |
//! | The accuracy is 0.0. | A division of two integers rounds down to 0. | 4.5.1: the accuracy |
//! | The gradient check prints 0.28 for b2, 0.14 for W2, and 4e-4 (relu: 7e-4) for W1, with the first three images. | Backpropagation does not divide by N, or the sign is wrong. | dy = (y − t) / N |
//! | The gradient check prints 1e-5 to 3e-3 for W1 and b1, and about 1e-10 for b2. | The slope of the sigmoid is missing or wrong. It is (1 − z1) z1. | da1 |
//! | The gradient check prints about 1e-7 for b2. | The numerical gradient has the 1e-7 inside the logarithm, and backpropagation does not. Both are right. | 5.7.3 |
//! | The gradient check prints 1e-10 for b2, and less for the others. | Everything is right. | |
//! | The numerical gradient is 0 everywhere. | f does not use its argument; or f is the accuracy; or h is too small (10e-50). | 4.3.1, 4.4 |
//! | The numerical gradient is 0 for W1 and b1 only. | The activation is a step function. | 4.2.5 |
//! | The gradient at (1, 2) is [5000, 15000], or at (3, 4) [25000, 35000]. | The array holds integers: `np.array([1, 2])`. Write `np.array([1.0, 2.0])`. | 4.4 |
//! | Training takes hours. | The numerical gradient needs 79,520 losses in each iteration. | 4.5.2; use backpropagation |
//!
//! # Example
//!
//! ```
//! use std::path::Path;
//! use from_zero::ch04::s2_3_mini_batch::load_mnist;
//! use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
//! use from_zero::numeric::random::Xorshift64Star;
//!
//! let data = load_mnist(Path::new("fixtures/mnist"))?;
//! let mut rng = Xorshift64Star::new(0);
//! let mut net = TwoLayerNet::new(784, 50, 10, 0.01, &mut rng);
//! for _ in 0..300 {
//!     let (x, t) = data.train.mini_batch(100, &mut rng);
//!     let gradient = net.gradient(&x, &t);
//!     net.params.descend(&gradient, 0.1);
//! }
//! let (x, t) = data.test.select(&[0, 1, 2]);
//! println!("{:.3}", net.predict(&x)); // three rows of ten probabilities
//! println!("labels {:?}, accuracy {}", t.as_slice(), net.accuracy(&x, &t));
//! assert!(net.accuracy(&data.test.images, &data.test.labels) > 0.5);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`TwoLayerNet::accuracy`]: ch04::s5_1_two_layer_net::TwoLayerNet::accuracy
//! [`TwoLayerNet::numerical_gradient`]: ch04::s5_1_two_layer_net::TwoLayerNet::numerical_gradient
//! [`TwoLayerNet::gradient`]: ch04::s5_1_two_layer_net::TwoLayerNet::gradient

#![forbid(unsafe_code)]

// NumPy: the matrix, random numbers, exp and ln, sums.
pub mod numeric;
// The file formats of MNIST and NumPy.
pub mod formats;
// The functions of chapter 3 that chapter 4 uses.
pub mod ch03;
// Chapter 4.
pub mod ch04;
// Backpropagation.
pub mod ch05;
// The same computations, faster.
pub mod fast;
// Experiments, and what the book does not have.
pub mod beyond;
// What one does with a trained net.
pub mod trained;
// The numbers of the book beside ours.
pub mod book;
// Figures and the page about a run.
pub mod plot;

/// The README's code is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
