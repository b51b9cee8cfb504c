//! Files as somebody might make them who wishes the readers ill: tens of thousands of damaged ones,
//! the same at every run. None may panic, none may take more memory than its caller allows (an
//! allocator counts), and what comes of it is a value or a sentence.
//!
//! For longer, on one core:
//!
//! ```text
//! HOSTILE_MINUTES=30 cargo test --release --test hostile -- --ignored --nocapture
//! ```

#![allow(unsafe_code)] // the allocator

mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Mutex, Once};
use std::thread;
use std::time::{Duration, Instant};

use common::megabyte::{self, Hostile, MEGABYTE, worst};
use common::{fixtures, idx_bytes};
use from_zero::fast::mini_batch::CompressedMnist;
use from_zero::formats::crc32::crc32;
use from_zero::formats::npz::Npz;
use from_zero::formats::png::parse_picture;
use from_zero::formats::{gzip, idx, inflate, mnist, npy};
use from_zero::numeric::random::{Rng, Xorshift64Star};
use from_zero::trained::own_digit::prepare;

/// The system's allocator, which counts what this thread holds.
struct Counting;

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
    static MOST: Cell<isize> = const { Cell::new(0) };
}

fn count(change: isize) {
    // Where a thread is being taken down there is nothing left to count with.
    let _ = HELD.try_with(|held| {
        held.set(held.get() + change);
        MOST.with(|most| most.set(most.get().max(held.get())));
    });
}

