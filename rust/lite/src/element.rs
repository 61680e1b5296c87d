use std::fmt;

use lite_sys as sys;

macro_rules! dtypes {
    ($($name:ident = $code:ident $text:literal),* $(,)?) => {
        /// An element type.
        #[allow(missing_docs)]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Dtype { $($name),* }

        impl Dtype {
            pub(crate) fn code(self) -> sys::LiteDataType {
                match self { $(Self::$name => sys::$code),* }
            }

            /// None for a number that a newer library may know.
            pub(crate) fn from_code(code: sys::LiteDataType) -> Option<Self> {
                match code { $(sys::$code => Some(Self::$name),)* _ => None }
            }

            /// The library's name for it, such as `float32`.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }
        }
    };
}

dtypes! {
    F32 = LITE_FLOAT "float32",
    F16 = LITE_HALF "float16",
    BF16 = LITE_BFLOAT16 "bfloat16",
    F64 = LITE_DOUBLE "float64",
    I8 = LITE_INT8 "int8",
    I16 = LITE_INT16 "int16",
    I32 = LITE_INT "int32",
    I64 = LITE_INT64 "int64",
    U8 = LITE_UINT8 "uint8",
    U16 = LITE_UINT16 "uint16",
    U32 = LITE_UINT "uint32",
    U64 = LITE_UINT64 "uint64",
    Bool = LITE_BOOL "bool",
    String = LITE_STRING "string",
    I4 = LITE_INT4 "int4",
    U4 = LITE_UINT4 "uint4",
    I2 = LITE_INT2 "int2",
    U2 = LITE_UINT2 "uint2",
    F8E4M3FN = LITE_FLOAT8E4M3FN "float8e4m3fn",
    F8E4M3FNUZ = LITE_FLOAT8E4M3FNUZ "float8e4m3fnuz",
    F8E5M2 = LITE_FLOAT8E5M2 "float8e5m2",
    F8E5M2FNUZ = LITE_FLOAT8E5M2FNUZ "float8e5m2fnuz",
    F8E8M0 = LITE_FLOAT8E8M0 "float8e8m0",
    F4E2M1 = LITE_FLOAT4E2M1 "float4e2m1",
    Complex64 = LITE_COMPLEX64 "complex64",
    Complex128 = LITE_COMPLEX128 "complex128",
}

impl Dtype {
    /// Bits of one element; 0 for strings.
    pub fn bits(self) -> usize {
        match self {
            Self::String => 0,
            Self::I2 | Self::U2 => 2,
            Self::I4 | Self::U4 | Self::F4E2M1 => 4,
            Self::I16 | Self::U16 | Self::F16 | Self::BF16 => 16,
            Self::F32 | Self::I32 | Self::U32 => 32,
            Self::F64 | Self::I64 | Self::U64 | Self::Complex64 => 64,
            Self::Complex128 => 128,
            _ => 8,
        }
    }

    /// Bytes of so many elements, small ones packed; None when it does not fit a number.
    pub(crate) fn bytes(self, elements: usize) -> Option<usize> {
        Some(elements.checked_mul(self.bits())?.div_ceil(8))
    }
}

impl fmt::Display for Dtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

mod sealed {
    pub trait Sealed {}
}

/// A Rust type that is an element type. `half::f16` and `half::bf16` are with the feature `half`.
///
/// # Safety
/// A value is as large as [`Element::DTYPE`] says, and every byte string that `is_valid` accepts is one.
pub unsafe trait Element: Copy + sealed::Sealed + 'static {
    /// The element type.
    const DTYPE: Dtype;

    /// Whether these bytes are values of the type.
    #[doc(hidden)]
    #[inline]
    fn is_valid(_: &[u8]) -> bool {
        true
    }
}

macro_rules! elements {
    ($($t:ty = $dtype:ident),* $(,)?) => {$(
        impl sealed::Sealed for $t {}
        // SAFETY: a number of that width, of which all bit patterns are values.
        unsafe impl Element for $t {
            const DTYPE: Dtype = Dtype::$dtype;
        }
    )*};
}

elements! {
    f32 = F32, f64 = F64, i8 = I8, i16 = I16, i32 = I32, i64 = I64, u8 = U8, u16 = U16, u32 = U32, u64 = U64,
}
#[cfg(feature = "half")]
elements! { half::f16 = F16, half::bf16 = BF16 }

impl sealed::Sealed for bool {}
// SAFETY: a byte; only 0 and 1 are let through.
unsafe impl Element for bool {
    const DTYPE: Dtype = Dtype::Bool;

    fn is_valid(bytes: &[u8]) -> bool {
        bytes.iter().all(|&b| b <= 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_agrees() {
        for code in 0..64 {
            let Some(dtype) = Dtype::from_code(code) else { continue };
            let mut bits = 0;
            // SAFETY: bits is there to be written.
            assert_eq!(unsafe { sys::LITE_get_dtype_bits(code, &mut bits) }, 0, "{dtype}");
            assert_eq!(dtype.bits(), bits, "{dtype}");
            // SAFETY: the name is static.
            assert_eq!(dtype.name(), unsafe { crate::library::text_of(sys::LITE_get_dtype_name(code)) });
            assert_eq!(dtype.code(), code);
        }
        assert_eq!(Dtype::I4.bytes(3), Some(2));
        assert_eq!(Dtype::F64.bytes(usize::MAX), None);
        assert_eq!(format!("{:>9}", Dtype::F32), "  float32");
    }
}
