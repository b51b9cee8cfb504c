//! Megabytes that somebody made to keep a reader busy: for each reader the longest way that we know,
//! for a test of what it holds meanwhile and a benchmark of how long it takes. And what they are
//! written with.

use from_zero::formats::crc32::crc32;
use from_zero::formats::npz::{self, Npz};
use from_zero::formats::{gzip, idx, inflate, npy};

/// How long such a file is, or nearly.
pub const MEGABYTE: usize = 1_000_000;

/// As much as a reader of ours may give: the longest file of MNIST.
pub const LIMIT: usize = 47_040_016;

/// A file, and what reads it.
pub struct Hostile {
    /// The reader, and what it is kept busy with
    pub name: &'static str,
    pub file: Vec<u8>,
    /// How many bytes it gives, or a sentence
    pub read: fn(&[u8]) -> Result<usize, String>,
    /// How many bytes it gives before it ends, or `None` if it ends with an error
    pub gives: Option<usize>,
}

/// The worst of them.
pub fn worst() -> Vec<Hostile> {
    vec![
        Hostile {
            name: "inflate, empty blocks with codes of their own",
            file: empty_blocks(MEGABYTE),
            read: inflated,
            gives: Some(0),
        },
        Hostile {
            name: "inflate, a byte a thousand times for each of the file",
            file: zeros(1_032 * MEGABYTE),
            read: inflated,
            gives: None,
        },
        Hostile {
            name: "gzip, empty members",
            file: EMPTY_MEMBER.repeat(MEGABYTE / EMPTY_MEMBER.len()),
            read: |file| {
                let bytes = gzip::decompress(file, LIMIT).map_err(|error| error.to_string());
                bytes.map(|bytes| bytes.len())
            },
            gives: Some(0),
        },
        Hostile {
            name: "idx, 255 dimensions",
            file: [&[0, 0, 8, 255], [0, 0, 0, 1].repeat(255).as_slice(), &vec![7; MEGABYTE]]
                .concat(),
            read: |file| {
                let array = idx::parse(file).map_err(|error| error.to_string());
                array.map(|array| array.data.len())
            },
            gives: None,
        },
        Hostile {
            name: "npy, bytes column after column",
            file: columns(MEGABYTE),
            read: |file| {
                let array = npy::parse(file, LIMIT).map_err(|error| error.to_string());
                array.map(|array| 8 * array.data.len())
            },
            gives: Some(8 * (MEGABYTE - 128)),
        },
        Hostile {
            name: "npz, a directory of names that none of ours is",
            file: npz::write(&vec![("W3", no_numbers()); MEGABYTE / 260]),
            read: four_arrays,
            gives: Some(0),
        },
        Hostile {
            name: "npz, an array in empty blocks",
            file: deflated_member(&empty_blocks(MEGABYTE), 0, LIMIT),
            read: four_arrays,
            gives: None,
        },
        Hostile {
            name: "npz, an array as large as it may be",
            file: largest_array(),
            read: four_arrays,
            gives: Some(LIMIT - 128),
        },
    ]
}

fn inflated(file: &[u8]) -> Result<usize, String> {
    let mut output = Vec::new();
    match inflate::inflate(file, &mut output, LIMIT) {
        Ok(_) => Ok(output.len()),
        Err(error) => Err(error.to_string()),
    }
}

fn four_arrays(file: &[u8]) -> Result<usize, String> {
    let npz = Npz::parse(file).map_err(|error| error.to_string())?;
    let mut given = 0;
    for name in ["W1", "b1", "W2", "b2"] {
        let array = npz.array(name, LIMIT / 8).map_err(|error| error.to_string())?;
        given += array.map_or(0, |array| 8 * array.data.len());
    }
    Ok(given)
}

/// The shortest block that brings codes of its own has 90 bits: nothing takes more work a byte.
/// Its code-length code has two codes: 0 for the length 1, 1 for symbol 18, which is zeros.
fn empty_blocks(bytes: usize) -> Vec<u8> {
    let mut code_lengths = [0; 18];
    (code_lengths[2], code_lengths[17]) = (1, 1);
    let block = BitWriter::dynamic(257, 1, &code_lengths);
    // 138 and 118 zeros, the end of the block, a distance; and that end.
    let block = block.code("1").number(127, 7).code("1").number(107, 7).code("00").code("0");
    let (size, count) = (block.bits.len(), 8 * bytes / block.bits.len());
    let mut bits = block.bits.repeat(count);
    (0..count - 1).for_each(|k| bits[k * size] = false); // not the last
    BitWriter { bits }.bytes()
}

