//! How the command trains: its data, its random numbers, its gradients.

use std::fs;
use std::path::Path;

use from_zero::formats::npz::Npz;

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::common::*;

#[test]
fn no_argument_means_train_and_the_default_data_are_the_fixtures() {
    // From the checkout, from another folder of it, and from outside.
    for folder in ["src/numeric", ".", ".."] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let ended = run(wide().args(["--iterations", "0"]).current_dir(folder));
        ended.expect_success();
        assert!(
            ended.stdout.starts_with("data      60,000 training images and 10,000 test images of ")
        );
        assert!(ended.stdout.ends_with("iteration     loss    train     test  elapsed\n"));
    }
}

#[test]
fn the_environment_names_the_data_and_the_option_overrides_it() {
    let data = small_data("environment");
    let zero = ["--iterations", "0"];
    let ended = run(wide().args(zero).env("MNIST_DIR", &data));
    assert!(ended.stdout.starts_with("data      150 training"), "{}", ended.stdout);
    let ended = run(wide().args(zero).arg("--data").arg(&data).env("MNIST_DIR", "/nowhere"));
    assert!(ended.stdout.starts_with("data      150 training"), "{}", ended.stdout);
    let ended = run(wide().args(zero).env("MNIST_DIR", ""));
    assert!(ended.stdout.starts_with("data      60,000 training"), "{}", ended.stdout);
}

#[test]
fn the_folder_of_the_data_is_shown_as_it_is_seen_from_here() {
    let data = small_data("seen-from-here");
    let parent = data.parent().expect("a folder");
    let whole = data.display().to_string();
    for (here, shown) in [(parent, "seen-from-here"), (data.as_path(), &whole)] {
        let mut command = wide();
        command.args(["--iterations", "0", "--data", &whole]).current_dir(here);
        let output = run(&mut command).output();
        let expected = format!("70 test images of {shown}, loaded in ");
        assert!(output.contains(&expected), "in {}: '{expected}' in\n{output}", here.display());
    }
}

#[test]
fn the_same_seed_prints_the_same_and_another_does_not() {
    let data = small_data("seeds");
    let train = |options: &str| {
        let options = options.split(' ');
        let ended = run(wide().args(options).args(["--iterations", "9"]).arg("--data").arg(&data));
        ended.expect_status(0);
        table(&ended.stdout)
    };
    assert_eq!(train("--seed 5 --threads 1"), train("--seed=5 --threads=3"));
    assert_eq!(train("--seed 6 --seed 5"), train("--seed 5"));
    assert_ne!(train("--seed 5"), train("--seed 6"));
    assert_ne!(train("--seed 5 --hidden 3"), train("--seed 5"));
    assert_ne!(train("--seed 5 --learning-rate 1e0"), train("--seed 5"));
}

#[test]
fn the_naive_gradient_is_announced_and_learns_the_same() {
    let data = small_data("naive");
    let options = ["--hidden", "1", "--iterations", "3", "--batch-size", "2", "--gradient"];
    let train = |gradient| {
        let ended = run(wide().args(options).arg(gradient).arg("--data").arg(&data));
        ended.expect_success();
        ended.stdout
    };
    let naive = train("naive");
    assert!(naive.contains("gradient by 1,610 losses per iteration, h = 0.0001"), "{naive}");
    assert_eq!(table(&naive), table(&train("backprop")));
    let numerical = train("numerical");
    let announced = "gradient by incremental central differences, h = 0.0001";
    assert!(numerical.contains(announced), "{numerical}");
    assert_eq!(table(&numerical), table(&naive));
}

#[test]
fn numpys_random_numbers_are_another_run() {
    let data = small_data("random");
    let run = |options: &str| table(&in_folder(&data, &format!("--iterations 5 {options}")));
    assert_eq!(run("--random xorshift"), run("--seed 0"));
    assert_ne!(run("--random numpy"), run("--random xorshift"));
    assert_ne!(run("--random numpy --seed 1"), run("--random numpy"));
    assert_eq!(run("--random numpy --seed 4294967295"), run("--random=numpy --seed=4294967295"));
}

#[test]
fn neither_an_environment_nor_a_thousand_threads_matter() {
    let data = small_data("bare");
    let options = ["--iterations", "3", "--batch-size", "20", "--data", "."];
    let run_with = |threads: &str| {
        let mut command = wide();
        command.env_clear().args(options).args(["--threads", threads]).current_dir(&data);
        let ended = run(&mut command);
        ended.expect_success();
        table(&ended.stdout)
    };
    assert_eq!(run_with("1000"), run_with("1"));
}

