//! NumPy's `.npy` format: one array, as `np.save` writes it. Arrays of Python objects are not read,
//! because reading them can run any program.
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
//! big-endian number of 4 bytes. `'|b1'` has no order, and `'='` is the order of the machine that
//! wrote the file. Source: NEP 1, and `numpy.lib.format`.

use super::files::kind_of;
use super::{FormatError, error};

const MAGIC: &[u8] = b"\x93NUMPY";

/// The header of an array of numbers has about 100 bytes. NumPy also refuses more than 10,000.
pub(super) const LONGEST_HEADER: usize = 10_000;

const HEADER_ENDS: &str = "the bytes end within the header of the array";

/// Reads the bytes of a `.npy` file with at most two dimensions and `most` numbers: floating-point
/// numbers, integers or booleans. They become f64, as with NumPy's `astype(np.float64)`: `True` is 1,
/// and an integer beyond 2⁵³ may be rounded. All other numbers are exact.
pub fn parse(bytes: &[u8], most: usize) -> Result<Array, FormatError> {
    let Some(rest) = bytes.strip_prefix(MAGIC) else {
        return error(format!("expected an array of NumPy (.npy), found {}", kind_of(bytes)));
    };
    let (&[major, minor], rest) = rest.split_first_chunk().ok_or(HEADER_ENDS)?;
    let size = match (major, minor) {
        (1, 0) => 2,
        (2 | 3, 0) => 4,
        _ => {
            let expected = "expected version 1.0, 2.0 or 3.0 of NumPy's format";
            return error(format!("{expected}, found {major}.{minor}"));
        }
    };
    let (length, rest) = rest.split_at_checked(size).ok_or(HEADER_ENDS)?;
    let length = number('u', length, false) as usize;
    if length > LONGEST_HEADER {
        let expected = format!("expected a header of at most {LONGEST_HEADER} bytes");
        return error(format!("{expected}, found one of {length}"));
    }
    let (header, data) = rest.split_at_checked(length).ok_or(HEADER_ENDS)?;
    let header = String::from_utf8_lossy(header);
    let (descr, fortran_order, shape) = parse_header(&header).ok_or_else(|| {
        let found: String = header.trim_end().chars().take(200).collect();
        format!("expected a header with descr, fortran_order and shape, found {found:?}")
    })?;

    if descr.contains('O') {
        return error(
            "Python objects, stored as a pickle: they are not read, since that could run any program; \
             expected an array of numbers",
        );
    }
    let (kind, size) = number_type(&descr).ok_or_else(|| {
        let found: String = descr.chars().take(40).collect();
        format!("expected an array of real numbers, found the type {}", found.escape_debug())
    })?;
    if shape.len() > 2 {
        let found = match shape.len() {
            3..=8 => format!("the shape {}", tuple(&shape)),
            many => many.to_string(),
        };
        return error(format!("expected an array of at most two dimensions, found {found}"));
    }
    let needed = shape.iter().try_fold(size, |product: usize, &n| product.checked_mul(n));
    if needed != Some(data.len()) {
        let needed = needed.map_or("too many".to_string(), |needed| needed.to_string());
        return error(format!("the array needs {needed} bytes, has {}", data.len()));
    }
    let count = data.len() / size;
    if count > most {
        return error(format!("expected at most {most} numbers, found {count}"));
    }
    // Without '>' a number is little-endian, as on nearly every machine.
    let big_endian = descr.starts_with('>');
    let number_at = |place: usize| number(kind, &data[place * size..][..size], big_endian);
    let data = match shape[..] {
        // Number (i, j) is at place j · rows + i.
        [rows, columns] if fortran_order => {
            (0..count).map(|k| number_at(k % columns * rows + k / columns)).collect()
        }
        _ => (0..count).map(number_at).collect(),
    };
    Ok(Array { shape, data })
}

/// The type with this name, which NumPy's `np.dtype` also knows: its kind (f floating-point, i signed,
/// u unsigned, b boolean) and its size in bytes. `int` has 8 bytes, as in NumPy 2.
fn number_type(descr: &str) -> Option<(char, usize)> {
    Some(match descr.strip_prefix(['<', '>', '=', '|']).unwrap_or(descr) {
        "f8" | "d" | "float64" | "float" | "double" => ('f', 8),
        "f4" | "f" | "float32" | "single" => ('f', 4),
        "f2" | "e" | "float16" | "half" => ('f', 2),
        "i8" | "q" | "int64" | "int" | "longlong" => ('i', 8),
        "i4" | "i" | "int32" | "intc" => ('i', 4),
        "i2" | "h" | "int16" | "short" => ('i', 2),
        "i1" | "b" | "int8" | "byte" => ('i', 1),
        "u8" | "Q" | "uint64" | "uint" | "ulonglong" => ('u', 8),
        "u4" | "I" | "uint32" | "uintc" => ('u', 4),
        "u2" | "H" | "uint16" | "ushort" => ('u', 2),
        "u1" | "B" | "uint8" | "ubyte" => ('u', 1),
        "b1" | "?" | "bool" => ('b', 1),
        _ => return None,
    })
}

