//! The files that the command writes and reads.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use crate::common::*;

#[test]
fn training_goes_on_from_what_was_saved() {
    let data = small_data("save");
    let options = "--iterations 200 --batch-size 10 --hidden 3 --learning-rate 0.5";
    in_folder(&data, &format!("{options} --save net.npz"));
    // A run of 0 iterations changes nothing, and overwrites the file.
    let read = |name: &str| fs::read(data.join(name)).expect("written");
    let before = read("net.npz");
    in_folder(&data, "--iterations 0 --init net.npz --save net.npz");
    assert!(read("net.npz") == before, "0 iterations changed the net");
    // Two runs of the same seed leave the same bytes.
    in_folder(&data, &format!("{options} --save again.npz"));
    assert!(read("again.npz") == before, "the same run saved other bytes");
    // The first update starts from the saved net.
    let first_loss = |words: &str| epochs(&in_folder(&data, words))[0][1];
    let [new, going_on] = ["", " --init net.npz"].map(|init| {
        first_loss(
            &format!("--iterations 1 --batch-size 150 --hidden 3{init}")
                .replace(" --hidden 3 --init", " --init"),
        )
    });
    assert!(going_on < new - 0.1, "the first loss is {going_on} with --init, and {new} without");
}

#[test]
fn a_file_of_the_data_in_a_folder_of_its_name_is_not_overwritten_either() {
    let data = small_data("overwrite-inner");
    let name = "t10k-labels-idx1-ubyte";
    fs::rename(data.join(name), data.join("waiting")).expect("renamed");
    fs::create_dir(data.join(name)).expect("created");
    let inner = format!("{name}/t10k-labels.idx1-ubyte");
    fs::rename(data.join("waiting"), data.join(&inner)).expect("renamed");
    let arguments = ["--iterations", "1", "--data", ".", "--save", &inner];
    let ended = run(wide().args(arguments).current_dir(&data));
    let said = "from-zero: --save: expected another file than the file of --data, found the same \
                file\n";
    assert_eq!((ended.status, ended.stderr.as_str()), (2, said));
    in_folder(&data, "--iterations 1");
}

#[test]
fn a_page_is_written_for_a_run_of_any_length() {
    let data = small_data("report");
    for iterations in ["0", "1", "40"] {
        let options = format!("--iterations {iterations} --hidden 3 --report run.html");
        let stdout = in_folder(&data, &options);
        let said = "a page about the run in run.html: open it in a browser, and draw a digit\n";
        assert!(stdout.ends_with(said), "{stdout}");
        let page = fs::read_to_string(data.join("run.html")).expect("written");
        assert!(
            page.starts_with("<!doctype html>") && page.ends_with("</html>\n"),
            "from-zero {options}: the page does not begin and end as one"
        );
        let command = format!("from-zero train {options} --data=.");
        assert!(page.contains(&command), "the page does not contain '{command}'");
    }
    let said = refused_in_folder(&data, "--iterations 1 --report nowhere/run.html");
    assert!(said.starts_with("can't write nowhere/run.html: "), "{said}");
}

#[test]
fn a_page_for_a_very_large_net_is_refused() {
    let data = small_data("large-page");
    let said = "--report: expected a net of at most 1600 hidden units, for a page of 4 MB, found ";
    let options = ["--iterations=0", "--hidden=10000", "--report=run.html", "--data=."];
    let ended = run(wide().args(options).current_dir(&data));
    assert_eq!((ended.status, ended.stderr), (2, format!("from-zero: {said}10000\n")));
    in_folder(&data, "--iterations 0 --hidden 1601 --save net.npz");
    let options = ["--iterations=0", "--init=net.npz", "--report=run.html", "--data=."];
    let ended = run(wide().args(options).current_dir(&data));
    assert_eq!((ended.status, ended.stderr), (2, format!("from-zero: {said}1601\n")));
    assert!(!data.join("run.html").exists());

    in_folder(&data, "--iterations 1 --hidden 1600 --report run.html");
    let page = fs::metadata(data.join("run.html")).expect("written");
    assert!(page.len() <= 4_000_000, "{} bytes", page.len());
}

