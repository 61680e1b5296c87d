use std::ffi::c_int;
use std::fmt;
use std::marker::PhantomData;

use lite_sys as sys;

use crate::error::check;
use crate::info;
use crate::{Dtype, Element, Error, Result, Status};

/// Calls with dimensions as the library wants them.
pub(crate) fn with_dims<R>(dims: &[usize], call: impl FnOnce(c_int, *const i64) -> Result<R>) -> Result<R> {
    const MAX: usize = sys::LITE_MAX_RANK as usize;
    let mut buffer = [0i64; MAX];
    if dims.len() > MAX {
        return Err(mismatch(format!("{} dimensions are given, {MAX} are the most", dims.len())));
    }
    for (to, &from) in buffer.iter_mut().zip(dims) {
        *to = i64::try_from(from).map_err(|_| mismatch(format!("a dimension of {from} is too large")))?;
    }
    call(dims.len() as c_int, buffer.as_ptr())
}

/// The number of elements.
pub(crate) fn count(dims: &[usize]) -> Result<usize> {
    dims.iter()
        .try_fold(1usize, |n, &d| n.checked_mul(d))
        .ok_or_else(|| mismatch(format!("a shape of {dims:?} is too large")))
}

pub(crate) fn mismatch(message: String) -> Error {
    Error::new(Status::ShapeMismatch, message)
}

/// Elements in the caller's memory, with a shape: what a network is lent for one run, without a copy.
#[derive(Clone, Copy)]
pub struct TensorRef<'a> {
    pub(crate) dtype: Dtype,
    pub(crate) dims: &'a [usize],
    pub(crate) bytes: &'a [u8],
}

impl<'a> TensorRef<'a> {
    /// Elements in row-major order.
    pub fn new<T: Element>(dims: &'a [usize], data: &'a [T]) -> Result<Self> {
        let wanted = count(dims)?;
        if data.len() != wanted {
            return Err(mismatch(format!("{} elements are given, a shape of {dims:?} has {wanted}", data.len())));
        }
        // SAFETY: the memory of plain values, read as bytes.
        let bytes = unsafe { std::slice::from_raw_parts(data.as_ptr().cast::<u8>(), size_of_val(data)) };
        Ok(Self { dtype: T::DTYPE, dims, bytes })
    }

    /// Elements of any type but strings, as the library has them in memory: aligned, and small ones packed, the first in the
    /// lowest bits.
    pub fn from_bytes(dtype: Dtype, dims: &'a [usize], bytes: &'a [u8]) -> Result<Self> {
        let wanted = dtype.bytes(count(dims)?).filter(|_| dtype != Dtype::String);
        if wanted != Some(bytes.len()) {
            return Err(mismatch(format!("{} bytes are not a tensor {dtype}{dims:?}", bytes.len())));
        }
        let alignment = (dtype.bits() / 8).clamp(1, 8);
        if bytes.as_ptr() as usize % alignment != 0 {
            return Err(mismatch(format!("{dtype} wants an alignment of {alignment}")));
        }
        Ok(Self { dtype, dims, bytes })
    }

    /// An array of `ndarray`'s, whose elements lie next to each other in row-major order.
    ///
    /// ```
    /// # fn main() -> lite::Result<()> {
    /// let scan = ndarray::Array4::<f32>::zeros((1, 1, 8, 8));
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/data/digits.onnx");
    /// # let mut network = lite::Network::load(path)?;
    /// let outputs = network.run_with(&[("data", lite::TensorRef::from_array(&scan)?)])?;
    /// let prob = outputs.get("prob")?.as_array::<f32>()?;
    /// assert_eq!(prob.shape(), [1, 10]);
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "ndarray")]
    pub fn from_array<T, S, D>(array: &'a ndarray::ArrayBase<S, D>) -> Result<Self>
    where
        T: Element,
        S: ndarray::Data<Elem = T>,
        D: ndarray::Dimension,
    {
        let data = array.as_slice().ok_or_else(|| {
            mismatch("the array's elements do not lie in row-major order: see as_standard_layout()".into())
        })?;
        Self::new(array.shape(), data)
    }
}

impl fmt::Debug for TensorRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:?}", self.dtype, self.dims)
    }
}

