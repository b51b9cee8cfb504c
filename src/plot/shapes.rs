//! Drawings without axes: a surface as a wireframe, a table of numbers as a heat map, bars. This
//! module knows nothing of networks.

use super::svg::{Anchor, Colour, Point, Stroke, Svg, left_out_note};
use crate::numeric::elementary::sin_cos_turn;

/// The surface z = f(x, y) for x and y from −`reach` to `reach`, seen from above a corner: figure
/// 4-8. Squares that are further away are drawn first, so that nearer squares hide them.
pub fn wireframe(title: &str, f: impl Fn(f64, f64) -> f64, reach: f64, squares: usize) -> String {
    const SIZE: (f64, f64) = (560.0, 420.0);
    // The surface is rotated about the vertical axis by 235° and seen from 30° above.
    let (sin, cos) = sin_cos_turn(0.625 + 1.0 / 36.0);
    let (tilt_sin, tilt_cos) = sin_cos_turn(1.0 / 12.0);
    let number = |k: usize| reach * (2.0 * k as f64 / squares as f64 - 1.0);
    let heights: Vec<f64> = (0..=squares)
        .flat_map(|i| (0..=squares).map(move |j| (i, j)))
        .map(|(i, j)| f(number(i), number(j)))
        .collect();
    let finite = || heights.iter().copied().filter(|z| z.is_finite());
    let (low, high) =
        (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
    let span = if high > low { high - low } else { 1.0 };
    let scale = 140.0 / reach;
    // The pixel of (x, y) at the height z, from 0 to 1, and how near it is.
    let project = |x: f64, y: f64, z: f64| -> (Point, f64) {
        let (across, away) = (x * cos - y * sin, x * sin + y * cos);
        let up = 180.0 * z * tilt_cos + away * scale * tilt_sin;
        ((SIZE.0 / 2.0 + across * scale, SIZE.1 * 0.7 - up), -away)
    };

    let mut svg = Svg::new(SIZE.0, SIZE.1);
    svg.text((20.0, 24.0), title, 14.0, Colour::Ink, Anchor::Start);
    let mut faces = Vec::new();
    for i in 0..squares {
        for j in 0..squares {
            let corners = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)].map(|(i, j)| {
                let z = (heights[i * (squares + 1) + j] - low) / span;
                project(number(i), number(j), z)
            });
            let near: f64 = corners.iter().map(|(_, near)| near).sum();
            faces.push((near, corners.map(|(point, _)| point)));
        }
    }
    faces.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let faces = faces.into_iter().map(|(_, corners)| corners.to_vec());
    let finite = |face: &Vec<Point>| face.iter().all(|(x, y)| x.is_finite() && y.is_finite());
    let faces: Vec<Vec<Point>> = faces.filter(finite).collect();
    svg.polygons(&faces, Colour::Paper, Stroke::new(Colour::Series(0), 0.8));

    let left_out = heights.iter().filter(|z| !z.is_finite()).count();
    if left_out > 0 {
        let note = left_out_note(left_out, "not a finite number");
        svg.text((20.0, 40.0), &note, 10.0, Colour::Faint, Anchor::Start);
    }

    // The scale of the heights, at the left edge.
    if high > low {
        let at = |z: f64| project(reach, -reach, z).0;
        svg.line(at(0.0), at(1.0), Stroke::new(Colour::Ink, 1.0));
        for k in 0..=2 {
            let share = f64::from(k) / 2.0;
            let (x, y) = at(share);
            let label = format!("{}", low + share * (high - low));
            svg.text((x - 8.0, y + 4.0), &label, 11.0, Colour::Ink, Anchor::End);
        }
    }

    // The square at the bottom, with scales on the two near sides.
    let ground = |x: f64, y: f64| project(x, y, 0.0).0;
    let corners = [(reach, -reach), (reach, reach), (-reach, reach)].map(|(x, y)| ground(x, y));
    svg.polyline(&corners, Stroke::new(Colour::Ink, 1.0));
    for k in -2..=2 {
        let v = reach * f64::from(k) / 2.0;
        let label = format!("{v}");
        let (x, y) = ground(v, reach);
        svg.text((x + 8.0, y + 12.0), &label, 11.0, Colour::Ink, Anchor::Start);
        let (x, y) = ground(reach, v);
        svg.text((x - 8.0, y + 12.0), &label, 11.0, Colour::Ink, Anchor::End);
    }
    let (x, y) = ground(0.0, reach);
    svg.text((x + 34.0, y + 30.0), "x0", 12.0, Colour::Ink, Anchor::Start);
    let (x, y) = ground(reach, 0.0);
    svg.text((x - 34.0, y + 30.0), "x1", 12.0, Colour::Ink, Anchor::End);
    svg.finish(title)
}

