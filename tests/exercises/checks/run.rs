//! Runs what a person wrote: it may panic, and it may never end.

use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::Output;

/// What a check says.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Right. The text says what was reached; most exercises have none
    Done(String),
    /// There is a `todo!()` in this line of mine.rs
    NotWritten { line: u32 },
    /// What was expected, what came, what this looks like, what to do
    Wrong(String),
}

/// Why a run ended early.
pub enum Stopped {
    NotWritten { line: u32 },
    Panic { message: String, place: String },
    TimeIsOver,
}

/// One call of the function that a person wrote.
pub type Call = Box<dyn FnOnce() -> Output + Send>;

/// Runs the calls on another thread, one after the other, until one panics or the time is over.
/// Returns the results until then. If the time is over, the thread goes on until the program ends:
/// Rust has no way to end a thread from outside.
pub fn run(calls: Vec<Call>, limit: Duration) -> (Vec<Output>, Option<Stopped>) {
    note_panics_quietly();
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        QUIET.set(true);
        let all =
            AssertUnwindSafe(|| calls.into_iter().for_each(|call| drop(sender.send(Ok(call())))));
        if panic::catch_unwind(all).is_err() {
            drop(sender.send(Err(LAST_PANIC.take())));
        }
    });

    let (mut results, end) = (Vec::new(), Instant::now() + limit);
    loop {
        match receiver.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(Ok(result)) => results.push(result),
            Ok(Err(panic)) => return (results, Some(stopped(panic))),
            Err(RecvTimeoutError::Timeout) => return (results, Some(Stopped::TimeIsOver)),
            Err(RecvTimeoutError::Disconnected) => return (results, None),
        }
    }
}

/// A panic's message, its file and its line.
type Panic = (String, String, u32);

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
    static LAST_PANIC: RefCell<Panic> = RefCell::default();
}

/// On the threads of [`run`], a panic is noted and not printed.
fn note_panics_quietly() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                return usual(info);
            }
            let payload = info.payload();
            let literal = payload.downcast_ref::<&str>().map(|text| text.to_string());
            let message = literal.or_else(|| payload.downcast_ref::<String>().cloned());
            let message = message.unwrap_or_else(|| "a panic without a message".to_string());
            let place = info.location().map_or((String::new(), 0), |l| (l.file().into(), l.line()));
            LAST_PANIC.set((message, place.0, place.1));
        }));
    });
}

fn stopped((message, file, line): Panic) -> Stopped {
    if message.starts_with("not yet implemented") {
        return Stopped::NotWritten { line };
    }
    Stopped::Panic { message, place: format!("{file}, line {line}") }
}
