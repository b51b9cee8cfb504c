//! Axes and shapes, with data that are made for the test.

use crate::plot::reader::{assert_well_formed, curves, legend, shapes, texts};
use from_zero::numeric::random::{Rng, Xorshift64Star};
use from_zero::plot::axes::Axes;
use from_zero::plot::svg::{Anchor, BLUE, FAINT, INK, ORANGE, Stroke, Svg, escaped};

const FIRST: Stroke = Stroke { colour: BLUE, width: 2.0, dashed: false };

#[test]
fn a_drawing_has_two_decimals_and_escaped_text() {
    let mut svg = Svg::new("a < b", "", 50.0);
    svg.polyline(&[(0.123456, -0.001), (1.0 / 3.0, 10.0)], Stroke { dashed: true, ..FIRST });
    svg.text((1.5, 2.0), "<b>&\"'\u{1b}", 12.0, INK, Anchor::Middle);
    let text = svg.finish();
    assert_well_formed(&text);
    assert!(text.contains("points=\"0.12,0 0.33,10\""), "{text}");
    assert!(text.contains("stroke-dasharray=\"6 4\""), "{text}");
    assert!(text.contains(">&lt;b&gt;&amp;&quot;&#39;\u{fffd}</text>"), "{text}");
    assert!(text.contains("<title>a &lt; b</title>") && text.contains("aria-label=\"a &lt; b\""));
    assert_eq!(escaped("plain"), "plain");
}

#[test]
fn a_drawing_follows_the_themes_of_rustdoc_and_shrinks_on_a_phone() {
    let svg = Svg::new("t", "", 300.0).finish();
    let (_, style) = svg.split_once("<style>").expect("a style sheet");
    for (rule, what) in [
        ("max-width: 100%; height: auto", "shrinks with its height"),
        ("color-scheme: light dark", "follows the reader's colour scheme when it is alone"),
        ("[data-theme=\"light\"] .fz { color-scheme: light }", "is light in rustdoc's light theme"),
        ("[data-theme=\"ayu\"] .fz { color-scheme: dark }", "is dark in rustdoc's ayu theme"),
        ("[data-theme] .fz .ground { fill: none", "has rustdoc's ground"),
    ] {
        assert!(style.contains(rule), "a drawing {what}: expected {rule:?} in its style sheet");
    }
    assert!(shapes(&svg)[0].has("class", "ground"), "the first shape is the ground");
}

#[test]
fn ticks_are_round_numbers() {
    let ticks = |low: f64, high: f64| {
        let svg = Axes::new("t", "", "").ranges((low, high), (7.0, 8.0)).svg();
        let texts: Vec<String> = texts(&svg)
            .iter()
            .skip(1)
            .filter(|text| !text.is_empty())
            .map(|text| text.to_string())
            .collect();
        // The ticks of x, and then those of y.
        let end = texts.iter().position(|text| text == "7.0").expect("y begins with 7");
        texts[..end].to_vec()
    };
    assert_eq!(ticks(0.5, 20.0), ["5", "10", "15", "20"]);
    assert_eq!(ticks(1.05, 1.3), ["1.05", "1.10", "1.15", "1.20", "1.25", "1.30"]);
    // All with the same number of decimals, with a minus sign, and with commas.
    assert_eq!(ticks(-2.0, 0.5), ["−2.0", "−1.5", "−1.0", "−0.5", "0.0", "0.5"]);
    assert_eq!(ticks(0.0, 1e4), ["0", "2,000", "4,000", "6,000", "8,000", "10,000"]);
}

#[test]
fn an_axis_that_counts_has_whole_numbers_and_begins_at_0() {
    for (last, expected) in [(0, vec!["0", "1"]), (1, vec!["0", "1"]), (2, vec!["0", "1", "2"])] {
        let svg = Axes::new("t", "", "").counted_x(last).y_range(7.0, 8.0).svg();
        let ticks: Vec<&str> = texts(&svg).into_iter().skip(1).take(expected.len()).collect();
        assert_eq!(ticks, expected, "the ticks up to {last}");
        assert_eq!(texts(&svg)[1 + expected.len()], "7.0", "no more ticks up to {last}");
    }
}

