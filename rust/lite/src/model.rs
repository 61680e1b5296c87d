use std::collections::BTreeMap;
use std::ffi::{CString, c_void};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lite_sys as sys;

use crate::error::check;
use crate::info::{self, Info};
use crate::library::{self, Device, c_path, c_string, text_of};
use crate::run::Completion;
use crate::{Error, Network, Result, Status};

/// A network of the library's, and what its callbacks use. Destroyed with the last reference.
#[derive(Debug)]
pub(crate) struct Handle {
    pub(crate) network: sys::LiteNetwork,
    pub(crate) completion: Completion,
}

// SAFETY: a network may be used from any thread. What may be called while another thread uses it is what the header marks
// "any thread"; all else is called with exclusive access to the `Network` that has the handle.
unsafe impl Send for Handle {}
// SAFETY: as above.
unsafe impl Sync for Handle {}

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: nobody else has it any more. A run that goes on is cancelled and waited for.
        unsafe { sys::LITE_destroy_network(self.network) };
    }
}

/// How a model is loaded, and how its networks run.
///
/// ```
/// # fn main() -> lite::Result<()> {
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/data/digits.onnx");
/// let model = lite::Loader::new().threads(2).option("program_cache", "16M").load(path)?;
/// assert_eq!(model.inputs()[0].to_string(), "data: float32[batch,1,8,8]");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Loader {
    options: Vec<(String, String)>,
    device: Device,
    device_id: Option<i32>,
    format: Option<String>,
    base_directory: Option<PathBuf>,
    external: Vec<(String, Arc<[u8]>)>,
    max_bytes: u64,
    max_nodes: u64,
    key: Key,
}

/// A key, which is not shown.
#[derive(Clone, Default)]
struct Key(Vec<u8>);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "none" } else { "given" })
    }
}

impl Loader {
    /// One thread, the default device.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many threads may work on a run, the caller's included; 0: as many as the process may use CPUs. Results do not
    /// depend on it.
    pub fn threads(self, threads: usize) -> Self {
        self.option("threads", &threads.to_string())
    }

    /// Sets an option by name; [`options`](crate::options) lists them.
    pub fn option(mut self, key: &str, value: &str) -> Self {
        self.options.push((key.to_owned(), value.to_owned()));
        self
    }

    /// Where networks run. A device that is not there makes loading fail.
    pub fn device(mut self, device: Device, id: Option<u16>) -> Self {
        (self.device, self.device_id) = (device, id.map(i32::from));
        self
    }

    /// `onnx` or `mge`; otherwise it is recognised.
    pub fn format(mut self, format: &str) -> Self {
        self.format = Some(format.to_owned());
        self
    }

    /// Where files that the model refers to lie; its own folder unless set.
    pub fn base_directory(mut self, path: impl Into<PathBuf>) -> Self {
        self.base_directory = Some(path.into());
        self
    }

    /// The contents of a file that the model refers to as `location`. Used in place, as long as the model exists.
    pub fn external_data(mut self, location: &str, data: impl Into<Arc<[u8]>>) -> Self {
        self.external.push((location.to_owned(), data.into()));
        self
    }

    /// Budgets for what a stranger's model may take: bytes of constants, and nodes. 0: the library's own.
    pub fn limits(mut self, max_bytes: u64, max_nodes: u64) -> Self {
        (self.max_bytes, self.max_nodes) = (max_bytes, max_nodes);
        self
    }

    /// What opens an encrypted model, instead of the key that [`set_decryption_key`](crate::set_decryption_key) has set.
    pub fn key(mut self, key: &[u8]) -> Self {
        self.key = Key(key.to_owned());
        self
    }

    /// Loads a file, which is mapped, not read: replace it by renaming, or set the option `copy_files`.
    pub fn load(&self, path: impl AsRef<Path>) -> Result<Model> {
        let path = c_path(path.as_ref())?;
        self.open(None, |network, options| {
            // SAFETY: the arguments live during the call.
            unsafe { sys::LITE_load_model_file(network, path.as_ptr(), options) }
        })
    }

    /// Loads a model from memory, which is copied.
    pub fn load_bytes(&self, bytes: &[u8]) -> Result<Model> {
        self.open(None, |network, options| {
            // SAFETY: the arguments live during the call; the bytes are copied.
            unsafe { sys::LITE_load_model_memory(network, bytes.as_ptr().cast(), bytes.len(), options) }
        })
    }

    /// Loads a model from memory, which is used in place as long as the model exists.
    pub fn load_shared(&self, bytes: impl Into<Arc<[u8]>>) -> Result<Model> {
        let bytes: Arc<[u8]> = bytes.into();
        self.open(Some(bytes.clone()), |network, options| {
            // SAFETY: what is kept holds the bytes until release is called.
            unsafe { sys::LITE_load_model_memory(network, bytes.as_ptr().cast(), bytes.len(), options) }
        })
    }

