//! Bytes on disk: what MNIST's files are packed in, and NumPy's. Knows nothing of networks.
//!
//! A `.gz` file is a [`gzip`] wrapper around [`inflate`]'s compressed data, with a [`crc32`] to
//! check it; inside is an [`idx`] array. A `.npz` file is a zip of [`npy`] arrays, see [`npz`]. Each
//! reader takes bytes and gives bytes: it opens no file, never panics on any input, and writes no
//! more than it is allowed to. Opening and replacing is for
//! [`files`]; [`base64`] is for bytes in a web page.

pub mod base64;
pub mod crc32;
pub mod files;
pub mod gzip;
pub mod idx;
pub mod inflate;
pub mod mnist;
pub mod npy;
pub mod npz;

/// The first bytes of something that is not what was expected, in words where they tell.
fn describe_start(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "an empty file".to_string();
    }
    let hex: Vec<String> = bytes.iter().map(|b| format!("{b:02x}")).collect();
    let hex = hex.join(" ");
    match bytes.iter().find(|b| !b.is_ascii_whitespace()) {
        Some(b'<') => format!("{hex}, a web page or other text with tags"),
        _ => hex,
    }
}
