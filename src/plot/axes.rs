//! Data on axes: lines, markers, arrows and texts between two axes with ticks, as Matplotlib
//! draws them for the book. This module knows nothing of networks.
//!
//! A point that is not finite is left out, and on a logarithmic axis also a point that is not above
//! 0. The drawing says how many points were left out.

use super::svg::{Anchor, Colour, Point, Stroke, Svg, left_out_note, readable};
use crate::numeric::elementary::ln;

/// A drawing, built step by step.
#[derive(Clone, Debug, Default)]
pub struct Axes {
    pub(super) title: String,
    size: (f64, f64),
    x: Axis,
    y: Axis,
    /// Points, and what is drawn at them
    items: Vec<(Vec<Point>, Look)>,
    legend: Option<Corner>,
    note: String,
}

#[derive(Clone, Debug, Default)]
struct Axis {
    label: String,
    range: Option<(f64, f64)>,
    logarithmic: bool,
    whole: bool,
}

#[derive(Clone, Debug)]
enum Look {
    /// A line with its label
    Line(String, Stroke),
    Markers(Colour),
    /// Each two points are the ends of an arrow
    Arrows(Colour),
    /// A text, and by how many pixels it is moved away from its point
    Text(String, Point, Colour, Anchor),
}

/// The position of the legend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Corner {
    /// At the top left
    UpperLeft,
    /// At the top right
    UpperRight,
    /// At the bottom left
    LowerLeft,
    /// At the bottom right
    LowerRight,
}

/// The margins around the axes, in pixels: left, top, right, bottom.
const MARGINS: [f64; 4] = [64.0, 66.0, 18.0, 52.0];

impl Axes {
    /// Empty axes with this title, 560 × 400 pixels.
    pub fn new(title: &str) -> Self {
        Self { title: title.to_string(), size: (560.0, 400.0), ..Self::default() }
    }

    /// Another size, in pixels.
    pub fn size(mut self, width: f64, height: f64) -> Self {
        self.size = (width, height);
        self
    }

    /// The labels of the two axes.
    pub fn labels(mut self, x: &str, y: &str) -> Self {
        (self.x.label, self.y.label) = (x.to_string(), y.to_string());
        self
    }

    /// The range of the horizontal axis. Without it, the axis is as long as the data need.
    pub fn x_range(mut self, from: f64, to: f64) -> Self {
        self.x.range = Some((from, to));
        self
    }

    /// The range of the vertical axis. Without it, the axis is as long as the data need.
    pub fn y_range(mut self, from: f64, to: f64) -> Self {
        self.y.range = Some((from, to));
        self
    }

    /// The ticks of the horizontal axis are whole numbers.
    pub fn whole_x(mut self) -> Self {
        self.x.whole = true;
        self
    }

    /// Both axes are logarithmic.
    pub fn logarithmic(mut self) -> Self {
        (self.x.logarithmic, self.y.logarithmic) = (true, true);
        self
    }

    /// A line through points. The label is shown in the legend, unless it is empty. A line of few
    /// points with a label gets a dot on each point, because it would hardly be visible.
    pub fn line(self, label: &str, points: &[Point], stroke: Stroke) -> Self {
        self.with(points, Look::Line(label.to_string(), stroke))
    }

    /// A dot on each point.
    pub fn markers(self, points: &[Point], colour: Colour) -> Self {
        self.with(points, Look::Markers(colour))
    }

    /// Arrows from the first point to the second.
    pub fn arrows(self, arrows: &[[Point; 2]], colour: Colour) -> Self {
        self.with(arrows.as_flattened(), Look::Arrows(colour))
    }

    /// A text beside a point: `by` is how many pixels it is to the right of the point and below it.
    pub fn text(self, text: &str, at: Point, by: Point, colour: Colour, anchor: Anchor) -> Self {
        self.with(&[at], Look::Text(text.to_string(), by, colour, anchor))
    }

    fn with(mut self, points: &[Point], look: Look) -> Self {
        self.items.push((points.to_vec(), look));
        self
    }

    /// A legend in a corner.
    pub fn legend(mut self, corner: Corner) -> Self {
        self.legend = Some(corner);
        self
    }

    /// A sentence below the title.
    pub fn note(mut self, note: &str) -> Self {
        self.note = note.to_string();
        self
    }