    /// The nodes of a model that cannot run here, without loading it; none if all can.
    pub fn unsupported(&self, path: impl AsRef<Path>) -> Result<Vec<UnsupportedNode>> {
        let path = c_path(path.as_ref())?;
        self.check(|network, options| {
            // SAFETY: the arguments live during the call.
            unsafe { sys::LITE_check_model(network, path.as_ptr(), options) }
        })
    }

    /// [`Loader::unsupported`] for a model in memory.
    pub fn unsupported_bytes(&self, bytes: &[u8]) -> Result<Vec<UnsupportedNode>> {
        self.check(|network, options| {
            // SAFETY: the arguments live during the call.
            unsafe { sys::LITE_check_model_memory(network, bytes.as_ptr().cast(), bytes.len(), options) }
        })
    }

    fn check(
        &self,
        call: impl FnOnce(sys::LiteNetwork, *const sys::LiteLoadOptions) -> i32,
    ) -> Result<Vec<UnsupportedNode>> {
        let handle = self.make()?;
        match check(self.with_options(None, false, |options| call(handle.network, options))?) {
            Err(error) if error.status() == Status::Unsupported => unsupported(&handle),
            other => other.map(|()| Vec::new()),
        }
    }

    /// A network without a model, with this configuration.
    pub(crate) fn make(&self) -> Result<Handle> {
        library::ensure()?;
        let mut network = std::ptr::null_mut();
        // SAFETY: network is there to be written.
        check(unsafe { sys::LITE_make_network_config(&mut network, self.config()) })?;
        let handle = Handle { network, completion: Completion::default() };
        for (key, value) in &self.options {
            let (key, value) = (c_string(key)?, c_string(value)?);
            // SAFETY: the strings are copied.
            check(unsafe { sys::LITE_set_option(network, key.as_ptr(), value.as_ptr()) })?;
        }
        Ok(handle)
    }

    fn config(&self) -> sys::LiteConfig {
        // SAFETY: a C struct of integers and pointers, for which 0 means nothing.
        let mut config: sys::LiteConfig = unsafe { std::mem::zeroed() };
        config.device_id = self.device_id.unwrap_or(-1);
        config.device_type = self.device.code();
        // As LITE_OPTIONS_INIT has them.
        config.options.var_sanity_check_first_run = 1;
        config.options.graph_opt_level = 2;
        config.options.async_exec_level = 1;
        config
    }

    fn open(
        &self,
        bytes: Option<Arc<[u8]>>,
        load: impl FnOnce(sys::LiteNetwork, *const sys::LiteLoadOptions) -> i32,
    ) -> Result<Model> {
        let handle = self.make()?;
        check(self.with_options(bytes, true, |options| load(handle.network, options))?)?;
        // SAFETY: it is loaded.
        let (inputs, outputs, metadata) =
            unsafe { (info::inputs(handle.network)?, info::outputs(handle.network)?, info::metadata(handle.network)?) };
        let loader = Loader { key: Key::default(), ..self.clone() }; // its networks need none
        Ok(Model(Arc::new(Inner { handle, loader, inputs, outputs, metadata })))
    }

    /// Calls with the options as the library wants them. What they refer to is kept until the library releases it, if the
    /// call loads and succeeds.
    fn with_options(
        &self,
        bytes: Option<Arc<[u8]>>,
        loads: bool,
        call: impl FnOnce(*const sys::LiteLoadOptions) -> i32,
    ) -> Result<i32> {
        type Kept = (Option<Arc<[u8]>>, Vec<(String, Arc<[u8]>)>);
        unsafe extern "C" fn release(user_data: *mut c_void) {
            // SAFETY: the library calls this once, with what it was given.
            drop(unsafe { Box::from_raw(user_data.cast::<Kept>()) });
        }

        let format = self.format.as_deref().map(c_string).transpose()?;
        let directory = self.base_directory.as_deref().map(c_path).transpose()?;
        let locations = self.external.iter().map(|(l, _)| c_string(l)).collect::<Result<Vec<CString>>>()?;
        let external: Vec<_> = locations
            .iter()
            .zip(&self.external)
            .map(|(location, (_, data))| sys::LiteExternalData {
                location: location.as_ptr(),
                data: data.as_ptr().cast(),
                size: data.len(),
            })
            .collect();
        let pointer = |text: &Option<CString>| text.as_ref().map_or(std::ptr::null(), |t| t.as_ptr());
        // SAFETY: a C struct of integers and pointers, for which 0 means nothing.
        let mut options: sys::LiteLoadOptions = unsafe { std::mem::zeroed() };
        options.struct_size = size_of::<sys::LiteLoadOptions>() as u32;
        options.flags = if bytes.is_some() { sys::LITE_LOAD_NO_COPY } else { 0 };
        options.format = pointer(&format);
        options.base_directory = pointer(&directory);
        options.external_data = external.as_ptr();
        options.external_data_count = external.len();
        options.max_bytes = self.max_bytes;
        options.max_nodes = self.max_nodes;
        options.key_data = self.key.0.as_ptr();
        options.key_size = self.key.0.len();
        let keep = bytes.is_some() || !self.external.is_empty();
        let kept: *mut Kept = Box::into_raw(Box::new((bytes, self.external.clone())));
        if keep {
            options.user_data = kept.cast();
            options.release = Some(release);
        }
        let code = call(&options);
        if !keep || !loads || code != 0 {
            // SAFETY: release is called neither without it, nor for a check, nor on failure: the box is still ours.
            drop(unsafe { Box::from_raw(kept) });
        }
        Ok(code)
    }
}

