//! The figures: the numbers of their curves are read back and compared with formulas, or with the
//! data that the figure was drawn from.

use std::fs;

use crate::common::fixtures;
use crate::plot::reader::{
    Shape, assert_texts_are_apart, assert_well_formed, curves, legend, scales, shapes, texts,
};
use from_zero::beyond::why_step_size::Errors;
use from_zero::ch04::s5_2_training::{Accuracy, History};
use from_zero::plot::figures;

const BLUE: &str = "#0072b2";
const ORANGE: &str = "#b94f00";
const GREEN: &str = "#00795c";
const INK: &str = "#1b1b1f";

/// Each point of a curve lies where f has its value, up to a pixel's hundredth and its slope.
#[track_caller]
fn assert_curve(what: &str, points: &[(f64, f64)], tolerance: f64, f: impl Fn(f64) -> f64) {
    assert!(points.len() > 10, "{what} has {} points", points.len());
    for &(x, y) in points {
        let expected = f(x);
        assert!(
            (y - expected).abs() < tolerance,
            "{what}: at x = {x:.3} the height is {y:.4}, expected {expected:.4}"
        );
    }
}

fn all_figures() -> Vec<(&'static str, String)> {
    vec![
        ("figure-4-3", figures::figure_4_3()),
        ("figure-4-4", figures::figure_4_4()),
        ("figure-4-5", figures::figure_4_5()),
        ("figure-4-6", figures::figure_4_6()),
        ("figure-4-7", figures::figure_4_7()),
        ("figure-4-8", figures::figure_4_8()),
        ("figure-4-9", figures::figure_4_9()),
        ("figure-4-10", figures::figure_4_10()),
        ("partial-derivative", figures::partial_derivative()),
        ("elongated-bowl", figures::elongated_bowl()),
    ]
}

#[test]
fn figures_without_data_are_the_golden_ones() {
    for (name, svg) in all_figures() {
        assert_well_formed(&svg);
        let golden = fs::read_to_string(fixtures("figures").join(format!("{name}.svg")));
        let golden = golden.unwrap_or_default();
        assert!(svg == golden, "{name} differs from fixtures/figures: see its README to accept it");
    }
}

#[test]
fn no_texts_overlap_in_any_golden_figure() {
    let mut count = 0;
    for file in fs::read_dir(fixtures("figures")).expect("a folder") {
        let path = file.expect("a file").path();
        if path.extension().is_some_and(|extension| extension == "svg") {
            let svg = fs::read_to_string(&path).expect("text");
            assert_well_formed(&svg);
            assert_texts_are_apart(&path.display().to_string(), &svg);
            count += 1;
        }
    }
    assert!(count >= 20, "expected at least 20 golden figures, found {count}");
}

#[test]
fn figures_4_3_to_4_7_show_their_functions() {
    let f = |x: f64| 0.01 * x * x + 0.1 * x;
    let line = |slope: f64, at: f64| move |x: f64| f(at) + slope * (x - at);

    let svg = figures::figure_4_3();
    assert_curve("ln x", &curves(&svg, BLUE, "2", false)[0][20..], 0.05, f64::ln);

    let svg = figures::figure_4_4();
    let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
    assert_curve("sigmoid", &curves(&svg, BLUE, "2", false)[0], 0.005, sigmoid);
    assert_eq!(legend(&svg, BLUE, "2", false), "sigmoid");
    let jump = &curves(&svg, ORANGE, "2", true)[0];
    let jump: Vec<(f64, f64)> = jump.iter().map(|&(x, y)| (x.round(), y.round() + 0.0)).collect();
    assert_eq!(jump, [(-6.0, 0.0), (0.0, 0.0), (0.0, 1.0), (6.0, 1.0)], "the step function");
    assert_eq!(legend(&svg, ORANGE, "2", true), "step function");

    // The derivative 0.02 x + 0.1 at 6 is 0.22. The line through 6 and 14 has the slope 0.3.
    let svg = figures::figure_4_5();
    assert_curve("f", &curves(&svg, BLUE, "2", false)[0], 0.01, f);
    assert_curve("the tangent", &curves(&svg, GREEN, "1.5", false)[0], 0.01, line(0.22, 6.0));
    assert_curve("the secant", &curves(&svg, ORANGE, "2", true)[0], 0.01, line(0.3, 6.0));
    assert_eq!(legend(&svg, GREEN, "1.5", false), "tangent at x");
    assert_eq!(legend(&svg, ORANGE, "2", true), "through x and x + h");

    let svg = figures::figure_4_6();
    assert_curve("f", &curves(&svg, BLUE, "2", false)[0], 0.01, f);

    let svg = figures::figure_4_7();
    assert_curve("f", &curves(&svg, BLUE, "2", false)[0], 0.01, f);
    assert_curve("the tangent at 5", &curves(&svg, ORANGE, "2", true)[0], 0.01, line(0.2, 5.0));
    assert_curve("the tangent at 10", &curves(&svg, GREEN, "1.5", false)[0], 0.01, line(0.3, 10.0));
    assert_eq!(legend(&svg, ORANGE, "2", true), "slope 0.2 at 5");
    assert_eq!(legend(&svg, GREEN, "1.5", false), "slope 0.3 at 10");
}