#[cfg(unix)] // Windows has no such names
#[test]
fn names_with_markup_are_text_in_the_page() {
    let data = small_data("markup");
    let settings = |name: &str| {
        in_folder(&data, "--iterations 0 --hidden 2 --save net.npz");
        fs::rename(data.join("net.npz"), data.join(name)).expect("renamed");
        let options = ["--iterations=1", "--report=run.html", "--data=.", "--init", name];
        let ended = run(wide().args(options).current_dir(&data));
        ended.expect_success();
        let page = fs::read_to_string(data.join("run.html")).expect("written");
        page.lines().filter(|line| line.starts_with("<tr><th")).collect::<Vec<_>>().join("\n")
            + "\n"
    };
    let table = settings("<b>a&b c.npz");
    assert!(table.contains("the parameters of &lt;b&gt;a&amp;b c.npz\n"), "{table}");
    let command = "from-zero train --iterations=1 --report=run.html --data=. --init ";
    assert!(table.contains(&format!("{command}&#39;&lt;b&gt;a&amp;b c.npz&#39;\n")), "{table}");
    // Characters that change the direction of the text, and quotes: no command.
    let no_command = "not shown: a name in it has characters that a shell may change\n";
    let table = settings("a\u{202e}zpn.npz");
    assert!(table.contains("the parameters of a\\u{202e}zpn.npz\n"), "{table}");
    assert!(table.contains(no_command) && !table.contains('\u{202e}'), "{table}");
    assert!(settings("it's.npz").contains(no_command));
}

#[test]
fn what_cannot_be_written_is_known_before_the_work() {
    let data = small_data("unwritable");
    for option in ["--save", "--record", "--report"] {
        let said = refused_in_folder(&data, &format!("--iterations 1 {option} nowhere/net.npz"));
        assert!(said.starts_with("can't write nowhere/net.npz: "), "{said}");
        let said = refused_in_folder(&data, &format!("--iterations 1 {option} ."));
        let expected = "can't write .: expected a file, found a folder, a pipe or a device";
        assert_eq!(said, expected);
    }
    let names: Vec<_> = fs::read_dir(&data).expect("listed").flatten().collect();
    assert_eq!(names.len(), 4, "{names:?}");
}

#[test]
fn two_names_of_one_file_are_found_out() {
    let data = small_data("one-file");
    let refused = |arguments: &str| {
        let arguments = arguments.split(' ');
        let ended = run(wide().args(arguments).arg("--data=.").current_dir(&data));
        ended.expect_status(2);
        ended.stderr
    };
    assert_eq!(
        refused("--save a.npz --record ./a.npz"),
        "from-zero: --record: expected another file than the file of --save, found the same file\n"
    );
    in_folder(&data, "--iterations 1 --save net.npz");
    assert_eq!(
        refused("--init net.npz --record ../one-file/net.npz"),
        "from-zero: --record: expected another file than the file of --init, found the same file\n"
    );
    in_folder(&data, "--iterations 1 --init net.npz --save ./net.npz");
}

#[test]
fn the_data_are_not_overwritten() {
    let data = small_data("overwrite");
    for option in ["--save", "--record", "--report"] {
        let arguments = ["--iterations", "1", "--data", ".", option, "./t10k-labels-idx1-ubyte"];
        let ended = run(wide().args(arguments).current_dir(&data));
        ended.expect_status(2);
        let expected = format!(
            "from-zero: {option}: expected another file than the file of --data, found the same file\n"
        );
        assert_eq!(ended.stderr, expected);
    }
}

#[cfg(unix)]
#[test]
fn one_file_that_cannot_be_written_takes_no_other_along() {
    // During the run, a file takes the place of the folder for the net.
    let data = small_data("one-of-two");
    fs::create_dir(data.join("nets")).expect("a folder");
    let words =
        "--data . --iterations 3000 --hidden 2 --threads 1 --save nets/net.npz --record run.npz";
    let mut command = wide();
    command.args(words.split(' ')).current_dir(&data).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
    stdout.read_line(&mut String::new()).expect("a line"); // the files were tried before it
    fs::remove_dir_all(data.join("nets")).expect("removed");
    fs::write(data.join("nets"), "").expect("written");
    stdout.read_to_string(&mut String::new()).expect("text");
    let ended = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(1), "from-zero {words}: another exit status; {said}");
    assert!(said.contains("can't write nets/net.npz: "), "from-zero {words}: {said}");
    assert!(data.join("run.npz").is_file(), "from-zero {words}: the losses are not written");
}

