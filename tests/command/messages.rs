//! What the command says of bad input: one sentence, and an exit status.

use std::fs;
use std::io;
use std::path::Path;

use from_zero::fast::memory::Work;
use from_zero::fast::mini_batch::CompressedMnist;
use from_zero::formats::npz::{self, Npz};

use crate::common::*;

#[test]
fn wrong_arguments_are_one_sentence_and_exit_status_2() {
    let cases = [
        (
            "fly",
            "unknown command 'fly': expected one of train, evaluate, predict, chapter, figures, check, help",
        ),
        ("--fast", "unknown option '--fast': expected one of ALL"),
        ("train fast", "unknown argument 'fast': expected one of ALL"),
        ("--fast=1", "unknown option '--fast=1': expected one of ALL"),
        ("--seed", "--seed: expected N after it, found nothing"),
        ("--data", "--data: expected DIR after it, found nothing"),
        ("--gradient magic", "--gradient: expected backprop or numerical or naive, found 'magic'"),
        ("--iterations x", "--iterations: expected a whole number from 0 to 1000000, found 'x'"),
        ("--iterations -1", "--iterations: expected a whole number from 0 to 1000000, found '-1'"),
        (
            "--iterations 1.5",
            "--iterations: expected a whole number from 0 to 1000000, found '1.5'",
        ),
        ("--batch-size 0", "--batch-size: expected a whole number from 1 to 1000000, found '0'"),
        ("--batch-size=", "--batch-size: expected a whole number from 1 to 1000000, found ''"),
        ("--hidden 0", "--hidden: expected a whole number from 1 to 10000, found '0'"),
        ("--hidden 10001", "--hidden: expected a whole number from 1 to 10000, found '10001'"),
        ("--threads 0", "--threads: expected a whole number from 1 to 1024, found '0'"),
        (
            "--seed 18446744073709551616",
            "--seed: expected a whole number from 0 to 18446744073709551615, found '18446744073709551616'",
        ),
        ("--iterations --help=x", "--iterations: expected N after it, found --help=x"),
        ("--learning-rate nan", "--learning-rate: expected a finite number above 0, found 'nan'"),
        ("--learning-rate inf", "--learning-rate: expected a finite number above 0, found 'inf'"),
        ("--learning-rate 0", "--learning-rate: expected a finite number above 0, found '0'"),
        ("--learning-rate -0.1", "--learning-rate: expected a finite number above 0, found '-0.1'"),
        ("--gradient naive --h 0", "--h: expected a number from 1e-12 to 100.0, found '0'"),
        ("--gradient numerical --h nan", "--h: expected a number from 1e-12 to 100.0, found 'nan'"),
        ("--h 1e-4", "--h: backpropagation has no h; choose --gradient numerical or naive"),
        ("--data=", "--data: expected a folder, found ''"),
        ("--activation step", "--activation: expected sigmoid or relu, found 'step'"),
        ("--random python", "--random: expected xorshift or numpy, found 'python'"),
        (
            "--random numpy --seed 4294967296",
            "--seed: expected a whole number from 0 to 4294967295 with --random numpy, found 4294967296",
        ),
        (
            "--init net.npz --hidden 30",
            "--hidden: the file of --init determines the number of hidden units",
        ),
        (
            "--init net.npz --weight-init-std 1",
            "--weight-init-std: the file of --init determines the weights",
        ),
        (
            "--weight-init-std -1",
            "--weight-init-std: expected a number from 0.0 to 1000.0, found '-1'",
        ),
        (
            "--weight-init-std nan",
            "--weight-init-std: expected a number from 0.0 to 1000.0, found 'nan'",
        ),
        ("--sampling once", "--sampling: expected choice or shuffle, found 'once'"),
        (
            "--save a.npz --record a.npz",
            "--record: expected another file than the file of --save, found the same file",
        ),
        ("--save=", "--save: expected a file, found ''"),
        ("--save --hidden=3", "--save: expected FILE after it, found --hidden=3"),
        ("--save -h", "--save: expected FILE after it, found -h"),
        ("--record --version", "--record: expected FILE after it, found --version"),
        (
            "evaluate",
            "--params: expected a .npz file, found none; this makes one: from-zero --save net.npz",
        ),
        (
            "predict",
            "expected --params FILE with --image FILE or --index N; this makes a FILE for --params: from-zero --save net.npz",
        ),
        (
            "predict --params net.npz",
            "expected --params FILE with --image FILE or --index N; this makes a FILE for --params: from-zero --save net.npz",
        ),
        (
            "predict --image digit.png",
            "expected --params FILE with --image FILE or --index N; this makes a FILE for --params: from-zero --save net.npz",
        ),
        ("predict --params net.npz --image=", "--image: expected a file, found ''"),
        (
            "predict --params net.npz --image digit.png --index 3",
            "--index: --image shows a picture, not MNIST; leave out one of the two",
        ),
        (
            "predict --params net.npz --image digit.png --split train",
            "--split: --image shows a picture, not MNIST; leave out one of the two",
        ),
        (
            "predict --params net.npz --index 4294967296",
            "--index: expected a whole number from 0 to 4294967295, found '4294967296'",
        ),
        (
            "predict --params net.npz --index 1 --split all",
            "--split: expected train or test, found 'all'",
        ),
        (
            "check --activation Relu",
            "--activation: expected sigmoid or relu, found 'Relu'; did you mean relu?",
        ),
        (
            "check --images 0",
            "--images: expected a whole number from 1 to 18446744073709551615, found '0'",
        ),
        (
            "check --images 60001",
            "--images: expected at most the 60,000 training images of fixtures/mnist, found 60001",
        ),
        ("check --images", "--images: expected N after it, found nothing"),
        ("check --why=yes", "--why: expected nothing after it, found '--why=yes'"),
        ("check --why yes", "unknown argument 'yes': expected one of ALL"),
        ("check --sweep-h --h 0.1", "--h: --sweep-h and --why choose h themselves; leave out --h"),
        ("--iterations --seed 1", "--iterations: expected N after it, found --seed"),
        (
            "--batch-size 1000001",
            "--batch-size: expected a whole number from 1 to 1000000, found '1000001'",
        ),
        (
            "--sampling shuffle --batch-size 60001",
            "--batch-size: with --sampling shuffle, expected at most the 60,000 training images of an \
             epoch, found 60001",
        ),
        (
            "--plain --gradient naive",
            "--gradient: with --plain, numerical is the book's; choose it or backprop",
        ),
        ("check --all --why", "--all: belongs to the check; leave out --sweep-h and --why"),
        ("check --why --h 1", "--h: --sweep-h and --why choose h themselves; leave out --h"),
        ("chapter 4 5", "unknown argument '5': expected one of ALL; one SECTION may come first"),
        (
            "help fly",
            "unknown command 'fly': expected one of train, evaluate, predict, chapter, figures, \
             check, help",
        ),
        (
            "--gradient numercal",
            "--gradient: expected backprop or numerical or naive, found 'numercal'; did you mean \
             numerical?",
        ),
        (
            "predict --params n.npz --image d.png --data .",
            "--data: --image shows a picture, not MNIST; leave out one of the two",
        ),
        (
            "--seed \u{1b}[31m",
            "--seed: expected a whole number from 0 to 18446744073709551615, \
         found '\\u{1b}[31m'",
        ),
        ("--learning-rate fast", "--learning-rate: expected a finite number above 0, found 'fast'"),
    ];
    for (arguments, sentence) in cases {
        let command = arguments.split(' ').next().filter(|word| !word.starts_with('-'));
        let mut sentence = sentence.to_string();
        if sentence.contains("ALL") {
            sentence = sentence.replace("ALL", &options(command.unwrap_or("train")).join(", "));
        }
        let said = run(wide().args(arguments.split(' '))).refusal(2);
        assert_eq!(said, sentence, "from-zero {arguments}: another sentence");
    }
}

