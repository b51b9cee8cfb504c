//! One's own digit, drawn or photographed, prepared as the images of MNIST were.
//!
//! LeCun, Cortes and Burges ("The MNIST database of handwritten digits") scaled each digit to fit in
//! 20 × 20 pixels, kept its ratio, and moved it by whole pixels until its centre of mass was in the
//! middle of 28 × 28. So an image of MNIST that is enlarged becomes itself again. Ink is what differs
//! from the ground around it. The digit is the main piece of it with the small pieces next to it.

use std::mem::take;
use std::ops::Range;

use crate::formats::image::Image;
use crate::formats::mnist::{PIXELS, SIDE};
use crate::numeric::matrix::Matrix;

/// The longer side of a digit of MNIST, in pixels.
const DIGIT_SIDE: usize = 20;

/// The picture as x: (1, 784), 0 (ground) … 1 (ink), and the signs that it does not show one digit:
/// sentences that say what was found, and what to do. `None` if there is no ink.
pub fn prepare(picture: &Image) -> Option<(Matrix, Vec<&'static str>)> {
    let side = picture.width.max(picture.height).div_ceil(1024);
    let level = |i: usize| f64::from(picture.grey[i]);
    let (ink, noise) = Grid::means(picture.width, picture.height, side, level).ink();
    let most = largest(&ink.values);
    // Lines and shadows are paler than the digit. If they are in its way, only darker ink counts.
    let limits = [0.049, 0.2, 0.35, 0.5, 0.6].map(|part| noise.max(part * most));
    limits.iter().filter_map(|&limit| ink.digit(limit)).min_by_key(|(_, signs)| signs.len())
}

fn largest(ink: &[f64]) -> f64 {
    ink.iter().fold(0.0, |most, &v| f64::max(most, v))
}

/// A number for each pixel, row after row.
struct Grid {
    width: usize,
    height: usize,
    values: Vec<f64>,
}

/// Pixels that touch one another, and the columns and rows in which they are.
struct Piece {
    pixels: Vec<usize>,
    mass: f64,
    x: Range<usize>,
    y: Range<usize>,
}

impl Piece {
    fn longer(&self) -> usize {
        self.x.len().max(self.y.len())
    }

    fn grow(&mut self, mass: f64, x: &Range<usize>, y: &Range<usize>) {
        self.mass += mass;
        self.x = self.x.start.min(x.start)..self.x.end.max(x.end);
        self.y = self.y.start.min(y.start)..self.y.end.max(y.end);
    }
}

impl Grid {
    /// The means over squares with this side, of a picture with these levels.
    fn means(width: usize, height: usize, side: usize, level: impl Fn(usize) -> f64) -> Grid {
        let (columns, rows) = (width.div_ceil(side), height.div_ceil(side));
        let mut sums = vec![(0.0, 0.0); columns * rows];
        for i in 0..width * height {
            let (sum, count) = &mut sums[i / width / side * columns + i % width / side];
            *sum += level(i);
            *count += 1.0;
        }
        let values = sums.iter().map(|(sum, count)| sum / count).collect();
        Grid { width: columns, height: rows, values }
    }

    /// How much each pixel differs from what `change` makes of the means over squares. The longer side
    /// of the picture has `parts` squares.
    fn minus(&self, parts: usize, change: fn(Grid) -> Grid) -> Vec<f64> {
        let side = self.width.max(self.height).div_ceil(parts);
        let coarse = change(Grid::means(self.width, self.height, side, |i| self.values[i]));
        let place = |i: usize| i / self.width / side * coarse.width + i % self.width / side;
        (0..self.values.len()).map(|i| self.values[i] - coarse.values[place(i)]).collect()
    }

    /// The places in `values` that are at most `reach` columns and rows away.
    fn around(&self, i: usize, reach: usize) -> impl Iterator<Item = usize> {
        let near = |i: usize, n: usize| i.saturating_sub(reach)..(i + reach + 1).min(n);
        let (x, y) = (near(i % self.width, self.width), near(i / self.width, self.height));
        y.flat_map(move |y| x.clone().map(move |x| y * self.width + x))
    }

