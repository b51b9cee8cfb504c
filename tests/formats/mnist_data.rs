//! Loading MNIST: the real data, other names of its files, and every way in which a folder can be
//! wrong.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::common::idx_bytes;
use from_zero::fast::mini_batch::CompressedMnist;
use from_zero::formats::mnist::{self, MOST_TEST_IMAGES, MOST_TRAINING_IMAGES};
use from_zero::formats::npz::Npz;
use from_zero::numeric::matrix::Matrix;

#[test]
fn the_first_training_image_is_the_well_known_five() {
    let (x, t) = crate::common::mnist().train.select(&[0]);
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
    let train = &crate::common::mnist().train;
    let entries: usize = (0..60_000).map(|i| train.images.entries(i).count()).sum();
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
    let (x, t) = crate::common::mnist().train.select(&indices);
    assert_eq!((x.rows(), x.columns()), (4, 784));
    let matrix = x.to_matrix();
    assert_eq!(matrix.row(1), matrix.row(2));
    assert_eq!(t.as_slice()[1], t.as_slice()[2]);
    assert!(matrix.as_slice().iter().all(|v| (0.0..=1.0).contains(v)));
    assert!(matrix.as_slice().contains(&1.0));
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
    assert_eq!(data.train.images.entries(2).count(), 784);
    assert_eq!(data.test.images.entries(0).count(), 0);
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
    let error = CompressedMnist::load(&folder).map(drop).expect_err(name);
    let said = error.to_string().replace(&format!("{}", folder.display()), "DIR");
    if cfg!(windows) { said.replace('\\', "/") } else { said }
}

/// Moves a file of the folder to another name, which may have a folder in it.
fn move_file(folder: &Path, from: &str, to: &str) {
    let to = folder.join(to);
    fs::create_dir_all(to.parent().expect("in a folder")).expect("created");
    // A folder may take the name of the file, which waits in another place.
    fs::rename(folder.join(from), &to).expect("moved");
}

#[test]
fn an_archive_that_unpacks_each_file_into_a_folder_of_its_name() {
    let folder = small("unpacked");
    for name in [TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS] {
        move_file(&folder, name, "waiting");
        let dotted = name.replace("-idx", ".idx");
        move_file(&folder, "waiting", &format!("{name}/{dotted}"));
    }
    let data = CompressedMnist::load(&folder).expect("in folders");
    assert_eq!(data.train.labels.as_slice(), [0, 1, 9]);
    assert_eq!((data.train.images.rows(), data.test.labels.as_slice()), (3, &[4, 5][..]));
    // A file with a dot in its name, beside an empty folder and one with something else.
    let folder = small("beside");
    move_file(&folder, TRAIN_IMAGES, "train-images.idx3-ubyte");
    fs::create_dir(folder.join(TRAIN_IMAGES)).expect("created");
    move_file(&folder, TEST_LABELS, "t10k-labels.idx1-ubyte");
    fs::create_dir(folder.join(TEST_LABELS)).expect("created");
    write(&folder.join(TEST_LABELS), "README", b"nothing");
    let data = CompressedMnist::load(&folder).expect("all four are there");
    assert_eq!((data.train.images.rows(), data.test.labels.as_slice()), (3, &[4, 5][..]));
}

/// The file of QMNIST's labels: eight 32-bit integers for each image.
fn qmnist_labels(labels: &[[u32; 8]]) -> Vec<u8> {
    let numbers: Vec<u8> = labels.iter().flatten().flat_map(|v| v.to_be_bytes()).collect();
    let mut file = idx_bytes(&[labels.len() as u32, 8], &numbers);
    file[2] = 0x0c;
    file
}

