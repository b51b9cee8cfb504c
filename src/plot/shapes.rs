//! The surface x₀² + x₁² as a wireframe.

use super::axes::round_numbers;
use super::svg::{Anchor, BLUE, GRID, INK, Point, SHADES, Stroke, Svg, TEXT, WIDTH};
use crate::ch04::s3_differentiation::function_2;
use crate::numeric::elementary::sin_cos_turn;

/// The surface x₀² + x₁², a bowl, for x₀ and x₁ from −`reach` to `reach`, seen from above a corner.
#[derive(Clone, Copy, Debug)]
pub struct Bowl {
    /// The largest x₀ and x₁
    pub reach: f64,
    /// Only the part with x₁ up to this number is drawn
    pub most_x1: f64,
}

/// How many squares a side of the surface has.
const SQUARES: usize = 20;

/// Half a side of the bottom, in pixels.
const HALF: f64 = 112.0;

impl Bowl {
    /// The drawing. Squares that are further away are drawn first, so that nearer squares hide them.
    pub fn svg(&self, title: &str) -> Svg {
        let mut svg = Svg::new(title, "", 350.0);
        self.draw_grid(&mut svg);
        let side = |k: usize| self.reach * (2.0 * k as f64 / SQUARES as f64 - 1.0);
        let squares = (0..SQUARES).flat_map(|i| (0..SQUARES).map(move |j| (i, j)));
        let mut faces = Vec::new();
        for (i, j) in squares.filter(|(_, j)| side(j + 1) <= self.most_x1 + 1e-9) {
            let corners = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)]
                .map(|(i, j)| [side(i), side(j), function_2(&[side(i), side(j)])]);
            let mean = corners.iter().map(|[_, _, z]| z / self.highest()).sum::<f64>() / 4.0;
            let (_, away) = turned(side(i) + side(i + 1), side(j) + side(j + 1));
            faces.push((away, mean, corners.map(|corner| self.project(corner))));
        }
        faces.sort_by(|(a, ..), (b, ..)| b.total_cmp(a));
        for (_, mean, corners) in faces {
            let shade = SHADES[(mean * (SHADES.len() - 1) as f64).round() as usize];
            svg.polygon(&corners, shade, Stroke::new(BLUE, 0.6));
        }
        self.draw_axes(&mut svg);
        svg
    }

    /// The height at the corners. The lowest height is 0.
    fn highest(&self) -> f64 {
        function_2(&[self.reach, self.reach])
    }

    /// The pixel of a point (x₀, x₁, height).
    pub fn project(&self, [x0, x1, z]: [f64; 3]) -> Point {
        let (across, away) = turned(x0 / self.reach, x1 / self.reach);
        // The view is from 30° above.
        let (tilt_sin, tilt_cos) = sin_cos_turn(1.0 / 12.0);
        let up = 150.0 * (z / self.highest()) * tilt_cos + HALF * away * tilt_sin;
        (WIDTH / 2.0 + HALF * across, 246.0 - up)
    }

    fn ticks(&self) -> [Vec<(f64, String)>; 2] {
        let (r, high) = (self.reach, self.highest());
        [round_numbers(-r, r, 2.0 * r / 7.0), round_numbers(0.0, high, high / 5.0)]
    }

    /// The grid on the bottom and on the two sides behind the surface.
    fn draw_grid(&self, svg: &mut Svg) {
        let (r, high) = (self.reach, self.highest());
        let [ticks, z_ticks] = self.ticks();
        let mut lines = Vec::new();
        let mut line = |from, to| lines.push((self.project(from), self.project(to)));
        for at in ticks.iter().map(|(v, _)| *v).chain([-r, r]) {
            line([at, r, 0.0], [at, -r, 0.0]);
            line([at, -r, 0.0], [at, -r, high]);
            line([r, at, 0.0], [-r, at, 0.0]);
            line([-r, at, 0.0], [-r, at, high]);
        }
        for z in z_ticks.iter().map(|(z, _)| *z).chain([high]) {
            line([r, -r, z], [-r, -r, z]);
            line([-r, r, z], [-r, -r, z]);
        }
        svg.segments(&lines, Stroke::new(GRID, 0.6));
    }

    fn draw_axes(&self, svg: &mut Svg) {
        let (r, high, ink) = (self.reach, self.highest(), Stroke::new(INK, 1.0));
        let [ticks, z_ticks] = self.ticks();
        let edges = [[r, -r, high], [r, -r, 0.0], [r, r, 0.0], [-r, r, 0.0]];
        svg.polyline(&edges.map(|corner| self.project(corner)), ink);
        // The place of a tick, and by how much its mark goes to the right and down.
        let x0 = ticks.iter().map(|(v, label)| ([*v, r, 0.0], label, (6.0, 4.0)));
        let x1 = ticks.iter().map(|(v, label)| ([r, *v, 0.0], label, (-6.0, 4.0)));
        // The label of the lowest height would be on that of x₁.
        let z = z_ticks.iter().skip(1).map(|(v, label)| ([r, -r, *v], label, (-6.0, 0.0)));
        for (at, label, (right, down)) in x0.chain(x1).chain(z) {
            let (x, y) = self.project(at);
            svg.polyline(&[(x, y), (x + right, y + down)], ink);
            let anchor = if right > 0.0 { Anchor::Start } else { Anchor::End };
            let place = (x + 1.5 * right, y + 2.0 * down + 4.0);
            svg.text(place, label, TEXT, INK, anchor);
        }
        for (name, at, (right, down), anchor) in [
            ("x₀", [0.0, r, 0.0], (34.0, 34.0), Anchor::Middle),
            ("x₁", [r, 0.0, 0.0], (-34.0, 34.0), Anchor::Middle),
            ("f(x₀, x₁)", [r, -r, high], (-30.0, -16.0), Anchor::Start),
        ] {
            let (x, y) = self.project(at);
            svg.text((x + right, y + down), name, TEXT, INK, anchor);
        }
    }
}

/// A point of the bottom after it is turned about the vertical axis by 235°: how far it is to the
/// right, and how far away.
fn turned(x: f64, y: f64) -> (f64, f64) {
    let (sin, cos) = sin_cos_turn(0.625 + 1.0 / 36.0);
    (x * cos - y * sin, x * sin + y * cos)
}
