//! What a run holds in memory, compared with the bound in `src/fast/memory.rs`, from which the
//! commands know whether a run fits. The allocator counts what all threads hold together.

#![allow(unsafe_code)] // the allocator

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};

use from_zero::ch04::s2_4_targets::Labels;
use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::fast::compressed::CompressedRows;
use from_zero::fast::evaluation::fast_accuracy;
use from_zero::fast::memory::Work;
use from_zero::fast::methods::{Differences, GradientMethod};
use from_zero::fast::mini_batch::{CompressedDataset, CompressedMnist};
use from_zero::fast::team::Team;
use from_zero::fast::training::{Settings, fast_train};
use from_zero::numeric::random::Xorshift64Star;

/// The system's allocator, which counts what is held, and the most that was held.
struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

fn grow(size: usize) {
    let held = HELD.fetch_add(size, Relaxed) + size;
    MOST.fetch_max(held, Relaxed);
}

// SAFETY: the system's allocator does everything.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // The old and the new block may exist at the same time.
        grow(size);
        HELD.fetch_sub(layout.size(), Relaxed);
        unsafe { System.realloc(memory, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The most bytes that f holds at a time, besides what was there before.
fn peak(f: impl FnOnce()) -> usize {
    let before = HELD.load(Relaxed);
    MOST.store(before, Relaxed);
    f();
    MOST.load(Relaxed) - before
}

/// All threads are counted together, so the tests of this program run one after the other.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner)
}

const THREADS: [usize; 4] = [1, 2, 8, 16];

/// The peak is at most the bound, and the bound is at most so many times the peak.
fn assert_within_bound(
    what: &str, (work, threads): (Work, usize), data: &CompressedMnist, peak: usize, times: usize,
) {
    let bound = work.bytes(threads) + Work::bytes_of_data(data);
    assert!(
        (peak..=times * peak).contains(&bound),
        "{what}, {threads} threads: expected a bound of {peak} bytes, which were used, to {times} \
         times as much, found {bound}"
    );
}

fn net(hidden: usize) -> TwoLayerNet {
    TwoLayerNet::new(784, hidden, 10, 0.01, &mut Xorshift64Star::new(1))
}

/// Images without a 0, which take the most memory, and ten test images.
fn full_images(count: usize) -> CompressedMnist {
    let pixels: Vec<u8> = (0..count * 784).map(|i| 1 + (i % 255) as u8).collect();
    let values = std::array::from_fn(|level| level as f64 / 255.0);
    let images = CompressedRows::new(&pixels, 784, values);
    let labels = Labels::new((0..count).map(|n| n % 10).collect());
    let train = CompressedDataset { images, labels };
    CompressedMnist { test: train.first(10), train }
}

/// A net with so many hidden units, and the size of its mini-batches.
struct Case {
    hidden: usize,
    samples: usize,
    iterations: usize,
    /// How many times the peak the bound may be
    times: usize,
}

fn assert_training_is_within_bound(gradient: GradientMethod, case: &Case) {
    let &Case { hidden, samples, iterations, times } = case;
    // The accuracy is measured after iteration 0. The others are done at once: an epoch has as many.
    let data = full_images(iterations * samples);
    for threads in THREADS {
        let mut settings = Settings { gradient, ..Settings::new(iterations, threads) };
        settings.hyperparameters.batch_size = samples;
        let peak = peak(|| {
            let (data, mut net) = (data.clone(), net(hidden));
            let history = fast_train(&mut net, &data, &settings, &mut Xorshift64Star::new(2));
            assert_eq!(history.expect("a finite loss").losses.len(), iterations);
        });
        let sorted = matches!(gradient, GradientMethod::Incremental(_));
        let work = Work { hidden, samples, own_nets: false, sorted };
        let what = format!("{gradient:?}, {hidden} units, {samples} samples");
        assert_within_bound(&what, (work, threads), &data, peak, times);
    }
}

#[test]
fn training_by_backpropagation_needs_no_more_memory_than_its_bound() {
    let _alone = alone();
    for case in [
        Case { hidden: 50, samples: 500, iterations: 3, times: 4 },
        Case { hidden: 10, samples: 1_000, iterations: 3, times: 4 },
        Case { hidden: 4, samples: 100, iterations: 101, times: 4 },
        Case { hidden: 300, samples: 50, iterations: 3, times: 10 },
    ] {
        assert_training_is_within_bound(GradientMethod::Backprop, &case);
    }
}

#[test]
fn training_by_incremental_differences_needs_no_more_memory_than_its_bound() {
    let _alone = alone();
    let method = GradientMethod::Incremental(Differences::default());
    for case in [
        Case { hidden: 8, samples: 500, iterations: 3, times: 4 },
        Case { hidden: 50, samples: 50, iterations: 3, times: 15 },
    ] {
        assert_training_is_within_bound(method, &case);
    }
}

#[test]
fn the_naive_gradient_needs_no_more_memory_than_its_bound() {
    let _alone = alone();
    // A gradient of a large net would take minutes. With images of four pixels there are few
    // weights, but the bound is that of 784 pixels.
    for (hidden, samples, inputs, times) in [(2, 200, 784, 4), (60, 500, 4, 25)] {
        let mut data = full_images(samples);
        if inputs == 4 {
            let bytes = vec![255; 4 * samples];
            let values = std::array::from_fn(|level| level as f64 / 255.0);
            data.train.images = CompressedRows::new(&bytes, 4, values);
        }
        for threads in THREADS {
            let method = GradientMethod::Naive(Differences::default());
            let peak = peak(|| {
                let CompressedDataset { images, labels } = data.train.clone();
                let rng = &mut Xorshift64Star::new(1);
                let net = TwoLayerNet::new(inputs, hidden, 10, 0.01, rng);
                drop(method.gradient(&net, &images, &labels, &mut Team::new(threads)));
            });
            let work = Work { hidden, samples, own_nets: true, sorted: false };
            let what = format!("naive gradient, {hidden} units, {inputs} inputs");
            assert_within_bound(&what, (work, threads), &data, peak, times);
        }
    }
}

#[test]
fn an_evaluation_needs_no_more_memory_than_its_bound() {
    let _alone = alone();
    let data = full_images(500);
    for hidden in [300, 600] {
        for threads in THREADS {
            let peak = peak(|| {
                let (data, net) = (data.clone(), net(hidden));
                assert!(fast_accuracy(&net, &data.train, threads) <= 1.0);
            });
            let work = Work { hidden, samples: 100, own_nets: false, sorted: false };
            let what = format!("evaluation, {hidden} units");
            // Before an evaluation nothing is copied, but the bound counts copies.
            assert_within_bound(&what, (work, threads), &data, peak, 20);
        }
    }
}

#[test]
fn what_does_not_fit_is_counted_with_the_data() {
    let _alone = alone();
    let data = full_images(2_000);
    let work = Work { hidden: 10_000, samples: 60_000, own_nets: false, sorted: false };
    let expected = work.bytes(1) + Work::bytes_of_data(&data);
    assert_eq!(work.fitting_threads(&data, 8), Err(expected), "bytes for one thread, and the data");
    // What fits beside little data may not fit beside more.
    let work = Work { hidden: 1_000, samples: 100, own_nets: true, sorted: false };
    let threads = work.fitting_threads(&full_images(1), 1_000).expect("some threads");
    assert!(work.fitting_threads(&full_images(100_000), 1_000).expect("some") < threads);
}
