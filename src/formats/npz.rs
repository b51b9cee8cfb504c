//! NumPy's `.npz` format: some arrays, each with a name, as `np.savez` and `np.savez_compressed`
//! write them. It is a zip file with a member `W1.npy` for the array W1, and so on.
//!
//! A zip file is read from its end. There stands where the directory is, and the directory tells of
//! each member its length, its checksum, and where its own header is:
//!
//! ```text
//! PK 3 4  header of a member, 30 bytes and its name       ─┐ once for
//!         its data, as they are or compressed              ─┘ each member
//! PK 1 2  entry of the directory, 46 bytes and the name   ── once for each member
//! PK 5 6  end of the directory, 22 bytes and a comment
//! ```
//!
//! All numbers are little-endian, least byte first. Source: PKWARE's APPNOTE.TXT 6.3, sections 4.3.7, 4.3.12
//! and 4.3.16. Not read: encrypted members, those of 4 GiB and more (zip64), any method of
//! compression but DEFLATE. Written: members as they are, without compression, all of one date, so
//! that the same arrays give the same bytes.

use std::borrow::Cow;
use std::fmt;

use super::crc32::crc32;
use super::describe_start;
use super::inflate::{InflateError, inflate};
use super::npy::{self, Array, NpyError};

/// What is wrong with the bytes of a `.npz` file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NpzError {
    /// They do not begin as a zip file with members does, nor as one without.
    NotZip {
        /// The first of them, at most four
        found: Vec<u8>,
    },
    /// The end of the directory is not there: a part of the file is missing.
    NoEnd,
    /// The directory is not where its end says, or is cut short.
    Directory,
    /// A member, or the directory, is so large that its lengths need 64 bits.
    Zip64,
    /// A member's header is not where the directory says, or its data end with the file.
    Member {
        /// Its name
        name: String,
    },
    /// An encrypted member.
    Encrypted {
        /// Its name
        name: String,
    },
    /// A method of compression that is neither 0 (stored) nor 8 (DEFLATE).
    Method {
        /// The member's name
        name: String,
        /// Its number
        found: u16,
    },
    /// More bytes than the caller allows.
    TooLarge {
        /// The member's name
        name: String,
        /// How many bytes it says that it has when decompressed
        size: usize,
        /// How many are allowed
        limit: usize,
    },
    /// The compressed data are wrong.
    Data {
        /// The member's name
        name: String,
        /// What is wrong
        error: InflateError,
    },
    /// A member has not the length that the directory says.
    Length {
        /// Its name
        name: String,
        /// What the directory says
        stored: usize,
        /// How long it is
        found: usize,
    },
    /// A member has not the checksum that the directory says.
    Checksum {
        /// Its name
        name: String,
        /// What the directory says
        stored: u32,
        /// What the bytes give
        computed: u32,
    },
    /// A member is not an array that can be read.
    Array {
        /// The member's name
        name: String,
        /// What is wrong
        error: NpyError,
    },
}

impl fmt::Display for NpzError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        use NpzError::*;
        match self {
            NotZip { found } => write!(
                f,
                "expected a zip file, which begins with 50 4b 03 04, found {}",
                describe_start(found)
            ),
            NoEnd => write!(f, "a zip file without its end: a part of it is missing"),
            Directory => write!(f, "a zip file whose directory is damaged"),
            Zip64 => write!(f, "a zip file with lengths of 64 bits (zip64), expected a small one"),
            Member { name } => {
                write!(f, "{name} is damaged: its data are not where they should be")
            }
            Encrypted { name } => write!(f, "{name} is encrypted, expected plain data"),
            Method { name, found } => write!(
                f,
                "{name} is compressed by method {found}, expected 0 (stored) or 8 (deflated)"
            ),
            TooLarge { name, size, limit } => {
                write!(f, "{name} has {size} bytes, expected at most {limit}")
            }
            Data { name, error } => write!(f, "{name} is damaged: {error}"),
            Length { name, stored, found } => {
                write!(f, "{name} is damaged: expected {stored} bytes, found {found}")
            }
            Checksum { name, stored, computed } => write!(
                f,
                "{name} is damaged: expected the CRC-32 {stored:08x}, found {computed:08x}"
            ),
            Array { name, error } => write!(f, "{name}: {error}"),
        }
    }
}

impl std::error::Error for NpzError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            NpzError::Data { error, .. } => Some(error),
            NpzError::Array { error, .. } => Some(error),
            _ => None,
        }
    }
}

