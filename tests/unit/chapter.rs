//! The unit tests of src/cli/chapter.rs.

use super::*;

#[test]
fn agreement_depends_on_the_closeness() {
    for (printed, computed, closeness, words) in [
        ("0.5", 0.5, Exact, "all"),
        ("0.1", 0.1_f64.next_up(), Exact, "16\n    NOT EQUAL: off by 1e-17"),
        ("0.1", 0.1_f64.next_up(), Ulp, "16"),
        ("0.1", 0.1_f64.next_up().next_up(), Ulp, "16\n    NOT EQUAL: off by 3e-17"),
        ("0.21924763", 0.2192476267010024, AsPrinted, "8"),
        ("-0.61", -0.616, AsPrinted, "1\n    NOT EQUAL: off by 6e-3"),
        ("0", 0.4, AsPrinted, "0\n    NOT EQUAL: off by 4e-1"), // although 0.4 rounds to 0
        ("0", 1e-300, Exact, "0\n    NOT EQUAL: off by 1e-300"),
        ("0.32100", 0.324, Exact, "2\n    NOT EQUAL: off by 3e-3"),
        ("0.12345678", 0.12345679, Within(1e-7), "7"),
        ("2e-13", 2.5e-13, Part(0.4), "near"),
        ("2e-13", 2.9e-13, Part(0.4), "0\n    NOT EQUAL: off by 9e-14"),
        ("3", f64::NAN, Within(1.0), "0\n    NOT EQUAL: off by NaN"),
    ] {
        let agrees = !words.contains("NOT EQUAL");
        assert_eq!(agreement(printed, computed, closeness), (agrees, words.to_string()));
    }
    // A missing number does not agree.
    let agrees: Vec<bool> = row("x", Exact, "1 2", [1.0]).iter().map(|line| line.agrees).collect();
    assert_eq!(agrees, [true, false]);
}

#[test]
fn only_the_listed_sections_need_images() {
    let context = Context { data: None, threads: 1, run_of_seed_0: OnceCell::new() };
    for (number, _, _, rows) in SECTIONS.iter().filter(|s| !WITH_IMAGES.contains(&s.0)) {
        assert!(rows(&context).iter().flatten().all(|line| line.agrees), "{number}");
    }
}

#[test]
fn a_section_belongs_to_the_section_it_begins_with() {
    assert!(is_within("4.4.2", None) && is_within("4.4.2", Some("4.4")));
    assert!(is_within("4.4.2", Some("4.4.2")) && is_within("4.4.2", Some("4.")));
    assert!(!is_within("4.4.2", Some("4.42")) && !is_within("4.4", Some("4.4.2")));
    assert!(!is_within("4.4", Some("5")));
}
