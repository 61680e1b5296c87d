/*
 * The C API for SWIG: the headers as they are, and what turns their pointers into what a language has. Java's half of it
 * is here; bindings/java wraps what comes out, so that nobody meets a SWIG type.
 */
%module Native

%{
#include "lite_dynamic.h"
#include "lite_jni.h"
%}

#ifdef SWIGJAVA

%pragma(java) jniclassclassmodifiers="final class"
%pragma(java) moduleclassmodifiers="public final class"

/* Texts are UTF-8 in bytes: JNI's own strings are not. */
%typemap(jni) const char* "jbyteArray"
%typemap(jtype) const char* "byte[]"
%typemap(jstype) const char* "String"
%typemap(javain) const char* "org.lite.swig.Utf8.bytes($javainput)"
%typemap(javaout) const char* { return org.lite.swig.Utf8.text($jnicall); }
%typemap(in) const char* {
  $1 = NULL;
  if ($input != NULL) {
    $1 = lite_jni_take_text(jenv, $input);
    if ($1 == NULL) return $null;
  }
}
%typemap(freearg) const char* { free((void*)$1); }
%typemap(argout) const char* ""
%typemap(out) const char* { $result = lite_jni_text(jenv, $1); }

/* Handles and addresses are numbers. */
%typemap(jni) LiteNetwork, LiteTensor, LiteValue, LiteOperatorContext, void* data "jlong"
%typemap(jtype) LiteNetwork, LiteTensor, LiteValue, LiteOperatorContext, void* data "long"
%typemap(jstype) LiteNetwork, LiteTensor, LiteValue, LiteOperatorContext, void* data "long"
%typemap(javain) LiteNetwork, LiteTensor, LiteValue, LiteOperatorContext, void* data "$javainput"
%typemap(in) LiteNetwork, LiteTensor, LiteValue, LiteOperatorContext, void* data { $1 = ($1_ltype)(intptr_t)$input; }

/* What a function writes comes back in an array of one. */
%define LITE_OUT(TYPE, JNI, ARRAY, JAVA, SETTER)
%typemap(jni) TYPE OUT #ARRAY
%typemap(jtype) TYPE OUT #JAVA
%typemap(jstype) TYPE OUT #JAVA
%typemap(javain) TYPE OUT "$javainput"
%typemap(in, numinputs=1) TYPE OUT ($*1_ltype value) { memset(&value, 0, sizeof value); $1 = &value; }
%typemap(argout) TYPE OUT {
  if (result == LITE_OK) {
    const JNI element = (JNI)(intptr_t)value$argnum;
    (*jenv)->SETTER(jenv, $input, 0, 1, &element);
  }
}
%enddef
LITE_OUT(LiteNetwork*, jlong, jlongArray, long[], SetLongArrayRegion)
LITE_OUT(LiteTensor*, jlong, jlongArray, long[], SetLongArrayRegion)
LITE_OUT(size_t*, jlong, jlongArray, long[], SetLongArrayRegion)
LITE_OUT(int*, jint, jintArray, int[], SetIntArrayRegion)
LITE_OUT(LiteValue*, jlong, jlongArray, long[], SetLongArrayRegion)
LITE_OUT(LiteValueKind*, jint, jintArray, int[], SetIntArrayRegion)
LITE_OUT(LiteDataType*, jint, jintArray, int[], SetIntArrayRegion)
%apply LiteNetwork* OUT { LiteNetwork* network };
%apply LiteTensor* OUT { LiteTensor* tensor, LiteTensor* keys };
%apply LiteValue* OUT { LiteValue* value, LiteValue* element, LiteValue* values };
%apply LiteValueKind* OUT { LiteValueKind* kind };
%apply LiteDataType* OUT { LiteDataType* dtype };
%apply size_t* OUT { size_t* count, size_t* threads, size_t* size, size_t* bits, size_t* length };
%apply int* OUT { int* major, int* minor, int* patch, int* rank, int* device_id, int* stop };

