//! DEFLATE and gzip: streams made by zlib, streams written by hand from the RFCs, and every error.

use crate::common::fixtures;
use crate::common::megabyte::BitWriter;
use crate::common::sha256::sha256;
use from_zero::formats::crc32::crc32;
use from_zero::formats::gzip::{decompress, is_gzip};
use from_zero::formats::inflate::{inflate, too_long};

// Raw DEFLATE streams of TEXT by Python's zlib 1.2.13: strategy Z_FIXED, the default strategy at
// level 9, level 0, and Z_HUFFMAN_ONLY; and a gzip member of "hello, hello" with all five optional
// flags.
#[rustfmt::skip]
const FIXED: &[u8] = b"\
    \x4b\x2b\xca\xcf\x55\xa8\x4a\x2d\xca\xd7\x51\x48\xc3\xc2\x54\x28\xc9\x57\xc8\xcf\x4b\xb5\x56\x60\x60\x64\x62\x66\x61\x65\x63\xe7\xe0\xe4\xe2\xe6\xe1\xe5\xe3\x17\
    \x10\x14\x12\x16\x11\x15\x13\x97\x90\x94\x92\x96\x91\x95\x93\x57\x50\x54\x52\x56\x51\x55\x53\xd7\xd0\xd4\xd2\xd6\xd1\xd5\xd3\x37\x30\x34\x32\x36\x31\x35\x33\xb7\
    \xb0\xb4\xb2\xb6\xb1\xb5\xb3\x07\x1a\xa2\xa3\x80\x42\x00\x00\
";
#[rustfmt::skip]
const DYNAMIC: &[u8] = b"\
    \x4b\x2b\xca\xcf\x55\xa8\x4a\x2d\xca\xd7\x51\x48\xc3\xc2\x54\x28\xc9\x57\xc8\xcf\x4b\xb5\x56\x60\x60\x64\x62\x66\x61\x65\x63\xe7\xe0\xe4\xe2\xe6\xe1\xe5\xe3\x17\
    \x10\x14\x12\x16\x11\x15\x13\x97\x90\x94\x92\x96\x91\x95\x93\x57\x50\x54\x52\x56\x51\x55\x53\xd7\xd0\xd4\xd2\xd6\xd1\xd5\xd3\x37\x30\x34\x32\x36\x31\x35\x33\xb7\
    \xb0\xb4\xb2\xb6\xb1\xb5\xb3\x07\x1a\xa2\xa3\x80\x42\x00\x00\
";
#[rustfmt::skip]
const STORED: &[u8] = b"\
    \x01\x7a\x00\x85\xff\x66\x72\x6f\x6d\x20\x7a\x65\x72\x6f\x2c\x20\x66\x72\x6f\x6d\x20\x7a\x65\x72\x6f\x2c\x20\x66\x72\x6f\x6d\x20\x7a\x65\x72\x6f\x20\x74\x6f\x20\
    \x6f\x6e\x65\x3b\x20\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x20\x21\x22\
    \x23\x24\x25\x26\x27\x28\x29\x2a\x2b\x2c\x2d\x2e\x2f\x30\x31\x32\x33\x34\x35\x36\x37\x38\x39\x3a\x3b\x3c\x3d\x3e\x3f\x6f\x6e\x65\x2c\x20\x6f\x6e\x65\x2c\x20\x6f\
    \x6e\x65\x2c\x20\x6f\x6e\x65\
";
#[rustfmt::skip]
const HUFFMAN_ONLY: &[u8] = b"\
    \x05\xc1\x45\x12\x02\x41\x0c\x05\x50\xdc\xdd\x7d\x82\x5b\x70\x67\x90\xd3\xa4\x77\xdd\xbf\x2a\xc5\x6a\x4e\xcf\x7b\x46\x61\x29\x10\x05\x93\x51\x58\x0a\x44\xc1\x64\
    \x14\x96\x02\x51\xd0\x0f\x04\x27\x3e\x85\xc2\x91\x68\x2c\x9e\x48\xa6\xd2\x99\x6c\x2e\x5f\x28\x96\xca\x95\x6a\xad\xde\x68\xb6\xda\x9d\x6e\xaf\x3f\xf0\x68\x38\x1a\
    \x4f\xa6\xb3\xf9\x62\xb9\x5a\xf3\x66\xbb\xdb\x1f\x8e\xa7\xf3\xe5\x7a\xbb\x3f\x9e\xfe\xeb\xfd\xf9\xc2\x09\x13\x9c\x30\xc1\x09\x13\x9c\xfc\x01\
";
#[rustfmt::skip]
const EVERY_FLAG: &[u8] = b"\
    \x1f\x8b\x08\x1f\x00\x00\x00\x00\x02\x03\x05\x00\x65\x78\x74\x72\x61\x6e\x61\x6d\x65\x2e\x62\x69\x6e\x00\x61\x20\x63\x6f\x6d\x6d\x65\x6e\x74\x00\x18\xca\xcb\x48\
    \xcd\xc9\xc9\xd7\x51\xc8\x00\x51\x00\xff\xc5\xcc\xf3\x0c\x00\x00\x00\
";

