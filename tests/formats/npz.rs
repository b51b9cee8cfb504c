//! `.npy` and `.npz`: what NumPy wrote is read, what is written is what NumPy would write, and
//! damage is told. fixtures/numpy/arrays was made by NumPy.

use std::fs;

use crate::common::{fixtures, random_matrix};
use from_zero::formats::npy::{self, Array};
use from_zero::formats::npz::{self, Npz};
use from_zero::numeric::numpy_random::RandomState;
use from_zero::numeric::random::{Rng, Xorshift64Star};

/// The most numbers of an array.
const LIMIT: usize = 1 << 21;

fn file(name: &str) -> Vec<u8> {
    fs::read(fixtures("numpy/arrays").join(name)).expect(name)
}

/// (np.arange(6) - 1.25).reshape(2, 3)
fn base() -> Array {
    Array { shape: vec![2, 3], data: vec![-1.25, -0.25, 0.75, 1.75, 2.75, 3.75] }
}

#[test]
fn either_byte_order_precision_and_order_of_elements_is_read() {
    for name in [
        "little_f8.npy",
        "little_f4.npy",
        "big_f8.npy",
        "big_f4.npy",
        "fortran.npy",
        "fortran_big_f4.npy",
        "version_1.npy",
        "version_2.npy",
        "version_3.npy",
    ] {
        assert_eq!(npy::parse(&file(name), LIMIT), Ok(base()), "{name}");
    }
}

#[test]
fn every_type_of_number_is_what_numpy_makes_of_it_as_float64() {
    let (files, as_f8) = (file("types.npz"), file("types_f8.npz"));
    let (npz, as_f8) = (Npz::parse(&files).expect("zip"), Npz::parse(&as_f8).expect("zip"));
    assert_eq!(npz.names().count(), 2 * (2 * 3 + 1) + 3);
    for name in npz.names() {
        let array = |npz: &Npz| npz.array(&name, LIMIT).expect(&name).expect("it is there");
        let (found, expected) = (array(&npz), array(&as_f8));
        assert_eq!(found.shape, expected.shape, "{name}");
        for (found, expected) in found.data.iter().zip(&expected.data) {
            let equal = found.to_bits() == expected.to_bits();
            assert!(equal || found.is_nan() && expected.is_nan(), "{name}: {found} {expected}");
        }
    }
}

#[test]
fn members_without_npy_and_types_under_every_name_are_read() {
    let file = file("names.npz");
    let npz = Npz::parse(&file).expect("a zip file");
    assert_eq!(npz.names().count(), 58);
    for name in npz.names() {
        let array = npz.array(&name, LIMIT).expect(&name).expect("it is there");
        assert_eq!(array, Array { shape: vec![4], data: vec![0.0, 1.0, 1.0, 0.0] }, "{name}");
    }
}

#[test]
fn a_member_without_npy_comes_before_one_with_it() {
    let one = |v: f64| Array { shape: vec![1], data: vec![v] };
    let mut bytes = npz::write(&[("a.npy.no", one(7.0)), ("a", one(8.0))]);
    let npz = |bytes: &[u8]| {
        let npz = Npz::parse(bytes).expect("whole");
        npz.array("a", 1).expect("whole").expect("there").data
    };
    assert_eq!(npz(&bytes), [8.0]);
    // The first member's name becomes "a", and the rest of its bytes an extra field.
    for (magic, names, extra) in [(b"PK\x03\x04", 26, 30), (b"PK\x01\x02", 28, 46)] {
        let at = bytes.windows(4).position(|window| window == magic).expect("there");
        bytes[at + names] = 1;
        bytes[at + names + 2] = 11;
        assert_eq!(&bytes[at + extra..][..12], b"a.npy.no.npy");
    }
    assert_eq!(npz(&bytes), [7.0]);
}

#[test]
fn an_array_has_at_most_as_many_numbers_as_its_reader_allows() {
    let bytes = npz::write(&[("a", base())]);
    let npz = Npz::parse(&bytes).expect("whole");
    assert!(npz.array("a", 6).is_ok());
    let error = npz.array("a", 5).expect_err("six numbers").to_string();
    assert_eq!(error, "a.npy: expected at most 5 numbers, found 6");
}

