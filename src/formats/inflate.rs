//! Decompression of DEFLATE data (RFC 1951): stored, fixed and dynamic blocks.
//!
//! All input and all output are in memory; no streaming, no compression.
//! What `puff.c` does, with a table in front of its decoding loop, for speed.

use std::fmt;

/// What is wrong with the compressed data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InflateError {
    /// The input ends within a block.
    UnexpectedEnd,
    /// The block type 3, which is reserved.
    BlockType,
    /// A stored block's length and its complement do not agree.
    StoredLength {
        /// LEN
        length: u16,
        /// NLEN, which must be its complement
        complement: u16,
    },
    /// A dynamic block announces more codes than there are.
    TooManyCodes {
        /// HLIT + 257, at most 286
        literals: usize,
        /// HDIST + 1, at most 30
        distances: usize,
    },
    /// The list of code lengths begins with a repetition of the one before.
    NothingToRepeat,
    /// A repetition in the list of code lengths runs over the list's end.
    TooManyLengths {
        /// How many lengths there should be
        expected: usize,
        /// How many there are
        found: usize,
    },
    /// The lengths make no prefix code: too many codes for their lengths, or too few.
    HuffmanCode(CodeKind),
    /// A block has no code for its own end.
    NoEndOfBlock,
    /// Bits that are no code, or the code of a reserved symbol.
    InvalidCode(CodeKind),
    /// A copy from before the start of the output.
    DistanceTooFar {
        /// How far back to copy from
        distance: usize,
        /// How much output there is
        available: usize,
    },
    /// There is more output than the caller allows.
    OutputLimit {
        /// The number of bytes allowed
        limit: usize,
    },
}

/// Which of a dynamic block's three Huffman codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeKind {
    /// The code of the other two codes' lengths
    Lengths,
    /// Literal bytes, lengths of copies, end of block
    Literals,
    /// Distances of copies
    Distances,
}

impl fmt::Display for CodeKind {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            CodeKind::Lengths => "code-length",
            CodeKind::Literals => "literal/length",
            CodeKind::Distances => "distance",
        })
    }
}

impl fmt::Display for InflateError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        use InflateError::*;
        match self {
            UnexpectedEnd => write!(f, "the compressed data end in the middle of a block"),
            BlockType => write!(f, "block type 3, where 0, 1 or 2 was expected"),
            StoredLength { length, complement } => write!(
                f,
                "a stored block's length {length:#06x} and its complement {complement:#06x} disagree"
            ),
            TooManyCodes { literals, distances } => write!(
                f,
                "{literals} literal and {distances} distance codes, where at most 286 and 30 are allowed"
            ),
            NothingToRepeat => write!(f, "a repeated code length with none before it"),
            TooManyLengths { expected, found } => {
                write!(f, "{found} code lengths, where {expected} were announced")
            }
            HuffmanCode(kind) => write!(f, "{kind} lengths that make no Huffman code"),
            NoEndOfBlock => write!(f, "a block without a code for its end"),
            InvalidCode(kind) => write!(f, "bits that are no {kind} code"),
            DistanceTooFar { distance, available } => {
                write!(f, "a copy from {distance} bytes back, where there are {available}")
            }
            OutputLimit { limit } => write!(f, "more than the {limit} bytes expected"),
        }
    }
}

impl std::error::Error for InflateError {}

/// Decompresses one DEFLATE stream from the start of `input`, appends what it holds to `output`,
/// and returns how many bytes of `input` it took. Copies reach back to `output`'s end as it was at
/// the call, not further.
///
/// # Errors
/// See [`InflateError`]. `output` then holds what came before the error. It is not extended beyond
/// `limit` bytes.
pub fn inflate(input: &[u8], output: &mut Vec<u8>, limit: usize) -> Result<usize, InflateError> {
    let mut bits = Bits::new(input);
    let mut output = Output { start: output.len(), bytes: output, limit };
    let mut fixed = None; // made once, at its first use
    loop {
        let last = bits.take(1)? == 1;
        match bits.take(2)? {
            0 => stored_block(&mut bits, &mut output)?,
            1 => {
                let (literals, distances) = fixed.get_or_insert_with(fixed_codes);
                compressed_block(&mut bits, &mut output, literals, distances)?;
            }
            2 => {
                let (literals, distances) = dynamic_codes(&mut bits)?;
                compressed_block(&mut bits, &mut output, &literals, &distances)?;
            }
            _ => return Err(InflateError::BlockType),
        }
        if last {
            return Ok(bits.bytes_taken());
        }
    }
}