/// A tensor of a network's, until the network is used again.
#[derive(Clone, Copy)]
pub struct TensorView<'a> {
    tensor: sys::LiteTensor,
    network: PhantomData<&'a ()>,
}

impl<'a> TensorView<'a> {
    /// # Safety
    /// During 'a nothing changes the tensor, its memory or what lies in it.
    pub(crate) unsafe fn new(tensor: sys::LiteTensor) -> Self {
        Self { tensor, network: PhantomData }
    }

    /// The element type.
    pub fn dtype(&self) -> Result<Dtype> {
        let mut code = 0;
        // SAFETY: code is there to be written.
        check(unsafe { sys::LITE_get_tensor_dtype(self.tensor, &mut code) })?;
        info::dtype(code)
    }

    /// The dimensions.
    pub fn shape(&self) -> Result<Vec<usize>> {
        let mut rank = 0;
        // SAFETY: rank is there to be written.
        check(unsafe { sys::LITE_get_tensor_rank(self.tensor, &mut rank) })?;
        let mut dims = vec![0i64; rank.max(0) as usize];
        // SAFETY: dims has room for rank numbers.
        check(unsafe { sys::LITE_get_tensor_dims(self.tensor, rank, dims.as_mut_ptr()) })?;
        Ok(dims.into_iter().map(|d| d as usize).collect())
    }

    /// The elements, in row-major order.
    pub fn as_slice<T: Element>(&self) -> Result<&'a [T]> {
        let dtype = self.dtype()?;
        if dtype != T::DTYPE {
            return Err(mismatch(format!("the tensor is of {dtype}, not of {}", T::DTYPE)));
        }
        let bytes = self.memory()?;
        if !T::is_valid(bytes) {
            return Err(Error::new(Status::Internal, format!("bytes that are no {dtype}")));
        }
        if bytes.is_empty() {
            return Ok(&[]);
        }
        // SAFETY: the memory is aligned for its type and holds values of it.
        Ok(unsafe { std::slice::from_raw_parts(bytes.as_ptr().cast(), bytes.len() / size_of::<T>()) })
    }

    /// The elements as bytes, small ones packed, the first in the lowest bits.
    pub fn as_bytes(&self) -> Result<&'a [u8]> {
        match self.dtype()? {
            Dtype::String => Err(mismatch("a tensor of strings has no bytes: see strings()".into())),
            _ => self.memory(),
        }
    }

    fn memory(&self) -> Result<&'a [u8]> {
        let (mut size, mut data) = (0, std::ptr::null_mut());
        // SAFETY: both are there to be written.
        unsafe {
            check(sys::LITE_get_tensor_total_size_in_byte(self.tensor, &mut size))?;
            if size == 0 {
                return Ok(&[]);
            }
            check(sys::LITE_get_tensor_memory(self.tensor, &mut data))?;
            Ok(std::slice::from_raw_parts(data.cast(), size))
        }
    }

    /// The elements of a tensor of strings. Bytes that are not UTF-8 are replaced.
    pub fn strings(&self) -> Result<Vec<String>> {
        let dtype = self.dtype()?;
        if dtype != Dtype::String {
            return Err(mismatch(format!("the tensor is of {dtype}, not of {}", Dtype::String)));
        }
        (0..count(&self.shape()?)?)
            .map(|i| {
                let (mut data, mut size) = (std::ptr::null(), 0);
                // SAFETY: both are there to be written; the bytes are the tensor's.
                unsafe {
                    check(sys::LITE_get_tensor_string(self.tensor, i, &mut data, &mut size))?;
                    let bytes = std::slice::from_raw_parts(data.cast::<u8>(), size);
                    Ok(String::from_utf8_lossy(bytes).into_owned())
                }
            })
            .collect()
    }

    /// The elements as an array of `ndarray`'s, in place.
    #[cfg(feature = "ndarray")]
    pub fn as_array<T: Element>(&self) -> Result<ndarray::ArrayViewD<'a, T>> {
        let data = self.as_slice::<T>()?;
        ndarray::ArrayViewD::from_shape(self.shape()?, data).map_err(|e| mismatch(e.to_string()))
    }
}

/// `float32[1, 10]`
impl fmt::Debug for TensorView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.dtype(), self.shape()) {
            (Ok(dtype), Ok(shape)) => write!(f, "{dtype}{shape:?}"),
            _ => f.write_str("?"),
        }
    }
}
