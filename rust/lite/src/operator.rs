//! Operators of the program's own.

use std::ffi::{c_int, c_void};
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;

use lite_sys as sys;

use crate::error::check;
use crate::info;
use crate::library::{self, c_path, c_string, text_of};
use crate::tensor::{count, mismatch, with_dims};
use crate::{Dtype, Element, Error, Result, Status};

/// An operator of the program's own: a model whose nodes have its domain and name runs them by this.
///
/// Several threads call it at once when several networks run. A panic becomes an error of the run.
///
/// ```
/// use lite::{Node, Operator, OperatorSpec};
///
/// /// y = x + by
/// struct Shift;
///
/// impl Operator for Shift {
///     type State = f32;
///
///     fn create(&self, node: &Node<'_>) -> lite::Result<f32> {
///         Ok(node.float("by")?.unwrap_or(1.0))
///     }
///
///     fn run(&self, by: &f32, node: &mut Node<'_>) -> lite::Result<()> {
///         let x = node.input(0)?.data::<f32>()?;
///         for (y, x) in node.output::<f32>(0)?.iter_mut().zip(x) {
///             *y = x + by;
///         }
///         Ok(())
///     }
/// }
///
/// # fn main() -> lite::Result<()> {
/// lite::register_operator(OperatorSpec::new("my.domain", "Shift").pure().same_as_input(), Shift)
/// # }
/// ```
pub trait Operator: Send + Sync + 'static {
    /// What a node keeps between runs. Networks that share weights share it.
    type State: Send + Sync + 'static;

    /// Makes what a node keeps between runs. Inputs that are constant have their contents.
    fn create(&self, node: &Node<'_>) -> Result<Self::State>;

    /// Tells element types and shapes of the outputs with [`Node::set_output`], as far as they are known. Outputs that it
    /// does not set get their shape in the run. Not called for [`OperatorSpec::same_as_input`].
    fn infer(&self, node: &mut Node<'_>) -> Result<()> {
        let _ = node;
        Ok(())
    }

    /// Computes the outputs. Results must not depend on the number of threads.
    fn run(&self, state: &Self::State, node: &mut Node<'_>) -> Result<()>;
}

/// What an [`Operator`] is for: its name, and how many inputs and outputs its nodes may have. One of each unless set.
#[derive(Debug, Clone)]
pub struct OperatorSpec {
    domain: String,
    name: String,
    since_version: i32,
    inputs: (usize, Option<usize>),
    outputs: (usize, Option<usize>),
    flags: u32,
}

impl OperatorSpec {
    /// An operator of that name, for all versions of the domain's opset.
    pub fn new(domain: &str, name: &str) -> Self {
        let one = (1, Some(1));
        Self { domain: domain.into(), name: name.into(), since_version: 1, inputs: one, outputs: one, flags: 0 }
    }

    /// For this version of the domain's opset and those after it.
    pub fn since_version(mut self, version: i32) -> Self {
        self.since_version = version;
        self
    }

    /// So many inputs must be there, so many may; None: any number.
    pub fn inputs(mut self, least: usize, most: Option<usize>) -> Self {
        self.inputs = (least, most);
        self
    }

    /// So many outputs must be there, so many may; None: any number.
    pub fn outputs(mut self, least: usize, most: Option<usize>) -> Self {
        self.outputs = (least, most);
        self
    }

    /// The same inputs always give the same outputs, and nothing else happens.
    pub fn pure(mut self) -> Self {
        self.flags |= sys::LITE_OPERATOR_PURE;
        self
    }

    /// Every output has the element type and shape of input 0.
    pub fn same_as_input(mut self) -> Self {
        self.flags |= sys::LITE_OPERATOR_SAME_AS_INPUT;
        self
    }
}

/// Registers an operator for the models that are loaded from now on.
pub fn register_operator<O: Operator>(spec: OperatorSpec, operator: O) -> Result<()> {
    library::ensure()?;
    let (domain, name) = (c_string(&spec.domain)?, c_string(&spec.name)?);
    let number = |n: usize| c_int::try_from(n).unwrap_or(c_int::MAX);
    let most = |n: Option<usize>| n.map_or(-1, number);
    let same = spec.flags & sys::LITE_OPERATOR_SAME_AS_INPUT != 0;
    let user_data = Box::into_raw(Box::new(operator));
    let op = sys::LiteOperator {
        struct_size: size_of::<sys::LiteOperator>() as u32,
        flags: spec.flags,
        domain: domain.as_ptr(),
        name: name.as_ptr(),
        since_version: spec.since_version,
        min_inputs: number(spec.inputs.0),
        max_inputs: most(spec.inputs.1),
        min_outputs: number(spec.outputs.0),
        max_outputs: most(spec.outputs.1),
        input_type_count: 0,
        output_type_count: 0,
        input_types: std::ptr::null(),
        output_types: std::ptr::null(),
        infer: if same { None } else { Some(infer::<O>) },
        create: Some(create::<O>),
        destroy: Some(destroy::<O>),
        run: Some(run::<O>),
        user_data: user_data.cast(),
        release: Some(release::<O>),
    };
    // SAFETY: the strings are copied; user_data lives until release is called.
    let result = check(unsafe { sys::LITE_register_operator(&op) });
    if result.is_err() {
        // SAFETY: on failure it is still ours.
        drop(unsafe { Box::from_raw(user_data) });
    }
    result
}

/// Ends a registration. Networks that were loaded with the operator go on using it.
pub fn unregister_operator(domain: &str, name: &str, since_version: i32) -> Result<()> {
    library::ensure()?;
    let (domain, name) = (c_string(domain)?, c_string(name)?);
    // SAFETY: the strings are only read.
    check(unsafe { sys::LITE_unregister_operator(domain.as_ptr(), name.as_ptr(), since_version) })
}

/// Loads a shared library and registers the operators in it. It stays loaded until the process ends.
///
/// # Safety
/// The library's code runs.
pub unsafe fn load_operator_library(path: impl AsRef<Path>) -> Result<()> {
    library::ensure()?;
    let path = c_path(path.as_ref())?;
    // SAFETY: the caller vouches for the library.
    check(unsafe { sys::LITE_load_operator_library(path.as_ptr()) })
}

// ---- what the library calls ----

/// Calls, and gives the library the error, or the panic, that comes of it.
fn guarded(context: sys::LiteOperatorContext, call: impl FnOnce() -> Result<()>) -> c_int {
    let error = match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(())) => return 0,
        Ok(Err(error)) => error,
        Err(panic) => {
            let text = panic.downcast_ref::<&str>().map(|t| t.to_string());
            let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
            Error::new(Status::Unknown, format!("panic: {text}"))
        }
    };
    if let Ok(text) = c_string(&error.to_string().replace('\0', " ")) {
        // SAFETY: the context is the callback's; the message is copied.
        unsafe { sys::LITE_operator_set_error(context, text.as_ptr()) };
    }
    error.status().code()
}