#[test]
fn no_dimension_one_and_empty_ones_are_read() {
    let array =
        |shape: &[usize], data: &[f64]| Ok(Array { shape: shape.to_vec(), data: data.to_vec() });
    assert_eq!(npy::parse(&file("zero_dimensions.npy"), LIMIT), array(&[], &[2.5]));
    assert_eq!(npy::parse(&file("one_dimension.npy"), LIMIT), array(&[6], &base().data));
    assert_eq!(npy::parse(&file("empty.npy"), LIMIT), array(&[0, 3], &[]));
    let special = npy::parse(&file("special.npy"), LIMIT).expect("six numbers").data;
    assert!(special[0].is_nan());
    assert_eq!(special[1..], [f64::INFINITY, f64::NEG_INFINITY, -0.0, 5e-324, f64::MAX]);
    assert!(special[3].is_sign_negative());
}

#[test]
fn what_is_no_array_of_numbers_is_named() {
    let said = |bytes: &[u8]| npy::parse(bytes, LIMIT).expect_err("no array").to_string();
    let no_numbers = "expected an array of real numbers, found the type ";
    assert_eq!(said(&file("complex.npy")), format!("{no_numbers}<c16"));
    assert_eq!(said(&file("text.npy")), format!("{no_numbers}<U7"));
    assert_eq!(said(&file("fields.npy")), format!("{no_numbers}of a structure"));
    assert_eq!(
        said(&file("objects.npy")),
        "Python objects, stored as a pickle: they are not read, since that could run any program; \
         expected an array of numbers"
    );
    assert_eq!(
        said(b"\x93NUMPY\x04\x00"),
        "expected version 1.0, 2.0 or 3.0 of NumPy's format, found 4.0"
    );
    assert_eq!(said(b"\x93NUMPY\x01\x00\x09"), "the bytes end within the header of the array");
    let many = with_header(
        &format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({})}}", "1, ".repeat(9)),
        &[0; 8],
    );
    assert_eq!(said(&many), "expected an array of at most two dimensions, found 9");
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1, 1, 1, 1, 1, 1, 1)}";
    assert_eq!(
        said(&with_header(header, &[0; 8])),
        "expected an array of at most two dimensions, found the shape (1, 1, 1, 1, 1, 1, 1, 1)"
    );
    assert_eq!(
        said(&file("three_dimensions.npy")),
        "expected an array of at most two dimensions, found the shape (1, 2, 3)"
    );
}

#[test]
fn what_is_written_has_the_bytes_of_np_save() {
    let base = base().data;
    for (name, shape, data) in [
        ("little_f8.npy", vec![2, 3], base.clone()),
        ("version_1.npy", vec![2, 3], base.clone()),
        ("one_dimension.npy", vec![6], base),
        ("zero_dimensions.npy", vec![], vec![2.5]),
        ("empty.npy", vec![0, 3], vec![]),
    ] {
        let written = npy::write(&Array { shape, data });
        assert!(written == file(name), "expected the bytes of {name}, found other bytes");
    }
}

/// A version 1.0 file with this header.
fn with_header(header: &str, data: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(data);
    bytes
}

#[test]
fn numbers_begin_at_a_multiple_of_64_whatever_the_shape() {
    for dimensions in 0..=64 {
        let array = Array { shape: vec![1; dimensions], data: vec![2.5] };
        let bytes = npy::write(&array);
        let header = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
        assert_eq!((10 + header) % 64, 0, "{dimensions}");
        assert_eq!(bytes.len(), 10 + header + 8);
        let text = std::str::from_utf8(&bytes[10..10 + header]).expect("text");
        assert!(text.ends_with('\n') && text.trim_end().ends_with(", }"), "{text:?}");
        assert!(header - text.trim_end().len() <= 64, "no more padding than is needed: {text:?}");
        if dimensions <= 2 {
            assert_eq!(npy::parse(&bytes, LIMIT), Ok(array));
        }
    }
}

