//! The figures of the chapter, drawn from the functions of this crate, and three figures that are
//! not in the book. Each function returns an SVG file as text.

use super::axes::Axes;
use super::shapes::wireframe;
use super::svg::{Anchor, Colour, Point, Stroke};
use crate::beyond::why_step_size::Errors;
use crate::ch03::functions::{sigmoid, step_function};
use crate::ch04::s3_differentiation::{forward_difference, function_1, function_2, numerical_diff};
use crate::ch04::s4_1_gradient::{gradient_descent, numerical_gradient};
use crate::ch04::s5_2_training::{Accuracy, History};
use crate::numeric::elementary::{ln, sin_cos_turn};

/// The first and the second line of a figure.
const FIRST: Stroke = Stroke { colour: Colour::Series(0), width: 2.0, dashed: false };
const SECOND: Stroke = Stroke { colour: Colour::Series(1), width: 2.0, dashed: true };

/// A line that marks a position.
const MARK: Stroke = Stroke { colour: Colour::Faint, width: 1.0, dashed: true };

/// f at `count` + 1 numbers from one number to another.
fn curve(f: impl Fn(f64) -> f64, from: f64, to: f64, count: usize) -> Vec<Point> {
    let at = |i: usize| from + (to - from) * i as f64 / count as f64;
    (0..=count).map(|i| (at(i), f(at(i)))).collect()
}

/// Figure 4-3: y = ln x on (0, 1].
pub fn figure_4_3() -> String {
    Axes::new("Figure 4-3: y = ln x")
        .labels("x", "y")
        .x_range(0.0, 1.0)
        .y_range(-5.0, 0.0)
        .line("", &curve(ln, 0.001, 1.0, 400), FIRST)
        .svg()
}

/// Figure 4-4: the step function and the sigmoid.
pub fn figure_4_4() -> String {
    // The jump of the step function has two points at 0.
    let jump = [(-6.0, 0.0), (0.0, step_function(0.0)), (0.0, step_function(1e-9)), (6.0, 1.0)];
    Axes::new("Figure 4-4: step function and sigmoid")
        .labels("x", "y")
        .x_range(-6.0, 6.0)
        .y_range(-0.1, 1.1)
        .line("sigmoid", &curve(sigmoid, -6.0, 6.0, 200), FIRST)
        .line("step function", &jump, SECOND)
        .svg()
}

/// Figure 4-5: the true derivative (a tangent), and the numerical derivative (a line through x and
/// x + h).
pub fn figure_4_5() -> String {
    let (x, h) = (6.0, 8.0);
    let line = |slope: f64| curve(|at| function_1(x) + slope * (at - x), 0.0, 20.0, 10);
    let (left, middle, right) = ((x, -0.5), (x + h / 2.0, -0.5), (x + h, -0.5));
    let mut axes = Axes::new("Figure 4-5: true derivative and forward difference")
        .labels("x", "f(x)")
        .x_range(0.0, 28.0)
        .y_range(-1.0, 6.5)
        .arrows(&[[middle, left], [middle, right]], Colour::Ink)
        .text("h", middle, (0.0, -5.0), Colour::Ink, Anchor::Middle);
    for (at, name) in [(x, "x"), (x + h, "x + h")] {
        let (point, foot) = ((at, function_1(at)), (at, -1.0));
        axes = axes.line("", &[point, foot], MARK).markers(&[point], Colour::Ink);
        axes = axes.text(name, foot, (5.0, -6.0), Colour::Ink, Anchor::Start);
    }
    let green = Stroke::new(Colour::Series(2), 1.5);
    for (name, points, stroke) in [
        ("f(x) = 0.01x² + 0.1x", curve(function_1, 0.0, 20.0, 200), FIRST),
        ("tangent at x", line(numerical_diff(function_1, x)), green),
        ("through x and x + h", line(forward_difference(function_1, x, h)), SECOND),
    ] {
        let end = points[points.len() - 1];
        axes = axes.line("", &points, stroke);
        axes = axes.text(name, end, (6.0, 4.0), stroke.colour, Anchor::Start);
    }
    axes.svg()
}

