/* Making packs and encrypted models, and looking into them. Loading them needs nothing of this. */
#include "model_c.h"
#ifndef LITE_C_PACK_C_H_
#define LITE_C_PACK_C_H_

#ifdef __cplusplus
extern "C" {
#endif

/** What a pack is made with. All members but struct_size may be 0. */
typedef struct LitePackOptions {
  uint32_t struct_size;
  uint32_t flags;           /**< of LitePackFlag */
  const char* name;         /**< the model's; NULL: the "name" of the information, or "" */
  const char* model_method; /**< the decryption method of the model; NULL or "NONE": it is not encrypted */
  const char* info_method;  /**< the same of the information */
  const uint8_t* key_data;  /**< what both are encrypted with; not kept */
  size_t key_size;
  const void* info; /**< the information, for "LITE_default" a JSON text; NULL: none */
  size_t info_size;
  const char* info_parser; /**< who reads the information; NULL: "LITE_default" */
  const void* cache;       /**< MegEngine's cache of kernel choices, for MegEngine; NULL: none */
  size_t cache_size;
  const void* binary_cache; /**< MegEngine's cache of device code; NULL: none */
  size_t binary_cache_size;
} LitePackOptions;

#define LITE_PACK_OPTIONS_INIT \
  { sizeof(LitePackOptions), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

typedef enum LitePackFlag LITE_ENUM_TYPE {
  LITE_PACK_BARE = 1, /**< the encrypted model alone, for LiteConfig.bare_model_cryption_name */
  LITE_PACK_AS_IS = 2 /* model and information are encrypted already, by the methods named */
} LitePackFlag;

/** What lies in a pack. */
typedef enum LitePackPart LITE_ENUM_TYPE {
  LITE_PACK_MODEL = 0,
  LITE_PACK_INFO = 1,
  LITE_PACK_CACHE = 2,
  LITE_PACK_BINARY_CACHE = 3
} LitePackPart;

/**
 * Put a model file of any format into a pack, encrypted or not.
 *
 * A model that is a pack already stays as it is, name and encryption included; information and caches are
 * replaced where they are given.
 *
 * @param[in] model_path   Required; UTF-8.
 * @param[in] packed_path  Required; UTF-8. Replaced on success, unharmed otherwise.
 * @param[in] options      struct_size set by LITE_PACK_OPTIONS_INIT; NULL means that.
 * @return LITE_OK, LITE_INVALID_ARGUMENT (also a key of the wrong length), LITE_NOT_FOUND (also an unknown
 *         method), LITE_IO_ERROR, LITE_INVALID_MODEL (also information that its parser would refuse),
 *         LITE_UNSUPPORTED (a method that is only read), LITE_LIMIT_EXCEEDED (2 GiB) or LITE_OUT_OF_MEMORY.
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_pack_model(const char* model_path, const char* packed_path, const LitePackOptions* options);

/**
 * The same from memory to memory.
 *
 * @param[in]  model        Required.
 * @param[in]  size         Its bytes.
 * @param[in]  options      struct_size set by LITE_PACK_OPTIONS_INIT; NULL means that.
 * @param[out] packed       Required. Written only on success.
 * @param[out] packed_size  Required; its bytes. Written only on success.
 * @return As LITE_pack_model.
 *
 * Ownership: the caller frees the bytes with LITE_free_string.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_pack_model_memory(const void* model, size_t size, const LitePackOptions* options,
                                    char** packed, size_t* packed_size);

/**
 * Take a part out of a pack, or a model out of an encrypted file, decrypted.
 *
 * @param[in]  path      Required; UTF-8.
 * @param[in]  part      Of a file that is no pack: LITE_PACK_MODEL.
 * @param[in]  method    The decryption method of a file that is no pack; NULL: none. Packs name their own.
 * @param[in]  key_data  The key; NULL: the registered one.
 * @param[in]  key_size  Its bytes.
 * @param[out] data      Required. Written only on success.
 * @param[out] size      Required; its bytes. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT (also a key of the wrong length), LITE_NOT_FOUND (no such file, part
 *         or method), LITE_IO_ERROR, LITE_INVALID_MODEL or LITE_OUT_OF_MEMORY.
 *
 * Ownership: the caller frees the bytes with LITE_free_string, and wipes them before if they are secret.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_unpack_model(const char* path, LitePackPart part, const char* method,
                               const uint8_t* key_data, size_t key_size, char** data, size_t* size);

/**
 * Tell what a file holds, as JSON, without decrypting any of it:
 *   "packed": whether it is a pack;
 *   "model": {"method", "size", "format"}; the method is "NONE" for a model that is not encrypted and "" when
 *   nobody can tell, the format "onnx", "mge" or "" for one that is encrypted or unknown.
 * For a pack also "name"; "info": {"method", "parser", "size", "text"}, the text only when it is not
 * encrypted; "cache" and "binary_cache": {"size"}. What is not there is left out.
 *
 * @param[in]  path  Required; UTF-8.
 * @param[out] json  Required; NUL-terminated. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_FOUND, LITE_IO_ERROR, LITE_INVALID_MODEL, LITE_UNSUPPORTED
 * or LITE_OUT_OF_MEMORY.
 *
 * Ownership: the caller frees the text with LITE_free_string.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_describe_pack(const char* path, char** json);

#ifdef __cplusplus
}
#endif
#endif
