//! The four files of MNIST: 60,000 training and 10,000 test images of handwritten digits, and those of
//! QMNIST and of EMNIST's digits. `ch04/s2_3_mini_batch.rs` turns the bytes into numbers.
//!
//! ```text
//! train-images-idx3-ubyte.gz ─▶ gzip ─▶ idx: 60000 × 28 × 28 bytes, 0 (white) … 255 (black)
//! train-labels-idx1-ubyte.gz ─▶ gzip ─▶ idx: 60000 bytes, 0 … 9
//! t10k-…                     the same, for 10000 images
//! ```

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::files::{error_in, read_at_most};
use super::idx::{self, Idx};
use super::{FormatError, error, gzip, inflate};

/// The width and the height of an image, in pixels.
pub const SIDE: usize = 28;
/// How many pixels an image has. They are in one row: `flatten=True` in the book.
pub const PIXELS: usize = SIDE * SIDE;
/// How many classes there are: the digits 0 to 9.
pub const CLASSES: usize = 10;

/// As many training images as EMNIST's digits have. This limits memory: if no pixel is 0, loading both
/// parts took 0.90 GB, measured.
pub const MOST_TRAINING_IMAGES: usize = 240_000;
/// As many test images as QMNIST has.
pub const MOST_TEST_IMAGES: usize = 60_000;

/// How the names of the files begin: for training and for test.
const SETS: [[&str; 2]; 4] = [
    ["train", "t10k"],
    ["qmnist-train", "qmnist-test"],
    ["emnist-digits-train", "emnist-digits-test"],
    ["emnist-mnist-train", "emnist-mnist-test"],
];

/// QMNIST's labels have eight 32-bit integers per image. The first is the digit.
const QMNIST_COLUMNS: usize = 8;

/// An IDX header with three dimensions has 4 + 3 · 4 bytes. With fewer dimensions it is shorter.
const HEADER: usize = 16;

/// Images and their labels, as bytes.
#[derive(Clone, Debug)]
pub struct Part {
    /// The whole file of the images, with its header
    images_file: Vec<u8>,
    /// For each image the digit that it shows, 0 to 9
    pub labels: Vec<u8>,
}

impl Part {
    /// The grey levels of all images, 784 bytes per image, row after row.
    pub fn pixels(&self) -> &[u8] {
        &self.images_file[HEADER..]
    }
}

/// Loads the training images and their labels from a folder: `train-images-idx3-ubyte` and
/// `train-labels-idx1-ubyte`, with or without `.gz`. Names such as `train-images.idx3-ubyte` also work,
/// and a file may be in a folder that has its name, as some programs unpack it. If no file exists, not
/// even of QMNIST and EMNIST, the error is of the kind `ErrorKind::NotFound`.
pub fn load_train(folder: &Path) -> io::Result<Part> {
    load_part(folder, &SETS.map(|[train, _]| train), MOST_TRAINING_IMAGES)
}

/// Loads the test images and their labels, as [`load_train`] does.
pub fn load_test(folder: &Path) -> io::Result<Part> {
    load_part(folder, &SETS.map(|[_, test]| test), MOST_TEST_IMAGES)
}

/// All paths under which [`load_train`] and [`load_test`] look for files.
pub fn possible_files(folder: &Path) -> Vec<PathBuf> {
    let paths = |set: &&str| ["images", "labels"].map(|content| paths(folder, set, content));
    SETS.as_flattened().iter().flat_map(paths).flatten().collect()
}

/// Loads one part of the data set: the first of these sets that has images in the folder.
fn load_part(folder: &Path, sets: &[&str], most: usize) -> io::Result<Part> {
    for set in sets {
        let Some((images_path, mut images_file)) = read(folder, set, "images", most)? else {
            continue;
        };
        let images = count_images(&images_file).map_err(|wrong| error_in(&images_path, wrong))?;
        let Some((labels_path, labels_file)) = read(folder, set, "labels", most)? else {
            return Err(missing(folder, &[set], "labels"));
        };
        let labels = digits(&labels_file).map_err(|wrong| error_in(&labels_path, wrong))?;
        if labels.len() != images {
            let images = format!("{} has {images} images", images_path.display());
            let labels = format!("{} has {} labels", labels_path.display(), labels.len());
            let hint = "they must come from the same data set";
            return Err(io::Error::other(format!("{images} but {labels}: {hint}")));
        }
        if set.starts_with("emnist") {
            transpose(&mut images_file[HEADER..]);
        }
        return Ok(Part { images_file, labels });
    }
    Err(missing(folder, sets, "images"))
}

