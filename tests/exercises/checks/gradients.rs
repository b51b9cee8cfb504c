//! e05 to e08: numerical differentiation, gradients and gradient descent, sections 4.3 and 4.4.

use from_zero::ch03::functions::softmax;
use from_zero::ch04::s2_4_targets::OneHot;
use from_zero::ch04::s3_differentiation::{function_1, function_2};
use from_zero::ch04::s4_1_gradient::numerical_gradient as library_gradient;
use from_zero::ch04::s4_2_simple_net::SimpleNet;
use from_zero::numeric::elementary::ln;
use from_zero::numeric::matrix::Matrix;

use super::Exercise;

pub type Diff = fn(&dyn Fn(f64) -> f64, f64) -> f64;
pub type Gradient = fn(&dyn Fn(&[f64]) -> f64, &[f64]) -> Vec<f64>;
pub type Descent = fn(&dyn Fn(&[f64]) -> Vec<f64>, &[f64], f64, usize) -> Vec<f64>;
pub type Loss = fn(&Matrix, &Matrix, &Matrix) -> f64;
pub type SimpleNetGradient = fn(&Matrix, &Matrix, &Matrix, Loss) -> Matrix;

/// Rounding in f is divided by 2h = 2e-4, so it grows to some 1e-12 of f. The smallest mistake
/// below, h = 1e-10, changes a derivative by 1e-8.
const DIFFERENCES: f64 = 1e-9;

const H: f64 = 1e-4;

pub fn numerical_diff() -> Exercise<Diff> {
    let title = "numerical_diff: (f(x + h) − f(x − h)) / 2h";
    let answer = "src/ch04/s3_differentiation.rs";
    let right: Diff = |f, x| from_zero::ch04::s3_differentiation::numerical_diff(f, x);
    Exercise::new("e05", title, answer, right)
        .tolerance(DIFFERENCES)
        .case("numerical_diff(|x| x * x, 3.0)", |f| f(&|x| x * x, 3.0), 6.0)
        // The book, section 4.3.2: 0.01x² + 0.1x.
        .case(
            "numerical_diff(|x| 0.01 * x * x + 0.1 * x, 5.0)",
            |f| f(&function_1, 5.0),
            0.1999999999990898,
        )
        .case(
            "numerical_diff(|x| 0.01 * x * x + 0.1 * x, 10.0)",
            |f| f(&function_1, 10.0),
            0.2999999999986347,
        )
        // The slope of a line is its factor.
        .case("numerical_diff(|x| 3.0 * x, 1.0)", |f| f(&|x| 3.0 * x, 1.0), 3.0)
        .case("numerical_diff(|x| x * x * x, -2.0)", |f| f(&|x| x * x * x, -2.0), 12.00000001)
        // The book, section 4.3.1: the bad example, with a small h that is not too small.
        .mistake(
            "This looks like the forward difference (f(x + h) − f(x)) / h. Its error is \
             proportional to h. Take one step to each side, and divide by 2h.",
            |f, x| (f(x + H) - f(x)) / H,
        )
        // Planted.
        .mistake(
            "This looks like the backward difference (f(x) − f(x − h)) / h. Take one step to each \
             side, and divide by 2h.",
            |f, x| (f(x) - f(x - H)) / H,
        )
        // Planted.
        .mistake(
            "Your derivative is twice the right one. The two points are 2h apart: divide by 2h, \
             not by h.",
            |f, x| (f(x + H) - f(x - H)) / H,
        )
        // Planted.
        .mistake(
            "Your derivative is half of the right one. Divide by 2h, not by 4h, and take the \
             points x + h and x − h.",
            |f, x| (f(x + H) - f(x - H)) / (4.0 * H),
        )
        // Planted.
        .mistake(
            "This looks like `/ 2.0 * h`, which divides by 2 and then multiplies by h. Write \
             `/ (2.0 * h)`.",
            |f, x| (f(x + H) - f(x - H)) / 2.0 * H,
        )
        // Planted.
        .mistake(
            "This looks like `f(x + h) - f(x - h) / (2.0 * h)`, which divides first. Write brackets \
             around the difference.",
            |f, x| f(x + H) - f(x - H) / (2.0 * H),
        )
        // The book, section 4.3.1: h = 10e-50.
        .mistake(
            "The derivative is 0 everywhere. Either h is so small that x + h is x (the book's \
             10e-50 is), or both points are the same. Take h = 1e-4.",
            |f, x| (f(x + 10e-50) - f(x - 10e-50)) / (2.0 * 10e-50),
        )
        // The book, section 4.3.1: too small an h, and rounding.
        .mistake(
            "This looks like h = 1e-10. So small an h leaves mostly rounding errors of f. Take \
             h = 1e-4.",
            |f, x| (f(x + 1e-10) - f(x - 1e-10)) / (2.0 * 1e-10),
        )
        // Readers' questions: integers.
        .mistake(
            "NaN is 0 / 0 here: h is 0. In Rust, `1 / 10000` is a division of integers. It gives 0, \
             and `as f64` comes too late. Write 1e-4.",
            |f, x| (f(x + 0.0) - f(x - 0.0)) / 0.0,
        )
        // Published: x + h and then x − 2h.
        .mistake(
            "Your derivative is 1.5 times the right one for a line: the points are x + h and \
             x − 2h. The second point is x − h.",
            |f, x| (f(x + H) - f(x - 2.0 * H)) / (2.0 * H),
        )
        // Planted.
        .mistake(
            "The sign is wrong: f(x − h) is subtracted from f(x + h), not the other way round.",
            |f, x| (f(x - H) - f(x + H)) / (2.0 * H),
        )
}