/// The bytes of a `.npz` file, and what its directory says. An array is read when it is asked for.
#[derive(Clone, Debug)]
pub struct Npz<'a> {
    bytes: &'a [u8],
    members: Vec<Member<'a>>,
}

/// An entry of the directory.
#[derive(Clone, Debug)]
struct Member<'a> {
    /// As it stands in the file
    name: &'a [u8],
    flags: u16,
    method: u16,
    crc: u32,
    compressed: usize,
    size: usize,
    header_at: usize,
}

impl Member<'_> {
    /// As text, with a replacement character for what is none.
    fn name(&self) -> String {
        String::from_utf8_lossy(self.name).into_owned()
    }
}

const HEADER: &[u8] = b"PK\x03\x04";
const ENTRY: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";

/// The bytes of each of the three before its names and comments.
const HEADER_SIZE: usize = 30;
const ENTRY_SIZE: usize = 46;
const END_SIZE: usize = 22;

/// The flag of a member: its name is UTF-8.
const UTF_8: u16 = 1 << 11;

/// In place of a length that needs 64 bits.
const IN_ZIP64: usize = 0xffff_ffff;

impl<'a> Npz<'a> {
    /// Reads the directory.
    ///
    /// # Errors
    /// See [`NpzError`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, NpzError> {
        if !bytes.starts_with(HEADER) && !bytes.starts_with(END) {
            return Err(NpzError::NotZip { found: bytes[..bytes.len().min(4)].to_vec() });
        }
        let end = find_end(bytes).ok_or(NpzError::NoEnd)?;
        let (count, size, at) = (u16_at(end, 10), u32_at(end, 12), u32_at(end, 16));
        if count == 0xffff || size == IN_ZIP64 || at == IN_ZIP64 {
            return Err(NpzError::Zip64);
        }
        let directory = bytes.get(at..).and_then(|rest| rest.get(..size));
        let mut rest = directory.ok_or(NpzError::Directory)?;
        let mut members = Vec::new();
        for _ in 0..count {
            let fixed = rest.get(..ENTRY_SIZE).filter(|entry| entry.starts_with(ENTRY));
            let entry = fixed.ok_or(NpzError::Directory)?;
            let lengths = [28, 30, 32].map(|at| usize::from(u16_at(entry, at)));
            let name_end = ENTRY_SIZE + lengths[0];
            let name = rest.get(ENTRY_SIZE..name_end).ok_or(NpzError::Directory)?;
            members.push(Member {
                name,
                flags: u16_at(entry, 8),
                method: u16_at(entry, 10),
                crc: u32_at(entry, 16) as u32,
                compressed: u32_at(entry, 20),
                size: u32_at(entry, 24),
                header_at: u32_at(entry, 42),
            });
            let next = ENTRY_SIZE + lengths.iter().sum::<usize>();
            rest = rest.get(next..).ok_or(NpzError::Directory)?;
        }
        Ok(Self { bytes, members })
    }

    /// The names of the arrays, in their order: `W1` for a member `W1.npy`.
    pub fn names(&self) -> impl Iterator<Item = Cow<'a, str>> {
        let names = self.members.iter().filter_map(|member| member.name.strip_suffix(b".npy"));
        names.map(String::from_utf8_lossy)
    }

    /// The array of this name, of which the file may have at most `limit` bytes; `None` if there is
    /// none. Of several the last, as NumPy has it.
    ///
    /// # Errors
    /// See [`NpzError`].
    pub fn array(&self, name: &str, limit: usize) -> Result<Option<Array>, NpzError> {
        let mut members = self.members.iter().rev();
        let found =
            members.find(|member| member.name.strip_suffix(b".npy") == Some(name.as_bytes()));
        let Some(member) = found else {
            return Ok(None);
        };
        let bytes = self.content(member, limit)?;
        let array = npy::parse(&bytes);
        array.map(Some).map_err(|error| NpzError::Array { name: member.name(), error })
    }

    /// A member's bytes, decompressed and checked.
    fn content(&self, member: &Member, limit: usize) -> Result<Vec<u8>, NpzError> {
        let &Member { flags, method, crc, compressed, size, header_at, .. } = member;
        let name = || member.name();
        if flags & 1 != 0 {
            return Err(NpzError::Encrypted { name: name() });
        }
        if [compressed, size, header_at].contains(&IN_ZIP64) {
            return Err(NpzError::Zip64);
        }
        if size > limit {
            return Err(NpzError::TooLarge { name: name(), size, limit });
        }
        let data = self.data(member.name, header_at, compressed);
        let data = data.ok_or_else(|| NpzError::Member { name: name() })?;
        let mut content = Vec::new();
        match method {
            0 => content.extend_from_slice(data),
            8 => {
                // A hint, of no more than DEFLATE can make of so many bytes.
                let _ = content.try_reserve_exact(size.min(data.len().saturating_mul(1032)));
                inflate(data, &mut content, size)
                    .map_err(|error| NpzError::Data { name: name(), error })?;
            }
            found => return Err(NpzError::Method { name: name(), found }),
        }
        if content.len() != size {
            return Err(NpzError::Length { name: name(), stored: size, found: content.len() });
        }
        match crc32(&content) {
            computed if computed == crc => Ok(content),
            computed => Err(NpzError::Checksum { name: name(), stored: crc, computed }),
        }
    }

    /// What follows a member's own header. Of that only the name and the lengths of name and extra
    /// field count: the rest is in the directory, and may be left open here.
    fn data(&self, name: &[u8], header_at: usize, compressed: usize) -> Option<&'a [u8]> {
        let header = self.bytes.get(header_at..)?;
        if header.len() < HEADER_SIZE || !header.starts_with(HEADER) {
            return None;
        }
        let [name_size, extra_size] = [26, 28].map(|at| usize::from(u16_at(header, at)));
        let rest = &header[HEADER_SIZE..];
        if rest.get(..name_size) != Some(name) {
            return None;
        }
        rest.get(name_size + extra_size..)?.get(..compressed)
    }
}

