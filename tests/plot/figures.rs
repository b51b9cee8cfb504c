//! Drawings and the page: the same bytes for the same input, no number that is none, no text that
//! breaks out, and a net in the page that is the net that was trained.

use std::ops::ControlFlow;

use crate::common::{assert_close, mnist};
use from_zero::ch03::functions::Activation;
use from_zero::ch04::s2_4_targets::Labels;
use from_zero::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use from_zero::ch04::s5_2_training::{Accuracy, History};
use from_zero::fast::compressed::CompressedRows;
use from_zero::fast::evaluation::fast_accuracy;
use from_zero::fast::mini_batch::CompressedDataset;
use from_zero::fast::training::{Event, Settings, fast_train_with_reports};
use from_zero::formats::base64;
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::random::{Rng, Xorshift64Star};
use from_zero::plot::axes::{Axes, Corner};
use from_zero::plot::report::{Epochs, MOST_HIDDEN, Report, page};
use from_zero::plot::shapes::{heat_map, wireframe};
use from_zero::plot::svg::{Anchor, Colour, Stroke, Svg, escaped};
use from_zero::plot::{figures, graphs};

const FIRST: Stroke = Stroke { colour: Colour::Series(0), width: 2.0, dashed: false };

/// Fails where tags are not closed in turn, an attribute has no quotes, a number or a text is no
/// number, or another program than a browser would not see the colours.
#[track_caller]
fn assert_well_formed(svg: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = svg;
    while let Some((text, tag)) = rest.split_once('<') {
        assert!(!text.contains('>'), "{text}");
        assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
        let (tag, behind) = tag.split_once('>').expect("a tag ends");
        let name = tag.trim_start_matches('/').split([' ', '/']).next().expect("a name");
        match (tag.starts_with('/'), tag.ends_with('/')) {
            (true, _) => assert_eq!(open.pop(), Some(name)),
            (false, false) => open.push(name),
            (false, true) => {}
        }
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        assert!(!tag.contains("NaN") && !tag.contains("inf"), "{tag}");
        rest = behind;
    }
    assert_eq!(open, [""; 0]);
    assert_literal_colours(svg);
}

/// Fails where a shape of the drawing has no fill or no stroke, where one of them is not `none` or
/// a colour such as `#0072b2`, or where the style sheet has no dark form of the colour.
#[track_caller]
fn assert_literal_colours(svg: &str) {
    assert!(!svg.contains("var("), "{svg}");
    let (style, shapes) = svg.split_once("</style>").expect("a style sheet");
    for tag in shapes.split('<').skip(1).filter(|tag| !tag.starts_with('/')) {
        for name in ["fill", "stroke"] {
            let (_, value) = tag.split_once(&format!(" {name}=\"")).expect(tag);
            let (value, _) = value.split_once('"').expect("it ends");
            let digits = value.strip_prefix('#').unwrap_or_default();
            let is_colour = digits.len() == 6 && digits.chars().all(|c| c.is_ascii_hexdigit());
            assert!(is_colour || value == "none", "{tag}");
            let rule = format!("[{name}=\"{value}\"] {{ {name}: #");
            assert!(!is_colour || style.contains(&rule), "{rule} is missing");
        }
    }
}

/// The texts in the drawing.
fn texts(svg: &str) -> Vec<&str> {
    let (all, _) = svg.rsplit_once("</text>").unwrap_or_default();
    let ends = all.split("</text>").filter_map(|piece| piece.rsplit_once('>'));
    ends.map(|(_, text)| text).collect()
}

#[test]
fn a_drawing_has_fixed_decimals_and_escaped_text() {
    let mut svg = Svg::new("a < b", 100.0, 50.0);
    svg.polyline(&[(0.123456, -0.001), (1.0 / 3.0, 10.0)], Stroke { dashed: true, ..FIRST });
    svg.text((1.5, 2.0), "<b>&\"'\u{1b}", 12.0, Colour::Ink, Anchor::Middle);
    let text = svg.finish();
    assert_well_formed(&text);
    assert!(text.contains("points=\"0.12,0 0.33,10\""), "{text}");
    assert!(text.contains("stroke-dasharray=\"6 4\""), "{text}");
    assert!(text.contains(">&lt;b&gt;&amp;&quot;&#39;\u{fffd}</text>"), "{text}");
    assert!(text.contains("<title>a &lt; b</title>") && text.contains("aria-label=\"a &lt; b\""));
    assert!(text.contains("prefers-color-scheme: dark"), "{text}");
    assert_eq!(escaped("plain"), "plain");
}

