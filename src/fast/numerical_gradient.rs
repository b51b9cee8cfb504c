//! The fast twin of [`TwoLayerNet::numerical_gradient`]: the same losses on several threads.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::compressed::CompressedRows;
use super::methods::Differences;
use super::team::{Team, even_range};
use super::two_layer_net::{loss, parts_mut};
use crate::ch04::s2_4_targets::Labels;
use crate::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};

/// The central differences for x: (N, inputs), t: (N). The team is told how many losses are done.
pub fn naive_gradient(
    differences: Differences, net: &TwoLayerNet, (x, t): (&CompressedRows, &Labels),
    team: &mut Team,
) -> Parameters {
    shared_gradient_of(|net| loss(net, x, t, differences.loss), net, differences.h, team)
}

/// The gradient of any function of the net: the twin of [`TwoLayerNet::numerical_gradient_of`]. The
/// threads share the parameters. The team is told how many evaluations are done.
pub fn shared_gradient_of(
    f: impl Fn(&TwoLayerNet) -> f64 + Sync, net: &TwoLayerNet, h: f64, team: &mut Team,
) -> Parameters {
    let threads = team.threads.max(1);
    let total = 2 * net.params.count();
    let done = AtomicUsize::new(0);
    // Thread k takes its share of W1, of b1, of W2 and of b2.
    let results = team.share_work(threads, |k, report| {
        let mut net = net.clone();
        let mut counted_f = |net: &TwoLayerNet| {
            let value = f(net);
            report(1 + done.fetch_add(1, Relaxed), total);
            value
        };
        [0, 1, 2, 3].map(|part| {
            let indices = even_range(parts_mut(&mut net)[part].len(), k, threads);
            partial_derivatives(&mut counted_f, &mut net, part, indices, h)
        })
    });

    let mut gradient = net.clone(); // for its shapes
    for (k, part) in parts_mut(&mut gradient).into_iter().enumerate() {
        let derivatives = results.iter().flat_map(|result| &result[k]);
        part.iter_mut().zip(derivatives).for_each(|(d, derivative)| *d = *derivative);
    }
    gradient.params
}

/// Some of the partial derivatives with respect to W1, b1, W2 or b2, which are the parts 0 to 3.
pub fn partial_derivatives(
    mut f: impl FnMut(&TwoLayerNet) -> f64, net: &mut TwoLayerNet, part: usize,
    indices: impl Iterator<Item = usize>, h: f64,
) -> Vec<f64> {
    let mut gradient = Vec::new();
    for i in indices {
        let original = parts_mut(net)[part][i];
        let [f_plus, f_minus] = [original + h, original - h].map(|moved| {
            parts_mut(net)[part][i] = moved;
            f(net)
        });
        parts_mut(net)[part][i] = original;
        gradient.push((f_plus - f_minus) / (2.0 * h));
    }
    gradient
}
