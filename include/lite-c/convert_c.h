/* Writing models in another format than they came in. */
#include "model_c.h"
#ifndef LITE_C_CONVERT_C_H_
#define LITE_C_CONVERT_C_H_

#ifdef __cplusplus
extern "C" {
#endif

/** The shape of one input. */
typedef struct LiteInputShape {
  const char* name;
  const int64_t* dims;
  size_t rank;
} LiteInputShape;

/**
 * Hear how far the writing is: written of total bytes. Any result but 0 stops it with LITE_CANCELLED. Called
 * in the thread that converts.
 */
typedef int (*LiteConvertProgress)(void* user_data, uint64_t written, uint64_t total);

/** How to convert. All members but struct_size may be 0. */
typedef struct LiteConvertOptions {
  uint32_t struct_size;
  uint32_t flags; /**< of LiteConvertFlag */
  int opset;      /**< of ONNX, 13 or newer; 0: the oldest of those that can say the model */
  const char*
      external_data; /**< LITE_CONVERT_EXTERNAL_DATA: the file's name; NULL: the model's and ".data" */
  const LiteLoadOptions* load;  /**< how to read the model; NULL: as LITE_LOAD_OPTIONS_INIT says */
  const LiteInputShape* shapes; /**< that inputs have from now on */
  size_t shape_count;
  LiteConvertProgress progress; /**< NULL: nobody hears */
  void* user_data;              /**< for progress */
} LiteConvertOptions;

#define LITE_CONVERT_OPTIONS_INIT \
  { sizeof(LiteConvertOptions), 0, 0, 0, 0, 0, 0, 0, 0 }

typedef enum LiteConvertFlag LITE_ENUM_TYPE {
  LITE_CONVERT_EXTERNAL_DATA =
      1,                         /* constants in a file beside the model; models above 2 GB have one anyway */
  LITE_CONVERT_FIXED_SHAPES = 2, /* inputs have the sizes that the file was made with */
  LITE_CONVERT_OWN_DOMAIN = 4,   /* what ONNX has no word for is written all the same, in domain "megengine",
                                    for this library alone */
  LITE_CONVERT_AS_IS = 8         /* constant parts are not calculated in advance, and nothing is left out */
} LiteConvertFlag;

/**
 * Write a model of any format that can be loaded as ONNX. Operators, names, types and open dimensions of
 * inputs and outputs, metadata and quantisation are kept; packs are unpacked and encrypted models decrypted,
 * so what is written is for everybody to read. Files at onnx_path and beside it are replaced when all is
 * written.
 *
 * @param[in]  path       Required; UTF-8. The model.
 * @param[in]  onnx_path  Required; UTF-8. The file to write.
 * @param[in]  options    struct_size set by LITE_CONVERT_OPTIONS_INIT; NULL means that.
 * @param[out] report     What was written, as JSON: "opset", "ir_version", "nodes", "bytes", "external_data"
 * (the file's name; "" without) and "external_bytes". NULL: not wanted. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_FOUND, LITE_IO_ERROR, LITE_INVALID_MODEL, LITE_UNSUPPORTED
 * (the message lists the operators that cannot be said in ONNX, or not in that opset), LITE_LIMIT_EXCEEDED,
 *         LITE_CANCELLED or LITE_OUT_OF_MEMORY.
 *
 * Ownership: the caller frees the report with LITE_free_string. Nothing of the options is kept, and
 *            load->release is not called.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_convert_model(const char* path, const char* onnx_path, const LiteConvertOptions* options,
                                char** report);

/**
 * The same in memory. There is no external data: a model above 2 GB is LITE_LIMIT_EXCEEDED.
 *
 * @param[in]  model      Required. The bytes of the model.
 * @param[in]  size       How many there are.
 * @param[in]  options    struct_size set by LITE_CONVERT_OPTIONS_INIT; NULL means that.
 * @param[out] onnx       Required. Written only on success.
 * @param[out] onnx_size  Required. Written only on success.
 * @param[out] report     As for LITE_convert_model; may be NULL.
 * @return As LITE_convert_model.
 *
 * Ownership: the caller frees *onnx and the report with LITE_free_string; otherwise as for
 * LITE_convert_model. Threads:   any thread. Since:     1.0
 */
LITE_API int LITE_convert_model_memory(const void* model, size_t size, const LiteConvertOptions* options,
                                       char** onnx, size_t* onnx_size, char** report);

/** How to compile. All members but struct_size may be 0. */
typedef struct LiteCompileOptions {
  uint32_t struct_size;
  uint32_t flags;               /**< of LiteCompileFlag */
  const LiteLoadOptions* load;  /**< how to read the model; NULL: as LITE_LOAD_OPTIONS_INIT says */
  const LiteInputShape* shapes; /**< of inputs; an input that is named again begins the next set of shapes */
  size_t shape_count;
} LiteCompileOptions;

#define LITE_COMPILE_OPTIONS_INIT \
  { sizeof(LiteCompileOptions), 0, 0, 0, 0 }

typedef enum LiteCompileFlag LITE_ENUM_TYPE {
  LITE_COMPILE_NO_WINOGRAD = 1, /* for networks whose option "winograd" is "off" */
  LITE_COMPILE_REPRODUCIBLE = 2 /* for networks that run with LITE_ALGO_REPRODUCIBLE */
} LiteCompileFlag;

/**
 * Write a model of any format that can be loaded in a form that this build of the library loads, on a
 * processor like this one, without optimising it or packing its weights: all functions that load a model take
 * it. For each set of shapes, or for those that the model declares when all of them are known, what depends
 * on them is done in advance as well; other shapes go on working. Results are the same bits as those of the
 * model that it was made from. Another build or processor refuses it with LITE_UNSUPPORTED.
 *
 * @param[in]  path      Required; UTF-8. The model. An encrypted one is refused, as what is written is for
 *                       everybody to read.
 * @param[in]  lite_path Required; UTF-8. The file to write; it is replaced when all is written.
 * @param[in]  options   struct_size set by LITE_COMPILE_OPTIONS_INIT; NULL means that.
 * @param[out] report    What was written, as JSON: "bytes" of the file, of which "constants" and "packed",
 *                       "nodes", "packings", and "shapes", the sets of shapes. NULL: not wanted. Written only
 *                       on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_FOUND, LITE_IO_ERROR, LITE_INVALID_MODEL,
 *         LITE_UNSUPPORTED, LITE_SHAPE_MISMATCH, LITE_LIMIT_EXCEEDED or LITE_OUT_OF_MEMORY.
 *
 * Ownership: the caller frees the report with LITE_free_string. Nothing of the options is kept, and
 *            load->release is not called.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_compile_model(const char* path, const char* lite_path, const LiteCompileOptions* options,
                                char** report);

#ifdef __cplusplus
}
#endif
#endif
