//! MNIST: 60,000 training and 10,000 test images of handwritten digits, and mini-batches of them.
//! Section 4.2.3.
//!
//! The images stay compressed in memory, see [`CompressedRows`]: 32 MB where a matrix would take
//! 439.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::targets::Labels;
use crate::formats::files::read_at_most;
use crate::formats::gzip::{self, GzipError};
use crate::formats::idx::{self, Element, Idx, IdxError};
use crate::formats::inflate::InflateError;
use crate::numeric::compressed::{Batch, CompressedRows};

/// How many pixels an image is wide and high.
pub const SIDE: usize = 28;

/// An image's 28 × 28 pixels are flattened row after row.
pub const PIXELS: usize = SIDE * SIDE;

/// The digits 0 to 9.
pub const CLASSES: usize = 10;

/// Both parts of the data set.
#[derive(Clone, Debug)]
pub struct Mnist {
    /// 60,000 images to learn from
    pub train: Dataset,
    /// 10,000 images that the net never learns from
    pub test: Dataset,
}

/// Images and the digits that they show.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// (samples, 784), a pixel from 0.0 to 1.0
    pub images: CompressedRows,
    /// (samples), 0 to 9
    pub labels: Labels,
}

impl Dataset {
    /// The mini-batch of the samples with these indices: `x_train[batch_mask],
    /// t_train[batch_mask]`. For x with its zeros, as a matrix, there is [`Batch::to_matrix`].
    ///
    /// # Panics
    /// If there is no such image, or no such label.
    #[track_caller]
    pub fn select(&self, indices: &[usize]) -> (Batch, Labels) {
        (self.images.select_rows(indices), self.labels.select(indices))
    }

    /// The same images with `side` × `side` pixels: in both directions one of every 28 / `side` is
    /// kept. For smaller nets to learn from.
    ///
    /// # Panics
    /// If `side` is not from 1 to 28, or an image has not 784 pixels.
    #[track_caller]
    pub fn thinned(&self, side: usize) -> Dataset {
        assert!((1..=SIDE).contains(&side), "thinned: {side} pixels a side of {SIDE}");
        let columns = self.images.columns();
        assert!(columns == PIXELS, "thinned: images of {columns} pixels, not {PIXELS}");
        let step = SIDE / side;
        let mut bytes = vec![0; self.images.rows() * side * side];
        for (n, image) in bytes.chunks_exact_mut(side * side).enumerate() {
            for (i, level) in self.images.levels(n) {
                let (row, column) = (i / SIDE, i % SIDE);
                let taken = row % step == step / 2 && column % step == step / 2;
                let (row, column) = (row / step, column / step);
                if taken && row < side && column < side {
                    image[row * side + column] = level;
                }
            }
        }
        let images = CompressedRows::new(&bytes, side * side, pixel_values());
        Dataset { images, labels: self.labels.clone() }
    }
}

impl Mnist {
    /// Loads the four files from a folder: `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`,
    /// `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`; a dot may stand for the second dash,
    /// and `.gz` at the end.
    ///
    /// # Errors
    /// See [`MnistError`].
    pub fn load(folder: &Path) -> Result<Self, MnistError> {
        Ok(Self {
            train: load_pair(folder, "train", 60_000)?,
            test: load_pair(folder, "t10k", 10_000)?,
        })
    }
}

