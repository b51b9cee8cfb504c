//! NumPy's `.npz` format: several arrays with names, as `np.savez` and `np.savez_compressed` write
//! them. It is a zip file; its member `W1.npy` is the array W1. [`Npz`] reads stored and compressed
//! members, but none of 4 GiB or more (zip64). [`write()`] does not compress.
//!
//! ```text
//! for each   PK 3 4   its header (4.3.7): 30 bytes, the name, an extra field. At 26: length of the
//! member              name; 28: length of the extra field. Then its data, stored or compressed
//!
//! for each   PK 1 2   its entry in the directory (4.3.12): 46 bytes, the name, an extra field, a
//! member              comment. At 8: flags; 10: method; 16: CRC-32; 20: compressed size; 24: size;
//!                     28, 30, 32: lengths of name, extra field, comment; 42: place of the header
//!
//! once       PK 5 6   the end of the directory (4.3.16): 22 bytes, a comment. At 10: number of
//!                     entries; 12: size of the directory; 16: its place; 20: length of the comment
//! ```
//!
//! Source: PKWARE's APPNOTE.TXT 6.3; the numbers in brackets are its sections.

use std::borrow::Cow;

use super::crc32::crc32;
use super::files::kind_of;
use super::inflate::inflate;
use super::npy::{self, Array};
use super::{FormatError, error};

const HEADER: &[u8] = b"PK\x03\x04";
const ENTRY: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";

const ENTRY_SIZE: usize = 46;
const END_SIZE: usize = 22;

const DAMAGED: &str = "the directory of the zip file is damaged";
const ZIP64: &str = "a zip file with lengths of 64 bits (zip64), expected a small one";

/// A `.npz` file. [`Npz::array`] reads one array.
#[derive(Clone, Debug)]
pub struct Npz<'a> {
    bytes: &'a [u8],
    /// Of each member its name, and its entry in the directory with what follows.
    members: Vec<(Cow<'a, str>, &'a [u8])>,
}

impl<'a> Npz<'a> {
    /// Reads the directory. A reader begins at the end of the file, which has the directory's place.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, FormatError> {
        if !bytes.starts_with(HEADER) && !bytes.starts_with(END) {
            let expected = "expected a .npz file, as np.savez writes it";
            return error(format!("{expected}, found {}", kind_of(bytes)));
        }
        let end = find_end(bytes)
            .ok_or("the zip file has no end of its directory: a part of the file is missing")?;
        let (count, size, at) = (u16_at(end, 10), u32_at(end, 12), u32_at(end, 16));
        if count == 0xffff || [size, at].contains(&0xffff_ffff) {
            return error(ZIP64);
        }
        let mut rest = bytes.get(at..).and_then(|rest| rest.get(..size)).ok_or(DAMAGED)?;
        let mut members = Vec::new();
        for _ in 0..count {
            let entry = rest;
            if entry.len() < ENTRY_SIZE || !entry.starts_with(ENTRY) {
                return error(DAMAGED);
            }
            let lengths = [28, 30, 32].map(|at| u16_at(entry, at));
            rest = entry.get(ENTRY_SIZE + lengths.iter().sum::<usize>()..).ok_or(DAMAGED)?;
            let name = String::from_utf8_lossy(&entry[ENTRY_SIZE..][..lengths[0]]);
            members.push((name, entry));
        }
        Ok(Self { bytes, members })
    }

    /// The names of the arrays, in the order of the directory: `W1` for the member `W1.npy` or `W1`.
    pub fn names(&self) -> impl Iterator<Item = String> {
        let short = |name: &str| name.strip_suffix(".npy").unwrap_or(name).to_string();
        self.members.iter().map(move |(name, _)| short(name))
    }

    /// The array of this name, if there is one, with at most `most` numbers. As in NumPy, a member `W1`
    /// comes before `W1.npy`, and if several members have the same name, the last one is read.
    pub fn array(&self, name: &str, most: usize) -> Result<Option<Array>, FormatError> {
        let find = |name: &str| self.members.iter().rfind(|member| member.0 == name);
        let Some((name, entry)) = find(name).or_else(|| find(&format!("{name}.npy"))) else {
            return Ok(None);
        };
        let limit = most.saturating_mul(8).saturating_add(npy::LONGEST_HEADER + 12);
        let array = npy::parse(&self.content(name, entry, limit)?, most);
        Ok(Some(array.map_err(|error| format!("{name}: {error}"))?))
    }

    /// The bytes of a member, decompressed. Their size and CRC-32 are compared with the directory.
    fn content(&self, name: &str, entry: &[u8], limit: usize) -> Result<Vec<u8>, FormatError> {
        let [flags, method] = [8, 10].map(|at| u16_at(entry, at));
        let [crc, compressed, size, header_at] = [16, 20, 24, 42].map(|at| u32_at(entry, at));
        if flags & 1 != 0 {
            return error(format!("{name} is encrypted, expected plain data"));
        }
        if [compressed, size, header_at].contains(&0xffff_ffff) {
            return error(ZIP64);
        }
        if size > limit {
            return error(format!("{name} has {size} bytes, expected at most {limit}"));
        }
        let damaged = |found: &str| format!("{name} is damaged: {found}");
        let data = self.data(name, header_at, compressed);
        let data = data.ok_or_else(|| damaged("its data are not where they should be"))?;
        let mut content = Vec::new();
        match method {
            0 => content.extend_from_slice(data),
            8 => {
                // Only a hint. DEFLATE makes at most 1032 bytes from one byte.
                let _ = content.try_reserve_exact(size.min(data.len().saturating_mul(1032)));
                inflate(data, &mut content, size).map_err(|error| damaged(&error.to_string()))?;
            }
            _ => {
                let expected = "expected 0 (stored) or 8 (deflated)";
                return error(format!("{name} is compressed by method {method}, {expected}"));
            }
        }
        if content.len() != size {
            let found = content.len();
            return error(damaged(&format!("expected {size} bytes, found {found}")));
        }
        let computed = crc32(&content) as usize;
        if computed != crc {
            let found = format!("expected the CRC-32 {crc:08x}, found {computed:08x}");
            return error(damaged(&found));
        }
        Ok(content)
    }

    /// The data of a member, which follow its header (4.3.7). The other fields of the header can be
    /// empty, and the directory has them too.
    fn data(&self, name: &str, header_at: usize, compressed: usize) -> Option<&'a [u8]> {
        let header = self.bytes.get(header_at..).filter(|header| header.starts_with(HEADER))?;
        let (fixed, rest) = header.split_at_checked(30)?;
        let [name_size, extra_size] = [26, 28].map(|at| u16_at(fixed, at));
        rest.get(..name_size).filter(|found| String::from_utf8_lossy(found) == name)?;
        rest.get(name_size + extra_size..)?.get(..compressed)
    }
}