#[test]
fn overfitting_is_drawn_with_its_own_title() {
    let (figure, overfitting) =
        (figures::figure_4_12(&history()), figures::overfitting(&history()));
    assert_well_formed(&overfitting);
    assert!(!overfitting.contains("4-12"), "{overfitting}");
    let title = "Overfitting: learning from 300 images";
    assert_eq!(figure.replace("Figure 4-12: accuracy", title), overfitting);
}

#[test]
fn ticks_are_round_numbers() {
    let ticks = |low: f64, high: f64| {
        let svg = Axes::new("t").x_range(low, high).y_range(7.0, 8.0).svg();
        let texts: Vec<String> = texts(&svg).iter().map(|text| text.to_string()).collect();
        // The ticks of x, and then those of y.
        let end = texts.iter().position(|text| text == "7.0").expect("y begins with 7");
        texts[..end].to_vec()
    };
    assert_eq!(ticks(0.5, 20.0), ["5", "10", "15", "20"]);
    assert_eq!(ticks(1.05, 1.3), ["1.05", "1.10", "1.15", "1.20", "1.25", "1.30"]);
    // All with the same number of decimals, with a minus sign, and with commas.
    assert_eq!(ticks(-2.5, 0.5), ["−2.5", "−2.0", "−1.5", "−1.0", "−0.5", "0.0", "0.5"]);
    assert_eq!(ticks(0.0, 1e4), ["0", "2,000", "4,000", "6,000", "8,000", "10,000"]);
    assert_eq!(
        ticks(-2e6, -1.1e6),
        ["−2,000,000", "−1,800,000", "−1,600,000", "−1,400,000", "−1,200,000"]
    );
    assert_eq!(ticks(2e9, 9e9), ["2e9", "3e9", "4e9", "5e9", "6e9", "7e9", "8e9", "9e9"]);
    assert_eq!(ticks(1e9, 1.2e9), ["1.00e9", "1.05e9", "1.10e9", "1.15e9", "1.20e9"]);
    assert_eq!(ticks(0.0, 1.9e-7), ["0", "5.0e−8", "1.0e−7", "1.5e−7"]);
}

#[test]
fn iterations_and_epochs_are_whole_numbers() {
    let accuracy = Accuracy { train: 0.5, test: 0.4 };
    for epochs in [1, 2, 3] {
        let accuracies = (0..epochs).map(|epoch| (600 * epoch, accuracy)).collect();
        let svg = figures::figure_4_12(&History { losses: vec![], accuracies });
        let (of_x, _) = svg.split_once(">accuracy<").expect("a label");
        let halves = texts(of_x).iter().filter(|text| text.ends_with(".5")).count();
        assert_eq!(halves, 0, "{:?}", texts(of_x));
    }
}

#[test]
fn a_logarithmic_scale_has_powers_of_ten() {
    let points = [(1e-12, 1e-3), (1.0, 1e2)];
    let svg = Axes::new("t").logarithmic().line("", &points, FIRST).svg();
    assert_well_formed(&svg);
    let texts = texts(&svg);
    for tick in ["1e−12", "1e−2", "1e0", "1e2"] {
        assert!(texts.contains(&tick), "{tick}: {texts:?}");
    }
}

#[test]
fn what_is_no_finite_number_is_left_out_and_told() {
    let points = [
        (0.0, 1.0),
        (1.0, f64::NAN),
        (2.0, 3.0),
        (3.0, f64::INFINITY),
        (f64::NAN, 1.0),
        (4.0, 2.0),
    ];
    let svg = Axes::new("t").line("a", &points, FIRST).markers(&points, Colour::Ink).svg();
    assert_well_formed(&svg);
    assert!(svg.contains("6 points left out: not a finite number."), "{svg}");
    let svg = Axes::new("t").logarithmic().markers(&[(1.0, 2.0), (0.0, 1.0)], Colour::Ink).svg();
    assert!(
        svg.contains("1 point left out: not finite, or not above 0 on a logarithmic axis."),
        "{svg}"
    );
    let arrows =
        [[(0.0, 0.0), (1.0, f64::NAN)], [(1.0, 1.0), (1.0, 1.0)], [(2.0, 2.0), (3.0, 3.0)]];
    let svg = Axes::new("t").arrows(&arrows, Colour::Ink).svg();
    assert_well_formed(&svg);
    assert!(svg.contains("1 point left out"), "{svg}");
}