/// Images and labels of one part of the data set, which in MNIST has `samples` of them. Fewer are
/// accepted, more are not: so a file of any content has a bound.
fn load_pair(folder: &Path, part: &str, samples: usize) -> Result<Dataset, MnistError> {
    let (images_path, file) = read(folder, part, "images", 3, 16 + samples * PIXELS)?;
    let array = parse(&images_path, &file)?;
    let [count, SIDE, SIDE] = array.dimensions[..] else {
        let expected = "images of 28×28 pixels (dimensions N×28×28)";
        return Err(MnistError::dimensions(images_path, expected, &array));
    };
    if count == 0 {
        return Err(MnistError::NoImages { path: images_path });
    }
    let images = CompressedRows::new(array.data, PIXELS, pixel_values());
    drop(file);

    let (labels_path, file) = read(folder, part, "labels", 1, 8 + samples)?;
    let array = parse(&labels_path, &file)?;
    let [labels] = array.dimensions[..] else {
        return Err(MnistError::dimensions(
            labels_path,
            "one label an image (dimension N)",
            &array,
        ));
    };
    if labels != count {
        return Err(MnistError::Counts { images_path, images: count, labels_path, labels });
    }
    let labels: Vec<usize> = array.data.iter().map(|&label| usize::from(label)).collect();
    if let Some(index) = labels.iter().position(|&label| label >= CLASSES) {
        return Err(MnistError::Label { path: labels_path, index, found: labels[index] });
    }
    Ok(Dataset { images, labels: Labels::new(labels) })
}

/// What the 256 grey levels stand for. The book divides as `f32`, so its pixels are `f32` numbers.
fn pixel_values() -> [f64; 256] {
    std::array::from_fn(|level| f64::from(level as f32 / 255.0))
}

/// Finds one of the four files, whatever its name, and returns its content, decompressed: at most
/// `limit` bytes.
fn read(
    folder: &Path,
    part: &str,
    kind: &str,
    dimensions: usize,
    limit: usize,
) -> Result<(PathBuf, Vec<u8>), MnistError> {
    let mut tried = Vec::new();
    for separator in ["-", "."] {
        for ending in ["", ".gz"] {
            let name = format!("{part}-{kind}{separator}idx{dimensions}-ubyte{ending}");
            let path = folder.join(&name);
            // Compressed, what does not compress is longer by its headers.
            match read_at_most(&path, limit + limit / 100 + 65_536) {
                Ok(Some(file)) => return decompressed(path, file, limit),
                Ok(None) => return Err(MnistError::TooLong { path, limit }),
                Err(error) if is_absent(&error) => tried.push(name),
                Err(error) => return Err(MnistError::Read { path, error }),
            }
        }
    }
    Err(MnistError::Missing {
        folder: folder.to_path_buf(),
        folder_exists: folder.is_dir(),
        tried,
        bytes: limit,
    })
}

/// No such file, or the folder is itself a file.
fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// By its content and not by its name: browsers decompress a `.gz` and keep the name.
fn decompressed(
    path: PathBuf,
    file: Vec<u8>,
    limit: usize,
) -> Result<(PathBuf, Vec<u8>), MnistError> {
    let named_gzip = path.extension().is_some_and(|ending| ending == "gz");
    let looks_like_idx = file.starts_with(&[0, 0]);
    if !gzip::is_gzip(&file) && (!named_gzip || looks_like_idx) {
        return match file.len() <= limit {
            true => Ok((path, file)),
            false => Err(MnistError::TooLong { path, limit }),
        };
    }
    match gzip::decompress(&file, limit) {
        Ok(bytes) => Ok((path, bytes)),
        Err(GzipError::Data(InflateError::OutputLimit { limit })) => {
            Err(MnistError::TooLong { path, limit })
        }
        Err(error) => Err(MnistError::Gzip { path, error }),
    }
}

fn parse<'a>(path: &Path, file: &'a [u8]) -> Result<Idx<'a>, MnistError> {
    let path = || path.to_path_buf();
    let array = idx::parse(file).map_err(|error| MnistError::Idx { path: path(), error })?;
    match array.element {
        Element::U8 => Ok(array),
        found => Err(MnistError::Element { path: path(), found }),
    }
}

