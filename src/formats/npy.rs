//! NumPy's `.npy` format: one array, as `np.save` writes it. [`parse`] reads f64 and f32, in either
//! byte order, with at most two dimensions. It does not read other types. It never reads Python
//! objects, because reading them can run any program. [`write()`] writes f64, little-endian, row
//! after row.
//!
//! ```text
//! offset   bytes
//! 0        6         93 'N' 'U' 'M' 'P' 'Y'
//! 6        2         the version, major and minor: 1.0, 2.0 or 3.0
//! 8        2 or 4    the length of the header, little-endian: 2 bytes in version 1, 4 in 2 and 3
//! 10 or 12 length    the header, a Python dictionary as text, then spaces and a line feed:
//!                    {'descr': '<f8', 'fortran_order': False, 'shape': (784, 50), }
//!          the rest  the numbers, row after row, or in Fortran order column after column
//! ```
//!
//! `'<f8'` is a little-endian number (least significant byte first) of 8 bytes, `'>f4'` a
//! big-endian number of 4 bytes. Source: NEP 1, and `numpy.lib.format`.

use std::fmt;

use super::describe_start;

const MAGIC: &[u8] = b"\x93NUMPY";

/// The header of an array of numbers has about 100 bytes. NumPy also refuses more than 10,000.
const LONGEST_HEADER: usize = 10_000;

/// Reads the bytes of a `.npy` file.
///
/// # Errors
/// See [`NpyError`].
pub fn parse(bytes: &[u8]) -> Result<Array, NpyError> {
    let Some(rest) = bytes.strip_prefix(MAGIC) else {
        return Err(NpyError::NotNpy { found: bytes[..bytes.len().min(MAGIC.len())].to_vec() });
    };
    let (&[major, minor], rest) = rest.split_first_chunk().ok_or(NpyError::HeaderEnds)?;
    // The length of the header has two bytes in version 1 and four in versions 2 and 3.
    let (length, rest) = match (major, minor) {
        (1, 0) => {
            let (length, rest) = rest.split_first_chunk().ok_or(NpyError::HeaderEnds)?;
            (usize::from(u16::from_le_bytes(*length)), rest)
        }
        (2 | 3, 0) => {
            let (length, rest) = rest.split_first_chunk().ok_or(NpyError::HeaderEnds)?;
            (u32::from_le_bytes(*length) as usize, rest)
        }
        found => return Err(NpyError::Version { found }),
    };
    if length > LONGEST_HEADER {
        return Err(NpyError::HeaderTooLong { found: length });
    }
    let (header, data) = rest.split_at_checked(length).ok_or(NpyError::HeaderEnds)?;
    let Header { descr, fortran_order, shape } = Header::parse(header)?;

    let from_bytes: fn(&[u8]) -> f64 = match descr.as_str() {
        "<f8" => |b| f64::from_le_bytes(b.try_into().expect("eight bytes")),
        ">f8" => |b| f64::from_be_bytes(b.try_into().expect("eight bytes")),
        "<f4" => |b| f64::from(f32::from_le_bytes(b.try_into().expect("four bytes"))),
        ">f4" => |b| f64::from(f32::from_be_bytes(b.try_into().expect("four bytes"))),
        found if found.contains('O') => return Err(NpyError::Objects),
        found => return Err(NpyError::Type { found: found.to_string() }),
    };
    let size = if descr.ends_with('8') { 8 } else { 4 };
    if shape.len() > 2 {
        return Err(NpyError::Dimensions { found: shape });
    }
    let needed = shape.iter().try_fold(size, |product: usize, &n| product.checked_mul(n));
    if needed != Some(data.len()) {
        return Err(NpyError::Length { needed, found: data.len() });
    }
    let count = data.len() / size;
    let number_at = |place: usize| from_bytes(&data[place * size..][..size]);
    let mut numbers = Vec::with_capacity(count);
    if fortran_order && shape.len() == 2 && count > 0 {
        // Number (i, j) is at place j · rows + i.
        let (rows, columns) = (shape[0], shape[1]);
        for i in 0..rows {
            numbers.extend((0..columns).map(|j| number_at(j * rows + i)));
        }
    } else {
        numbers.extend((0..count).map(number_at));
    }
    Ok(Array { shape, data: numbers })
}