#[test]
fn no_data_and_one_point_are_drawn_too() {
    for axes in [Axes::new("t"), Axes::new("t").logarithmic()] {
        assert_well_formed(&axes.clone().svg());
        assert_well_formed(&axes.clone().line("a", &[], FIRST).legend(Corner::UpperLeft).svg());
        let one = axes.line("a", &[(3.0, 7.0)], FIRST).svg();
        assert_well_formed(&one);
        assert!(one.contains("<circle"), "a line of one point is a dot: {one}");
    }
}

#[test]
fn a_line_ends_at_the_frame() {
    let points = [(-10.0, -10.0), (10.0, 10.0), (10.0, -10.0)];
    let svg = Axes::new("t").x_range(0.0, 1.0).y_range(0.0, 1.0).line("", &points, FIRST).svg();
    // The frame goes from (64, 348) to (542, 66).
    assert!(svg.contains("points=\"64,348 542,66\" fill=\"none\" stroke=\"#0072b2\""), "{svg}");
    let outside = [(-3.0, 0.5), (-1.0, 0.5)];
    let svg = Axes::new("t").x_range(0.0, 1.0).y_range(0.0, 1.0).line("", &outside, FIRST).svg();
    assert!(!svg.contains("\" stroke=\"#0072b2\""), "{svg}");
}

#[test]
fn numbers_that_only_their_last_digit_tells_apart_give_a_drawing() {
    let mut rng = Xorshift64Star::new(8);
    for _ in 0..300 {
        let number = 2.5 * rng.uniform();
        for other in [number.next_up(), number + 4.0 * f64::EPSILON] {
            let points = [(number, other), (other, number)];
            let axes = Axes::new("t").line("a", &points, FIRST).size(420.0, 320.0);
            for svg in [axes.svg(), axes.logarithmic().svg()] {
                assert_well_formed(&svg);
                assert!(svg.len() < 20_000, "{} bytes for {points:?}", svg.len());
            }
        }
    }
    // Ranges and sizes without an end.
    let line = || Axes::new("t").line("a", &[(0.5, 0.5), (1.0, 2.0)], FIRST);
    for axes in [
        line().size(f64::INFINITY, 400.0),
        line().size(1e300, 400.0),
        line().logarithmic().x_range(1e-300, f64::INFINITY),
        line().logarithmic().x_range(-1.0, f64::INFINITY),
        line().x_range(f64::NEG_INFINITY, f64::NAN),
    ] {
        assert!(axes.svg().len() < 20_000);
    }
}

#[test]
fn numbers_of_every_size_give_a_drawing() {
    let mut rng = Xorshift64Star::new(6);
    let extremes = [
        0.0,
        -0.0,
        1.0,
        5e-324,
        f64::MIN_POSITIVE,
        f64::MAX,
        f64::MIN,
        f64::NAN,
        f64::INFINITY,
        1e300,
        -1e-300,
        1.0 + f64::EPSILON,
        1e16,
        1e16 + 2.0,
    ];
    for _ in 0..2_000 {
        let mut number = || extremes[rng.below(extremes.len())];
        let points: Vec<(f64, f64)> = (0..4).map(|_| (number(), number())).collect();
        let mut axes = Axes::new("t").line("a", &points, FIRST).markers(&points, Colour::Faint);
        if number() == 0.0 {
            axes = axes.logarithmic();
        }
        let svg = axes.legend(Corner::LowerLeft).svg();
        assert_well_formed(&svg);
        assert!(svg.len() < 40_000, "{} bytes for {points:?}", svg.len());
    }
}

