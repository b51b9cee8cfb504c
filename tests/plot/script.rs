//! The page's script without a browser: its pure functions run in Node.js where it is installed, and
//! otherwise in the browser. They must compute what the library computes.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::common::{assert_close, mnist};
use crate::plot::browser::{browser, document};
use crate::plot::page::{data_of, nets_of, run};
use crate::plot::reader::texts;
use from_zero::ch03::activation::Activation;
use from_zero::plot::report::page;

const NET: &str = include_str!("../../src/plot/page/net.js");
const LANGUAGE: &str = include_str!("../../src/plot/page/language.js");
const OTHERS: [&str; 7] = [
    include_str!("../../src/plot/page/pictures.js"),
    include_str!("../../src/plot/page/drawing.js"),
    include_str!("../../src/plot/page/reading.js"),
    include_str!("../../src/plot/page/why.js"),
    include_str!("../../src/plot/page/learn.js"),
    include_str!("../../src/plot/page/weight.js"),
    include_str!("../../src/plot/page/page.js"),
];

/// What this JavaScript writes with `write(name, numbers or text)`, after the two files of the page
/// that use no document. `None` if there is no interpreter.
fn written_by(name: &str, script: &str) -> Option<HashMap<String, String>> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("script").join(name);
    fs::create_dir_all(&folder).expect("a folder of our own");
    let write = "const lines = [];
        const write = (name, value) =>
          lines.push(`${name}: ${typeof value === 'object' ? [...value].join(' ') : value}`);\n";
    let whole = format!("'use strict';\n{NET}{LANGUAGE}{write}{script}");
    let file = folder.join("script.js");
    fs::write(&file, format!("{whole}\nconsole.log(lines.join('\\n'));")).expect("written");
    let result = match Command::new("node").arg(&file).output() {
        Ok(output) => {
            let errors = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "node ended with an error: {errors}");
            String::from_utf8_lossy(&output.stdout).into_owned()
        }
        Err(_) => {
            let Some(browser) = browser() else {
                println!("skipped: there is no node and no browser here to run the page's script");
                return None;
            };
            let show = "document.body.innerHTML = '<pre id=\"result\"></pre>';
                document.getElementById('result').textContent = lines.join('\\n') + '\\n';";
            let html = format!("<body><script>{whole}\n{show}</script></body>");
            let document = document(&browser, &folder, &html);
            let (_, result) = document.split_once("<pre id=\"result\">").expect("the script ends");
            result.split_once("</pre>").expect("an end").0.replace("&gt;", ">")
        }
    };
    let pair = |line: &str| {
        let (name, value) = line.split_once(": ").unwrap_or((line, ""));
        (name.to_string(), value.to_string())
    };
    Some(result.lines().map(pair).collect())
}

#[track_caller]
fn numbers(written: &HashMap<String, String>, name: &str) -> Vec<f64> {
    let text = written.get(name).unwrap_or_else(|| panic!("the script did not write {name}"));
    let number = |word: &str| word.parse().unwrap_or_else(|_| panic!("{name}: {word}"));
    text.split(' ').map(number).collect()
}

/// The data of a page, as a line of the script.
fn run_line(page: &str) -> String {
    let (_, data) = page.split_once("id=\"run\">").expect("data");
    format!("const run = {};\n", data.split_once("</script>").expect("an end").0)
}