/* Texts that stay the library's, and texts that are given away. */
%define LITE_OUT_TEXT(TYPE, AFTER)
%typemap(jni) TYPE "jobjectArray"
%typemap(jtype) TYPE "byte[][]"
%typemap(jstype) TYPE "byte[][]"
%typemap(javain) TYPE "$javainput"
%typemap(in) TYPE ($*1_ltype value) { value = NULL; $1 = &value; }
%typemap(argout) TYPE {
  if (result == LITE_OK) {
    const jbyteArray bytes = lite_jni_text(jenv, value$argnum);
    if (bytes != NULL) (*jenv)->SetObjectArrayElement(jenv, $input, 0, bytes);
    AFTER
  }
}
%enddef
LITE_OUT_TEXT(const char** key, )
LITE_OUT_TEXT(const char** value, )
LITE_OUT_TEXT(const char** name, )
LITE_OUT_TEXT(char** text, LITE_free_string(value$argnum);)
LITE_OUT_TEXT(char** json, LITE_free_string(value$argnum);)

/* Dimensions. */
%typemap(jni) const int64_t* dims, int64_t* dims "jlongArray"
%typemap(jtype) const int64_t* dims, int64_t* dims "long[]"
%typemap(jstype) const int64_t* dims, int64_t* dims "long[]"
%typemap(javain) const int64_t* dims, int64_t* dims "$javainput"
%typemap(in) const int64_t* dims (int64_t copy[LITE_MAX_RANK]) {
  const jsize length = $input == NULL ? 0 : (*jenv)->GetArrayLength(jenv, $input);
  if (length > LITE_MAX_RANK) {
    lite_jni_fail(jenv, LITE_INVALID_ARGUMENT, "more than 64 dimensions");
    return $null;  /* no text is an argument beside dimensions, so nothing is left to free */
  }
  if (length > 0) (*jenv)->GetLongArrayRegion(jenv, $input, 0, length, (jlong*)copy);
  $1 = copy;
}
%typemap(in) int64_t* dims (int64_t copy[LITE_MAX_RANK]) {
  memset(copy, 0, sizeof copy);
  $1 = copy;
}
%typemap(argout) int64_t* dims {
  if (result == LITE_OK)
    (*jenv)->SetLongArrayRegion(jenv, $input, 0, (*jenv)->GetArrayLength(jenv, $input), (const jlong*)copy$argnum);
}
%typemap(argout) const int64_t* dims ""

/* Models and elements in memory: direct buffers. */
%typemap(jni) (const void* data, size_t size) "jobject"
%typemap(jtype) (const void* data, size_t size) "java.nio.ByteBuffer"
%typemap(jstype) (const void* data, size_t size) "java.nio.ByteBuffer"
%typemap(javain) (const void* data, size_t size) "$javainput"
%typemap(in) (const void* data, size_t size) {
  $1 = (*jenv)->GetDirectBufferAddress(jenv, $input);
  $2 = (size_t)(*jenv)->GetDirectBufferCapacity(jenv, $input);
}
%apply (const void* data, size_t size) { (void* data, size_t size) };

/* Codes become exceptions, in the thread of the call and right after it: the text is that thread's. What is written to
 * is left alone then. */
%typemap(jni) LiteCode "void"
%typemap(jtype) LiteCode "void"
%typemap(jstype) LiteCode "void"
%typemap(javaout) LiteCode { $jnicall; }
%typemap(out) LiteCode { if ($1 != LITE_OK) lite_jni_fail(jenv, $1, LITE_get_last_error()); }

/* Java's own objects. */
%typemap(jni) jobject "jobject"
%typemap(jtype) jobject "Object"
%typemap(jstype) jobject "Object"
%typemap(javain) jobject "$javainput"
%typemap(javaout) jobject { return $jnicall; }
%typemap(in) jobject { $1 = $input; }
%typemap(out) jobject { $result = $1; }
#endif

/* The library's enumerations are plain numbers here; the wrapping has its own. */
%typemap(jni) enum SWIGTYPE "jint"
%typemap(jtype) enum SWIGTYPE "int"
%typemap(jstype) enum SWIGTYPE "int"
%typemap(javain) enum SWIGTYPE "$javainput"
%typemap(javaout) enum SWIGTYPE { return $jnicall; }
%typemap(in) enum SWIGTYPE { $1 = ($1_ltype)$input; }
%typemap(out) enum SWIGTYPE { $result = (jint)$1; }