// SAFETY of the callbacks: user_data is the Box of register_operator, which exists until release; state is what create made,
// until destroy; the context is valid until the callback returns, as long as the Node that is lent.

unsafe extern "C" fn infer<O: Operator>(user_data: *mut c_void, context: sys::LiteOperatorContext) -> c_int {
    // SAFETY: see above.
    let operator = unsafe { &*user_data.cast::<O>() };
    guarded(context, || operator.infer(&mut Node::new(context)))
}

unsafe extern "C" fn create<O: Operator>(
    user_data: *mut c_void,
    context: sys::LiteOperatorContext,
    state: *mut *mut c_void,
) -> c_int {
    // SAFETY: see above.
    let operator = unsafe { &*user_data.cast::<O>() };
    guarded(context, || {
        let made = Box::new(operator.create(&Node::new(context))?);
        // SAFETY: state is there to be written.
        unsafe { *state = Box::into_raw(made).cast() };
        Ok(())
    })
}

unsafe extern "C" fn destroy<O: Operator>(_: *mut c_void, state: *mut c_void) {
    // SAFETY: see above; called once.
    let state = unsafe { Box::from_raw(state.cast::<O::State>()) };
    let _ = catch_unwind(AssertUnwindSafe(|| drop(state)));
}

unsafe extern "C" fn run<O: Operator>(
    user_data: *mut c_void,
    state: *mut c_void,
    context: sys::LiteOperatorContext,
) -> c_int {
    // SAFETY: see above.
    let (operator, state) = unsafe { (&*user_data.cast::<O>(), &*state.cast::<O::State>()) };
    guarded(context, || operator.run(state, &mut Node::new(context)))
}

