use std::ffi::{c_int, c_void};
use std::future::Future;
use std::ops::{Deref, DerefMut};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Condvar, Mutex, MutexGuard, Weak};
use std::task::{Context, Poll, Waker};

use lite_sys as sys;

use crate::error::check;
use crate::library::c_string;
use crate::model::{Handle, no_such};
use crate::tensor::TensorView;
use crate::{Error, Network, Result, Status, Value};

/// What a run gave, until the network is used again.
#[derive(Clone, Copy)]
pub struct Outputs<'a>(&'a Network);

impl<'a> Outputs<'a> {
    pub(crate) fn new(network: &'a mut Network) -> Self {
        Self(network)
    }

    /// How many there are.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.0.outputs.len()
    }

    /// An output that is a tensor, by name.
    pub fn get(&self, name: &str) -> Result<TensorView<'a>> {
        let infos = self.0.model().outputs();
        let i = infos.iter().position(|o| o.name == name).ok_or_else(|| no_such("output", name, infos))?;
        self.at(i)
    }

    /// An output that is a tensor, by its place in the model's order.
    pub fn at(&self, index: usize) -> Result<TensorView<'a>> {
        let port = self.0.outputs.get(index).ok_or_else(|| {
            Error::new(Status::NotFound, format!("there is no output {index}; the model has {}", self.len()))
        })?;
        let tensor = port.tensor.ok_or_else(|| {
            let info = &self.0.model().outputs()[index];
            Error::new(Status::InvalidArgument, format!("output '{}' is a {}: see value()", info.name, info.type_name))
        })?;
        // SAFETY: an output changes only in a run, which needs the network that is borrowed here.
        Ok(unsafe { TensorView::new(tensor) })
    }

    /// An output of any kind, which is independent of later runs.
    pub fn value(&self, name: &str) -> Result<Value> {
        let name = c_string(name)?;
        // SAFETY: handle is there to be written, and then ours.
        unsafe { Value::take(&|v| sys::LITE_get_output_value(self.0.handle.network, name.as_ptr(), v)) }
    }
}

impl std::fmt::Debug for Outputs<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let infos = self.0.model().outputs().iter();
        f.debug_map().entries(infos.enumerate().map(|(i, info)| (&info.name, self.at(i)))).finish()
    }
}

/// How an asynchronous run ends: what the library's callback writes, and who waits for it.
#[derive(Debug, Default)]
pub(crate) struct Completion {
    state: Mutex<State>,
    over: Condvar,
}

#[derive(Debug, Default)]
struct State {
    over: bool,
    waker: Option<Waker>,
}

impl Completion {
    /// Makes runs of `network` asynchronous. The network is destroyed before what this points to: both are a [`Handle`]'s.
    pub(crate) fn attach(&self, network: sys::LiteNetwork) -> Result<()> {
        unsafe extern "C" fn complete(_: c_int, user_data: *mut c_void) {
            // SAFETY: the network's handle has it, and exists as long as the network does.
            let completion = unsafe { &*user_data.cast::<Completion>() };
            let waker = {
                let mut state = completion.lock();
                state.over = true;
                completion.over.notify_all();
                state.waker.take()
            };
            // An executor's panic must not unwind into the library; its hook has reported it.
            let _ = catch_unwind(AssertUnwindSafe(|| waker.map(Waker::wake)));
        }
        let user_data = (&raw const *self).cast_mut().cast();
        // SAFETY: see `complete`.
        check(unsafe { sys::LITE_set_completion_callback(network, Some(complete), user_data) })
    }

    pub(crate) fn begin(&self) {
        *self.lock() = State::default();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|e| e.into_inner())
    }

    fn poll(&self, waker: &Waker) -> bool {
        let mut state = self.lock();
        if !state.over {
            state.waker = Some(waker.clone());
        }
        state.over
    }

    fn wait(&self) {
        let mut state = self.lock();
        while !state.over {
            state = self.over.wait(state).unwrap_or_else(|e| e.into_inner());
        }
    }
}

/// A run that goes on in a thread of the library's: a future of what it gives, for any executor.
///
/// Dropped before its end, it stops the run and waits until it has stopped.
///
/// ```
/// # fn main() -> lite::Result<()> {
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/data/digits.onnx");
/// # let mut network = lite::Network::load(path)?;
/// async fn classify(network: &mut lite::Network) -> lite::Result<Vec<f32>> {
///     let outputs = network.start()?.await?;
///     Ok(outputs.get("prob")?.as_slice()?.to_vec())
/// }
/// # network.set("data", &[1, 1, 8, 8], &[0f32; 64])?;
/// let outputs = network.start()?.wait()?; // without an executor
/// # assert_eq!(outputs.len(), 1);
/// # Ok(())
/// # }
/// ```
#[must_use = "dropping it stops the run"]
#[derive(Debug)]
pub struct Running<'a>(Option<&'a mut Network>);

impl<'a> Running<'a> {
    pub(crate) fn new(network: &'a mut Network) -> Self {
        Self(Some(network))
    }

