//! `from-zero chapter`: the numbers of the book beside the same numbers computed now.

use std::ffi::OsString;

use from_zero::book::{Context, Line, SECTIONS, Section, Source};
use from_zero::fast::mini_batch::CompressedMnist;

use super::arguments::{Arguments, Opt, say};
use super::options::{DATA, Loaded, THREADS, load, threads};
use super::text::{Style, counted, grouped, program};
use super::{Failure, Result, failed, usage};

const OPTIONS: &[Opt] = &[DATA, THREADS];

pub fn run(arguments: &[OsString]) -> Result<()> {
    let first = arguments.first().map(|first| first.to_string_lossy());
    let asked = first.filter(|first| !first.starts_with('-'));
    let options = &arguments[usize::from(asked.is_some())..];
    let parsed = Arguments::parse(include_str!("help/chapter.txt"), OPTIONS, options);
    let arguments = parsed.or_else(|failure| match failure {
        Failure::Usage(sentence) if sentence.starts_with("unknown argument") => {
            usage(format!("{sentence}; one SECTION may come first"))
        }
        failure => Err(failure),
    })?;
    let sections: Vec<&Section> =
        SECTIONS.iter().filter(|section| is_within(section.number, asked.as_deref())).collect();
    if sections.is_empty() {
        let all = SECTIONS.iter().map(|section| section.number).collect::<Vec<_>>().join(", ");
        let asked = asked.unwrap_or_default();
        return usage(format!(
            "no section '{asked}': expected one of {all}, or the beginning of one"
        ));
    }
    let with_images = sections.iter().any(|section| section.with_images);
    let data = if with_images { Some(mnist(&arguments)?) } else { None };
    let context = Context::new(data, threads(&arguments)?);

    let style = Style::of_stdout();
    let (mut all, mut off) = (0, 0);
    for section in sections {
        let lines: Vec<Line> = (section.lines)(&context).into_iter().flatten().collect();
        let wrong = lines.iter().filter(|line| !line.agrees()).count();
        all += lines.len();
        off += wrong;
        say(&match asked {
            None => summary(section, &lines, wrong, &style),
            Some(_) => whole(section, &lines, &style),
        })?;
    }
    if off > 0 {
        let see = "see the lines with ✗ in from-zero chapter SECTION";
        return failed(format!("{off} of {all} numbers do not agree, {see}"));
    }
    say(&format!("\nAll {} agree.\n", counted(all, "number")))?;
    if asked.is_some() {
        return Ok(());
    }
    say(&format!("The numbers of a section, for example 4.3:  {} chapter 4.3\n", program()))
}

/// `✓ 4.2.1    Sum of squared error (4.1)                  2 numbers: book 2`
fn summary(section: &Section, lines: &[Line], wrong: usize, style: &Style) -> String {
    let mut sources = Vec::new();
    for source in [Source::Book, Source::NumPy, Source::Notes, Source::Derived] {
        let count = lines.iter().filter(|line| line.source == source).count();
        if count > 0 {
            sources.push(format!("{count} {}", name(source)));
        }
    }
    let mark = if wrong == 0 { style.right("✓") } else { style.wrong("✗") };
    let off = if wrong == 0 { String::new() } else { format!("; {wrong} of them WRONG") };
    let Section { number, title, .. } = section;
    format!("{mark} {number:<8}{title:<47} {}{off}\n", sources.join(", "))
}

fn whole(section: &Section, lines: &[Line], style: &Style) -> String {
    let Section { number, title, file, .. } = section;
    let heading = "  what                              expected                   here    source";
    let mut text =
        format!("\n{}\n{}\n", style.strong(&format!("{number}  {title}")), style.faint(file));
    text += &format!("{}\n", style.faint(heading));
    for line in lines {
        let (mark, measure) = (if line.agrees() { "✓" } else { "✗" }, line.measure());
        let measure = if measure == "equal" { String::new() } else { format!(", {measure}") };
        let (expected, computed, source) = (line.expected, line.shown(), name(line.source));
        // A long name has a line of its own.
        let name_of_line = match line.name.chars().count() {
            0..=23 => format!("{:<23}", line.name),
            _ => format!("{}\n{:25}", line.name, ""),
        };
        let row =
            format!("  {name_of_line}{expected:>22} {computed:>22} {mark}  {source}{measure}\n");
        text += &if line.agrees() { row } else { style.wrong(&row) };
    }
    text
}

fn name(source: Source) -> &'static str {
    match source {
        Source::Book => "book",
        Source::NumPy => "NumPy",
        Source::Notes => "notes",
        Source::Derived => "derived",
    }
}

/// MNIST itself: the numbers of the chapter do not follow from other data.
fn mnist(arguments: &Arguments) -> Result<CompressedMnist> {
    let Loaded { data, folder, .. } = load(arguments)?;
    let found = [data.train.labels.len(), data.test.labels.len()];
    if found == [60_000, 10_000] {
        return Ok(data);
    }
    let [train, test] = found.map(grouped);
    failed(format!(
        "expected the 60,000 and 10,000 images of MNIST for the chapter's numbers, found {train} and \
         {test} in {folder}"
    ))
}

/// Whether a section was asked for, or belongs to the one asked for: 4.4.2 belongs to 4.4 and to 4.
fn is_within(section: &str, asked: Option<&str>) -> bool {
    let Some(asked) = asked else { return true };
    let rest = section.strip_prefix(asked.trim_end_matches('.'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
