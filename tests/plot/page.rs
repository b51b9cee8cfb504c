//! The page about a run, in a browser: digits are drawn as a hand draws them, and the page must read
//! them. Where no browser is installed, the test says so and passes.

use std::collections::HashMap;
use std::env;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::{assert_close, mnist};
use from_zero::ch04::s2_4_targets::Labels;
use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::ch04::s5_2_training::History;
use from_zero::fast::compressed::CompressedRows;
use from_zero::fast::mini_batch::CompressedDataset;
use from_zero::fast::training::{Event, Settings, fast_train_with_reports};
use from_zero::formats::image::Image;
use from_zero::numeric::random::Xorshift64Star;
use from_zero::plot::report::{Epochs, Report, page};
use from_zero::trained::own_digit::prepare;

/// The first browser in the folders of `PATH`.
fn browser() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let folders = env::var_os("PATH").unwrap_or_default();
    let files = env::split_paths(&folders).flat_map(|folder| names.map(|name| folder.join(name)));
    files.into_iter().find(|file| file.is_file())
}

/// The document after its scripts have run.
fn document(browser: &Path, folder: &Path, html: &str) -> String {
    let file = folder.join("page.html");
    fs::write(&file, html).expect("a file of our own");
    let mut command = Command::new(browser);
    command.args(["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=60000"]);
    command.arg(format!("--user-data-dir={}", folder.join("profile").display()));
    command.arg("--dump-dom").arg(format!("file://{}", file.display()));
    let output = command.output().expect("the browser is a program");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What the page says while the script of `page.js` uses it. `None` without a browser.
fn said_by(report: &Report, name: &str) -> Option<HashMap<String, String>> {
    let Some(browser) = browser() else {
        println!("skipped: there is no chromium or google-chrome here");
        return None;
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("page").join(name);
    fs::create_dir_all(&folder).expect("a folder of our own");
    let works = "<script>document.write('<p>it' + ' works')</script>";
    if !document(&browser, &folder, works).contains("it works") {
        println!("skipped: {} does not show a page", browser.display());
        return None;
    }
    // Without a window there are no frames.
    let listen = "<body>\n<script>window.errors = [];
        window.requestAnimationFrame = (draw) => setTimeout(draw, 1);
        addEventListener('error', (event) => errors.push(event.message));
        for (const kind of ['log', 'warn', 'error']) console[kind] = (text) => errors.push(text);
        </script>";
    let script = format!("<script>{}</script></body>", include_str!("page.js"));
    let html = page(report).replacen("<body>", listen, 1).replacen("</body>", &script, 1);
    let document = document(&browser, &folder, &html);
    let (_, result) = document.split_once("<pre id=\"result\">").expect("the script ends");
    let (result, _) = result.split_once("</pre>").expect("an end");
    let pair = |line: &str| {
        let (name, value) = line.split_once(": ").expect("a name");
        (name.to_string(), value.to_string())
    };
    Some(result.lines().map(pair).collect())
}

#[test]
fn a_browser_reads_digits_of_every_size() {
    let mut rng = Xorshift64Star::new(0);
    let mut net = TwoLayerNet::new(784, 50, 10, 0.01, &mut rng);
    let mut epochs = Epochs::default();
    let history =
        fast_train_with_reports(&mut net, mnist(), &Settings::new(3_000, 2), &mut rng, |event| {
            if let Event::Epoch { iteration, accuracy, net, .. } = event {
                epochs.keep(iteration, accuracy.test, net);
            }
            ControlFlow::Continue(())
        });
    let history = history.expect("a finite loss");
    let (settings, test) = (&[], &mnist().test);
    let report =
        Report { settings, net: &net, epochs: &epochs, history: &history, test, threads: 2 };
    let Some(result) = said_by(&report, "digits") else { return };
    let said = |name: &str| result[name].as_str();

    assert_eq!(said("at first"), "Nothing drawn yet.");
    for size in ["normal", "small", "tiny", "large"] {
        let answers: Vec<String> =
            (0..10).map(|digit| said(&format!("{size} {digit}")).to_string()).collect();
        let is_right = |(digit, answer): (usize, &String)| {
            let a = if digit == 8 { "an" } else { "a" };
            answer.contains(&format!("The net reads {a} {digit} with "))
                || answer.contains(&format!("perhaps {a} {digit} with "))
        };
        let right = answers.iter().enumerate().filter(|&answer| is_right(answer)).count();
        assert!(right >= 9, "{size}: {right} of 10: {answers:#?}");
    }
    assert!(said("dot").starts_with("Not sure, a dot is too little ink: perhaps "), "{result:?}");
    assert_eq!(said("undo"), "true");
    assert!(!said("one key").contains("dot"), "{}", said("one key"));
    assert!(said("keys").contains("a 1 with"), "{}", said("keys"));
    assert_eq!(said("backspace"), "Nothing drawn yet.");

    let at_first = "iteration 0: it reads ";
    assert!(said("net 0").starts_with(at_first) && said("net 0").contains("| Not sure: "));
    let at_end = "the end, after 3,000 updates: it reads ";
    assert!(
        said("net 5").starts_with(at_end) && said("net 5").contains("| The net reads a 0 with")
    );
    assert!(said("answers").ends_with("0 0 0") && said("answers").len() == 11);
    assert!(said("hidden units").starts_with("Weights of unit 0: z1 = 0."), "{result:?}");
    let (answer, right) = said("test image").split_once(" | ").expect("two parts");
    let label = right.split(' ').next().expect("a digit");
    assert!(answer.contains(" Test image ") && right.contains('✓'), "{answer} | {right}");
    assert!(answer.ends_with(&format!(" {label}.")), "{answer} | {right}");

    let numbers = |name: &str| -> Vec<f64> {
        said(name).split(' ').map(|number| number.parse().expect("a number")).collect()
    };
    for image in (0..20).map(|k| 100 * k) {
        let (x, _) = mnist().test.select(&[image]);
        let y = numbers(&format!("y of {image}"));
        assert_close(&y, net.predict(&x.to_matrix()).as_slice(), 1e-3);
    }
    // The page prepares a drawing as `predict --image` does.
    for digit in [0, 1, 4, 7] {
        let ink = numbers(&format!("picture of {digit}"));
        let grey: Vec<u16> = ink.iter().map(|&level| level as u16 * 257).collect();
        let side = grey.len().isqrt();
        let prepared = prepare(&Image::new(side, side, grey).expect("a square")).expect("ink").0;
        assert_close(&numbers(&format!("prepared {digit}")), prepared.as_slice(), 1e-9);
    }
    assert_eq!((said("hidden"), said("errors")), ("pen", ""));
}

#[test]
fn a_page_about_almost_nothing_works() {
    // One hidden unit, no update, no test images, and then a net without probabilities.
    let mut net = TwoLayerNet::new(784, 1, 10, 0.01, &mut Xorshift64Star::new(0));
    let test = CompressedDataset {
        images: CompressedRows::new(&[], 784, [0.0; 256]),
        labels: Labels::new(vec![]),
    };
    let (epochs, history) = (Epochs::default(), History::default());
    for (weight, expected) in [
        (0.5, "Not sure: perhaps a"),
        (f64::INFINITY, "The net's numbers are too large: its probabilities are no numbers."),
    ] {
        net.params.w2[(0, 3)] = weight;
        let (settings, epochs, history) = (&[], &epochs, &history);
        let report = Report { settings, net: &net, epochs, history, test: &test, threads: 1 };
        let Some(said) = said_by(&report, "nothing") else { return };
        assert!(said["normal 3"].starts_with(expected), "{said:?}");
        // There is nothing to choose with the slider, and no test image.
        assert_eq!((said["hidden"].as_str(), said["errors"].as_str()), ("pen random epochs", ""));
    }
}
