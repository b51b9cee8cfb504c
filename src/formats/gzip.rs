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

use super::FormatError;
use super::crc32::crc32;
use super::files::kind_of;
use super::inflate::inflate;

// The bits of the flag byte (2.3.1). Bit 0, FTEXT, is only a hint.
const FHCRC: u8 = 1 << 1;
const FEXTRA: u8 = 1 << 2;
const FNAME: u8 = 1 << 3;
const FCOMMENT: u8 = 1 << 4;
const RESERVED: u8 = 0b1110_0000;

const HEADER_ENDS: &str = "the file ends within its gzip header";

/// Decompresses a gzip file. The contents of several members are joined.
///
/// Zeros after the last member are padding. The program `gzip` ignores them too. If the file contains
/// more than `limit` bytes, the error is [`too_long(limit)`](super::inflate::too_long).
pub fn decompress(file: &[u8], limit: usize) -> Result<Vec<u8>, FormatError> {
    let mut output = Vec::new();
    // The last four bytes are the length of the output, to reserve memory once. This is only a hint: if
    // so much memory is not available, the real output may still fit. DEFLATE makes at most 1032 bytes
    // from one byte, so a small file cannot claim much memory.
    let announced = file.last_chunk().map_or(0, |&last| u32::from_le_bytes(last)) as usize;
    let _ = output.try_reserve_exact(announced.min(file.len().saturating_mul(1032)).min(limit));
    let mut at = 0;
    loop {
        // A member (2.3).
        at += header_length(&file[at..])?;
        let start = output.len();
        at += inflate(&file[at..], &mut output, limit)?;
        let member = &output[start..];
        let ([checksum, length, ..], _) = file[at..].as_chunks() else {
            return Err("the file ends before its checksum and length".into());
        };
        let (checksum, computed) = (u32::from_le_bytes(*checksum), crc32(member));
        if checksum != computed {
            let found = format!("should be {checksum:08x}, is {computed:08x}");
            return Err(format!("the checksum {found}: the data are damaged").into());
        }
        let (length, found) = (u32::from_le_bytes(*length), member.len() as u32); // modulo 2³²
        if length != found {
            return Err(format!("the length should be {length}, is {found}").into());
        }
        at += 8;

        let rest = &file[at..];
        if rest.iter().all(|&byte| byte == 0) {
            return Ok(output);
        }
        if !is_gzip(rest) {
            return Err(format!("unknown bytes after the end of the data, at {at}").into());
        }
    }
}

/// Whether the bytes begin with gzip's magic bytes.
pub fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// Checks the header at the start of `file` (2.3.1) and returns the number of its bytes.
fn header_length(file: &[u8]) -> Result<usize, FormatError> {
    if !is_gzip(file) {
        return Err(format!("expected a gzip file, found {}", kind_of(file)).into());
    }
    let header = file.first_chunk::<10>().ok_or(HEADER_ENDS)?;
    let (method, flags) = (header[2], header[3]);
    if method != 8 {
        return Err(format!("expected gzip's method 8 (deflate), found {method}").into());
    }
    if flags & RESERVED != 0 {
        return Err(format!("the gzip flags {flags:#04x} have reserved bits set").into());
    }
    let mut at = header.len();
    if flags & FEXTRA != 0 {
        at += 2 + usize::from(u16_at(file, at)?);
    }
    for text in [FNAME, FCOMMENT] {
        if flags & text != 0 {
            let text = file.get(at..).ok_or(HEADER_ENDS)?;
            let length = text.iter().position(|&byte| byte == 0);
            at += length.ok_or(HEADER_ENDS)? + 1;
        }
    }
    if flags & FHCRC != 0 {
        let stored = u16_at(file, at)?;
        let computed = crc32(&file[..at]) as u16;
        if stored != computed {
            let found = format!("should be {stored:04x}, is {computed:04x}");
            return Err(format!("the gzip header's checksum {found}").into());
        }
        at += 2;
    }
    if at > file.len() {
        return Err(HEADER_ENDS.into());
    }
    Ok(at)
}

fn u16_at(file: &[u8], at: usize) -> Result<u16, FormatError> {
    let bytes = file.get(at..).and_then(|rest| rest.first_chunk());
    Ok(u16::from_le_bytes(*bytes.ok_or(HEADER_ENDS)?))
}
