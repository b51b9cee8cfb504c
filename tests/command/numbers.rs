//! The numbers that the command shows, computed a second way: with the plain functions of the
//! chapters, or counted by hand.

use std::f64::consts::LN_10;
use std::fs;
use std::path::Path;

use from_zero::book::{Context, Line, SECTIONS};
use from_zero::ch03::activation::Activation;
use from_zero::ch03::functions::step_function;
use from_zero::ch04::s2_3_mini_batch::Dataset;
use from_zero::ch04::s2_4_targets::Labels;
use from_zero::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use from_zero::ch04::s5_2_training::{History, Hyperparameters, train};
use from_zero::formats::npz::Npz;
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::random::Xorshift64Star;
use from_zero::trained::saving::load_parameters;

use crate::common::*;

/// The run of the chapters' own code with some iterations.
fn plain_run(
    hidden: usize, hyperparameters: Hyperparameters, seed: u64, activation: Activation,
) -> (TwoLayerNet, History) {
    let mut rng = Xorshift64Star::new(seed);
    let net = TwoLayerNet::new(784, hidden, 10, 0.01, &mut rng);
    let mut net = net.with_activation(activation);
    let history = train(&mut net, data(), &hyperparameters, &mut rng, |_, _| ());
    (net, history)
}

/// The run of `RUN`.
fn the_run() -> (TwoLayerNet, History) {
    let hyperparameters =
        Hyperparameters { iterations: 700, batch_size: 4, learning_rate: 0.42, numerical: false };
    plain_run(12, hyperparameters, 0, Activation::Sigmoid)
}

fn saved(name: &str, activation: Activation) -> TwoLayerNet {
    let params = load_parameters(&trained().join(name), 784, 10).expect("a net").params;
    TwoLayerNet { params, activation }
}

/// The digit to which the net gives the largest probability, for each image.
fn answers(net: &TwoLayerNet, part: &Dataset) -> Vec<usize> {
    let y = net.predict(&part.images);
    let largest = |row: &[f64]| (0..10).max_by(|&a, &b| row[a].total_cmp(&row[b])).expect("ten");
    y.iter_rows().map(largest).collect()
}

fn share(n: usize, of: usize) -> f64 {
    n as f64 / of as f64
}

/// W1, b1, W2 and b2, to be changed.
fn parts_mut(net: &mut TwoLayerNet) -> [&mut [f64]; 4] {
    let Parameters { w1, b1, w2, b2 } = &mut net.params;
    [w1.as_mut_slice(), b1, w2.as_mut_slice(), b2]
}

/// The central differences of f by each parameter.
fn differences(net: &TwoLayerNet, h: f64, f: impl Fn(&TwoLayerNet) -> f64) -> [Vec<f64>; 4] {
    let mut net = net.clone();
    [0, 1, 2, 3].map(|part| {
        (0..net.params.parts()[part].1.len())
            .map(|index| {
                let original = parts_mut(&mut net)[part][index];
                let mut at = |moved: f64| {
                    parts_mut(&mut net)[part][index] = moved;
                    f(&net)
                };
                let (above, below) = (at(original + h), at(original - h));
                at(original);
                (above - below) / (2.0 * h)
            })
            .collect()
    })
}

#[test]
fn the_small_data_tell_each_number_from_the_others() {
    let (net, history) = the_run();
    let (train, test) = (&data().train, &data().test);
    let mut accuracies: Vec<f64> =
        history.accuracies.iter().flat_map(|(_, a)| [a.train, a.test]).collect();
    accuracies.extend([train, test].map(|part| net.accuracy(&part.images, &part.labels)));
    for pair in accuracies.chunks(2) {
        assert!((pair[0] - pair[1]).abs() > 1e-3, "training and test have the accuracies {pair:?}");
    }
    let [end, epoch] = [1, 2].map(|k| &accuracies[accuracies.len() - 2 * k..][..2]);
    assert!(
        end[0] != epoch[0] && end[1] != epoch[1],
        "at the end {end:?}, at the last epoch {epoch:?}"
    );
    let losses = history.losses;
    assert!(losses[0] - losses[losses.len() - 1] > 1.0, "the net does not learn");
    // The net makes mistakes, more of them one way than the other.
    let mut counts = [[0; 10]; 10];
    for (&label, answer) in test.labels.as_slice().iter().zip(answers(&net, test)) {
        counts[label][answer] += 1;
    }
    let transposed = std::array::from_fn(|i| std::array::from_fn(|j| counts[j][i]));
    assert!(counts != transposed, "the confusion matrix is symmetric");
    let [of_train, of_test] = [train, test]
        .map(|part| (0..10).map(|d| part.labels.as_slice().iter().filter(|&&l| l == d).count()));
    assert!(of_train.ne(of_test), "the digits are as frequent in training as in the test");
}

