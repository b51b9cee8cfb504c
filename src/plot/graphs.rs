//! The computational graphs (計算グラフ, 计算图, 계산 그래프) of chapter 5, as SVG files. Above each arrow is the
//! value that goes forward, and below it, orange, the derivative that comes back. All numbers are
//! results of the layers in [`s4_layers`](crate::ch05::s4_layers).

use super::svg::{
    Anchor, Colour, FAINT, GREEN, INK, ORANGE, Point, Stroke, Svg, TEXT, readable, text_width,
};
use crate::beyond::step_by_hand::Step;
use crate::ch03::functions::softmax_rows;
use crate::ch04::s2_4_targets::Labels;
use crate::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use crate::ch05::s4_layers::{Add, Affine, Exp, Layer, Mul, Reciprocal, Sigmoid, SoftmaxWithLoss};
use crate::numeric::matrix::Matrix;

/// A function in a ring, or a variable without a ring. Positions are in pixels from the left, and in
/// rows from the top.
#[derive(Clone, Copy)]
struct Node {
    x: f64,
    row: f64,
    /// Half its width in pixels
    half: f64,
    /// How many rows its ring reaches up and down
    reach: f64,
}

/// A name in a box of numbers, the numbers in rows, and their colour.
type Entry<'a> = (&'a str, &'a [f64], Colour);

/// The distance of two rows, and the height of a ring, in pixels.
const ROW: f64 = 60.0;
const RING: f64 = 34.0;

fn y(row: f64) -> f64 {
    72.0 + ROW * row
}

impl Svg {
    fn graph(title: &str, rows: f64) -> Self {
        let mut svg = Svg::new(title, "", y(rows));
        let (forward, backward) =
            ("above: the value, forward", "below: ← the derivative, backward");
        svg.text((16.0, y(rows) - 14.0), forward, TEXT, INK, Anchor::Start);
        svg.text((406.0, y(rows) - 14.0), backward, TEXT, ORANGE, Anchor::End);
        svg
    }

    fn function(&mut self, name: &str, x: f64, row: f64, reach: f64) -> Node {
        let half = (text_width(name) / 2.0 + 6.0).max(RING / 2.0);
        let height = RING + 2.0 * reach * ROW;
        let corner = (x - half, y(row) - height / 2.0);
        self.outline(corner, (2.0 * half, height), RING / 2.0, Stroke::new(INK, 1.5));
        self.text((x, y(row) + 4.5), name, TEXT, INK, Anchor::Middle);
        Node { x, row, half, reach }
    }

    /// A variable and its arrow to a function.
    fn input(&mut self, name: &str, x: f64, row: f64, to: Node, texts: [String; 2]) {
        self.text((x, y(row) + 4.5), name, TEXT, INK, Anchor::Start);
        let half = text_width(name) / 2.0 + 4.0;
        self.arrow(Node { x: x + half, row, half, reach: 0.0 }, to, texts);
    }

    /// The arrow from the last function to the result, at the right edge.
    fn output(&mut self, from: Node, name: &str, texts: [String; 2]) {
        self.text((406.0, y(from.row) + 4.5), name, TEXT, INK, Anchor::End);
        let half = text_width(name) / 2.0 + 4.0;
        self.arrow(from, Node { x: 406.0 - half, half, reach: 0.0, ..from }, texts);
    }

    /// A horizontal arrow. If it begins below the second node, it ends with a way up.
    fn arrow(&mut self, from: Node, to: Node, [forward, backward]: [String; 2]) {
        let start = (from.x + from.half, y(from.row));
        let lowest = to.row + to.reach;
        let (bend, end) = if from.row <= lowest {
            (start, (to.x - to.half, start.1))
        } else {
            ((to.x, start.1), (to.x, y(lowest) + RING / 2.0))
        };
        self.polyline(&[start, bend], Stroke::new(INK, 1.2));
        self.arrows(&[(bend, end)], INK);
        let middle = (start.0 + end.0) / 2.0 - 2.0;
        self.text((middle, start.1 - 7.0), &forward, TEXT, INK, Anchor::Middle);
        self.text((middle, start.1 + 17.0), &backward, TEXT, ORANGE, Anchor::Middle);
    }

    /// A box of numbers. Returns its bottom.
    fn numbers_box(&mut self, (left, top): Point, columns: usize, entries: &[Entry]) -> f64 {
        let mut line = top + 1.0;
        for (name, numbers, colour) in entries {
            self.text((left + 8.0, line + 16.0), name, TEXT, colour, Anchor::Start);
            for row in numbers.chunks(columns) {
                line += 16.0;
                for (k, &v) in row.iter().enumerate() {
                    let place = (left + 96.0 + 64.0 * k as f64, line);
                    self.text(place, &short(v), TEXT, colour, Anchor::End);
                }
            }
        }
        self.outline((left, top), (170.0, line + 9.0 - top), 6.0, Stroke::new(FAINT, 1.0));
        line + 9.0
    }
}

/// A number with at most three decimals.
fn short(v: f64) -> String {
    readable(format!("{v:.3}").trim_end_matches('0').trim_end_matches('.'))
}

