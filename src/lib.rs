//! Chapter 4 of *Deep Learning from Scratch* (斎藤康毅『ゼロから作るDeep Learning』, 《深度学习入门》), "Learning of
//! neural networks", from zero: everything that the book imports is written here by hand, with
//! nothing but `std`.
//!
//! # The way of the data
//!
//! ```text
//! fixtures/mnist ─▶ gzip, inflate ─▶ idx ─▶ mnist ─▶ mini-batch x, t
//!                                                        │
//!       W1 b1 W2 b2 ◀─ descend ◀─ gradient ◀─ loss ◀─ forward
//! ```
//!
//! # The rooms
//!
//! | room | stands for | holds |
//! |---|---|---|
//! | [`numeric`] | NumPy | matrix, exp and ln, random numbers, sums |
//! | [`formats`] | Python's `gzip`, `np.load` and `np.savez`, the book's `mnist.py` | inflate, gzip, IDX, npz |
//! | [`learning`] | the chapter itself | see the next table |
//! | [`plot`] | Matplotlib | the figures as SVG, a training run as a page |
//!
//! Each knows only those above it. The command, `src/cli`, stands on all of them.
//!
//! # Book section → module
//!
//! | section | what | where |
//! |---|---|---|
//! | preface | perceptron: AND, OR, never XOR | [`learning::perceptron`] |
//! | 3.2, 3.5 | step, sigmoid, relu, softmax | [`learning::functions`] |
//! | 4.2.1 | sum of squared error (4.1) | [`learning::loss::sum_squared_error`] |
//! | 4.2.2 | cross-entropy error (4.2) | [`learning::loss::cross_entropy_error`] |
//! | 4.2.3 | mini-batches of MNIST | [`learning::mnist`], [`numeric::random::Rng::mini_batch`] |
//! | 4.2.4 | cross-entropy of a mini-batch (4.3) | [`cross_entropy_one_hot`], [`cross_entropy_labels`] |
//! | 4.2.4 | one-hot targets and labels | [`learning::targets`] |
//! | 4.2.5 | why not the accuracy, why no step function | [`learning::why_loss`] |
//! | 4.3.1, 4.3.2 | numerical differentiation (4.4), its example (4.5) | [`numerical_diff`] |
//! | 4.3.1 | … why h = 1e-4, by experiment | [`learning::step_size`] |
//! | 4.3.3, 4.4 | partial derivatives (4.6), gradient | [`numerical_gradient`] |
//! | 4.4.1 | gradient descent (4.7) | [`learning::descent`] |
//! | 4.4.2 | gradient of a net (4.8) | [`learning::simple_net`] |
//! | 4.5.1 | the net of two layers and its numerical gradient | [`learning::two_layer_net`] |
//! | 4.5.1 | … with threads; a thousand times cheaper | [`learning::naive`], [`learning::incremental`] |
//! | 4.5.2, 4.5.3 | training and evaluation | [`learning::training`], [`learning::evaluation`] |
//! | 5.4 – 5.6 | layers, each forward with its backward | [`learning::layers`] |
//! | 5.7.2 | the net as a row of layers | [`learning::layered_net`] |
//! | 5.7.2 | gradient by backpropagation, written out | [`TwoLayerNet::gradient`] |
//! | 5.7.3 | the gradient check | [`learning::gradient_check`] |
//! | beyond | the ways to a gradient as values; one step on all cores | [`learning::gradient`], [`learning::workers`] |
//! | beyond | the book's own random numbers; parameters for NumPy | [`numeric::numpy_random`], [`learning::storage`] |
//!
//! [`cross_entropy_one_hot`]: learning::loss::cross_entropy_one_hot
//! [`cross_entropy_labels`]: learning::loss::cross_entropy_labels
//! [`numerical_diff`]: learning::differentiation::numerical_diff
//! [`numerical_gradient`]: learning::differentiation::numerical_gradient
//! [`TwoLayerNet::gradient`]: learning::two_layer_net::TwoLayerNet::gradient
//!
//! # Notation
//!
//! One sample is a row. Inside the mathematics the letters are the book's: `x` input, `W1`, `b1`
//! first layer, `a1` its sums, `z1` its outputs, `a2` scores, `y` probabilities, `t` right answers,
//! `N` size of a mini-batch; `da1` is ∂L/∂a1. Shapes stand in brackets, (rows, columns): "C = A B,
//! with A: (n, k), B: (k, m), C: (n, m)".
//!
//! # The same bits everywhere
//!
//! The same seed gives the same parameters, bit for bit, on any machine, with any number of
//! threads, in debug and release. So every sum has a fixed order, nothing is fused, and exp and ln
//! are our own.
//!
//! ```
//! use std::ops::ControlFlow;
//! use std::path::Path;
//! use from_zero::learning::mnist::Mnist;
//! use from_zero::learning::training::{Settings, train};
//! use from_zero::learning::two_layer_net::TwoLayerNet;
//! use from_zero::numeric::random::Xorshift64Star;
//!
//! let data = Mnist::load(Path::new("fixtures/mnist"))?;
//! let mut rng = Xorshift64Star::new(0);
//! let mut net = TwoLayerNet::new(784, 50, 10, 0.01, &mut rng);
//! let settings = Settings { iterations: 100, ..Settings::default() };
//! let history = train(&mut net, &data, &settings, &mut rng, |_| ControlFlow::Continue(()))?;
//! assert!(history.losses[99] < history.losses[0]);
//!
//! let (x, t) = data.test.select(&[0, 1, 2]);
//! println!("{:.3}", net.predict(&x)); // three rows of ten probabilities
//! println!("right: {}", net.accuracy(&x, &t));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

pub mod numeric;

pub mod formats;

pub mod ch03;
pub mod ch04;
pub mod ch05;

pub mod fast;

pub mod beyond;

pub mod plot;

/// The README's code is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