/// A last block of so many zeros: one, then copies of 258 of it for every two bits, which is the most
/// that DEFLATE makes of a byte.
pub fn zeros(count: usize) -> Vec<u8> {
    // The code-length code: 18 is 0, 1 is 10, 2 is 11. Symbol 285 (258 times) has the code 0, the
    // byte 0 has 10, the end 11; the one distance, 1, has 0.
    let mut code_lengths = [0; 18];
    (code_lengths[2], code_lengths[15], code_lengths[17]) = (1, 2, 2);
    let bits = BitWriter::dynamic(286, 1, &code_lengths).code("11");
    let bits = bits.code("0").number(127, 7).code("0").number(117 - 11, 7).code("11");
    let bits = bits.code("0").number(28 - 11, 7).code("10").code("10");
    let copies = (count - 1) / 258;
    let bits = bits.code("10").code(&"00".repeat(copies));
    bits.code(&"10".repeat(count - 1 - 258 * copies)).code("11").bytes()
}

fn no_numbers() -> npy::Array {
    npy::Array { shape: vec![0], data: Vec::new() }
}

/// A gzip member of nothing.
const EMPTY_MEMBER: [u8; 20] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// Bytes in Fortran's order: each becomes an f64, in another place.
fn columns(bytes: usize) -> Vec<u8> {
    [header_of_columns(bytes, "|u1", 1), vec![7; bytes - 128]].concat()
}

/// The 128 bytes before numbers of this type and size, where all are so many bytes.
fn header_of_columns(bytes: usize, descr: &str, size: usize) -> Vec<u8> {
    let shape = format!("({}, 2)", (bytes - 128) / size / 2);
    let header = format!("{{'descr': '{descr}', 'fortran_order': True, 'shape': {shape}, }}");
    format!("\u{93}NUMPY\u{1}\0\u{76}\0{header:<117}\n").chars().map(|c| c as u8).collect()
}

/// The member W1.npy is such an array, as large as it may be, of zeros.
fn largest_array() -> Vec<u8> {
    let header = header_of_columns(LIMIT, "<f8", 8);
    let stored = [&[0, 128, 0, !128, 255], header.as_slice()].concat(); // not the last block
    let data = [stored, zeros(LIMIT - 128)].concat();
    let crc = crc32(&[header, vec![0; LIMIT - 128]].concat());
    deflated_member(&data, crc, LIMIT)
}

/// A zip file with a deflated member W1.npy.
fn deflated_member(data: &[u8], crc: u32, size: usize) -> Vec<u8> {
    let stored = npz::write(&[("W1", no_numbers())]);
    let (name_end, directory) = (36, 36 + 128);
    let mut file = stored[..name_end].to_vec();
    file.extend(data);
    let mut rest = stored[directory..].to_vec();
    rest[10] = 8; // deflated
    rest[16..20].copy_from_slice(&crc.to_le_bytes());
    rest[20..24].copy_from_slice(&(data.len() as u32).to_le_bytes());
    rest[24..28].copy_from_slice(&(size as u32).to_le_bytes());
    let end = rest.len() - 22;
    rest[end + 16..end + 20].copy_from_slice(&(file.len() as u32).to_le_bytes());
    file.extend(rest);
    file
}

/// Writes bits as a stream has them: numbers least significant bit first, codes most significant
/// first.
#[derive(Clone, Default)]
pub struct BitWriter {
    bits: Vec<bool>,
}

impl BitWriter {
    /// The lowest bits of a number.
    pub fn number(mut self, value: usize, bits: usize) -> Self {
        self.bits.extend((0..bits).map(|i| value as u64 >> i & 1 == 1));
        self
    }

    /// A code, as a text of 0 and 1.
    pub fn code(mut self, code: &str) -> Self {
        self.bits.extend(code.bytes().map(|bit| bit == b'1'));
        self
    }

    /// The last byte filled up with zeros.
    pub fn bytes(self) -> Vec<u8> {
        let byte =
            |bits: &[bool]| bits.iter().rev().fold(0, |byte, &bit| byte << 1 | u8::from(bit));
        self.bits.chunks(8).map(byte).collect()
    }

    /// A last block with fixed codes; 'a' is 10010001.
    pub fn fixed() -> Self {
        Self::default().number(1, 1).number(1, 2)
    }

    /// A last block with its own codes: the code-length code gives the listed lengths to symbols
    /// 16, 17, 18, 0, 8, 7, 9 …
    pub fn dynamic(literals: usize, distances: usize, code_lengths: &[usize]) -> Self {
        let header = Self::default().number(1, 1).number(2, 2);
        let header = header.number(literals - 257, 5).number(distances - 1, 5);
        let header = header.number(code_lengths.len() - 4, 4);
        code_lengths.iter().fold(header, |bits, &length| bits.number(length, 3))
    }
}
