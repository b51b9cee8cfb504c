//! The figures of the chapter, drawn from the functions of this crate, and some that are not in the
//! book. Figures 4-11 and 4-12 are axes, because the page about a run marks an iteration on them.

use super::axes::Axes;
use super::shapes::Bowl;
use super::svg::{Anchor, BLUE, FAINT, GREEN, GRID, INK, ORANGE, Point, Stroke};
use crate::beyond::why_step_size::Errors;
use crate::ch03::functions::{sigmoid, step_function};
use crate::ch04::s3_differentiation::{forward_difference, function_1, function_2, numerical_diff};
use crate::ch04::s4_1_gradient::{gradient_descent, numerical_gradient};
use crate::ch04::s5_2_training::{Accuracy, History};
use crate::numeric::elementary::{ln, sin_cos_turn};

const FIRST: Stroke = Stroke { colour: BLUE, width: 2.0, dashed: false };
const SECOND: Stroke = Stroke { colour: ORANGE, width: 2.0, dashed: true };

/// A line that marks a position, and one of a contour.
const MARK: Stroke = Stroke { colour: FAINT, width: 1.0, dashed: true };
const CONTOUR: Stroke = Stroke { colour: FAINT, width: 0.6, dashed: false };

/// f at `count` + 1 numbers from one number to another.
fn curve(f: impl Fn(f64) -> f64, from: f64, to: f64, count: usize) -> Vec<Point> {
    let at = |i: usize| from + (to - from) * i as f64 / count as f64;
    (0..=count).map(|i| (at(i), f(at(i)))).collect()
}

/// Figure 4-3: y = ln x on (0, 1].
pub fn figure_4_3() -> String {
    Axes::new("Figure 4-3: y = ln x", "x", "y")
        .ranges((0.0, 1.0), (-5.0, 0.0))
        .line("", &curve(ln, 0.001, 1.0, 400), FIRST)
        .svg()
}

/// Figure 4-4: the step function and the sigmoid.
pub fn figure_4_4() -> String {
    // The jump of the step function has two points at 0.
    let jump = [(-6.0, 0.0), (0.0, step_function(0.0)), (0.0, step_function(1e-9)), (6.0, 1.0)];
    Axes::new("Figure 4-4: step function and sigmoid", "x", "y")
        .ranges((-6.0, 6.0), (-0.1, 1.1))
        .line("sigmoid", &curve(sigmoid, -6.0, 6.0, 200), FIRST)
        .line("step function", &jump, SECOND)
        .svg()
}

/// A line through the point of 0.01x² + 0.1x at x.
fn through(x: f64, slope: f64, end: f64) -> Vec<Point> {
    curve(|at| function_1(x) + slope * (at - x), 0.0, end, 10)
}

/// Figure 4-5: a tangent, and the numerical derivative: a line through x and x + h.
pub fn figure_4_5() -> String {
    let (x, h) = (6.0, 8.0);
    let line = |slope: f64| through(x, slope, 20.0);
    let (left, middle, right) = ((x, -0.5), (x + h / 2.0, -0.5), (x + h, -0.5));
    let green = Stroke::new(GREEN, 1.5);
    let mut axes = Axes::new("Figure 4-5: true derivative and forward difference", "x", "f(x)")
        .ranges((0.0, 20.0), (-1.0, 6.5))
        .arrows(&[[middle, left], [middle, right]], INK)
        .text("h", middle, (0.0, -5.0), INK, Anchor::Middle)
        .line("f(x)", &curve(function_1, 0.0, 20.0, 200), FIRST)
        .line("tangent at x", &line(numerical_diff(function_1, x)), green)
        .line("through x and x + h", &line(forward_difference(function_1, x, h)), SECOND);
    for (at, name) in [(x, "x"), (x + h, "x + h")] {
        let (point, foot) = ((at, function_1(at)), (at, -1.0));
        axes = axes.line("", &[point, foot], MARK).markers(&[point], INK);
        axes = axes.text(name, foot, (5.0, -2.0), INK, Anchor::Start);
    }
    axes.svg()
}

/// Figure 4-6: 0.01x² + 0.1x on [0, 20).
pub fn figure_4_6() -> String {
    Axes::new("Figure 4-6: f(x) = 0.01x² + 0.1x", "x", "f(x)")
        .line("", &curve(function_1, 0.0, 19.9, 199), FIRST)
        .svg()
}