/// What the streams above hold.
fn text() -> Vec<u8> {
    let mut text = b"from zero, from zero, from zero to one; ".to_vec();
    text.extend(0..64);
    text.extend(b"one, one, one, one");
    text
}

/// The decompressed bytes, or the sentence of the error.
fn inflated(input: &[u8]) -> Result<Vec<u8>, String> {
    let mut output = Vec::new();
    let taken = inflate(input, &mut output, 1 << 20).map_err(|error| error.to_string())?;
    assert!(taken <= input.len());
    Ok(output)
}

/// Checks that these bytes are refused with this sentence.
#[track_caller]
fn assert_refused(input: &[u8], sentence: &str) {
    assert_eq!(inflated(input), Err(sentence.to_string()));
}

const ENDS: &str = "the compressed data end in the middle of a block";
const NO_LITERAL_CODE: &str = "found bits that are not a literal/length code";
const NO_DISTANCE_CODE: &str = "found bits that are not a distance code";

#[test]
fn zlibs_streams_of_every_kind_of_block() {
    for (stream, block_type) in [(STORED, 0), (FIXED, 1), (DYNAMIC, 1), (HUFFMAN_ONLY, 2)] {
        let mut output = Vec::new();
        assert_eq!(inflate(stream, &mut output, 1000), Ok(stream.len()));
        assert!(output == text(), "expected the text of {} bytes, found other bytes", text().len());
        assert_eq!(stream[0] >> 1 & 3, block_type);
    }
}

#[test]
fn what_follows_a_stream_is_left_alone() {
    for stream in [STORED, FIXED, DYNAMIC, HUFFMAN_ONLY] {
        let mut longer = stream.to_vec();
        longer.extend([0xff; 20]);
        let mut output = Vec::new();
        assert_eq!(inflate(&longer, &mut output, 1000), Ok(stream.len()));
        assert!(output == text(), "expected the text of {} bytes, found other bytes", text().len());
    }
}

#[test]
fn a_stream_cut_off_anywhere_says_so() {
    for stream in [STORED, FIXED, DYNAMIC, HUFFMAN_ONLY] {
        for length in 0..stream.len() {
            assert_eq!(inflated(&stream[..length]), Err(ENDS.to_string()), "{length}");
        }
    }
}

#[test]
fn output_stops_at_the_limit() {
    for stream in [STORED, FIXED, DYNAMIC, HUFFMAN_ONLY] {
        for limit in [0, 1, 50, text().len() - 1] {
            let mut output = Vec::new();
            let outcome = inflate(stream, &mut output, limit);
            assert_eq!(outcome, Err(too_long(limit)));
            assert!(output.len() <= limit);
        }
        assert!(inflate(stream, &mut Vec::new(), text().len()).is_ok());
    }
}

const A: &str = "10010001";
const END: &str = "0000000";

