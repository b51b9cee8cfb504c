//! The table of the book's numbers, which `chapter` shows: when a number agrees, how it is shown, and
//! that each section agrees.

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
