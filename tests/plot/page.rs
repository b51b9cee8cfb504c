//! The page about a run: its data are read back and compared with the library.

use std::ops::ControlFlow;
use std::sync::OnceLock;

use crate::common::{assert_close, mnist};
use crate::plot::reader::assert_well_formed;
use from_zero::ch03::activation::Activation;
use from_zero::ch04::s2_4_targets::Labels;
use from_zero::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use from_zero::ch04::s5_2_training::{Accuracy, History};
use from_zero::fast::compressed::CompressedRows;
use from_zero::fast::evaluation::fast_accuracy;
use from_zero::fast::mini_batch::CompressedDataset;
use from_zero::fast::training::{Event, Settings, fast_train_with_reports};
use from_zero::formats::base64;
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::random::{Rng, Xorshift64Star};
use from_zero::plot::report::{EARLY, Epochs, MOST_HIDDEN, Report, page};

/// JSON as far as the page has it.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Number(f64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    #[track_caller]
    pub fn parse(text: &str) -> Json {
        let mut rest = text;
        let value = Json::value(&mut rest);
        assert_eq!(rest.trim(), "", "nothing is behind the data of the page");
        value
    }

    /// Reads a value and leaves what is behind it.
    fn value(rest: &mut &str) -> Json {
        *rest = rest.trim_start();
        let take = |rest: &mut &str, count: usize| -> String {
            let (taken, behind) = rest.split_at(count);
            *rest = behind;
            taken.to_string()
        };
        match rest.chars().next().expect("a value") {
            '"' => {
                take(rest, 1);
                let end = rest.find('"').expect("a text ends");
                let text = take(rest, end);
                assert!(!text.contains('\\'), "no escapes are needed: {text}");
                take(rest, 1);
                Json::Text(text)
            }
            open @ ('[' | '{') => {
                let (mut list, mut object) = (Vec::new(), Vec::new());
                take(rest, 1);
                loop {
                    *rest = rest.trim_start_matches([',', ' ', '\n']);
                    if rest.starts_with([']', '}']) {
                        take(rest, 1);
                        break;
                    }
                    let value = Json::value(rest);
                    if open == '[' {
                        list.push(value);
                        continue;
                    }
                    *rest = rest.strip_prefix(':').expect("a colon");
                    object.push((value.text().to_string(), Json::value(rest)));
                }
                if open == '[' { Json::List(list) } else { Json::Object(object) }
            }
            _ => {
                let end = rest.find([',', ']', '}']).expect("a number ends");
                Json::Number(take(rest, end).parse().expect("a number"))
            }
        }
    }

    #[track_caller]
    pub fn get(&self, name: &str) -> &Json {
        let Json::Object(entries) = self else { panic!("no object: {self:?}") };
        let entry = entries.iter().find(|(known, _)| known == name);
        &entry.unwrap_or_else(|| panic!("the page has no {name}")).1
    }

    #[track_caller]
    pub fn list(&self) -> &[Json] {
        let Json::List(list) = self else { panic!("no list: {self:?}") };
        list
    }

    #[track_caller]
    pub fn text(&self) -> &str {
        let Json::Text(text) = self else { panic!("no text: {self:?}") };
        text
    }

    #[track_caller]
    pub fn whole(&self) -> usize {
        let Json::Number(number) = self else { panic!("no number: {self:?}") };
        assert_eq!(number.fract(), 0.0, "a whole number");
        *number as usize
    }
}

/// The data of the page's script.
pub fn data_of(page: &str) -> Json {
    let (_, data) = page.split_once("id=\"run\">").expect("data");
    Json::parse(data.split_once("</script>").expect("an end").0)
}

fn decoded(text: &str) -> Vec<u8> {
    let digit = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => panic!("{c} is no digit of base64"),
    };
    let digits: Vec<u8> = text.bytes().filter(|&c| c != b'=').map(digit).collect();
    let bytes = digits.chunks(4).flat_map(|four| {
        let bits =
            four.iter().fold(0_u32, |bits, &d| bits << 6 | u32::from(d)) << (6 * (4 - four.len()));
        bits.to_be_bytes()[1..four.len()].to_vec()
    });
    bytes.collect()
}

#[test]
fn base64_is_that_of_the_rfc() {
    // RFC 4648, section 10.
    for (plain, text) in [
        ("", ""),
        ("f", "Zg=="),
        ("fo", "Zm8="),
        ("foo", "Zm9v"),
        ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ] {
        assert_eq!(base64::encode(plain.as_bytes()), text);
    }
    let all: Vec<u8> = (0..=255).collect();
    assert_eq!(decoded(&base64::encode(&all)), all);
}

