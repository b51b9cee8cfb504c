//! The fast twins: the same computations as in the chapters, with the same bits, in less time.
//!
//! Nothing here is needed to understand the book. Each file says which plain function it must
//! equal, and `tests/fast/twins.rs` compares the two bit for bit.
//!
//! | plain | fast | what makes it fast |
//! |---|---|---|
//! | [`Matrix::dot`] | [`matrix`] | the sums stay in registers |
//! | [`Dataset`] | [`compressed`], [`mini_batch`] | only the pixels that are not 0, in 3 bytes each |
//! | [`TwoLayerNet`]: `predict`, `loss`, `gradient` | [`two_layer_net`] | the two above |
//! | [`TwoLayerNet::accuracy`] | [`evaluation`] | several threads, 100 images at a time |
//! | [`TwoLayerNet::numerical_gradient`] | [`numerical_gradient`] | several threads |
//! | the same differences | [`incremental`] | only what changes is computed |
//! | [`train`]: some iterations | [`shards`] | each thread owns some hidden units |
//! | [`train`] | [`training`] | all of the above |
//!
//! [`team`] starts the threads. [`methods`] makes it possible to choose how a gradient is computed.
//! [`memory`] bounds the memory.
//!
//! Two rules give the same bits. Every sum adds its terms in the order of the plain code, for any
//! number of threads. Only terms that are exactly 0 are left out. So the bits are the same as long
//! as all parameters are finite.
//!
//! [`Matrix::dot`]: crate::numeric::matrix::Matrix::dot
//! [`Dataset`]: crate::ch04::s2_3_mini_batch::Dataset
//! [`TwoLayerNet`]: crate::ch04::s5_1_two_layer_net::TwoLayerNet
//! [`TwoLayerNet::accuracy`]: crate::ch04::s5_1_two_layer_net::TwoLayerNet::accuracy
//! [`TwoLayerNet::numerical_gradient`]: crate::ch04::s5_1_two_layer_net::TwoLayerNet::numerical_gradient
//! [`train`]: crate::ch04::s5_2_training::train

pub mod compressed;
pub mod evaluation;
pub mod incremental;
pub mod matrix;
pub mod memory;
pub mod methods;
pub mod mini_batch;
pub mod numerical_gradient;
pub mod shards;
pub mod team;
pub mod training;
pub mod two_layer_net;
