//! Runs the command as a process, on small data whose numbers all differ.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use from_zero::ch04::s2_3_mini_batch::{Mnist, load_mnist};
use from_zero::numeric::random::{Rng, Xorshift64Star};

/// How many training images and test images the small data have.
pub const TRAIN: usize = 150;
pub const TEST: usize = 70;

/// The command without what the environment may change. Its output is as wide as on a terminal of
/// 80 columns.
pub fn from_zero() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_from-zero"));
    // The name that the command has in the sentences which say what to type next.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::arg0(&mut command, "from-zero");
    for name in ["CARGO", "COLUMNS", "MNIST_DIR", "NO_COLOR", "TERM"] {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

/// How a run of the command ended.
pub struct Ended {
    /// What was run, for the messages of failing tests
    pub line: String,
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

/// Runs it to its end.
#[track_caller]
pub fn run(command: &mut Command) -> Ended {
    let words = command.get_args().map(|word| word.to_string_lossy().into_owned());
    let line = format!("from-zero {}", words.collect::<Vec<_>>().join(" "));
    let output = command.output().unwrap_or_else(|error| panic!("{line} did not start: {error}"));
    let status = output.status.code();
    Ended {
        status: status.unwrap_or_else(|| panic!("{line} was ended by a signal")),
        stdout: as_on_linux(&String::from_utf8_lossy(&output.stdout)),
        stderr: without_progress(&as_on_linux(&String::from_utf8_lossy(&output.stderr))),
        line,
    }
}

/// On Windows the command shows its own name as it was started, and `\` in paths.
fn as_on_linux(text: &str) -> String {
    let text = text.replace(env!("CARGO_BIN_EXE_from-zero"), "from-zero");
    // What is escaped, as \u{1b}, is no path.
    if cfg!(windows) && !text.contains("\\u{") { text.replace('\\', "/") } else { text }
}

/// A slow machine prints a line of progress on standard error after 5 seconds, a quick one does not.
fn without_progress(stderr: &str) -> String {
    let is_progress = |line: &str| line.contains(" % in ") && line.trim_end().ends_with(" left");
    stderr.split_inclusive('\n').filter(|line| !is_progress(line)).collect()
}

/// The same, with so many columns that no sentence is wrapped.
pub fn wide() -> Command {
    let mut command = from_zero();
    command.env("COLUMNS", "1000");
    command
}

/// Runs these words on the data of the folder; its output.
#[track_caller]
pub fn in_folder(folder: &Path, words: &str) -> String {
    run(wide().args(words.split(' ')).arg("--data=.").current_dir(folder)).output()
}

/// The sentence with which these words on the data of the folder end, with exit status 1.
#[track_caller]
pub fn refused_in_folder(folder: &Path, words: &str) -> String {
    run(wide().args(words.split(' ')).arg("--data=.").current_dir(folder)).refusal(1)
}

/// Runs these words, which spaces separate, in a folder.
#[track_caller]
pub fn run_in(folder: &Path, words: &str) -> Ended {
    run(from_zero().args(words.split_whitespace()).current_dir(folder))
}

impl Ended {
    /// The output of a run that must succeed and say nothing on standard error.
    #[track_caller]
    pub fn output(self) -> String {
        self.expect_success();
        self.stdout
    }

    /// The sentence of a run that must be refused with this exit status, before it prints anything.
    #[track_caller]
    pub fn refusal(self, status: i32) -> String {
        self.expect_refused(status);
        let Ended { line, stderr, .. } = self;
        let sentence = stderr.strip_prefix("from-zero: ").and_then(|s| s.strip_suffix('\n'));
        let sentence = sentence.filter(|sentence| !sentence.contains('\n'));
        let expected = "one line that begins with 'from-zero: ' was expected on standard error";
        sentence.unwrap_or_else(|| panic!("{line}: {expected}, found {stderr:?}")).to_string()
    }

    /// The run must have succeeded without a word on standard error.
    #[track_caller]
    pub fn expect_success(&self) {
        self.expect_status(0);
        assert_eq!(self.stderr, "", "{}: nothing was expected on standard error", self.line);
    }

    /// The run must have ended with this status before it printed anything.
    #[track_caller]
    pub fn expect_refused(&self, status: i32) {
        self.expect_status(status);
        assert_eq!(self.stdout, "", "{}: nothing was expected on standard output", self.line);
    }

    #[track_caller]
    pub fn expect_status(&self, status: i32) {
        let Ended { line, status: found, stderr, .. } = self;
        assert!(
            *found == status,
            "{line}: expected exit status {status}, found {found}; standard error: {stderr}"
        );
    }
}

/// The line that begins with these words.
#[track_caller]
pub fn line_with<'a>(text: &'a str, start: &str) -> &'a str {
    let found = text.lines().find(|line| line.starts_with(start));
    found.unwrap_or_else(|| panic!("expected a line that begins with '{start}' in:\n{text}"))
}

/// The numbers of a line, without the words between them.
pub fn numbers(line: &str) -> Vec<f64> {
    let words = line.split_whitespace();
    let trimmed = words.map(|word| word.trim_matches(|c: char| "(),.:;*".contains(c)));
    trimmed.filter_map(|word| word.replace(',', "").parse().ok()).collect()
}

