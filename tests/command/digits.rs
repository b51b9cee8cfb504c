//! Pictures of digits of one's own.

use std::fs;

use from_zero::ch04::s5_1_two_layer_net::Parameters;
use from_zero::numeric::matrix::Matrix;
use from_zero::trained::saving::save_parameters;

use crate::common::*;

/// The folder of the pictures of digits.
fn digits() -> String {
    fixtures("images/digits").display().to_string()
}

#[test]
fn ones_own_digit_is_shown_with_the_answer_and_no_data_are_loaded() {
    let data = small_data("image");
    in_folder(&data, "--iterations 1 --save unsure.npz");
    // A net that always answers 3, with a probability that the biases alone give.
    let params = Parameters {
        w1: Matrix::zeros(784, 1),
        b1: vec![0.0],
        w2: Matrix::zeros(1, 10),
        b2: (0..10).map(|digit| if digit == 3 { 5.0 } else { 0.0 }).collect(),
    };
    save_parameters(&data.join("three.npz"), &params).expect("saved");
    fs::copy(fixtures("images/digits/thick.png"), data.join("four.png")).expect("copied");
    for part in ["train", "t10k"] {
        for file in ["images-idx3-ubyte", "labels-idx1-ubyte"] {
            fs::remove_file(data.join(format!("{part}-{file}"))).expect("removed");
        }
    }
    let shown = |net: &str| {
        let command = format!("predict --image four.png --params {net}.npz");
        let ended = run(wide().args(command.split(' ')).current_dir(&data));
        ended.expect_success();
        ended.stdout
    };
    let three = shown("three");
    let lines: Vec<&str> = three.lines().collect();
    assert_eq!(
        lines[..3],
        [
            "net       784 inputs, 1 hidden unit (sigmoid), 10 classes (softmax): 805 parameters",
            "picture   90 × 90 pixels, prepared as 28 × 28",
            ""
        ]
    );
    // The ink begins in row 5 of 28. The bar of 3 is the longest.
    assert_eq!(lines[5], "             ▄███               0  0.0064 ▏");
    assert!(lines[8].ends_with("3  0.9428 ██████████████████████▋"), "{three}");
    let answer = lines[18..].concat();
    assert!(answer.contains("a 3, with 94.3 %"), "expected a 3 with 94.3 %, found: {answer}");
    let unsure = shown("unsure");
    let answer = unsure.lines().last().expect("a line");
    assert!(answer.starts_with("The net is not sure: "), "expected no sure answer: {answer}");
    let shares: Vec<f64> =
        answer.split(['(', '%']).filter_map(|text| text.trim().parse().ok()).collect();
    let in_order = shares.len() == 2 && 70.0 > shares[0] && shares[0] >= shares[1];
    assert!(in_order, "expected two shares below 70 %, the larger one first: {answer}");
}

#[test]
fn a_trained_net_reads_digits_that_were_not_drawn_for_mnist() {
    let folder = small_data("own-digits");
    let saved = folder.join("net.npz").display().to_string();
    let trained = run(wide().args(["--iterations", "3000", "--save", &saved]));
    assert_eq!((trained.status, trained.stderr.as_str()), (0, ""));
    for (name, digit) in [
        ("thick", 4),
        ("thin", 4),
        ("one", 1),
        ("tiny", 2),
        ("light", 7),
        ("white-ink", 7),
        ("photo", 2),
        ("scan", 2),
    ] {
        let picture = format!("{}/{name}.png", digits());
        let ended = run(wide().args(["predict", "--params", &saved, "--image", &picture]));
        let says = ended.stdout.lines().last().unwrap_or_default().to_string();
        let words: Vec<&str> = says.split([' ', ',', '.']).collect();
        let first =
            words.windows(2).find(|pair| ["a", "an"].contains(&pair[0]) && pair[1].len() == 1);
        let first = first.map(|pair| pair[1].to_string());
        assert_eq!(first, Some(digit.to_string()), "{name}.png shows a {digit}: {says}");
    }
}

#[test]
fn a_picture_needs_more_certainty_than_an_image_of_mnist() {
    let data = small_data("three-quarters");
    // Every answer is a 3 with 75 %, whatever the picture shows.
    let params = Parameters {
        w1: Matrix::zeros(784, 1),
        b1: vec![0.0],
        w2: Matrix::zeros(1, 10),
        b2: (0..10).map(|digit| if digit == 3 { 27_f64.ln() } else { 0.0 }).collect(),
    };
    save_parameters(&data.join("net.npz"), &params).expect("saved");
    fs::copy(fixtures("images/digits/thick.png"), data.join("four.png")).expect("copied");
    let last_line = |words: &str| {
        let output = in_folder(&data, words);
        output.lines().last().expect("a line").to_string()
    };
    let of_mnist = last_line("predict --params net.npz --index 0");
    assert!(of_mnist.starts_with("The net reads a 3, with 75.0 %"), "{of_mnist}");
    let words = "predict --params net.npz --image four.png";
    let of_picture = run_in(&data, words).output();
    assert!(
        of_picture.contains("\nThe net is not sure: it reads a 3 (75.0 %) or "),
        "{of_picture}"
    );
}

#[test]
fn every_sign_of_no_digit_is_said_and_the_size_of_the_picture() {
    let data = small_data("two-signs");
    in_folder(&data, "--iterations 1 --hidden 2 --save net.npz");
    // A block of 5 × 5 dark pixels on light paper, 60 wide and 40 high.
    let pixel = |i: usize| {
        let is_ink = (20..25).contains(&(i % 60)) && (17..22).contains(&(i / 60));
        if is_ink { 10 } else { 240 }
    };
    let picture = [&b"P5 60 40 255\n"[..], &(0..60 * 40).map(pixel).collect::<Vec<u8>>()].concat();
    fs::write(data.join("block.pgm"), picture).expect("written");
    let mut command = wide();
    let words = "predict --params net.npz --image block.pgm";
    let output = run(command.args(words.split(' ')).current_dir(&data)).output();
    assert!(output.contains("\npicture   60 × 40 pixels, prepared as 28 × 28\n"), "{output}");
    let signs = "The net is not sure: the ink fills its place, as a dot does: use a thinner pen; the ink \
                 is very small: crop the picture to the digit. It reads a ";
    assert!(output.contains(signs), "expected '{signs}' in\n{output}");
}