#[test]
fn a_contour_lies_where_the_function_has_its_value() {
    // 478 pixels for 9 units, and (0, 0) in the middle of (64, 66) and (542, 544).
    let svg = figures::figure_4_10();
    let thin = svg.lines().filter(|line| line.contains("stroke-width=\"0.6\""));
    let circles = thin.filter(|line| line.contains("#6b6b74"));
    let mut values: Vec<i32> = Vec::new();
    for circle in circles {
        let points = circle.split('"').nth(1).expect("points").split(' ');
        let of_circle: Vec<f64> = points
            .filter_map(|place| place.split_once(','))
            .map(|(x, y)| (x.parse().expect("x"), y.parse().expect("y")))
            .map(|(x, y): (f64, f64)| (x - 303.0).powi(2) + (y - 305.0).powi(2))
            .map(|square| square * (9.0_f64 / 478.0).powi(2))
            .collect();
        let value = of_circle[0].round();
        // The ends at the frame lie on a chord, a little inside the circle.
        assert!(of_circle.iter().all(|v| (v - value).abs() < 0.02), "{of_circle:?}");
        values.push(value as i32);
    }
    values.dedup();
    assert_eq!(values, [1, 4, 9, 16, 25]);
    for value in values {
        assert!(texts(&svg).contains(&value.to_string().as_str()), "{value} is written");
    }
}

#[test]
fn shapes_are_well_formed_whatever_they_show() {
    assert_well_formed(&wireframe("t", |x, y| x * y, 3.0, 10));
    let nothing = wireframe("t", |_, _| f64::NAN, 3.0, 4);
    assert_well_formed(&nothing);
    assert!(nothing.contains("25 points left out: not a finite number."), "{nothing}");
    assert_well_formed(&wireframe("t", |x, _| 1.0 / x, 1.0, 2));
    assert_well_formed(&wireframe("t", |_, _| 5.0, 1.0, 2));
    let svg = heat_map("t", "rows", "columns", &[vec![5, 0], vec![1, 7]]);
    assert_well_formed(&svg);
    assert_eq!(texts(&svg), ["t", "", "columns", "rows", "0", "0", "5", "1", "1", "1", "7"]);
    assert_well_formed(&heat_map("t", "r", "c", &[]));
}

#[test]
fn no_picture_contains_nan_or_infinity() {
    let extremes = [0.0, -0.0, 1.0, -2.5, 5e-324, 1e-300, 1e300, f64::MAX, f64::MIN, f64::NAN];
    let extremes = [&extremes[..], &[f64::INFINITY, f64::NEG_INFINITY, 0.1, 1e5]].concat();
    let mut rng = Xorshift64Star::new(16);
    for _ in 0..2_000 {
        let mut number = || extremes[rng.below(extremes.len())];
        let points: Vec<(f64, f64)> = (0..6).map(|_| (number(), number())).collect();
        let arrows: Vec<[(f64, f64); 2]> = points.windows(2).map(|p| [p[0], p[1]]).collect();
        let [from, to, at, by, size] = [0, 1, 2, 3, 4].map(|k| points[k]);
        let mut axes = Axes::new("t")
            .labels("x", "y")
            .line("a", &points, Stroke { width: number(), ..FIRST })
            .markers(&points, Colour::Faint)
            .arrows(&arrows, Colour::Ink)
            .text("text", at, by, Colour::Ink, Anchor::End)
            .legend(Corner::UpperRight);
        for _ in 0..2 {
            axes = match rng.below(6) {
                0 => axes.logarithmic(),
                1 => axes.whole_x(),
                2 => axes.x_range(size.0, size.1),
                3 => axes.y_range(from.0, to.0),
                4 => axes.size(size.0, size.1),
                _ => axes,
            };
        }
        assert_well_formed(&axes.svg());
        let heights: Vec<f64> = points.iter().flat_map(|&(x, y)| [x, y]).collect();
        let surface = |x: f64, y: f64| heights[(x.to_bits() ^ y.to_bits()) as usize % 12];
        assert_well_formed(&wireframe("t", surface, from.0, rng.below(5)));
        let (train, test) = from;
        let history = History {
            losses: heights.clone(),
            accuracies: vec![
                (0, Accuracy { train: 0.1, test: 0.1 }),
                (5, Accuracy { train, test }),
            ],
        };
        assert_well_formed(&figures::figure_4_11(&history));
        assert_well_formed(&figures::figure_4_12(&history));
        let seconds = [heights[0], heights[1], heights[2]];
        let cost = figures::Cost { parameters: 40, seconds };
        assert_well_formed(&figures::cost_of_a_gradient(&[cost, cost], "a note"));
    }
    assert_well_formed(&heat_map("t", "r", "c", &[vec![usize::MAX; 2], vec![0, usize::MAX]]));
}

