//! Shows which numbers of the book come out, section by section. It is the first program of
//! `cargo test`, and has no test harness, so that what it prints is always seen.
//!
//! It fails if a number does not agree. `cargo run --release -- chapter 4.3` shows the numbers of a
//! section one by one.

use std::collections::BTreeMap;
use std::env;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use from_zero::book::{Closeness, Context, Line, SECTIONS, Source};
use from_zero::fast::mini_batch::CompressedMnist;

/// The name of this test, for `cargo test NAME` and for runners that list the tests first.
const NAME: &str = "all_numbers_of_the_book";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    if has("--list") {
        if !has("--ignored") {
            println!("{NAME}: test");
        }
        return ExitCode::SUCCESS;
    }
    let filters: Vec<&String> = arguments.iter().filter(|a| !a.starts_with('-')).collect();
    if has("--ignored") || !filters.is_empty() && !filters.iter().any(|f| NAME.contains(*f)) {
        return ExitCode::SUCCESS;
    }

    let start = Instant::now();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/mnist");
    let data = CompressedMnist::load(&folder).expect("the fixture is whole");
    let context = Context::new(Some(data), 2);
    println!("\nThe numbers of the book, and the same numbers computed here:\n");
    println!("  {:<54}numbers  the worst", "section");
    let mut sources: BTreeMap<Source, usize> = BTreeMap::new();
    let mut check = String::new();
    let (mut all, mut off) = (0, 0);
    for section in SECTIONS {
        let lines: Vec<Line> = (section.lines)(&context).into_iter().flatten().collect();
        let wrong: Vec<&Line> = lines.iter().filter(|line| !line.agrees()).collect();
        lines.iter().for_each(|line| *sources.entry(line.source).or_default() += 1);
        (all, off) = (all + lines.len(), off + wrong.len());
        let mark = if wrong.is_empty() { '✓' } else { '✗' };
        let (number, title, count) = (section.number, section.title, lines.len());
        println!("{mark} {number:<8}{title:<46}{count:>7}  {}", worst(&lines));
        for line in wrong {
            println!("      expected {}, computed {}", line.expected, line.shown());
        }
        if number == "5.7.3" {
            let column = |number: &dyn Fn(&Line) -> String| {
                lines.iter().map(|line| format!("{:>10}", number(line))).collect::<String>()
            };
            check = format!(
                "  mean |numerical − backpropagation|        W1        b1        W2        b2\n  \
                 printed in the book             {}\n  here, a net with relu           {}",
                column(&|line| line.expected.to_string()),
                column(&|line| format!("{:.1e}", line.computed)),
            );
        }
    }
    println!("\nThe gradient check (5.7.3), with other random weights than the book's:\n{check}\n");
    let of = |source| sources.get(&source).copied().unwrap_or(0);
    println!(
        "{} of {all} numbers agree: {} that the book prints, {} of its program in NumPy, {} of \
         readers' notes, {} derived on paper. {:.1} s.\n",
        all - off,
        of(Source::Book),
        of(Source::NumPy),
        of(Source::Notes),
        of(Source::Derived),
        start.elapsed().as_secs_f64(),
    );
    if off == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The largest relative difference, in words.
fn worst(lines: &[Line]) -> String {
    if lines.iter().all(|line| matches!(line.closeness, Closeness::Near(_))) {
        return "like the book's".to_string();
    }
    let relative = |line: &Line| match line.value() {
        0.0 => (line.computed - line.value()).abs(),
        value => ((line.computed - value) / value).abs(),
    };
    // What is printed with few digits agrees in these digits, and no more can be said.
    let lines = lines.iter().filter(|line| line.closeness != Closeness::AsPrinted);
    let worst = lines.map(relative).fold(0.0, f64::max);
    if worst == 0.0 { "bit for bit".to_string() } else { format!("off by {worst:.0e}") }
}