%apply long long { int64_t, uint64_t, size_t };
%apply int { LiteDataType, LiteTensorPhase, LiteDeviceType, LiteLogLevel, LiteValueKind, LiteOptionScope, uint32_t };

/* The parts of the headers that the wrapping uses, as they are there. */
const char* LITE_get_last_error(void);
const char* LITE_get_status_name(int code);
const char* LITE_get_build_info(void);
const char* LITE_get_dtype_name(LiteDataType dtype);
LiteCode LITE_get_version(int* major, int* minor, int* patch);
LiteCode LITE_get_operators(char** json);
LiteCode LITE_get_device_count(LiteDeviceType device_type, size_t* count);
LiteCode LITE_get_dtype_bits(LiteDataType dtype, size_t* bits);
LiteCode LITE_set_log_level(LiteLogLevel level);
LiteCode LITE_set_process_threads(size_t threads);
LiteCode LITE_get_process_threads(size_t* threads);
LiteCode LITE_try_coalesce_all_free_memory(void);
LiteCode LITE_get_option_count(size_t* count);
LiteCode LITE_set_option(LiteNetwork network, const char* key, const char* value);
LiteCode LITE_get_option(LiteNetwork network, const char* key, const char** value);
LiteCode LITE_destroy_network(LiteNetwork network);
LiteCode LITE_shared_weight_with_network(LiteNetwork dst_network, LiteNetwork src_network);
LiteCode LITE_forward(LiteNetwork network);
LiteCode LITE_cancel(LiteNetwork network);
LiteCode LITE_trim(LiteNetwork network);
LiteCode LITE_set_run_timeout(LiteNetwork network, uint64_t microseconds);
LiteCode LITE_get_device_id(LiteNetwork network, int* device_id);
LiteCode LITE_get_input_count(LiteNetwork network, size_t* count);
LiteCode LITE_get_output_count(LiteNetwork network, size_t* count);
LiteCode LITE_get_metadata_count(LiteNetwork network, size_t* count);
LiteCode LITE_get_metadata_item(LiteNetwork network, size_t index, const char** key, const char** value);
LiteCode LITE_get_unsupported_count(LiteNetwork network, size_t* count);
LiteCode LITE_get_io_tensor(LiteNetwork network, const char* io_name, LiteTensorPhase phase, LiteTensor* tensor);
LiteCode LITE_set_profiling(LiteNetwork network, int enabled);
LiteCode LITE_get_profile(LiteNetwork network, const char* format, char** text);
LiteCode LITE_dump_graph(LiteNetwork network, const char* stage, const char* format, char** text);
LiteCode LITE_make_tensor_with_dims(LiteDataType dtype, int rank, const int64_t* dims, LiteTensor* tensor);
LiteCode LITE_destroy_tensor(LiteTensor tensor);
LiteCode LITE_set_tensor_dims(LiteTensor tensor, LiteDataType dtype, int rank, const int64_t* dims);
LiteCode LITE_reset_tensor_with_dims(LiteTensor tensor, LiteDataType dtype, int rank, const int64_t* dims, void* data, size_t size);
LiteCode LITE_tensor_reshape_dims(LiteTensor tensor, int rank, const int64_t* dims);
LiteCode LITE_tensor_fill_zero(LiteTensor tensor);
LiteCode LITE_tensor_copy(LiteTensor dst_tensor, LiteTensor src_tensor);
LiteCode LITE_tensor_share_memory_with(LiteTensor dst_tensor, LiteTensor src_tensor);
LiteCode LITE_get_tensor_rank(LiteTensor tensor, int* rank);
LiteCode LITE_get_tensor_dims(LiteTensor tensor, int capacity, int64_t* dims);
LiteCode LITE_get_tensor_total_size_in_byte(LiteTensor tensor, size_t* size);
LiteCode LITE_make_tensor_value(LiteTensor tensor, uint32_t flags, LiteValue* value);
LiteCode LITE_make_sequence(LiteDataType dtype, LiteValue* value);
LiteCode LITE_append_value(LiteValue sequence, LiteValue item);
LiteCode LITE_make_optional(LiteValue item, LiteDataType dtype, LiteValue* value);
LiteCode LITE_make_map(LiteTensor tensor_of_keys, LiteValue value_of_values, LiteValue* value);
LiteCode LITE_destroy_value(LiteValue item);
LiteCode LITE_get_value_kind(LiteValue item, LiteValueKind* kind);
LiteCode LITE_get_value_dtype(LiteValue item, LiteDataType* dtype);
LiteCode LITE_get_value_length(LiteValue item, size_t* length);
LiteCode LITE_get_value_element(LiteValue item, size_t index, LiteValue* element);
LiteCode LITE_get_value_tensor(LiteValue item, LiteTensor* tensor);
LiteCode LITE_get_map_keys(LiteValue item, LiteTensor* keys);
LiteCode LITE_get_map_values(LiteValue item, LiteValue* values);
LiteCode LITE_set_input_value(LiteNetwork network, const char* io_name, LiteValue item);
LiteCode LITE_get_output_value(LiteNetwork network, const char* io_name, LiteValue* value);

