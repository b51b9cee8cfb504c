//! The four files of MNIST: 60,000 training and 10,000 test images of handwritten digits.
//!
//! This module finds the files in a folder, decompresses them, and checks that they are what they
//! should be. It returns bytes, and `ch04/s2_3_mini_batch.rs` turns them into numbers.
//!
//! ```text
//! train-images-idx3-ubyte.gz ─▶ gzip ─▶ idx: 60000 × 28 × 28 bytes, 0 (white) … 255 (black)
//! train-labels-idx1-ubyte.gz ─▶ gzip ─▶ idx: 60000 bytes, 0 … 9
//! t10k-images-idx3-ubyte.gz  ─▶ gzip ─▶ idx: 10000 × 28 × 28 bytes
//! t10k-labels-idx1-ubyte.gz  ─▶ gzip ─▶ idx: 10000 bytes
//! ```

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::files::read_at_most;
use super::gzip::{self, GzipError};
use super::idx::{self, Element, Idx, IdxError};
use super::inflate::InflateError;

/// The width and the height of an image, in pixels.
pub const SIDE: usize = 28;

/// How many pixels an image has. They are in one row: `flatten=True` in the book.
pub const PIXELS: usize = SIDE * SIDE;

/// How many classes there are: the digits 0 to 9.
pub const CLASSES: usize = 10;

/// Both parts of the data set.
#[derive(Clone, Debug)]
pub struct Mnist {
    /// 60,000 images
    pub train: Part,
    /// 10,000 images
    pub test: Part,
}

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
        &self.images_file[IMAGES_HEADER..]
    }
}

/// An IDX header with three dimensions has 4 + 3 · 4 bytes, one with one dimension 4 + 4.
const IMAGES_HEADER: usize = 16;
const LABELS_HEADER: usize = 8;

/// Loads the four files from a folder.
///
/// The names are `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and
/// `t10k-labels-idx1-ubyte`, with or without `.gz`. Names such as `train-images.idx3-ubyte` also
/// work.
///
/// # Errors
/// See [`MnistError`].
pub fn load(folder: &Path) -> Result<Mnist, MnistError> {
    Ok(Mnist { train: load_train(folder)?, test: load_test(folder)? })
}

/// Loads only the training images and their labels. See [`load`].
///
/// # Errors
/// See [`MnistError`].
pub fn load_train(folder: &Path) -> Result<Part, MnistError> {
    load_part(folder, "train", 60_000)
}

/// Loads only the test images and their labels. See [`load`].
///
/// # Errors
/// See [`MnistError`].
pub fn load_test(folder: &Path) -> Result<Part, MnistError> {
    load_part(folder, "t10k", 10_000)
}

/// Loads one part of the data set. It may have fewer samples than MNIST, but not more: this limits
/// memory.
fn load_part(folder: &Path, part: &str, most_samples: usize) -> Result<Part, MnistError> {
    let limit = IMAGES_HEADER + most_samples * PIXELS;
    let (images_path, images_file) = read(folder, &format!("{part}-images"), 3, limit)?;
    let dimensions = parse(&images_path, &images_file)?.dimensions;
    if dimensions.len() != 3 || dimensions[1] != SIDE || dimensions[2] != SIDE {
        let expected = "images of 28×28 pixels (dimensions N×28×28)";
        return Err(Problem::Dimensions { expected, found: dimensions }.of(&images_path));
    }
    let images = dimensions[0];
    if images == 0 {
        return Err(Problem::NoImages.of(&images_path));
    }

    let limit = LABELS_HEADER + most_samples;
    let (labels_path, labels_file) = read(folder, &format!("{part}-labels"), 1, limit)?;
    let array = parse(&labels_path, &labels_file)?;
    let labels = array.data.to_vec();
    if array.dimensions.len() != 1 {
        let expected = "one label per image (dimension N)";
        let found = array.dimensions;
        return Err(Problem::Dimensions { expected, found }.of(&labels_path));
    }
    if labels.len() != images {
        let labels = labels.len();
        return Err(MnistError::Counts { images_path, images, labels_path, labels });
    }
    if let Some(index) = labels.iter().position(|&label| usize::from(label) >= CLASSES) {
        return Err(Problem::Label { index, found: labels[index] }.of(&labels_path));
    }
    Ok(Part { images_file, labels })
}

/// Finds one of the four files under one of its names. Returns its path and its decompressed
/// content, at most `limit` bytes.
fn read(
    folder: &Path,
    stem: &str,
    dimensions: usize,
    limit: usize,
) -> Result<(PathBuf, Vec<u8>), MnistError> {
    let mut tried = Vec::new();
    for separator in ["-", "."] {
        for ending in ["", ".gz"] {
            let name = format!("{stem}{separator}idx{dimensions}-ubyte{ending}");
            let path = folder.join(&name);
            // Data that can't be compressed become slightly longer in a gzip file.
            match read_at_most(&path, limit + limit / 100 + 65_536) {
                Ok(Some(file)) => {
                    let bytes = decompressed(&path, file, limit).map_err(|error| error.of(&path));
                    return Ok((path, bytes?));
                }
                Ok(None) => return Err(Problem::TooLong { limit }.of(&path)),
                Err(error) if is_absent(&error) => tried.push(name),
                Err(error) => return Err(Problem::Read(error).of(&path)),
            }
        }
    }
    let (folder, folder_exists) = (folder.to_path_buf(), folder.is_dir());
    Err(MnistError::Missing { folder, folder_exists, tried, bytes: limit })
}