#[cfg(unix)] // Windows has no such names
#[test]
fn a_name_that_a_shell_would_not_take_is_not_put_into_a_command() {
    let data = small_data("names");
    let options = ["--iterations", "1", "--data=.", "--save", "my \u{1b}net.npz"];
    let ended = run(wide().args(options).current_dir(&data));
    ended.expect_status(0);
    assert!(ended.stdout.ends_with("\nparameters in my \\u{1b}net.npz\n"), "{}", ended.stdout);
}

#[cfg(unix)]
#[test]
fn a_kill_in_the_middle_of_a_save_leaves_the_former_file_or_the_new_one() {
    let data = small_data("killed");
    in_folder(&data, "--iterations 0 --hidden 2 --save net.npz");
    let former = fs::read(data.join("net.npz")).expect("saved");
    let is_begun = |entry: &fs::DirEntry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        name.starts_with(".from-zero-") && entry.metadata().is_ok_and(|m| m.len() > 1_000_000)
    };
    for _ in 0..3 {
        // 63 MB: long enough to be met on the way.
        let mut command = wide();
        command.args([
            "--iterations",
            "0",
            "--hidden",
            "10000",
            "--save",
            "net.npz",
            "--data",
            ".",
        ]);
        let mut child =
            command.current_dir(&data).stdout(Stdio::null()).spawn().expect("it starts");
        while child.try_wait().expect("it is ours").is_none() {
            if fs::read_dir(&data).expect("listed").flatten().any(|entry| is_begun(&entry)) {
                child.kill().expect("it is ours");
                break;
            }
        }
        child.wait().expect("it ends");
        let now = fs::read(data.join("net.npz")).expect("it is there");
        assert!(now == former || now.len() > 63_000_000, "{} bytes", now.len());
        in_folder(&data, "evaluate --params net.npz");
    }
    // What was left behind is no hindrance.
    in_folder(&data, "--iterations 0 --hidden 2 --save net.npz");
    assert_eq!(fs::read(data.join("net.npz")).expect("saved"), former);
    fs::remove_dir_all(&data).expect("removed");
}

#[cfg(unix)]
#[test]
fn names_that_are_no_unicode_are_written_and_read() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let data = small_data("bytes");
    let name = OsStr::from_bytes(b"net\xff.npz");
    let with =
        |before: &[&str]| run(wide().args(before).arg(name).arg("--data=.").current_dir(&data));
    let ended = with(&["--iterations", "1", "--save"]);
    ended.expect_success();
    assert!(ended.stdout.ends_with("parameters in net\u{fffd}.npz\n"), "{}", ended.stdout);
    assert!(data.join(name).is_file());
    assert_eq!(with(&["evaluate", "--params"]).status, 0);
    assert_eq!(with(&["--iterations", "1", "--report"]).status, 0);
}

#[test]
fn a_run_that_diverges_leaves_the_former_file() {
    let data = small_data("diverged");
    fs::write(data.join("net.npz"), "as it was").expect("written");
    let ended = run(wide()
        .args(["--learning-rate", "1e308", "--save", "net.npz", "--data", "."])
        .current_dir(&data));
    ended.expect_status(1);
    assert_eq!(fs::read(data.join("net.npz")).expect("read"), b"as it was");
    assert_eq!(fs::read_dir(&data).expect("listed").count(), 5);
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_removed_during_the_run_is_made_again() {
    let data = small_data("removed");
    let folder = data.join("results");
    fs::create_dir(&folder).expect("a folder");
    let mut command = wide();
    command.args(
        "--data . --iterations 3000 --hidden 2 --threads 1 --save results/net.npz".split(' '),
    );
    let mut child = command.current_dir(&data).stdout(Stdio::piped()).spawn().expect("it starts");
    let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
    stdout.read_line(&mut String::new()).expect("a line"); // the files were tried before it
    fs::remove_dir_all(&folder).expect("removed");
    stdout.read_to_string(&mut String::new()).expect("text");
    let status = child.wait().expect("it ends").code();
    assert_eq!(status, Some(0), "train, whose folder was removed: another exit status");
    in_folder(&data, "evaluate --params results/net.npz");
}