unsafe extern "C" fn release<O: Operator>(user_data: *mut c_void) {
    // SAFETY: see above; called once.
    let operator = unsafe { Box::from_raw(user_data.cast::<O>()) };
    let _ = catch_unwind(AssertUnwindSafe(|| drop(operator)));
}

// ---- the node ----

/// What an operator is called for: a node, what is known of its inputs, and its outputs. 'a is the call.
pub struct Node<'a> {
    context: sys::LiteOperatorContext,
    call: PhantomData<&'a ()>,
}

/// An input of a node, or a tensor in an attribute.
#[derive(Debug, Clone, Copy)]
pub struct Operand<'a> {
    /// None when it is not known yet.
    pub dtype: Option<Dtype>,
    /// None when the rank is not known yet. A dimension below 0 is not known; two that are equal and below -1 are the same.
    pub shape: Option<&'a [i64]>,
    data: Option<&'a [u8]>,
    present: bool,
}

impl<'a> Operand<'a> {
    /// Whether the node has it; nothing else is known of one that it leaves out.
    pub fn is_present(&self) -> bool {
        self.present
    }

    /// The elements, in row-major order. In [`Operator::run`] they are known.
    pub fn data<T: Element>(&self) -> Result<&'a [T]> {
        if self.dtype != Some(T::DTYPE) {
            let dtype = self.dtype.map_or("unknown", Dtype::name);
            return Err(mismatch(format!("the operand is of {dtype}, not of {}", T::DTYPE)));
        }
        let data = self.data.ok_or_else(|| Error::new(Status::NotFound, "the operand's elements are not known yet"))?;
        if data.is_empty() {
            return Ok(&[]);
        }
        if data.as_ptr().align_offset(align_of::<T>()) != 0 || !T::is_valid(data) {
            return Err(mismatch(format!("the operand's memory cannot be read as {}: see as_bytes()", T::DTYPE)));
        }
        // SAFETY: aligned values of T, as just looked at.
        Ok(unsafe { std::slice::from_raw_parts(data.as_ptr().cast(), data.len() / size_of::<T>()) })
    }

    /// The elements as the library has them in memory; None when they are not known yet, or strings.
    pub fn as_bytes(&self) -> Option<&'a [u8]> {
        self.data
    }
}

impl<'a> Node<'a> {
    fn new(context: sys::LiteOperatorContext) -> Self {
        Self { context, call: PhantomData }
    }

    /// The node's name, or that of its first output.
    pub fn name(&self) -> Result<String> {
        let mut name = std::ptr::null();
        // SAFETY: name is there to be written.
        unsafe {
            check(sys::LITE_operator_get_node_name(self.context, &mut name))?;
            Ok(text_of(name))
        }
    }

    /// How many inputs the node has, with those that it leaves out between others.
    pub fn input_count(&self) -> Result<usize> {
        let mut n = 0;
        // SAFETY: n is there to be written.
        check(unsafe { sys::LITE_operator_get_input_count(self.context, &mut n) })?;
        Ok(n)
    }

    /// How many outputs the node has, with those that it leaves out between others.
    pub fn output_count(&self) -> Result<usize> {
        let mut n = 0;
        // SAFETY: n is there to be written.
        check(unsafe { sys::LITE_operator_get_output_count(self.context, &mut n) })?;
        Ok(n)
    }

