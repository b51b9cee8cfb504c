//! NumPy's own random numbers: the same numbers that Python gets after `np.random.seed(…)`, up to
//! the last bit or two of a normal number. With them the book's own run can be repeated.

use super::elementary::ln;
use super::random::Rng;

/// N of the paper: the state has so many words of 32 bits.
const N: usize = 624;

/// NumPy's `RandomState`: the numbers that it makes from the words of the Mersenne Twister MT19937.
/// Source: M. Matsumoto, T. Nishimura, "Mersenne Twister" (1998), with the seeding of 2002
/// (`init_genrand`); NumPy's `legacy-distributions.c` and `distributions.c`.
///
/// ```
/// use from_zero::numeric::numpy_random::RandomState;
/// use from_zero::numeric::random::Rng;
/// let mut rng = RandomState::new(0); // np.random.seed(0)
/// assert_eq!(rng.uniform(), 0.5488135039273248); // np.random.rand()
/// ```
#[derive(Clone, Debug)]
pub struct RandomState {
    words: [u32; N],
    /// The index of the next word.
    next: usize,
    /// The second one of the two normal numbers that the polar method makes at a time
    waiting: Option<f64>,
}

impl RandomState {
    /// `np.random.seed(seed)`.
    pub fn new(seed: u32) -> Self {
        let mut words = [seed; N];
        for i in 1..N {
            let before = words[i - 1];
            words[i] = (before ^ (before >> 30)).wrapping_mul(1_812_433_253).wrapping_add(i as u32);
        }
        Self { words, next: 0, waiting: None }
    }

    /// The next 32 bits. First the word is made anew: its highest bit and the lower 31 bits of the word
    /// after it are shifted right by one; if the bit that falls out is 1, the paper's a = 9908b0df is
    /// added with XOR. XOR with the word at the distance 397, the paper's M, gives the new word.
    pub fn next_u32(&mut self) -> u32 {
        let (i, after) = (self.next, (self.next + 1) % N);
        let y = (self.words[i] & 0x8000_0000) | (self.words[after] & 0x7fff_ffff);
        let twisted = (y >> 1) ^ if y & 1 == 1 { 0x9908_b0df } else { 0 };
        self.words[i] = self.words[(i + 397) % N] ^ twisted;
        self.next = after;
        // "Tempering", with the paper's b = 9d2c5680 and c = efc60000.
        let mut y = self.words[i];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c_5680;
        y ^= (y << 15) & 0xefc6_0000;
        y ^ (y >> 18)
    }
}

impl Rng for RandomState {
    /// 53 bits: 27 bits of one word and 26 bits of the next.
    fn uniform(&mut self) -> f64 {
        let above = f64::from(self.next_u32() >> 5);
        let below = f64::from(self.next_u32() >> 6);
        (above * 67_108_864.0 + below) / 9_007_199_254_740_992.0
    }

    /// Marsaglia's polar method (1964): for a point (x₁, x₂) uniform in the unit disc, at distance
    /// r, √(−2 ln r² / r²) · (x₁, x₂) is a pair of independent normal numbers. NumPy returns the
    /// second one first. It uses the logarithm of the platform, so it may differ by 1 or 2 ulp.
    fn normal(&mut self) -> f64 {
        if let Some(first) = self.waiting.take() {
            return first;
        }
        loop {
            let x1 = 2.0 * self.uniform() - 1.0;
            let x2 = 2.0 * self.uniform() - 1.0;
            let r2 = x1 * x1 + x2 * x2;
            if r2 < 1.0 && r2 != 0.0 {
                let factor = (-2.0 * ln(r2) / r2).sqrt();
                self.waiting = Some(factor * x1);
                return factor * x2;
            }
        }
    }

    /// As many low bits as n − 1 has, of one word, or of two if n is above 2³², until they are below n.
    fn below(&mut self, n: usize) -> usize {
        assert!(n > 0, "below: there is no whole number below 0");
        let largest = (n - 1) as u64;
        if largest == 0 {
            return 0; // without using a word
        }
        let mask = u64::MAX >> largest.leading_zeros();
        loop {
            let mut bits = u64::from(self.next_u32());
            if u32::try_from(largest).is_err() {
                bits = bits << 32 | u64::from(self.next_u32());
            }
            if bits & mask <= largest {
                return (bits & mask) as usize;
            }
        }
    }
}