#[test]
fn the_table_and_the_summary_of_train_have_the_numbers_of_the_chapters_loop() {
    let output = in_folder(trained(), RUN);
    let (net, history) = the_run();
    let rows = epochs(&output);
    assert_eq!(rows.len(), history.accuracies.len(), "train: the number of epochs");
    for (row, (iteration, accuracy)) in rows.iter().zip(&history.accuracies) {
        let expected =
            [*iteration as f64, history.losses[*iteration], accuracy.train, accuracy.test];
        let off = row.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(off <= 0.000051, "train: expected the row {expected:?}, found {row:?}");
    }
    let last = history.losses.last().expect("losses");
    assert!(
        output.contains(&format!(", last loss {last:.4}\n")),
        "expected the last loss {last:.4}"
    );
    let test = &data().test;
    let answers = answers(&net, test);
    let labels = test.labels.as_slice();
    let right = (0..TEST).filter(|&n| labels[n] == answers[n]).count();
    let sentence = numbers(line_with(&output, "The net reads "));
    let train = net.accuracy(&data().train.images, &data().train.labels);
    let expected = [right as f64, TEST as f64, share(right, TEST), train];
    for (found, expected) in sentence.iter().zip(expected) {
        assert!(
            (found - expected).abs() < 0.000051,
            "expected {expected}, found {found} in the sentence"
        );
    }
    assert_eq!(sentence.len(), 4, "the numbers of the sentence 'The net reads …'");

    // The curve: fifty means of the losses, each as high as its share of the largest one.
    let means: Vec<f64> =
        (0..50).map(|k| history.losses[14 * k..14 * (k + 1)].iter().sum::<f64>() / 14.0).collect();
    let most = means.iter().copied().fold(0.0, f64::max);
    let block =
        |mean: &f64| char::from_u32(0x2580 + ((8.0 * mean / most).round() as u32).clamp(1, 8));
    let blocks: String = means.iter().filter_map(block).collect();
    assert_eq!(
        line_with(&output, "loss  "),
        format!("loss  {:.2} {blocks} {:.2}", means[0], means[49])
    );

    // The first two test images, and the first mistake after them.
    let third = (2..TEST).find(|&n| labels[n] != answers[n]).expect("the net makes mistakes");
    let captions = [0, 1, third].map(|n| format!("{}, read as {}", a(labels[n]), a(answers[n])));
    let line = output.lines().find(|line| line.contains(", read as ")).unwrap_or_default();
    let found: Vec<&str> =
        line.split("   ").map(str::trim).filter(|text| !text.is_empty()).collect();
    assert_eq!(found, captions, "the captions of the three images");
}

/// `an 8` or `a 3`.
fn a(digit: usize) -> String {
    format!("{} {digit}", if digit == 8 { "an" } else { "a" })
}

#[test]
fn each_gradient_and_the_plain_loop_show_the_same_run() {
    let words = "--iterations 25 --batch-size 6 --hidden 1 --weight-init-std 1";
    let backprop = in_folder(trained(), words);
    for gradient in ["numerical", "naive"] {
        let found = in_folder(trained(), &format!("{words} --gradient {gradient}"));
        assert_eq!(
            epochs(&found),
            epochs(&backprop),
            "--gradient {gradient} and backprop: the table"
        );
    }
    let plain = in_folder(trained(), &format!("{words} --plain"));
    let plain: Vec<f64> = plain.lines().flat_map(numbers).collect();
    let table: Vec<f64> = epochs(&backprop).iter().flat_map(|row| [row[2], row[3]]).collect();
    let off = plain.iter().zip(&table).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(
        plain.len() == table.len() && off < 0.000051,
        "--plain prints {plain:?}, the table {table:?}"
    );
}