#[test]
fn a_fixed_block_written_by_hand() {
    // a, then length 3 (0000001) at distance 1 (00000): the copy overlaps itself.
    let block = BitWriter::fixed().code(A).code("0000001").code("00000").code(END);
    assert_eq!(inflated(&block.bytes()), Ok(b"aaaa".to_vec()));
    // The longest copy: 258 is symbol 285 (11000101) without extra bits; also 284 (11000100) with
    // 31.
    for longest in [("11000101", 0, 0), ("11000100", 31, 5)] {
        let (code, extra, bits) = longest;
        let block = BitWriter::fixed().code(A).code(code).number(extra, bits);
        let block = block.code("00000").code(END);
        let output = inflated(&block.bytes()).expect("a copy of 258 bytes");
        assert!(output == [b'a'; 259], "expected 259 times a, found {} bytes", output.len());
    }
}

#[test]
fn copies_that_overlap_at_a_distance_of_more_than_one() {
    // a b c (10010010, 10010011), then length 10 (symbol 264: 0001000) at distance 3 (00010).
    let block = BitWriter::fixed().code(A).code("10010010").code("10010011");
    let block = block.code("0001000").code("00010").code(END);
    assert_eq!(inflated(&block.bytes()), Ok(b"abcabcabcabca".to_vec()));
}

#[test]
fn a_copy_from_before_the_start_is_refused() {
    // One byte, then distance 2 (00001).
    let block = BitWriter::fixed().code(A).code("0000001").code("00001").code(END).bytes();
    let sentence = "a copy begins 2 bytes back, but the output has length 1";
    assert_refused(&block, sentence);
    // Also where the caller's buffer holds something already.
    let mut output = b"earlier".to_vec();
    let error = inflate(&block, &mut output, 100).expect_err(sentence);
    assert_eq!(error.to_string(), sentence);
}

#[test]
fn reserved_symbols_and_block_types_are_refused() {
    let reserved = BitWriter::default().number(1, 1).number(3, 2).bytes();
    assert_refused(&reserved, "expected a block of type 0, 1 or 2, found type 3");
    // Length symbols 286 (11000110) and 287, distance symbols 30 (11110) and 31.
    for code in ["11000110", "11000111"] {
        let block = BitWriter::fixed().code(A).code(code).code("0000000000000000");
        assert_refused(&block.bytes(), NO_LITERAL_CODE);
    }
    for code in ["11110", "11111"] {
        let block = BitWriter::fixed().code(A).code("0000001").code(code).code(END);
        assert_refused(&block.bytes(), NO_DISTANCE_CODE);
    }
}

#[test]
fn a_stored_block_needs_its_complement() {
    let sentence = "a stored block's length 0x0005 and its complement 0x0005 disagree";
    assert_refused(&[1, 5, 0, 5, 0], sentence);
    assert_eq!(inflated(&[1, 2, 0, 0xfd, 0xff, b'o', b'k']), Ok(b"ok".to_vec()));
    assert_eq!(inflated(&[1, 0, 0, 0xff, 0xff]), Ok(Vec::new()));
    // Stored, not the last, then fixed: the second block starts at a byte.
    let mut blocks = vec![0, 1, 0, 0xfe, 0xff, b'x'];
    blocks.extend(BitWriter::fixed().code(A).code(END).bytes());
    assert_eq!(inflated(&blocks), Ok(b"xa".to_vec()));
}

/// Code lengths for symbols 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1: 18 → 0, 1
/// → 10, 0 → 110, 16 → 111 (codes by length, then by symbol: 18: 1 bit; 1: 2 bits; 0 and 16: 3
/// bits).
const CODE_LENGTHS: [usize; 18] = [3, 0, 1, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2];
const REPEAT_ZEROS: &str = "0";
const LENGTH_1: &str = "10";
const LENGTH_0: &str = "110";
const REPEAT_PREVIOUS: &str = "111";