#[test]
fn qmnist_is_read_with_its_wide_labels() {
    let folder = small("qmnist");
    move_file(&folder, TRAIN_IMAGES, "qmnist-train-images-idx3-ubyte");
    fs::remove_file(folder.join(TRAIN_LABELS)).expect("removed");
    // The first rows of the real file: the digit, who wrote it, and where.
    let rows = [
        [5, 0, 115, 134, 35, 129868, 0, 0],
        [0, 1, 192, 34, 30, 241001, 0, 0],
        [4, 4, 2281, 90, 34, 40000, 0, 0],
    ];
    write(&folder, "qmnist-train-labels-idx2-int.gz", &gzip(&qmnist_labels(&rows)));
    // The extended test images come with MNIST's kind of labels, too.
    move_file(&folder, TEST_IMAGES, "qmnist-test-images-idx3-ubyte");
    move_file(&folder, TEST_LABELS, "qmnist-test-labels-idx1-ubyte");
    let data = CompressedMnist::load(&folder).expect("QMNIST");
    assert_eq!(data.train.labels.as_slice(), [5, 0, 4]);
    assert_eq!(data.test.labels.as_slice(), [4, 5]);

    let said = |labels: &[u8]| {
        write(&folder, "qmnist-train-labels-idx2-int.gz", &gzip(labels));
        let error = CompressedMnist::load(&folder).expect_err("refused").to_string();
        let file = folder.join("qmnist-train-labels-idx2-int.gz");
        error.replace(&file.display().to_string(), "LABELS")
    };
    let mut wrong = rows;
    wrong[1][0] = 256; // its last byte is 0
    let sentence = "LABELS: expected labels from 0 to 9, found 256 at place 1, counted from 0";
    assert_eq!(said(&qmnist_labels(&wrong)), sentence);
    let mut narrow = qmnist_labels(&rows);
    (narrow[7], narrow[11]) = (6, 4);
    assert_eq!(
        said(&narrow),
        "LABELS: expected N unsigned bytes, one label per image, found 6×4 32-bit integers"
    );
    // Of MNIST and QMNIST in one folder, MNIST is taken.
    write(&folder, TRAIN_IMAGES, &idx_bytes(&[1, 28, 28], &[0; 784]));
    write(&folder, TRAIN_LABELS, &idx_bytes(&[1], &[7]));
    write(&folder, TEST_IMAGES, &idx_bytes(&[1, 28, 28], &[0; 784]));
    write(&folder, TEST_LABELS, &idx_bytes(&[1], &[8]));
    let both = CompressedMnist::load(&folder).expect("both");
    assert_eq!((both.train.labels.as_slice(), both.test.labels.as_slice()), (&[7][..], &[8][..]));
}

#[test]
fn emnists_images_are_turned() {
    for set in ["digits", "mnist"] {
        let folder = small(&format!("emnist-{set}"));
        let emnist = |name: &str| format!("emnist-{set}-{}", name.replace("t10k", "test"));
        for name in [TRAIN_LABELS, TEST_IMAGES, TEST_LABELS] {
            move_file(&folder, name, &emnist(name));
        }
        fs::remove_file(folder.join(TRAIN_IMAGES)).expect("removed");
        // Every pixel of three images is another: pixel (row, column) is stored at (column, row).
        let pixel = |n: usize, row: usize, column: usize| ((n + 5 * row + 28 * column) % 251) as u8;
        let stored: Vec<u8> = (0..3 * 784).map(|i| pixel(i / 784, i % 28, i % 784 / 28)).collect();
        write(&folder, &emnist(TRAIN_IMAGES), &idx_bytes(&[3, 28, 28], &stored));
        let data = CompressedMnist::load(&folder).expect("EMNIST").train;
        let x = data.images.select_rows(&[0, 1, 2]).to_matrix();
        let expected = |n: usize, i: usize| self::pixel(pixel(n, i / 28, i % 28));
        assert_eq!(x, Matrix::from_fn(3, 784, expected));
        // Under MNIST's names the same file is read as it is.
        move_file(&folder, &emnist(TRAIN_IMAGES), TRAIN_IMAGES);
        move_file(&folder, &emnist(TRAIN_LABELS), TRAIN_LABELS);
        let as_it_is = CompressedMnist::load(&folder).expect("as MNIST").train.images;
        let expected = |n: usize, i: usize| self::pixel(stored[784 * n + i]);
        let x = as_it_is.select_rows(&[0, 1, 2]).to_matrix();
        assert_eq!(x, Matrix::from_fn(3, 784, expected));
    }
}