/// Figure 4-7: 0.01x² + 0.1x with its tangents at 5 and 10, by numerical differentiation.
pub fn figure_4_7() -> String {
    let tangent = |x: f64| through(x, numerical_diff(function_1, x), 19.9);
    Axes::new("Figure 4-7: tangents at x = 5 and x = 10", "x", "f(x)")
        .y_range(-1.5, 6.0)
        .line("f(x)", &curve(function_1, 0.0, 19.9, 199), FIRST)
        .line("slope 0.2 at 5", &tangent(5.0), SECOND)
        .line("slope 0.3 at 10", &tangent(10.0), Stroke::new(GREEN, 1.5))
        .markers(&[(5.0, function_1(5.0)), (10.0, function_1(10.0))], INK)
        .svg()
}

/// Figure 4-8: the surface x0² + x1².
pub fn figure_4_8() -> String {
    Bowl { reach: 3.0, most_x1: 3.0 }.svg("Figure 4-8: f(x₀, x₁) = x₀² + x₁²").finish()
}

/// Not in the book: the partial derivative of x0² + x1² by x0 at (3, 4) as a slope. The plane x1 = 4
/// cuts the surface, and the tangent of the edge has the slope 6.
pub fn partial_derivative() -> String {
    let (x0, x1, reach) = (3.0, 4.0, 5.0);
    let f = |x0: f64, x1: f64| function_2(&[x0, x1]);
    let bowl = Bowl { reach, most_x1: x1 };
    let slope = numerical_diff(|x0| f(x0, x1), x0);

    let title = format!("∂f/∂x₀ at (3, 4) is the slope of the cut: {slope:.1}");
    let mut svg = bowl.svg(&title);
    let corners = [[-reach, x1, 0.0], [reach, x1, 0.0], [reach, x1, 50.0], [-reach, x1, 50.0]];
    let plane: Vec<Point> = [0, 1, 2, 3, 0].iter().map(|&k| bowl.project(corners[k])).collect();
    svg.polyline(&plane, Stroke { width: 1.2, ..MARK });
    let cut = |from: f64, to: f64, z: &dyn Fn(f64) -> f64| -> Vec<Point> {
        curve(z, from, to, 40).into_iter().map(|(x, z)| bowl.project([x, x1, z])).collect()
    };
    svg.polyline(&cut(-reach, reach, &|x| f(x, x1)), Stroke { width: 3.0, ..FIRST });
    let tangent = |x: f64| f(x0, x1) + slope * (x - x0);
    svg.polyline(&cut(0.0, reach, &tangent), Stroke { width: 2.5, ..SECOND });
    svg.circle(bowl.project([x0, x1, f(x0, x1)]), 4.0, INK);
    svg.finish()
}

/// Figure 4-9: the negative gradient of x0² + x1² as arrows, on [−2, 2.5)².
pub fn figure_4_9() -> String {
    let arrow = |k: u32| {
        let (x0, x1) = (-2.0 + 0.25 * f64::from(k / 18), -2.0 + 0.25 * f64::from(k % 18));
        let gradient = numerical_gradient(function_2, &[x0, x1]);
        [(x0, x1), (x0 - 0.05 * gradient[0], x1 - 0.05 * gradient[1])]
    };
    let arrows: Vec<[Point; 2]> = (0..18 * 18).map(arrow).collect();
    Axes::new("Figure 4-9: the negative gradient of x₀² + x₁²", "x₀", "x₁")
        .note("Each arrow has a twentieth of the length of the gradient.")
        .height(450.0)
        .ranges((-2.25, 2.5), (-2.25, 2.5))
        .arrows(&arrows, BLUE)
        .svg()
}

/// The places of gradient descent, from the start on.
fn descent(f: impl Fn(&[f64]) -> f64, start: [f64; 2], rate: f64, steps: usize) -> Vec<Point> {
    let mut path = vec![start.to_vec()];
    for step in 0..steps {
        path.push(gradient_descent(&f, &path[step], rate, 1));
    }
    path.iter().map(|x| (x[0], x[1])).collect()
}

/// Where x0² / a + x1² has a value: an ellipse, from its right end on.
fn contour(a: f64, value: f64) -> Vec<Point> {
    let turns = (0..=720).map(|k| sin_cos_turn(f64::from(k) / 720.0));
    turns.map(|(sin, cos)| ((a * value).sqrt() * cos, value.sqrt() * sin)).collect()
}

