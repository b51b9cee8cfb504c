//! The words for numbers, times and file names, from the source of the command: a run of two days is
//! too long for a test.

#[allow(dead_code)]
#[path = "../../src/cli/text.rs"]
mod text;

use text::{counted, duration, word_in_shell};

#[test]
fn times_are_told_in_their_two_largest_units() {
    for (seconds, words) in [
        (0.4, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min 00 s"),
        (125.0, "2 min 05 s"),
        (3_599.0, "59 min 59 s"),
        (75_840.0, "21 h 04 min"),
        (86_400.0, "1 d 00 h"),
        (198_000.0, "2 d 07 h"),
        (86_400e6, "1,000,000 d 00 h"),
    ] {
        assert_eq!(duration(seconds), words, "{seconds} seconds");
    }
}

#[test]
fn one_thing_has_no_s() {
    for (n, words) in [(0, "0 units"), (1, "1 unit"), (2, "2 units"), (1_000, "1,000 units")] {
        assert_eq!(counted(n, "unit"), words, "{n} units");
    }
}

#[test]
fn a_word_can_be_pasted_into_the_shell_of_its_system() {
    let unix = |text| word_in_shell(text, false);
    assert_eq!(unix("net.npz").as_deref(), Some("net.npz"));
    assert_eq!(unix("my net.npz").as_deref(), Some("'my net.npz'"));
    assert_eq!(unix("a\"$b").as_deref(), Some("'a\"$b'"));
    assert_eq!(["it's", "", "a\nb"].map(unix), [const { None }; 3]);

    let windows = |text| word_in_shell(text, true);
    assert_eq!(windows(r"C:\nets\net.npz").as_deref(), Some(r"C:\nets\net.npz"));
    assert_eq!(windows(r"C:\my nets\n.npz").as_deref(), Some(r#""C:\my nets\n.npz""#));
    assert_eq!(windows("it's").as_deref(), Some("\"it's\""));
    assert_eq!(["a\"b", "%PATH%", "$a", "a`b", ""].map(windows), [const { None }; 5]);
}
