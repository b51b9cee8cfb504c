//! Pictures of one's own digit: the readers against Pillow, the preparation against NumPy and against
//! MNIST's own images. `fixtures/images/make.py` made the files.

use std::fs;

use crate::common::{assert_close, fixtures, mnist};
use from_zero::formats::crc32::crc32;
use from_zero::formats::image::Image;
use from_zero::formats::png::parse_picture as parse;
use from_zero::numeric::random::{Rng, Xorshift64Star};
use from_zero::trained::own_digit::prepare;

fn read(name: &str) -> Vec<u8> {
    fs::read(fixtures("images").join(name)).expect(name)
}

#[track_caller]
fn refused(file: &[u8]) -> String {
    parse(file, 1000).expect_err("a damaged file").to_string()
}

#[test]
fn every_kind_of_picture_has_the_levels_that_pillow_reads() {
    let levels = String::from_utf8(read("levels.txt")).expect("text");
    assert!(levels.lines().count() >= 60);
    for line in levels.lines() {
        let mut fields = line.split(' ');
        let name = fields.next().expect("a name");
        let [width, height] = [(); 2].map(|()| fields.next().expect(name).parse().expect(name));
        // The shadow around the window is cut off, but its pixels count.
        let pixels = if name == "window.png" { 19 * 13 } else { width * height };
        let image = parse(&read(name), pixels).expect(name);
        assert_eq!(image.size(), (width, height), "{name}");
        let expected: Vec<f64> =
            fields.map(|level| u8::from_str_radix(level, 16).expect(name).into()).collect();
        assert_eq!(image.grey().len(), expected.len(), "{name}");
        for (i, (level, expected)) in image.grey().iter().zip(expected).enumerate() {
            // Pillow uses only the higher byte of a colour of 16 bits.
            let off = (f64::from(*level) / 257.0 - expected).abs();
            assert!(off < 1.01, "{name}, pixel {i}: {level} is not {expected}");
        }
        let fewer = parse(&read(name), pixels - 1).expect_err(name).to_string();
        assert!(fewer.starts_with("expected 1 to "), "{name}: {fewer}");
    }
}

#[test]
fn a_level_of_16_bits_is_exact_and_one_of_fewer_bits_is_spread_over_all() {
    let levels = |depth: u32, name: &str| {
        let grey = parse(&read(name), 1000).expect(name).grey().to_vec();
        let step = 65535 / ((1 << depth) - 1);
        assert!(grey.iter().all(|level| u32::from(*level) % step == 0), "{name}");
        (grey.iter().min().copied(), grey.iter().max().copied())
    };
    assert_eq!(levels(1, "grey-1.png"), (Some(0), Some(65535)));
    assert_eq!(parse(&read("one-pixel.png"), 1).expect("read").grey(), [7 * 257]);
    let text = b"P2 2 1 65535 12345 1";
    assert_eq!(parse(text, 2).expect("read").grey(), [12345, 1]);
    assert_eq!(parse(b"P5 2 1 65535 \x30\x39\0\x01", 2).expect("read").grey(), [12345, 1]);
    assert_eq!(parse(b"P5 1 1 256 \x01\0", 1).expect("read").grey(), [65535]);
    assert_eq!(parse(b"P5\n2\n1\n1000\n\x01\xf4\x03\xe8", 2).expect("read").grey(), [32768, 65535]);
}

/// A chunk of a PNG file, with the right checksum.
fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let named = [name, data].concat();
    [&(data.len() as u32).to_be_bytes(), &named[..], &crc32(&named).to_be_bytes()].concat()
}

/// The names and the data of chunks.
type Chunks = Vec<([u8; 4], Vec<u8>)>;

/// The chunks of a PNG file.
fn chunks(file: &[u8]) -> Chunks {
    let mut rest = &file[8..];
    let mut chunks = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk() {
        let length = u32::from_be_bytes(*length) as usize;
        chunks.push((*after.first_chunk().expect("a name"), after[4..4 + length].to_vec()));
        rest = &after[8 + length..];
    }
    chunks
}

fn joined(chunks: &[([u8; 4], Vec<u8>)]) -> Vec<u8> {
    let chunks = chunks.iter().flat_map(|(name, data)| chunk(name, data));
    b"\x89PNG\r\n\x1a\n".iter().copied().chain(chunks).collect()
}

