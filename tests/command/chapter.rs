//! The numbers of the book, and the figures.

use std::fs;
use std::path::Path;

use crate::common::*;
use from_zero::book::SECTIONS;

#[test]
fn a_section_of_the_chapter_needs_no_data_if_it_shows_none() {
    let ended = run(wide().args(["chapter", "4.4"]).env("MNIST_DIR", "/nowhere"));
    ended.expect_success();
    let headings: Vec<&str> = ended
        .stdout
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_digit()))
        .collect();
    let numbers: Vec<&str> =
        headings.iter().map(|line| line.split("  ").next().unwrap_or("")).collect();
    assert_eq!(numbers, ["4.4", "4.4.1", "4.4.2"], "the sections of chapter 4.4");
    let ended = run(wide().args(["chapter", "4.2.3"]).env("MNIST_DIR", "/nowhere"));
    ended.expect_status(1);
    let data = small_data("chapter");
    for section in ["4.1.2", "4.2.3", "4.5.3", "5.7.3"] {
        let said = refused_in_folder(&data, &format!("chapter {section}"));
        assert_eq!(
            said,
            "expected the 60,000 and 10,000 images of MNIST for the chapter's numbers, found 150 and 70 in ."
        );
    }
    // The beginning of a number, but not of a word or of another number.
    for none in ["9", "s", "pre", "4.42", "4.4.22"] {
        let said = run(wide().args(["chapter", none])).refusal(2);
        let start = format!("no section '{none}': expected one of preface, 3.2, ");
        assert!(said.starts_with(&start), "chapter {none}: expected '{start}…', found '{said}'");
    }
    let [with_dot, without] = ["4.2.", "4.2"]
        .map(|asked| run(wide().args(["chapter", asked]).env("MNIST_DIR", "/nowhere")).refusal(1));
    assert_eq!(with_dot, without, "chapter 4.2. and chapter 4.2");
}

#[test]
fn numbers_that_do_not_agree_are_counted() {
    // As many images as MNIST has, all of them black: where x is 0 no difference has a rounding error.
    let folder = small_data("black");
    for (part, count) in [("train", 60_000), ("t10k", 10_000)] {
        let write = |kind: &str, bytes: &[u8]| {
            fs::write(folder.join(format!("{part}-{kind}-ubyte")), bytes).expect("our own file");
        };
        write("images-idx3", &idx_bytes(&[count, 28, 28], &vec![0; count as usize * 784]));
        write("labels-idx1", &idx_bytes(&[count], &vec![0; count as usize]));
    }
    let ended = run(wide().args(["chapter", "5.7.3", "--data"]).arg(&folder));
    ended.expect_status(1);
    // The differences of black images have no rounding errors: far from the book's, but for b2.
    let marks: String = ended.stdout.chars().filter(|c| ['✓', '✗'].contains(c)).collect();
    assert_eq!(marks, "✗✗✗✓", "chapter 5.7.3 on black images: the marks of W1, b1, W2 and b2");
    let wrong = ended.stdout.lines().filter(|line| line.contains('✗')).count();
    let sentence = format!("from-zero: {wrong} of 4 numbers do not agree, see the lines with ✗");
    assert!(
        (1..4).contains(&wrong) && ended.stderr.starts_with(&sentence),
        "expected '{sentence}', found '{}'",
        ended.stderr
    );

    // The overview has a line for each section, and says which sections are wrong.
    let ended = run(wide().args(["chapter", "--data"]).arg(&folder));
    ended.expect_status(1);
    let (mut all, mut off, mut wrong_sections) = (0.0, 0.0, Vec::new());
    for (line, section) in ended.stdout.lines().zip(SECTIONS) {
        let start = format!("{:<8}{:<47} ", section.number, section.title);
        let counts = line.get("✓ ".len()..).and_then(|line| line.strip_prefix(&start));
        let counts = counts.unwrap_or_else(|| panic!("expected '{start}', found '{line}'"));
        let (sources, wrong) = counts.split_once("; ").unwrap_or((counts, ""));
        all += numbers(sources).iter().sum::<f64>();
        off += numbers(wrong).iter().sum::<f64>();
        assert_eq!(line.starts_with('✗'), wrong.ends_with(" of them WRONG"), "{line}");
        if line.starts_with('✗') {
            wrong_sections.push(section.number);
        }
    }
    assert_eq!(wrong_sections, ["4.1.1", "4.1.2", "4.5.2", "4.5.3", "5.7.3"], "{}", ended.stdout);
    let sentence = format!("from-zero: {off} of {all} numbers do not agree, see the lines with ✗");
    assert!(ended.stderr.starts_with(&sentence), "'{sentence}', found '{}'", ended.stderr);

    // The sections with all their numbers: each with its title, and the file with its code.
    let shown = run(wide().args(["chapter", "4", "--data"]).arg(&folder)).stdout;
    for section in SECTIONS.iter().filter(|section| section.number.starts_with('4')) {
        let heading = format!("\n{}  {}\n{}\n", section.number, section.title, section.file);
        assert!(shown.contains(&heading), "chapter 4: expected the lines{heading}");
    }

    // One test image less is other data.
    let write = |kind: &str, bytes: &[u8]| {
        fs::write(folder.join(format!("t10k-{kind}-ubyte")), bytes).expect("our own file");
    };
    write("images-idx3", &idx_bytes(&[9_999, 28, 28], &vec![0; 9_999 * 784]));
    write("labels-idx1", &idx_bytes(&[9_999], &[0; 9_999]));
    let said = refused_in_folder(&folder, "chapter 4.2.3");
    assert!(said.ends_with(", found 60,000 and 9,999 in ."), "{said}");
    fs::remove_dir_all(&folder).expect("our own folder");
}

