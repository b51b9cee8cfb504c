//! Data on axes: lines, markers, arrows and texts between two axes with ticks, as Matplotlib
//! draws them for the book. What is outside the axes is left out.

use super::svg::{
    Anchor, Colour, FAINT, GRID, INK, Point, Stroke, Svg, TEXT, WIDTH, readable, text_width,
};
use crate::numeric::elementary::ln;

/// A drawing, built step by step.
#[derive(Clone, Debug, Default)]
pub struct Axes {
    pub(super) title: String,
    note: String,
    height: f64,
    x: Axis,
    y: Axis,
    legend: Vec<(String, Stroke)>,
    /// Points, and what is drawn at them
    items: Vec<(Vec<Point>, Look)>,
}

#[derive(Clone, Debug, Default)]
struct Axis {
    label: String,
    range: Option<(f64, f64)>,
    /// The ticks are whole numbers, or powers of ten with whole exponents
    whole: bool,
    logarithmic: bool,
}

#[derive(Clone, Debug)]
enum Look {
    Line(Stroke),
    Markers(Colour),
    /// Each two points are the ends of an arrow
    Arrows(Colour),
    /// A text, and by how many pixels it is moved away from its point
    Text(String, Point, Colour, Anchor),
}

impl Axes {
    /// Empty axes with this title and the labels of both axes, 420 × 320 pixels.
    pub fn new(title: &str, x: &str, y: &str) -> Self {
        let [title, x, y] = [title, x, y].map(str::to_string);
        let axis = |label| Axis { label, ..Axis::default() };
        Self { title, height: 320.0, x: axis(x), y: axis(y), ..Self::default() }
    }

    /// Another height, in pixels.
    pub fn height(mut self, height: f64) -> Self {
        self.height = height;
        self
    }

    /// The ranges of both axes. An axis without a range is as long as the data need.
    pub fn ranges(mut self, x: (f64, f64), y: (f64, f64)) -> Self {
        (self.x.range, self.y.range) = (Some(x), Some(y));
        self
    }

    /// The range of the vertical axis.
    pub fn y_range(mut self, from: f64, to: f64) -> Self {
        self.y.range = Some((from, to));
        self
    }

    /// The horizontal axis counts from 0 to `last`, or to 1 if `last` is 0.
    pub fn counted_x(mut self, last: usize) -> Self {
        (self.x.whole, self.x.range) = (true, Some((0.0, last.max(1) as f64)));
        self
    }

    /// Both axes are logarithmic.
    pub fn logarithmic(mut self) -> Self {
        for axis in [&mut self.x, &mut self.y] {
            (axis.logarithmic, axis.whole) = (true, true);
        }
        self
    }

