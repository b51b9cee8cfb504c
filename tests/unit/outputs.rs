//! The unit tests of src/cli/outputs.rs: the words of a suggested command on each system.

use super::*;

#[test]
fn a_word_can_be_pasted_into_the_shell_of_its_system() {
    let unix = |text| word_in_shell(text, false);
    assert_eq!(unix("net.npz").as_deref(), Some("net.npz"));
    assert_eq!(unix("my net.npz").as_deref(), Some("'my net.npz'"));
    assert_eq!(unix("a\"$b").as_deref(), Some("'a\"$b'"));
    assert_eq!([unix("it's"), unix(""), unix("a\nb")], [None, None, None]);

    let windows = |text| word_in_shell(text, true);
    assert_eq!(windows(r"C:\nets\net.npz").as_deref(), Some(r"C:\nets\net.npz"));
    assert_eq!(windows(r"C:\my nets\n.npz").as_deref(), Some(r#""C:\my nets\n.npz""#));
    assert_eq!(windows("it's").as_deref(), Some("\"it's\""));
    assert_eq!(["a\"b", "%PATH%", "$a", "a`b", ""].map(windows), [const { None }; 5]);
}
