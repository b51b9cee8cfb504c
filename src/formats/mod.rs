//! The file formats of MNIST, NumPy, pictures and a web page. No module here knows anything about networks.
//!
//! A `.gz` file is gzip around DEFLATE data; MNIST's contain one IDX array each. A `.npz` file is a
//! zip file of `.npy` arrays. A reader takes bytes that are in memory and returns bytes or numbers.
//! It opens no file, does not panic on any input, and returns no more than its caller allows.

use std::fmt;

// The checksum of gzip and zip.
pub mod crc32;
// Decompression of DEFLATE data, which gzip and zip contain.
pub mod inflate;
// Files that end in `.gz`.
pub mod gzip;
// The arrays of MNIST.
pub mod idx;
// The four files of MNIST: finding, decompressing and checking them.
pub mod mnist;
// One array of NumPy.
pub mod npy;
// Several arrays of NumPy in a zip file.
pub mod npz;
// Pictures as grey levels: PGM and PPM, and PNG in a file of its own.
pub mod image;
mod png;
// Bytes as text, for a web page.
pub mod base64;
// Reading a file up to a limit, naming a foreign file, and replacing a file safely.
pub mod files;

/// Why bytes are not as expected, as a sentence that says what was expected and what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError(String);

/// The operator `?` makes an error of a sentence: `bytes.first().ok_or("expected a byte")?`.
impl<S: Into<String>> From<S> for FormatError {
    fn from(sentence: S) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for FormatError {}
