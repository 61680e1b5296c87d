using System;
using System.Runtime.InteropServices;

namespace Lite
{
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void CompletionCallback(int status, IntPtr userData);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void LogCallback(int level, IntPtr message, IntPtr userData);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void ReleaseCallback(IntPtr userData);

    /// <summary>
    /// The functions of one loaded library. Delegates instead of DllImport: the file is the one that was opened by its full path, on
    /// every runtime, and nothing is searched by name. All arguments are blittable or SafeHandles, so that no code is generated at run
    /// time but the stubs that UnmanagedFunctionPointer asks for.
    /// </summary>
    internal sealed class Native
    {
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int Call();

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr GetText();

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr TextOfInt(int value);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate void FreePointer(IntPtr pointer);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int OfPointer(IntPtr pointer);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int GetPointer(out IntPtr value);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int TwoInts(int a, int b);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int ThreeOutInts(out int a, out int b, out int c);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int OfInt(int value);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int GetInt(out int value);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int OfSize(UIntPtr value);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int GetSize(out UIntPtr value);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int GetSizeOfInt(int which, out UIntPtr value);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int DescribeOption(UIntPtr index, ref LiteOptionInfo info);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int OfLogCallback([MarshalAs(UnmanagedType.FunctionPtr)] LogCallback callback, IntPtr userData);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int SetProcessOption(IntPtr none, byte[] key, byte[] value);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int GetProcessOption(IntPtr none, byte[] key, out IntPtr value);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int ProcessStatistics(ref LiteStatistics statistics);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int MakeNetwork(out IntPtr network, LiteConfig config);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int OfNetwork(NetworkHandle network);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int OfTwoNetworks(NetworkHandle to, NetworkHandle from);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int LoadFile(NetworkHandle network, byte[] path, ref LiteLoadOptions options);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int LoadMemory(NetworkHandle network, IntPtr data, UIntPtr size, ref LiteLoadOptions options);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int SetOption(NetworkHandle network, byte[] key, byte[] value);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int GetOption(NetworkHandle network, byte[] key, out IntPtr value);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int NetworkInt(NetworkHandle network, int value);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int NetworkGetInt(NetworkHandle network, out int value);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int NetworkULong(NetworkHandle network, ulong value);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int NetworkGetSize(NetworkHandle network, out UIntPtr value);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int NetworkStatistics(NetworkHandle network, ref LiteStatistics statistics);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int OfCompletion(NetworkHandle network, IntPtr callback, IntPtr userData);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int DescribeIO(NetworkHandle network, UIntPtr index, ref LiteIOInfo info);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int DescribeNode(NetworkHandle network, UIntPtr index, ref LiteUnsupportedNode node);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int GetItem(NetworkHandle network, UIntPtr index, out IntPtr key, out IntPtr value);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int GetIOTensor(NetworkHandle network, byte[] name, int phase, out IntPtr tensor);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int DumpText(NetworkHandle network, byte[] stage, byte[] format, out IntPtr text);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int ProfileText(NetworkHandle network, byte[] format, out IntPtr text);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int MakeTensor(int dtype, int rank, long[] dims, out IntPtr tensor);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int OfTensor(TensorHandle tensor);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int OfTwoTensors(TensorHandle to, TensorHandle from);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int SetDims(TensorHandle tensor, int dtype, int rank, long[] dims);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int ResetMemory(TensorHandle tensor, int dtype, int rank, long[] dims, IntPtr data, UIntPtr size);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int Reshape(TensorHandle tensor, int rank, long[] dims);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int TensorGetInt(TensorHandle tensor, out int value);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int TensorGetDims(TensorHandle tensor, int capacity, long[] dims);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int TensorGetPointer(TensorHandle tensor, out IntPtr data);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int TensorGetSize(TensorHandle tensor, out UIntPtr size);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int GetString(TensorHandle tensor, UIntPtr index, out IntPtr data, out UIntPtr size);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int SetString(TensorHandle tensor, UIntPtr index, byte[] data, UIntPtr size);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int OfBytes(byte[] text);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int OfOperator(ref LiteOperator op);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int OfOperatorName(byte[] domain, byte[] name, int version);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int ContextGetPointer(IntPtr context, out IntPtr value);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int ContextGetSize(IntPtr context, out UIntPtr value);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int ContextGetInt(IntPtr context, out int value);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int ContextTensor(IntPtr context, UIntPtr index, ref LiteOperatorTensor tensor);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int ContextAllocate(IntPtr context, UIntPtr index, int dtype, int rank, long[] dims, out IntPtr data);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int ContextSetOutput(IntPtr context, UIntPtr index, int dtype, int rank, long[] dims);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int ContextBytes(IntPtr context, byte[] text);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int AttributeLong(IntPtr context, byte[] name, out long value);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int AttributeFloat(IntPtr context, byte[] name, out float value);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int AttributeString(IntPtr context, byte[] name, UIntPtr element, out IntPtr text, out UIntPtr size);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int AttributeList(IntPtr context, byte[] name, out IntPtr values, out UIntPtr length);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int ValueOfTensor(TensorHandle tensor, uint flags, out IntPtr value);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int ValueOfInt(int dtype, out IntPtr value);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int ValueOfPointer(IntPtr element, int dtype, out IntPtr value);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int OfTwoValues(ValueHandle to, ValueHandle element);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int MapOf(TensorHandle keys, ValueHandle values, out IntPtr map);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int ValueGetInt(ValueHandle value, out int number);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int ValueGetSize(ValueHandle value, out UIntPtr size);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int ValueGetElement(ValueHandle value, UIntPtr index, out IntPtr element);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int ValueGetPointer(ValueHandle value, out IntPtr pointer);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int SetValue(NetworkHandle network, byte[] name, ValueHandle value);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int GetValue(NetworkHandle network, byte[] name, out IntPtr value);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int UpdateKey(byte[] method, IntPtr function, byte[] key, UIntPtr size);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int ContextString(IntPtr context, UIntPtr index, UIntPtr element, out IntPtr text, out UIntPtr size);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int ContextSetString(IntPtr context, UIntPtr index, UIntPtr element, byte[] text, UIntPtr size);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int ContextGetItem(IntPtr context, UIntPtr index, out IntPtr name);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int AttributeType(IntPtr context, byte[] name, out int type, out UIntPtr length);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int AttributeTensor(IntPtr context, byte[] name, ref LiteOperatorTensor tensor);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int ContextParallel(IntPtr context, long count, IntPtr task, IntPtr data);

