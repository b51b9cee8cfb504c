//! The numbers of the book, and the figures.

use std::fs;
use std::path::Path;

use crate::common::*;

#[test]
fn a_section_of_the_chapter_needs_no_data_if_it_shows_none() {
    let ended = run(wide().args(["chapter", "4.4"]).env("MNIST_DIR", "/nowhere"));
    ended.expect_success();
    assert!(ended.stdout.contains("digits\n\n4.4  Gradient\nsrc/ch04/s4_1_gradient.rs\n"));
    assert!(ended.stdout.contains("\n4.4.1  ") && !ended.stdout.contains("\n4.3"));
    let ended = run(wide().args(["chapter", "4.2.3"]).env("MNIST_DIR", "/nowhere"));
    ended.expect_status(1);
    let data = small_data("chapter");
    for section in ["4.1.2", "4.2.3", "4.5.3", "5.7.3"] {
        let said = refused_in_folder(&data, &format!("chapter {section}"));
        assert_eq!(
            said,
            "expected the 60,000 and 10,000 images of MNIST for the chapter's numbers, found 40 and 20 in ."
        );
    }
    let ended = run(wide().args(["chapter", "9"]));
    ended.expect_status(2);
    assert!(ended.stderr.starts_with("from-zero: no section '9': expected one of preface, 3.2, "));
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
    assert!(ended.stdout.contains("NOT EQUAL: "), "{}", ended.stdout);
    let said = ended.stderr.strip_prefix("from-zero: ").expect("our name").trim_end();
    assert!(said.ends_with(" numbers do not agree, see NOT EQUAL"), "{said}");
    fs::remove_dir_all(&folder).expect("our own folder");
}

#[test]
fn the_figures_are_drawn_as_they_were() {
    // Those that are pure mathematics, and those that follow from the seed alone: the same bytes
    // everywhere. To accept other ones, run this test with UPDATE_GOLDEN set, and look at them.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("command").join("figures");
    let _ = fs::remove_dir_all(&folder);
    let ended = run(wide().args(["figures", "--iterations", "2000", "--out"]).arg(&folder));
    ended.expect_success();
    let written: Vec<&str> = ended.stdout.lines().collect();
    assert_eq!(written.len(), 19);
    assert!(written.iter().all(|path| Path::new(path).is_file()), "{written:?}");

    let golden = fixtures("figures");
    for name in [
        "figure-4-3",
        "figure-4-4",
        "figure-4-5",
        "figure-4-6",
        "figure-4-7",
        "figure-4-8",
        "figure-4-9",
        "figure-4-10",
        "figure-4-11",
        "figure-4-12",
        "error-against-h",
        "overfitting",
        "numerical-and-analytic",
        "graph-apples",
        "graph-apples-and-oranges",
        "graph-sigmoid",
        "graph-affine",
        "graph-softmax-with-loss",
    ] {
        let file = format!("{name}.svg");
        let drawn = fs::read_to_string(folder.join(&file)).expect("written");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::create_dir_all(&golden).expect("a folder");
            fs::write(golden.join(&file), &drawn).expect("written");
        }
        assert!(drawn == fs::read_to_string(golden.join(&file)).expect("golden"), "{file} differs");
    }

    // The times differ from run to run, but not their order: for each of five sizes the naive
    // gradient is above the incremental one, and backpropagation below both.
    let drawn = fs::read_to_string(folder.join("cost-of-a-gradient.svg")).expect("written");
    let markers = drawn.split("<circle ").skip(1).filter(|circle| circle.contains(" r=\"3\""));
    let from_above: Vec<f64> = markers
        .map(|circle| circle.split("cy=\"").nth(1).expect("a place").split('"').next())
        .map(|cy| cy.expect("it ends").parse().expect("a number"))
        .collect();
    assert_eq!(from_above.len(), 15, "{drawn}");
    for size in 0..5 {
        let [naive, incremental, backprop] = [0, 5, 10].map(|method| from_above[method + size]);
        assert!(naive < incremental && incremental < backprop, "{from_above:?}");
    }
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