/// The shafts of the arrows of a colour, as numbers.
fn arrows(svg: &str, colour: &str) -> Vec<[(f64, f64); 2]> {
    let (x, y) = scales(svg);
    let shapes = shapes(svg);
    let paths = shapes.iter().filter(|s| s.name == "path" && s.has("stroke", colour));
    let lines = paths.flat_map(|path| path.lines().into_iter().step_by(3));
    lines.map(|ends| ends.map(|(px, py)| (x.number(px), y.number(py)))).collect()
}

/// The dots of a colour, as numbers.
fn dots(svg: &str, colour: &str) -> Vec<(f64, f64)> {
    let (x, y) = scales(svg);
    let is_dot = |s: &&Shape| s.name == "circle" && s.has("fill", colour);
    let shapes = shapes(svg);
    let dots = shapes.iter().filter(is_dot);
    dots.map(|s| (x.number(s.number("cx")), y.number(s.number("cy")))).collect()
}

#[test]
fn the_arrows_of_figure_4_9_are_a_twentieth_of_the_negative_gradient() {
    let arrows = arrows(&figures::figure_4_9(), BLUE);
    assert!(arrows.len() > 300, "324 places, and a few arrows are too short: {}", arrows.len());
    for [from, to] in arrows {
        let expected = (from.0 - 0.1 * from.0, from.1 - 0.1 * from.1);
        let off = (to.0 - expected.0).abs().max((to.1 - expected.1).abs());
        assert!(off < 0.01, "an arrow goes from {from:?} to {to:?}, expected {expected:?}");
    }
}

#[test]
fn figure_4_10_shows_each_step_between_circles_of_their_values() {
    let svg = figures::figure_4_10();
    // With the learning rate 0.1, each step multiplies both coordinates by 0.8.
    let dots = dots(&svg, BLUE);
    assert_eq!(dots.len(), 101, "the start and 100 steps");
    for (k, &(x, y)) in dots.iter().enumerate() {
        let share = 0.8_f64.powi(k as i32);
        let off = (x + 3.0 * share).abs().max((y - 4.0 * share).abs());
        assert!(off < 0.01, "step {k} is at ({x:.3}, {y:.3})");
    }
    let mut values: Vec<i32> = Vec::new();
    for circle in curves(&svg, "#6b6b74", "0.6", false) {
        let squares: Vec<f64> = circle.iter().map(|(x, y)| x * x + y * y).collect();
        let value = squares[0].round();
        assert!(squares.iter().all(|v| (v - value).abs() < 0.02), "no circle: {squares:?}");
        values.push(value as i32);
    }
    values.dedup();
    assert_eq!(values, [1, 4, 9, 16, 25]);
    for value in values {
        assert!(texts(&svg).contains(&value.to_string().as_str()), "{value} is not written");
    }
}

