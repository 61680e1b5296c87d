//! Runs trained models (ONNX, MegEngine) fast, on the CPU, inside your process.
//!
//! ```
//! # fn main() -> lite::Result<()> {
//! # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/data/digits.onnx");
//! let mut network = lite::Network::load(path)?;
//! network.set("data", &[1, 1, 8, 8], &[0f32; 64])?;
//! let outputs = network.run()?;
//! println!("zero? {:.1} %", 100.0 * outputs.get("prob")?.as_slice::<f32>()?[0]);
//! # Ok(())
//! # }
//! ```
//!
//! - [`Model`]: what was loaded; shared by all threads, its weights exist once. [`Loader`] says how.
//! - [`Network`]: runs a model, in one thread at a time. Inputs are copied ([`Network::set`]), written in place
//!   ([`Network::input_mut`]) or lent ([`Network::run_with`]); outputs are views into the library's memory, which the borrow
//!   checker ends before they are written over.
//! - [`Running`]: an asynchronous run, a future. [`Canceller`] and [`Limited`] stop runs.
//!
//! # The library
//!
//! The crate is a layer over the C library `liblite`. The features of [`lite_sys`] say where that comes from: linked by
//! default, built from source with `bundled`, opened at run time with `load-dynamic`. Its version is checked at first use.
//!
//! # Features
//!
//! `ndarray`: outputs as array views, arrays as inputs. `half`: `f16` and `bf16` as elements.

mod element;
mod error;
mod info;
mod library;
mod model;
mod network;
mod operator;
mod run;
mod tensor;
mod value;

pub use element::{Dtype, Element};
pub use error::{Error, Result, Status};
pub use info::{Dim, Info, Kind};
#[cfg(feature = "load-dynamic")]
pub use library::load;
pub use library::{
    Device, LogLevel, OptionInfo, build_info, operators, option, options, release_memory, set_decryption_key,
    set_log_level, set_logger, set_option, set_threads, statistics, threads, version,
};
pub use model::{Loader, Model, UnsupportedNode};
pub use network::Network;
pub use operator::{
    Node, Operand, Operator, OperatorSpec, Pool, load_operator_library, register_operator, unregister_operator,
};
pub use run::{CancelOnDrop, Canceller, Limited, Outputs, Running, Statistics};
pub use tensor::{TensorRef, TensorView};
pub use value::{DlManagedTensor, Tensor, Value};
