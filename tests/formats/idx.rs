//! IDX: a file as it should be, and every way in which one is not.

use crate::common::idx_bytes;
use from_zero::formats::idx::{TYPES, parse};

/// The sentence of the error for these bytes.
#[track_caller]
fn sentence(file: &[u8]) -> String {
    parse(file).expect_err("refused").to_string()
}

#[test]
fn dimensions_and_data_of_a_good_file() {
    let file = idx_bytes(&[2, 1, 3], &[1, 2, 3, 4, 5, 6]);
    let array = parse(&file).expect("a good file");
    assert_eq!(array.elements, "unsigned bytes");
    assert_eq!(array.dimensions, [2, 1, 3]);
    assert_eq!(array.data, [1, 2, 3, 4, 5, 6]);
}

#[test]
fn every_type_has_its_size() {
    // The types of the format, and the bytes of each.
    let types = [(0x08, 1), (0x09, 1), (0x0b, 2), (0x0c, 4), (0x0d, 4), (0x0e, 8)];
    assert_eq!(TYPES.map(|(code, size, _)| (code, size)), types);
    for (code, size) in types {
        let mut file = idx_bytes(&[3], &vec![7; 3 * size]);
        file[2] = code;
        let array = parse(&file).expect("a good file");
        assert_eq!(array.data.len(), 3 * size);
        file.pop();
        let (needs, has) = (8 + 3 * size, 7 + 3 * size);
        assert_eq!(sentence(&file), format!("needs {needs} bytes, has {has}"));
    }
}

#[test]
fn a_scalar_and_an_empty_array_are_arrays() {
    assert_eq!(parse(&idx_bytes(&[], &[9])).expect("a scalar").data, [9]);
    let file = idx_bytes(&[0, 28, 28], &[]);
    assert_eq!(parse(&file).expect("no images").dimensions, [0, 28, 28]);
}

#[test]
fn a_truncated_file_is_not_padded_with_whatever() {
    let file = idx_bytes(&[2, 3], &[1, 2, 3, 4, 5, 6]);
    for length in 0..file.len() {
        let needs = match length {
            0..4 => 4,
            4..12 => 12,
            _ => 18,
        };
        assert_eq!(sentence(&file[..length]), format!("needs {needs} bytes, has {length}"));
    }
    let longer = [file, vec![0]].concat();
    assert_eq!(sentence(&longer), "needs 18 bytes, has 19");
}

#[test]
fn every_error_is_a_sentence() {
    let cases: [(&[u8], &str); 8] = [
        (&[0, 0], "needs 4 bytes, has 2"),
        (&[0, 0, 8, 3, 0], "needs 16 bytes, has 5"),
        (
            b"<htm",
            "expected an IDX file, found a web page instead of the file: download the file again",
        ),
        (
            &[0, 0, 10, 1, 0, 0, 0, 0],
            "expected an IDX file, found the bytes 00 00 0a 01 00 00 00 00",
        ),
        (
            &[1, 0, 8, 1, 0, 0, 0, 0],
            "expected an IDX file, found the bytes 01 00 08 01 00 00 00 00",
        ),
        (
            &[0, 1, 8, 1, 0, 0, 0, 0],
            "expected an IDX file, found the bytes 00 01 08 01 00 00 00 00",
        ),
        (&[0, 0, 8, 1, 0, 0, 0, 5, 1], "needs 13 bytes, has 9"),
        (
            &[0, 0, 14, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255],
            "dimensions 4294967295×4294967295×4294967295 are too large",
        ),
    ];
    for (file, expected) in cases {
        assert_eq!(sentence(file), expected);
    }
}

#[test]
fn dimensions_with_a_zero_after_an_overflow_are_too_large_still() {
    let most = u32::MAX;
    let file = idx_bytes(&[most, most, most, 0], &[]);
    let dimensions = format!("{most}×{most}×{most}×0");
    assert_eq!(sentence(&file), format!("dimensions {dimensions} are too large"));
}