/// An array of numbers, row after row.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// `x.shape`: `[784, 50]`; `[50]` for a vector, `[]` for a single number
    pub shape: Vec<usize>,
    /// The numbers. Their count is the product of the shape.
    pub data: Vec<f64>,
}

/// The three entries of the header.
struct Header {
    descr: String,
    fortran_order: bool,
    shape: Vec<usize>,
}

impl Header {
    /// Reads the Python dictionary that NumPy writes: each entry once, in any order.
    fn parse(bytes: &[u8]) -> Result<Self, NpyError> {
        let text = String::from_utf8_lossy(bytes);
        let wrong = || NpyError::Header { found: text.trim_end().chars().take(200).collect() };
        let (mut descr, mut fortran_order, mut shape) = (None, None, None);
        let mut rest = Text(&text);
        rest.expect("{").ok_or_else(wrong)?;
        while rest.expect("}").is_none() {
            let key = rest.string().ok_or_else(wrong)?;
            rest.expect(":").ok_or_else(wrong)?;
            match key {
                "descr" if descr.is_some() => return Err(wrong()),
                "fortran_order" if fortran_order.is_some() => return Err(wrong()),
                "shape" if shape.is_some() => return Err(wrong()),
                // A list instead of a string is the type of a structure with fields.
                "descr" if rest.expect("[").is_some() => {
                    return Err(NpyError::Type { found: "of a structure".to_string() });
                }
                "descr" => descr = Some(rest.string().ok_or_else(wrong)?.to_string()),
                "fortran_order" => fortran_order = Some(rest.boolean().ok_or_else(wrong)?),
                "shape" => shape = Some(rest.tuple().ok_or_else(wrong)?),
                _ => return Err(wrong()),
            }
            if rest.expect(",").is_none() {
                rest.expect("}").ok_or_else(wrong)?;
                break;
            }
        }
        if !rest.0.trim_matches(BLANKS).is_empty() {
            return Err(wrong());
        }
        let (Some(descr), Some(fortran_order), Some(shape)) = (descr, fortran_order, shape) else {
            return Err(wrong());
        };
        Ok(Self { descr, fortran_order, shape })
    }
}

/// The characters that are allowed between two words of the header.
const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

/// The part of a header that is not read yet. Each method reads something from its start, or
/// returns `None`.
struct Text<'a>(&'a str);

impl<'a> Text<'a> {
    fn expect(&mut self, token: &str) -> Option<()> {
        self.0 = self.0.trim_start_matches(BLANKS).strip_prefix(token)?;
        Some(())
    }

    fn string(&mut self) -> Option<&'a str> {
        let text = self.0.trim_start_matches(BLANKS);
        let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
        let (string, rest) = text[1..].split_once(quote)?;
        self.0 = rest;
        Some(string)
    }

    fn boolean(&mut self) -> Option<bool> {
        if self.expect("True").is_some() {
            return Some(true);
        }
        self.expect("False").map(|()| false)
    }

    /// A tuple of numbers: `()`, `(3,)`, `(784, 50)`. Python 2 wrote `(784L, 50L)`.
    fn tuple(&mut self) -> Option<Vec<usize>> {
        self.expect("(")?;
        let (numbers, rest) = self.0.split_once(')')?;
        self.0 = rest;
        let numbers = numbers.trim_matches(BLANKS);
        if numbers.is_empty() {
            return Some(Vec::new());
        }
        // In Python, `(3,)` is a tuple, but `(3)` is a number.
        let numbers = match numbers.strip_suffix(',') {
            Some(numbers) => numbers,
            None => numbers.contains(',').then_some(numbers)?,
        };
        let number = |n: &str| {
            let n = n.trim_matches(BLANKS);
            n.strip_suffix('L').unwrap_or(n).parse().ok()
        };
        numbers.split(',').map(number).collect()
    }
}