pub fn numerical_gradient() -> Exercise<Gradient> {
    let title = "numerical_gradient: (∂f/∂x₀, …, ∂f/∂xₙ₋₁)";
    let right: Gradient = |f, x| library_gradient(f, x);
    Exercise::new("e06", title, "src/ch04/s4_1_gradient.rs", right)
        .tolerance(DIFFERENCES)
        // The book, section 4.4: f is the sum of the squares.
        .case("numerical_gradient(f, &[3.0, 4.0])", |f| f(&function_2, &[3.0, 4.0]), vec![6.0, 8.0])
        .case("numerical_gradient(f, &[0.0, 2.0])", |f| f(&function_2, &[0.0, 2.0]), vec![0.0, 4.0])
        .case("numerical_gradient(f, &[3.0, 0.0])", |f| f(&function_2, &[3.0, 0.0]), vec![6.0, 0.0])
        // A derivative by one variable contains the others.
        .case(
            "numerical_gradient(|x| x[0] * x[1] * x[2], &[2.0, 3.0, 5.0])",
            |f| f(&|x| x[0] * x[1] * x[2], &[2.0, 3.0, 5.0]),
            vec![15.0, 10.0, 6.0],
        )
        // Each factor of a line is the derivative by its variable.
        .case(
            "numerical_gradient(|x| x[0] + 10.0 * x[1] + 100.0 * x[2], &[1.0, 1.0, 1.0])",
            |f| f(&|x| x[0] + 10.0 * x[1] + 100.0 * x[2], &[1.0, 1.0, 1.0]),
            vec![1.0, 10.0, 100.0],
        )
        // Named in the book's code: `x[idx] = tmp_val`.
        .mistake(
            "The numbers were not put back: when x[1] is moved, x[0] still is x[0] − h. Set each to \
             its old value at the end of the loop, or make a new copy of x for each.",
            |f, x| {
                let mut x = x.to_vec();
                let mut gradient = Vec::new();
                for i in 0..x.len() {
                    let old = x[i];
                    x[i] = old + H;
                    let plus = f(&x);
                    x[i] = old - H;
                    gradient.push((plus - f(&x)) / (2.0 * H));
                }
                gradient
            },
        )
        // Planted: x[i] -= h after x[i] += h.
        .mistake(
            "Your gradient is half of the right one. After x[i] is x + h, `x[i] -= h` only goes \
             back to x. Compute x + h and x − h from the old value.",
            |f, x| differences(f, x, (H, 0.0), 2.0 * H),
        )
        // Published: x + h and then x − 2h.
        .mistake(
            "The second point is x − 2h, so the gradient is 1.5 times too large. Compute x + h and \
             x − h from the old value.",
            |f, x| differences(f, x, (H, -2.0 * H), 2.0 * H),
        )
        // Planted.
        .mistake(
            "These are forward differences. Take one step to each side, and divide by 2h.",
            |f, x| differences(f, x, (H, 0.0), H),
        )
        // Planted.
        .mistake(
            "Your gradient is twice the right one. The two points are 2h apart: divide by 2h.",
            |f, x| differences(f, x, (H, -H), H),
        )
        // Published: a copy is moved.
        .mistake(
            "The gradient is 0 everywhere. Did you change a copy, and call f with the old x? Call f \
             with the numbers that you changed.",
            |_, x| vec![0.0; x.len()],
        )
        // tests/book/published_slips.rs: W[i] = tmp + h moves a whole row.
        .mistake(
            "All numbers of x are moved at once, so each result is the sum of all derivatives. Move \
             x[i] alone.",
            |f, x| {
                let moved = |h: f64| f(&x.iter().map(|x| x + h).collect::<Vec<_>>());
                vec![(moved(H) - moved(-H)) / (2.0 * H); x.len()]
            },
        )
        // tests/book/published_slips.rs: the gradient at (3, 4) of an array of integers.
        .mistake(
            "This looks like integers: 3 + h became 3, and 3 − h became 2. Keep the numbers as f64.",
            |f, x| {
                let mut gradient = Vec::new();
                for i in 0..x.len() {
                    let mut moved = x.to_vec();
                    moved[i] = (x[i] + H).trunc();
                    let plus = f(&moved);
                    moved[i] = (x[i] - H).trunc();
                    gradient.push((plus - f(&moved)) / (2.0 * H));
                }
                gradient
            },
        )
        // Planted.
        .mistake(
            "The numbers are in reverse order. The derivative by x[0] comes first.",
            |f, x| {
                let mut gradient = library_gradient(f, x);
                gradient.reverse();
                gradient
            },
        )
}