#[test]
fn a_large_h_changes_what_is_learned() {
    // With h = 2 the difference is far from the derivative, and both differences agree.
    let words = "--iterations 20 --batch-size 6 --hidden 1 --weight-init-std 1 --h";
    let [small, large] = ["1e-4", "2"].map(|h| {
        let [naive, numerical] = ["naive", "numerical"].map(|gradient| {
            epochs(&in_folder(trained(), &format!("{words} {h} --gradient {gradient}")))
        });
        assert_eq!(naive, numerical, "--h {h}: the tables of the naive and the numerical gradient");
        naive
    });
    assert_ne!(small, large, "--h 2 trains as --h 1e-4 does");
}

#[test]
fn what_is_recorded_is_what_is_shown() {
    let data = small_data("recorded");
    let output = in_folder(&data, &format!("{RUN} --record run.npz"));
    let bytes = fs::read(data.join("run.npz")).expect("written");
    let npz = Npz::parse(&bytes).expect("ours");
    let names: Vec<String> = npz.names().collect();
    let array = |part: &str| {
        let name = names
            .iter()
            .find(|name| name.contains(part))
            .unwrap_or_else(|| panic!("no {part} in {names:?}"));
        npz.array(name, 10_000).expect("ours").expect("there").data
    };
    let rows = epochs(&output);
    for (part, column) in [("train_acc", 2), ("test_acc", 3)] {
        let recorded = array(part);
        let shown: Vec<f64> = rows.iter().map(|row| row[column]).collect();
        let off = recorded.iter().zip(&shown).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(
            recorded.len() == shown.len() && off < 0.000051,
            "{part}: recorded {recorded:?}, shown {shown:?}"
        );
    }
    let losses = array("loss");
    let (_, history) = the_run();
    assert!(
        losses == history.losses,
        "the recorded losses differ from those of the chapters' loop"
    );
}

#[test]
fn evaluate_counts_what_the_chapters_net_answers() {
    for (file, activation) in [("net.npz", Activation::Sigmoid), ("relu.npz", Activation::Relu)] {
        let words = format!("evaluate --params {file} --activation {activation}");
        let output = in_folder(trained(), &words);
        let net = saved(file, activation);
        let (train, test) = (&data().train, &data().test);
        let right = test.labels.count_equal(&answers(&net, test));
        let expected = [
            net.accuracy(&train.images, &train.labels),
            share(right, TEST),
            right as f64,
            TEST as f64,
        ];
        let found = numbers(line_with(&output, "accuracy"));
        let off = found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(
            found.len() == 4 && off < 0.000051,
            "{words}: expected {expected:?}, found {found:?}"
        );

        let mut counts = [[0; 10]; 10];
        for (&label, answer) in test.labels.as_slice().iter().zip(answers(&net, test)) {
            counts[label][answer] += 1;
        }
        let rows = output.lines().skip_while(|line| !line.starts_with("digit")).skip(1).take(10);
        for (digit, row) in rows.enumerate() {
            let cells: Vec<&str> = row.split_whitespace().collect();
            let images: usize = counts[digit].iter().sum();
            let cell = |count: usize| if count == 0 { "·".to_string() } else { count.to_string() };
            let accuracy = format!("{:.4}", share(counts[digit][digit], images));
            let mut expected = vec![digit.to_string(), images.to_string(), accuracy];
            expected.extend(counts[digit].map(cell));
            assert_eq!(cells, expected, "{words}: the row of the digit {digit}");
        }
    }
}