const IMAGES_EXPECTED: &str =
    "expected train-images-idx3-ubyte or train-images-idx3-ubyte.gz, found ";

#[test]
fn a_missing_file_is_named_and_what_is_there_in_its_place() {
    let said = complaint("missing", |dir| fs::remove_file(dir.join(TEST_LABELS)).expect("removed"));
    assert_eq!(
        said,
        "DIR: expected t10k-labels-idx1-ubyte or t10k-labels-idx1-ubyte.gz, found nothing similar \
         (this project has the files of MNIST in fixtures/mnist)"
    );
    // MNIST in the formats of Keras, Kaggle, the book's own cache, and Hugging Face.
    for name in ["mnist.npz", "mnist_train.csv", "mnist.pkl", "train-00000-of-00001.parquet"] {
        let said = complaint("other-format", |dir| move_file(dir, TRAIN_IMAGES, name));
        let hint = "(this project has the files of MNIST in fixtures/mnist)";
        let expected = format!("DIR: {IMAGES_EXPECTED}{name:?}, which has another format {hint}");
        assert_eq!(said, expected);
    }
    // As browsers, other systems and other programs name it.
    for name in [
        "train-images-idx3-ubyte (1).gz",
        "train-images-idx3-ubyte.gz.gz",
        "train-images-idx3-ubyte.gz.crdownload",
        "TRAIN-IMAGES-IDX3-UBYTE.GZ",
        "train_images.idx3-ubyte",
        "train-images.gz",
    ] {
        if name.starts_with("TRAIN") && cfg!(any(windows, target_os = "macos")) {
            continue; // it is the same name there
        }
        let said = complaint("similar", |dir| move_file(dir, TRAIN_IMAGES, name));
        assert_eq!(said, format!("DIR: {IMAGES_EXPECTED}{name:?}: rename it if it is this file"));
    }
    let said = complaint("test", |dir| move_file(dir, TEST_IMAGES, "test-images-idx3-ubyte"));
    assert_eq!(
        said,
        "DIR: expected t10k-images-idx3-ubyte or t10k-images-idx3-ubyte.gz, found \
         \"test-images-idx3-ubyte\": rename it if it is this file"
    );
    // The name to give is that of the same data set, because EMNIST's images are turned.
    let emnist = "emnist-digits-train-images-idx3-ubyte";
    let said = complaint("copy", |dir| move_file(dir, TRAIN_IMAGES, &format!("{emnist} (2).gz")));
    assert_eq!(
        said,
        format!(
            "DIR: expected {emnist} or {emnist}.gz, found \"{emnist} (2).gz\": rename it if it is \
             this file"
        )
    );
    let said = complaint("qmnist-without", |dir| {
        move_file(dir, TEST_IMAGES, "qmnist-test-images-idx3-ubyte");
        fs::remove_file(dir.join(TEST_LABELS)).expect("removed");
    });
    let labels = "qmnist-test-labels-idx2-int";
    let start = format!("DIR: expected {labels} or {labels}.gz, found nothing similar");
    assert!(said.starts_with(&start), "{said}");
}

#[test]
fn a_folder_inside_with_the_files_is_named() {
    for inner in ["raw", "MNIST/raw", "data"] {
        let said = complaint("inside", |dir| {
            for name in [TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS] {
                move_file(dir, name, &format!("{inner}/{name}"));
            }
        });
        assert_eq!(said, format!("DIR: {IMAGES_EXPECTED}it in DIR/{inner}: give that folder"));
    }
    let said = complaint("inside-emnist", |dir| {
        move_file(dir, TRAIN_IMAGES, "gzip/emnist-digits-train-images-idx3-ubyte.gz");
    });
    assert_eq!(said, format!("DIR: {IMAGES_EXPECTED}it in DIR/gzip: give that folder"));
}

