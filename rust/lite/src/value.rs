use std::ffi::c_int;
use std::fmt;

use lite_sys as sys;

use crate::error::check;
use crate::info::{self, Kind};
use crate::tensor::{TensorRef, TensorView, count, mismatch, with_dims};
use crate::{Dtype, Element, Result, library};

/// DLPack's `DLManagedTensor`.
pub use sys::DLManagedTensor as DlManagedTensor;

/// A tensor that belongs to nobody else. Its elements do not change.
pub struct Tensor(sys::LiteTensor);

// SAFETY: a tensor may be used from any thread, by one at a time.
unsafe impl Send for Tensor {}

impl Drop for Tensor {
    fn drop(&mut self) {
        // SAFETY: nobody else has it.
        unsafe { sys::LITE_destroy_tensor(self.0) };
    }
}

impl Tensor {
    /// A copy of elements in row-major order.
    pub fn new<T: Element>(dims: &[usize], data: &[T]) -> Result<Self> {
        let given = TensorRef::new(dims, data)?;
        let tensor = Self::empty(T::DTYPE, dims)?;
        if !given.bytes.is_empty() {
            let mut memory = std::ptr::null_mut();
            // SAFETY: memory is there to be written, and then has room for as many elements.
            unsafe {
                check(sys::LITE_get_tensor_memory(tensor.0, &mut memory))?;
                std::ptr::copy_nonoverlapping(given.bytes.as_ptr(), memory.cast(), given.bytes.len());
            }
        }
        Ok(tensor)
    }

    /// A copy of strings.
    pub fn strings<S: AsRef<str>>(dims: &[usize], data: &[S]) -> Result<Self> {
        if count(dims)? != data.len() {
            return Err(mismatch(format!("{} strings are given for a shape of {dims:?}", data.len())));
        }
        let tensor = Self::empty(Dtype::String, dims)?;
        for (i, text) in data.iter().map(AsRef::as_ref).enumerate() {
            // SAFETY: the bytes are copied.
            check(unsafe { sys::LITE_set_tensor_string(tensor.0, i, text.as_ptr().cast(), text.len()) })?;
        }
        Ok(tensor)
    }

    fn empty(dtype: Dtype, dims: &[usize]) -> Result<Self> {
        library::ensure()?;
        let mut tensor = std::ptr::null_mut();
        with_dims(dims, |rank, dims| {
            // SAFETY: dims has rank numbers, tensor is there to be written.
            check(unsafe { sys::LITE_make_tensor_with_dims(dtype.code(), rank, dims, &mut tensor) })
        })?;
        Ok(Self(tensor))
    }

    /// Lends the elements to another library: what it gets is DLPack's struct without version, whose deleter it calls once.
    pub fn into_dlpack(self) -> Result<*mut DlManagedTensor> {
        let mut managed = std::ptr::null_mut();
        // SAFETY: managed is there to be written. The memory lives until the deleter is called, with or without the tensor.
        check(unsafe { sys::LITE_tensor_to_dlpack(self.0, &mut managed) })?;
        Ok(managed)
    }

    /// Uses another library's memory, without a copy. The deleter is called when it is no longer used; on failure it is not.
    ///
    /// # Safety
    /// `managed` is DLPack's struct without version and valid, nobody else calls its deleter, which may be called from any
    /// thread, and nobody writes to the memory.
    pub unsafe fn from_dlpack(managed: *mut DlManagedTensor) -> Result<Self> {
        library::ensure()?;
        // SAFETY: as promised.
        make_tensor(|t| unsafe { sys::LITE_tensor_from_dlpack(managed, t) })
    }

    /// Shape, element type, elements.
    pub fn view(&self) -> TensorView<'_> {
        // SAFETY: nothing changes the tensor as long as it is borrowed.
        unsafe { TensorView::new(self.0) }
    }
}

impl fmt::Debug for Tensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.view().fmt(f)
    }
}

