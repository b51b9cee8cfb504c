//! Reads a drawing back: its shapes, its texts, and the numbers that its curves show.

use std::collections::HashMap;

/// One tag of a drawing, with its attributes and the text behind it.
#[derive(Debug)]
pub struct Shape<'a> {
    pub name: &'a str,
    attributes: HashMap<&'a str, &'a str>,
    pub text: &'a str,
}

impl<'a> Shape<'a> {
    #[track_caller]
    pub fn get(&self, name: &str) -> &'a str {
        self.attributes.get(name).unwrap_or_else(|| panic!("{} has no {name}", self.name))
    }

    #[track_caller]
    pub fn number(&self, name: &str) -> f64 {
        let text = self.get(name);
        text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text:?}"))
    }

    pub fn has(&self, name: &str, value: &str) -> bool {
        self.attributes.get(name) == Some(&value)
    }

    /// The points of a polyline or polygon.
    #[track_caller]
    pub fn points(&self) -> Vec<(f64, f64)> {
        let pairs = self.get("points").split(' ').filter(|pair| !pair.is_empty());
        let number = |text: &str| text.parse().expect("a number");
        pairs
            .map(|pair| pair.split_once(',').expect("x,y"))
            .map(|(x, y)| (number(x), number(y)))
            .collect()
    }

    /// The lines of a path such as `M1,2 L3,4 M5,6 L7,8`.
    #[track_caller]
    pub fn lines(&self) -> Vec<[(f64, f64); 2]> {
        let numbers: Vec<f64> = (self.get("d").split([' ', ',', 'M', 'L']))
            .filter(|piece| !piece.is_empty())
            .map(|piece| piece.parse().expect("a number"))
            .collect();
        numbers.as_chunks().0.iter().map(|&[a, b, c, d]| [(a, b), (c, d)]).collect()
    }
}

/// The shapes of a drawing, in order, behind its style sheet.
pub fn shapes(svg: &str) -> Vec<Shape<'_>> {
    let (_, body) = svg.split_once("</style>").expect("a style sheet");
    let tags = body.split('<').skip(1).filter(|tag| !tag.starts_with('/'));
    tags.map(|tag| {
        let (tag, text) = tag.split_once('>').expect("a tag ends");
        let (name, mut rest) = tag.split_once(' ').expect("attributes");
        let mut attributes = HashMap::new();
        while let Some((attribute, behind)) = rest.split_once("=\"") {
            let (value, behind) = behind.split_once('"').expect("an attribute ends");
            attributes.insert(attribute.trim(), value);
            rest = behind;
        }
        Shape { name, attributes, text }
    })
    .collect()
}

/// The texts of a drawing, in order.
pub fn texts(svg: &str) -> Vec<&str> {
    shapes(svg).into_iter().filter(|s| s.name == "text").map(|s| s.text).collect()
}

/// A number as a drawing shows it: −1,234 or 1e−4.
pub fn shown_number(text: &str) -> Option<f64> {
    text.replace('−', "-").replace(',', "").parse().ok()
}

/// From a pixel to a number, from the labels of the ticks of an axis.
pub struct Scale {
    from: (f64, f64),
    to: (f64, f64),
    logarithmic: bool,
}

impl Scale {
    /// `ticks` are pixels with their numbers.
    #[track_caller]
    fn new(ticks: &[(f64, f64)], logarithmic: bool) -> Self {
        let value = |v: f64| if logarithmic { v.log10() } else { v };
        assert!(ticks.len() > 1, "an axis has at least two ticks, found {ticks:?}");
        let (first, last) = (ticks[0], ticks[ticks.len() - 1]);
        Self { from: (first.0, value(first.1)), to: (last.0, value(last.1)), logarithmic }
    }

    pub fn number(&self, pixel: f64) -> f64 {
        let share = (pixel - self.from.0) / (self.to.0 - self.from.0);
        let v = self.from.1 + share * (self.to.1 - self.from.1);
        if self.logarithmic { 10f64.powf(v) } else { v }
    }
}

/// The two scales of axes: the labels of x are centred below the frame, those of y end left of it.
#[track_caller]
pub fn scales(svg: &str) -> (Scale, Scale) {
    let shapes = shapes(svg);
    let labels = |anchor: &str| -> Vec<&Shape> {
        let is_label = |s: &&Shape| s.name == "text" && s.has("text-anchor", anchor);
        shapes.iter().filter(is_label).filter(|s| shown_number(s.text).is_some()).collect()
    };
    let number = |s: &Shape| shown_number(s.text).expect("a number");
    let logarithmic = labels("end").iter().all(|s| s.text.contains('e'));
    let below = labels("middle").iter().map(|s| s.number("y")).fold(0.0, f64::max);
    let x: Vec<(f64, f64)> = labels("middle")
        .iter()
        .filter(|s| s.number("y") == below)
        .map(|s| (s.number("x"), number(s)))
        .collect();
    let left = labels("end").iter().map(|s| s.number("x")).fold(f64::INFINITY, f64::min);
    let y: Vec<(f64, f64)> = labels("end")
        .iter()
        .filter(|s| s.number("x") == left)
        .map(|s| (s.number("y") - 4.0, number(s)))
        .collect();
    (Scale::new(&x, logarithmic), Scale::new(&y, logarithmic))
}

