/*
 * The layer between R and liblite. R code calls the functions at the end of this file; what they get is
 * checked in R.
 *
 * Arrays: R's are column-major, the library's row-major. An element [i, j, k] is the same element on both
 * sides, so elements are permuted when they are copied. Everything here runs in R's thread, but for what says
 * otherwise; the library's threads never call R.
 */
#define R_NO_REMAP
#include <R.h>
#include <R_ext/Rdynload.h>
#include <Rinternals.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include "lite_dynamic.h"

typedef struct {
  LiteNetwork handle; /* NULL: closed */
  long runs;          /* started; views of outputs remember it */
  int running;        /* a run was started and not waited for */
  atomic_int over;    /* it is over: set by a thread of the library's */
} Network;

typedef struct {
  LiteTensor memory; /* shares the output's, and keeps it; NULL: gone */
  long run;
} View;

static SEXP namespace_;

/* ---- errors ---- */

static void fail_with(int code, const char* text) {
  SEXP call = PROTECT(Rf_lang4(Rf_install(".stop"), Rf_ScalarInteger(code), R_NilValue, R_NilValue));
  SETCADDR(call, Rf_ScalarString(Rf_mkCharCE(text, CE_UTF8)));
  SETCADDDR(call, Rf_mkString(LITE_get_status_name(code)));
  Rf_eval(call, namespace_);
  Rf_error("%s", text); /* not reached: .stop does not return */
}

static void check(int code) {
  if (code == LITE_OK) return;
  char text[2048];
  snprintf(text, sizeof text, "%s", LITE_get_last_error());
  fail_with(code, text);
}

static Network* network_of(SEXP pointer) {
  if (TYPEOF(pointer) != EXTPTRSXP) Rf_error("a network is wanted, as lite_load gives it");
  Network* const n = R_ExternalPtrAddr(pointer);
  if (n == NULL || n->handle == NULL) fail_with(LITE_CLOSED, "the network is closed");
  return n;
}

static SEXP text_of(const char* text) {
  return Rf_ScalarString(text == NULL ? NA_STRING : Rf_mkCharCE(text, CE_UTF8));
}

static SEXP take_text(char* text) {
  SEXP result = PROTECT(text_of(text));
  LITE_free_string(text);
  UNPROTECT(1);
  return result;
}

static const char* utf8(SEXP text) {
  if (text == R_NilValue) return NULL;
  if (TYPEOF(text) != STRSXP || XLENGTH(text) != 1 || STRING_ELT(text, 0) == NA_STRING)
    Rf_error("one text is wanted");
  return Rf_translateCharUTF8(STRING_ELT(text, 0));
}

/* ---- numbers that C has no type for ---- */

