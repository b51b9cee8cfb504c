//! Parameters and histories on disk, and files that are replaced as a whole or not at all.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::common::random_net;
use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::ch04::s5_2_training::{Accuracy, History};
use from_zero::formats::files::{check_replaceable, read_at_most, replace, resolved};
use from_zero::formats::npy::Array;
use from_zero::formats::npz::{self, Npz};
use from_zero::numeric::random::Xorshift64Star;
use from_zero::trained::saving::{load_parameters, save_history, save_parameters};

/// An empty folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("storage").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder of our own");
    folder
}

fn entries(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("listed").flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn parameters_come_back_bit_for_bit() {
    let folder = folder("round");
    let path = folder.join("net.npz");
    for seed in 0..5 {
        let net = random_net(6, 5 + seed, 4, &mut Xorshift64Star::new(seed as u64));
        save_parameters(&path, &net.params).expect("saved");
        assert_eq!(load_parameters(&path, 6, 4).expect("loaded").params, net.params);
    }
    assert_eq!(entries(&folder), ["net.npz"]);
}

#[test]
fn a_history_is_four_arrays() {
    let path = folder("history").join("run.npz");
    let accuracy = |train, test| Accuracy { train, test };
    let history = History {
        losses: vec![2.3, 1.5, 0.25],
        accuracies: vec![(0, accuracy(0.1, 0.2)), (2, accuracy(0.5, 0.75))],
    };
    save_history(&path, &history).expect("saved");
    let bytes = fs::read(&path).expect("read");
    let npz = Npz::parse(&bytes).expect("a zip file");
    let array = |name| npz.array(name, 1000).expect("an array").expect("there").data;
    assert_eq!(array("train_loss_list"), [2.3, 1.5, 0.25]);
    assert_eq!(array("train_acc_list"), [0.1, 0.5]);
    assert_eq!(array("test_acc_list"), [0.2, 0.75]);
    assert_eq!(array("acc_iteration_list"), [0.0, 2.0]);
    // Of a run of no iterations too.
    save_history(&path, &History::default()).expect("saved");
}

#[test]
fn parameters_that_are_none_are_one_sentence() {
    let folder = folder("bad");
    let path = folder.join("net.npz");
    let array =
        |shape: &[usize]| Array { shape: shape.to_vec(), data: vec![0.5; shape.iter().product()] };
    let net = |w1: &[usize], b1: &[usize], w2: &[usize], b2: &[usize]| {
        [("W1", array(w1)), ("b1", array(b1)), ("W2", array(w2)), ("b2", array(b2))]
    };
    let said = |bytes: &[u8]| {
        fs::write(&path, bytes).expect("written");
        let error = load_parameters(&path, 6, 4).expect_err("refused");
        error.to_string().replace(&path.display().to_string(), "net.npz")
    };
    let said_of = |arrays: &[(&str, Array)]| said(&npz::write(arrays));
    assert_eq!(
        said_of(&net(&[6, 5], &[5], &[5, 4], &[4])[..3]),
        "net.npz: expected the arrays W1, b1, W2 and b2, found no b2 among W1, b1, W2"
    );
    assert_eq!(said_of(&[]), "net.npz: expected the arrays W1, b1, W2 and b2, found no arrays");
    assert_eq!(
        said_of(&net(&[7, 5], &[5], &[5, 4], &[4])),
        "net.npz: expected W1 of the shape (6, 1 to 10000), found (7, 5)"
    );
    assert_eq!(
        said_of(&net(&[30], &[5], &[5, 4], &[4])),
        "net.npz: expected W1 of the shape (6, 1 to 10000), found (30,)"
    );
    assert_eq!(
        said_of(&net(&[6, 0], &[0], &[0, 4], &[4])),
        "net.npz: expected W1 of the shape (6, 1 to 10000), found (6, 0)"
    );
    assert_eq!(
        said_of(&net(&[6, 5], &[6], &[5, 4], &[4])),
        "net.npz: expected b1 of the shape (5,), found (6,)"
    );
    assert_eq!(
        said_of(&net(&[6, 5], &[5], &[4, 5], &[4])),
        "net.npz: expected W2 of the shape (5, 4), found (4, 5)"
    );
    assert_eq!(
        said_of(&net(&[6, 5], &[5], &[5, 4], &[])),
        "net.npz: expected b2 of the shape (4,), found ()"
    );
    let mut with_nan = net(&[6, 5], &[5], &[5, 4], &[4]);
    with_nan[2].1.data[7] = f64::NAN;
    assert_eq!(
        said_of(&with_nan),
        "net.npz: expected finite numbers up to 1e100, found NaN in W2 at place 7, counted from 0"
    );
    // With numbers as these the probabilities would be NaN.
    with_nan[2].1.data[7] = -1e101;
    assert_eq!(
        said_of(&with_nan),
        "net.npz: expected finite numbers up to 1e100, found -1e101 in W2 at place 7, counted from 0"
    );
    assert_eq!(
        said_of(&net(&[6, 10_001], &[5], &[5, 4], &[4])),
        "net.npz: expected W1 of the shape (6, 1 to 10000), found (6, 10001)"
    );
    assert_eq!(
        said_of(&net(&[6, 5], &[5_000], &[5, 4], &[4])),
        "net.npz: b1.npy has 40128 bytes, expected at most 26052"
    );
    assert_eq!(
        said(b""),
        "net.npz: expected a .npz file, as np.savez writes it, found an empty file"
    );
    fs::remove_file(&path).expect("removed");
    let error = load_parameters(&path, 6, 4).expect_err("nothing there").to_string();
    let nothing_there = std::io::Error::from_raw_os_error(2).to_string();
    assert!(error.ends_with(&format!("net.npz: {nothing_there}")), "{error}");
    let error = load_parameters(&folder, 6, 4).expect_err("a folder").to_string();
    assert!(error.ends_with("expected a file, found a folder, a pipe or a device"), "{error}");
}

#[test]
fn a_bias_may_be_a_row_but_not_a_column() {
    let path = folder("row").join("net.npz");
    let array = |shape: &[usize], start: usize| {
        let count: usize = shape.iter().product();
        Array { shape: shape.to_vec(), data: (start..start + count).map(|v| v as f64).collect() }
    };
    let mut arrays = [
        ("W1", array(&[2, 3], 0)),
        ("b1", array(&[1, 3], 10)),
        ("W2", array(&[3, 2], 20)),
        ("b2", array(&[1, 2], 30)),
    ];
    fs::write(&path, npz::write(&arrays)).expect("written");
    let params = load_parameters(&path, 2, 2).expect("as NumPy adds it").params;
    assert_eq!((params.b1, params.b2), (vec![10.0, 11.0, 12.0], vec![30.0, 31.0]));
    // In NumPy, x W of the shape (N, 3) plus a column of 3 numbers is an error.
    arrays[1].1.shape = vec![3, 1];
    fs::write(&path, npz::write(&arrays)).expect("written");
    let error = load_parameters(&path, 2, 2).expect_err("a column").to_string();
    assert!(error.ends_with("expected b1 of the shape (3,), found (3, 1)"), "{error}");
}

#[test]
fn arrays_that_a_net_of_two_layers_does_not_use_are_named() {
    let path = folder("deeper").join("net.npz");
    let array =
        |shape: &[usize]| Array { shape: shape.to_vec(), data: vec![0.5; shape.iter().product()] };
    let mut arrays = vec![
        ("W1", array(&[2, 3])),
        ("W3", array(&[2, 2])),
        ("b1", array(&[3])),
        ("W2", array(&[3, 2])),
    ];
    arrays.extend([("b2", array(&[2])), ("b3", array(&[2]))]);
    fs::write(&path, npz::write(&arrays)).expect("written");
    let loaded = load_parameters(&path, 2, 2).expect("the first two layers");
    assert_eq!(loaded.unused, ["W3", "b3"]);
    assert_eq!(loaded.params.w1.shape(), (2, 3));
    // No more than ten are named.
    arrays.extend((0..100).map(|_| ("more", array(&[1]))));
    fs::write(&path, npz::write(&arrays)).expect("written");
    assert_eq!(load_parameters(&path, 2, 2).expect("still").unused.len(), 10);
}

#[test]
fn a_file_of_other_arrays_names_them_and_pytorchs_is_recognised() {
    let types = crate::common::fixtures("numpy/arrays").join("names.npz");
    let error = load_parameters(&types, 1, 1).expect_err("no net").to_string();
    assert!(
        error.ends_with("found no W1 among =f8, |f8, f8, d, <d, >d, float64, float, double, f4")
    );
    let pytorch = crate::common::fixtures("numpy/arrays").join("pytorch.npz");
    let error = load_parameters(&pytorch, 1, 1).expect_err("no net").to_string();
    let said = "found a file of PyTorch: save its arrays with np.savez";
    assert!(error.ends_with(said), "{error}");
}

#[test]
fn a_file_is_replaced_as_a_whole() {
    let folder = folder("replace");
    let path = folder.join("file");
    replace(&path, b"first").expect("new");
    replace(&path, b"second").expect("again");
    assert_eq!(fs::read(&path).expect("read"), b"second");
    assert_eq!(entries(&folder), ["file"]);
    check_replaceable(&path).expect("it is");
    check_replaceable(&folder.join("new")).expect("it would be");
    assert_eq!(entries(&folder), ["file"]);
}

#[test]
fn what_cannot_be_replaced_stays_and_nothing_is_left_behind() {
    let folder = folder("refused");
    let inner = folder.join("inner");
    fs::create_dir(&inner).expect("created");
    let error = replace(&inner, b"x").expect_err("a folder").to_string();
    assert_eq!(error, "expected a file, found a folder, a pipe or a device");
    assert!(replace(&folder.join("nowhere").join("file"), b"x").is_err());
    assert!(check_replaceable(&folder.join("nowhere").join("file")).is_err());
    assert!(replace(Path::new(""), b"x").is_err());
    assert_eq!(entries(&folder), ["inner"]);
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_stays_one() {
    let folder = folder("link");
    let (file, link) = (folder.join("file"), folder.join("link"));
    fs::write(&file, b"first").expect("written");
    std::os::unix::fs::symlink("file", &link).expect("linked");
    replace(&link, b"second").expect("replaced");
    assert_eq!(fs::read(&file).expect("read"), b"second");
    assert!(fs::symlink_metadata(&link).expect("there").file_type().is_symlink());
}

#[cfg(unix)]
#[test]
fn a_link_to_what_is_not_there_yet_stays_one_too() {
    let folder = folder("dangling");
    let (link, second) = (folder.join("link"), folder.join("second"));
    std::os::unix::fs::symlink("second", &link).expect("linked");
    std::os::unix::fs::symlink("file", &second).expect("linked");
    replace(&link, b"new").expect("replaced");
    assert_eq!(fs::read(folder.join("file")).expect("read"), b"new");
    assert!(fs::symlink_metadata(&link).expect("there").file_type().is_symlink());
    assert_eq!(resolved(&link).expect("a name"), resolved(&folder.join("file")).expect("a name"));
    std::os::unix::fs::symlink("circle", folder.join("circle")).expect("linked");
    assert!(replace(&folder.join("circle"), b"x").is_err());
}

#[cfg(unix)]
#[test]
fn the_former_file_is_replaced_and_not_written_to_and_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder("inode");
    let (file, witness) = (folder.join("file"), folder.join("witness"));
    fs::write(&file, b"former").expect("written");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("set");
    // Another name of the same file keeps its content only if nobody writes into it.
    fs::hard_link(&file, &witness).expect("linked");
    replace(&file, b"new").expect("replaced");
    assert_eq!(fs::read(&witness).expect("read"), b"former");
    assert_eq!(fs::read(&file).expect("read"), b"new");
    assert_eq!(fs::metadata(&file).expect("there").permissions().mode() & 0o777, 0o600);
}

#[cfg(unix)]
#[test]
fn no_bit_that_makes_a_program_run_as_its_owner_is_kept() {
    use std::os::unix::fs::PermissionsExt;
    let file = folder("bits").join("file");
    fs::write(&file, b"former").expect("written");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o6640)).expect("set");
    replace(&file, b"new").expect("replaced");
    assert_eq!(fs::metadata(&file).expect("there").permissions().mode() & 0o7777, 0o640);
}

