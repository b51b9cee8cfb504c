//! How an exercise is checked.
//!
//! An exercise has cases and mistakes. A case calls the function and says what should come. A
//! mistake is a wrong version of the function, with a sentence for the person who wrote it. When a
//! case fails, each wrong version is run on all cases. If one of them gives the numbers that the
//! person's function gave, its sentence is shown.
//!
//! A comment above each mistake says where it comes from: published notes on the book, readers'
//! questions, the book itself, or "planted": made up for this check.

pub mod backward;
pub mod functions;
pub mod gradients;
pub mod losses;
pub mod net;
pub mod predictions;
pub mod run;
pub mod training;

use std::sync::Arc;
use std::time::Duration;

use from_zero::ch04::s5_1_two_layer_net::Parameters;
use from_zero::numeric::matrix::Matrix;

use run::{Call, Outcome, Stopped, run};

/// The numbers of two programs differ in the last digits if they add in another order: each
/// operation rounds by 1e-16 of its result. The smallest mistake below changes a number by 1e-9.
const ROUNDING: f64 = 1e-12;

/// An exercise; F is the type of the function to be written.
pub struct Exercise<F> {
    pub about: About,
    /// The library's function
    pub right: F,
    /// The wrong versions, in the order of their sentences
    pub wrong: Vec<F>,
    /// The calls of the cases
    runs: Vec<Arc<dyn Fn(F) -> Output + Send + Sync>>,
}

/// What does not depend on the type of the function.
pub struct About {
    pub id: &'static str,
    /// The name of the function and what it computes
    pub title: &'static str,
    /// The file of the library that has it
    pub answer: &'static str,
    cases: Vec<Case>,
    /// For each mistake: what it looks like, and what to do
    pub sentences: Vec<&'static str>,
    tolerance: f64,
}

struct Case {
    /// How a person would write the call
    call: &'static str,
    expected: Output,
}

impl<F: Copy + Send + 'static> Exercise<F> {
    pub fn new(id: &'static str, title: &'static str, answer: &'static str, right: F) -> Self {
        let (cases, sentences, tolerance) = (Vec::new(), Vec::new(), ROUNDING);
        let about = About { id, title, answer, cases, sentences, tolerance };
        Self { about, right, wrong: Vec::new(), runs: Vec::new() }
    }

    /// Adds a case whose result is known from the book, from NumPy or from an identity.
    pub fn case<O: Into<Output> + 'static>(
        mut self, call: &'static str, run: fn(F) -> O, expected: O,
    ) -> Self {
        self.runs.push(Arc::new(move |f: F| run(f).into()));
        self.about.cases.push(Case { call, expected: expected.into() });
        self
    }

    /// Adds a case whose result is what the library's function gives.
    pub fn like_the_library<O: Into<Output> + 'static>(
        self, call: &'static str, run: fn(F) -> O,
    ) -> Self {
        let expected = run(self.right);
        self.case(call, run, expected)
    }

    /// Adds a wrong version, with the sentence for the person who wrote it.
    pub fn mistake(mut self, sentence: &'static str, wrong: F) -> Self {
        self.about.sentences.push(sentence);
        self.wrong.push(wrong);
        self
    }

    /// Two numbers are equal if they differ by at most this share of the largest of their case, or
    /// of 1 if that is larger.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.about.tolerance = tolerance;
        self
    }

    /// Tries a function on all cases.
    pub fn check(&self, f: F, limit: Duration) -> Outcome {
        let (came, stopped) = run(self.calls_of(f), limit);
        let of_mistake = |i: usize| -> Vec<Output> {
            self.calls_of(self.wrong[i]).into_iter().map(|call| call()).collect()
        };
        match stopped {
            Some(stopped) => self.about.stopped(stopped, came.len(), limit),
            None => self.about.judge(&came, &of_mistake),
        }
    }

    /// The calls of all cases with this function.
    fn calls_of(&self, f: F) -> Vec<Call> {
        let call = |run: &Arc<dyn Fn(F) -> Output + Send + Sync>| -> Call {
            let run = Arc::clone(run);
            Box::new(move || run(f))
        };
        self.runs.iter().map(call).collect()
    }
}