/// A square table of counts. The colour shows the share of a count in the sum of its row. Rows and
/// columns are numbered from 0. The diagonal has another colour.
pub fn heat_map(title: &str, rows: &str, columns: &str, counts: &[Vec<usize>]) -> String {
    const CELL: f64 = 40.0;
    let n = counts.len() as f64;
    let (left, above) = (56.0, 64.0);
    let mut svg = Svg::new(left + CELL * n + 12.0, above + CELL * n + 12.0);
    svg.text((left, 22.0), title, 14.0, Colour::Ink, Anchor::Start);
    svg.text((left + CELL * n / 2.0, 40.0), columns, 12.0, Colour::Ink, Anchor::Middle);
    svg.rotated_text(
        (16.0, above + CELL * n / 2.0),
        rows,
        12.0,
        Colour::Ink,
        Anchor::Middle,
        -90.0,
    );
    for (i, row) in counts.iter().enumerate() {
        let sum: usize = row.iter().sum();
        let y = above + CELL * i as f64;
        let number = i.to_string();
        svg.text((left - 10.0, y + 25.0), &number, 12.0, Colour::Ink, Anchor::End);
        let x = left + CELL * (i as f64 + 0.5);
        svg.text((x, above - 8.0), &number, 12.0, Colour::Ink, Anchor::Middle);
        for (j, &count) in row.iter().enumerate() {
            let x = left + CELL * j as f64;
            // Mistakes are drawn ten times stronger, so that they are visible.
            let share = count as f64 / sum.max(1) as f64;
            let (colour, opacity) = if i == j {
                (Colour::Series(0), 0.5 * share)
            } else {
                (Colour::Series(1), (10.0 * share).min(1.0) * 0.8)
            };
            svg.rectangle((x, y), CELL - 1.0, CELL - 1.0, colour, opacity);
            if count > 0 {
                let middle = (x + CELL / 2.0 - 0.5, y + 24.0);
                svg.text(middle, &count.to_string(), 11.0, Colour::Ink, Anchor::Middle);
            }
        }
    }
    svg.finish(title)
}

/// A bar for each probability, from 0 to 1. The bars are numbered from 0. The marked one has
/// another colour.
pub fn bars(title: &str, probabilities: &[f64], marked: Option<usize>) -> String {
    const ROW: f64 = 14.0;
    let mut svg = Svg::new(150.0, ROW * probabilities.len() as f64 + 4.0);
    for (k, &p) in probabilities.iter().enumerate() {
        let y = ROW * k as f64 + 2.0;
        let colour = Colour::Series(if marked == Some(k) { 2 } else { 0 });
        svg.text((4.0, y + 11.0), &k.to_string(), 11.0, Colour::Ink, Anchor::Start);
        let length = if p.is_finite() { 94.0 * p.clamp(0.0, 1.0) } else { 0.0 };
        svg.rectangle((18.0, y + 2.0), length, ROW - 4.0, colour, 1.0);
        let label = format!("{p:.2}");
        svg.text((22.0 + length, y + 11.0), &label, 10.0, Colour::Ink, Anchor::Start);
    }
    svg.finish(title)
}
