/* The part of the Java binding's native half that SWIG does not write; lite.i includes it behind
 * lite_dynamic.h. */
#ifndef LITE_BINDINGS_JNI_H_
#define LITE_BINDINGS_JNI_H_

#include <jni.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

typedef int LiteCode;

static JavaVM* lite_vm;

/* ---- texts and errors ---- */

/* A copy of the bytes with a NUL behind; NULL with an exception when there is no memory. */
static char* lite_jni_take_text(JNIEnv* env, jbyteArray bytes) {
  const jsize length = (*env)->GetArrayLength(env, bytes);
  char* const text = malloc((size_t)length + 1);
  if (text == NULL) {
    const jclass error = (*env)->FindClass(env, "java/lang/OutOfMemoryError");
    if (error != NULL) (*env)->ThrowNew(env, error, "no memory for a text");
    return NULL;
  }
  (*env)->GetByteArrayRegion(env, bytes, 0, length, (jbyte*)text);
  text[length] = '\0';
  return text;
}

static jbyteArray lite_jni_bytes(JNIEnv* env, const char* data, size_t size) {
  const jbyteArray bytes = (*env)->NewByteArray(env, (jsize)size);
  if (bytes != NULL) (*env)->SetByteArrayRegion(env, bytes, 0, (jsize)size, (const jbyte*)data);
  return bytes;
}

static jbyteArray lite_jni_text(JNIEnv* env, const char* text) {
  return text == NULL ? NULL : lite_jni_bytes(env, text, strlen(text));
}

static void lite_jni_fail(JNIEnv* env, int code, const char* message) {
  if ((*env)->ExceptionCheck(env)) return;
  const jbyteArray text = lite_jni_text(env, message);
  const jbyteArray name = lite_jni_text(env, LITE_get_status_name(code));
  if (text == NULL || name == NULL) return;
  const jclass type = (*env)->FindClass(env, "org/lite/LiteException");
  if (type == NULL) return;
  const jmethodID make = (*env)->GetStaticMethodID(env, type, "of", "(I[B[B)Lorg/lite/LiteException;");
  if (make == NULL) return;
  const jthrowable error = (*env)->CallStaticObjectMethod(env, type, make, (jint)code, text, name);
  if (!(*env)->ExceptionCheck(env)) (*env)->Throw(env, error);
}

/* ---- the library ---- */

static const char* lite_open(const char* path) {
  static char message[2048];
  return lite_dynamic_open(path, message, sizeof message) ? NULL : message;
}

JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM* vm, void* reserved) {
  (void)reserved;
  lite_vm = vm;
  return JNI_VERSION_1_8;
}

/* ---- networks ---- */

static LiteCode lite_make(LiteDeviceType type, int device, LiteNetwork* network) {
  LiteConfig config = LITE_CONFIG_INIT;
  config.device_type = type;
  config.device_id = device;
  return LITE_make_network_config(network, config);
}

/* The calling thread's environment. One of the library's own becomes a daemon of Java's, until it ends. */
static pthread_key_t lite_attached;
static pthread_once_t lite_attached_once = PTHREAD_ONCE_INIT;

static void lite_detach(void* env) {
  (void)env;
  (*lite_vm)->DetachCurrentThread(lite_vm);
}

static void lite_make_key(void) { pthread_key_create(&lite_attached, lite_detach); }

static JNIEnv* lite_env(void) {
  JNIEnv* env = NULL;
  if ((*lite_vm)->GetEnv(lite_vm, (void**)&env, JNI_VERSION_1_8) == JNI_OK) return env;
  if ((*lite_vm)->AttachCurrentThreadAsDaemon(lite_vm, (void**)&env, NULL) != JNI_OK) return NULL;
  pthread_once(&lite_attached_once, lite_make_key);
  pthread_setspecific(lite_attached, env);
  return env;
}

static void lite_release(void* reference) {
  JNIEnv* const env = lite_env();
  if (env != NULL) (*env)->DeleteGlobalRef(env, reference);
}