/// 97 zeros, 'a' of 1 bit, 158 zeros, end of block of 1 bit; then the distance lengths.
fn a_and_end(distances: usize) -> BitWriter {
    let bits = BitWriter::dynamic(257, distances, &CODE_LENGTHS);
    let bits = bits.code(REPEAT_ZEROS).number(97 - 11, 7).code(LENGTH_1);
    let bits = bits.code(REPEAT_ZEROS).number(138 - 11, 7);
    bits.code(REPEAT_ZEROS).number(20 - 11, 7).code(LENGTH_1)
}

#[test]
fn a_dynamic_block_written_by_hand() {
    // No distance code at all; 'a' is 0, the end 1.
    let block = a_and_end(1).code(LENGTH_0).code("0001");
    assert_eq!(inflated(&block.bytes()), Ok(b"aaa".to_vec()));
    // Two distances of 1 bit, the second by repetition: 16 stands for three more.
    let block = a_and_end(2).code(LENGTH_1).code(LENGTH_1).code("01");
    assert_eq!(inflated(&block.bytes()), Ok(b"a".to_vec()));
}

#[test]
fn dynamic_headers_that_make_no_sense() {
    #[track_caller]
    fn refused(bits: BitWriter, sentence: &str) {
        assert_refused(&bits.number(0, 64).bytes(), sentence);
    }
    for (literals, distances) in [(287, 1), (257, 31)] {
        let expected = "expected at most 286 literal and 30 distance codes";
        let sentence = format!("{expected}, found {literals} and {distances}");
        refused(BitWriter::dynamic(literals, distances, &CODE_LENGTHS), &sentence);
    }
    let no_code = |name: &str| format!("the lengths of the {name} code do not form a Huffman code");

    // Three codes of one bit; one code of two bits and nothing else; no code.
    for lengths in [[1, 1, 1, 0], [2, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]] {
        let bits = BitWriter::dynamic(257, 1, &lengths);
        refused(bits, &no_code("code-length"));
    }

    // A repetition with nothing before it, and one that runs over the end.
    let bits = BitWriter::dynamic(257, 1, &CODE_LENGTHS).code(REPEAT_PREVIOUS).number(0, 2);
    refused(bits, "the first code length is a repetition: there is nothing to repeat");
    let bits = a_and_end(1).code(REPEAT_ZEROS).number(0, 7);
    refused(bits, "expected 258 code lengths, found 268");

    // 257 lengths of 0: no end of block.
    let bits = BitWriter::dynamic(257, 1, &CODE_LENGTHS);
    let bits = bits.code(REPEAT_ZEROS).number(127, 7).code(REPEAT_ZEROS).number(120 - 11, 7);
    refused(bits, "the end of the block has no code");

    // Literals: three codes of 1 bit. Distances: three of 1 bit.
    let bits = BitWriter::dynamic(257, 1, &CODE_LENGTHS).code(LENGTH_1).code(LENGTH_1);
    let bits = bits.code(REPEAT_ZEROS).number(127, 7).code(REPEAT_ZEROS).number(116 - 11, 7);
    let bits = bits.code(LENGTH_1).code(LENGTH_0);
    refused(bits, &no_code("literal/length"));
    let bits = a_and_end(4).code(LENGTH_1).code(REPEAT_PREVIOUS).number(0, 2);
    refused(bits, &no_code("distance"));
}

#[test]
fn bits_that_are_no_code() {
    // One distance code of one bit is allowed, and its other bit is no code. Lengths: 'end' 1, 257
    // (length 3) 1.
    let bits = BitWriter::dynamic(258, 1, &CODE_LENGTHS);
    let bits = bits.code(REPEAT_ZEROS).number(127, 7).code(REPEAT_ZEROS).number(118 - 11, 7);
    let bits = bits.code(LENGTH_1).code(LENGTH_1).code(LENGTH_1);
    assert_refused(&bits.code("11").number(0, 64).bytes(), NO_DISTANCE_CODE);
}