#[test]
fn knobs_that_teach() {
    let data = small_data("knobs");
    // The first ten of 40 images, in mini-batches of 5: an epoch has two iterations.
    let options = "--iterations 5 --batch-size 5 --hidden 3 --train-images 10";
    let stdout = in_folder(&data, options);
    assert!(stdout.starts_with("data      10 training images and 70 test images of ."), "{stdout}");
    let iterations = |stdout: &str| -> Vec<String> {
        let rows = table(stdout);
        let rows = rows.lines().skip(1).take_while(|row| !row.is_empty());
        rows.map(|row| row.split_whitespace().next().expect("a number").to_string()).collect()
    };
    assert_eq!(iterations(&stdout), ["0", "2", "4"]);
    // The accuracy in training is a multiple of 1/10.
    let first = table(&stdout).lines().nth(1).expect("a row").to_string();
    let train = first.split_whitespace().nth(2).expect("an accuracy").to_string();
    assert!(train.ends_with("000"), "{first}");
    for count in ["0", "151", "ten"] {
        let ended = run(wide().args(["--train-images", count, "--data"]).arg(&data));
        ended.expect_refused(2);
        let expected = "from-zero: --train-images: expected a whole number from 1 to 150, found";
        assert!(ended.stderr.starts_with(&format!("{expected} '{count}'")), "{}", ended.stderr);
    }

    let shuffled = |threads: &str, rest: &str| {
        let rest = format!("{options} --sampling shuffle --threads {threads} {rest}");
        in_folder(&data, rest.trim_end())
    };
    let one = shuffled("1", "");
    assert!(one.contains("seed 0, each image once an epoch, 1 thread\n"), "{one}");
    assert_eq!(table(&shuffled("3", "")), table(&one), "any number of threads");
    assert_ne!(table(&one), table(&stdout), "another order than --sampling choice");
    assert_eq!(table(&in_folder(&data, &format!("{options} --sampling choice"))), table(&stdout));
    assert_ne!(table(&shuffled("1", "--random numpy")), table(&one));
    for gradient in ["numerical", "naive"] {
        let by_differences = shuffled("2", &format!("--gradient {gradient}"));
        assert_eq!(table(&by_differences), table(&one), "{gradient}");
    }

    // The weights are the same random numbers, multiplied.
    let weights = |std: &str| {
        let options = format!("--iterations 0 --weight-init-std {std} --save net.npz");
        let stdout = in_folder(&data, &options);
        let bytes = fs::read(data.join("net.npz")).expect("written");
        let npz = Npz::parse(&bytes).expect("ours");
        (stdout, npz.array("W1", 784 * 50).expect("read").expect("there").data)
    };
    let (stdout, large) = weights("2");
    assert!(stdout.contains("\nstart     weights from N(0, 2.0²), biases 0\n"), "{stdout}");
    let (_, small) = weights("0.01");
    assert!(small.iter().zip(&large).all(|(small, large)| (200.0 * small - large).abs() < 1e-12));
    assert!(weights("0").1.iter().all(|&w| w == 0.0));
}

#[test]
fn relu_is_an_activation_for_all_three_gradients() {
    let data = small_data("relu");
    let train = |options: &str| {
        let options = options.split(' ');
        let fixed = ["--iterations", "3", "--batch-size", "2", "--hidden", "2", "--activation"];
        let ended = run(wide().args(fixed).args(options).arg("--data").arg(&data));
        ended.expect_success();
        let table = table(&ended.stdout);
        (ended.stdout, table)
    };
    let (stdout, backprop) = train("relu");
    assert!(stdout.contains("2 hidden units (relu)"), "{stdout}");
    assert_eq!(train("relu --gradient numerical").1, backprop);
    assert_eq!(train("relu --gradient naive").1, backprop);
    assert_ne!(train("sigmoid").1, backprop);
}

#[test]
fn a_plain_numerical_run_says_how_long_it_takes() {
    // One gradient of this net is 79,520 losses, which takes seconds on any machine. The run is ended
    // when it has said so.
    let words = "--plain --gradient numerical --iterations 60 --data .";
    let mut command = wide();
    command.args(words.split(' ')).current_dir(trained()).stderr(Stdio::piped());
    let mut child = command.stdout(Stdio::null()).spawn().expect("it starts");
    let mut said = String::new();
    let mut stderr = BufReader::new(child.stderr.take().expect("piped"));
    stderr.read_line(&mut said).expect("text");
    child.kill().expect("it is ours");
    child.wait().expect("it ends");
    assert!(said.contains("79,520 losses for each gradient"), "from-zero {words}: {said}");
    let (_, times) = said.split_once(": about ").unwrap_or_default();
    let (one, all) = times.split_once(" for one iteration, ").unwrap_or_default();
    assert!(
        !one.is_empty() && one != "0 s",
        "from-zero {words}: the time of one iteration in {said}"
    );
    let is_longer = all.contains(" min ") || all.contains(" h ");
    assert!(
        is_longer,
        "from-zero {words}: expected minutes or hours for all 60 iterations in {said}"
    );
}