#[test]
fn predict_shows_the_image_that_it_names_and_what_the_net_answers() {
    let net = saved("net.npz", Activation::Sigmoid);
    for (split, part) in [("train", &data().train), ("test", &data().test)] {
        for index in [0, 2, 12, 22, 40] {
            let words = format!("predict --params net.npz --split {split} --index {index}");
            let output = in_folder(trained(), &words);
            let right = part.labels.as_slice()[index];
            let (x, _) = part.select(&[index]);
            let y = net.predict(&x).into_vec();
            let heading = line_with(&output, "data");
            assert!(
                heading.ends_with(&format!("image {index} of .: a {right}")),
                "{words}: {heading}"
            );
            let lines: Vec<&str> = output
                .lines()
                .skip_while(|line| !line.starts_with("data"))
                .skip(2)
                .take(14)
                .collect();
            for (line, text) in lines.iter().enumerate() {
                let cells: Vec<char> =
                    text.chars().chain(" ".repeat(28).chars()).take(28).collect();
                for (column, cell) in cells.into_iter().enumerate() {
                    let ink = |row: usize| x[(0, 28 * row + column)] >= 0.3;
                    let expected = match (ink(2 * line), ink(2 * line + 1)) {
                        (true, true) => '█',
                        (true, false) => '▀',
                        (false, true) => '▄',
                        (false, false) => ' ',
                    };
                    assert_eq!(
                        cell, expected,
                        "{words}: the picture, line {line}, column {column}"
                    );
                }
            }
            for digit in 0..10 {
                let row: String = lines[digit + 2].chars().skip(32).collect();
                let words_of_row: Vec<&str> = row.split_whitespace().collect();
                assert_eq!(
                    words_of_row[0],
                    digit.to_string(),
                    "{words}: the digit of a row: {row}"
                );
                assert_eq!(
                    words_of_row[1],
                    format!("{:.4}", y[digit]),
                    "{words}: a probability: {row}"
                );
                // A full block is a 24th.
                let full = row.chars().filter(|&c| c == '█').count();
                let whole = ((192.0 * y[digit]).round() / 8.0).floor() as usize;
                assert_eq!(full, whole, "{words}: the blocks of the bar: {row}");
                assert_eq!(row.ends_with("right"), digit == right, "{words}: the mark: {row}");
            }
            let mut order: Vec<usize> = (0..10).collect();
            order.sort_by(|&a, &b| y[b].total_cmp(&y[a]));
            let answer = output.lines().last().unwrap_or_default();
            let shown: Vec<f64> = numbers(answer);
            let is_sure = y[order[0]] >= 0.7;
            assert_eq!(
                !answer.contains("not sure"),
                is_sure,
                "{words}: {answer} for {:?}",
                y[order[0]]
            );
            let mut expected = vec![order[0] as f64, 100.0 * y[order[0]]];
            if !is_sure {
                expected.extend([order[1] as f64, 100.0 * y[order[1]]]);
            }
            if !is_sure || order[0] != right {
                expected.push(right as f64);
            }
            let off = shown.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(
                shown.len() == expected.len() && off < 0.051,
                "{words}: expected the numbers {expected:?} in: {answer}"
            );
            assert_eq!(
                answer.contains("which is right"),
                is_sure && order[0] == right,
                "{words}: {answer}"
            );
        }
    }
}

/// The net of `check --hidden 4` and the first images.
fn checked_net(images: usize, iterations: usize, seed: u64) -> (TwoLayerNet, Matrix, Labels) {
    let hyperparameters = Hyperparameters { iterations, ..Hyperparameters::default() };
    let (net, _) = plain_run(4, hyperparameters, seed, Activation::Sigmoid);
    let (x, t) = data().train.select(&(0..images).collect::<Vec<_>>());
    (net, x, t)
}