%immutable;
%nodefaultctor;
%nodefaultdtor;
struct LiteStatistics {
  uint32_t threads;
  uint64_t weight_bytes, packed_weight_bytes, arena_bytes, io_bytes, cache_bytes, cache_limit_bytes;
  uint64_t programs, program_hits, program_misses, program_evictions;
  uint64_t runs, failed_runs, run_nanoseconds, last_run_nanoseconds;
};
struct LiteIOInfo {
  LiteValueKind kind;
  const char* name;
  LiteDataType dtype;
  int rank;
  const char* type;
  int has_default;
};
struct LiteUnsupportedNode {
  int opset;
  const char *name, *op_type, *domain, *types, *reason, *suggestion;
};
struct LiteOptionInfo {
  LiteOptionScope scope;
  const char *key, *type, *default_value, *description;
};
%clearnodefaultctor;
%clearnodefaultdtor;
%mutable;

%extend LiteStatistics {
  LiteStatistics() {
    LiteStatistics* const s = malloc(sizeof *s);
    if (s != NULL) *s = (LiteStatistics)LITE_STATISTICS_INIT;
    return s;
  }
  ~LiteStatistics() { free($self); }
}
%extend LiteIOInfo {
  LiteIOInfo() {
    LiteIOInfo* const s = malloc(sizeof *s);
    if (s != NULL) *s = (LiteIOInfo)LITE_IO_INFO_INIT;
    return s;
  }
  ~LiteIOInfo() { free($self); }
  int64_t dim(int index) { return $self->dims[index]; }
  const char* dim_name(int index) { return $self->dim_names == NULL ? NULL : $self->dim_names[index]; }
}
%extend LiteUnsupportedNode {
  LiteUnsupportedNode() {
    LiteUnsupportedNode* const s = malloc(sizeof *s);
    if (s != NULL) *s = (LiteUnsupportedNode)LITE_UNSUPPORTED_NODE_INIT;
    return s;
  }
  ~LiteUnsupportedNode() { free($self); }
}
%extend LiteOptionInfo {
  LiteOptionInfo() {
    LiteOptionInfo* const s = malloc(sizeof *s);
    if (s != NULL) *s = (LiteOptionInfo)LITE_OPTION_INFO_INIT;
    return s;
  }
  ~LiteOptionInfo() { free($self); }
}
LiteCode LITE_get_process_statistics(LiteStatistics* statistics);
LiteCode LITE_get_statistics(LiteNetwork network, LiteStatistics* statistics);
LiteCode LITE_get_option_info(size_t index, LiteOptionInfo* info);
LiteCode LITE_get_input_info(LiteNetwork network, size_t index, LiteIOInfo* info);
LiteCode LITE_get_output_info(LiteNetwork network, size_t index, LiteIOInfo* info);
LiteCode LITE_get_unsupported_node(LiteNetwork network, size_t index, LiteUnsupportedNode* node);

