//! What a run leaves on disk: the parameters and the history, as `.npz` files that NumPy opens with
//! one call, and back.
//!
//! ```python
//! params = dict(np.load("net.npz"))      # W1, b1, W2, b2: network.params of the book
//! np.savez("net.npz", **network.params)  # and the other way
//! ```

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::training::{Accuracy, History};
use super::two_layer_net::Parameters;
use crate::formats::files::{read_at_most, replace};
use crate::formats::npy::{Array, tuple};
use crate::formats::npz::{self, Npz, NpzError};
use crate::numeric::matrix::Matrix;

/// The longest file that is read: the parameters of 10,000 hidden units take half of it.
const LONGEST: usize = 1 << 27;

/// Writes W1: (inputs, hidden), b1: (hidden), W2: (hidden, classes), b2: (classes). A file that is
/// there already is replaced as a whole or not at all: see [`replace`].
///
/// # Errors
/// What the system says.
pub fn save_parameters(path: &Path, params: &Parameters) -> io::Result<()> {
    let Parameters { w1, b1, w2, b2 } = params;
    let matrix =
        |m: &Matrix| Array { shape: vec![m.rows(), m.columns()], data: m.as_slice().to_vec() };
    let arrays = [("W1", matrix(w1)), ("b1", vector(b1)), ("W2", matrix(w2)), ("b2", vector(b2))];
    replace(path, &npz::write(&arrays))
}

/// Writes what a run recorded, by the book's names: `train_loss_list`, the loss after each
/// iteration, `train_acc_list` and `test_acc_list`, and `acc_iteration_list`, the iterations of
/// these. A file that is there already is replaced as a whole or not at all.
///
/// # Errors
/// What the system says.
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

/// Reads the parameters of a net with these numbers of inputs and classes, and any of hidden units,
/// from a file that [`save_parameters`] or NumPy wrote. f32 numbers become f64.
///
/// # Errors
/// See [`ParametersError`].
pub fn load_parameters(
    path: &Path,
    inputs: usize,
    classes: usize,
) -> Result<Parameters, ParametersError> {
    use ParametersError::{Missing, NotFinite, Read, Shape, TooLong};
    let path = || path.to_path_buf();
    let bytes = read_at_most(&path(), LONGEST).map_err(|error| Read { path: path(), error })?;
    let bytes = bytes.ok_or_else(|| TooLong { path: path(), limit: LONGEST })?;
    let npz = Npz::parse(&bytes).map_err(|error| ParametersError::Npz { path: path(), error })?;
    let array = |name: &'static str| -> Result<Array, ParametersError> {
        let array = npz
            .array(name, LONGEST)
            .map_err(|error| ParametersError::Npz { path: path(), error })?;
        let array = array.ok_or_else(|| Missing {
            path: path(),
            name,
            there: npz.names().map(str::to_string).collect(),
        })?;
        match array.data.iter().position(|v| !v.is_finite()) {
            Some(index) => Err(NotFinite { path: path(), name, index, found: array.data[index] }),
            None => Ok(array),
        }
    };
    let (w1, b1, w2, b2) = (array("W1")?, array("b1")?, array("W2")?, array("b2")?);

    // How many hidden units there are is what W1 says.
    let hidden = match w1.shape[..] {
        [_, hidden] if hidden > 0 => hidden,
        _ => {
            return Err(Shape {
                path: path(),
                name: "W1",
                expected: vec![inputs, 50],
                found: w1.shape,
            });
        }
    };
    for (name, array, expected) in [
        ("W1", &w1, vec![inputs, hidden]),
        ("b1", &b1, vec![hidden]),
        ("W2", &w2, vec![hidden, classes]),
        ("b2", &b2, vec![classes]),
    ] {
        if array.shape != expected {
            return Err(Shape { path: path(), name, expected, found: array.shape.clone() });
        }
    }
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
        /// Those that are there
        there: Vec<String>,
    },
    /// An array has another shape.
    Shape {
        /// The file
        path: PathBuf,
        /// Its name
        name: &'static str,
        /// The shape that it should have, beside the others
        expected: Vec<usize>,
        /// The shape that it has
        found: Vec<usize>,
    },
    /// NaN or an infinity among the numbers.
    NotFinite {
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
                "{}: expected the arrays W1, b1, W2 and b2, found no {name} among {}",
                path.display(),
                match there.is_empty() {
                    true => "none".to_string(),
                    false => there.iter().take(10).cloned().collect::<Vec<_>>().join(", "),
                }
            ),
            Shape { path, name, expected, found } => write!(
                f,
                "{}: expected {name} of the shape {}, found {}",
                path.display(),
                tuple(expected),
                tuple(found)
            ),
            NotFinite { path, name, index, found } => write!(
                f,
                "{}: expected finite numbers, found {found} in {name} at place {index}, counted from 0",
                path.display()
            ),
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
