//! The files that `train` writes: the parameters, the history, and a page about the run.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use from_zero::ch03::activation::Activation;
use from_zero::formats::files::{check_replaceable, replace, resolved};
use from_zero::formats::mnist::possible_files;
use from_zero::plot::report::{Report, page};
use from_zero::trained::saving::{save_history, save_parameters};

use super::arguments::{Arguments, Opt, opt, print};
use super::options::{DATA, data_folder};
use super::text::{program, shown, word_in_shell};
use super::{Result, failed, unwritable, usage};

pub const INIT: Opt = opt("--init", "FILE", "start with the parameters of this .npz file");
pub const SAVE: Opt = opt("--save", "FILE", "write the parameters to this .npz file at the end");
pub const RECORD: Opt =
    opt("--record", "FILE", "write losses and accuracies to this .npz file at the end");
pub const REPORT: Opt =
    opt("--report", "FILE", "write a page (.html) about the run, with a field to draw digits in");

pub struct Outputs<'a> {
    save: Option<&'a Path>,
    record: Option<&'a Path>,
    pub report: Option<&'a Path>,
    /// The folders of these files, without symbolic links
    folders: Vec<PathBuf>,
}

impl<'a> Outputs<'a> {
    /// Checks before the training that the files can be written, and that none is a file of another
    /// option or of the data set. Only `--save` may name the file of `--init`.
    pub fn from_options(arguments: &'a Arguments) -> Result<Self> {
        let path = |option: Opt| arguments.path(option.name, "a file");
        let (save, record, report) = (path(SAVE)?, path(RECORD)?, path(REPORT)?);
        let mut outputs = Self { save, record, report, folders: Vec::new() };
        if outputs.is_empty() {
            return Ok(outputs); // then the data folder is not listed
        }
        // On Windows and on most Macs, names that differ only in case are one file.
        let without_case = |path: PathBuf| path.to_string_lossy().to_lowercase();
        let mut taken: Vec<(&str, String)> = Vec::new();
        for file in possible_files(&data_folder(arguments)?) {
            taken.extend(resolved(&file).map(|file| (DATA.name, without_case(file))));
        }
        if let Some(file) = path(INIT)? {
            taken.extend(resolved(file).map(|file| (INIT.name, without_case(file))));
        }
        for (option, path) in [(SAVE.name, save), (RECORD.name, record), (REPORT.name, report)] {
            let Some(path) = path else { continue };
            let file = check_replaceable(path).or_else(|error| failed(unwritable(path, &error)))?;
            outputs.folders.extend(file.parent().map(Path::to_path_buf));
            let file = without_case(file);
            for (other, other_file) in &taken {
                if file == *other_file && (option, *other) != (SAVE.name, INIT.name) {
                    return usage(format!(
                        "{option}: expected another file than the file of {other}, found the same file"
                    ));
                }
            }
            taken.push((option, file));
        }
        Ok(outputs)
    }

    pub fn is_empty(&self) -> bool {
        self.save.or(self.record).or(self.report).is_none()
    }

    /// Writes all files. If one can't be written, the other files are written nevertheless.
    pub fn write(&self, run: &Report) -> Result<()> {
        // If a folder was removed during the run, it is made again.
        for folder in &self.folders {
            let _ = fs::create_dir_all(folder); // if this fails, writing fails
        }
        let results = [
            self.save.map(|path| (path, save_parameters(path, &run.net.params))),
            self.record.map(|path| (path, save_history(path, run.history))),
            self.report.map(|path| (path, replace(path, page(run).as_bytes()))),
        ];
        let unwritten: Vec<String> = (results.into_iter().flatten())
            .filter_map(|(path, result)| Some(unwritable(path, &result.err()?)))
            .collect();
        if unwritten.is_empty() { Ok(()) } else { failed(unwritten.join("; ")) }
    }

    /// Says which files were written, and how to use them.
    pub fn announce(&self, arguments: &Arguments, activation: Activation) -> Result<()> {
        if let Some(path) = self.save {
            let command = evaluate_command(path, arguments.get(DATA.name), activation);
            print(&format!("parameters in {}{}\n", shown(path), command.unwrap_or_default()))?;
        }
        if let Some(path) = self.record {
            print(&format!("losses and accuracies in {}\n", shown(path)))?;
        }
        if let Some(path) = self.report {
            let sentence = "open it in a browser, and draw a digit";
            print(&format!("a page about the run in {}: {sentence}\n", shown(path)))?;
        }
        Ok(())
    }
}

/// `from-zero train --seed 1`: the command with these arguments.
pub fn train_command(arguments: &[OsString]) -> String {
    let words: Option<Vec<String>> = arguments.iter().map(|argument| word(argument)).collect();
    let joined = words.map(|words| format!("from-zero train {}", words.join(" ")));
    joined.unwrap_or("not shown: a name in it has characters that a shell may change".to_string())
}

/// An argument as one types it in a shell of this system, or `None` if that is not safe.
fn word(argument: &OsStr) -> Option<String> {
    word_in_shell(argument.to_str()?, cfg!(windows))
}

/// `: from-zero evaluate --params net.npz`, or `None` if a shell can't take one of the names.
fn evaluate_command(path: &Path, data: Option<&OsStr>, activation: Activation) -> Option<String> {
    let name = |name: &OsStr| word(name).filter(|name| !name.starts_with('-'));
    let mut command = format!(": {} evaluate --params {}", program(), name(path.as_os_str())?);
    if activation != Activation::Sigmoid {
        command += &format!(" --activation {activation}");
    }
    if let Some(data) = data {
        command += &format!(" --data {}", name(data)?);
    }
    Some(command)
}
