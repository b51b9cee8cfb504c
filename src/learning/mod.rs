//! Chapter 4, in its order, and what chapter 5 adds to it: this is what most readers come for.
//!
//! | section | module |
//! |---|---|
//! | preface: the perceptron | [`perceptron`] |
//! | 3: step, sigmoid, relu, softmax | [`functions`] |
//! | 4.2 loss functions; one-hot targets and labels | [`loss`], [`targets`] |
//! | 4.2.3 mini-batches of MNIST | [`mnist`] |
//! | 4.2.5 why not the accuracy | [`why_loss`] |
//! | 4.3, 4.4 numerical differentiation, gradient | [`differentiation`] |
//! | 4.3.1 why h = 1e-4 | [`step_size`] |
//! | 4.4.1 gradient descent | [`descent`] |
//! | 4.4.2 the gradient of a net of one layer | [`simple_net`] |
//! | 4.5.1, 5.7 the net of two layers, its numerical and its analytic gradient | [`two_layer_net`] |
//! | 4.5.2, 4.5.3 the training loop; accuracy and confusion matrix | [`training`], [`evaluation`] |
//! | 5.4 – 5.6 the layers; 5.7.2 a net of them | [`layers`], [`layered_net`] |
//! | 5.7.3 the gradient check | [`gradient_check`] |
//! | the ways to a gradient as values | [`gradient`] |
//! | the numerical gradient with threads; a thousand times cheaper | [`naive`], [`incremental`] |
//! | one training step on all cores | [`workers`] |
//! | parameters and history on disk, for NumPy | [`storage`] |

pub mod descent;
pub mod differentiation;
pub mod evaluation;
pub mod functions;
pub mod gradient;
pub mod gradient_check;
pub mod incremental;
pub mod layered_net;
pub mod layers;
pub mod loss;
pub mod mnist;
pub mod naive;
pub mod perceptron;
pub mod simple_net;
pub mod step_size;
pub mod storage;
pub mod targets;
pub mod training;
pub mod two_layer_net;
pub mod why_loss;
pub mod workers;
