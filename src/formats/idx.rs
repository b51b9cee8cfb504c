//! IDX, the array format of MNIST, with elements of any type and any number of dimensions.
//!
//! ```text
//! offset   bytes
//! 0        2         00 00
//! 2        1         the type of the elements: 08, 09, 0b, 0c, 0d or 0e, see TYPES
//! 3        1         n, the number of dimensions
//! 4        4 · n     the size of each dimension; the one that varies slowest comes first
//! 4 + 4n   the rest  the elements, row after row. Every number is big-endian
//!
//! The training images:   00 00 08 03   00 00 ea 60   00 00 00 1c   00 00 00 1c   and the pixels
//!                        bytes, n = 3     60,000          28            28
//! ```
//!
//! Source: "The IDX file format", at the end of Yann LeCun's page about the MNIST database.

use super::files::kind_of;
use super::{FormatError, error};

/// Reads an IDX file. If it is shorter or longer than its header says, it is damaged: an error.
pub fn parse(file: &[u8]) -> Result<Idx<'_>, FormatError> {
    let length = |needs: usize| format!("needs {needs} bytes, has {}", file.len());
    let not_idx = || format!("expected an IDX file, found {}", kind_of(file));
    let &[0, 0, code, n] = file.first_chunk().ok_or_else(|| length(4))? else {
        return error(not_idx());
    };
    let known = TYPES.iter().find(|(known, ..)| *known == code);
    let &(_, size, elements) = known.ok_or_else(not_idx)?;
    let header = 4 + 4 * usize::from(n);
    let sizes = file.get(4..header).ok_or_else(|| length(header))?;
    let sizes = sizes.as_chunks().0.iter();
    let dimensions: Vec<usize> = sizes.map(|&size| u32::from_be_bytes(size) as usize).collect();
    let bytes = dimensions.iter().try_fold(size, |bytes, &size| bytes.checked_mul(size));
    let needs = bytes
        .and_then(|bytes| bytes.checked_add(header))
        .ok_or_else(|| format!("dimensions {} are too large", with_times_signs(&dimensions)))?;
    if needs != file.len() {
        return error(length(needs));
    }
    Ok(Idx { elements, dimensions, data: &file[header..] })
}

/// An IDX array. Its data are the bytes of the file, without a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idx<'a> {
    /// The name of the elements' type in [`TYPES`]
    pub elements: &'static str,
    /// The size of each dimension; the one that varies slowest comes first: 60,000, 28, 28.
    pub dimensions: Vec<usize>,
    /// The elements, row after row
    pub data: &'a [u8],
}

/// All types of elements: the third byte of the file, the bytes of one element, and the name.
pub const TYPES: [(u8, usize, &str); 6] = [
    (0x08, 1, "unsigned bytes"),
    (0x09, 1, "signed bytes"),
    (0x0b, 2, "16-bit integers"),
    (0x0c, 4, "32-bit integers"),
    (0x0d, 4, "32-bit floating-point numbers"),
    (0x0e, 8, "64-bit floating-point numbers"),
];

/// The dimensions as text, for an error message: `60000×28×28`.
pub(crate) fn with_times_signs(dimensions: &[usize]) -> String {
    match dimensions.len() {
        0 => "none".to_string(),
        1..=8 => dimensions.iter().map(usize::to_string).collect::<Vec<_>>().join("×"),
        many => format!("{many} dimensions"),
    }
}
