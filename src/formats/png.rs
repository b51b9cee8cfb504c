//! PNG pictures ("Portable Network Graphics Specification, Third Edition", W3C; the numbers in
//! brackets are its sections). After eight magic bytes the file consists of chunks (5.3). Of those that
//! may be skipped, only the orientation in eXIf is read.
//!
//! ```text
//! chunk    4 bytes      the length of the data
//!          4 letters    the name. If the first letter is a capital, the chunk must not be skipped
//!          data
//!          4 bytes      the CRC-32 of the name and the data
//!
//! IHDR     width and height in 4 bytes each, then one byte each:
//!          bits per sample     1, 2, 4, 8 or 16
//!          colour type         0 grey, 2 red green blue, 3 number in the palette, 4 grey opacity,
//!                              6 red green blue opacity
//!          compression, filter, interlace    0 0 0, or 0 0 1 for an interlaced picture
//! PLTE     the palette: red, green and blue in 1 byte each
//! tRNS     for colour type 3 the opacity of each colour in the palette, in 1 byte; for 0 and 2 the
//!          samples of the pixels that are transparent, in 2 bytes each
//! IDAT     a part of the zlib data. If there are several, they follow one another directly
//! IEND     no data; the end
//!
//! zlib     2 bytes for the method, DEFLATE data with the rows, 4 bytes Adler-32 (RFC 1950)
//! row      1 byte, the filter; then the samples. The first one of a byte is in its highest bits
//! ```

use super::crc32::crc32;
use super::files::kind_and_advice;
use super::image::{FILE_ENDS, Image, check_size, luma, netpbm, on_paper};
use super::inflate::inflate;
use super::{FormatError, error};

/// Reads a PNG, PGM or PPM file that is in memory. A transparent picture lies on white paper, or on
/// black paper if this gives more than twice the contrast. A transparent margin is cut off.
pub fn parse_picture(file: &[u8], most_pixels: usize) -> Result<Image, FormatError> {
    if let [b'P', kind @ (b'2' | b'3' | b'5' | b'6'), rest @ ..] = file {
        return netpbm(*kind, rest, most_pixels);
    }
    if let Some(chunks) = file.strip_prefix(b"\x89PNG\r\n\x1a\n") {
        return parse(chunks, most_pixels);
    }
    let (found, _) = kind_and_advice(file); // the advice for a picture is another one
    error(format!("expected a PNG, PGM or PPM picture, found {found}; save it as PNG"))
}

/// Reads what follows the magic bytes of a PNG file.
fn parse(rest: &[u8], most_pixels: usize) -> Result<Image, FormatError> {
    let ([header, palette, transparency, zlib, _], orientation) = chunks(rest)?;
    // IHDR (11.2.1)
    let &[w0, w1, w2, w3, h0, h1, h2, h3, depth, colour_type, 0, 0, interlace] = &header[..] else {
        return error("the PNG chunk IHDR has a wrong length or an unknown method");
    };
    let channels = match (colour_type, depth) {
        (0, 1 | 2 | 4 | 8 | 16) | (3, 1 | 2 | 4 | 8) => 1,
        (4, 8 | 16) => 2,
        (2, 8 | 16) => 3,
        (6, 8 | 16) => 4,
        _ => return error(format!("PNG has no colour type {colour_type} of {depth} bits")),
    };
    if interlace != 0 {
        return error("an interlaced PNG picture (Adam7): save it again without interlacing");
    }
    let [width, height] = [[w0, w1, w2, w3], [h0, h1, h2, h3]].map(u32::from_be_bytes);
    let (width, height, depth) = (width as usize, height as usize, usize::from(depth));
    check_size(width, height, most_pixels)?;
    let fits = match colour_type {
        0 | 2 => [0, 2 * channels].contains(&transparency.len()),
        3 => transparency.len() <= palette.len() / 3,
        _ => transparency.is_empty(),
    };
    if !fits || palette.len() % 3 != 0 || palette.len() > 3 * 256 {
        return error("the PNG chunk PLTE or tRNS has a wrong length");
    }

    // A row begins at a whole byte.
    let length = 1 + width.saturating_mul(channels * depth).div_ceil(8);
    let mut rows = decompressed(&zlib, length.saturating_mul(height))?;
    undo_filters(&mut rows, length, (channels * depth).div_ceil(8))?;

    // 65535 is a multiple of the largest sample: 1, 3, 15, 255 or 65535.
    let factor = 65535 / (65535 >> (16 - depth));
    let colours = palette.as_chunks::<3>().0;
    let mut pixels = Vec::with_capacity(width * height);
    for row in rows.chunks_exact(length) {
        for x in 0..width {
            let mut samples = [0; 4];
            for (k, sample) in samples[..channels].iter_mut().enumerate() {
                let bit = 8 + (x * channels + k) * depth;
                let byte = u16::from(row[bit / 8]);
                *sample = match depth {
                    16 => byte << 8 | u16::from(row[bit / 8 + 1]),
                    _ => byte >> (8 - depth - bit % 8) & ((1 << depth) - 1),
                };
            }
            let as_bytes = samples[..channels].iter().flat_map(|sample| sample.to_be_bytes());
            let opacity = if as_bytes.eq(transparency.iter().copied()) { 0 } else { 65535 };
            let [a, b, c, d] = samples.map(|sample| sample * factor);
            pixels.push(match colour_type {
                0 => [a, opacity],
                2 => [luma([a, b, c]), opacity],
                4 => [a, b],
                6 => [luma([a, b, c]), d],
                _ => {
                    let number = usize::from(samples[0]);
                    let Some(colour) = colours.get(number) else {
                        return error(format!("the palette of the picture has no colour {number}"));
                    };
                    let opacity = *transparency.get(number).unwrap_or(&255);
                    [luma(colour.map(|v| 257 * u16::from(v))), 257 * u16::from(opacity)]
                }
            });
        }
    }
    drop(rows);
    Ok(on_paper(width, height, &pixels).turned(orientation))
}