#[test]
fn check_shows_the_differences_between_the_two_gradients() {
    for (options, images, iterations, seed, h) in [
        ("", 3, 0, 0, 1e-4),
        (" --images 7 --iterations 40 --seed 8 --h 0.01", 7, 40, 8, 0.01),
        (" --images 2 --h 1", 2, 0, 0, 1.0),
    ] {
        let words = format!("check --hidden 4 --data .{options}");
        let output = run_in(trained(), &words).stdout;
        let (net, x, t) = checked_net(images, iterations, seed);
        let naive = differences(&net, h, |net| net.exact_loss(&x, &t));
        let analytic = net.gradient(&x, &t);
        for (part, (name, analytic)) in analytic.parts().into_iter().enumerate() {
            let off: Vec<f64> =
                naive[part].iter().zip(analytic).map(|(a, b)| (a - b).abs()).collect();
            let mean = off.iter().sum::<f64>() / off.len() as f64;
            let index = (0..off.len()).max_by(|&i, &j| off[i].total_cmp(&off[j])).expect("some");
            let largest_derivative = analytic.iter().fold(0.0, |most: f64, d| most.max(d.abs()));
            let place = match name {
                "W1" => {
                    format!("pixel ({},{}), unit {}", index / 4 / 28, index / 4 % 28, index % 4)
                }
                "W2" => format!("unit {}, digit {}", index / 10, index % 10),
                "b1" => format!("unit {index}"),
                _ => format!("digit {index}"),
            };
            let row = line_with(&output, &format!("  {name}"));
            let cells: Vec<&str> = row.split_whitespace().collect();
            assert_eq!(
                cells[1].replace(',', ""),
                off.len().to_string(),
                "{words}: compared in {row}"
            );
            // The two ways round differently where the difference itself is rounding.
            let is_close = |cell: &str, value: f64| {
                let shown: f64 = cell.parse().expect("a number");
                (shown / value - 1.0).abs() < if h == 1e-4 { 0.5 } else { 0.06 }
            };
            assert!(is_close(cells[2], mean), "{words}: expected the mean {mean:e} in: {row}");
            assert!(
                is_close(cells[3], off[index]),
                "{words}: expected the largest {:e} in: {row}",
                off[index]
            );
            let first = line_with(&output, &format!("{name} "));
            assert_eq!(
                first.split_whitespace().nth(1),
                Some(cells[2]),
                "{words}: the mean twice: {first}"
            );
            if h != 1e-4 {
                assert!(row.contains(&place), "{words}: expected {place} in: {row}");
                let relative = cells[cells.len() - 2];
                let expected = off[index] / largest_derivative;
                assert!(
                    is_close(relative, expected),
                    "{words}: expected the relative {expected:e} in: {row}"
                );
                let verdict = if expected <= 1e-7 {
                    "good"
                } else if expected <= 1e-4 {
                    "fair"
                } else {
                    "wrong"
                };
                assert_eq!(cells.last(), Some(&verdict), "{words}: the verdict in: {row}");
            }
        }
    }
}

#[test]
fn check_compares_all_pairs_of_gradients_as_its_titles_say() {
    let words = "check --all --hidden 4 --images 5 --iterations 30 --h 0.1 --data .";
    let output = run_in(trained(), words).stdout;
    let (net, x, t) = checked_net(5, 30, 0);
    let exact = differences(&net, 0.1, |net| net.exact_loss(&x, &t));
    let book = differences(&net, 0.1, |net| net.loss(&x, &t));
    let analytic = net.gradient(&x, &t);
    let analytic = analytic.parts().map(|(_, part)| part.to_vec());
    let mean = |a: &[Vec<f64>; 4], b: &[Vec<f64>; 4]| {
        let off = a[2].iter().zip(&b[2]).map(|(a, b)| (a - b).abs());
        off.sum::<f64>() / a[2].len() as f64
    };
    let row = |title: &str| {
        let (_, rest) =
            output.split_once(title).unwrap_or_else(|| panic!("{words}: no title '{title}'"));
        numbers(line_with(rest, "  W2"))[1]
    };
    for (title, a, b) in [
        ("naive and backpropagation, the exact loss", &exact, &analytic),
        ("incremental and backpropagation, the exact loss", &exact, &analytic),
        ("naive (the book's loss) and backpropagation", &book, &analytic),
    ] {
        let (found, expected) = (row(title), mean(a, b));
        assert!(
            (found / expected - 1.0).abs() < 0.06,
            "{words}: W2 of '{title}': expected {expected:e}, found {found:e}"
        );
    }
    for title in ["naive and incremental, the exact loss", "naive and incremental, the book's loss"]
    {
        assert!(
            row(title) < 1e-12,
            "{words}: W2 of '{title}': the two differences agree, found {:e}",
            row(title)
        );
    }
    // The smallest probability of a right answer.
    let y = net.predict(&x);
    let smallest = (0..5).map(|n| y[(n, t.as_slice()[n])]).fold(f64::INFINITY, f64::min);
    let expected = format!("The smallest yₜ here is {smallest:.2e};");
    assert!(output.replace('\n', " ").contains(&expected), "{words}: expected '{expected}'");
}