impl About {
    /// The worked number of the exercise: the call of the first case, and its result.
    pub fn worked_number(&self) -> String {
        format!("{} = {}", self.cases[0].call, self.cases[0].expected.text())
    }

    /// The call number `case` did not return.
    fn stopped(&self, stopped: Stopped, case: usize, limit: Duration) -> Outcome {
        let call = self.cases[case].call;
        match stopped {
            Stopped::NotWritten { line } => Outcome::NotWritten { line },
            Stopped::Panic { message, place } => {
                let advice = match message.contains("dot: (") {
                    true => {
                        "These shapes do not fit. A product needs (n, k) x (k, m). \
                         `transpose_dot` takes the first matrix transposed, `dot_transpose` the \
                         second, and `&a * &b` is element by element."
                    }
                    false => "Read that line again: which sizes or indices does it use?",
                };
                Outcome::Wrong(format!(
                    "{call} stopped the program (a panic) in {place}: \"{message}\". {advice}"
                ))
            }
            Stopped::TimeIsOver => {
                let limit = limit.as_secs_f64();
                Outcome::Wrong(format!(
                    "{call} still runs after {limit} s. Look for a loop that does not end."
                ))
            }
        }
    }

    /// Compares what came with what was expected and, if it differs, with each mistake.
    fn judge(&self, came: &[Output], of_mistake: &dyn Fn(usize) -> Vec<Output>) -> Outcome {
        let equal = |(a, b): (&Output, &Output)| a.equals(b, self.tolerance);
        let expected = self.cases.iter().map(|case| &case.expected);
        let Some(failed) = came.iter().zip(expected).position(|pair| !equal(pair)) else {
            return Outcome::Done(String::new());
        };
        let Case { call, expected } = &self.cases[failed];
        let difference = came[failed].difference(call, expected, self.tolerance);
        let looks_like = |&mistake: &usize| came.iter().zip(&of_mistake(mistake)).all(equal);
        let advice = match (0..self.sentences.len()).find(looks_like) {
            Some(mistake) => self.sentences[mistake].to_string(),
            None => self.general_advice(came),
        };
        Outcome::Wrong(format!("{difference} {advice}"))
    }

    fn general_advice(&self, came: &[Output]) -> String {
        let nan = came.iter().any(|output| output.numbers().any(f64::is_nan));
        let why_nan = match nan {
            true => "NaN is what 0/0, ∞ − ∞ and the logarithm of a negative number give. ",
            false => "",
        };
        let again = "Compute the worked number on paper, and compare line by line with the formula";
        format!("{why_nan}{again}. The answer is in {}.", self.answer)
    }
}

/// What a function returned: one or more parts, each with a shape and its numbers.
#[derive(Clone, Debug)]
pub struct Output(Vec<Part>);

#[derive(Clone, Debug)]
struct Part {
    /// Empty if there is only one part
    name: &'static str,
    /// Empty for a number, [n] for a list, [rows, columns] for a matrix
    shape: Vec<usize>,
    numbers: Vec<f64>,
}

impl From<f64> for Output {
    fn from(number: f64) -> Self {
        Self(vec![Part { name: "", shape: Vec::new(), numbers: vec![number] }])
    }
}

impl From<Vec<f64>> for Output {
    fn from(numbers: Vec<f64>) -> Self {
        Self(vec![Part { name: "", shape: vec![numbers.len()], numbers }])
    }
}

impl From<Matrix> for Output {
    fn from(matrix: Matrix) -> Self {
        let shape = vec![matrix.rows(), matrix.columns()];
        Self(vec![Part { name: "", shape, numbers: matrix.into_vec() }])
    }
}

impl From<Parameters> for Output {
    fn from(params: Parameters) -> Self {
        let Parameters { w1, b1, w2, b2 } = params;
        Self::named([("w1", w1.into()), ("b1", b1.into()), ("w2", w2.into()), ("b2", b2.into())])
    }
}

