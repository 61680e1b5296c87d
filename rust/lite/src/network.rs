use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use lite_sys as sys;

use crate::error::check;
use crate::info::{Info, Kind};
use crate::library::{c_string, get_option, take_text};
use crate::model::{Handle, Model, no_such};
use crate::run::{Canceller, Limited, Outputs, Running, Statistics};
use crate::tensor::{TensorRef, count, mismatch, with_dims};
use crate::{Dtype, Element, Error, Result, Status, Value};

/// An input or output.
pub(crate) struct Port {
    /// None for what is no tensor. The network's, as long as it exists: it never loads another model.
    pub(crate) tensor: Option<sys::LiteTensor>,
    /// The shape and element type that the library's own memory has been made and filled for, and the memory.
    made: Option<(Dtype, Vec<usize>, *mut u8)>,
    /// It points to memory that was lent for a run that is over.
    lent: bool,
}

/// Runs a model. One thread at a time uses it, any thread; [`Model::network`] makes more of them over the same weights.
///
/// ```
/// # fn main() -> lite::Result<()> {
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/data/digits.onnx");
/// let mut network = lite::Network::load(path)?;
/// network.set("data", &[1, 1, 8, 8], &[0f32; 64])?;
/// let outputs = network.run()?;
/// let prob = outputs.get("prob")?.as_slice::<f32>()?;
/// assert_eq!(prob.len(), 10);
/// # Ok(())
/// # }
/// ```
///
/// What a run gave is a view, which ends when the network is used again:
///
/// ```compile_fail,E0499
/// # fn f(mut network: lite::Network) -> lite::Result<()> {
/// let first = network.run()?;
/// network.run()?;
/// first.get("prob")?;
/// # Ok(())
/// # }
/// ```
///
/// Two threads cannot run one network:
///
/// ```compile_fail,E0277
/// fn shared<T: Sync>() {}
/// shared::<lite::Network>();
/// ```
pub struct Network {
    pub(crate) handle: Arc<Handle>,
    model: Model,
    inputs: Vec<Port>,
    pub(crate) outputs: Vec<Port>,
    /// The library calls back when a run is over.
    asynchronous: bool,
    not_sync: PhantomData<Cell<()>>,
}

// SAFETY: the library lets a network move between threads; its tensors are only used through it.
unsafe impl Send for Network {}

impl Network {
    /// Loads a file with the default configuration; see [`Model`] and [`Loader`](crate::Loader).
    pub fn load(path: impl AsRef<std::path::Path>) -> Result<Self> {
        Model::load(path)?.network()
    }

    pub(crate) fn new(handle: Handle, model: Model) -> Result<Self> {
        let ports = |infos: &[Info], phase| infos.iter().map(|i| port(&handle, i, phase)).collect::<Result<_>>();
        Ok(Self {
            inputs: ports(model.inputs(), sys::LITE_INPUT)?,
            outputs: ports(model.outputs(), sys::LITE_OUTPUT)?,
            handle: Arc::new(handle),
            model,
            asynchronous: false,
            not_sync: PhantomData,
        })
    }

    /// The model; its weights are shared by all networks of it.
    pub fn model(&self) -> &Model {
        &self.model
    }

    fn input(&self, name: &str) -> Result<(usize, sys::LiteTensor)> {
        let inputs = self.model.inputs();
        let i = inputs.iter().position(|i| i.name == name).ok_or_else(|| no_such("input", name, inputs))?;
        let tensor = self.inputs[i].tensor.ok_or_else(|| {
            Error::new(Status::InvalidArgument, format!("input '{name}' is a {}: see set_value()", inputs[i].type_name))
        })?;
        Ok((i, tensor))
    }

    /// Gives an input its elements, in row-major order, which are copied. It keeps them for the runs that follow.
    pub fn set<T: Element>(&mut self, name: &str, dims: &[usize], data: &[T]) -> Result<()> {
        self.set_tensor(name, TensorRef::new(dims, data)?)
    }

