//! The generator against published numbers, and what it gives against its distribution.

use from_zero::numeric::elementary::exp;
use from_zero::numeric::random::{Rng, Xorshift64Star};

#[test]
fn xorshift64_star_gives_the_published_numbers() {
    // Rosetta Code, "Pseudo-random numbers/Xorshift star": the upper 32 bits from the state
    // 1234567.
    let mut rng = Xorshift64Star::from_state(1234567);
    let upper: Vec<u64> = (0..5).map(|_| rng.next_u64() >> 32).collect();
    assert_eq!(upper, [3540625527, 2750739987, 4037983143, 1993361440, 3809424708]);
}

#[test]
fn xorshift64_star_counts_as_published() {
    // The same page: how often ⌊5 · upper / 2³²⌋ is 0 … 4 in 100,000 numbers from 987654321.
    let mut rng = Xorshift64Star::from_state(987654321);
    let mut counts = [0; 5];
    for _ in 0..100_000 {
        counts[(((rng.next_u64() >> 32) * 5) >> 32) as usize] += 1;
    }
    assert_eq!(counts, [20103, 19922, 19937, 20031, 20007]);
}

#[test]
fn a_seed_is_scrambled_by_split_mix_64() {
    // Rosetta Code, "Pseudo-random numbers/Splitmix64": the first from the seed 1234567; and that
    // of seed 0, from Vigna's splitmix64.c.
    for (seed, state) in [(1234567, 6457827717110365317), (0, 0xe220a8397b1dcdaf)] {
        let mut same = Xorshift64Star::from_state(state);
        assert_eq!(Xorshift64Star::new(seed).next_u64(), same.next_u64());
    }
}

#[test]
fn the_seed_that_is_mixed_to_0_gives_random_numbers() {
    let seed = 0_u64.wrapping_sub(0x9e3779b97f4a7c15);
    assert_eq!(Xorshift64Star::new(seed).next_u64(), Xorshift64Star::new(0).next_u64());
}

#[test]
fn uniform_numbers_have_53_bits_and_stay_below_1() {
    let mut rng = Xorshift64Star::new(1);
    let mut lowest_bit = 0;
    for _ in 0..10_000 {
        let u = rng.uniform();
        assert!((0.0..1.0).contains(&u));
        let scaled = u * 9007199254740992.0; // 2⁵³
        assert_eq!(scaled.fract(), 0.0);
        lowest_bit += scaled as u64 % 2;
    }
    assert!((4_700..5_300).contains(&lowest_bit), "{lowest_bit}");
}

/// χ² of counts that should all be equal.
fn chi_square(counts: &[usize]) -> f64 {
    let expected = counts.iter().sum::<usize>() as f64 / counts.len() as f64;
    let squares = counts.iter().map(|&n| (n as f64 - expected) * (n as f64 - expected));
    squares.sum::<f64>() / expected
}

/// With 99 degrees of freedom 1 in 1000 lies above, and as many below. Source: tables of the χ²
/// distribution.
const CHI_SQUARE_99: std::ops::Range<f64> = 60.0..148.2;

/// How many of n numbers fall in each of 100 cells, by their distribution function.
fn cells(n: usize, mut distribution: impl FnMut() -> f64) -> Vec<usize> {
    let mut counts = vec![0; 100];
    for _ in 0..n {
        counts[((distribution() * 100.0) as usize).min(99)] += 1;
    }
    counts
}

/// Φ(x) = ½ erfc(−x/√2), by the series and the continued fraction of the handbooks; good to 1e-12
/// here.
fn normal_distribution(x: f64) -> f64 {
    let density = exp(-0.5 * x * x) / (2.0 * std::f64::consts::PI).sqrt();
    if x.abs() < 3.0 {
        let mut term = x;
        let mut sum = x;
        for n in 1..100 {
            term *= x * x / f64::from(2 * n + 1);
            sum += term;
        }
        return 0.5 + density * sum;
    }
    let fraction = (1..60).rev().fold(0.0, |tail, n| f64::from(n) / (x.abs() + tail));
    let tail = density / (x.abs() + fraction);
    if x > 0.0 { 1.0 - tail } else { tail }
}

#[test]
fn the_distribution_function_of_the_test_is_right() {
    // By mpmath's ncdf.
    for (x, want) in [
        (0.0, 0.5),
        (1.0, 0.8413447460685429),
        (-1.959963984540054, 0.025),
        (3.5, 0.9997673709209645),
    ] {
        assert!((normal_distribution(x) - want).abs() < 1e-12, "{x}");
    }
}

#[test]
fn uniform_numbers_are_uniform() {
    let mut rng = Xorshift64Star::new(2);
    let chi_square = chi_square(&cells(1_000_000, || rng.uniform()));
    assert!(CHI_SQUARE_99.contains(&chi_square), "{chi_square}");
}

#[test]
fn normal_numbers_are_normal() {
    let mut rng = Xorshift64Star::new(3);
    let chi_square = chi_square(&cells(1_000_000, || normal_distribution(rng.normal())));
    assert!(CHI_SQUARE_99.contains(&chi_square), "{chi_square}");
}

