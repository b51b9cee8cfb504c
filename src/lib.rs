//! doc
pub mod formats;
pub mod learning;
pub mod numeric;
