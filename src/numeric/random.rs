//! Random numbers: what the book takes from `np.random`. A generator is always passed as an argument:
//! the seed decides a whole run.

use super::elementary::{ln, sin_cos_turn};

/// A source of random numbers, with the three kinds that the chapter needs.
pub trait Rng {
    /// A number from the uniform distribution on [0, 1), a multiple of 2⁻⁵³ (`np.random.rand`).
    fn uniform(&mut self) -> f64;

    /// A number from the normal distribution with mean 0 and standard deviation 1 (`np.random.randn`).
    fn normal(&mut self) -> f64;

    /// A whole number from the uniform distribution on 0 … n − 1 (`np.random.randint(n)`).
    #[track_caller]
    fn below(&mut self, n: usize) -> usize;

    /// `size` whole numbers, each drawn from 0 … n − 1, so a number may occur twice:
    /// `np.random.choice(n, size)`.
    #[track_caller]
    fn choice(&mut self, n: usize, size: usize) -> Vec<usize> {
        assert!(n > 0 || size == 0, "choice: {size} of 0 samples");
        (0..size).map(|_| self.below(n)).collect()
    }

    /// The numbers 0 … n − 1 in random order: `np.random.permutation(n)`.
    fn permutation(&mut self, n: usize) -> Vec<usize> {
        let mut numbers: Vec<usize> = (0..n).collect();
        for i in (1..n).rev() {
            numbers.swap(i, self.below(i + 1));
        }
        numbers
    }
}

/// xorshift64*. Source: S. Vigna, "An experimental exploration of Marsaglia's xorshift generators,
/// scrambled" (2016), with the shifts 12, 25, 27. Its period is 2⁶⁴ − 1. Its lowest bits are less
/// random than the others, so the functions below use the upper bits.
#[derive(Clone, Debug)]
pub struct Xorshift64Star {
    state: u64,
    /// Box–Muller makes two normal numbers at a time. The second one is kept here.
    waiting: Option<f64>,
}

impl Xorshift64Star {
    /// A generator for any seed, also for 0. The seed is first scrambled by one step of SplitMix64
    /// (G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", 2014), as Vigna
    /// advises. Without that, seed 0 would not work, and the first numbers of the seeds 1, 2, 3 … would
    /// be similar. One of the 2⁶⁴ seeds is scrambled to 0. It gives the same numbers as seed 0.
    pub fn new(seed: u64) -> Self {
        let z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let state = z ^ (z >> 31);
        if state == 0 { Self::new(0) } else { Self::from_state(state) }
    }

    /// A generator that starts from `state` itself, for comparison with other implementations.
    pub fn from_state(state: u64) -> Self {
        assert!(state != 0, "xorshift64*: a state of 0 gives only zeros");
        Self { state, waiting: None }
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }
}

impl Rng for Xorshift64Star {
    fn uniform(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Box and Muller (1958): for two uniform numbers u and v, √(−2 ln u) · (cos 2πv, sin 2πv) is a
    /// pair of independent normal numbers.
    fn normal(&mut self) -> f64 {
        if let Some(second) = self.waiting.take() {
            return second;
        }
        let radius = (-2.0 * ln(1.0 - self.uniform())).sqrt(); // 1 − u is never 0
        let (sin, cos) = sin_cos_turn(self.uniform());
        self.waiting = Some(radius * sin);
        radius * cos
    }

    /// x · n / 2⁶⁴ for 64 random bits x. Some x are rejected and drawn again, because otherwise some
    /// results would be slightly more frequent. Source: D. Lemire, "Fast random integer generation in
    /// an interval" (2019).
    fn below(&mut self, n: usize) -> usize {
        assert!(n > 0, "below: there is no whole number below 0");
        let n = n as u64;
        let surplus = n.wrapping_neg() % n; // 2⁶⁴ mod n
        loop {
            let product = u128::from(self.next_u64()) * u128::from(n);
            if product as u64 >= surplus {
                return (product >> 64) as usize;
            }
        }
    }
}

/// For a program that chooses its generator while it runs: the command has `--random numpy`.
impl Rng for Box<dyn Rng> {
    fn uniform(&mut self) -> f64 {
        (**self).uniform()
    }

    fn normal(&mut self) -> f64 {
        (**self).normal()
    }

    fn below(&mut self, n: usize) -> usize {
        (**self).below(n)
    }
}
