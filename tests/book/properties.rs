//! What holds for any input: identities, inverses, and invariances, over many random ones. The
//! references are computed in twice the precision.

use crate::common::{assert_close, random_matrix, random_net, transposed};
use from_zero::ch03::activation::Activation;
use from_zero::ch03::functions::softmax;
use from_zero::ch04::s2_4_batch_cross_entropy::softmax_cross_entropy;
use from_zero::ch04::s2_4_targets::Labels;
use from_zero::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use from_zero::formats::crc32::crc32;
use from_zero::formats::gzip;
use from_zero::formats::inflate::inflate;
use from_zero::formats::npy::{self, Array};
use from_zero::formats::npz::{self, Npz};
use from_zero::numeric::elementary::{exp, ln};
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::random::{Rng, Xorshift64Star};

/// A number of about 106 bits: the sum of two f64, the second below half a unit in the last place of
/// the first. Source: T. J. Dekker, "A floating-point technique for extending the available
/// precision" (1971).
#[derive(Clone, Copy, Debug)]
struct Double(f64, f64);

impl Double {
    fn of(v: f64) -> Self {
        Self(v, 0.0)
    }

    fn add(self, other: Self) -> Self {
        let sum = self.0 + other.0;
        let rest = sum - self.0;
        let error = (self.0 - (sum - rest)) + (other.0 - rest);
        Self::normal(sum, error + self.1 + other.1)
    }

    fn mul(self, other: Self) -> Self {
        let product = self.0 * other.0;
        let error = self.0.mul_add(other.0, -product);
        Self::normal(product, error + self.0 * other.1 + self.1 * other.0)
    }

    fn div(self, other: Self) -> Self {
        let quotient = self.0 / other.0;
        let rest = self.add(other.mul(Self::of(-quotient)));
        Self::of(quotient).add(Self::of(rest.0 / other.0))
    }

    fn normal(high: f64, low: f64) -> Self {
        let sum = high + low;
        Self(sum, low - (sum - high))
    }

    /// eᵛ: the series for v / 1024, squared ten times.
    fn exp(self) -> Self {
        let v = Self(self.0 / 1024.0, self.1 / 1024.0);
        let one = Self::of(1.0);
        let series =
            (1..=28).rev().fold(one, |sum, k| one.add(v.mul(sum).div(Self::of(f64::from(k)))));
        (0..10).fold(series, |power, _| power.mul(power))
    }

    /// ln v by two of Newton's steps: y + v e⁻ʸ − 1.
    fn ln(self) -> Self {
        let step = |y: Self| {
            let power = Self(-y.0, -y.1).exp();
            y.add(self.mul(power)).add(Self::of(-1.0))
        };
        step(step(Self::of(self.0.ln())))
    }
}

#[test]
fn the_reference_has_twice_the_precision() {
    // e, and ln 10, by mpmath: the second number is what the first lacks.
    let Double(high, low) = Double::of(1.0).exp();
    assert_eq!(high, std::f64::consts::E);
    assert!((low - 1.4456468917292502e-16).abs() < 1e-28, "{low:e}");
    let Double(high, low) = Double::of(10.0).ln();
    assert_eq!(high, std::f64::consts::LN_10);
    assert!((low + 2.1707562233822494e-16).abs() < 1e-28, "{low:e}");
}

#[test]
fn exp_and_ln_are_within_one_unit_of_the_last_place() {
    let mut rng = Xorshift64Star::new(1);
    let units = |got: f64, want: Double| ((got - want.0) - want.1).abs() / ulp(want.0);
    for _ in 0..30_000 {
        let x = 1_400.0 * rng.uniform() - 700.0;
        assert!(units(exp(x), Double::of(x).exp()) < 1.0, "exp({x:?})");
        let v = exp(x);
        assert!(units(ln(v), Double::of(v).ln()) < 1.0, "ln({v:?})");
        let near_1 = 1.0 + 0.01 * (rng.uniform() - 0.5);
        assert!(units(ln(near_1), Double::of(near_1).ln()) < 1.0, "ln({near_1:?})");
    }
}

/// The distance from a number to the next.
fn ulp(v: f64) -> f64 {
    v.abs().next_up() - v.abs()
}

