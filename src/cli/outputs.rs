//! The files that `train` leaves: the parameters, the history, a page about the run.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use from_zero::beyond::storage::{save_history, save_parameters};
use from_zero::ch03::functions::Activation;
use from_zero::formats::files::{check_replaceable, replace, resolved};
use from_zero::plot::report::{Report, page};

use super::Failure;
use super::arguments::{Arguments, Opt, print};
use super::options::{DATA, data_files};
use super::text::escaped;
use super::unwritable;

pub const INIT: Opt =
    Opt { name: "--init", value: "FILE", help: "begin with the parameters of this .npz file" };

pub const SAVE: Opt = Opt {
    name: "--save",
    value: "FILE",
    help: "write the parameters to this .npz file at the end",
};

pub const RECORD: Opt = Opt {
    name: "--record",
    value: "FILE",
    help: "write losses and accuracies to this .npz file at the end",
};

pub const REPORT: Opt = Opt {
    name: "--report",
    value: "FILE",
    help: "write a page (.html) about the run, with a square to draw digits in",
};

/// Which files were asked for.
pub struct Outputs<'a> {
    save: Option<&'a Path>,
    record: Option<&'a Path>,
    report: Option<&'a Path>,
}

impl<'a> Outputs<'a> {
    /// Those that the options name. What could not be written at the end is refused before the
    /// work; so are two files that are one, files of the data set, and that of `--init` for another
    /// than `--save`.
    pub fn of(arguments: &'a Arguments) -> Result<Self, Failure> {
        let path = |option: Opt| arguments.path(option.name, "a file");
        let (save, record, report) = (path(SAVE)?, path(RECORD)?, path(REPORT)?);
        let outputs = Self { save, record, report };
        if outputs.is_empty() {
            return Ok(outputs); // and nobody looks into folders
        }
        let data = data_files(arguments)?.into_iter().map(|path| (DATA.name, path));
        let init = path(INIT)?.map(|path| (INIT.name, path.to_path_buf()));
        let others =
            data.chain(init).filter_map(|(option, path)| Some((option, resolved(&path).ok()?)));
        let mut taken: Vec<(&str, PathBuf)> = others.collect();
        for (option, path) in [(SAVE, save), (RECORD, record), (REPORT, report)] {
            let Some(path) = path else {
                continue;
            };
            let cannot = |error| Failure::Error(unwritable(path, &error));
            let target = check_replaceable(path).map_err(cannot)?;
            let may = |other: &str| (option.name, other) == (SAVE.name, INIT.name);
            if let Some((other, _)) = taken.iter().find(|(o, t)| *t == target && !may(o)) {
                return Err(Failure::Usage(format!(
                    "{}: expected another file than that of {other}, found the same",
                    option.name
                )));
            }
            taken.push((option.name, target));
        }
        Ok(outputs)
    }

    /// Whether nothing is to be written.
    pub fn is_empty(&self) -> bool {
        self.save.or(self.record).or(self.report).is_none()
    }

    /// Writes all files; each, also where another can't be written.
    pub fn write(&self, run: &Report) -> Result<(), Failure> {
        let Report { net, history, .. } = run;
        let results = [
            self.save.map(|path| (path, save_parameters(path, &net.params))),
            self.record.map(|path| (path, save_history(path, history))),
            self.report.map(|path| (path, replace(path, page(run).as_bytes()))),
        ];
        let unwritten: Vec<String> = (results.into_iter().flatten())
            .filter_map(|(path, result)| Some(unwritable(path, &result.err()?)))
            .collect();
        match unwritten.is_empty() {
            true => Ok(()),
            false => Err(Failure::Error(unwritten.join("; "))),
        }
    }

    /// Says what was written, and what one may do with it.
    pub fn announce(&self, arguments: &Arguments, activation: Activation) -> Result<(), Failure> {
        let name = |path: &Path| escaped(&path.display().to_string());
        if let Some(path) = self.save {
            let command = evaluate_command(path, arguments.get(DATA.name), activation);
            print(&format!("parameters in {}{command}\n", name(path)))?;
        }
        if let Some(path) = self.record {
            print(&format!("losses and accuracies in {}\n", name(path)))?;
        }
        if let Some(path) = self.report {
            let name = name(path);
            let sentence = "open it in a browser, and draw a digit";
            print(&format!("a page about the run in {name}: {sentence}\n"))?;
        }
        Ok(())
    }
}

/// `: from-zero evaluate --params net.npz`, if a shell would take the names as they are.
fn evaluate_command(path: &Path, data: Option<&OsStr>, activation: Activation) -> String {
    let plain = |name: &OsStr| {
        let is_plain = |c: char| c.is_alphanumeric() || "._-/+".contains(c);
        let name = name.to_str()?;
        (name.chars().all(is_plain) && !name.starts_with('-')).then(|| name.to_string())
    };
    let Some(name) = plain(path.as_os_str()) else {
        return String::new();
    };
    let mut command = format!(": from-zero evaluate --params {name}");
    if activation != Activation::Sigmoid {
        command += &format!(" --activation {activation}");
    }
    match data.map(plain) {
        None => command,
        Some(Some(data)) => format!("{command} --data {data}"),
        Some(None) => String::new(),
    }
}