/// For each number the difference of f between two steps, divided by `width`.
fn differences(f: &dyn Fn(&[f64]) -> f64, x: &[f64], steps: (f64, f64), width: f64) -> Vec<f64> {
    let moved = |i: usize, step: f64| {
        let mut x = x.to_vec();
        x[i] += step;
        f(&x)
    };
    (0..x.len()).map(|i| (moved(i, steps.0) - moved(i, steps.1)) / width).collect()
}

pub fn gradient_descent() -> Exercise<Descent> {
    let title = "gradient_descent: x ← x − η ∂f/∂x, many times";
    // The library's function takes f, and not its gradient.
    let right: Descent = |gradient, init_x, learning_rate, step_num| {
        let mut x = init_x.to_vec();
        for _ in 0..step_num {
            let gradient = gradient(&x);
            for (x, gradient) in x.iter_mut().zip(gradient) {
                *x -= learning_rate * gradient;
            }
        }
        x
    };
    Exercise::new("e07", title, "src/ch04/s4_1_gradient.rs", right)
        .case(
            "gradient_descent(gradient, &[-3.0, 4.0], 0.1, 1)",
            |f| f(&of_squares, &[-3.0, 4.0], 0.1, 1),
            vec![-2.4, 3.2],
        )
        // Each step multiplies x by 1 − 2η: 0.8¹⁰⁰ = 2.037e-10, section 4.4.1.
        .case(
            "gradient_descent(gradient, &[-3.0, 4.0], 0.1, 100)",
            |f| f(&of_squares, &[-3.0, 4.0], 0.1, 100),
            vec![-3.0 * 2.0370359763344867e-10, 4.0 * 2.0370359763344867e-10],
        )
        // (1 − 2 · 10)³ = −6859.
        .case(
            "gradient_descent(gradient, &[-3.0, 4.0], 10.0, 3)",
            |f| f(&of_squares, &[-3.0, 4.0], 10.0, 3),
            vec![20577.0, -27436.0],
        )
        .case(
            "gradient_descent(gradient, &[-3.0, 4.0], 0.1, 0)",
            |f| f(&of_squares, &[-3.0, 4.0], 0.1, 0),
            vec![-3.0, 4.0],
        )
        // f = x₀ x₁: each derivative is the other number. (1, 2) → (0, 1.5) → (−0.75, 1.5).
        .case(
            "gradient_descent(|x| vec![x[1], x[0]], &[1.0, 2.0], 0.5, 2)",
            |f| f(&of_product, &[1.0, 2.0], 0.5, 2),
            vec![-0.75, 1.5],
        )
        // Readers' notes: ascent and descent.
        .mistake(
            "This climbs: the gradient points uphill. Subtract it, do not add it.",
            |gradient, init_x, rate, steps| descend(gradient, init_x, -rate, steps),
        )
        // Planted.
        .mistake(
            "The gradient is computed once, at init_x, and used for every step. Compute it in the \
             loop, at the x of that step.",
            |gradient, init_x, rate, steps| {
                let first = gradient(init_x);
                descend(&|_| first.clone(), init_x, rate, steps)
            },
        )
        // Planted.
        .mistake(
            "The learning rate is not used. Multiply the gradient by it.",
            |gradient, init_x, _, steps| descend(gradient, init_x, 1.0, steps),
        )
        // Planted: a return in the loop.
        .mistake(
            "There is only one step. Does the loop return too early, or start from init_x each \
             time?",
            |gradient, init_x, rate, steps| descend(gradient, init_x, rate, steps.min(1)),
        )
        // Planted: `0..=step_num` and `1..step_num`.
        .mistake(
            "There is one step too many. `0..step_num` is step_num steps, `0..=step_num` is one \
             more.",
            |gradient, init_x, rate, steps| descend(gradient, init_x, rate, steps + 1),
        )
        // Planted.
        .mistake(
            "There is one step too few. `0..step_num` is step_num steps, `1..step_num` is one less.",
            |gradient, init_x, rate, steps| descend(gradient, init_x, rate, steps.saturating_sub(1)),
        )
        // Planted.
        .mistake(
            "The gradient was computed again after a part of x had moved. Compute the whole \
             gradient first, and then move all numbers.",
            |gradient, init_x, rate, steps| {
                let mut x = init_x.to_vec();
                for _ in 0..steps {
                    for i in 0..x.len() {
                        x[i] -= rate * gradient(&x)[i];
                    }
                }
                x
            },
        )
        // Planted.
        .mistake(
            "This is the gradient, not the place. Return x after the last step.",
            |gradient, init_x, rate, steps| gradient(&descend(gradient, init_x, rate, steps)),
        )
        // Readers' notes: a copy is changed.
        .mistake(
            "x does not move. Did you return init_x, or change a copy in each step?",
            |_, init_x, _, _| init_x.to_vec(),
        )
}