/// The numbers of all lines with this colour, width, and dashes or none.
#[track_caller]
pub fn curves(svg: &str, colour: &str, width: &str, dashed: bool) -> Vec<Vec<(f64, f64)>> {
    let (x, y) = scales(svg);
    let shapes = shapes(svg);
    let lines = shapes.iter().filter(|s| {
        s.name == "polyline"
            && s.has("stroke", colour)
            && s.has("stroke-width", width)
            && s.attributes.contains_key("stroke-dasharray") == dashed
    });
    // A sample in the legend has a length of 24 pixels and one height.
    let lines = lines
        .map(Shape::points)
        .filter(|p| !(p.len() == 2 && p[0].1 == p[1].1 && (p[1].0 - p[0].0 - 24.0).abs() < 0.02));
    lines.map(|p| p.iter().map(|&(px, py)| (x.number(px), y.number(py))).collect()).collect()
}

/// The label in the legend of the line with this colour, width and dashes.
#[track_caller]
pub fn legend<'a>(svg: &'a str, colour: &str, width: &str, dashed: bool) -> &'a str {
    let shapes = shapes(svg);
    for pair in shapes.windows(3) {
        let line = &pair[0];
        let is_sample = line.name == "polyline"
            && line.points().len() == 2
            && line.has("stroke", colour)
            && line.has("stroke-width", width)
            && line.attributes.contains_key("stroke-dasharray") == dashed;
        if is_sample && pair[1].name == "text" && pair[1].has("text-anchor", "start") {
            return pair[1].text;
        }
    }
    panic!("no line {colour} of width {width} in the legend");
}

/// Fails where tags are not closed in turn, an attribute has no quotes, a number or a text is no
/// number, or another program than a browser would not see the colours.
#[track_caller]
pub fn assert_well_formed(svg: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = svg;
    while let Some((text, tag)) = rest.split_once('<') {
        assert!(!text.contains('>'), "a tag begins inside a text: {text:?}");
        assert!(!text.contains("NaN") && !text.contains("inf"), "a text is no number: {text:?}");
        let (tag, behind) = tag.split_once('>').expect("a tag ends");
        let name = tag.trim_start_matches('/').split([' ', '/']).next().expect("a name");
        match (tag.starts_with('/'), tag.ends_with('/')) {
            (true, _) => assert_eq!(open.pop(), Some(name), "the tag that is closed"),
            (false, false) => open.push(name),
            (false, true) => {}
        }
        assert_eq!(tag.matches('"').count() % 2, 0, "the quotes of {tag}");
        assert!(!tag.contains("NaN") && !tag.contains("inf"), "an attribute is no number: {tag}");
        rest = behind;
    }
    assert_eq!(open, [""; 0], "tags that are not closed");
    assert_colours(svg);
}

/// Fails where a shape has no fill or no stroke, where one of them is not `none` or a colour such as
/// `#0072b2`, or where the style sheet has no dark form of the colour.
#[track_caller]
fn assert_colours(svg: &str) {
    let (style, _) = svg.split_once("</style>").expect("a style sheet");
    for shape in shapes(svg) {
        for name in ["fill", "stroke"] {
            let value = shape.get(name);
            let digits = value.strip_prefix('#').unwrap_or_default();
            let is_colour = digits.len() == 6 && digits.chars().all(|c| c.is_ascii_hexdigit());
            assert!(is_colour || value == "none", "{name} of a {} is {value:?}", shape.name);
            let rule = format!("[{name}=\"{value}\"] {{ {name}: light-dark({value}, #");
            assert!(!is_colour || style.contains(&rule), "the style sheet has no {rule}");
        }
    }
}

/// Fails where two texts overlap, a text leaves the drawing, or a text is smaller than 11 pixels
/// when the drawing is 400 pixels wide. How wide a text is, is estimated: a letter of DejaVu Sans has
/// about 0.55 of its height.
#[track_caller]
pub fn assert_texts_are_apart(name: &str, svg: &str) {
    let width: f64 = {
        let (_, view) = svg.split_once("viewBox=\"0 0 ").expect("a size");
        view.split(' ').next().expect("a width").parse().expect("a number")
    };
    let boxes: Vec<(&str, [f64; 4])> = shapes(svg)
        .iter()
        .filter(|shape| shape.name == "text")
        .map(|shape| {
            let (x, y, size) = (shape.number("x"), shape.number("y"), shape.number("font-size"));
            assert!(size * 400.0 / width >= 11.0, "{name}: {:?} is too small", shape.text);
            let wide = 0.55 * size * shape.text.chars().count() as f64;
            let left = match shape.get("text-anchor") {
                "start" => x,
                "middle" => x - wide / 2.0,
                _ => x - wide,
            };
            (shape.text, [left, left + wide, y - 0.72 * size, y + 0.1 * size])
        })
        .collect();
    for (i, (text, [left, right, top, bottom])) in boxes.iter().enumerate() {
        assert!(*left >= 0.0 && *right <= width, "{name}: {text:?} leaves the drawing");
        for (other, [l, r, t, b]) in &boxes[..i] {
            let apart = right <= l || r <= left || bottom <= t || b <= top;
            assert!(apart, "{name}: {text:?} is on {other:?}");
        }
    }
}