/// The texts of a graph between its title and what is written at the arrows of other graphs, too.
fn texts_of_graph(svg: &str) -> Vec<&str> {
    assert_well_formed(svg);
    let texts = texts(svg);
    assert!(
        texts[2..4]
            == ["above an arrow: the value, forward", "below it: ← the derivative, backward"]
    );
    texts[4..].to_vec()
}

#[test]
fn the_graphs_show_the_numbers_of_the_book() {
    // The functions, then for each arrow: a variable, the number above it, and the number below.
    assert_eq!(
        texts_of_graph(&graphs::apples()),
        [
            "×", "×", "apple", "100", "← 2.2", "number", "2", "← 110", "200", "← 1.1", "tax",
            "1.1", "← 200", "price", "220", "← 1"
        ]
    );
    assert_eq!(
        texts_of_graph(&graphs::apples_and_oranges()),
        [
            "×", "×", "+", "×", "apple", "100", "← 2.2", "number", "2", "← 110", "orange", "150",
            "← 3.3", "number", "3", "← 165", "200", "← 1.1", "450", "← 1.1", "650", "← 1.1", "tax",
            "1.1", "← 650", "price", "715", "← 1"
        ]
    );
    // By hand: y = 1 / (1 + 1/e) = 0.7311, −y² = −0.5344, −y²/e = −0.1966.
    assert_eq!(
        texts_of_graph(&graphs::sigmoid()),
        [
            "× −1",
            "exp",
            "+ 1",
            "1/x",
            "x",
            "1",
            "← 0.197",
            "−1",
            "← −0.197",
            "0.368",
            "← −0.534",
            "1.368",
            "← −0.534",
            "y",
            "0.731",
            "← 1",
            "sigmoid",
            "x",
            "1",
            "← dout y (1 − y) = 0.197",
            "y",
            "0.731",
            "← 1"
        ]
    );
    assert_eq!(
        texts_of_graph(&graphs::affine()),
        [
            "dot",
            "+",
            "x",
            "(4, 2)",
            "← dout Wᵀ (4, 2)",
            "W",
            "(2, 3)",
            "← xᵀ dout (2, 3)",
            "b",
            "(3,)",
            "← column sums of dout (3,)",
            "(4, 3)",
            "← dout (4, 3)",
            "out",
            "(4, 3)",
            "← dout (4, 3)"
        ]
    );
    // Section 3.5.2: softmax of (0.3, 2.9, 4.0) is (0.018, 0.245, 0.737). The right answer is 1, so
    // the loss is −ln 0.2452 = 1.4057.
    assert_eq!(
        texts_of_graph(&graphs::softmax_with_loss()),
        [
            "softmax",
            "cross-entropy",
            "a₀",
            "0.3",
            "← 0.018",
            "0.018",
            "",
            "a₁",
            "2.9",
            "← −0.755",
            "0.245",
            "",
            "a₂",
            "4",
            "← 0.737",
            "0.737",
            "",
            "t",
            "(0, 1, 0)",
            "",
            "L",
            "1.406",
            "← 1"
        ]
    );
}

#[test]
fn all_figures_without_data_are_well_formed() {
    for svg in [
        figures::figure_4_3(),
        figures::figure_4_4(),
        figures::figure_4_5(),
        figures::figure_4_6(),
        figures::figure_4_7(),
        figures::figure_4_8(),
        figures::figure_4_9(),
        figures::figure_4_10(),
    ] {
        assert_well_formed(&svg);
    }
}

/// A short history with everything that may go wrong in one.
fn history() -> History {
    let accuracy = |v| Accuracy { train: v, test: v / 2.0 };
    History {
        losses: vec![2.3, f64::INFINITY, 2.1, f64::NAN, 1.9],
        accuracies: vec![(0, accuracy(0.1)), (600, accuracy(0.9))],
    }
}