fn numbers(forward: f64, backward: f64) -> [String; 2] {
    [short(forward), short(backward)]
}

/// Two apples at 100, with a tax of 10 %: two [`Mul`].
pub fn apples() -> String {
    let (mut mul_apple, mut mul_tax) = (Mul::default(), Mul::default());
    let apples = mul_apple.forward(100.0, 2.0);
    let price = mul_tax.forward(apples, 1.1);
    let (dapples, dtax) = mul_tax.backward(1.0);
    let (dapple, dnumber) = mul_apple.backward(dapples);

    let mut graph = Svg::graph("Buying two apples", 2.0);
    let times_number = graph.function("×", 150.0, 0.0, 0.0);
    let times_tax = graph.function("×", 292.0, 0.0, 0.0);
    graph.input("apple", 16.0, 0.0, times_number, numbers(100.0, dapple));
    graph.input("number", 16.0, 1.0, times_number, numbers(2.0, dnumber));
    graph.arrow(times_number, times_tax, numbers(apples, dapples));
    graph.input("tax", 190.0, 1.0, times_tax, numbers(1.1, dtax));
    graph.output(times_tax, "price", numbers(price, 1.0));
    graph.finish()
}

/// Two apples at 100 and three oranges at 150, with a tax of 10 %: three [`Mul`] and an [`Add`].
pub fn apples_and_oranges() -> String {
    let (mut mul_apple, mut mul_orange) = (Mul::default(), Mul::default());
    let (mut add, mut mul_tax) = (Add, Mul::default());
    let apples = mul_apple.forward(100.0, 2.0);
    let oranges = mul_orange.forward(150.0, 3.0);
    let all = add.forward(apples, oranges);
    let price = mul_tax.forward(all, 1.1);
    let (dall, dtax) = mul_tax.backward(1.0);
    let (dapples, doranges) = add.backward(dall);
    let (dorange, doranges_number) = mul_orange.backward(doranges);
    let (dapple, dapples_number) = mul_apple.backward(dapples);

    let mut graph = Svg::graph("Buying two apples and three oranges", 4.0);
    let times_apples = graph.function("×", 128.0, 0.0, 0.0);
    let times_oranges = graph.function("×", 128.0, 2.0, 0.0);
    let plus = graph.function("+", 220.0, 0.0, 0.0);
    let times_tax = graph.function("×", 312.0, 0.0, 0.0);
    graph.input("apple", 16.0, 0.0, times_apples, numbers(100.0, dapple));
    graph.input("number", 16.0, 1.0, times_apples, numbers(2.0, dapples_number));
    graph.input("orange", 16.0, 2.0, times_oranges, numbers(150.0, dorange));
    graph.input("number", 16.0, 3.0, times_oranges, numbers(3.0, doranges_number));
    graph.arrow(times_apples, plus, numbers(apples, dapples));
    graph.arrow(times_oranges, plus, numbers(oranges, doranges));
    graph.arrow(plus, times_tax, numbers(all, dall));
    graph.input("tax", 232.0, 1.0, times_tax, numbers(1.1, dtax));
    graph.output(times_tax, "price", numbers(price, 1.0));
    graph.finish()
}

/// 1 / (1 + e⁻ˣ) at x = 1 as the nodes [`Mul`], [`Exp`], [`Add`] and [`Reciprocal`], and below them
/// as the one node [`Sigmoid`].
pub fn sigmoid() -> String {
    let (mut mul, mut exp) = (Mul::default(), Exp::default());
    let (mut add, mut reciprocal) = (Add, Reciprocal::default());
    let minus_x = mul.forward(1.0, -1.0);
    let power = exp.forward(minus_x);
    let sum = add.forward(power, 1.0);
    let out = reciprocal.forward(sum);
    let dsum = reciprocal.backward(1.0);
    let (dpower, _) = add.backward(dsum);
    let dminus_x = exp.backward(dpower);
    let (dx, _) = mul.backward(dminus_x);

    let mut graph = Svg::graph("Sigmoid as four nodes, and as one", 2.1);
    let times = graph.function("× −1", 93.0, 0.0, 0.0);
    let exp = graph.function("exp", 175.0, 0.0, 0.0);
    let plus = graph.function("+ 1", 253.0, 0.0, 0.0);
    let inverse = graph.function("1/x", 331.0, 0.0, 0.0);
    graph.input("x", 16.0, 0.0, times, numbers(1.0, dx));
    graph.arrow(times, exp, numbers(minus_x, dminus_x));
    graph.arrow(exp, plus, numbers(power, dpower));
    graph.arrow(plus, inverse, numbers(sum, dsum));
    graph.output(inverse, "y", numbers(out, 1.0));

    let mut layer = Sigmoid::default();
    let one = Matrix::from_vec(1, 1, vec![1.0]);
    let y = layer.forward(one.clone())[(0, 0)];
    let dx = short(layer.backward(one)[(0, 0)]);
    let node = graph.function("sigmoid", 264.0, 1.1, 0.0);
    graph.input("x", 16.0, 1.1, node, [short(1.0), format!("dout y (1 − y) = {dx}")]);
    graph.output(node, "y", numbers(y, 1.0));
    graph.finish()
}

