//! Are the checks of the exercises right? `cargo test` runs this program, and never the exercises
//! themselves: `cargo test --test exercises` does.

#[path = "../exercises/checks/mod.rs"]
mod checks;
#[path = "../exercises/runner.rs"]
mod runner;

mod bad_behaviour;
mod files;
mod output;
mod the_milestone;

use std::sync::OnceLock;
use std::time::Duration;

use checks::run::Outcome;
use checks::{Exercise, backward, functions, gradients, losses, predictions, training};

/// More than any check needs.
const LIMIT: Duration = Duration::from_secs(60);

/// What the check of an exercise says about the library's function, and about each mistake.
struct Tried {
    id: &'static str,
    answer: &'static str,
    worked_number: String,
    right: Outcome,
    /// The sentence of the mistake, and what the check says
    mistakes: Vec<(&'static str, Outcome)>,
}

fn tried<F: Copy + Send + 'static>(exercise: Exercise<F>) -> Tried {
    let about = &exercise.about;
    assert!(about.title.contains(": "), "{}: a name, a colon, what is computed", about.id);
    let check = |f: &F| exercise.check(*f, LIMIT);
    let outcomes = exercise.wrong.iter().map(check);
    Tried {
        id: about.id,
        answer: about.answer,
        worked_number: about.worked_number(),
        right: check(&exercise.right),
        mistakes: about.sentences.iter().copied().zip(outcomes).collect(),
    }
}

fn all() -> &'static [Tried] {
    static ALL: OnceLock<Vec<Tried>> = OnceLock::new();
    ALL.get_or_init(|| {
        vec![
            tried(functions::sigmoid()),
            tried(functions::softmax()),
            tried(losses::sum_squared_error()),
            tried(losses::cross_entropy()),
            tried(gradients::numerical_diff()),
            tried(gradients::numerical_gradient()),
            tried(gradients::gradient_descent()),
            tried(gradients::simple_net_gradient()),
            tried(predictions::mini_batch()),
            tried(predictions::predict()),
            tried(predictions::accuracy()),
            tried(backward::dy()),
            tried(backward::dw2_db2()),
            tried(backward::da1()),
            tried(backward::gradient()),
            tried(backward::update()),
            tried(training::train()),
        ]
    })
}

#[test]
fn the_librarys_functions_are_right() {
    for Tried { id, right, .. } in all() {
        let done = Outcome::Done(String::new());
        assert!(*right == done, "{id}: the check of the library's function says: {right:?}");
    }
}

#[test]
fn each_mistake_gets_its_own_sentence_and_no_other() {
    let mut wrong = Vec::new();
    for Tried { id, mistakes, .. } in all() {
        for (sentence, outcome) in mistakes {
            let text = match outcome {
                Outcome::Wrong(text) => text.as_str(),
                _ => "(it was not found wrong)",
            };
            if !text.ends_with(sentence) {
                wrong.push(format!("{id}: expected: {sentence}\n     the check says: {text}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} mistakes are not named:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn there_are_at_least_45_mistakes_and_three_for_each_exercise() {
    let total: usize = all().iter().map(|tried| tried.mistakes.len()).sum();
    assert!(total >= 45, "expected at least 45 known mistakes, found {total}");
    for Tried { id, mistakes, .. } in all() {
        assert!(mistakes.len() >= 3, "{id} knows {} mistakes, expected at least 3", mistakes.len());
    }
}
