//! Pictures as grey levels, and the formats PGM and PPM of Netpbm.
//!
//! ```text
//! P2 or P5   magic bytes: PGM with numbers as text, or as bytes; one number per pixel
//! P3 or P6   magic bytes: PPM with numbers as text, or as bytes; red, green and blue per pixel
//! width, height, maximum   as text, after spaces, line ends, or comments from # to the line end.
//!            The maximum is the number for full light, 1 … 65535
//! one space or line end
//! numbers    row after row. As bytes: one byte if the maximum is below 256, otherwise two, big-endian
//! ```

use super::{FormatError, error};

/// A picture with at least one pixel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) grey: Vec<u16>,
}

impl Image {
    /// A picture with these levels, row after row. It has at least one pixel.
    pub fn new(width: usize, height: usize, grey: Vec<u16>) -> Result<Self, FormatError> {
        if grey.is_empty() || width.checked_mul(height) != Some(grey.len()) {
            let found = grey.len();
            return error(format!("expected levels for {width} × {height} pixels, found {found}"));
        }
        Ok(Self { width, height, grey })
    }

    /// (width, height), in pixels.
    pub fn size(&self) -> (usize, usize) {
        (self.width, self.height)
    }

    /// The grey level of each pixel, row after row: 0 (black) … 65535 (white).
    pub fn grey(&self) -> &[u16] {
        &self.grey
    }

    /// A window with a transparent shadow around it: the window. Its corners may be round. But ink
    /// that is a bar on a transparent ground has only one level, and stays as it is.
    fn without_margin(self, is_opaque: impl Fn(usize) -> bool) -> Self {
        let (mut x, mut y, mut count) = (self.width..0, self.height..0, 0);
        for i in (0..self.grey.len()).filter(|&i| is_opaque(i)) {
            let (column, row) = (i % self.width, i / self.width);
            (x, y) = (x.start.min(column)..x.end.max(column + 1), y.start.min(row)..row + 1);
            count += 1;
        }
        let rows = self.grey.chunks_exact(self.width).take(y.end).skip(y.start);
        let grey: Vec<u16> = rows.flat_map(|row| &row[x.clone()]).copied().collect();
        if count < grey.len() - grey.len() / 20 || contrast(&grey) == 0 {
            return self;
        }
        Self { width: x.len(), height: y.len(), grey }
    }

    /// The picture turned and mirrored as Exif's orientation 1 to 8 says.
    pub(super) fn turned(self, orientation: usize) -> Self {
        let Self { width, height, grey } = self;
        let swapped = (5..=8).contains(&orientation); // columns become rows
        let (columns, rows) = if swapped { (height, width) } else { (width, height) };
        let level = |i: usize| {
            let (x, y) = (i % columns, i / columns);
            let (x, y) = if swapped { (y, x) } else { (x, y) };
            let x = if matches!(orientation, 2 | 3 | 7 | 8) { width - 1 - x } else { x };
            let y = if matches!(orientation, 3 | 4 | 6 | 7) { height - 1 - y } else { y };
            grey[y * width + x]
        };
        Self { width: columns, height: rows, grey: (0..grey.len()).map(level).collect() }
    }
}

pub(super) const FILE_ENDS: &str = "the file ends before the end of the picture";

/// Reads what follows P and this kind in a PGM or PPM file.
pub(super) fn netpbm(kind: u8, mut rest: &[u8], most_pixels: usize) -> Result<Image, FormatError> {
    let (width, height) = (next_number(&mut rest)?.into(), next_number(&mut rest)?.into());
    check_size(width, height, most_pixels)?;
    let maximum = next_number(&mut rest)?.max(1);
    let channels = if matches!(kind, b'2' | b'5') { 1 } else { 3 };
    let count = width * height * channels;
    let as_text = kind <= b'3';
    let bytes = if as_text || maximum > 255 { 2 } else { 1 }; // as text, a space and a digit
    let data = rest.get(usize::from(!as_text)..).unwrap_or_default();
    if data.len() < count * bytes {
        return error(FILE_ENDS);
    }
    let numbers: Vec<u16> = if as_text {
        (0..count).map(|_| next_number(&mut rest)).collect::<Result<_, _>>()?
    } else {
        let number = |bytes: &[u8]| bytes.iter().fold(0, |n, &byte| n << 8 | u16::from(byte));
        data.chunks_exact(bytes).take(count).map(number).collect()
    };
    if let Some(number) = numbers.iter().find(|number| **number > maximum) {
        return error(format!("expected numbers of at most {maximum}, found {number}"));
    }
    let most = u32::from(maximum);
    let level = |number: u16| ((u32::from(number) * 65535 + most / 2) / most) as u16;
    // A level of grey is a colour with three equal parts.
    let pixel = |numbers: &[u16]| [luma([0, 1, 2].map(|k| level(numbers[k % channels]))), 65535];
    let pixels: Vec<[u16; 2]> = numbers.chunks_exact(channels).map(pixel).collect();
    Ok(on_paper(width, height, &pixels))
}

/// The number at the start of `rest`, after spaces, line ends and comments.
fn next_number(rest: &mut &[u8]) -> Result<u16, FormatError> {
    *rest = rest.trim_ascii_start();
    while rest.starts_with(b"#") {
        let comment = rest.iter().take_while(|&&byte| byte != b'\n').count();
        *rest = rest[comment..].trim_ascii_start();
    }
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = str::from_utf8(&rest[..digits]).ok().and_then(|digits| digits.parse().ok());
    *rest = &rest[digits..];
    number.map_or_else(|| error("expected a whole number from 0 to 65535 as text"), Ok)
}

/// Checks the size in a header, before memory is reserved for the pixels.
pub(super) fn check_size(width: usize, height: usize, most: usize) -> Result<(), FormatError> {
    if width == 0 || height == 0 || width > most / height {
        let found = format!("found {width} × {height}: make the picture smaller");
        return error(format!("expected 1 to {most} pixels, {found}"));
    }
    Ok(())
}

/// The level of a colour: 0.299 red + 0.587 green + 0.114 blue, as in Pillow's mode "L".
pub(super) fn luma([red, green, blue]: [u16; 3]) -> u16 {
    let sum = 19595 * u32::from(red) + 38470 * u32::from(green) + 7471 * u32::from(blue);
    ((sum + 32768) >> 16) as u16
}

/// The picture on white paper, or on black paper if this gives more than twice the contrast: so white
/// ink on a transparent ground can be seen. A pixel has a level and an opacity.
pub(super) fn on_paper(width: usize, height: usize, pixels: &[[u16; 2]]) -> Image {
    let [white, black] = [65535, 0].map(|paper: u64| {
        let mixed = |pixel: &[u16; 2]| {
            let [level, opacity] = pixel.map(u64::from);
            ((level * opacity + paper * (65535 - opacity) + 32767) / 65535) as u16
        };
        pixels.iter().map(mixed).collect::<Vec<u16>>()
    });
    let grey = if contrast(&black) / 2 > contrast(&white) { black } else { white };
    Image { width, height, grey }.without_margin(|i| pixels[i][1] == 65535)
}

fn contrast(grey: &[u16]) -> u16 {
    grey.iter().max().zip(grey.iter().min()).map_or(0, |(most, least)| most - least)
}
