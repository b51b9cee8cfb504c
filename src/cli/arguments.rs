//! Options and their values: `--name value` or `--name=value`, the last one of a name counts.

use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::ops::RangeInclusive;
use std::path::Path;

use super::Failure;

/// One option of a subcommand, as its help shows it.
pub struct Opt {
    /// With its two dashes
    pub name: &'static str,
    /// What stands for the value in the help; empty if the option takes none
    pub value: &'static str,
    /// What it is for
    pub help: &'static str,
}

/// The options that were given.
pub struct Arguments {
    given: Vec<(&'static str, OsString)>,
}

impl Arguments {
    /// Reads the arguments of a subcommand. `None` where they ask for its help, which begins with
    /// `opening`, or for the version: that is printed, and there is nothing more to do.
    pub fn of(
        opening: &str,
        options: &[Opt],
        arguments: &[OsString],
    ) -> Result<Option<Self>, Failure> {
        let mut given = Vec::new();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let text = argument.to_string_lossy();
            match &*text {
                "--help" | "-h" => return print(&help(opening, options)).map(|()| None),
                "--version" | "-V" => {
                    let version = concat!("from-zero ", env!("CARGO_PKG_VERSION"), "\n");
                    return print(version).map(|()| None);
                }
                _ => {}
            }
            let name = text.split('=').next().unwrap_or_default();
            let Some(option) = options.iter().find(|option| option.name == name) else {
                let names: Vec<&str> = options.iter().map(|option| option.name).collect();
                return Err(Failure::Usage(format!(
                    "unknown {} '{text}': expected one of {}, --help, --version",
                    if text.starts_with('-') { "option" } else { "argument" },
                    names.join(", ")
                )));
            };
            let value = match after_equals(argument, option.name) {
                Some(_) if option.value.is_empty() => {
                    let sentence = format!("{name}: expected nothing after it, found '{text}'");
                    return Err(Failure::Usage(sentence));
                }
                Some(value) => value,
                None if option.value.is_empty() => OsString::new(),
                None => {
                    let next = arguments.next();
                    // `--iterations --seed=1`: the number was forgotten.
                    let forgotten = |next: &OsString| {
                        let next = next.to_string_lossy();
                        let next = next.split('=').next().unwrap_or_default();
                        ["--help", "-h", "--version", "-V"].contains(&next)
                            || options.iter().any(|option| option.name == next)
                    };
                    next.filter(|next| !forgotten(next)).cloned().ok_or_else(|| {
                        let found = next.map_or("nothing".into(), |next| next.to_string_lossy());
                        let expected = option.value;
                        Failure::Usage(format!(
                            "{name}: expected {expected} after it, found {found}"
                        ))
                    })?
                }
            };
            given.push((option.name, value));
        }
        Ok(Some(Self { given }))
    }

    /// The value of an option, as it was given.
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        let given = self.given.iter().rev().find(|(given, _)| *given == name);
        given.map(|(_, value)| value.as_os_str())
    }

    /// Whether an option was given.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// A file or a folder, which is what `expected` says.
    pub fn path(&self, name: &str, expected: &str) -> Result<Option<&Path>, Failure> {
        match self.get(name) {
            Some(path) if path.is_empty() => {
                Err(Failure::Usage(format!("{name}: expected {expected}, found ''")))
            }
            path => Ok(path.map(Path::new)),
        }
    }

    /// A whole number within bounds.
    pub fn whole(
        &self,
        name: &str,
        default: u64,
        bounds: RangeInclusive<u64>,
    ) -> Result<u64, Failure> {
        let expected = || format!("a whole number from {} to {}", bounds.start(), bounds.end());
        self.value(name, default, |text| text.parse().ok().filter(|n| bounds.contains(n)), expected)
    }

    /// A finite number above 0.
    pub fn positive(&self, name: &str, default: f64) -> Result<f64, Failure> {
        let parse = |text: &str| text.parse().ok().filter(|v: &f64| v.is_finite() && *v > 0.0);
        self.value(name, default, parse, || "a finite number above 0".to_string())
    }

    /// A number within bounds.
    pub fn number(
        &self,
        name: &str,
        default: f64,
        bounds: RangeInclusive<f64>,
    ) -> Result<f64, Failure> {
        let parse = |text: &str| text.parse().ok().filter(|v| bounds.contains(v));
        let expected = || format!("a number from {:?} to {:?}", bounds.start(), bounds.end());
        self.value(name, default, parse, expected)
    }

    /// One of a few words, each with what it stands for.
    pub fn choice<T: Copy>(
        &self,
        name: &str,
        default: T,
        choices: &[(impl AsRef<str>, T)],
    ) -> Result<T, Failure> {
        let parse = |text: &str| {
            let found = choices.iter().find(|(word, _)| word.as_ref() == text);
            found.map(|(_, choice)| *choice)
        };
        let expected = || {
            let words: Vec<&str> = choices.iter().map(|(word, _)| word.as_ref()).collect();
            words.join(" or ")
        };
        self.value(name, default, parse, expected)
    }

    fn value<T>(
        &self,
        name: &str,
        default: T,
        parse: impl Fn(&str) -> Option<T>,
        expected: impl Fn() -> String,
    ) -> Result<T, Failure> {
        let Some(given) = self.get(name) else {
            return Ok(default);
        };
        given.to_str().and_then(parse).ok_or_else(|| {
            let found = given.to_string_lossy();
            Failure::Usage(format!("{name}: expected {}, found '{found}'", expected()))
        })
    }
}

/// What stands behind `--name=`. The value may be a path that is not Unicode.
#[cfg(unix)]
fn after_equals(argument: &OsStr, name: &str) -> Option<OsString> {
    use std::os::unix::ffi::OsStrExt;
    let rest = argument.as_bytes().strip_prefix(name.as_bytes())?.strip_prefix(b"=")?;
    Some(OsStr::from_bytes(rest).to_os_string())
}

/// What stands behind `--name=`.
#[cfg(not(unix))]
fn after_equals(argument: &OsStr, name: &str) -> Option<OsString> {
    let rest = argument.to_str()?.strip_prefix(name)?.strip_prefix('=')?;
    Some(rest.into())
}

/// The help: how it is called, then an option a line.
fn help(opening: &str, options: &[Opt]) -> String {
    let mut text = format!("{opening}\n");
    for Opt { name, value, help } in options {
        text += &format!("  {:<24}{help}\n", format!("{name} {value}").trim_end());
    }
    text + "  -h, --help              show this\n  -V, --version           show the version\n"
}

/// Writes to standard output, where every ending has its [`Failure`].
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(Failure::output)
}

/// Prints, where somebody still reads: for a command whose exit status is a verdict, which counts
/// without readers.
pub fn say(text: &str) -> Result<(), Failure> {
    match print(text) {
        Err(Failure::ReaderGone) => Ok(()),
        other => other,
    }
}