/// Figure 4-6: 0.01x² + 0.1x on [0, 20).
pub fn figure_4_6() -> String {
    Axes::new("Figure 4-6: f(x) = 0.01x² + 0.1x")
        .labels("x", "f(x)")
        .line("", &curve(function_1, 0.0, 19.9, 199), FIRST)
        .svg()
}

/// Figure 4-7: 0.01x² + 0.1x with its tangents at 5 and 10, by numerical differentiation.
pub fn figure_4_7() -> String {
    let tangent = |x: f64| {
        let slope = numerical_diff(function_1, x);
        curve(|at| function_1(x) + slope * (at - x), 0.0, 19.9, 10)
    };
    Axes::new("Figure 4-7: tangents at x = 5 and x = 10")
        .labels("x", "f(x)")
        .y_range(-1.5, 6.0)
        .line("f(x)", &curve(function_1, 0.0, 19.9, 199), FIRST)
        .line("slope 0.2 at 5", &tangent(5.0), SECOND)
        .line("slope 0.3 at 10", &tangent(10.0), Stroke::new(Colour::Series(2), 1.5))
        .markers(&[(5.0, function_1(5.0)), (10.0, function_1(10.0))], Colour::Ink)
        .svg()
}

/// Figure 4-8: the surface x0² + x1².
pub fn figure_4_8() -> String {
    wireframe("Figure 4-8: f(x₀, x₁) = x₀² + x₁²", |x0, x1| function_2(&[x0, x1]), 3.0, 20)
}

/// Figure 4-9: the negative gradient of x0² + x1² as arrows, on [−2, 2.5)².
pub fn figure_4_9() -> String {
    let places = (0..18).flat_map(|i| (0..18).map(move |j| (i, j)));
    let arrows: Vec<[Point; 2]> = places
        .map(|(i, j)| {
            let (x0, x1) = (-2.0 + 0.25 * f64::from(i), -2.0 + 0.25 * f64::from(j));
            let gradient = numerical_gradient(function_2, &[x0, x1]);
            // A twentieth of its length, so that the arrows don't overlap.
            [(x0, x1), (x0 - 0.05 * gradient[0], x1 - 0.05 * gradient[1])]
        })
        .collect();
    Axes::new("Figure 4-9: the negative gradient of x₀² + x₁²")
        .note("Each arrow has a twentieth of the length of the gradient.")
        .height(448.0)
        .labels("x₀", "x₁")
        .x_range(-2.25, 2.5)
        .y_range(-2.25, 2.5)
        .arrows(&arrows, Colour::Series(0))
        .svg()
}

/// Figure 4-10: 100 steps of gradient descent from (−3, 4), over contours of x0² + x1².
pub fn figure_4_10() -> String {
    let mut path = vec![vec![-3.0, 4.0]];
    for step in 0..100 {
        path.push(gradient_descent(function_2, &path[step], 0.1, 1));
    }
    let path: Vec<Point> = path.iter().map(|x| (x[0], x[1])).collect();
    let mut axes = Axes::new("Figure 4-10: gradient descent, learning rate 0.1")
        .height(448.0)
        .labels("x₀", "x₁")
        .x_range(-4.5, 4.5)
        .note("Grey lines: f(x₀, x₁) = x₀² + x₁² is 1, 4, 9, 16, 25.")
        .y_range(-4.5, 4.5);
    for value in [1.0_f64, 4.0, 9.0, 16.0, 25.0] {
        // The contour of a value is a circle.
        let at = |turn: f64| {
            let (sin, cos) = sin_cos_turn(turn);
            (value.sqrt() * cos, value.sqrt() * sin)
        };
        let circle: Vec<Point> = (0..=120).map(|k| at(f64::from(k) / 120.0)).collect();
        axes = axes.line("", &circle, Stroke::new(Colour::Faint, 0.6));
        axes = axes.text(&value.to_string(), at(0.125), (3.0, -3.0), Colour::Faint, Anchor::Start);
    }
    axes.line("", &path, FIRST)
        .markers(&path, Colour::Series(0))
        .markers(&[(-3.0, 4.0), (0.0, 0.0)], Colour::Ink)
        .text("start (−3, 4)", (-3.0, 4.0), (8.0, -4.0), Colour::Ink, Anchor::Start)
        .text("minimum (0, 0)", (0.0, 0.0), (8.0, 14.0), Colour::Ink, Anchor::Start)
        .svg()
}

