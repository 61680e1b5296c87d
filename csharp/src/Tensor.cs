using System;
using System.Buffers;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Lite
{
    /// <summary>A tensor: one of a network's inputs and outputs, or one of its own.</summary>
    /// <remarks>
    /// One thread at a time. Elements go in and out by copy (<see cref="Set{T}(ReadOnlySpan{T}, long[])"/>, <see cref="CopyTo{T}"/>,
    /// <see cref="ToArray{T}"/>), as a view of the library's memory (<see cref="View{T}"/>), or the tensor works in memory of the caller
    /// (<see cref="Use{T}"/>). A network's tensors go with it; one that is the caller's own is disposed by the caller.
    /// </remarks>
    public sealed class Tensor : IDisposable
    {
        private readonly TensorHandle _handle;
        private readonly Network _network;
        private readonly bool _isOutput;
        private long[] _shape;
        private DataType _type;
        private bool _uses;

        internal Tensor(IntPtr tensor, DataType type, long[] shape)
        {
            _handle = new TensorHandle(tensor, null);
            _type = type;
            _shape = shape;
        }

        internal Tensor(IntPtr tensor, Network network, NetworkHandle handle, IOInfo info, bool isOutput)
        {
            _handle = new TensorHandle(tensor, handle);
            _network = network;
            _isOutput = isOutput;
            _type = info.DataType;
            Info = info;
        }

        /// <summary>What the model says about this input or output; null for a tensor of the caller's.</summary>
        [MaybeNull]
        public IOInfo Info { get; }

        /// <summary>Its name in the model, or "".</summary>
        public string Name
        {
            get { return Info == null ? "" : Info.Name; }
        }

        /// <summary>The type of the elements.</summary>
        public DataType DataType
        {
            get
            {
                if (_isOutput || _shape != null)
                {
                    Native.Check(Native.GetTensorDType(Handle, out int type));
                    return (DataType)type;
                }

                return _type;
            }
        }

        /// <summary>The dimensions; null while they are not set.</summary>
        [MaybeNull]
        public long[] Shape
        {
            get
            {
                Native.Check(Native.GetTensorRank(Handle, out int rank));
                if (rank < 0)
                {
                    return null;
                }

                var dims = new long[rank];
                Native.Check(Native.GetTensorDims(Handle, rank, dims));
                return dims;
            }
        }

        /// <summary>How many bytes the elements take; 0 for strings, which have no fixed size.</summary>
        public long ByteCount
        {
            get
            {
                if (DataType == DataType.String)
                {
                    return 0;
                }

                Native.Check(Native.GetTensorByteCount(Handle, out UIntPtr size));
                return (long)size;
            }
        }

        /// <summary>Whether it is disposed, or the network that it belongs to.</summary>
        public bool IsDisposed
        {
            get { return _handle.IsClosed; }
        }

        /// <summary>Counts what makes views invalid, besides a network's runs.</summary>
        internal int Version { get; private set; }

        internal Network Owner
        {
            get { return _network; }
        }

        internal bool IsOutput
        {
            get { return _isOutput; }
        }

        internal TensorHandle Handle
        {
            get
            {
                if (_handle.IsClosed)
                {
                    throw Disposed();
                }

                return _handle;
            }
        }

        private static Native Native
        {
            get { return LiteLibrary.Native; }
        }

        /// <summary>Makes a tensor with memory of the library's.</summary>
        /// <param name="type">The type of the elements, which are undefined at first.</param>
        /// <param name="shape">The dimensions; none for a scalar.</param>
        /// <returns>The tensor, to be disposed by the caller.</returns>
        public static Tensor Create(DataType type, params long[] shape)
        {
            Native.Check(Native.MakeTensorWithDims((int)type, Rank(shape), shape, out IntPtr made));
            var tensor = new Tensor(made, type, (long[])shape.Clone());
            tensor._handle.SetPressure(tensor.ByteCount);
            return tensor;
        }

        /// <summary>Makes a tensor of a copy of elements.</summary>
        /// <typeparam name="T">Their type.</typeparam>
        /// <param name="elements">In row-major order.</param>
        /// <param name="shape">The dimensions; none for a scalar.</param>
        /// <returns>The tensor, to be disposed by the caller.</returns>
        public static Tensor Create<T>(ReadOnlySpan<T> elements, params long[] shape)
            where T : struct
        {
            CheckCount(DataTypes.Of<T>(), elements.Length, shape);
            Tensor tensor = Create(DataTypes.Of<T>(), shape);
            elements.CopyTo(tensor.Span<T>());
            return tensor;
        }

        /// <summary>Sets element type and dimensions; the elements become undefined. Views of the tensor end.</summary>
        /// <param name="type">The type of the elements.</param>
        /// <param name="shape">The dimensions; none for a scalar.</param>
        public void Resize(DataType type, params long[] shape)
        {
            int rank = Rank(shape);
            ReturnMemory();
            ++Version;
            Native.Check(Native.SetTensorDims(Handle, (int)type, rank, shape));
            _type = type;
            _shape = (long[])shape.Clone();
            if (_network == null)
            {
                _handle.SetPressure(ByteCount);
            }
        }

        /// <summary>Sets dimensions; the elements become undefined. Views of the tensor end.</summary>
        /// <param name="shape">The dimensions; none for a scalar.</param>
        public void Resize(params long[] shape)
        {
            Resize(DataType, shape);
        }

        /// <summary>Copies elements in.</summary>
        /// <typeparam name="T">Their type.</typeparam>
        /// <param name="elements">In row-major order.</param>
        /// <param name="shape">The dimensions; none for a scalar.</param>
        /// <exception cref="ArgumentException">There are not as many elements as the dimensions say.</exception>
        /// <exception cref="LiteException">The model wants another element type or shape; it may be the run that says so.</exception>
        public void Set<T>(ReadOnlySpan<T> elements, params long[] shape)
            where T : struct
        {
            DataType type = DataTypes.Choose<T>(Info == null ? _type : Info.DataType);
            CheckCount(type, elements.Length, shape);
            if (_uses || type != _type || !Same(shape, _shape))
            {
                Resize(type, shape);
            }

            elements.CopyTo(Span<T>());
            GC.KeepAlive(this);
        }

        /// <summary>Copies elements in.</summary>
        /// <typeparam name="T">Their type.</typeparam>
        /// <param name="elements">In row-major order.</param>
        /// <param name="shape">The dimensions; none for a scalar.</param>
        public void Set<T>(T[] elements, params long[] shape)
            where T : struct
        {
            Set(new ReadOnlySpan<T>(elements), shape);
        }

        /// <summary>Copies texts in.</summary>
        /// <param name="texts">In row-major order.</param>
        /// <param name="shape">The dimensions; none for a scalar.</param>
        public void SetStrings(IReadOnlyList<string> texts, params long[] shape)
        {
            if (texts == null)
            {
                throw new ArgumentNullException(nameof(texts));
            }

            CheckCount(DataType.String, texts.Count, shape);
            Resize(DataType.String, shape);
            for (int i = 0; i < texts.Count; ++i)
            {
                byte[] bytes = Encoding.UTF8.GetBytes(texts[i]);
                Native.Check(Native.SetTensorString(Handle, (UIntPtr)i, bytes, (UIntPtr)bytes.Length));
            }
        }

        /// <summary>Copies texts out.</summary>
        /// <returns>In row-major order.</returns>
        public string[] GetStrings()
        {
            var texts = new string[Count(Dimensions())];
            for (int i = 0; i < texts.Length; ++i)
            {
                Native.Check(Native.GetTensorString(Handle, (UIntPtr)i, out IntPtr data, out UIntPtr size));
                texts[i] = Utf8.Read(data, (int)size);
            }

            GC.KeepAlive(this);
            return texts;
        }

        /// <summary>Copies the elements out.</summary>
        /// <typeparam name="T">Their type.</typeparam>
        /// <param name="target">At least as long as there are elements.</param>
        public void CopyTo<T>(Span<T> target)
            where T : struct
        {
            Span<T>().CopyTo(target);
            GC.KeepAlive(this);
        }

        /// <summary>Copies the elements out.</summary>
        /// <typeparam name="T">Their type.</typeparam>
        /// <returns>In row-major order.</returns>
        public T[] ToArray<T>()
            where T : struct
        {
            T[] elements = Span<T>().ToArray();
            GC.KeepAlive(this);
            return elements;
        }

        /// <summary>Copies another tensor's elements in; type and dimensions become those of that one.</summary>
        /// <param name="source">The other one.</param>
        public void CopyFrom(Tensor source)
        {
            if (source == null)
            {
                throw new ArgumentNullException(nameof(source));
            }

            Resize(source.DataType, source.Dimensions());
            Native.Check(Native.TensorCopy(Handle, source.Handle));
        }

        /// <summary>Sets all elements to zero.</summary>
        public void FillZero()
        {
            Native.Check(Native.TensorFillZero(Handle));
        }

        /// <summary>Sees the same elements under other dimensions. Views of the tensor end.</summary>
        /// <param name="shape">The dimensions; one may be -1, which is worked out.</param>
        public void Reshape(params long[] shape)
        {
            ++Version;
            Native.Check(Native.TensorReshape(Handle, Rank(shape), shape));
            _shape = Dimensions();
        }

        /// <summary>Lets the tensor work in memory of the caller's, without copying: an input reads it, an output writes it.</summary>
        /// <remarks>
        /// The memory stays pinned until the tensor is given other memory, other dimensions or elements by copy, or is disposed. An output's
        /// memory may be larger than the elements need.
        /// </remarks>
        /// <typeparam name="T">The type of the elements.</typeparam>
        /// <param name="memory">Elements in row-major order.</param>
        /// <param name="shape">The dimensions; none for a scalar.</param>
        public void Use<T>(Memory<T> memory, params long[] shape)
            where T : struct
        {
            DataType type = DataTypes.Choose<T>(Info == null ? _type : Info.DataType);
            int rank = Rank(shape);
            int bytes = MemoryMarshal.AsBytes(memory.Span).Length;
            MemoryHandle pinned = memory.Pin();
            try
            {
                IntPtr address;
                unsafe
                {
                    address = (IntPtr)pinned.Pointer;
                }

                Native.Check(Native.ResetTensorWithDims(Handle, (int)type, rank, shape, address, (UIntPtr)bytes));
            }
            catch
            {
                pinned.Dispose();
                throw;
            }

            _handle.Pin.Set(pinned);
            _uses = true;
            ++Version;
            _type = type;
            _shape = (long[])shape.Clone();
        }

        /// <summary>Sees the library's memory without copying.</summary>
        /// <remarks>
        /// The view ends, with an exception when it is used, at the network's next run (an output's), at <see cref="Resize(long[])"/> and its
        /// like, and when the tensor or its network is disposed. What was taken from it before then stays readable memory for as long as the
        /// view object lives.
        /// </remarks>
        /// <typeparam name="T">The type of the elements.</typeparam>
        /// <returns>The view; disposing it is allowed, not needed.</returns>
        public TensorView<T> View<T>()
            where T : struct
        {
            DataTypes.Check<T>(DataType, "tensor '" + Name + "'");
            if (_uses)
            {
                throw new InvalidOperationException("tensor '" + Name + "' works in memory of the caller's: look there");
            }

            return new TensorView<T>(this, Share(), checked((int)Count(Dimensions(), DataType)));
        }

        /// <summary>Frees a tensor of the caller's. Those of a network go with it.</summary>
        public void Dispose()
        {
            if (_network == null)
            {
                Release();
            }
        }

        /// <summary>Name, type and shape.</summary>
        /// <returns>As in "data: Float32[1,1,8,8]".</returns>
        public override string ToString()
        {
            if (_handle.IsClosed)
            {
                return "Tensor '" + Name + "', disposed";
            }

            long[] shape = Shape;
            if (shape == null)
            {
                return Info == null ? DataType.ToString() : Info.ToString();
            }

            return (Name.Length == 0 ? "" : Name + ": ") + DataType + Text(shape);
        }

        /// <summary>Takes over a native tensor that belongs to no network.</summary>
        internal static Tensor Own(IntPtr tensor)
        {
            return new Tensor(tensor, DataType.UInt8, new long[0]);
        }

        /// <summary>The elements as they lie in memory, small ones packed.</summary>
        internal byte[] GetBytes()
        {
            byte[] bytes = Bytes().ToArray();
            GC.KeepAlive(this);
            return bytes;
        }

        /// <summary>Copies elements in as they lie in memory.</summary>
        internal void SetBytes(byte[] bytes)
        {
            bytes.CopyTo(Bytes());
            GC.KeepAlive(this);
        }

        /// <summary>Sets nothing more in place: the input has been given a value, of which this tensor knows nothing.</summary>
        internal void Forget()
        {
            ReturnMemory();
            ++Version;
            _shape = null;
        }

        internal static int NotNegative(int value, string name)
        {
            return value >= 0 ? value : throw new ArgumentOutOfRangeException(name);
        }

        /// <summary>The end, for a network's tensors too.</summary>
        internal void Release()
        {
            _handle.Dispose();
        }

        internal ObjectDisposedException Disposed()
        {
            return _network == null ? new ObjectDisposedException("Lite.Tensor", "the tensor is disposed")
                : new ObjectDisposedException("Lite.Tensor", "tensor '" + Name + "' is gone: its network is disposed, or has another model");
        }

        internal static string Text(long[] shape)
        {
            var texts = new string[shape.Length];
            for (int i = 0; i < shape.Length; ++i)
            {
                texts[i] = shape[i].ToString(CultureInfo.InvariantCulture);
            }

            return "[" + string.Join(",", texts) + "]";
        }

        private static int Rank(long[] shape)
        {
            return shape == null ? throw new ArgumentNullException(nameof(shape)) : shape.Length;
        }

        private static long Count(long[] shape, DataType type = DataType.Float32)
        {
            long count = 1;
            foreach (long dim in shape)
            {
                count = checked(count * dim);
            }

            // What is read as bytes, several elements in each.
            switch (type)
            {
                case DataType.Int4:
                case DataType.UInt4:
                case DataType.Float4E2M1: return (count + 1) / 2;
                case DataType.Int2:
                case DataType.UInt2: return (count + 3) / 4;
                default: return count;
            }
        }

        internal static void CheckCount(DataType type, int given, long[] shape)
        {
            Rank(shape);
            long wanted = Count(shape, type);
            if (wanted != given)
            {
                throw new ArgumentException(
                    string.Format(CultureInfo.InvariantCulture, "{0} elements are given, shape {1} has {2}", given, Text(shape), wanted), nameof(shape));
            }
        }

        private static bool Same(long[] a, long[] b)
        {
            return b != null && new ReadOnlySpan<long>(a).SequenceEqual(b);
        }

        internal long[] Dimensions()
        {
            return Shape ?? throw new LiteException(ErrorCode.InvalidArgument, "tensor '" + Name + "' has no shape yet");
        }

        // The library's memory. Only for use before anything else happens to the tensor, which whoever uses it keeps alive.
        private unsafe Span<T> Span<T>()
            where T : struct
        {
            DataTypes.Check<T>(DataType, "tensor '" + Name + "'");
            int count = checked((int)Count(Dimensions(), DataType));
            if (count == 0)
            {
                return default(Span<T>);
            }

            Native.Check(Native.GetTensorMemory(Handle, out IntPtr data));
            return new Span<T>((void*)data, count);
        }

        private unsafe Span<byte> Bytes()
        {
            Native.Check(Native.GetTensorByteCount(Handle, out UIntPtr size));
            if (size == UIntPtr.Zero)
            {
                return default(Span<byte>);
            }

            Native.Check(Native.GetTensorMemory(Handle, out IntPtr data));
            return new Span<byte>((void*)data, checked((int)size));
        }

        // Another native tensor that holds the same memory, and so keeps it whatever becomes of this one.
        private TensorHandle Share()
        {
            Native.Check(Native.MakeTensorWithDims((int)DataType.UInt8, 0, null, out IntPtr made));
            var other = new TensorHandle(made, null);
            int code = Native.TensorShareMemoryWith(other, Handle);
            if (code != 0)
            {
                LiteException error = Native.Error(code);
                other.Dispose();
                throw error;
            }

            return other;
        }

        // Leaves the caller's memory for a new one of the library's, before anything is written.
        private void ReturnMemory()
        {
            if (!_uses)
            {
                return;
            }

            Native.Check(Native.MakeTensorWithDims((int)_type, _shape.Length, _shape, out IntPtr made));
            using (var fresh = new TensorHandle(made, null))
            {
                Native.Check(Native.TensorShareMemoryWith(Handle, fresh));
            }

            _uses = false;
            _handle.Pin.Set(default(MemoryHandle));
        }
    }
}