#[test]
fn a_logarithmic_scale_has_powers_of_ten() {
    let points = [(1e-12, 1e-3), (1e-6, 3e-1), (1.0, 1e2)];
    let svg = Axes::new("t", "", "").logarithmic().line("", &points, FIRST).svg();
    assert_well_formed(&svg);
    let texts = texts(&svg);
    for tick in ["1e−12", "1e0", "1e−2", "1e2"] {
        assert!(texts.contains(&tick), "expected the tick {tick}, found {texts:?}");
    }
    for (found, expected) in curves(&svg, "#0072b2", "2", false)[0].iter().zip(points) {
        assert!((found.0 / expected.0).ln().abs() < 0.01, "{found:?} is drawn for {expected:?}");
        assert!((found.1 / expected.1).ln().abs() < 0.01, "{found:?} is drawn for {expected:?}");
    }
}

#[test]
fn points_are_where_the_axes_say() {
    let points = [(0.0, 1.0), (2.0, -3.0), (7.0, 4.5), (9.0, 0.25)];
    let dashed = Stroke { colour: ORANGE, width: 1.5, dashed: true };
    let svg = Axes::new("t", "across", "up")
        .line("first", &points, FIRST)
        .line("second", &[(1.0, 1.0), (2.0, 2.0), (3.0, 1.0), (4.0, 0.0)], dashed)
        .svg();
    for (found, expected) in curves(&svg, "#0072b2", "2", false)[0].iter().zip(points) {
        let off = (found.0 - expected.0).abs().max((found.1 - expected.1).abs());
        assert!(off < 0.01, "{found:?} is drawn for {expected:?}");
    }
    assert_eq!(legend(&svg, "#0072b2", "2", false), "first");
    assert_eq!(legend(&svg, "#b94f00", "1.5", true), "second");
    assert!(texts(&svg).contains(&"across") && texts(&svg).contains(&"up"));
}

#[test]
fn nothing_is_drawn_outside_the_frame_or_for_what_is_no_number() {
    let points: Vec<(f64, f64)> = (0..=200).map(|k| (0.1 * f64::from(k), 1.0)).collect();
    let svg = Axes::new("t", "", "").ranges((5.0, 10.0), (0.0, 2.0)).line("", &points, FIRST).svg();
    let drawn = curves(&svg, "#0072b2", "2", false);
    assert_eq!(drawn[0].len(), 51, "the points from 5 to 10");
    let points = [(0.0, 1.0), (1.0, 2.0), (2.0, f64::NAN), (3.0, 3.0), (4.0, 2.0)];
    let svg = Axes::new("t", "", "").line("", &points, FIRST).markers(&points, INK).svg();
    assert_well_formed(&svg);
    assert_eq!(curves(&svg, "#0072b2", "2", false).len(), 2, "a gap at the NaN");
    assert_eq!(svg.matches("<circle").count(), 4, "a dot for each number");
    let svg = Axes::new("t", "", "").logarithmic().markers(&[(1.0, 2.0), (0.0, 1.0)], INK).svg();
    assert_eq!(svg.matches("<circle").count(), 1, "0 has no logarithm");
}

#[test]
fn a_drawing_without_data_says_so_and_one_point_is_a_dot() {
    for axes in [Axes::new("t", "", ""), Axes::new("t", "", "").logarithmic()] {
        let none = axes.clone().line("a", &[], FIRST).svg();
        assert_well_formed(&none);
        assert!(texts(&none).contains(&"no data"), "expected \"no data\": {:?}", texts(&none));
        let one = axes.line("a", &[(3.0, 7.0)], FIRST).svg();
        assert_well_formed(&one);
        assert!(one.contains("<circle"), "expected a dot for a line of one point: {one}");
        assert!(!texts(&one).contains(&"no data"));
    }
}

#[test]
fn no_drawing_has_nan_or_infinity_or_too_many_ticks() {
    let mut rng = Xorshift64Star::new(16);
    let numbers =
        [0.0, -0.0, 1.0, -2.5, 0.1, 1e5, 1.0 + f64::EPSILON, 5e-324, f64::NAN, f64::INFINITY];
    for _ in 0..1_000 {
        let mut number = || numbers[rng.below(numbers.len())];
        let points: Vec<(f64, f64)> = (0..6).map(|_| (number(), number())).collect();
        let arrows: Vec<[(f64, f64); 2]> = points.windows(2).map(|p| [p[0], p[1]]).collect();
        let mut axes = Axes::new("t", "x", "y")
            .line("a", &points, FIRST)
            .markers(&points, FAINT)
            .arrows(&arrows, INK)
            .text("text", points[0], points[1], INK, Anchor::End);
        if number() > 0.5 {
            axes = axes.logarithmic();
        }
        let svg = axes.svg();
        assert_well_formed(&svg);
        assert!(svg.len() < 20_000, "{} bytes for {points:?}", svg.len());
    }
}