/// The end of the directory, comment included. It is the last thing in the file, so its comment has
/// the length that it says; within a comment the magic bytes may stand once more.
fn find_end(bytes: &[u8]) -> Option<&[u8]> {
    let longest = END_SIZE + usize::from(u16::MAX);
    let first = bytes.len().saturating_sub(longest);
    let last = bytes.len().checked_sub(END_SIZE)?;
    let ends = (first..=last).rev().map(|at| &bytes[at..]);
    let mut ends = ends.filter(|end| end.starts_with(END));
    ends.find(|end| END_SIZE + usize::from(u16_at(end, 20)) == end.len())
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> usize {
    usize::from(u16_at(bytes, at)) | usize::from(u16_at(bytes, at + 2)) << 16
}

/// The bytes of a `.npz` file with these arrays, in this order, for `np.load`.
///
/// # Panics
/// If an array has not as many numbers as its shape says, a name has 64 KB or more, there are 65,535
/// arrays or more, or all together take 4 GiB or more.
#[track_caller]
pub fn write(arrays: &[(&str, Array)]) -> Vec<u8> {
    // 65,535 entries would mean zip64.
    let count = number16(arrays.len()).filter(|count| *count != [0xff; 2]);
    let count = count.expect("npz: fewer than 65,535 arrays");
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    for (name, array) in arrays {
        let name = format!("{name}.npy");
        let flags = if name.is_ascii() { 0 } else { UTF_8 };
        let content = npy::write(array);
        let header_at = number32(bytes.len());
        let mut common = Vec::new(); // in the header as in the directory
        common.extend(20_u16.to_le_bytes()); // version 2.0 is enough to read it
        common.extend(flags.to_le_bytes());
        common.extend(0_u16.to_le_bytes()); // stored
        common.extend(0_u16.to_le_bytes()); // midnight,
        common.extend(0x21_u16.to_le_bytes()); // 1 January 1980
        common.extend(crc32(&content).to_le_bytes());
        common.extend(number32(content.len())); // compressed
        common.extend(number32(content.len())); // and not
        common.extend(number16(name.len()).expect("npz: a name of less than 64 KB"));
        common.extend(0_u16.to_le_bytes()); // no extra field

        bytes.extend(HEADER);
        bytes.extend(&common);
        bytes.extend(name.as_bytes());
        bytes.extend(content);

        directory.extend(ENTRY);
        directory.extend(20_u16.to_le_bytes()); // made by version 2.0
        directory.extend(&common);
        directory.extend([0; 10]); // no comment, disk 0, no attributes
        directory.extend(header_at);
        directory.extend(name.as_bytes());
    }
    let (size, at) = (number32(directory.len()), number32(bytes.len()));
    bytes.extend(directory);
    bytes.extend(END);
    bytes.extend([0; 4]); // disk 0 of one
    bytes.extend(count); // entries here
    bytes.extend(count); // and in all
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
