//! Which digit a net takes for which: the confusion matrix (混同行列, 混淆矩阵, 혼동 행렬).

use crate::ch04::s2_4_targets::Labels;
use crate::formats::mnist::CLASSES;

/// How many images of each digit were classified as each digit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfusionMatrix {
    /// `counts[label][answer]`: how many images of `label` were classified as `answer`
    pub counts: [[usize; CLASSES]; CLASSES],
}

impl ConfusionMatrix {
    /// Counts the answers to images with these labels. Panics if one of them is no digit.
    pub fn new(labels: &Labels, answers: &[usize]) -> Self {
        let count = (labels.len(), answers.len());
        assert!(count.0 == count.1, "ConfusionMatrix: {} labels and {} answers", count.0, count.1);
        let mut counts = [[0; CLASSES]; CLASSES];
        for (&label, &answer) in labels.as_slice().iter().zip(answers) {
            counts[label][answer] += 1;
        }
        Self { counts }
    }

    /// How many images show this digit.
    pub fn images(&self, digit: usize) -> usize {
        self.counts[digit].iter().sum()
    }

    /// How many answers are right: the sum of the diagonal.
    pub fn correct(&self) -> usize {
        (0..CLASSES).map(|digit| self.counts[digit][digit]).sum()
    }
}