#[test]
fn the_gradient_in_the_page_is_that_of_the_library() {
    for (activation, name) in [(Activation::Sigmoid, "sigmoid"), (Activation::Relu, "relu")] {
        let page = page(&run(activation).report());
        let script = run_line(&page)
            + "const net = netOf(run.nets[2].numbers, run.hidden, run.activation);
               const images = run.training.slice(0, 100).map(imageOf);
               write('indices', images.map(({ index }) => index));
               write('labels', images.map(({ label }) => label));
               write('y', forward(net, images[0].x).y);
               write('loss', loss(net, images));
               write('right', countRight(net, images));
               const d = gradient(net, images);
               for (const part of ['W1', 'b1', 'W2', 'b2']) write(`d${part}`, d[part]);
               const weights = [{ part: 'W1', index: 405 * run.hidden + 3 }, { part: 'W2', index: 37 }];
               for (const weight of weights) {
                 const { above, below, quotient } = centralDifference(net, weight, 1e-4, images);
                 write(`quotient ${weight.part}`, [above, below, quotient]);
                 const along = lossAlong(net, weight, images), w = net[weight.part][weight.index];
                 const by = [-4, -1, 0, 0.5, 4];
                 write(`along ${weight.part}`, by.map(along));
                 write(`losses ${weight.part}`, by.map((v) => lossWith(net, weight, w + v, images)));
               }
               const other = copyOf(net, run.activation);
               descend(other, gradient(other, images), 0.5);
               write('before', net.W2);
               write('after', other.W2);";
        let Some(written) = written_by(name, &script) else { return };
        let written_numbers = |name: &str| numbers(&written, name);

        let (_, _, net) = nets_of(&data_of(&page)).swap_remove(2);
        let indices: Vec<usize> = (0..100).map(|k| k * 59_999 / 999).collect();
        let (x, t) = mnist().train.select(&indices);
        let x = x.to_matrix();
        let whole = |list: &[usize]| -> Vec<f64> { list.iter().map(|&v| v as f64).collect() };
        assert_eq!(written_numbers("indices"), whole(&indices), "the images");
        assert_eq!(written_numbers("labels"), whole(t.as_slice()), "the labels");
        assert_close(&written_numbers("y"), net.predict(&x).row(0), 1e-12);
        assert_close(&written_numbers("loss"), &[net.exact_loss(&x, &t)], 1e-12);
        let right = t.count_equal(&net.predict(&x).argmax_rows());
        assert_eq!(written_numbers("right"), [right as f64], "images that are read rightly");
        let d = net.gradient(&x, &t);
        for (part, expected) in d.parts() {
            assert_close(&written_numbers(&format!("d{part}")), expected, 1e-12);
        }
        // One weight, both ways.
        let moved = |part: &str, by: f64| {
            let mut net = net.clone();
            match part {
                "W1" => net.params.w1[(405, 3)] += by,
                _ => net.params.w2.as_mut_slice()[37] += by,
            }
            net.exact_loss(&x, &t)
        };
        for (part, derivative) in [("W1", d.w1[(405, 3)]), ("W2", d.w2.as_slice()[37])] {
            let found = written_numbers(&format!("quotient {part}"));
            assert_close(&found[..2], &[moved(part, 1e-4), moved(part, -1e-4)], 1e-13);
            assert!((found[2] - derivative).abs() < 1e-9, "{part}: {} {derivative}", found[2]);
            let expected = [-4.0, -1.0, 0.0, 0.5, 4.0].map(|by| moved(part, by));
            assert_close(&written_numbers(&format!("along {part}")), &expected, 1e-12);
            assert_close(&written_numbers(&format!("losses {part}")), &expected, 1e-12);
        }
        // One step; the net that was copied did not change.
        let mut after = net.clone();
        after.params.descend(&d, 0.5);
        assert_eq!(written_numbers("before"), net.params.w2.as_slice());
        assert_close(&written_numbers("after"), after.params.w2.as_slice(), 1e-12);
    }
}

#[test]
fn a_net_that_has_not_learned_has_weights_of_the_right_size() {
    let script = "const draw = random(5), again = random(5);
        write('first', [draw(), draw(), draw()]);
        write('again', [again(), again(), again()]);
        const { W1, b1, W2, b2 } = randomNet(50, 'sigmoid', random(1));
        write('lengths', [W1.length, b1.length, W2.length, b2.length]);
        write('W1', W1);
        write('biases', [...b1, ...b2]);";
    let Some(written) = written_by("random", script) else { return };
    let first = numbers(&written, "first");
    assert_eq!(first, numbers(&written, "again"), "the same seed gives the same numbers");
    assert!(first[0] != first[1] && first.iter().all(|v| (0.0..1.0).contains(v)), "{first:?}");
    assert_eq!(numbers(&written, "lengths"), [39_200.0, 50.0, 500.0, 10.0]);
    let w1 = numbers(&written, "W1");
    let mean = w1.iter().sum::<f64>() / 39_200.0;
    let spread = (w1.iter().map(|w| (w - mean).powi(2)).sum::<f64>() / 39_200.0).sqrt();
    // 39,200 draws: the mean is within 5 standard errors, the deviation within 2 %.
    assert!(mean.abs() < 5.0 * 0.01 / 198.0, "the mean of W1 is {mean}");
    assert!((spread - 0.01).abs() < 0.000_2, "the deviation of W1 is {spread}, expected 0.01");
    assert!(numbers(&written, "biases").iter().all(|&b| b == 0.0));
}

