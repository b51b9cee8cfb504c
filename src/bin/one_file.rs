//! The whole chapter in one file: a net with two layers learns to read handwritten digits. Read it
//! from top to bottom. It takes about twenty seconds: `cargo run --release --bin one_file`
//!
//! Only the reader of MNIST's files comes from the library. exp, ln and cos are those of the system,
//! so the last digits may differ on another one.

#![allow(clippy::needless_range_loop)] // the loops have indices, as the formulas have

use from_zero::formats::mnist::{Part, load_test, load_train};

// ---- 1. A matrix is a list of rows. A sample is a row.

type Matrix = Vec<Vec<f64>>;

/// C = A B: row i of A times column j of B.
fn dot(a: &Matrix, b: &Matrix) -> Matrix {
    let mut c = vec![vec![0.0; b[0].len()]; a.len()];
    for i in 0..a.len() {
        for k in 0..b.len() {
            for j in 0..b[0].len() {
                c[i][j] += a[i][k] * b[k][j];
            }
        }
    }
    c
}

/// Aᵀ: the rows become columns.
fn transposed(a: &Matrix) -> Matrix {
    (0..a[0].len()).map(|j| a.iter().map(|row| row[j]).collect()).collect()
}

// ---- 2. Random numbers: xorshift64*, and Box–Muller for the bell curve.

struct Random(u64);

impl Random {
    /// A whole number below n. The upper bits are the more random ones.
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) % n
    }

    /// A number from N(0, 1): mean 0, standard deviation 1.
    fn normal(&mut self) -> f64 {
        let mut uniform = || self.below(1 << 53) as f64 / (1_u64 << 53) as f64; // from 0 to 1
        let (u, v) = (1.0 - uniform(), uniform()); // u is not 0, so ln u exists
        (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
    }
}

// ---- 3. The net: x → W1, b1 → sigmoid → W2, b2 → softmax → y. Section 4.5.1.

#[derive(Clone)]
struct Net {
    w1: Matrix, // (inputs, hidden)
    b1: Vec<f64>,
    w2: Matrix, // (hidden, classes)
    b2: Vec<f64>,
}

/// Small random weights, biases 0.
fn new_net(inputs: usize, hidden: usize, classes: usize, random: &mut Random) -> Net {
    let mut row = |columns| (0..columns).map(|_| 0.01 * random.normal()).collect();
    let w1 = (0..inputs).map(|_| row(hidden)).collect();
    let w2 = (0..hidden).map(|_| row(classes)).collect();
    Net { w1, b1: vec![0.0; hidden], w2, b2: vec![0.0; classes] }
}

/// a = x W + b: b is added to each row.
fn affine(x: &Matrix, w: &Matrix, b: &[f64]) -> Matrix {
    let with_b = |row: Vec<f64>| row.iter().zip(b).map(|(a, b)| a + b).collect();
    dot(x, w).into_iter().map(with_b).collect()
}

/// 1 / (1 + e⁻ᵃ) of each number.
fn sigmoid(a: &Matrix) -> Matrix {
    a.iter().map(|row| row.iter().map(|a| 1.0 / (1.0 + (-a).exp())).collect()).collect()
}

/// Each row becomes probabilities: all above 0, sum 1. Without the maximum, exp could overflow.
fn softmax(a: &Matrix) -> Matrix {
    let of_row = |row: &Vec<f64>| -> Vec<f64> {
        let max = row.iter().fold(f64::NEG_INFINITY, |max, &a| max.max(a));
        let sum: f64 = row.iter().map(|a| (a - max).exp()).sum();
        row.iter().map(|a| (a - max).exp() / sum).collect()
    };
    a.iter().map(of_row).collect()
}

/// The outputs of the hidden layer z1, and the probabilities y.
fn forward(net: &Net, x: &Matrix) -> (Matrix, Matrix) {
    let z1 = sigmoid(&affine(x, &net.w1, &net.b1));
    let y = softmax(&affine(&z1, &net.w2, &net.b2));
    (z1, y)
}

// ---- 4. The loss: the cross-entropy error, the mean of −ln of the right answer's probability.

fn loss(net: &Net, x: &Matrix, t: &[usize]) -> f64 {
    let (_, y) = forward(net, x);
    (0..t.len()).map(|n| -(y[n][t[n]] + 1e-7).ln()).sum::<f64>() / t.len() as f64
}

// ---- 5. The gradient by numerical differentiation: move each weight up and down, and look.