    /// The drawing.
    pub fn svg(&self) -> String {
        let (width, height) = self.size;
        let [left, above, right, below] = MARGINS;
        let points: Vec<Point> = self.items.iter().flat_map(|(points, _)| points.clone()).collect();
        let x = Scale::new(&self.x, points.iter().map(|point| point.0), (left, width - right));
        let y = Scale::new(&self.y, points.iter().map(|point| point.1), (height - below, above));

        let mut svg = Svg::new(&self.title, width, height);
        self.draw_grid(&mut svg, &x, &y);
        let drawn = self.items.iter().map(|(points, look)| look.draw(points, &mut svg, &x, &y));
        let left_out: usize = drawn.sum();
        if let Some(corner) = self.legend {
            self.draw_legend(&mut svg, corner);
        }
        if !points.iter().any(|point| x.at(point.0).is_finite() && y.at(point.1).is_finite()) {
            let middle = ((left + width - right) / 2.0, (above + height - below) / 2.0);
            svg.text(middle, "no data", 14.0, Colour::Faint, Anchor::Middle);
        }
        let why = match self.x.logarithmic {
            true => "not finite, or not above 0 on a logarithmic axis",
            false => "not a finite number",
        };
        let note = format!("{} {}", left_out_note(left_out, why), self.note);
        svg.title(note.trim());
        svg.finish()
    }

    fn draw_grid(&self, svg: &mut Svg, x: &Scale, y: &Scale) {
        let thin = Stroke::new(Colour::Grid, 0.6);
        // Long labels are further apart.
        let longest = x.ticks(50.0).iter().map(|(_, label)| label.chars().count()).max();
        let apart = 10.0 + 8.0 * longest.unwrap_or(0).max(5) as f64;
        for (tick, label) in x.ticks(apart) {
            let at = x.at(tick);
            svg.polyline(&[(at, y.pixels.0), (at, y.pixels.1)], thin);
            svg.text((at, y.pixels.0 + 17.0), &label, 12.0, Colour::Ink, Anchor::Middle);
        }
        for (tick, label) in y.ticks(40.0) {
            let at = y.at(tick);
            svg.polyline(&[(x.pixels.0, at), (x.pixels.1, at)], thin);
            svg.text((x.pixels.0 - 6.0, at + 4.0), &label, 12.0, Colour::Ink, Anchor::End);
        }
        let corners =
            [(x.pixels.0, y.pixels.1), (x.pixels.0, y.pixels.0), (x.pixels.1, y.pixels.0)];
        svg.polyline(&corners, Stroke::new(Colour::Ink, 1.0));
        let below = ((x.pixels.0 + x.pixels.1) / 2.0, y.pixels.0 + 38.0);
        svg.text(below, &self.x.label, 13.0, Colour::Ink, Anchor::Middle);
        // Horizontal, because ImageMagick turns text the wrong way.
        let beside = (16.0, y.pixels.1 - 9.0);
        svg.text(beside, &self.y.label, 13.0, Colour::Ink, Anchor::Start);
    }

    fn draw_legend(&self, svg: &mut Svg, corner: Corner) {
        let entries: Vec<(&String, Stroke)> = (self.items.iter())
            .filter_map(|(_, look)| match look {
                Look::Line(label, stroke) if !label.is_empty() => Some((label, *stroke)),
                _ => None,
            })
            .collect();
        let longest = entries.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0);
        // The width of the text can't be measured here. 7.2 pixels per letter are enough for most
        // fonts.
        let (box_width, box_height) =
            (48.0 + 7.2 * longest as f64, 10.0 + 19.0 * entries.len() as f64);
        let (width, height) = self.size;
        let [left, above, right, below] = MARGINS;
        // The box touches the frame, so that no ends of grid lines are visible between them.
        let (leftmost, rightmost) = (left + 1.0, width - right - box_width);
        let (highest, lowest) = (above, height - below - 1.0 - box_height);
        let (x, y) = match corner {
            Corner::UpperLeft => (leftmost, highest),
            Corner::UpperRight => (rightmost, highest),
            Corner::LowerLeft => (leftmost, lowest),
            Corner::LowerRight => (rightmost, lowest),
        };
        svg.rectangle((x, y), (box_width, box_height), Colour::Paper, 0.85);
        for (i, (label, stroke)) in entries.into_iter().enumerate() {
            let middle = y + 15.0 + 19.0 * i as f64;
            svg.polyline(&[(x + 8.0, middle), (x + 34.0, middle)], stroke);
            svg.text((x + 40.0, middle + 4.0), label, 13.0, Colour::Ink, Anchor::Start);
        }
    }
}

