//! Decompression of DEFLATE data (RFC 1951), the content of gzip and zip files. The method is that of
//! Mark Adler's `puff.c`, with a table for short codes that makes it faster.
//!
//! The data are a sequence of bits (3.1.1). The first bit is the lowest bit of the first byte. The
//! first bit of a number is its lowest bit, but that of a Huffman code is its highest bit. The bits
//! form blocks (3.2.3):
//!
//! ```text
//! 1 bit             1 in the last block, otherwise 0
//! 2 bits            0 stored, 1 fixed codes, 2 dynamic codes, 3 reserved
//!
//! stored block      the rest of the current byte, ignored
//!                   2 bytes LEN, 2 bytes NLEN (all bits of LEN inverted), LEN bytes of output
//! fixed codes       symbols, in the two codes that 3.2.6 defines
//! dynamic codes     5 bits HLIT, 5 bits HDIST, 4 bits HCLEN
//!                   HCLEN + 4 times 3 bits: the lengths of a third code. In this third code:
//!                   HLIT + 257 code lengths for literals and lengths, HDIST + 1 for distances;
//!                   then symbols, in the two codes with these code lengths
//!
//! symbol 0 - 255    one byte of output
//! symbol 256        the end of the block
//! symbol 257 - 285  a copy of earlier output: this symbol and extra bits give its length, a symbol
//!                   of the distance code and extra bits give its distance
//! ```

use std::sync::LazyLock;

use super::{FormatError, error};

/// Decompresses one DEFLATE stream from the start of `input`, appends the result to `output`, and
/// returns the length of the stream in bytes. The stream cannot copy from the bytes that `output`
/// contained before. If `output` would have more than `limit` bytes, the error is [`too_long`].
pub fn inflate(input: &[u8], output: &mut Vec<u8>, limit: usize) -> Result<usize, FormatError> {
    let mut bits = Bits { input, next: 0, buffer: 0, count: 0 };
    let mut output = Output { start: output.len(), bytes: output, limit };
    loop {
        let last = bits.take(1)? == 1;
        match bits.take(2)? {
            0 => stored_block(&mut bits, &mut output)?,
            1 => compressed_block(&mut bits, &mut output, &FIXED_CODES)?,
            2 => {
                let codes = dynamic_codes(&mut bits)?;
                compressed_block(&mut bits, &mut output, &codes)?;
            }
            _ => return error("expected a block of type 0, 1 or 2, found type 3"),
        }
        if last {
            return Ok(bits.bytes_taken());
        }
    }
}

/// A stored block (3.2.4).
fn stored_block(bits: &mut Bits, output: &mut Output) -> Result<(), FormatError> {
    let rest = &bits.input[bits.bytes_taken()..];
    let (&[a, b, c, d], rest) = rest.split_first_chunk().ok_or(END_OF_DATA)?;
    let (length, complement) = (u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d]));
    if length != !complement {
        let pair = format!("length {length:#06x} and its complement {complement:#06x}");
        return error(format!("a stored block's {pair} disagree"));
    }
    let (bytes, rest) = rest.split_at_checked(length.into()).ok_or(END_OF_DATA)?;
    output.check_room(bytes.len())?;
    output.bytes.extend_from_slice(bytes);
    *bits = Bits { next: bits.input.len() - rest.len(), buffer: 0, count: 0, ..*bits };
    Ok(())
}

/// For each length symbol, 257 to 285 (3.2.5): the shortest length, the number of extra bits.
#[rustfmt::skip]
const LENGTHS: [(u16, u32); 29] = [
    (3, 0), (4, 0), (5, 0), (6, 0), (7, 0), (8, 0), (9, 0), (10, 0),
    (11, 1), (13, 1), (15, 1), (17, 1), (19, 2), (23, 2), (27, 2), (31, 2),
    (35, 3), (43, 3), (51, 3), (59, 3), (67, 4), (83, 4), (99, 4), (115, 4),
    (131, 5), (163, 5), (195, 5), (227, 5), (258, 0),
];