#[test]
fn the_gradient_of_the_elongated_bowl_does_not_point_at_the_minimum() {
    let svg = figures::elongated_bowl();
    // By hand: the gradient of x0²/20 + x1² at (−7, 2) is (−0.7, 4).
    let [from, to] = arrows(&svg, INK)[0];
    let close = |a: (f64, f64), b: (f64, f64)| (a.0 - b.0).abs().max((a.1 - b.1).abs()) < 0.02;
    assert!(close(from, (-7.0, 2.0)) && close(to, (-6.3, -2.0)), "{from:?} to {to:?}");
    // A step multiplies x0 by 1 − 0.9 / 10 and x1 by 1 − 0.9 · 2.
    for (k, &dot) in dots(&svg, BLUE).iter().enumerate() {
        let expected = (-7.0 * 0.91_f64.powi(k as i32), 2.0 * (-0.8_f64).powi(k as i32));
        assert!(close(dot, expected), "step {k} is at {dot:?}, expected {expected:?}");
    }
    for contour in curves(&svg, "#6b6b74", "0.6", false) {
        let value = |&(x, y): &(f64, f64)| x * x / 20.0 + y * y;
        let first = value(&contour[0]);
        assert!(contour.iter().all(|at| (value(at) - first).abs() < 0.1), "a contour of {first}");
    }
    // The same length of a unit in both directions, or the arrow would not be at a right angle.
    let (x, y) = scales(&svg);
    let units = ((x.number(1.0) - x.number(0.0)) / (y.number(0.0) - y.number(1.0)) - 1.0).abs();
    assert!(units < 0.01, "a unit of x0 and one of x1 differ by {units}");
}

#[test]
fn the_cut_has_the_slope_of_the_partial_derivative() {
    let svg = figures::partial_derivative();
    // The book: ∂f/∂x0 at (3, 4) is 6.
    assert_eq!(texts(&svg)[0], "∂f/∂x₀ at (3, 4) is the slope of the cut: 6.0");
    let shapes = shapes(&svg);
    let line = |colour: &str, width: &str| {
        let is_line = |s: &&Shape| s.has("stroke", colour) && s.has("stroke-width", width);
        shapes.iter().find(is_line).expect("a line").points()
    };
    // Both have 41 points at equal distances of x0: the cut from −5 to 5, the tangent from 0 to 5.
    let (cut, tangent) = (line(BLUE, "3"), line(ORANGE, "2.5"));
    assert_eq!((cut.len(), tangent.len()), (41, 41));
    // In the projection, x0 goes on evenly, so heights differ from it by a multiple of f.
    let x0 = |k: usize| -5.0 + 10.0 * k as f64 / 40.0;
    let slant = (cut[40].1 - cut[0].1) / 10.0; // f is equal at both ends
    let up = |(k, y): (usize, f64)| y - cut[20].1 - slant * x0(k);
    let scale = up((40, cut[40].1)) / 25.0;
    for (k, &(_, y)) in cut.iter().enumerate() {
        let f = up((k, y)) / scale;
        assert!((f - x0(k).powi(2)).abs() < 0.05, "the cut at {}: {f}", x0(k));
    }
    for (k, &(_, y)) in tangent.iter().enumerate() {
        let at = 5.0 * k as f64 / 40.0;
        let height = (y - cut[20].1 - slant * at) / scale;
        let expected = 9.0 + 6.0 * (at - 3.0);
        assert!((height - expected).abs() < 0.05, "the tangent at {at}: {height}, not {expected}");
    }
}

#[test]
fn figure_4_8_has_its_lowest_point_in_the_middle_and_its_axes_named() {
    let svg = figures::figure_4_8();
    let shapes = shapes(&svg);
    let faces = shapes.iter().filter(|s| s.name == "polygon").count();
    assert_eq!(faces, 400, "20 × 20 squares");
    for text in ["x₀", "x₁", "f(x₀, x₁)", "5", "10", "15"] {
        assert!(texts(&svg).contains(&text), "{text} is not written: {:?}", texts(&svg));
    }
    // The palest squares, which are the lowest, are around the middle of the surface.
    let palest = shapes.iter().filter(|s| s.has("fill", "#e5f1f7"));
    let places: Vec<(f64, f64)> = palest.flat_map(|s| s.points()).collect();
    let mean = places.iter().map(|p| p.0).sum::<f64>() / places.len() as f64;
    assert!((mean - 210.0).abs() < 1.0, "the palest squares are at {mean} of 420 pixels");
}

