//! The fast code against the plain code, bit for bit.

#[path = "../common/mod.rs"]
mod common;

mod gradient_methods;
mod team;
mod twins;
