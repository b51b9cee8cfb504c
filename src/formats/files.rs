//! Reading a file with a bound, and replacing one safely.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process;

/// A file's content, or `None` if it is longer than `limit` bytes: it might have no end.
///
/// # Errors
/// What the system says; and if it is no file but a folder, a pipe or a device.
pub fn read_at_most(path: &Path, limit: usize) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    // Opening a pipe would wait for somebody to write to it.
    if !fs::metadata(path)?.is_file() {
        return Err(not_a_file());
    }
    File::open(path)?.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= limit).then_some(bytes))
}

fn not_a_file() -> io::Error {
    io::Error::other("expected a file, found a folder, a pipe or a device")
}

/// Makes `bytes` the content of a file, which may be there already or not: whatever happens, it has
/// its former content or the new one, and never a part.
///
/// They are written to another file in the same folder and flushed to the disk; only then that one
/// gets the name. A symbolic link stays one: what it points to is replaced.
///
/// # Errors
/// What the system says; and if the path names a folder, a pipe or a device. The other file is
/// removed then.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut temporary = Temporary::beside(path)?;
    temporary.file.write_all(bytes)?;
    temporary.file.sync_all()?;
    fs::rename(&temporary.path, &temporary.target)?;
    temporary.renamed = true;
    Ok(())
}

/// Whether [`replace`] could begin: for those who work long before they have something to write.
///
/// # Errors
/// As [`replace`].
pub fn check_replaceable(path: &Path) -> io::Result<()> {
    Temporary::beside(path).map(drop)
}

/// A file that is removed with this value, unless it was renamed.
struct Temporary {
    file: File,
    path: PathBuf,
    target: PathBuf,
    renamed: bool,
}

impl Temporary {
    /// An empty one in the folder of `path`, named after it and this process.
    fn beside(path: &Path) -> io::Result<Self> {
        let target = match fs::metadata(path) {
            Ok(there) if there.is_file() => fs::canonicalize(path)?,
            Ok(_) => return Err(not_a_file()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_path_buf(),
            Err(error) => return Err(error),
        };
        let name = target.file_name().ok_or_else(not_a_file)?;
        // A process that was killed may have left one with our number, and another thread may be
        // at work on the same file.
        let mut attempts = 0;
        loop {
            let mut temporary = OsString::from(".");
            temporary.push(name);
            temporary.push(format!(".{}-{attempts}.tmp", process::id()));
            let path = target.with_file_name(temporary);
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => return Ok(Self { file, path, target, renamed: false }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempts < 100 => {
                    attempts += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.renamed {
            // There is nothing more that one could do about it.
            let _ = fs::remove_file(&self.path);
        }
    }
}