/// A history in which every number is another one.
fn history(losses: usize, epochs: usize) -> History {
    let accuracy = |k: usize| Accuracy {
        train: 0.2 + 0.6 * k as f64 / epochs as f64,
        test: 0.1 + 0.5 * (k as f64 / epochs as f64).powi(2),
    };
    History {
        losses: (0..losses).map(|i| 2.3 - 1.9 * i as f64 / losses as f64).collect(),
        accuracies: (0..epochs).map(|k| (600 * k, accuracy(k))).collect(),
    }
}

#[test]
fn figure_4_11_shows_each_loss_and_the_mean_where_there_are_enough() {
    let short = history(150, 1);
    let svg = figures::figure_4_11(&short).svg();
    let drawn = &curves(&svg, BLUE, "2", false);
    assert_eq!(drawn.len(), 1, "no mean of 100 for 150 losses");
    assert_eq!(legend(&svg, BLUE, "2", false), "of each mini-batch");
    assert_eq!(drawn[0].len(), 150);
    for (i, (x, y)) in drawn[0].iter().enumerate() {
        let off = (x - i as f64).abs().max((y - short.losses[i]).abs());
        assert!(off < 0.02, "loss {i} is drawn at ({x}, {y})");
    }
    let svg = figures::figure_4_11(&history(200, 1)).svg();
    assert_eq!(curves(&svg, BLUE, "2", false)[0].len(), 101, "means of 100 for 200 losses");
    let long = history(900, 2);
    let svg = figures::figure_4_11(&long).svg();
    assert_eq!(legend(&svg, "#c4c4cb", "1", false), "of each mini-batch");
    assert_eq!(legend(&svg, BLUE, "2", false), "mean of 100 around it");
    let mean = &curves(&svg, BLUE, "2", false)[0];
    assert_eq!(mean.len(), 801, "only where there are 100 losses");
    for &(x, y) in mean {
        // The losses are on a line, so their mean is the loss in the middle, half a step before x.
        let expected = 2.3 - 1.9 * (x - 0.5) / 900.0;
        assert!((y - expected).abs() < 0.01, "the mean at {x} is {y}, expected {expected}");
    }
    assert_eq!(scales(&svg).0.number(54.0).round(), 0.0, "the axis begins at 0");
}

#[test]
fn a_peak_is_drawn_in_a_run_of_more_losses_than_pixels() {
    let mut losses: Vec<f64> = (0..20_000).map(|i| f64::from(i % 10) / 10.0).collect();
    losses[5_001] = 7.5;
    let svg = figures::figure_4_11(&History { losses, accuracies: vec![] }).svg();
    let highest = curves(&svg, "#c4c4cb", "1", false)[0].iter().map(|p| p.1).fold(0.0, f64::max);
    assert!((highest - 7.5).abs() < 0.05, "the highest loss is drawn at {highest}");
    assert!(svg.len() < 100_000, "{} bytes", svg.len());
}

#[test]
fn figure_4_12_is_solid_for_training_and_dashed_for_the_test() {
    let history = history(9, 7);
    let overfitting = figures::overfitting(&history);
    let svg = figures::figure_4_12(&history).svg();
    assert_eq!(texts(&svg)[0], "Figure 4-12: accuracy");
    assert_eq!(
        svg.replace("Figure 4-12: accuracy", "Overfitting: learning from 300 images"),
        overfitting
    );
    let (train, test) = (&curves(&svg, BLUE, "2", false)[0], &curves(&svg, ORANGE, "2", true)[0]);
    for (k, (_, accuracy)) in history.accuracies.iter().enumerate() {
        for (name, (x, y), expected) in
            [("training", train[k], accuracy.train), ("test", test[k], accuracy.test)]
        {
            let off = (x - k as f64).abs().max((y - expected).abs());
            assert!(off < 0.02, "{name} of epoch {k} is drawn at ({x}, {y}), not {expected}");
        }
    }
    // The last values are in the legend.
    let (_, last) = history.accuracies[6];
    assert_eq!(legend(&svg, BLUE, "2", false), format!("training {:.4}", last.train));
    assert_eq!(legend(&svg, ORANGE, "2", true), format!("test {:.4}", last.test));
    // From 0 to 1, whatever the accuracies are.
    assert!(texts(&svg).contains(&"0.0") && texts(&svg).contains(&"1.0"));
}

