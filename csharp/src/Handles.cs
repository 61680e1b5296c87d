using System;
using System.Buffers;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;

namespace Lite
{
    internal abstract class NativeHandle : SafeHandle
    {
        // What the garbage collector was told that the native object costs.
        private long _pressure;

        protected NativeHandle(IntPtr native)
            : base(IntPtr.Zero, true)
        {
            SetHandle(native);
        }

        public override bool IsInvalid
        {
            get { return handle == IntPtr.Zero; }
        }

        internal void SetPressure(long bytes)
        {
            long before = Interlocked.Exchange(ref _pressure, bytes);
            if (bytes > before)
            {
                GC.AddMemoryPressure(bytes - before);
            }
            else if (bytes < before)
            {
                GC.RemoveMemoryPressure(before - bytes);
            }
        }
    }

    /// <summary>Memory of the caller's that a native tensor works in.</summary>
    internal sealed class Pin
    {
        private MemoryHandle _memory;

        internal void Set(MemoryHandle memory)
        {
            _memory.Dispose();
            _memory = memory;
        }
    }

    internal sealed class NetworkHandle : NativeHandle
    {
        // Not every collector listens to memory pressure: Mono's does not. This one collects when there are many that nobody closed.
        private static readonly HandleCollector Collector = new HandleCollector("Lite.Network", 50);

        private readonly List<Pin> _pins = new List<Pin>();
        private GCHandle _kept;

        internal NetworkHandle(IntPtr network)
            : base(network)
        {
            Collector.Add();
        }

        internal IntPtr Kept
        {
            get { return GCHandle.ToIntPtr(_kept); }
        }

        /// <summary>Keeps what native code has a pointer to, until the network is destroyed.</summary>
        internal void Keep(GCHandle what)
        {
            _kept = what;
        }

        /// <summary>Keeps what a tensor works in until the network is destroyed: a run may be going on until then.</summary>
        internal void Keep(Pin pin)
        {
            _pins.Add(pin);
        }

        protected override bool ReleaseHandle()
        {
            SetPressure(0);
            Collector.Remove();
            bool destroyed = LiteLibrary.Native.DestroyNetwork(handle) == 0;
            _pins.ForEach(pin => pin.Set(default(MemoryHandle)));
            if (_kept.IsAllocated)
            {
                _kept.Free();
            }

            return destroyed;
        }
    }

    internal sealed class ValueHandle : NativeHandle
    {
        internal ValueHandle(IntPtr value)
            : base(value)
        {
        }

        protected override bool ReleaseHandle()
        {
            return LiteLibrary.Native.DestroyValue(handle) == 0;
        }
    }

    /// <summary>A tensor that is its holder's own, or one of a network's, which then lives at least as long.</summary>
    internal sealed class TensorHandle : NativeHandle
    {
        private readonly NetworkHandle _network;

        internal TensorHandle(IntPtr tensor, NetworkHandle network)
            : base(tensor)
        {
            if (network != null)
            {
                bool added = false;
                network.DangerousAddRef(ref added);
                network.Keep(Pin);
                _network = network;
            }
        }

        internal Pin Pin { get; } = new Pin();

        protected override bool ReleaseHandle()
        {
            SetPressure(0);
            if (_network == null)
            {
                bool destroyed = LiteLibrary.Native.DestroyTensor(handle) == 0;
                Pin.Set(default(MemoryHandle));
                return destroyed;
            }

            _network.DangerousRelease();
            return true;
        }
    }
}
