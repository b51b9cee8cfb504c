//! Reading a file with a bound, and replacing one safely.

use std::fs::{self, File, OpenOptions, Permissions};
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
    File::open(path)?.take((limit as u64).saturating_add(1)).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= limit).then_some(bytes))
}

fn not_a_file() -> io::Error {
    io::Error::other("expected a file, found a folder, a pipe or a device")
}

/// Makes `bytes` the content of a file, which may be there already or not: whatever happens, it has
/// its former content or the new one, and never a part.
///
/// They are written to another file in the same folder and flushed to the disk; only then that one
/// gets the name, and the permissions of the former file. A symbolic link stays one: what it points
/// to is replaced.
///
/// # Errors
/// What the system says; and if the path names a folder, a pipe or a device. The other file is
/// removed then.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut temporary = Temporary::beside(path)?;
    // First the permissions: who may not read the former file is not to read this one meanwhile.
    if let Some(permissions) = temporary.permissions.take() {
        temporary.file.set_permissions(permissions)?;
    }
    temporary.file.write_all(bytes)?;
    temporary.file.sync_all()?;
    fs::rename(&temporary.path, &temporary.target)?;
    temporary.renamed = true;
    Ok(())
}

/// Whether [`replace`] could begin, and the file that it would replace, [`resolved`]: for those who
/// work long before they have something to write.
///
/// # Errors
/// As [`replace`].
pub fn check_replaceable(path: &Path) -> io::Result<PathBuf> {
    Temporary::beside(path).map(|temporary| temporary.target.clone())
}

/// The file that a path names, by its folder's full name and its own, links followed. It need not be
/// there. Two paths that name one file give the same.
///
/// # Errors
/// What the system says; and if the path names a folder, a pipe or a device.
pub fn resolved(path: &Path) -> io::Result<PathBuf> {
    const MOST_LINKS: usize = 40; // as Linux has it
    let mut path = path.to_path_buf();
    for _ in 0..MOST_LINKS {
        // `file_name` would overlook a slash or a slash and a dot at the end.
        let text = path.as_os_str().as_encoded_bytes();
        let text = text.strip_suffix(b".").filter(|rest| rest.ends_with(b"/")).unwrap_or(text);
        let name = path.file_name().filter(|_| !text.ends_with(b"/")).ok_or_else(not_a_file)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        match fs::symlink_metadata(&path) {
            Ok(there) if there.is_symlink() => path = folder.join(fs::read_link(&path)?),
            Ok(there) if !there.is_file() => return Err(not_a_file()),
            Ok(_) => return Ok(fs::canonicalize(folder)?.join(name)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(fs::canonicalize(folder)?.join(name));
            }
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("too many symbolic links, one after the other"))
}

/// A file that is removed with this value, unless it was renamed.
struct Temporary {
    file: File,
    path: PathBuf,
    target: PathBuf,
    /// Those of the file whose place it takes
    permissions: Option<Permissions>,
    renamed: bool,
}

impl Temporary {
    /// An empty one in the folder of the file that `path` names.
    fn beside(path: &Path) -> io::Result<Self> {
        let target = resolved(path)?;
        // A file that may not be written is not to be replaced either.
        let permissions = match OpenOptions::new().write(true).open(&target) {
            Ok(former) => Some(former.metadata()?.permissions()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        // A process that was killed may have left one with our number, and another thread may be
        // at work beside us.
        let mut attempt = 0;
        loop {
            let path = target.with_file_name(format!(".from-zero-{}-{attempt}.tmp", process::id()));
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => return Ok(Self { file, path, target, permissions, renamed: false }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => attempt += 1,
                Err(error) => return Err(error),
            }
            if attempt == 1_000 {
                let sentence =
                    format!("{} and others were left behind: delete them", path.display());
                return Err(io::Error::other(sentence));
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