#[test]
fn chunks_must_be_known_whole_and_in_order() {
    let file = read("palette-8-alpha.png"); // IHDR PLTE tRNS IDAT IEND
    let whole = chunks(&file);
    assert_eq!(joined(&whole), file);
    let changed = |change: &dyn Fn(&mut Chunks)| {
        let mut chunks = whole.clone();
        change(&mut chunks);
        joined(&chunks)
    };
    let damaged = |change: &dyn Fn(&mut Chunks)| refused(&changed(change));
    let place = |name: &str| format!("the PNG chunk {name} is not in its place");

    assert_eq!(damaged(&|c| drop(c.remove(0))), place("PLTE"));
    assert_eq!(damaged(&|c| c.insert(1, c[0].clone())), place("IHDR"));
    assert_eq!(damaged(&|c| c.insert(2, c[1].clone())), place("PLTE"));
    assert_eq!(damaged(&|c| c.swap(1, 2)), place("PLTE"));
    assert_eq!(damaged(&|c| c.swap(2, 3)), place("tRNS"));
    assert_eq!(damaged(&|c| drop(c.drain(1..3))), "the palette of the picture has no colour 0");
    let length = "the PNG chunk PLTE or tRNS has a wrong length";
    assert_eq!(damaged(&|c| drop(c.remove(1))), length);
    assert_eq!(damaged(&|c| c[1].1.truncate(767)), length);
    assert_eq!(damaged(&|c| c[1].1.extend([0; 3])), length);
    assert_eq!(damaged(&|c| c[2].1.extend([0; 256])), length);
    assert_eq!(damaged(&|c| c[0].1[9] = 0), length);
    assert_eq!(
        damaged(&|c| drop(c.remove(3))),
        "0 compressed bytes can't contain a picture of 260 bytes"
    );
    assert_eq!(damaged(&|c| drop(c.pop())), "the file ends before the end of the picture");
    let unknown = |name: &[u8; 4], at: usize| damaged(&|c| c.insert(at, (*name, vec![1])));
    assert_eq!(unknown(b"NEWX", 2), "the PNG chunk NEWX is unknown and must not be skipped");
    assert_eq!(
        unknown(b"\n\x1b[2", 2),
        "the PNG chunk \\n\\x1b[2 is unknown and must not be skipped"
    );
    assert_eq!(unknown(b"text", 0), place("text"));
    // The parts of IDAT must follow one another directly.
    let split = |between: bool| {
        changed(&|c| {
            let rest = c[3].1.split_off(9);
            c.insert(4, (*b"IDAT", rest));
            if between {
                c.insert(4, (*b"tEXt", vec![]));
            }
        })
    };
    assert_eq!(parse(&split(false), 1000).ok(), parse(&file, 1000).ok());
    assert_eq!(refused(&split(true)), place("IDAT"));
    // What comes after the end, and a chunk that may be skipped, change nothing.
    for also in [changed(&|c| c.insert(2, (*b"tIME", vec![9; 7]))), [&file[..], b"more"].concat()] {
        assert_eq!(parse(&also, 1000).ok(), parse(&file, 1000).ok());
    }
    // One turned bit is noticed wherever it is: by a checksum, a length or a name.
    for at in 0..file.len() {
        for bit in 0..8 {
            let mut file = file.clone();
            file[at] ^= 1 << bit;
            assert!(parse(&file, 1000).is_err(), "byte {at}, bit {bit}");
        }
        assert!(parse(&file[..at], 1000).is_err(), "{at} bytes");
    }
}