/// How many losses are averaged. The losses of two mini-batches may differ much.
const SMOOTH: usize = 100;

/// The mean of the [`SMOOTH`] losses around an iteration, where there are so many. A loss that is not
/// finite is left out. If no loss remains, the iteration has no point.
fn smoothed(losses: &[f64]) -> Vec<Point> {
    let mean = |i: usize| {
        let finite: Vec<f64> =
            losses[i..i + SMOOTH].iter().copied().filter(|v| v.is_finite()).collect();
        let mean = finite.iter().sum::<f64>() / finite.len() as f64;
        (!finite.is_empty()).then_some(((i + SMOOTH / 2) as f64, mean))
    };
    evenly_chosen((losses.len() + 1).saturating_sub(SMOOTH)).filter_map(mean).collect()
}

/// The most points of a line. This is more than there are pixels.
const POINTS: usize = 1_000;

/// About [`POINTS`] of `count` indices, evenly chosen, and the last one.
fn evenly_chosen(count: usize) -> impl Iterator<Item = usize> {
    let last = count.checked_sub(1);
    (0..last.unwrap_or(0)).step_by(count.div_ceil(POINTS).max(1)).chain(last)
}

/// The smallest and the largest loss of each group of losses, so that there are at most twice
/// [`POINTS`] points and no peak is lost. Losses that are not finite are kept, so that the drawing
/// can count them.
fn envelope(losses: &[f64]) -> Vec<Point> {
    let points: Vec<Point> = losses.iter().enumerate().map(|(i, &loss)| (i as f64, loss)).collect();
    let step = points.len().div_ceil(POINTS).max(1);
    let ends = |bucket: &[Point]| -> Vec<Point> {
        let finite = || bucket.iter().filter(|(_, loss)| loss.is_finite());
        let by_loss = |a: &&Point, b: &&Point| a.1.total_cmp(&b.1);
        let extremes = [finite().min_by(by_loss), finite().max_by(by_loss)];
        let kept = |point: &&Point| !point.1.is_finite() || extremes.contains(&Some(point));
        bucket.iter().filter(kept).copied().collect()
    };
    points.chunks(step).flat_map(ends).collect()
}

/// Figure 4-11: the loss of each mini-batch against the iteration, and its mean.
pub fn figure_4_11(history: &History) -> String {
    loss_axes(history).svg()
}

pub(super) fn loss_axes(history: &History) -> Axes {
    let losses = &history.losses;
    let axes = Axes::new("Figure 4-11: loss").labels("iteration", "loss").counted_x(losses.len());
    // A short run has no mean to draw.
    if losses.len() < 2 * SMOOTH {
        return axes.line("of each mini-batch", &envelope(losses), FIRST);
    }
    axes.line("of each mini-batch", &envelope(losses), Stroke::new(Colour::Grid, 1.0)).line(
        "mean of 100 around it",
        &smoothed(losses),
        FIRST,
    )
}

/// Figure 4-12: the accuracy on training and test images against the epoch.
pub fn figure_4_12(history: &History) -> String {
    accuracy_axes(history).svg()
}

/// Not in the book: the same for a net that learned from 300 images, `beyond/overfitting.rs`.
pub fn overfitting(history: &History) -> String {
    let mut axes = accuracy_axes(history);
    axes.title = "Overfitting: learning from 300 images".to_string();
    axes.svg()
}