/// An image of the page: its index, label, answer, and 784 grey levels.
#[derive(Debug, PartialEq)]
pub struct Shown {
    pub index: usize,
    pub label: usize,
    pub answer: usize,
    pub levels: Vec<u8>,
}

/// The images under a name in the data.
#[track_caller]
pub fn images_of(data: &Json, name: &str) -> Vec<Shown> {
    let image = |entry: &Json| {
        let [index, label, answer, pixels] = entry.list() else { panic!("{entry:?}") };
        let bytes = decoded(pixels.text());
        let (mut levels, mut rest) = (Vec::new(), bytes.iter());
        while let Some(&byte) = rest.next() {
            let (level, count) = match byte {
                0 => (0, usize::from(*rest.next().expect("a number of zeros"))),
                level => (level, 1),
            };
            levels.extend(vec![level; count]);
        }
        assert!(levels.len() <= 784, "{} pixels", levels.len());
        levels.resize(784, 0);
        Shown { index: index.whole(), label: label.whole(), answer: answer.whole(), levels }
    };
    data.get(name).list().iter().map(image).collect()
}

/// The nets that a page contains, each with its iteration and its accuracy.
pub fn nets_of(data: &Json) -> Vec<(usize, String, TwoLayerNet)> {
    let hidden = data.get("hidden").whole();
    let activation = match data.get("activation").text() {
        "sigmoid" => Activation::Sigmoid,
        "relu" => Activation::Relu,
        other => panic!("{other} is no activation that learns"),
    };
    let net_of = |entry: &Json| {
        let bytes = decoded(entry.get("numbers").text());
        let mut rest = bytes.as_slice();
        let mut part = |length: usize| -> Vec<f64> {
            let (step, numbers) = rest.split_first_chunk().expect("a step");
            let step = f64::from_le_bytes(*step);
            let (numbers, behind) = numbers.split_at(2 * length);
            rest = behind;
            let pairs = numbers.as_chunks().0.iter();
            pairs.map(|pair| step * f64::from(i16::from_le_bytes(*pair))).collect()
        };
        let w1 = Matrix::from_vec(784, hidden, part(784 * hidden));
        let b1 = part(hidden);
        let w2 = Matrix::from_vec(hidden, 10, part(hidden * 10));
        let params = Parameters { w1, b1, w2, b2: part(10) };
        assert!(rest.is_empty(), "nothing is behind the parameters");
        let test = entry.get("test").text().to_string();
        (entry.get("iteration").whole(), test, TwoLayerNet { params, activation })
    };
    data.get("nets").list().iter().map(net_of).collect()
}

/// A trained net, what the run recorded, and the nets that it kept.
pub struct Run {
    pub net: TwoLayerNet,
    pub history: History,
    pub epochs: Epochs,
}

/// Trains a net with `hidden` units and keeps its nets as the command does.
pub fn trained(hidden: usize, activation: Activation, iterations: usize) -> Run {
    let mut rng = Xorshift64Star::new(0);
    let mut net = TwoLayerNet::new(784, hidden, 10, 0.01, &mut rng).with_activation(activation);
    let mut epochs = Epochs::default();
    let is_kept = |iteration| EARLY.contains(&iteration);
    let settings = Settings { is_kept, ..Settings::new(iterations, 2) };
    let history = fast_train_with_reports(&mut net, mnist(), &settings, &mut rng, |event| {
        match event {
            Event::Epoch { iteration, accuracy, net, .. } => {
                epochs.keep(iteration, Some(accuracy.test), net);
            }
            Event::Kept { iteration, net } => epochs.keep(iteration, None, net),
            _ => {}
        }
        ControlFlow::Continue(())
    });
    Run { net, history: history.expect("a finite loss"), epochs }
}

impl Run {
    pub fn report(&self) -> Report<'_> {
        Report {
            settings: &[],
            net: &self.net,
            epochs: &self.epochs,
            history: &self.history,
            train: &mnist().train,
            test: &mnist().test,
            threads: 2,
        }
    }
}

/// Runs that several tests use: 20 units with a sigmoid and with a relu, 1,300 iterations.
pub fn run(activation: Activation) -> &'static Run {
    static RUNS: [OnceLock<Run>; 2] = [OnceLock::new(), OnceLock::new()];
    let place = usize::from(activation == Activation::Relu);
    RUNS[place].get_or_init(|| trained(20, activation, 1_300))
}

