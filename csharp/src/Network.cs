using System;
using System.Buffers;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

namespace Lite
{
    /// <summary>A loaded model, and what running it needs.</summary>
    /// <remarks>
    /// One thread at a time; a second one that runs it gets <see cref="ErrorCode.Busy"/>. <see cref="Cancel"/>, <see cref="Statistics"/> and
    /// <see cref="Dispose"/> may be called from any.
    /// </remarks>
    /// <example><code>
    /// using (var net = new Network("digits.onnx"))
    /// {
    ///     net.Inputs["data"].Set(pixels, 1, 1, 8, 8);
    ///     net.Run();
    ///     float[] prob = net.Outputs["prob"].ToArray&lt;float&gt;();
    /// }
    /// </code></example>
    public sealed class Network : IDisposable
    {
        private const int InputPhase = 1;
        private const int OutputPhase = 2;

        // Native code holds the address for as long as any network lives, so it is never collected.
        private static readonly CompletionCallback CompletedDelegate = OnCompleted;
        private static readonly IntPtr Completed = Marshal.GetFunctionPointerForDelegate(CompletedDelegate);
        private static readonly ReleaseCallback ReleasedDelegate = OnReleased;
        private static readonly IntPtr Released = Marshal.GetFunctionPointerForDelegate(ReleasedDelegate);

        private readonly NetworkHandle _handle;
        private readonly bool _sharesWeights;
        private AsyncRuns _async;
        private bool _isAsynchronous;
        private bool _costIsDue = true;
        private volatile bool _closed;
        private int _calls;
        private int _runner;
        private TimeSpan _timeout = Timeout.InfiniteTimeSpan;

        /// <summary>Loads a model from a file, which is mapped, not read.</summary>
        /// <param name="path">The file.</param>
        /// <param name="options">How; null: the defaults.</param>
        /// <exception cref="LiteException">It is missing, not a model, or one that cannot run.</exception>
        public Network(string path, [AllowNull] NetworkOptions options = null)
            : this(options)
        {
            byte[] file = Utf8.Bytes(path);
            Load(options, (ref LiteLoadOptions load) => Native.LoadModelFile(_handle, file, ref load));
        }

        /// <summary>Loads a model from memory, which is copied.</summary>
        /// <param name="model">The bytes of a model file.</param>
        /// <param name="options">How; null: the defaults.</param>
        /// <exception cref="LiteException">It is not a model, or one that cannot run.</exception>
        public unsafe Network(ReadOnlySpan<byte> model, [AllowNull] NetworkOptions options = null)
            : this(options)
        {
            fixed (byte* data = &MemoryMarshal.GetReference(model))
            {
                var address = (IntPtr)data;
                var size = (UIntPtr)model.Length;
                Load(options, (ref LiteLoadOptions load) => Native.LoadModelMemory(_handle, address, size, ref load));
            }
        }

        private Network(NetworkOptions options)
        {
            options = options ?? new NetworkOptions();
            // As LITE_CONFIG_INIT has it, but for the device.
            var config = new LiteConfig
            {
                DeviceId = options.DeviceId,
                DeviceType = (int)options.Device,
                Options = new LiteOptions { VarSanityCheckFirstRun = 1, GraphOptLevel = 2, AsyncExecLevel = 1 },
            };
            Native.Check(Native.MakeNetworkConfig(out IntPtr network, config));
            _handle = new NetworkHandle(network);
            try
            {
                foreach (KeyValuePair<string, string> setting in options.Settings)
                {
                    SetOption(setting.Key, setting.Value);
                }

                if (!options.Settings.ContainsKey("threads"))
                {
                    SetOption("threads", options.Threads.ToString(CultureInfo.InvariantCulture));
                }
            }
            catch
            {
                _handle.Dispose();
                throw;
            }
        }