#[test]
fn the_sweep_marks_the_smallest_error_of_each_column() {
    let words = "check --sweep-h --hidden 4 --images 3 --iterations 200 --seed 1 --data .";
    let output = run_in(trained(), words).output();
    let rows: Vec<Vec<f64>> = output
        .lines()
        .filter(|line| line.contains("e-") || line.contains("1e0"))
        .filter(|line| line.trim_start().starts_with(['1', '3']))
        .map(numbers)
        .collect();
    assert_eq!(rows.len(), 25, "{words}: the number of rows");
    let lines: Vec<&str> = output.lines().filter(|line| line.contains(" *")).collect();
    let (net, x, t) = {
        let hyperparameters = Hyperparameters { iterations: 200, ..Hyperparameters::default() };
        let (net, _) = plain_run(4, hyperparameters, 1, Activation::Sigmoid);
        let (x, t) = data().train.select(&[0, 1, 2]);
        (net, x, t)
    };
    // The median of the relative errors of all derivatives that are not 0, for two large h. The
    // command takes 500 of them.
    let analytic = net.gradient(&x, &t);
    for (h, row) in [(1.0, 0), (0.1, 2)] {
        assert_eq!(rows[row][0], h, "{words}: the h of row {row}");
        for (column, difference) in [(1, "forward"), (2, "central")] {
            let f0 = net.exact_loss(&x, &t);
            let mut errors = Vec::new();
            let mut moved = net.clone();
            for (part, (_, derivatives)) in analytic.parts().into_iter().enumerate() {
                for (index, &d) in derivatives.iter().enumerate().filter(|(_, d)| **d != 0.0) {
                    let original = parts_mut(&mut moved)[part][index];
                    let mut f = |by: f64| {
                        parts_mut(&mut moved)[part][index] = original + by;
                        moved.exact_loss(&x, &t)
                    };
                    let quotient = match difference {
                        "forward" => (f(h) - f0) / h,
                        _ => (f(h) - f(-h)) / (2.0 * h),
                    };
                    f(0.0);
                    errors.push(((quotient - d) / d).abs());
                }
            }
            errors.sort_by(f64::total_cmp);
            let median = errors[errors.len() / 2];
            let found = rows[row][column];
            assert!(
                (0.5..2.0).contains(&(found / median)),
                "{words}: the {difference} error at h = {h}: expected about {median:e}, found {found:e}"
            );
        }
    }
    let best = |column: usize| rows.iter().map(|row| row[column]).fold(f64::INFINITY, f64::min);
    assert!(best(1) < 1e-6 && best(2) < 1e-8, "{words}: the best errors are small");
    assert!(best(2) < best(1), "{words}: forward and central");
    let stars: usize = lines.iter().map(|line| line.matches(" *").count()).sum();
    assert_eq!(stars, 2, "{words}: the number of stars");
    let best_h: Vec<f64> = numbers(line_with(&output, "best h here"));
    for column in 1..3 {
        let starred = output.lines().filter(|line| line.contains(" *")).find(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let mut columns = 0;
            words.windows(2).any(|pair| {
                columns += usize::from(pair[0] != "*");
                pair[1] == "*" && columns == column + 1
            })
        });
        let starred =
            numbers(starred.unwrap_or_else(|| panic!("{words}: no star in column {column}")));
        assert_eq!(starred[column], best(column), "{words}: the star of column {column}");
        assert_eq!(starred[0], best_h[column - 1], "{words}: the best h of column {column}");
    }
    let theory = numbers(line_with(&output, "√ε, ∛ε in theory"));
    assert_eq!(theory.len(), 2, "{words}: √ε and ∛ε");
    for (found, root) in theory.iter().zip([2, 3]) {
        // Printed with one digit.
        let back = found.powi(root) / f64::EPSILON;
        assert!((0.2..5.0).contains(&back), "{words}: √ε, ∛ε: found {theory:?}");
    }
    let at_books_h = rows.iter().find(|row| row[0] == 1e-4).expect("h = 1e-4");
    let sentence = output.replace('\n', " ");
    let expected = format!("at least {:.1e}.", at_books_h[2]);
    assert!(sentence.contains(&expected), "{words}: expected '{expected}' at the end");
}

