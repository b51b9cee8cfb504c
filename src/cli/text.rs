//! Numbers, times and emphasis in a form for people.

use std::env;
use std::io::{self, IsTerminal};
use std::path::Path;

pub use from_zero::numeric::grouped;

/// `1 thread`, `10,000 iterations`.
pub fn counted(n: usize, what: &str) -> String {
    format!("{} {what}{}", grouped(n), if n == 1 { "" } else { "s" })
}

/// A number of seconds in its two largest units: `6 s`, `2 min 05 s`, `21 h 04 min`, `2 d 07 h`.
pub fn duration(seconds: f64) -> String {
    let s = seconds.round() as u64; // saturates
    match s {
        0..60 => format!("{s} s"),
        60..3_600 => format!("{} min {:02} s", s / 60, s % 60),
        3_600..86_400 => format!("{} h {:02} min", s / 3_600, s % 3_600 / 60),
        _ => format!("{} d {:02} h", grouped((s / 86_400) as usize), s % 86_400 / 3_600),
    }
}

/// `an 8` or `a 3`.
pub fn a_digit(digit: usize) -> String {
    format!("{} {digit}", if digit == 8 { "an" } else { "a" })
}

/// The command as it was typed. Cargo sets the environment variable CARGO for what it runs.
pub fn program() -> String {
    if env::var_os("CARGO").is_some() {
        return "cargo run --release --".to_string();
    }
    let typed = env::args_os().next().and_then(|name| name.into_string().ok());
    typed.and_then(|name| word_in_shell(&name, cfg!(windows))).unwrap_or("from-zero".to_string())
}

/// A word in quotes if necessary, or `None` if the shell changes it even within quotes.
pub fn word_in_shell(text: &str, is_windows: bool) -> Option<String> {
    let (quote, plain, unsafe_within) =
        if is_windows { ('"', "._-/+=\\:", "\"%$`!^") } else { ('\'', "._-/+=", "'") };
    let is_plain = text.chars().all(|c| c.is_alphanumeric() || plain.contains(c));
    let is_safe = escaped(text) == text && !text.contains(|c| unsafe_within.contains(c));
    (is_safe && !text.is_empty()).then(|| match is_plain {
        true => text.to_string(),
        false => format!("{quote}{text}{quote}"),
    })
}

/// How many columns the terminal has. `std` can't ask, and most shells do not export `COLUMNS`.
pub fn columns() -> usize {
    let given = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    given.filter(|columns| *columns > 0).unwrap_or(80)
}

/// Breaks a line between words where the terminal ends. The other lines begin with `indent` spaces.
pub fn wrapped(line: &str, indent: usize) -> String {
    let width = columns();
    let mut text = String::new();
    let mut column = 0;
    for word in line.split_inclusive(' ') {
        let length = word.trim_end().chars().count();
        if column + length >= width && column > indent {
            text = format!("{}\n{:indent$}", text.trim_end(), "");
            column = indent;
        }
        text += word;
        column += word.chars().count();
    }
    text
}

/// Replaces the characters of a name that move the cursor or change the direction of the text.
pub fn escaped(name: &str) -> String {
    // These characters change the direction (Unicode's UAX #9).
    let turning = "\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}";
    let mut text = String::new();
    for c in name.chars() {
        if c.is_control() || turning.contains(c) {
            text.extend(c.escape_default());
        } else {
            text.push(c);
        }
    }
    text
}

/// The name of a file or a folder, for output.
pub fn shown(path: &Path) -> String {
    escaped(&path.display().to_string())
}

/// Colours, if standard output is a terminal that has them, and `NO_COLOR` (no-color.org) is not set.
pub struct Style {
    colour: bool,
}

impl Style {
    pub fn of_stdout() -> Self {
        let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { colour: io::stdout().is_terminal() && !refused && !terminal_is_dumb() }
    }

    pub fn faint(&self, text: &str) -> String {
        self.wrap("2", text)
    }

    pub fn strong(&self, text: &str) -> String {
        self.wrap("1", text)
    }

    pub fn right(&self, text: &str) -> String {
        self.wrap("32", text)
    }

    pub fn wrong(&self, text: &str) -> String {
        self.wrap("31", text)
    }

    /// The codes are those of ECMA-48.
    fn wrap(&self, code: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_string() }
    }
}

/// Whether the terminal has no colours and can't move the cursor back.
pub fn terminal_is_dumb() -> bool {
    env::var_os("TERM").is_some_and(|term| term == "dumb")
}
