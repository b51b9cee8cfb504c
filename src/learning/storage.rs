//! What a run leaves on disk: the parameters and the history, as `.npz` files that NumPy opens with
//! one call, and back.
//!
//! ```python
//! params = dict(np.load("net.npz"))      # W1, b1, W2, b2: network.params of the book
//! np.savez("net.npz", **network.params)  # and the other way
//! ```

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::training::{Accuracy, History};
use super::two_layer_net::Parameters;
use crate::formats::files::{read_at_most, replace};
use crate::formats::npy::{Array, tuple};
use crate::formats::npz::{self, Npz, NpzError};
use crate::numeric::matrix::Matrix;

/// The largest number that is saved or loaded as a parameter. With such numbers no sum of a forward
/// pass can overflow.
const LARGEST: f64 = 1e100;

/// The most hidden units of a net that is loaded.
const MOST_UNITS: usize = 10_000;

/// The longest file that is read: the parameters of that many units take half of it.
fn longest(inputs: usize, classes: usize) -> usize {
    let of_a_unit = inputs.saturating_add(classes).saturating_add(1);
    of_a_unit.saturating_mul(2 * 8 * MOST_UNITS).saturating_add(ROOM_FOR_HEADER)
}

/// Writes W1: (inputs, hidden), b1: (hidden), W2: (hidden, classes), b2: (classes). A file that is
/// there already is replaced as a whole or not at all: see [`replace`].
///
/// # Errors
/// What the system says; and for what could not be loaded again: a number that is NaN, infinite or
/// beyond 1e100, or not from 1 to 10,000 hidden units.
///
/// # Panics
/// If the parts do not belong together, or the file would have 4 GiB or more.
#[track_caller]
pub fn save_parameters(path: &Path, params: &Parameters) -> io::Result<()> {
    let Parameters { w1, b1, w2, b2 } = params;
    let (hidden, classes) = w2.shape();
    assert!(
        [w1.columns(), b1.len(), b2.len()] == [hidden, hidden, classes],
        "save_parameters: W1 {:?}, b1 ({},), W2 {:?} and b2 ({},)",
        w1.shape(),
        b1.len(),
        w2.shape(),
        b2.len()
    );
    if !(1..=MOST_UNITS).contains(&hidden) {
        let expected = format!("expected 1 to {MOST_UNITS} hidden units, found {hidden}");
        return Err(io::Error::other(expected));
    }
    for (name, part) in params.parts() {
        if let Some(index) = first_outside(part) {
            return Err(io::Error::other(out_of_range(name, index, part[index])));
        }
    }
    let matrix =
        |m: &Matrix| Array { shape: vec![m.rows(), m.columns()], data: m.as_slice().to_vec() };
    let arrays = [("W1", matrix(w1)), ("b1", vector(b1)), ("W2", matrix(w2)), ("b2", vector(b2))];
    replace(path, &npz::write(&arrays))
}

/// Where the first number is that is not finite, or too large.
fn first_outside(numbers: &[f64]) -> Option<usize> {
    numbers.iter().position(|v| v.is_nan() || v.abs() > LARGEST)
}

fn out_of_range(name: &str, index: usize, found: f64) -> String {
    format!(
        "expected finite numbers up to {LARGEST:e}, found {found:e} in {name} at place {index}, \
         counted from 0"
    )
}

/// Writes what a run recorded, by the book's names: `train_loss_list`, the loss after each
/// iteration, `train_acc_list` and `test_acc_list`, and `acc_iteration_list`, the iterations of
/// these. A file that is there already is replaced as a whole or not at all.
///
/// # Errors
/// What the system says.
///
/// # Panics
/// If the file would have 4 GiB or more.
#[track_caller]
pub fn save_history(path: &Path, history: &History) -> io::Result<()> {
    let History { losses, accuracies } = history;
    let of_each = |f: &dyn Fn(&(usize, Accuracy)) -> f64| {
        vector(&accuracies.iter().map(f).collect::<Vec<f64>>())
    };
    let arrays = [
        ("train_loss_list", vector(losses)),
        ("train_acc_list", of_each(&|(_, accuracy)| accuracy.train)),
        ("test_acc_list", of_each(&|(_, accuracy)| accuracy.test)),
        ("acc_iteration_list", of_each(&|(iteration, _)| *iteration as f64)),
    ];
    replace(path, &npz::write(&arrays))
}

fn vector(numbers: &[f64]) -> Array {
    Array { shape: vec![numbers.len()], data: numbers.to_vec() }
}

/// What an array's header may take in the file.
const ROOM_FOR_HEADER: usize = 16_384;

