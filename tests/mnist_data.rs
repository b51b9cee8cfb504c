//! Loading MNIST: the real data, other names of its files, and every way in which a folder can be
//! wrong.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{idx_bytes, mnist};
use from_zero::ch04::s2_4_targets::Labels;
use from_zero::fast::compressed::{BatchInput, CompressedRows};
use from_zero::fast::mini_batch::{CompressedDataset, CompressedMnist};
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::random::{Rng, Xorshift64Star};

#[test]
fn the_first_training_image_is_the_well_known_five() {
    let (x, t) = mnist().train.select(&[0]);
    assert_eq!(t.as_slice(), [5]);
    let x = x.to_matrix();
    assert_eq!(x.shape(), (1, 784));
    // Its first non-zero pixels, in row 5: 3, 18, 18, 18, 126, 136, 175.
    let pixels: Vec<f64> = [3, 18, 18, 18, 126, 136, 175].map(pixel).to_vec();
    assert_eq!(x.row(0)[5 * 28 + 12..][..7], pixels[..]);
    assert!(x.row(0)[..5 * 28 + 12].iter().all(|&v| v == 0.0));
}

/// As NumPy has it: `np.float32(v) / np.float32(255)`, then float64.
fn pixel(v: u8) -> f64 {
    f64::from(f32::from(v) / 255.0)
}

#[test]
fn the_share_of_zeros_and_of_each_digit_is_the_known_one() {
    let train = &mnist().train;
    let entries: usize = (0..60_000).map(|i| train.images.row(i).count()).sum();
    // 80.9 % of the training pixels are 0.
    assert_eq!(entries, 8_994_156);
    let mut digits = [0; 10];
    for &label in train.labels.as_slice() {
        digits[label] += 1;
    }
    // The frequencies in the literature on MNIST.
    assert_eq!(digits, [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
}

#[test]
fn a_mini_batch_can_be_had_as_a_matrix() {
    let indices = [59_999, 0, 0, 123];
    let (x, t) = mnist().train.select(&indices);
    assert_eq!((x.rows(), x.columns()), (4, 784));
    let matrix = x.to_matrix();
    assert_eq!(matrix.row(1), matrix.row(2));
    assert_eq!(t.as_slice()[1], t.as_slice()[2]);
    assert!(matrix.as_slice().iter().all(|v| (0.0..=1.0).contains(v)));
    assert!(matrix.as_slice().contains(&1.0));
}

#[test]
fn a_thinned_image_has_one_pixel_of_every_few() {
    let mut rng = Xorshift64Star::new(3);
    let bytes: Vec<u8> = (0..3 * 784).map(|_| rng.below(256) as u8).collect();
    let images = CompressedRows::new(&bytes, 784, std::array::from_fn(|v| pixel(v as u8)));
    let data = CompressedDataset { images, labels: Labels::new(vec![1, 2, 3]) };
    for side in [1, 2, 3, 5, 7, 9, 13, 14, 15, 28] {
        let thinned = data.thinned(side);
        assert_eq!(thinned.labels, data.labels);
        assert_eq!((thinned.images.rows(), thinned.images.columns()), (3, side * side));
        let x = thinned.images.select_rows(&[0, 1, 2]).to_matrix();
        // The one in the middle of each square of pixels.
        let step = 28 / side;
        let of = |n: usize, i: usize| {
            let (row, column) = (i / side * step + step / 2, i % side * step + step / 2);
            pixel(bytes[784 * n + 28 * row + column])
        };
        assert_eq!(x, Matrix::from_fn(3, side * side, of), "{side}");
    }
}

const TRAIN_IMAGES: &str = "train-images-idx3-ubyte";
const TRAIN_LABELS: &str = "train-labels-idx1-ubyte";
const TEST_IMAGES: &str = "t10k-images-idx3-ubyte";
const TEST_LABELS: &str = "t10k-labels-idx1-ubyte";

/// A fresh folder with a small, good data set: 3 training images, 2 test images.
fn small(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mnist_data").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder of our own");
    write(&folder, TRAIN_IMAGES, &idx_bytes(&[3, 28, 28], &[9; 3 * 784]));
    write(&folder, TRAIN_LABELS, &idx_bytes(&[3], &[0, 1, 9]));
    write(&folder, TEST_IMAGES, &idx_bytes(&[2, 28, 28], &[0; 2 * 784]));
    write(&folder, TEST_LABELS, &idx_bytes(&[2], &[4, 5]));
    folder
}

fn write(folder: &Path, name: &str, bytes: &[u8]) {
    fs::write(folder.join(name), bytes).expect("a file of our own");
}

/// A gzip file with one stored block.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut file = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1];
    let length = bytes.len() as u16;
    file.extend(length.to_le_bytes());
    file.extend((!length).to_le_bytes());
    file.extend(bytes);
    file.extend(from_zero::formats::crc32::crc32(bytes).to_le_bytes());
    file.extend((bytes.len() as u32).to_le_bytes());
    file
}