/* A copy of Java's bytes of a key, and its end. */
static uint8_t* lite_take_key(JNIEnv* env, jobject key, size_t* size) {
  *size = key == NULL ? 0 : (size_t)(*env)->GetArrayLength(env, key);
  return *size == 0 ? NULL : (uint8_t*)lite_jni_take_text(env, key);
}

static void lite_wipe_key(uint8_t* key, size_t size) {
  for (volatile uint8_t* p = key; size > 0; --size) *p++ = 0;
  free(key);
}

static LiteCode lite_set_key(const char* method, jobject key) {
  size_t size = 0;
  uint8_t* const data = lite_take_key(lite_env(), key, &size);
  if (data == NULL && size != 0) return LITE_OUT_OF_MEMORY;
  const LiteCode code = LITE_update_decryption_or_key(method, NULL, data, size);
  lite_wipe_key(data, size);
  return code;
}

static LiteLoadOptions lite_options(const char* format, const char* base_directory, uint64_t max_bytes,
                                    uint64_t max_nodes, uint8_t* key, size_t key_size) {
  LiteLoadOptions options = LITE_LOAD_OPTIONS_INIT;
  options.format = format;
  options.base_directory = base_directory;
  options.max_bytes = max_bytes;
  options.max_nodes = max_nodes;
  options.key_data = key;
  options.key_size = key_size;
  return options;
}

/* With check the model is not loaded, only looked at. */
static LiteCode lite_load_file(LiteNetwork network, const char* path, int check, const char* format,
                               const char* base_directory, uint64_t max_bytes, uint64_t max_nodes,
                               jobject key) {
  size_t key_size = 0;
  uint8_t* const key_data = lite_take_key(lite_env(), key, &key_size);
  if (key_data == NULL && key_size != 0) return LITE_OUT_OF_MEMORY;
  const LiteLoadOptions options =
      lite_options(format, base_directory, max_bytes, max_nodes, key_data, key_size);
  const LiteCode code =
      check ? LITE_check_model(network, path, &options) : LITE_load_model_file(network, path, &options);
  lite_wipe_key(key_data, key_size);
  return code;
}

/* With keep, a global reference to the buffer, the bytes are used in place. */
static LiteCode lite_load_memory(LiteNetwork network, const void* data, size_t size, int check,
                                 const char* format, const char* base_directory, uint64_t max_bytes,
                                 uint64_t max_nodes, jobject key, jobject keep) {
  JNIEnv* const env = lite_env();
  size_t key_size = 0;
  uint8_t* const key_data = lite_take_key(env, key, &key_size);
  if (key_data == NULL && key_size != 0) return LITE_OUT_OF_MEMORY;
  LiteLoadOptions options = lite_options(format, base_directory, max_bytes, max_nodes, key_data, key_size);
  if (keep != NULL) {
    options.flags = LITE_LOAD_NO_COPY;
    options.user_data = (*env)->NewGlobalRef(env, keep);
    options.release = lite_release;
  }
  const LiteCode code = check ? LITE_check_model_memory(network, data, size, &options)
                              : LITE_load_model_memory(network, data, size, &options);
  if (code != LITE_OK && keep != NULL) (*env)->DeleteGlobalRef(env, options.user_data);
  lite_wipe_key(key_data, key_size);
  return code;
}

static int lite_get_device(LiteNetwork network) {
  LiteDeviceType type = LITE_CPU;
  return LITE_get_device_type(network, &type) == LITE_OK ? (int)type : -1;
}

/* ---- tensors ---- */

static int lite_get_dtype(LiteTensor tensor) {
  LiteDataType type = LITE_FLOAT;
  return LITE_get_tensor_dtype(tensor, &type) == LITE_OK ? (int)type : -1;
}

static jobject lite_get_memory(JNIEnv* env, LiteTensor tensor, size_t size) {
  void* data = NULL;
  const int code = LITE_get_tensor_memory(tensor, &data);
  if (code != LITE_OK) {
    lite_jni_fail(env, code, LITE_get_last_error());
    return NULL;
  }
  return (*env)->NewDirectByteBuffer(env, data, (jlong)size);
}

