//! What one does with a trained net: save it, see which digits it confuses, show it one's own digit.

pub mod confusion;
pub mod own_digit;
pub mod saving;