#[test]
fn why_counts_the_derivatives_that_are_not_0() {
    let words = "check --why --hidden 4 --images 20 --iterations 300 --seed 2 --data .";
    let output = run_in(trained(), words).output();
    let hyperparameters = Hyperparameters { iterations: 300, ..Hyperparameters::default() };
    let (net, _) = plain_run(4, hyperparameters, 2, Activation::Sigmoid);
    let (x, t) = data().train.select(&(0..20).collect::<Vec<_>>());
    let with_step = |net: &TwoLayerNet| {
        let z1 = x.dot(&net.params.w1).add_row(&net.params.b1).map(step_function);
        let y = from_zero::ch03::functions::softmax_rows(
            &z1.dot(&net.params.w2).add_row(&net.params.b2),
        );
        from_zero::ch04::s2_4_batch_cross_entropy::cross_entropy_labels(&y, &t)
    };
    let gradients = [
        ("of the loss  ", differences(&net, 1e-4, |net| net.loss(&x, &t))),
        ("of the accuracy", differences(&net, 1e-4, |net| net.accuracy(&x, &t))),
        ("of the loss, with", differences(&net, 1e-4, with_step)),
    ];
    for (start, gradient) in gradients {
        let found = numbers(line_with(&output, start));
        let expected = gradient.iter().flat_map(|part| {
            [part.iter().filter(|&&d| d != 0.0).count() as f64, part.len() as f64]
        });
        // A difference that is only rounding may be 0 in one way and not in the other.
        let off =
            found.iter().zip(expected.clone()).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(
            found.len() == 8 && off <= 30.0,
            "{words}: expected {:?}, found {found:?}",
            expected.collect::<Vec<_>>()
        );
    }
    let label = t.as_slice()[0];
    let heading = format!("A number is added to the bias of digit {label}:");
    assert!(output.contains(&heading), "{words}: expected '{heading}'");
    let rows = output.lines().skip_while(|line| !line.contains("added    accuracy")).skip(1);
    let rows: Vec<Vec<f64>> = rows.take(6).map(numbers).collect();
    for (row, added) in rows.iter().zip([0.0, 1e-4, 1e-3, 1e-2, 0.1, 1.0]) {
        let mut net = net.clone();
        net.params.b2[label] += added;
        let expected = [added, net.accuracy(&x, &t), net.loss(&x, &t)];
        let off = row.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(off < 0.000051, "{words}: expected {expected:?}, found {row:?}");
    }
    assert!(
        rows[5][1] != rows[0][1],
        "{words}: the accuracy never changes, so the columns are not told apart"
    );
}

#[test]
fn chapter_shows_the_computed_and_the_expected_numbers_in_their_columns() {
    let context = Context::new(None, 2);
    for section in SECTIONS.iter().filter(|section| !section.with_images) {
        let words = format!("chapter {}", section.number);
        let output = run(wide().args(words.split(' '))).output();
        let (_, output) =
            output.split_once(section.title).unwrap_or_else(|| panic!("{words}: no title"));
        let mut shown = output.lines().filter(|line| line.contains('✓') || line.contains('✗'));
        for line in (section.lines)(&context).into_iter().flatten() {
            let row =
                shown.next().unwrap_or_else(|| panic!("{words}: no row for {}", line.expected));
            let Line { expected, computed, .. } = &line;
            let cells: Vec<&str> =
                row.split('✓').next().unwrap_or_default().split_whitespace().collect();
            let (here, book) = (cells[cells.len() - 1], cells[cells.len() - 2]);
            assert_eq!(book, *expected, "{words}: the expected number in: {row}");
            let here: f64 = here.parse().unwrap_or_else(|_| panic!("{words}: no number in: {row}"));
            assert_eq!(here, *computed, "{words}: the computed number in: {row}");
        }
    }
}