static jobject lite_get_string(JNIEnv* env, LiteTensor tensor, size_t index) {
  const char* data = NULL;
  size_t size = 0;
  const int code = LITE_get_tensor_string(tensor, index, &data, &size);
  if (code != LITE_OK) {
    lite_jni_fail(env, code, LITE_get_last_error());
    return NULL;
  }
  return lite_jni_bytes(env, data, size);
}

static void lite_set_string(JNIEnv* env, LiteTensor tensor, size_t index, jobject bytes) {
  const jsize size = (*env)->GetArrayLength(env, bytes);
  char* const text = lite_jni_take_text(env, bytes);
  if (text == NULL) return;
  const int code = LITE_set_tensor_string(tensor, index, text, (size_t)size);
  free(text);
  if (code != LITE_OK) lite_jni_fail(env, code, LITE_get_last_error());
}

/* ---- the log ---- */

static int lite_get_log_level(void) {
  LiteLogLevel level = LITE_LOG_ERROR;
  return LITE_get_log_level(&level) == LITE_OK ? (int)level : -1;
}

static void lite_log(LiteLogLevel level, const char* message, void* receiver) {
  JNIEnv* const env = lite_env();
  /* A library thread is in no Java frame, which would free its references; one that runs Java code keeps them
   * few. */
  if (env == NULL || (*env)->ExceptionCheck(env) || (*env)->PushLocalFrame(env, 8) != 0) return;
  const jbyteArray text = lite_jni_text(env, message);
  const jclass type = (*env)->GetObjectClass(env, receiver);
  const jmethodID method = (*env)->GetMethodID(env, type, "log", "(I[B)V");
  if (text != NULL && method != NULL) (*env)->CallVoidMethod(env, receiver, method, (jint)level, text);
  if ((*env)->ExceptionCheck(env)) (*env)->ExceptionClear(env);
  (*env)->PopLocalFrame(env, NULL);
}

/* The old receiver is called no more when LITE_set_log_callback returns. */
static void lite_set_log(JNIEnv* env, jobject log) {
  static jobject present;
  const jobject next = log == NULL ? NULL : (*env)->NewGlobalRef(env, log);
  LITE_set_log_callback(log == NULL ? NULL : lite_log, next);
  if (present != NULL) (*env)->DeleteGlobalRef(env, present);
  present = next;
}

/* ---- operators of the program's own ---- */

/* Java's side catches what is thrown, and gives a code. */
static int lite_call_operator(jobject receiver, LiteOperatorContext context, int infer) {
  JNIEnv* const env = lite_env();
  if (env == NULL || (*env)->PushLocalFrame(env, 16) != 0) return LITE_OUT_OF_MEMORY;
  const jclass type = (*env)->GetObjectClass(env, receiver);
  const jmethodID call = (*env)->GetMethodID(env, type, "call", "(JZ)I");
  jint code = LITE_UNKNOWN_ERROR;
  if (call != NULL)
    code = (*env)->CallIntMethod(env, receiver, call, (jlong)(intptr_t)context, (jboolean)infer);
  if ((*env)->ExceptionCheck(env)) {
    (*env)->ExceptionClear(env);
    code = LITE_UNKNOWN_ERROR;
  }
  (*env)->PopLocalFrame(env, NULL);
  return code;
}

static int lite_operator_infer(void* receiver, LiteOperatorContext context) {
  return lite_call_operator(receiver, context, 1);
}

static int lite_operator_run(void* receiver, void* state, LiteOperatorContext context) {
  (void)state;
  return lite_call_operator(receiver, context, 0);
}

static LiteCode lite_register_operator(JNIEnv* env, jobject receiver, const char* domain, const char* name,
                                       int since_version, int flags, int has_infer, int min_inputs,
                                       int max_inputs, int min_outputs, int max_outputs) {
  LiteOperator op = LITE_OPERATOR_INIT;
  op.flags = (uint32_t)flags;
  op.domain = domain;
  op.name = name;
  op.since_version = since_version;
  op.min_inputs = min_inputs;
  op.max_inputs = max_inputs;
  op.min_outputs = min_outputs;
  op.max_outputs = max_outputs;
  op.infer = has_infer ? lite_operator_infer : NULL;
  op.run = lite_operator_run;
  op.user_data = (*env)->NewGlobalRef(env, receiver);
  op.release = lite_release;
  const LiteCode code = LITE_register_operator(&op);
  if (code != LITE_OK) (*env)->DeleteGlobalRef(env, op.user_data);
  return code;
}

