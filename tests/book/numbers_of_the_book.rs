//! The table of the book's numbers, which `chapter` shows: when a number agrees, how it is shown, and
//! that each section agrees.

use std::path::Path;

use from_zero::book::Closeness::{AsPrinted, Exact, Near, Ulp, Within};
use from_zero::book::{Context, Line, SECTIONS, Source};

#[test]
fn agreement_depends_on_the_closeness() {
    let next = 0.1_f64.next_up();
    for (expected, computed, closeness, measure) in [
        ("0.5", 0.5, Exact, "equal"),
        ("0.1", next, Exact, "off by 1e-17"),
        ("0.1", next, Ulp, "but for the last digit"),
        ("0.1", next.next_up(), Ulp, "off by 3e-17"),
        ("0.21924763", 0.2192476267010024, AsPrinted, "as printed"),
        ("-0.61", -0.616, AsPrinted, "off by 6e-3"),
        ("0", 0.4, AsPrinted, "as printed"), // without decimals 0.4 is printed as 0
        ("0", 1e-300, Exact, "off by 1e-300"),
        ("0.32100", 0.324, Exact, "off by 3e-3"),
        ("0.12345678", 0.12345679, Within(1e-7), "within 1e-7"),
        ("0.12345678", 0.1234569, Within(1e-7), "off by 1e-7"),
        ("2e-13", 2.5e-13, Near(0.4), "near: random weights"),
        ("2e-13", 2.9e-13, Near(0.4), "off by 9e-14"),
        ("3", f64::NAN, Within(1.0), "off by NaN"),
    ] {
        let line = Line { name: "a number", expected, computed, closeness, source: Source::Book };
        let place = format!("expected {expected}, computed {computed:?}, {closeness:?}");
        assert_eq!(line.measure(), measure, "{place}");
        assert_eq!(line.agrees(), !measure.starts_with("off by"), "{place}");
    }
}

#[test]
fn a_number_is_shown_in_the_form_of_the_expected_one() {
    for (expected, computed, shown) in [
        ("0.5", 0.25, "0.25"),
        ("3", 4.0, "4"),
        ("4.5e-05", 4.5e-5, "4.5e-05"),
        ("2.2e-13", 2.25e-13, "2.25e-13"),
        ("1e+20", 1e20, "1e+20"),
    ] {
        let (closeness, source) = (Exact, Source::NumPy);
        let line = Line { name: "a number", expected, computed, closeness, source };
        assert_eq!(line.shown(), shown, "expected {expected}, computed {computed:?}");
    }
}

/// The numbers of the sections that need no images, each with its section.
fn lines_without_images() -> Vec<(&'static str, Line)> {
    let context = Context::new(None, 2);
    let mut lines = Vec::new();
    for section in SECTIONS.iter().filter(|section| !section.with_images) {
        let of_section = (section.lines)(&context).into_iter().flatten();
        lines.extend(of_section.map(|line| (section.number, line)));
    }
    lines
}

#[test]
fn all_numbers_that_need_no_images_agree() {
    for (section, line) in lines_without_images() {
        assert!(
            line.agrees(),
            "{section}, {}: expected {}, computed {:?}, which is {}",
            line.name,
            line.expected,
            line.computed,
            line.measure()
        );
    }
}

#[test]
fn a_computed_number_twice_as_large_does_not_agree() {
    for (section, line) in lines_without_images() {
        // The expected number is 0 or far from it. 0 becomes 0.01.
        let computed = 2.0 * line.computed + if line.value() == 0.0 { 0.01 } else { 0.0 };
        let wrong = Line { computed, ..line };
        assert!(
            !wrong.agrees(),
            "{section}, {}: expected {}, but {computed:?} agrees with it",
            wrong.name,
            wrong.expected
        );
    }
}

#[test]
fn a_whole_number_is_never_compared_as_printed() {
    // 0.4 would be printed as 0.
    for (section, line) in lines_without_images() {
        let is_whole = !line.expected.contains('.');
        assert!(
            !(is_whole && line.closeness == AsPrinted),
            "{section}, {}: {} is compared as printed, without decimals",
            line.name,
            line.expected
        );
    }
}

#[test]
fn no_expected_number_is_in_the_code_that_computes_it() {
    // Of the file of the table, every second piece between quotation marks is a string.
    let table = include_str!("../../src/book.rs");
    let code: String = table.split('"').step_by(2).collect::<Vec<_>>().join("\"");
    let numbers: Vec<f64> = code
        .split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '_'))
        .filter_map(|word| word.replace('_', "").parse().ok())
        .collect();
    assert!(numbers.contains(&0.05) && numbers.contains(&1_000.0), "the code has numbers");
    for (section, line) in lines_without_images() {
        let digits = line.expected.chars().filter(char::is_ascii_digit).count();
        assert!(
            digits < 5 || !numbers.contains(&line.value().abs()),
            "{section}, {}: {} is also in the code, and should be computed there",
            line.name,
            line.expected
        );
    }
}

#[test]
fn the_file_of_each_section_exists() {
    for section in SECTIONS {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(section.file);
        assert!(file.is_file(), "section {}: there is no file {}", section.number, section.file);
    }
}