/// For each distance symbol, 0 to 29 (3.2.5): the shortest distance, the number of extra bits.
#[rustfmt::skip]
const DISTANCES: [(u16, u32); 30] = [
    (1, 0), (2, 0), (3, 0), (4, 0), (5, 1), (7, 1), (9, 2), (13, 2), (17, 3), (25, 3),
    (33, 4), (49, 4), (65, 5), (97, 5), (129, 6), (193, 6), (257, 7), (385, 7), (513, 8), (769, 8),
    (1025, 9), (1537, 9), (2049, 10), (3073, 10), (4097, 11), (6145, 11),
    (8193, 12), (12289, 12), (16385, 13), (24577, 13),
];

const END_OF_BLOCK: usize = 256;
const END_OF_DATA: &str = "the compressed data end in the middle of a block";

/// The symbols of a block with fixed or dynamic codes (3.2.3).
fn compressed_block(
    bits: &mut Bits, output: &mut Output, (literals, distances): &(Huffman, Huffman),
) -> Result<(), FormatError> {
    loop {
        // 56 bits are enough for one copy: 15 + 5 for the length, 15 + 13 for the distance.
        bits.refill();
        let symbol = literals.decode(bits)?;
        if symbol < END_OF_BLOCK {
            output.check_room(1)?;
            output.bytes.push(symbol as u8);
        } else if symbol == END_OF_BLOCK {
            return Ok(());
        } else {
            // A value is the symbol's smallest one plus the number in its extra bits. Each fixed code
            // has two more symbols than its table. These two are reserved.
            let (base, extra) = *LENGTHS.get(symbol - 257).ok_or_else(|| literals.not_a_code())?;
            let length = usize::from(base) + bits.take(extra)?;
            let symbol = distances.decode(bits)?;
            let (base, extra) = *DISTANCES.get(symbol).ok_or_else(|| distances.not_a_code())?;
            output.copy(usize::from(base) + bits.take(extra)?, length)?;
        }
    }
}

/// The fixed codes (3.2.6). They are made only once, because a gzip file can have a million members.
static FIXED_CODES: LazyLock<(Huffman, Huffman)> = LazyLock::new(|| {
    let literals = [&[8; 144][..], &[9; 112], &[7; 24], &[8; 8]].concat();
    // The last two of the 32 symbols are reserved, but without them the code is not complete.
    let codes = [Huffman::new(&literals, LITERAL_CODE), Huffman::new(&[5; 32], DISTANCE_CODE)];
    codes.map(|code| code.expect("the fixed codes are complete")).into()
});

/// Reads the two codes of a dynamic block (3.2.7).
fn dynamic_codes(bits: &mut Bits) -> Result<(Huffman, Huffman), FormatError> {
    /// The order in which the lengths of the third code are stored. Zeros at the end are left out.
    const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    let literals = bits.take(5)? + 257;
    let distances = bits.take(5)? + 1;
    let code_lengths = bits.take(4)? + 4;
    if literals > 286 || distances > 30 {
        let found = format!("found {literals} and {distances}");
        return error(format!("expected at most 286 literal and 30 distance codes, {found}"));
    }
    let mut lengths = [0; 19];
    for &symbol in &ORDER[..code_lengths] {
        lengths[symbol] = bits.take(3)? as u8;
    }
    let code = Huffman::new(&lengths, CODE_LENGTH_CODE)?;

    // One list for both codes: a repetition may begin in the first and end in the second.
    let total = literals + distances;
    let mut lengths = [0; 286 + 30 + 137]; // the last of them may be repeated beyond the end
    let mut count = 0;
    while count < total {
        bits.refill();
        let (length, times) = match code.decode(bits)? {
            16 => {
                let nothing = "the first code length is a repetition: there is nothing to repeat";
                let previous = lengths[..count].last().ok_or(nothing)?;
                (*previous, 3 + bits.take(2)?)
            }
            17 => (0, 3 + bits.take(3)?),
            18 => (0, 11 + bits.take(7)?),
            length => (length as u8, 1),
        };
        lengths[count..count + times].fill(length);
        count += times;
    }
    if count > total {
        return error(format!("expected {total} code lengths, found {count}"));
    }
    if lengths[END_OF_BLOCK] == 0 {
        return error("the end of the block has no code");
    }
    let (literals, distances) = lengths[..total].split_at(literals);
    Ok((Huffman::new(literals, LITERAL_CODE)?, Huffman::new(distances, DISTANCE_CODE)?))
}

