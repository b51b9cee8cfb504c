//! The gzip file format (RFC 1952). A file consists of one or more members; zeros may follow the last
//! one. A member has three parts:
//!
//! ```text
//! header    1f 8b              magic bytes
//!           08                 compression method: DEFLATE, the only one that is defined
//!           flags              1 byte: the sum of those below. 1 is only a hint
//!           6 bytes            time, extra flags and operating system, ignored
//!           extra field        if flag 4: its length in 2 bytes, and as many bytes
//!           file name          if flag 8: text up to a byte 0
//!           comment            if flag 16: text up to a byte 0
//!           header checksum    if flag 2: 2 bytes, the low half of the CRC-32 of the bytes above
//! data      DEFLATE blocks, see inflate.rs
//! trailer   checksum           4 bytes, the CRC-32 of the decompressed bytes
//!           length             4 bytes, the number of decompressed bytes modulo 2³²
//! ```

use super::crc32::crc32;
use super::files::kind_of;
use super::inflate::inflate;
use super::{FormatError, error};

const HEADER_ENDS: &str = "the file ends within its gzip header";

/// Decompresses a gzip file. The contents of several members are joined. If they have more than
/// `limit` bytes, the error is [`too_long(limit)`](super::inflate::too_long).
pub fn decompress(file: &[u8], limit: usize) -> Result<Vec<u8>, FormatError> {
    let mut output = Vec::new();
    // The last four bytes are the length of the output, to reserve memory once. This is only a hint.
    // DEFLATE makes at most 1032 bytes from one byte: a small file can't claim much memory.
    let announced = file.last_chunk().map_or(0, |&last| u32::from_le_bytes(last)) as usize;
    let _ = output.try_reserve_exact(announced.min(file.len().saturating_mul(1032)).min(limit));
    let mut rest = file;
    loop {
        rest = after_header(rest)?;
        let start = output.len();
        rest = &rest[inflate(rest, &mut output, limit)?..];
        let member = &output[start..];
        let ([checksum, length, ..], _) = rest.as_chunks() else {
            return error("the file ends before its checksum and length");
        };
        let (checksum, computed) = (u32::from_le_bytes(*checksum), crc32(member));
        if checksum != computed {
            let found = format!("should be {checksum:08x}, is {computed:08x}");
            return error(format!("the checksum {found}: the data are damaged"));
        }
        let (length, found) = (u32::from_le_bytes(*length), member.len() as u32); // modulo 2³²
        if length != found {
            return error(format!("the length should be {length}, is {found}"));
        }
        rest = &rest[8..];
        if rest.iter().all(|&byte| byte == 0) {
            return Ok(output);
        }
        if !is_gzip(rest) {
            let at = file.len() - rest.len();
            return error(format!("unknown bytes after the end of the data, at {at}"));
        }
    }
}

/// Whether the bytes begin with gzip's magic bytes.
pub fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// Checks the header at the start of `file` (2.3.1) and returns what follows it.
fn after_header(file: &[u8]) -> Result<&[u8], FormatError> {
    if !is_gzip(file) {
        return error(format!("expected a gzip file, found {}", kind_of(file)));
    }
    let (&[_, _, method, flags, ..], mut rest) =
        file.split_first_chunk::<10>().ok_or(HEADER_ENDS)?;
    if method != 8 {
        return error(format!("expected gzip's method 8 (deflate), found {method}"));
    }
    if flags >= 32 {
        return error(format!("the gzip flags {flags:#04x} have reserved bits set"));
    }
    if flags & 4 != 0 {
        let (length, after) = rest.split_first_chunk().ok_or(HEADER_ENDS)?;
        rest = after.get(usize::from(u16::from_le_bytes(*length))..).ok_or(HEADER_ENDS)?;
    }
    for flag in [8, 16] {
        if flags & flag != 0 {
            let end = rest.iter().position(|&byte| byte == 0).ok_or(HEADER_ENDS)?;
            rest = &rest[end + 1..];
        }
    }
    if flags & 2 != 0 {
        let computed = crc32(&file[..file.len() - rest.len()]) as u16;
        let (stored, after) = rest.split_first_chunk().ok_or(HEADER_ENDS)?;
        let stored = u16::from_le_bytes(*stored);
        if stored != computed {
            let found = format!("should be {stored:04x}, is {computed:04x}");
            return error(format!("the gzip header's checksum {found}"));
        }
        rest = after;
    }
    Ok(rest)
}