#[test]
fn crc32_gives_the_published_check_value() {
    // The "check" of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms.
    assert_eq!(crc32(b"123456789"), 0xcbf43926);
    assert_eq!(crc32(b""), 0);
    // Python's zlib.crc32(bytes(range(256)) * 3 + b"abc").
    let bytes: Vec<u8> = (0..=255).cycle().take(768).chain(*b"abc").collect();
    assert_eq!(crc32(&bytes), 0x9d3a9924);
}

#[test]
fn a_gzip_header_with_every_flag() {
    assert_eq!(decompress(EVERY_FLAG, 100), Ok(b"hello, hello".to_vec()));
    for length in 0..EVERY_FLAG.len() {
        assert!(decompress(&EVERY_FLAG[..length], 100).is_err(), "{length}");
    }
    let mut damaged = EVERY_FLAG.to_vec();
    damaged[12] ^= 1; // within the extra field: only the header's checksum notices
    let error = decompress(&damaged, 100).expect_err("the header is damaged");
    // The checksum follows the 36 bytes of the header. Its first byte is the lower one.
    assert_eq!(damaged[36..38], [0x18, 0xca]);
    let computed = crc32(&damaged[..36]) & 0xffff;
    let sentence = format!("the gzip header's checksum should be ca18, is {computed:04x}");
    assert_eq!(error.to_string(), sentence);
    assert_ne!(computed, 0xca18);
}

#[test]
fn several_members_are_one_file() {
    let twice = [EVERY_FLAG, EVERY_FLAG].concat();
    assert_eq!(decompress(&twice, 100), Ok(b"hello, hellohello, hello".to_vec()));
    assert_eq!(decompress(&twice, 20), Err(too_long(20)));
    let padded = [EVERY_FLAG, &[0; 100]].concat();
    assert_eq!(decompress(&padded, 100), Ok(b"hello, hello".to_vec()));
    let error = decompress(&[EVERY_FLAG, b"more"].concat(), 100).expect_err("more");
    let at = EVERY_FLAG.len();
    assert_eq!(error.to_string(), format!("unknown bytes after the end of the data, at {at}"));
}

/// A plain header around a stream, with this checksum and length.
fn member(stream: &[u8], checksum: u32, length: u32) -> Vec<u8> {
    let mut file = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    file.extend(stream);
    file.extend(checksum.to_le_bytes());
    file.extend(length.to_le_bytes());
    file
}

#[test]
fn damage_to_a_gzip_file_is_told_apart() {
    let checksum = crc32(&text());
    let length = text().len() as u32;
    let good = member(DYNAMIC, checksum, length);
    assert!(is_gzip(&good));
    assert!(decompress(&good, 1000) == Ok(text()), "expected the text of a good file");

    let cases: [(Vec<u8>, &str); 10] = [
        (member(DYNAMIC, checksum ^ 1, length), "the checksum should be "),
        (member(DYNAMIC, checksum, length + 1), "the length should be 123, is 122"),
        (good[..good.len() - 1].to_vec(), "the file ends before its checksum and length"),
        (good[..9].to_vec(), "the file ends within its gzip header"),
        (good[..10].to_vec(), "the compressed data end in the middle of a block"),
        (good[..20].to_vec(), "the compressed data end in the middle of a block"),
        (vec![0x1f, 0x8b, 7, 0, 0, 0, 0, 0, 0, 0], "expected gzip's method 8 (deflate), found 7"),
        (vec![0x1f, 0x8b, 8, 32, 0, 0, 0, 0, 0, 0], "the gzip flags 0x20 have reserved bits set"),
        (
            b"<!DOCTYPE html>".to_vec(),
            "expected a gzip file, found a web page instead of the file: download the file again",
        ),
        (Vec::new(), "expected a gzip file, found an empty file"),
    ];
    for (file, message) in cases {
        let error =
            decompress(&file, 1000).map(|output| output.len()).expect_err(message).to_string();
        assert!(error.starts_with(message), "got {error:?}, want {message:?}");
    }
}