/// Bits arrive in bytes from the least significant one up (RFC 1951, 3.1.1).
struct Bits<'a> {
    input: &'a [u8],
    /// The next byte of `input` that is not yet in `buffer`.
    next: usize,
    /// The `count` low bits are the next bits. Those above are 0 or the true ones to come.
    buffer: u64,
    count: u32,
}

impl<'a> Bits<'a> {
    fn new(input: &'a [u8]) -> Self {
        Self { input, next: 0, buffer: 0, count: 0 }
    }

    /// Makes `count` at least 56, or as much as is left.
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

    /// The next n ≤ 16 bits, the first of them least significant.
    fn take(&mut self, n: u32) -> Result<usize, InflateError> {
        if self.count < n {
            self.refill();
        }
        let value = self.buffer & ((1 << n) - 1);
        self.skip(n)?;
        Ok(value as usize)
    }

    fn skip(&mut self, n: u32) -> Result<(), InflateError> {
        if self.count < n {
            return Err(InflateError::UnexpectedEnd);
        }
        self.buffer >>= n;
        self.count -= n;
        Ok(())
    }

    /// Leaves out the rest of a byte that is begun, and gives back whole bytes that are only
    /// buffered.
    fn align_to_byte(&mut self) {
        self.next = self.bytes_taken();
        self.buffer = 0;
        self.count = 0;
    }

    /// How many bytes of the input are used, a begun one included.
    fn bytes_taken(&self) -> usize {
        self.next - self.count as usize / 8
    }
}

struct Output<'a> {
    bytes: &'a mut Vec<u8>,
    /// Where this stream's output begins: no copy reaches before it.
    start: usize,
    limit: usize,
}

impl Output<'_> {
    fn check_room(&self, n: usize) -> Result<(), InflateError> {
        if n > self.limit.saturating_sub(self.bytes.len()) {
            return Err(InflateError::OutputLimit { limit: self.limit });
        }
        Ok(())
    }

    /// Appends `length` bytes, each equal to the one `distance` before it. The copy may overlap
    /// itself: distance 1 repeats one byte.
    fn copy(&mut self, distance: usize, length: usize) -> Result<(), InflateError> {
        let available = self.bytes.len() - self.start;
        if distance > available {
            return Err(InflateError::DistanceTooFar { distance, available });
        }
        self.check_room(length)?;
        let from = self.bytes.len() - distance;
        if distance == 1 {
            self.bytes.resize(self.bytes.len() + length, self.bytes[from]);
            return Ok(());
        }
        // What is copied so far has the same period and can be copied from in turn.
        let end = self.bytes.len() + length;
        while self.bytes.len() < end {
            let n = (end - self.bytes.len()).min(self.bytes.len() - from);
            self.bytes.extend_from_within(from..from + n);
        }
        Ok(())
    }
}

/// 3.2.4: from the next byte on, the length, its complement, then that many bytes as they are.
fn stored_block(bits: &mut Bits, output: &mut Output) -> Result<(), InflateError> {
    bits.align_to_byte();
    let length = bits.take(16)? as u16;
    let complement = bits.take(16)? as u16;
    if length != !complement {
        return Err(InflateError::StoredLength { length, complement });
    }
    bits.align_to_byte();
    let length = usize::from(length);
    let bytes = bits.input[bits.next..].get(..length);
    let bytes = bytes.ok_or(InflateError::UnexpectedEnd)?;
    output.check_room(length)?;
    output.bytes.extend_from_slice(bytes);
    bits.next += length;
    Ok(())
}

/// 3.2.5: the length symbols 257 to 285 as (shortest length, number of extra bits).
#[rustfmt::skip]
const LENGTHS: [(u16, u32); 29] = [
    (3, 0), (4, 0), (5, 0), (6, 0), (7, 0), (8, 0), (9, 0), (10, 0),
    (11, 1), (13, 1), (15, 1), (17, 1), (19, 2), (23, 2), (27, 2), (31, 2),
    (35, 3), (43, 3), (51, 3), (59, 3), (67, 4), (83, 4), (99, 4), (115, 4),
    (131, 5), (163, 5), (195, 5), (227, 5), (258, 0),
];

