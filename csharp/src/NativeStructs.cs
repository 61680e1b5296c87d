using System;
using System.Runtime.InteropServices;

namespace Lite
{
#pragma warning disable 649 // It is the library that writes most members.
    // The C structs, member for member. A test compares sizes and offsets with a C compiler's.
    [StructLayout(LayoutKind.Sequential)]
    internal struct LiteOptions
    {
        public int WeightPreprocess;
        public int FusePreprocess;
        public int FakeNextExec;
        public int VarSanityCheckFirstRun;
        public int ConstShape;
        public int ForceDynamicAlloc;
        public int ForceOutputDynamicAlloc;
        public int ForceOutputUseUserSpecifiedMemory;
        public int NoProfilingOnShapeChange;
        public int JitLevel;
        public int CompNodeSeqRecordLevel;
        public int GraphOptLevel;
        public int AsyncExecLevel;
        public int EnableNchw44;
        public int EnableNchw44Dot;
        public int EnableNchw88;
        public int EnableNhwcd4;
        public int EnableNchw4;
        public int EnableNchw32;
        public int EnableNchw64;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct LiteConfig
    {
        public int HasCompression;
        public int DeviceId;
        public int DeviceType;
        public int Backend;
        public IntPtr BareModelCryptionName;
        public LiteOptions Options;
        public int AutoOptimizeInference;
        public IntPtr DiscreteInputName;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct LiteLoadOptions
    {
        public uint StructSize;
        public uint Flags;
        public IntPtr Format;
        public IntPtr BaseDirectory;
        public IntPtr ExternalData;
        public UIntPtr ExternalDataCount;
        public IntPtr ExternalDataCallback;
        public IntPtr UserData;
        public IntPtr Release;
        public IntPtr ParamsPath;
        public IntPtr ParamsData;
        public UIntPtr ParamsSize;
        public ulong MaxBytes;
        public ulong MaxNodes;
        public IntPtr KeyData;
        public UIntPtr KeySize;

        public const uint NoCopy = 1;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct LiteIOInfo
    {
        public uint StructSize;
        public int Kind;
        public IntPtr Name;
        public int DType;
        public int Rank;
        public IntPtr Dims;
        public IntPtr DimNames;
        public IntPtr Type;
        public int HasDefault;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct LiteUnsupportedNode
    {
        public uint StructSize;
        public int Opset;
        public IntPtr Name;
        public IntPtr OpType;
        public IntPtr Domain;
        public IntPtr Types;
        public IntPtr Device;
        public IntPtr Reason;
        public IntPtr Suggestion;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct LiteOptionInfo
    {
        public uint StructSize;
        public int Scope;
        public IntPtr Key;
        public IntPtr Type;
        public IntPtr DefaultValue;
        public IntPtr Description;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct LiteStatistics
    {
        public uint StructSize;
        public uint Threads;
        public ulong WeightBytes;
        public ulong PackedWeightBytes;
        public ulong ArenaBytes;
        public ulong IoBytes;
        public ulong CacheBytes;
        public ulong CacheLimitBytes;
        public ulong Programs;
        public ulong ProgramHits;
        public ulong ProgramMisses;
        public ulong ProgramEvictions;
        public ulong Runs;
        public ulong FailedRuns;
        public ulong RunNanoseconds;
        public ulong LastRunNanoseconds;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct LiteOperator
    {
        public uint StructSize;
        public uint Flags;
        public IntPtr Domain;
        public IntPtr Name;
        public int SinceVersion;
        public int MinInputs;
        public int MaxInputs;
        public int MinOutputs;
        public int MaxOutputs;
        public int InputTypeCount;
        public int OutputTypeCount;
        public IntPtr InputTypes;
        public IntPtr OutputTypes;
        public IntPtr Infer;
        public IntPtr Create;
        public IntPtr Destroy;
        public IntPtr Run;
        public IntPtr UserData;
        public IntPtr Release;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct LiteOperatorTensor
    {
        public uint StructSize;
        public int Present;
        public int DType;
        public int Rank;
        public IntPtr Dims;
        public IntPtr Data;
        public UIntPtr Size;
    }
#pragma warning restore 649
}