/// Finds the end of the directory (4.3.16). Its comment should end where the file ends: the comment
/// can contain the bytes PK 5 6 too. If there is no such end, the last PK 5 6 counts, as in Python.
fn find_end(bytes: &[u8]) -> Option<&[u8]> {
    let last = bytes.len().checked_sub(END_SIZE)?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    let ends = (first..=last).rev().map(|at| &bytes[at..]);
    let mut ends = ends.filter(|end| end.starts_with(END));
    let last_end = ends.clone().next();
    ends.find(|end| END_SIZE + u16_at(end, 20) == end.len()).or(last_end)
}

fn u16_at(bytes: &[u8], at: usize) -> usize {
    usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> usize {
    u16_at(bytes, at) | u16_at(bytes, at + 2) << 16
}

/// The bytes of a `.npz` file with these arrays, always the same for the same arrays. Panics if a name
/// has 64 KB or more, if there are 65,535 arrays or more, or if the file would have 4 GiB or more.
pub fn write(arrays: &[(&str, Array)]) -> Vec<u8> {
    assert!(arrays.len() < 65_535, "npz: fewer than 65,535 arrays"); // 65,535 means zip64
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, array) in arrays {
        let name = format!("{name}.npy");
        assert!(name.len() < 65_536, "npz: a name of less than 64 KB");
        let content = npy::write(array);
        let (size, header_at) = (number32(content.len()), number32(bytes.len()));
        let utf_8: u16 = if name.is_ascii() { 0 } else { 1 << 11 };
        // The header and the entry share this.
        let mut common = vec![20, 0]; // version 2.0 reads it
        common.extend(utf_8.to_le_bytes());
        common.extend([0, 0, 0, 0, 0x21, 0]); // method: stored; midnight of 1 January 1980
        common.extend(crc32(&content).to_le_bytes());
        common.extend([size, size].concat()); // compressed, and as it is
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0; 2]); // no extra field

        bytes.extend([HEADER, &common, name.as_bytes(), &content].concat());
        // Made by version 2.0; then no comment, disk 0, no attributes.
        let entry = [ENTRY, &[20, 0], &common, &[0; 10], &header_at, name.as_bytes()];
        directory.extend(entry.concat());
    }
    let (size, at) = (number32(directory.len()), number32(bytes.len()));
    let count = (arrays.len() as u16).to_le_bytes();
    // Disk 0, and the directory on disk 0; the entries on this disk, and on all; no comment.
    let end = [END, &[0; 4], &count, &count, &size, &at, &[0; 2]].concat();
    [bytes, directory, end].concat()
}

fn number32(n: usize) -> [u8; 4] {
    assert!(n < 0xffff_ffff, "npz: less than 4 GiB");
    (n as u32).to_le_bytes()
}