#[test]
fn every_sentence_is_there_in_four_languages_with_the_same_values() {
    let script = "for (const [key, texts] of Object.entries(SENTENCES)) {
          const values = (text) => [...text.matchAll(/\\{(\\w+)\\}/g)].map((m) => m[1]).sort().join(' ');
          write(`count of ${key}`, texts.length);
          write(`empty in ${key}`, texts.filter((text) => text.trim() === '').length);
          write(`values of ${key}`, new Set(texts.map(values)).size);
          const own = (text, k) => k > 0 && text === texts[0] && /[a-z]{3}/.test(text);
          write(`English in ${key}`, texts.filter(own).length);
        }
        // In no language do two sentences say the same that say different things in English.
        for (const [name, words] of Object.entries({ SENTENCES, FIGURE_WORDS })) {
          const twins = [1, 2, 3].flatMap((k) => Object.values(words).filter((one) =>
            Object.values(words).some((other) => one[k] === other[k] && one[0] !== other[0])));
          write(`twins-${name}`, twins.map((one) => one[0]));
        }
        write('words', Object.keys(FIGURE_WORDS).join('|'));
        write('languages of words', new Set(Object.values(FIGURE_WORDS).map((w) => w.length)));
        write('chosen', [['ja-JP', 'en'], ['fr', 'zh-TW'], ['de', 'fr'], ['ko'], ['en-GB', 'ja']].map(languageOf));
        write('sentence', sentence('ja', 'label', { index: 5, label: 7 }));
        write('figure', ['en', 'ja', 'zh', 'ko'].map((l) => figureWord(l, 'training 0.9476')));
        write('other', figureWord('ja', '10,000'));";
    let Some(written) = written_by("language", script) else { return };
    for words in ["twins-SENTENCES", "twins-FIGURE_WORDS"] {
        assert_eq!(written[words], "", "these say the same as others in another language");
    }
    let mut keys = HashSet::new();
    for (name, value) in &written {
        let Some((what, key)) = name.split_once(" of ").or(name.split_once(" in ")) else {
            continue;
        };
        if name == "languages of words" {
            assert_eq!(value, "4", "each word of the figures is there in four languages");
            continue;
        }
        let expected = match what {
            "count" => "4",
            "values" => "1",
            _ => "0",
        };
        assert_eq!(value, expected, "{what} of the sentence {key:?}");
        keys.insert(key);
    }
    assert!(keys.len() > 60, "{} sentences", keys.len());
    // Each sentence that the page names is in the table, and each in the table is used.
    let html = include_str!("../../src/plot/page/page.html");
    let scripts = OTHERS.concat();
    let mut used: HashSet<&str> = ["data-t=\"", "data-label=\""]
        .iter()
        .flat_map(|name| html.split(name).skip(1).filter_map(|rest| rest.split('"').next()))
        .collect();
    for key in &used {
        assert!(keys.contains(key), "page.html names {key:?}, which is no sentence");
    }
    used.extend(keys.iter().filter(|key| scripts.contains(&format!("'{key}'"))));
    // The names of the settings come from the command.
    used.extend(["data", "net", "start", "training", "command"]);
    let unused: Vec<_> = keys.iter().filter(|key| !used.contains(*key)).collect();
    assert!(unused.is_empty(), "sentences that nothing shows: {unused:?}");

    assert_eq!(written["chosen"], "ja zh en ko en");
    assert_eq!(written["sentence"], "テスト画像 5、正解は 7。");
    assert_eq!(written["figure"], "training 0.9476 訓練 0.9476 训练 0.9476 훈련 0.9476");
    assert_eq!(written["other"], "10,000", "a number stays as it is");
    // All words of the two figures are in the table of words.
    let page = page(&run(Activation::Sigmoid).report());
    for curve in page.split("<div class=\"curve\"").skip(1) {
        for text in texts(curve.split("</svg>").next().expect("an end")) {
            let word = text.trim_end_matches(|c: char| c.is_ascii_digit() || ",. −".contains(c));
            let mut words = written["words"].split('|');
            let is_known = word.is_empty() || words.any(|known| known == word || known == text);
            assert!(is_known, "{text:?} of a figure has no word in language.js");
        }
    }
}