/// Why the data could not be loaded.
#[derive(Debug)]
pub enum MnistError {
    /// A file is there under none of its names.
    Missing {
        /// Where it was looked for
        folder: PathBuf,
        /// Whether that is a folder at all
        folder_exists: bool,
        /// The names that were tried
        tried: Vec<String>,
        /// Its size when decompressed
        bytes: usize,
    },
    /// A file is there but can't be read.
    Read {
        /// The file
        path: PathBuf,
        /// What the system says
        error: io::Error,
    },
    /// A file is longer than the one of MNIST, as it is or decompressed.
    TooLong {
        /// The file
        path: PathBuf,
        /// The most bytes it may have
        limit: usize,
    },
    /// A gzip file is damaged.
    Gzip {
        /// The file
        path: PathBuf,
        /// What is wrong
        error: GzipError,
    },
    /// A file is no whole IDX file.
    Idx {
        /// The file
        path: PathBuf,
        /// What is wrong
        error: IdxError,
    },
    /// An array of something other than bytes.
    Element {
        /// The file
        path: PathBuf,
        /// What it is of
        found: Element,
    },
    /// An array of other dimensions.
    Dimensions {
        /// The file
        path: PathBuf,
        /// In words
        expected: &'static str,
        /// What it has
        found: Vec<usize>,
    },
    /// A whole file, but empty.
    NoImages {
        /// The file
        path: PathBuf,
    },
    /// Not one label an image.
    Counts {
        /// The file of the images
        images_path: PathBuf,
        /// How many there are
        images: usize,
        /// The file of the labels
        labels_path: PathBuf,
        /// How many there are
        labels: usize,
    },
    /// A label that is no digit.
    Label {
        /// The file
        path: PathBuf,
        /// Which, counted from 0
        index: usize,
        /// What stands there
        found: usize,
    },
}

impl MnistError {
    fn dimensions(path: PathBuf, expected: &'static str, array: &Idx) -> Self {
        let found = array.dimensions.clone();
        Self::Dimensions { path, expected, found }
    }
}

impl fmt::Display for MnistError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        use MnistError::*;
        match self {
            Missing { folder, folder_exists, tried, bytes } => write!(
                f,
                "{} {}: expected {}, of {bytes} bytes when decompressed; the four files of MNIST are \
                 in this project's fixtures/mnist and at \
                 https://storage.googleapis.com/cvdf-datasets/mnist/{}",
                folder.display(),
                match folder_exists {
                    true => "lacks a file",
                    false => "is not a folder",
                },
                tried.join(" or "),
                // The address is that of the folder; each file has its own below it.
                tried.get(1).map_or("", String::as_str)
            ),
            Read { path, error } => write!(f, "{}: {error}", path.display()),
            TooLong { path, limit } => write!(
                f,
                "{}: expected at most the {limit} bytes of MNIST, found more",
                path.display()
            ),
            Gzip { path, error: error @ GzipError::NotGzip { .. } } => {
                write!(f, "{}: {error}", path.display())
            }
            Gzip { path, error } => {
                write!(f, "{} is damaged or incomplete: {error}", path.display())
            }
            Idx { path, error } => write!(f, "{}: {error}", path.display()),
            Element { path, found } => {
                write!(f, "{}: expected an array of unsigned bytes, found {found}", path.display())
            }
            Dimensions { path, expected, found } => {
                write!(
                    f,
                    "{}: expected {expected}, found {}",
                    path.display(),
                    idx::with_times_signs(found)
                )
            }
            NoImages { path } => write!(f, "{}: expected images, found none", path.display()),
            Counts { images_path, images, labels_path, labels } => write!(
                f,
                "{} has {images} images but {} has {labels} labels: they must come from the same data set",
                images_path.display(),
                labels_path.display()
            ),
            Label { path, index, found } => write!(
                f,
                "{}: expected labels from 0 to 9, found {found} at place {index}, counted from 0",
                path.display()
            ),
        }
    }
}

impl std::error::Error for MnistError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            MnistError::Read { error, .. } => Some(error),
            MnistError::Gzip { error, .. } => Some(error),
            MnistError::Idx { error, .. } => Some(error),
            _ => None,
        }
    }
}