fn other_array<T>(expected: &str, found: &Idx) -> Result<T, FormatError> {
    let dimensions = idx::with_times_signs(&found.dimensions);
    error(format!("expected {expected}, found {dimensions} {}", found.elements))
}

fn count_images(file: &[u8]) -> Result<usize, FormatError> {
    let array = idx::parse(file)?;
    match (array.elements, &array.dimensions[..]) {
        ("unsigned bytes", &[images, SIDE, SIDE]) if images > 0 => Ok(images),
        _ => other_array("N×28×28 unsigned bytes, the pixels of N images", &array),
    }
}

/// The digits in a file of labels. They are bytes, or QMNIST's integers.
fn digits(file: &[u8]) -> Result<Vec<u8>, FormatError> {
    let array = idx::parse(file)?;
    let row = match (array.elements, &array.dimensions[..]) {
        ("unsigned bytes", [_]) => 1,
        ("32-bit integers", [_, QMNIST_COLUMNS]) => 4 * QMNIST_COLUMNS,
        _ => return other_array("N unsigned bytes, one label per image", &array),
    };
    let mut labels = Vec::with_capacity(array.dimensions[0]);
    for (index, row) in array.data.chunks_exact(row).enumerate() {
        // Big-endian, as all numbers in IDX.
        let label = row.iter().take(4).fold(0, |label, &byte| label << 8 | u32::from(byte));
        if label as usize >= CLASSES {
            let found = format!("found {label} at place {index}, counted from 0");
            return error(format!("expected labels from 0 to 9, {found}"));
        }
        labels.push(label as u8);
    }
    Ok(labels)
}

/// EMNIST's images are stored column after column. Rows and columns change places.
fn transpose(pixels: &mut [u8]) {
    for image in pixels.chunks_exact_mut(PIXELS) {
        for row in 0..SIDE {
            for column in 0..row {
                image.swap(row * SIDE + column, column * SIDE + row);
            }
        }
    }
}

/// The names of the images or labels of a set: `train-images-idx3-ubyte` and
/// `train-images.idx3-ubyte`, both also with `.gz`.
fn names(set: &str, content: &str) -> Vec<String> {
    let formats: &[&str] = match content {
        "images" => &["idx3-ubyte"],
        _ if set.starts_with("qmnist") => &["idx2-int", "idx1-ubyte"],
        _ => &["idx1-ubyte"],
    };
    let both = |format| ["-", "."].map(|dot| format!("{set}-{content}{dot}{format}"));
    formats.iter().flat_map(both).flat_map(|name| [name.clone(), name + ".gz"]).collect()
}

/// The paths of such a file: first in the folder itself, then in a folder that has one of the names.
fn paths(folder: &Path, set: &str, content: &str) -> Vec<PathBuf> {
    let names = names(set, content);
    let mut folders = vec![folder.to_path_buf()];
    folders.extend(names.iter().map(|name| folder.join(name)));
    folders.iter().flat_map(|folder| names.iter().map(|name| folder.join(name))).collect()
}