    /// A line through points. The label is shown in the legend, unless it is empty. A short line with
    /// a label gets a dot on each point, because it would hardly be visible.
    pub fn line(mut self, label: &str, points: &[Point], stroke: Stroke) -> Self {
        if !label.is_empty() {
            self.legend.push((label.to_string(), stroke));
            let dots = if points.len() <= 3 { points } else { &[] };
            self = self.markers(dots, stroke.colour);
        }
        self.with(points, Look::Line(stroke))
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

    /// A sentence below the title.
    pub fn note(mut self, note: &str) -> Self {
        self.note = note.to_string();
        self
    }

    /// The drawing.
    pub fn svg(&self) -> String {
        let (x, y) = self.scales();
        let mut svg = Svg::new(&self.title, &self.note, self.height);
        self.draw_grid(&mut svg, &x, &y);
        self.draw_legend(&mut svg, y.pixels.1);
        let place = |(px, py): Point| Some((x.at(px)?, y.at(py)?));
        for (points, look) in &self.items {
            look.draw(&points.iter().copied().map(place).collect::<Vec<_>>(), &mut svg);
        }
        if self.points().all(|point| place(point).is_none()) {
            let middle = ((x.pixels.0 + x.pixels.1) / 2.0, (y.pixels.0 + y.pixels.1) / 2.0);
            svg.text(middle, "no data", 14.0, FAINT, Anchor::Middle);
        }
        svg.finish()
    }

    /// The two ends of the horizontal axis, and the frame in pixels: left, right, top, bottom.
    pub(super) fn frame(&self) -> ([f64; 2], [f64; 4]) {
        let (x, y) = self.scales();
        ([x.ends.0, x.ends.1], [x.pixels.0, x.pixels.1, y.pixels.1, y.pixels.0])
    }

    fn points(&self) -> impl Iterator<Item = Point> {
        self.items.iter().flat_map(|(points, _)| points).copied()
    }

    fn scales(&self) -> (Scale<'_>, Scale<'_>) {
        // Rows for the title and the label of the vertical axis, for a note, and for a long legend.
        let rows = u8::from(!self.note.is_empty()) + u8::from(!self.legend_fits());
        let above = 46.0 + 18.0 * f64::from(rows);
        let (x, y) = (self.points().map(|(x, _)| x), self.points().map(|(_, y)| y));
        let (across, upward) = ((54.0, WIDTH - 24.0), (self.height - 44.0, above));
        (Scale::new(&self.x, x, across), Scale::new(&self.y, y, upward))
    }

    fn draw_grid(&self, svg: &mut Svg, x: &Scale, y: &Scale) {
        let thin = Stroke::new(GRID, 0.6);
        // Long labels are further apart.
        let longest = x.ticks(50.0).iter().map(|(_, label)| label.chars().count()).max();
        let apart = 10.0 + 8.0 * longest.unwrap_or(0).max(5) as f64;
        for (at, label) in x.ticks(apart) {
            svg.polyline(&[(at, y.pixels.0), (at, y.pixels.1)], thin);
            svg.text((at, y.pixels.0 + 17.0), &label, TEXT, INK, Anchor::Middle);
        }
        for (at, label) in y.ticks(36.0) {
            svg.polyline(&[(x.pixels.0, at), (x.pixels.1, at)], thin);
            svg.text((x.pixels.0 - 6.0, at + 4.0), &label, TEXT, INK, Anchor::End);
        }
        let ((left, right), (bottom, top)) = (x.pixels, y.pixels);
        svg.polyline(&[(left, top), (left, bottom), (right, bottom)], Stroke::new(INK, 1.0));
        let below = ((left + right) / 2.0, bottom + 36.0);
        svg.text(below, &self.x.label, TEXT, INK, Anchor::Middle);
        // Horizontal, because ImageMagick turns text the wrong way.
        svg.text((16.0, top - 10.0), &self.y.label, TEXT, INK, Anchor::Start);
    }

    /// Whether the legend fits into one row with the label of the vertical axis.
    fn legend_fits(&self) -> bool {
        let entries: f64 = self.legend.iter().map(|(label, _)| entry_width(label)).sum();
        entries + text_width(&self.y.label) + 30.0 < WIDTH
    }

    /// The legend is above the axes, at the right, so that it never covers data.
    fn draw_legend(&self, svg: &mut Svg, top: f64) {
        let y = top - if self.legend_fits() { 10.0 } else { 28.0 };
        let mut left = WIDTH - 8.0;
        for (label, stroke) in self.legend.iter().rev() {
            left -= entry_width(label);
            svg.polyline(&[(left + 6.0, y - 4.0), (left + 30.0, y - 4.0)], *stroke);
            svg.text((left + 35.0, y), label, TEXT, INK, Anchor::Start);
        }
    }
}

/// The width of a label with its piece of line.
fn entry_width(label: &str) -> f64 {
    40.0 + text_width(label)
}

impl Look {
    /// Draws it at these pixels, which are `None` where a point has none.
    fn draw(&self, places: &[Option<Point>], svg: &mut Svg) {
        let there = places.iter().copied().flatten();
        match self {
            // The line has a gap where a point is missing.
            Look::Line(stroke) => {
                for piece in places.split(Option::is_none).filter(|piece| piece.len() > 1) {
                    let piece: Vec<Point> = piece.iter().copied().flatten().collect();
                    svg.polyline(&piece, *stroke);
                }
            }
            Look::Markers(colour) => there.for_each(|dot| svg.circle(dot, 3.0, colour)),
            Look::Arrows(colour) => {
                let pairs = places.chunks_exact(2).filter_map(|pair| Some((pair[0]?, pair[1]?)));
                svg.arrows(&pairs.collect::<Vec<_>>(), colour);
            }
            Look::Text(text, by, colour, anchor) => there.for_each(|(px, py)| {
                svg.text((px + by.0, py + by.1), text, TEXT, colour, *anchor);
            }),
        }
    }
}

/// Converts the numbers of an axis to pixels. On a logarithmic axis it converts their logarithms.
struct Scale<'a> {
    axis: &'a Axis,
    /// The first and the last number, or their logarithms
    ends: (f64, f64),
    pixels: (f64, f64),
}

