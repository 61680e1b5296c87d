using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Lite
{
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate int OperatorInferCallback(IntPtr userData, IntPtr context);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate int OperatorTaskCallback(IntPtr data, long index);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate int OperatorRunCallback(IntPtr userData, IntPtr state, IntPtr context);

    /// <summary>An operator of the program's own, for models that have nodes of its domain and name.</summary>
    /// <remarks>
    /// <see cref="Register"/> it before loading such a model. The functions are called in the thread that loads or runs a network, several at
    /// once when several networks do so. What they throw becomes the run's error, with its message.
    /// </remarks>
    public sealed class CustomOperator
    {
        private const uint PureFlag = 1;
        private const uint SameAsInputFlag = 2;

        // Native code calls them for as long as an operator is registered or used, so they are never collected.
        private static readonly OperatorInferCallback InferDelegate = OnInfer;
        private static readonly OperatorRunCallback RunDelegate = OnRun;
        private static readonly ReleaseCallback ReleaseDelegate = OnRelease;

        private readonly Action<OperatorContext> _run;

        /// <summary>Makes an operator; it is not registered yet.</summary>
        /// <param name="domain">The domain of its nodes, such as "my.domain".</param>
        /// <param name="name">Their operator.</param>
        /// <param name="run">Computes the outputs from the inputs.</param>
        public CustomOperator(string domain, string name, Action<OperatorContext> run)
        {
            Domain = domain ?? throw new ArgumentNullException(nameof(domain));
            Name = name ?? throw new ArgumentNullException(nameof(name));
            _run = run ?? throw new ArgumentNullException(nameof(run));
        }

        /// <summary>The domain.</summary>
        public string Domain { get; }

        /// <summary>The name.</summary>
        public string Name { get; }

        /// <summary>The first version of the domain's operator set that it is for.</summary>
        public int SinceVersion { get; set; } = 1;

        /// <summary>How many inputs must be there.</summary>
        public int MinInputs { get; set; } = 1;

        /// <summary>How many there may be; -1: any number.</summary>
        public int MaxInputs { get; set; } = 1;

        /// <summary>How many outputs must be there.</summary>
        public int MinOutputs { get; set; } = 1;

        /// <summary>How many there may be; -1: any number.</summary>
        public int MaxOutputs { get; set; } = 1;

        /// <summary>Whether the same inputs always give the same outputs, so that it may be computed when a model is loaded.</summary>
        public bool IsPure { get; set; }

        /// <summary>Whether every output has the element type and shape of input 0.</summary>
        public bool IsSameAsInput { get; set; }

        /// <summary>Tells the outputs' types and shapes before the run, by <see cref="OperatorContext.SetOutput"/>; null: found in the run.</summary>
        [AllowNull]
        [MaybeNull]
        public Action<OperatorContext> Infer { get; set; }

        /// <summary>Loads a shared library of operators, which stays loaded.</summary>
        /// <param name="path">The library.</param>
        public static void Load(string path)
        {
            LiteLibrary.Native.Check(LiteLibrary.Native.LoadOperatorLibrary(Utf8.Bytes(path)));
        }

        /// <summary>Registers the operator for models that are loaded from now on.</summary>
        /// <returns>What ends the registration when it is disposed; loaded networks go on using the operator.</returns>
        public IDisposable Register()
        {
            Native native = LiteLibrary.Native;
            using (var texts = new NativeTexts())
            {
                GCHandle self = GCHandle.Alloc(this);
                var op = new LiteOperator
                {
                    StructSize = (uint)Marshal.SizeOf<LiteOperator>(),
                    Flags = (IsPure ? PureFlag : 0) | (IsSameAsInput ? SameAsInputFlag : 0),
                    Domain = texts.Add(Domain),
                    Name = texts.Add(Name),
                    SinceVersion = SinceVersion,
                    MinInputs = MinInputs,
                    MaxInputs = MaxInputs,
                    MinOutputs = MinOutputs,
                    MaxOutputs = MaxOutputs,
                    Infer = Infer == null ? IntPtr.Zero : Marshal.GetFunctionPointerForDelegate(InferDelegate),
                    Run = Marshal.GetFunctionPointerForDelegate(RunDelegate),
                    UserData = GCHandle.ToIntPtr(self),
                    Release = Marshal.GetFunctionPointerForDelegate(ReleaseDelegate),
                };
                int code = native.RegisterOperator(ref op);
                if (code != 0)
                {
                    LiteException error = native.Error(code);
                    self.Free();
                    throw error;
                }
            }

            return new Registration(Domain, Name, SinceVersion);
        }

        [MonoPInvokeCallback(typeof(OperatorInferCallback))]
        private static int OnInfer(IntPtr userData, IntPtr context)
        {
            return Call(((CustomOperator)GCHandle.FromIntPtr(userData).Target).Infer, context);
        }

        [MonoPInvokeCallback(typeof(OperatorRunCallback))]
        private static int OnRun(IntPtr userData, IntPtr state, IntPtr context)
        {
            return Call(((CustomOperator)GCHandle.FromIntPtr(userData).Target)._run, context);
        }

        [MonoPInvokeCallback(typeof(ReleaseCallback))]
        private static void OnRelease(IntPtr userData)
        {
            GCHandle.FromIntPtr(userData).Free();
        }

        private static int Call(Action<OperatorContext> function, IntPtr context)
        {
            var node = new OperatorContext(context);
            try
            {
                function(node);
                return 0;
            }
            catch (Exception e)
            {
                // Nothing may unwind into the library.
                LiteLibrary.Native.OperatorSetError(context, Utf8.Bytes(e.Message.Replace('\0', ' ')));
                return e is LiteException known ? (int)known.Code : (int)ErrorCode.UnknownError;
            }
            finally
            {
                node.End();
            }
        }

        private sealed class Registration : IDisposable
        {
            private readonly string _name;
            private readonly int _version;
            private string _domain;

            internal Registration(string domain, string name, int version)
            {
                _domain = domain;
                _name = name;
                _version = version;
            }

            public void Dispose()
            {
                string domain = System.Threading.Interlocked.Exchange(ref _domain, null);
                if (domain != null)
                {
                    LiteLibrary.Native.Check(LiteLibrary.Native.UnregisterOperator(Utf8.Bytes(domain), Utf8.Bytes(_name), _version));
                }
            }
        }
    }

    /// <summary>The node that a function of a <see cref="CustomOperator"/> is called for. Valid until that returns.</summary>
    public sealed class OperatorContext
    {
        private static readonly OperatorTaskCallback TaskDelegate = OnTask;

        private IntPtr _context;

        internal OperatorContext(IntPtr context)
        {
            _context = context;
        }

        /// <summary>The node's name.</summary>
        public string NodeName
        {
            get
            {
                Native.Check(Native.OperatorGetNodeName(Context, out IntPtr name));
                return Utf8.Read(name);
            }
        }

        /// <summary>How many inputs the node has.</summary>
        public int InputCount
        {
            get
            {
                Native.Check(Native.OperatorGetInputCount(Context, out UIntPtr count));
                return (int)count;
            }
        }

        /// <summary>How many outputs the node has.</summary>
        public int OutputCount
        {
            get
            {
                Native.Check(Native.OperatorGetOutputCount(Context, out UIntPtr count));
                return (int)count;
            }
        }

        /// <summary>Whether the run was cancelled or its time is over: throw, then.</summary>
        public bool ShouldStop
        {
            get
            {
                Native.Check(Native.OperatorShouldStop(Context, out int stop));
                return stop != 0;
            }
        }

        /// <summary>How many threads the network may use, in the run.</summary>
        public int Threads
        {
            get
            {
                Native.Check(Native.OperatorGetThreads(Context, out UIntPtr threads));
                return (int)threads;
            }
        }

        /// <summary>The names of the node's attributes.</summary>
        public IReadOnlyList<string> Attributes
        {
            get
            {
                Native.Check(Native.OperatorGetAttributeCount(Context, out UIntPtr count));
                var names = new string[(int)count];
                for (int i = 0; i < names.Length; ++i)
                {
                    Native.Check(Native.OperatorGetAttributeName(Context, (UIntPtr)i, out IntPtr name));
                    names[i] = Utf8.Read(name);
                }

                return names;
            }
        }

        private static Native Native
        {
            get { return LiteLibrary.Native; }
        }

        private IntPtr Context
        {
            get { return _context != IntPtr.Zero ? _context : throw new InvalidOperationException("the operator's function has returned"); }
        }

        /// <summary>An input; one that the node leaves out is not present.</summary>
        /// <param name="index">From 0.</param>
        /// <returns>What is known of it; in the run everything.</returns>
        public OperatorTensor Input(int index)
        {
            var tensor = new LiteOperatorTensor { StructSize = (uint)Marshal.SizeOf<LiteOperatorTensor>() };
            Native.Check(Native.OperatorGetInput(Context, (UIntPtr)index, ref tensor));
            return new OperatorTensor(this, tensor);
        }

        /// <summary>The elements of an input of texts, in the run.</summary>
        /// <param name="index">From 0.</param>
        /// <returns>In row-major order.</returns>
        public string[] InputStrings(int index)
        {
            var texts = new string[Count(Input(index))];
            for (int i = 0; i < texts.Length; ++i)
            {
                Native.Check(Native.OperatorGetInputString(Context, (UIntPtr)index, (UIntPtr)i, out IntPtr text, out UIntPtr size));
                texts[i] = Utf8.Read(text, (int)size);
            }

            return texts;
        }

        /// <summary>Gives an output of texts its shape and elements, in the run.</summary>
        /// <param name="index">From 0.</param>
        /// <param name="texts">In row-major order.</param>
        /// <param name="shape">The dimensions; none for a scalar.</param>
        public void SetOutputStrings(int index, IReadOnlyList<string> texts, params long[] shape)
        {
            Tensor.CheckCount(DataType.String, texts.Count, shape);
            Allocate(index, DataType.String, shape);
            for (int i = 0; i < texts.Count; ++i)
            {
                byte[] bytes = Encoding.UTF8.GetBytes(texts[i]);
                Native.Check(Native.OperatorSetOutputString(Context, (UIntPtr)index, (UIntPtr)i, bytes, (UIntPtr)bytes.Length));
            }
        }

        /// <summary>Calls a function once for each index from 0 to count - 1, on as many threads as the network may use, in the run.</summary>
        /// <param name="count">How often.</param>
        /// <param name="body">What is done; several at once. What it throws is thrown here, that of the lowest index that failed.</param>
        public void Parallel(long count, Action<long> body)
        {
            var loop = new Loop(body ?? throw new ArgumentNullException(nameof(body)));
            GCHandle self = GCHandle.Alloc(loop);
            try
            {
                int code = Native.OperatorParallelFor(Context, count, Marshal.GetFunctionPointerForDelegate(TaskDelegate), GCHandle.ToIntPtr(self));
                // Cancelled, it is not what a task threw that counts.
                if (code == (int)ErrorCode.UnknownError && loop.Failure != null)
                {
                    ExceptionDispatchInfo.Capture(loop.Failure).Throw();
                }

                Native.Check(code);
            }
            finally
            {
                self.Free();
            }
        }

        /// <summary>An output, in the run. It has memory if its type and shape were told before, or by <see cref="Allocate"/>.</summary>
        /// <param name="index">From 0.</param>
        /// <returns>The output.</returns>
        public OperatorTensor Output(int index)
        {
            var tensor = new LiteOperatorTensor { StructSize = (uint)Marshal.SizeOf<LiteOperatorTensor>() };
            Native.Check(Native.OperatorGetOutput(Context, (UIntPtr)index, ref tensor));
            return new OperatorTensor(this, tensor);
        }

        /// <summary>Gives an output its type, shape and memory, in the run.</summary>
        /// <param name="index">From 0.</param>
        /// <param name="type">The type of the elements.</param>
        /// <param name="shape">The dimensions.</param>
        /// <returns>The output.</returns>
        public OperatorTensor Allocate(int index, DataType type, params long[] shape)
        {
            Native.Check(Native.OperatorAllocateOutput(Context, (UIntPtr)index, (int)type, shape.Length, shape, out IntPtr ignored));
            return Output(index);
        }

        /// <summary>Tells what is known of an output, in <see cref="CustomOperator.Infer"/>.</summary>
        /// <param name="index">From 0.</param>
        /// <param name="type">The type of the elements.</param>
        /// <param name="shape">The dimensions; those of inputs that are below 0 are handed on. Null: not known before the run.</param>
        public void SetOutput(int index, DataType type, [AllowNull] long[] shape)
        {
            Native.Check(Native.OperatorSetOutput(Context, (UIntPtr)index, (int)type, shape == null ? -1 : shape.Length, shape));
        }

        /// <summary>An attribute.</summary>
        /// <param name="name">Its name.</param>
        /// <param name="missing">What it is if the node does not have it.</param>
        /// <returns>Its value.</returns>
        public long GetInt(string name, long missing)
        {
            int code = Native.OperatorGetInt(Context, Utf8.Bytes(name), out long value);
            return Has(code) ? value : missing;
        }

        /// <summary>An attribute.</summary>
        /// <param name="name">Its name.</param>
        /// <param name="missing">What it is if the node does not have it.</param>
        /// <returns>Its value.</returns>
        public float GetFloat(string name, float missing)
        {
            int code = Native.OperatorGetFloat(Context, Utf8.Bytes(name), out float value);
            return Has(code) ? value : missing;
        }

        /// <summary>An attribute.</summary>
        /// <param name="name">Its name.</param>
        /// <param name="missing">What it is if the node does not have it.</param>
        /// <returns>Its value.</returns>
        public string GetString(string name, string missing)
        {
            int code = Native.OperatorGetString(Context, Utf8.Bytes(name), UIntPtr.Zero, out IntPtr text, out UIntPtr size);
            return Has(code) ? Utf8.Read(text, (int)size) : missing;
        }

        /// <summary>An attribute.</summary>
        /// <param name="name">Its name.</param>
        /// <returns>Its values; none if the node does not have it.</returns>
        public long[] GetInts(string name)
        {
            int code = Native.OperatorGetInts(Context, Utf8.Bytes(name), out IntPtr values, out UIntPtr length);
            var copy = new long[Has(code) ? (int)length : 0];
            if (copy.Length > 0)
            {
                Marshal.Copy(values, copy, 0, copy.Length);
            }

            return copy;
        }

        /// <summary>An attribute.</summary>
        /// <param name="name">Its name.</param>
        /// <returns>Its values; none if the node does not have it.</returns>
        public float[] GetFloats(string name)
        {
            int code = Native.OperatorGetFloats(Context, Utf8.Bytes(name), out IntPtr values, out UIntPtr length);
            var copy = new float[Has(code) ? (int)length : 0];
            if (copy.Length > 0)
            {
                Marshal.Copy(values, copy, 0, copy.Length);
            }

            return copy;
        }

        /// <summary>An attribute of several texts.</summary>
        /// <param name="name">Its name.</param>
        /// <returns>Its values; none if the node does not have it.</returns>
        public string[] GetStrings(string name)
        {
            byte[] key = Utf8.Bytes(name);
            int code = Native.OperatorGetAttributeType(Context, key, out int type, out UIntPtr length);
            var texts = new string[Has(code) ? (int)length : 0];
            for (int i = 0; i < texts.Length; ++i)
            {
                Native.Check(Native.OperatorGetString(Context, key, (UIntPtr)i, out IntPtr text, out UIntPtr size));
                texts[i] = Utf8.Read(text, (int)size);
            }

            return texts;
        }

        /// <summary>An attribute that is a tensor.</summary>
        /// <param name="name">Its name.</param>
        /// <returns>The tensor; not present if the node does not have it.</returns>
        public OperatorTensor GetTensor(string name)
        {
            var tensor = new LiteOperatorTensor { StructSize = (uint)Marshal.SizeOf<LiteOperatorTensor>(), DType = -1, Rank = -1 };
            if (Has(Native.OperatorGetTensor(Context, Utf8.Bytes(name), ref tensor)))
            {
                tensor.Present = 1;
            }

            return new OperatorTensor(this, tensor);
        }

        internal void CheckValid()
        {
            GC.KeepAlive(Context);
        }

        internal void End()
        {
            _context = IntPtr.Zero;
        }

        [MonoPInvokeCallback(typeof(OperatorTaskCallback))]
        private static int OnTask(IntPtr data, long index)
        {
            return ((Loop)GCHandle.FromIntPtr(data).Target).Call(index);
        }

        private static int Count(OperatorTensor tensor)
        {
            long count = 1;
            foreach (long dim in tensor.Shape ?? new long[] { 0 })
            {
                count = checked(count * dim);
            }

            return checked((int)count);
        }

        private static bool Has(int code)
        {
            if (code == (int)ErrorCode.NotFound)
            {
                return false;
            }

            Native.Check(code);
            return true;
        }

        /// <summary>What the tasks of one <see cref="Parallel"/> call, and the failure of the first of them.</summary>
        private sealed class Loop
        {
            private readonly Action<long> _body;
            private long _index = long.MaxValue;

            internal Loop(Action<long> body)
            {
                _body = body;
            }

            internal Exception Failure { get; private set; }

            internal int Call(long index)
            {
                try
                {
                    _body(index);
                    return 0;
                }
                catch (Exception e)
                {
                    // Nothing may unwind into the library.
                    lock (this)
                    {
                        if (index < _index)
                        {
                            _index = index;
                            Failure = e;
                        }
                    }

                    return (int)ErrorCode.UnknownError;
                }
            }
        }
    }

    /// <summary>An input or output of a node, while the function of its operator runs.</summary>
    public sealed class OperatorTensor
    {
        private readonly OperatorContext _context;
        private readonly LiteOperatorTensor _tensor;

        internal OperatorTensor(OperatorContext context, LiteOperatorTensor tensor)
        {
            _context = context;
            _tensor = tensor;
            if (tensor.Present != 0 && tensor.Rank >= 0)
            {
                Shape = new long[tensor.Rank];
                if (tensor.Rank > 0)
                {
                    Marshal.Copy(tensor.Dims, Shape, 0, tensor.Rank);
                }
            }
        }

        /// <summary>Whether the node has it, and for an output whether anybody reads it.</summary>
        public bool IsPresent
        {
            get { return _tensor.Present != 0; }
        }

        /// <summary>The type of the elements; null: not known yet.</summary>
        public DataType? DataType
        {
            get { return _tensor.DType < 0 ? (DataType?)null : (DataType)_tensor.DType; }
        }

        /// <summary>The dimensions, below 0 where not known yet; null: not even how many.</summary>
        [MaybeNull]
        public long[] Shape { get; }

        /// <summary>The elements, in row-major order; of an input they are not to be written.</summary>
        /// <typeparam name="T">Their type.</typeparam>
        /// <returns>A span, valid while the operator's function runs; empty if they are not known yet.</returns>
        public unsafe Span<T> Elements<T>()
            where T : struct
        {
            _context.CheckValid();
            if (_tensor.DType < 0 || !DataTypes.Fits<T>((DataType)_tensor.DType))
            {
                throw new LiteException(ErrorCode.ShapeMismatch, "elements of " + DataType + " cannot be used as " + typeof(T).Name, "LITE_SHAPE_MISMATCH");
            }

            return MemoryMarshal.Cast<byte, T>(new Span<byte>((void*)_tensor.Data, checked((int)_tensor.Size)));
        }
    }
}
