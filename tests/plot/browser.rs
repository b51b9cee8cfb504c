//! The page in a browser: `drive.js` draws, clicks and presses keys, and writes down what the page
//! shows. Where no browser is installed, one line says so. With the environment variable
//! FROM_ZERO_BROWSER=required, that is a failure.

use std::collections::HashMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::{assert_close, mnist};
use crate::plot::page::{Shown, data_of, images_of, nets_of, run, trained};
use from_zero::ch03::activation::Activation;
use from_zero::ch04::s2_4_targets::Labels;
use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::ch04::s5_2_training::History;
use from_zero::fast::compressed::CompressedRows;
use from_zero::fast::mini_batch::CompressedDataset;
use from_zero::formats::image::Image;
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::random::Xorshift64Star;
use from_zero::plot::report::{Epochs, Report, page};
use from_zero::trained::own_digit::prepare;

/// The first browser in the folders of `PATH`.
pub fn browser() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let folders = env::var_os("PATH").unwrap_or_default();
    let files = env::split_paths(&folders).flat_map(|folder| names.map(|name| folder.join(name)));
    let found = files.into_iter().find(|file| file.is_file());
    let is_required = env::var("FROM_ZERO_BROWSER").is_ok_and(|value| value == "required");
    assert!(
        found.is_some() || !is_required,
        "FROM_ZERO_BROWSER=required, but there is no chromium or google-chrome in PATH: install one"
    );
    found
}

/// The document after its scripts have run.
pub fn document(browser: &Path, folder: &Path, html: &str) -> String {
    let file = folder.join("page.html");
    fs::write(&file, html).expect("a file of our own");
    let profile = folder.join("profile");
    let _ = fs::remove_dir_all(&profile);
    let mut command = Command::new(browser);
    command.args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"]);
    command.args(["--no-first-run", "--disable-background-networking"]);
    command.args(["--disable-component-update", "--disable-sync", "--window-size=1280,900"]);
    command.args(["--virtual-time-budget=600000", "--dump-dom"]);
    command.arg(format!("--user-data-dir={}", profile.display()));
    let output = command.arg(format!("file://{}", file.display())).output();
    String::from_utf8_lossy(&output.expect("the browser is a program").stdout).into_owned()
}