#[test]
fn exp_and_ln_never_fall_over_millions_of_points() {
    // Steps of one bit where the pieces of the functions meet, and of random length everywhere.
    let mut rng = Xorshift64Star::new(2);
    for start in [-745.0, -708.4, -1.0, -0.3466, -1e-5, 1e-300, 0.3465, 1.0, 2.5, 709.0] {
        let mut x: f64 = start;
        for _ in 0..50_000 {
            assert!(exp(x) <= exp(x.next_up()), "exp falls at {x:?}");
            x = x.next_up();
        }
    }
    for start in [5e-324, 1e-310, 0.7, 0.7072, 1.0 - 1e-12, 1.4143, 2.0, 1e300] {
        let mut v: f64 = start;
        for _ in 0..50_000 {
            assert!(ln(v) <= ln(v.next_up()), "ln falls at {v:?}");
            v = v.next_up();
        }
    }
    let (mut x, mut before) = (-746.0, 0.0);
    for _ in 0..2_000_000 {
        x += rng.uniform() * 1.5e-3;
        let power = exp(x);
        assert!(power >= before, "exp falls before {x:?}");
        before = power;
    }
}

#[test]
fn softmax_and_cross_entropy_are_those_of_twice_the_precision() {
    let mut rng = Xorshift64Star::new(3);
    for round in 0..300 {
        let (n, k) = (1 + rng.below(5), 2 + rng.below(9));
        let a = random_matrix(n, k, [0.1, 3.0, 30.0, 300.0][round % 4], &mut rng);
        let t = Labels::new(rng.choice(k, n));
        let mut loss = Double::of(0.0);
        for (row, &label) in a.iter_rows().zip(t.as_slice()) {
            let max = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let powers: Vec<Double> =
                row.iter().map(|&v| Double::of(v).add(Double::of(-max)).exp()).collect();
            let sum = powers.iter().fold(Double::of(0.0), |sum, &power| sum.add(power));
            for ((&y, &power), &v) in softmax(row).iter().zip(&powers).zip(row) {
                // The exponent v − max is rounded once, which its power feels |v − max| fold.
                let allowed = 1e-15 + 1.2e-16 * (max - v);
                let want = power.div(sum).0;
                assert!((y - want).abs() <= allowed * want + 1e-300, "{y:e} {want:e}");
            }
            let of_row = sum.ln().add(Double::of(max)).add(Double::of(-row[label]));
            loss = loss.add(of_row);
        }
        let want = loss.div(Double::of(n as f64)).0;
        assert_close(&[softmax_cross_entropy(&a, &t)], &[want], 4e-16 * want.max(1.0));
    }
}

#[test]
fn products_keep_the_laws_of_matrices() {
    let mut rng = Xorshift64Star::new(4);
    for _ in 0..200 {
        let [n, k, m, l] = [0; 4].map(|_: i32| 1 + rng.below(40));
        let (a, b) = (random_matrix(n, k, 1.0, &mut rng), random_matrix(k, m, 1.0, &mut rng));
        let (c, d) = (random_matrix(m, l, 1.0, &mut rng), random_matrix(k, m, 1.0, &mut rng));
        let close = |x: &Matrix, y: &Matrix| {
            assert_eq!(x.shape(), y.shape());
            assert_close(x.as_slice(), y.as_slice(), 1e-12);
        };
        assert_eq!(transposed(&transposed(&a)), a);
        assert_eq!(transposed(&a.dot(&b)), transposed(&b).dot(&transposed(&a)));
        close(&a.dot(&b).dot(&c), &a.dot(&b.dot(&c)));
        let sum = |x: &Matrix, y: &Matrix| x.zip_map(y, |x, y| x + y);
        close(&a.dot(&sum(&b, &d)), &sum(&a.dot(&b), &a.dot(&d)));
        close(&a.dot(&(&b - &d)), &(&a.dot(&b) - &a.dot(&d)));
        close(&(&a * 3.0).dot(&b), &(&a.dot(&b) * 3.0));
        let one = Matrix::from_fn(k, k, |i, j| f64::from(u8::from(i == j)));
        assert_eq!(a.dot(&one), a);
    }
}

/// DEFLATE without compression: blocks of these lengths.
fn stored(data: &[u8], rng: &mut Xorshift64Star) -> Vec<u8> {
    let mut stream = Vec::new();
    let mut rest = data;
    loop {
        let (block, behind) = rest.split_at(rng.below(5_000).min(rest.len()));
        rest = behind;
        stream.push(u8::from(rest.is_empty())); // the last block is marked
        stream.extend((block.len() as u16).to_le_bytes());
        stream.extend((!(block.len() as u16)).to_le_bytes());
        stream.extend(block);
        if rest.is_empty() {
            return stream;
        }
    }
}

