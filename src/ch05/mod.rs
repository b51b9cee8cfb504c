//! Chapter 5, "Backpropagation" (誤差逆伝播法, 误差反向传播法, 오차역전파법): the parts that replace the slow
//! numerical gradient of chapter 4.
//!
//! 5.1 to 5.3: a computational graph divides a computation into nodes. Each node computes locally: it
//! sees only its own inputs, however large the graph is. The graph keeps the results between the
//! nodes. And by going through it from right to left one gets all derivatives at once: each node
//! multiplies what comes from the right by its own derivative. That is the chain rule.
//!
//! - [`s4_layers`]: 5.4 to 5.6, layers, each with forward and backward
//! - [`s7_2_layered_net`]: 5.7.2, a net made of layers
//! - [`s7_3_gradient_check`]: 5.7.3, the gradient check
//!
//! The same backward pass, written out for the net of chapter 4, is
//! [`TwoLayerNet::gradient`](crate::ch04::s5_1_two_layer_net::TwoLayerNet::gradient). Training uses
//! that one.

pub mod s4_layers;
pub mod s7_2_layered_net;
pub mod s7_3_gradient_check;
