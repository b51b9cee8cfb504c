//! IDX, the array format of MNIST: a magic number, the dimensions, the elements.
//!
//! Source: "The IDX file format", at the foot of Yann LeCun's page of the MNIST database.

use std::fmt;

use super::describe_start;

/// An IDX array: its type, its dimensions and its elements' bytes, still in the file's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idx<'a> {
    /// What the elements are.
    pub element: Element,
    /// The size of each dimension, the one that varies slowest first: 60,000, 28, 28.
    pub dimensions: Vec<usize>,
    /// The elements, row after row, each most significant byte first.
    pub data: &'a [u8],
}

/// The type of an array's elements, named by the third byte of the file.
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

    /// The bytes of one element.
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

/// What is wrong with an IDX file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdxError {
    /// The file ends within its header.
    HeaderEnds {
        /// The bytes that the header needs
        needs: usize,
        /// The bytes that there are
        has: usize,
    },
    /// It does not begin with two zeros and a known type.
    Magic {
        /// Its first four bytes
        found: [u8; 4],
    },
    /// The dimensions multiply to more bytes than any memory has.
    TooLarge {
        /// The dimensions
        dimensions: Vec<usize>,
    },
    /// The file is shorter or longer than its dimensions say.
    Length {
        /// The bytes of header and elements
        needs: usize,
        /// The bytes that there are
        has: usize,
    },
}

impl fmt::Display for IdxError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            IdxError::HeaderEnds { needs, has } => {
                write!(f, "the IDX header needs {needs} bytes, the file has {has}")
            }
            IdxError::Magic { found } => write!(
                f,
                "expected an IDX file, which begins with 00 00, a type (08 to 0e) and the number of dimensions; \
                 found {}",
                describe_start(found)
            ),
            IdxError::TooLarge { dimensions } => {
                write!(f, "dimensions {} are too large", with_times_signs(dimensions))
            }
            IdxError::Length { needs, has } => write!(f, "needs {needs} bytes, has {has}"),
        }
    }
}

impl std::error::Error for IdxError {}

/// Dimensions as one writes them: 60000×28×28.
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

/// Reads an IDX file that is in memory. Its length must be just what its dimensions say: a reader
/// that is content with less trains on whatever stands behind the end.
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
    let has = file.len();
    let &found = file.first_chunk::<4>().ok_or(IdxError::HeaderEnds { needs: 4, has })?;
    let [0, 0, code, count] = found else {
        return Err(IdxError::Magic { found });
    };
    let element = Element::from_code(code).ok_or(IdxError::Magic { found })?;

    let header = 4 + 4 * usize::from(count);
    let sizes = file.get(4..header);
    let sizes = sizes.ok_or(IdxError::HeaderEnds { needs: header, has })?;
    let sizes = sizes.chunks_exact(4);
    let dimensions: Vec<usize> =
        sizes.map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]) as usize).collect();

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
