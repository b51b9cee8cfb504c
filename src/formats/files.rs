//! Reading a file up to a size limit, naming a file of a foreign format, and replacing a file safely.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Read, Write};
#[cfg(unix)]
use std::os::unix::fs::PermissionsExt;
use std::path::{self, Path, PathBuf};
use std::process;

/// The content of a file, or `None` if it is longer than `limit` bytes. A folder, a pipe or a device
/// is an error.
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

/// The same error with the path of the file before its sentence.
pub(crate) fn error_in(path: &Path, error: impl Into<io::Error>) -> io::Error {
    let error = error.into();
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// The first bytes of the formats that people have in the place of the expected file, with any byte
/// for a question mark; what such a file is; what to do with it.
const KINDS: [(&[&[u8]], &str, &str); 37] = [
    (&[b"\x80", b"(dp"], PICKLE, LOAD_IN_PYTHON),
    (&[b"\x93NUMPY"], "a single array of NumPy (.npy)", ""),
    (&[b"\x00\x00\x08"], "an IDX file, the format of MNIST's images and labels", ""),
    (&[b"version https://git-lfs"], "a Git LFS pointer instead of the file", "run git lfs pull"),
    (&[b"\x1f\x8b"], "a gzip file", "unpack it with gzip -d"),
    (&[b"\xfd7zXZ"], "an xz file", "unpack it with xz -d"),
    (&[b"BZh"], "a bzip2 file", "unpack it with bzip2 -d"),
    (&[b"\x28\xb5\x2f\xfd"], "a zstd file", "unpack it with zstd -d"),
    (&[b"PK\x03\x04"], "a zip file", "unpack it"),
    (&[b"7z\xbc\xaf\x27\x1c"], "a 7z archive", "unpack it"),
    (&[b"Rar!"], "a rar archive", "unpack it"),
    (&[b"PAR1"], "a Parquet file", ""),
    (&[b"\x89PNG"], "a PNG picture", ""),
    (&[b"\xff\xd8\xff"], "a JPEG picture", ""),
    (&[b"GIF8"], "a GIF picture", ""),
    (&[b"RIFF????WEBP"], "a WebP picture", ""),
    (&[b"RIFF????WAVE"], "a WAV sound", ""),
    (&[b"RIFF????AVI "], "an AVI video", ""),
    (&[b"RIFF"], "a RIFF file", ""),
    (&[b"????ftyphei", b"????ftyphev"], "a HEIC picture", ""),
    (&[b"????ftypavi"], "an AVIF picture", ""),
    (&[b"????ftypmif1", b"????ftypmsf1"], "a HEIC or AVIF picture", ""),
    (&[b"????ftyp"], "an MP4 video", ""),
    (&[b"BM????\0\0\0\0"], "a BMP picture", ""),
    (&[b"II*\0", b"MM\0*"], "a TIFF picture", ""),
    (&[b"P1\n", b"P1 ", b"P4\n", b"P4 "], "a PBM picture", ""),
    (&[b"P7\n"], "a PAM picture", ""),
    (&[b"\0\0\0\x0cjP  ", b"\xff\x4f\xff\x51"], "a JPEG 2000 picture", ""),
    (&[b"\0\0\0\x0cJXL ", b"\xff\x0a"], "a JPEG XL picture", ""),
    (&[b"8BPS"], "a Photoshop picture (PSD)", ""),
    (&[b"\0\0\x01\0"], "an icon (ICO)", ""),
    (&[b"%PDF"], "a PDF document", ""),
    (&[b"\x89HDF"], "an HDF5 file, as Keras saves it", ""),
    (&[b"MATLAB"], "a MATLAB file (.mat)", ""),
    (&[b"<svg"], "an SVG picture", ""),
    (&[b"<?xml"], "an XML file, perhaps an SVG picture", ""),
    (&[b"<"], "a web page instead of the file", "download the file again"),
];

const PICKLE: &str = "a Python pickle, which is not read, since that could run any program";
const LOAD_IN_PYTHON: &str = "load it in Python and save its arrays in the expected format";

/// What a file is, by its first bytes, and what to do with it: `a zip file: unpack it`.
pub fn kind_of(bytes: &[u8]) -> String {
    match kind_and_advice(bytes) {
        (kind, "") => kind,
        (kind, advice) => format!("{kind}: {advice}"),
    }
}

/// These two. Text and unknown bytes are shown.
pub(super) fn kind_and_advice(bytes: &[u8]) -> (String, &'static str) {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes); // the mark before UTF-8 text
    let start = start.trim_ascii_start();
    let begins_with = |first: &&[u8]| {
        let same = |(byte, expected): (&u8, &u8)| byte == expected || *expected == b'?';
        start.len() >= first.len() && start.iter().zip(*first).all(same)
    };
    if let Some((_, kind, advice)) = KINDS.iter().find(|kind| kind.0.iter().any(begins_with)) {
        return (kind.to_string(), advice);
    }
    let start = &start[..start.len().min(20)];
    if bytes.is_empty() {
        ("an empty file".to_string(), "")
    } else if start.iter().all(|b| b.is_ascii_graphic() || b.is_ascii_whitespace()) {
        (format!("text that begins with {:?}", String::from_utf8_lossy(start)), "")
    } else {
        let hex: Vec<String> = bytes.iter().take(8).map(|b| format!("{b:02x}")).collect();
        (format!("the bytes {}", hex.join(" ")), "")
    }
}

/// Writes `bytes` to a file, which is created if it does not exist. If this fails, or if the process
/// is killed, the file keeps its former content: the bytes are written to a temporary file in the same
/// folder and flushed to the disk, and then that is renamed. If only the renaming fails, it stays, and
/// the error names it.
///
/// The new file has the permissions of the former one, but belongs to who runs this program. If the
/// path is a symbolic link, the file it points to is replaced. If the file has a second name (a hard
/// link), that name keeps the former content.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = resolved(path)?;
    let (mut file, temporary, former) = create_beside(&target)?;
    // Without the bits that make a program run as its owner.
    #[cfg(unix)]
    let former = former.map(|former| Permissions::from_mode(former.mode() & 0o777));
    // The permissions come first, before there is a content that others could read.
    let kept = former.map_or(Ok(()), |former| file.set_permissions(former));
    let written = kept.and_then(|()| file.write_all(bytes)).and_then(|()| file.sync_all());
    if let Err(error) = written {
        let _ = fs::remove_file(&temporary); // if this fails, the file stays
        return Err(error);
    }
    fs::rename(&temporary, &target).map_err(|error| {
        let name = temporary.file_name().unwrap_or_default().display();
        let sentence = format!("{error}; the new content is in its folder, as {name}");
        io::Error::new(error.kind(), sentence)
    })
}