/// Reads the parameters of a net with these numbers of inputs and classes, and up to 10,000 hidden
/// units, from a file that [`save_parameters`] or NumPy wrote. f32 numbers become f64.
///
/// # Errors
/// See [`ParametersError`].
pub fn load_parameters(
    path: &Path,
    inputs: usize,
    classes: usize,
) -> Result<Parameters, ParametersError> {
    use ParametersError::{Missing, OutOfRange, Read, Shape, TooLong};
    let path = || path.to_path_buf();
    let limit = longest(inputs, classes);
    let bytes = read_at_most(&path(), limit).map_err(|error| Read { path: path(), error })?;
    let bytes = bytes.ok_or_else(|| TooLong { path: path(), limit })?;
    let npz = Npz::parse(&bytes).map_err(|error| ParametersError::Npz { path: path(), error })?;
    // The array of this name, if it has this shape; of W1 any number of columns will do.
    let array = |name: &'static str, expected: &[Option<usize>]| {
        let numbers = expected.iter().map(|n| n.unwrap_or(MOST_UNITS));
        let largest = numbers.fold(8, usize::saturating_mul);
        let array = npz.array(name, largest.saturating_add(ROOM_FOR_HEADER));
        let array = array.map_err(|error| ParametersError::Npz { path: path(), error })?;
        let array = array.ok_or_else(|| Missing {
            path: path(),
            name,
            there: npz.names().take(10).map(Cow::into_owned).collect(),
        })?;
        let fits = array.shape.len() == expected.len()
            && array.shape.iter().zip(expected).all(|(&n, expected)| match expected {
                Some(expected) => n == *expected,
                None => (1..=MOST_UNITS).contains(&n),
            });
        if !fits {
            let expected = expected.to_vec();
            return Err(Shape { path: path(), name, expected, found: array.shape });
        }
        match first_outside(&array.data) {
            Some(index) => Err(OutOfRange { path: path(), name, index, found: array.data[index] }),
            None => Ok(array),
        }
    };
    let w1 = array("W1", &[Some(inputs), None])?;
    let hidden = w1.shape[1];
    let b1 = array("b1", &[Some(hidden)])?;
    let w2 = array("W2", &[Some(hidden), Some(classes)])?;
    let b2 = array("b2", &[Some(classes)])?;
    Ok(Parameters {
        w1: Matrix::from_vec(inputs, hidden, w1.data),
        b1: b1.data,
        w2: Matrix::from_vec(hidden, classes, w2.data),
        b2: b2.data,
    })
}

/// Why parameters could not be read.
#[derive(Debug)]
pub enum ParametersError {
    /// The file can't be read.
    Read {
        /// The file
        path: PathBuf,
        /// What the system says
        error: io::Error,
    },
    /// The file is longer than any with the parameters of such a net.
    TooLong {
        /// The file
        path: PathBuf,
        /// The most bytes it may have
        limit: usize,
    },
    /// It is no whole `.npz` file, or one of its arrays is not of a kind that is read.
    Npz {
        /// The file
        path: PathBuf,
        /// What is wrong
        error: NpzError,
    },
    /// An array is not there.
    Missing {
        /// The file
        path: PathBuf,
        /// Its name
        name: &'static str,
        /// The first ten of those that are there
        there: Vec<String>,
    },
    /// An array has another shape.
    Shape {
        /// The file
        path: PathBuf,
        /// Its name
        name: &'static str,
        /// The shape that it should have, beside the others; `None` where any number will do
        expected: Vec<Option<usize>>,
        /// The shape that it has
        found: Vec<usize>,
    },
    /// NaN, an infinity or a number beyond 1e100 among the numbers.
    OutOfRange {
        /// The file
        path: PathBuf,
        /// The array's name
        name: &'static str,
        /// Which number, row after row
        index: usize,
        /// What it is
        found: f64,
    },
}

impl fmt::Display for ParametersError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        use ParametersError::*;
        match self {
            Read { path, error } => write!(f, "{}: {error}", path.display()),
            TooLong { path, limit } => write!(
                f,
                "{}: expected the parameters of a net in at most {limit} bytes, found more",
                path.display()
            ),
            Npz { path, error } => write!(f, "{}: {error}", path.display()),
            Missing { path, name, there } => write!(
                f,
                "{}: expected the arrays W1, b1, W2 and b2, found {}",
                path.display(),
                match there.is_empty() {
                    true => "no arrays".to_string(),
                    false => format!("no {name} among {}", there.join(", ")),
                }
            ),
            Shape { path, name, expected, found } => {
                let any = format!("1 to {MOST_UNITS}");
                let expected = expected.iter().map(|n| n.map_or(any.clone(), |n| n.to_string()));
                write!(
                    f,
                    "{}: expected {name} of the shape ({}{}), found {}",
                    path.display(),
                    expected.clone().collect::<Vec<_>>().join(", "),
                    if expected.len() == 1 { "," } else { "" },
                    tuple(found)
                )
            }
            OutOfRange { path, name, index, found } => {
                write!(f, "{}: {}", path.display(), out_of_range(name, *index, *found))
            }
        }
    }
}

impl std::error::Error for ParametersError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ParametersError::Read { error, .. } => Some(error),
            ParametersError::Npz { error, .. } => Some(error),
            _ => None,
        }
    }
}