#[test]
fn what_is_in_the_chunks_is_checked() {
    let with = |name: &[u8; 4], change: &dyn Fn(&mut Vec<u8>)| {
        let mut chunks = chunks(&read("rgb-8.png"));
        let chunk = chunks.iter_mut().find(|chunk| chunk.0 == *name).expect("there");
        change(&mut chunk.1);
        refused(&joined(&chunks))
    };
    let header = |at: usize, value: u8| with(b"IHDR", &|data| data[at] = value);
    assert_eq!(header(3, 0), "expected 1 to 1000 pixels, found 0 × 13: make the picture smaller");
    assert_eq!(
        header(0, 255),
        "expected 1 to 1000 pixels, found 4278190099 × 13: make the picture smaller"
    );
    assert_eq!(header(8, 4), "PNG has no colour type 2 of 4 bits");
    assert_eq!(header(9, 5), "PNG has no colour type 5 of 8 bits");
    assert_eq!(
        header(12, 1),
        "an interlaced PNG picture (Adam7): save it again without interlacing"
    );
    let sentence = "the PNG chunk IHDR has a wrong length or an unknown method";
    assert_eq!([header(10, 1), header(11, 1)], [sentence; 2]);
    assert_eq!(with(b"IHDR", &|data| data.push(0)), sentence);
    let zlib = |at: usize, value: u8| with(b"IDAT", &|data| data[at] = value);
    assert_eq!(zlib(0, 0x79), "the picture does not begin as zlib data do");
    assert_eq!(zlib(1, 0xdb), "the picture does not begin as zlib data do");
    // A header with the bit for a dictionary, and a method of 9, both multiples of 31.
    assert_eq!(zlib(1, 0xf9), "the picture does not begin as zlib data do");
    let wrong = "the length or the checksum of the picture is wrong: the file is damaged";
    assert_eq!(with(b"IDAT", &|data| *data.last_mut().expect("bytes") ^= 1), wrong);
    assert_eq!(with(b"IDAT", &|data| data.truncate(data.len() - 1)), wrong);
    assert_eq!(header(7, 14), wrong);
    assert_eq!(header(7, 12), "expected at most 696 bytes, found more");
    let filter = [&[0x78, 0x01, 1, 2, 0, 253, 255, 5, 0], &[0, 10, 0, 6][..]].concat();
    let small = |adler: &[u8]| {
        let header = [0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0].to_vec();
        let zlib = [&filter[..9], adler].concat();
        joined(&[(*b"IHDR", header), (*b"IDAT", zlib), (*b"IEND", vec![])])
    };
    assert_eq!(refused(&small(&[0, 12, 0, 6])), "expected a filter from 0 to 4, found 5");
    assert_eq!(refused(&small(&[0, 12, 0, 7])), wrong);

    let netpbm = [
        (&b"P2 2 2 9 1 2 3"[..], "the file ends before the end of the picture"),
        (b"P5 2 2 9 123", "the file ends before the end of the picture"),
        (b"P6 2 2 999 12345678901", "the file ends before the end of the picture"),
        (b"P2 2 2 9 1 2 10 3", "expected numbers of at most 9, found 10"),
        (b"P2 2 2 9 1 2 x 3 ", "expected a whole number from 0 to 65535 as text"),
        (b"P2 2 2 70000 1 2 3 4", "expected a whole number from 0 to 65535 as text"),
        (b"P2 0 2 9 ", "expected 1 to 1000 pixels, found 0 × 2: make the picture smaller"),
        (
            b"P3 60000 60000 9 1 ",
            "expected 1 to 1000 pixels, found 60000 × 60000: make the picture smaller",
        ),
        (b"P5#", "expected a whole number from 0 to 65535 as text"),
    ];
    for (file, sentence) in netpbm {
        assert_eq!(refused(file), sentence, "{}", file.escape_ascii());
    }
}

#[test]
fn other_kinds_of_files_are_named() {
    // The first bytes as the specification of each format has them, and of files that programs wrote.
    for (start, name) in [
        (&b"\xff\xd8\xff\xe0\0\x10JFIF"[..], "a JPEG picture"),
        (b"GIF89a", "a GIF picture"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "a WebP picture"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "a WAV sound"),
        (b"RIFF\x24\0\0\0RMIDdata", "a RIFF file"),
        (b"BM\x36\x10\0\0\0\0\0\0\x36\0\0\0", "a BMP picture"),
        (b"BMI is a measure", "text that begins with \"BMI is a measure\""),
        (b"\0\0\0\x18ftypheic", "a HEIC picture"),
        (b"\0\0\0\x28ftypheix", "a HEIC picture"),
        (b"\0\0\0\x24ftyphevc", "a HEIC picture"),
        (b"\0\0\0\x2cftypmif1", "a HEIC or AVIF picture"),
        (b"\0\0\0\x20ftypavif", "an AVIF picture"),
        (b"\0\0\0\x20ftypisom", "an MP4 video"),
        (b"II*\0", "a TIFF picture"),
        (b"MM\0*", "a TIFF picture"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "a JPEG 2000 picture"),
        (b"\xff\x0a\xfa\x1f", "a JPEG XL picture"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "a JPEG XL picture"),
        (b"8BPS\0\x01", "a Photoshop picture (PSD)"),
        (b"\0\0\x01\0\x01\0", "an icon (ICO)"),
        (b"%PDF-1.7", "a PDF document"),
        (b"<svg xmlns=", "an SVG picture"),
        (b"P1\n2 2\n0 1 1 0", "a PBM picture"),
        (b"P4 8 1 \0", "a PBM picture"),
        (b"P9 is none", "text that begins with \"P9 is none\""),
        (b"", "an empty file"),
        // The advice for these would be another one in another place.
        (b"PK\x03\x04", "a zip file"),
        (b"<!DOCTYPE html>", "a web page instead of the file"),
    ] {
        let sentence = format!("expected a PNG, PGM or PPM picture, found {name}; save it as PNG");
        assert_eq!(refused(start), sentence);
    }
}

