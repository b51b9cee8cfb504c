//! The unit tests of src/cli/chapter.rs.

use super::*;

#[test]
fn agreement_depends_on_the_closeness() {
    for (printed, computed, closeness, words) in [
        ("0.5", 0.5, Exact, "equal"),
        ("0.1", 0.1_f64.next_up(), Exact, "NOT EQUAL: 16 digits, off by 1e-17"),
        ("0.1", 0.1_f64.next_up(), Ulp, "equal to 1 ulp"),
        ("0.1", 0.1_f64.next_up().next_up(), Ulp, "NOT EQUAL: 16 digits, off by 3e-17"),
        ("0.21924763", 0.2192476267010024, AsPrinted, "equal as far as printed, 8 digits"),
        ("-0.61", -0.616, AsPrinted, "NOT EQUAL: 1 digits, off by 6e-3"),
        ("0", 0.4, AsPrinted, "NOT EQUAL: 0 digits, off by 4e-1"), // although 0.4 rounds to 0
        ("0", 1e-300, Exact, "NOT EQUAL: 0 digits, off by 1e-300"),
        ("0.32100", 0.324, Exact, "NOT EQUAL: 2 digits, off by 3e-3"),
        ("0.12345678", 0.12345679, Within(1e-7), "equal to 7 digits"),
        ("2e-13", 2.5e-13, Part(0.4), "within 40 %: random weights"),
        ("2e-13", 2.9e-13, Part(0.4), "NOT EQUAL: 0 digits, off by 9e-14"),
        ("3", f64::NAN, Within(1.0), "NOT EQUAL: 0 digits, off by NaN"),
    ] {
        let agrees = !words.starts_with("NOT EQUAL");
        assert_eq!(agreement(printed, computed, closeness), (agrees, words.to_string()));
    }
    // A missing number does not agree.
    let agrees: Vec<bool> = row("x", Exact, "1 2", [1.0]).iter().map(|line| line.0).collect();
    assert_eq!(agrees, [true, false]);
}

#[test]
fn only_the_listed_sections_need_images() {
    let context = Context { data: None, threads: 1, run_of_seed_0: OnceCell::new() };
    for (number, _, _, rows) in SECTIONS.iter().filter(|s| !WITH_IMAGES.contains(&s.0)) {
        assert!(rows(&context).iter().flatten().all(|(agrees, _)| *agrees), "{number}");
    }
}

#[test]
fn a_section_belongs_to_the_section_it_begins_with() {
    assert!(is_within("4.4.2", None) && is_within("4.4.2", Some("4.4")));
    assert!(is_within("4.4.2", Some("4.4.2")) && is_within("4.4.2", Some("4.")));
    assert!(!is_within("4.4.2", Some("4.42")) && !is_within("4.4", Some("4.4.2")));
    assert!(!is_within("4.4", Some("5")));
}