#[test]
fn the_figures_of_a_run_bear_every_history() {
    for history in
        [History::default(), history(), History { losses: vec![2.3], accuracies: vec![] }]
    {
        assert_well_formed(&figures::figure_4_11(&history));
        assert_well_formed(&figures::figure_4_12(&history));
        assert_well_formed(&figures::numerical_and_analytic(&history, &history));
    }
    assert!(figures::figure_4_11(&history()).contains("2 points left out"));
    // Also where not every loss can be a point of its own, and then the extremes are drawn.
    let mut losses: Vec<f64> = (0..20_000).map(|i| f64::from(i % 10) / 10.0).collect();
    (losses[7], losses[12_345], losses[5_001]) = (f64::NAN, f64::INFINITY, 7.5);
    let svg = figures::figure_4_11(&History { losses, accuracies: vec![] });
    assert!(svg.contains("2 points left out"), "{}", &svg[..2_000]);
    assert!(texts(&svg).contains(&"6"), "as high as the highest loss: {:?}", texts(&svg));
    let none = figures::figure_4_11(&History::default());
    assert!(texts(&none).contains(&"no data") && !texts(&none).contains(&"0.5"), "{none}");
    assert_well_formed(&figures::error_against_h(&[]));
    assert_well_formed(&figures::cost_of_a_gradient(&[], "a note"));
    let cost = figures::Cost { parameters: 40, seconds: [1e-3, 1e-4, 0.0] };
    assert!(figures::cost_of_a_gradient(&[cost], "a note").contains("2 points left out"));
}

#[test]
fn figure_4_12_is_solid_for_training_and_dashed_for_the_test() {
    let svg = figures::figure_4_12(&history());
    let lines: Vec<&str> = svg.lines().filter(|line| line.contains("stroke-width=\"2\"")).collect();
    assert_eq!(lines.len(), 4, "two lines, and two in the legend: {svg}");
    assert!(!lines[0].contains("dasharray") && lines[1].contains("dasharray"));
    // From 0 to 1, whatever the accuracies are.
    assert!(texts(&svg).contains(&"0") && texts(&svg).contains(&"1.0"));
}

fn decoded(text: &str) -> Vec<u8> {
    let digit = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => panic!("{c}"),
    };
    let digits: Vec<u8> = text.bytes().filter(|&c| c != b'=').map(digit).collect();
    let bytes = digits.chunks(4).flat_map(|four| {
        let bits =
            four.iter().fold(0_u32, |bits, &d| bits << 6 | u32::from(d)) << (6 * (4 - four.len()));
        bits.to_be_bytes()[1..four.len()].to_vec()
    });
    bytes.collect()
}

#[test]
fn base64_is_that_of_the_rfc() {
    // RFC 4648, section 10.
    for (plain, text) in [
        ("", ""),
        ("f", "Zg=="),
        ("fo", "Zm8="),
        ("foo", "Zm9v"),
        ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ] {
        assert_eq!(base64::encode(plain.as_bytes()), text);
    }
    let all: Vec<u8> = (0..=255).collect();
    assert_eq!(decoded(&base64::encode(&all)), all);
}

/// The data of the page's script.
fn data_of(page: &str) -> &str {
    let (_, data) = page.split_once("id=\"run\">").expect("data");
    data.split_once("</script>").expect("an end").0
}

/// The nets that a page contains, each with its iteration: those of epochs, and the last one.
fn nets_of(page: &str) -> Vec<(usize, TwoLayerNet)> {
    let data = data_of(page);
    let hidden = number_behind(data, "\"hidden\":");
    let activation = match data.split("\"activation\":\"").nth(1).and_then(|v| v.split('"').next())
    {
        Some("sigmoid") => Activation::Sigmoid,
        Some("relu") => Activation::Relu,
        other => panic!("{other:?}"),
    };
    let net_of = |text: &str| {
        let numbers = text.split("\"numbers\":\"").nth(1).expect("numbers");
        let bytes = decoded(numbers.split('"').next().expect("it ends"));
        let mut rest = bytes.as_slice();
        let mut part = |length: usize| -> Vec<f64> {
            let (step, numbers) = rest.split_first_chunk().expect("a step");
            let step = f64::from_le_bytes(*step);
            let (numbers, behind) = numbers.split_at(2 * length);
            rest = behind;
            let pairs = numbers.as_chunks().0.iter();
            pairs.map(|pair| step * f64::from(i16::from_le_bytes(*pair))).collect()
        };
        let w1 = Matrix::from_vec(784, hidden, part(784 * hidden));
        let b1 = part(hidden);
        let w2 = Matrix::from_vec(hidden, 10, part(hidden * 10));
        let params = Parameters { w1, b1, w2, b2: part(10) };
        assert!(rest.is_empty());
        (number_behind(text, ""), TwoLayerNet { params, activation })
    };
    data.split("{\"iteration\":").skip(1).map(net_of).collect()
}