static LiteCode lite_operator_allocate(LiteOperatorContext context, size_t index, int dtype, int rank,
                                       const int64_t* dims) {
  return LITE_operator_allocate_output(context, index, (LiteDataType)dtype, rank, dims, NULL);
}

typedef struct LiteLoop {
  jobject loop;
  jmethodID call;
} LiteLoop;

static int lite_operator_task(void* data, int64_t index) {
  const LiteLoop* const loop = data;
  JNIEnv* const env = lite_env();
  if (env == NULL) return LITE_OUT_OF_MEMORY;
  const jint code = (*env)->CallIntMethod(env, loop->loop, loop->call, (jlong)index);
  if (!(*env)->ExceptionCheck(env)) return code;
  (*env)->ExceptionClear(env);
  return LITE_UNKNOWN_ERROR;
}

/* Calls loop.call(index), which gives a code, for each index. */
static LiteCode lite_operator_parallel(JNIEnv* env, LiteOperatorContext context, int64_t count,
                                       jobject loop) {
  const jclass type = (*env)->GetObjectClass(env, loop);
  LiteLoop task = {(*env)->NewGlobalRef(env, loop), (*env)->GetMethodID(env, type, "call", "(J)I")};
  if (task.loop == NULL || task.call == NULL) return LITE_OUT_OF_MEMORY;
  const LiteCode code = LITE_operator_parallel_for(context, count, lite_operator_task, &task);
  (*env)->DeleteGlobalRef(env, task.loop);
  return code;
}

static jobject lite_operator_string(JNIEnv* env, LiteOperatorContext context, size_t index, size_t element) {
  const char* text = NULL;
  size_t size = 0;
  const int code = LITE_operator_get_input_string(context, index, element, &text, &size);
  if (code == LITE_OK) return lite_jni_bytes(env, text, size);
  lite_jni_fail(env, code, LITE_get_last_error());
  return NULL;
}

static LiteCode lite_operator_set_string(JNIEnv* env, LiteOperatorContext context, size_t index,
                                         size_t element, jobject bytes) {
  char* const text = lite_jni_take_text(env, bytes);
  if (text == NULL) return LITE_OUT_OF_MEMORY;
  const size_t size = (size_t)(*env)->GetArrayLength(env, bytes);
  const LiteCode code = LITE_operator_set_output_string(context, index, element, text, size);
  free(text);
  return code;
}

/* {int[]{present, dtype}, long[] dims or null, ByteBuffer or null}; NULL when code says so, which is thrown.
 */
static jobject lite_jni_operator_tensor(JNIEnv* env, int code, LiteOperatorTensor t) {
  if (code != LITE_OK) {
    lite_jni_fail(env, code, LITE_get_last_error());
    return NULL;
  }
  const jint facts[] = {t.present, t.dtype};
  const jintArray numbers = (*env)->NewIntArray(env, 2);
  if (numbers == NULL) return NULL;
  (*env)->SetIntArrayRegion(env, numbers, 0, 2, facts);
  jlongArray dims = NULL;
  if (t.present && t.rank >= 0) {
    dims = (*env)->NewLongArray(env, t.rank);
    if (dims == NULL) return NULL;
    if (t.rank > 0) (*env)->SetLongArrayRegion(env, dims, 0, t.rank, (const jlong*)t.dims);
  }
  const jobject data =
      t.present && t.data != NULL ? (*env)->NewDirectByteBuffer(env, t.data, (jlong)t.size) : NULL;
  if ((*env)->ExceptionCheck(env)) return NULL;
  const jclass object = (*env)->FindClass(env, "java/lang/Object");
  if (object == NULL) return NULL;
  const jobjectArray all = (*env)->NewObjectArray(env, 3, object, NULL);
  if (all == NULL) return NULL;
  (*env)->SetObjectArrayElement(env, all, 0, numbers);
  (*env)->SetObjectArrayElement(env, all, 1, dims);
  (*env)->SetObjectArrayElement(env, all, 2, data);
  return all;
}