/// Figure 4-10: 100 steps of gradient descent from (−3, 4), over contours of x0² + x1².
pub fn figure_4_10() -> String {
    let path = descent(function_2, [-3.0, 4.0], 0.1, 100);
    let mut axes = Axes::new("Figure 4-10: gradient descent, learning rate 0.1", "x₀", "x₁")
        .height(450.0)
        .note("Grey lines: f(x₀, x₁) = x₀² + x₁² is 1, 4, 9, 16, 25.")
        .ranges((-4.5, 4.5), (-4.5, 4.5));
    for value in [1.0, 4.0, 9.0, 16.0, 25.0] {
        let circle = contour(1.0, value);
        let (name, upper_right) = (value.to_string(), circle[90]);
        axes = axes.line("", &circle, CONTOUR);
        axes = axes.text(&name, upper_right, (3.0, -3.0), FAINT, Anchor::Start);
    }
    axes.line("", &path, FIRST)
        .markers(&path, BLUE)
        .markers(&[(-3.0, 4.0), (0.0, 0.0)], INK)
        .text("start (−3, 4)", (-3.0, 4.0), (8.0, -4.0), INK, Anchor::Start)
        .text("minimum (0, 0)", (0.0, 0.0), (8.0, 14.0), INK, Anchor::Start)
        .svg()
}

/// Not in the book's chapter 4: an elongated bowl, in which gradient descent zigzags.
pub fn elongated_bowl() -> String {
    let f = |x: &[f64]| x[0] * x[0] / 20.0 + x[1] * x[1];
    let start = (-7.0, 2.0);
    let gradient = numerical_gradient(f, &[start.0, start.1]);
    let path = descent(f, [start.0, start.1], 0.9, 30);
    let mut axes = Axes::new("Elongated bowl: f(x₀, x₁) = x₀² / 20 + x₁²", "x₀", "x₁")
        .note("The arrow is the negative gradient at (−7, 2).")
        // One unit is as long in both directions.
        .height(279.0)
        .ranges((-10.0, 10.0), (-5.0, 5.0));
    for value in [0.5, 2.0, 4.5, 8.0, 12.5] {
        axes = axes.line("", &contour(20.0, value), CONTOUR);
    }
    axes.line("gradient descent, η = 0.9", &path, Stroke { width: 1.2, ..FIRST })
        .markers(&path, BLUE)
        .line("to the minimum", &[start, (0.0, 0.0)], SECOND)
        .arrows(&[[start, (start.0 - gradient[0], start.1 - gradient[1])]], INK)
        .svg()
}

/// How many losses are averaged.
const SMOOTH: usize = 100;

/// The mean of the [`SMOOTH`] losses around an iteration, where there are so many.
fn smoothed(losses: &[f64]) -> Vec<Point> {
    let mean = |i: usize| {
        let sum: f64 = losses[i..i + SMOOTH].iter().sum();
        ((i + SMOOTH / 2) as f64, sum / SMOOTH as f64)
    };
    let means = (losses.len() + 1).saturating_sub(SMOOTH);
    evenly_spread(POINTS, means).into_iter().map(mean).collect()
}

/// The most points of a line. This is more than there are pixels.
const POINTS: usize = 1_000;

/// At most `most` of `count` indices, evenly spread, with the first and the last.
pub(super) fn evenly_spread(most: usize, count: usize) -> Vec<usize> {
    let chosen = count.min(most);
    (0..chosen).map(|k| k * (count - 1) / (chosen - 1).max(1)).collect()
}

/// The smallest and the largest loss of each of [`POINTS`] groups, so that no peak is lost.
fn envelope(losses: &[f64]) -> Vec<Point> {
    let points: Vec<Point> = losses.iter().enumerate().map(|(i, &loss)| (i as f64, loss)).collect();
    let by_loss = |a: &&Point, b: &&Point| a.1.total_cmp(&b.1);
    let ends = |group: &[Point]| {
        let ends = [group.iter().min_by(by_loss), group.iter().max_by(by_loss)];
        group.iter().copied().filter(move |point| ends.contains(&Some(point))).collect::<Vec<_>>()
    };
    points.chunks(points.len().div_ceil(POINTS).max(1)).flat_map(ends).collect()
}

