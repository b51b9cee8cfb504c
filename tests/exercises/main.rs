//! The exercises: `cargo test --test exercises`. What the reader writes is in mine.rs.

mod checks;
mod mine;
mod runner;

use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use checks::net::Functions;
use checks::training::{TWO_EPOCHS, milestone};
use checks::{Exercise, backward, functions, gradients, losses, predictions, training};
use from_zero::ch04::s2_3_mini_batch::load_mnist;
use runner::Task;

/// After this time an exercise is given up.
const LIMIT: Duration = Duration::from_secs(60);

/// A slow machine may need a minute for the milestone.
const MILESTONE_LIMIT: Duration = Duration::from_secs(300);

fn main() -> io::Result<ExitCode> {
    let tasks = [
        task(functions::sigmoid(), mine::sigmoid),
        task(functions::softmax(), mine::softmax),
        task(losses::sum_squared_error(), mine::sum_squared_error),
        task(losses::cross_entropy(), mine::cross_entropy),
        task(gradients::numerical_diff(), |f, x| mine::numerical_diff(f, x)),
        task(gradients::numerical_gradient(), |f, x| mine::numerical_gradient(f, x)),
        task(gradients::gradient_descent(), |gradient, init_x, learning_rate, step_num| {
            mine::gradient_descent(gradient, init_x, learning_rate, step_num)
        }),
        task(gradients::simple_net_gradient(), mine::simple_net_gradient),
        task(predictions::mini_batch(), mine::mini_batch),
        task(predictions::predict(), mine::predict),
        task(predictions::accuracy(), mine::accuracy),
        task(backward::dy(), mine::dy),
        task(backward::dw2_db2(), mine::dw2_db2),
        task(backward::da1(), mine::da1),
        task(backward::gradient(), mine::gradient),
        task(backward::update(), mine::update),
        task(training::train(), mine::train),
        the_milestone(),
    ];
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let status = runner::run(&tasks, &arguments, &mut io::stdout())?;
    Ok(ExitCode::from(status))
}

fn task<F: Copy + Send + 'static>(exercise: Exercise<F>, mine: F) -> Task {
    let about = &exercise.about;
    let (id, title, example) = (about.id, about.title, about.worked_number());
    let check = Box::new(move || exercise.check(mine, LIMIT));
    Task { id, title, example, check, waits: false }
}

fn the_milestone() -> Task {
    let functions = Functions {
        sigmoid: mine::sigmoid,
        softmax: mine::softmax,
        cross_entropy: mine::cross_entropy,
        mini_batch: mine::mini_batch,
        predict: mine::predict,
        accuracy: mine::accuracy,
        gradient: mine::gradient,
        update: mine::update,
    };
    let check = move || {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/mnist");
        milestone(functions, mine::train, TWO_EPOCHS, load_mnist(&folder), MILESTONE_LIMIT)
    };
    let title = "milestone: your functions read over 88 % of the test images";
    let (id, example) = ("e18", String::new());
    Task { id, title, example, check: Box::new(check), waits: true }
}
