//! Parameters and results as `.npz` files, which NumPy reads and writes with one call:
//!
//! ```python
//! params = dict(np.load("net.npz"))      # W1, b1, W2, b2: the book's network.params
//! np.savez("net.npz", **network.params)  # and the opposite direction
//! ```

use std::io;
use std::ops::RangeInclusive;
use std::path::Path;

use crate::ch04::s5_1_two_layer_net::Parameters;
use crate::ch04::s5_2_training::{Accuracy, History};
use crate::fast::training::LARGEST_PARAMETER;
use crate::formats::files::{error_in, read_at_most, replace};
use crate::formats::npy::{Array, tuple};
use crate::formats::npz::{self, Npz};
use crate::numeric::matrix::Matrix;

/// The most hidden units.
const MOST_UNITS: usize = 10_000;

/// Writes W1: (inputs, hidden), b1: (hidden), W2: (hidden, classes), b2: (classes). If the file
/// exists, it is replaced as a whole or not at all: see [`replace`]. It is an error if a number is
/// NaN, infinite or beyond 1e100, or if there are not 1 to 10,000 hidden units, because such a file
/// could not be loaded again.
pub fn save_parameters(path: &Path, params: &Parameters) -> io::Result<()> {
    let (inputs, (hidden, classes)) = (params.w1.rows(), params.w2.shape());
    if !(1..=MOST_UNITS).contains(&hidden) {
        let expected = format!("expected 1 to {MOST_UNITS} hidden units, found {hidden}");
        return Err(io::Error::other(expected));
    }
    let shapes = [vec![inputs, hidden], vec![hidden], vec![hidden, classes], vec![classes]];
    let mut arrays = Vec::new();
    for ((name, numbers), shape) in params.parts().into_iter().zip(shapes) {
        check_numbers(name, numbers)?;
        arrays.push((name, Array { shape, data: numbers.to_vec() }));
    }
    replace(path, &npz::write(&arrays))
}

fn check_numbers(name: &str, numbers: &[f64]) -> io::Result<()> {
    let Some(index) = numbers.iter().position(|v| v.is_nan() || v.abs() > LARGEST_PARAMETER) else {
        return Ok(());
    };
    let found = format!("found {:e} in {name} at place {index}, counted from 0", numbers[index]);
    Err(io::Error::other(format!("expected finite numbers up to {LARGEST_PARAMETER:e}, {found}")))
}

/// Writes what a run recorded, with the book's names: `train_loss_list`, `train_acc_list`,
/// `test_acc_list`, and `acc_iteration_list` (the iterations of the two lists before).
pub fn save_history(path: &Path, history: &History) -> io::Result<()> {
    let vector = |data: Vec<f64>| Array { shape: vec![data.len()], data };
    let column = |number: fn(&(usize, Accuracy)) -> f64| {
        vector(history.accuracies.iter().map(number).collect())
    };
    let arrays = [
        ("train_loss_list", vector(history.losses.clone())),
        ("train_acc_list", column(|(_, accuracy)| accuracy.train)),
        ("test_acc_list", column(|(_, accuracy)| accuracy.test)),
        ("acc_iteration_list", column(|(iteration, _)| *iteration as f64)),
    ];
    replace(path, &npz::write(&arrays))
}

/// Parameters from a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// W1, b1, W2 and b2
    pub params: Parameters,
    /// The names of the other arrays in the file, such as W3, at most ten. They were not read.
    pub unused: Vec<String>,
}

/// Reads the parameters of a net with these numbers of inputs and classes, and up to 10,000 hidden
/// units. A bias may be a row, of the shape (1, n): NumPy adds it to x W as it adds (n). A number that
/// [`save_parameters`] refuses is an error here, too.
pub fn load_parameters(path: &Path, inputs: usize, classes: usize) -> io::Result<Loaded> {
    read_parameters(path, inputs, classes).map_err(|error| error_in(path, error))
}

fn read_parameters(path: &Path, inputs: usize, classes: usize) -> io::Result<Loaded> {
    // Twice the parameters of the largest net, and 64 KB for headers.
    let numbers = inputs.saturating_add(classes).saturating_add(1);
    let limit = numbers.saturating_mul(2 * 8 * MOST_UNITS).saturating_add(65_536);
    let Some(bytes) = read_at_most(path, limit)? else {
        let expected = format!("expected the parameters of a net in at most {limit} bytes");
        return Err(io::Error::other(format!("{expected}, found more")));
    };
    let npz = Npz::parse(&bytes)?;
    let w1 = array(&npz, "W1", &[inputs..=inputs, 1..=MOST_UNITS])?;
    let hidden = w1.shape[1];
    let b1 = array(&npz, "b1", &[hidden..=hidden])?.data;
    let w2 = array(&npz, "W2", &[hidden..=hidden, classes..=classes])?;
    let b2 = array(&npz, "b2", &[classes..=classes])?.data;
    let w1 = Matrix::from_vec(inputs, hidden, w1.data);
    let w2 = Matrix::from_vec(hidden, classes, w2.data);
    let params = Parameters { w1, b1, w2, b2 };
    let others = npz.names().filter(|name| params.parts().iter().all(|(part, _)| part != name));
    Ok(Loaded { unused: others.take(10).collect(), params })
}

/// The array with this name, whose sizes are in these ranges.
fn array(npz: &Npz, name: &str, sizes: &[RangeInclusive<usize>]) -> io::Result<Array> {
    // A few numbers more are read too, because the error for a wrong shape says more.
    let most = sizes.iter().map(|size| size.end()).product::<usize>() + 2_000;
    let mut array = npz.array(name, most)?.ok_or_else(|| missing(npz, name))?;
    if let ([_], [1, n]) = (sizes, array.shape.as_slice()) {
        array.shape = vec![*n]; // a row
    }
    let fits = |(found, size): (&usize, &RangeInclusive<usize>)| size.contains(found);
    if array.shape.len() != sizes.len() || !array.shape.iter().zip(sizes).all(fits) {
        let size = |size: &RangeInclusive<usize>| match (size.start(), size.end()) {
            (start, end) if start == end => start.to_string(),
            (start, end) => format!("{start} to {end}"),
        };
        let expected = tuple(&sizes.iter().map(size).collect::<Vec<_>>());
        let found = tuple(&array.shape);
        let expected = format!("expected {name} of the shape {expected}");
        return Err(io::Error::other(format!("{expected}, found {found}")));
    }
    check_numbers(name, &array.data)?;
    Ok(array)
}

/// The error for an array that is missing: it names the first ten that are there.
fn missing(npz: &Npz, name: &str) -> io::Error {
    let there: Vec<String> = npz.names().take(10).collect();
    let is_pytorch = there.iter().any(|name| name.ends_with("data.pkl"));
    let found = match there[..] {
        [] => "no arrays".to_string(),
        _ if is_pytorch => "a file of PyTorch: save its arrays with np.savez".to_string(),
        _ => format!("no {name} among {}", there.join(", ")),
    };
    io::Error::other(format!("expected the arrays W1, b1, W2 and b2, found {found}"))
}
