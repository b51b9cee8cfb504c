//! NumPy's legacy random numbers, `np.random.seed(…)` and what follows it, number by number: to
//! repeat the book's own run.
//!
//! What the book draws: `np.random.randn` for the weights, `np.random.choice` for the mini-batches;
//! `rand` and `randint` come with them. NumPy promises that this stream never changes (NEP 19). Of
//! `choice` only the drawing with replacement from 0 … n − 1 is here.
//!
//! | NumPy | here |
//! |---|---|
//! | `np.random.seed(s)`, `get_state()` | [`RandomState::new`], [`RandomState::state`] |
//! | `np.random.rand()`, `random_sample()` | [`Rng::uniform`] |
//! | `np.random.randn()` | [`Rng::normal`] |
//! | `np.random.randint(n)` | [`Rng::below`] |
//! | `np.random.choice(n, size)` | [`Rng::mini_batch`] |

use super::elementary::ln;
use super::random::Rng;

/// N of the paper: how many words of 32 bits the state has.
const WORDS: usize = 624;

/// M of the paper: a word is renewed from the one this far ahead.
const AHEAD: usize = 397;

/// NumPy's `RandomState`: the Mersenne Twister MT19937, and what it makes of its words.
///
/// Source: M. Matsumoto, T. Nishimura, "Mersenne Twister" (1998), with the seeding of 2002
/// (`init_genrand`); and NumPy's `legacy-distributions.c` and `distributions.c`.
///
/// ```
/// use from_zero::numeric::numpy_random::RandomState;
/// use from_zero::numeric::random::Rng;
/// let mut rng = RandomState::new(0); // np.random.seed(0)
/// assert_eq!(rng.uniform(), 0.5488135039273248); // np.random.rand()
/// ```
#[derive(Clone, Debug)]
pub struct RandomState {
    words: [u32; WORDS],
    /// The next word to give; [`WORDS`] when all are given and must be renewed.
    next: usize,
    /// The polar method makes two normal numbers at a time: the second waits here.
    waiting: Option<f64>,
}

impl RandomState {
    /// `np.random.seed(seed)`.
    pub fn new(seed: u32) -> Self {
        let mut words = [seed; WORDS];
        for i in 1..WORDS {
            let before = words[i - 1];
            words[i] = (before ^ (before >> 30)).wrapping_mul(1_812_433_253).wrapping_add(i as u32);
        }
        Self { words, next: WORDS, waiting: None }
    }

    /// `np.random.get_state()`: the words, which of them is the next (624 where all are to be
    /// renewed), and the normal number that waits.
    pub fn state(&self) -> (&[u32; 624], usize, Option<f64>) {
        (&self.words, self.next, self.waiting)
    }

    /// The next 32 bits.
    pub fn next_u32(&mut self) -> u32 {
        if self.next == WORDS {
            self.renew();
        }
        let mut y = self.words[self.next];
        self.next += 1;
        // "Tempering", with the paper's b = 9d2c5680 and c = efc60000.
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c_5680;
        y ^= (y << 15) & 0xefc6_0000;
        y ^ (y >> 18)
    }

    /// The next 64 bits: two words, the first one above.
    fn next_u64(&mut self) -> u64 {
        let above = u64::from(self.next_u32());
        above << 32 | u64::from(self.next_u32())
    }

    /// All words once more: the highest bit of a word and the lower 31 of the next, shifted, and
    /// where the lowest was 1 combined with the paper's a = 9908b0df; and the word AHEAD.
    fn renew(&mut self) {
        for i in 0..WORDS {
            let y = (self.words[i] & 0x8000_0000) | (self.words[(i + 1) % WORDS] & 0x7fff_ffff);
            let twisted = (y >> 1) ^ if y & 1 == 1 { 0x9908_b0df } else { 0 };
            self.words[i] = self.words[(i + AHEAD) % WORDS] ^ twisted;
        }
        self.next = 0;
    }
}

impl Rng for RandomState {
    /// 27 bits of one word above 26 of the next.
    fn uniform(&mut self) -> f64 {
        let above = f64::from(self.next_u32() >> 5);
        let below = f64::from(self.next_u32() >> 6);
        (above * 67_108_864.0 + below) / 9_007_199_254_740_992.0
    }

    /// Marsaglia's polar method (1964): for a point (x₁, x₂) uniform in the unit disc, at distance
    /// r, √(−2 ln r² / r²) · (x₁, x₂) is a pair of independent normal numbers. NumPy gives the second
    /// of them first.
    ///
    /// The last bit may differ from NumPy's, whose logarithm is that of the machine.
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

    /// As many low bits as n − 1 has, drawn anew until they are below n; from one word where that is
    /// enough, else from two.
    fn below(&mut self, n: usize) -> usize {
        assert!(n > 0, "below: there is no whole number below 0");
        let largest = (n - 1) as u64;
        if largest == 0 {
            return 0; // and no word is drawn
        }
        let mask = u64::MAX >> largest.leading_zeros();
        loop {
            let bits = match u32::try_from(largest) {
                Ok(_) => u64::from(self.next_u32()),
                Err(_) => self.next_u64(),
            };
            if bits & mask <= largest {
                return (bits & mask) as usize;
            }
        }
    }
}