#[test]
fn a_header_may_be_written_in_other_ways() {
    // The keys in another order, no comma at the end, double quotes, Python 2's long integers, a key
    // twice, of which Python takes the last.
    for header in [
        "{'shape': (2,), 'fortran_order': False, 'descr': '<f8'}\n",
        "{\"descr\": \"<f8\", \"fortran_order\": True, \"shape\": (2L,), }          ",
        "  { 'descr' : '<f8' , 'fortran_order' : False , 'shape' : ( 2 , ) , }  ",
        "{'descr': '<f4', 'shape': (3,), 'fortran_order': True, 'shape': (2,), 'descr': '<f8'}",
    ] {
        let array = npy::parse(&with_header(header, &[0; 16]), LIMIT).expect(header);
        assert_eq!((array.shape, array.data), (vec![2], vec![0.0, 0.0]), "{header}");
    }
}

#[test]
fn a_header_that_is_none_is_shown() {
    for header in [
        "",
        "{",
        "{}",
        "[]",
        "{'descr': '<f8'}",
        "{'descr': '<f8', 'fortran_order': False}",
        "{'descr': '<f8', 'fortran_order': no, 'shape': (2,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1 2,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), 'more': 1}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-2,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2LL,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2,,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2,",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999999,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2,)} and more",
        "{'descr': '<f8 'fortran_order': False, 'shape': (2,)}",
        "{'descr': <f8, 'fortran_order': False, 'shape': (2,)}",
    ] {
        let error = npy::parse(&with_header(header, &[0; 16]), LIMIT).expect_err(header);
        let expected = "expected a header with descr, fortran_order and shape";
        assert_eq!(error.to_string(), format!("{expected}, found {header:?}"));
    }
    let said = npy::parse(&with_header("{'\u{1}'}", &[]), LIMIT).expect_err("none").to_string();
    assert_eq!(said, "expected a header with descr, fortran_order and shape, found \"{'\\u{1}'}\"");
}

#[test]
fn a_header_has_a_bound() {
    let mut bytes = b"\x93NUMPY\x02\x00".to_vec();
    bytes.extend(10_001_u32.to_le_bytes());
    bytes.extend([b' '; 20_000]);
    let error = npy::parse(&bytes, LIMIT).expect_err("long");
    let sentence = "expected a header of at most 10000 bytes, found one of 10001";
    assert_eq!(error.to_string(), sentence);
    let mut header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)}".to_string();
    header += &" ".repeat(10_000 - header.len());
    assert_eq!(npy::parse(&with_header(&header, &[0; 8]), LIMIT).expect("long enough").data, [0.0]);
}

#[test]
fn an_array_has_the_bytes_that_it_needs() {
    let header =
        |shape: &str| format!("{{'descr': '<f8', 'fortran_order': True, 'shape': {shape}}}");
    let parse = |shape: &str, bytes: usize| {
        npy::parse(&with_header(&header(shape), &vec![0; bytes]), LIMIT)
    };
    let said = |shape: &str, bytes: usize| parse(shape, bytes).expect_err(shape).to_string();
    assert_eq!(said("(2,)", 15), "the array needs 16 bytes, has 15");
    assert_eq!(said("(2,)", 17), "the array needs 16 bytes, has 17");
    let huge = format!("({0}, {0})", usize::MAX / 2);
    assert_eq!(said(&huge, 0), "the array needs too many bytes, has 0");
    // No element needs no memory, whatever the other dimension says.
    let most = isize::MAX / 8;
    let empty = parse(&format!("(0, {most})"), 0).expect("nothing");
    assert!(empty.data.is_empty(), "found {:?}", empty.data);
    let empty = parse(&format!("({most}, 0)"), 0).expect("nothing, and no end of rows");
    assert!(empty.data.is_empty(), "found {:?}", empty.data);
}

