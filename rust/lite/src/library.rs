//! What concerns the whole process.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Mutex, OnceLock};

use lite_sys as sys;

use crate::error::check;
use crate::run::Statistics;
use crate::{Error, Result, Status};

/// Opens the library at `path`, before anything else of this crate is used. With the feature `load-dynamic`; see
/// [`lite_sys::load`] for what happens without this call.
#[cfg(feature = "load-dynamic")]
pub fn load(path: impl AsRef<Path>) -> Result<()> {
    sys::load(Some(path.as_ref())).map(drop).map_err(not_loaded)
}

#[cfg(feature = "load-dynamic")]
fn not_loaded(error: sys::LoadError) -> Error {
    Error::new(Status::NotFound, error.to_string())
}

/// Called before the first use: opens the library if that is still to do, and checks its version.
pub(crate) fn ensure() -> Result<()> {
    static READY: OnceLock<()> = OnceLock::new();
    if READY.get().is_none() {
        #[cfg(feature = "load-dynamic")]
        sys::load(None).map_err(not_loaded)?;
        // SAFETY: any numbers may be asked for.
        check(unsafe { sys::LITE_check_version(sys::LITE_VERSION_MAJOR as c_int, sys::LITE_VERSION_MINOR as c_int) })?;
        READY.get_or_init(|| ());
    }
    Ok(())
}

pub(crate) fn c_string(text: &str) -> Result<CString> {
    CString::new(text).map_err(|_| Error::new(Status::InvalidArgument, format!("{text:?} has a NUL in it")))
}

pub(crate) fn c_path(path: &Path) -> Result<CString> {
    let text = path
        .to_str()
        .ok_or_else(|| Error::new(Status::InvalidArgument, format!("the path {} is not UTF-8", path.display())))?;
    c_string(text)
}

/// # Safety
/// `text` is NULL or a C string.
pub(crate) unsafe fn text_of(text: *const c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: as promised.
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}

/// Runs a function that gives a text away, and takes it.
pub(crate) fn take_text(get: impl FnOnce(*mut *mut c_char) -> c_int) -> Result<String> {
    let mut text = std::ptr::null_mut();
    check(get(&mut text))?;
    // SAFETY: it is a C string, and ours to free, once.
    unsafe {
        let copy = text_of(text);
        sys::LITE_free_string(text);
        Ok(copy)
    }
}

/// The version of the library in use: major, minor, patch.
pub fn version() -> Result<(u32, u32, u32)> {
    ensure()?;
    let (mut major, mut minor, mut patch) = (0, 0, 0);
    // SAFETY: the three are there to be written.
    check(unsafe { sys::LITE_get_version(&mut major, &mut minor, &mut patch) })?;
    Ok((major as u32, minor as u32, patch as u32))
}

/// What the library was built from and for, and what it found on this machine, as lines of `key: value`.
pub fn build_info() -> Result<String> {
    ensure()?;
    // SAFETY: the text is static.
    Ok(unsafe { text_of(sys::LITE_get_build_info()) })
}

/// The operators that models may have, as a JSON array (`LITE_get_operators` describes it).
pub fn operators() -> Result<String> {
    ensure()?;
    // SAFETY: the text is there to be written.
    take_text(|text| unsafe { sys::LITE_get_operators(text) })
}

/// Threads of the process-wide pool, the calling one included.
pub fn threads() -> Result<usize> {
    ensure()?;
    let mut n = 0;
    // SAFETY: n is there to be written.
    check(unsafe { sys::LITE_get_process_threads(&mut n) })?;
    Ok(n)
}

/// Sets how many threads the process-wide pool has; 0: as many as the process may use CPUs.
pub fn set_threads(threads: usize) -> Result<()> {
    ensure()?;
    // SAFETY: a number.
    check(unsafe { sys::LITE_set_process_threads(threads) })
}

/// What all networks cost together at this moment.
pub fn statistics() -> Result<Statistics> {
    ensure()?;
    // SAFETY: the struct is there to be written.
    Statistics::read(|s| unsafe { sys::LITE_get_process_statistics(s) })
}

/// Gives unused memory of caches, pools and idle networks back to the system.
pub fn release_memory() -> Result<()> {
    ensure()?;
    // SAFETY: tensors' memory stays where it is.
    check(unsafe { sys::LITE_try_coalesce_all_free_memory() })
}

/// Sets the process's key of a decryption method, such as `AES_256_GCM`, for all models that are loaded from now on. It is
/// copied; the copy is wiped when another one is set.
pub fn set_decryption_key(method: &str, key: &[u8]) -> Result<()> {
    ensure()?;
    let method = c_string(method)?;
    // SAFETY: the arguments live during the call.
    check(unsafe { sys::LITE_update_decryption_or_key(method.as_ptr(), None, key.as_ptr(), key.len()) })
}

/// What computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Device {
    /// What the model says, else the CPU.
    #[default]
    Default,
    /// The CPU.
    Cpu,
    /// NVIDIA's GPUs.
    Cuda,
}

impl Device {
    pub(crate) fn code(self) -> sys::LiteDeviceType {
        match self {
            Self::Default => sys::LITE_DEVICE_DEFAULT,
            Self::Cpu => sys::LITE_CPU,
            Self::Cuda => sys::LITE_CUDA,
        }
    }

