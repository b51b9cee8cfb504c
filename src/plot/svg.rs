//! An SVG drawing as text: lines, shapes and text at positions in pixels.
//!
//! The attributes contain the colours for a light background, so that every program can show the
//! drawing. In a browser, the style sheet `dark.css` replaces them where the reader chose a dark
//! colour scheme, or a dark theme of rustdoc. It also lets the drawing shrink on a phone.
//!
//! Source: W3C, "Scalable Vector Graphics (SVG) 1.1".

use std::fmt::{self, Write};

use crate::numeric::grouped;

/// A position in pixels: from the left, from the top.
pub type Point = (f64, f64);

/// The width of every drawing, in pixels.
pub const WIDTH: f64 = 420.0;

/// The size of most texts, and the smallest one.
pub const TEXT: f64 = 12.0;

/// About how wide a text of this size is. Its real width depends on the font.
pub fn text_width(text: &str) -> f64 {
    0.6 * TEXT * text.chars().count() as f64
}

/// The colour of a line or an area, as an attribute. `dark.css` has the dark form of each of these.
/// Colour-blind readers can tell the first three apart, too (Okabe and Ito, 2008).
pub type Colour = &'static str;
/// The first line of a figure
pub const BLUE: Colour = "#0072b2";
/// The second line, and what goes backward
pub const ORANGE: Colour = "#b94f00";
/// The third line
pub const GREEN: Colour = "#00795c";
/// Text and axes
pub const INK: Colour = "#1b1b1f";
/// Less important text and lines
pub const FAINT: Colour = "#6b6b74";
/// Lines behind the data
pub const GRID: Colour = "#c4c4cb";
/// The background
pub const PAPER: Colour = "#ffffff";
/// Shades of blue, from the weakest to the strongest
pub const SHADES: [Colour; 6] = ["#e5f1f7", "#cce3f0", "#b2d5e8", "#99c7e0", "#7fb8d8", "#66aad1"];

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    /// Its colour
    pub colour: Colour,
    /// In pixels
    pub width: f64,
    /// Whether the line is dashed
    pub dashed: bool,
}

impl Stroke {
    /// A line without dashes.
    pub fn new(colour: Colour, width: f64) -> Self {
        Self { colour, width, dashed: false }
    }
}

/// The attributes of the line.
impl fmt::Display for Stroke {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let [width, dash, gap] = [1.0, 3.0, 2.0].map(|times| number(times * self.width));
        let colour = self.colour;
        write!(f, "stroke=\"{colour}\" stroke-width=\"{width}\" stroke-linejoin=\"round\"")?;
        if self.dashed { write!(f, " stroke-dasharray=\"{dash} {gap}\"") } else { Ok(()) }
    }
}

/// The position of a text relative to its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// It begins there
    Start,
    /// Its middle is there
    Middle,
    /// It ends there
    End,
}

/// A drawing.
#[derive(Clone, Debug)]
pub struct Svg {
    title: String,
    height: f64,
    body: String,
}

impl Svg {
    /// A drawing of this height with its title in the upper left corner, and a note below it, unless
    /// that is empty.
    pub fn new(title: &str, note: &str, height: f64) -> Self {
        let mut svg = Self { title: title.to_string(), height, body: String::new() };
        svg.text((16.0, 20.0), title, 14.0, INK, Anchor::Start);
        if !note.is_empty() {
            svg.text((16.0, 38.0), note, TEXT, FAINT, Anchor::Start);
        }
        svg
    }

    /// A line through points.
    pub fn polyline(&mut self, points: &[Point], stroke: Stroke) {
        let points = places(points);
        self.element(format_args!("<polyline points=\"{points}\" fill=\"none\" {stroke}/>"));
    }

    /// Many short lines with the same stroke.
    pub fn segments(&mut self, segments: &[(Point, Point)], stroke: Stroke) {
        let piece = |&(from, to)| format!("M{} L{}", places(&[from]), places(&[to]));
        let pieces = segments.iter().map(piece).collect::<Vec<_>>().join(" ");
        self.element(format_args!("<path d=\"{pieces}\" fill=\"none\" {stroke}/>"));
    }