#[test]
fn every_beginning_of_a_file_is_an_error_and_no_panic() {
    for name in ["little_f8.npy", "version_2.npy"] {
        let whole = file(name);
        for length in 0..whole.len() {
            let error = npy::parse(&whole[..length], LIMIT).expect_err("a part is missing");
            let error = error.to_string();
            match length {
                0..6 => assert!(error.starts_with("expected an array of NumPy (.npy), found ")),
                6..128 => assert_eq!(error, "the bytes end within the header of the array"),
                _ => {
                    let has = length - 128;
                    assert_eq!(error, format!("the array needs 48 bytes, has {has}"));
                }
            }
        }
    }
    let mut other = file("little_f8.npy");
    other[6] = 4;
    assert_eq!(
        npy::parse(&other, LIMIT).expect_err("a version").to_string(),
        "expected version 1.0, 2.0 or 3.0 of NumPy's format, found 4.0"
    );
    assert_eq!(
        npy::parse(b"GIF89a", LIMIT).expect_err("a picture").to_string(),
        "expected an array of NumPy (.npy), found a GIF picture"
    );
}

/// W1, b1, W2, b2 of the net in the fixtures: the numbers of `new_net` of make.py.
fn net() -> [(&'static str, Array); 4] {
    let mut rng = RandomState::new(3);
    let mut normal = |shape: &[usize]| Array {
        shape: shape.to_vec(),
        data: (0..shape.iter().product()).map(|_| rng.normal()).collect(),
    };
    let (w1, w2) = (normal(&[4, 3]), normal(&[3, 2]));
    let zeros = |n: usize| Array { shape: vec![n], data: vec![0.0; n] };
    [("W1", w1), ("b1", zeros(3)), ("W2", w2), ("b2", zeros(2))]
}

#[track_caller]
fn assert_net(bytes: &[u8], tolerance: f64) {
    let npz = Npz::parse(bytes).expect("a zip file");
    assert_eq!(npz.names().collect::<Vec<_>>(), ["W1", "b1", "W2", "b2"]);
    for (name, want) in net() {
        let array = npz.array(name, LIMIT).expect("an array").expect("it is there");
        assert_eq!(array.shape, want.shape, "{name}");
        crate::common::assert_close(&array.data, &want.data, tolerance);
    }
    assert_eq!(npz.array("W3", LIMIT), Ok(None));
}

#[test]
fn what_savez_and_savez_compressed_write_is_read() {
    assert_net(&file("net.npz"), 1e-15);
    assert_net(&file("net_compressed.npz"), 1e-15);
    assert_net(&file("net_f4.npz"), 1e-7);
    assert_net(&file("net_fortran.npz"), 1e-15);
    // Written to a pipe: lengths only after the data, and in the directory; with a comment.
    assert_net(&file("streamed.npz"), 1e-15);
    assert_net(&file("trailing.npz"), 1e-15);
    let positional = file("positional.npz");
    let npz = Npz::parse(&positional).expect("a zip file");
    assert_eq!(npz.names().collect::<Vec<_>>(), ["arr_0", "arr_1"]);
}

#[test]
fn what_is_written_is_read_back_and_always_the_same() {
    let bytes = npz::write(&net());
    assert_net(&bytes, 0.0);
    assert!(npz::write(&net()) == bytes, "the same arrays gave other bytes");
    assert_eq!(Npz::parse(&npz::write(&[])).expect("empty").names().count(), 0);
    let mut rng = Xorshift64Star::new(5);
    for (rows, columns) in [(0, 3), (1, 1), (7, 13), (100, 2)] {
        let matrix = random_matrix(rows, columns, 1e300, &mut rng);
        let array = Array { shape: vec![rows, columns], data: matrix.into_vec() };
        let bytes = npz::write(&[("a", array.clone())]);
        assert_eq!(Npz::parse(&bytes).expect("whole").array("a", LIMIT), Ok(Some(array)));
    }
}

#[test]
fn what_is_written_is_what_numpy_has_opened() {
    // make.py opens this file with NumPy and tests it as a zip file. To make it anew, set
    // UPDATE_GOLDEN and run make.py.
    let path = fixtures("numpy").join("written.npz");
    let bytes = npz::write(&net());
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &bytes).expect("written");
    }
    let golden = fs::read(&path).expect("the golden file");
    assert!(
        golden == bytes,
        "npz::write gives other bytes than written.npz, which NumPy has opened"
    );
}