        private readonly IntPtr _library;
        private readonly string _path;

        internal readonly GetText GetLastError;
        internal readonly TextOfInt GetStatusName;
        internal readonly GetText GetBuildInfo;
        internal readonly FreePointer FreeString;
        internal readonly OfPointer DestroyNetwork;
        internal readonly OfPointer DestroyTensor;
        internal readonly ThreeOutInts GetVersion;
        internal readonly GetPointer GetOperators;
        internal readonly GetSizeOfInt GetDeviceCount;
        internal readonly GetSizeOfInt GetDTypeBits;
        internal readonly TextOfInt GetDTypeName;
        internal readonly OfInt SetLogLevel;
        internal readonly GetInt GetLogLevel;
        internal readonly OfLogCallback SetLogCallback;
        internal readonly OfSize SetProcessThreads;
        internal readonly GetSize GetProcessThreads;
        internal readonly Call CoalesceFreeMemory;
        internal readonly GetSize GetOptionCount;
        internal readonly DescribeOption GetOptionInfo;
        internal readonly SetProcessOption SetGlobalOption;
        internal readonly GetProcessOption GetGlobalOption;
        internal readonly ProcessStatistics GetProcessStatistics;
        internal readonly UpdateKey UpdateDecryption;

        internal readonly MakeNetwork MakeNetworkConfig;
        internal readonly LoadFile LoadModelFile;
        internal readonly LoadMemory LoadModelMemory;
        internal readonly LoadFile CheckModelFile;
        internal readonly LoadMemory CheckModelMemory;
        internal readonly OfTwoNetworks ShareWeights;
        internal readonly OfNetwork Forward;
        internal readonly OfNetwork Wait;
        internal readonly OfNetwork Cancel;
        internal readonly OfNetwork Trim;
        internal readonly NetworkULong SetRunTimeout;
        internal readonly OfCompletion SetCompletionCallback;
        internal readonly SetOption SetNetworkOption;
        internal readonly GetOption GetNetworkOption;
        internal readonly NetworkGetInt GetDeviceType;
        internal readonly NetworkGetInt GetDeviceId;
        internal readonly NetworkGetSize GetInputCount;
        internal readonly NetworkGetSize GetOutputCount;
        internal readonly DescribeIO GetInputInfo;
        internal readonly DescribeIO GetOutputInfo;
        internal readonly NetworkGetSize GetMetadataCount;
        internal readonly GetItem GetMetadataItem;
        internal readonly NetworkGetSize GetUnsupportedCount;
        internal readonly DescribeNode GetUnsupportedNode;
        internal readonly GetIOTensor GetIoTensor;
        internal readonly NetworkStatistics GetStatistics;
        internal readonly NetworkInt SetProfiling;
        internal readonly ProfileText GetProfile;
        internal readonly DumpText DumpGraph;