// SAFETY: everything is the system allocator's doing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size as isize - layout.size() as isize);
        unsafe { System.realloc(memory, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What f gives, and the most bytes that it held at a time.
fn counted<R>(f: impl FnOnce() -> R) -> (R, usize) {
    let before = HELD.get();
    MOST.set(before);
    let result = f();
    (result, (MOST.get() - before) as usize)
}

#[test]
fn the_allocator_counts() {
    let (v, most) = counted(|| vec![1_u8; 100_000]);
    assert!((100_000..101_000).contains(&most), "{most}");
    let (_, most) = counted(move || drop(v));
    assert_eq!(most, 0);
}

/// What a reader makes of bytes: how much it gave, or a sentence.
type Outcome = Result<usize, String>;

type Reader = fn(&[u8]) -> Outcome;

/// A reader under attack: whole files to begin with, what it does, and the most bytes that it may
/// hold for an input of a length.
struct Target {
    name: &'static str,
    files: Vec<Vec<u8>>,
    read: Reader,
    most: fn(usize) -> usize,
}

/// What the callers below allow a reader to give.
const LIMIT: usize = 1 << 16;

/// Tables, error messages, and the like.
const ROOM: usize = 1 << 16;

fn folder(name: &str, ending: &str) -> Vec<Vec<u8>> {
    let mut paths: Vec<_> =
        fs::read_dir(fixtures(name)).expect(name).flatten().map(|e| e.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|found| found == ending));
    paths.sort();
    paths.iter().map(|path| fs::read(path).expect("a fixture")).collect()
}

fn targets() -> Vec<Target> {
    let gzips = folder("compressed", "gz");
    // The header of gzip's files is ten bytes, and a name in some; zlib's have none.
    let raw =
        gzips.iter().filter(|file| file[3] == 0).map(|file| file[10..file.len() - 8].to_vec());
    vec![
        Target {
            name: "inflate",
            files: raw.collect(),
            read: |bytes| {
                let mut output = Vec::new();
                let result = inflate::inflate(bytes, &mut output, LIMIT);
                assert!(output.len() <= LIMIT);
                result
                    .map(|taken| {
                        assert!(taken <= bytes.len());
                        output.len()
                    })
                    .map_err(|error| error.to_string())
            },
            // A Vec that grows may be twice as long as what it holds.
            most: |_| 2 * LIMIT + ROOM,
        },
        Target {
            name: "gzip",
            files: gzips,
            read: |bytes| {
                let result = gzip::decompress(bytes, LIMIT).map_err(|error| error.to_string());
                result.map(|output| {
                    assert!(output.len() <= LIMIT);
                    output.len()
                })
            },
            most: |_| 2 * LIMIT + ROOM,
        },
        Target {
            name: "idx",
            files: vec![
                idx_bytes(&[5, 28, 28], &[7; 5 * 784]),
                idx_bytes(&[9], &[1; 9]),
                idx_bytes(&[2, 3, 4, 5, 6, 7, 8, 9], &[]),
                idx_bytes(&[0, 4], &[]),
            ],
            read: |bytes| {
                let result = idx::parse(bytes).map_err(|error| error.to_string());
                result.map(|array| {
                    assert!(array.data.len() <= bytes.len());
                    array.data.len()
                })
            },
            // At most 255 dimensions; the data are not copied.
            most: |_| 16_384,
        },
        Target {
            name: "npy",
            files: folder("numpy/arrays", "npy"),
            read: |bytes| {
                let result = npy::parse(bytes, LIMIT / 8).map_err(|error| error.to_string());
                result.map(|array| {
                    assert_eq!(array.data.len(), array.shape.iter().product::<usize>());
                    8 * array.data.len()
                })
            },
            most: |_| LIMIT + ROOM,
        },
        Target {
            name: "npz",
            files: folder("numpy/arrays", "npz"),
            read: |bytes| {
                let npz = Npz::parse(bytes).map_err(|error| error.to_string())?;
                let mut read = 0;
                let mut first_error = None;
                // Some with .npy in their names, and some without.
                for name in ["W1", "b1", "W2", "b2", "arr_0", "<f2", "|b1", "=f8", "int8", ">h"] {
                    match npz.array(name, LIMIT / 8) {
                        Ok(array) => read += array.map_or(0, |array| 8 * array.data.len()),
                        Err(error) => first_error = first_error.or(Some(error.to_string())),
                    }
                }
                first_error.map_or(Ok(read), Err)
            },
            // The directory, in a Vec that grows; and one array at a time, decompressed and as f64.
            most: |length| 4 * length + 4 * LIMIT + ROOM,
        },
        Target {
            name: "image",
            files: ["png", "pgm", "ppm"].iter().flat_map(|end| folder("images", end)).collect(),
            read: |bytes| {
                let image = parse_picture(bytes, LIMIT / 8).map_err(|error| error.to_string())?;
                assert_eq!(image.grey().len(), image.size().0 * image.size().1);
                assert!(image.grey().len() <= LIMIT / 8);
                prepare(&image);
                Ok(2 * image.grey().len())
            },
            // At most 8 bytes a pixel in the file; 4 for level and opacity; 2 on white paper and 2
            // on black. Before that, the parts of the picture in a Vec that grows.
            most: |length| 3 * length + 2 * LIMIT + ROOM,
        },
    ]
}

/// Something that is done to a file.
fn damaged(file: &[u8], other: &[u8], rng: &mut Xorshift64Star) -> Vec<u8> {
    let mut bytes = file.to_vec();
    for _ in 0..1 + rng.below(3) {
        let length = bytes.len();
        if length == 0 {
            return other.to_vec();
        }
        let at = rng.below(length);
        let end = (at + 1 + rng.below(64)).min(length);
        match rng.below(8) {
            // Some bits turned.
            0 | 1 => (0..1 + rng.below(8)).for_each(|_| {
                let at = rng.below(length);
                bytes[at] ^= 1 << rng.below(8);
            }),
            // Cut off.
            2 => bytes.truncate(at),
            // Something put in.
            3 => {
                let inserted: Vec<u8> = (0..rng.below(20)).map(|_| rng.below(256) as u8).collect();
                bytes.splice(at..at, inserted);
            }
            // Something taken out, or there twice.
            4 => drop(bytes.drain(at..end)),
            5 => {
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
            // A length or the like with an extreme value.
            6 => {
                let width = [1, 2, 4][rng.below(3)].min(length - at);
                let extremes =
                    [[0; 4], [0xff; 4], [0xff, 0xff, 0xff, 0x7f], [0, 0, 0, 0x80], [1, 0, 0, 0]];
                let mut extreme = extremes[rng.below(5)];
                if rng.below(2) == 0 {
                    extreme.reverse();
                }
                bytes[at..at + width].copy_from_slice(&extreme[..width]);
            }
            // The beginning of one file and the end of another.
            _ => {
                bytes.truncate(at);
                bytes.extend(&other[rng.below(other.len())..]);
            }
        }
    }
    bytes
}

/// The reader at work and the seed of its file.
static AT_WORK: Mutex<Option<(&str, u64)>> = Mutex::new(None);

/// A file takes microseconds. A reader that is still at it a minute later does not end: the seed is
/// told, in place of a test that hangs.
fn watch() {
    static ONCE: Once = Once::new();
    let watching = || {
        let mut before = None;
        loop {
            thread::sleep(Duration::from_secs(60));
            let now = *AT_WORK.lock().expect("nobody panics with it");
            if let Some((name, seed)) = now.filter(|_| now == before) {
                eprintln!("{name}, seed {seed}: it does not end");
                std::process::abort();
            }
            before = now;
        }
    };
    ONCE.call_once(|| drop(thread::spawn(watching)));
}

/// One damaged file; whether it was read nevertheless.
fn attack(target: &Target, seed: u64) -> bool {
    let mut rng = Xorshift64Star::new(seed);
    let [file, other] = [0, 1].map(|_| &target.files[rng.below(target.files.len())]);
    let bytes = damaged(file, other, &mut rng);
    *AT_WORK.lock().expect("nobody panics with it") = Some((target.name, seed));
    let (outcome, most) = counted(|| catch_unwind(AssertUnwindSafe(|| (target.read)(&bytes))));
    *AT_WORK.lock().expect("nobody panics with it") = None;
    let Target { name, .. } = target;
    let outcome = outcome.unwrap_or_else(|_| panic!("{name}, seed {seed}: a panic"));
    let allowed = (target.most)(bytes.len());
    assert!(most <= allowed, "{name}, seed {seed}: {most} bytes held, {allowed} allowed");
    match outcome {
        Ok(given) => assert!(given <= 16 * LIMIT, "{name}, seed {seed}: {given}"),
        Err(sentence) => {
            let one_line =
                !sentence.is_empty() && !sentence.contains('\n') && sentence.len() < 2_000;
            assert!(one_line, "{name}, seed {seed}: {sentence}");
            return false;
        }
    }
    true
}

#[test]
fn damaged_files_are_sentences_and_no_panics() {
    watch();
    for target in targets() {
        let read = (0..50_000).filter(|&seed| attack(&target, seed)).count();
        // Most damage is noticed; some is in a name, a date, or behind the data.
        assert!(read < 48_000, "{}: {read} of 50,000 are read as if nothing were", target.name);
        assert!(read > 0, "{}: nothing is left to attack", target.name);
    }
}

#[test]
fn damaged_data_sets_are_sentences_and_no_panics() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile");
    fs::create_dir_all(&folder).expect("a folder of our own");
    let (images, labels) = (idx_bytes(&[3, 28, 28], &[7; 3 * 784]), idx_bytes(&[3], &[1, 2, 3]));
    let mut wide = idx_bytes(&[3, 8], &[0; 3 * 8 * 4]); // QMNIST's labels
    wide[2] = 0x0c;
    // Zeros, which the file does not have as images, but which expand to many bytes.
    let bomb = fs::read(fixtures("compressed").join("zlib-default-9.gz")).expect("the fixture");
    let files = [images.clone(), labels.clone(), wide.clone(), bomb];
    let damage = |name: &str, whole: &[u8], seed: u64| {
        let mut rng = Xorshift64Star::new(seed);
        let bytes = damaged(whole, &files[rng.below(files.len())], &mut rng);
        fs::write(folder.join(name), &bytes).expect("written");
        bytes.len()
    };
    let [mut read, mut refused] = [0; 2];
    for seed in 0..3_000 {
        let images_length = damage("qmnist-train-images-idx3-ubyte", &images, 3 * seed);
        // Most of the time only one of the two files is damaged.
        if seed % 4 > 0 {
            fs::write(folder.join("qmnist-train-images-idx3-ubyte"), &images).expect("written");
        }
        let whole = if seed % 3 == 0 { &labels } else { &wide };
        let labels_length = damage("qmnist-train-labels-idx2-int", whole, 3 * seed + 1);
        let (outcome, most) = counted(|| mnist::load_train(&folder));
        // Nothing is allocated because a header says so. DEFLATE makes 1,032 bytes of one.
        let expanded = 1_032 * images_length.max(labels_length) + ROOM;
        assert!(most <= 4 * expanded, "seed {seed}: {most} bytes held");
        match outcome {
            Ok(part) => {
                assert_eq!(part.pixels().len(), 784 * part.labels.len(), "seed {seed}");
                assert!(part.labels.iter().all(|&label| label < 10), "seed {seed}");
                read += 1;
            }
            Err(error) => {
                let sentence = error.to_string();
                assert!(!sentence.contains('\n') && sentence.len() < 2_000, "{sentence}");
                refused += 1;
            }
        }
    }
    assert!(read > 100 && refused > 1_000, "{read} read, {refused} refused");
}

#[test]
fn loading_holds_four_bytes_per_pixel_at_most() {
    // No pixel is 0: that is the most. So the largest data set that is allowed has a bound.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("four_bytes");
    fs::create_dir_all(&folder).expect("a folder of our own");
    let images = 2_000;
    for part in ["train", "t10k"] {
        let write = |name: &str, bytes: &[u8]| {
            fs::write(folder.join(format!("{part}-{name}-ubyte")), bytes).expect("written");
        };
        write("images-idx3", &idx_bytes(&[images, 28, 28], &vec![7; images as usize * 784]));
        write("labels-idx1", &idx_bytes(&[images], &vec![7; images as usize]));
    }
    let (data, most) = counted(|| CompressedMnist::load(&folder).expect("whole"));
    let pixels = 2 * 784 * data.train.labels.len();
    // The first part is kept in 3 bytes per pixel. While the second is loaded, it takes 4.
    let allowed = (3 * pixels + 4 * pixels) / 2 + 2 * images as usize * 40 + ROOM;
    assert!(most <= allowed, "{most} bytes held, {allowed} allowed");
}

#[test]
#[ignore = "as long as HOSTILE_MINUTES says, 30 without it"]
fn for_longer() {
    watch();
    let minutes = std::env::var("HOSTILE_MINUTES").ok().and_then(|text| text.parse().ok());
    let end = Instant::now() + Duration::from_secs(60 * minutes.unwrap_or(30));
    let targets = targets();
    let mut seed = 1 << 32;
    while Instant::now() < end {
        for target in &targets {
            for seed in seed..seed + 1_000 {
                attack(target, seed);
            }
        }
        seed += 1_000;
    }
    println!("{} damaged files for each of {} readers", seed - (1 << 32), targets.len());
}

#[test]
fn whole_files_are_read() {
    for target in targets() {
        let read = target.files.iter().filter(|file| (target.read)(file).is_ok()).count();
        assert!(
            2 * read >= target.files.len(),
            "{}: {read} of {}",
            target.name,
            target.files.len()
        );
    }
}

#[test]
fn what_other_programs_compressed_is_the_same_bytes() {
    let plain = fs::read(fixtures("compressed").join("plain.bin")).expect("the fixture");
    let files = folder("compressed", "gz");
    assert!(files.len() >= 35, "{}", files.len());
    for (k, file) in files.iter().enumerate() {
        assert!(gzip::is_gzip(file), "file {k}: expected the magic bytes of gzip");
        let same = gzip::decompress(file, plain.len()).as_ref() == Ok(&plain);
        assert!(same, "file {k}: expected the bytes of plain.bin, found others or an error");
        assert!(gzip::decompress(file, plain.len() - 1).is_err(), "a byte more than allowed");
    }
}

#[test]
fn random_bytes_are_no_file() {
    let mut rng = Xorshift64Star::new(9);
    for k in 0..20_000 {
        let bytes: Vec<u8> = (0..rng.below(200)).map(|_| rng.below(256) as u8).collect();
        for target in targets_without_files() {
            let (outcome, most) = counted(|| (target.1)(&bytes));
            assert!(most <= 2 * LIMIT + ROOM, "{}: {most}", target.0);
            // Any bytes may be a DEFLATE stream, if a short one.
            let refused = target.0 == "inflate" || outcome.is_err();
            assert!(refused, "{}: expected an error for random bytes {k}, found none", target.0);
        }
    }
}

/// Name and reader of each target.
fn targets_without_files() -> [(&'static str, Reader); 5] {
    [
        ("inflate", |bytes| {
            let mut output = Vec::new();
            inflate::inflate(bytes, &mut output, LIMIT).map_err(|error| error.to_string())
        }),
        ("gzip", |bytes| {
            gzip::decompress(bytes, LIMIT).map(|out| out.len()).map_err(|error| error.to_string())
        }),
        ("npy", |bytes| {
            npy::parse(bytes, LIMIT / 8)
                .map(|array| array.data.len())
                .map_err(|error| error.to_string())
        }),
        ("npz", |bytes| {
            Npz::parse(bytes).map(|npz| npz.names().count()).map_err(|error| error.to_string())
        }),
        ("image", |bytes| {
            let image = parse_picture(bytes, LIMIT).map_err(|error| error.to_string())?;
            Ok(image.grey().len())
        }),
    ]
}

#[test]
fn a_megabyte_that_keeps_a_reader_busy_takes_no_more_than_it_may() {
    for Hostile { name, file, read, gives } in worst() {
        assert!(file.len() <= MEGABYTE + 2_000, "{name}: {} bytes", file.len());
        let (outcome, most) = counted(|| read(&file));
        println!("{name}: {most} bytes held, {outcome:?}");
        assert_eq!(outcome.ok(), gives, "{name}");
        // What is decompressed, and each of its f32 as an f64.
        assert!(most <= 3 * megabyte::LIMIT + 4 * MEGABYTE, "{name}: {most}");
    }
}

#[test]
fn memory_for_the_output_is_reserved_once() {
    // Without the length that a file announces at its end, a Vec would grow to twice of it.
    let file = fs::read(fixtures("mnist").join("t10k-images-idx3-ubyte.gz")).expect("a fixture");
    let (output, most) = counted(|| gzip::decompress(&file, usize::MAX).expect("whole"));
    assert_eq!(output.len(), 7_840_016);
    assert!(most <= output.len() + ROOM, "{most}");
}

#[test]
fn files_that_expand_are_stopped_where_the_caller_says() {
    // A megabyte of zeros in a kilobyte, a thousand times in a row.
    let bomb = fs::read(fixtures("compressed").join("zlib-default-9.gz")).expect("the fixture");
    let many: Vec<u8> = (0..200).flat_map(|_| bomb.clone()).collect();
    let (outcome, most) = counted(|| gzip::decompress(&many, LIMIT));
    assert!(outcome.is_err());
    assert!(most <= 2 * LIMIT + ROOM, "{most}");
    // A file of nothing but ends of directories, each of which might be the one.
    let ends = b"PK\x05\x06".repeat(250_000);
    let (outcome, most) = counted(|| Npz::parse(&ends).map(|npz| npz.names().count()));
    assert!(outcome.is_err());
    assert!(most < ROOM, "{most}");
    // A directory that says that it has 65,534 members, in a file that has none.
    let mut claims = b"PK\x05\x06\0\0\0\0\xfe\xff\xfe\xff\0\0\0\0\0\0\0\0\0\0".to_vec();
    let (outcome, most) = counted(|| Npz::parse(&claims).map(|npz| npz.names().count()));
    assert!(outcome.is_err());
    assert!(most < ROOM, "{most}");
    // The same member under many names: each is read only when it is asked for.
    claims[8..12].copy_from_slice(&[0; 4]);
    assert!(Npz::parse(&claims).is_ok());
}

/// A PNG file of grey pixels with such a header, and with this DEFLATE data in it.
fn png(width: u32, height: u32, depth: u8, deflate: &[u8], adler: u32) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[depth, 0, 0, 0, 0]].concat();
    let zlib = [&[0x78, 0x01], deflate, &adler.to_be_bytes()].concat();
    for (name, data) in [(b"IHDR", header), (b"IDAT", zlib), (b"IEND", vec![])] {
        let named = [&name[..], &data].concat();
        file.extend((data.len() as u32).to_be_bytes());
        file.extend(&named);
        file.extend(crc32(&named).to_be_bytes());
    }
    file
}

