//! Random numbers: xorshift64*, uniform and normal numbers, drawing a mini-batch.
//!
//! Stands for `np.random`. A generator is an argument (`rng: &mut impl Rng`), never
//! ambient, so that a seed decides a whole run.

use super::elementary::{ln, sin_cos_turn};

/// What the chapter asks of a source of randomness.
pub trait Rng {
    /// A number uniform in [0, 1), one of the 2⁵³ multiples of 2⁻⁵³ there.
    fn uniform(&mut self) -> f64;

    /// A number from N(0, 1): mean 0, standard deviation 1 (`np.random.randn`).
    fn normal(&mut self) -> f64;

    /// A whole number uniform in 0 … n − 1.
    ///
    /// # Panics
    /// If n is 0.
    #[track_caller]
    fn below(&mut self, n: usize) -> usize;

    /// The indices of a mini-batch (ミニバッチ, 小批量): `size` of 0 … n − 1, each drawn from all n,
    /// so that one may come twice. `np.random.choice(n, size)` of section 4.2.3.
    ///
    /// # Panics
    /// If n is 0 and `size` is not.
    #[track_caller]
    fn mini_batch(&mut self, n: usize, size: usize) -> Vec<usize> {
        assert!(n > 0 || size == 0, "mini_batch: {size} of 0 samples");
        (0..size).map(|_| self.below(n)).collect()
    }
}

/// Any generator, where it is known only while the program runs which one.
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

/// xorshift64*: 64 bits of state, three shifts and a multiplication.
///
/// Source: S. Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled"
/// (2016), with the shifts 12, 25, 27. Its period is 2⁶⁴ − 1; its lowest bits are its weakest, so
/// everything below takes the upper ones.
///
/// ```
/// use from_zero::numeric::random::{Rng, Xorshift64Star};
/// let mut rng = Xorshift64Star::new(0);
/// let batch = rng.mini_batch(60_000, 100);
/// assert_eq!(batch.len(), 100);
/// ```
#[derive(Clone, Debug)]
pub struct Xorshift64Star {
    state: u64,
    /// Box–Muller makes two normal numbers at a time: the second waits here.
    waiting: Option<f64>,
}

impl Xorshift64Star {
    /// A generator for any seed, 0 included.
    ///
    /// The seed is first scrambled by one step of SplitMix64, as Vigna advises: xorshift's state
    /// must not be 0, and from the states 1, 2, 3 … its first numbers would resemble one another.
    /// One seed of the 2⁶⁴ scrambles to 0; it shares its numbers with seed 0.
    pub fn new(seed: u64) -> Self {
        match split_mix_64(seed) {
            0 => Self::from_state(split_mix_64(0)),
            state => Self::from_state(state),
        }
    }

    /// A generator that starts at `state` itself, to compare with other implementations.
    ///
    /// # Panics
    /// If `state` is 0, from which xorshift never moves.
    #[track_caller]
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
        const TWO_POW_MINUS_53: f64 = 1.0 / (1_u64 << 53) as f64;
        (self.next_u64() >> 11) as f64 * TWO_POW_MINUS_53
    }

    /// Box and Muller (1958): √(−2 ln u) · (cos 2πv, sin 2πv) for two uniform numbers u and v is a
    /// pair of independent normal ones.
    fn normal(&mut self) -> f64 {
        if let Some(second) = self.waiting.take() {
            return second;
        }
        let radius = (-2.0 * ln(1.0 - self.uniform())).sqrt(); // 1 − u is never 0
        let (sin, cos) = sin_cos_turn(self.uniform());
        self.waiting = Some(radius * sin);
        radius * cos
    }

    /// x · n / 2⁶⁴ for 64 random bits x. Where 2⁶⁴ is not a multiple of n, some results
    /// would come up once more than others: the surplus x are drawn anew.
    /// Source: D. Lemire, "Fast random integer generation in an interval" (2019).
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

/// The first number of SplitMix64 from this seed: a one-to-one scramble of 64 bits.
///
/// Source: G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators" (2014).
pub fn split_mix_64(seed: u64) -> u64 {
    let z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
