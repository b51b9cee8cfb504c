//! The gzip file format (RFC 1952): one or more members, each with a header, DEFLATE data and a
//! check.

use std::fmt;

use super::crc32::crc32;
use super::describe_start;
use super::inflate::{InflateError, inflate};

/// What is wrong with a gzip file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GzipError {
    /// It does not begin with gzip's two magic bytes 1f 8b. A saved web page does not.
    NotGzip {
        /// Its first bytes, at most four
        found: Vec<u8>,
    },
    /// A compression method other than 8 (DEFLATE), the only one there is.
    Method(u8),
    /// A flag is set that is reserved.
    ReservedFlags(u8),
    /// The file ends within a member's header.
    HeaderEnds,
    /// The header's own checksum (FHCRC) is not that of the header.
    HeaderChecksum {
        /// What the file says
        stored: u16,
        /// What the bytes give
        computed: u16,
    },
    /// The compressed data are wrong, or hold more than the caller allows.
    Data(InflateError),
    /// The file ends within the eight bytes after the compressed data.
    TrailerEnds,
    /// The decompressed bytes do not have the CRC-32 that the file gives.
    Checksum {
        /// What the file says
        stored: u32,
        /// What the bytes give
        computed: u32,
    },
    /// There are not as many decompressed bytes as the file says (modulo 2³²).
    Length {
        /// What the file says
        stored: u32,
        /// How many there are
        computed: u32,
    },
    /// After the last member stands something that is neither another member nor padding with
    /// zeros.
    TrailingBytes {
        /// Where it begins
        at: usize,
    },
}

impl fmt::Display for GzipError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        use GzipError::*;
        match self {
            NotGzip { found } => write!(
                f,
                "expected a gzip file, which begins with the bytes 1f 8b; found {}",
                describe_start(found)
            ),
            Method(found) => write!(f, "expected gzip's method 8 (deflate), found {found}"),
            ReservedFlags(found) => write!(f, "gzip flags {found:#04x} with reserved bits set"),
            HeaderEnds => write!(f, "the file ends within its gzip header"),
            HeaderChecksum { stored, computed } => {
                write!(f, "the gzip header's checksum should be {stored:04x}, is {computed:04x}")
            }
            Data(error) => write!(f, "{error}"),
            TrailerEnds => write!(f, "the file ends before its checksum and length"),
            Checksum { stored, computed } => write!(
                f,
                "the checksum should be {stored:08x}, is {computed:08x}: the data are damaged"
            ),
            Length { stored, computed } => {
                write!(f, "the length should be {stored}, is {computed}")
            }
            TrailingBytes { at } => write!(f, "unknown bytes after the end of the data, at {at}"),
        }
    }
}

impl std::error::Error for GzipError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            GzipError::Data(error) => Some(error),
            _ => None,
        }
    }
}

// Bits of the flag byte (2.3.1).
const FHCRC: u8 = 1 << 1;
const FEXTRA: u8 = 1 << 2;
const FNAME: u8 = 1 << 3;
const FCOMMENT: u8 = 1 << 4;
const RESERVED: u8 = 0b1110_0000;

/// Whether the bytes begin as a gzip file does.
pub fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// The bytes that a gzip file holds, those of several members one after the other.
///
/// Zeros after the last member are padding, as for `gzip` itself.
///
/// # Errors
/// See [`GzipError`]; `OutputLimit` within it if there are more than `limit` bytes.
pub fn decompress(file: &[u8], limit: usize) -> Result<Vec<u8>, GzipError> {
    let mut output = Vec::new();
    // A hint: where there is not so much memory, the output may be shorter than announced.
    let _ = output.try_reserve_exact(announced_length(file).min(limit));
    let mut at = 0;
    loop {
        at += decompress_member(&file[at..], &mut output, limit)?;
        let rest = &file[at..];
        if rest.iter().all(|&byte| byte == 0) {
            return Ok(output);
        }
        if !is_gzip(rest) {
            return Err(GzipError::TrailingBytes { at });
        }
    }
}

/// How long the output will be, by the file's last four bytes: a hint, to reserve memory
/// once. DEFLATE makes at most 1032 bytes of one, so a small file cannot claim much.
fn announced_length(file: &[u8]) -> usize {
    let announced = file.last_chunk().map_or(0, |&last| u32::from_le_bytes(last));
    (announced as usize).min(file.len().saturating_mul(1032))
}

/// Decompresses one member from the start of `file` and returns how many bytes it took.
fn decompress_member(file: &[u8], output: &mut Vec<u8>, limit: usize) -> Result<usize, GzipError> {
    let start = output.len();
    let mut at = header_length(file)?;
    at += inflate(&file[at..], output, limit).map_err(GzipError::Data)?;
    let member = &output[start..];

    let trailer = file[at..].first_chunk::<8>();
    let [c0, c1, c2, c3, l0, l1, l2, l3] = *trailer.ok_or(GzipError::TrailerEnds)?;
    let stored = u32::from_le_bytes([c0, c1, c2, c3]);
    let computed = crc32(member);
    if stored != computed {
        return Err(GzipError::Checksum { stored, computed });
    }
    let stored = u32::from_le_bytes([l0, l1, l2, l3]);
    let computed = member.len() as u32; // modulo 2³², as the format has it
    if stored != computed {
        return Err(GzipError::Length { stored, computed });
    }
    Ok(at + 8)
}

/// Checks a member's header (2.3) and returns its length. Name, time and comment are passed over.
fn header_length(file: &[u8]) -> Result<usize, GzipError> {
    if !is_gzip(file) {
        let found = file[..file.len().min(4)].to_vec();
        return Err(GzipError::NotGzip { found });
    }
    // 1f 8b, method, flags, time (4 bytes), extra flags, operating system
    let header = file.first_chunk::<10>().ok_or(GzipError::HeaderEnds)?;
    let (method, flags) = (header[2], header[3]);
    if method != 8 {
        return Err(GzipError::Method(method));
    }
    if flags & RESERVED != 0 {
        return Err(GzipError::ReservedFlags(flags));
    }
    let mut at = header.len();
    if flags & FEXTRA != 0 {
        at += 2 + usize::from(u16_at(file, at)?);
    }
    for text in [FNAME, FCOMMENT] {
        if flags & text != 0 {
            let text = file.get(at..).ok_or(GzipError::HeaderEnds)?;
            let length = text.iter().position(|&byte| byte == 0);
            at += length.ok_or(GzipError::HeaderEnds)? + 1;
        }
    }
    if flags & FHCRC != 0 {
        let stored = u16_at(file, at)?;
        let computed = crc32(&file[..at]) as u16;
        if stored != computed {
            return Err(GzipError::HeaderChecksum { stored, computed });
        }
        at += 2;
    }
    if at > file.len() {
        return Err(GzipError::HeaderEnds);
    }
    Ok(at)
}

fn u16_at(file: &[u8], at: usize) -> Result<u16, GzipError> {
    let bytes = file.get(at..).and_then(|rest| rest.first_chunk());
    Ok(u16::from_le_bytes(*bytes.ok_or(GzipError::HeaderEnds)?))
}
