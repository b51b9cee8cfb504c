//! e01 and e02: the functions of chapter 3.

use from_zero::ch03::functions as library;
use from_zero::numeric::elementary::exp;

use super::Exercise;

pub type Sigmoid = fn(f64) -> f64;
pub type Softmax = fn(&[f64]) -> Vec<f64>;

pub fn sigmoid() -> Exercise<Sigmoid> {
    let answer = "src/ch03/functions.rs";
    Exercise::new("e01", "sigmoid: 1 / (1 + e⁻ˣ)", answer, library::sigmoid as Sigmoid)
        .case("sigmoid(0.0)", |f| f(0.0), 0.5)
        // The book, section 3.2.4.
        .case("sigmoid(-1.0)", |f| f(-1.0), 0.2689414213699951)
        .case("sigmoid(2.0)", |f| f(2.0), 0.8807970779778823)
        // σ(−x) = 1 − σ(x).
        .case("sigmoid(3.0) + sigmoid(-3.0)", |f| f(3.0) + f(-3.0), 1.0)
        .case("sigmoid(1000.0)", |f| f(1000.0), 1.0)
        .case("sigmoid(-1000.0)", |f| f(-1000.0), 0.0)
        // Published in notes: tests/book/published_slips.rs.
        .mistake(
            "This looks like `1.0 / 1.0 + exp(-x)`, which divides first. Write brackets around \
             `1.0 + exp(-x)`.",
            |x| 1.0 + exp(-x), // because 1.0 / 1.0 is 1.0
        )
        // Planted.
        .mistake("This is the sigmoid of −x. The formula has exp(-x), with a minus.", |x| {
            1.0 / (1.0 + exp(x))
        })
        // Planted: the same function on paper.
        .mistake(
            "This looks like `exp(x) / (1.0 + exp(x))`. On paper it is the same function, but \
             exp(1000) is ∞, and ∞ / ∞ is NaN. With exp(-x) the quotient is 1 / ∞ at worst.",
            |x| exp(x) / (1.0 + exp(x)),
        )
        // The book: its sigmoid_grad, in place of the sigmoid.
        .mistake(
            "This is the slope of the sigmoid, (1 − σ(x)) σ(x). Return σ(x) itself.",
            library::sigmoid_grad,
        )
        // The book, section 4.2.5.
        .mistake(
            "This is the step function: it jumps from 0 to 1. The sigmoid takes every value \
             between the two.",
            library::step_function,
        )
}

pub fn softmax() -> Exercise<Softmax> {
    let answer = "src/ch03/functions.rs";
    Exercise::new(
        "e02",
        "softmax: exp(aₖ − max) / Σᵢ exp(aᵢ − max)",
        answer,
        library::softmax as Softmax,
    )
    // The book, section 3.5.
    .case(
        "softmax(&[0.3, 2.9, 4.0])",
        |f| f(&[0.3, 2.9, 4.0]),
        vec![0.01821127329554753, 0.24519181293507392, 0.7365969137693786],
    )
    .case(
        "the sum of softmax(&[1.0, 2.0, 3.0, 4.0])",
        |f| f(&[1.0, 2.0, 3.0, 4.0]).iter().sum::<f64>(),
        1.0,
    )
    // The book, section 3.5.2.
    .case(
        "softmax(&[1010.0, 1000.0, 990.0])",
        |f| f(&[1010.0, 1000.0, 990.0]),
        vec![0.999954600070331, 4.539786860886666e-05, 2.061060046209062e-09],
    )
    .case(
        "softmax(&[-1000.0, -1001.0])",
        |f| f(&[-1000.0, -1001.0]),
        vec![0.7310585786300049, 0.2689414213699951],
    )
    .case("softmax(&[-500.0, 500.0])", |f| f(&[-500.0, 500.0]), vec![0.0, 1.0])
    // The book, section 3.5.2: the version before the overflow is mended.
    .mistake(
        "This looks like a softmax without `- max`: exp(1010) is ∞, and ∞ / ∞ is NaN. Subtract \
             the largest score from every score before exp.",
        |a| softmax_with_shift(a, 0.0),
    )
    // Published in notes: tests/book/published_slips.rs.
    .mistake(
        "The search for the maximum starts from 0, so it is 0 if all scores are negative, and \
             every exp(-1000) is 0. Start from the first score or from f64::NEG_INFINITY.",
        |a| softmax_with_shift(a, a.iter().copied().fold(0.0, f64::max)),
    )
    // Planted.
    .mistake(
        "The exps are not divided by their sum. Divide each by the sum of all, so that they add \
             up to 1.",
        |a| exps(a, maximum(a)),
    )
    // Planted.
    .mistake(
        "The maximum is subtracted above the fraction line only. Subtract it below, too, or \
             compute the shifted exps once and use them twice.",
        |a| {
            let total: f64 = exps(a, 0.0).iter().sum();
            exps(a, maximum(a)).iter().map(|e| e / total).collect()
        },
    )
    // Planted.
    .mistake(
        "The scores are divided by their sum without exp. Apply exp to each score first.",
        |a| {
            let total: f64 = a.iter().sum();
            a.iter().map(|score| score / total).collect()
        },
    )
    // Planted: the minimum in place of the maximum.
    .mistake(
        "The smallest score is subtracted, so exp still overflows if the scores differ by a \
             lot. Subtract the largest.",
        |a| softmax_with_shift(a, a.iter().copied().fold(f64::INFINITY, f64::min)),
    )
}

fn maximum(a: &[f64]) -> f64 {
    a.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

fn exps(a: &[f64], shift: f64) -> Vec<f64> {
    a.iter().map(|score| exp(score - shift)).collect()
}

/// A softmax that subtracts another number than the maximum.
fn softmax_with_shift(a: &[f64], shift: f64) -> Vec<f64> {
    let exps = exps(a, shift);
    let total: f64 = exps.iter().sum();
    exps.iter().map(|e| e / total).collect()
}