#[test]
fn objects_are_refused_by_name_and_the_other_arrays_are_read() {
    let bytes = file("objects.npz");
    let npz = Npz::parse(&bytes).expect("a zip file");
    let error = npz.array("W1", LIMIT).expect_err("a pickle");
    assert!(error.to_string().starts_with("W1.npy: Python objects, stored as a pickle"), "{error}");
    assert_eq!(npz.array("b1", LIMIT).expect("readable").expect("there").shape, [3]);
}

#[test]
fn the_last_of_two_members_of_one_name_counts() {
    let arrays = [("a", base()), ("a", Array { shape: vec![1], data: vec![7.0] })];
    let bytes = npz::write(&arrays);
    let array =
        Npz::parse(&bytes).expect("whole").array("a", LIMIT).expect("whole").expect("there");
    assert_eq!(array.data, [7.0]);
}

/// The net's file with some bytes replaced: `at` counts from the start of the first of these magic
/// bytes.
fn changed(name: &str, magic: &[u8], at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut file = file(name);
    let start = file.windows(4).position(|window| window == magic).expect("the magic bytes");
    file[start + at..][..bytes.len()].copy_from_slice(bytes);
    file
}

/// The sentence of the error of reading W1.
fn error_of_w1(bytes: &[u8]) -> String {
    match Npz::parse(bytes) {
        Ok(npz) => npz.array("W1", LIMIT).expect_err("damaged").to_string(),
        Err(error) => error.to_string(),
    }
}

const ELSEWHERE: &str = "W1.npy is damaged: its data are not where they should be";
const DIRECTORY: &str = "the directory of the zip file is damaged";
const ZIP64: &str = "a zip file with lengths of 64 bits (zip64), expected a small one";
const NO_END: &str = "the zip file has no end of its directory: a part of the file is missing";

#[test]
fn each_damage_has_its_error() {
    let entry = b"PK\x01\x02";
    let encrypted = changed("net.npz", entry, 8, &[1]);
    assert_eq!(error_of_w1(&encrypted), "W1.npy is encrypted, expected plain data");
    let method = changed("net.npz", entry, 10, &[12]);
    assert_eq!(
        error_of_w1(&method),
        "W1.npy is compressed by method 12, expected 0 (stored) or 8 (deflated)"
    );
    assert_eq!(error_of_w1(&file("zip64.npz")), ZIP64);
    let crc = error_of_w1(&changed("net.npz", entry, 16, &[1, 2, 3, 4]));
    assert!(crc.starts_with("W1.npy is damaged: expected the CRC-32 04030201, found "), "{crc}");
    let longer = changed("net.npz", entry, 24, &[0, 1, 0, 0]);
    assert_eq!(error_of_w1(&longer), "W1.npy is damaged: expected 256 bytes, found 224");
    let compressed = changed("net.npz", entry, 20, &[255, 255, 255, 127]);
    assert_eq!(error_of_w1(&compressed), ELSEWHERE);
    let elsewhere = changed("net.npz", entry, 42, &[1, 0, 0, 0]);
    assert_eq!(error_of_w1(&elsewhere), ELSEWHERE);
    let beyond = changed("net.npz", entry, 42, &[0, 0, 0, 127]);
    assert_eq!(error_of_w1(&beyond), ELSEWHERE);
    let longer = changed("net_compressed.npz", entry, 24, &[0, 1, 0, 0]);
    assert_eq!(error_of_w1(&longer), "W1.npy is damaged: expected 256 bytes, found 224");
    let shorter = changed("net_compressed.npz", entry, 24, &[9, 0, 0, 0]);
    assert_eq!(error_of_w1(&shorter), "W1.npy is damaged: expected at most 9 bytes, found more");
    let cut = changed("net_compressed.npz", entry, 20, &[9, 0, 0, 0]);
    assert_eq!(
        error_of_w1(&cut),
        "W1.npy is damaged: the compressed data end in the middle of a block"
    );

    // The header's own name must be that of the directory.
    let other_name = changed("net.npz", b"PK\x03\x04", 30, b"X");
    assert_eq!(error_of_w1(&other_name), ELSEWHERE);

    let no_header = changed("net.npz", b"PK\x03\x04", 0, b"PK\x05\x06");
    assert_eq!(error_of_w1(&no_header), ELSEWHERE);
    // A header that would go beyond the end of the file: in the comment of the end.
    let mut cut = changed("net.npz", entry, 42, &((file("net.npz").len()) as u32).to_le_bytes());
    let length = cut.len();
    cut[length - 2] = 29;
    cut.extend(b"PK\x03\x04");
    cut.extend([0; 25]);
    assert_eq!(error_of_w1(&cut), ELSEWHERE);

    let end = b"PK\x05\x06";
    for (at, bytes, sentence) in [
        (16, &[0; 4][..], DIRECTORY),
        (16, &[255, 255, 255, 127], DIRECTORY),
        (10, &[9, 0], DIRECTORY),
        (10, &[255, 255], ZIP64),
        (16, &[255; 4], ZIP64),
    ] {
        assert_eq!(error_of_w1(&changed("net.npz", end, at, bytes)), sentence, "{at} {bytes:?}");
    }
    // An entry whose name or extra field goes beyond the directory.
    for at in [28, 30] {
        assert_eq!(error_of_w1(&changed("net.npz", entry, at, &[255, 255])), DIRECTORY, "{at}");
    }
    // Other bytes may follow, but not more than a comment could have.
    let mut longer = file("net.npz");
    longer.resize(longer.len() + 65_535, b'x');
    assert_net(&longer, 1e-15);
    longer.push(b'x');
    assert_eq!(error_of_w1(&longer), NO_END);
    // Nor does it matter if a part of the comment is missing.
    assert_net(&changed("net.npz", end, 20, &[1, 0]), 1e-15);
}