#[test]
fn the_chi_square_test_rejects_other_distributions() {
    // The sum of twelve uniform numbers less 6: the usual makeshift. Its tails are too thin.
    let mut rng = Xorshift64Star::new(4);
    let mut makeshift = || (0..12).map(|_| rng.uniform()).sum::<f64>() - 6.0;
    let chi_square_of_makeshift =
        chi_square(&cells(1_000_000, || normal_distribution(makeshift())));
    assert!(chi_square_of_makeshift > 200.0, "{chi_square_of_makeshift}");
    // Normal numbers with a standard deviation of 1.01.
    let wide = chi_square(&cells(1_000_000, || normal_distribution(1.01 * rng.normal())));
    assert!(wide > 148.2, "{wide}");
}

#[test]
fn a_pair_of_normal_numbers_is_that_of_box_and_muller() {
    // √(−2 ln(1 − u)) · cos 2πv comes first, and then the same with the sine.
    for seed in 0..100 {
        let (mut rng, mut same) = (Xorshift64Star::new(seed), Xorshift64Star::new(seed));
        let (u, v) = (same.uniform(), same.uniform());
        let radius = (-2.0 * (1.0 - u).ln()).sqrt();
        let angle = 2.0 * std::f64::consts::PI * v;
        for (name, expected) in [("first", radius * angle.cos()), ("second", radius * angle.sin())]
        {
            let found = rng.normal();
            assert!(
                (found - expected).abs() < 1e-14,
                "seed {seed}, the {name} of a pair: expected {expected}, found {found}"
            );
        }
    }
}

#[test]
fn normal_numbers_have_the_moments_0_1_0_3() {
    let n = 1_000_000;
    let mut rng = Xorshift64Star::new(5);
    let z: Vec<f64> = (0..n).map(|_| rng.normal()).collect();
    let moment = |k: i32| z.iter().map(|z| z.powi(k)).sum::<f64>() / f64::from(n);
    // Four standard errors each: √(1, 2, 15, 96 / n).
    for (k, want, variance) in [(1, 0.0, 1.0), (2, 1.0, 2.0), (3, 0.0, 15.0), (4, 3.0, 96.0)] {
        let bound = 4.0 * f64::sqrt(variance / f64::from(n));
        assert!((moment(k) - want).abs() < bound, "moment {k}: {}", moment(k));
    }
}

#[test]
fn the_two_normal_numbers_of_a_pair_are_independent() {
    let n = 500_000;
    let mut rng = Xorshift64Star::new(6);
    let pairs: Vec<(f64, f64)> = (0..n).map(|_| (rng.normal(), rng.normal())).collect();
    let bound = 4.0 / f64::from(n).sqrt();
    let mean =
        |f: fn(f64, f64) -> f64| pairs.iter().map(|&(a, b)| f(a, b)).sum::<f64>() / f64::from(n);
    assert!(mean(|a, b| a * b).abs() < bound);
    assert!(mean(|a, b| (a * a - 1.0) * (b * b - 1.0)).abs() < 2.0 * bound);
}

#[test]
fn whole_numbers_have_no_modulo_bias() {
    // Of 64 bits, x mod ¾·2⁶⁴ would fall in the lower third of the range half the time.
    let n = usize::MAX / 4 * 3;
    let mut rng = Xorshift64Star::new(7);
    let lower_third = (0..30_000).filter(|_| rng.below(n) < n / 3).count();
    assert!((9_670..10_330).contains(&lower_third), "{lower_third}");
    let chi_square = chi_square(&(0..1_000_000).fold(vec![0; 100], |mut counts, _| {
        counts[rng.below(100)] += 1;
        counts
    }));
    assert!(CHI_SQUARE_99.contains(&chi_square), "{chi_square}");
}

#[test]
fn below_1_is_always_0() {
    let mut rng = Xorshift64Star::new(8);
    assert!((0..100).all(|_| rng.below(1) == 0));
}

#[test]
fn a_mini_batch_is_drawn_with_replacement() {
    let mut rng = Xorshift64Star::new(10);
    let batch = rng.choice(60_000, 100);
    assert_eq!(batch.len(), 100);
    assert!(batch.iter().all(|&i| i < 60_000));
    // 1000 of 1000 without a repeat would be a permutation: about 368 never come.
    let mut batch = rng.choice(1000, 1000);
    batch.sort_unstable();
    batch.dedup();
    assert!((580..690).contains(&batch.len()), "{}", batch.len());
    assert!(rng.choice(0, 0).is_empty());
}

#[test]
fn a_permutation_has_each_number_once_and_every_order_alike() {
    let mut rng = Xorshift64Star::new(21);
    let mut order = rng.permutation(1000);
    assert_ne!(order[..10], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    order.sort_unstable();
    assert_eq!(order, (0..1000).collect::<Vec<_>>());
    assert!(rng.permutation(0).is_empty());
    // The 24 orders of four numbers. A swap with any number, in place of one at or before it, makes
    // some orders more frequent: 4⁴ ways are not a multiple of 24.
    let number = |order: Vec<usize>| order.iter().fold(0, |number, digit| 4 * number + digit);
    let mut counts = std::collections::BTreeMap::new();
    for _ in 0..24_000 {
        *counts.entry(number(rng.permutation(4))).or_insert(0_usize) += 1;
    }
    let counts: Vec<usize> = counts.into_values().collect();
    assert_eq!(counts.len(), 24);
    // 23 degrees of freedom: above 49.7 in one of a thousand.
    assert!(chi_square(&counts) < 49.7, "{counts:?}");
}