/* What needs more than a type: structs of many members as arguments, memory, callbacks. lite_jni.h has it. */
const char* lite_open(const char* path);
LiteCode lite_make(LiteDeviceType type, int device, LiteNetwork* network);
LiteCode lite_load_file(LiteNetwork network, const char* path, int check, const char* format, const char* base_directory,
                        uint64_t max_bytes, uint64_t max_nodes, jobject key);
LiteCode lite_load_memory(LiteNetwork network, const void* data, size_t size, int check, const char* format,
                          const char* base_directory, uint64_t max_bytes, uint64_t max_nodes, jobject key, jobject keep);
LiteCode lite_set_key(const char* method, jobject key);
int lite_get_device(LiteNetwork network);
int lite_get_log_level(void);
int lite_get_dtype(LiteTensor tensor);

%typemap(in, numinputs=0) JNIEnv* env { $1 = jenv; }
%typemap(jstype) jobject lite_get_memory "java.nio.ByteBuffer"
%typemap(javaout) jobject lite_get_memory { return (java.nio.ByteBuffer)$jnicall; }
jobject lite_get_memory(JNIEnv* env, LiteTensor tensor, size_t size);
%typemap(jstype) jobject lite_get_string "byte[]"
%typemap(javaout) jobject lite_get_string { return (byte[])$jnicall; }
jobject lite_get_string(JNIEnv* env, LiteTensor tensor, size_t index);
void lite_set_string(JNIEnv* env, LiteTensor tensor, size_t index, jobject bytes);
void lite_set_log(JNIEnv* env, jobject log);

/* Operators of the program's own. */
LiteCode LITE_unregister_operator(const char* domain, const char* name, int since_version);
LiteCode LITE_load_operator_library(const char* path);
LiteCode LITE_operator_get_node_name(LiteOperatorContext context, const char** name);
LiteCode LITE_operator_get_input_count(LiteOperatorContext context, size_t* count);
LiteCode LITE_operator_get_output_count(LiteOperatorContext context, size_t* count);
LiteCode LITE_operator_set_output(LiteOperatorContext context, size_t index, int dtype, int rank, const int64_t* dims);
LiteCode LITE_operator_set_error(LiteOperatorContext context, const char* message);
LiteCode LITE_operator_should_stop(LiteOperatorContext context, int* stop);
LiteCode LITE_operator_get_threads(LiteOperatorContext context, size_t* threads);
LiteCode LITE_operator_get_attribute_count(LiteOperatorContext context, size_t* count);
LiteCode LITE_operator_get_attribute_name(LiteOperatorContext context, size_t index, const char** name);
LiteCode lite_operator_parallel(JNIEnv* env, LiteOperatorContext context, int64_t count, jobject loop);
jobject lite_operator_string(JNIEnv* env, LiteOperatorContext context, size_t index, size_t element);
LiteCode lite_operator_set_string(JNIEnv* env, LiteOperatorContext context, size_t index, size_t element, jobject bytes);
jobject lite_attribute_strings(JNIEnv* env, LiteOperatorContext context, const char* name);
jobject lite_attribute_tensor(JNIEnv* env, LiteOperatorContext context, const char* name);
LiteCode lite_register_operator(JNIEnv* env, jobject receiver, const char* domain, const char* name, int since_version,
                                int flags, int has_infer, int min_inputs, int max_inputs, int min_outputs, int max_outputs);
LiteCode lite_operator_allocate(LiteOperatorContext context, size_t index, int dtype, int rank, const int64_t* dims);
jobject lite_operator_tensor(JNIEnv* env, LiteOperatorContext context, size_t index, int output);
long long lite_attribute_int(JNIEnv* env, LiteOperatorContext context, const char* name, long long missing);
float lite_attribute_float(JNIEnv* env, LiteOperatorContext context, const char* name, float missing);
jobject lite_attribute_string(JNIEnv* env, LiteOperatorContext context, const char* name);
jobject lite_attribute_ints(JNIEnv* env, LiteOperatorContext context, const char* name);
jobject lite_attribute_floats(JNIEnv* env, LiteOperatorContext context, const char* name);
