//! NumPy's `.npz` format: several arrays with names, as `np.savez` and `np.savez_compressed` write
//! them. It is a zip file; its member `W1.npy` is the array W1. [`Npz`] reads stored and compressed
//! members. It does not read encrypted members, and no members of 4 GiB or more (zip64).
//! [`write()`] does not compress.
//!
//! A reader begins at the end of the file. There it finds the place of the directory, and in each
//! entry of the directory the place of a member's header. The member's data follow its header.
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
//! Numbers are little-endian: the least significant byte comes first. Source: PKWARE's APPNOTE.TXT
//! 6.3; the numbers in brackets are its sections.

use super::FormatError;
use super::crc32::crc32;
use super::files::kind_of;
use super::inflate::inflate;
use super::npy::{self, Array};

const HEADER: &[u8] = b"PK\x03\x04";
const ENTRY: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";

// The sizes of these three, without the name and the other fields that vary in length.
const HEADER_SIZE: usize = 30;
const ENTRY_SIZE: usize = 46;
const END_SIZE: usize = 22;

const DAMAGED: &str = "the directory of the zip file is damaged";
const ZIP64: &str = "a zip file with lengths of 64 bits (zip64), expected a small one";

/// The flag that says that the member's name is UTF-8.
const UTF_8: u16 = 1 << 11;

/// Stored instead of a size or place that needs 64 bits.
const IN_ZIP64: usize = 0xffff_ffff;

/// The bytes of a `.npz` file and the entries of its directory. [`Npz::array`] reads one array.
#[derive(Clone, Debug)]
pub struct Npz<'a> {
    bytes: &'a [u8],
    members: Vec<Member<'a>>,
}

impl<'a> Npz<'a> {
    /// Reads the directory of a file.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, FormatError> {
        if !bytes.starts_with(HEADER) && !bytes.starts_with(END) {
            let expected = "expected a .npz file, as np.savez writes it";
            return Err(format!("{expected}, found {}", kind_of(bytes)).into());
        }
        let end = find_end(bytes)
            .ok_or("the zip file has no end of its directory: a part of the file is missing")?;
        let (count, size, at) = (u16_at(end, 10), u32_at(end, 12), u32_at(end, 16));
        if count == 0xffff || size == IN_ZIP64 || at == IN_ZIP64 {
            return Err(ZIP64.into());
        }
        let mut rest = bytes.get(at..).and_then(|rest| rest.get(..size)).ok_or(DAMAGED)?;
        let mut members = Vec::new();
        for _ in 0..count {
            let entry = rest;
            if entry.len() < ENTRY_SIZE || !entry.starts_with(ENTRY) {
                return Err(DAMAGED.into());
            }
            let lengths = [28, 30, 32].map(|at| u16_at(entry, at));
            rest = entry.get(ENTRY_SIZE + lengths.iter().sum::<usize>()..).ok_or(DAMAGED)?;
            let raw_name = &entry[ENTRY_SIZE..][..lengths[0]];
            let name = String::from_utf8_lossy(raw_name).into_owned();
            members.push(Member { entry, raw_name, name });
        }
        Ok(Self { bytes, members })
    }

    /// The names of the arrays, in the order of the directory: `W1` for the member `W1.npy`. Other
    /// programs leave out the `.npy`.
    pub fn names(&self) -> impl Iterator<Item = String> {
        let names = self.members.iter().map(|member| &member.name);
        names.map(|name| name.strip_suffix(".npy").unwrap_or(name).to_string())
    }

    /// Reads the array of this name, or returns `None` if there is none. The array may have at most
    /// `most` numbers. As in NumPy, a member `W1` comes before `W1.npy`, and if several members have
    /// the same name, the last one is read.
    pub fn array(&self, name: &str, most: usize) -> Result<Option<Array>, FormatError> {
        let find = |name: &str| self.members.iter().rfind(|m| m.name == name);
        let Some(member) = find(name).or_else(|| find(&format!("{name}.npy"))) else {
            return Ok(None);
        };
        let limit = most.saturating_mul(8).saturating_add(npy::LONGEST_HEADER + 12);
        let bytes = self.content(member, limit)?;
        let array = npy::parse(&bytes, most);
        Ok(Some(array.map_err(|error| format!("{}: {error}", member.name))?))
    }

    /// The bytes of a member, decompressed. Their size and CRC-32 are compared with the directory.
    fn content(&self, member: &Member, limit: usize) -> Result<Vec<u8>, FormatError> {
        let Member { name, entry, .. } = member;
        let [flags, method] = [8, 10].map(|at| u16_at(entry, at));
        let [crc, compressed, size, header_at] = [16, 20, 24, 42].map(|at| u32_at(entry, at));
        if flags & 1 != 0 {
            return Err(format!("{name} is encrypted, expected plain data").into());
        }
        if [compressed, size, header_at].contains(&IN_ZIP64) {
            return Err(ZIP64.into());
        }
        if size > limit {
            return Err(format!("{name} has {size} bytes, expected at most {limit}").into());
        }
        let damaged = |found: String| format!("{name} is damaged: {found}");
        let data = self.data(member.raw_name, header_at, compressed);
        let data = data.ok_or(damaged("its data are not where they should be".to_string()))?;
        let mut content = Vec::new();
        match method {
            0 => content.extend_from_slice(data),
            8 => {
                // Only a hint. DEFLATE makes at most 1032 bytes from one byte.
                let _ = content.try_reserve_exact(size.min(data.len().saturating_mul(1032)));
                inflate(data, &mut content, size).map_err(|error| damaged(error.to_string()))?;
            }
            _ => {
                let expected = "expected 0 (stored) or 8 (deflated)";
                return Err(format!("{name} is compressed by method {method}, {expected}").into());
            }
        }
        if content.len() != size {
            return Err(damaged(format!("expected {size} bytes, found {}", content.len())).into());
        }
        let computed = crc32(&content) as usize;
        if computed != crc {
            let found = format!("expected the CRC-32 {crc:08x}, found {computed:08x}");
            return Err(damaged(found).into());
        }
        Ok(content)
    }

    /// The data of a member, which follow its header (4.3.7). Only the name and two lengths of the
    /// header are used: the other fields can be empty here, and the directory has them too.
    fn data(&self, name: &[u8], header_at: usize, compressed: usize) -> Option<&'a [u8]> {
        let header = self.bytes.get(header_at..).filter(|header| header.starts_with(HEADER))?;
        let (fixed, rest) = header.split_at_checked(HEADER_SIZE)?;
        let [name_size, extra_size] = [26, 28].map(|at| u16_at(fixed, at));
        rest.get(..name_size).filter(|found| *found == name)?;
        rest.get(name_size + extra_size..)?.get(..compressed)
    }
}