fn of_squares(x: &[f64]) -> Vec<f64> {
    x.iter().map(|x| 2.0 * x).collect()
}

fn of_product(x: &[f64]) -> Vec<f64> {
    vec![x[1], x[0]]
}

fn descend(
    gradient: &dyn Fn(&[f64]) -> Vec<f64>, init_x: &[f64], learning_rate: f64, steps: usize,
) -> Vec<f64> {
    let mut x = init_x.to_vec();
    for _ in 0..steps {
        let gradient = gradient(&x);
        for i in 0..x.len() {
            x[i] -= learning_rate * gradient[i];
        }
    }
    x
}

pub fn simple_net_gradient() -> Exercise<SimpleNetGradient> {
    let title = "simple_net_gradient: ∂L/∂W of a net with one layer";
    let right: SimpleNetGradient = |w, x, t, loss| by_differences(w, |w| loss(w, x, t));
    Exercise::new("e08", title, "src/ch04/s4_2_simple_net.rs", right)
        // The book prints eight digits.
        .tolerance(1e-8)
        .case(
            "simple_net_gradient(w, x, t, loss)",
            |f| f(&book_w(), &book_x(), &book_t(), simple_loss),
            Matrix::from_rows(&[
                [0.21924763, 0.14356247, -0.36281009],
                [0.32887144, 0.2153437, -0.54421514],
            ]),
        )
        // The book, section 4.4.2: the second net that is printed.
        .case(
            "simple_net_gradient(w, x, t, loss) of the book's second net",
            |f| f(&second_w(), &book_x(), &book_t(), simple_loss),
            Matrix::from_rows(&[
                [0.18827514, 0.165759, -0.35403414],
                [0.28241271, 0.24863849, -0.53105121],
            ]),
        )
        // The net of published notes: tests/book/published_slips.rs.
        .like_the_library("simple_net_gradient(w, x, t, loss) of a third net", |f| {
            f(&notes_w(), &book_x(), &book_t(), simple_loss)
        })
        .case(
            "simple_net_gradient(w, x, t, |w, _, _| w[(0, 1)])",
            |f| f(&book_w(), &book_x(), &book_t(), |w, _, _| w[(0, 1)]),
            Matrix::from_rows(&[[0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]),
        )
        // The question that readers ask most: "why does f take W and ignore it?"
        .mistake(
            "The gradient is 0: the loss was computed with the old W each time. The function that \
             you differentiate must use its argument.",
            |w, _, _, _| Matrix::zeros(w.rows(), w.columns()),
        )
        // tests/book/published_slips.rs: published as "the gradient is 0".
        .mistake(
            "A whole row of W was moved at once, and its numbers got the same result. Move one \
             number W[(i, j)] at a time.",
            |w, x, t, loss| {
                Matrix::from_fn(w.rows(), w.columns(), |i, _| {
                    let moved = |h: f64| {
                        let mut w = w.clone();
                        w.row_mut(i).iter_mut().for_each(|number| *number += h);
                        loss(&w, x, t)
                    };
                    (moved(H) - moved(-H)) / (2.0 * H)
                })
            },
        )
        // tests/book/published_slips.rs: the misprint. It needs a loss of one's own.
        .mistake(
            "These are the numbers of published notes, and they are wrong: the one-hot row \
             [0, 0, 1] was read as the labels 0, 0 and 1. Use the loss that is handed to you.",
            |w, x, t, _| {
                by_differences(w, |w| {
                    let y = softmax(x.dot(w).row(0));
                    -t.row(0).iter().map(|&label| ln(y[label as usize] + 1e-7)).sum::<f64>()
                })
            },
        )
        // The book's code of today: it has the 1e-7, and its printed numbers do not.
        .mistake(
            "These are the derivatives of the loss with 1e-7 inside the logarithm. Use the loss \
             that is handed to you. It is the exact one, which the book's numbers come from.",
            |w, x, t, _| {
                let (net, t) = (|w: &Matrix| SimpleNet { w: w.clone() }, OneHot::new(t.clone()));
                by_differences(w, |w| net(w).loss(x, &t))
            },
        )
        // Named in the book's code: `x[idx] = tmp_val`.
        .mistake(
            "The numbers of W were not put back: they stay at W − h. Set each to its old value \
             before you move the next one.",
            |w, x, t, loss| {
                let mut moved = w.clone();
                let mut gradient = Matrix::zeros(w.rows(), w.columns());
                for i in 0..w.rows() {
                    for j in 0..w.columns() {
                        moved[(i, j)] = w[(i, j)] + H;
                        let plus = loss(&moved, x, t);
                        moved[(i, j)] = w[(i, j)] - H;
                        gradient[(i, j)] = (plus - loss(&moved, x, t)) / (2.0 * H);
                    }
                }
                gradient
            },
        )
        // Planted.
        .mistake(
            "The gradient is transposed. It has the shape of W, and [(i, j)] is the derivative by \
             W[(i, j)].",
            |w, x, t, loss| {
                let gradient = by_differences(w, |w| loss(w, x, t));
                Matrix::from_fn(w.columns(), w.rows(), |i, j| gradient[(j, i)])
            },
        )
        // Planted.
        .mistake(
            "Your gradient is half of the right one. Move to x + h and to x − h, and divide by 2h.",
            |w, x, t, loss| by_differences(w, |w| 0.5 * loss(w, x, t)),
        )
        // Planted.
        .mistake(
            "Your gradient is twice the right one. Move to x + h and to x − h, and divide by 2h.",
            |w, x, t, loss| by_differences(w, |w| 2.0 * loss(w, x, t)),
        )
}

fn by_differences(w: &Matrix, loss: impl Fn(&Matrix) -> f64) -> Matrix {
    w.with_data(&library_gradient(|numbers| loss(&w.with_data(numbers)), w.as_slice()))
}

/// −ln softmax(x W)ₜ: the loss that the book's numbers were computed with.
pub fn simple_loss(w: &Matrix, x: &Matrix, t: &Matrix) -> f64 {
    SimpleNet { w: w.clone() }.exact_loss(x, &OneHot::new(t.clone()))
}

fn book_w() -> Matrix {
    let rows = [[0.47355232, 0.9977393, 0.84668094], [0.85557411, 0.03563661, 0.69422093]];
    Matrix::from_rows(&rows)
}

fn second_w() -> Matrix {
    let rows = [[-0.53572577, 0.65692054, 0.1165997], [-0.37309075, -1.30970997, -0.51098734]];
    Matrix::from_rows(&rows)
}

fn notes_w() -> Matrix {
    let rows = [[-0.0444667, 0.39308105, 1.66037027], [1.15833506, -0.92322092, -0.70728658]];
    Matrix::from_rows(&rows)
}

fn book_x() -> Matrix {
    Matrix::from_rows(&[[0.6, 0.9]])
}

fn book_t() -> Matrix {
    Matrix::from_rows(&[[0.0, 0.0, 1.0]])
}