#[test]
fn the_numbers_of_the_book_are_computed_and_not_written_down() {
    // An expected number is text. If the same digits were also a number in the code, it could be
    // shown as the computed one.
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/book.rs");
    let source = fs::read_to_string(source).expect("src/book.rs");
    let code: String = source.split('"').step_by(2).collect::<Vec<_>>().join("\"\"");
    let texts = source.split('"').skip(1).step_by(2).flat_map(str::split_whitespace);
    let long = texts.filter(|text| text.parse::<f64>().is_ok() && text.len() >= 8);
    let mut count = 0;
    for expected in long {
        count += 1;
        assert!(
            !code.contains(expected.trim_start_matches('-')),
            "src/book.rs has {expected} as a number, not only as text"
        );
    }
    assert!(count > 50, "expected more than 50 long numbers in src/book.rs, found {count}");
}

#[test]
fn the_loss_of_a_guess_in_the_advice_is_ln_10() {
    let output = in_folder(trained(), "--iterations 5 --batch-size 50 --hidden 2");
    let (_, history) = plain_run(
        2,
        Hyperparameters { iterations: 5, batch_size: 50, ..Hyperparameters::default() },
        0,
        Activation::Sigmoid,
    );
    let mean = history.losses.iter().sum::<f64>() / 5.0;
    let expected = format!("its loss is {mean:.2}, and a guess has ln 10 = {LN_10:.2}.");
    assert!(output.contains(&expected), "expected '{expected}' in\n{output}");
}

#[test]
fn advice_is_given_if_the_net_is_hardly_better_than_a_guess() {
    let test = &data().test;
    let count =
        |digit: usize| test.labels.as_slice().iter().filter(|&&label| label == digit).count();
    let most = share((0..10).map(count).max().expect("ten digits"), TEST);
    let mut given = [0, 0];
    for iterations in [5, 150, 200, 261, 297, 500, 700] {
        let words = RUN.replace("700", &iterations.to_string());
        let output = in_folder(trained(), &words);
        let hyperparameters =
            Hyperparameters { iterations, batch_size: 4, learning_rate: 0.42, numerical: false };
        let (net, history) = plain_run(12, hyperparameters, 0, Activation::Sigmoid);
        let accuracy = net.accuracy(&test.images, &test.labels);
        let end = &history.losses[iterations.saturating_sub(100)..];
        let loss = end.iter().sum::<f64>() / end.len() as f64;
        let expected = accuracy <= most + 0.1 || loss >= 0.95 * LN_10;
        assert_eq!(
            output.contains("learned almost nothing"),
            expected,
            "{words}: advice, with the accuracy {accuracy:.4}, of the most frequent digit {most:.4}, and \
             the loss {loss:.2}"
        );
        // Both conditions alone decide at least once.
        given[0] += usize::from(accuracy > most && accuracy <= most + 0.1 && loss < 0.95 * LN_10);
        given[1] += usize::from(!expected);
    }
    assert!(given[0] > 0 && given[1] > 0, "the data do not tell: {given:?}");
}

#[test]
fn a_run_that_diverges_names_the_iteration_of_its_first_infinite_loss() {
    let hyperparameters = Hyperparameters {
        iterations: 50,
        batch_size: 100,
        learning_rate: 1.7e308,
        numerical: false,
    };
    let (_, history) = plain_run(50, hyperparameters, 0, Activation::Sigmoid);
    let first = history.losses.iter().position(|loss| !loss.is_finite()).expect("it diverges");
    let words = "--iterations 2 --batch-size 100 --hidden 50 --learning-rate 1.7e308";
    let ended = run(wide().args(words.split(' ')).arg("--data=.").current_dir(trained()));
    let expected = format!(" at iteration {first} with a learning rate of 1.7e308");
    let said = &ended.stderr;
    assert!(said.contains(&expected), "from-zero {words}: expected '{expected}' in '{said}'");
}
