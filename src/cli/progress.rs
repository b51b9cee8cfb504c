//! A progress bar on standard error.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::ch04::s5_2_training::History;
use from_zero::fast::mini_batch::CompressedMnist;
use from_zero::fast::team::Team;
use from_zero::fast::training::{Event, Settings, fast_train_with_reports};
use from_zero::numeric::random::Rng;

use super::text::{duration, terminal_is_dumb};

/// The bottom line of a terminal: the share that is done, and the time left. The cursor is always at
/// the start of the line. So if Ctrl-C ends the process, only the text of the line remains.
pub struct Bar {
    /// If false, one line says how long slow work will take
    visible: bool,
    total: usize,
    pub started: Instant,
    drawn: Option<Instant>,
    /// How many columns the line fills now
    length: usize,
}

/// The shortest time between two drawings, so that the bar costs almost nothing.
const INTERVAL: Duration = Duration::from_millis(100);

impl Bar {
    pub fn new(total: usize) -> Self {
        Self { visible: is_visible(), total, started: Instant::now(), drawn: None, length: 0 }
    }

    /// Shows that `done` iterations are done. Fractions count too.
    pub fn show(&mut self, done: f64) {
        let elapsed = self.started.elapsed();
        if !self.visible {
            if self.drawn.is_none() && elapsed >= PATIENCE && done > 0.0 {
                self.drawn = Some(Instant::now());
                self.say_how_long(done, elapsed);
            }
            return;
        }
        if self.drawn.is_some_and(|drawn| drawn.elapsed() < INTERVAL) {
            return;
        }
        self.drawn = Some(Instant::now());
        let line = line(done, self.total, elapsed);
        let length = line.chars().count();
        let rest = self.length.saturating_sub(length);
        self.length = length;
        write_at_once(&format!("\r{line}{:rest$}\r", ""));
    }

    /// Says once how long the work will take, if that is long.
    fn say_how_long(&self, done: f64, elapsed: Duration) {
        let left = elapsed.as_secs_f64() * (self.total as f64 - done) / done;
        if left > PATIENCE.as_secs_f64() {
            let percent = 100.0 * done / self.total as f64;
            let (elapsed, left) = (duration(elapsed.as_secs_f64()), duration(left));
            write_at_once(&format!("from-zero: {percent:.2} % in {elapsed}, about {left} left\n"));
        }
    }

    /// Removes the bar, so that a line of output can be printed.
    pub fn clear(&mut self) {
        if self.length > 0 {
            write_at_once(&format!("\r{:1$}\r", "", self.length));
            self.length = 0;
            self.drawn = None;
        }
    }
}

/// How long somebody without a bar waits in silence.
const PATIENCE: Duration = Duration::from_secs(5);

/// Does some work with a team that reports to a bar.
pub fn with_bar<R>(total: usize, threads: usize, work: impl FnOnce(&mut Team) -> R) -> R {
    let mut bar = Bar::new(total);
    let mut report = |done, _| bar.show(done as f64);
    work(&mut Team::reporting(threads, &mut report))
}

/// Trains a net, and shows only a bar.
pub fn train_with_bar(
    net: &mut TwoLayerNet, data: &CompressedMnist, settings: &Settings, rng: &mut impl Rng,
) -> Result<History, String> {
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

/// Whether standard error is a terminal, and standard output is the same terminal or a file. With a
/// pipe, the reader of the pipe can print to the terminal at any time, and disturb the bar.
fn is_visible() -> bool {
    let to_file = fs::metadata("/dev/stdout").is_ok_and(|output| output.is_file());
    io::stderr().is_terminal() && !terminal_is_dumb() && (io::stdout().is_terminal() || to_file)
}

/// Writes in one call, so that no other output comes between. Errors are ignored: the work goes on.
fn write_at_once(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

/// `  3.1%  ━━──────────  6 s left`: at most 45 columns. `std` can't ask the terminal for its width,
/// and a line that is longer than the terminal would begin a new one at each drawing.
fn line(done: f64, total: usize, elapsed: Duration) -> String {
    const CELLS: usize = 12;
    let share = if total == 0 { 1.0 } else { done / total as f64 };
    let left = elapsed.as_secs_f64() * (1.0 / share - 1.0);
    // The first second also contains the start of the threads, and an evaluation of all images.
    let left = if left.is_finite() && elapsed >= Duration::from_secs(1) {
        format!("{} left", duration(left))
    } else {
        "time left not known yet".to_string()
    };
    let filled = ((share * CELLS as f64) as usize).min(CELLS);
    let bar = "━".repeat(filled) + &"─".repeat(CELLS - filled);
    format!("{:5.1}%  {bar}  {left}", 100.0 * share)
}