#[test]
fn the_charts_bars_and_values_are_those_that_they_are_given() {
    // pictures.js with a document that has the data only.
    let page = page(&run(Activation::Sigmoid).report());
    let script = "const document = { getElementById: () => ({ textContent: runText }) };
        (() => {
          PICTURES
          const svg = {};
          chart(svg, { x: [0, 10], y: [0, 4], xTicks: [[0, 'left'], [10, 'right']],
            yTicks: [[0, 'bottom'], [4, 'top']], lines: [{ points: [[0, 0], [5, 4], [10, 1]], look: 'one' }],
            dots: [[10, 1]], name: 'the name' });
          write('chart', svg.innerHTML);
          const rows = Array.from({ length: 10 }, (_, k) => {
            const classes = new Set();
            const toggle = (name, on) => on && classes.add(name);
            return { row: { classList: { toggle }, classes }, name: {}, bar: { style: {} }, value: {} };
          });
          showBars(rows, [0, 0, 0.1, 0.25, 0, 0, 0, 0.65, 0, 0], 3);
          write('classes', rows.map(({ row }, k) => [...row.classes].map((name) => name + k)).flat());
          write('names', rows.map(({ name }) => name.textContent));
          write('widths', rows.map(({ bar }) => bar.style.width));
          write('values', rows.map(({ value }) => value.textContent));
          const canvas = { clientWidth: 280, clientHeight: 560 };
          canvas.addEventListener = (_, moved) => { canvas.moved = moved; };
          showValues(canvas, (i) => i + 0.5);
          canvas.moved({ offsetX: 45, offsetY: 190 });
          write('under the mouse', canvas.title);
        })();"
        .replace("PICTURES", OTHERS[0]);
    let text = run_line(&page).replacen("const run = ", "const runText = JSON.stringify(", 1);
    let text = text.trim_end().trim_end_matches(';').to_string() + ");\n";
    // In a browser there is another document already: a function has its own.
    let whole = format!("{text}(function () {{ {script} }})();");
    let Some(written) = written_by("pictures", &whole) else { return };
    let chart = &written["chart"];
    for part in [
        "points=\"0.0,188.0 178.0,0.0 356.0,141.0\"",
        "<circle cx=\"408.0\" cy=\"151.0\" r=\"4\"/>",
        "<text x=\"46\" y=\"202.0\" text-anchor=\"end\">bottom</text>",
        "<text x=\"46\" y=\"14.0\" text-anchor=\"end\">top</text>",
        "<text x=\"52.0\" y=\"215\" text-anchor=\"middle\">left</text>",
        "<text x=\"408.0\" y=\"215\" text-anchor=\"middle\">right</text>",
        "<text x=\"408\" y=\"232\" text-anchor=\"end\">the name</text>",
    ] {
        assert!(chart.contains(part), "expected {part} in {chart}");
    }
    assert_eq!(written["classes"], "right3 best7", "the bars that are marked");
    assert_eq!(written["names"], "0 1 2 3 ✓ 4 5 6 7 8 9");
    assert_eq!(written["widths"], "0% 0% 10% 25% 0% 0% 0% 65% 0% 0%");
    assert_eq!(written["values"], "0.000 0.000 0.100 0.250 0.000 0.000 0.000 0.650 0.000 0.000");
    // Row 9 and column 4 of 28: pixel 256.
    assert_eq!(written["under the mouse"], "row 9, column 4: 256.500");
}
