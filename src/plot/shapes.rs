//! A surface as a wireframe. This module knows nothing of networks.

use super::axes::{extremes, round_numbers};
use super::svg::{Anchor, Colour, Point, SHADES, Stroke, Svg, TEXT};
use crate::numeric::elementary::sin_cos_turn;

/// The surface f(x₀, x₁) for x₀ and x₁ from −`reach` to `reach`, seen from above a corner.
#[derive(Debug)]
pub struct Surface<F> {
    /// The function
    pub f: F,
    /// The largest x₀ and x₁
    pub reach: f64,
    /// How many squares a side has
    pub squares: usize,
    /// Only the part with x₁ up to this number is drawn
    pub most_x1: f64,
}

/// The size of the drawing, and half a side of the bottom, in pixels.
const SIZE: (f64, f64) = (420.0, 350.0);
const HALF: f64 = 112.0;

impl<F: Fn(f64, f64) -> f64> Surface<F> {
    /// The drawing. Squares that are further away are drawn first, so that nearer squares hide them.
    /// The colour shows the height.
    pub fn svg(&self, title: &str) -> Svg {
        let mut svg = Svg::new(title, SIZE.0, SIZE.1);
        svg.title("");
        self.draw_grid(&mut svg);
        let side = |k: usize| self.reach * (2.0 * k as f64 / self.squares as f64 - 1.0);
        let mut faces = Vec::new();
        for i in 0..self.squares {
            for j in 0..self.squares {
                if side(j + 1) > self.most_x1 + 1e-9 {
                    continue;
                }
                let corners = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)]
                    .map(|(i, j)| [side(i), side(j), (self.f)(side(i), side(j))]);
                let mean = corners.iter().map(|[_, _, z]| self.share(*z)).sum::<f64>() / 4.0;
                let (_, away) = turned(side(i) + side(i + 1), side(j) + side(j + 1));
                faces.push((away, mean, corners.map(|corner| self.project(corner))));
            }
        }
        faces.sort_by(|(a, ..), (b, ..)| b.total_cmp(a));
        for (_, mean, corners) in faces {
            let shade = Colour::Shade((mean * (SHADES - 1) as f64).round() as usize);
            svg.polygon(&corners, shade, Stroke::new(Colour::Series(0), 0.6));
        }
        self.draw_axes(&mut svg);
        svg
    }

    /// The pixel of a point (x₀, x₁, height).
    pub fn project(&self, [x0, x1, z]: [f64; 3]) -> Point {
        let (across, away) = turned(x0 / self.reach, x1 / self.reach);
        // The view is from 30° above.
        let (tilt_sin, tilt_cos) = sin_cos_turn(1.0 / 12.0);
        let up = 150.0 * self.share(z) * tilt_cos + HALF * away * tilt_sin;
        (SIZE.0 / 2.0 + HALF * across, 246.0 - up)
    }

    /// The smallest and the largest height.
    fn ends(&self) -> (f64, f64) {
        let side = |k: usize| self.reach * (2.0 * k as f64 / self.squares as f64 - 1.0);
        let corners = (0..=self.squares).flat_map(|i| (0..=self.squares).map(move |j| (i, j)));
        extremes(corners.map(|(i, j)| (self.f)(side(i), side(j))))
    }

    /// A height from 0 (the lowest) to 1 (the highest).
    fn share(&self, z: f64) -> f64 {
        let (low, high) = self.ends();
        (z - low) / (high - low)
    }

    /// The ticks of the two horizontal axes, and those of the heights.
    fn ticks(&self) -> [Vec<(f64, String)>; 2] {
        let (low, high) = self.ends();
        let every =
            |low: f64, high: f64, count: f64| round_numbers(low, high, (high - low) / count);
        [every(-self.reach, self.reach, 7.0), every(low, high, 5.0)]
    }

    /// The grid on the bottom and on the two sides behind the surface.
    fn draw_grid(&self, svg: &mut Svg) {
        let (r, (low, high)) = (self.reach, self.ends());
        let [ticks, z_ticks] = self.ticks();
        let mut lines = Vec::new();
        for at in ticks.iter().map(|(v, _)| *v).chain([-r, r]) {
            lines.push([[at, r, low], [at, -r, low]]);
            lines.push([[at, -r, low], [at, -r, high]]);
            lines.push([[r, at, low], [-r, at, low]]);
            lines.push([[-r, at, low], [-r, at, high]]);
        }
        for z in z_ticks.iter().map(|(z, _)| *z).chain([high]) {
            lines.push([[r, -r, z], [-r, -r, z]]);
            lines.push([[-r, r, z], [-r, -r, z]]);
        }
        let lines: Vec<(Point, Point)> =
            lines.into_iter().map(|[from, to]| (self.project(from), self.project(to))).collect();
        svg.segments(&lines, Stroke::new(Colour::Grid, 0.6));
    }

    /// The vertical axis at the left, the others on the two near sides of the bottom.
    fn draw_axes(&self, svg: &mut Svg) {
        let (r, (low, high), ink) = (self.reach, self.ends(), Stroke::new(Colour::Ink, 1.0));
        let [ticks, z_ticks] = self.ticks();
        let edges = [[r, -r, high], [r, -r, low], [r, r, low], [-r, r, low]];
        svg.polyline(&edges.map(|corner| self.project(corner)), ink);
        // The place of a tick, and by how much its mark goes to the right and down.
        let x0 = ticks.iter().map(|(v, label)| ([*v, r, low], label, (6.0, 4.0)));
        let x1 = ticks.iter().map(|(v, label)| ([r, *v, low], label, (-6.0, 4.0)));
        // The label of the lowest height would be on that of x₁.
        let z = z_ticks
            .iter()
            .filter(|(v, _)| *v > low)
            .map(|(v, label)| ([r, -r, *v], label, (-6.0, 0.0)));
        for (at, label, (right, down)) in x0.chain(x1).chain(z) {
            let (x, y) = self.project(at);
            svg.polyline(&[(x, y), (x + right, y + down)], ink);
            let anchor = if right > 0.0 { Anchor::Start } else { Anchor::End };
            let place = (x + 1.5 * right, y + 2.0 * down + 4.0);
            svg.text(place, label, TEXT, Colour::Ink, anchor);
        }
        // The names are far enough from the ticks.
        let name = |(x, y): Point, right: f64, down: f64| (x + right, y + down);
        let (x0, x1) = (self.project([0.0, r, low]), self.project([r, 0.0, low]));
        svg.text(name(x0, 34.0, 34.0), "x₀", TEXT, Colour::Ink, Anchor::Middle);
        svg.text(name(x1, -34.0, 34.0), "x₁", TEXT, Colour::Ink, Anchor::Middle);
        let top = name(self.project([r, -r, high]), -30.0, -16.0);
        svg.text(top, "f(x₀, x₁)", TEXT, Colour::Ink, Anchor::Start);
    }
}

/// A point of the bottom after it is turned about the vertical axis by 235°: how far it is to the
/// right, and how far away.
fn turned(x: f64, y: f64) -> (f64, f64) {
    let (sin, cos) = sin_cos_turn(0.625 + 1.0 / 36.0);
    (x * cos - y * sin, x * sin + y * cos)
}
