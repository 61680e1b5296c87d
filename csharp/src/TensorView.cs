using System;
using System.Buffers;
using System.Runtime.InteropServices;
using System.Threading;

namespace Lite
{
    /// <summary>A tensor's elements where the library has them, as <see cref="Span{T}"/> or <see cref="Memory{T}"/>.</summary>
    /// <remarks><see cref="Tensor.View{T}"/> says when it ends.</remarks>
    /// <typeparam name="T">The type of the elements.</typeparam>
    public sealed class TensorView<T> : MemoryManager<T>
        where T : struct
    {
        private readonly Tensor _tensor;
        private readonly TensorHandle _memory;
        private readonly IntPtr _data;
        private readonly int _length;
        private readonly int _version;
        private readonly long _run;
        private int _pins;

        internal TensorView(Tensor tensor, TensorHandle memory, int length)
        {
            _tensor = tensor;
            _memory = memory;
            _length = length;
            _version = tensor.Version;
            _run = tensor.Owner == null ? 0 : tensor.Owner.RunCount;
            if (length > 0)
            {
                LiteLibrary.Native.Check(LiteLibrary.Native.GetTensorMemory(memory, out _data));
            }
        }

        /// <summary>How many elements there are.</summary>
        public int Length
        {
            get { return _length; }
        }

        /// <summary>Whether it can still be used.</summary>
        public bool IsValid
        {
            get
            {
                return !_tensor.IsDisposed && !_memory.IsClosed && _version == _tensor.Version &&
                    (!_tensor.IsOutput || _run == _tensor.Owner.RunCount);
            }
        }

        /// <summary>The elements.</summary>
        public Span<T> Span
        {
            get { return GetSpan(); }
        }

        /// <summary>One element.</summary>
        /// <param name="index">In row-major order, from 0.</param>
        /// <returns>The element, by reference.</returns>
        public ref T this[int index]
        {
            get { return ref GetSpan()[index]; }
        }

        /// <summary>The elements.</summary>
        /// <returns>A span; not to be kept over the network's next run.</returns>
        /// <exception cref="InvalidOperationException">The view has ended.</exception>
        /// <exception cref="ObjectDisposedException">The tensor, its network or the view is disposed.</exception>
        public override unsafe Span<T> GetSpan()
        {
            CheckValid();
            return new Span<T>((void*)_data, _length);
        }

        /// <summary>Keeps the memory for native code; it does not move in any case.</summary>
        /// <param name="elementIndex">The element that is wanted.</param>
        /// <returns>Its address, valid until the handle is disposed.</returns>
        public override unsafe MemoryHandle Pin(int elementIndex = 0)
        {
            CheckValid();
            if (elementIndex < 0 || elementIndex > _length)
            {
                throw new ArgumentOutOfRangeException(nameof(elementIndex));
            }

            bool added = false;
            _memory.DangerousAddRef(ref added);
            Interlocked.Increment(ref _pins);
            byte* start = (byte*)_data;
            int size = _length == 0 ? 0 : MemoryMarshal.AsBytes(new Span<T>((void*)_data, 1)).Length;
            return new MemoryHandle(start + ((long)elementIndex * size), default(GCHandle), this);
        }

        /// <summary>Called by the handle that <see cref="Pin"/> gave.</summary>
        public override void Unpin()
        {
            if (Interlocked.Decrement(ref _pins) >= 0)
            {
                _memory.DangerousRelease();
            }
        }

        /// <summary>Ends the view.</summary>
        /// <param name="disposing">Whether it was asked for.</param>
        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _memory.Dispose();
            }
        }

        private void CheckValid()
        {
            if (_tensor.IsDisposed)
            {
                throw _tensor.Disposed();
            }

            if (_memory.IsClosed)
            {
                throw new ObjectDisposedException("Lite.TensorView", "the view is disposed");
            }

            if (!IsValid)
            {
                throw new InvalidOperationException(
                    "this view of tensor '" + _tensor.Name + "' has ended: its network has run again, or the tensor has other memory; take a new one");
            }
        }
    }
}