/// What an input or output of any kind carries.
///
/// ```
/// use lite::{Dtype, Tensor, Value};
///
/// # fn main() -> lite::Result<()> {
/// let frames = Value::Sequence(Dtype::F32, vec![
///     Value::Tensor(Tensor::new(&[2], &[1f32, 2.0])?),
///     Value::Tensor(Tensor::new(&[3], &[3f32, 4.0, 5.0])?),
/// ]);
/// # let _ = frames;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub enum Value {
    /// A tensor.
    Tensor(Tensor),
    /// Elements in order, and the type of the tensors in them.
    Sequence(Dtype, Vec<Value>),
    /// One value or none, and the type of the tensors that it could hold.
    Optional(Dtype, Option<Box<Value>>),
    /// A value for each key; the values are a tensor or a sequence.
    Map(Tensor, Box<Value>),
}

/// A value of the library's.
pub(crate) struct Handle(pub(crate) sys::LiteValue);

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: nobody else has it.
        unsafe { sys::LITE_destroy_value(self.0) };
    }
}

fn make(call: impl FnOnce(*mut sys::LiteValue) -> c_int) -> Result<Handle> {
    let mut value = std::ptr::null_mut();
    check(call(&mut value))?;
    Ok(Handle(value))
}

fn make_tensor(call: impl FnOnce(*mut sys::LiteTensor) -> c_int) -> Result<Tensor> {
    let mut tensor = std::ptr::null_mut();
    check(call(&mut tensor))?;
    Ok(Tensor(tensor))
}

impl Value {
    pub(crate) fn to_handle(&self) -> Result<Handle> {
        library::ensure()?;
        // SAFETY: what the calls are given are live handles, and a place for a new one.
        unsafe {
            match self {
                Self::Tensor(t) => make(|v| sys::LITE_make_tensor_value(t.0, sys::LITE_VALUE_SHARE_MEMORY, v)),
                Self::Sequence(dtype, elements) => {
                    let sequence = make(|v| sys::LITE_make_sequence(dtype.code(), v))?;
                    for element in elements {
                        check(sys::LITE_append_value(sequence.0, element.to_handle()?.0))?;
                    }
                    Ok(sequence)
                }
                Self::Optional(dtype, None) => make(|v| sys::LITE_make_optional(std::ptr::null_mut(), dtype.code(), v)),
                Self::Optional(dtype, Some(element)) => {
                    let element = element.to_handle()?;
                    make(|v| sys::LITE_make_optional(element.0, dtype.code(), v))
                }
                Self::Map(keys, values) => {
                    let values = values.to_handle()?;
                    make(|v| sys::LITE_make_map(keys.0, values.0, v))
                }
            }
        }
    }

    /// # Safety
    /// `get` gives a value away.
    pub(crate) unsafe fn take(get: &dyn Fn(*mut sys::LiteValue) -> c_int) -> Result<Self> {
        let value = make(get)?;
        let (mut kind, mut dtype, mut length) = (0, 0, 0);
        // SAFETY: the value is live; the results are there to be written.
        unsafe {
            check(sys::LITE_get_value_kind(value.0, &mut kind))?;
            let kind = Kind::from_code(kind)?;
            if kind == Kind::Tensor {
                return Ok(Self::Tensor(make_tensor(|t| sys::LITE_get_value_tensor(value.0, t))?));
            }
            if kind == Kind::Map {
                let keys = make_tensor(|t| sys::LITE_get_map_keys(value.0, t))?;
                return Ok(Self::Map(keys, Box::new(Self::take(&|v| sys::LITE_get_map_values(value.0, v))?)));
            }
            check(sys::LITE_get_value_dtype(value.0, &mut dtype))?;
            check(sys::LITE_get_value_length(value.0, &mut length))?;
            let mut elements = (0..length).map(|i| Self::take(&|v| sys::LITE_get_value_element(value.0, i, v)));
            let dtype = info::dtype(dtype)?;
            Ok(match kind {
                Kind::Optional => Self::Optional(dtype, elements.next().transpose()?.map(Box::new)),
                _ => Self::Sequence(dtype, elements.collect::<Result<_>>()?),
            })
        }
    }
}