/// The names of the options, as the help text has them.
fn options(command: &str) -> Vec<String> {
    let help = run(wide().args([command, "--help"])).output();
    let words = help.lines().filter_map(|line| line.strip_prefix("  "));
    let words = words.filter_map(|line| line.split(' ').find(|word| word.starts_with("--")));
    words.filter(|word| word.len() > 2).map(str::to_string).collect()
}

#[test]
fn more_images_than_there_are_is_a_wrong_argument() {
    let data = small_data("images");
    let ended = run(wide().args(["check", "--images", "151", "--data"]).arg(&data));
    ended.expect_refused(2);
    let here = std::env::current_dir().expect("a folder");
    let shown = data.strip_prefix(here).unwrap_or(&data).display().to_string();
    let shown = if cfg!(windows) { shown.replace('\\', "/") } else { shown };
    assert_eq!(
        ended.stderr,
        format!(
            "from-zero: --images: expected at most the 150 training images of {shown}, found 151\n"
        )
    );
}

#[test]
fn a_similar_name_is_proposed() {
    for (arguments, meant) in [
        ("--lr 1", "'--lr': did you mean --learning-rate?"),
        ("--iter 1", "'--iter': did you mean --iterations?"),
        ("--learning-rat 1", "'--learning-rat': did you mean --learning-rate?"),
        ("--sede 1", "'--sede': did you mean --seed?"),
        ("check --sweep", "'--sweep': did you mean --sweep-h?"),
        ("trian", "'trian': did you mean train?"),
        ("evalute", "'evalute': did you mean evaluate?"),
    ] {
        let ended = run(wide().args(arguments.split(' ')));
        let end = format!("{meant}\n");
        assert!(ended.status == 2 && ended.stderr.ends_with(&end), "{}", ended.stderr);
    }
}