/// The whole number behind a name.
fn number_behind(text: &str, name: &str) -> usize {
    let (_, behind) = text.split_once(name).expect("the name");
    let end = behind.find(|c: char| !c.is_ascii_digit()).expect("an end");
    behind[..end].parse().expect("a number")
}

/// A trained net, what the run recorded, and the net at its epochs.
fn trained(activation: Activation, iterations: usize) -> (TwoLayerNet, History, Epochs) {
    let mut rng = Xorshift64Star::new(0);
    let mut net = TwoLayerNet::new(784, 20, 10, 0.01, &mut rng).with_activation(activation);
    let settings = Settings::new(iterations, 2);
    let mut epochs = Epochs::default();
    let history = fast_train_with_reports(&mut net, mnist(), &settings, &mut rng, |event| {
        if let Event::Epoch { iteration, accuracy, net, .. } = event {
            epochs.keep(iteration, accuracy.test, net);
        }
        ControlFlow::Continue(())
    });
    (net, history.expect("a finite loss"), epochs)
}

fn report<'a>(net: &'a TwoLayerNet, history: &'a History, epochs: &'a Epochs) -> Report<'a> {
    Report { settings: &[], net, epochs, history, test: &mnist().test, threads: 2 }
}

#[test]
fn the_nets_in_the_page_read_as_the_nets_of_the_run() {
    for activation in [Activation::Sigmoid, Activation::Relu] {
        let (net, history, epochs) = trained(activation, 700);
        let page = page(&report(&net, &history, &epochs));
        let (x, _) = mnist().test.select(&(0..2_000).collect::<Vec<_>>());
        let x = x.to_matrix();
        let nets = nets_of(&page);
        assert_eq!(nets.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0, 600, 700]);
        // The run up to an epoch ends with the net of that epoch.
        for (updates, (_, in_page)) in [1, 601, 700].into_iter().zip(&nets) {
            let (net, ..) = trained(activation, updates);
            let (y, want) = (in_page.predict(&x), net.predict(&x));
            assert_close(y.as_slice(), want.as_slice(), 1e-3);
            assert_eq!(y.argmax_rows(), want.argmax_rows());
        }
        assert_eq!(page, self::page(&report(&net, &history, &epochs)), "the same bytes");
        // Twelve mistakes and a hundred test images: index, label and pixels.
        let (images, mistakes) = data_of(&page).split_once("\"mistakes\":").expect("mistakes");
        let (_, images) = images.split_once("\"images\":").expect("images");
        assert_eq!((images.matches(",\"").count(), mistakes.matches(",\"").count()), (100, 12));
        let right = (fast_accuracy(&net, &mnist().test, 2) * 1e4).round();
        let percent =
            format!("After the last update it reads {:.2} % of the test images: ", right / 100.0);
        assert!(page.contains(&percent), "{percent}");
    }
}