/// What the page says while `drive.js` uses it. `None` without a browser.
fn said_by(page: &str, name: &str) -> Option<Said> {
    let Some(browser) = browser() else {
        println!("skipped: there is no chromium or google-chrome here to show the page");
        return None;
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("page").join(name);
    fs::create_dir_all(&folder).expect("a folder of our own");
    // Without a window there are no frames.
    let listen = "<body>\n<script>window.errors = [];
        window.requestAnimationFrame = (draw) => setTimeout(draw, 1);
        Object.defineProperty(navigator, 'languages', { value: ['en'] });
        addEventListener('error', (event) => errors.push(event.message));
        for (const kind of ['log', 'warn', 'error']) console[kind] = (text) => errors.push(text);
        </script>";
    let script = format!("<script>{}</script></body>", include_str!("drive.js"));
    let html = page.replacen("<body>", listen, 1).replacen("</body>", &script, 1);
    let document = document(&browser, &folder, &html);
    let (_, result) = document.split_once("<pre id=\"result\">").unwrap_or_else(|| {
        panic!("{}: the script of the test did not end in this browser", browser.display())
    });
    let (result, _) = result.split_once("</pre>").expect("an end");
    println!("driven in {}", browser.display());
    let pair = |line: &str| {
        let (name, value) = line.split_once(':').expect("a name");
        (name.to_string(), value.trim().replace("&amp;", "&"))
    };
    let said: HashMap<String, String> = result.lines().map(pair).collect();
    if let Some(failed) = said.get("failed") {
        panic!("the script of the test failed: {failed}");
    }
    Some(Said(said))
}

struct Said(HashMap<String, String>);

impl Said {
    #[track_caller]
    fn text(&self, name: &str) -> &str {
        self.0.get(name).unwrap_or_else(|| panic!("the page did not show {name:?}"))
    }

    #[track_caller]
    fn numbers(&self, name: &str) -> Vec<f64> {
        let number = |word: &str| word.parse().unwrap_or_else(|_| panic!("{name}: {word:?}"));
        self.text(name).split_whitespace().map(number).collect()
    }

    #[track_caller]
    fn is(&self, name: &str, expected: &str) {
        assert_eq!(self.text(name), expected, "{name}");
    }
}

/// x: (1, 784) of an image of the page.
fn input(shown: &Shown) -> Matrix {
    let values = shown.levels.iter().map(|&level| f64::from(f32::from(level) / 255.0));
    Matrix::from_vec(1, 784, values.collect())
}

/// z1: (1, hidden), by plain loops.
fn hidden_outputs(net: &TwoLayerNet, x: &Matrix) -> Vec<f64> {
    let p = &net.params;
    let h = |a: f64| match net.activation {
        Activation::Relu => a.max(0.0),
        _ => 1.0 / (1.0 + (-a).exp()),
    };
    (0..p.b1.len())
        .map(|j| h(p.b1[j] + (0..784).map(|i| x[(0, i)] * p.w1[(i, j)]).sum::<f64>()))
        .collect()
}

/// The sentence about ten probabilities, as English has it.
fn sentence(y: &[f64], shown: &Shown) -> String {
    let mut order: Vec<usize> = (0..10).collect();
    order.sort_by(|&a, &b| y[b].total_cmp(&y[a]));
    let (best, second) = (order[0], order[1]);
    let (p, q) = (100.0 * y[best], 100.0 * y[second]);
    let answer = match y[best] >= 0.7 {
        true => format!("The net reads {best} ({p:.1} %)."),
        false => format!("Not sure: perhaps {best} ({p:.1} %), or {second} ({q:.1} %)."),
    };
    let index = match shown.index {
        n if n < 1_000 => n.to_string(),
        n => format!("{},{:03}", n / 1_000, n % 1_000),
    };
    format!("{answer} Test image {index}, label {}.", shown.label)
}

/// The colours of the weights of unit j, as `r,g,b` of 784 pixels.
fn weight_colours(net: &TwoLayerNet, j: usize) -> String {
    let weights: Vec<f64> = (0..784).map(|i| net.params.w1[(i, j)]).collect();
    let largest = weights.iter().fold(0.0, |largest: f64, w| largest.max(w.abs()));
    let colours = weights.iter().map(|w| {
        let colour = if *w > 0.0 { [0.0, 115.0, 178.0] } else { [214.0, 94.0, 0.0] };
        let share = (w / largest).abs();
        let [r, g, b] = colour.map(|c| (255.0 - share * (255.0 - c) + 0.5).floor());
        format!("{r},{g},{b}")
    });
    colours.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_browser_shows_what_the_nets_read() {
    let run = trained(50, Activation::Sigmoid, 3_000);
    let settings = [("data", "some <b> data".to_string()), ("training", "short".to_string())];
    let page = page(&Report { settings: &settings, ..run.report() });
    let Some(said) = said_by(&page, "sigmoid") else { return };
    let data = data_of(&page);
    let nets = nets_of(&data);
    let net = &nets[nets.len() - 1].2;

    // Drawing.
    let first = images_of(&data, "images").into_iter().find(|shown| shown.label == 3);
    let first = first.expect("a 3");
    said.is("at first", &sentence(net.predict(&input(&first)).row(0), &first));
    for size in ["normal", "small", "tiny", "large"] {
        let read = said.text(&format!("drawn {size}"));
        let right = read.split(' ').enumerate().filter(|(k, digit)| k.to_string() == *digit);
        assert!(right.count() >= 9, "{size} digits 0 to 9 were read as {read}");
    }
    let dot = said.text("dot");
    assert!(dot.starts_with("Not sure, a dot is too little ink: perhaps "), "{dot}");
    said.is("buttons", "Undo Clear");
    said.is("activation", "sigmoid");
    said.is("undo", "true");
    said.is("second finger draws", "false");
    said.is("escape", "Nothing drawn yet.");
    said.is("shift", "Nothing drawn yet. 65%");
    said.is("keys", "1");
    said.is("backspace", "Nothing drawn yet.");
    // The pen was at 50 % and 75 %, at the end of the line of ten steps.
    said.is("pen", "45% 65%");
    said.is("backspace takes one stroke", "true");
    said.is("square", "true false false");
    let images = images_of(&data, "images");
    let random = &images[images.len() * 35 / 100];
    said.is("random", &sentence(net.predict(&input(random)).row(0), random));
    said.is("square is the image", "true");

    assert_page_reads_its_images(&said, &data.get("images").list().len(), &page);
    assert_why(&said, net, &images_of(&data, "images")[0]);

    // The slider.
    let accuracies = &run.history.accuracies;
    let mut cells = said.text("cells").split(' ');
    assert_eq!(cells.next_back(), Some("0"), "the last net reads the 0 that is drawn");
    for (k, (iteration, test, net)) in nets.iter().enumerate() {
        let is_end = k + 1 == nets.len();
        let name = match (is_end, iteration) {
            (true, _) => "the end, after 3,000 updates".to_string(),
            (_, 0..1_000) => format!("iteration {iteration}"),
            _ => format!("iteration {},{:03}", iteration / 1_000, iteration % 1_000),
        };
        let share: f64 = test.parse().expect("a number");
        let epoch = accuracies.iter().find(|(at, _)| at == iteration);
        if let Some((_, accuracy)) = epoch.filter(|_| !is_end) {
            assert_eq!(share, accuracy.test, "the accuracy of net {k}");
        }
        // The accuracy is not measured between epochs.
        let when = match share.is_nan() {
            true => name,
            false => format!("{name}: it reads {:.2} % of the test images", 100.0 * share),
        };
        let (found, digit) = said.text(&format!("net {k}")).split_once(" | ").expect("two parts");
        assert_eq!(found, when, "net {k}");
        said.is(&format!("spoken value {k}"), &when);
        // The title of a cell: the net, its answer, and the probability, which the shade shows, too.
        let (title, answer) =
            said.text(&format!("title {k}")).split_once(" | ").expect("an answer");
        let (answer, probability) = answer.split_once(": ").expect("a probability");
        assert_eq!((title, answer), (when.as_str(), digit), "the title of cell {k}");
        let probability: f64 = probability.parse().expect("a number");
        let shade = said.numbers("shades")[k];
        assert!((shade - 0.6 * probability).abs() < 0.001, "cell {k}: {shade}, {probability}");
        assert!(is_end || share.is_nan() != epoch.is_some(), "net {k}: accuracy {share}");
        assert_eq!(digit, said.text("cells").split(' ').nth(k).expect("a cell"), "cell {k}");
        said.is(&format!("chosen {k}"), &k.to_string());
        assert!(said.text(&format!("gallery {k}")) == weight_colours(net, 1), "unit 1 of net {k}");
        let large = weight_colours(net, 49);
        assert!(said.text(&format!("weights {k}")) == large, "the large picture of net {k}");
        // Both curves: from 54 to 396 pixels; 3,000 iterations, 4 epochs of 600.
        said.is(&format!("mark ends {k}"), "true true");
        let marks = said.numbers(&format!("marks {k}"));
        let at = *iteration as f64;
        let expected = [54.0 + 342.0 * at / 3_000.0, (54.0 + 342.0 * at / 2_400.0).min(396.0)];
        assert_close(&marks, &expected, 0.06);
    }
    said.is("spoken", "true");
    said.is("clicked cell", "1");
    for curve in 0..2 {
        said.is(&format!("clicked curve {curve} left"), "0");
    }
    // The last net, or that of the last epoch, which has the same place on the axis of epochs.
    let last = nets.len() - 1;
    said.is("clicked curve 0 right", &last.to_string());
    let right = said.text("clicked curve 1 right");
    assert!([last - 1, last].map(|k| k.to_string()).contains(&right.to_string()), "{right}");

    assert_confusion_and_mistakes(&said, &page);
    assert_learning(&said, &page);

    // The projector and the languages.
    said.is("projector", "draw why");
    said.is("projector other", "draw weight");
    for (language, title, figure) in [
        ("en", "A net that reads digits", "Figure 4-11: loss"),
        ("ja", "数字を読むニューラルネットワーク", "図4-11：損失関数の推移"),
        ("zh", "识别数字的神经网络", "图 4-11：损失函数的推移"),
        ("ko", "숫자를 읽는 신경망", "그림 4-11: 손실"),
    ] {
        let shown = said.text(&format!("language {language}"));
        assert!(shown.starts_with(&format!("{language} | {title} | ")), "{shown}");
        assert!(shown.ends_with(&format!(" | {figure}")), "{shown}");
        said.is(&format!("marked {language}"), language);
        said.is(&format!("empty {language}"), "");
    }
    let y = net.predict(&mnist().test.images.to_matrix()).argmax_rows();
    let right = mnist().test.labels.count_equal(&y);
    let accuracy = format!(
        "After the last update it reads {:.2} % of the test images: {},{:03} of 10,000.",
        right as f64 / 100.0,
        right / 1_000,
        right % 1_000
    );
    assert!(said.text("language en").contains(&accuracy), "{accuracy}");
    said.is("settings", "data training");

    // The page prepares a drawing as `predict --image` does.
    for digit in [0, 1, 4, 7] {
        let ink = said.numbers(&format!("picture of {digit}"));
        let grey: Vec<u16> = ink.iter().map(|&level| level as u16 * 257).collect();
        let side = grey.len().isqrt();
        let picture = Image::new(side, side, grey).expect("a square");
        let prepared = prepare(&picture).expect("ink");
        assert_close(&said.numbers(&format!("prepared {digit}")), prepared.0.as_slice(), 1e-9);
    }
    said.is("hidden", "pen diverged");
    said.is("errors", "");
}

/// The answer, the bars and the marks for the page's test images.
#[track_caller]
fn assert_page_reads_its_images(said: &Said, count: &usize, page: &str) {
    let data = data_of(page);
    let nets = nets_of(&data);
    let (_, _, net) = &nets[nets.len() - 1];
    let images = images_of(&data, "images");
    assert_eq!(images.len(), *count);
    let mut unsure = 0;
    for (n, shown) in images.iter().enumerate() {
        let y = net.predict(&input(shown));
        let (y, best) = (y.row(0), y.argmax_rows()[0]);
        let is_unsure = y[best] > 0.501 && y[best] < 0.699;
        if n % 5 == 0 || is_unsure {
            let expected = format!("{best} | {}", sentence(y, shown));
            assert_eq!(said.text(&format!("image {n}")), expected, "image {n}");
        }
        unsure += usize::from(is_unsure);
        if n % 20 == 0 {
            assert_close(&said.numbers(&format!("y {n}")), y, 1e-12);
            let percents: Vec<f64> = y.iter().map(|v| 100.0 * v).collect();
            assert_close(&said.numbers(&format!("widths {n}")), &percents, 0.01);
            assert_close(&said.numbers(&format!("values {n}")), y, 0.000_51);
            said.is(&format!("marked {n}"), &shown.label.to_string());
            said.is(&format!("best {n}"), &best.to_string());
        }
    }
    assert!(unsure > 3, "{unsure} images tell a threshold of 0.5 from 0.7");
    // Ink is black, and paper is white.
    let greys: Vec<f64> = images[0].levels.iter().map(|&level| 255.0 - f64::from(level)).collect();
    assert_close(&said.numbers("seen"), &greys, 1.0);
}

/// The units that speak for and against the answer, by plain loops.
#[track_caller]
fn assert_why(said: &Said, net: &TwoLayerNet, shown: &Shown) {
    let x = input(shown);
    let z1 = hidden_outputs(net, &x);
    let largest = match net.activation {
        Activation::Relu => z1.iter().fold(0.0, |a: f64, &b| a.max(b)),
        _ => 1.0,
    };
    let widths: Vec<f64> = z1.iter().map(|z| 100.0 * z / largest).collect();
    assert_close(&said.numbers("z1"), &widths, 0.01);
    let best = net.predict(&x).argmax_rows()[0];
    said.is("why", &format!("Why {best}?"));
    said.is("why other", "Why 5?");
    let sides = said.text("sides");
    let expected = (format!("for {best}: for, "), format!("against {best}: against"));
    let is_right = sides.to_lowercase().contains(&expected.0) && sides.ends_with(&expected.1);
    assert!(is_right, "expected {expected:?}, found {sides}");
    said.is("pressed bar", &best.to_string());
    said.is("pressed bar other", "5");
    said.is("units title", &format!("All {} hidden units", z1.len()));
    let weight = net.params.w1[(28 * 14 + 10, z1.len() - 1)];
    said.is("weight under the mouse", &format!("row 14, column 10: {weight:.3}"));
    let signed = |v: f64| format!("{}{:.2}", if v < 0.0 { "−" } else { "+" }, v.abs());
    for (digit, name) in [(best, "score"), (5, "score other")] {
        let shares: Vec<f64> =
            z1.iter().enumerate().map(|(j, z)| z * net.params.w2[(j, digit)]).collect();
        let sum = |sign: f64| shares.iter().filter(|v| **v * sign > 0.0).sum::<f64>();
        let b = net.params.b2[digit];
        let number = |v: f64| format!("{v:.2}").replace('-', "−");
        let expected = format!(
            "Score of {digit}: a2 = b2 + the sum of z1 · W2 = {} + {} − {} = {}",
            number(b),
            number(sum(1.0)),
            number(-sum(-1.0)),
            number(net.scores(&x)[(0, digit)])
        );
        assert_eq!(said.text(name), expected, "{name}");
        if digit == best {
            for (side, sign) in [("for", 1.0), ("against", -1.0)] {
                let mut order: Vec<usize> = (0..z1.len()).collect();
                order.retain(|&j| shares[j] * sign > 0.0);
                order.sort_by(|&a, &b| (sign * shares[b]).total_cmp(&(sign * shares[a])));
                let texts: Vec<String> = (order.iter().take(6))
                    .map(|&j| format!("Hidden unit {j}: {}", signed(shares[j])))
                    .collect();
                assert_eq!(said.text(side), texts.join(" | "), "most {side}");
                let colours = order.first().map_or(String::new(), |&j| weight_colours(net, j));
                assert!(said.text(&format!("picture {side}")) == colours, "the picture {side}");
            }
        }
    }
    let last = z1.len() - 1;
    let w = net.params.w2[(last, 5)];
    let unit = format!(
        "Unit {last}: z1 = {:.3}, W2 for 5 = {}, z1 · W2 = {}",
        z1[last],
        format!("{w:.2}").replace('-', "−"),
        signed(z1[last] * w)
    );
    assert_eq!(said.text("unit"), unit);
    said.is("pressed units", &last.to_string());
    let (label, text) = said.text("most").split_once(" | ").expect("two parts");
    let unit = label.trim_start_matches("Hidden unit ").split(':').next().expect("a unit");
    assert!(text.starts_with(&format!("Unit {unit}: ")), "the unit {label} shows {text}");
}

#[track_caller]
fn assert_confusion_and_mistakes(said: &Said, page: &str) {
    let data = data_of(page);
    let counts: Vec<f64> = (data.get("counts").list().iter())
        .flat_map(|row| row.list().iter().map(|count| count.whole() as f64))
        .collect();
    assert_eq!(said.numbers("table"), counts, "rows are labels, columns are answers");
    let alphas: Vec<f64> = (0..100)
        .map(|k| {
            let (label, answer) = (k / 10, k % 10);
            let share = counts[k] / counts[10 * label..][..10].iter().sum::<f64>();
            if label == answer { 0.5 * share } else { 0.6 * (10.0 * share).min(1.0) }
        })
        .collect();
    assert_close(&said.numbers("alphas"), &alphas, 1e-9);
    // A cell and a mistake go into the square: what it reads is the column, its label is the row.
    let [cell, digit, answer] = said.text("cell").split(" | ").collect::<Vec<_>>()[..] else {
        panic!("three parts")
    };
    let (label, column) = cell.split_once(' ').expect("two digits");
    assert_eq!(digit, column, "the example of {label} taken for {column}");
    assert!(answer.ends_with(&format!(", label {label}.")), "{cell}: {answer}");
    let at = 10 * label.parse::<usize>().expect("a digit") + column.parse::<usize>().expect("one");
    said.is("cell label", &format!("{} images of {label}, read as {column}", counts[at]));

    let mistakes = images_of(&data, "mistakes");
    let caption = |m: &Shown| {
        let index = match m.index {
            n if n < 1_000 => n.to_string(),
            n => format!("{},{:03}", n / 1_000, n % 1_000),
        };
        format!("{}, taken for {} (test image {index})", m.label, m.answer)
    };
    let captions: Vec<String> = mistakes.iter().map(caption).collect();
    assert_eq!(said.text("captions"), captions.join(" | "));
    // Each card: the picture of its mistake, and the probabilities of the last net.
    let nets = nets_of(&data);
    let (_, _, net) = &nets[nets.len() - 1];
    let y: Vec<f64> = mistakes.iter().flat_map(|m| net.predict(&input(m)).into_vec()).collect();
    assert_close(&said.numbers("card bars"), &y, 0.000_51);
    let paper = |level: &u8| 255.0 - f64::from(*level);
    let greys: Vec<f64> = mistakes.iter().flat_map(|m| m.levels.iter().map(paper)).collect();
    assert_close(&said.numbers("card pictures"), &greys, 1.0);
    said.is("heads", "0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9");
    said.is("diagonal", "true");
    let counts = format!("1000 1000 {}", 2 * net.params.count());
    said.is("counts in the text", &counts);
    let labels: Vec<f64> = mistakes.iter().map(|m| m.label as f64).collect();
    assert_eq!(said.numbers("ticks"), labels, "✓ marks the right digit");
    let first = &mistakes[0];
    let mistake = said.text("mistake");
    assert!(mistake.starts_with(&format!("{} | ", first.answer)), "{mistake}");
    assert!(mistake.ends_with(&format!(", label {}.", first.label)), "{mistake}");
}

/// The net that learns in the page, and one of its weights, against the library.
#[track_caller]
fn assert_learning(said: &Said, page: &str) {
    let data = data_of(page);
    let start = &nets_of(&data)[0].2;
    let training = images_of(&data, "training");
    let testing = images_of(&data, "images");
    let batch = |images: &[Shown]| {
        let rows: Vec<f64> = images.iter().flat_map(|shown| input(shown).into_vec()).collect();
        let labels = images.iter().map(|shown| shown.label).collect();
        (Matrix::from_vec(images.len(), 784, rows), Labels::new(labels))
    };
    let ((x, t), (test_x, test_t)) = (batch(&training), batch(&testing));
    let shown = |net: &TwoLayerNet, steps: usize| {
        let right = test_t.count_equal(&net.predict(&test_x).argmax_rows());
        let loss =
            if steps == 0 { "–".to_string() } else { format!("{:.4}", net.exact_loss(&x, &t)) };
        format!("{steps} {loss} {right}")
    };
    said.is("learner at first", &shown(start, 0));
    let mut net = start.clone();
    for step in 1..=11 {
        let gradient = net.gradient(&x, &t);
        net.params.descend(&gradient, 0.5);
        if step == 1 {
            said.is("learner after one step", &shown(&net, 1));
        }
    }
    said.is("learner after eleven steps", &shown(&net, 11));
    let counters: Vec<String> = shown(&net, 11).split(' ').map(str::to_string).collect();
    let spoken =
        format!("step {}, loss {}, read rightly {} of ", counters[0], counters[1], counters[2]);
    let found = said.text("spoken counters");
    assert!(found.to_lowercase().starts_with(&spoken), "expected '{spoken}…', found '{found}'");
    let shown_ones = said.text("shown counters").to_lowercase();
    let without_commas = spoken.replace(',', "");
    assert!(shown_ones.starts_with(&without_commas), "'{without_commas}…', found '{shown_ones}'");
    said.is("rate and batch", "0.5 1,000");
    let rows = "w = W1[405][0]: weight-value, L(w + h): weight-above, L(w − h): weight-below, \
                (L(w + h) − L(w − h)) / 2h: weight-quotient, backpropagation: weight-backprop, \
                difference: weight-difference";
    said.is("rows of numbers", rows);
    assert!(said.text("learner picture") == weight_colours(&net, 1), "unit 1 of the learning net");
    said.is("loss chart", "0.0 0.5 1.0 1.5 2.0 2.5 0 20 40 60 80 100 step");
    // From the left edge, 356 pixels are 100 steps. The dot is at the last one.
    assert_close(&said.numbers("loss chart dot"), &[52.0 + 356.0 * 0.11], 0.05);
    said.is("learner repeats", "true");
    said.is("fewer images", "true");
    let mut slower = start.clone();
    slower.params.descend(&start.gradient(&x, &t), 0.1);
    said.is("learner at another rate", &shown(&slower, 1));
    said.is("run button", "Stop");
    let (counters, rest) = said.text("learner after a run").split_once(" | ").expect("parts");
    assert_eq!(rest, "true | Run", "after Stop, the net learns no more");
    let counters: Vec<f64> =
        counters.split(' ').map(|number| number.parse().expect("a number")).collect();
    assert!(counters[0] >= 100.0 && counters[1] < 2.2, "steps, loss, right: {counters:?}");
    assert!(counters[2] > 60.0, "of 200 test images it reads {} rightly", counters[2]);
    said.is("loss curve", &counters[0].to_string());
    said.is("learner reads", "true");
    assert!(said.text("learner with relu").starts_with("0 – "), "another activation starts again");
    said.is("diverged", "false");

    // One weight, both ways, for the first 100 training images and the net at the start.
    let (x, t) = batch(&training[..100]);
    let d = start.gradient(&x, &t);
    let check = |name: &str, title: &str, part: usize, index: usize, h: f64| {
        let (found, numbers) = said.text(name).split_once(" | ").expect("two parts");
        assert_eq!(found, title);
        let numbers: Vec<f64> =
            numbers.split(' ').map(|number| number.parse().expect("a number")).collect();
        let with = |by: f64| {
            let mut net = start.clone();
            let params = &mut net.params;
            match part {
                0 => params.w1.as_mut_slice()[index] += by,
                _ => params.w2.as_mut_slice()[index] += by,
            }
            net.exact_loss(&x, &t)
        };
        let (above, below) = (with(h), with(-h));
        let (quotient, derivative) = ((above - below) / (2.0 * h), d.parts()[part].1[index]);
        let weight = start.params.parts()[part].1[index];
        assert_close(&numbers[..3], &[weight, above, below], 1e-11);
        assert_close(&numbers[3..5], &[quotient, derivative], 1e-10);
        let off = (quotient - derivative).abs();
        assert!((numbers[5] - off).abs() < 0.1 * off + 1e-10, "{name}: difference {}", numbers[5]);
    };
    // The chart of the loss from w − 4 to w + 4, for h = 1: 356 × 188 pixels.
    let index = 405 * 50;
    let with = |by: f64| {
        let mut net = start.clone();
        net.params.w1.as_mut_slice()[index] += by;
        net.exact_loss(&x, &t)
    };
    let curve: Vec<f64> = (0..65).map(|k| with(4.0 * (f64::from(k) / 32.0 - 1.0))).collect();
    let low = curve.iter().copied().fold(f64::INFINITY, f64::min);
    let high = curve.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let room = (0.15 * (high - low)).max(1e-3);
    let pixel = |loss: f64| 188.0 * (1.0 - (loss - low + room) / (high - low + 2.0 * room));
    let heights = |n: usize| -> Vec<f64> {
        said.numbers(&format!("weight line {n}")).as_chunks().0.iter().map(|&[_, y]| y).collect()
    };
    let pixels: Vec<f64> = curve.iter().map(|&loss| pixel(loss)).collect();
    assert_close(&heights(0), &pixels, 0.06);
    let (above, below, middle) = (with(1.0), with(-1.0), with(0.0));
    let line = |at: f64, slope: f64| [-4.0, 4.0].map(|by| pixel(at + slope * by));
    assert_close(&heights(1), &line(middle, d.w1.as_slice()[index]), 0.06);
    assert_close(&heights(2), &line((above + below) / 2.0, (above - below) / 2.0), 0.06);
    assert_close(&said.numbers("weight dots"), &[10.0 + pixel(above), 10.0 + pixel(below)], 0.06);
    // The chart of the difference of both derivatives, for h from 1e-12 to 1, from right to left. For
    // small h the difference is rounding, which has other digits here.
    let h_line = said.numbers("h line");
    for (k, &[across, down]) in h_line.as_chunks().0.iter().enumerate() {
        let h = 10_f64.powf(-(k as f64) / 2.0);
        assert!(
            (across - 356.0 * (12.0 - k as f64 / 2.0) / 12.0).abs() < 0.06,
            "h = {h}: {across}"
        );
        let off = ((with(h) - with(-h)) / (2.0 * h) - d.w1.as_slice()[index]).abs();
        let expected = 188.0 * (1.0 - (off.max(1e-17).log10() + 17.0) / 18.0);
        assert!(k > 2 || off > 1e-8, "h = {h}: the truncation must show, found {off}");
        if off > 1e-8 && k < 6 {
            assert!((down - expected).abs() < 0.1, "h = {h}: {down}, expected {expected}");
        }
    }
    assert_close(&said.numbers("h dot"), &[52.0 + 356.0], 0.06);
    assert_close(&said.numbers("h dot of 1e-4"), &[52.0 + 356.0 * 8.0 / 12.0], 0.06);
    check("weight", "w = W1[405][0]", 0, 405 * 50, 1e-4);
    check("weight with h = 1", "w = W1[405][0]", 0, 405 * 50, 1.0);
    check("weight of W2", "w = W2[1][7]", 2, 17, 1e-4);
    said.is("weight h", "h = 1");
    // The chart is 356 pixels wide from 52, for w − 4 to w + 4.
    assert_close(&said.numbers("dots with h = 1"), &[274.5, 185.5], 0.06);
    said.is("weight lines", "one 65, three 2, two 2");
    said.is("h curve", "25");
    let w = start.params.parts()[0].1[405 * 50];
    let ticks = [w - 4.0, w, w + 4.0].map(|v| format!("{v:.2}")).join(" ");
    said.is("weight ticks", &ticks);
    said.is("weight of a pixel", "w = W1[569][1]");
    // The eight pixels around row 20 and column 9.
    let around = [540, 541, 542, 568, 570, 596, 597, 598].map(|i: usize| i.to_string()).join(" ");
    said.is("frame", &around);
    said.is("weight of a unit", "w = W1[569][2]");
    said.is("weight beyond", "w = W1[569][49]");
}

#[test]
fn a_browser_shows_a_relu_net_as_one() {
    let page = page(&run(Activation::Relu).report());
    let Some(said) = said_by(&page, "relu") else { return };
    let data = data_of(&page);
    let nets = nets_of(&data);
    let net = &nets[nets.len() - 1].2;
    for n in (0..200).step_by(20) {
        let y = net.predict(&input(&images_of(&data, "images")[n]));
        assert_close(&said.numbers(&format!("y {n}")), y.row(0), 1e-12);
    }
    assert_why(&said, net, &images_of(&data, "images")[0]);
    said.is("activation", "relu");
    said.is("errors", "");
}

#[test]
fn a_page_about_almost_nothing_works() {
    // One hidden unit, no update, no images, and then a net without probabilities.
    let mut net = TwoLayerNet::new(784, 1, 10, 0.01, &mut Xorshift64Star::new(0));
    let none = CompressedDataset {
        images: CompressedRows::new(&[], 784, [0.0; 256]),
        labels: Labels::new(vec![]),
    };
    let (epochs, history) = (Epochs::default(), History::default());
    for (weight, expected) in [
        (0.5, "Not sure, a dot is too little ink: perhaps "),
        (f64::INFINITY, "The net's numbers are too large: its probabilities are no numbers."),
    ] {
        net.params.w2[(0, 3)] = weight;
        let (train, test, epochs, history) = (&none, &none, &epochs, &history);
        let report = Report { settings: &[], net: &net, epochs, history, train, test, threads: 1 };
        let Some(said) = said_by(&page(&report), "nothing") else { return };
        said.is("at first", "Nothing drawn yet.");
        assert!(said.text("dot").starts_with(expected), "{}", said.text("dot"));
        assert!(said.text("language en").contains(" | There are no test images. | "));
        // There is nothing to choose with the slider, no test image, and nothing to learn from.
        let hidden = said.text("hidden");
        for id in ["random", "epochs", "learn", "weight"] {
            assert!(hidden.split(' ').any(|found| found == id), "{id} is shown: {hidden}");
        }
        said.is("errors", "");
    }
}