static float bits_to_float(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static uint32_t float_to_bits(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

static double half_to_double(uint16_t h) {
  const int exponent = h >> 10 & 31;
  const double mantissa = h & 1023;
  const double size = exponent == 31  ? (mantissa != 0 ? NAN : INFINITY)
                      : exponent == 0 ? ldexp(mantissa, -24)
                                      : ldexp(1024 + mantissa, exponent - 25);
  return h >> 15 ? -size : size;
}

/* Nearest, ties to even: nearbyint is so in R. */
static uint16_t double_to_half(double value) {
  const uint16_t sign = signbit(value) ? 0x8000 : 0;
  const double size = fabs(value);
  if (isnan(value)) return sign | 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  int exponent;
  frexp(size, &exponent);
  if (exponent < -13) return sign | (uint16_t)nearbyint(ldexp(size, 24));
  const double scaled = nearbyint(ldexp(size, 11 - exponent)); /* 1024 to 2048 */
  return sign | (uint16_t)(((exponent + 14) << 10) + (int)scaled - 1024);
}

static uint16_t double_to_bfloat16(double value) {
  const uint32_t bits = float_to_bits((float)value);
  if (isnan(value)) return (uint16_t)(bits >> 16 | 0x40);
  return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

/* ---- elements ---- */

/* Goes through an array in row-major order and tells the place in R's. */
typedef struct {
  int rank;
  int64_t dims[LITE_MAX_RANK], index[LITE_MAX_RANK], step[LITE_MAX_RANK];
  int64_t at;
} Walk;

static void walk_begin(Walk* w, int rank, const int64_t* dims) {
  w->rank = rank;
  w->at = 0;
  int64_t step = 1;
  for (int i = 0; i < rank; ++i) {
    w->dims[i] = dims[i];
    w->index[i] = 0;
    w->step[i] = step;
    step *= dims[i];
  }
}

static void walk_next(Walk* w) {
  for (int i = w->rank - 1; i >= 0; --i) {
    w->at += w->step[i];
    if (++w->index[i] < w->dims[i]) return;
    w->at -= w->index[i] * w->step[i];
    w->index[i] = 0;
  }
}

static int64_t count_of(int rank, const int64_t* dims) {
  int64_t count = 1;
  for (int i = 0; i < rank; ++i) count *= dims[i];
  return count;
}

static double number_at(SEXP x, int64_t i) {
  switch (TYPEOF(x)) {
    case REALSXP:
      return REAL(x)[i];
    case INTSXP:
      if (INTEGER(x)[i] == NA_INTEGER)
        fail_with(LITE_INVALID_ARGUMENT, "NA cannot be an element of a tensor");
      return INTEGER(x)[i];
    case LGLSXP:
      if (LOGICAL(x)[i] == NA_LOGICAL)
        fail_with(LITE_INVALID_ARGUMENT, "NA cannot be an element of a tensor");
      return LOGICAL(x)[i];
    default:
      return RAW(x)[i];
  }
}

static double whole_number(double value, double least, double most) {
  if (!(value >= least && value <= most) || value != floor(value)) {
    char text[160];
    snprintf(text, sizeof text, "%.17g is no whole number from %.17g to %.17g, which the element type wants",
             value, least, most);
    fail_with(LITE_INVALID_ARGUMENT, text);
  }
  return value;
}

static void write_number(int dtype, void* to, int64_t i, double v) {
  switch (dtype) {
    case LITE_FLOAT:
      ((float*)to)[i] = (float)v;
      break;
    case LITE_DOUBLE:
      ((double*)to)[i] = v;
      break;
    case LITE_HALF:
      ((uint16_t*)to)[i] = double_to_half(v);
      break;
    case LITE_BFLOAT16:
      ((uint16_t*)to)[i] = double_to_bfloat16(v);
      break;
    case LITE_INT8:
      ((int8_t*)to)[i] = (int8_t)whole_number(v, INT8_MIN, INT8_MAX);
      break;
    case LITE_INT16:
      ((int16_t*)to)[i] = (int16_t)whole_number(v, INT16_MIN, INT16_MAX);
      break;
    case LITE_INT:
      ((int32_t*)to)[i] = (int32_t)whole_number(v, INT32_MIN, INT32_MAX);
      break;
    case LITE_INT64:
      ((int64_t*)to)[i] = (int64_t)whole_number(v, -9223372036854775808.0, 9223372036854774784.0);
      break;
    case LITE_UINT16:
      ((uint16_t*)to)[i] = (uint16_t)whole_number(v, 0, UINT16_MAX);
      break;
    case LITE_UINT:
      ((uint32_t*)to)[i] = (uint32_t)whole_number(v, 0, UINT32_MAX);
      break;
    case LITE_UINT64:
      ((uint64_t*)to)[i] = (uint64_t)whole_number(v, 0, 18446744073709549568.0);
      break;
    case LITE_BOOL:
      ((uint8_t*)to)[i] = v != 0;
      break;
    default:
      ((uint8_t*)to)[i] = (uint8_t)whole_number(v, 0, UINT8_MAX);
      break;
  }
}

static double read_number(int dtype, const void* from, int64_t i) {
  switch (dtype) {
    case LITE_FLOAT:
      return ((const float*)from)[i];
    case LITE_DOUBLE:
      return ((const double*)from)[i];
    case LITE_HALF:
      return half_to_double(((const uint16_t*)from)[i]);
    case LITE_BFLOAT16:
      return bits_to_float((uint32_t)((const uint16_t*)from)[i] << 16);
    case LITE_INT8:
      return ((const int8_t*)from)[i];
    case LITE_INT16:
      return ((const int16_t*)from)[i];
    case LITE_INT:
      return ((const int32_t*)from)[i];
    case LITE_INT64:
      return (double)((const int64_t*)from)[i];
    case LITE_UINT16:
      return ((const uint16_t*)from)[i];
    case LITE_UINT:
      return ((const uint32_t*)from)[i];
    case LITE_UINT64:
      return (double)((const uint64_t*)from)[i];
    default:
      return ((const uint8_t*)from)[i];
  }
}

/* How R holds elements of a type. Whole numbers of up to 32 bits are integers, but for those that R's NA
 * would hide. */
static int holder_of(int dtype, const void* data, int64_t count) {
  switch (dtype) {
    case LITE_BOOL:
      return LGLSXP;
    case LITE_INT:
      for (int64_t i = 0; i < count; ++i)
        if (((const int32_t*)data)[i] == INT32_MIN) return REALSXP;
      return INTSXP;
    case LITE_INT8:
    case LITE_INT16:
    case LITE_UINT8:
    case LITE_UINT16:
      return INTSXP;
    case LITE_STRING:
      return STRSXP;
    case LITE_COMPLEX64:
    case LITE_COMPLEX128:
      return CPLXSXP;
    case LITE_FLOAT:
    case LITE_DOUBLE:
    case LITE_HALF:
    case LITE_BFLOAT16:
    case LITE_INT64:
    case LITE_UINT:
    case LITE_UINT64:
      return REALSXP;
    default:
      return RAWSXP; /* the bytes of types that R has nothing for */
  }
}

static SEXP char_of(const char* text, size_t size) {
  if (memchr(text, 0, size) != NULL)
    fail_with(LITE_UNSUPPORTED, "a text with a NUL in it cannot be held in R");
  return Rf_mkCharLenCE(text, (int)size, CE_UTF8);
}

static SEXP string_at(LiteTensor t, int64_t i) {
  const char* text = NULL;
  size_t size = 0;
  check(LITE_get_tensor_string(t, (size_t)i, &text, &size));
  return char_of(text, size);
}

static int facts_of(LiteTensor t, LiteDataType* dtype, int64_t* dims) {
  int rank = 0;
  check(LITE_get_tensor_dtype(t, dtype));
  check(LITE_get_tensor_rank(t, &rank));
  if (rank < 0) fail_with(LITE_INVALID_ARGUMENT, "the tensor has no shape yet");
  check(LITE_get_tensor_dims(t, rank, dims));
  return rank;
}

/* Elements where they lie, in row-major order. Texts are asked for one by one. */
typedef struct {
  int dtype, rank;
  const int64_t* dims;
  const void* data;
  size_t size;
  SEXP (*text)(const void* owner, int64_t i);
  const void* owner;
} Elements;

/* All of them, as an array from rank 2 on. */
static SEXP read_elements(const Elements* e) {
  const int dtype = e->dtype, rank = e->rank;
  const int64_t* const dims = e->dims;
  const void* const data = e->data;
  const int64_t count = count_of(rank, dims);
  const int holder = holder_of(dtype, data, count);
  if (holder == RAWSXP) {
    const size_t size = e->size;
    SEXP raw = PROTECT(Rf_allocVector(RAWSXP, (R_xlen_t)size));
    if (size > 0) memcpy(RAW(raw), data, size);
    UNPROTECT(1);
    return raw;
  }
  SEXP x = PROTECT(Rf_allocVector((SEXPTYPE)holder, (R_xlen_t)count));
  Walk w;
  walk_begin(&w, rank, dims);
  for (int64_t i = 0; i < count; ++i, walk_next(&w)) {
    switch (holder) {
      case LGLSXP:
        LOGICAL(x)[w.at] = ((const uint8_t*)data)[i] != 0;
        break;
      case INTSXP:
        INTEGER(x)[w.at] = (int)read_number(dtype, data, i);
        break;
      case STRSXP:
        SET_STRING_ELT(x, w.at, e->text(e->owner, i));
        break;
      case CPLXSXP: {
        const int real = dtype == LITE_COMPLEX64 ? LITE_FLOAT : LITE_DOUBLE;
        COMPLEX(x)[w.at].r = read_number(real, data, 2 * i);
        COMPLEX(x)[w.at].i = read_number(real, data, 2 * i + 1);
        break;
      }
      default:
        REAL(x)[w.at] = read_number(dtype, data, i);
        break;
    }
  }
  if (rank > 1) {
    SEXP shape = PROTECT(Rf_allocVector(INTSXP, rank));
    for (int i = 0; i < rank; ++i) INTEGER(shape)[i] = (int)dims[i];
    Rf_setAttrib(x, R_DimSymbol, shape);
    UNPROTECT(1);
  }
  UNPROTECT(1);
  return x;
}

static SEXP text_of_tensor(const void* tensor, int64_t i) { return string_at((LiteTensor)tensor, i); }

static SEXP read_tensor(LiteTensor t) {
  LiteDataType dtype;
  int64_t dims[LITE_MAX_RANK];
  const int rank = facts_of(t, &dtype, dims);
  void* data = NULL;
  size_t size = 0;
  if (dtype != LITE_STRING && count_of(rank, dims) > 0) {
    check(LITE_get_tensor_memory(t, &data));
    check(LITE_get_tensor_total_size_in_byte(t, &size));
  }
  const Elements e = {(int)dtype, rank, dims, data, size, text_of_tensor, t};
  return read_elements(&e);
}

/* ---- the library ---- */

static SEXP open_(SEXP path) {
  char message[2048];
  return lite_dynamic_open(utf8(path), message, sizeof message) ? R_NilValue : text_of(message);
}

static SEXP version(void) {
  int major, minor, patch;
  check(LITE_get_version(&major, &minor, &patch));
  char text[64];
  snprintf(text, sizeof text, "%d.%d.%d", major, minor, patch);
  return text_of(text);
}

static SEXP build_info(void) { return text_of(LITE_get_build_info()); }

static SEXP operators(void) {
  char* json = NULL;
  check(LITE_get_operators(&json));
  return take_text(json);
}

static SEXP load_operators(SEXP path) {
  check(LITE_load_operator_library(utf8(path)));
  return R_NilValue;
}

static SEXP options_(void) {
  size_t count = 0;
  check(LITE_get_option_count(&count));
  SEXP columns = PROTECT(Rf_allocVector(VECSXP, 5));
  for (int c = 0; c < 5; ++c) SET_VECTOR_ELT(columns, c, Rf_allocVector(STRSXP, (R_xlen_t)count));
  for (size_t i = 0; i < count; ++i) {
    LiteOptionInfo info = LITE_OPTION_INFO_INIT;
    check(LITE_get_option_info(i, &info));
    const char* const texts[] = {info.scope == LITE_OPTION_PROCESS ? "process" : "network", info.key,
                                 info.type, info.default_value, info.description};
    for (int c = 0; c < 5; ++c)
      SET_STRING_ELT(VECTOR_ELT(columns, c), (R_xlen_t)i, Rf_mkCharCE(texts[c], CE_UTF8));
  }
  UNPROTECT(1);
  return columns;
}

static LiteNetwork maybe_network(SEXP pointer) {
  return pointer == R_NilValue ? NULL : network_of(pointer)->handle;
}

static SEXP set_option(SEXP network, SEXP key, SEXP value) {
  check(LITE_set_option(maybe_network(network), utf8(key), utf8(value)));
  return R_NilValue;
}

static SEXP get_option(SEXP network, SEXP key) {
  const char* value = NULL;
  check(LITE_get_option(maybe_network(network), utf8(key), &value));
  return text_of(value);
}

static SEXP get_threads(void) {
  size_t threads = 0;
  check(LITE_get_process_threads(&threads));
  return Rf_ScalarInteger((int)threads);
}

static SEXP set_threads(SEXP threads) {
  check(LITE_set_process_threads((size_t)Rf_asInteger(threads)));
  return R_NilValue;
}

static SEXP device_count(SEXP type) {
  size_t count = 0;
  check(LITE_get_device_count((LiteDeviceType)Rf_asInteger(type), &count));
  return Rf_ScalarInteger((int)count);
}

/* Messages come from any thread and wait here until R's thread takes them. */
typedef struct Line {
  struct Line* next;
  int level;
  char text[];
} Line;
static pthread_mutex_t lines_lock = PTHREAD_MUTEX_INITIALIZER;
static Line *first_line, *last_line;

static void on_log(LiteLogLevel level, const char* message, void* user_data) {
  (void)user_data;
  const size_t size = strlen(message) + 1;
  Line* const line = malloc(sizeof *line + size);
  if (line == NULL) return;
  line->next = NULL;
  line->level = (int)level;
  memcpy(line->text, message, size);
  pthread_mutex_lock(&lines_lock);
  *(first_line == NULL ? &first_line : &last_line->next) = line;
  last_line = line;
  pthread_mutex_unlock(&lines_lock);
}

static SEXP take_lines(void) {
  pthread_mutex_lock(&lines_lock);
  Line* line = first_line;
  first_line = last_line = NULL;
  pthread_mutex_unlock(&lines_lock);
  int count = 0;
  for (const Line* l = line; l != NULL; l = l->next) ++count;
  SEXP levels = PROTECT(Rf_allocVector(INTSXP, count)), texts = PROTECT(Rf_allocVector(STRSXP, count));
  for (int i = 0; i < count; ++i) {
    INTEGER(levels)[i] = line->level;
    SET_STRING_ELT(texts, i, Rf_mkCharCE(line->text, CE_UTF8));
    Line* const next = line->next;
    free(line);
    line = next;
  }
  SEXP both = PROTECT(Rf_allocVector(VECSXP, 2));
  SET_VECTOR_ELT(both, 0, levels);
  SET_VECTOR_ELT(both, 1, texts);
  UNPROTECT(3);
  return both;
}

static SEXP set_log(SEXP on, SEXP level) {
  check(LITE_set_log_level((LiteLogLevel)Rf_asInteger(level)));
  check(LITE_set_log_callback(Rf_asLogical(on) ? on_log : NULL, NULL));
  return R_NilValue;
}

static void pump(Network* n, double microseconds);
static void stop(Network* n);

/* ---- networks ---- */

/* R's collector does not see the library's memory: when there are many networks, those that nobody closed are
 * collected. Half of them must be in use before it happens less often. */
static int live_networks, many_networks = 64;

static void collect_networks(void) {
  if (live_networks < many_networks) return;
  R_gc();
  many_networks = live_networks < 32 ? 64 : 2 * live_networks;
}

static void close_network(SEXP pointer) {
  Network* const n = R_ExternalPtrAddr(pointer);
  if (n == NULL) return;
  if (n->handle != NULL) {
    if (n->running) stop(n);
    LITE_destroy_network(n->handle);
    --live_networks;
  }
  free(n);
  R_ClearExternalPtr(pointer);
}

static SEXP make(SEXP device, SEXP device_id) {
  LiteConfig config = LITE_CONFIG_INIT;
  config.device_type = (LiteDeviceType)Rf_asInteger(device);
  config.device_id = Rf_asInteger(device_id);
  collect_networks();
  Network* const n = calloc(1, sizeof *n);
  if (n == NULL) Rf_error("no memory");
  SEXP pointer = PROTECT(R_MakeExternalPtr(n, R_NilValue, R_NilValue));
  R_RegisterCFinalizerEx(pointer, close_network, TRUE);
  check(LITE_make_network_config(&n->handle, config));
  ++live_networks;
  UNPROTECT(1);
  return pointer;
}

/* With check_only the model is not loaded, only looked at. */
static SEXP load(SEXP network, SEXP model, SEXP format, SEXP base_directory, SEXP max_bytes, SEXP max_nodes,
                 SEXP key, SEXP check_only) {
  Network* const n = network_of(network);
  const int only = Rf_asLogical(check_only);
  LiteLoadOptions options = LITE_LOAD_OPTIONS_INIT;
  options.format = utf8(format);
  options.base_directory = utf8(base_directory);
  options.max_bytes = (uint64_t)Rf_asReal(max_bytes);
  options.max_nodes = (uint64_t)Rf_asReal(max_nodes);
  if (key != R_NilValue) {
    options.key_data = RAW(key);
    options.key_size = (size_t)XLENGTH(key);
  }
  if (TYPEOF(model) == RAWSXP) {
    const size_t size = (size_t)XLENGTH(model);
    check(only ? LITE_check_model_memory(n->handle, RAW(model), size, &options)
               : LITE_load_model_memory(n->handle, RAW(model), size, &options));
  } else {
    const char* const path = utf8(model);
    check(only ? LITE_check_model(n->handle, path, &options)
               : LITE_load_model_file(n->handle, path, &options));
  }
  return R_NilValue;
}

static SEXP set_key(SEXP method, SEXP key) {
  check(LITE_update_decryption_or_key(utf8(method), NULL, RAW(key), (size_t)XLENGTH(key)));
  return R_NilValue;
}

static SEXP share(SEXP to, SEXP from) {
  check(LITE_shared_weight_with_network(network_of(to)->handle, network_of(from)->handle));
  return R_NilValue;
}

static SEXP close_(SEXP pointer) {
  close_network(pointer);
  return R_NilValue;
}

static SEXP is_closed(SEXP pointer) { return Rf_ScalarLogical(R_ExternalPtrAddr(pointer) == NULL); }

/* name, dtype, kind, type, has_default, dims (-1 open; NULL unknown), names of dims */
static SEXP infos(SEXP network, SEXP output) {
  const LiteNetwork net = network_of(network)->handle;
  const int out = Rf_asLogical(output);
  size_t count = 0;
  check(out ? LITE_get_output_count(net, &count) : LITE_get_input_count(net, &count));
  SEXP all = PROTECT(Rf_allocVector(VECSXP, (R_xlen_t)count));
  for (size_t i = 0; i < count; ++i) {
    LiteIOInfo info = LITE_IO_INFO_INIT;
    check(out ? LITE_get_output_info(net, i, &info) : LITE_get_input_info(net, i, &info));
    SEXP one = Rf_allocVector(VECSXP, 7);
    SET_VECTOR_ELT(all, (R_xlen_t)i, one);
    SET_VECTOR_ELT(one, 0, text_of(info.name));
    SET_VECTOR_ELT(one, 1, text_of(LITE_get_dtype_name(info.dtype)));
    SET_VECTOR_ELT(one, 2, Rf_ScalarInteger((int)info.kind));
    SET_VECTOR_ELT(one, 3, text_of(info.type));
    SET_VECTOR_ELT(one, 4, Rf_ScalarLogical(info.has_default));
    if (info.rank < 0) continue;
    SET_VECTOR_ELT(one, 5, Rf_allocVector(REALSXP, info.rank));
    SET_VECTOR_ELT(one, 6, Rf_allocVector(STRSXP, info.rank));
    for (int d = 0; d < info.rank; ++d) {
      const char* const name = info.dim_names == NULL ? NULL : info.dim_names[d];
      REAL(VECTOR_ELT(one, 5))[d] = (double)info.dims[d];
      SET_STRING_ELT(VECTOR_ELT(one, 6), d, name == NULL ? NA_STRING : Rf_mkCharCE(name, CE_UTF8));
    }
  }
  UNPROTECT(1);
  return all;
}

static SEXP metadata(SEXP network) {
  const LiteNetwork net = network_of(network)->handle;
  size_t count = 0;
  check(LITE_get_metadata_count(net, &count));
  SEXP values = PROTECT(Rf_allocVector(STRSXP, (R_xlen_t)count)),
       keys = PROTECT(Rf_allocVector(STRSXP, (R_xlen_t)count));
  for (size_t i = 0; i < count; ++i) {
    const char *key = NULL, *value = NULL;
    check(LITE_get_metadata_item(net, i, &key, &value));
    SET_STRING_ELT(keys, (R_xlen_t)i, Rf_mkCharCE(key, CE_UTF8));
    SET_STRING_ELT(values, (R_xlen_t)i, Rf_mkCharCE(value, CE_UTF8));
  }
  Rf_setAttrib(values, R_NamesSymbol, keys);
  UNPROTECT(2);
  return values;
}

static LiteTensor tensor_of(SEXP network, SEXP name, LiteTensorPhase phase) {
  LiteTensor tensor = NULL;
  check(LITE_get_io_tensor(network_of(network)->handle, utf8(name), phase, &tensor));
  return tensor;
}

static int dtype_named(const char* name) {
  for (int dtype = 0; dtype <= LITE_COMPLEX128; ++dtype)
    if (strcmp(LITE_get_dtype_name((LiteDataType)dtype), name) == 0) return dtype;
  fail_with(LITE_INVALID_ARGUMENT, "there is no such element type");
  return -1;
}

static const char* text_at(SEXP x, int64_t i) {
  if (TYPEOF(x) != STRSXP) fail_with(LITE_SHAPE_MISMATCH, "texts are wanted");
  if (STRING_ELT(x, i) == NA_STRING) fail_with(LITE_INVALID_ARGUMENT, "NA cannot be an element of a tensor");
  return Rf_translateCharUTF8(STRING_ELT(x, i));
}

/* Copies an array, of anything but texts, to elements in row-major order. */
static void write_elements(int dtype, void* data, size_t size, int rank, const int64_t* dims, SEXP x) {
  const int64_t count = count_of(rank, dims);
  const int type = TYPEOF(x);
  if (count == 0) return;
  if (holder_of(dtype, data, 0) == RAWSXP) {
    if (type != RAWSXP || (size_t)XLENGTH(x) != size)
      fail_with(LITE_SHAPE_MISMATCH, "elements of this type are given as raw bytes");
    memcpy(data, RAW(x), size);
    return;
  }
  const int is_complex = dtype == LITE_COMPLEX64 || dtype == LITE_COMPLEX128;
  if (is_complex != (type == CPLXSXP))
    fail_with(LITE_SHAPE_MISMATCH, "complex numbers go with complex element types only");
  if (!is_complex && type != REALSXP && type != INTSXP && type != LGLSXP && type != RAWSXP)
    fail_with(LITE_SHAPE_MISMATCH, "numbers are wanted");
  const int real = dtype == LITE_COMPLEX64 ? LITE_FLOAT : LITE_DOUBLE;
  Walk w;
  walk_begin(&w, rank, dims);
  for (int64_t i = 0; i < count; ++i, walk_next(&w)) {
    if (is_complex) {
      write_number(real, data, 2 * i, COMPLEX(x)[w.at].r);
      write_number(real, data, 2 * i + 1, COMPLEX(x)[w.at].i);
    } else {
      write_number(dtype, data, i, number_at(x, w.at));
    }
  }
}

static int dims_of(SEXP shape, int64_t* dims) {
  const int rank = (int)XLENGTH(shape);
  if (rank > LITE_MAX_RANK) fail_with(LITE_INVALID_ARGUMENT, "more than 64 dimensions");
  for (int i = 0; i < rank; ++i) dims[i] = (int64_t)REAL(shape)[i];
  return rank;
}

/* Copies an array into a tensor that takes its shape. */
static void write_tensor(LiteTensor t, SEXP x, SEXP dtype_name, SEXP shape) {
  const int dtype = dtype_named(utf8(dtype_name));
  int64_t dims[LITE_MAX_RANK];
  const int rank = dims_of(shape, dims);
  check(LITE_set_tensor_dims(t, (LiteDataType)dtype, rank, dims));
  const int64_t count = count_of(rank, dims);
  if (dtype == LITE_STRING) {
    Walk w;
    walk_begin(&w, rank, dims);
    for (int64_t i = 0; i < count; ++i, walk_next(&w)) {
      const char* const text = text_at(x, w.at);
      check(LITE_set_tensor_string(t, (size_t)i, text, strlen(text)));
    }
    return;
  }
  void* data = NULL;
  size_t size = 0;
  if (count > 0) {
    check(LITE_get_tensor_memory(t, &data));
    check(LITE_get_tensor_total_size_in_byte(t, &size));
  }
  write_elements(dtype, data, size, rank, dims, x);
}

static SEXP set_input(SEXP network, SEXP name, SEXP x, SEXP dtype, SEXP shape) {
  write_tensor(tensor_of(network, name, LITE_INPUT), x, dtype, shape);
  return R_NilValue;
}

/* Vectors that the library reads where R has them: their elements lie alike on both sides. R keeps the
 * vector. */
static SEXP use_input(SEXP network, SEXP name, SEXP x, SEXP shape) {
  const LiteTensor t = tensor_of(network, name, LITE_INPUT);
  int64_t dims[LITE_MAX_RANK];
  const int rank = dims_of(shape, dims);
  const int is_double = TYPEOF(x) == REALSXP;
  check(LITE_reset_tensor_with_dims(t, is_double ? LITE_DOUBLE : LITE_INT, rank, dims,
                                    is_double ? (void*)REAL(x) : (void*)INTEGER(x),
                                    (size_t)XLENGTH(x) * (is_double ? sizeof(double) : sizeof(int))));
  return R_NilValue;
}

static SEXP leave_memory(SEXP network, SEXP name) {
  const LiteTensor t = tensor_of(network, name, LITE_INPUT);
  LiteDataType dtype;
  int64_t dims[LITE_MAX_RANK];
  const int rank = facts_of(t, &dtype, dims);
  LiteTensor fresh = NULL;
  check(LITE_make_tensor_with_dims(dtype, rank, dims, &fresh));
  const int code = LITE_tensor_share_memory_with(t, fresh);
  char text[512];
  snprintf(text, sizeof text, "%s", LITE_get_last_error());
  LITE_destroy_tensor(fresh);
  if (code != LITE_OK) fail_with(code, text);
  return R_NilValue;
}

static SEXP get_output(SEXP network, SEXP name) { return read_tensor(tensor_of(network, name, LITE_OUTPUT)); }

static SEXP shape_(SEXP network, SEXP name) {
  LiteDataType dtype;
  int64_t dims[LITE_MAX_RANK];
  const int rank = facts_of(tensor_of(network, name, LITE_IO), &dtype, dims);
  SEXP shape = Rf_allocVector(REALSXP, rank);
  for (int i = 0; i < rank; ++i) REAL(shape)[i] = (double)dims[i];
  return shape;
}

/* ---- values ---- */

/* Sequences, optionals and maps are built and taken apart in R, from these. Each is held by a pointer with a
 * finalizer, so that an error in the middle loses nothing. */
static void drop_value(SEXP pointer) {
  const LiteValue v = R_ExternalPtrAddr(pointer);
  if (v != NULL) LITE_destroy_value(v);
  R_ClearExternalPtr(pointer);
}

static SEXP new_holder(R_CFinalizer_t drop) {
  SEXP pointer = PROTECT(R_MakeExternalPtr(NULL, R_NilValue, R_NilValue));
  R_RegisterCFinalizerEx(pointer, drop, FALSE);
  UNPROTECT(1);
  return pointer;
}

static void drop_tensor(SEXP pointer) {
  const LiteTensor t = R_ExternalPtrAddr(pointer);
  if (t != NULL) LITE_destroy_tensor(t);
  R_ClearExternalPtr(pointer);
}

static SEXP new_tensor(SEXP x, SEXP dtype, SEXP shape) {
  SEXP pointer = PROTECT(new_holder(drop_tensor));
  LiteTensor t = NULL;
  check(LITE_make_tensor_with_dims((LiteDataType)dtype_named(utf8(dtype)), 0, NULL, &t));
  R_SetExternalPtrAddr(pointer, t);
  write_tensor(t, x, dtype, shape);
  UNPROTECT(1);
  return pointer;
}

/* Reads a tensor that a value gave away. */
static SEXP take_tensor(LiteTensor t) {
  SEXP pointer = PROTECT(new_holder(drop_tensor));
  R_SetExternalPtrAddr(pointer, t);
  SEXP x = PROTECT(read_tensor(t));
  drop_tensor(pointer);
  UNPROTECT(2);
  return x;
}

static LiteValue value_of(SEXP pointer) { return pointer == R_NilValue ? NULL : R_ExternalPtrAddr(pointer); }

static SEXP value_of_tensor(SEXP x, SEXP dtype, SEXP shape) {
  SEXP tensor = PROTECT(new_tensor(x, dtype, shape)), value = PROTECT(new_holder(drop_value));
  LiteValue v = NULL;
  check(LITE_make_tensor_value(R_ExternalPtrAddr(tensor), LITE_VALUE_SHARE_MEMORY, &v));
  R_SetExternalPtrAddr(value, v);
  drop_tensor(tensor);
  UNPROTECT(2);
  return value;
}

static SEXP value_of_elements(SEXP elements, SEXP dtype) {
  SEXP value = PROTECT(new_holder(drop_value));
  LiteValue v = NULL;
  check(LITE_make_sequence((LiteDataType)dtype_named(utf8(dtype)), &v));
  R_SetExternalPtrAddr(value, v);
  for (R_xlen_t i = 0; i < XLENGTH(elements); ++i)
    check(LITE_append_value(v, value_of(VECTOR_ELT(elements, i))));
  UNPROTECT(1);
  return value;
}

static SEXP value_of_optional(SEXP element, SEXP dtype) {
  SEXP value = PROTECT(new_holder(drop_value));
  LiteValue v = NULL;
  check(LITE_make_optional(value_of(element), (LiteDataType)dtype_named(utf8(dtype)), &v));
  R_SetExternalPtrAddr(value, v);
  UNPROTECT(1);
  return value;
}

static SEXP value_of_map(SEXP keys, SEXP key_dtype, SEXP values) {
  SEXP shape = PROTECT(Rf_ScalarReal((double)XLENGTH(keys))),
       tensor = PROTECT(new_tensor(keys, key_dtype, shape)), value = PROTECT(new_holder(drop_value));
  LiteValue v = NULL;
  check(LITE_make_map(R_ExternalPtrAddr(tensor), value_of(values), &v));
  R_SetExternalPtrAddr(value, v);
  drop_tensor(tensor);
  UNPROTECT(3);
  return value;
}

/* The levels of an input's type: kind, element type, rank. */
static SEXP value_types(SEXP network, SEXP place) {
  const LiteNetwork net = network_of(network)->handle;
  const size_t index = (size_t)Rf_asInteger(place);
  LiteValueType type = LITE_VALUE_TYPE_INIT;
  size_t count = 0;
  do {
    check(LITE_get_input_value_type(net, index, count++, &type));
  } while (type.has_element);
  SEXP all = PROTECT(Rf_allocVector(VECSXP, (R_xlen_t)count));
  for (size_t i = 0; i < count; ++i) {
    check(LITE_get_input_value_type(net, index, i, &type));
    SEXP one = Rf_allocVector(VECSXP, 3);
    SET_VECTOR_ELT(all, (R_xlen_t)i, one);
    SET_VECTOR_ELT(one, 0, Rf_ScalarInteger((int)type.kind));
    SET_VECTOR_ELT(one, 1, text_of(LITE_get_dtype_name(type.dtype)));
    SET_VECTOR_ELT(one, 2, Rf_ScalarInteger(type.rank));
  }
  UNPROTECT(1);
  return all;
}

static SEXP set_input_value(SEXP network, SEXP name, SEXP value) {
  check(LITE_set_input_value(network_of(network)->handle, utf8(name), value_of(value)));
  drop_value(value);
  return R_NilValue;
}

static SEXP get_output_value(SEXP network, SEXP name) {
  SEXP value = PROTECT(new_holder(drop_value));
  LiteValue v = NULL;
  check(LITE_get_output_value(network_of(network)->handle, utf8(name), &v));
  R_SetExternalPtrAddr(value, v);
  UNPROTECT(1);
  return value;
}

static SEXP value_kind(SEXP value) {
  LiteValueKind kind = LITE_VALUE_TENSOR;
  check(LITE_get_value_kind(value_of(value), &kind));
  return Rf_ScalarInteger((int)kind);
}

static SEXP value_tensor(SEXP value) {
  LiteTensor t = NULL;
  check(LITE_get_value_tensor(value_of(value), &t));
  return take_tensor(t);
}

static SEXP value_elements(SEXP value) {
  size_t length = 0;
  check(LITE_get_value_length(value_of(value), &length));
  SEXP all = PROTECT(Rf_allocVector(VECSXP, (R_xlen_t)length));
  for (size_t i = 0; i < length; ++i) {
    LiteValue v = NULL;
    SEXP element = new_holder(drop_value);
    SET_VECTOR_ELT(all, (R_xlen_t)i, element);
    check(LITE_get_value_element(value_of(value), i, &v));
    R_SetExternalPtrAddr(element, v);
  }
  UNPROTECT(1);
  return all;
}

static SEXP value_keys(SEXP value) {
  LiteTensor t = NULL;
  check(LITE_get_map_keys(value_of(value), &t));
  return take_tensor(t);
}

static SEXP value_values(SEXP value) {
  SEXP values = PROTECT(new_holder(drop_value));
  LiteValue v = NULL;
  check(LITE_get_map_values(value_of(value), &v));
  R_SetExternalPtrAddr(values, v);
  UNPROTECT(1);
  return values;
}

/* ---- operators written in R ---- */

/* Only R's own thread may call R, and runs go on in one of the library's. There an operator leaves a request,
 * and waits until R's thread serves it, which it does while it waits for a run; in R's thread, as when a
 * model is loaded, it is called at once. */
typedef struct Request {
  struct Request* next;
  int id;
  LiteOperatorContext context;
  int taken, done, code;
} Request;
static pthread_mutex_t requests_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t requests_changed = PTHREAD_COND_INITIALIZER;
static Request* first_request;
static pthread_t r_thread;

/* The operators that the library has let go of. */
typedef struct Released {
  struct Released* next;
  int id;
} Released;
static Released* first_released;

typedef struct {
  int id;
  LiteOperatorContext context;
  int code;
} Service;

static void serve_in_r(void* data) {
  Service* const s = data;
  SEXP id = PROTECT(Rf_ScalarInteger(s->id)),
       context = PROTECT(R_MakeExternalPtr(s->context, R_NilValue, R_NilValue)),
       call = PROTECT(Rf_lang3(Rf_install(".operate"), id, context)),
       failure = PROTECT(Rf_eval(call, namespace_));
  s->code = LITE_OK;
  if (failure != R_NilValue) {
    s->code = Rf_asInteger(VECTOR_ELT(failure, 0));
    LITE_operator_set_error(s->context, utf8(VECTOR_ELT(failure, 1)));
  }
  R_ClearExternalPtr(context);
  UNPROTECT(4);
}

static int serve(int id, LiteOperatorContext context) {
  Service s = {id, context, LITE_CANCELLED};
  if (!R_ToplevelExec(serve_in_r, &s)) LITE_operator_set_error(context, "interrupted");
  return s.code;
}

static void add_microseconds(struct timespec* t, double microseconds) {
  const double nanoseconds = (double)t->tv_nsec + microseconds * 1e3;
  t->tv_sec += (time_t)(nanoseconds / 1e9);
  t->tv_nsec = (long)fmod(nanoseconds, 1e9);
}

/* Serves what is asked for, or waits until something is, the run is over, or the time. In R's thread. */
static void pump(Network* n, double microseconds) {
  struct timespec end;
  clock_gettime(CLOCK_REALTIME, &end);
  add_microseconds(&end, microseconds);
  pthread_mutex_lock(&requests_lock);
  if (first_request == NULL && !atomic_load(&n->over))
    pthread_cond_timedwait(&requests_changed, &requests_lock, &end);
  Request* const r = first_request;
  if (r != NULL) {
    first_request = r->next;
    r->taken = 1;
    pthread_mutex_unlock(&requests_lock);
    const int code = serve(r->id, r->context);
    pthread_mutex_lock(&requests_lock);
    r->code = code;
    r->done = 1;
    pthread_cond_broadcast(&requests_changed);
  }
  pthread_mutex_unlock(&requests_lock);
}

static void stop(Network* n) {
  while (!atomic_load(&n->over)) {
    LITE_cancel(n->handle);
    pump(n, 1000);
  }
}

static int on_operator_run(void* id, void* state, LiteOperatorContext context) {
  (void)state;
  if (pthread_equal(pthread_self(), r_thread)) return serve((int)(intptr_t)id, context);
  Request r = {NULL, (int)(intptr_t)id, context, 0, 0, LITE_CANCELLED};
  pthread_mutex_lock(&requests_lock);
  Request** at = &first_request;
  while (*at != NULL) at = &(*at)->next;
  *at = &r;
  pthread_cond_broadcast(&requests_changed);
  while (!r.done) {
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    add_microseconds(&end, 20000);
    pthread_cond_timedwait(&requests_changed, &requests_lock, &end);
    int stops = 0;
    if (r.taken || LITE_operator_should_stop(context, &stops) != LITE_OK || !stops) continue;
    for (at = &first_request; *at != &r;) at = &(*at)->next;
    *at = r.next;
    r.done = 1;
  }
  pthread_mutex_unlock(&requests_lock);
  return r.code;
}

static void on_operator_release(void* id) {
  Released* const r = malloc(sizeof *r);
  if (r == NULL) return;
  r->id = (int)(intptr_t)id;
  pthread_mutex_lock(&requests_lock);
  r->next = first_released;
  first_released = r;
  pthread_mutex_unlock(&requests_lock);
}

/* The number of one operator that the library has let go of; NULL: of none. */
static SEXP take_released(void) {
  pthread_mutex_lock(&requests_lock);
  Released* const r = first_released;
  if (r != NULL) first_released = r->next;
  pthread_mutex_unlock(&requests_lock);
  if (r == NULL) return R_NilValue;
  const int id = r->id;
  free(r);
  return Rf_ScalarInteger(id);
}

static SEXP register_operator(SEXP id, SEXP domain, SEXP name, SEXP numbers, SEXP flags) {
  const int* const n = INTEGER(numbers);
  LiteOperator op = LITE_OPERATOR_INIT;
  op.flags = (uint32_t)Rf_asInteger(flags);
  op.domain = utf8(domain);
  op.name = utf8(name);
  op.since_version = n[0];
  op.min_inputs = n[1];
  op.max_inputs = n[2];
  op.min_outputs = n[3];
  op.max_outputs = n[4];
  op.run = on_operator_run;
  op.user_data = (void*)(intptr_t)Rf_asInteger(id);
  op.release = on_operator_release;
  check(LITE_register_operator(&op));
  return R_NilValue;
}

static SEXP unregister_operator(SEXP domain, SEXP name, SEXP version) {
  check(LITE_unregister_operator(utf8(domain), utf8(name), Rf_asInteger(version)));
  return R_NilValue;
}

static LiteOperatorContext context_of(SEXP pointer) {
  const LiteOperatorContext context = R_ExternalPtrAddr(pointer);
  if (context == NULL) fail_with(LITE_CLOSED, "the operator's function has returned");
  return context;
}

static SEXP operator_name(SEXP pointer) {
  const char* name = NULL;
  check(LITE_operator_get_node_name(context_of(pointer), &name));
  return text_of(name);
}

typedef struct {
  LiteOperatorContext context;
  size_t index;
} OperatorInput;

static SEXP text_of_input(const void* owner, int64_t i) {
  const OperatorInput* const input = owner;
  const char* text = NULL;
  size_t size = 0;
  check(LITE_operator_get_input_string(input->context, input->index, (size_t)i, &text, &size));
  return char_of(text, size);
}

static SEXP text_of_none(const void* owner, int64_t i) {
  (void)owner, (void)i;
  fail_with(LITE_UNSUPPORTED, "texts in an attribute's tensor cannot be read");
  return R_NilValue;
}

/* The arrays that a run gets; NULL for one that the node leaves out. */
static SEXP operator_inputs(SEXP pointer) {
  const LiteOperatorContext context = context_of(pointer);
  size_t count = 0;
  check(LITE_operator_get_input_count(context, &count));
  SEXP all = PROTECT(Rf_allocVector(VECSXP, (R_xlen_t)count));
  for (size_t i = 0; i < count; ++i) {
    LiteOperatorTensor t = LITE_OPERATOR_TENSOR_INIT;
    check(LITE_operator_get_input(context, i, &t));
    if (!t.present) continue;
    const OperatorInput owner = {context, i};
    const Elements e = {t.dtype, t.rank, t.dims, t.data, t.size, text_of_input, &owner};
    SET_VECTOR_ELT(all, (R_xlen_t)i, read_elements(&e));
  }
  UNPROTECT(1);
  return all;
}

static SEXP attribute_of(LiteOperatorContext context, const char* name) {
  LiteAttributeType type = LITE_ATTRIBUTE_OTHER;
  size_t length = 0;
  check(LITE_operator_get_attribute_type(context, name, &type, &length));
  switch (type) {
    case LITE_ATTRIBUTE_INT: {
      int64_t value = 0;
      check(LITE_operator_get_attribute_int(context, name, &value));
      return Rf_ScalarReal((double)value);
    }
    case LITE_ATTRIBUTE_FLOAT: {
      float value = 0;
      check(LITE_operator_get_attribute_float(context, name, &value));
      return Rf_ScalarReal(value);
    }
    case LITE_ATTRIBUTE_INTS: {
      const int64_t* values = NULL;
      check(LITE_operator_get_attribute_ints(context, name, &values, &length));
      SEXP x = Rf_allocVector(REALSXP, (R_xlen_t)length);
      for (size_t i = 0; i < length; ++i) REAL(x)[i] = (double)values[i];
      return x;
    }
    case LITE_ATTRIBUTE_FLOATS: {
      const float* values = NULL;
      check(LITE_operator_get_attribute_floats(context, name, &values, &length));
      SEXP x = Rf_allocVector(REALSXP, (R_xlen_t)length);
      for (size_t i = 0; i < length; ++i) REAL(x)[i] = values[i];
      return x;
    }
    case LITE_ATTRIBUTE_STRING:
    case LITE_ATTRIBUTE_STRINGS: {
      SEXP x = PROTECT(Rf_allocVector(STRSXP, (R_xlen_t)length));
      for (size_t i = 0; i < length; ++i) {
        const char* text = NULL;
        size_t size = 0;
        check(LITE_operator_get_attribute_string(context, name, i, &text, &size));
        SET_STRING_ELT(x, (R_xlen_t)i, char_of(text, size));
      }
      UNPROTECT(1);
      return x;
    }
    case LITE_ATTRIBUTE_TENSOR: {
      LiteOperatorTensor t = LITE_OPERATOR_TENSOR_INIT;
      check(LITE_operator_get_attribute_tensor(context, name, &t));
      const Elements e = {t.dtype, t.rank, t.dims, t.data, t.size, text_of_none, NULL};
      return read_elements(&e);
    }
    default:
      return R_NilValue;
  }
}

static SEXP operator_attributes(SEXP pointer) {
  const LiteOperatorContext context = context_of(pointer);
  size_t count = 0;
  check(LITE_operator_get_attribute_count(context, &count));
  SEXP all = PROTECT(Rf_allocVector(VECSXP, (R_xlen_t)count)),
       names = PROTECT(Rf_allocVector(STRSXP, (R_xlen_t)count));
  for (size_t i = 0; i < count; ++i) {
    const char* name = NULL;
    check(LITE_operator_get_attribute_name(context, i, &name));
    SET_STRING_ELT(names, (R_xlen_t)i, Rf_mkCharCE(name, CE_UTF8));
    SET_VECTOR_ELT(all, (R_xlen_t)i, attribute_of(context, name));
  }
  Rf_setAttrib(all, R_NamesSymbol, names);
  UNPROTECT(2);
  return all;
}

/* Writes an output, of the type and shape that are known before the run or, otherwise, of input 0's type and
 * the array's shape. */
static SEXP operator_put(SEXP pointer, SEXP place, SEXP x, SEXP shape) {
  const LiteOperatorContext context = context_of(pointer);
  const size_t index = (size_t)Rf_asInteger(place);
  LiteOperatorTensor t = LITE_OPERATOR_TENSOR_INIT;
  check(LITE_operator_get_output(context, index, &t));
  if (!t.present) return R_NilValue;
  int64_t dims[LITE_MAX_RANK];
  int rank = dims_of(shape, dims), dtype = t.dtype;
  if (t.rank >= 0 && t.data != NULL) {
    rank = t.rank;
    memcpy(dims, t.dims, (size_t)rank * sizeof *dims);
  }
  if (dtype < 0) {
    LiteOperatorTensor input = LITE_OPERATOR_TENSOR_INIT;
    size_t count = 0;
    check(LITE_operator_get_input_count(context, &count));
    if (count > 0) check(LITE_operator_get_input(context, 0, &input));
    dtype = TYPEOF(x) == STRSXP ? LITE_STRING : count > 0 && input.present ? input.dtype : LITE_FLOAT;
  }
  const int64_t count = count_of(rank, dims);
  if (XLENGTH(x) != count && holder_of(dtype, NULL, 0) != RAWSXP) {
    char text[160];
    snprintf(text, sizeof text, "output %zu has %lld elements, %lld are given", index + 1, (long long)count,
             (long long)XLENGTH(x));
    fail_with(LITE_SHAPE_MISMATCH, text);
  }
  void* data = NULL;
  check(LITE_operator_allocate_output(context, index, (LiteDataType)dtype, rank, dims, &data));
  if (dtype == LITE_STRING) {
    Walk w;
    walk_begin(&w, rank, dims);
    for (int64_t i = 0; i < count; ++i, walk_next(&w)) {
      const char* const text = text_at(x, w.at);
      check(LITE_operator_set_output_string(context, index, (size_t)i, text, strlen(text)));
    }
    return R_NilValue;
  }
  LiteOperatorTensor made = LITE_OPERATOR_TENSOR_INIT;
  check(LITE_operator_get_output(context, index, &made));
  write_elements(dtype, data, made.size, rank, dims, x);
  return R_NilValue;
}

static SEXP operator_should_stop(SEXP pointer) {
  int stops = 0;
  check(LITE_operator_should_stop(context_of(pointer), &stops));
  return Rf_ScalarLogical(stops);
}

static SEXP operator_output_count(SEXP pointer) {
  size_t count = 0;
  check(LITE_operator_get_output_count(context_of(pointer), &count));
  return Rf_ScalarInteger((int)count);
}

/* ---- running ---- */

static void on_completion(int status, void* user_data) {
  (void)status;
  pthread_mutex_lock(&requests_lock);
  atomic_store(&((Network*)user_data)->over, 1);
  pthread_cond_broadcast(&requests_changed);
  pthread_mutex_unlock(&requests_lock);
}

static SEXP start(SEXP network) {
  Network* const n = network_of(network);
  if (n->running) fail_with(LITE_BUSY, "the network is running: wait for it with lite_value");
  check(LITE_set_completion_callback(n->handle, on_completion, n));
  atomic_store(&n->over, 0);
  ++n->runs;
  check(LITE_forward(n->handle));
  n->running = 1;
  return R_NilValue;
}

static void check_interrupt(void* unused) {
  (void)unused;
  R_CheckUserInterrupt();
}

/* TRUE if the run is over within so many seconds; its error is thrown. R's interrupt stops it. */
static SEXP wait_(SEXP network, SEXP seconds) {
  Network* const n = network_of(network);
  double left = Rf_asReal(seconds) * 1e6;
  while (n->running) {
    const double slice = left < 20000 ? left : 20000;
    pump(n, slice);
    if (atomic_load(&n->over)) {
      n->running = 0;
      check(LITE_wait(n->handle));
    } else if (!R_ToplevelExec(check_interrupt, NULL)) {
      stop(n);
      n->running = 0;
      LITE_wait(n->handle);
      fail_with(LITE_CANCELLED, "the run was interrupted");
    } else if ((left -= slice) <= 0) {
      return Rf_ScalarLogical(0);
    }
  }
  return Rf_ScalarLogical(1);
}

static SEXP cancel(SEXP network) {
  check(LITE_cancel(network_of(network)->handle));
  return R_NilValue;
}

static SEXP set_timeout(SEXP network, SEXP seconds) {
  const double limit = Rf_asReal(seconds);
  check(LITE_set_run_timeout(network_of(network)->handle, R_FINITE(limit) ? (uint64_t)ceil(limit * 1e6) : 0));
  return R_NilValue;
}

/* ---- views ---- */

static void drop_view(SEXP pointer) {
  View* const v = R_ExternalPtrAddr(pointer);
  if (v == NULL) return;
  if (v->memory != NULL) LITE_destroy_tensor(v->memory);
  free(v);
  R_ClearExternalPtr(pointer);
}

/* The network is kept by the view's pointer. */
static SEXP view(SEXP network, SEXP name) {
  const LiteTensor t = tensor_of(network, name, LITE_OUTPUT);
  View* const v = calloc(1, sizeof *v);
  if (v == NULL) Rf_error("no memory");
  SEXP pointer = PROTECT(R_MakeExternalPtr(v, R_NilValue, network));
  R_RegisterCFinalizerEx(pointer, drop_view, TRUE);
  check(LITE_make_tensor_with_dims(LITE_UINT8, 0, NULL, &v->memory));
  check(LITE_tensor_share_memory_with(v->memory, t));
  v->run = network_of(network)->runs;
  UNPROTECT(1);
  return pointer;
}

static View* view_of(SEXP pointer) {
  View* const v = R_ExternalPtrAddr(pointer);
  const Network* const n = network_of(R_ExternalPtrProtected(pointer));
  if (v == NULL) fail_with(LITE_CLOSED, "the view is gone");
  if (n->runs != v->run)
    fail_with(LITE_CLOSED, "this view has ended: its network has run again; take a new one");
  return v;
}

static SEXP view_dim(SEXP pointer) {
  LiteDataType dtype;
  int64_t dims[LITE_MAX_RANK];
  const int rank = facts_of(view_of(pointer)->memory, &dtype, dims);
  SEXP shape = Rf_allocVector(REALSXP, rank);
  for (int i = 0; i < rank; ++i) REAL(shape)[i] = (double)dims[i];
  return shape;
}

static SEXP view_read(SEXP pointer) { return read_tensor(view_of(pointer)->memory); }

/* One number, by its place in row-major order from 0, without touching the others. */
static SEXP view_at(SEXP pointer, SEXP place) {
  const LiteTensor t = view_of(pointer)->memory;
  LiteDataType dtype;
  int64_t dims[LITE_MAX_RANK];
  const int rank = facts_of(t, &dtype, dims);
  const double i = Rf_asReal(place);
  if (!(i >= 0 && i < (double)count_of(rank, dims))) Rf_error("subscript out of bounds");
  if (dtype == LITE_STRING) return Rf_ScalarString(string_at(t, (int64_t)i));
  void* data = NULL;
  check(LITE_get_tensor_memory(t, &data));
  const int holder = holder_of(dtype, data, 0);
  if (holder == CPLXSXP || holder == RAWSXP) fail_with(LITE_UNSUPPORTED, "take all elements, with as.array");
  const double value = read_number(dtype, data, (int64_t)i);
  return holder == LGLSXP ? Rf_ScalarLogical(value != 0) : Rf_ScalarReal(value);
}

/* ---- looking inside ---- */

static SEXP statistics(SEXP network) {
  LiteStatistics s = LITE_STATISTICS_INIT;
  if (network == R_NilValue)
    check(LITE_get_process_statistics(&s));
  else
    check(LITE_get_statistics(network_of(network)->handle, &s));
  const struct {
    const char* name;
    double value;
  } all[] = {
      {"threads", s.threads},
      {"weight_bytes", (double)s.weight_bytes},
      {"packed_weight_bytes", (double)s.packed_weight_bytes},
      {"arena_bytes", (double)s.arena_bytes},
      {"io_bytes", (double)s.io_bytes},
      {"cache_bytes", (double)s.cache_bytes},
      {"cache_limit_bytes", (double)s.cache_limit_bytes},
      {"programs", (double)s.programs},
      {"program_hits", (double)s.program_hits},
      {"program_misses", (double)s.program_misses},
      {"program_evictions", (double)s.program_evictions},
      {"runs", (double)s.runs},
      {"failed_runs", (double)s.failed_runs},
      {"run_seconds", (double)s.run_nanoseconds / 1e9},
      {"last_run_seconds", (double)s.last_run_nanoseconds / 1e9},
  };
  const int count = (int)(sizeof all / sizeof all[0]);
  SEXP values = PROTECT(Rf_allocVector(REALSXP, count)), names = PROTECT(Rf_allocVector(STRSXP, count));
  for (int i = 0; i < count; ++i) {
    REAL(values)[i] = all[i].value;
    SET_STRING_ELT(names, i, Rf_mkChar(all[i].name));
  }
  Rf_setAttrib(values, R_NamesSymbol, names);
  UNPROTECT(2);
  return values;
}

static SEXP set_profiling(SEXP network, SEXP on) {
  check(LITE_set_profiling(network_of(network)->handle, Rf_asLogical(on)));
  return R_NilValue;
}

static SEXP profile(SEXP network, SEXP format) {
  char* text = NULL;
  check(LITE_get_profile(network_of(network)->handle, utf8(format), &text));
  return take_text(text);
}

static SEXP graph(SEXP network, SEXP stage, SEXP format) {
  char* text = NULL;
  check(LITE_dump_graph(network_of(network)->handle, utf8(stage), utf8(format), &text));
  return take_text(text);
}

static SEXP trim(SEXP network) {
  check(network == R_NilValue ? LITE_try_coalesce_all_free_memory() : LITE_trim(network_of(network)->handle));
  return R_NilValue;
}

static SEXP unsupported(SEXP network) {
  const LiteNetwork net = network_of(network)->handle;
  size_t count = 0;
  check(LITE_get_unsupported_count(net, &count));
  SEXP columns = PROTECT(Rf_allocVector(VECSXP, 4));
  for (int c = 0; c < 4; ++c) SET_VECTOR_ELT(columns, c, Rf_allocVector(STRSXP, (R_xlen_t)count));
  for (size_t i = 0; i < count; ++i) {
    LiteUnsupportedNode node = LITE_UNSUPPORTED_NODE_INIT;
    check(LITE_get_unsupported_node(net, i, &node));
    const char* const texts[] = {node.name, node.op_type, node.domain, node.reason};
    for (int c = 0; c < 4; ++c)
      SET_STRING_ELT(VECTOR_ELT(columns, c), (R_xlen_t)i, Rf_mkCharCE(texts[c], CE_UTF8));
  }
  UNPROTECT(1);
  return columns;
}

#define CALL(name, count) \
  { #name, (DL_FUNC)&name, count }
static const R_CallMethodDef methods[] = {
    {"open", (DL_FUNC)&open_, 1},
    {"options", (DL_FUNC)&options_, 0},
    {"close", (DL_FUNC)&close_, 1},
    {"shape", (DL_FUNC)&shape_, 2},
    {"wait", (DL_FUNC)&wait_, 2},
    CALL(version, 0),
    CALL(build_info, 0),
    CALL(operators, 0),
    CALL(load_operators, 1),
    CALL(take_released, 0),
    CALL(register_operator, 5),
    CALL(unregister_operator, 3),
    CALL(operator_name, 1),
    CALL(operator_inputs, 1),
    CALL(operator_attributes, 1),
    CALL(operator_put, 4),
    CALL(operator_should_stop, 1),
    CALL(operator_output_count, 1),
    CALL(set_option, 3),
    CALL(get_option, 2),
    CALL(get_threads, 0),
    CALL(set_threads, 1),
    CALL(device_count, 1),
    CALL(take_lines, 0),
    CALL(set_log, 2),
    CALL(make, 2),
    CALL(load, 8),
    CALL(set_key, 2),
    CALL(share, 2),
    CALL(is_closed, 1),
    CALL(infos, 2),
    CALL(metadata, 1),
    CALL(set_input, 5),
    CALL(use_input, 4),
    CALL(leave_memory, 2),
    CALL(get_output, 2),
    CALL(value_of_tensor, 3),
    CALL(value_of_elements, 2),
    CALL(value_of_optional, 2),
    CALL(value_of_map, 3),
    CALL(value_types, 2),
    CALL(set_input_value, 3),
    CALL(get_output_value, 2),
    CALL(value_kind, 1),
    CALL(value_tensor, 1),
    CALL(value_elements, 1),
    CALL(value_keys, 1),
    CALL(value_values, 1),
    CALL(start, 1),
    CALL(cancel, 1),
    CALL(set_timeout, 2),
    CALL(view, 2),
    CALL(view_dim, 1),
    CALL(view_read, 1),
    CALL(view_at, 2),
    CALL(statistics, 1),
    CALL(set_profiling, 2),
    CALL(profile, 2),
    CALL(graph, 3),
    CALL(trim, 1),
    CALL(unsupported, 1),
    {NULL, NULL, 0},
};

void R_init_lite(DllInfo* dll) {
  r_thread = pthread_self();
  R_registerRoutines(dll, NULL, methods, NULL, NULL);
  R_useDynamicSymbols(dll, FALSE);
  R_forceSymbols(dll, TRUE);
  namespace_ = R_FindNamespace(Rf_mkString("lite"));
  R_PreserveObject(namespace_);
}
