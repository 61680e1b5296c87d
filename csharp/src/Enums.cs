namespace Lite
{
    /// <summary>Why a call failed.</summary>
    public enum ErrorCode
    {
        /// <summary>It did not.</summary>
        Ok = 0,

        /// <summary>A defect in the library.</summary>
        InternalError = 1,

        /// <summary>A callback failed without saying why.</summary>
        UnknownError = 2,

        /// <summary>Out of range, of the wrong kind, or a name or option that does not exist.</summary>
        InvalidArgument = -1,

        /// <summary>The bytes are not a model, or the model contradicts itself.</summary>
        InvalidModel = -2,

        /// <summary>Well formed, but this build or device cannot do it.</summary>
        Unsupported = -3,

        /// <summary>No such file, input, output, key, device or library.</summary>
        NotFound = -4,

        /// <summary>There is not enough memory.</summary>
        OutOfMemory = -5,

        /// <summary>Reading or writing failed.</summary>
        IOError = -6,

        /// <summary>A driver or accelerator reported a failure.</summary>
        DeviceError = -7,

        /// <summary><see cref="Network.Cancel"/> stopped the run.</summary>
        Cancelled = -8,

        /// <summary>The time given to the run is over.</summary>
        TimedOut = -9,

        /// <summary>The network is running in another thread.</summary>
        Busy = -10,

        /// <summary>Rank, dimensions, element type or byte count are not those wanted.</summary>
        ShapeMismatch = -11,

        /// <summary>The network has no model yet.</summary>
        NotLoaded = -12,

        /// <summary>The native object was destroyed.</summary>
        Closed = -13,

        /// <summary>The needed size is in the message.</summary>
        BufferTooSmall = -14,

        /// <summary>A budget is used up; the message names it.</summary>
        LimitExceeded = -15,

        /// <summary>Allowed only before a model is loaded.</summary>
        AlreadyLoaded = -16,
    }

    /// <summary>Element types.</summary>
    public enum DataType
    {
        /// <summary>IEEE binary32: <see cref="float"/>.</summary>
        Float32 = 0,

        /// <summary>IEEE binary16: its bits as <see cref="ushort"/>, or <c>Half</c> where there is one.</summary>
        Float16 = 1,

        /// <summary><see cref="int"/>.</summary>
        Int32 = 2,

        /// <summary><see cref="short"/>.</summary>
        Int16 = 3,

        /// <summary><see cref="sbyte"/>.</summary>
        Int8 = 4,

        /// <summary><see cref="byte"/>.</summary>
        UInt8 = 5,

        /// <summary><see cref="uint"/>.</summary>
        UInt32 = 6,

        /// <summary><see cref="ushort"/>.</summary>
        UInt16 = 7,

        /// <summary><see cref="long"/>.</summary>
        Int64 = 8,

        /// <summary><see cref="bool"/>, one byte.</summary>
        Bool = 16,

        /// <summary>The upper half of a binary32, as <see cref="ushort"/>.</summary>
        BFloat16 = 17,

        /// <summary>IEEE binary64: <see cref="double"/>.</summary>
        Float64 = 18,

        /// <summary><see cref="ulong"/>.</summary>
        UInt64 = 19,

        /// <summary>Read and written with <see cref="Tensor.GetStrings"/> and <see cref="Tensor.SetStrings"/>.</summary>
        String = 20,

        /// <summary>Two per byte, the first in the low bits.</summary>
        Int4 = 21,

        /// <summary>Two per byte, the first in the low bits.</summary>
        UInt4 = 22,

        /// <summary>Four per byte, the first in the lowest bits.</summary>
        Int2 = 23,

        /// <summary>Four per byte, the first in the lowest bits.</summary>
        UInt2 = 24,

        /// <summary>One byte: 4 bits of exponent, 3 of mantissa, no infinities.</summary>
        Float8E4M3FN = 25,

        /// <summary>One byte; no negative zero.</summary>
        Float8E4M3FNUZ = 26,

        /// <summary>One byte: 5 bits of exponent, 2 of mantissa.</summary>
        Float8E5M2 = 27,

        /// <summary>One byte; no infinities, no negative zero.</summary>
        Float8E5M2FNUZ = 28,

        /// <summary>One byte: a power of two.</summary>
        Float8E8M0 = 29,

        /// <summary>Two per byte, the first in the low bits.</summary>
        Float4E2M1 = 30,

        /// <summary>Two binary32.</summary>
        Complex64 = 31,

        /// <summary>Two binary64: <c>System.Numerics.Complex</c>.</summary>
        Complex128 = 32,
    }

    /// <summary>Kinds of devices.</summary>
    public enum DeviceType
    {
        /// <summary>The processor.</summary>
        Cpu = 0,

        /// <summary>An NVIDIA GPU.</summary>
        Cuda = 1,

        /// <summary>What the model says; else the processor.</summary>
        Default = 7,
    }

    /// <summary>How much is logged: a level lets itself and everything more severe through.</summary>
    public enum LogLevel
    {
        /// <summary>Everything.</summary>
        Debug = 0,

        /// <summary>What happens.</summary>
        Info = 1,

        /// <summary>What may be wrong.</summary>
        Warning = 2,

        /// <summary>What is wrong.</summary>
        Error = 3,

        /// <summary>Nothing.</summary>
        Off = 4,
    }

    /// <summary>What an input or output carries.</summary>
    public enum ValueKind
    {
        /// <summary>A tensor.</summary>
        Tensor = 0,

        /// <summary>A list of values.</summary>
        Sequence = 1,

        /// <summary>One value or none.</summary>
        Optional = 2,

        /// <summary>A value for each key.</summary>
        Map = 3,
    }
}
