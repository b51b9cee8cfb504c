//! The unit tests of src/cli/progress.rs.

use super::*;

#[test]
fn the_bar_shows_share_rate_and_time_left() {
    let line = |done, elapsed, columns| line(done, 10_000, Duration::from_secs(elapsed), columns);
    assert_eq!(
        line(2_500.0, 2, 79),
        " 25.0%  ━━━━━━──────────────────  2,500/10,000  1,250/s  6 s left"
    );
    // Half of the first naive gradient took 10 s.
    assert_eq!(
        line(0.5, 10, 79),
        "  0.0%  ────────────────────────  0.50/10,000  0.05/s  2 d 07 h left"
    );
    assert_eq!(line(2_500.0, 2, 20), " 25.0%  6 s left");
    assert_eq!(line(2_500.0, 2, 4), " 25.");
    assert!(line(0.0, 0, 79).ends_with("time left not known yet"));
}
