//! The files that the command writes and reads.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use crate::common::*;

#[test]
fn what_is_saved_is_evaluated_and_trained_on() {
    let data = small_data("save");
    let options = "--iterations 40 --batch-size 10 --hidden 3 --learning-rate 0.5";
    let stdout = in_folder(&data, &format!("{options} --save net.npz --record run.npz"));
    assert!(
        stdout.ends_with(
            "\nparameters in net.npz: from-zero evaluate --params net.npz --data .\n\
             losses and accuracies in run.npz\n"
        ),
        "{stdout}"
    );
    let last = stdout.lines().find(|line| line.contains("at the end")).expect("a summary");
    assert!(last.starts_with("40 iterations in"), "{last}");
    let evaluated = in_folder(&data, "evaluate --params net.npz");
    let lines: Vec<&str> = evaluated.lines().collect();
    assert_eq!(
        lines[0],
        "net       784 inputs, 3 hidden units (sigmoid), 10 classes (softmax): 2,395 parameters"
    );
    assert!(
        lines[2].starts_with("accuracy  0.") && lines[2].ends_with(" of 20 images"),
        "{evaluated}"
    );
    // The table of the run ends with iteration 36, but its summary is that of the net that was saved.
    let (_, at_the_end) = last.split_once("accuracy at the end ").expect(last);
    assert!(lines[2].starts_with(&format!("accuracy  {at_the_end}: ")), "{last} {evaluated}");
    assert_eq!(lines.len(), 3 + 1 + 2 + 10 + 2, "{evaluated}");
    assert!(lines[17].ends_with("For relu: --activation relu"), "{evaluated}");
    // Each row counts its images; the answers of all rows are the test images.
    let counts = lines[6..16].iter().map(|row| {
        let fields: Vec<&str> = row.split_whitespace().collect();
        let cells = fields[3..].iter().map(|cell| cell.parse::<usize>().unwrap_or(0));
        assert_eq!(cells.clone().sum::<usize>(), fields[1].parse().expect(row));
        assert_eq!(fields.len(), 13, "{row}");
        cells.sum::<usize>()
    });
    assert_eq!(counts.sum::<usize>(), 20);

    // Training goes on from the file: a run of 0 iterations changes nothing, and overwrites it.
    let before = fs::read(data.join("net.npz")).expect("written");
    in_folder(&data, "--iterations 0 --init net.npz --save net.npz");
    assert_eq!(fs::read(data.join("net.npz")).expect("written"), before);
    let first_loss = |stdout: &str| -> f64 {
        table(stdout)
            .lines()
            .nth(1)
            .expect("a row")
            .split_whitespace()
            .nth(1)
            .expect("a loss")
            .parse()
            .expect("a number")
    };
    let from_nothing = in_folder(&data, "--iterations 1 --batch-size 40");
    let from_there = in_folder(&data, "--iterations 1 --batch-size 40 --init net.npz");
    assert!(first_loss(&from_there) < first_loss(&from_nothing), "{from_there} {from_nothing}");
    // Two runs of the same seed leave the same bytes.
    in_folder(&data, &format!("{options} --save again.npz"));
    assert_eq!(fs::read(data.join("again.npz")).expect("written"), before);
}

#[test]
fn a_relu_net_is_evaluated_as_one() {
    let data = small_data("save-relu");
    let options = "--iterations 40 --batch-size 10 --activation relu";
    let stdout = in_folder(&data, &format!("{options} --save net.npz"));
    let command = "from-zero evaluate --params net.npz --activation relu --data .";
    assert!(stdout.trim_end().ends_with(command), "{stdout}");
    let arguments = command.strip_prefix("from-zero ").expect("our name");
    let arguments = arguments.strip_suffix(" --data .").expect("it names the data");
    assert!(in_folder(&data, arguments).contains("50 hidden units (relu)"));
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
        assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
        assert!(page.contains("of 20.</p>") && page.contains("3 hidden units (sigmoid)"));
        let moment =
            if iterations == "0" { "Before any training" } else { "After the last update" };
        assert!(page.contains(&format!("<p>{moment} it reads ")), "{page}");
        // Here each iteration is an epoch. Of 40 nets every second one is kept, and the last net.
        let nets = match iterations {
            "0" => 1,
            "1" => 2,
            _ => 21,
        };
        assert_eq!(page.matches("{\"iteration\":").count(), nets);
        let command = format!("<td>from-zero train {options} --data=.\n");
        assert!(page.contains(&command), "{command}");
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
        let (_, table) = page.split_once("<table>").expect("a table");
        table.split_once("</table>").expect("an end").0.to_string()
    };
    let table = settings("<b>a&b c.npz");
    assert!(table.contains("the parameters of &lt;b&gt;a&amp;b c.npz\n"), "{table}");
    let command = "<td>from-zero train --iterations=1 --report=run.html --data=. --init ";
    assert!(table.contains(&format!("{command}&#39;&lt;b&gt;a&amp;b c.npz&#39;\n")), "{table}");
    // Characters that change the direction of the text, and quotes: no command.
    let no_command =
        "<th>command<td>not shown: a name in it has characters that a shell may change\n";
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

#[test]
fn one_file_that_cannot_be_written_takes_no_other_along() {
    // A net whose numbers can't be saved: the losses of its run can.
    let data = small_data("one-of-two");
    let mut huge = String::from("--iterations 1 --batch-size 1 --learning-rate 1e200");
    huge += " --save net.npz --record run.npz";
    let arguments = huge.split(' ');
    let ended = run(wide().args(arguments).arg("--data=.").current_dir(&data));
    ended.expect_status(1);
    let said = ended.stderr;
    assert!(said.starts_with("from-zero: can't write net.npz: expected finite numbers"), "{said}");
    assert!(!data.join("net.npz").exists() && data.join("run.npz").is_file());
}

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
    let with = |before: &[&str]| {
        run(wide().args(before).arg(name).arg("--data=.").current_dir(&data))
    };
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
    command.args("--data . --iterations 3000 --hidden 30 --save results/net.npz".split(' '));
    let mut child = command.current_dir(&data).stdout(Stdio::piped()).spawn().expect("it starts");
    let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
    stdout.read_line(&mut String::new()).expect("a line"); // the files were tried before it
    fs::remove_dir_all(&folder).expect("removed");
    stdout.read_to_string(&mut String::new()).expect("text");
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    in_folder(&data, "evaluate --params results/net.npz");
}