#[test]
fn the_nets_in_the_page_read_as_the_nets_of_the_run() {
    for activation in [Activation::Sigmoid, Activation::Relu] {
        let run = run(activation);
        let page = page(&run.report());
        assert_eq!(page, self::page(&run.report()), "the same run gives the same bytes");
        let data = data_of(&page);
        let nets = nets_of(&data);
        let kept: Vec<usize> = nets.iter().map(|(at, ..)| *at).collect();
        assert_eq!(kept, [0, 10, 30, 100, 200, 300, 450, 600, 1_200, 1_300]);
        let (x, _) = mnist().test.select(&(0..2_000).collect::<Vec<_>>());
        let x = x.to_matrix();
        for (iteration, test, in_page) in &nets {
            // The net of an iteration is that after its update. The last one is that at the end.
            let is_end = *iteration == 1_300;
            let updates = if is_end { 1_300 } else { iteration + 1 };
            let net = if is_end { &run.net } else { &trained(20, activation, updates).net };
            let (y, want) = (in_page.predict(&x), net.predict(&x));
            assert_close(y.as_slice(), want.as_slice(), 1e-3);
            let epoch = run.history.accuracies.iter().find(|(at, _)| at == iteration);
            let expected = match epoch {
                _ if is_end => fast_accuracy(net, &mnist().test, 1),
                Some((_, accuracy)) => accuracy.test,
                None => f64::NAN,
            };
            assert_eq!(*test, expected.to_string(), "the accuracy of iteration {iteration}");
        }
    }
}

#[test]
fn the_images_in_the_page_are_those_of_the_data_with_the_answers_of_the_net() {
    let run = run(Activation::Sigmoid);
    let data = data_of(&page(&run.report()));
    let test = &mnist().test;
    let labels = test.labels.as_slice();
    let y = run.net.predict(&test.images.to_matrix());
    let answers = y.argmax_rows();
    let sure = |n: usize| y[(n, answers[n])];

    let same_as_data = |shown: &Shown, data: &CompressedDataset| {
        let mut levels = vec![0; 784];
        for (i, level) in data.images.levels(shown.index) {
            levels[i] = level;
        }
        assert!(levels == shown.levels, "the pixels of image {} differ", shown.index);
        assert_eq!(shown.label, data.labels.as_slice()[shown.index], "image {}", shown.index);
    };
    let training = images_of(&data, "training");
    assert_eq!(training.len(), 1_000);
    for (k, shown) in training.iter().enumerate() {
        same_as_data(shown, &mnist().train);
        assert_eq!(shown.index, k * 59_999 / 999, "training images are evenly spread");
    }
    for (name, count) in [("images", 200), ("mistakes", 12)] {
        let images = images_of(&data, name);
        assert_eq!(images.len(), count, "{name}");
        for shown in &images {
            same_as_data(shown, test);
            assert_eq!(shown.answer, answers[shown.index], "{name}: image {}", shown.index);
        }
        if name == "images" {
            let spread: Vec<usize> = (0..200).map(|k| k * 9_999 / 199).collect();
            let indices: Vec<usize> = images.iter().map(|image| image.index).collect();
            assert_eq!(indices, spread, "test images are evenly spread");
        }
    }
    // The mistakes: no other is more certain, and they are in order.
    let mut wrong: Vec<usize> = (0..10_000).filter(|&n| answers[n] != labels[n]).collect();
    wrong.sort_by(|&a, &b| sure(b).total_cmp(&sure(a)));
    let mistakes: Vec<usize> = images_of(&data, "mistakes").iter().map(|m| m.index).collect();
    assert_eq!(mistakes, wrong[..12], "the mistakes, the most certain first");

    // The counts, and an image for each cell: the most certain one.
    let mut counts = vec![vec![0; 10]; 10];
    for (&label, &answer) in labels.iter().zip(&answers) {
        counts[label][answer] += 1;
    }
    let found: Vec<Vec<usize>> = (data.get("counts").list().iter())
        .map(|row| row.list().iter().map(Json::whole).collect())
        .collect();
    assert_eq!(found, counts, "rows are labels, columns are answers");
    let examples = images_of(&data, "examples");
    let filled = counts.iter().flatten().filter(|&&count| count > 0).count();
    assert_eq!(examples.len(), filled, "an example for each cell that is not 0");
    for shown in &examples {
        same_as_data(shown, test);
        let cell = (0..10_000).filter(|&n| (labels[n], answers[n]) == (shown.label, shown.answer));
        let best = cell.map(sure).fold(0.0, f64::max);
        assert_eq!(sure(shown.index), best, "{} taken for {}", shown.label, shown.answer);
    }
}

