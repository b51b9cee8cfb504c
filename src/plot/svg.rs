//! An SVG drawing, written as text: lines, shapes and words at places in pixels. Knows nothing of
//! axes or networks.
//!
//! Every number has at most two decimals, so that the same input gives the same bytes. Colours are
//! CSS variables: the drawing brings both a light and a dark set along, and whoever shows it
//! chooses.
//!
//! Source: W3C, "Scalable Vector Graphics (SVG) 1.1"; `prefers-color-scheme` is of CSS Media Queries
//! Level 5.

use std::fmt::{self, Write};

/// A place in pixels, from the left and from the top.
pub type Point = (f64, f64);

/// What a stroke or a surface is coloured as. The series are told apart by those with colour-blind
/// eyes too (Okabe and Ito, 2008).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Text and axes
    Ink,
    /// Text and lines that stand back
    Faint,
    /// The background
    Paper,
    /// The series 0, 1, 2 …, of which there are [`SERIES`]
    Series(usize),
}

/// How many colours the series have.
pub const SERIES: usize = 5;

/// The variable's name in the style sheet, without its dashes.
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
    /// In dashes
    pub dashed: bool,
}

impl Stroke {
    /// An undashed line.
    pub fn new(colour: Colour, width: f64) -> Self {
        Self { colour, width, dashed: false }
    }
}

/// Where a text stands beside its point.
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

/// The two sets of colours, and what all text is written in.
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

    /// From one point to the next.
    pub fn polyline(&mut self, points: &[Point], stroke: Stroke) {
        let (points, style) = (places(points), style("none", stroke));
        self.element(format_args!("<polyline points=\"{points}\" {style}/>"));
    }

    /// From one point to another.
    pub fn line(&mut self, from: Point, to: Point, stroke: Stroke) {
        self.polyline(&[from, to], stroke);
    }

    /// Many pieces of line, all drawn alike.
    pub fn segments(&mut self, segments: &[(Point, Point)], stroke: Stroke) {
        let pieces =
            segments.iter().map(|&(from, to)| format!("M{} L{}", places(&[from]), places(&[to])));
        let (pieces, style) = (pieces.collect::<Vec<_>>().join(" "), style("none", stroke));
        self.element(format_args!("<path d=\"{pieces}\" {style}/>"));
    }

    /// Surfaces between points, with lines around them, all drawn alike; the last is on top.
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

    /// A filled rectangle, from its upper left corner; `opacity` from 0 to 1.
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

    /// A text on its base line. `size` in pixels.
    pub fn text(&mut self, (x, y): Point, text: &str, size: f64, colour: Colour, anchor: Anchor) {
        self.rotated_text((x, y), text, size, colour, anchor, 0.0);
    }

    /// A text that is turned by some degrees, clockwise, about its point.
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
        let turn = match degrees {
            0.0 => String::new(),
            _ => format!(" transform=\"rotate({turn} {x} {y})\""),
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
        writeln!(self.body, "{element}").expect("a String takes all");
    }

    /// The whole file. `title` is what a screen reader says and what shows under the mouse.
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

/// What a drawing says of points for which it has no place.
pub fn left_out_note(points: usize, why: &str) -> String {
    format!("{points} point{} left out: {why}.", if points == 1 { "" } else { "s" })
}

/// `1,2 3,4`
fn places(points: &[Point]) -> String {
    let place = |(x, y): &Point| format!("{},{}", number(*x), number(*y));
    points.iter().map(place).collect::<Vec<_>>().join(" ")
}

/// Two decimals at most, and never −0. What is no number at all stands at 0: who draws sorts that
/// out before.
fn number(v: f64) -> String {
    let text = format!("{:.2}", if v.is_finite() { v } else { 0.0 });
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_string() } else { text.to_string() }
}

/// Text as it may stand in XML and in HTML, in an attribute or not.
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
            // No control character may stand in XML, escaped or not.
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            c if c.is_control() => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
