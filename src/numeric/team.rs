//! Threads that wait for work: what NumPy leaves to its BLAS.
//!
//! `std::thread::scope` starts new threads, which takes longer than their share of one training
//! step; these are started once. For work of milliseconds a scope is simpler, and used elsewhere.

use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread::{self, Builder, JoinHandle};

type Task = Box<dyn FnOnce() + Send>;

/// Some threads beside the one that calls.
pub struct Team {
    members: Vec<Member>,
}

struct Member {
    /// `None` only while the team is being dropped: then the thread ends.
    tasks: Option<Sender<Task>>,
    thread: Option<JoinHandle<()>>,
}

impl Team {
    /// A team of `size`, the caller included. Where the system refuses more threads, a smaller one.
    pub fn new(size: usize) -> Self {
        let members = (1..size).map_while(|_| Member::start().ok()).collect();
        Self { members }
    }

    /// How many work at the same time, the caller included.
    pub fn size(&self) -> usize {
        self.members.len() + 1
    }

    /// Does all jobs, the first of them here, and returns their results in order. Whatever a job
    /// holds is dropped before its result arrives.
    ///
    /// # Panics
    /// If a job panics.
    pub fn run<R, J>(&self, jobs: impl IntoIterator<Item = J>) -> Vec<R>
    where
        R: Send + 'static,
        J: FnOnce() -> R + Send + 'static,
    {
        let mut jobs = jobs.into_iter();
        if self.members.is_empty() {
            return jobs.map(|job| job()).collect();
        }
        let first = jobs.next();
        let (sender, results) = channel();
        let mut count = 0;
        for (job, member) in jobs.zip(self.members.iter().cycle()) {
            let sender = sender.clone();
            count += 1;
            let place = count;
            // The caller may be gone after a panic of its own job: then nobody wants the result.
            let task = Box::new(move || drop(sender.send((place, job()))));
            let tasks = member.tasks.as_ref().expect("the team is not being dropped");
            tasks.send(task).expect("a job on this thread has panicked before");
        }
        drop(sender);
        let mut all: Vec<(usize, R)> = first.map(|job| (0, job())).into_iter().collect();
        all.extend((0..count).map_while(|_| receive(&results)));
        assert!(all.len() > count || all.is_empty(), "a job has panicked");
        all.sort_by_key(|(place, _)| *place);
        all.into_iter().map(|(_, result)| result).collect()
    }
}

/// How often to look before going to sleep: for about 50 µs.
const LOOKS: usize = 200;

/// The next message, or `None` if there will be none. Most come soon, and waking a thread that
/// sleeps takes longer than most waits: so it looks for a while first.
fn receive<T>(messages: &Receiver<T>) -> Option<T> {
    for _ in 0..LOOKS {
        match messages.try_recv() {
            Ok(message) => return Some(message),
            Err(TryRecvError::Disconnected) => return None,
            // Where there are more threads than cores, another one may have work.
            Err(TryRecvError::Empty) => thread::yield_now(),
        }
    }
    messages.recv().ok()
}

impl Member {
    fn start() -> std::io::Result<Self> {
        let (sender, tasks) = channel::<Task>();
        let work = move || {
            while let Some(task) = receive(&tasks) {
                task();
            }
        };
        let thread = Builder::new().spawn(work)?;
        Ok(Self { tasks: Some(sender), thread: Some(thread) })
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        self.tasks = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Cuts 0 … n − 1 into `parts` ranges of lengths that differ by at most one.
pub fn even_ranges(n: usize, parts: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
    (0..parts).map(move |part| n * part / parts..n * (part + 1) / parts)
}
