//! The numbers, formulas and nets of the book, section by section.

#[path = "../common/mod.rs"]
mod common;

mod chapter_3_functions;
mod chapter_5_gradient_check;
mod chapter_5_layers;
mod numbers_of_the_book;
mod numpy_referee;
mod one_file;
mod preface_perceptron;
mod properties;
mod published_slips;
mod section_4_1;
mod section_4_2;
mod section_4_3;
mod section_4_4;
mod section_4_5;
mod symptoms;