/// 3.2.5: the distance symbols 0 to 29 as (shortest distance, number of extra bits).
#[rustfmt::skip]
const DISTANCES: [(u16, u32); 30] = [
    (1, 0), (2, 0), (3, 0), (4, 0), (5, 1), (7, 1), (9, 2), (13, 2), (17, 3), (25, 3),
    (33, 4), (49, 4), (65, 5), (97, 5), (129, 6), (193, 6), (257, 7), (385, 7), (513, 8), (769, 8),
    (1025, 9), (1537, 9), (2049, 10), (3073, 10), (4097, 11), (6145, 11),
    (8193, 12), (12289, 12), (16385, 13), (24577, 13),
];

const END_OF_BLOCK: usize = 256;

/// 3.2.3: literal bytes, and copies of earlier output, until the end-of-block symbol.
fn compressed_block(
    bits: &mut Bits,
    output: &mut Output,
    literals: &Huffman,
    distances: &Huffman,
) -> Result<(), InflateError> {
    loop {
        // 56 bits are enough for one turn: 15 + 5 for a length, 15 + 13 for a distance.
        bits.refill();
        let symbol = literals.decode(bits)?;
        if symbol < END_OF_BLOCK {
            output.check_room(1)?;
            output.bytes.push(symbol as u8);
        } else if symbol == END_OF_BLOCK {
            return Ok(());
        } else {
            let length = value(bits, &LENGTHS, symbol - 257, CodeKind::Literals)?;
            let symbol = distances.decode(bits)?;
            let distance = value(bits, &DISTANCES, symbol, CodeKind::Distances)?;
            output.copy(distance, length)?;
        }
    }
}

/// The table's base value for the symbol, plus the extra bits that follow it.
fn value(
    bits: &mut Bits,
    table: &[(u16, u32)],
    symbol: usize,
    kind: CodeKind,
) -> Result<usize, InflateError> {
    // Fixed codes have room for two symbols that are reserved.
    let &(base, extra) = table.get(symbol).ok_or(InflateError::InvalidCode(kind))?;
    Ok(usize::from(base) + bits.take(extra)?)
}

/// 3.2.6: the codes of a block that brings none of its own.
fn fixed_codes() -> (Huffman, Huffman) {
    let literals: [u8; 288] = std::array::from_fn(|symbol| match symbol {
        0..144 => 8,
        144..256 => 9,
        256..280 => 7,
        _ => 8,
    });
    let literals = Huffman::new(&literals, CodeKind::Literals);
    // With all 32 lengths the code is complete; the two last symbols are reserved.
    let distances = Huffman::new(&[5; 32], CodeKind::Distances);
    let complete = "the fixed codes are complete";
    (literals.expect(complete), distances.expect(complete))
}

/// 3.2.7: a block's own codes, as lists of code lengths that are Huffman-coded themselves.
fn dynamic_codes(bits: &mut Bits) -> Result<(Huffman, Huffman), InflateError> {
    /// The order in which the code-length code's own lengths come: the likeliest first.
    const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    let literals = bits.take(5)? + 257;
    let distances = bits.take(5)? + 1;
    let code_lengths = bits.take(4)? + 4;
    if literals > 286 || distances > 30 {
        return Err(InflateError::TooManyCodes { literals, distances });
    }
    let mut lengths = [0; 19];
    for &symbol in &ORDER[..code_lengths] {
        lengths[symbol] = bits.take(3)? as u8;
    }
    let code = Huffman::new(&lengths, CodeKind::Lengths)?;

    // One list for both codes: a repetition may run from the first into the second.
    let total = literals + distances;
    let mut lengths = Vec::with_capacity(total);
    while lengths.len() < total {
        bits.refill();
        let (length, times) = match code.decode(bits)? {
            16 => {
                let &previous = lengths.last().ok_or(InflateError::NothingToRepeat)?;
                (previous, 3 + bits.take(2)?)
            }
            17 => (0, 3 + bits.take(3)?),
            18 => (0, 11 + bits.take(7)?),
            length => (length as u8, 1),
        };
        lengths.resize(lengths.len() + times, length);
    }
    if lengths.len() > total {
        return Err(InflateError::TooManyLengths { expected: total, found: lengths.len() });
    }
    if lengths[END_OF_BLOCK] == 0 {
        return Err(InflateError::NoEndOfBlock);
    }
    let (literals, distances) = lengths.split_at(literals);
    Ok((Huffman::new(literals, CodeKind::Literals)?, Huffman::new(distances, CodeKind::Distances)?))
}

