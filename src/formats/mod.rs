//! Bytes on disk: what MNIST's files are packed in. Knows nothing of networks.
//!
//! A `.gz` file is a [`gzip`] wrapper around [`inflate`]'s compressed data, with a [`crc32`] to
//! check it; inside is an [`idx`] array. Each reader takes bytes and gives bytes: it opens no file,
//! never panics on any input, and writes no more than it is allowed to.

pub mod crc32;
pub mod gzip;
pub mod idx;
pub mod inflate;
