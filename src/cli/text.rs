//! Numbers, times and emphasis as people read them.

use std::env;
use std::io::{self, IsTerminal};

/// 12345 as 12,345.
pub fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 thread`, `10,000 iterations`.
pub fn counted(n: usize, what: &str) -> String {
    format!("{} {what}{}", grouped(n), if n == 1 { "" } else { "s" })
}

/// Seconds in the two largest units that matter: `6 s`, `2 min 05 s`, `21 h 04 min`, `2 d 07 h`.
pub fn duration(seconds: f64) -> String {
    let s = seconds.round() as u64; // saturates
    match s {
        0..60 => format!("{s} s"),
        60..3_600 => format!("{} min {:02} s", s / 60, s % 60),
        3_600..86_400 => format!("{} h {:02} min", s / 3_600, s % 3_600 / 60),
        _ => format!("{} d {:02} h", grouped((s / 86_400) as usize), s % 86_400 / 3_600),
    }
}

/// A name from outside, which is not to move the cursor.
pub fn escaped(name: &str) -> String {
    let of = |c: char| match c.is_control() {
        true => c.escape_default().collect::<String>(),
        false => c.to_string(),
    };
    name.chars().map(of).collect()
}

/// Colours, where standard output is a terminal that has them and `NO_COLOR` is not set or empty
/// (no-color.org).
pub struct Style {
    colour: bool,
}

impl Style {
    /// For standard output.
    pub fn of_stdout() -> Self {
        let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { colour: io::stdout().is_terminal() && !refused && !terminal_is_dumb() }
    }

    /// Less than the rest.
    pub fn faint(&self, text: &str) -> String {
        self.wrap("2", text)
    }

    /// More than the rest.
    pub fn strong(&self, text: &str) -> String {
        self.wrap("1", text)
    }

    fn wrap(&self, code: &str, text: &str) -> String {
        match self.colour {
            true => format!("\x1b[{code}m{text}\x1b[0m"),
            false => text.to_string(),
        }
    }
}

/// A terminal that can't go back on its line, and has no colours.
pub fn terminal_is_dumb() -> bool {
    env::var_os("TERM").is_some_and(|term| term == "dumb")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_numbers_are_written_as_people_read_them() {
        assert_eq!(duration(5.6), "6 s");
        assert_eq!(duration(125.0), "2 min 05 s");
        assert_eq!(duration(75_840.0), "21 h 04 min");
        assert_eq!(duration(220_000.0), "2 d 13 h");
        assert_eq!(
            [0, 999, 1_000, 39_760, 1_234_567].map(grouped).join(" "),
            "0 999 1,000 39,760 1,234,567"
        );
    }

    #[test]
    fn one_is_singular() {
        assert_eq!([0, 1, 2_000].map(|n| counted(n, "unit")), ["0 units", "1 unit", "2,000 units"]);
    }
}
