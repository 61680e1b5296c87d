//! The library, opened at run time.

use std::ffi::{CStr, OsStr, OsString, c_char, c_int, c_void};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};

use libloading::Library;

use crate::dynamic::Table;
use crate::{LITE_VERSION_MAJOR, LITE_VERSION_MINOR, LITE_VERSION_STRING};

/// The name that the system's loader looks for.
const NAME: &str = if cfg!(target_os = "windows") {
    "lite-1.dll"
} else if cfg!(target_os = "macos") {
    "liblite.1.dylib"
} else {
    "liblite.so.1"
};

/// The library stays open as long as the process: threads of it may run at any time.
struct Loaded {
    table: Table,
    path: PathBuf,
}

static LOADED: OnceLock<Loaded> = OnceLock::new();

/// Why the library cannot be used: what was tried, and what came of it.
#[derive(Debug, Clone)]
pub struct LoadError {
    /// One for each path, in the order in which they were tried.
    pub tried: Vec<(PathBuf, String)>,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("liblite cannot be loaded; the variable LITE_LIBRARY may name it. Tried:")?;
        self.tried.iter().try_for_each(|(path, why)| write!(f, "\n  {}: {why}", path.display()))
    }
}

impl std::error::Error for LoadError {}

/// Opens the library, unless it is open, and tells its path. The first of these that is given is taken, and no other:
///
/// 1. `path`;
/// 2. the environment variable `LITE_LIBRARY`;
/// 3. beside the running program, or in `../lib` from there;
/// 4. where the system's loader looks.
///
/// Only when there is none at (3), (4) is tried. Functions of this crate that are called before call `load(None)`, and panic if that fails.
pub fn load(path: Option<&Path>) -> Result<&'static Path, LoadError> {
    static LOCK: Mutex<()> = Mutex::new(());
    let _guard = LOCK.lock().unwrap_or_else(|e| e.into_inner());
    if let Some(loaded) = LOADED.get() {
        return match path {
            Some(p) if p != loaded.path => {
                Err(LoadError { tried: vec![(p.into(), format!("{} is loaded already", loaded.path.display()))] })
            }
            _ => Ok(&loaded.path),
        };
    }
    let mut tried = Vec::new();
    for candidate in candidates(path, std::env::var_os("LITE_LIBRARY")) {
        match open(&candidate) {
            Ok(table) => return Ok(&LOADED.get_or_init(|| Loaded { table, path: candidate }).path),
            Err(why) => {
                // The system's loader begins its message with the path.
                let why = why.trim_start_matches(&format!("{}: ", candidate.display())).to_owned();
                tried.push((candidate, why));
            }
        }
    }
    Err(LoadError { tried })
}

fn candidates(path: Option<&Path>, variable: Option<OsString>) -> Vec<PathBuf> {
    if let Some(path) = path {
        return vec![path.into()];
    }
    if let Some(path) = variable.filter(|v| !v.is_empty()) {
        return vec![path.into()];
    }
    let beside = std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.to_path_buf()));
    let mut all: Vec<_> = beside.iter().flat_map(|d| [d.join(NAME), d.join("../lib").join(NAME)]).collect();
    all.push(NAME.into());
    all
}

type CheckVersion = unsafe extern "C" fn(c_int, c_int) -> c_int;
type Text = unsafe extern "C" fn() -> *const c_char;

/// Opens one file and checks that this crate can use it, oldest function first: one too old lacks some of the others.
fn open(path: &Path) -> Result<Table, String> {
    // SAFETY: the library's initialisers do nothing that a program could object to.
    let library = unsafe { Library::new(AsRef::<OsStr>::as_ref(path)) }.map_err(|e| e.to_string())?;
    let find = |name: &CStr| -> *mut c_void {
        // SAFETY: only the address is looked at.
        unsafe { library.get::<*mut c_void>(name.to_bytes_with_nul()) }.map_or(std::ptr::null_mut(), |s| *s)
    };
    let not_lite = |name: &CStr| format!("it is no liblite: it has no {}", name.to_string_lossy());
    // SAFETY: these are their types in status_c.h and global_c.h of every version.
    let (check, error) = unsafe {
        (
            symbol::<CheckVersion>(&find, c"LITE_check_version").map_err(not_lite)?,
            symbol::<Text>(&find, c"LITE_get_last_error").map_err(not_lite)?,
        )
    };
    // SAFETY: any numbers may be asked for; the text lives until this thread's next call.
    unsafe {
        if check(LITE_VERSION_MAJOR as c_int, LITE_VERSION_MINOR as c_int) != 0 {
            return Err(CStr::from_ptr(error()).to_string_lossy().into_owned());
        }
    }
    // SAFETY: the library says that its version has the functions of these headers.
    let table = unsafe { Table::load(&find) }.map_err(|name| {
        let wanted = LITE_VERSION_STRING.to_string_lossy();
        format!("it has no {}, which liblite {wanted} has", name.to_string_lossy())
    })?;
    std::mem::forget(library);
    Ok(table)
}

/// # Safety
/// `T` is the type of a pointer to the function of this name.
pub(crate) unsafe fn symbol<T: Copy>(
    find: &dyn Fn(&CStr) -> *mut c_void,
    name: &'static CStr,
) -> Result<T, &'static CStr> {
    const { assert!(size_of::<T>() == size_of::<*mut c_void>()) };
    let address = find(name);
    // SAFETY: T is a pointer, and this one is not null.
    if address.is_null() { Err(name) } else { Ok(unsafe { std::mem::transmute_copy(&address) }) }
}

#[inline]
pub(crate) fn table() -> &'static Table {
    match LOADED.get() {
        Some(loaded) => &loaded.table,
        None => first_use(),
    }
}

#[cold]
fn first_use() -> &'static Table {
    if let Err(error) = load(None) {
        panic!("{error}");
    }
    &LOADED.get().expect("loaded").table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_is_taken_alone() {
        assert_eq!(candidates(Some(Path::new("/a")), Some("/b".into())), [PathBuf::from("/a")]);
        assert_eq!(candidates(None, Some("/b".into())), [PathBuf::from("/b")]);
    }

    #[test]
    fn the_program_s_folder_comes_before_the_system_s() {
        let all = candidates(None, Some(OsString::new()));
        let beside = std::env::current_exe().unwrap().parent().unwrap().join(NAME);
        assert_eq!((all.first(), all.last()), (Some(&beside), Some(&PathBuf::from(NAME))));
    }

    #[test]
    fn another_library_is_refused_with_a_reason() {
        let why = open(Path::new("libc.so.6")).err().unwrap();
        assert!(why.contains("it has no LITE_check_version"), "{why}");
    }
}
