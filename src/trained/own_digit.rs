//! One's own digit, drawn or photographed, prepared as the images of MNIST were.
//!
//! LeCun, Cortes and Burges ("The MNIST database of handwritten digits") scaled each digit to fit in
//! 20 × 20 pixels, kept its ratio, and moved it by whole pixels until its centre of mass was in the
//! middle of 28 × 28. So an image of MNIST that is enlarged becomes itself again.
//!
//! A picture must show one digit, upright, on a plain ground. Paper in a photograph may be lighter on
//! one side, but not nearly as dark as the ink. Lines, a frame and dust are not removed.

use crate::formats::image::Image;
use crate::formats::mnist::{PIXELS, SIDE};
use crate::numeric::matrix::Matrix;

/// The longer side of a digit of MNIST, in pixels.
const DIGIT_SIDE: usize = 20;

/// The picture as x: (1, 784), 0 (ground) … 1 (ink), or `None` if all its pixels are equal.
pub fn prepare(picture: &Image) -> Option<Matrix> {
    let ink = ink(picture)?;
    let (width, height) = (picture.width, picture.height);
    let at = |x: usize, y: usize| if x < width && y < height { ink[width * y + x] } else { 0.0 };

    // The box that contains all ink, the mass of the ink, its centre, and its outline.
    let (mut left, mut right, mut top, mut bottom) = (width, 0, height, 0);
    let (mut mass, mut centre_x, mut centre_y, mut outline) = (0.0, 0.0, 0.0, 0.0);
    for y in 0..height {
        for x in 0..width {
            let v = at(x, y);
            outline += (at(x + 1, y) - v).abs() + (at(x, y + 1) - v).abs();
            if v > 0.0 {
                (left, right) = (left.min(x), right.max(x + 1));
                (top, bottom) = (top.min(y), bottom.max(y + 1));
                mass += v;
                centre_x += v * (x as f64 + 0.5);
                centre_y += v * (y as f64 + 0.5);
            }
        }
    }

    // So many pixels of the picture, side by side, become one pixel of the result.
    let longer = (right - left).max(bottom - top);
    let cell = longer as f64 / DIGIT_SIDE as f64;
    // The box is moved until its centre of mass is nearest to the middle of pixel 14, counted from
    // 0, as in MNIST. No part of it leaves the image.
    let place = |centre: f64, start: usize, end: usize| {
        let place = (14.5 - (centre / mass - start as f64) / cell).round();
        (place.max(0.0) as usize).min(SIDE - (DIGIT_SIDE * (end - start)).div_ceil(longer))
    };
    let (x0, y0) = (place(centre_x, left, right), place(centre_y, top, bottom));

    // A stroke of length l and width w has the area l w, and its outline is about 2 l.
    let stroke = 2.0 * mass / outline / cell;
    // Each pixel of the result is the mean over its cell. But strokes thinner than a pixel would be
    // pale, as none of MNIST's is: then it is a mean over four cells by four, whose weights fall
    // from the middle to 0. With the factor 2 / stroke, the strokes become about two pixels wide.
    let (reach, factor) = if stroke < 1.0 { (2.0 * cell, 2.0 / stroke) } else { (cell / 2.0, 1.0) };
    // The pixels of the picture that count for row or column k of the result, with their weights.
    let weights = |k: usize, place: usize, first: usize, size: usize| {
        let middle = first as f64 + (k as f64 - place as f64 + 0.5) * cell;
        let (start, end) = (middle - reach, middle + reach);
        let weight = move |i: usize| {
            let (left, right) = (i as f64, i as f64 + 1.0);
            if stroke < 1.0 {
                (i, (1.0 - (left + 0.5 - middle).abs() / reach).max(0.0) / 2.0)
            } else {
                (i, right.min(end) - left.max(start))
            }
        };
        (start.max(0.0) as usize..(end.max(0.0).ceil() as usize).min(size)).map(weight)
    };
    let mut result = Matrix::zeros(1, PIXELS);
    for row in 0..SIDE {
        for column in 0..SIDE {
            let mut sum = 0.0;
            for (y, high) in weights(row, y0, top, height) {
                for (x, wide) in weights(column, x0, left, width) {
                    sum += high * wide * at(x, y);
                }
            }
            result[(0, SIDE * row + column)] = (factor * sum / (cell * cell)).min(1.0);
        }
    }
    let peak = result.as_slice().iter().fold(0.0, |peak: f64, &v| peak.max(v));
    Some(result.map(|v| v / peak))
}

/// How much ink each pixel has, 0 … 1. The ground is the median of the border. The ink is darker or
/// lighter, whichever differs more from the ground.
fn ink(picture: &Image) -> Option<Vec<f64>> {
    let Image { width, height, grey } = picture;
    let on_border = |i: &usize| {
        let (x, y) = (i % width, i / width);
        x == 0 || y == 0 || x + 1 == *width || y + 1 == *height
    };
    let mut border: Vec<u16> = (0..grey.len()).filter(on_border).map(|i| grey[i]).collect();
    border.sort_unstable();
    let level = |v: u16| f64::from(v);
    let quartile = |quarters: usize| level(border[(border.len() - 1) * quarters / 4]);
    let ground = quartile(2);
    let lightest = level(*grey.iter().max()?) - ground;
    let darkest = level(*grey.iter().min()?) - ground;
    let (most, spread) = if lightest > -darkest {
        (lightest, quartile(3) - ground)
    } else {
        (darkest, quartile(1) - ground)
    };
    if most == 0.0 {
        return None;
    }
    // Paper is not of one level in a scan or a photograph. Its levels differ from the ground by much
    // less than 8 times the distance of a quartile. From half of the contrast on, it is always ink.
    let faint = (8.0 * spread / most).clamp(0.05, 0.5);
    let ink = grey.iter().map(|&v| (level(v) - ground) / most);
    Some(ink.map(|ink| if ink < faint { 0.0 } else { ink }).collect())
}