        internal readonly MakeTensor MakeTensorWithDims;
        internal readonly SetDims SetTensorDims;
        internal readonly ResetMemory ResetTensorWithDims;
        internal readonly Reshape TensorReshape;
        internal readonly OfTensor TensorFillZero;
        internal readonly OfTwoTensors TensorCopy;
        internal readonly OfTwoTensors TensorShareMemoryWith;
        internal readonly TensorGetInt GetTensorDType;
        internal readonly TensorGetInt GetTensorRank;
        internal readonly TensorGetDims GetTensorDims;
        internal readonly TensorGetPointer GetTensorMemory;
        internal readonly TensorGetSize GetTensorByteCount;
        internal readonly GetString GetTensorString;
        internal readonly SetString SetTensorString;

        internal readonly OfOperator RegisterOperator;
        internal readonly OfOperatorName UnregisterOperator;
        internal readonly OfBytes LoadOperatorLibrary;
        internal readonly ContextGetPointer OperatorGetNodeName;
        internal readonly ContextGetSize OperatorGetInputCount;
        internal readonly ContextGetSize OperatorGetOutputCount;
        internal readonly ContextTensor OperatorGetInput;
        internal readonly ContextTensor OperatorGetOutput;
        internal readonly ContextAllocate OperatorAllocateOutput;
        internal readonly ContextSetOutput OperatorSetOutput;
        internal readonly ContextBytes OperatorSetError;
        internal readonly ContextGetInt OperatorShouldStop;
        internal readonly AttributeLong OperatorGetInt;
        internal readonly AttributeFloat OperatorGetFloat;
        internal readonly AttributeString OperatorGetString;
        internal readonly AttributeList OperatorGetInts;
        internal readonly AttributeList OperatorGetFloats;
        internal readonly ContextString OperatorGetInputString;
        internal readonly ContextSetString OperatorSetOutputString;
        internal readonly ContextGetSize OperatorGetAttributeCount;
        internal readonly ContextGetItem OperatorGetAttributeName;
        internal readonly AttributeType OperatorGetAttributeType;
        internal readonly AttributeTensor OperatorGetTensor;
        internal readonly ContextParallel OperatorParallelFor;
        internal readonly ContextGetSize OperatorGetThreads;

        internal readonly OfPointer DestroyValue;
        internal readonly ValueOfTensor MakeTensorValue;
        internal readonly ValueOfInt MakeSequence;
        internal readonly OfTwoValues AppendValue;
        internal readonly ValueOfPointer MakeOptional;
        internal readonly MapOf MakeMap;
        internal readonly ValueGetInt GetValueKind;
        internal readonly ValueGetInt GetValueDType;
        internal readonly ValueGetSize GetValueLength;
        internal readonly ValueGetElement GetValueElement;
        internal readonly ValueGetPointer GetValueTensor;
        internal readonly ValueGetPointer GetMapKeys;
        internal readonly ValueGetPointer GetMapValues;
        internal readonly SetValue SetInputValue;
        internal readonly GetValue GetOutputValue;