/// Figure 4-11: the loss of each mini-batch against the iteration, and its mean.
pub fn figure_4_11(history: &History) -> Axes {
    let losses = &history.losses;
    let axes = Axes::new("Figure 4-11: loss", "iteration", "loss").counted_x(losses.len());
    if losses.len() < 2 * SMOOTH {
        return axes.line("of each mini-batch", &envelope(losses), FIRST);
    }
    let axes = axes.line("of each mini-batch", &envelope(losses), Stroke::new(GRID, 1.0));
    axes.line("mean of 100 around it", &smoothed(losses), FIRST)
}

/// Figure 4-12: the accuracy on training and test images against the epoch.
pub fn figure_4_12(history: &History) -> Axes {
    let points = |accuracy: fn(&Accuracy) -> f64| -> Vec<Point> {
        let point = |epoch: usize| (epoch as f64, accuracy(&history.accuracies[epoch].1));
        evenly_spread(POINTS, history.accuracies.len()).into_iter().map(point).collect()
    };
    // The two lines are close together, so the last values are in the legend.
    let named = |name: &str, points: &[Point]| match points.last() {
        Some((_, end)) if end.is_finite() => format!("{name} {end:.4}"),
        _ => name.to_string(),
    };
    let (train, test) = (points(|accuracy| accuracy.train), points(|accuracy| accuracy.test));
    Axes::new("Figure 4-12: accuracy", "epoch", "accuracy")
        .counted_x(history.accuracies.len().saturating_sub(1))
        .y_range(0.0, 1.0)
        .line(&named("training", &train), &train, FIRST)
        .line(&named("test", &test), &test, SECOND)
}

/// Not in the book: the same for a net that learned from 300 images, `beyond/overfitting.rs`.
pub fn overfitting(history: &History) -> String {
    let mut axes = figure_4_12(history);
    axes.title = "Overfitting: learning from 300 images".to_string();
    axes.svg()
}

/// Not in the book: the errors of the forward and the central difference against h.
pub fn error_against_h(errors: &[Errors]) -> String {
    let points = |error: fn(&Errors) -> f64| -> Vec<Point> {
        errors.iter().map(|e| (e.h, error(e))).collect()
    };
    Axes::new("Why h = 1e-4: the error of a derivative against h", "h", "median relative error")
        .logarithmic()
        .y_range(1e-10, 3.0)
        .line("", &[(1e-4, 1e-10), (1e-4, 3.0)], MARK)
        .text("h = 1e-4", (1e-4, 0.1), (-5.0, 0.0), FAINT, Anchor::End)
        .line("forward", &points(|e| e.forward), SECOND)
        .line("central", &points(|e| e.central), FIRST)
        .text("rounding", (1e-9, 1e-5), (0.0, 0.0), INK, Anchor::End)
        .text("truncation", (1.5e-3, 1e-8), (0.0, 0.0), INK, Anchor::Start)
        .svg()
}

/// Not in the book: the time that a gradient takes. A cost is the number of parameters, and the seconds
/// of the naive gradient, of the incremental one, and of backpropagation.
pub fn cost_of_a_gradient(costs: &[(usize, [f64; 3])], note: &str) -> String {
    let mut axes =
        Axes::new("What one gradient costs", "parameters", "seconds").note(note).logarithmic();
    let green = Stroke { colour: GREEN, ..SECOND };
    let orange = Stroke { dashed: false, ..SECOND };
    let looks = [("naive", orange), ("incremental", FIRST), ("backpropagation", green)];
    for (k, (name, stroke)) in looks.into_iter().enumerate() {
        let point = |(count, seconds): &(usize, [f64; 3])| (*count as f64, seconds[k]);
        let points: Vec<Point> = costs.iter().map(point).collect();
        axes = axes.line(name, &points, stroke).markers(&points, stroke.colour);
    }
    axes.svg()
}

/// Not in the book: the losses of two runs with the same seed, by both kinds of gradient.
pub fn numerical_and_analytic(numerical: &History, analytic: &History) -> String {
    let wide = Stroke { colour: GREEN, width: 5.0, dashed: false };
    let thin = Stroke { colour: INK, width: 1.5, dashed: true };
    let title = "Learning by both kinds of gradient: one line";
    Axes::new(title, "iteration", "loss, mean of 100 iterations")
        .counted_x(analytic.losses.len())
        .line("backpropagation", &smoothed(&analytic.losses), wide)
        .line("central differences, h = 1e-4", &smoothed(&numerical.losses), thin)
        .svg()
}