/// Whether there is no such file, or the folder is a file.
fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Decompresses a file if its content is gzip. The content decides, because some browsers
/// decompress a `.gz` file and keep its name. The name matters only if the content is neither gzip
/// nor IDX.
fn decompressed(path: &Path, file: Vec<u8>, limit: usize) -> Result<Vec<u8>, Problem> {
    let named_gzip = path.extension().is_some_and(|ending| ending == "gz");
    let looks_like_idx = file.starts_with(&[0, 0]);
    if gzip::is_gzip(&file) || (named_gzip && !looks_like_idx) {
        return gzip::decompress(&file, limit).map_err(|error| match error {
            GzipError::Data(InflateError::OutputLimit { limit }) => Problem::TooLong { limit },
            error => Problem::Gzip(error),
        });
    }
    if file.len() > limit {
        return Err(Problem::TooLong { limit });
    }
    Ok(file)
}

fn parse<'a>(path: &Path, file: &'a [u8]) -> Result<Idx<'a>, MnistError> {
    let array = idx::parse(file).map_err(|error| Problem::Idx(error).of(path))?;
    if array.element != Element::U8 {
        return Err(Problem::Element(array.element).of(path));
    }
    Ok(array)
}

/// Why the data set could not be loaded.
#[derive(Debug)]
pub enum MnistError {
    /// A file does not exist under any of its names
    Missing {
        /// The folder
        folder: PathBuf,
        /// Whether the folder exists
        folder_exists: bool,
        /// The names that were tried
        tried: Vec<String>,
        /// The size of the decompressed file in MNIST
        bytes: usize,
    },
    /// A file is not as it should be
    File {
        /// The file
        path: PathBuf,
        /// What is wrong
        problem: Problem,
    },
    /// The number of labels differs from the number of images
    Counts {
        /// The file of the images
        images_path: PathBuf,
        /// How many images it has
        images: usize,
        /// The file of the labels
        labels_path: PathBuf,
        /// How many labels it has
        labels: usize,
    },
}

/// What can be wrong with one file.
#[derive(Debug)]
pub enum Problem {
    /// The file exists but can't be read
    Read(io::Error),
    /// The file, or its decompressed content, is longer than in MNIST
    TooLong {
        /// The most bytes that it may have
        limit: usize,
    },
    /// A gzip file is damaged
    Gzip(GzipError),
    /// The content is not an IDX array
    Idx(IdxError),
    /// The array does not consist of bytes
    Element(Element),
    /// The array has other dimensions
    Dimensions {
        /// What was expected, in words
        expected: &'static str,
        /// The dimensions of the array
        found: Vec<usize>,
    },
    /// The array has no images
    NoImages,
    /// A label is not a digit
    Label {
        /// The index of the label, counted from 0
        index: usize,
        /// Its value
        found: u8,
    },
}

impl Problem {
    fn of(self, path: &Path) -> MnistError {
        MnistError::File { path: path.to_path_buf(), problem: self }
    }
}

impl fmt::Display for MnistError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            MnistError::Missing { folder, folder_exists, tried, bytes } => write!(
                f,
                "{} {}: expected {}, of {bytes} bytes when decompressed; the four files of MNIST are \
                 in this project's fixtures/mnist and at \
                 https://storage.googleapis.com/cvdf-datasets/mnist/{}",
                folder.display(),
                if *folder_exists { "lacks a file" } else { "is not a folder" },
                tried.join(" or "),
                tried.get(1).map_or("", String::as_str) // the name with .gz
            ),
            MnistError::File { path, problem } => write!(f, "{}{problem}", path.display()),
            MnistError::Counts { images_path, images, labels_path, labels } => write!(
                f,
                "{} has {images} images but {} has {labels} labels: they must come from the same data set",
                images_path.display(),
                labels_path.display()
            ),
        }
    }
}

/// The rest of a sentence that begins with the name of the file.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Problem::Read(error) => write!(f, ": {error}"),
            Problem::TooLong { limit } => {
                write!(f, ": expected at most the {limit} bytes of MNIST, found more")
            }
            Problem::Gzip(error @ GzipError::NotGzip { .. }) => write!(f, ": {error}"),
            Problem::Gzip(error) => write!(f, " is damaged or incomplete: {error}"),
            Problem::Idx(error) => write!(f, ": {error}"),
            Problem::Element(found) => {
                write!(f, ": expected an array of unsigned bytes, found {found}")
            }
            Problem::Dimensions { expected, found } => {
                write!(f, ": expected {expected}, found {}", idx::with_times_signs(found))
            }
            Problem::NoImages => write!(f, ": expected images, found none"),
            Problem::Label { index, found } => write!(
                f,
                ": expected labels from 0 to 9, found {found} at place {index}, counted from 0"
            ),
        }
    }
}

impl std::error::Error for MnistError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let MnistError::File { problem, .. } = self else {
            return None;
        };
        match problem {
            Problem::Read(error) => Some(error),
            Problem::Gzip(error) => Some(error),
            Problem::Idx(error) => Some(error),
            _ => None,
        }
    }
}
