//! Reading a file up to a size limit, naming a file of a foreign format, and replacing a file safely.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::time::Duration;

/// The content of a file, or `None` if it is longer than `limit` bytes. At most `limit` + 1 bytes
/// are read.
///
/// # Errors
/// If the system reports an error, or the path names a folder, a pipe or a device.
pub fn read_at_most(path: &Path, limit: usize) -> io::Result<Option<Vec<u8>>> {
    // Opening a pipe would wait until another program writes to it.
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(not_a_file());
    }
    if metadata.len() > limit as u64 {
        return Ok(None);
    }
    // The file can grow while it is read.
    let mut bytes = Vec::with_capacity(metadata.len() as usize + 1);
    File::open(path)?.take((limit as u64).saturating_add(1)).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= limit).then_some(bytes))
}

fn not_a_file() -> io::Error {
    io::Error::other("expected a file, found a folder, a pipe or a device")
}

/// The first bytes of the formats that people have in the place of the expected file: what such a
/// file is, and what to do with it.
const KINDS: [(&[u8], &str); 24] = [
    (b"\x80", PICKLE),
    (b"(dp", PICKLE),
    (b"\x93NUMPY", "a single array of NumPy (.npy)"),
    (b"\x00\x00\x08", "an IDX file, the format of MNIST's images and labels"),
    (b"version https://git-lfs", "a Git LFS pointer instead of the file: run git lfs pull"),
    (b"\x1f\x8b", "a gzip file: unpack it with gzip -d"),
    (b"\xfd7zXZ", "an xz file: unpack it with xz -d"),
    (b"BZh", "a bzip2 file: unpack it with bzip2 -d"),
    (b"\x28\xb5\x2f\xfd", "a zstd file: unpack it with zstd -d"),
    (b"PK\x03\x04", "a zip file: unpack it"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it"),
    (b"Rar!", "a rar archive: unpack it"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a WebP picture"),
    (b"\0\0\0\x18ftyp", "a HEIC picture"),
    (b"\0\0\0\x1cftyp", "an AVIF or HEIC picture"),
    (b"II*\0", "a TIFF picture"),
    (b"%PDF", "a PDF document"),
    (b"\x89HDF", "an HDF5 file, as Keras saves it"),
    (b"MATLAB", "a MATLAB file (.mat)"),
    (b"<svg", "an SVG picture"),
    (b"<", "a web page instead of the file: download the file again"),
];

/// A pickle of any of Python's protocols: objects of any kind.
const PICKLE: &str = "a Python pickle, which is not read, since that could run any program: load it \
                      in Python and save its arrays in the expected format";

/// Says what a file is that is not of the expected format, by its first bytes: `a zip file: unpack
/// it`. Text and unknown bytes are shown.
pub fn kind_of(bytes: &[u8]) -> String {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes); // the mark before UTF-8 text
    let start = start.trim_ascii_start();
    if let Some((_, kind)) = KINDS.iter().find(|(first, _)| start.starts_with(first)) {
        return kind.to_string();
    }
    let start = &start[..start.len().min(20)];
    if bytes.is_empty() {
        "an empty file".to_string()
    } else if start.iter().all(|b| b.is_ascii_graphic() || b.is_ascii_whitespace()) {
        format!("text that begins with {:?}", String::from_utf8_lossy(start))
    } else {
        let hex: Vec<String> = bytes.iter().take(8).map(|b| format!("{b:02x}")).collect();
        format!("the bytes {}", hex.join(" "))
    }
}

/// Writes `bytes` to a file, which is created if it does not exist. If this fails, or if the
/// process is killed, the file keeps its former content. It never holds a part of the new content.
///
/// The bytes are written to a temporary file in the same folder and flushed to the disk. Then the
/// temporary file is renamed. It gets the permissions of the former file, and its owner and group
/// where the system allows this. If the path is a symbolic link, the link stays, and the file it
/// points to is replaced. If the file has a second name (a hard link), that name keeps the former
/// content.
///
/// # Errors
/// If the system reports an error, or the path names a folder, a pipe or a device. Then the
/// temporary file is removed.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut temporary = Temporary::create_for(path)?;
    // The permissions come first. Someone who could not read the former content must not be able to
    // read the new content.
    if let Some(former) = &temporary.former {
        keep_access(&temporary.file, former)?;
    }
    temporary.file.write_all(bytes)?;
    temporary.file.sync_all()?;
    fs::rename(&temporary.path, &temporary.target)?;
    temporary.renamed = true;
    Ok(())
}