    /// Gives an input its elements, which are copied. It keeps them for the runs that follow.
    pub fn set_tensor(&mut self, name: &str, tensor: TensorRef<'_>) -> Result<()> {
        let memory = self.prepare(name, tensor.dtype, tensor.dims)?;
        // SAFETY: the memory is for as many elements of that type, and not the caller's.
        unsafe { std::ptr::copy_nonoverlapping(tensor.bytes.as_ptr(), memory, tensor.bytes.len()) };
        Ok(())
    }

    /// An input's memory, to be written in place. It holds what was written there before if type and shape are the same,
    /// otherwise zeros.
    ///
    /// ```
    /// # fn main() -> lite::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/data/digits.onnx");
    /// # let mut network = lite::Network::load(path)?;
    /// let pixels = network.input_mut::<f32>("data", &[1, 1, 8, 8])?;
    /// pixels[8..16].fill(1.0);
    /// network.run()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn input_mut<T: Element>(&mut self, name: &str, dims: &[usize]) -> Result<&mut [T]> {
        let memory = self.prepare(name, T::DTYPE, dims)?;
        // SAFETY: so many elements lie there, all of them set; the network is borrowed as long as the slice.
        Ok(unsafe { std::slice::from_raw_parts_mut(memory.cast(), count(dims)?) })
    }

    /// The library's memory for an input of that type and shape, all of it set; aligned, and not null.
    fn prepare(&mut self, name: &str, dtype: Dtype, dims: &[usize]) -> Result<*mut u8> {
        let (i, tensor) = self.input(name)?;
        if let Some((made, shape, memory)) = &self.inputs[i].made {
            if *made == dtype && shape == dims {
                return if self.asynchronous { self.not_running(tensor).map(|()| *memory) } else { Ok(*memory) };
            }
        }
        let elements = count(dims)?;
        self.own(i, tensor)?;
        // Fails while the network is running.
        with_dims(dims, |rank, dims| {
            // SAFETY: dims has rank numbers.
            check(unsafe { sys::LITE_set_tensor_dims(tensor, dtype.code(), rank, dims) })
        })?;
        // New memory holds anything, and not anything is a value.
        // SAFETY: its layout is set.
        check(unsafe { sys::LITE_tensor_fill_zero(tensor) })?;
        let mut memory = std::ptr::without_provenance_mut(align_of::<u128>());
        if elements != 0 {
            // SAFETY: memory is there to be written.
            check(unsafe { sys::LITE_get_tensor_memory(tensor, &mut memory) })?;
        }
        self.inputs[i].made = Some((dtype, dims.to_vec(), memory.cast()));
        Ok(memory.cast())
    }

    /// Fails while a run that was forgotten goes on.
    fn not_running(&self, tensor: sys::LiteTensor) -> Result<()> {
        let mut memory = std::ptr::null_mut();
        // SAFETY: memory is there to be written.
        check(unsafe { sys::LITE_get_tensor_memory(tensor, &mut memory) })
    }

    /// Gives an input of strings its elements, which are copied.
    pub fn set_strings<S: AsRef<str>>(&mut self, name: &str, dims: &[usize], data: &[S]) -> Result<()> {
        let (i, tensor) = self.input(name)?;
        let wanted = count(dims)?;
        if data.len() != wanted {
            return Err(mismatch(format!("{} strings are given, a shape of {dims:?} has {wanted}", data.len())));
        }
        self.own(i, tensor)?;
        with_dims(dims, |rank, dims| {
            // SAFETY: dims has rank numbers.
            check(unsafe { sys::LITE_set_tensor_dims(tensor, sys::LITE_STRING, rank, dims) })
        })?;
        data.iter().map(AsRef::as_ref).enumerate().try_for_each(|(k, text)| {
            // SAFETY: the bytes are copied.
            check(unsafe { sys::LITE_set_tensor_string(tensor, k, text.as_ptr().cast(), text.len()) })
        })
    }

    /// Gives an input of any kind its value.
    pub fn set_value(&mut self, name: &str, value: &Value) -> Result<()> {
        let inputs = self.model.inputs();
        let i = inputs.iter().position(|i| i.name == name).ok_or_else(|| no_such("input", name, inputs))?;
        if let Some(tensor) = self.inputs[i].tensor {
            self.own(i, tensor)?;
        }
        let name = c_string(name)?;
        let value = value.to_handle()?;
        // SAFETY: the network copies what it needs of the value.
        check(unsafe { sys::LITE_set_input_value(self.handle.network, name.as_ptr(), value.0) })
    }

    /// Lets go of memory that was lent, so that the library does not take it for its own.
    fn own(&mut self, i: usize, tensor: sys::LiteTensor) -> Result<()> {
        let port = &mut self.inputs[i];
        port.made = None;
        if port.lent {
            let none = [0i64];
            // SAFETY: a tensor without elements needs no memory.
            check(unsafe {
                sys::LITE_reset_tensor_with_dims(tensor, sys::LITE_FLOAT, 1, none.as_ptr(), std::ptr::null_mut(), 0)
            })?;
            port.lent = false;
        }
        Ok(())
    }

    /// Runs on what the inputs hold.
    pub fn run(&mut self) -> Result<Outputs<'_>> {
        self.nothing_lent()?;
        self.forward()?;
        Ok(Outputs::new(self))
    }

    /// Runs on these inputs, in place: nothing is copied, and nothing of them is used after the run. Inputs that are not
    /// given keep what they hold.
    ///
    /// ```
    /// # fn main() -> lite::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/data/digits.onnx");
    /// # let mut network = lite::Network::load(path)?;
    /// let scans = vec![0f32; 2 * 64];
    /// let outputs = network.run_with(&[("data", lite::TensorRef::new(&[2, 1, 8, 8], &scans)?)])?;
    /// assert_eq!(outputs.get("prob")?.shape()?, [2, 10]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn run_with(&mut self, inputs: &[(&str, TensorRef<'_>)]) -> Result<Outputs<'_>> {
        let lent = self.lend(inputs).and_then(|()| self.nothing_lent());
        // From here on it counts as lent: whatever happens, it is not used again.
        let result = lent.and_then(|()| self.forward());
        for (name, _) in inputs {
            if let Ok((i, _)) = self.input(name) {
                self.inputs[i].lent = true;
            }
        }
        result?;
        Ok(Outputs::new(self))
    }

    fn lend(&mut self, inputs: &[(&str, TensorRef<'_>)]) -> Result<()> {
        for (name, t) in inputs {
            let (i, tensor) = self.input(name)?;
            with_dims(t.dims, |rank, dims| {
                let data = t.bytes.as_ptr().cast_mut().cast();
                // SAFETY: the library reads inputs, and does so during the run only; the memory lives as long.
                check(unsafe {
                    sys::LITE_reset_tensor_with_dims(tensor, t.dtype.code(), rank, dims, data, t.bytes.len())
                })
            })?;
            self.inputs[i].made = None;
            self.inputs[i].lent = false;
        }
        Ok(())
    }

    fn nothing_lent(&self) -> Result<()> {
        match self.inputs.iter().position(|p| p.lent) {
            None => Ok(()),
            Some(i) => Err(Error::new(
                Status::InvalidArgument,
                format!("input '{}' was lent for one run; it must be given again", self.model.inputs()[i].name),
            )),
        }
    }

    fn forward(&mut self) -> Result<()> {
        self.synchronous()?;
        // SAFETY: a network is loaded; nobody else uses it.
        check(unsafe { sys::LITE_forward(self.handle.network) })
    }

    fn synchronous(&mut self) -> Result<()> {
        if self.asynchronous {
            // SAFETY: no callback needs no data.
            check(unsafe { sys::LITE_set_completion_callback(self.handle.network, None, std::ptr::null_mut()) })?;
            self.asynchronous = false;
        }
        Ok(())
    }

    /// Starts a run on what the inputs hold, in a thread of the library's. [`Running`] is a future, can be waited for, and
    /// stops the run when it is dropped.
    pub fn start(&mut self) -> Result<Running<'_>> {
        self.nothing_lent()?;
        if !self.asynchronous {
            self.handle.completion.attach(self.handle.network)?;
            self.asynchronous = true;
        }
        self.handle.completion.begin();
        // SAFETY: a network is loaded; nobody else uses it.
        check(unsafe { sys::LITE_forward(self.handle.network) })?;
        Ok(Running::new(self))
    }

    /// Stops runs of this network from other threads.
    pub fn canceller(&self) -> Canceller {
        Canceller::new(Arc::downgrade(&self.handle))
    }

    /// Limits the time of each run that follows; None: no limit. [`Network::limited`] does so for a while.
    pub fn set_timeout(&mut self, limit: Option<std::time::Duration>) -> Result<()> {
        // 0 would mean no limit.
        let microseconds = limit.map_or(0, |l| u64::try_from(l.as_micros()).unwrap_or(u64::MAX).max(1));
        // SAFETY: a number.
        check(unsafe { sys::LITE_set_run_timeout(self.handle.network, microseconds) })
    }

    /// The network with a limit for the time of each run, until the guard is dropped.
    ///
    /// ```
    /// # fn main() -> lite::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/data/digits.onnx");
    /// # let mut network = lite::Network::load(path)?;
    /// # network.set("data", &[1, 1, 8, 8], &[0f32; 64])?;
    /// let mut limited = network.limited(std::time::Duration::from_secs(5))?;
    /// limited.run()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn limited(&mut self, limit: std::time::Duration) -> Result<Limited<'_>> {
        self.set_timeout(Some(limit))?;
        Ok(Limited(self))
    }

    /// Sets an option; [`options`](crate::options) lists them.
    pub fn set_option(&mut self, key: &str, value: &str) -> Result<()> {
        let (key, value) = (c_string(key)?, c_string(value)?);
        // SAFETY: the strings are copied.
        check(unsafe { sys::LITE_set_option(self.handle.network, key.as_ptr(), value.as_ptr()) })
    }

    /// An option, as text.
    pub fn option(&self, key: &str) -> Result<String> {
        // SAFETY: it is a network.
        unsafe { get_option(self.handle.network, key) }
    }

    /// What the network costs at this moment.
    pub fn statistics(&self) -> Result<Statistics> {
        // SAFETY: the struct is there to be written.
        Statistics::read(|s| unsafe { sys::LITE_get_statistics(self.handle.network, s) })
    }

    /// Turns the profiler on, forgetting what it has recorded, or off.
    pub fn set_profiling(&mut self, enabled: bool) -> Result<()> {
        // SAFETY: a number.
        check(unsafe { sys::LITE_set_profiling(self.handle.network, i32::from(enabled)) })
    }

    /// What the profiler has recorded: as a `table`, as `json`, or as a `trace` for Chrome's viewer and Perfetto.
    pub fn profile(&mut self, format: &str) -> Result<String> {
        let format = c_string(format)?;
        // SAFETY: the text is there to be written.
        take_text(|text| unsafe { sys::LITE_get_profile(self.handle.network, format.as_ptr(), text) })
    }

    /// The graph, `imported` or `optimized`, as `text`, `dot` or `json`.
    pub fn graph(&mut self, stage: &str, format: &str) -> Result<String> {
        let (stage, format) = (c_string(stage)?, c_string(format)?);
        // SAFETY: the text is there to be written.
        take_text(|text| unsafe { sys::LITE_dump_graph(self.handle.network, stage.as_ptr(), format.as_ptr(), text) })
    }

    /// Gives working memory and compiled programs back; the next run makes them again.
    pub fn trim(&mut self) -> Result<()> {
        // SAFETY: nobody else uses the network.
        check(unsafe { sys::LITE_trim(self.handle.network) })
    }
}

fn port(handle: &Handle, info: &Info, phase: sys::LiteTensorPhase) -> Result<Port> {
    let mut tensor = None;
    if info.kind == Kind::Tensor {
        let name = c_string(&info.name)?;
        let mut t = std::ptr::null_mut();
        // SAFETY: t is there to be written.
        check(unsafe { sys::LITE_get_io_tensor(handle.network, name.as_ptr(), phase, &mut t) })?;
        tensor = Some(t);
    }
    Ok(Port { tensor, made: None, lent: false })
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Network of {:?}", self.model)
    }
}