        internal Native(IntPtr library, string path)
        {
            _library = library;
            _path = path;
            CheckVersion();

            GetLastError = Find<GetText>("LITE_get_last_error");
            GetStatusName = Find<TextOfInt>("LITE_get_status_name");
            GetBuildInfo = Find<GetText>("LITE_get_build_info");
            FreeString = Find<FreePointer>("LITE_free_string");
            DestroyNetwork = Find<OfPointer>("LITE_destroy_network");
            DestroyTensor = Find<OfPointer>("LITE_destroy_tensor");
            GetVersion = Find<ThreeOutInts>("LITE_get_version");
            GetOperators = Find<GetPointer>("LITE_get_operators");
            GetDeviceCount = Find<GetSizeOfInt>("LITE_get_device_count");
            GetDTypeBits = Find<GetSizeOfInt>("LITE_get_dtype_bits");
            GetDTypeName = Find<TextOfInt>("LITE_get_dtype_name");
            SetLogLevel = Find<OfInt>("LITE_set_log_level");
            GetLogLevel = Find<GetInt>("LITE_get_log_level");
            SetLogCallback = Find<OfLogCallback>("LITE_set_log_callback");
            SetProcessThreads = Find<OfSize>("LITE_set_process_threads");
            GetProcessThreads = Find<GetSize>("LITE_get_process_threads");
            CoalesceFreeMemory = Find<Call>("LITE_try_coalesce_all_free_memory");
            GetOptionCount = Find<GetSize>("LITE_get_option_count");
            GetOptionInfo = Find<DescribeOption>("LITE_get_option_info");
            SetGlobalOption = Find<SetProcessOption>("LITE_set_option");
            GetGlobalOption = Find<GetProcessOption>("LITE_get_option");
            GetProcessStatistics = Find<ProcessStatistics>("LITE_get_process_statistics");
            UpdateDecryption = Find<UpdateKey>("LITE_update_decryption_or_key");

            MakeNetworkConfig = Find<MakeNetwork>("LITE_make_network_config");
            LoadModelFile = Find<LoadFile>("LITE_load_model_file");
            LoadModelMemory = Find<LoadMemory>("LITE_load_model_memory");
            CheckModelFile = Find<LoadFile>("LITE_check_model");
            CheckModelMemory = Find<LoadMemory>("LITE_check_model_memory");
            ShareWeights = Find<OfTwoNetworks>("LITE_shared_weight_with_network");
            Forward = Find<OfNetwork>("LITE_forward");
            Wait = Find<OfNetwork>("LITE_wait");
            Cancel = Find<OfNetwork>("LITE_cancel");
            Trim = Find<OfNetwork>("LITE_trim");
            SetRunTimeout = Find<NetworkULong>("LITE_set_run_timeout");
            SetCompletionCallback = Find<OfCompletion>("LITE_set_completion_callback");
            SetNetworkOption = Find<SetOption>("LITE_set_option");
            GetNetworkOption = Find<GetOption>("LITE_get_option");
            GetDeviceType = Find<NetworkGetInt>("LITE_get_device_type");
            GetDeviceId = Find<NetworkGetInt>("LITE_get_device_id");
            GetInputCount = Find<NetworkGetSize>("LITE_get_input_count");
            GetOutputCount = Find<NetworkGetSize>("LITE_get_output_count");
            GetInputInfo = Find<DescribeIO>("LITE_get_input_info");
            GetOutputInfo = Find<DescribeIO>("LITE_get_output_info");
            GetMetadataCount = Find<NetworkGetSize>("LITE_get_metadata_count");
            GetMetadataItem = Find<GetItem>("LITE_get_metadata_item");
            GetUnsupportedCount = Find<NetworkGetSize>("LITE_get_unsupported_count");
            GetUnsupportedNode = Find<DescribeNode>("LITE_get_unsupported_node");
            GetIoTensor = Find<GetIOTensor>("LITE_get_io_tensor");
            GetStatistics = Find<NetworkStatistics>("LITE_get_statistics");
            SetProfiling = Find<NetworkInt>("LITE_set_profiling");
            GetProfile = Find<ProfileText>("LITE_get_profile");
            DumpGraph = Find<DumpText>("LITE_dump_graph");

            MakeTensorWithDims = Find<MakeTensor>("LITE_make_tensor_with_dims");
            SetTensorDims = Find<SetDims>("LITE_set_tensor_dims");
            ResetTensorWithDims = Find<ResetMemory>("LITE_reset_tensor_with_dims");
            TensorReshape = Find<Reshape>("LITE_tensor_reshape_dims");
            TensorFillZero = Find<OfTensor>("LITE_tensor_fill_zero");
            TensorCopy = Find<OfTwoTensors>("LITE_tensor_copy");
            TensorShareMemoryWith = Find<OfTwoTensors>("LITE_tensor_share_memory_with");
            GetTensorDType = Find<TensorGetInt>("LITE_get_tensor_dtype");
            GetTensorRank = Find<TensorGetInt>("LITE_get_tensor_rank");
            GetTensorDims = Find<TensorGetDims>("LITE_get_tensor_dims");
            GetTensorMemory = Find<TensorGetPointer>("LITE_get_tensor_memory");
            GetTensorByteCount = Find<TensorGetSize>("LITE_get_tensor_total_size_in_byte");
            GetTensorString = Find<GetString>("LITE_get_tensor_string");
            SetTensorString = Find<SetString>("LITE_set_tensor_string");

            RegisterOperator = Find<OfOperator>("LITE_register_operator");
            UnregisterOperator = Find<OfOperatorName>("LITE_unregister_operator");
            LoadOperatorLibrary = Find<OfBytes>("LITE_load_operator_library");
            OperatorGetNodeName = Find<ContextGetPointer>("LITE_operator_get_node_name");
            OperatorGetInputCount = Find<ContextGetSize>("LITE_operator_get_input_count");
            OperatorGetOutputCount = Find<ContextGetSize>("LITE_operator_get_output_count");
            OperatorGetInput = Find<ContextTensor>("LITE_operator_get_input");
            OperatorGetOutput = Find<ContextTensor>("LITE_operator_get_output");
            OperatorAllocateOutput = Find<ContextAllocate>("LITE_operator_allocate_output");
            OperatorSetOutput = Find<ContextSetOutput>("LITE_operator_set_output");
            OperatorSetError = Find<ContextBytes>("LITE_operator_set_error");
            OperatorShouldStop = Find<ContextGetInt>("LITE_operator_should_stop");
            OperatorGetInt = Find<AttributeLong>("LITE_operator_get_attribute_int");
            OperatorGetFloat = Find<AttributeFloat>("LITE_operator_get_attribute_float");
            OperatorGetString = Find<AttributeString>("LITE_operator_get_attribute_string");
            OperatorGetInts = Find<AttributeList>("LITE_operator_get_attribute_ints");
            OperatorGetFloats = Find<AttributeList>("LITE_operator_get_attribute_floats");
            OperatorGetInputString = Find<ContextString>("LITE_operator_get_input_string");
            OperatorSetOutputString = Find<ContextSetString>("LITE_operator_set_output_string");
            OperatorGetAttributeCount = Find<ContextGetSize>("LITE_operator_get_attribute_count");
            OperatorGetAttributeName = Find<ContextGetItem>("LITE_operator_get_attribute_name");
            OperatorGetAttributeType = Find<AttributeType>("LITE_operator_get_attribute_type");
            OperatorGetTensor = Find<AttributeTensor>("LITE_operator_get_attribute_tensor");
            OperatorParallelFor = Find<ContextParallel>("LITE_operator_parallel_for");
            OperatorGetThreads = Find<ContextGetSize>("LITE_operator_get_threads");

            DestroyValue = Find<OfPointer>("LITE_destroy_value");
            MakeTensorValue = Find<ValueOfTensor>("LITE_make_tensor_value");
            MakeSequence = Find<ValueOfInt>("LITE_make_sequence");
            AppendValue = Find<OfTwoValues>("LITE_append_value");
            MakeOptional = Find<ValueOfPointer>("LITE_make_optional");
            MakeMap = Find<MapOf>("LITE_make_map");
            GetValueKind = Find<ValueGetInt>("LITE_get_value_kind");
            GetValueDType = Find<ValueGetInt>("LITE_get_value_dtype");
            GetValueLength = Find<ValueGetSize>("LITE_get_value_length");
            GetValueElement = Find<ValueGetElement>("LITE_get_value_element");
            GetValueTensor = Find<ValueGetPointer>("LITE_get_value_tensor");
            GetMapKeys = Find<ValueGetPointer>("LITE_get_map_keys");
            GetMapValues = Find<ValueGetPointer>("LITE_get_map_values");
            SetInputValue = Find<SetValue>("LITE_set_input_value");
            GetOutputValue = Find<GetValue>("LITE_get_output_value");
        }