#[test]
fn the_figures_are_drawn_as_they_were() {
    // Those that are pure mathematics, and those that follow from the seed alone: the same bytes
    // everywhere. To accept other ones, run this test with UPDATE_GOLDEN set, and look at them.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("command").join("figures");
    let _ = fs::remove_dir_all(&folder);
    let ended = run(wide().args(["figures", "--out"]).arg(&folder));
    ended.expect_success();
    let golden = fixtures("figures");
    let names = ended.stdout.lines().map(|path| Path::new(path).file_name().expect("a name"));
    let names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    let files = fs::read_dir(&golden).expect("the golden files").flatten();
    let files = files.filter(|file| file.path().extension().is_some_and(|end| end == "svg"));
    assert_eq!(files.count(), names.len(), "files in fixtures/figures, and figures drawn");
    for file in names {
        let drawn = fs::read_to_string(folder.join(&file)).expect("written");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::create_dir_all(&golden).expect("a folder");
            fs::write(golden.join(&file), &drawn).expect("written");
        }
        let golden = fs::read_to_string(golden.join(&file)).unwrap_or_default();
        let line = drawn.lines().zip(golden.lines()).position(|(drawn, golden)| drawn != golden);
        assert!(
            drawn == golden,
            "{file} is drawn otherwise than fixtures/figures/{file}, from line {} on. If it is right, run\n  \
             UPDATE_GOLDEN=1 cargo test --test command figures_are_drawn",
            line.map_or(drawn.lines().count().min(golden.lines().count()), |line| line) + 1
        );
    }
    // The legends have the accuracies at the end: the whole run reads 94 of 100 digits, in training as
    // in the test, and a net that learned from 300 images (4.1.2) reads all of these and 80 of 100.
    let end = |file: &str, name: &str| -> f64 {
        let drawn = fs::read_to_string(folder.join(file)).expect("written");
        let (_, rest) = drawn.split_once(&format!(">{name} ")).expect("a legend");
        rest.split('<').next().expect("a text").parse().expect("an accuracy")
    };
    let [train, test] = ["training", "test"].map(|name| end("figure-4-12.svg", name));
    assert!(train >= 0.94 && test >= 0.94 && (train - test).abs() < 0.01, "{train} and {test}");
    let [train, test] = ["training", "test"].map(|name| end("overfitting.svg", name));
    assert!(train == 1.0 && (0.75..0.85).contains(&test), "{train} and {test} from 300 images");
}

#[test]
fn the_help_of_figures_names_what_it_draws() {
    let help = run(wide().args(["figures", "--help"])).stdout;
    for file in fs::read_dir(fixtures("figures")).expect("the golden files") {
        let name = file.expect("a file").file_name().into_string().expect("a name");
        let Some(name) = name.strip_suffix(".svg") else { continue };
        assert!(name.starts_with("figure-4-") || help.contains(name), "{name}: {help}");
    }
}