pub(super) fn accuracy_axes(history: &History) -> Axes {
    let points = |accuracy: fn(&Accuracy) -> f64| -> Vec<Point> {
        let point = |epoch: usize| (epoch as f64, accuracy(&history.accuracies[epoch].1));
        evenly_chosen(history.accuracies.len()).map(point).collect()
    };
    // The two lines are close together, so the last values are in the legend.
    let named = |name: &str, points: &[Point]| match points.last() {
        Some((_, end)) if end.is_finite() => format!("{name} {end:.4}"),
        _ => name.to_string(),
    };
    let (train, test) = (points(|accuracy| accuracy.train), points(|accuracy| accuracy.test));
    Axes::new("Figure 4-12: accuracy")
        .labels("epoch", "accuracy")
        .counted_x(history.accuracies.len().saturating_sub(1))
        .y_range(0.0, 1.0)
        .line(&named("training", &train), &train, FIRST)
        .line(&named("test", &test), &test, SECOND)
}

/// Not in the book: the errors of the forward and the central difference against h, in f64 and f32.
pub fn error_against_h(errors: &[Errors]) -> String {
    let points = |error: fn(&Errors) -> f64| -> Vec<Point> {
        errors.iter().map(|e| (e.h, error(e))).collect()
    };
    // The colour shows the difference, and the width the numbers.
    let thin = |stroke: Stroke| Stroke { width: 1.0, ..stroke };
    Axes::new("Why h = 1e-4: the error of a derivative against h")
        .labels("h", "median relative error")
        .logarithmic()
        .y_range(1e-10, 3.0)
        .line("", &[(1e-4, 1e-10), (1e-4, 3.0)], MARK)
        .text("h = 1e-4", (1e-4, 0.1), (-5.0, 0.0), Colour::Faint, Anchor::End)
        .line("forward, f64", &points(|e| e.f64.forward), SECOND)
        .line("central, f64", &points(|e| e.f64.central), FIRST)
        .line("forward, f32", &points(|e| e.f32.forward), thin(SECOND))
        .line("central, f32", &points(|e| e.f32.central), thin(FIRST))
        .text("rounding", (1e-9, 1e-5), (0.0, 0.0), Colour::Ink, Anchor::End)
        .text("truncation", (8e-3, 1e-6), (0.0, 0.0), Colour::Ink, Anchor::Start)
        .svg()
}

/// What one gradient costs with each of the three methods.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// How many parameters the net has
    pub parameters: usize,
    /// Seconds of the naive gradient, of the incremental one, and of backpropagation
    pub seconds: [f64; 3],
}

/// Not in the book: the time that a gradient takes against the number of parameters. `note` says
/// where and how it was measured.
pub fn cost_of_a_gradient(costs: &[Cost], note: &str) -> String {
    let green = Stroke { colour: Colour::Series(2), ..SECOND };
    let mut axes = Axes::new("What one gradient costs")
        .labels("parameters", "seconds")
        .note(note)
        .logarithmic();
    let orange = Stroke { dashed: false, ..SECOND };
    let looks = [("naive", orange), ("incremental", FIRST), ("backpropagation", green)];
    for (k, (name, stroke)) in looks.into_iter().enumerate() {
        let points: Vec<Point> =
            costs.iter().map(|cost| (cost.parameters as f64, cost.seconds[k])).collect();
        axes = axes.line(name, &points, stroke).markers(&points, stroke.colour);
    }
    axes.svg()
}

/// Not in the book: the loss of two runs with the same seed, one by numerical differentiation and
/// one by backpropagation.
pub fn numerical_and_analytic(numerical: &History, analytic: &History) -> String {
    let wide = Stroke { colour: Colour::Series(2), width: 5.0, dashed: false };
    let thin = Stroke { colour: Colour::Ink, width: 1.5, dashed: true };
    Axes::new("Learning by both kinds of gradient: one line")
        .labels("iteration", "loss, mean of 100 iterations")
        .line("backpropagation", &smoothed(&analytic.losses), wide)
        .line("central differences, h = 1e-4", &smoothed(&numerical.losses), thin)
        .svg()
}