#[test]
fn names_with_dash_or_dot_raw_or_gz() {
    let folder = small("names");
    fs::rename(folder.join(TRAIN_IMAGES), folder.join("train-images.idx3-ubyte")).expect("renamed");
    let labels = fs::read(folder.join(TRAIN_LABELS)).expect("read");
    fs::remove_file(folder.join(TRAIN_LABELS)).expect("removed");
    write(&folder, "train-labels.idx1-ubyte.gz", &gzip(&labels));
    let images = fs::read(folder.join(TEST_IMAGES)).expect("read");
    fs::remove_file(folder.join(TEST_IMAGES)).expect("removed");
    write(&folder, "t10k-images-idx3-ubyte.gz", &gzip(&images));

    let data = CompressedMnist::load(&folder).expect("all four are there");
    assert_eq!(data.train.labels.as_slice(), [0, 1, 9]);
    assert_eq!((data.train.images.rows(), data.test.images.rows()), (3, 2));
    assert_eq!(data.train.images.row(2).count(), 784);
    assert_eq!(data.test.images.row(0).count(), 0);
}

#[test]
fn a_gz_that_a_browser_decompressed_is_read_all_the_same() {
    let folder = small("browser");
    fs::rename(folder.join(TEST_LABELS), folder.join("t10k-labels-idx1-ubyte.gz"))
        .expect("renamed");
    assert_eq!(
        CompressedMnist::load(&folder).expect("by its content").test.labels.as_slice(),
        [4, 5]
    );
}

/// What loading says of a good folder after this damage, with the folder's name taken out.
fn complaint(name: &str, damage: impl Fn(&Path)) -> String {
    let folder = small(name);
    assert!(CompressedMnist::load(&folder).is_ok());
    damage(&folder);
    let error = CompressedMnist::load(&folder).expect_err(name);
    error.to_string().replace(&format!("{}", folder.display()), "DIR")
}

#[test]
fn a_missing_file_names_all_that_was_tried() {
    let said = complaint("missing", |dir| fs::remove_file(dir.join(TEST_LABELS)).expect("removed"));
    assert_eq!(
        said,
        "DIR lacks a file: expected t10k-labels-idx1-ubyte or t10k-labels-idx1-ubyte.gz or \
         t10k-labels.idx1-ubyte or t10k-labels.idx1-ubyte.gz, of 10008 bytes when decompressed; \
         the four files of MNIST are in this project's fixtures/mnist and at \
         https://storage.googleapis.com/cvdf-datasets/mnist/t10k-labels-idx1-ubyte.gz"
    );
}

#[test]
fn a_missing_folder_and_a_file_for_a_folder() {
    let expected = "DIR is not a folder: expected train-images-idx3-ubyte or \
                    train-images-idx3-ubyte.gz or train-images.idx3-ubyte or \
                    train-images.idx3-ubyte.gz, of 47040016 bytes when decompressed; \
                    the four files of MNIST are in this project's fixtures/mnist and at \
                    https://storage.googleapis.com/cvdf-datasets/mnist/train-images-idx3-ubyte.gz";
    let said = complaint("no_folder", |dir| fs::remove_dir_all(dir).expect("removed"));
    assert_eq!(said, expected);
    let said = complaint("a_file", |dir| {
        fs::remove_dir_all(dir).expect("removed");
        fs::write(dir, "a file").expect("written");
    });
    fs::remove_file(Path::new(env!("CARGO_TARGET_TMPDIR")).join("mnist_data/a_file"))
        .expect("removed");
    assert_eq!(said, expected);
}

#[test]
fn a_truncated_file_says_what_it_needs() {
    let truncate =
        |dir: &Path| write(dir, TRAIN_IMAGES, &idx_bytes(&[60_000, 28, 28], &[0; 9])[..]);
    let said = complaint("truncated", truncate);
    assert_eq!(said, "DIR/train-images-idx3-ubyte: needs 47040016 bytes, has 25");
}

