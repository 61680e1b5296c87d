//! Raw bindings of [Lite](https://docs.rs/lite)'s C ABI: what `lite.h` declares, under the same names. The crate `lite` is the
//! safe way to use it.
//!
//! Enumerations are integers: a newer library may return a number that is no enumerator here.
//!
//! # Where the library comes from
//!
//! - by default it is linked: from `LITE_LIB_DIR` (with `LITE_STATIC=1` the static one), else as pkg-config says;
//! - `bundled` builds it from the source tree that this crate lies in, or from `LITE_SOURCE_DIR`, with Meson, and links it
//!   statically; nothing is downloaded;
//! - `load-dynamic` opens it at run time, see [`load`](https://docs.rs/lite-sys/latest/lite_sys/fn.load.html). Building
//!   needs no library.

#[allow(missing_docs, non_camel_case_types, clippy::all)]
#[rustfmt::skip]
mod types;
pub use types::*;

#[cfg(target_pointer_width = "64")]
#[allow(clippy::all)]
#[rustfmt::skip]
mod layout;

#[cfg(not(feature = "load-dynamic"))]
#[allow(missing_docs, non_snake_case, clippy::all)]
#[rustfmt::skip]
mod linked;
#[cfg(not(feature = "load-dynamic"))]
pub use linked::*;

#[cfg(feature = "load-dynamic")]
#[allow(missing_docs, non_snake_case, clippy::all, clippy::undocumented_unsafe_blocks)]
#[rustfmt::skip]
mod dynamic;
#[cfg(feature = "load-dynamic")]
pub use dynamic::*;

#[cfg(feature = "load-dynamic")]
mod library;
#[cfg(feature = "load-dynamic")]
pub use library::{LoadError, load};