    /// How many of the kind can be used now.
    pub fn count(self) -> Result<usize> {
        ensure()?;
        let mut n = 0;
        // SAFETY: n is there to be written.
        check(unsafe { sys::LITE_get_device_count(self.code(), &mut n) })?;
        Ok(n)
    }
}

/// What can be set, with [`Network::set_option`](crate::Network::set_option) or [`set_option`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OptionInfo {
    /// Whether it is set for the process, and not for a network.
    pub process: bool,
    /// Its name.
    pub key: String,
    /// `bool`, `int`, `bytes`, `string`, or the choices, as in `off|on|auto`.
    pub kind: String,
    /// What it is before it is set.
    pub default: String,
    /// One sentence.
    pub description: String,
}

/// The options that there are.
pub fn options() -> Result<Vec<OptionInfo>> {
    ensure()?;
    let mut count = 0;
    // SAFETY: count is there to be written.
    check(unsafe { sys::LITE_get_option_count(&mut count) })?;
    (0..count)
        .map(|i| {
            let mut info = sys::LiteOptionInfo {
                struct_size: size_of::<sys::LiteOptionInfo>() as u32,
                scope: sys::LITE_OPTION_NETWORK,
                key: std::ptr::null(),
                type_: std::ptr::null(),
                default_value: std::ptr::null(),
                description: std::ptr::null(),
            };
            // SAFETY: info is there to be written, and its strings are static.
            unsafe {
                check(sys::LITE_get_option_info(i, &mut info))?;
                Ok(OptionInfo {
                    process: info.scope == sys::LITE_OPTION_PROCESS,
                    key: text_of(info.key),
                    kind: text_of(info.type_),
                    default: text_of(info.default_value),
                    description: text_of(info.description),
                })
            }
        })
        .collect()
}

/// Sets an option of the process.
pub fn set_option(key: &str, value: &str) -> Result<()> {
    ensure()?;
    let (key, value) = (c_string(key)?, c_string(value)?);
    // SAFETY: the strings are copied.
    check(unsafe { sys::LITE_set_option(std::ptr::null_mut(), key.as_ptr(), value.as_ptr()) })
}

/// An option of the process, as text.
pub fn option(key: &str) -> Result<String> {
    ensure()?;
    // SAFETY: NULL stands for the process.
    unsafe { get_option(std::ptr::null_mut(), key) }
}

/// # Safety
/// `network` is a network, or NULL for the process.
pub(crate) unsafe fn get_option(network: sys::LiteNetwork, key: &str) -> Result<String> {
    let key = c_string(key)?;
    let mut value = std::ptr::null();
    // SAFETY: the text stays until this thread asks again.
    unsafe {
        check(sys::LITE_get_option(network, key.as_ptr(), &mut value))?;
        Ok(text_of(value))
    }
}

/// How serious a log message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum LogLevel {
    Debug,
    Info,
    Warn,
    Error,
    /// For [`set_log_level`]: nothing is logged.
    Off,
}

impl LogLevel {
    const ALL: [Self; 5] = [Self::Debug, Self::Info, Self::Warn, Self::Error, Self::Off];
}

/// Sets from which level on messages are logged; [`LogLevel::Error`] unless set.
pub fn set_log_level(level: LogLevel) -> Result<()> {
    ensure()?;
    // SAFETY: the numbers are those of LiteLogLevel.
    check(unsafe { sys::LITE_set_log_level(level as sys::LiteLogLevel) })
}

type Logger = Box<dyn Fn(LogLevel, &str) + Send + Sync>;

/// Sends log messages to `logger`, from any thread, one at a time, instead of standard error. `logger` must not call this
/// crate. None goes back to standard error.
///
/// ```
/// # fn main() -> lite::Result<()> {
/// lite::set_logger(Some(Box::new(|level, text| println!("{level:?}: {text}"))))?;
/// lite::set_log_level(lite::LogLevel::Info)?;
/// # lite::set_logger(None)
/// # }
/// ```
pub fn set_logger(logger: Option<Logger>) -> Result<()> {
    /// The one that the library has a pointer to.
    #[allow(clippy::box_collection)]
    static CURRENT: Mutex<Option<Box<Logger>>> = Mutex::new(None);

    unsafe extern "C" fn log(level: sys::LiteLogLevel, message: *const c_char, user_data: *mut c_void) {
        let level = LogLevel::ALL.get(level as usize).copied().unwrap_or(LogLevel::Error);
        // SAFETY: user_data is CURRENT's, which stays until the library has let go of it.
        let (logger, text) = unsafe { (&*user_data.cast::<Logger>(), text_of(message)) };
        // A panic must not unwind into the library; its hook has reported it.
        let _ = catch_unwind(AssertUnwindSafe(|| logger(level, &text)));
    }

    ensure()?;
    let mut current = CURRENT.lock().unwrap_or_else(|e| e.into_inner());
    let new = logger.map(Box::new);
    let user_data = new.as_deref().map_or(std::ptr::null_mut(), |l| (&raw const *l).cast_mut().cast::<c_void>());
    let callback = new.is_some().then_some(log as unsafe extern "C" fn(_, _, _));
    // SAFETY: the old logger is not called any more when this returns; the new one lives in CURRENT.
    check(unsafe { sys::LITE_set_log_callback(callback, user_data) })?;
    *current = new;
    Ok(())
}