/// Gives a new file the owner, the group and the permissions of the former one. Only the system's
/// administrator may choose the owner, and others only a group of their own, so that can fail.
#[cfg(unix)]
fn keep_access(file: &File, former: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    if fchown(file, Some(former.uid()), Some(former.gid())).is_err() {
        let _ = fchown(file, None, Some(former.gid()));
    }
    // Without the bits that make a program run as its owner.
    file.set_permissions(fs::Permissions::from_mode(former.mode() & 0o777))
}

#[cfg(not(unix))]
fn keep_access(file: &File, former: &Metadata) -> io::Result<()> {
    file.set_permissions(former.permissions())
}

/// Checks that [`replace`] can begin, and returns the [`resolved`] path of the file that it would
/// replace. A long computation calls this before it starts.
///
/// # Errors
/// The errors of [`replace`].
pub fn check_replaceable(path: &Path) -> io::Result<PathBuf> {
    Temporary::create_for(path).map(|temporary| temporary.target.clone())
}

/// The full path of a file, without symbolic links. The file does not need to exist, but its folder
/// does. Two paths that name the same file have the same resolved path.
///
/// # Errors
/// If the system reports an error, or the path names a folder, a pipe or a device.
pub fn resolved(path: &Path) -> io::Result<PathBuf> {
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(not_a_file()); // a pipe behind /dev/stdout has no path
    }
    match fs::canonicalize(path) {
        Ok(path) => return Ok(path),
        // A path such as `net.npz/` names a folder.
        Err(_) if path.as_os_str().as_encoded_bytes().ends_with(b"/") => return Err(not_a_file()),
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        Err(_) => {}
    }
    // A new file. A path such as `new/` names a folder, but `file_name` ignores the slash.
    let path = Path::new(".").join(path);
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(not_a_file());
    };
    if !path.as_os_str().as_encoded_bytes().ends_with(name.as_encoded_bytes()) {
        return Err(not_a_file());
    }
    match fs::read_link(&path) {
        Ok(target) => resolved(&folder.join(target)), // a link to a file that does not exist
        Err(_) => Ok(fs::canonicalize(folder)?.join(name)),
    }
}

/// A temporary file, which is removed when this value is dropped, unless it was renamed.
struct Temporary {
    file: File,
    path: PathBuf,
    /// The file that it will replace
    target: PathBuf,
    /// That file as it was, if it exists
    former: Option<Metadata>,
    renamed: bool,
}

impl Temporary {
    /// An empty temporary file in the folder of the file that `path` names.
    fn create_for(path: &Path) -> io::Result<Self> {
        let target = resolved(path)?;
        // A file that must not be written must not be replaced either.
        let former = match OpenOptions::new().write(true).open(&target) {
            Ok(former) => Some(former.metadata()?),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        remove_left_behind(&target);
        // A name can be taken: by another thread, or by a killed process that had the same process
        // id.
        let name = |k| target.with_file_name(format!(".from-zero-{}-{k}.tmp", process::id()));
        for path in (0..1_000).map(name) {
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => {
                    let sentence = format!("a new file can't be made in its folder: {error}");
                    return Err(io::Error::new(error.kind(), sentence));
                }
                Ok(file) => return Ok(Self { file, path, target, former, renamed: false }),
            }
        }
        let last = name(999);
        let sentence = format!("{} and others were left behind: delete them", last.display());
        Err(io::Error::other(sentence))
    }
}

/// Removes temporary files that killed processes left in the folder of `target` more than a day ago.
fn remove_left_behind(target: &Path) {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let entries = target.parent().and_then(|folder| fs::read_dir(folder).ok());
    for entry in entries.into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        // The name first: a folder can have many files, and the system is asked for each age.
        if !name.starts_with(".from-zero-") || !name.ends_with(".tmp") {
            continue;
        }
        let modified = entry.metadata().and_then(|metadata| metadata.modified()).ok();
        if modified.and_then(|modified| modified.elapsed().ok()) > Some(DAY) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.renamed {
            let _ = fs::remove_file(&self.path); // if this fails, the file stays
        }
    }
}
