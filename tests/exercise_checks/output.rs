//! What the program of the exercises prints.

use crate::checks::run::Outcome;
use crate::runner::{Task, run};

fn task(id: &'static str, title: &'static str, outcome: Outcome) -> Task {
    let example = format!("{id}(0) = 1");
    Task { id, title, example, check: Box::new(move || outcome.clone()), waits: false }
}

fn tasks() -> Vec<Task> {
    let long = "sigmoid(0.0) is 2, expected 0.5. This looks like a division that comes before the \
                addition: write brackets around the sum.";
    vec![
        task("e01", "one: 1", Outcome::Done(String::new())),
        task("e02", "two: 2", Outcome::Wrong(long.to_string())),
        task("e03", "three: 3", Outcome::NotWritten { line: 42 }),
        Task { waits: true, ..task("e04", "four: 4", Outcome::Done("reads 88.1 %".to_string())) },
    ]
}

fn printed(tasks: &[Task], arguments: &[&str]) -> (u8, String) {
    let arguments: Vec<String> = arguments.iter().map(|word| word.to_string()).collect();
    let mut out = Vec::new();
    let status = run(tasks, &arguments, &mut out).expect("a Vec takes everything");
    (status, String::from_utf8(out).expect("text"))
}

#[test]
fn each_exercise_has_a_line_and_its_sentence_and_the_next_is_named() {
    let (status, text) = printed(&tasks(), &[]);
    let expected = "
done  e01  one: 1
no    e02  two: 2
           sigmoid(0.0) is 2, expected 0.5. This looks like a division that comes before
           the addition: write brackets around the sum.
-     e03  three: 3
           not written yet: open tests/exercises/mine.rs, line 42
-     e04  four: 4
           waits until the others are done

1 of 4 done.
Next: e02, two: 2
For example: e02(0) = 1
Only this one: cargo test --test exercises e02
";
    assert_eq!(text, expected, "the program printed\n{text}");
    assert_eq!(status, 1, "expected the exit status 1, because not everything is done");
}

#[test]
fn an_argument_chooses_by_number_or_name() {
    let (status, text) = printed(&tasks(), &["e01"]);
    assert!(text.contains("1 of 1 done") && !text.contains("e02"), "printed for e01:\n{text}");
    assert_eq!(status, 0, "expected the exit status 0, because e01 is done");
    let (status, text) = printed(&tasks(), &["three"]);
    assert!(text.contains("0 of 1 done") && text.contains("e03"), "printed for three:\n{text}");
    assert_eq!(status, 1, "expected the exit status 1, because e03 is not done");
}

#[test]
fn the_milestone_does_not_wait_if_it_is_asked_for_or_all_others_are_done() {
    let (_, text) = printed(&tasks(), &["e04"]);
    assert!(text.contains("reads 88.1 %"), "printed for e04:\n{text}");
    let mut tasks = tasks();
    tasks[1].check = Box::new(|| Outcome::Done(String::new()));
    let (_, text) = printed(&tasks, &[]);
    assert!(text.contains("waits until the others are done"), "e03 is not done, printed:\n{text}");
    tasks[2].check = Box::new(|| Outcome::Done(String::new()));
    let (status, text) = printed(&tasks, &[]);
    assert!(text.contains("reads 88.1 %") && text.ends_with("4 of 4 done.\n"), "printed:\n{text}");
    assert_eq!(status, 0, "expected the exit status 0, because everything is done");
}

#[test]
fn a_list_and_unknown_words_are_answered() {
    let (status, text) = printed(&tasks(), &["--list"]);
    assert_eq!((status, text.lines().count()), (0, 4), "printed for --list:\n{text}");
    assert!(text.starts_with("e01 one: 1\n"), "printed for --list:\n{text}");
    let (status, text) = printed(&tasks(), &["e19"]);
    let expected = "No exercise is called \"e19\". They are e01 to e04: see --list.\n";
    assert_eq!((status, text.as_str()), (2, expected));
    let (status, text) = printed(&tasks(), &["--ignored"]);
    assert!(text.starts_with("--ignored is no option here."), "printed for --ignored:\n{text}");
    assert_eq!(status, 2, "expected the exit status 2 for an unknown option");
}
