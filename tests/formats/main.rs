//! The files that are read and written.

#[path = "../common/mod.rs"]
mod common;

mod gzip;
mod idx;
mod mnist_data;
mod npz;
mod own_digit;
mod saving;