    /// An input.
    pub fn input(&self, index: usize) -> Result<Operand<'a>> {
        // SAFETY: the tensor is there to be written.
        self.operand(|t| unsafe { sys::LITE_operator_get_input(self.context, index, t) })
    }

    fn describe(&self, get: impl FnOnce(*mut sys::LiteOperatorTensor) -> c_int) -> Result<sys::LiteOperatorTensor> {
        let mut tensor = sys::LiteOperatorTensor {
            struct_size: size_of::<sys::LiteOperatorTensor>() as u32,
            present: 0,
            dtype: -1,
            rank: -1,
            dims: std::ptr::null(),
            data: std::ptr::null_mut(),
            size: 0,
        };
        check(get(&mut tensor))?;
        Ok(tensor)
    }

    fn operand(&self, get: impl FnOnce(*mut sys::LiteOperatorTensor) -> c_int) -> Result<Operand<'a>> {
        let t = self.describe(get)?;
        if t.present == 0 {
            return Ok(Operand { dtype: None, shape: None, data: None, present: false });
        }
        // SAFETY: dims has rank numbers, data size bytes, during the call.
        unsafe {
            Ok(Operand {
                dtype: u32::try_from(t.dtype).ok().map(info::dtype).transpose()?,
                shape: match usize::try_from(t.rank) {
                    Err(_) => None,
                    Ok(0) => Some(&[]),
                    Ok(rank) => Some(std::slice::from_raw_parts(t.dims, rank)),
                },
                data: (!t.data.is_null()).then(|| std::slice::from_raw_parts(t.data.cast(), t.size)),
                present: true,
            })
        }
    }

    /// The elements of an input of strings.
    pub fn input_string(&self, index: usize, element: usize) -> Result<String> {
        // SAFETY: both are there to be written.
        self.text(|text, size| unsafe { sys::LITE_operator_get_input_string(self.context, index, element, text, size) })
    }

    fn text(&self, get: impl FnOnce(*mut *const std::ffi::c_char, *mut usize) -> c_int) -> Result<String> {
        let (mut text, mut size) = (std::ptr::null(), 0);
        check(get(&mut text, &mut size))?;
        // SAFETY: so many bytes are there during the call.
        let bytes = unsafe { std::slice::from_raw_parts(text.cast::<u8>(), size) };
        Ok(String::from_utf8_lossy(bytes).into_owned())
    }

    /// Tells, in [`Operator::infer`], what is known of an output. A dimension below 0 is not known before the run; one below
    /// -1 is an input's, handed on.
    pub fn set_output(&mut self, index: usize, dtype: Option<Dtype>, shape: Option<&[i64]>) -> Result<()> {
        let dtype = dtype.map_or(-1, |d| d.code() as c_int);
        let rank = shape.map_or(Ok(-1), |s| c_int::try_from(s.len()));
        let rank = rank.map_err(|_| mismatch("a rank that is too large".into()))?;
        let dims = shape.map_or(std::ptr::null(), <[i64]>::as_ptr);
        // SAFETY: dims has rank numbers.
        check(unsafe { sys::LITE_operator_set_output(self.context, index, dtype, rank, dims) })
    }

    /// The memory of an output whose element type and shape are known from [`Operator::infer`]; what is in it does not
    /// matter. None for one that need not be computed.
    pub fn output_if_wanted<T: Element>(&mut self, index: usize) -> Result<Option<&mut [T]>> {
        // SAFETY: the tensor is there to be written.
        let t = self.describe(|t| unsafe { sys::LITE_operator_get_output(self.context, index, t) })?;
        if t.present == 0 {
            return Ok(None);
        }
        if t.dtype != T::DTYPE.code() as c_int {
            let dtype = u32::try_from(t.dtype).ok().and_then(Dtype::from_code).map_or("unknown", Dtype::name);
            return Err(mismatch(format!("output {index} is of {dtype}, not of {}", T::DTYPE)));
        }
        if t.data.is_null() || t.size == 0 {
            return Ok(Some(&mut []));
        }
        // SAFETY: the library's memory, which overlaps nothing else; borrowed as long as the node, so that there is one slice
        // of it at a time. Zeros are values of every type.
        unsafe {
            if T::DTYPE == Dtype::Bool {
                std::ptr::write_bytes(t.data.cast::<u8>(), 0, t.size);
            }
            Ok(Some(std::slice::from_raw_parts_mut(t.data.cast(), t.size / size_of::<T>())))
        }
    }

    /// The memory of an output that is wanted; otherwise see [`Node::output_if_wanted`].
    pub fn output<T: Element>(&mut self, index: usize) -> Result<&mut [T]> {
        self.output_if_wanted(index)?
            .ok_or_else(|| Error::new(Status::NotFound, format!("output {index} is not wanted")))
    }

    /// Gives an output, in [`Operator::run`], its shape and memory.
    pub fn allocate<T: Element>(&mut self, index: usize, shape: &[usize]) -> Result<&mut [T]> {
        count(shape)?;
        with_dims(shape, |rank, dims| {
            let data = std::ptr::null_mut();
            // SAFETY: dims has rank numbers; the address is asked for below.
            check(unsafe { sys::LITE_operator_allocate_output(self.context, index, T::DTYPE.code(), rank, dims, data) })
        })?;
        self.output(index)
    }

    /// Gives an output its elements, which are strings, in [`Operator::run`].
    pub fn set_strings<S: AsRef<str>>(&mut self, index: usize, shape: &[usize], data: &[S]) -> Result<()> {
        if count(shape)? != data.len() {
            return Err(mismatch(format!("{} strings are given for a shape of {shape:?}", data.len())));
        }
        with_dims(shape, |rank, dims| {
            // SAFETY: dims has rank numbers; strings have no address.
            check(unsafe {
                let none = std::ptr::null_mut();
                sys::LITE_operator_allocate_output(self.context, index, sys::LITE_STRING, rank, dims, none)
            })
        })?;
        data.iter().map(AsRef::as_ref).enumerate().try_for_each(|(i, text)| {
            // SAFETY: the bytes are copied.
            check(unsafe {
                sys::LITE_operator_set_output_string(self.context, index, i, text.as_ptr().cast(), text.len())
            })
        })
    }

    /// The threads that may work on this call.
    pub fn pool(&self) -> Pool<'a> {
        Pool { context: self.context, call: PhantomData }
    }

    // ---- attributes ----

    /// The names of the attributes.
    pub fn attributes(&self) -> Result<Vec<String>> {
        let mut n = 0;
        // SAFETY: n is there to be written.
        check(unsafe { sys::LITE_operator_get_attribute_count(self.context, &mut n) })?;
        (0..n)
            .map(|i| {
                let mut name = std::ptr::null();
                // SAFETY: name is there to be written.
                unsafe {
                    check(sys::LITE_operator_get_attribute_name(self.context, i, &mut name))?;
                    Ok(text_of(name))
                }
            })
            .collect()
    }

    /// An attribute of one integer; None if the node does not have it. One of another type is an error, here and below.
    pub fn int(&self, name: &str) -> Result<Option<i64>> {
        let (name, mut value) = (c_string(name)?, 0);
        // SAFETY: value is there to be written.
        found(unsafe { sys::LITE_operator_get_attribute_int(self.context, name.as_ptr(), &mut value) })
            .map(|has| has.then_some(value))
    }

    /// An attribute of one number.
    pub fn float(&self, name: &str) -> Result<Option<f32>> {
        let (name, mut value) = (c_string(name)?, 0.0);
        // SAFETY: value is there to be written.
        found(unsafe { sys::LITE_operator_get_attribute_float(self.context, name.as_ptr(), &mut value) })
            .map(|has| has.then_some(value))
    }

    /// An attribute of integers.
    pub fn ints(&self, name: &str) -> Result<Option<&'a [i64]>> {
        let (name, mut values, mut length) = (c_string(name)?, std::ptr::null(), 0);
        // SAFETY: both are there to be written, and then say where so many numbers are.
        unsafe {
            let has =
                found(sys::LITE_operator_get_attribute_ints(self.context, name.as_ptr(), &mut values, &mut length))?;
            Ok(has.then(|| if length == 0 { &[][..] } else { std::slice::from_raw_parts(values, length) }))
        }
    }

    /// An attribute of numbers.
    pub fn floats(&self, name: &str) -> Result<Option<&'a [f32]>> {
        let (name, mut values, mut length) = (c_string(name)?, std::ptr::null(), 0);
        // SAFETY: both are there to be written, and then say where so many numbers are.
        unsafe {
            let has =
                found(sys::LITE_operator_get_attribute_floats(self.context, name.as_ptr(), &mut values, &mut length))?;
            Ok(has.then(|| if length == 0 { &[][..] } else { std::slice::from_raw_parts(values, length) }))
        }
    }

    /// An attribute of one string, or of several.
    pub fn strings(&self, name: &str) -> Result<Option<Vec<String>>> {
        let (name, mut kind, mut length) = (c_string(name)?, 0, 0);
        // SAFETY: both are there to be written.
        let has = found(unsafe {
            sys::LITE_operator_get_attribute_type(self.context, name.as_ptr(), &mut kind, &mut length)
        })?;
        if !has {
            return Ok(None);
        }
        (0..length)
            .map(|i| {
                // SAFETY: both are there to be written.
                self.text(|text, size| unsafe {
                    sys::LITE_operator_get_attribute_string(self.context, name.as_ptr(), i, text, size)
                })
            })
            .collect::<Result<_>>()
            .map(Some)
    }

    /// An attribute that is a tensor; its memory need not be aligned.
    pub fn tensor(&self, name: &str) -> Result<Option<Operand<'a>>> {
        let name = c_string(name)?;
        // SAFETY: the tensor is there to be written.
        let operand =
            self.operand(|t| unsafe { sys::LITE_operator_get_attribute_tensor(self.context, name.as_ptr(), t) });
        match operand {
            Err(error) if error.status() == Status::NotFound => Ok(None),
            other => other.map(Some),
        }
    }
}

