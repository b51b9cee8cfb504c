//! What is drawn.

#[path = "../common/mod.rs"]
mod common;

mod figures;
mod page;