const CODE_LENGTH_CODE: &str = "code-length";
const LITERAL_CODE: &str = "literal/length";
const DISTANCE_CODE: &str = "distance";

/// A canonical Huffman code (3.2.2). The code lengths alone determine it: codes of the same length
/// are consecutive numbers, in the order of their symbols, and shorter codes come before longer
/// ones. Lengths of 2, 1, 3, 3 for the symbols 0 to 3 give the codes 10, 0, 110, 111.
struct Huffman {
    name: &'static str,
    /// The number of codes of each length.
    counts: [u16; MAX_LENGTH + 1],
    /// The symbols in the order of their codes.
    symbols: Vec<u16>,
    /// For each value of the next bits, `TABLE_BITS` or as many as the longest code has:
    /// 16 · symbol + code length. 0 if the code is longer, or if there is none.
    table: Vec<u16>,
}

const MAX_LENGTH: usize = 15;

/// Nearly all codes are this short. To fill a larger table takes more time than the table saves.
const TABLE_BITS: usize = 10;

impl Huffman {
    /// The code in which symbol s has `lengths[s]` bits. If that is 0, the symbol has no code.
    fn new(lengths: &[u8], name: &'static str) -> Result<Self, FormatError> {
        let mut counts = [0; MAX_LENGTH + 1];
        lengths.iter().for_each(|&length| counts[usize::from(length)] += 1);
        counts[0] = 0;
        // The place in `symbols` of the next symbol with this length.
        let mut places = [0; MAX_LENGTH + 2];
        // The number of strings of MAX_LENGTH bits that do not begin with a code.
        let mut free = 1_i32 << MAX_LENGTH;
        for length in 1..=MAX_LENGTH {
            places[length + 1] = places[length] + usize::from(counts[length]);
            free -= i32::from(counts[length]) << (MAX_LENGTH - length);
        }
        let mut symbols = vec![0; places[MAX_LENGTH + 1]];
        for (symbol, &length) in lengths.iter().enumerate().filter(|(_, length)| **length > 0) {
            let place = &mut places[usize::from(length)];
            symbols[*place] = symbol as u16;
            *place += 1;
        }
        // Free strings are allowed if there is only one code, of one bit, or no distance code at all.
        let single = symbols.len() == 1 && counts[1] == 1 && name != CODE_LENGTH_CODE;
        let none = symbols.is_empty() && name == DISTANCE_CODE;
        if free < 0 || free > 0 && !single && !none {
            return error(format!("the lengths of the {name} code do not form a Huffman code"));
        }
        let longest = counts.iter().rposition(|&count| count > 0).unwrap_or(0).min(TABLE_BITS);
        let (mut table, mut code, mut next) = (vec![0; 1 << longest], 0_u16, symbols.iter());
        for (length, &count) in counts.iter().enumerate().take(longest + 1).skip(1) {
            code <<= 1;
            for &symbol in next.by_ref().take(count.into()) {
                // The first bit of a code is its highest, but the first bit of the buffer is the
                // lowest: reverse the code. Its entry is the same for all bits that can follow it.
                let reversed = usize::from(code.reverse_bits() >> (16 - length));
                for entry in table[reversed..].iter_mut().step_by(1 << length) {
                    *entry = symbol << 4 | length as u16;
                }
                code += 1;
            }
        }
        Ok(Self { name, counts, symbols, table })
    }

