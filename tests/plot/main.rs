//! What is drawn: the numbers are read back out of the figures and of the page.

#[path = "../common/mod.rs"]
mod common;

mod browser;
mod drawing;
mod figures;
mod graphs;
mod page;
mod reader;
mod script;