/// Finds the end of the directory (4.3.16). Its comment should end where the file ends: the comment
/// can contain the bytes PK 5 6 too. If there is no such end, other bytes follow the zip file, or a
/// part of the comment is missing. Then the last PK 5 6 counts, as in Python.
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

/// A member, as the directory describes it.
#[derive(Clone, Debug)]
struct Member<'a> {
    /// Its entry (4.3.12) and what follows
    entry: &'a [u8],
    /// The name as bytes of the file
    raw_name: &'a [u8],
    /// The name as text. Bytes that are not UTF-8 become a replacement character.
    name: String,
}

/// Writes the bytes of a `.npz` file with these arrays, in this order, for `np.load`. The date of
/// all members is the same, so the same arrays give the same bytes. Panics if a name has 64 KB or more,
/// if there are 65,535 arrays or more, or if the file would have 4 GiB or more.
#[track_caller]
pub fn write(arrays: &[(&str, Array)]) -> Vec<u8> {
    // The number 65,535 is reserved for zip64.
    let count = number16(arrays.len()).filter(|count| *count != [0xff; 2]);
    let count = count.expect("npz: fewer than 65,535 arrays");
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    for (name, array) in arrays {
        let name = format!("{name}.npy");
        let flags = if name.is_ascii() { 0 } else { UTF_8 };
        let content = npy::write(array);
        let size = number32(content.len());
        let header_at = number32(bytes.len());
        let mut common = vec![20, 0]; // the header and the entry share this: version 2.0 reads it
        common.extend(flags.to_le_bytes());
        common.extend([0; 4]); // method: stored; time: midnight
        common.extend([0x21, 0]); // date: 1 January 1980
        common.extend(crc32(&content).to_le_bytes());
        common.extend([size, size].concat()); // compressed, and as it is
        common.extend(number16(name.len()).expect("npz: a name of less than 64 KB"));
        common.extend([0; 2]); // no extra field

        bytes.extend(HEADER);
        bytes.extend(&common);
        bytes.extend(name.as_bytes());
        bytes.extend(content);

        directory.extend(ENTRY);
        directory.extend([20, 0]); // made by version 2.0
        directory.extend(&common);
        directory.extend([0; 10]); // no comment, disk 0, no attributes
        directory.extend(header_at);
        directory.extend(name.as_bytes());
    }
    let (size, at) = (number32(directory.len()), number32(bytes.len()));
    bytes.extend(directory);
    bytes.extend(END);
    bytes.extend([0; 4]); // this disk and the disk of the directory: 0
    bytes.extend([count, count].concat()); // entries on this disk and on all disks
    bytes.extend(size);
    bytes.extend(at);
    bytes.extend([0; 2]); // no comment
    bytes
}

fn number16(n: usize) -> Option<[u8; 2]> {
    u16::try_from(n).ok().map(u16::to_le_bytes)
}

#[track_caller]
fn number32(n: usize) -> [u8; 4] {
    let fits = u32::try_from(n).ok().filter(|&n| n < u32::MAX);
    fits.expect("npz: less than 4 GiB").to_le_bytes()
}
