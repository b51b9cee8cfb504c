//! The file formats of MNIST, NumPy, pictures and a web page.
//!
//! A reader takes bytes that are in memory. It does not panic on any of them, and returns no more than
//! its caller allows. Numbers in gzip and zip are little-endian: the least significant byte comes
//! first. In IDX and PNG they are big-endian.
//!
//! In the order in which to read: [`idx`], [`crc32`], [`inflate`], [`gzip`], [`mnist`], [`npy`],
//! [`npz`], [`image`], [`png`], [`base64`], [`files`].

use std::{fmt, io};

pub mod base64;
pub mod crc32;
pub mod files;
pub mod gzip;
pub mod idx;
pub mod image;
pub mod inflate;
pub mod mnist;
pub mod npy;
pub mod npz;
pub mod png;

/// Why bytes are not as expected: a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError(String);

/// The operator `?` makes an error of a sentence: `bytes.first().ok_or("expected a byte")?`.
impl<S: Into<String>> From<S> for FormatError {
    fn from(sentence: S) -> Self {
        Self(sentence.into())
    }
}

fn error<T>(sentence: impl Into<String>) -> Result<T, FormatError> {
    Err(FormatError(sentence.into()))
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for FormatError {}

impl From<FormatError> for io::Error {
    fn from(error: FormatError) -> Self {
        Self::other(error)
    }
}