/// The path and the decompressed content of the images or labels of a set, for at most `most` images.
fn read(
    folder: &Path, set: &str, content: &str, most: usize,
) -> io::Result<Option<(PathBuf, Vec<u8>)>> {
    let bytes_per_image = if content == "images" { PIXELS } else { 4 * QMNIST_COLUMNS };
    let limit = HEADER + most * bytes_per_image;
    let absent = [ErrorKind::NotFound, ErrorKind::NotADirectory];
    for path in paths(folder, set, content).into_iter().filter(|path| !path.is_dir()) {
        // Data that can't be compressed become slightly longer in a gzip file.
        let file = match read_at_most(&path, limit + limit / 100 + 65_536) {
            Err(error) if absent.contains(&error.kind()) => continue,
            Err(error) => return Err(error_in(&path, error)),
            Ok(None) => None,
            Ok(Some(file)) => decompressed(&path, file, limit)?,
        };
        let file = file.ok_or_else(|| {
            let expected = format!("expected at most {most} {content} in {limit} bytes");
            error_in(&path, io::Error::other(format!("{expected}, found more bytes")))
        })?;
        return Ok(Some((path, file)));
    }
    Ok(None)
}

/// Decompresses a file if its content is gzip: some browsers decompress a `.gz` file and keep its name.
/// The name matters only if the content is neither gzip nor IDX. `None` if it is beyond the limit.
fn decompressed(path: &Path, file: Vec<u8>, limit: usize) -> io::Result<Option<Vec<u8>>> {
    let named_gzip = path.extension().is_some_and(|ending| ending == "gz");
    let is_gzip = gzip::is_gzip(&file);
    if !is_gzip && (!named_gzip || file.starts_with(&[0, 0])) {
        return Ok((file.len() <= limit).then_some(file));
    }
    match gzip::decompress(&file, limit) {
        Ok(content) => Ok(Some(content)),
        Err(wrong) if wrong == inflate::too_long(limit) => Ok(None),
        Err(wrong) if !is_gzip => Err(error_in(path, wrong)),
        Err(wrong) => {
            let path = path.display();
            Err(io::Error::other(format!("{path} is damaged or incomplete: {wrong}")))
        }
    }
}

/// The error for a file that was not found, with what is there in its place: a folder with the file, or
/// a file with a similar name. It is not read, because it can be a part of a download.
fn missing(folder: &Path, sets: &[&str], content: &str) -> io::Error {
    let error = |set: &str, found: String| {
        let name = names(set, content).swap_remove(0);
        let expected = format!("expected {name} or {name}.gz, found {found}");
        io::Error::new(ErrorKind::NotFound, format!("{}: {expected}", folder.display()))
    };
    let Ok(entries) = fs::read_dir(folder) else {
        let found = if folder.is_file() { "a file instead of a folder" } else { "no such folder" };
        return error(sets[0], found.to_string());
    };
    let mut there: Vec<PathBuf> = entries.flatten().take(10_000).map(|e| e.path()).collect();
    there.sort();
    let (folders, files): (Vec<_>, Vec<_>) = there.into_iter().partition(|path| path.is_dir());

    for inner in folders.iter().take(100).flat_map(|path| [path.clone(), path.join("raw")]) {
        if sets.iter().flat_map(|set| paths(&inner, set, content)).any(|path| path.is_file()) {
            return error(sets[0], format!("it in {}: give that folder", inner.display()));
        }
    }
    for name in files.iter().filter_map(|path| path.file_name()) {
        let name = name.display().to_string();
        // MNIST is tried last: its names are a part of the names of the other sets.
        let similar = |set: &&&str| letters(&name).contains(&letters(&format!("{set}{content}")));
        if let Some(set) = sets.iter().rev().find(similar) {
            return error(set, format!("{name:?}: rename it if it is this file"));
        }
    }
    let other = files.iter().find(|path| {
        let ending = path.extension().map(|ending| ending.to_ascii_lowercase());
        let others = ["npz", "csv", "pkl", "parquet", "mat", "zip", "tar"];
        ending.is_some_and(|ending| others.iter().any(|other| ending == *other))
    });
    let found = match other.and_then(|path| path.file_name()) {
        Some(name) => format!("{name:?}, which has another format"),
        None => "nothing similar".to_string(),
    };
    error(sets[0], format!("{found} (this project has the files of MNIST in fixtures/mnist)"))
}

/// The letters and digits of a name in lower case. Some data sets have `test` where MNIST has `t10k`.
fn letters(name: &str) -> String {
    let letters: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
    letters.to_lowercase().replace("test", "t10k")
}
