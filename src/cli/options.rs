//! The options that several subcommands share, and what they stand for.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use from_zero::beyond::storage::load_parameters;
use from_zero::ch03::functions::Activation;
use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::fast::mini_batch::CompressedMnist;
use from_zero::formats::mnist::{CLASSES, MnistError, PIXELS};
use from_zero::numeric::random::Rng;

use super::Failure;
use super::arguments::{Arguments, Opt};
use super::text::{counted, escaped};

pub const DATA: Opt = Opt {
    name: "--data",
    value: "DIR",
    help: "folder of the four MNIST files [$MNIST_DIR or fixtures/mnist]",
};

pub const ACTIVATION: Opt = Opt {
    name: "--activation",
    value: "NAME",
    help: "of the hidden layer: sigmoid or relu [sigmoid]",
};

pub const PARAMS: Opt = Opt {
    name: "--params",
    value: "FILE",
    help: "the net's parameters: a .npz file of train --save, or of NumPy",
};

pub const HIDDEN: Opt =
    Opt { name: "--hidden", value: "N", help: "units in the hidden layer [50]" };

pub const THREADS: Opt = Opt {
    name: "--threads",
    value: "N",
    help: "threads that share the work; the result stays the same [all cores]",
};

/// A run keeps the loss of each iteration.
pub const MOST_ITERATIONS: u64 = 10_000_000;

/// The most numbers that the hidden layer may have, over all images that pass through it at once.
const LARGEST_LAYER: usize = 20_000_000;

/// The most hidden units of all threads together: each comes with 795 parameters.
const MOST_UNITS: usize = 100_000;

/// The standard deviation of the initial weights, as the book has it.
const WEIGHT_INIT_STD: f64 = 0.01;

/// The net that the options describe, before it has learned anything: 784 inputs, 10 classes.
pub struct Net {
    pub activation: Activation,
    pub hidden: usize,
    /// What said how many hidden units there are
    pub source: &'static str,
}

/// The chapter's: 50 hidden units behind a sigmoid.
pub const BOOKS_NET: Net = Net { activation: Activation::Sigmoid, hidden: 50, source: HIDDEN.name };

impl Net {
    pub fn of(arguments: &Arguments) -> Result<Self, Failure> {
        let activations = [Activation::Sigmoid, Activation::Relu].map(|a| (a.to_string(), a));
        let activation = arguments.choice(ACTIVATION.name, BOOKS_NET.activation, &activations)?;
        let hidden = arguments.whole(HIDDEN.name, BOOKS_NET.hidden as u64, 1..=10_000)? as usize;
        Ok(Self { activation, hidden, ..BOOKS_NET })
    }

    /// Refuses what there is no memory for: too many samples at once, as many as `option` says,
    /// or too many threads, which may have a net each.
    pub fn fits(&self, samples: usize, option: &str, threads: usize) -> Result<(), Failure> {
        let Self { hidden, source, .. } = self;
        for (option, number, most) in
            [(option, samples, LARGEST_LAYER), (THREADS.name, threads, MOST_UNITS)]
        {
            if number * hidden > most {
                return Err(Failure::Usage(format!(
                    "{option} {number} with {source} {hidden}: expected a product of at most {most}, \
                     which take a gigabyte of memory"
                )));
            }
        }
        Ok(())
    }

    /// With the parameters of a file.
    pub fn loaded(&self, path: &Path) -> Result<TwoLayerNet, Failure> {
        let params = load_parameters(path, PIXELS, CLASSES);
        let params = params.map_err(|error| Failure::Error(error.to_string()))?;
        Ok(TwoLayerNet { params, activation: self.activation })
    }

    /// With weights from N(0, 0.01²).
    pub fn initial(&self, rng: &mut impl Rng) -> TwoLayerNet {
        let net = TwoLayerNet::new(PIXELS, self.hidden, CLASSES, WEIGHT_INIT_STD, rng);
        net.with_activation(self.activation)
    }
}

/// `784 inputs, 50 hidden units (sigmoid), 10 classes (softmax): 39,760 parameters`
pub fn described(net: &TwoLayerNet) -> String {
    format!(
        "{PIXELS} inputs, {} ({}), {CLASSES} classes (softmax): {}",
        counted(net.params.b1.len(), "hidden unit"),
        net.activation,
        counted(net.params.count(), "parameter"),
    )
}

/// The net of `--params`, which must be there.
pub fn given_net(arguments: &Arguments) -> Result<TwoLayerNet, Failure> {
    let Some(path) = arguments.path(PARAMS.name, "a file")? else {
        let sentence =
            "--params: expected a .npz file, as train --save FILE writes one, found none";
        return Err(Failure::Usage(sentence.to_string()));
    };
    Net::of(arguments)?.loaded(path)
}

/// How many threads are to share the work.
pub fn threads(arguments: &Arguments) -> Result<usize, Failure> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    Ok(arguments.whole(THREADS.name, cores as u64, 1..=1_024)? as usize)
}

/// The data set that was asked for.
pub struct Loaded {
    pub data: CompressedMnist,
    /// Where it was found, as short as it can be
    pub folder: String,
    /// How long that took
    pub seconds: f64,
}

impl Loaded {
    pub fn of(arguments: &Arguments) -> Result<Self, Failure> {
        let folder = data_folder(arguments.path(DATA.name, "a folder")?);
        let start = Instant::now();
        let data = CompressedMnist::load(&folder).map_err(unloaded)?;
        let seconds = start.elapsed().as_secs_f64();
        Ok(Self { data, folder: shown(&folder), seconds })
    }
}

/// The files of the folder that may be the data set's: nothing is to be written over them.
pub fn data_files(arguments: &Arguments) -> Result<Vec<PathBuf>, Failure> {
    let folder = data_folder(arguments.path(DATA.name, "a folder")?);
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let of_mnist = |name: &str| name.starts_with("train-") || name.starts_with("t10k-");
    let files = entries.filter(|entry| of_mnist(&entry.file_name().to_string_lossy()));
    Ok(files.map(|entry| entry.path()).collect())
}

/// Where the folder lies below this one, from here.
fn shown(folder: &Path) -> String {
    let here = env::current_dir().unwrap_or_default();
    let below = folder.strip_prefix(here).ok();
    let folder = below.filter(|below| !below.as_os_str().is_empty()).unwrap_or(folder);
    escaped(&folder.display().to_string())
}

/// `--data`, or `MNIST_DIR`, or the fixtures of the checkout that we are in or that we were built in.
fn data_folder(option: Option<&Path>) -> PathBuf {
    const FIXTURES: &str = "fixtures/mnist";
    if let Some(folder) = option {
        return folder.into();
    }
    if let Some(folder) = env::var_os("MNIST_DIR").filter(|folder| !folder.is_empty()) {
        return folder.into();
    }
    let starts = [env::current_dir(), env::current_exe()];
    let candidates = starts.iter().flatten().flat_map(|start| start.ancestors());
    let mut folders = candidates.map(|folder| folder.join(FIXTURES));
    let found = folders.find(|folder| folder.is_dir());
    found.unwrap_or_else(|| FIXTURES.into())
}

/// Where the data were not found, how to say where they are.
fn unloaded(error: MnistError) -> Failure {
    Failure::Error(match error {
        MnistError::Missing { .. } => {
            format!("{error}; name their folder with --data DIR or in MNIST_DIR")
        }
        _ => error.to_string(),
    })
}
