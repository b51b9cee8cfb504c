//! A progress bar on standard error.

use std::env;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;
use std::process::Command;
use std::time::{Duration, Instant};

use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::ch04::s5_2_training::History;
use from_zero::fast::mini_batch::CompressedMnist;
use from_zero::fast::training::{Diverged, Event, Settings, fast_train_with_reports};
use from_zero::numeric::random::Rng;

use super::text::{duration, grouped, terminal_is_dumb};

/// One line at the foot of a terminal: how much is done, how fast, how long still.
///
/// It changes neither colour nor cursor nor mode of the terminal, and each drawing ends at the
/// start of its line: a process that ends by Ctrl-C leaves at most the text of the line behind.
pub struct Bar {
    /// False where nothing is ever written.
    visible: bool,
    columns: usize,
    total: usize,
    started: Instant,
    drawn: Option<Instant>,
    /// How many columns the last drawing took.
    length: usize,
}

/// Often enough to look alive, seldom enough to cost nothing.
const INTERVAL: Duration = Duration::from_millis(100);

impl Bar {
    /// A bar for `total` iterations, which start now.
    pub fn new(total: usize) -> Self {
        let visible = is_of_use();
        let columns = if visible { terminal_columns() } else { 0 };
        Self { visible, columns, total, started: Instant::now(), drawn: None, length: 0 }
    }

    /// The time since the start.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Shows that `done` iterations are done, a fraction where one has just begun.
    pub fn show(&mut self, done: f64) {
        let due = self.drawn.is_none_or(|drawn| drawn.elapsed() >= INTERVAL);
        if !self.visible || !due {
            return;
        }
        self.drawn = Some(Instant::now());
        let line = line(done, self.total, self.elapsed(), self.columns.saturating_sub(1));
        let length = line.chars().count();
        let rest = self.length.saturating_sub(length);
        self.length = length;
        write_at_once(&format!("\r{line}{:rest$}\r", ""));
    }

    /// Takes the bar away, to make room for a line of output.
    pub fn clear(&mut self) {
        if self.length > 0 {
            write_at_once(&format!("\r{:1$}\r", "", self.length));
            self.length = 0;
            self.drawn = None;
        }
    }
}

/// Trains a net with a bar, and nothing else to be seen.
pub fn train_with_bar(
    net: &mut TwoLayerNet,
    data: &CompressedMnist,
    settings: &Settings,
    rng: &mut impl Rng,
) -> Result<History, Diverged> {
    let mut bar = Bar::new(settings.hyperparameters.iterations);
    fast_train_with_reports(net, data, settings, rng, |event| {
        if let Event::Iteration { iteration, .. } = event {
            bar.show((iteration + 1) as f64);
        }
        ControlFlow::Continue(())
    })
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Whether there is a terminal to draw on that shows nothing else: what goes through a pipe may
/// come out beside the bar at any time.
fn is_of_use() -> bool {
    let to_file = fs::metadata("/dev/stdout").is_ok_and(|output| output.is_file());
    io::stderr().is_terminal() && !terminal_is_dumb() && (io::stdout().is_terminal() || to_file)
}

/// How wide the terminal is: as `COLUMNS` says, or `stty`, since `std` can't ask. A line that is
/// too long would leave a copy of itself at each drawing; where nobody knows, it is to be short.
fn terminal_columns() -> usize {
    let known = |columns: &usize| *columns > 0;
    let exported = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let of_stty = || {
        let terminal = fs::File::open("/dev/tty").ok()?;
        let output = Command::new("stty").arg("size").stdin(terminal).output().ok()?;
        let size = String::from_utf8(output.stdout).ok()?;
        size.split_whitespace().nth(1)?.parse().ok()
    };
    exported.filter(known).or_else(|| of_stty().filter(known)).unwrap_or(40)
}

/// In one piece, so that nothing comes between. A bar that can't be drawn is no reason to stop.
fn write_at_once(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

/// `  3.1%  ━━────────────────  312.4/10,000  1,650/s  6 s left`, as much of it as there is room for.
fn line(done: f64, total: usize, elapsed: Duration, columns: usize) -> String {
    const CELLS: usize = 24;
    let share = if total == 0 { 1.0 } else { done / total as f64 };
    let filled = ((share * CELLS as f64) as usize).min(CELLS);
    let bar = "━".repeat(filled) + &"─".repeat(CELLS - filled);
    let rate = done / elapsed.as_secs_f64().max(1e-9);
    let left = (total as f64 - done) / rate;
    let left = match left.is_finite() {
        true => format!("{} left", duration(left)),
        false => "time left not known yet".to_string(),
    };
    // With a slow gradient a fraction of an iteration is all that moves.
    let count = if rate < 1.0 { format!("{done:.2}") } else { grouped(done as usize) };
    let rate = match rate {
        r if r >= 10.0 => format!("{}/s", grouped(r as usize)),
        r => format!("{r:.2}/s"),
    };
    let percent = format!("{:5.1}%", 100.0 * share);
    let line = format!("{percent}  {bar}  {count}/{}  {rate}  {left}", grouped(total));
    if line.chars().count() <= columns {
        return line;
    }
    format!("{percent}  {left}").chars().take(columns).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_tells_share_rate_and_time_left() {
        let line =
            |done, elapsed, columns| line(done, 10_000, Duration::from_secs(elapsed), columns);
        assert_eq!(
            line(2_500.0, 2, 79),
            " 25.0%  ━━━━━━──────────────────  2,500/10,000  1,250/s  6 s left"
        );
        // Half of the first naive gradient: 10 s behind, 2 days 7 hours to come.
        assert_eq!(
            line(0.5, 10, 79),
            "  0.0%  ────────────────────────  0.50/10,000  0.05/s  2 d 07 h left"
        );
        assert_eq!(line(2_500.0, 2, 20), " 25.0%  6 s left");
        assert_eq!(line(2_500.0, 2, 4), " 25.");
        assert!(line(0.0, 0, 79).ends_with("time left not known yet"));
    }
}