#[test]
fn files_of_other_processes_stay_however_old_they_are() {
    let folder = folder("left");
    for name in [".from-zero-1-0.tmp", "other.tmp"] {
        let file = fs::File::create(folder.join(name)).expect("written");
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1)).expect("set");
    }
    replace(&folder.join("file"), b"new").expect("replaced");
    assert_eq!(entries(&folder), [".from-zero-1-0.tmp", "file", "other.tmp"]);
}

#[cfg(unix)] // Windows leaves `x/..` and an ending `/` out before it looks
#[test]
fn a_name_that_ends_like_a_folders_is_refused_at_once() {
    let folder = folder("slash");
    for name in ["net.npz/", "net.npz/.", "..", "."] {
        let path = PathBuf::from(format!("{}/{name}", folder.display()));
        let error = check_replaceable(&path).expect_err(name).to_string();
        assert_eq!(error, "expected a file, found a folder, a pipe or a device", "{name}");
    }
    assert_eq!(
        resolved(&folder.join("x").join("..").join("file")).map_err(|error| error.kind()),
        Err(ErrorKind::NotFound)
    );
}

#[test]
fn what_could_not_be_loaded_is_not_saved() {
    let path = folder("infinite").join("net.npz");
    let mut net = random_net(6, 5, 4, &mut Xorshift64Star::new(1));
    // What is just large enough comes back.
    net.params.b1[2] = -1e100;
    save_parameters(&path, &net.params).expect("saved");
    assert_eq!(load_parameters(&path, 6, 4).expect("loaded").params, net.params);
    let before = fs::read(&path).expect("read");
    for outside in [f64::NAN, f64::NEG_INFINITY, 1e101] {
        net.params.b1[2] = outside;
        let error = save_parameters(&path, &net.params).expect_err("refused").to_string();
        let found = format!("found {outside:e} in b1 at place 2, counted from 0");
        assert_eq!(error, format!("expected finite numbers up to 1e100, {found}"));
        assert_eq!(fs::read(&path).expect("read"), before);
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_replaced() {
    // A socket of our own, and not /dev/null: were the code wrong, a test with all rights would
    // take that from the whole machine.
    let socket = folder("socket").join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).expect("bound");
    let said = "expected a file, found a folder, a pipe or a device";
    assert_eq!(replace(&socket, b"x").expect_err("no file").to_string(), said);
    assert_eq!(check_replaceable(&socket).expect_err("no file").to_string(), said);
    assert_eq!(read_at_most(&socket, 9).expect_err("no file").to_string(), said);
    assert!(!fs::metadata(&socket).expect("there").is_file());
}

#[test]
fn what_a_killed_process_left_is_no_hindrance() {
    let folder = folder("left");
    let left = folder.join(format!(".from-zero-{}-0.tmp", std::process::id()));
    fs::write(&left, b"half").expect("written");
    replace(&folder.join("file"), b"whole").expect("replaced");
    assert_eq!(fs::read(folder.join("file")).expect("read"), b"whole");
    assert_eq!(fs::read(&left).expect("not ours"), b"half");
}

#[test]
fn what_a_thousand_killed_processes_left_is_named() {
    let folder = folder("thousand");
    let left = |k: usize| folder.join(format!(".from-zero-{}-{k}.tmp", std::process::id()));
    (0..1_000).for_each(|k| fs::write(left(k), b"").expect("written"));
    let error = replace(&folder.join("file"), b"x").expect_err("no name is left").to_string();
    let name = format!(".from-zero-{}-999.tmp", std::process::id());
    assert_eq!(error, format!("{name} and others were left behind in its folder: delete them"));
    fs::remove_file(left(999)).expect("removed");
    replace(&folder.join("file"), b"x").expect("a name is left");
}

#[cfg(unix)] // Windows notices it when the file is written
#[test]
fn a_file_in_the_place_of_a_folder_is_no_folder() {
    let folder = folder("in-a-file");
    let file = folder.join("file");
    fs::write(&file, b"x").expect("written");
    let error = resolved(&file.join("inner")).expect_err("not a folder");
    assert_eq!(error.kind(), ErrorKind::NotADirectory);
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_may_not_be_written_is_not_replaced_either() {
    // A program that runs is busy, even for one with all rights.
    let running = std::env::current_exe().expect("this program");
    let error = check_replaceable(&running).expect_err("it runs");
    assert_eq!(error.kind(), ErrorKind::ExecutableFileBusy);
    // In this folder nobody makes a file.
    let error = check_replaceable(Path::new("/proc/self/comm")).expect_err("no new file");
    assert!(!error.to_string().contains("left behind"), "{error}");
}

#[test]
fn parameters_in_a_file_without_an_end_are_refused() {
    let path = folder("long").join("net.npz");
    let file = fs::File::create(&path).expect("created");
    let limit = 8 * 2 * 10_000 * (6 + 4 + 1) + 65_536;
    file.set_len(limit as u64 + 1).expect("a hole");
    let error = load_parameters(&path, 6, 4).expect_err("too long").to_string();
    let expected = format!("expected the parameters of a net in at most {limit} bytes, found more");
    assert_eq!(error, format!("{}: {expected}", path.display()));
    file.set_len(limit as u64).expect("shorter");
    let error = load_parameters(&path, 6, 4).expect_err("zeros").to_string();
    assert!(error.contains("expected a .npz file"), "{error}");
}

#[test]
fn the_kind_of_the_error_tells_a_missing_file_from_a_wrong_one() {
    let path = folder("kind").join("net.npz");
    let kind = || load_parameters(&path, 6, 4).expect_err("no net").kind();
    assert_eq!(kind(), ErrorKind::NotFound);
    fs::write(&path, npz::write(&[])).expect("written");
    assert_eq!(kind(), ErrorKind::Other);
}

#[test]
fn no_hidden_units_and_more_than_10_000_are_not_saved() {
    let path = folder("units").join("net.npz");
    for hidden in [0, 1, 10_000, 10_001] {
        let net = TwoLayerNet::new(1, hidden, 1, 0.01, &mut Xorshift64Star::new(1));
        match save_parameters(&path, &net.params) {
            Ok(()) => assert_eq!(load_parameters(&path, 1, 1).expect("loaded").params, net.params),
            Err(error) => {
                assert!(hidden == 0 || hidden == 10_001, "{hidden}");
                let expected = format!("expected 1 to 10000 hidden units, found {hidden}");
                assert_eq!(error.to_string(), expected);
            }
        }
    }
}

#[test]
fn a_file_that_changes_while_it_is_read_is_parameters_or_a_sentence() {
    let path = folder("changing").join("net.npz");
    let net = random_net(60, 50, 4, &mut Xorshift64Star::new(2));
    save_parameters(&path, &net.params).expect("saved");
    let whole = fs::read(&path).expect("read");
    std::thread::scope(|scope| {
        // Somebody who does not replace the file but writes into it.
        let writer = scope.spawn(|| {
            for _ in 0..500 {
                for length in [whole.len() / 2, 0, whole.len() - 1, whole.len()] {
                    fs::write(&path, &whole[..length]).expect("written");
                }
            }
        });
        let mut refused = 0;
        while !writer.is_finished() {
            match load_parameters(&path, 60, 4) {
                Ok(loaded) => assert_eq!(loaded.params, net.params),
                Err(error) => {
                    assert!(error.to_string().starts_with(&path.display().to_string()), "{error}");
                    refused += 1;
                }
            }
        }
        assert!(refused > 0, "nothing changed");
    });
}

#[test]
fn reading_has_a_bound() {
    let folder = folder("bound");
    let path = folder.join("file");
    fs::write(&path, b"12345").expect("written");
    assert_eq!(read_at_most(&path, 5).expect("read").as_deref(), Some(&b"12345"[..]));
    assert_eq!(read_at_most(&path, 4).expect("read"), None);
    assert_eq!(read_at_most(&path, usize::MAX).expect("read").as_deref(), Some(&b"12345"[..]));
    assert!(read_at_most(&folder, 4).is_err());
}