/// Whether the attribute was there.
fn found(code: c_int) -> Result<bool> {
    if code == sys::LITE_NOT_FOUND { Ok(false) } else { check(code).map(|()| true) }
}

/// The threads that may work on a call of [`Operator::run`].
#[derive(Debug, Clone, Copy)]
pub struct Pool<'a> {
    context: sys::LiteOperatorContext,
    call: PhantomData<&'a ()>,
}

// SAFETY: the callback's tasks may ask, too; each thread has its own error text.
unsafe impl Send for Pool<'_> {}
// SAFETY: as above.
unsafe impl Sync for Pool<'_> {}

impl Pool<'_> {
    /// How many threads there are, the calling one included.
    pub fn threads(&self) -> Result<usize> {
        let mut n = 0;
        // SAFETY: n is there to be written.
        check(unsafe { sys::LITE_operator_get_threads(self.context, &mut n) })?;
        Ok(n)
    }

    /// [`Status::Cancelled`] when the run was cancelled or its time is over. A run that takes long asks now and then.
    pub fn check_stop(&self) -> Result<()> {
        let mut stop = 0;
        // SAFETY: stop is there to be written.
        check(unsafe { sys::LITE_operator_should_stop(self.context, &mut stop) })?;
        if stop == 0 { Ok(()) } else { Err(Error::new(Status::Cancelled, "the run is to stop")) }
    }

    /// Calls `task` once for each index below `count`, on all the threads, and returns when all are done. After an error,
    /// or when the run is to stop, some may be left out.
    pub fn for_each<F>(&self, count: usize, task: F) -> Result<()>
    where
        F: Fn(usize) -> Result<()> + Sync,
    {
        struct Loop<F>(F, Mutex<Option<Error>>);
        unsafe extern "C" fn call<F: Fn(usize) -> Result<()> + Sync>(data: *mut c_void, index: i64) -> c_int {
            // SAFETY: for_each has it, until all tasks are done.
            let it = unsafe { &*data.cast::<Loop<F>>() };
            let result = catch_unwind(AssertUnwindSafe(|| (it.0)(index as usize)));
            let error = match result {
                Ok(Ok(())) => return 0,
                Ok(Err(error)) => error,
                Err(_) => Error::new(Status::Unknown, "panic in a task"),
            };
            let code = error.status().code();
            it.1.lock().unwrap_or_else(|e| e.into_inner()).get_or_insert(error);
            code
        }
        let it = Loop(task, Mutex::new(None));
        let data = (&raw const it).cast_mut().cast();
        // SAFETY: `it` lives until all tasks are done.
        let code = unsafe { sys::LITE_operator_parallel_for(self.context, count as i64, Some(call::<F>), data) };
        let result = check(code);
        match it.1.into_inner().unwrap_or_else(|e| e.into_inner()) {
            Some(error) if result.is_err() => Err(error),
            _ => result,
        }
    }
}
