//! Parses options: `--name value` or `--name=value`. The last value counts.

use std::ffi::{OsStr, OsString};
use std::io::{self, ErrorKind, Write};
use std::ops::RangeInclusive;
use std::path::Path;

use super::text::wrapped;
use super::{Failure, Result, failed, usage};

pub struct Opt {
    pub name: &'static str,
    /// The placeholder of the value in the help text. It is empty if the option has no value
    value: &'static str,
    help: &'static str,
}

pub const fn opt(name: &'static str, value: &'static str, help: &'static str) -> Opt {
    Opt { name, value, help }
}

pub struct Arguments {
    given: Vec<(&'static str, OsString)>,
}

impl Arguments {
    /// Parses the arguments of a subcommand. If they ask for the help text, which begins with
    /// `opening`, or for the version, this prints it and returns [`Failure::Done`].
    pub fn parse(opening: &str, options: &[Opt], arguments: &[OsString]) -> Result<Self> {
        let mut given = Vec::new();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let text = argument.to_string_lossy();
            if HELP.contains(&&*text) {
                print(&help(opening, options))?;
                return Err(Failure::Done);
            }
            if VERSION.contains(&&*text) {
                print(concat!("from-zero ", env!("CARGO_PKG_VERSION"), "\n"))?;
                return Err(Failure::Done);
            }
            let word = text.split('=').next().unwrap_or_default();
            let option = options.iter().find(|option| option.name == word);
            let Some(&Opt { name, value: expected, .. }) = option else {
                let mut names: Vec<&str> = options.iter().map(|option| option.name).collect();
                names.extend([HELP[0], VERSION[0]]);
                let kind = if text.starts_with('-') { "option" } else { "argument" };
                return unknown(kind, &text, &names);
            };
            let value = match after_equals(argument, name) {
                Some(_) if expected.is_empty() => {
                    return usage(format!("{name}: expected nothing after it, found '{text}'"));
                }
                Some(value) => value,
                None if expected.is_empty() => OsString::new(),
                None => {
                    let next = arguments.next();
                    let found = next.map_or("nothing".into(), |next| next.to_string_lossy());
                    // Another option, as in `--iterations --seed=1`: the value was forgotten.
                    let is_option = found.starts_with("--") || found == "-h" || found == "-V";
                    let sentence = format!("{name}: expected {expected} after it, found {found}");
                    next.filter(|_| !is_option).cloned().ok_or(Failure::Usage(sentence))?
                }
            };
            given.push((name, value));
        }
        Ok(Self { given })
    }

    pub fn get(&self, name: &str) -> Option<&OsStr> {
        let given = self.given.iter().rev().find(|(given, _)| *given == name);
        given.map(|(_, value)| value.as_os_str())
    }

    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The path of a file or a folder. `expected` is "a file" or "a folder", for the error message.
    pub fn path(&self, name: &str, expected: &str) -> Result<Option<&Path>> {
        match self.get(name) {
            Some(path) if path.is_empty() => {
                usage(format!("{name}: expected {expected}, found ''"))
            }
            path => Ok(path.map(Path::new)),
        }
    }

    pub fn whole(&self, name: &str, default: u64, bounds: RangeInclusive<u64>) -> Result<u64> {
        let expected = format!("a whole number from {} to {}", bounds.start(), bounds.end());
        self.value(name, default, |text| text.parse().ok().filter(|n| bounds.contains(n)), expected)
    }

    pub fn positive(&self, name: &str, default: f64) -> Result<f64> {
        let parse = |text: &str| text.parse().ok().filter(|v: &f64| v.is_finite() && *v > 0.0);
        self.value(name, default, parse, "a finite number above 0".to_string())
    }

    pub fn number(&self, name: &str, default: f64, bounds: RangeInclusive<f64>) -> Result<f64> {
        let expected = format!("a number from {:?} to {:?}", bounds.start(), bounds.end());
        self.value(name, default, |text| text.parse().ok().filter(|v| bounds.contains(v)), expected)
    }