#[test]
fn inflate_gives_back_what_was_stored() {
    let mut rng = Xorshift64Star::new(5);
    for _ in 0..300 {
        let data: Vec<u8> = (0..rng.below(20_000)).map(|_| rng.below(256) as u8).collect();
        let stream = stored(&data, &mut rng);
        let mut output = Vec::new();
        assert_eq!(inflate(&stream, &mut output, data.len()), Ok(stream.len()));
        assert_eq!(output, data);

        let mut file = b"\x1f\x8b\x08\0\0\0\0\0\0\xff".to_vec();
        file.extend(stream);
        file.extend(crc32(&data).to_le_bytes());
        file.extend((data.len() as u32).to_le_bytes());
        assert_eq!(gzip::decompress(&file, data.len()), Ok(data));
    }
}

#[test]
fn npy_and_npz_give_back_what_was_written() {
    let mut rng = Xorshift64Star::new(6);
    for _ in 0..300 {
        let arrays: Vec<(String, Array)> = (0..rng.below(6))
            .map(|i| {
                let shape: Vec<usize> = (0..rng.below(3)).map(|_| rng.below(12)).collect();
                let count = shape.iter().product();
                let data = (0..count).map(|_| f64::from_bits(rng.next_u64()) * 1.0).collect();
                (format!("array {i} é"), Array { shape, data })
            })
            .collect();
        let bits = |array: &Array| array.data.iter().map(|v| v.to_bits()).collect::<Vec<u64>>();
        let named: Vec<(&str, Array)> =
            arrays.iter().map(|(name, array)| (name.as_str(), array.clone())).collect();
        let file = npz::write(&named);
        let npz = Npz::parse(&file).expect("whole");
        assert_eq!(npz.names().count(), arrays.len());
        for (name, array) in &arrays {
            let read = npz.array(name, 1 << 16).expect("an array").expect("it is there");
            assert_eq!((&read.shape, bits(&read)), (&array.shape, bits(array)));
            let read = npy::parse(&npy::write(array), 1 << 16).expect("an array");
            assert_eq!((&read.shape, bits(&read)), (&array.shape, bits(array)));
        }
    }
}

/// The numbers 0 … n − 1 in another order.
fn permutation(n: usize, rng: &mut Xorshift64Star) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    for i in (1..n).rev() {
        order.swap(i, rng.below(i + 1));
    }
    order
}

#[test]
fn the_order_of_a_mini_batch_does_not_matter() {
    let mut rng = Xorshift64Star::new(7);
    for activation in [Activation::Sigmoid, Activation::Relu] {
        for _ in 0..50 {
            let net = random_net(6, 5, 4, &mut rng).with_activation(activation);
            let x = random_matrix(30, 6, 2.0, &mut rng);
            let t = Labels::new(rng.choice(4, 30));
            let order = permutation(30, &mut rng);
            let (other_x, other_t) = (x.select_rows(&order), t.select(&order));
            assert_close(&[net.loss(&other_x, &other_t)], &[net.loss(&x, &t)], 1e-14);
            assert_eq!(net.accuracy(&other_x, &other_t), net.accuracy(&x, &t));
            let (gradient, other) = (net.gradient(&x, &t), net.gradient(&other_x, &other_t));
            for ((_, a), (_, b)) in gradient.parts().into_iter().zip(other.parts()) {
                assert_close(a, b, 1e-14);
            }
        }
    }
}

#[test]
fn hidden_units_in_another_order_are_the_same_net() {
    let mut rng = Xorshift64Star::new(8);
    for activation in [Activation::Sigmoid, Activation::Relu, Activation::Step] {
        for _ in 0..50 {
            let net = random_net(6, 7, 4, &mut rng).with_activation(activation);
            let x = random_matrix(10, 6, 2.0, &mut rng);
            let t = Labels::new(rng.choice(4, 10));
            let order = permutation(7, &mut rng);
            let reordered = |p: &Parameters| Parameters {
                w1: transposed(&transposed(&p.w1).select_rows(&order)),
                b1: order.iter().map(|&j| p.b1[j]).collect(),
                w2: p.w2.select_rows(&order),
                b2: p.b2.clone(),
            };
            let other = TwoLayerNet { params: reordered(&net.params), activation };
            assert_close(&[other.loss(&x, &t)], &[net.loss(&x, &t)], 1e-14);
            let (want, got) = (reordered(&net.gradient(&x, &t)), other.gradient(&x, &t));
            for ((_, a), (_, b)) in want.parts().into_iter().zip(got.parts()) {
                assert_close(a, b, 1e-14);
            }
        }
    }
}
