//! The matrix, the sum and the compressed rows: by hand-made examples and by identities on random
//! ones.

use crate::common::{assert_close, random_matrix, transposed};
use from_zero::fast::compressed::CompressedRows;
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::random::{Rng, Xorshift64Star};
use from_zero::numeric::sum::{sum, sum_of};

fn abc() -> (Matrix, Matrix) {
    let a = Matrix::from_rows(&[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    let b = Matrix::from_rows(&[[1.0, -1.0], [0.0, 2.0], [0.5, 1.0]]);
    (a, b)
}

#[test]
fn construction_and_access() {
    let (a, _) = abc();
    assert_eq!(a.shape(), (2, 3));
    assert_eq!((a.rows(), a.columns()), (2, 3));
    assert_eq!(a, Matrix::from_fn(2, 3, |i, j| (3 * i + j + 1) as f64));
    assert_eq!(a, Matrix::from_vec(2, 3, vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]));
    assert_eq!(a.row(1), [4.0, 5.0, 6.0]);
    assert_eq!(a[(1, 2)], 6.0);
    assert_eq!(Matrix::zeros(2, 2), Matrix::from_rows(&[[0.0, 0.0], [0.0, 0.0]]));
    assert_eq!(a.clone().into_vec(), a.as_slice());

    let mut changed = a.clone();
    changed[(0, 1)] = 9.0;
    changed.row_mut(1)[0] = 8.0;
    changed.as_mut_slice()[5] = 7.0;
    assert_eq!(changed.as_slice(), [1.0, 9.0, 3.0, 8.0, 5.0, 7.0]);
    assert_eq!(a.iter_rows().map(|row| row[0]).collect::<Vec<_>>(), [1.0, 4.0]);
}

#[test]
fn products_of_an_example() {
    let (a, b) = abc();
    let ab = Matrix::from_rows(&[[2.5, 6.0], [7.0, 12.0]]);
    assert_eq!(a.dot(&b), ab);
    assert_eq!(transposed(&a).transpose_dot(&b), ab);
    assert_eq!(a.dot_transpose(&transposed(&b)), ab);
    assert_eq!(transposed(&a), Matrix::from_rows(&[[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]));
}

#[test]
fn the_three_products_have_the_same_bits() {
    let mut rng = Xorshift64Star::new(1);
    for _ in 0..200 {
        let (n, k, m) = (rng.below(8), rng.below(8), rng.below(8));
        let a = random_matrix(n, k, 1.0, &mut rng);
        let b = random_matrix(k, m, 1.0, &mut rng);
        let ab = a.dot(&b);
        assert_eq!(ab.shape(), (n, m));
        assert_eq!(ab, transposed(&a).transpose_dot(&b), "{n} {k} {m}");
        assert_eq!(ab, a.dot_transpose(&transposed(&b)), "{n} {k} {m}");
        assert_eq!(transposed(&ab), transposed(&b).dot(&transposed(&a)), "{n} {k} {m}");
        // Element by element from its definition.
        let by_definition =
            Matrix::from_fn(n, m, |i, j| (0..k).fold(0.0, |sum, l| sum + a[(i, l)] * b[(l, j)]));
        assert_eq!(ab, by_definition, "{n} {k} {m}");
    }
}

#[test]
fn empty_and_single_row_shapes_work() {
    let none = Matrix::zeros(0, 3);
    assert_eq!(none.dot(&Matrix::zeros(3, 2)).shape(), (0, 2));
    assert_eq!(Matrix::zeros(2, 0).dot(&Matrix::zeros(0, 3)), Matrix::zeros(2, 3));
    assert_eq!(transposed(&none).shape(), (3, 0));
    assert_eq!(none.column_sums(), [0.0; 3]);
    assert!(none.argmax_rows().is_empty());
    assert_eq!(none.iter_rows().count(), 0);
    assert_eq!(Matrix::zeros(2, 0).iter_rows().count(), 2);
    assert_eq!(Matrix::from_rows::<3>(&[]), none);

    let row = Matrix::from_rows(&[[1.0, 2.0]]);
    assert_eq!(row.dot_transpose(&row), Matrix::from_rows(&[[5.0]]));
    assert_eq!(row.transpose_dot(&row), Matrix::from_rows(&[[1.0, 2.0], [2.0, 4.0]]));
}

#[test]
fn element_by_element() {
    let (a, _) = abc();
    let two = Matrix::from_fn(2, 3, |_, _| 2.0);
    assert_eq!((&a - &two).as_slice(), [-1.0, 0.0, 1.0, 2.0, 3.0, 4.0]);
    assert_eq!((&a * &two).as_slice(), [2.0, 4.0, 6.0, 8.0, 10.0, 12.0]);
    assert_eq!(&a * 2.0, &a * &two);
    assert_eq!(a.map(|v| -v).as_slice(), [-1.0, -2.0, -3.0, -4.0, -5.0, -6.0]);
    assert_eq!(a.zip_map(&two, f64::powf).row(0), [1.0, 4.0, 9.0]);
}

#[test]
fn bias_row_and_column_sums() {
    let (a, _) = abc();
    let biased = Matrix::from_rows(&[[11.0, 22.0, 33.0], [14.0, 25.0, 36.0]]);
    assert_eq!(a.clone().add_row(&[10.0, 20.0, 30.0]), biased);
    assert_eq!(a.column_sums(), [5.0, 7.0, 9.0]);
}

#[test]
fn argmax_takes_the_first_of_equal_numbers_also_below_0() {
    let nan = f64::NAN;
    let rows = [
        [1.0, 3.0, 3.0],
        [-3.0, -1.0, -2.0],
        [nan, -5.0, -7.0],
        [1.0, nan, 2.0],
        [nan, nan, nan],
        [f64::NEG_INFINITY, f64::NEG_INFINITY, -1e308],
    ];
    assert_eq!(Matrix::from_rows(&rows).argmax_rows(), [1, 1, 1, 2, 0, 2]);
}

#[test]
fn selecting_rows_repeats_and_reorders() {
    let (a, _) = abc();
    let selected = a.select_rows(&[1, 0, 1]);
    assert_eq!(selected.as_slice(), [4.0, 5.0, 6.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    assert_eq!(a.select_rows(&[]).shape(), (0, 3));
}

#[test]
fn display_aligns_columns_and_abridges_large_matrices() {
    let a = Matrix::from_rows(&[[1.0, -20.5], [0.25, 3.0]]);
    assert_eq!(format!("{a:.2}"), "[[1.00  -20.50]\n [0.25    3.00]]");
    assert_eq!(format!("{a}"), "[[1.00000000  -20.50000000]\n [0.25000000    3.00000000]]");
    let large = Matrix::from_fn(100, 10, |i, j| (i * 10 + j) as f64);
    assert_eq!(
        format!("{large:.0}"),
        "[[  0    1    2  …    7    8    9]\n \
         [ 10   11   12  …   17   18   19]\n \
         [ 20   21   22  …   27   28   29]\n \
         [  ⋮    ⋮    ⋮  …    ⋮    ⋮    ⋮]\n \
         [970  971  972  …  977  978  979]\n \
         [980  981  982  …  987  988  989]\n \
         [990  991  992  …  997  998  999]] (100 × 10)"
    );
    assert_eq!(format!("{:.1}", Matrix::from_rows(&[[1e-9, -2e-10]])), "[[1.0e-9  -2.0e-10]]");
    assert_eq!(format!("{:.1}", Matrix::from_rows(&[[1e9, f64::NAN]])), "[[1.0e9  NaN]]");
    assert_eq!(format!("{:.1}", Matrix::from_rows(&[[1e-4, 1e8]])), "[[1.0e-4  1.0e8]]");
    assert_eq!(format!("{:.4}", Matrix::from_rows(&[[1e-4, 0.0]])), "[[0.0001  0.0000]]");
    // Eight rows or columns are all shown. Of nine only the first and last three are shown, and the
    // shape.
    let row = |n| format!("{:.0}", Matrix::from_fn(1, n, |_, j| j as f64));
    assert_eq!(row(8), "[[0  1  2  3  4  5  6  7]]");
    assert_eq!(row(9), "[[0  1  2  …  6  7  8]] (1 × 9)");
    let column = |n| format!("{:.0}", Matrix::from_fn(n, 1, |i, _| i as f64));
    assert_eq!(column(8).lines().count(), 8);
    assert_eq!(column(9), "[[0]\n [1]\n [2]\n [⋮]\n [6]\n [7]\n [8]] (9 × 1)");
    assert_eq!(Matrix::zeros(0, 3).to_string(), "[] (0 × 3)");
    assert_eq!(Matrix::zeros(2, 0).to_string(), "[[]\n []] (2 × 0)");
    assert_eq!(format!("{:.1}", Matrix::zeros(1, 2)), "[[0.0  0.0]]");
}

#[test]
fn sums_are_numpys() {
    // np.sum of NumPy 2.4.6 over 1/(i + 1): each line of its algorithm is reached.
    let cases = [
        (0, 0.0),
        (7, 2.5928571428571425),
        (8, 2.7178571428571425),
        (15, 3.3182289932289937),
        (128, 5.433147092589173),
        (129, 5.440899030573669),
        (1000, 7.485470860550345),
        (100_003, 12.090176129263444),
    ];
    for (n, want) in cases {
        let terms: Vec<f64> = (0..n).map(|i| 1.0 / f64::from(i + 1)).collect();
        assert_eq!(sum(&terms), want, "{n}");
        assert_eq!(sum_of(terms.len(), |i| terms[i]), want, "{n}");
    }
    // Where the line is drawn: eight are added in pairs, and 128 are not halved.
    assert_eq!(sum(&[0.1; 8]), 0.8);
    assert_eq!(sum_of(128, |i| 1.0 / (i as f64 + 3.0)), 3.948591338265976);
}

/// Rows with many zeros, compressed and not; the values are k/255 as in MNIST.
fn sparse(rows: usize, columns: usize, rng: &mut impl Rng) -> (CompressedRows, Matrix) {
    let bytes: Vec<u8> = (0..rows * columns)
        .map(|_| if rng.uniform() < 0.8 { 0 } else { rng.below(256) as u8 })
        .collect();
    let values = std::array::from_fn(|level| level as f64 / 255.0);
    let dense = Matrix::from_fn(rows, columns, |i, j| values[usize::from(bytes[i * columns + j])]);
    (CompressedRows::new(&bytes, columns, values), dense)
}

#[test]
fn compressed_rows_and_their_matrix_have_the_same_products() {
    let mut rng = Xorshift64Star::new(2);
    for (rows, columns, m) in [(1, 1, 1), (5, 12, 3), (9, 30, 7), (20, 784, 50)] {
        let (compressed, dense) = sparse(rows, columns, &mut rng);
        assert_eq!((compressed.rows(), compressed.columns()), (rows, columns));
        let indices = rng.choice(rows, rows + 2);
        let batch = compressed.select_rows(&indices);
        let x = dense.select_rows(&indices);
        assert_eq!(batch.to_matrix(), x);
        assert_eq!((batch.rows(), batch.columns()), (x.rows(), x.columns()));

        let w = random_matrix(columns, m, 1.0, &mut rng);
        assert_eq!(batch.dot(&w), x.dot(&w));
        let d = random_matrix(rows + 2, m, 1.0, &mut rng);
        assert_eq!(batch.transpose_dot(&d), x.transpose_dot(&d));
    }
}

#[test]
fn compressed_rows_store_the_entries_that_are_not_0() {
    let mut values = [0.0; 256];
    (values[7], values[255]) = (0.5, 1.0);
    let rows = CompressedRows::new(&[0, 7, 0, 255, 0, 0, 0, 0], 4, values);
    assert_eq!(rows.entries(0).collect::<Vec<_>>(), [(1, 0.5), (3, 1.0)]);
    assert_eq!(rows.entries(1).count(), 0);
    let batch = rows.select_rows(&[1, 0]);
    assert_eq!(batch.entries(1).collect::<Vec<_>>(), [(1, 0.5), (3, 1.0)]);
}

#[test]
fn a_sum_is_closer_than_one_from_left_to_right() {
    let tenths = vec![0.1; 100_000];
    assert_close(&[sum(&tenths)], &[10_000.0], 2e-12);
    let left_to_right = tenths.iter().fold(0.0, |sum, v| sum + v);
    assert!((left_to_right - 10_000.0_f64).abs() > 1e-8);
}