#[test]
fn damaged_gzip_files() {
    let damage = |change: fn(&mut Vec<u8>)| {
        move |dir: &Path| {
            let labels = fs::read(dir.join(TRAIN_LABELS)).expect("read");
            fs::remove_file(dir.join(TRAIN_LABELS)).expect("removed");
            let mut file = gzip(&labels);
            change(&mut file);
            write(dir, "train-labels-idx1-ubyte.gz", &file);
        }
    };
    let said = complaint("bit", damage(|file| file[25] ^= 1));
    let checksum =
        "DIR/train-labels-idx1-ubyte.gz is damaged or incomplete: the checksum should be ";
    assert!(said.starts_with(checksum) && said.ends_with(": the data are damaged"), "{said}");
    let said = complaint("cut", damage(|file| file.truncate(20)));
    assert_eq!(
        said,
        "DIR/train-labels-idx1-ubyte.gz is damaged or incomplete: the compressed data end in the middle of a block"
    );
    let said = complaint("page", damage(|file| *file = b"\n<html>404</html>".to_vec()));
    assert_eq!(
        said,
        "DIR/train-labels-idx1-ubyte.gz: expected a gzip file, which begins with the bytes 1f 8b; \
         found 0a 3c 68 74, a web page or other text with tags"
    );
    let said = complaint("empty", damage(Vec::clear));
    assert_eq!(
        said,
        "DIR/train-labels-idx1-ubyte.gz: expected a gzip file, which begins with the bytes 1f 8b; \
         found an empty file"
    );
}

#[test]
fn arrays_of_other_kinds() {
    let replace = |name: &'static str, bytes: Vec<u8>| move |dir: &Path| write(dir, name, &bytes);
    let said = complaint("magic", replace(TEST_IMAGES, b"PK\x03\x04".to_vec()));
    assert_eq!(
        said,
        "DIR/t10k-images-idx3-ubyte: expected an IDX file, which begins with 00 00, a type (08 to 0e) and \
         the number of dimensions; found 50 4b 03 04"
    );
    let mut floats = idx_bytes(&[1], &[0; 4]);
    floats[2] = 0x0d;
    let said = complaint("floats", replace(TEST_LABELS, floats));
    assert_eq!(
        said,
        "DIR/t10k-labels-idx1-ubyte: expected an array of unsigned bytes, found 32-bit floating-point numbers"
    );
    let said = complaint("size", replace(TEST_IMAGES, idx_bytes(&[2, 27, 29], &[0; 1566])));
    assert_eq!(
        said,
        "DIR/t10k-images-idx3-ubyte: expected images of 28×28 pixels (dimensions N×28×28), found 2×27×29"
    );
    let said = complaint("flat", replace(TEST_IMAGES, idx_bytes(&[2, 784], &[0; 1568])));
    assert_eq!(
        said,
        "DIR/t10k-images-idx3-ubyte: expected images of 28×28 pixels (dimensions N×28×28), found 2×784"
    );
    let said = complaint("one_hot", replace(TEST_LABELS, idx_bytes(&[2, 10], &[0; 20])));
    assert_eq!(
        said,
        "DIR/t10k-labels-idx1-ubyte: expected one label per image (dimension N), found 2×10"
    );
    let said = complaint("none", replace(TEST_IMAGES, idx_bytes(&[0, 28, 28], &[])));
    assert_eq!(said, "DIR/t10k-images-idx3-ubyte: expected images, found none");
}

#[test]
fn images_and_labels_that_do_not_belong_together() {
    let three = |dir: &Path| write(dir, TEST_LABELS, &idx_bytes(&[3], &[1, 2, 3]));
    assert_eq!(
        complaint("counts", three),
        "DIR/t10k-images-idx3-ubyte has 2 images but DIR/t10k-labels-idx1-ubyte has 3 labels: \
         they must come from the same data set"
    );
    let ten = |dir: &Path| write(dir, TRAIN_LABELS, &idx_bytes(&[3], &[0, 10, 9]));
    assert_eq!(
        complaint("ten", ten),
        "DIR/train-labels-idx1-ubyte: expected labels from 0 to 9, found 10 at place 1, counted from 0"
    );
}