#[test]
fn the_page_has_both_curves_and_says_where_their_axes_are() {
    let run = run(Activation::Sigmoid);
    let page = page(&run.report());
    let curves: Vec<&str> = page.split("<div class=\"curve\"").skip(1).collect();
    assert_eq!(curves.len(), 2);
    for (curve, title, unit) in
        [(curves[0], "Figure 4-11: loss", "1"), (curves[1], "Figure 4-12: accuracy", "600")]
    {
        let numbers = |name: &str| -> Vec<f64> {
            let (_, value) = curve.split_once(&format!("{name}=\"")).expect(name);
            let value = value.split('"').next().expect("it ends");
            value.split(' ').map(|number| number.parse().expect(name)).collect()
        };
        let svg = &curve[curve.find("<svg").expect("a figure")..];
        let svg = &svg[..svg.find("</svg>").expect("an end") + 6];
        assert_well_formed(svg);
        assert_eq!(crate::plot::reader::texts(svg)[0], title);
        assert_eq!(numbers("data-unit"), [unit.parse::<f64>().expect("a number")], "{title}");
        let (ends, frame) = (numbers("data-ends"), numbers("data-frame"));
        let (x, _) = crate::plot::reader::scales(svg);
        for k in [0, 1] {
            let (at, expected) = (x.number(frame[k]), ends[k]);
            assert!((at - expected).abs() < 0.01 * ends[1], "{title}: {at} and {expected}");
        }
        assert_eq!(frame[3], 276.0, "{title}: the bottom of the frame");
    }
}

fn random_report(hidden: usize) -> TwoLayerNet {
    TwoLayerNet::new(784, hidden, 10, 0.01, &mut Xorshift64Star::new(7))
}

#[test]
fn a_page_has_at_most_4_mb_and_nets_of_the_whole_run() {
    let whole = |epochs: usize, every: usize| (0..epochs).step_by(every).map(|e| 600 * e).collect();
    let with_early = |epochs: Vec<usize>| {
        let mut all = [&EARLY[..], &epochs].concat();
        all.sort_unstable();
        all
    };
    let cases: [(usize, usize, Vec<usize>); 7] = [
        (1, 0, vec![]),
        (1, 21, with_early(whole(21, 2))),
        (50, 1, with_early(vec![0])),
        (50, 17, with_early(whole(17, 1))),
        (50, 1_000, with_early(whole(1_000, 64))),
        (400, 17, whole(17, 8)),
        (MOST_HIDDEN, 17, vec![]),
    ];
    for (hidden, epochs, kept) in cases {
        let net = random_report(hidden);
        let mut at_epochs = Epochs::default();
        for epoch in 0..epochs {
            at_epochs.keep(600 * epoch, Some(0.25), &net);
            if epoch == 0 {
                EARLY.iter().for_each(|&iteration| at_epochs.keep(iteration, None, &net));
            }
        }
        let history = History { losses: vec![1.0; 600 * epochs], ..History::default() };
        let run = Run { net, history, epochs: at_epochs };
        let page = page(&run.report());
        assert!(page.len() <= 4_000_000, "{hidden} units: {} bytes", page.len());
        let data = data_of(&page);
        assert_eq!(images_of(&data, "training").len(), 1_000, "{hidden} units");
        let nets = nets_of(&data);
        let found: Vec<usize> = nets.iter().map(|(at, ..)| *at).collect();
        let end = 600 * epochs;
        assert_eq!(found, [kept, vec![end]].concat(), "{hidden} units, {epochs} epochs");
        for (at, test, _) in &nets[..nets.len() - 1] {
            let expected = if EARLY.contains(at) { "NaN" } else { "0.25" };
            assert_eq!(test, expected, "the accuracy of iteration {at}");
        }
    }
}