#[test]
fn a_small_file_cannot_claim_much_memory() {
    // Announces 4 GiB in its last four bytes; holds 122.
    let file = member(DYNAMIC, crc32(&text()), u32::MAX);
    let error = decompress(&file, usize::MAX).expect_err("the length is wrong");
    assert_eq!(error.to_string(), "the length should be 4294967295, is 122");
}

#[test]
fn every_inflate_error_is_a_sentence() {
    let dynamic = |literals, lengths: &[usize]| BitWriter::dynamic(literals, 1, lengths);
    let many_zeros = |bits: BitWriter| bits.code(REPEAT_ZEROS).number(127, 7).code(REPEAT_ZEROS);
    let three_literals = many_zeros(dynamic(257, &CODE_LENGTHS).code(LENGTH_1).code(LENGTH_1));
    let three_literals = three_literals.number(116 - 11, 7).code(LENGTH_1).code(LENGTH_0);
    let cases = [
        (BitWriter::default(), "the compressed data end in the middle of a block"),
        (BitWriter::default().number(7, 3), "expected a block of type 0, 1 or 2, found type 3"),
        (
            BitWriter::default().number(1, 8).number(0x0005_0005, 32),
            "a stored block's length 0x0005 and its complement 0x0005 disagree",
        ),
        (
            dynamic(287, &CODE_LENGTHS),
            "expected at most 286 literal and 30 distance codes, found 287 and 1",
        ),
        (
            dynamic(257, &CODE_LENGTHS).code(REPEAT_PREVIOUS),
            "the first code length is a repetition: there is nothing to repeat",
        ),
        (a_and_end(1).code(REPEAT_ZEROS).number(0, 7), "expected 258 code lengths, found 268"),
        (
            dynamic(257, &[1, 1, 1, 0]),
            "the lengths of the code-length code do not form a Huffman code",
        ),
        (three_literals, "the lengths of the literal/length code do not form a Huffman code"),
        (
            a_and_end(4).code(LENGTH_1).code(REPEAT_PREVIOUS).number(0, 2),
            "the lengths of the distance code do not form a Huffman code",
        ),
        (
            many_zeros(dynamic(257, &CODE_LENGTHS)).number(120 - 11, 7),
            "the end of the block has no code",
        ),
        (BitWriter::fixed().code("11000110"), "found bits that are not a literal/length code"),
        (
            BitWriter::fixed().code(A).code("0000001").code("11110"),
            "found bits that are not a distance code",
        ),
        (
            BitWriter::fixed().code(A).code("0000001").code("00001"),
            "a copy begins 2 bytes back, but the output has length 1",
        ),
    ];
    for (bits, sentence) in cases {
        let bytes =
            if sentence.contains("end in") { bits.bytes() } else { bits.number(0, 64).bytes() };
        assert_eq!(
            inflated(&bytes).map(|output| output.len()).expect_err(sentence).to_string(),
            sentence
        );
    }
    let error = inflate(&[1, 2, 0, 0xfd, 0xff, b'o', b'k'], &mut Vec::new(), 1);
    assert_eq!(error, Err(too_long(1)));
    assert_eq!(too_long(1).to_string(), "expected at most 1 bytes, found more");
}

#[test]
fn the_fixtures_decompress_to_the_published_files() {
    // SHA-256 of the raw files of the MNIST database, as fixtures/mnist/README.md lists them.
    let files = [
        (
            "train-images-idx3-ubyte",
            47_040_016,
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        ),
        (
            "train-labels-idx1-ubyte",
            60_008,
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        ),
        (
            "t10k-images-idx3-ubyte",
            7_840_016,
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        ),
        (
            "t10k-labels-idx1-ubyte",
            10_008,
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ),
    ];
    // FIPS 180-4's example: the hash function itself is right.
    assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    for (name, length, hash) in files {
        let file = std::fs::read(fixtures("mnist").join(format!("{name}.gz"))).expect(name);
        let raw = decompress(&file, length).expect(name);
        assert_eq!(raw.len(), length);
        assert_eq!(sha256(&raw), hash, "{name}");
    }
}
