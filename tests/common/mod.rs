//! What several test files use.

#![allow(dead_code)] // each test file uses a part

pub mod layer_check;
pub mod megabyte;
pub mod numpy;
pub mod sha256;

use std::path::PathBuf;
use std::sync::OnceLock;

use from_zero::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use from_zero::fast::compressed::CompressedRows;
use from_zero::fast::mini_batch::CompressedMnist;
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::random::Rng;

/// A folder of the project's fixtures.
pub fn fixtures(folder: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder)
}

/// The whole data set, loaded once a test program.
pub fn mnist() -> &'static CompressedMnist {
    static DATA: OnceLock<CompressedMnist> = OnceLock::new();
    DATA.get_or_init(|| CompressedMnist::load(&fixtures("mnist")).expect("the fixture is whole"))
}

/// The same numbers. The message names the first that differ.
#[track_caller]
pub fn assert_same(what: &str, got: &[f64], want: &[f64]) {
    assert_eq!(got.len(), want.len(), "{what}: the number of numbers");
    for (i, (got, want)) in got.iter().zip(want).enumerate() {
        assert!(got == want, "{what}: number {i}: expected {want:?}, found {got:?}");
    }
}

/// The same shape and the same numbers.
#[track_caller]
pub fn assert_same_matrix(what: &str, got: &Matrix, want: &Matrix) {
    assert_eq!(got.shape(), want.shape(), "{what}: the shape");
    assert_same(what, got.as_slice(), want.as_slice());
}

/// The same four parts of a net or of a gradient.
#[track_caller]
pub fn assert_same_parameters(what: &str, got: &Parameters, want: &Parameters) {
    for ((name, got), (_, want)) in got.parts().into_iter().zip(want.parts()) {
        assert_same(&format!("{what}, {name}"), got, want);
    }
}

/// |got − want| ≤ tolerance for each pair.
#[track_caller]
pub fn assert_close(got: &[f64], want: &[f64], tolerance: f64) {
    assert_eq!(got.len(), want.len(), "the number of numbers");
    for (i, (g, w)) in got.iter().zip(want).enumerate() {
        let off = (g - w).abs();
        assert!(
            off <= tolerance,
            "number {i}: expected {w:?} ± {tolerance:e}, found {g:?}, which is off by {off:e}"
        );
    }
}

/// How many f64 lie between two of the same sign.
pub fn ulps(a: f64, b: f64) -> u64 {
    assert_eq!(a.is_sign_negative(), b.is_sign_negative(), "{a} and {b}");
    a.to_bits().abs_diff(b.to_bits())
}

/// At most 1 ulp apart.
#[track_caller]
pub fn assert_one_ulp(got: f64, want: f64) {
    assert!(ulps(got, want) <= 1, "got {got:?}, want {want:?}: {} ulps", ulps(got, want));
}

/// Uniform numbers in [−scale, scale).
pub fn random_matrix(rows: usize, columns: usize, scale: f64, rng: &mut impl Rng) -> Matrix {
    Matrix::from_fn(rows, columns, |_, _| scale * (2.0 * rng.uniform() - 1.0))
}

/// The same numbers as compressed rows. A byte is the index of a number in a table, so x has at most
/// 255 different numbers besides 0.
#[track_caller]
pub fn compressed(x: &Matrix) -> CompressedRows {
    let mut table = vec![0.0_f64];
    let mut bytes = Vec::new();
    for &v in x.as_slice() {
        let is_v = |known: &f64| known.to_bits() == v.to_bits() || (*known == 0.0 && v == 0.0);
        let level = table.iter().position(is_v).unwrap_or(table.len());
        if level == table.len() {
            table.push(v);
        }
        bytes.push(u8::try_from(level).expect("compressed: at most 255 different numbers"));
    }
    table.resize(256, 0.0);
    CompressedRows::new(&bytes, x.columns(), table.try_into().expect("256 numbers"))
}

/// Aᵀ: element (i, j) is A's (j, i).
pub fn transposed(a: &Matrix) -> Matrix {
    Matrix::from_fn(a.columns(), a.rows(), |i, j| a[(j, i)])
}

/// A net whose biases are not 0 and whose units differ clearly.
pub fn random_net(inputs: usize, hidden: usize, classes: usize, rng: &mut impl Rng) -> TwoLayerNet {
    let mut net = TwoLayerNet::new(inputs, hidden, classes, 0.7, rng);
    net.params.b1.fill_with(|| rng.normal());
    net.params.b2.fill_with(|| rng.normal());
    net
}

/// W1, b1, W2 and b2 of a net, to be changed.
pub fn parts_mut(net: &mut TwoLayerNet) -> [&mut [f64]; 4] {
    let Parameters { w1, b1, w2, b2 } = &mut net.params;
    [w1.as_mut_slice(), b1, w2.as_mut_slice(), b2]
}

/// The central difference of f by one parameter of the net: number `index` of W1, b1, W2 or b2.
pub fn difference_by(
    net: &TwoLayerNet, (part, index): (usize, usize), h: f64, f: impl Fn(&TwoLayerNet) -> f64,
) -> f64 {
    let moved = |by: f64| {
        let mut net = net.clone();
        parts_mut(&mut net)[part][index] += by;
        f(&net)
    };
    (moved(h) - moved(-h)) / (2.0 * h)
}

/// FNV-1a over the bits of all parameters.
pub fn fingerprint(params: &Parameters) -> u64 {
    let numbers = params.parts().into_iter().flat_map(|(_, part)| part);
    let bytes = numbers.flat_map(|v| v.to_bits().to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// The file of an IDX array of bytes.
pub fn idx_bytes(dimensions: &[u32], data: &[u8]) -> Vec<u8> {
    let mut file = vec![0, 0, 8, dimensions.len() as u8];
    for dimension in dimensions {
        file.extend(dimension.to_be_bytes());
    }
    file.extend(data);
    file
}
