//! NumPy's `.npy` format: one array, as `np.save` writes it.
//!
//! ```text
//! 93 'N' 'U' 'M' 'P' 'Y'    magic
//! major minor               version: 1.0, 2.0 or 3.0
//! length                    of the header: 2 bytes in version 1, 4 in 2 and 3; little-endian
//! header                    a Python dictionary as text, filled up with spaces and a line feed:
//!                           {'descr': '<f8', 'fortran_order': False, 'shape': (784, 50), }
//! data                      the numbers; row after row, or column after column (Fortran order)
//! ```
//!
//! Source: NEP 1, and `numpy.lib.format`. Read are f64 and f32 in either byte order, of up to two
//! dimensions; written is f64, little-endian (least byte first), row after row.

use std::fmt;

use super::describe_start;

const MAGIC: &[u8] = b"\x93NUMPY";

/// A header of an array of numbers has about a hundred bytes; NumPy itself refuses more than 10,000.
const LONGEST_HEADER: usize = 10_000;

/// An array of numbers, row after row.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// `x.shape`: `[784, 50]`; `[50]` for a vector, `[]` for a single number
    pub shape: Vec<usize>,
    /// As many numbers as the product of the shape
    pub data: Vec<f64>,
}

/// What is wrong with the bytes of a `.npy` file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NpyError {
    /// They do not begin with the magic bytes.
    NotNpy {
        /// The first of them, at most six
        found: Vec<u8>,
    },
    /// A version that there is not.
    Version {
        /// Major and minor number
        found: (u8, u8),
    },
    /// The bytes end within the header.
    HeaderEnds,
    /// The header is longer than any of an array of numbers.
    HeaderTooLong {
        /// How long it says that it is
        found: usize,
    },
    /// The header is not the dictionary that it should be.
    Header {
        /// The header, or its beginning
        found: String,
    },
    /// Python objects, which are stored as a pickle: reading one may run any program.
    Objects,
    /// Numbers of another type, or no numbers.
    Type {
        /// The type as NumPy writes it: `<i8`
        found: String,
    },
    /// More than two dimensions.
    Dimensions {
        /// The shape
        found: Vec<usize>,
    },
    /// Not as many bytes as the shape and the type need.
    Length {
        /// How many these are, after the header; `None` if that is beyond counting
        needed: Option<usize>,
        /// How many there are
        found: usize,
    },
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

/// Reads one array, which is all that the bytes hold.
///
/// # Errors
/// See [`NpyError`].
pub fn parse(bytes: &[u8]) -> Result<Array, NpyError> {
    let Some(rest) = bytes.strip_prefix(MAGIC) else {
        return Err(NpyError::NotNpy { found: bytes[..bytes.len().min(MAGIC.len())].to_vec() });
    };
    let (&[major, minor], rest) = rest.split_first_chunk().ok_or(NpyError::HeaderEnds)?;
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
    let number_at = |place: usize| from_bytes(&data[place * size..][..size]);
    let mut numbers = Vec::with_capacity(data.len() / size);
    match shape[..] {
        // Number (i, j) stands at j · rows + i. Without columns there may be any number of rows.
        [rows, columns] if fortran_order && columns > 0 => {
            for i in 0..rows {
                numbers.extend((0..columns).map(|j| number_at(j * rows + i)));
            }
        }
        _ => numbers.extend((0..data.len() / size).map(number_at)),
    }
    Ok(Array { shape, data: numbers })
}

/// The bytes of a `.npy` file: version 1.0, f64. The same array gives the same bytes.
///
/// # Panics
/// If there are not as many numbers as the shape says, or it has over 64 dimensions, the most that
/// NumPy has.
#[track_caller]
pub fn write(array: &Array) -> Vec<u8> {
    let Array { shape, data } = array;
    assert!(shape.len() <= 64, "npy: {} dimensions", shape.len());
    let product = shape.iter().try_fold(1, |product: usize, &n| product.checked_mul(n));
    let shape = tuple(shape);
    assert!(product == Some(data.len()), "npy: {} numbers for the shape {shape}", data.len());
    let mut header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}");
    // With spaces and a line feed the data begin at a multiple of 64.
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

/// The header's three entries.
struct Header {
    descr: String,
    fortran_order: bool,
    shape: Vec<usize>,
}

impl Header {
    /// A dictionary of Python, as far as NumPy writes one: the entries in any order, each once.
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
                // A list in place of a name: a structure of fields.
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
        match (descr, fortran_order, shape, rest.0.trim_matches(BLANKS).is_empty()) {
            (Some(descr), Some(fortran_order), Some(shape), true) => {
                Ok(Self { descr, fortran_order, shape })
            }
            _ => Err(wrong()),
        }
    }
}

/// What may stand between two words.
const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

/// What is left of a header. Each method takes something from its start, or gives `None`.
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
        match self.expect("True") {
            Some(()) => Some(true),
            None => self.expect("False").map(|()| false),
        }
    }

    /// `()`, `(3,)`, `(784, 50)`; Python 2 wrote `(784L, 50L)`.
    fn tuple(&mut self) -> Option<Vec<usize>> {
        self.expect("(")?;
        let (numbers, rest) = self.0.split_once(')')?;
        self.0 = rest;
        let numbers = numbers.trim_matches(BLANKS);
        if numbers.is_empty() {
            return Some(Vec::new());
        }
        // `(3)` is no tuple but a number: the comma makes it one.
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