#[test]
fn digits_are_prepared_as_numpy_prepares_them() {
    let prepared = String::from_utf8(read("digits/prepared.txt")).expect("text");
    assert_eq!(prepared.lines().count(), 8);
    for line in prepared.lines() {
        let mut fields = line.split(' ');
        let name = fields.next().expect("a name");
        let expected: Vec<f64> = fields.map(|v| v.parse().expect(name)).collect();
        let image = parse(&read(name), 100_000).expect(name);
        let (x, signs) = prepare(&image).expect(name);
        assert_eq!(signs, [""; 0], "{name}");
        // The text has five digits. The levels of transparent ink are rounded here.
        println!("{name}");
        assert_close(x.as_slice(), &expected, if name.contains("white") { 1e-4 } else { 1e-5 });
    }
}

/// An image of 28 × 28 pixels, each of them repeated k times in both directions, with a margin.
fn enlarged(pixels: &[f64], k: usize, margin: usize, level: impl Fn(f64) -> u16) -> Image {
    let side = 28 * k + 2 * margin;
    let mut grey = vec![level(0.0); side * side];
    for y in 0..28 * k {
        for x in 0..28 * k {
            grey[side * (margin + y) + margin + x] = level(pixels[28 * (y / k) + x / k]);
        }
    }
    Image::new(side, side, grey).expect("a picture")
}

#[test]
fn the_levels_of_a_picture_fit_its_size() {
    for (width, height, count) in [(0, 0, 0), (0, 5, 0), (9, 9, 3), (2, 2, 9), (usize::MAX, 2, 0)] {
        let error = Image::new(width, height, vec![0; count]).expect_err("it does not fit");
        let expected = format!("expected levels for {width} × {height} pixels, found {count}");
        assert_eq!(error.to_string(), expected);
    }
    assert_eq!(Image::new(2, 3, vec![7; 6]).expect("it fits").grey(), [7; 6]);
}

/// White paper with 300 × 400 pixels, on which `dark` gives the darkness of pixel (x, y), 0 to 1.
fn paper(dark: impl Fn(usize, usize) -> f64) -> Image {
    let level = |i: usize| (60_000.0 * (1.0 - dark(i % 300, i / 300))) as u16;
    Image::new(300, 400, (0..300 * 400).map(level).collect()).expect("a picture")
}

/// The darkness of the first 7 of MNIST's test images, ten times as large, at (left, top).
fn seven(left: usize, top: usize) -> impl Fn(usize, usize) -> f64 {
    let (images, _) = mnist().test.select(&[0]);
    let pixels = images.to_matrix();
    move |x, y| match (x.checked_sub(left), y.checked_sub(top)) {
        (Some(x), Some(y)) if x < 280 && y < 280 => 0.8 * pixels[(0, 28 * (y / 10) + x / 10)],
        _ => 0.0,
    }
}

#[test]
fn what_is_not_the_digit_does_not_change_it() {
    let seven = seven(10, 60);
    let (alone, signs) = prepare(&paper(&seven)).expect("a digit");
    assert_eq!(signs, [""; 0]);
    type Darkness<'a> = Box<dyn Fn(usize, usize) -> f64 + 'a>;
    let with = |other: fn(usize, usize) -> f64| -> Darkness {
        let seven = &seven;
        Box::new(move |x, y| seven(x, y).max(other(x, y)))
    };
    let frame = |x: usize, y: usize| {
        let is_in = |v: usize, from: usize, to: usize| (from..to).contains(&v);
        is_in(x, 4, 296) && is_in(y, 4, 396) && !(is_in(x, 7, 293) && is_in(y, 7, 393))
    };
    let cases: [(&str, Darkness, f64); 7] = [
        ("a far pixel", with(|x, y| if x == 290 && y == 7 { 0.8 } else { 0.0 }), 1e-9),
        ("the edge of a scanner", with(|x, _| if x < 9 { 0.8 } else { 0.0 }), 1e-9),
        ("pale lines", with(|_, y| if y % 50 < 2 { 0.3 } else { 0.0 }), 0.15),
        ("light from one side", Box::new(|x, y| seven(x, y) + x as f64 / 3_000.0), 0.01),
        (
            "a shadow",
            Box::new(|x, y| 1.0 - (1.0 - seven(x, y)) * (if x + y < 180 { 0.6 } else { 1.0 })),
            1e-9,
        ),
        ("a frame", Box::new(|x, y| seven(x, y).max(if frame(x, y) { 0.8 } else { 0.0 })), 1e-9),
        ("black paper", Box::new(|x, y| 0.9 - seven(x, y)), 1e-9),
    ];
    for (name, dark, most) in cases {
        let (x, signs) = prepare(&paper(dark)).expect(name);
        assert_eq!(signs, [""; 0], "{name}");
        // How much of the ink is another one.
        let off = x.as_slice().iter().zip(alone.as_slice()).map(|(a, b)| (a - b).abs());
        let share = off.sum::<f64>() / alone.as_slice().iter().sum::<f64>();
        assert!(share <= most, "{name} changes {share} of the ink, expected at most {most}");
    }
}