#[cfg(unix)]
#[test]
fn a_folders_name_does_not_move_the_cursor() {
    let data = small_data("escape").join("\u{1b}[31m");
    fs::create_dir(&data).expect("created");
    for file in fs::read_dir(data.parent().expect("a parent")).expect("listed").flatten() {
        if file.path().is_file() {
            fs::copy(file.path(), data.join(file.file_name())).expect("copied");
        }
    }
    for command in ["train", "check"] {
        let ended = run(wide().args([command, "--iterations", "0", "--data"]).arg(&data));
        assert!(
            ended.stdout.contains("\\u{1b}[31m") && !ended.stdout.contains('\u{1b}'),
            "{command}"
        );
    }
}

#[cfg(unix)]
#[test]
fn arguments_that_are_no_unicode() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let ended = run(wide().arg("--seed").arg(OsStr::from_bytes(b"\xff")));
    ended.expect_refused(2);
    // Such a folder can be named in both ways.
    let folder = small_data("unicode").join(OsStr::from_bytes(b"\xff"));
    let copy = |from: &Path| {
        fs::create_dir(&folder).expect("created");
        for file in fs::read_dir(from).expect("listed").flatten() {
            if file.path().is_file() {
                fs::copy(file.path(), folder.join(file.file_name())).expect("copied");
            }
        }
    };
    copy(folder.parent().expect("a parent"));
    let with_equals =
        [OsStr::from_bytes(b"--data="), folder.as_os_str()].map(OsStr::as_bytes).concat();
    let zero = ["--iterations", "0"];
    assert_eq!(run(wide().args(zero).arg("--data").arg(&folder)).status, 0);
    assert_eq!(run(wide().args(zero).arg(OsStr::from_bytes(&with_equals))).status, 0);
}

/// Runs on a good data set after this damage; returns the sentence, with the folder's name taken
/// out.
fn complaint(name: &str, damage: impl Fn(&Path)) -> String {
    let data = small_data(name);
    damage(&data);
    let ended = run(wide().arg("--data").arg(&data).args(["--iterations", "1"]));
    ended.expect_refused(1);
    let sentence = ended.stderr.strip_prefix("from-zero: ").expect("our name").to_string();
    assert_eq!(sentence.matches('\n').count(), 1, "{sentence}");
    let folder = data.display().to_string();
    let folder = if cfg!(windows) { folder.replace('\\', "/") } else { folder };
    sentence.trim_end().replace(&folder, "DIR")
}

#[test]
fn bad_data_are_one_sentence_and_exit_status_1() {
    let replace = |file: &'static str, bytes: Vec<u8>| {
        move |data: &Path| fs::write(data.join(file), &bytes).expect("written")
    };
    let said = complaint("folder", |data| fs::remove_dir_all(data).expect("removed"));
    assert_eq!(
        said,
        "DIR: expected train-images-idx3-ubyte or train-images-idx3-ubyte.gz, found no such folder; \
         --data DIR or MNIST_DIR gives the folder"
    );
    let said = complaint("file", |data| {
        fs::remove_file(data.join("t10k-labels-idx1-ubyte")).expect("removed")
    });
    assert!(said.starts_with("DIR: expected t10k-labels-idx1-ubyte or "), "{said}");
    let said =
        complaint("short", replace("train-images-idx3-ubyte", idx_bytes(&[150, 28, 28], &[])));
    assert_eq!(said, "DIR/train-images-idx3-ubyte: needs 117616 bytes, has 16");
    let said = complaint("magic", replace("train-images-idx3-ubyte", b"GIF89a".to_vec()));
    assert!(said.ends_with("found a GIF picture"), "{said}");
    let said = complaint("counts", replace("train-labels-idx1-ubyte", idx_bytes(&[1], &[1])));
    assert!(said.contains(" has 150 images but ") && said.contains(" has 1 labels"), "{said}");
    let said = complaint("label", replace("t10k-labels-idx1-ubyte", idx_bytes(&[70], &[11; 70])));
    assert!(
        said.ends_with("expected labels from 0 to 9, found 11 at place 0, counted from 0"),
        "{said}"
    );
    let said =
        complaint("size", replace("t10k-images-idx3-ubyte", idx_bytes(&[70, 7, 7], &[0; 3430])));
    assert!(said.ends_with("the pixels of N images, found 70×7×7 unsigned bytes"), "{said}");
    let said = complaint("page", |data| {
        fs::remove_file(data.join("train-images-idx3-ubyte")).expect("removed");
        fs::write(data.join("train-images-idx3-ubyte.gz"), "<!doctype html><p>Not found")
            .expect("written");
    });
    let web_page = "found a web page instead of the file: download the file again";
    assert!(said.ends_with(web_page), "{said}");
    let said = complaint("page", replace("t10k-images-idx3-ubyte", b"<!doctype html>".to_vec()));
    assert!(said.ends_with(web_page), "{said}");
    let said = complaint("corrupted", |data| {
        let file = fixtures("mnist").join("t10k-labels-idx1-ubyte.gz");
        let mut bytes = fs::read(file).expect("the fixture");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x10;
        fs::remove_file(data.join("t10k-labels-idx1-ubyte")).expect("removed");
        fs::write(data.join("t10k-labels-idx1-ubyte.gz"), bytes).expect("written");
    });
    assert!(said.starts_with("DIR/t10k-labels-idx1-ubyte.gz is damaged or incomplete: "), "{said}");
}