    /// For each pixel the least number around it; then the greatest of these around it. So what is
    /// narrow and high disappears, as ink does, and what is wide stays, as a shadow.
    fn ground(mut self) -> Grid {
        for of in [f64::min, f64::max] {
            let number = |i: usize| self.around(i, 4).map(|i| self.values[i]).reduce(of);
            self.values = (0..self.values.len()).filter_map(number).collect();
        }
        self
    }

    /// The ink of each pixel, and the least that is more than the noise of paper.
    fn ink(mut self) -> (Grid, f64) {
        // Ink is rarer than ground and differs more from the mean: the sum of the cubes has its sign.
        if self.minus(3, |means| means).iter().map(|v| v * v * v).sum::<f64>() < 0.0 {
            self.values.iter_mut().for_each(|v| *v = -*v);
        }
        self.values = self.minus(32, Grid::ground);
        let mut sorted = self.values.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let (quarter, median) = (sorted[sorted.len() / 4], sorted[sorted.len() / 2]);
        self.values.iter_mut().for_each(|v| *v -= median);
        (self, 8.0 * (median - quarter))
    }

    /// The pieces of what is above the limit.
    fn pieces(&self, limit: f64) -> Vec<Piece> {
        let mut free: Vec<bool> = self.values.iter().map(|v| *v > limit).collect();
        let mut pieces = Vec::new();
        for start in 0..free.len() {
            if !take(&mut free[start]) {
                continue;
            }
            let (x, y) = (start % self.width, start / self.width);
            let mut piece = Piece { pixels: vec![start], mass: 0.0, x: x..x, y: y..y };
            let mut next = 0;
            while let Some(&i) = piece.pixels.get(next) {
                let (x, y) = (i % self.width, i / self.width);
                piece.grow(self.values[i], &(x..x + 1), &(y..y + 1));
                piece.pixels.extend(self.around(i, 1).filter(|&i| take(&mut free[i])));
                next += 1;
            }
            pieces.push(piece);
        }
        pieces
    }

    /// The digit among what is above the limit.
    fn digit(&self, limit: f64) -> Option<(Matrix, Vec<&'static str>)> {
        let touches = |piece: &Piece| {
            let (x, y) = (&piece.x, &piece.y);
            x.start == 0 || y.start == 0 || x.end == self.width || y.end == self.height
        };
        let least = self.width.max(self.height).div_ceil(16);
        let can_be_digit = |piece: &Piece| !touches(piece) && piece.longer() >= least;
        let mut pieces = self.pieces(limit);
        // A frame is left out: it has much other ink well inside.
        let within = |a: &Range<usize>, b: &Range<usize>| {
            b.start + b.len() / 10 < a.start && a.end + b.len() / 10 < b.end
        };
        let is_in = |a: &Piece, frame: &Piece| {
            can_be_digit(a)
                && a.mass > 0.2 * frame.mass
                && within(&a.x, &frame.x)
                && within(&a.y, &frame.y)
        };
        let frames: Vec<bool> =
            pieces.iter().map(|frame| pieces.iter().any(|a| is_in(a, frame))).collect();
        let mut is_frame = frames.iter();
        pieces.retain(|_| is_frame.next() == Some(&false));
        pieces.sort_by(|a, b| a.mass.total_cmp(&b.mass));
        pieces.sort_by_key(can_be_digit);
        let mut digit = pieces.pop()?;
        let border = touches(&digit);
        let (mass, longer, x, y) = (digit.mass, digit.longer(), digit.x.clone(), digit.y.clone());
        let near = |a: &Range<usize>, b: &Range<usize>| {
            a.start < b.end + longer / 5 && b.start < a.end + longer / 5
        };
        let mut several = false;
        for other in pieces {
            let is_dust = other.mass < 0.02 * mass || touches(&other);
            let is_small = 4 * other.longer() < 3 * longer;
            if !is_dust && is_small && near(&x, &other.x) && near(&y, &other.y) {
                digit.pixels.extend(&other.pixels);
                digit.grow(other.mass, &other.x, &other.y);
            } else {
                several |= !is_dust && other.mass > 0.2 * mass;
            }
        }
        let (wide, high, area) = (digit.x.len(), digit.y.len(), digit.pixels.len());
        let is_dot = 10 * area > 7 * wide * high && 3 * wide.min(high) > digit.longer();
        let is_faint = digit.mass < 0.05 * 65_535.0 * area as f64;
        let signs = [
            (border, "the ink touches the border: crop the picture, or leave more paper around it"),
            (several, "there is other ink: crop the picture to one digit"),
            (is_dot, "the ink fills its place, as a dot does: use a thinner pen"),
            (wide > 2 * high, "the ink is more than twice as wide as high: turn the picture"),
            (is_faint, "the ink is faint: use a darker pen, or more light"),
            (digit.longer() < 10, "the ink is very small: crop the picture to the digit"),
        ];
        let signs = signs.iter().filter(|(found, _)| *found).map(|(_, sign)| *sign).collect();
        Some((self.scaled(&digit), signs))
    }