/// A canonical Huffman code (3.2.2): its lengths alone say which bits stand for which symbol. Codes
/// of one length are consecutive numbers, in the order of their symbols; shorter codes come before
/// longer ones.
struct Huffman {
    kind: CodeKind,
    /// For the next `TABLE_BITS` bits: the symbol · 16 + its code's length. 0: a longer code, or
    /// none.
    table: Box<[u16; 1 << TABLE_BITS]>,
    /// How many codes there are of each length.
    counts: [u16; MAX_LENGTH + 1],
    /// The symbols in the order of their codes.
    symbols: Vec<u16>,
}

const MAX_LENGTH: usize = 15;

/// Nearly all symbols of a text have a code this short; a larger table takes longer to fill than it
/// saves.
const TABLE_BITS: usize = 10;

impl Huffman {
    /// The code in which symbol s has `lengths[s]` bits, or none where that is 0.
    fn new(lengths: &[u8], kind: CodeKind) -> Result<Self, InflateError> {
        let mut counts = [0; MAX_LENGTH + 1];
        for &length in lengths {
            counts[usize::from(length)] += 1;
        }
        let used = lengths.len() - usize::from(counts[0]);
        counts[0] = 0;

        // Of all strings of `length` bits, how many does no shorter code begin?
        let mut free = 1_i32;
        // offsets[length]: where that length's symbols start in `symbols`.
        let mut offsets = [0; MAX_LENGTH + 2];
        for length in 1..=MAX_LENGTH {
            free = 2 * free - i32::from(counts[length]);
            if free < 0 {
                return Err(InflateError::HuffmanCode(kind));
            }
            offsets[length + 1] = offsets[length] + usize::from(counts[length]);
        }
        // Strings left over: only where there is nothing to tell apart. zlib allows the same.
        let single = used == 1 && counts[1] == 1 && kind != CodeKind::Lengths;
        let none = used == 0 && kind == CodeKind::Distances;
        if free > 0 && !single && !none {
            return Err(InflateError::HuffmanCode(kind));
        }

        let mut symbols = vec![0; used];
        let mut place = offsets;
        for (symbol, &length) in lengths.iter().enumerate() {
            if length > 0 {
                let place = &mut place[usize::from(length)];
                symbols[*place] = symbol as u16;
                *place += 1;
            }
        }

        let mut table = Box::new([0; 1 << TABLE_BITS]);
        let mut code = 0_u16;
        for length in 1..=TABLE_BITS {
            for &symbol in &symbols[offsets[length]..offsets[length + 1]] {
                // A code arrives most significant bit first, but in the buffer the first bit is the
                // least significant. Whatever bits follow it, the entry is the same.
                let reversed = usize::from(code.reverse_bits() >> (16 - length));
                for entry in table[reversed..].iter_mut().step_by(1 << length) {
                    *entry = symbol << 4 | length as u16;
                }
                code += 1;
            }
            code <<= 1;
        }
        Ok(Self { kind, table, counts, symbols })
    }

    /// The symbol of the next code. The caller has refilled `bits`.
    fn decode(&self, bits: &mut Bits) -> Result<usize, InflateError> {
        let entry = self.table[bits.buffer as usize % (1 << TABLE_BITS)];
        if entry == 0 {
            return self.decode_bit_by_bit(bits);
        }
        bits.skip(u32::from(entry & 15))?;
        Ok(usize::from(entry >> 4))
    }

    /// For each length in turn: is the code read so far one of that length? Source: `puff.c`.
    fn decode_bit_by_bit(&self, bits: &mut Bits) -> Result<usize, InflateError> {
        let mut code = 0;
        let mut first = 0; // the first code of this length
        let mut index = 0; // its place in `symbols`
        for count in &self.counts[1..] {
            let count = usize::from(*count);
            code |= bits.take(1)?;
            if code < first + count {
                return Ok(usize::from(self.symbols[index + code - first]));
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        Err(InflateError::InvalidCode(self.kind))
    }
}
