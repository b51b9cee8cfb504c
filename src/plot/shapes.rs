//! A surface as a wireframe. This module knows nothing of networks.

use super::axes::{extremes, round_numbers};
use super::svg::{Anchor, Colour, Point, SHADES, Stroke, Svg, left_out_note};
use crate::numeric::elementary::sin_cos_turn;

/// The surface f(x₀, x₁) for x₀ and x₁ from −`reach` to `reach`, seen from above a corner: figure
/// 4-8. Squares that are further away are drawn first, so that nearer squares hide them. The colour
/// shows the height.
pub fn wireframe(title: &str, f: impl Fn(f64, f64) -> f64, reach: f64, squares: usize) -> String {
    const SIZE: (f64, f64) = (560.0, 440.0);
    // The surface is rotated about the vertical axis by 235° and seen from 30° above.
    let (sin, cos) = sin_cos_turn(0.625 + 1.0 / 36.0);
    let (tilt_sin, tilt_cos) = sin_cos_turn(1.0 / 12.0);
    // The pixel of a position: x and y from −1 to 1, z from 0 to 1.
    let project = |x: f64, y: f64, z: f64| -> Point {
        let (across, away) = (x * cos - y * sin, x * sin + y * cos);
        let up = 190.0 * z * tilt_cos + 145.0 * away * tilt_sin;
        (SIZE.0 / 2.0 + 145.0 * across, SIZE.1 * 0.7 - up)
    };
    let side = |k: usize| 2.0 * k as f64 / squares as f64 - 1.0;
    let heights: Vec<f64> = (0..=squares)
        .flat_map(|i| (0..=squares).map(move |j| (i, j)))
        .map(|(i, j)| f(reach * side(i), reach * side(j)))
        .collect();
    let (low, high) = extremes(heights.iter().copied().filter(|z| z.is_finite()));
    // The halves are subtracted, because the difference of two large numbers may overflow.
    let span = if high > low { high / 2.0 - low / 2.0 } else { 1.0 };
    let share = |z: f64| (z / 2.0 - low / 2.0) / span;

    let mut svg = Svg::new(title, SIZE.0, SIZE.1);
    let left_out = heights.iter().filter(|z| !z.is_finite()).count();
    svg.title(&left_out_note(left_out, "not a finite number"));

    // The grid on the bottom and on the two sides behind the surface.
    let ticks = round_numbers(-reach, reach, reach / 4.0);
    let z_ticks = round_numbers(low, high, high / 5.0 - low / 5.0);
    let mut grid = Vec::new();
    for at in ticks.iter().map(|(v, _)| v / reach).chain([-1.0, 1.0]) {
        grid.push((project(at, 1.0, 0.0), project(at, -1.0, 0.0)));
        grid.push((project(at, -1.0, 0.0), project(at, -1.0, 1.0)));
        grid.push((project(1.0, at, 0.0), project(-1.0, at, 0.0)));
        grid.push((project(-1.0, at, 0.0), project(-1.0, at, 1.0)));
    }
    for z in z_ticks.iter().map(|&(z, _)| share(z)).chain([1.0]) {
        grid.push((project(1.0, -1.0, z), project(-1.0, -1.0, z)));
        grid.push((project(-1.0, 1.0, z), project(-1.0, -1.0, z)));
    }
    svg.segments(&grid, Stroke::new(Colour::Grid, 0.6));

    let mut faces = Vec::new();
    for i in 0..squares {
        for j in 0..squares {
            let corners = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)]
                .map(|(i, j)| (side(i), side(j), share(heights[i * (squares + 1) + j])));
            let mean = corners.iter().map(|(_, _, z)| z).sum::<f64>() / 4.0;
            if mean.is_finite() {
                let away = (side(i) + side(i + 1)) * sin + (side(j) + side(j + 1)) * cos;
                faces.push((away, mean, corners.map(|(x, y, z)| project(x, y, z))));
            }
        }
    }
    faces.sort_by(|(a, ..), (b, ..)| b.total_cmp(a));
    for (_, mean, corners) in faces {
        let shade = Colour::Shade((mean * (SHADES - 1) as f64).round() as usize);
        svg.polygon(&corners, shade, Stroke::new(Colour::Series(0), 0.6));
    }

    // The axes: the vertical one at the left, the others on the two near sides of the bottom.
    let ink = Stroke::new(Colour::Ink, 1.0);
    let edges = [(1.0, -1.0, 1.0), (1.0, -1.0, 0.0), (1.0, 1.0, 0.0), (-1.0, 1.0, 0.0)];
    svg.polyline(&edges.map(|(x, y, z)| project(x, y, z)), ink);
    let mut tick = |from: Point, to: Point, label: &str, anchor: Anchor, down: f64| {
        svg.polyline(&[from, to], ink);
        let aside = if anchor == Anchor::End { -3.0 } else { 3.0 };
        svg.text((to.0 + aside, to.1 + down), label, 12.0, Colour::Ink, anchor);
    };
    for (v, label) in &ticks {
        let (x, y) = (project(v / reach, 1.0, 0.0), project(1.0, v / reach, 0.0));
        tick(x, (x.0 + 6.0, x.1 + 4.0), label, Anchor::Start, 10.0);
        tick(y, (y.0 - 6.0, y.1 + 4.0), label, Anchor::End, 10.0);
    }
    for (z, label) in &z_ticks {
        let (x, y) = project(1.0, -1.0, share(*z));
        tick((x, y), (x - 6.0, y), label, Anchor::End, 3.0);
    }
    svg.text(project(0.0, 1.35, 0.0), "x₀", 14.0, Colour::Ink, Anchor::Middle);
    svg.text(project(1.35, 0.0, 0.0), "x₁", 14.0, Colour::Ink, Anchor::Middle);
    let (x, y) = project(1.0, -1.0, 1.0);
    svg.text((x, y - 10.0), "f(x₀, x₁)", 14.0, Colour::Ink, Anchor::Middle);
    svg.finish()
}