#[test]
fn what_is_no_digit_has_its_sign() {
    let signs = |dark: &dyn Fn(usize, usize) -> f64| match prepare(&paper(dark)) {
        Some((_, signs)) => signs.iter().map(|sign| sign.split(':').next().unwrap_or("")).collect(),
        None => vec!["blank"],
    };
    let ink = |is_ink: bool| if is_ink { 0.8 } else { 0.0 };
    let disc = |x: usize, y: usize, radius: usize| {
        x.abs_diff(150).pow(2) + y.abs_diff(200).pow(2) <= radius * radius
    };
    assert_eq!(signs(&|_, _| 0.3), ["blank"]);
    let fills = "the ink fills its place, as a dot does";
    assert_eq!(signs(&|x, y| ink(disc(x, y, 14))), [fills]);
    let small = "the ink is very small";
    assert_eq!(signs(&|x, y| ink(disc(x, y, 2))), [small]);
    let wide = "the ink is more than twice as wide as high";
    assert_eq!(signs(&|x, y| ink(y.abs_diff(200) < 3 && x.abs_diff(150) < 80)), [wide]);
    let border = "the ink touches the border";
    assert_eq!(signs(&|x, _| ink(x.abs_diff(150) < 3)), [border]);
    assert_eq!(signs(&seven(60, 60)), [border; 0]);
    assert_eq!(signs(&seven(110, 60)), [border]);
    let seven = seven(10, 60);
    let bar = |x: usize, y: usize| ink((262..272).contains(&x) && (120..320).contains(&y));
    assert_eq!(signs(&|x, y| seven(x, y).max(bar(x, y))), ["there is other ink"]);
    assert_eq!(signs(&|x, y| seven(x, y) / 20.0), ["the ink is faint"]);
}

#[test]
fn an_enlarged_image_of_mnist_becomes_itself_again() {
    let (x, _) = mnist().test.select(&(0..1_000).collect::<Vec<usize>>());
    let x = x.to_matrix();
    let mut rng = Xorshift64Star::new(1);
    let mut same = 0;
    for n in 0..x.rows() {
        let (k, margin) = (1 + rng.below(5), rng.below(40));
        let dark = rng.below(2) == 0;
        // Not from black to white, but from one grey to another.
        let level =
            |v: f64| (if dark { 60_000.0 - 50_000.0 * v } else { 9_000.0 + 40_000.0 * v }) as u16;
        let (prepared, _) = prepare(&enlarged(x.row(n), k, margin, level)).expect("a digit");
        let off = prepared.as_slice().iter().zip(x.row(n)).map(|(a, b)| (a - b).abs());
        // Levels below a twentieth are taken for ground. The brightest pixel becomes 1.
        same += usize::from(off.fold(0.0, f64::max) < 0.051);
    }
    // If the outermost pixels are fainter than that, the digit is scaled. Strokes that are thinner
    // than a pixel are made wider.
    assert!(same >= 980, "expected 980 of 1000 images unchanged, found {same}");
}

#[test]
fn a_picture_of_any_size_and_any_levels_is_prepared_or_has_no_ink() {
    let mut rng = Xorshift64Star::new(2);
    for _ in 0..3_000 {
        let (width, height) = (1 + rng.below(9), 1 + rng.below(60));
        let levels = 1 + rng.below(3);
        let any = |rng: &mut Xorshift64Star| [0, 65535, rng.below(65536) as u16][rng.below(levels)];
        let grey: Vec<u16> = (0..width * height).map(|_| any(&mut rng)).collect();
        let picture = Image::new(width, height, grey.clone()).expect("a picture");
        let Some((x, _)) = prepare(&picture) else { continue };
        let most = x.as_slice().iter().fold(0.0, |a: f64, &b| a.max(b));
        assert!(most == 1.0 && x.as_slice().iter().all(|v| (0.0..=1.0).contains(v)), "{grey:?}");
    }
}