    /// One of a few words, each with its meaning.
    pub fn choice<T: Copy>(&self, name: &str, default: T, choices: &[(&str, T)]) -> Result<T> {
        let Some(given) = self.get(name).map(OsStr::to_string_lossy) else { return Ok(default) };
        if let Some(&(_, meaning)) = choices.iter().find(|(word, _)| *word == given) {
            return Ok(meaning);
        }
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        let meant = similar(&given, &words).map(|word| format!("; did you mean {word}?"));
        let (expected, meant) = (words.join(" or "), meant.unwrap_or_default());
        usage(format!("{name}: expected {expected}, found '{given}'{meant}"))
    }

    fn value<T>(
        &self, name: &str, default: T, parse: impl Fn(&str) -> Option<T>, expected: String,
    ) -> Result<T> {
        let Some(given) = self.get(name) else { return Ok(default) };
        let found = given.to_string_lossy();
        match given.to_str().and_then(parse) {
            Some(value) => Ok(value),
            None => usage(format!("{name}: expected {expected}, found '{found}'")),
        }
    }
}

const HELP: [&str; 2] = ["--help", "-h"];
const VERSION: [&str; 2] = ["--version", "-V"];

/// The part of an argument after `--name=`. It can be a path that is not valid Unicode.
#[cfg(unix)]
fn after_equals(argument: &OsStr, name: &str) -> Option<OsString> {
    use std::os::unix::ffi::OsStrExt;
    let rest = argument.as_bytes().strip_prefix(name.as_bytes())?.strip_prefix(b"=")?;
    Some(OsStr::from_bytes(rest).to_os_string())
}

#[cfg(not(unix))]
fn after_equals(argument: &OsStr, name: &str) -> Option<OsString> {
    let rest = argument.to_str()?.strip_prefix(name)?.strip_prefix('=')?;
    Some(rest.into())
}

/// The error for a word that is none of `names`. If one of them is similar, it is named.
pub fn unknown<T>(kind: &str, word: &str, names: &[&str]) -> Result<T> {
    usage(match similar(word, names) {
        Some(name) => format!("unknown {kind} '{word}': did you mean {name}?"),
        None => format!("unknown {kind} '{word}': expected one of {}", names.join(", ")),
    })
}

/// The name that a mistyped word probably means. A single letter may mean anything.
fn similar<'a>(word: &str, names: &[&'a str]) -> Option<&'a str> {
    if word.trim_start_matches('-').chars().count() < 2 {
        return None;
    }
    let nearest = names.iter().min_by_key(|name| distance(word, name));
    let nearest = nearest.filter(|name| distance(word, name) <= 2);
    names.iter().find(|name| is_short_for(word, name)).or(nearest).copied()
}

/// Whether an option is abbreviated: `--iter` or `--lr` for `--learning-rate`.
fn is_short_for(word: &str, name: &str) -> bool {
    let initials: String = name.split('-').filter_map(|part| part.chars().next()).collect();
    let word = word.trim_start_matches('-');
    name.trim_start_matches('-').starts_with(word) || word == initials
}

/// How many letters must be inserted, removed or replaced to make b from a (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for j in 0..b.len() {
            let replaced = diagonal + usize::from(letter != b[j]);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}

fn help(opening: &str, options: &[Opt]) -> String {
    let mut text = String::new();
    for paragraph in opening.trim_end().split("\n\n") {
        let is_list = paragraph.contains("\n ") || paragraph.starts_with("usage");
        let one_line = paragraph.replace('\n', " ");
        text += &if is_list { paragraph.to_string() } else { wrapped(&one_line, 0) };
        text += "\n\n";
    }
    let standard =
        [opt("-h, --help", "", "show this text"), opt("-V, --version", "", "show the version")];
    for Opt { name, value, help } in options.iter().chain(&standard) {
        let option = format!("  {:<23} ", format!("{name} {value}").trim_end());
        text += &format!("{}\n", wrapped(&(option + help), 26));
    }
    text
}

pub fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).or_else(|error| match error.kind() {
        ErrorKind::BrokenPipe => Err(Failure::Done),
        _ => failed(format!("can't write the output: {error}")),
    })
}

/// Like [`print`], for a command that continues without a reader.
pub fn say(text: &str) -> Result<()> {
    match print(text) {
        Err(Failure::Done) => Ok(()),
        other => other,
    }
}