    /// Arrows. An arrow without length is a dot.
    pub fn arrows(&mut self, arrows: &[(Point, Point)], colour: Colour) {
        let mut lines = Vec::new();
        for &(from, to) in arrows {
            let (dx, dy) = (to.0 - from.0, to.1 - from.1);
            let length = (dx * dx + dy * dy).sqrt();
            if length < 0.5 {
                self.circle(from, 1.0, colour);
                continue;
            }
            let head = length.min(6.0);
            let (ux, uy) = (dx / length * head, dy / length * head);
            let side = |sign: f64| (to.0 - ux - sign * 0.5 * uy, to.1 - uy + sign * 0.5 * ux);
            lines.extend([(from, to), (side(1.0), to), (to, side(-1.0))]);
        }
        self.segments(&lines, Stroke::new(colour, 1.2));
    }

    /// A filled polygon with a line around it.
    pub fn polygon(&mut self, corners: &[Point], fill: Colour, stroke: Stroke) {
        let points = places(corners);
        self.element(format_args!("<polygon points=\"{points}\" fill=\"{fill}\" {stroke}/>"));
    }

    /// A filled circle.
    pub fn circle(&mut self, (x, y): Point, radius: f64, fill: Colour) {
        let [x, y, radius] = [x, y, radius].map(number);
        self.element(format_args!(
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{fill}\" stroke=\"none\"/>"
        ));
    }

    /// The outline of a rectangle with round corners, given by its upper left corner.
    pub fn outline(&mut self, (x, y): Point, size: (f64, f64), radius: f64, stroke: Stroke) {
        let [x, y, width, height, radius] = [x, y, size.0, size.1, radius].map(number);
        self.element(format_args!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\" \
             fill=\"none\" {stroke}/>"
        ));
    }

    /// A text on its baseline. `size` is in pixels.
    pub fn text(&mut self, (x, y): Point, text: &str, size: f64, colour: Colour, anchor: Anchor) {
        let ([x, y, size], text) = ([x, y, size].map(number), escaped(text));
        let anchor = format!("{anchor:?}").to_lowercase();
        self.element(format_args!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" text-anchor=\"{anchor}\" \
             fill=\"{colour}\" stroke=\"none\">{text}</text>"
        ));
    }

    fn element(&mut self, element: fmt::Arguments) {
        writeln!(self.body, "{element}").expect("writing to a String does not fail");
    }

    /// The whole file. It is shown a third larger where there is room.
    pub fn finish(&self) -> String {
        let [width, height, wide, high] =
            [WIDTH, self.height, WIDTH * 4.0 / 3.0, self.height * 4.0 / 3.0].map(number);
        let (title, style, body) = (escaped(&self.title), include_str!("dark.css"), &self.body);
        // The font is for programs that do not read the style sheet. It has all signs that we use.
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"fz\" viewBox=\"0 0 {width} {height}\" \
             width=\"{wide}\" height=\"{high}\" font-family=\"DejaVu Sans\" role=\"img\" \
             aria-label=\"{title}\">\n<title>{title}</title>\n<style>\n{style}</style>\n\
             <rect class=\"ground\" width=\"{width}\" height=\"{height}\" fill=\"{PAPER}\" stroke=\"none\"/>\n{body}</svg>\n"
        )
    }
}

fn places(points: &[Point]) -> String {
    let place = |(x, y): &Point| format!("{},{}", number(*x), number(*y));
    points.iter().map(place).collect::<Vec<_>>().join(" ")
}

/// At most two decimals, and never −0. NaN and infinity become 0.
fn number(v: f64) -> String {
    let text = format!("{:.2}", if v.is_finite() { v } else { 0.0 });
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_string() } else { text.to_string() }
}

/// A number as Rust writes it, with commas, and with a minus sign in place of the hyphen: −12,345.
pub(super) fn readable(number: &str) -> String {
    let digits = number.trim_start_matches('-');
    let sign = if digits == number { "" } else { "−" };
    match digits.parse() {
        Ok(whole) => format!("{sign}{}", grouped(whole)),
        Err(_) => format!("{sign}{}", digits.replace('-', "−")),
    }
}

/// Text in a form that is valid in XML and HTML, also in an attribute.
pub fn escaped(text: &str) -> String {
    // XML does not allow control characters, not even escaped.
    let is_forbidden = |c: char| {
        (c.is_control() && c != '\n' && c != '\t') || ['\u{fffe}', '\u{ffff}'].contains(&c)
    };
    let text = text.replace(is_forbidden, "\u{fffd}").replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
