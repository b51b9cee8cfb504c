//! The computational graphs: their numbers are those of the book, or computed a second way.

use crate::common::assert_close;
use crate::plot::reader::{
    Shape, assert_texts_are_apart, assert_well_formed, shapes, shown_number, texts,
};
use from_zero::ch03::activation::Activation;
use from_zero::ch04::s2_4_targets::Labels;
use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::random::Xorshift64Star;
use from_zero::plot::graphs;

/// The texts of a graph behind its title and the two sentences of each graph.
#[track_caller]
fn texts_of_graph(svg: &str) -> Vec<&str> {
    assert_well_formed(svg);
    let texts = texts(svg);
    assert_texts_are_apart(texts[0], svg);
    texts[3..].iter().copied().filter(|text| !text.is_empty()).collect()
}

#[test]
fn the_graphs_show_the_numbers_of_the_book() {
    // The functions, then for each arrow: a variable, the number above it, and the number below.
    assert_eq!(
        texts_of_graph(&graphs::apples()),
        [
            "×", "×", "apple", "100", "2.2", "number", "2", "110", "200", "1.1", "tax", "1.1",
            "200", "price", "220", "1"
        ]
    );
    assert_eq!(
        texts_of_graph(&graphs::apples_and_oranges()),
        [
            "×", "×", "+", "×", "apple", "100", "2.2", "number", "2", "110", "orange", "150",
            "3.3", "number", "3", "165", "200", "1.1", "450", "1.1", "650", "1.1", "tax", "1.1",
            "650", "price", "715", "1"
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
            "0.197",
            "−1",
            "−0.197",
            "0.368",
            "−0.534",
            "1.368",
            "−0.534",
            "y",
            "0.731",
            "1",
            "sigmoid",
            "x",
            "1",
            "dout y (1 − y) = 0.197",
            "y",
            "0.731",
            "1"
        ]
    );
    assert_eq!(
        texts_of_graph(&graphs::affine()),
        [
            "dot",
            "+",
            "x",
            "(4, 2)",
            "dout Wᵀ (4, 2)",
            "W",
            "(2, 3)",
            "xᵀ dout (2, 3)",
            "b",
            "(3,)",
            "column sums of dout (3,)",
            "(4, 3)",
            "dout (4, 3)",
            "out",
            "(4, 3)",
            "dout (4, 3)"
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
            "0.018",
            "0.018",
            "a₁",
            "2.9",
            "−0.755",
            "0.245",
            "a₂",
            "4",
            "0.737",
            "0.737",
            "t",
            "(0, 1, 0)",
            "L",
            "1.406",
            "1"
        ]
    );
}

/// The numbers behind a name in the step by hand, in this colour.
#[track_caller]
fn numbers_of(shapes: &[Shape], name: &str, colour: &str) -> Vec<f64> {
    let is_name = |s: &Shape| s.name == "text" && s.text == name && s.has("fill", colour);
    let at = shapes.iter().position(is_name).unwrap_or_else(|| panic!("{name} is not drawn"));
    let behind = shapes[at + 1..].iter();
    behind.map_while(|s| shown_number(s.text).filter(|_| s.has("fill", colour))).collect()
}

#[test]
fn the_step_by_hand_shows_each_number_of_the_step() {
    for activation in [Activation::Sigmoid, Activation::Relu] {
        let mut net = TwoLayerNet::new(2, 2, 2, 1.0, &mut Xorshift64Star::new(3));
        net.params.b1 = vec![0.3, -0.2];
        net.params.b2 = vec![0.1, 0.4];
        let net = net.with_activation(activation);
        let (x, t) = (Matrix::from_rows(&[[1.0, 0.5], [-0.5, 2.0]]), Labels::new(vec![1, 0]));
        let svg = graphs::step_by_hand(&net, &x, &t, 0.5);
        assert_well_formed(&svg);
        assert_texts_are_apart("step by hand", &svg);
        let shapes = shapes(&svg);
        assert_eq!(shapes[1].text, "One step by hand, learning rate 0.5", "the title");
        let (ink, back, green) = ("#1b1b1f", "#b94f00", "#00795c");

        // Everything is computed a second way: plain loops forward, central differences backward.
        let p = &net.params;
        let h = |a: f64| match activation {
            Activation::Sigmoid => 1.0 / (1.0 + (-a).exp()),
            _ => a.max(0.0),
        };
        let affine = |x: &[f64], w: &Matrix, b: &[f64]| -> Vec<f64> {
            (0..2).map(|j| b[j] + x[0] * w[(0, j)] + x[1] * w[(1, j)]).collect()
        };
        let each = |f: &dyn Fn(usize) -> Vec<f64>| [f(0), f(1)].concat();
        let a1 = each(&|n| affine(x.row(n), &p.w1, &p.b1));
        let z1: Vec<f64> = a1.iter().map(|&a| h(a)).collect();
        let scores = |z1: &[f64]| each(&|n| affine(&z1[2 * n..], &p.w2, &p.b2));
        let a2 = scores(&z1);
        let softmax = |a2: &[f64]| {
            each(&|n| {
                let e = [a2[2 * n].exp(), a2[2 * n + 1].exp()];
                e.map(|v| v / (e[0] + e[1])).to_vec()
            })
        };
        let loss = |a2: &[f64]| {
            let y = softmax(a2);
            -(y[1].ln() + y[2].ln()) / 2.0
        };
        let difference = |f: &dyn Fn(&[f64]) -> f64, at: &[f64]| -> Vec<f64> {
            let moved = |k: usize, by: f64| {
                let mut at = at.to_vec();
                at[k] += by;
                f(&at)
            };
            (0..at.len()).map(|k| (moved(k, 1e-5) - moved(k, -1e-5)) / 2e-5).collect()
        };
        let of_z1 = |z1: &[f64]| loss(&scores(z1));
        let of_a1 = |a1: &[f64]| of_z1(&a1.iter().map(|&a| h(a)).collect::<Vec<_>>());
        let d = net.numerical_gradient(&x, &t);
        let mut after = net.clone();
        after.params.descend(&d, 0.5);
        let expected: Vec<(&str, &str, Vec<f64>)> = vec![
            ("x", ink, x.as_slice().to_vec()),
            ("a1", ink, a1.clone()),
            ("da1", back, difference(&of_a1, &a1)),
            ("z1", ink, z1.clone()),
            ("dz1", back, difference(&of_z1, &z1)),
            ("a2", ink, a2.clone()),
            ("dy", back, difference(&loss, &a2)),
            ("y", ink, softmax(&a2)),
            ("t", ink, vec![0.0, 1.0, 1.0, 0.0]),
            ("L", ink, vec![loss(&a2)]),
            ("L", green, vec![after.loss(&x, &t)]),
        ];
        let mut expected = expected;
        let derivatives = ["dW1", "db1", "dW2", "db2"];
        for (k, name) in derivatives.into_iter().enumerate() {
            expected.push((&name[1..], ink, p.parts()[k].1.to_vec()));
            expected.push((name, back, d.parts()[k].1.to_vec()));
            expected.push((&name[1..], green, after.params.parts()[k].1.to_vec()));
        }
        for (name, colour, expected) in expected {
            let found = numbers_of(&shapes, name, colour);
            assert!(!expected.is_empty() && found.len() == expected.len(), "{name}: {found:?}");
            // Three decimals are drawn.
            assert_close(&found, &expected, 0.000_51);
        }
    }
}