#[test]
fn every_beginning_of_a_zip_file_is_an_error_and_no_panic() {
    let whole = file("net_compressed.npz");
    for length in 0..whole.len() {
        let error = error_of_w1(&whole[..length]);
        if length < 4 {
            assert!(error.starts_with("expected a .npz file, as np.savez writes it, found "));
        } else {
            assert_eq!(error, NO_END, "{length}");
        }
    }
}

#[test]
fn what_is_no_zip_file_is_named() {
    let expected = "expected a .npz file, as np.savez writes it";
    let found = "found a single array of NumPy (.npy)";
    assert_eq!(error_of_w1(b"\x93NUMPY"), format!("{expected}, {found}"));
    assert_eq!(error_of_w1(b""), format!("{expected}, found an empty file"));
}

#[test]
fn a_name_of_any_letters_comes_back_and_is_marked_as_utf_8() {
    for (name, flags) in [("W1", 0), ("größe", 0x0800), ("権重", 0x0800)] {
        let bytes = npz::write(&[(name, base())]);
        for (magic, at) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
            let start = bytes.windows(4).position(|window| window == magic).expect("there");
            let found = u16::from_le_bytes([bytes[start + at], bytes[start + at + 1]]);
            assert_eq!(found, flags, "{name}");
        }
        let npz = Npz::parse(&bytes).expect("whole");
        assert_eq!(npz.names().collect::<Vec<_>>(), [name]);
        assert_eq!(npz.array(name, LIMIT), Ok(Some(base())));
    }
}

#[test]
fn a_small_file_cannot_claim_much_memory() {
    // Two megabytes of zeros in two kilobytes: only as far as the caller allows.
    let bytes = file("zeros.npz");
    let npz = Npz::parse(&bytes).expect("a zip file");
    let (size, most) = (500 * 500 * 8 + 128, 248_764);
    let limit = 8 * most + 10_012; // the longest header of an array
    assert_eq!(limit, size - 4);
    let error = npz.array("W1", most).expect_err("too large").to_string();
    assert_eq!(error, "W1.npy has 2000128 bytes, expected at most 2000124");
    assert_eq!(npz.array("W1", 250_000).expect("allowed").expect("there").data.len(), 250_000);
}

#[test]
fn a_comment_may_hold_the_magic_bytes_of_the_end() {
    let mut bytes = file("net.npz");
    let comment = b"PK\x05\x06 is how it ends, and some more words of comment";
    let length = bytes.len();
    bytes[length - 2] = comment.len() as u8;
    bytes.extend(comment);
    assert_net(&bytes, 1e-15);
}