/// Checks, before a long run, that [`replace`] can begin. Returns the [`resolved`] path of the file.
pub fn check_replaceable(path: &Path) -> io::Result<PathBuf> {
    let target = resolved(path)?;
    let (_, temporary, _) = create_beside(&target)?;
    let _ = fs::remove_file(temporary); // if this fails, the file stays
    Ok(target)
}

/// Makes an empty temporary file in the folder of the target. Returns it, its path, and the permissions
/// of the former file, if that exists.
fn create_beside(target: &Path) -> io::Result<(File, PathBuf, Option<Permissions>)> {
    // A file that must not be written must not be replaced either. If another program holds a file
    // open, Windows does not replace it, and refuses the right DELETE.
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(windows)] // GENERIC_WRITE and DELETE
    std::os::windows::fs::OpenOptionsExt::access_mode(&mut options, 0x4000_0000 | 0x0001_0000);
    let former = match options.open(target) {
        Ok(former) => Some(former.metadata()?.permissions()),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    // A name can be taken: by another thread, or by a killed process that had the same process id.
    let name = |k| format!(".from-zero-{}-{k}.tmp", process::id());
    for k in 0..1_000 {
        let path = target.with_file_name(name(k));
        match File::create_new(&path) {
            Ok(file) => return Ok((file, path, former)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => {
                let sentence = format!("a new file can't be made in its folder: {error}");
                return Err(io::Error::new(error.kind(), sentence));
            }
        }
    }
    let sentence = format!("{} and others were left behind in its folder: delete them", name(999));
    Err(io::Error::other(sentence))
}

/// The full path of a file, without symbolic links: two paths of the same file have the same one. The
/// file does not need to exist, but its folder does. A folder, a pipe or a device is an error.
pub fn resolved(path: &Path) -> io::Result<PathBuf> {
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(not_a_file()); // a pipe behind /dev/stdout has no path
    }
    // The path names a folder by its text alone, as `net/` and `net/..` do.
    let text = path.to_string_lossy();
    let names_a_folder = matches!(text.rsplit(path::is_separator).next(), Some("" | "." | ".."));
    match fs::canonicalize(path) {
        Ok(path) => return Ok(path),
        Err(_) if names_a_folder => return Err(not_a_file()),
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        Err(_) => {}
    }
    // A new file. On Windows, `absolute` removes dots and spaces at the end, as the system does.
    let path = path::absolute(path)?;
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(not_a_file());
    };
    match fs::read_link(&path) {
        Ok(target) => resolved(&folder.join(target)), // a link to a file that does not exist
        Err(_) => Ok(fs::canonicalize(folder)?.join(name)),
    }
}