    /// The digit as x.
    fn scaled(&self, digit: &Piece) -> Matrix {
        let mut ink = vec![0.0; self.values.len()];
        let (mut centre_x, mut centre_y, mut outline) = (0.0, 0.0, 0.0);
        for &i in &digit.pixels {
            ink[i] = self.values[i];
            centre_x += ink[i] * ((i % self.width) as f64 + 0.5);
            centre_y += ink[i] * ((i / self.width) as f64 + 0.5);
        }
        for (i, v) in ink.iter().enumerate() {
            let right = if (i + 1) % self.width == 0 { 0.0 } else { ink[i + 1] };
            outline += (right - v).abs() + (ink.get(i + self.width).unwrap_or(&0.0) - v).abs();
        }

        // So many pixels of the picture, side by side, become one pixel of the result.
        let cell = digit.longer() as f64 / DIGIT_SIDE as f64;
        // A stroke of length l and width w has the area l w, and its outline is about 2 l.
        let stroke = 2.0 * digit.mass / outline / cell;
        // Each pixel of the result is the mean over its cell. Strokes thinner than a pixel would be
        // pale: then it is a mean over four cells by four, whose weights fall from the middle to 0. With
        // the factor 2 / stroke, they become about two pixels wide.
        let thin = stroke < 1.0;
        let (reach, factor) = if thin { (2.0 * cell, 2.0 / stroke) } else { (cell / 2.0, 1.0) };
        // For each row or column of the result, the pixels that count, with their weights.
        let weights = |centre: f64, ink: &Range<usize>, size: usize| -> Vec<Vec<(usize, f64)>> {
            // The digit is moved until its centre of mass is nearest to the middle of pixel 14,
            // counted from 0, as in MNIST. No part of it leaves the image.
            let first = ink.start as f64;
            let place = (14.5 - (centre / digit.mass - first) / cell).round().max(0.0) as usize;
            let place = place.min(SIDE - (DIGIT_SIDE * ink.len()).div_ceil(digit.longer()));
            let of_pixel = |k: usize| {
                let middle = first + (k as f64 - place as f64 + 0.5) * cell;
                let (start, end) = (middle - reach, middle + reach);
                let weight = |i: usize| match thin {
                    true => (i, (1.0 - (i as f64 + 0.5 - middle).abs() / reach).max(0.0) / 2.0),
                    false => (i, (i as f64 + 1.0).min(end) - (i as f64).max(start)),
                };
                let pixels = start.max(0.0) as usize..(end.max(0.0).ceil() as usize).min(size);
                pixels.map(weight).collect()
            };
            (0..SIDE).map(of_pixel).collect()
        };
        let columns = weights(centre_x, &digit.x, self.width);
        let rows = weights(centre_y, &digit.y, self.height);
        let most = largest(&ink);
        let result = Matrix::from_fn(1, PIXELS, |_, k| {
            let mut sum = 0.0;
            for (y, high) in &rows[k / SIDE] {
                for (x, wide) in &columns[k % SIDE] {
                    sum += high * wide * ink[y * self.width + x];
                }
            }
            (factor * sum / (cell * cell)).min(most)
        });
        let peak = largest(result.as_slice());
        result.map(|v| v / peak)
    }
}