#[test]
fn a_loss_that_is_no_number_stops_the_run() {
    let data = small_data("diverges");
    let options = ["--learning-rate", "1.7e308", "--iterations", "50"];
    let ended = run(wide().args(options).arg("--data").arg(&data));
    ended.expect_status(1);
    let expected = "with a learning rate of 1.7e308: try a smaller learning rate\n";
    assert!(
        ended.stderr.starts_with("from-zero: the loss became NaN at iteration "),
        "{}",
        ended.stderr
    );
    assert!(ended.stderr.ends_with(expected), "{}", ended.stderr);
}

#[test]
fn what_is_no_net_is_one_sentence() {
    let data = small_data("no-net");
    let arrays = fixtures("numpy/arrays");
    for (file, sentence) in [
        ("net.npz", "expected W1 of the shape (784, 1 to 10000), found (4, 3)"),
        ("zeros.npz", "expected W1 of the shape (784, 1 to 10000), found (500, 500)"),
        ("zip64.npz", "a zip file with lengths of 64 bits (zip64), expected a small one"),
        ("positional.npz", "expected the arrays W1, b1, W2 and b2, found no W1 among arr_0, arr_1"),
        (
            "objects.npz",
            "W1.npy: Python objects, stored as a pickle: they are not read, since that could run any \
             program; expected an array of numbers",
        ),
        (
            "little_f8.npy",
            "expected a .npz file, as np.savez writes it, found a single array of NumPy (.npy)",
        ),
        (
            "pytorch.npz",
            "expected the arrays W1, b1, W2 and b2, found a file of PyTorch: save its arrays with \
             np.savez",
        ),
    ] {
        fs::copy(arrays.join(file), data.join(file)).expect("copied");
        for command in ["evaluate --params", "predict --index 0 --params", "--init"] {
            let said = refused_in_folder(&data, &format!("{command} {file}"));
            assert_eq!(said, format!("{file}: {sentence}"), "{command}");
        }
    }
    assert!(refused_in_folder(&data, "evaluate --params nothing.npz").starts_with("nothing.npz: "));
}

#[test]
fn arrays_that_are_not_used_are_named_in_one_line() {
    let data = small_data("deeper");
    in_folder(&data, "train --iterations 0 --save net.npz");
    // A net of three layers has the same four arrays, if its sizes fit, and two more.
    let bytes = fs::read(data.join("net.npz")).expect("read");
    let npz = Npz::parse(&bytes).expect("ours");
    let array = |name: &str| npz.array(name, 1 << 20).expect("ours").expect("there");
    let mut arrays = ["W1", "b1", "W2", "b2"].map(|name| (name, array(name))).to_vec();
    arrays.extend([("W3", array("b1")), ("b3\u{1b}[2J", array("b2"))]);
    fs::write(data.join("deeper.npz"), npz::write(&arrays)).expect("written");
    for command in ["evaluate --params", "predict --index 0 --params", "--iterations 0 --init"] {
        let arguments = format!("{command} deeper.npz --data .");
        let ended = run(wide().args(arguments.split(' ')).current_dir(&data));
        ended.expect_status(0);
        let note = "from-zero: deeper.npz: this net of two layers does not use W3, b3\\u{1b}[2J\n";
        assert_eq!(ended.stderr, note, "from-zero {arguments}: another sentence");
    }
}

