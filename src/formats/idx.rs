//! IDX, the array format of MNIST. [`parse`] reads a file that is in memory, with elements of any
//! type and any number of dimensions. It does not copy or convert the elements. Nothing here
//! writes IDX.
//!
//! ```text
//! offset   bytes
//! 0        2         00 00
//! 2        1         the type of the elements: 08, 09, 0b, 0c, 0d or 0e, see Element
//! 3        1         n, the number of dimensions
//! 4        4 · n     the size of each dimension; the one that varies slowest comes first
//! 4 + 4n   the rest  the elements, row after row
//!
//! The training images:   00 00 08 03   00 00 ea 60   00 00 00 1c   00 00 00 1c   and the pixels
//!                        bytes, n = 3     60,000          28            28
//! ```
//!
//! Every number is big-endian: its most significant byte comes first. Source: "The IDX file
//! format", at the end of Yann LeCun's page about the MNIST database.

use std::fmt;

use super::files::kind_of;

/// Reads an IDX file that is in memory. The file must have exactly the length that its header
/// gives: a shorter or longer file is damaged, or it is another file.
///
/// # Errors
/// See [`IdxError`].
///
/// ```
/// use from_zero::formats::idx;
/// let file = [0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 3, 7, 8, 9];
/// let array = idx::parse(&file).unwrap();
/// assert_eq!(array.dimensions, [1, 3]);
/// assert_eq!(array.data, [7, 8, 9]);
/// ```
pub fn parse(file: &[u8]) -> Result<Idx<'_>, IdxError> {
    // The first four bytes: two zeros, the type, the number of dimensions.
    let has = file.len();
    let start = file.first_chunk::<4>().ok_or(IdxError::Length { needs: 4, has })?;
    let [0, 0, code, n] = *start else {
        return Err(IdxError::NotIdx { found: kind_of(file) });
    };
    let element = Element::from_code(code);
    let element = element.ok_or_else(|| IdxError::NotIdx { found: kind_of(file) })?;

    // The sizes of the dimensions: four bytes each.
    let header = 4 + 4 * usize::from(n);
    let sizes = file.get(4..header).ok_or(IdxError::Length { needs: header, has })?;
    let (sizes, _) = sizes.as_chunks::<4>();
    let dimensions: Vec<usize> =
        sizes.iter().map(|&size| u32::from_be_bytes(size) as usize).collect();

    // The elements: as many bytes as the dimensions say, if that number does not overflow.
    let mut bytes = Some(element.size());
    for &dimension in &dimensions {
        bytes = bytes.and_then(|bytes| bytes.checked_mul(dimension));
    }
    let Some(needs) = bytes.and_then(|bytes| bytes.checked_add(header)) else {
        return Err(IdxError::TooLarge { dimensions });
    };
    if needs != has {
        return Err(IdxError::Length { needs, has });
    }
    Ok(Idx { element, dimensions, data: &file[header..] })
}

/// An IDX array. Its data are the bytes of the file, without a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idx<'a> {
    /// The type of the elements.
    pub element: Element,
    /// The size of each dimension; the one that varies slowest comes first: 60,000, 28, 28.
    pub dimensions: Vec<usize>,
    /// The elements, row after row. The most significant byte of each element comes first.
    pub data: &'a [u8],
}

/// The type of an array's elements, given by the third byte of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// 08
    U8,
    /// 09
    I8,
    /// 0b
    I16,
    /// 0c
    I32,
    /// 0d
    F32,
    /// 0e
    F64,
}

impl Element {
    fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0x08 => Element::U8,
            0x09 => Element::I8,
            0x0b => Element::I16,
            0x0c => Element::I32,
            0x0d => Element::F32,
            0x0e => Element::F64,
            _ => return None,
        })
    }

    /// The number of bytes of one element.
    pub fn size(self) -> usize {
        match self {
            Element::U8 | Element::I8 => 1,
            Element::I16 => 2,
            Element::I32 | Element::F32 => 4,
            Element::F64 => 8,
        }
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Element::U8 => "unsigned bytes",
            Element::I8 => "signed bytes",
            Element::I16 => "16-bit integers",
            Element::I32 => "32-bit integers",
            Element::F32 => "32-bit floating-point numbers",
            Element::F64 => "64-bit floating-point numbers",
        })
    }
}

/// The dimensions as text, for an error message: `60000×28×28`.
pub(crate) fn with_times_signs(dimensions: &[usize]) -> String {
    match dimensions.len() {
        0 => "none".to_string(),
        1..=8 => {
            let numbers: Vec<String> = dimensions.iter().map(usize::to_string).collect();
            numbers.join("×")
        }
        many => format!("{many} dimensions"),
    }
}

/// What is wrong with an IDX file. `needs` and `has` are numbers of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // for the fields: the comment of each variant explains them
pub enum IdxError {
    /// The file does not begin with two zeros and a known type. See [`kind_of`].
    NotIdx { found: String },
    /// The number of bytes that these dimensions give overflows usize.
    TooLarge { dimensions: Vec<usize> },
    /// The file is shorter or longer than its header says, or shorter than a header.
    Length { needs: usize, has: usize },
}

impl fmt::Display for IdxError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            IdxError::NotIdx { found } => write!(f, "expected an IDX file, found {found}"),
            IdxError::TooLarge { dimensions } => {
                write!(f, "dimensions {} are too large", with_times_signs(dimensions))
            }
            IdxError::Length { needs, has } => write!(f, "needs {needs} bytes, has {has}"),
        }
    }
}

impl std::error::Error for IdxError {}