impl Look {
    /// Draws it at these points. Returns how many points were left out.
    fn draw(&self, points: &[Point], svg: &mut Svg, x: &Scale, y: &Scale) -> usize {
        let place = |&(px, py): &Point| {
            let place = (x.at(px), y.at(py));
            (place.0.is_finite() && place.1.is_finite()).then_some(place)
        };
        let places: Vec<Option<Point>> = points.iter().map(place).collect();
        let between = |v: f64, (a, b): (f64, f64)| v >= a.min(b) && v <= a.max(b);
        let inside = |&(px, py): &Point| between(px, x.pixels) && between(py, y.pixels);
        let visible = || places.iter().copied().flatten().filter(inside);
        let pairs = || places.chunks_exact(2).filter_map(|pair| Some((pair[0]?, pair[1]?)));
        match self {
            Look::Line(label, stroke) => {
                if places.len() <= 3 && !label.is_empty() {
                    let radius = if stroke.dashed { 2.5 } else { 4.0 };
                    visible().for_each(|dot| svg.circle(dot, radius, stroke.colour));
                }
                for piece in clipped(&places, x.pixels, y.pixels) {
                    svg.polyline(&piece, *stroke);
                }
            }
            Look::Markers(colour) => visible().for_each(|dot| svg.circle(dot, 3.0, *colour)),
            Look::Arrows(colour) => svg.arrows(&pairs().collect::<Vec<_>>(), *colour),
            Look::Text(text, by, colour, anchor) => {
                visible().for_each(|(px, py)| {
                    svg.text((px + by.0, py + by.1), text, 12.0, *colour, *anchor);
                });
                return 0; // a text is no data
            }
        }
        places.iter().filter(|place| place.is_none()).count()
    }
}

/// The parts of a line that are inside a rectangle. The line has a gap where a point is missing.
fn clipped(points: &[Option<Point>], xs: (f64, f64), ys: (f64, f64)) -> Vec<Vec<Point>> {
    let mut pieces: Vec<Vec<Point>> = Vec::new();
    for pair in points.windows(2) {
        let (Some(from), Some(to)) = (pair[0], pair[1]) else { continue };
        let Some((a, b)) = clipped_segment(from, to, xs, ys) else { continue };
        match pieces.last_mut().filter(|piece| piece.last() == Some(&a)) {
            Some(piece) => piece.push(b),
            None => pieces.push(vec![a, b]),
        }
    }
    pieces
}

/// Source: Y.-D. Liang, B. A. Barsky, "A new concept and method for line clipping" (1984).
fn clipped_segment(a: Point, b: Point, xs: (f64, f64), ys: (f64, f64)) -> Option<(Point, Point)> {
    // Which part of the way from a to b is inside: from `enter` to `leave`, between 0 and 1.
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (from, to, (low, high)) in [(a.0, b.0, xs), (a.1, b.1, ys)] {
        let (low, high) = (low.min(high), low.max(high));
        let way = to - from;
        if way == 0.0 {
            if from < low || from > high {
                return None;
            }
            continue;
        }
        let (first, second) = ((low - from) / way, (high - from) / way);
        enter = enter.max(first.min(second));
        leave = leave.min(first.max(second));
    }
    let at = |share: f64| match share {
        0.0 => a,
        1.0 => b,
        _ => (a.0 + share * (b.0 - a.0), a.1 + share * (b.1 - a.1)),
    };
    (enter <= leave).then(|| (at(enter), at(leave)))
}

impl Axis {
    /// The first and the last number of the axis: the range that was set, or the data and a margin.
    /// They are NaN if there is neither, and then the axis has no ticks.
    fn ends(&self, numbers: impl Iterator<Item = f64>) -> (f64, f64) {
        if let Some((from, to)) = self.range {
            return (from, to);
        }
        let fit = |v: &f64| v.is_finite() && (!self.logarithmic || *v > 0.0);
        let (low, high) = extremes(numbers.filter(fit));
        if self.logarithmic {
            return (low / 1.5, high * 1.5);
        }
        let room = match high / 2.0 - low / 2.0 {
            0.0 if low == 0.0 => 1.0,
            0.0 => low.abs() / 2.0,
            // The halves were subtracted, because the difference of two large numbers may overflow.
            half => 0.08 * half,
        };
        (low - room, high + room)
    }
}