/// ∂L/∂W1. The other three parts work in the same way.
fn numerical_gradient_of_w1(net: &Net, x: &Matrix, t: &[usize]) -> Matrix {
    let (mut net, mut gradient, h) = (net.clone(), net.w1.clone(), 1e-4);
    for i in 0..net.w1.len() {
        for j in 0..net.w1[0].len() {
            let w = net.w1[i][j];
            net.w1[i][j] = w + h;
            let up = loss(&net, x, t);
            net.w1[i][j] = w - h;
            gradient[i][j] = (up - loss(&net, x, t)) / (2.0 * h);
            net.w1[i][j] = w; // put back
        }
    }
    gradient
}

// ---- 6. The same gradient by backpropagation: forward once, backward once. Chapter 5.

fn gradient(net: &Net, x: &Matrix, t: &[usize]) -> Net {
    let (z1, y) = forward(net, x);
    let mut dy = y; // (y − t) / N, with t as one-hot rows
    for n in 0..t.len() {
        dy[n][t[n]] -= 1.0;
        dy[n].iter_mut().for_each(|d| *d /= t.len() as f64);
    }
    let mut da1 = dot(&dy, &transposed(&net.w2));
    for n in 0..t.len() {
        for j in 0..z1[0].len() {
            da1[n][j] *= (1.0 - z1[n][j]) * z1[n][j]; // the slope of the sigmoid
        }
    }
    let sums = |d: &Matrix| (0..d[0].len()).map(|j| d.iter().map(|row| row[j]).sum()).collect();
    let (w1, w2) = (dot(&transposed(x), &da1), dot(&transposed(&z1), &dy));
    Net { w1, b1: sums(&da1), w2, b2: sums(&dy) }
}

// ---- 7. One step: each weight goes a little down its slope.

fn descend(net: &mut Net, d: &Net, learning_rate: f64) {
    let rows = net.w1.iter_mut().chain(&mut net.w2).chain([&mut net.b1, &mut net.b2]);
    for (row, d) in rows.zip(d.w1.iter().chain(&d.w2).chain([&d.b1, &d.b2])) {
        for j in 0..row.len() {
            row[j] -= learning_rate * d[j];
        }
    }
}

// ---- 8. Learning from 60,000 images, and the accuracy on 10,000 others.

/// The images with these numbers, pixels from 0 to 1, and their labels.
fn batch(images: &Part, numbers: &[usize]) -> (Matrix, Vec<usize>) {
    let pixels = |n: usize| images.pixels()[784 * n..784 * (n + 1)].iter();
    let x = numbers.iter().map(|&n| pixels(n).map(|&v| f64::from(v) / 255.0).collect()).collect();
    (x, numbers.iter().map(|&n| usize::from(images.labels[n])).collect())
}

fn accuracy(net: &Net, images: &Part) -> f64 {
    let (x, t) = batch(images, &Vec::from_iter(0..images.labels.len()));
    let (_, y) = forward(net, &x);
    let answer = |y: &[f64]| (0..10).fold(0, |best, k| if y[k] > y[best] { k } else { best });
    (0..t.len()).filter(|&n| answer(&y[n]) == t[n]).count() as f64 / t.len() as f64
}

fn main() -> std::io::Result<()> {
    let mut random = Random(1);
    let net = new_net(4, 3, 2, &mut random);
    let (x, t) = (vec![vec![0.5, -0.1, 0.9, 0.3], vec![-0.7, 0.2, 0.4, 0.8]], vec![1, 0]);
    let [numerical, analytic] = [numerical_gradient_of_w1(&net, &x, &t), gradient(&net, &x, &t).w1];
    println!(
        "∂L/∂W1[0][0] numerically {:.9}, by backpropagation {:.9}",
        numerical[0][0], analytic[0][0]
    );

    let folder = "fixtures/mnist".as_ref();
    let (train, test) = (load_train(folder)?, load_test(folder)?);
    let mut net = new_net(784, 50, 10, &mut random);
    let iterations = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(3_001);
    for i in 0..iterations {
        let images = train.labels.len() as u64;
        let numbers: Vec<usize> = (0..100).map(|_| random.below(images) as usize).collect();
        let (x, t) = batch(&train, &numbers);
        let d = gradient(&net, &x, &t);
        descend(&mut net, &d, 0.1);
        if i % 300 == 0 {
            let (loss, accuracy) = (loss(&net, &x, &t), accuracy(&net, &test));
            println!("iteration {i:4}  loss {loss:.4}  test accuracy {accuracy:.4}");
        }
    }
    Ok(())
}