/// [`Affine`] with its shapes, for a mini-batch of four samples.
pub fn affine() -> String {
    let mut layer = Affine::new(Matrix::zeros(2, 3), vec![0.0; 3]);
    let x = Matrix::zeros(4, 2);
    let out = layer.forward(x.clone());
    let dx = layer.backward(out.clone());

    let texts = |forward: &Matrix, formula: &str, backward: &Matrix| {
        [format!("{:?}", forward.shape()), format!("{formula} {:?}", backward.shape())]
    };
    let (b, db) = (layer.b.len(), layer.db.len());
    let mut graph = Svg::graph("Affine: out = x W + b, with shapes", 3.0);
    let dot = graph.function("dot", 168.0, 0.0, 0.0);
    let plus = graph.function("+", 282.0, 0.0, 0.0);
    graph.input("x", 16.0, 0.0, dot, texts(&x, "dout Wᵀ", &dx));
    graph.input("W", 16.0, 1.0, dot, texts(&layer.w, "xᵀ dout", &layer.dw));
    let column_sums = format!("column sums of dout ({db},)");
    graph.input("b", 16.0, 2.0, plus, [format!("({b},)"), column_sums]);
    graph.arrow(dot, plus, texts(&out, "dout", &out));
    graph.output(plus, "out", texts(&out, "dout", &out));
    graph.finish()
}

/// [`SoftmaxWithLoss`] for one sample with three classes. What comes back is y − t.
pub fn softmax_with_loss() -> String {
    let a = Matrix::from_vec(1, 3, vec![0.3, 2.9, 4.0]);
    let mut layer = SoftmaxWithLoss::default();
    let loss = layer.forward(a.clone(), &Labels::new(vec![1]));
    let (y, da) = (softmax_rows(&a), layer.backward());

    let mut graph = Svg::graph("Softmax with loss: what comes back is y − t", 4.0);
    let softmax = graph.function("softmax", 132.0, 1.0, 1.0);
    let cross_entropy = graph.function("cross-entropy", 276.0, 1.0, 1.0);
    for (k, name) in ["a₀", "a₁", "a₂"].into_iter().enumerate() {
        let row = k as f64;
        graph.input(name, 16.0, row, softmax, numbers(a[(0, k)], da[(0, k)]));
        let y = short(y[(0, k)]);
        graph.arrow(Node { row, ..softmax }, cross_entropy, [y, String::new()]);
    }
    graph.input("t", 150.0, 3.0, cross_entropy, ["(0, 1, 0)".to_string(), String::new()]);
    graph.output(cross_entropy, "L", numbers(loss, 1.0));
    graph.finish()
}

/// One step of learning with every number of [`Step`]: from x down to L, the parameters beside it.
pub fn step_by_hand(net: &TwoLayerNet, x: &Matrix, t: &Labels, learning_rate: f64) -> String {
    let step = Step::new(net, x, t, learning_rate);
    let (hidden, classes) = (step.a1.columns(), step.a2.columns());
    let t = t.one_hot(classes);

    let (ink, back, green) = (INK, ORANGE, GREEN);
    let title = format!("One step by hand, learning rate {learning_rate}");
    let note = "black: forward; orange: backward; green: after the step";
    let mut svg = Svg::new(&title, note, 560.0);
    let left: [(usize, &[Entry]); 6] = [
        (x.columns(), &[("x", x.as_slice(), ink)]),
        (hidden, &[("a1", step.a1.as_slice(), ink), ("da1", step.da1.as_slice(), back)]),
        (hidden, &[("z1", step.z1.as_slice(), ink), ("dz1", step.dz1.as_slice(), back)]),
        (classes, &[("a2", step.a2.as_slice(), ink), ("dy", step.dy.as_slice(), back)]),
        (classes, &[("y", step.y.as_slice(), ink), ("t", t.matrix().as_slice(), ink)]),
        (1, &[("L", &[step.loss], ink), ("L", &[step.loss_after], green)]),
    ];
    let (mut top, mut tops) = (56.0, Vec::new());
    for (columns, entries) in left {
        tops.push(top);
        if tops.len() > 1 {
            svg.arrows(&[((101.0, top - 22.0), (101.0, top))], ink);
        }
        top = svg.numbers_box((16.0, top), columns, entries) + 22.0;
    }
    // W1 and b1 beside a1, W2 and b2 beside a2: the value, the derivative, the new value.
    let [value, d, new] = [&net.params, &step.gradient, &step.after].map(Parameters::parts);
    let part = |k: usize, d_name: &'static str| {
        let name = value[k].0;
        [(name, value[k].1, ink), (d_name, d[k].1, back), (name, new[k].1, green)]
    };
    let first = [part(0, "dW1"), part(1, "db1")];
    let second = [part(2, "dW2"), part(3, "db2")];
    for (entries, columns, top) in [(first, hidden, tops[1]), (second, classes, tops[3])] {
        svg.arrows(&[((234.0, top + 20.0), (186.0, top + 20.0))], ink);
        svg.numbers_box((234.0, top), columns, entries.as_flattened());
    }
    svg.finish()
}