impl Output {
    /// Several results, each with its name.
    pub fn named<const N: usize>(parts: [(&'static str, Output); N]) -> Self {
        let renamed = parts
            .into_iter()
            .flat_map(|(name, output)| output.0.into_iter().map(move |part| Part { name, ..part }));
        Self(renamed.collect())
    }

    fn numbers(&self) -> impl Iterator<Item = f64> {
        self.0.iter().flat_map(|part| &part.numbers).copied()
    }

    fn equals(&self, other: &Output, tolerance: f64) -> bool {
        let mut pairs = self.0.iter().zip(&other.0);
        self.0.len() == other.0.len() && pairs.all(|(a, b)| a.difference(b, tolerance).is_none())
    }

    /// What is different, in a sentence.
    fn difference(&self, call: &str, expected: &Output, tolerance: f64) -> String {
        for (came, expected) in self.0.iter().zip(&expected.0) {
            let Some(index) = came.difference(expected, tolerance) else { continue };
            let of = if came.name.is_empty() { "" } else { " of " };
            let what = format!("{}{of}{call}", came.name);
            if came.shape != expected.shape {
                let (came, expected) = (came.size(), expected.size());
                return format!("{what} has {came}, expected {expected}.");
            }
            let (found, wanted) = (came.numbers[index], expected.numbers[index]);
            let (found, wanted) = match (digits(found), digits(wanted)) {
                (f, w) if f == w => (format!("{found:?}"), format!("{wanted:?}")),
                texts => texts,
            };
            return match came.shape[..] {
                [] => format!("{what} is {found}, expected {wanted}."),
                [_, columns] => {
                    let (row, column) = (index / columns, index % columns);
                    format!("{what}: [({row}, {column})] is {found}, expected {wanted}.")
                }
                _ => format!("{what}: [{index}] is {found}, expected {wanted}."),
            };
        }
        unreachable!("difference is called for outputs that differ")
    }

    /// The numbers as a person would write them down.
    fn text(&self) -> String {
        let list = |numbers: &[f64]| {
            let texts: Vec<String> = numbers.iter().map(|&number| digits(number)).collect();
            format!("[{}]", texts.join(", "))
        };
        let texts = self.0.iter().map(|part| match part.shape[..] {
            [] => digits(part.numbers[0]),
            [_, columns] => {
                let rows: Vec<String> = part.numbers.chunks(columns).map(list).collect();
                format!("[{}]", rows.join(", "))
            }
            _ => list(&part.numbers),
        });
        texts.collect::<Vec<_>>().join(" and ")
    }
}

impl Part {
    /// The index of the first number that differs; 0 if the shapes differ.
    fn difference(&self, other: &Part, tolerance: f64) -> Option<usize> {
        if self.shape != other.shape {
            return Some(0);
        }
        let finite = other.numbers.iter().filter(|number| number.is_finite());
        let largest = finite.fold(1.0, |max: f64, number| max.max(number.abs()));
        let mut pairs = self.numbers.iter().zip(&other.numbers);
        pairs.position(|(&a, &b)| {
            let both_nan = a.is_nan() && b.is_nan();
            let close = a == b || (a - b).abs() <= tolerance * largest;
            !(both_nan || close)
        })
    }

    fn size(&self) -> String {
        match self.shape[..] {
            [] => "one number".to_string(),
            [0] => "no numbers".to_string(),
            [n] => format!("{n} numbers"),
            [rows, columns] => format!("the shape ({rows}, {columns})"),
            _ => unreachable!("a part is a number, a list or a matrix"),
        }
    }
}

/// Eight digits, without zeros at the end.
fn digits(number: f64) -> String {
    let size = number.abs();
    if !number.is_finite() || number == 0.0 {
        return number.to_string();
    }
    if !(1e-4..1e8).contains(&size) {
        return format!("{number:.7e}");
    }
    let text = format!("{number:.8}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}
