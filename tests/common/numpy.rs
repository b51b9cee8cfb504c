//! The text files of fixtures/numpy: a name, a colon and numbers a line.

use std::collections::HashMap;

pub struct Reference {
    name: &'static str,
    lines: HashMap<String, Vec<f64>>,
}

impl Reference {
    pub fn load(name: &'static str) -> Self {
        let text = std::fs::read_to_string(super::fixtures("numpy").join(name)).expect(name);
        let lines = text.lines().map(|line| {
            let (key, numbers) = line.split_once(": ").expect(line);
            let numbers = numbers.split(' ').map(|number| number.parse().expect(line));
            (key.to_string(), numbers.collect())
        });
        Self { name, lines: lines.collect() }
    }

    #[track_caller]
    pub fn get(&self, key: &str) -> &[f64] {
        self.lines.get(key).unwrap_or_else(|| panic!("{}: no {key}", self.name))
    }
}
