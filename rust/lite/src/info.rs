use std::collections::BTreeMap;
use std::ffi::{c_char, c_int};
use std::fmt;

use lite_sys as sys;

use crate::error::check;
use crate::library::text_of;
use crate::{Dtype, Error, Result, Status};

/// One dimension of an input or output.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Dim {
    /// The model fixes it.
    Fixed(usize),
    /// The model leaves it open and has a name for it, such as `batch`.
    Named(String),
    /// The model leaves it open.
    Unknown,
}

impl fmt::Display for Dim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(n) => n.fmt(f),
            Self::Named(name) => name.fmt(f),
            Self::Unknown => "?".fmt(f),
        }
    }
}

/// What an input or output carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum Kind {
    Tensor,
    Sequence,
    Optional,
    Map,
}

impl Kind {
    pub(crate) fn from_code(code: sys::LiteValueKind) -> Result<Self> {
        Ok(match code {
            sys::LITE_VALUE_TENSOR => Self::Tensor,
            sys::LITE_VALUE_SEQUENCE => Self::Sequence,
            sys::LITE_VALUE_OPTIONAL => Self::Optional,
            sys::LITE_VALUE_MAP => Self::Map,
            _ => return Err(Error::new(Status::Unsupported, format!("kind {code} of values is not known here"))),
        })
    }
}

/// What the model says about an input or output.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Info {
    /// Its name.
    pub name: String,
    /// Of the elements; for what is no tensor, of the tensors in it.
    pub dtype: Dtype,
    /// None when the model leaves the rank open, or it is no tensor.
    pub shape: Option<Vec<Dim>>,
    /// What it carries.
    pub kind: Kind,
    /// In ONNX's notation, such as `seq(tensor(float))`.
    pub type_name: String,
    /// Whether it is an input that need not be given.
    pub has_default: bool,
}

/// `name: float32[batch,4]`
impl fmt::Display for Info {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind != Kind::Tensor {
            return write!(f, "{}: {}", self.name, self.type_name);
        }
        let dims = self
            .shape
            .as_ref()
            .map_or_else(|| "...".to_owned(), |s| s.iter().map(Dim::to_string).collect::<Vec<_>>().join(","));
        write!(f, "{}: {}[{dims}]", self.name, self.dtype)
    }
}

type Count = unsafe fn(sys::LiteNetwork, *mut usize) -> c_int;
type Describe = unsafe fn(sys::LiteNetwork, usize, *mut sys::LiteIOInfo) -> c_int;

/// # Safety
/// `network` is loaded.
pub(crate) unsafe fn inputs(network: sys::LiteNetwork) -> Result<Vec<Info>> {
    // SAFETY: as promised.
    unsafe {
        infos(
            network,
            |n, count| sys::LITE_get_input_count(n, count),
            |n, i, info| sys::LITE_get_input_info(n, i, info),
        )
    }
}

/// # Safety
/// `network` is loaded.
pub(crate) unsafe fn outputs(network: sys::LiteNetwork) -> Result<Vec<Info>> {
    // SAFETY: as promised.
    unsafe {
        infos(
            network,
            |n, count| sys::LITE_get_output_count(n, count),
            |n, i, info| sys::LITE_get_output_info(n, i, info),
        )
    }
}

unsafe fn infos(network: sys::LiteNetwork, count: Count, describe: Describe) -> Result<Vec<Info>> {
    let mut n = 0;
    // SAFETY: n is there to be written.
    check(unsafe { count(network, &mut n) })?;
    (0..n)
        .map(|i| {
            let mut info = sys::LiteIOInfo {
                struct_size: size_of::<sys::LiteIOInfo>() as u32,
                kind: sys::LITE_VALUE_TENSOR,
                name: std::ptr::null(),
                dtype: sys::LITE_FLOAT,
                rank: -1,
                dims: std::ptr::null(),
                dim_names: std::ptr::null(),
                type_: std::ptr::null(),
                has_default: 0,
            };
            // SAFETY: info is there to be written; what it then points to is the network's.
            unsafe {
                check(describe(network, i, &mut info))?;
                Ok(Info {
                    name: text_of(info.name),
                    dtype: dtype(info.dtype)?,
                    shape: (info.rank >= 0).then(|| (0..info.rank as usize).map(|d| dim(&info, d)).collect()),
                    kind: Kind::from_code(info.kind)?,
                    type_name: text_of(info.type_),
                    has_default: info.has_default != 0,
                })
            }
        })
        .collect()
}

pub(crate) fn dtype(code: sys::LiteDataType) -> Result<Dtype> {
    Dtype::from_code(code)
        .ok_or_else(|| Error::new(Status::Unsupported, format!("element type {code} is not known here")))
}

/// # Safety
/// `info` was filled by the library and has more than `d` dimensions.
unsafe fn dim(info: &sys::LiteIOInfo, d: usize) -> Dim {
    // SAFETY: dims has rank elements, dim_names as many or is NULL.
    unsafe {
        match usize::try_from(*info.dims.add(d)) {
            Ok(n) => Dim::Fixed(n),
            Err(_) if info.dim_names.is_null() || (*info.dim_names.add(d)).is_null() => Dim::Unknown,
            Err(_) => Dim::Named(text_of(*info.dim_names.add(d))),
        }
    }
}

/// # Safety
/// `network` is loaded.
pub(crate) unsafe fn metadata(network: sys::LiteNetwork) -> Result<BTreeMap<String, String>> {
    let mut n = 0;
    // SAFETY: n is there to be written.
    check(unsafe { sys::LITE_get_metadata_count(network, &mut n) })?;
    (0..n)
        .map(|i| {
            let (mut key, mut value): (*const c_char, *const c_char) = (std::ptr::null(), std::ptr::null());
            // SAFETY: both are there to be written, and are the network's.
            unsafe {
                check(sys::LITE_get_metadata_item(network, i, &mut key, &mut value))?;
                Ok((text_of(key), text_of(value)))
            }
        })
        .collect()
}