/// The chunks that are read, in the order that they must have (5.6).
const ORDER: [&[u8; 4]; 5] = [b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"];

/// The data of the chunks in [`ORDER`], and the orientation in eXIf. The parts of IDAT are joined.
fn chunks(mut rest: &[u8]) -> Result<([Vec<u8>; 5], usize), FormatError> {
    let mut found: [Vec<u8>; 5] = Default::default();
    let mut orientation = 1;
    let mut next = 0; // the first place in ORDER that is still allowed
    while next < ORDER.len() {
        let (length, after) = rest.split_first_chunk().ok_or(FILE_ENDS)?;
        let length = u32::from_be_bytes(*length) as usize;
        let (named, after) = after.split_at_checked(length.saturating_add(4)).ok_or(FILE_ENDS)?;
        let (checksum, after) = after.split_first_chunk().ok_or(FILE_ENDS)?;
        rest = after;
        let (name, data) = named.split_first_chunk().ok_or(FILE_ENDS)?;
        let shown = name.escape_ascii();
        if u32::from_be_bytes(*checksum) != crc32(named) {
            return error(format!("the PNG chunk {shown} is damaged: its checksum is wrong"));
        }
        match ORDER.iter().position(|known| *known == name) {
            Some(place) if place >= next && (place == 0) == (next == 0) => {
                found[place].extend(data);
                next = if place == 3 { 3 } else { place + 1 };
            }
            None if next > 0 && name[0].is_ascii_lowercase() => {
                next = if found[3].is_empty() { next } else { 4 };
                if name == b"eXIf" {
                    orientation = orientation_in(data).unwrap_or(1);
                }
            }
            None if next > 0 => {
                return error(format!("the PNG chunk {shown} is unknown and must not be skipped"));
            }
            _ => return error(format!("the PNG chunk {shown} is not in its place")),
        }
    }
    Ok((found, orientation))
}

/// The orientation in Exif data. The first two bytes give the order of the bytes in a number. At 4 is
/// the place of a list: the number of entries, then 12 bytes for each. 0x0112 has the orientation at 8.
fn orientation_in(exif: &[u8]) -> Option<usize> {
    let number = |at: usize, size: usize| {
        let bytes = exif.get(at..at + size)?.iter().map(|&byte| usize::from(byte));
        Some(match exif.starts_with(b"MM") {
            true => bytes.fold(0, |n, byte| n << 8 | byte),
            false => bytes.rev().fold(0, |n, byte| n << 8 | byte),
        })
    };
    let list = number(4, 4)?.min(exif.len());
    let mut entries = (0..number(list, 2)?).map(|k| list + 2 + 12 * k);
    number(entries.find(|&at| number(at, 2) == Some(0x0112))? + 8, 2)
}

/// Decompresses zlib data (10) of `total` bytes.
fn decompressed(zlib: &[u8], total: usize) -> Result<Vec<u8>, FormatError> {
    // DEFLATE makes at most 1032 bytes from one byte: a small file can't claim much memory.
    if total > zlib.len().saturating_mul(1032) {
        let found = zlib.len();
        return error(format!("{found} compressed bytes can't contain a picture of {total} bytes"));
    }
    // CM 8 is DEFLATE. FDICT 0 means that there is no dictionary. Both bytes are a multiple of 31.
    let header = zlib.first_chunk().map_or(0, |bytes| u16::from_be_bytes(*bytes));
    if header & 0x0f20 != 0x0800 || !header.is_multiple_of(31) {
        return error("the picture does not begin as zlib data do");
    }
    let mut rows = Vec::with_capacity(total);
    let end = inflate(&zlib[2..], &mut rows, total)?;
    // Adler-32: 1 + the sum of the bytes, and the sum of all these sums, modulo 65521.
    let (mut a, mut b) = (1, 0);
    for &byte in &rows {
        a = (a + u32::from(byte)) % 65521;
        b = (b + a) % 65521;
    }
    let checksum = (b << 16 | a).to_be_bytes();
    if rows.len() != total || !zlib[2 + end..].starts_with(&checksum) {
        return error("the length or the checksum of the picture is wrong: the file is damaged");
    }
    Ok(rows)
}

/// A filter stores each byte as the difference from a prediction (9.2): from the byte to the left, the
/// byte above, their mean, or one of three. "To the left" means `step` bytes, or one pixel, earlier.
fn undo_filters(rows: &mut [u8], length: usize, step: usize) -> Result<(), FormatError> {
    let mut above = vec![0; length];
    for row in rows.chunks_exact_mut(length) {
        let filter = row[0];
        for i in 1..length {
            let (a, c) = if i > step { (row[i - step], above[i - step]) } else { (0, 0) };
            let b = above[i];
            row[i] = row[i].wrapping_add(match filter {
                0 => 0,
                1 => a,
                2 => b,
                3 => ((u16::from(a) + u16::from(b)) / 2) as u8,
                // Paeth (9.4): the one that is nearest to a + b − c. The first of them, if several are.
                4 => {
                    let p = i16::from(a) + i16::from(b) - i16::from(c);
                    [a, b, c].into_iter().min_by_key(|&v| p.abs_diff(v.into())).unwrap_or(a)
                }
                _ => return error(format!("expected a filter from 0 to 4, found {filter}")),
            });
        }
        above.copy_from_slice(row);
    }
    Ok(())
}