    /// Waits for the run's end.
    pub fn wait(mut self) -> Result<Outputs<'a>> {
        let network = self.0.take().expect("a run ends once");
        network.handle.completion.wait();
        Self::end(network)
    }

    /// Whether the run has ended.
    pub fn is_over(&self) -> bool {
        self.0.as_ref().is_none_or(|n| n.handle.completion.lock().over)
    }

    fn end(network: &'a mut Network) -> Result<Outputs<'a>> {
        // Gives the run's result, and its words, to this thread.
        // SAFETY: the run is over.
        check(unsafe { sys::LITE_wait(network.handle.network) })?;
        Ok(Outputs::new(network))
    }
}

impl<'a> Future for Running<'a> {
    type Output = Result<Outputs<'a>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let network = self.0.as_ref().expect("a future is not polled after its end");
        if !network.handle.completion.poll(context.waker()) {
            return Poll::Pending;
        }
        Poll::Ready(Self::end(self.0.take().expect("looked at above")))
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if let Some(network) = self.0.take() {
            // SAFETY: it is a network, and this is not its callback.
            unsafe {
                sys::LITE_cancel(network.handle.network);
                sys::LITE_wait(network.handle.network);
            }
        }
    }
}

/// Stops runs of a network, from any thread, also when it may not exist any more.
///
/// ```
/// # fn main() -> lite::Result<()> {
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/data/digits.onnx");
/// # let mut network = lite::Network::load(path)?;
/// let canceller = network.canceller();
/// std::thread::spawn(move || canceller.cancel());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Canceller(Weak<Handle>);

impl Canceller {
    pub(crate) fn new(handle: Weak<Handle>) -> Self {
        Self(handle)
    }

    /// Stops the present run, which then fails with [`Status::Cancelled`]. Without a run, nothing happens: one that begins
    /// later is not stopped. Does not wait.
    pub fn cancel(&self) {
        if let Some(handle) = self.0.upgrade() {
            // SAFETY: the network exists; any thread may do this.
            unsafe { sys::LITE_cancel(handle.network) };
        }
    }

    /// A guard that stops the present run when it is dropped, for instance because a request's task is.
    pub fn on_drop(&self) -> CancelOnDrop {
        CancelOnDrop(Some(self.clone()))
    }
}

/// See [`Canceller::on_drop`].
#[derive(Debug)]
pub struct CancelOnDrop(Option<Canceller>);

impl CancelOnDrop {
    /// Drops the guard without stopping anything.
    pub fn disarm(mut self) {
        self.0 = None;
    }
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        if let Some(canceller) = &self.0 {
            canceller.cancel();
        }
    }
}

/// A network whose runs are limited in time, until this is dropped. See [`Network::limited`].
#[derive(Debug)]
pub struct Limited<'a>(pub(crate) &'a mut Network);

impl Deref for Limited<'_> {
    type Target = Network;

    fn deref(&self) -> &Network {
        self.0
    }
}

impl DerefMut for Limited<'_> {
    fn deref_mut(&mut self) -> &mut Network {
        self.0
    }
}

impl Drop for Limited<'_> {
    fn drop(&mut self) {
        // Fails only while the network runs, which it does not.
        let _ = self.0.set_timeout(None);
    }
}

macro_rules! statistics {
    ($($(#[$doc:meta])* $name:ident: $t:ty),* $(,)?) => {
        /// What a network, or the process, costs.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        #[non_exhaustive]
        pub struct Statistics { $($(#[$doc])* pub $name: $t),* }

        impl Statistics {
            pub(crate) fn read(get: impl FnOnce(*mut sys::LiteStatistics) -> c_int) -> Result<Self> {
                // SAFETY: a C struct of integers.
                let mut s: sys::LiteStatistics = unsafe { std::mem::zeroed() };
                s.struct_size = size_of::<sys::LiteStatistics>() as u32;
                check(get(&mut s))?;
                Ok(Self { $($name: s.$name),* })
            }
        }
    };
}

statistics! {
    /// That may work on a run; for the process, those that exist.
    threads: u32,
    /// Of the model's weights as stored, mapped ones included.
    weight_bytes: u64,
    /// Of the copies in kernels' layouts; shared ones count once.
    packed_weight_bytes: u64,
    /// Of working memory.
    arena_bytes: u64,
    /// Of inputs and outputs in the library's memory.
    io_bytes: u64,
    /// Of compiled programs and kernel caches.
    cache_bytes: u64,
    /// What `cache_bytes` may not exceed.
    cache_limit_bytes: u64,
    /// Compiled, one per signature of input shapes.
    programs: u64,
    /// Changes of shape that found their program.
    program_hits: u64,
    /// Runs that had to compile.
    program_misses: u64,
    /// Programs dropped from the full cache.
    program_evictions: u64,
    /// Finished runs, failed ones included.
    runs: u64,
    /// Cancelled and timed-out ones included.
    failed_runs: u64,
    /// Of all finished runs together.
    run_nanoseconds: u64,
    /// Of the last one.
    last_run_nanoseconds: u64,
}