#[test]
fn more_than_mnist_has_is_refused() {
    let long = |dir: &Path| {
        let file = idx_bytes(&[10_001, 28, 28], &vec![0; 10_001 * 784]);
        write(dir, TEST_IMAGES, &file);
    };
    assert_eq!(
        complaint("long", long),
        "DIR/t10k-images-idx3-ubyte: expected at most the 7840016 bytes of MNIST, found more"
    );
    let packed = |dir: &Path| {
        fs::remove_file(dir.join(TEST_LABELS)).expect("removed");
        let file = gzip(&idx_bytes(&[10_001], &[0; 10_001]));
        write(dir, "t10k-labels-idx1-ubyte.gz", &file);
    };
    assert_eq!(
        complaint("packed", packed),
        "DIR/t10k-labels-idx1-ubyte.gz: expected at most the 10008 bytes of MNIST, found more"
    );
}

#[test]
fn a_compressed_file_may_be_longer_than_its_content_by_a_part_and_64_kb() {
    let folder = small("padded");
    let longest = 10_008 + 10_008 / 100 + 65_536;
    fs::remove_file(folder.join(TEST_LABELS)).expect("removed");
    for (length, is_read) in [(longest, true), (longest + 1, false)] {
        let mut file = gzip(&idx_bytes(&[2], &[4, 5]));
        file.resize(length, 0); // padding after the last member
        write(&folder, "t10k-labels-idx1-ubyte.gz", &file);
        assert_eq!(CompressedMnist::load(&folder).is_ok(), is_read, "{length}");
    }
}

#[test]
fn an_error_within_a_file_is_the_source_of_the_folders() {
    use std::error::Error;
    let source = |name: &str, bytes: &[u8]| {
        let folder = small("source");
        fs::remove_file(folder.join(TEST_LABELS)).expect("removed");
        write(&folder, name, bytes);
        let error = CompressedMnist::load(&folder).expect_err(name);
        error.source().map(|source| source.to_string())
    };
    let ends = "the compressed data end in the middle of a block".to_string();
    assert_eq!(source("t10k-labels-idx1-ubyte.gz", &gzip(b"x")[..10]), Some(ends));
    assert_eq!(
        source(TEST_LABELS, &[0; 3]),
        Some("the IDX header needs 4 bytes, the file has 3".into())
    );
    assert_eq!(source(TEST_LABELS, &idx_bytes(&[3], &[1, 2, 3])), None);
    let folder = small("source-of-reading");
    fs::remove_file(folder.join(TEST_LABELS)).expect("removed");
    fs::create_dir(folder.join(TEST_LABELS)).expect("a folder");
    let error = CompressedMnist::load(&folder).expect_err("a folder in its place");
    let no_file = "expected a file, found a folder, a pipe or a device".to_string();
    assert_eq!(error.source().map(|source| source.to_string()), Some(no_file));
}

#[test]
fn a_folder_where_a_file_should_be() {
    let said = complaint("nested", |dir| {
        fs::remove_file(dir.join(TRAIN_LABELS)).expect("removed");
        fs::create_dir(dir.join(TRAIN_LABELS)).expect("created");
    });
    let expected = "expected a file, found a folder, a pipe or a device";
    assert_eq!(said, format!("DIR/train-labels-idx1-ubyte: {expected}"));
}

#[cfg(unix)]
#[test]
fn a_device_without_an_end_is_not_read() {
    let said = complaint("endless", |dir| {
        fs::remove_file(dir.join(TEST_LABELS)).expect("removed");
        std::os::unix::fs::symlink("/dev/zero", dir.join(TEST_LABELS)).expect("linked");
    });
    let expected = "expected a file, found a folder, a pipe or a device";
    assert_eq!(said, format!("DIR/t10k-labels-idx1-ubyte: {expected}"));
}

#[test]
fn a_file_far_too_long_is_not_read_to_its_end() {
    for name in [TEST_LABELS, "t10k-labels-idx1-ubyte.gz"] {
        let said = complaint(&format!("far_too_long_{}", name.len()), |dir| {
            fs::remove_file(dir.join(TEST_LABELS)).expect("removed");
            // Sparse: a terabyte that takes no room.
            let file = fs::File::create(dir.join(name)).expect("created");
            file.set_len(1 << 40).expect("a file system with sparse files");
        });
        let expected = "expected at most the 10008 bytes of MNIST, found more";
        assert_eq!(said, format!("DIR/{name}: {expected}"));
    }
}