    /// Reads the next code and returns its symbol. The caller has refilled `bits`.
    fn decode(&self, bits: &mut Bits) -> Result<usize, FormatError> {
        let entry = self.table[bits.buffer as usize & (self.table.len() - 1)];
        if entry != 0 {
            bits.skip(u32::from(entry & 15))?;
            return Ok(usize::from(entry >> 4));
        }
        // Bit by bit. The codes of one length are consecutive: their first and their number are enough.
        let (mut code, mut first, mut place) = (0, 0, 0);
        for count in &self.counts[1..] {
            let count = usize::from(*count);
            code = code << 1 | bits.take(1)?;
            if code < first + count {
                return Ok(usize::from(self.symbols[place + code - first]));
            }
            place += count;
            first = (first + count) << 1;
        }
        Err(self.not_a_code())
    }

    /// The error for bits that are not a code, or the code of a reserved symbol.
    fn not_a_code(&self) -> FormatError {
        format!("found bits that are not a {} code", self.name).into()
    }
}

/// The input as a sequence of bits.
struct Bits<'a> {
    input: &'a [u8],
    /// The next byte of `input` that is not yet in `buffer`.
    next: usize,
    /// The lowest `count` bits are the next bits. The others are 0, or the bits that come next.
    buffer: u64,
    count: u32,
}

impl Bits<'_> {
    /// Makes `count` at least 56, or the number of all bits that are left.
    fn refill(&mut self) {
        if let Some(eight) = self.input[self.next..].first_chunk::<8>() {
            self.buffer |= u64::from_le_bytes(*eight) << self.count;
            let bytes = (63 - self.count) / 8;
            self.next += bytes as usize;
            self.count += bytes * 8;
            return;
        }
        while self.count < 56 && self.next < self.input.len() {
            self.buffer |= u64::from(self.input[self.next]) << self.count;
            self.next += 1;
            self.count += 8;
        }
    }

    /// The next n ≤ 16 bits as a number.
    fn take(&mut self, n: u32) -> Result<usize, FormatError> {
        if self.count < n {
            self.refill();
        }
        let value = self.buffer & ((1 << n) - 1);
        self.skip(n)?;
        Ok(value as usize)
    }

    fn skip(&mut self, n: u32) -> Result<(), FormatError> {
        if self.count < n {
            return error(END_OF_DATA);
        }
        self.buffer >>= n;
        self.count -= n;
        Ok(())
    }

    /// The number of input bytes of which at least one bit is used.
    fn bytes_taken(&self) -> usize {
        self.next - self.count as usize / 8
    }
}

/// The error of [`inflate`] if `output` would have more than `limit` bytes.
pub fn too_long(limit: usize) -> FormatError {
    format!("expected at most {limit} bytes, found more").into()
}

struct Output<'a> {
    bytes: &'a mut Vec<u8>,
    /// The length of `bytes` at the start of the stream.
    start: usize,
    limit: usize,
}

impl Output<'_> {
    fn check_room(&self, n: usize) -> Result<(), FormatError> {
        if n > self.limit.saturating_sub(self.bytes.len()) {
            return Err(too_long(self.limit));
        }
        Ok(())
    }

    /// Appends `length` bytes; each is a copy of the byte that is `distance` bytes before it.
    fn copy(&mut self, distance: usize, length: usize) -> Result<(), FormatError> {
        let available = self.bytes.len() - self.start;
        if distance > available {
            let back = format!("a copy begins {distance} bytes back");
            return error(format!("{back}, but the output has length {available}"));
        }
        self.check_room(length)?;
        let from = self.bytes.len() - distance;
        if distance == 1 {
            self.bytes.resize(self.bytes.len() + length, self.bytes[from]);
            return Ok(());
        }
        // The bytes from `from` to the end repeat. Each step copies all of them, or as many as are
        // still needed: the next step can copy twice as many.
        let end = self.bytes.len() + length;
        while self.bytes.len() < end {
            let n = (end - self.bytes.len()).min(self.bytes.len() - from);
            self.bytes.extend_from_within(from..from + n);
        }
        Ok(())
    }
}