fn unsupported(handle: &Handle) -> Result<Vec<UnsupportedNode>> {
    let mut count = 0;
    // SAFETY: count is there to be written.
    check(unsafe { sys::LITE_get_unsupported_count(handle.network, &mut count) })?;
    (0..count)
        .map(|i| {
            // SAFETY: a C struct of integers and pointers; filled by the call, its strings are the network's.
            unsafe {
                let mut node: sys::LiteUnsupportedNode = std::mem::zeroed();
                node.struct_size = size_of::<sys::LiteUnsupportedNode>() as u32;
                check(sys::LITE_get_unsupported_node(handle.network, i, &mut node))?;
                Ok(UnsupportedNode {
                    name: text_of(node.name),
                    op_type: text_of(node.op_type),
                    domain: text_of(node.domain),
                    opset: node.opset,
                    types: text_of(node.types),
                    reason: text_of(node.reason),
                    suggestion: text_of(node.suggestion),
                })
            }
        })
        .collect()
}

/// A node that cannot run here, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs)]
pub struct UnsupportedNode {
    pub name: String,
    pub op_type: String,
    pub domain: String,
    pub opset: i32,
    pub types: String,
    pub reason: String,
    pub suggestion: String,
}

struct Inner {
    /// Never run: networks take the weights from it.
    handle: Handle,
    loader: Loader,
    inputs: Vec<Info>,
    outputs: Vec<Info>,
    metadata: BTreeMap<String, String>,
}

/// A loaded model. Cloning it, and making networks of it in any thread, shares the weights.
///
/// ```
/// # fn main() -> lite::Result<()> {
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/data/digits.onnx");
/// let model = lite::Model::load(path)?;
/// std::thread::scope(|s| {
///     for _ in 0..2 {
///         s.spawn(|| {
///             let mut network = model.network()?;
///             network.set("data", &[1, 1, 8, 8], &[0f32; 64])?;
///             assert_eq!(network.run()?.get("prob")?.shape()?, [1, 10]);
///             lite::Result::Ok(())
///         });
///     }
/// });
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Model(Arc<Inner>);

impl Model {
    /// Loads a file with the default configuration; see [`Loader`].
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        Loader::new().load(path)
    }

    /// Loads a model from memory, which is copied; see [`Loader`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        Loader::new().load_bytes(bytes)
    }

    /// A network that runs this model. It has inputs, outputs and working memory of its own, and the model's weights.
    pub fn network(&self) -> Result<Network> {
        let handle = self.0.loader.make()?;
        // SAFETY: the model's network is only read.
        check(unsafe { sys::LITE_shared_weight_with_network(handle.network, self.0.handle.network) })?;
        Network::new(handle, self.clone())
    }

    /// The inputs, in the model's order.
    pub fn inputs(&self) -> &[Info] {
        &self.0.inputs
    }

    /// The outputs, in the model's order.
    pub fn outputs(&self) -> &[Info] {
        &self.0.outputs
    }

    /// What the model's author wrote, and what the format has: `producer`, `graph_name`, `opset_import`, ...
    pub fn metadata(&self) -> &BTreeMap<String, String> {
        &self.0.metadata
    }
}

/// `Model(x: float32[batch,4] -> prob: float32[batch,3])`
impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |infos: &[Info]| infos.iter().map(Info::to_string).collect::<Vec<_>>().join(", ");
        write!(f, "Model({} -> {})", side(self.inputs()), side(self.outputs()))
    }
}

pub(crate) fn no_such(what: &str, name: &str, infos: &[Info]) -> Error {
    let names = infos.iter().map(|i| format!("'{}'", i.name)).collect::<Vec<_>>().join(", ");
    Error::new(Status::NotFound, format!("there is no {what} '{name}'; there are {names}"))
}
