//! The reader's file and the manifest say what the checks do.

use std::fs;
use std::path::PathBuf;

use crate::{Tried, all};

fn read(path: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn mine() -> String {
    read("tests/exercises/mine.rs")
}

/// The lines of mine.rs that are no comments.
fn code(text: &str) -> String {
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or(""));
    lines.collect::<Vec<_>>().join("\n")
}

/// Everything of the library that a solution may name.
const ALLOWED: [&str; 3] = [
    "from_zero::numeric::",
    "from_zero::ch04::s5_1_two_layer_net::Parameters;",
    "from_zero::ch04::s2_4_targets::{Labels, OneHot};",
];

/// What a solution names of the library or of the checks, and may not.
fn forbidden(text: &str) -> Vec<String> {
    let code = code(text);
    let found = |start: &str| -> Vec<String> {
        let places = code.match_indices(start).map(|(at, _)| &code[at..]);
        places.map(|rest| rest.lines().next().unwrap_or("").to_string()).collect()
    };
    let library = found("from_zero").into_iter();
    let library = library.filter(|rest| !ALLOWED.iter().any(|allowed| rest.starts_with(allowed)));
    let checks = found("checks").into_iter();
    let checks = checks.filter(|rest| rest != "checks::net::{Data, Net, Settings};");
    library.chain(checks).chain(found("include")).collect()
}

#[test]
fn a_solution_does_not_call_the_librarys_answer() {
    let found = forbidden(&mine());
    assert!(
        found.is_empty(),
        "mine.rs may use `numeric` and `Parameters` of the library, and not {found:?}: write the \
         function yourself"
    );
    for cheat in [
        "use from_zero::ch03::functions::sigmoid;",
        "    from_zero::ch04::s5_1_two_layer_net::TwoLayerNet::new(1, 1, 1, 0.1, rng)",
        "use from_zero::*;",
        "use from_zero as library;",
        "use crate::checks::backward::right_dy;",
        "use super::checks::*;",
    ] {
        assert_eq!(forbidden(cheat).len(), 1, "this line must be found: {cheat}");
    }
}

#[test]
fn the_worked_numbers_of_mine_are_those_of_the_checks() {
    let mine = mine();
    for Tried { id, worked_number, .. } in all() {
        assert!(mine.contains(worked_number), "{id}: expected in mine.rs: {worked_number}");
    }
}

#[test]
fn the_answers_are_where_mine_says() {
    // "/// Answer: `sigmoid` in src/ch03/functions.rs": the file has such a function, and the check
    // names the same file.
    let mine = mine();
    let lines: Vec<&str> = mine.lines().filter_map(|l| l.strip_prefix("/// Answer: ")).collect();
    assert_eq!(lines.len(), all().len(), "expected one answer for each exercise, found {lines:?}");
    for (line, Tried { id, answer, .. }) in lines.iter().zip(all()) {
        let (names, file) = line.split_once(" in ").expect("a name and a file");
        assert_eq!(file, *answer, "{id}: mine.rs names {file}, the check {answer}");
        let source = read(file);
        for name in names.split(" and ").map(|name| name.trim_matches('`')) {
            let found = source.contains(&format!("pub fn {name}("));
            assert!(found, "{id}: expected a function {name} in {file}");
        }
    }
}

#[test]
fn the_exercises_are_in_order() {
    let mine = mine();
    let places: Vec<usize> = all()
        .iter()
        .map(|Tried { id, .. }| {
            let heading = format!("/// **{id}**, section");
            mine.find(&heading).unwrap_or_else(|| panic!("expected in mine.rs: {heading}"))
        })
        .collect();
    assert!(places.is_sorted(), "expected the exercises of mine.rs in the order of their numbers");
}

#[test]
fn plain_cargo_test_does_not_run_the_exercises() {
    let manifest = read("Cargo.toml");
    let targets = manifest.split("[[test]]").skip(1);
    let target = targets.map(|rest| rest.split("[[").next().unwrap_or(rest));
    let mut target = target.filter(|target| target.contains("\"tests/exercises/main.rs\""));
    let target = target.next().expect("Cargo.toml has the test target of the exercises");
    for line in ["harness = false", "test = false"] {
        assert!(target.lines().any(|l| l == line), "expected {line} in the target:{target}");
    }
}
