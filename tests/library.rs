//! The library, area by area: `cargo test section_4_5` runs the tests of that section.
//!
//! One program: its tests share the data, and it is built in less time than five.

mod common;

/// The numbers, formulas and nets of the book, section by section.
mod book {
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
}

/// The fast twins against the plain code.
mod fast {
    mod gradient_methods;
    mod team;
    mod twins;
}

/// The file formats, from bytes that other programs wrote, and from damaged ones.
mod formats {
    mod gzip;
    mod idx;
    mod mnist_data;
    mod npz;
    mod own_digit;
    mod saving;
}

/// exp, ln, the matrix and random numbers.
mod numeric {
    mod elementary;
    mod matrix;
    mod numpy_random;
    mod random;
}

/// The figures and the page: what is drawn is read back.
mod plot {
    mod browser;
    mod drawing;
    mod figures;
    mod graphs;
    mod page;
    mod reader;
    mod script;
}