#[test]
fn a_picture_that_can_t_be_read_is_one_sentence() {
    let data = small_data("no-image");
    in_folder(&data, "--iterations 1 --save net.npz");
    fs::write(data.join("blank.pgm"), "P2 2 1 9 4 4").expect("written");
    fs::write(data.join("photo.png"), b"\xff\xd8\xff\xe0 and so on").expect("written");
    fs::write(data.join("large.ppm"), "P6 65535 65535 255 ").expect("written");
    let file = fs::File::create(data.join("long.png")).expect("created");
    file.set_len((1 << 26) + 1).expect("without blocks on the disk");
    let nothing_there = io::Error::from_raw_os_error(2).to_string(); // in the words of the system
    for (file, sentence) in [
        ("blank.pgm", "expected a digit, found a blank page: nothing on it is darker or lighter"),
        ("photo.png", "expected a PNG, PGM or PPM picture, found a JPEG picture; save it as PNG"),
        (
            "large.ppm",
            "expected 1 to 25000000 pixels, found 65535 × 65535: make the picture smaller",
        ),
        ("long.png", "expected at most 67108864 bytes"),
        (".", "expected a file, found a folder, a pipe or a device"),
        ("nothing.png", nothing_there.as_str()),
    ] {
        let arguments = ["predict", "--params", "net.npz", "--image", file];
        let ended = run(wide().args(arguments).current_dir(&data));
        ended.expect_refused(1);
        assert_eq!(ended.stderr, format!("from-zero: {file}: {sentence}\n"));
    }
}

#[test]
fn work_that_does_not_fit_into_memory_is_refused() {
    let data = CompressedMnist::load(&fixtures("mnist")).expect("the fixture is whole");
    let work = Work { hidden: 400, samples: 60_000, own_nets: true, sorted: false };
    for (words, option, work) in [
        ("check --images 60000 --hidden 400", "--images", Work { sorted: true, ..work }),
        ("--gradient naive --batch-size 60000 --hidden 400", "--batch-size", work),
    ] {
        let bytes = work.fitting_threads(&data, 1).expect_err("it does not fit");
        let gigabytes = format!("{:.1} GB", bytes as f64 / 1e9);
        let said = run(wide().args(words.split(' '))).refusal(2);
        let start = format!("{option} 60000 with 400 hidden units: this needs {gigabytes} ");
        assert!(said.starts_with(&start), "from-zero {words}: expected '{start}…', found '{said}'");
    }
}

#[test]
fn fewer_threads_are_used_if_not_so_many_fit_into_memory() {
    let data = small_data("large-init");
    let options = "--gradient naive --batch-size 1 --init net.npz";
    in_folder(&data, "--iterations 0 --hidden 400 --save net.npz");
    let words = format!("{} --threads 1000 --iterations 0", options);
    let output = in_folder(&data, &words);
    let training = line_with(&output, "training");
    let threads = numbers(training.rsplit(", ").next().unwrap_or_default())[0];
    assert!(
        (1.0..1000.0).contains(&threads),
        "{words}: expected fewer than 1000 threads: {training}"
    );
    // As many as the library's bound allows for this net.
    let work = Work { hidden: 400, samples: 1, own_nets: true, sorted: false };
    let data = CompressedMnist::load(&data).expect("our own data");
    let fitting = work.fitting_threads(&data, 1000).expect("one thread fits");
    assert_eq!(threads, fitting as f64, "{words}: the number of threads that fit");
}

#[test]
fn figures_that_cannot_be_written_are_one_sentence() {
    let data = small_data("unwritten-figures");
    fs::write(data.join("file"), "").expect("written");
    let said = refused_in_folder(&data, "figures --out file");
    assert!(said.starts_with("can't create the folder file: "), "{said}");
    let said = refused_in_folder(&data, "figures --out file/below");
    assert!(said.starts_with("can't create the folder file/below: "), "{said}");
    // A folder in the place of a figure; those before it are there.
    fs::create_dir_all(data.join("out/figure-4-4.svg")).expect("created");
    let ended = run(wide().args(["figures", "--out=out", "--data=."]).current_dir(&data));
    assert_eq!((ended.status, ended.stdout.as_str()), (1, "out/figure-4-3.svg\n"));
    assert!(ended.stderr.starts_with("from-zero: can't write out/figure-4-4.svg: "));
}