#[test]
fn a_small_picture_file_does_not_claim_much_memory() {
    let most = 1 << 24;
    let zeros = megabyte::zeros(100_000);
    for (width, height, depth) in [
        (4096, 4096, 16),
        (1 << 24, 1, 8),
        (1, 1 << 24, 16),
        (u32::MAX, u32::MAX, 16),
        (u32::MAX, 1, 1),
        (0, 5, 8),
        // The data give more bytes than the header says.
        (100, 100, 8),
    ] {
        let file = png(width, height, depth, &zeros, 0);
        let (outcome, held) = counted(|| parse_picture(&file, most));
        assert!(outcome.is_err(), "{width} × {height}");
        assert!(held <= 1032 * file.len() + ROOM, "{width} × {height}: {held}");
    }
    // Sizes whose product is too large for a number are no panic, whatever the caller allows.
    let file = png(u32::MAX, u32::MAX, 16, &zeros, 0);
    assert!(parse_picture(&file, usize::MAX).is_err());
    // A picture that is whole, but has only one colour: 9 bytes a pixel. In its checksum the sum of
    // the zeros and 1 is 1, and the sum of these sums is the number of bytes.
    let (side, bytes) = (1_000_u32, 1_000 * 1_001);
    let file = png(side, side, 8, &megabyte::zeros(bytes), ((bytes as u32 % 65_521) << 16) | 1);
    let (outcome, held) = counted(|| parse_picture(&file, most));
    assert!(held <= 10 * (side * side) as usize + ROOM, "{held} bytes while reading");
    // A picture is prepared after it was reduced to 1024 × 1024 pixels at most.
    let (x, held) = counted(|| prepare(&outcome.expect("whole")));
    assert!(x.is_none(), "expected no ink on a picture of one colour");
    assert!(held <= 40 << 20, "{held} bytes while preparing");
    for text in ["P2 4096 4096 255 1", "P6 4096 4096 65535 1", "P2 65535 1 9 1"] {
        let (outcome, held) = counted(|| parse_picture(text.as_bytes(), most).is_err());
        assert!(outcome && held < ROOM, "{text}: {held}");
    }
}