        private Network(Network other, NetworkOptions options)
            : this(options)
        {
            _sharesWeights = true;
            try
            {
                Native.Check(Native.ShareWeights(_handle, other.Handle));
                Describe();
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        private delegate int Loader(ref LiteLoadOptions options);

        /// <summary>The inputs that are tensors.</summary>
        public TensorCollection Inputs { get; private set; }

        /// <summary>The outputs that are tensors.</summary>
        public TensorCollection Outputs { get; private set; }

        /// <summary>What the model says about all its inputs.</summary>
        public IReadOnlyList<IOInfo> InputInfos { get; private set; }

        /// <summary>What the model says about all its outputs.</summary>
        public IReadOnlyList<IOInfo> OutputInfos { get; private set; }

        /// <summary>The model's metadata: what its author wrote, and what the format has, such as "producer_name".</summary>
        public IReadOnlyDictionary<string, string> Metadata
        {
            get
            {
                Native.Check(Native.GetMetadataCount(Handle, out UIntPtr count));
                var items = new Dictionary<string, string>(StringComparer.Ordinal);
                for (int i = 0; i < (int)count; ++i)
                {
                    Native.Check(Native.GetMetadataItem(Handle, (UIntPtr)i, out IntPtr key, out IntPtr value));
                    items[Utf8.Read(key)] = Utf8.Read(value);
                }

                GC.KeepAlive(this);
                return items;
            }
        }

        /// <summary>The time that each run may take; <see cref="Timeout.InfiniteTimeSpan"/>: any.</summary>
        public TimeSpan RunTimeout
        {
            get
            {
                return _timeout;
            }

            set
            {
                if (value != Timeout.InfiniteTimeSpan && value <= TimeSpan.Zero)
                {
                    throw new ArgumentOutOfRangeException(nameof(value));
                }

                ulong microseconds = value == Timeout.InfiniteTimeSpan ? 0 : (ulong)((value.Ticks + 9) / 10);
                Native.Check(Native.SetRunTimeout(Handle, microseconds));
                _timeout = value;
            }
        }

        /// <summary>The kind of device that the network runs on.</summary>
        public DeviceType Device
        {
            get
            {
                Native.Check(Native.GetDeviceType(Handle, out int type));
                return (DeviceType)type;
            }
        }

        /// <summary>Which device of its kind.</summary>
        public int DeviceId
        {
            get
            {
                Native.Check(Native.GetDeviceId(Handle, out int id));
                return id;
            }
        }

        /// <summary>What the network costs now.</summary>
        public Statistics Statistics
        {
            get { return new Statistics(ReadStatistics()); }
        }

        /// <summary>Whether it is disposed.</summary>
        public bool IsDisposed
        {
            get { return _closed || _handle.IsClosed; }
        }

        /// <summary>Counts the runs that were started, so that views know when they end.</summary>
        internal long RunCount { get; private set; }

        private static Native Native
        {
            get { return LiteLibrary.Native; }
        }

        private NetworkHandle Handle
        {
            get
            {
                CheckOpen();
                return _handle;
            }
        }

        /// <summary>Loads a model from memory that is used in place, for as long as the network or one that shares its weights lives.</summary>
        /// <param name="model">The bytes of a model file; pinned, and not to be written to.</param>
        /// <param name="options">How; null: the defaults.</param>
        /// <returns>The network.</returns>
        public static Network InPlace(ReadOnlyMemory<byte> model, [AllowNull] NetworkOptions options = null)
        {
            var network = new Network(options);
            var pinned = new PinnedModel(model);
            GCHandle owner = GCHandle.Alloc(pinned);
            bool taken = false;
            try
            {
                network.Load(options, (ref LiteLoadOptions load) =>
                {
                    load.Flags = LiteLoadOptions.NoCopy;
                    load.UserData = GCHandle.ToIntPtr(owner);
                    load.Release = Released;
                    int code = Native.LoadModelMemory(network._handle, pinned.Address, (UIntPtr)model.Length, ref load);
                    taken = code == 0;
                    return code;
                });
                return network;
            }
            finally
            {
                if (!taken)
                {
                    pinned.Dispose();
                    owner.Free();
                }
            }
        }

        /// <summary>Checks that a model would load, without packing weights or compiling.</summary>
        /// <param name="path">The file.</param>
        /// <param name="options">As for loading it; null: the defaults.</param>
        /// <exception cref="LiteException">What loading it would throw.</exception>
        public static void Check(string path, [AllowNull] NetworkOptions options = null)
        {
            byte[] file = Utf8.Bytes(path);
            using (var network = new Network(options))
            {
                NetworkHandle handle = network._handle;
                network.CallWith(options, (ref LiteLoadOptions load) => Native.CheckModelFile(handle, file, ref load));
            }
        }

        /// <summary>Checks that a model in memory would load.</summary>
        /// <param name="model">The bytes of a model file.</param>
        /// <param name="options">As for loading it; null: the defaults.</param>
        /// <exception cref="LiteException">What loading it would throw.</exception>
        public static unsafe void Check(ReadOnlySpan<byte> model, [AllowNull] NetworkOptions options = null)
        {
            using (var network = new Network(options))
            fixed (byte* data = &MemoryMarshal.GetReference(model))
            {
                NetworkHandle handle = network._handle;
                var address = (IntPtr)data;
                var size = (UIntPtr)model.Length;
                network.CallWith(options, (ref LiteLoadOptions load) => Native.CheckModelMemory(handle, address, size, ref load));
            }
        }

        /// <summary>Makes another network of the same model. The weights exist once; inputs, outputs and working memory are its own.</summary>
        /// <param name="options">How it runs; null: the defaults.</param>
        /// <returns>The network. Either of the two may be disposed first.</returns>
        public Network Share([AllowNull] NetworkOptions options = null)
        {
            return new Network(this, options);
        }

        /// <summary>Runs on what the inputs hold.</summary>
        /// <exception cref="LiteException">
        /// An input is missing or has another type or shape than the model wants; cancelled, timed out, or busy in another thread.
        /// </exception>
        public void Run()
        {
            Native native = Native;
            int runner = _runner;
            Interlocked.Increment(ref _calls);
            try
            {
                CheckOpen();
                _runner = Environment.CurrentManagedThreadId;
                if (_isAsynchronous)
                {
                    native.Check(native.SetCompletionCallback(_handle, IntPtr.Zero, IntPtr.Zero));
                    _isAsynchronous = false;
                }

                ++RunCount;
                native.Check(native.Forward(_handle));
                if (_costIsDue)
                {
                    TellCost();
                }
            }
            finally
            {
                _runner = runner;
                Interlocked.Decrement(ref _calls);
            }
        }

        /// <summary>Runs in a thread of the library's. Inputs and outputs are not to be touched until the task is over.</summary>
        /// <param name="cancellationToken">Stops the run.</param>
        /// <returns>The task; cancelled with the token, failed with what <see cref="Run"/> throws.</returns>
        public Task RunAsync(CancellationToken cancellationToken = default(CancellationToken))
        {
            NetworkHandle handle = Handle;
            if (cancellationToken.IsCancellationRequested)
            {
                return Task.FromCanceled(cancellationToken);
            }

            Native native = Native;
            AsyncRuns runs = _async;
            if (runs == null)
            {
                runs = new AsyncRuns();
                handle.Keep(GCHandle.Alloc(runs));
                _async = runs;
            }

            if (!_isAsynchronous)
            {
                native.Check(native.SetCompletionCallback(handle, Completed, handle.Kept));
                _isAsynchronous = true;
            }

            Task<int> over = runs.Begin();
            if (over == null)
            {
                return Task.FromException(new LiteException(ErrorCode.Busy, "the network is running", "LITE_BUSY"));
            }

            ++RunCount;
            int code = native.Forward(handle);
            if (code != 0)
            {
                LiteException error = native.Error(code);
                runs.Abandon(over);
                return Task.FromException(error);
            }

            return Finish(over, cancellationToken);
        }

        /// <summary>Stops the present run, which then fails with <see cref="ErrorCode.Cancelled"/>. From any thread.</summary>
        /// <remarks>Without a run it has no effect, not even on one that begins right after it.</remarks>
        public void Cancel()
        {
            Native.Check(Native.Cancel(Handle));
        }

        /// <summary>Gives an input of any kind its value, which is copied. It stays for the runs that follow.</summary>
        /// <param name="name">The input's name.</param>
        /// <param name="value">Of the input's kind and element type. For an optional, what it could hold is taken as one that holds it.</param>
        /// <exception cref="LiteException">There is no such input, or it is of another kind or type.</exception>
        public void SetValue(string name, Value value)
        {
            byte[] key = Utf8.Bytes(name);
            if (value == null)
            {
                throw new ArgumentNullException(nameof(value));
            }

            NetworkHandle handle = Handle;
            if (Inputs.TryGet(name, out Tensor tensor))
            {
                tensor.Forget();
            }

            using (ValueHandle native = value.ToNative())
            {
                Native.Check(Native.SetInputValue(handle, key, native));
            }
        }

        /// <summary>Gets a copy of what the last run gave for an output of any kind.</summary>
        /// <param name="name">The output's name.</param>
        /// <returns>The value.</returns>
        /// <exception cref="LiteException">There is no such output, or the network has not run yet.</exception>
        public Value GetValue(string name)
        {
            Native.Check(Native.GetOutputValue(Handle, Utf8.Bytes(name), out IntPtr value));
            return Value.Take(value);
        }

        /// <summary>Sets an option of this network.</summary>
        /// <param name="key">One of <see cref="LiteLibrary.Options"/>.</param>
        /// <param name="value">Its value as text.</param>
        public void SetOption(string key, string value)
        {
            Native.Check(Native.SetNetworkOption(Handle, Utf8.Bytes(key), Utf8.Bytes(value)));
        }

        /// <summary>Gets an option of this network.</summary>
        /// <param name="key">One of <see cref="LiteLibrary.Options"/>.</param>
        /// <returns>Its value as text.</returns>
        public string GetOption(string key)
        {
            Native.Check(Native.GetNetworkOption(Handle, Utf8.Bytes(key), out IntPtr value));
            return Utf8.Read(value);
        }

        /// <summary>Turns the profiler on, which forgets what it recorded, or off.</summary>
        /// <param name="enabled">Which.</param>
        public void SetProfiling(bool enabled)
        {
            Native.Check(Native.SetProfiling(Handle, enabled ? 1 : 0));
        }

        /// <summary>Gets what the profiler recorded.</summary>
        /// <param name="format">"table", "json", or "trace" for Chrome's trace viewer.</param>
        /// <returns>The text.</returns>
        public string GetProfile(string format = "table")
        {
            Native.Check(Native.GetProfile(Handle, Utf8.Bytes(format), out IntPtr text));
            return Native.TakeText(text);
        }

        /// <summary>Writes the graph as text.</summary>
        /// <param name="stage">"imported" or "optimized".</param>
        /// <param name="format">"text", "dot" or "json".</param>
        /// <returns>The text.</returns>
        public string DumpGraph(string stage = "optimized", string format = "text")
        {
            Native.Check(Native.DumpGraph(Handle, Utf8.Bytes(stage), Utf8.Bytes(format), out IntPtr text));
            return Native.TakeText(text);
        }

        /// <summary>Gives working memory and compiled programs back; the next run makes them again.</summary>
        public void Trim()
        {
            Native.Check(Native.Trim(Handle));
            _costIsDue = true;
        }

        /// <summary>Frees the model. A run that is going on is cancelled and waited for. Allowed more than once, and from any thread.</summary>
        public void Dispose()
        {
            _closed = true;
            try
            {
                // The native network lives as long as a call of it. An operator that disposes its own network does not wait for itself.
                while (Volatile.Read(ref _calls) > 0 && _runner != Environment.CurrentManagedThreadId)
                {
                    Native.Cancel(_handle);
                    Thread.Sleep(1);
                }
            }
            catch (ObjectDisposedException)
            {
                // Another thread disposes it, too, and has waited.
            }

            Release(Inputs);
            Release(Outputs);
            _handle.Dispose();
        }

        /// <summary>Inputs and outputs.</summary>
        /// <returns>One line.</returns>
        public override string ToString()
        {
            return IsDisposed ? "Network, disposed" : "Network (" + string.Join(", ", InputInfos) + ") -> (" + string.Join(", ", OutputInfos) + ")";
        }

        private void CheckOpen()
        {
            if (IsDisposed)
            {
                throw new ObjectDisposedException("Lite.Network", "the network is closed");
            }
        }

        private static void Release(TensorCollection tensors)
        {
            if (tensors != null)
            {
                foreach (Tensor tensor in tensors)
                {
                    tensor.Release();
                }
            }
        }

        [MonoPInvokeCallback(typeof(CompletionCallback))]
        private static void OnCompleted(int status, IntPtr userData)
        {
            ((AsyncRuns)GCHandle.FromIntPtr(userData).Target).End(status);
        }

        [MonoPInvokeCallback(typeof(ReleaseCallback))]
        private static void OnReleased(IntPtr userData)
        {
            GCHandle owner = GCHandle.FromIntPtr(userData);
            ((PinnedModel)owner.Target).Dispose();
            owner.Free();
        }

        private void Load(NetworkOptions options, Loader loader)
        {
            try
            {
                CallWith(options, loader);
                Describe();
                TellCost();
                _costIsDue = true;
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        private unsafe void CallWith(NetworkOptions options, Loader loader)
        {
            options = options ?? new NetworkOptions();
            using (var texts = new NativeTexts())
            fixed (byte* key = options.Key)
            {
                var load = new LiteLoadOptions
                {
                    StructSize = (uint)Marshal.SizeOf<LiteLoadOptions>(),
                    Format = texts.Add(options.Format),
                    BaseDirectory = texts.Add(options.BaseDirectory),
                    MaxBytes = options.MaxBytes,
                    MaxNodes = options.MaxNodes,
                    KeyData = (IntPtr)key,
                    KeySize = (UIntPtr)(options.Key == null ? 0 : options.Key.Length),
                };
                int code = loader(ref load);
                if (code != 0)
                {
                    LiteException error = Native.Error(code);
                    error.UnsupportedNodes = Unsupported();
                    throw error;
                }
            }
        }

        private UnsupportedNode[] Unsupported()
        {
            Native.Check(Native.GetUnsupportedCount(Handle, out UIntPtr count));
            var nodes = new UnsupportedNode[(int)count];
            for (int i = 0; i < nodes.Length; ++i)
            {
                var node = new LiteUnsupportedNode { StructSize = (uint)Marshal.SizeOf<LiteUnsupportedNode>() };
                Native.Check(Native.GetUnsupportedNode(Handle, (UIntPtr)i, ref node));
                nodes[i] = new UnsupportedNode(node);
            }

            return nodes;
        }

        private void Describe()
        {
            InputInfos = Infos(Native.GetInputCount, Native.GetInputInfo);
            OutputInfos = Infos(Native.GetOutputCount, Native.GetOutputInfo);
            Inputs = Tensors(InputInfos, InputPhase);
            Outputs = Tensors(OutputInfos, OutputPhase);
        }

        private IOInfo[] Infos(Native.NetworkGetSize countOf, Native.DescribeIO infoOf)
        {
            Native.Check(countOf(Handle, out UIntPtr count));
            var infos = new IOInfo[(int)count];
            for (int i = 0; i < infos.Length; ++i)
            {
                var info = new LiteIOInfo { StructSize = (uint)Marshal.SizeOf<LiteIOInfo>() };
                Native.Check(infoOf(Handle, (UIntPtr)i, ref info));
                infos[i] = new IOInfo(info);
            }

            return infos;
        }

        private TensorCollection Tensors(IReadOnlyList<IOInfo> infos, int phase)
        {
            var tensors = new List<Tensor>();
            foreach (IOInfo info in infos)
            {
                if (info.Kind == ValueKind.Tensor)
                {
                    Native.Check(Native.GetIoTensor(Handle, Utf8.Bytes(info.Name), phase, out IntPtr tensor));
                    tensors.Add(new Tensor(tensor, this, _handle, info, phase == OutputPhase));
                }
            }

            return new TensorCollection(tensors.ToArray(), phase == OutputPhase ? "output" : "input");
        }

        private LiteStatistics ReadStatistics()
        {
            var s = new LiteStatistics { StructSize = (uint)Marshal.SizeOf<LiteStatistics>() };
            Native.Check(Native.GetStatistics(Handle, ref s));
            return s;
        }

        // The collector does not see native memory. It is told after loading and after the first run, when most of it is there.
        private void TellCost()
        {
            _costIsDue = false;
            LiteStatistics s = ReadStatistics();
            ulong bytes = s.ArenaBytes + s.IoBytes + s.CacheBytes + (_sharesWeights ? 0 : s.WeightBytes + s.PackedWeightBytes);
            _handle.SetPressure((long)bytes);
        }

        private async Task Finish(Task<int> over, CancellationToken token)
        {
            using (token.Register(() => CancelUntil(over)))
            {
                await over.ConfigureAwait(false);
            }

            // The code again, with its text in this thread; and the callback has returned, so that the network is free.
            int code = Native.Wait(Handle);
            if (code == (int)ErrorCode.Cancelled && token.IsCancellationRequested)
            {
                throw new OperationCanceledException(Native.Error(code).Message, token);
            }

            Native.Check(code);
            if (_costIsDue)
            {
                TellCost();
            }
        }

        // A run that is started but has not begun yet does not notice that it is cancelled.
        private async void CancelUntil(Task over)
        {
            try
            {
                while (!over.IsCompleted)
                {
                    Cancel();
                    await Task.WhenAny(over, Task.Delay(1)).ConfigureAwait(false);
                }
            }
            catch (ObjectDisposedException)
            {
                // Disposing cancels, too.
            }
        }

        /// <summary>What the completion callback finds its run by. It does not hold the network, which may thus be collected.</summary>
        private sealed class AsyncRuns
        {
            private TaskCompletionSource<int> _present;

            internal Task<int> Begin()
            {
                var run = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
                return Interlocked.CompareExchange(ref _present, run, null) == null ? run.Task : null;
            }

            internal void Abandon(Task<int> run)
            {
                TaskCompletionSource<int> present = _present;
                if (present != null && present.Task == run)
                {
                    _present = null;
                }
            }

            internal void End(int status)
            {
                Interlocked.Exchange(ref _present, null)?.TrySetResult(status);
            }
        }

        private sealed class PinnedModel : IDisposable
        {
            private MemoryHandle _handle;

            internal PinnedModel(ReadOnlyMemory<byte> model)
            {
                _handle = model.Pin();
            }

            internal unsafe IntPtr Address
            {
                get { return (IntPtr)_handle.Pointer; }
            }

            public void Dispose()
            {
                _handle.Dispose();
            }
        }
    }
}
