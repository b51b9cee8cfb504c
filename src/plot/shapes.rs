//! Drawings without axes: a surface as a wireframe, a table of numbers as a heat map. This module
//! knows nothing of networks.

use super::axes::{extremes, round_numbers};
use super::svg::{Anchor, Colour, Point, SHADES, Stroke, Svg, left_out_note};
use crate::numeric::elementary::sin_cos_turn;
use crate::numeric::grouped;

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

/// A square table of counts. The colour shows the share of a count in the sum of its row. Rows and
/// columns are numbered from 0. The diagonal has another colour.
pub fn heat_map(title: &str, rows: &str, columns: &str, counts: &[Vec<usize>]) -> String {
    const CELL: f64 = 40.0;
    let n = counts.len() as f64;
    let (left, above) = (56.0, 68.0);
    let mut svg = Svg::new(title, left + CELL * n + 12.0, above + CELL * n + 12.0);
    svg.title("");
    svg.text((left + CELL * n / 2.0, 46.0), columns, 12.0, Colour::Ink, Anchor::Middle);
    svg.text((16.0, above - 8.0), rows, 12.0, Colour::Ink, Anchor::Start);
    for (i, row) in counts.iter().enumerate() {
        let sum: f64 = row.iter().map(|&count| count as f64).sum();
        let y = above + CELL * i as f64;
        let number = i.to_string();
        svg.text((left - 10.0, y + 25.0), &number, 12.0, Colour::Ink, Anchor::End);
        let x = left + CELL * (i as f64 + 0.5);
        svg.text((x, above - 8.0), &number, 12.0, Colour::Ink, Anchor::Middle);
        for (j, &count) in row.iter().enumerate() {
            let x = left + CELL * j as f64;
            // Mistakes are drawn ten times stronger, so that they are visible.
            let share = count as f64 / sum.max(1.0);
            let (colour, opacity) = if i == j {
                (Colour::Series(0), 0.5 * share)
            } else {
                (Colour::Series(1), (10.0 * share).min(1.0) * 0.8)
            };
            svg.rectangle((x, y), (CELL - 1.0, CELL - 1.0), colour, opacity);
            if count > 0 {
                let middle = (x + CELL / 2.0 - 0.5, y + 24.0);
                svg.text(middle, &grouped(count), 11.0, Colour::Ink, Anchor::Middle);
            }
        }
    }
    svg.finish()
}
