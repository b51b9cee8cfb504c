//! The options that several subcommands share, and what they stand for.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use from_zero::learning::functions::Activation;
use from_zero::learning::mnist::{CLASSES, Mnist, MnistError, PIXELS};
use from_zero::learning::two_layer_net::TwoLayerNet;
use from_zero::numeric::random::Rng;

use super::Failure;
use super::arguments::{Arguments, Opt};
use super::text::counted;

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

pub const HIDDEN: Opt =
    Opt { name: "--hidden", value: "N", help: "units in the hidden layer [50]" };

pub const THREADS: Opt = Opt {
    name: "--threads",
    value: "N",
    help: "threads that share the work; the result stays the same [all cores]",
};

/// The most numbers that the hidden layer may have, over all images that pass through it at once.
const LARGEST_LAYER: usize = 20_000_000;

/// The standard deviation of the first weights, as the book has it.
const WEIGHT_INIT_STD: f64 = 0.01;

/// The net that the options describe, before it has learned anything: 784 inputs, 10 classes.
pub struct Net {
    pub activation: Activation,
    pub hidden: usize,
}

impl Net {
    pub fn of(arguments: &Arguments) -> Result<Self, Failure> {
        let activations = [Activation::Sigmoid, Activation::Relu].map(|a| (a.to_string(), a));
        let activation = arguments.choice(ACTIVATION.name, Activation::Sigmoid, &activations)?;
        let hidden = arguments.whole(HIDDEN.name, 50, 1..=10_000)? as usize;
        Ok(Self { activation, hidden })
    }

    /// Refuses more samples at once, as many as `option` says, than there is memory for.
    pub fn fits(&self, samples: usize, option: &str) -> Result<(), Failure> {
        match samples * self.hidden {
            0..=LARGEST_LAYER => Ok(()),
            _ => Err(Failure::Usage(format!(
                "{option} {samples} with --hidden {}: expected a product of at most \
                 {LARGEST_LAYER}, which take a gigabyte of memory",
                self.hidden
            ))),
        }
    }

    /// With weights from N(0, 0.01²).
    pub fn first(&self, rng: &mut impl Rng) -> TwoLayerNet {
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

/// How many threads are to share the work.
pub fn threads(arguments: &Arguments) -> Result<usize, Failure> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    Ok(arguments.whole(THREADS.name, cores as u64, 1..=1_024)? as usize)
}

/// The data set that was asked for.
pub struct Loaded {
    pub data: Mnist,
    /// Where it was found, as short as it can be
    pub folder: String,
    /// How long that took
    pub seconds: f64,
}

impl Loaded {
    pub fn of(arguments: &Arguments) -> Result<Self, Failure> {
        let folder = data_folder(arguments.get(DATA.name))?;
        let start = Instant::now();
        let data = Mnist::load(&folder).map_err(unloaded)?;
        let seconds = start.elapsed().as_secs_f64();
        Ok(Self { data, folder: shown(&folder), seconds })
    }
}

/// Where the folder lies below this one, from here.
fn shown(folder: &Path) -> String {
    let here = env::current_dir().unwrap_or_default();
    let below = folder.strip_prefix(here).ok();
    let folder = below.filter(|below| !below.as_os_str().is_empty()).unwrap_or(folder);
    folder.display().to_string()
}

/// `--data`, or `MNIST_DIR`, or the fixtures of the checkout that we are in or that we were built in.
fn data_folder(option: Option<&OsStr>) -> Result<PathBuf, Failure> {
    const FIXTURES: &str = "fixtures/mnist";
    if let Some(folder) = option {
        return match folder.is_empty() {
            true => Err(Failure::Usage("--data: expected a folder, found ''".to_string())),
            false => Ok(folder.into()),
        };
    }
    if let Some(folder) = env::var_os("MNIST_DIR").filter(|folder| !folder.is_empty()) {
        return Ok(folder.into());
    }
    let starts = [env::current_dir(), env::current_exe()];
    let candidates = starts.iter().flatten().flat_map(|start| start.ancestors());
    let mut folders = candidates.map(|folder| folder.join(FIXTURES));
    let found = folders.find(|folder| folder.is_dir());
    Ok(found.unwrap_or_else(|| FIXTURES.into()))
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