#[test]
fn an_early_iteration_that_is_an_epoch_is_kept_once_with_its_accuracy() {
    let net = random_report(1);
    let mut epochs = Epochs::default();
    epochs.keep(0, Some(0.1), &net);
    epochs.keep(10, None, &net);
    epochs.keep(10, Some(0.2), &net);
    epochs.keep(20, Some(0.3), &net);
    epochs.keep(30, Some(0.4), &net);
    epochs.keep(30, None, &net);
    let history = History { losses: vec![1.0; 40], ..History::default() };
    let run = Run { net, history, epochs };
    let nets = nets_of(&data_of(&page(&run.report())));
    let found: Vec<(usize, &str)> = nets.iter().map(|(at, test, _)| (*at, test.as_str())).collect();
    assert_eq!(found[..4], [(0, "0.1"), (10, "0.2"), (20, "0.3"), (30, "0.4")]);
}

#[test]
fn images_full_of_ink_leave_out_the_last_ones() {
    let mut rng = Xorshift64Star::new(9);
    let bytes: Vec<u8> = (0..784 * 1_000).map(|_| 1 + rng.below(255) as u8).collect();
    let dense = CompressedDataset {
        images: CompressedRows::new(&bytes, 784, std::array::from_fn(|v| v as f64 / 255.0)),
        labels: Labels::new(vec![3; 1_000]),
    };
    let net = random_report(MOST_HIDDEN);
    let (history, epochs) = (History::default(), Epochs::default());
    let run = Run { net, history, epochs };
    let page = page(&Report { train: &dense, test: &dense, ..run.report() });
    assert!(page.len() <= 4_600_000, "{} bytes", page.len());
    let images = images_of(&data_of(&page), "training");
    assert!((200..1_000).contains(&images.len()), "{} images", images.len());
    for shown in images {
        assert!(shown.levels == bytes[784 * shown.index..][..784], "image {}", shown.index);
    }
}

#[test]
fn the_length_of_a_page_does_not_grow_with_the_run() {
    let accuracy = |i: usize| Accuracy { train: 0.5 + 0.4 * (i % 2) as f64, test: 0.5 };
    let history = History {
        losses: (0..200_000).map(|i| 1.0 + (i % 7) as f64).collect(),
        accuracies: (0..200_000).map(|i| (i, accuracy(i))).collect(),
    };
    let run = Run { net: random_report(1), history, epochs: Epochs::default() };
    let length = page(&run.report()).len();
    assert!(length < 900_000, "{length} bytes");
}

#[test]
fn a_page_without_images_or_without_an_update_has_no_nan_as_a_number() {
    let none = CompressedDataset {
        images: CompressedRows::new(&[], 784, [0.0; 256]),
        labels: Labels::new(vec![]),
    };
    let mut run =
        Run { net: random_report(2), history: History::default(), epochs: Epochs::default() };
    let data = data_of(&page(&Report { train: &none, test: &none, ..run.report() }));
    for name in ["training", "images", "mistakes", "examples"] {
        assert_eq!(data.get(name).list().len(), 0, "{name}");
    }
    assert_eq!(nets_of(&data)[0].1, "NaN", "no images, no accuracy");
    // A net that is not finite is not finite in the page.
    run.net.params.w2[(0, 0)] = f64::INFINITY;
    run.net.params.b2.fill(0.0);
    let data = data_of(&page(&run.report()));
    let (_, _, in_page) = &nets_of(&data)[0];
    assert!(in_page.params.w2.as_slice().iter().all(|w| w.is_nan()));
    assert_eq!(in_page.params.b2, [0.0; 10]);
}

#[test]
fn the_page_needs_no_other_file_and_lets_no_text_break_out() {
    let run = run(Activation::Sigmoid);
    let settings = [("data <b>", "</script><script>alert(1)</script>{{RUN}}".to_string())];
    let page = page(&Report { settings: &settings, ..run.report() });
    assert!(page.contains("<td lang=\"en\">&lt;/script&gt;&lt;script&gt;alert(1)"), "escaped");
    assert!(!page.contains("alert(1)</script>") && page.contains("data &lt;b&gt;"));
    // What looks like a place to fill in is left alone.
    assert!(page.contains("{{RUN}}") && page.matches("\"activation\":").count() == 1);
    // The only addresses are the names of SVG.
    let names = page.matches("http://www.w3.org/2000/svg").count();
    let addresses = page.matches("http").count() - page.matches("http-equiv").count();
    assert_eq!(addresses, names, "addresses of other files");
    for other in ["src=", "href=", "@import", "fetch(", "XMLHttpRequest", "import("] {
        assert!(!page.contains(other), "the page has {other:?}");
    }
    assert!(page.contains("default-src 'none'"));
    for number in [">NaN", "\"NaN ", ",NaN", ":NaN"] {
        assert!(!page.contains(number), "the page has {number:?}");
    }
}