/// What depends on the clock is replaced by `_`: the seconds of loading, of each epoch and of the
/// run.
pub fn without_times(text: &str) -> String {
    let line = |line: &str| {
        let is_epoch =
            line.ends_with(" s") && line.trim_start().starts_with(|c: char| c.is_ascii_digit());
        if let (true, Some((start, _))) = (is_epoch, line.trim_end_matches(" s").rsplit_once(' ')) {
            return format!("{} _ s", start.trim_end());
        }
        for (before, after) in [(", loaded in ", " s"), (" in ", " s, last loss ")] {
            let parts = line.split_once(before);
            if let Some((start, (seconds, rest))) =
                parts.and_then(|(start, end)| Some((start, end.split_once(after)?)))
                && seconds.parse::<f64>().is_ok()
            {
                return format!("{start}{before}_{after}{rest}");
            }
        }
        line.to_string()
    };
    text.lines().map(|text| line(text) + "\n").collect()
}

/// The table of a run, without the times.
#[track_caller]
pub fn table(stdout: &str) -> String {
    let text = without_times(stdout);
    let table = text.split_once("\niteration ").map(|(_, table)| table.to_string());
    table.unwrap_or_else(|| panic!("no table in:\n{stdout}"))
}

/// The rows of the table of epochs: iteration, loss, accuracy in training and in the test.
#[track_caller]
pub fn epochs(stdout: &str) -> Vec<[f64; 4]> {
    let (_, rows) =
        stdout.split_once("elapsed\n").unwrap_or_else(|| panic!("no table in:\n{stdout}"));
    let rows = rows.lines().take_while(|row| !row.is_empty());
    rows.map(|row| numbers(row)[..4].try_into().expect("four numbers")).collect()
}

/// The file of an IDX array of bytes.
pub fn idx_bytes(dimensions: &[u32], data: &[u8]) -> Vec<u8> {
    let mut file = vec![0, 0, 8, dimensions.len() as u8];
    for dimension in dimensions {
        file.extend(dimension.to_be_bytes());
    }
    file.extend(data);
    file
}

/// A folder of the project's fixtures.
pub fn fixtures(folder: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder)
}

/// An empty folder of this test.
pub fn empty_folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("command").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder of our own");
    folder
}

/// A folder with 150 training images and 70 test images of digits, to train on in no time.
///
/// The digits are drawn with the strokes of a pocket calculator, moved, with noise, and some are
/// hardly readable. Everything that could be mistaken for something else differs: the two parts,
/// the frequencies of their digits, rows and columns of a picture.
pub fn small_data(name: &str) -> PathBuf {
    let folder = empty_folder(name);
    let mut rng = Xorshift64Star::new(4);
    for (part, count, favourite) in [("train", TRAIN, 3), ("t10k", TEST, 6)] {
        let (mut labels, mut pixels) = (Vec::new(), Vec::new());
        for _ in 0..count {
            // Every digit, and one of them often.
            let label = if rng.below(8) == 0 { favourite } else { rng.below(10) };
            labels.push(label as u8);
            pixels.extend(picture_of(label, &mut rng));
        }
        for (kind, bytes) in [
            ("images-idx3", idx_bytes(&[count as u32, 28, 28], &pixels)),
            ("labels-idx1", idx_bytes(&[count as u32], &labels)),
        ] {
            let file = folder.join(format!("{part}-{kind}-ubyte"));
            fs::write(file, bytes).expect("a file of our own");
        }
    }
    folder
}

/// The pixels of a digit.
fn picture_of(digit: usize, rng: &mut impl Rng) -> Vec<u8> {
    // For each digit, whether it has the strokes: top, upper left, upper right, middle, lower left,
    // lower right, bottom.
    const STROKES: [&str; 10] = [
        "1110111", "0010010", "1011101", "1011011", "0111010", "1101011", "1101111", "1010010",
        "1111111", "1111011",
    ];
    // Left and top, width and height. The lower half is larger than the upper one.
    const PLACES: [[usize; 4]; 7] = [
        [8, 4, 11, 2],
        [8, 4, 2, 8],
        [17, 4, 2, 8],
        [8, 11, 11, 2],
        [8, 12, 2, 11],
        [17, 12, 2, 11],
        [8, 22, 11, 2],
    ];
    let (right, down) = (rng.below(5), rng.below(4));
    let faint = rng.below(6) == 0;
    let mut pixels = vec![0; 28 * 28];
    for (place, stroke) in PLACES.iter().zip(STROKES[digit].chars()) {
        // In a faint picture a stroke may be missing.
        if stroke == '0' || faint && rng.below(4) == 0 {
            continue;
        }
        let [left, top, width, height] = *place;
        for row in top..top + height {
            for column in left..left + width {
                pixels[28 * (row + down) + column + right - 2] = 120 + rng.below(136) as u8;
            }
        }
    }
    for _ in 0..if faint { 120 } else { 25 } {
        pixels[rng.below(784)] = rng.below(256) as u8;
    }
    pixels
}

/// The options of the run whose nets the other tests use.
pub const RUN: &str =
    "--iterations 700 --batch-size 4 --hidden 12 --learning-rate 0.42 --threads 2";

/// A folder with the small data and two trained nets: net.npz and, with relu, relu.npz. No test
/// changes it.
pub fn trained() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = small_data("trained");
        run_in(&folder, &format!("{RUN} --data . --save net.npz")).output();
        run_in(&folder, &format!("{RUN} --data . --activation relu --save relu.npz")).output();
        let own = fixtures("images/digits/thick.png");
        fs::copy(own, folder.join("four.png")).expect("copied");
        folder
    })
}

/// The small data as the chapters have them.
pub fn data() -> &'static Mnist {
    static DATA: OnceLock<Mnist> = OnceLock::new();
    DATA.get_or_init(|| load_mnist(trained()).expect("our own data"))
}
