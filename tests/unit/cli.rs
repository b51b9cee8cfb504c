//! The unit tests of src/cli/mod.rs.

use super::*;

#[test]
fn a_long_name_does_not_hide_the_cause() {
    let said = shortened(format!("{}: No such file", "数".repeat(3_000)));
    assert_eq!(said.chars().count(), 2_001);
    assert!(said.starts_with("数数") && said.ends_with("数: No such file"), "{said}");
    assert_eq!(shortened("x".repeat(2_000)), "x".repeat(2_000));
}
