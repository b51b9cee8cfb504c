//! The options that several subcommands share, and what they mean.

use std::env;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use from_zero::ch03::activation::Activation;
use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::fast::memory::Work;
use from_zero::fast::mini_batch::CompressedMnist;
use from_zero::formats::mnist::{CLASSES, PIXELS};
use from_zero::numeric::random::Rng;
use from_zero::trained::saving::{self, load_parameters};

use super::arguments::{Arguments, Opt, opt};
use super::text::{counted, program, shown};
use super::{Result, failed, usage, write_to_stderr};

pub const DATA: Opt =
    opt("--data", "DIR", "folder with the four MNIST files [$MNIST_DIR or fixtures/mnist]");
pub const ACTIVATION: Opt =
    opt("--activation", "NAME", "activation of the hidden layer: sigmoid or relu [sigmoid]");
pub const PARAMS: Opt =
    opt("--params", "FILE", "parameters of the net: a .npz file from train --save or from NumPy");
pub const HIDDEN: Opt = opt("--hidden", "N", "units in the hidden layer [50]");
pub const WEIGHT_INIT_STD: Opt =
    opt("--weight-init-std", "X", "standard deviation of the initial weights [0.01]");
pub const THREADS: Opt =
    opt("--threads", "N", "threads that share the work; they do not change the result [all cores]");

/// The most iterations of a run. Its losses are kept in memory.
pub const MOST_ITERATIONS: u64 = 1_000_000;

/// The net that the options describe: 784 inputs, 10 classes.
pub struct Net {
    pub activation: Activation,
    pub hidden: usize,
    pub weight_init_std: f64,
}

pub const BOOKS_NET: Net =
    Net { activation: Activation::Sigmoid, hidden: 50, weight_init_std: 0.01 };

impl Net {
    pub fn from_options(arguments: &Arguments) -> Result<Self> {
        let activations = [("sigmoid", Activation::Sigmoid), ("relu", Activation::Relu)];
        let activation = arguments.choice(ACTIVATION.name, BOOKS_NET.activation, &activations)?;
        let hidden = arguments.whole(HIDDEN.name, BOOKS_NET.hidden as u64, 1..=10_000)? as usize;
        let std = BOOKS_NET.weight_init_std;
        let weight_init_std = arguments.number(WEIGHT_INIT_STD.name, std, 0.0..=1000.0)?;
        Ok(Self { activation, hidden, weight_init_std })
    }

    pub fn loaded(&self, path: &Path) -> Result<TwoLayerNet> {
        let saving::Loaded { params, unused } =
            load_parameters(path, PIXELS, CLASSES).or_else(failed)?;
        if !unused.is_empty() {
            let (path, unused) = (path.display(), unused.join(", "));
            write_to_stderr(format!("{path}: this net of two layers does not use {unused}"));
        }
        Ok(TwoLayerNet { params, activation: self.activation })
    }

    pub fn initial(&self, rng: &mut impl Rng) -> TwoLayerNet {
        let net = TwoLayerNet::new(PIXELS, self.hidden, CLASSES, self.weight_init_std, rng);
        net.with_activation(self.activation)
    }
}

/// `784 inputs, 50 hidden units (sigmoid), 10 classes (softmax): 39,760 parameters`
pub fn described(net: &TwoLayerNet) -> String {
    let hidden = counted(net.params.b1.len(), "hidden unit");
    let parameters = counted(net.params.count(), "parameter");
    let activation = net.activation;
    format!("{PIXELS} inputs, {hidden} ({activation}), {CLASSES} classes (softmax): {parameters}")
}

/// The net of `--params`. The option is required.
pub fn given_net(arguments: &Arguments) -> Result<TwoLayerNet> {
    match arguments.path(PARAMS.name, "a file")? {
        Some(path) => Net::from_options(arguments)?.loaded(path),
        None => usage(format!(
            "--params: expected a .npz file, found none; this makes one: {} --save net.npz",
            program()
        )),
    }
}

pub fn threads(arguments: &Arguments) -> Result<usize> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    Ok(arguments.whole(THREADS.name, cores as u64, 1..=1_024)? as usize)
}

/// The number of threads, or fewer if not so many fit into memory. `option` gives the samples.
pub fn fitting_threads(
    arguments: &Arguments, work: Work, data: &CompressedMnist, option: &str,
) -> Result<usize> {
    work.fitting_threads(data, threads(arguments)?).or_else(|bytes| {
        let (samples, hidden) = (work.samples, counted(work.hidden, "hidden unit"));
        let gigabytes = bytes as f64 / 1e9;
        usage(format!(
            "{option} {samples} with {hidden}: this needs {gigabytes:.1} GB of memory, and at most \
             1.1 GB are used; choose less of either"
        ))
    })
}

pub struct Loaded {
    pub data: CompressedMnist,
    /// Its folder, relative to the current one if it is inside
    pub folder: String,
    pub seconds: f64,
}

pub fn load(arguments: &Arguments) -> Result<Loaded> {
    let folder = data_folder(arguments)?;
    let start = Instant::now();
    let data = CompressedMnist::load(&folder).or_else(|error| match error.kind() {
        ErrorKind::NotFound => failed(format!("{error}; --data DIR or MNIST_DIR gives the folder")),
        _ => failed(error),
    })?;
    let seconds = start.elapsed().as_secs_f64();
    let here = env::current_dir().unwrap_or_default();
    let inside = folder.strip_prefix(here).ok();
    let folder = inside.filter(|inside| !inside.as_os_str().is_empty()).unwrap_or(&folder);
    Ok(Loaded { data, folder: shown(folder), seconds })
}

/// The folder of `--data`, otherwise of `MNIST_DIR`, otherwise the fixtures of the checkout that
/// contains the current folder or this program.
pub fn data_folder(arguments: &Arguments) -> Result<PathBuf> {
    const FIXTURES: &str = "fixtures/mnist";
    if let Some(folder) = arguments.path(DATA.name, "a folder")? {
        return Ok(folder.into());
    }
    if let Some(folder) = env::var_os("MNIST_DIR").filter(|folder| !folder.is_empty()) {
        return Ok(folder.into());
    }
    let starts = [env::current_dir(), env::current_exe()];
    let candidates = starts.iter().flatten().flat_map(|start| start.ancestors());
    let mut folders = candidates.map(|folder| folder.join(FIXTURES));
    Ok(folders.find(|folder| folder.is_dir()).unwrap_or_else(|| FIXTURES.into()))
}
