//! The unit tests of src/cli/text.rs.

use super::*;

#[test]
fn durations_and_numbers_are_easy_to_read() {
    assert_eq!(duration(5.6), "6 s");
    assert_eq!(duration(125.0), "2 min 05 s");
    assert_eq!(duration(75_840.0), "21 h 04 min");
    assert_eq!(duration(220_000.0), "2 d 13 h");
    let numbers = [0, 999, 1_000, 39_760, 1_234_567].map(grouped);
    assert_eq!(numbers.join(" "), "0 999 1,000 39,760 1,234,567");
    assert_eq!([0, 1, 2_000].map(|n| counted(n, "unit")), ["0 units", "1 unit", "2,000 units"]);
}

#[test]
fn characters_that_move_the_cursor_or_turn_the_text_are_escaped() {
    assert_eq!(escaped("für 数 \u{1b}[2J\n\u{9b}1m"), "für 数 \\u{1b}[2J\\n\\u{9b}1m");
    assert_eq!(escaped("net\u{202e}zpn.exe\u{2069}"), "net\\u{202e}zpn.exe\\u{2069}");
}