/// Writes the bytes of a `.npy` file: version 1.0, f64. The same array gives the same bytes.
///
/// # Panics
/// If the length of `data` is not the product of `shape`, or if `shape` has more than 64
/// dimensions, NumPy's limit.
#[track_caller]
pub fn write(array: &Array) -> Vec<u8> {
    let Array { shape, data } = array;
    assert!(shape.len() <= 64, "npy: {} dimensions", shape.len());
    let product = shape.iter().try_fold(1, |product: usize, &n| product.checked_mul(n));
    let shape = tuple(shape);
    assert!(product == Some(data.len()), "npy: {} numbers for the shape {shape}", data.len());
    let mut header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}");
    // Spaces and a line feed make the data begin at a multiple of 64 bytes.
    let before = MAGIC.len() + 2 + 2;
    let length = (before + header.len() + 1).next_multiple_of(64) - before;
    header += &" ".repeat(length - 1 - header.len());
    header.push('\n');

    let mut bytes = MAGIC.to_vec();
    bytes.extend([1, 0]);
    bytes.extend((length as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(data.iter().flat_map(|v| v.to_le_bytes()));
    bytes
}

/// A shape as Python prints it: `(784, 50)`, `(50,)`, `()`.
pub fn tuple(shape: &[usize]) -> String {
    match shape {
        [n] => format!("({n},)"),
        _ => format!("({})", shape.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")),
    }
}

/// What is wrong with the bytes of a `.npy` file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // for the fields: the comment of each variant explains them
pub enum NpyError {
    /// The file begins with these bytes, at most six, and not with the magic bytes.
    NotNpy { found: Vec<u8> },
    /// An unknown version: its major and minor number
    Version { found: (u8, u8) },
    /// The file ends within its header.
    HeaderEnds,
    /// The length of a header that is longer than [`parse`] allows
    HeaderTooLong { found: usize },
    /// A header that is not the expected dictionary, or its first 200 characters
    Header { found: String },
    /// Python objects, which are stored as a pickle. To read a pickle can run any program.
    Objects,
    /// A type that is not f64 or f32, as NumPy writes it: `<i8`
    Type { found: String },
    /// A shape of more than two dimensions
    Dimensions { found: Vec<usize> },
    /// The data have `found` bytes. Shape and type need `needed`; `None` if that overflows usize.
    Length { needed: Option<usize>, found: usize },
}

impl fmt::Display for NpyError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        use NpyError::*;
        match self {
            NotNpy { found } => write!(
                f,
                "expected NumPy's magic bytes 93 4e 55 4d 50 59, found {}",
                describe_start(found)
            ),
            Version { found: (major, minor) } => {
                write!(
                    f,
                    "expected version 1.0, 2.0 or 3.0 of NumPy's format, found {major}.{minor}"
                )
            }
            HeaderEnds => write!(f, "the bytes end within the header of the array"),
            HeaderTooLong { found } => write!(
                f,
                "expected a header of at most {LONGEST_HEADER} bytes, found one of {found}"
            ),
            Header { found } => {
                write!(f, "expected a header with descr, fortran_order and shape, found {found:?}")
            }
            Objects => write!(
                f,
                "Python objects, stored as a pickle: they are not read, since that could run any program; \
                 expected an array of f64 or f32"
            ),
            Type { found } => {
                let found: String = found.chars().take(40).collect();
                write!(
                    f,
                    "expected an array of f64 or f32, found the type {}",
                    found.escape_debug()
                )
            }
            Dimensions { found } if found.len() > 8 => {
                write!(f, "expected an array of at most two dimensions, found {}", found.len())
            }
            Dimensions { found } => write!(
                f,
                "expected an array of at most two dimensions, found the shape {}",
                tuple(found)
            ),
            Length { needed: Some(needed), found } => {
                write!(f, "the array needs {needed} bytes, has {found}")
            }
            Length { needed: None, found } => {
                write!(f, "the array needs more bytes than can be counted, has {found}")
            }
        }
    }
}

impl std::error::Error for NpyError {}
