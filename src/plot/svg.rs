//! An SVG drawing as text: lines, shapes and text at positions in pixels. This module knows nothing
//! of axes or networks.
//!
//! Every number has at most two decimals, so that the same input gives the same bytes. Colours are
//! CSS variables. The drawing contains a light and a dark set of them, and follows the reader's
//! colour scheme.
//!
//! Source: W3C, "Scalable Vector Graphics (SVG) 1.1", and CSS Media Queries Level 5 for
//! `prefers-color-scheme`.

use std::fmt::{self, Write};

/// A position in pixels: from the left, from the top.
pub type Point = (f64, f64);

/// The colour of a line or an area. Colour-blind readers can also tell the series apart (Okabe and
/// Ito, 2008).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Text and axes
    Ink,
    /// Less important text and lines
    Faint,
    /// The background
    Paper,
    /// The series 0, 1, 2 …. There are [`SERIES`] of them
    Series(usize),
}

/// How many colours there are for series.
pub const SERIES: usize = 5;

/// The name of the CSS variable, without its dashes.
impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Colour::Ink => f.write_str("ink"),
            Colour::Faint => f.write_str("faint"),
            Colour::Paper => f.write_str("paper"),
            Colour::Series(k) => write!(f, "s{}", k % SERIES),
        }
    }
}

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
    width: f64,
    height: f64,
    body: String,
}

/// The two sets of colours, and the font of all text.
const STYLE: &str = "\
.fz{--ink:#1b1b1f;--faint:#6b6b74;--paper:#ffffff;\
--s0:#0072b2;--s1:#d55e00;--s2:#00795c;--s3:#a84886;--s4:#8a6d00;\
font:12px system-ui,-apple-system,'Segoe UI',sans-serif}\
@media(prefers-color-scheme:dark){.fz{--ink:#e8e8ec;--faint:#9a9aa5;--paper:#17171b;\
--s0:#56b4e9;--s1:#f0883e;--s2:#2fbf95;--s3:#e08bc0;--s4:#e0c341}}";

impl Svg {
    /// An empty drawing of this size in pixels.
    pub fn new(width: f64, height: f64) -> Self {
        Self { width, height, body: String::new() }
    }

    /// A line through points.
    pub fn polyline(&mut self, points: &[Point], stroke: Stroke) {
        let (points, style) = (places(points), style("none", stroke));
        self.element(format_args!("<polyline points=\"{points}\" {style}/>"));
    }

    /// A line from one point to another.
    pub fn line(&mut self, from: Point, to: Point, stroke: Stroke) {
        self.polyline(&[from, to], stroke);
    }

    /// Many short lines with the same stroke.
    pub fn segments(&mut self, segments: &[(Point, Point)], stroke: Stroke) {
        let pieces =
            segments.iter().map(|&(from, to)| format!("M{} L{}", places(&[from]), places(&[to])));
        let (pieces, style) = (pieces.collect::<Vec<_>>().join(" "), style("none", stroke));
        self.element(format_args!("<path d=\"{pieces}\" {style}/>"));
    }

    /// Filled polygons with the same fill and stroke. The last one is on top.
    pub fn polygons(&mut self, polygons: &[Vec<Point>], fill: Colour, stroke: Stroke) {
        self.element(format_args!("<g {}>", style(&format!("var(--{fill})"), stroke)));
        for points in polygons {
            self.element(format_args!("<polygon points=\"{}\"/>", places(points)));
        }
        self.element(format_args!("</g>"));
    }

    /// A filled circle.
    pub fn circle(&mut self, (x, y): Point, radius: f64, fill: Colour) {
        let [x, y, radius] = [x, y, radius].map(number);
        self.element(format_args!(
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"var(--{fill})\"/>"
        ));
    }

    /// A filled rectangle, given by its upper left corner. `opacity` is from 0 to 1.
    pub fn rectangle(
        &mut self,
        (x, y): Point,
        width: f64,
        height: f64,
        fill: Colour,
        opacity: f64,
    ) {
        let [x, y, width, height, opacity] = [x, y, width, height, opacity].map(number);
        self.element(format_args!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"var(--{fill})\" \
             fill-opacity=\"{opacity}\"/>"
        ));
    }

    /// A text on its baseline. `size` is in pixels.
    pub fn text(&mut self, (x, y): Point, text: &str, size: f64, colour: Colour, anchor: Anchor) {
        self.rotated_text((x, y), text, size, colour, anchor, 0.0);
    }

    /// A text that is rotated clockwise about its point.
    pub fn rotated_text(
        &mut self,
        (x, y): Point,
        text: &str,
        size: f64,
        colour: Colour,
        anchor: Anchor,
        degrees: f64,
    ) {
        let [x, y, size, turn] = [x, y, size, degrees].map(number);
        let turn = if degrees == 0.0 {
            String::new()
        } else {
            format!(" transform=\"rotate({turn} {x} {y})\"")
        };
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        self.element(format_args!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" text-anchor=\"{anchor}\" \
             fill=\"var(--{colour})\"{turn}>{}</text>",
            escaped(text)
        ));
    }

    fn element(&mut self, element: fmt::Arguments) {
        writeln!(self.body, "{element}").expect("writing to a String does not fail");
    }

    /// The whole file. A screen reader reads the title, and a browser shows it under the mouse.
    pub fn finish(&self, title: &str) -> String {
        let [width, height] = [self.width, self.height].map(number);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"fz\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"{title}\">\n\
             <title>{title}</title>\n<style>{STYLE}</style>\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"var(--paper)\"/>\n{}</svg>\n",
            self.body,
            title = escaped(title),
        )
    }
}

fn style(fill: &str, Stroke { colour, width, dashed }: Stroke) -> String {
    let dashes = if dashed { " stroke-dasharray=\"6 4\"" } else { "" };
    format!(
        "fill=\"{fill}\" stroke=\"var(--{colour})\" stroke-width=\"{}\" stroke-linejoin=\"round\"{dashes}",
        number(width)
    )
}

/// The note about points that could not be drawn.
pub fn left_out_note(points: usize, why: &str) -> String {
    format!("{points} point{} left out: {why}.", if points == 1 { "" } else { "s" })
}

/// `1,2 3,4`
fn places(points: &[Point]) -> String {
    let place = |(x, y): &Point| format!("{},{}", number(*x), number(*y));
    points.iter().map(place).collect::<Vec<_>>().join(" ")
}

/// At most two decimals, and never −0. NaN and infinity become 0: the caller removes such points
/// before.
fn number(v: f64) -> String {
    let text = format!("{:.2}", if v.is_finite() { v } else { 0.0 });
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_string() } else { text.to_string() }
}

/// Text in a form that is valid in XML and HTML, also in an attribute.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' => escaped.push(c),
            // XML does not allow control characters, not even escaped.
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            c if c.is_control() => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
