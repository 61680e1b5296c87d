using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Lite
{
    /// <summary>What the model says about an input or output, before any shape is set.</summary>
    public sealed class IOInfo
    {
        internal IOInfo(LiteIOInfo info)
        {
            Name = Utf8.Read(info.Name);
            Kind = (ValueKind)info.Kind;
            DataType = (DataType)info.DType;
            TypeText = Utf8.Read(info.Type);
            HasDefault = info.HasDefault != 0;
            if (info.Rank < 0)
            {
                return;
            }

            var dims = new long[info.Rank];
            var names = new string[info.Rank];
            for (int i = 0; i < info.Rank; ++i)
            {
                dims[i] = Marshal.ReadInt64(info.Dims, i * sizeof(long));
                IntPtr name = info.DimNames == IntPtr.Zero ? IntPtr.Zero : Marshal.ReadIntPtr(info.DimNames, i * IntPtr.Size);
                names[i] = name == IntPtr.Zero ? null : Utf8.Read(name);
            }

            Shape = dims;
            DimensionNames = names;
        }

        /// <summary>Its name.</summary>
        public string Name { get; }

        /// <summary>Whether it is a tensor.</summary>
        public ValueKind Kind { get; }

        /// <summary>The type of the elements.</summary>
        public DataType DataType { get; }

        /// <summary>The dimensions, -1 for one that is open; null when not even their number is known.</summary>
        [MaybeNull]
        public IReadOnlyList<long> Shape { get; }

        /// <summary>The dimensions' names, such as "batch", null for one without; null when <see cref="Shape"/> is.</summary>
        [MaybeNull]
        public IReadOnlyList<string> DimensionNames { get; }

        /// <summary>The type in ONNX's notation, such as "seq(tensor(float))".</summary>
        public string TypeText { get; }

        /// <summary>Whether it is an input that need not be given.</summary>
        public bool HasDefault { get; }

        /// <summary>Name, type and shape.</summary>
        /// <returns>As in "data: Float32[batch,1,8,8]".</returns>
        public override string ToString()
        {
            if (Kind != ValueKind.Tensor)
            {
                return Name + ": " + TypeText;
            }

            var text = new StringBuilder(Name).Append(": ").Append(DataType);
            if (Shape == null)
            {
                return text.Append("[...]").ToString();
            }

            text.Append('[');
            for (int i = 0; i < Shape.Count; ++i)
            {
                text.Append(i == 0 ? "" : ",");
                text.Append(Shape[i] >= 0 ? Shape[i].ToString(CultureInfo.InvariantCulture) : DimensionNames[i] ?? "?");
            }

            return text.Append(']').ToString();
        }
    }

    /// <summary>One option, of networks or of the process.</summary>
    public sealed class OptionInfo
    {
        internal OptionInfo(LiteOptionInfo info)
        {
            IsProcess = info.Scope != 0;
            Key = Utf8.Read(info.Key);
            Type = Utf8.Read(info.Type);
            DefaultValue = Utf8.Read(info.DefaultValue);
            Description = Utf8.Read(info.Description);
        }

        /// <summary>Whether it is the process's and not a network's.</summary>
        public bool IsProcess { get; }

        /// <summary>Its name.</summary>
        public string Key { get; }

        /// <summary>"bool", "int", "bytes", "string", or the choices, as in "off|on|auto".</summary>
        public string Type { get; }

        /// <summary>What it is unless set.</summary>
        public string DefaultValue { get; }

        /// <summary>One sentence.</summary>
        public string Description { get; }
    }

    /// <summary>What a network, or the process, costs.</summary>
    public sealed class Statistics
    {
        internal Statistics(LiteStatistics s)
        {
            Threads = (int)s.Threads;
            WeightBytes = (long)s.WeightBytes;
            PackedWeightBytes = (long)s.PackedWeightBytes;
            ArenaBytes = (long)s.ArenaBytes;
            IOBytes = (long)s.IoBytes;
            CacheBytes = (long)s.CacheBytes;
            CacheLimitBytes = (long)s.CacheLimitBytes;
            Programs = (long)s.Programs;
            ProgramHits = (long)s.ProgramHits;
            ProgramMisses = (long)s.ProgramMisses;
            ProgramEvictions = (long)s.ProgramEvictions;
            Runs = (long)s.Runs;
            FailedRuns = (long)s.FailedRuns;
            RunTime = TimeSpan.FromTicks((long)(s.RunNanoseconds / 100));
            LastRunTime = TimeSpan.FromTicks((long)(s.LastRunNanoseconds / 100));
        }

        /// <summary>Threads that may work on a run; for the process: those of its pool.</summary>
        public int Threads { get; }

        /// <summary>Bytes of the model's weights as stored; mapped ones included.</summary>
        public long WeightBytes { get; }

        /// <summary>Bytes of the copies of weights in kernels' layouts.</summary>
        public long PackedWeightBytes { get; }

        /// <summary>Bytes of working memory.</summary>
        public long ArenaBytes { get; }

        /// <summary>Bytes of input and output tensors that the library owns.</summary>
        public long IOBytes { get; }

        /// <summary>Bytes of compiled programs and caches.</summary>
        public long CacheBytes { get; }

        /// <summary>What <see cref="CacheBytes"/> may not exceed.</summary>
        public long CacheLimitBytes { get; }

        /// <summary>Compiled programs, one for each set of input shapes.</summary>
        public long Programs { get; }

        /// <summary>Runs that found their program.</summary>
        public long ProgramHits { get; }

        /// <summary>Runs that had to compile.</summary>
        public long ProgramMisses { get; }

        /// <summary>Programs that were dropped from the full cache.</summary>
        public long ProgramEvictions { get; }

        /// <summary>Finished runs, failed ones included.</summary>
        public long Runs { get; }

        /// <summary>Failed runs, cancelled ones included.</summary>
        public long FailedRuns { get; }

        /// <summary>The time of all finished runs together.</summary>
        public TimeSpan RunTime { get; }

        /// <summary>The time of the last one.</summary>
        public TimeSpan LastRunTime { get; }
    }
}