#[test]
fn a_missing_folder_and_a_file_for_a_folder() {
    let said = complaint("no_folder", |dir| fs::remove_dir_all(dir).expect("removed"));
    assert_eq!(said, format!("DIR: {IMAGES_EXPECTED}no such folder"));
    let said = complaint("a_file", |dir| {
        fs::remove_dir_all(dir).expect("removed");
        fs::write(dir, "a file").expect("written");
    });
    fs::remove_file(Path::new(env!("CARGO_TARGET_TMPDIR")).join("mnist_data/a_file"))
        .expect("removed");
    assert_eq!(said, format!("DIR: {IMAGES_EXPECTED}a file instead of a folder"));
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
    let said = complaint("empty", damage(Vec::clear));
    assert_eq!(said, "DIR/train-labels-idx1-ubyte.gz: expected a gzip file, found an empty file");
}

#[test]
fn a_file_of_another_kind_is_named_with_what_to_do() {
    let numpy =
        |name: &str| fs::read(crate::common::fixtures("numpy/arrays").join(name)).expect(name);
    let pickle = "a Python pickle, which is not read, since that could run any program: load it in \
                  Python and save its arrays in the expected format";
    let page = "a web page instead of the file: download the file again";
    let cases: [(&[u8], &str); 22] = [
        (b"\x80\x04\x95\x0b", pickle),  // pickle.dumps(…)
        (b"(dp0\nS'W1'\np1\n", pickle), // pickle.dumps(…, protocol=0)
        (&numpy("big_f8.npy"), "a single array of NumPy (.npy)"),
        (&numpy("net.npz"), "a zip file: unpack it"),
        (b"\n<html>404</html>", page),
        (b"\xef\xbb\xbf<!DOCTYPE html>", page),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:",
            "a Git LFS pointer instead of the file: run git lfs pull",
        ),
        (b"\xfd7zXZ\0\0\x04", "an xz file: unpack it with xz -d"),
        (b"BZh91AY&SY", "a bzip2 file: unpack it with bzip2 -d"),
        (b"\x28\xb5\x2f\xfd\x24", "a zstd file: unpack it with zstd -d"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "a 7z archive: unpack it"),
        (b"Rar!\x1a\x07", "a rar archive: unpack it"),
        (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
        (b"\xff\xd8\xff\xe0", "a JPEG picture"),
        (b"\x89HDF\r\n\x1a\n", "an HDF5 file, as Keras saves it"),
        (b"MATLAB 5.0 MAT-file, Platform", "a MATLAB file (.mat)"),
        (b"label,1x1,1x2,1x3,1x4", "text that begins with \"label,1x1,1x2,1x3,1x\""),
        (b"404: Not Found", "text that begins with \"404: Not Found\""),
        (b"5\t0\t0\n", "text that begins with \"5\\t0\\t0\\n\""),
        (b"\x01\x02\x03", "the bytes 01 02 03"),
        (b"\0\0\x0a\x03\0\0\0\x05\xff", "the bytes 00 00 0a 03 00 00 00 05"),
        (&gzip(&gzip(b"x")), "a gzip file: unpack it with gzip -d"),
    ];
    for (bytes, kind) in cases {
        let is_gzip = bytes.starts_with(&[0x1f, 0x8b]);
        for name in [TEST_LABELS, "t10k-labels-idx1-ubyte.gz"] {
            let said = complaint("kind", |dir| {
                fs::remove_file(dir.join(TEST_LABELS)).expect("removed");
                write(dir, name, bytes);
            });
            // After .gz a gzip file is expected, but the two zeros of IDX are no gzip file either.
            let gz = name.ends_with("gz") && !is_gzip && !bytes.starts_with(&[0, 0]);
            if bytes.len() < 4 && !gz {
                assert_eq!(said, format!("DIR/{name}: needs 4 bytes, has 3"));
                continue;
            }
            let expected = if gz { "a gzip file" } else { "an IDX file" };
            let kind = if cfg!(windows) { kind.replace('\\', "/") } else { kind.to_string() };
            assert_eq!(said, format!("DIR/{name}: expected {expected}, found {kind}"));
        }
        if !bytes.starts_with(b"PK") {
            let error = Npz::parse(bytes).expect_err(kind).to_string();
            let expected = "expected a .npz file, as np.savez writes it, found ";
            assert_eq!(error, format!("{expected}{kind}"));
        }
    }
    let labels = idx_bytes(&[1], &[7]);
    let error = Npz::parse(&labels).expect_err("labels").to_string();
    assert!(error.ends_with("found an IDX file, the format of MNIST's images and labels"));
}