/// The number of this kind in these bytes.
fn number(kind: char, bytes: &[u8], big_endian: bool) -> f64 {
    let next = |bits: u64, &byte: &u8| bits << 8 | u64::from(byte);
    let bits = match big_endian {
        true => bytes.iter().fold(0, next),
        false => bytes.iter().rev().fold(0, next),
    };
    match (kind, bytes.len()) {
        ('f', 8) => f64::from_bits(bits),
        ('f', 4) => f64::from(f32::from_bits(bits as u32)),
        ('f', _) => from_half(bits as u16),
        // The sign is the highest bit of the number. It is shifted to bit 63 and back.
        ('i', size) => ((bits << (64 - 8 * size)) as i64 >> (64 - 8 * size)) as f64,
        ('u', _) => bits as f64,
        _ => f64::from(bits != 0),
    }
}

/// A number in half precision (binary16 of IEEE 754): 1 bit for the sign, 5 for the exponent, 10 for
/// the fraction. In an f64 these bits mean a number that is smaller by the factor 2¹⁰⁰⁸.
fn from_half(bits: u16) -> f64 {
    let size = match bits & 0x7fff {
        0x7c00 => f64::INFINITY,
        0x7c01.. => f64::NAN,
        finite => f64::from_bits(u64::from(finite) << 42) * f64::from_bits((1023 + 1008) << 52),
    };
    if bits >> 15 == 1 { -size } else { size }
}

/// An array of numbers, row after row.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// `x.shape`: `[784, 50]`; `[50]` for a vector, `[]` for a single number
    pub shape: Vec<usize>,
    /// The numbers. Their count is the product of the shape.
    pub data: Vec<f64>,
}

/// Reads `descr`, `fortran_order` and `shape` from the Python dictionary that NumPy writes.
fn parse_header(text: &str) -> Option<(String, bool, Vec<usize>)> {
    let text = text.replace('"', "'");
    let (mut descr, mut fortran_order, mut shape) = (None, None, None);
    let mut rest = text.trim().strip_prefix('{')?.trim_start();
    while rest != "}" {
        let (key, value) = rest.split_once(':')?;
        // There are commas within a shape, too.
        let is_shape = key.trim_end() == "'shape'";
        let end = if is_shape { value.find(')')? + 1 } else { value.find([',', '}'])? };
        let (value, after) = value.split_at(end);
        let (value, after) = (value.trim(), after.trim_start());
        match (key.trim_end(), value) {
            // The type of a structure is a list of its fields. The caller refuses it.
            ("'descr'", list) if list.starts_with('[') => {
                return Some(("of a structure".to_string(), false, vec![]));
            }
            ("'descr'", _) => descr = Some(value.strip_prefix('\'')?.strip_suffix('\'')?),
            ("'fortran_order'", "True" | "False") => fortran_order = Some(value == "True"),
            ("'shape'", _) => {
                let sizes = value.strip_prefix('(')?.strip_suffix(')')?.trim();
                // In Python, `(3,)` is a tuple, but `(3)` is a number. Python 2 wrote `(3L,)`.
                if !sizes.is_empty() && !sizes.contains(',') {
                    return None;
                }
                let size = |n: &str| n.trim().strip_suffix('L').unwrap_or(n.trim()).parse().ok();
                shape = Some(sizes.split_terminator(',').map(size).collect::<Option<_>>()?);
            }
            _ => return None,
        }
        rest = if after == "}" { after } else { after.strip_prefix(',')?.trim_start() };
    }
    Some((descr?.to_string(), fortran_order?, shape?))
}

/// The bytes of a `.npy` file: version 1.0, f64. Panics if `data` does not fit `shape`, or if there are
/// more than 64 dimensions, NumPy's limit.
pub fn write(array: &Array) -> Vec<u8> {
    let Array { shape, data } = array;
    assert!(shape.len() <= 64, "npy: {} dimensions", shape.len());
    let product = shape.iter().try_fold(1, |product: usize, &n| product.checked_mul(n));
    let shape = tuple(shape);
    assert!(product == Some(data.len()), "npy: {} numbers for the shape {shape}", data.len());
    let header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}");
    // Spaces and a line feed make the data begin at a multiple of 64 bytes.
    let before = MAGIC.len() + 2 + 2;
    let length = (before + header.len() + 1).next_multiple_of(64) - before;
    let header = format!("{header:<padded$}\n", padded = length - 1);
    let length = (length as u16).to_le_bytes();
    let mut bytes = [MAGIC, &[1, 0], &length, header.as_bytes()].concat();
    bytes.extend(data.iter().flat_map(|v| v.to_le_bytes()));
    bytes
}

/// A shape as Python prints it: `(784, 50)`, `(50,)`, `()`.
pub(crate) fn tuple(shape: &[impl ToString]) -> String {
    match shape {
        [n] => format!("({},)", n.to_string()),
        _ => format!("({})", shape.iter().map(|n| n.to_string()).collect::<Vec<_>>().join(", ")),
    }
}