#[test]
fn a_page_has_at_most_4_mb_and_nets_of_the_whole_run() {
    for (hidden, epochs, kept) in [
        (1, 0, vec![]),
        (1, 21, (0..21).step_by(2).collect()),
        (50, 1, vec![0]),
        (50, 17, (0..17).collect()),
        (50, 1_000, (0..1_000).step_by(64).collect()),
        (400, 17, vec![0, 8, 16]),
        (MOST_HIDDEN, 17, vec![]),
    ] {
        let mut rng = Xorshift64Star::new(7);
        let net = TwoLayerNet::new(784, hidden, 10, 0.01, &mut rng);
        let mut at_epochs = Epochs::default();
        for epoch in 0..epochs {
            at_epochs.keep(600 * epoch, 0.25, &net);
        }
        let history = History { losses: vec![1.0; 600 * epochs], ..History::default() };
        let page = page(&report(&net, &history, &at_epochs));
        assert!(page.len() <= 4_000_000, "{hidden} units: {} bytes", page.len());
        let found: Vec<usize> = nets_of(&page).iter().map(|(at, _)| *at).collect();
        let end = 600 * epochs;
        let kept: Vec<usize> = kept.iter().map(|epoch| 600 * epoch).chain([end]).collect();
        assert_eq!(found, kept, "{hidden} units, {epochs} epochs");
        assert_eq!(data_of(&page).matches("\"test\":\"0.25\",").count(), kept.len() - 1);
    }
}

#[test]
fn the_length_of_a_page_does_not_grow_with_the_run() {
    let net = TwoLayerNet::new(784, 1, 10, 0.01, &mut Xorshift64Star::new(7));
    let accuracy = |i: usize| Accuracy { train: 0.5 + 0.4 * (i % 2) as f64, test: 0.5 };
    let history = History {
        losses: (0..200_000).map(|i| 1.0 + (i % 7) as f64).collect(),
        accuracies: (0..200_000).map(|i| (i, accuracy(i))).collect(),
    };
    let page = page(&report(&net, &history, &Epochs::default()));
    assert!(page.len() < 400_000, "{} bytes", page.len());
}

#[test]
fn a_page_about_nothing_says_so() {
    let (net, ..) = trained(Activation::Sigmoid, 1);
    let none = CompressedDataset {
        images: CompressedRows::new(&[], 784, [0.0; 256]),
        labels: Labels::new(vec![]),
    };
    let (history, epochs) = (History::default(), Epochs::default());
    let without_images = Report { test: &none, ..report(&net, &history, &epochs) };
    let page_without_images = page(&without_images);
    assert!(page_without_images.contains("<p>There are no test images.</p>"));
    let data = data_of(&page_without_images);
    assert!(data.contains("\"test\":\"NaN\"") && data.contains("\"images\":[]"));
    // Without a single update.
    assert!(page(&report(&net, &history, &epochs)).contains("Before any training it reads "));
}

#[test]
fn a_net_that_is_not_finite_is_not_finite_in_the_page() {
    let (mut net, history, epochs) = trained(Activation::Sigmoid, 1);
    net.params.w2[(0, 0)] = f64::INFINITY;
    net.params.b2.fill(0.0);
    let page = page(&report(&net, &history, &epochs));
    let (_, in_page) = nets_of(&page).pop().expect("a net");
    assert!(in_page.params.w2.as_slice().iter().all(|w| w.is_nan()));
    assert_eq!(in_page.params.b2, [0.0; 10]);
    assert!(!data_of(&page).contains(":NaN") && !data_of(&page).contains(":inf"));
}

#[test]
fn the_page_needs_no_other_file_and_lets_no_text_break_out() {
    let (net, _, epochs) = trained(Activation::Sigmoid, 3);
    let settings = [("data <b>", "</script><script>alert(1)</script>{{NET}}".to_string())];
    for history in
        [History::default(), history(), History { losses: vec![2.3], accuracies: vec![] }]
    {
        let page = page(&Report { settings: &settings, ..report(&net, &history, &epochs) });
        assert!(page.contains("&lt;/script&gt;&lt;script&gt;alert(1)"), "escaped");
        assert!(!page.contains("alert(1)</script>") && page.contains("data &lt;b&gt;"));
        // One net, one script: what looks like a place to fill in is left alone.
        assert_eq!(page.matches("\"activation\":").count(), 1);
        assert!(page.contains("{{NET}}"));
        let addresses = page.matches("http").count() - page.matches("http-equiv").count();
        assert_eq!(addresses, page.matches("xmlns=\"http://www.w3.org/2000/svg\"").count());
        assert!(!page.contains("src=") && !page.contains("href=") && !page.contains("@import"));
        assert!(page.contains("default-src 'none'"));
        for number in [">NaN", "\"NaN", ",NaN", " NaN"] {
            assert!(!page.contains(number), "{number}");
        }
    }
}
