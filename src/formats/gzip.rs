//! The gzip file format (RFC 1952). [`decompress`] reads a whole file that is in memory and checks
//! its checksums and lengths. It ignores the name, the time and the comment in the file. It never
//! produces more bytes than its caller allows. Nothing here compresses.
//!
//! A file consists of one or more members; zeros may follow the last one. A member has three parts:
//!
//! ```text
//! header    1f 8b              magic bytes
//!           08                 compression method: DEFLATE, the only one that is defined
//!           flags              1 byte, see FHCRC and the others below
//!           time               4 bytes          ─┐
//!           extra flags        1 byte            │ ignored
//!           operating system   1 byte           ─┘
//!           extra field        if FEXTRA: its length in 2 bytes, and as many bytes
//!           file name          if FNAME: text up to a byte 0
//!           comment            if FCOMMENT: text up to a byte 0
//!           header checksum    if FHCRC: 2 bytes, the low half of the CRC-32 of the bytes above
//! data      DEFLATE blocks, see inflate.rs
//! trailer   checksum           4 bytes, the CRC-32 of the decompressed bytes
//!           length             4 bytes, the number of decompressed bytes modulo 2³²
//! ```
//!
//! Numbers are little-endian: the least significant byte comes first.

use std::fmt;

use super::crc32::crc32;
use super::files::kind_of;
use super::inflate::{InflateError, inflate};

// The bits of the flag byte (2.3.1). Bit 0, FTEXT, is only a hint.
const FHCRC: u8 = 1 << 1;
const FEXTRA: u8 = 1 << 2;
const FNAME: u8 = 1 << 3;
const FCOMMENT: u8 = 1 << 4;
const RESERVED: u8 = 0b1110_0000;

/// Decompresses a gzip file. The contents of several members are joined.
///
/// Zeros after the last member are padding. The program `gzip` ignores them too.
///
/// # Errors
/// See [`GzipError`]. If there are more than `limit` bytes, the error contains `OutputLimit`.
pub fn decompress(file: &[u8], limit: usize) -> Result<Vec<u8>, GzipError> {
    let mut output = Vec::new();
    // Only a hint: if so much memory is not available, the real output may still fit.
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

/// Whether the bytes begin with gzip's magic bytes.
pub fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// The length of the output according to the last four bytes of the file, to reserve memory once.
/// DEFLATE makes at most 1032 bytes from one byte, so a small file cannot claim much memory.
fn announced_length(file: &[u8]) -> usize {
    let announced = file.last_chunk().map_or(0, |&last| u32::from_le_bytes(last));
    (announced as usize).min(file.len().saturating_mul(1032))
}

/// Decompresses the member at the start of `file` (2.3) and returns the number of its bytes.
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
    let computed = member.len() as u32; // modulo 2³², as in the file
    if stored != computed {
        return Err(GzipError::Length { stored, computed });
    }
    Ok(at + 8)
}

/// Checks the header at the start of `file` (2.3.1) and returns the number of its bytes.
fn header_length(file: &[u8]) -> Result<usize, GzipError> {
    if !is_gzip(file) {
        return Err(GzipError::NotGzip { found: kind_of(file) });
    }
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

/// What is wrong with a gzip file. `stored` is what the file says, `computed` what its bytes give.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // for the fields: the comment of each variant explains them
pub enum GzipError {
    /// The file does not begin with 1f 8b. It is something else, see [`kind_of`].
    NotGzip { found: String },
    /// A compression method other than 8
    Method(u8),
    /// The flags, if a reserved one is set
    ReservedFlags(u8),
    /// The file ends within the header of a member.
    HeaderEnds,
    /// The checksum in the header is not the checksum of the header.
    HeaderChecksum { stored: u16, computed: u16 },
    /// The compressed data are damaged, or hold more bytes than the caller allows.
    Data(InflateError),
    /// The file ends within the trailer of a member.
    TrailerEnds,
    /// The CRC-32 in the trailer is not the CRC-32 of the decompressed bytes.
    Checksum { stored: u32, computed: u32 },
    /// The length in the trailer is not the number of decompressed bytes modulo 2³².
    Length { stored: u32, computed: u32 },
    /// The bytes after the last member, which begin at `at`, are neither a member nor zeros.
    TrailingBytes { at: usize },
}

impl fmt::Display for GzipError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        use GzipError::*;
        match self {
            NotGzip { found } => write!(f, "expected a gzip file, found {found}"),
            Method(found) => write!(f, "expected gzip's method 8 (deflate), found {found}"),
            ReservedFlags(found) => write!(f, "the gzip flags {found:#04x} have reserved bits set"),
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