#[test]
fn figures_of_a_run_without_losses_or_with_one_epoch_are_drawn() {
    for history in [History::default(), history(1, 0), history(3, 1), history(199, 2)] {
        for svg in [
            figures::figure_4_11(&history).svg(),
            figures::figure_4_12(&history).svg(),
            figures::numerical_and_analytic(&history, &history),
        ] {
            assert_well_formed(&svg);
            assert_texts_are_apart("a short run", &svg);
            assert!(!texts(&svg).iter().any(|t| t.starts_with('−')), "an axis begins before 0");
        }
    }
    assert!(texts(&figures::figure_4_11(&History::default()).svg()).contains(&"no data"));
}

#[test]
fn the_error_against_h_shows_both_errors() {
    let hs = [1e-8, 1e-6, 1e-4, 1e-2];
    let errors: Vec<Errors> = (0..4)
        .map(|k| {
            let error = |base: f64| base * 3f64.powi(k);
            Errors { h: hs[k as usize], parameters: 1, forward: error(1e-7), central: error(1e-9) }
        })
        .collect();
    let svg = figures::error_against_h(&errors);
    assert_well_formed(&svg);
    for (colour, dashed, base) in [(ORANGE, true, 1e-7), (BLUE, false, 1e-9)] {
        let drawn = curves(&svg, colour, "2", dashed);
        for (k, &(h, error)) in drawn[0].iter().enumerate() {
            let expected = base * 3f64.powi(k as i32);
            let off = (h / hs[k]).ln().abs().max((error / expected).ln().abs());
            assert!(off < 0.02, "{colour}: ({h:e}, {error:e}), expected {expected:e}");
        }
    }
    assert_eq!(legend(&svg, ORANGE, "2", true), "forward");
    assert_eq!(legend(&svg, BLUE, "2", false), "central");
}

#[test]
fn the_cost_of_a_gradient_names_its_three_methods() {
    let cost = |parameters: usize| {
        (parameters, [1e-2, 1e-4, 1e-6].map(|seconds| seconds * parameters as f64))
    };
    let svg = figures::cost_of_a_gradient(&[cost(10), cost(100), cost(1_000), cost(9_000)], "note");
    assert_well_formed(&svg);
    assert!(texts(&svg).contains(&"note"), "the note is below the title");
    let [x, y] = ["parameters", "seconds"].map(|name| {
        let shapes = shapes(&svg);
        let place = shapes.iter().find(|shape| shape.name == "text" && shape.text == name);
        let place = place.unwrap_or_else(|| panic!("no axis is called {name}"));
        (place.number("x"), place.number("y"))
    });
    assert!(x.1 > y.1 && x.0 > y.0, "parameters is below the axes, seconds above them at the left");
    for (name, colour, dashed, factor) in [
        ("naive", ORANGE, false, 1e-2),
        ("incremental", BLUE, false, 1e-4),
        ("backpropagation", GREEN, true, 1e-6),
    ] {
        assert_eq!(legend(&svg, colour, "2", dashed), name);
        for &(parameters, seconds) in &curves(&svg, colour, "2", dashed)[0] {
            let off = (seconds / (factor * parameters)).ln().abs();
            assert!(off < 0.02, "{name}: {seconds:e} s for {parameters} parameters");
        }
    }
}

#[test]
fn numerical_and_analytic_are_told_apart() {
    let analytic = history(300, 1);
    let numerical =
        History { losses: analytic.losses.iter().map(|l| l / 2.0).collect(), ..history(300, 1) };
    let svg = figures::numerical_and_analytic(&numerical, &analytic);
    assert_eq!(legend(&svg, GREEN, "5", false), "backpropagation");
    assert_eq!(legend(&svg, INK, "1.5", true), "central differences, h = 1e-4");
    let (thick, thin) = (&curves(&svg, GREEN, "5", false)[0], &curves(&svg, INK, "1.5", true)[0]);
    for (a, b) in thick.iter().zip(thin) {
        assert!((a.1 - 2.0 * b.1).abs() < 0.05, "at {}: {} and {}", a.0, a.1, b.1);
    }
}