impl<'a> Scale<'a> {
    /// The axis has the range that was set, or that of the data and a margin. Without data, it is NaN.
    fn new(axis: &'a Axis, numbers: impl Iterator<Item = f64>, pixels: (f64, f64)) -> Self {
        let of = |v: f64| if axis.logarithmic { log10(v) } else { v };
        let numbers = numbers.map(of).filter(|v| v.is_finite());
        let [low, high] = numbers.fold([f64::NAN; 2], |[low, high], v| [v.min(low), v.max(high)]);
        let room = match high - low {
            _ if axis.logarithmic => log10(1.5),
            // If the numbers are equal, or almost, the axis is as long as half of the number.
            span if span > 1e-6 * low.abs().max(high.abs()) => 0.08 * span,
            _ if low == 0.0 => 1.0,
            _ => low.abs() / 2.0,
        };
        let of_data = (low - room, high + room);
        let ends = axis.range.map_or(of_data, |(first, last)| (of(first), of(last)));
        Self { axis, ends, pixels }
    }

    /// The pixel of a number, if the number is on the axis.
    fn at(&self, v: f64) -> Option<f64> {
        let pixel = self.pixel(if self.axis.logarithmic { log10(v) } else { v });
        // A drawn line may be at the edge of the frame.
        let (a, b) = self.pixels;
        (pixel >= a.min(b) - 0.1 && pixel <= a.max(b) + 0.1).then_some(pixel)
    }

    fn pixel(&self, v: f64) -> f64 {
        let share = (v - self.ends.0) / (self.ends.1 - self.ends.0);
        self.pixels.0 + share * (self.pixels.1 - self.pixels.0)
    }

    /// The pixels of round numbers, at least `apart` from one another, with their labels.
    fn ticks(&self, apart: f64) -> Vec<(f64, String)> {
        let count = ((self.pixels.1 - self.pixels.0).abs() / apart).max(1.0);
        let (low, high) = self.ends;
        let least = ((high - low) / count).max(if self.axis.whole { 1.0 } else { 0.0 });
        let tick = |(v, label)| match self.axis.logarithmic {
            true => (self.pixel(v), readable(&format!("1e{v}"))),
            false => (self.pixel(v), label),
        };
        round_numbers(low, high, least).into_iter().map(tick).collect()
    }
}

/// The multiples of a round step from `low` to `high`, with their labels. The step is not below
/// `least`. There are none if `low` or `high` is not finite.
pub(super) fn round_numbers(low: f64, high: f64, least: f64) -> Vec<(f64, String)> {
    let step = round_step(least);
    if !(step > 0.0 && (high - low).is_finite()) {
        return Vec::new();
    }
    // All labels of an axis have the same number of decimals.
    let decimals = -((log10(step) + 1e-9).floor() as i32).min(0) as usize;
    let (first, last) = ((low / step).ceil(), (high / step).floor());
    let numbers = (0..=(last - first) as usize).map(|i| (first + i as f64) * step);
    numbers.map(|v| (v, readable(&format!("{v:.decimals$}")))).collect()
}

/// The smallest 1, 2 or 5 times a power of ten that is not below `least`, or NaN.
fn round_step(least: f64) -> f64 {
    let exponent = log10(least).floor().clamp(-300.0, 300.0);
    let power: f64 = format!("1e{exponent}").parse().unwrap_or(f64::NAN);
    let steps = [1.0, 2.0, 5.0, 10.0].map(|step| step * power);
    steps.into_iter().find(|&step| step >= least * (1.0 - 1e-9)).unwrap_or(f64::NAN)
}

fn log10(v: f64) -> f64 {
    ln(v) / ln(10.0)
}
