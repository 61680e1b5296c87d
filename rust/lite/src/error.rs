use std::ffi::{CStr, c_int};
use std::fmt;

/// The kind of an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(i32)]
pub enum Status {
    /// A defect in the library; please report it.
    Internal = 1,
    /// A callback failed, or the library returned a number that this crate does not know.
    Unknown = 2,
    /// Out of range, of the wrong kind, or a name or option that does not exist.
    InvalidArgument = -1,
    /// The bytes are not a model, or the model contradicts itself.
    InvalidModel = -2,
    /// Well formed, but this build or device cannot do it.
    Unsupported = -3,
    /// No such file, input, output, key, device or library.
    NotFound = -4,
    /// There is not enough memory.
    OutOfMemory = -5,
    /// Reading or writing failed.
    Io = -6,
    /// A driver or accelerator reported a failure.
    Device = -7,
    /// The run was cancelled.
    Cancelled = -8,
    /// The time given to the run is over.
    TimedOut = -9,
    /// The network is running.
    Busy = -10,
    /// Rank, dimensions, element type or size are not those wanted.
    ShapeMismatch = -11,
    /// The network has no model.
    NotLoaded = -12,
    /// The object does not exist any more.
    Closed = -13,
    /// The buffer is too small.
    BufferTooSmall = -14,
    /// A budget is used up; the message names it.
    LimitExceeded = -15,
    /// Allowed only before a model is loaded.
    AlreadyLoaded = -16,
}

impl Status {
    const ALL: [Self; 18] = [
        Self::Internal,
        Self::Unknown,
        Self::InvalidArgument,
        Self::InvalidModel,
        Self::Unsupported,
        Self::NotFound,
        Self::OutOfMemory,
        Self::Io,
        Self::Device,
        Self::Cancelled,
        Self::TimedOut,
        Self::Busy,
        Self::ShapeMismatch,
        Self::NotLoaded,
        Self::Closed,
        Self::BufferTooSmall,
        Self::LimitExceeded,
        Self::AlreadyLoaded,
    ];

    /// The number in the C API.
    pub fn code(self) -> i32 {
        self as i32
    }

    fn from_code(code: c_int) -> Self {
        Self::ALL.into_iter().find(|s| s.code() == code).unwrap_or(Self::Unknown)
    }
}

/// Why a call failed: a [`Status`], and the library's own words.
#[derive(Clone, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    status: Status,
    message: String,
}

/// What a `main` that returns it prints: a text of several lines stays one.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.status, self.message)
    }
}

impl Error {
    /// What an operator of the program's own fails with.
    pub fn new(status: Status, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    /// What kind of failure it is.
    pub fn status(&self) -> Status {
        self.status
    }
}

/// A result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// The thread's last error as a `Result`; called right after the function that returned `code`, in the same thread.
#[inline]
pub(crate) fn check(code: c_int) -> Result<()> {
    if code == 0 { Ok(()) } else { Err(last_error(code)) }
}

#[cold]
fn last_error(code: c_int) -> Error {
    // SAFETY: the text is never NULL and stays as it is until this thread's next call.
    let message = unsafe { CStr::from_ptr(lite_sys::LITE_get_last_error()) };
    Error::new(Status::from_code(code), message.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_lines() {
        assert_eq!(format!("{:?}", Error::new(Status::NotFound, "tried:\n  a")), "NotFound: tried:\n  a");
    }

    #[test]
    fn codes_are_those_of_the_header() {
        assert_eq!(
            Status::ALL.map(Status::code),
            [1, 2, -1, -2, -3, -4, -5, -6, -7, -8, -9, -10, -11, -12, -13, -14, -15, -16]
        );
        assert_eq!(Status::from_code(lite_sys::LITE_SHAPE_MISMATCH), Status::ShapeMismatch);
        assert_eq!(Status::from_code(-999), Status::Unknown);
    }
}