/// The smallest and the largest number. They are NaN if there are none.
pub(super) fn extremes(numbers: impl Iterator<Item = f64>) -> (f64, f64) {
    numbers.fold((f64::NAN, f64::NAN), |(low, high), v| (v.min(low), v.max(high)))
}

/// Converts the numbers of an axis to pixels.
struct Scale<'a> {
    axis: &'a Axis,
    /// The numbers at both ends, or their logarithms to base 10
    ends: (f64, f64),
    pixels: (f64, f64),
}

/// Whether there are ticks from the first to the last, and less than a thousand. False for NaN.
/// There would be too many ticks between two numbers that are almost equal.
fn are_few(first: f64, last: f64) -> bool {
    (0.0..1_000.0).contains(&(last - first))
}

impl<'a> Scale<'a> {
    fn new(axis: &'a Axis, numbers: impl Iterator<Item = f64>, pixels: (f64, f64)) -> Self {
        let (low, high) = axis.ends(numbers);
        let ends = if axis.logarithmic { (log10(low), log10(high)) } else { (low, high) };
        Self { axis, ends, pixels }
    }

    /// The pixel of a number. It is not finite if the number has no position on the axis.
    fn at(&self, v: f64) -> f64 {
        let v = match self.axis.logarithmic {
            true if v <= 0.0 => return f64::NAN,
            true => log10(v),
            false => v,
        };
        let share = (v / 2.0 - self.ends.0 / 2.0) / (self.ends.1 / 2.0 - self.ends.0 / 2.0);
        self.pixels.0 + share * (self.pixels.1 - self.pixels.0)
    }

    /// Round numbers with their labels, at least `apart` pixels from one another.
    fn ticks(&self, apart: f64) -> Vec<(f64, String)> {
        let count = ((self.pixels.1 - self.pixels.0).abs() / apart).max(1.0);
        let (low, high) = self.ends;
        if self.axis.logarithmic {
            let every = ((high - low) / count).ceil().max(1.0);
            let (first, last) = ((low / every).ceil(), (high / every).floor());
            if !are_few(first, last) {
                return Vec::new();
            }
            let powers = (first as i32..=last as i32).map(|k| k * every as i32);
            return powers.map(|k| (power_of_10(k), readable(&format!("1e{k}")))).collect();
        }
        let least = high / count - low / count;
        round_numbers(low, high, if self.axis.whole { least.max(1.0) } else { least })
    }
}

/// The multiples of a round step from `low` to `high`, with their labels. The step is not below
/// `least`. There are none if `low` or `high` is not finite.
pub(super) fn round_numbers(low: f64, high: f64, least: f64) -> Vec<(f64, String)> {
    let step = round_step(least);
    let (first, last) = ((low / step).ceil(), (high / step).floor());
    if !(step > 0.0 && step.is_finite() && are_few(first, last)) {
        return Vec::new();
    }
    // The place of the first digit of a number: 0 for 1 to 9, −1 for 0.1 to 0.9.
    let place = |v: f64| (log10(v) + 1e-9).floor() as i32;
    let largest = place(low.abs().max(high.abs()));
    // All labels of an axis have the same number of decimals.
    let label = |v: f64| match v {
        0.0 if largest > 8 || place(step) < -5 => "0".to_string(),
        _ if largest > 8 || place(step) < -5 => {
            format!("{v:.0$e}", (largest - place(step)).clamp(0, 15) as usize)
        }
        _ => format!("{v:.0$}", -place(step).min(0) as usize),
    };
    let numbers = (0..=(last - first) as usize).map(|i| (first + i as f64) * step);
    numbers.map(|v| (v, readable(&label(v)))).collect()
}

/// The smallest number that is 1, 2 or 5 times a power of ten and not below `least`.
fn round_step(least: f64) -> f64 {
    let power = power_of_10(log10(least).floor().clamp(-300.0, 300.0) as i32);
    let steps = [1.0, 2.0, 5.0, 10.0].map(|step| step * power);
    steps.into_iter().find(|&step| step >= least * (1.0 - 1e-9)).unwrap_or(f64::NAN)
}

fn log10(v: f64) -> f64 {
    ln(v) / ln(10.0)
}

/// 10ᵏ, rounded once.
fn power_of_10(k: i32) -> f64 {
    format!("1e{k}").parse().expect("a number")
}