        // First of all, and by itself: a library of another version may lack what the rest looks for.
        private void CheckVersion()
        {
            IntPtr check = DynamicLibrary.Find(_library, "LITE_check_version");
            if (check == IntPtr.Zero)
            {
                throw new LiteLibraryException(_path + " is not liblite: it has no LITE_check_version", new[] { _path });
            }

            if (Marshal.GetDelegateForFunctionPointer<TwoInts>(check)(LiteLibrary.RequiredMajor, LiteLibrary.RequiredMinor) != 0)
            {
                string why = Utf8.Read(Find<GetText>("LITE_get_last_error")());
                throw new LiteLibraryException("Lite for .NET cannot use " + _path + ": " + why, new[] { _path });
            }
        }

        private T Find<T>(string name)
        {
            IntPtr function = DynamicLibrary.Find(_library, name);
            if (function == IntPtr.Zero)
            {
                throw new LiteLibraryException(_path + " has no function " + name, new[] { _path });
            }

            return Marshal.GetDelegateForFunctionPointer<T>(function);
        }

        /// <summary>Turns a code into an exception. In the thread of the call, right after it: the text is that thread's.</summary>
        internal void Check(int code)
        {
            if (code != 0)
            {
                throw Error(code);
            }
        }

        internal LiteException Error(int code)
        {
            return new LiteException((ErrorCode)code, Utf8.Read(GetLastError()), Utf8.Read(GetStatusName(code)));
        }

        internal string TakeText(IntPtr text)
        {
            try
            {
                return Utf8.Read(text);
            }
            finally
            {
                FreeString(text);
            }
        }
    }
}