static jobject lite_operator_tensor(JNIEnv* env, LiteOperatorContext context, size_t index, int output) {
  LiteOperatorTensor t = LITE_OPERATOR_TENSOR_INIT;
  const int code =
      output ? LITE_operator_get_output(context, index, &t) : LITE_operator_get_input(context, index, &t);
  return lite_jni_operator_tensor(env, code, t);
}

/* One that is not present if the node does not have the attribute. */
static jobject lite_attribute_tensor(JNIEnv* env, LiteOperatorContext context, const char* name) {
  LiteOperatorTensor t = LITE_OPERATOR_TENSOR_INIT;
  int code = LITE_operator_get_attribute_tensor(context, name, &t);
  t.present = code == LITE_OK;
  if (code == LITE_NOT_FOUND) code = LITE_OK;
  return lite_jni_operator_tensor(env, code, t);
}

/* Whether the node has the attribute; another failure is thrown. */
static int lite_has(JNIEnv* env, int code) {
  if (code != LITE_OK && code != LITE_NOT_FOUND) lite_jni_fail(env, code, LITE_get_last_error());
  return code == LITE_OK;
}

static long long lite_attribute_int(JNIEnv* env, LiteOperatorContext context, const char* name,
                                    long long missing) {
  int64_t value = missing;
  lite_has(env, LITE_operator_get_attribute_int(context, name, &value));
  return value;
}

static float lite_attribute_float(JNIEnv* env, LiteOperatorContext context, const char* name, float missing) {
  lite_has(env, LITE_operator_get_attribute_float(context, name, &missing));
  return missing;
}

static jobject lite_attribute_string(JNIEnv* env, LiteOperatorContext context, const char* name) {
  const char* text = NULL;
  size_t size = 0;
  if (!lite_has(env, LITE_operator_get_attribute_string(context, name, 0, &text, &size))) return NULL;
  return lite_jni_bytes(env, text, size);
}

/* byte[][] */
static jobject lite_attribute_strings(JNIEnv* env, LiteOperatorContext context, const char* name) {
  LiteAttributeType type = LITE_ATTRIBUTE_OTHER;
  size_t length = 0;
  if (!lite_has(env, LITE_operator_get_attribute_type(context, name, &type, &length))) return NULL;
  const jclass bytes = (*env)->FindClass(env, "[B");
  const jobjectArray all = bytes == NULL ? NULL : (*env)->NewObjectArray(env, (jsize)length, bytes, NULL);
  for (size_t i = 0; all != NULL && i < length; ++i) {
    const char* text = NULL;
    size_t size = 0;
    if (!lite_has(env, LITE_operator_get_attribute_string(context, name, i, &text, &size))) return NULL;
    const jbyteArray element = lite_jni_bytes(env, text, size);
    if (element == NULL) return NULL;
    (*env)->SetObjectArrayElement(env, all, (jsize)i, element);
    (*env)->DeleteLocalRef(env, element);
  }
  return all;
}

static jobject lite_attribute_ints(JNIEnv* env, LiteOperatorContext context, const char* name) {
  const int64_t* values = NULL;
  size_t length = 0;
  if (!lite_has(env, LITE_operator_get_attribute_ints(context, name, &values, &length))) return NULL;
  const jlongArray all = (*env)->NewLongArray(env, (jsize)length);
  if (all != NULL && length > 0) (*env)->SetLongArrayRegion(env, all, 0, (jsize)length, (const jlong*)values);
  return all;
}

static jobject lite_attribute_floats(JNIEnv* env, LiteOperatorContext context, const char* name) {
  const float* values = NULL;
  size_t length = 0;
  if (!lite_has(env, LITE_operator_get_attribute_floats(context, name, &values, &length))) return NULL;
  const jfloatArray all = (*env)->NewFloatArray(env, (jsize)length);
  if (all != NULL && length > 0) (*env)->SetFloatArrayRegion(env, all, 0, (jsize)length, values);
  return all;
}

#endif