#[test]
fn arrays_of_other_kinds() {
    let replace = |name: &'static str, bytes: Vec<u8>| move |dir: &Path| write(dir, name, &bytes);
    let mut floats = idx_bytes(&[1], &[0; 4]);
    floats[2] = 0x0d;
    let said = complaint("floats", replace(TEST_LABELS, floats));
    assert_eq!(
        said,
        "DIR/t10k-labels-idx1-ubyte: expected N unsigned bytes, one label per image, \
         found 1 32-bit floating-point numbers"
    );
    let said = complaint("size", replace(TEST_IMAGES, idx_bytes(&[2, 27, 29], &[0; 1566])));
    assert_eq!(
        said,
        "DIR/t10k-images-idx3-ubyte: expected N×28×28 unsigned bytes, the pixels of N images, \
         found 2×27×29 unsigned bytes"
    );
    let said = complaint("flat", replace(TEST_IMAGES, idx_bytes(&[2, 784], &[0; 1568])));
    assert_eq!(
        said,
        "DIR/t10k-images-idx3-ubyte: expected N×28×28 unsigned bytes, the pixels of N images, \
         found 2×784 unsigned bytes"
    );
    let said = complaint("one_hot", replace(TEST_LABELS, idx_bytes(&[2, 10], &[0; 20])));
    assert_eq!(
        said,
        "DIR/t10k-labels-idx1-ubyte: expected N unsigned bytes, one label per image, \
         found 2×10 unsigned bytes"
    );
    let said = complaint("none", replace(TEST_IMAGES, idx_bytes(&[0, 28, 28], &[])));
    assert!(said.ends_with(", the pixels of N images, found 0×28×28 unsigned bytes"), "{said}");
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

/// A file of so many images or labels, all zeros. It takes no room on the disk.
fn zeros(path: &Path, dimensions: &[u32]) {
    let header = idx_bytes(dimensions, &[]);
    let data: u64 = dimensions.iter().map(|&n| u64::from(n)).product();
    fs::write(path, &header).expect("written");
    let file = fs::File::options().write(true).open(path).expect("open");
    file.set_len(header.len() as u64 + data).expect("a file system with sparse files");
}

#[test]
fn more_images_than_mnist_has_are_read_up_to_a_bound() {
    let folder = small("bound");
    for (images, labels, name, most) in [
        (TRAIN_IMAGES, TRAIN_LABELS, "train-images-idx3-ubyte", MOST_TRAINING_IMAGES),
        (TEST_IMAGES, TEST_LABELS, "t10k-images-idx3-ubyte", MOST_TEST_IMAGES),
    ] {
        for count in [most as u32, most as u32 + 1] {
            zeros(&folder.join(images), &[count, 28, 28]);
            zeros(&folder.join(labels), &[count]);
            let train = mnist::load_train(&folder);
            let loaded = train.and_then(|train| Ok((train, mnist::load_test(&folder)?)));
            if count as usize == most {
                let (train, test) = loaded.expect("the largest");
                assert!([train.labels.len(), test.labels.len()].contains(&most));
                continue;
            }
            let error = loaded.expect_err("one more").to_string();
            let limit = 16 + most * 784;
            let path = folder.join(name);
            assert_eq!(
                error,
                format!(
                    "{}: expected at most {most} images in {limit} bytes, found more bytes",
                    path.display()
                )
            );
            // The other part is tried with the largest that there may be.
            zeros(&folder.join(images), &[most as u32, 28, 28]);
            zeros(&folder.join(labels), &[most as u32]);
        }
    }
}

#[test]
fn a_gzip_file_may_not_expand_beyond_the_bound() {
    let packed = |dir: &Path| {
        fs::remove_file(dir.join(TEST_LABELS)).expect("removed");
        write(dir, "t10k-labels-idx1-ubyte.gz", &gzip(&[0; 65_535]).repeat(30));
    };
    let limit = 16 + 32 * 60_000;
    assert!(limit < 30 * 65_535);
    assert_eq!(
        complaint("packed", packed),
        format!(
            "DIR/t10k-labels-idx1-ubyte.gz: expected at most 60000 labels in {limit} bytes, found \
             more bytes"
        )
    );
}

#[test]
fn a_compressed_file_may_be_longer_than_its_content_by_a_part_and_64_kb() {
    let folder = small("padded");
    let limit = 16 + 32 * 60_000;
    let longest = limit + limit / 100 + 65_536;
    fs::remove_file(folder.join(TEST_LABELS)).expect("removed");
    for (length, is_read) in [(longest, true), (longest + 1, false)] {
        let mut file = gzip(&idx_bytes(&[2], &[4, 5]));
        file.resize(length, 0); // padding after the last member
        write(&folder, "t10k-labels-idx1-ubyte.gz", &file);
        assert_eq!(CompressedMnist::load(&folder).is_ok(), is_read, "{length}");
    }
}

#[test]
fn the_kind_of_the_error_tells_a_missing_file_from_a_wrong_one() {
    let kind = |name: &str, damage: fn(&Path)| {
        let folder = small(name);
        damage(&folder);
        CompressedMnist::load(&folder).expect_err(name).kind()
    };
    let remove = |dir: &Path| fs::remove_file(dir.join(TEST_LABELS)).expect("removed");
    assert_eq!(kind("kind-missing", remove), ErrorKind::NotFound);
    let cut = |dir: &Path| write(dir, TEST_LABELS, &[0; 3]);
    assert_eq!(kind("kind-cut", cut), ErrorKind::Other);
    let counts = |dir: &Path| write(dir, TEST_LABELS, &idx_bytes(&[3], &[1, 2, 3]));
    assert_eq!(kind("kind-counts", counts), ErrorKind::Other);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_read() {
    let said = complaint("socket", |dir| {
        fs::remove_file(dir.join(TEST_LABELS)).expect("removed");
        std::os::unix::net::UnixListener::bind(dir.join(TEST_LABELS)).expect("bound");
    });
    let expected = "expected a file, found a folder, a pipe or a device";
    assert_eq!(said, format!("DIR/t10k-labels-idx1-ubyte: {expected}"));
}

#[test]
fn a_folder_where_a_file_should_be() {
    let said = complaint("nested", |dir| {
        fs::remove_file(dir.join(TRAIN_LABELS)).expect("removed");
        fs::create_dir(dir.join(TRAIN_LABELS)).expect("created");
    });
    let expected =
        "DIR: expected train-labels-idx1-ubyte or train-labels-idx1-ubyte.gz, found nothing";
    assert!(said.starts_with(expected), "{said}");
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
        let expected = "expected at most 60000 labels in 1920016 bytes, found more bytes";
        assert_eq!(said, format!("DIR/{name}: {expected}"));
    }
}
