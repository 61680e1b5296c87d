/* Small ONNX models, written byte by byte, so that tests need no files. */
#ifndef LITE_TESTS_CAPI_MODEL_WRITER_H_
#define LITE_TESTS_CAPI_MODEL_WRITER_H_

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A growing message. Freed with free(message.data). */
typedef struct Message {
  unsigned char* data;
  size_t size;
} Message;

static inline void put(Message* m, const void* data, size_t size) {
  if (size == 0) return;
  m->data = (unsigned char*)realloc(m->data, m->size + size);
  if (m->data == NULL) abort();
  memcpy(m->data + m->size, data, size);
  m->size += size;
}

static inline void put_varint(Message* m, uint64_t v) {
  do {
    const unsigned char byte = (unsigned char)((v & 0x7F) | (v > 0x7F ? 0x80 : 0));
    put(m, &byte, 1);
    v >>= 7;
  } while (v != 0);
}

static inline void put_number(Message* m, int field, int64_t v) {
  put_varint(m, (uint64_t)field << 3);
  put_varint(m, (uint64_t)v);
}

static inline void put_bytes(Message* m, int field, const void* data, size_t size) {
  put_varint(m, (uint64_t)field << 3 | 2);
  put_varint(m, size);
  put(m, data, size);
}

static inline void put_text(Message* m, int field, const char* text) {
  put_bytes(m, field, text, strlen(text));
}

/* Appends a message and frees it. */
static inline void put_message(Message* m, int field, Message* inner) {
  put_bytes(m, field, inner->data, inner->size);
  free(inner->data);
  inner->data = NULL;
  inner->size = 0;
}

enum { ONNX_FLOAT = 1, ONNX_INT64 = 7, ONNX_STRING = 8 };

/*
 * Adds an input (11) or output (12) to a graph. A dimension of -1 is named "N". kinds: what the tensor lies
 * in, the outermost first: s for a sequence, o for an optional, m for a map from integers.
 */
static inline void add_kind(Message* graph, int field, const char* name, const char* kinds, int type,
                            int rank, const int64_t* dims) {
  Message shape = {NULL, 0}, tensor = {NULL, 0}, holder = {NULL, 0}, value = {NULL, 0};
  for (int i = 0; i < rank; ++i) {
    Message dim = {NULL, 0};
    if (dims[i] < 0)
      put_text(&dim, 2, "N");
    else
      put_number(&dim, 1, dims[i]);
    put_message(&shape, 1, &dim);
  }
  put_number(&tensor, 1, type);
  put_message(&tensor, 2, &shape);
  put_message(&holder, 1, &tensor);
  for (size_t i = strlen(kinds); i-- > 0;) {
    Message inner = {NULL, 0}, outer = {NULL, 0};
    if (kinds[i] == 'm') put_number(&inner, 1, ONNX_INT64);
    put_message(&inner, kinds[i] == 'm' ? 2 : 1, &holder);
    put_message(&outer, kinds[i] == 's' ? 4 : kinds[i] == 'm' ? 5 : 9, &inner);
    holder = outer;
  }
  put_text(&value, 1, name);
  put_message(&value, 2, &holder);
  put_message(graph, field, &value);
}
static inline void add_value(Message* graph, int field, const char* name, int type, int rank,
                             const int64_t* dims) {
  add_kind(graph, field, name, "", type, rank, dims);
}

/*
 * Names are separated by blanks; two blanks leave one out. domain and attributes, which are freed, may be
 * NULL.
 */
static inline void add_domain_node(Message* graph, const char* domain, const char* op, const char* inputs,
                                   const char* outputs, const char* name, Message* attributes) {
  Message node = {NULL, 0};
  const char* const lists[2] = {inputs, outputs};
  for (int field = 1; field <= 2; ++field)
    for (const char* at = lists[field - 1]; *at != '\0';) {
      const size_t length = strcspn(at, " ");
      put_bytes(&node, field, at, length);
      at += length + (at[length] == ' ');
    }
  put_text(&node, 3, name);
  put_text(&node, 4, op);
  if (domain != NULL) put_text(&node, 7, domain);
  if (attributes != NULL) {
    put(&node, attributes->data, attributes->size);
    free(attributes->data);
    attributes->data = NULL;
    attributes->size = 0;
  }
  put_message(graph, 1, &node);
}
static inline void add_node(Message* graph, const char* op, const char* inputs, const char* outputs,
                            const char* name) {
  add_domain_node(graph, NULL, op, inputs, outputs, name, NULL);
}

/* Appends an attribute that holds an integer to a node's attributes. */
static inline void put_int_attribute(Message* attributes, const char* name, int64_t value) {
  Message a = {NULL, 0};
  put_text(&a, 1, name);
  put_number(&a, 3, value);
  put_number(&a, 20, 2);
  put_message(attributes, 5, &a);
}

static inline void add_initializer(Message* graph, const char* name, int rank, const int64_t* dims,
                                   const float* values) {
  Message tensor = {NULL, 0};
  int64_t n = 1;
  for (int i = 0; i < rank; ++i) {
    put_number(&tensor, 1, dims[i]);
    n *= dims[i];
  }
  put_number(&tensor, 2, ONNX_FLOAT);
  put_text(&tensor, 8, name);
  put_bytes(&tensor, 9, values, (size_t)n * sizeof(float));
  put_message(graph, 5, &tensor);
}

/* domain: one that the model uses besides ONNX's, in that version; may be NULL. */
static inline Message finish_domain_model(Message* graph, const char* domain, int version) {
  Message model = {NULL, 0}, opset = {NULL, 0}, entry = {NULL, 0};
  put_number(&model, 1, 8);
  put_text(&model, 2, "tests");
  put_text(graph, 2, "small");
  put_message(&model, 7, graph);
  put_text(&opset, 1, "");
  put_number(&opset, 2, 17);
  put_message(&model, 8, &opset);
  if (domain != NULL) {
    put_text(&opset, 1, domain);
    put_number(&opset, 2, version);
    put_message(&model, 8, &opset);
  }
  put_text(&entry, 1, "author");
  put_text(&entry, 2, "nobody");
  put_message(&model, 14, &entry);
  return model;
}
static inline Message finish_model(Message* graph) { return finish_domain_model(graph, NULL, 0); }

/* y[N,4] = Relu(x[N,4] * {1,2,3,4} + 0.5), N known if batch is not -1 */
static inline Message affine_model(int64_t batch) {
  static const float w[4] = {1, 2, 3, 4}, b[1] = {0.5f};
  const int64_t four = 4, one = 1, dims[2] = {batch, 4};
  Message graph = {NULL, 0};
  add_initializer(&graph, "w", 1, &four, w);
  add_initializer(&graph, "b", 1, &one, b);
  add_value(&graph, 11, "x", ONNX_FLOAT, 2, dims);
  add_node(&graph, "Mul", "x w", "scaled", "mul");
  add_node(&graph, "Add", "scaled b", "moved", "add");
  add_node(&graph, "Relu", "moved", "y", "relu");
  add_value(&graph, 12, "y", ONNX_FLOAT, 2, dims);
  return finish_model(&graph);
}

/* y[n,n] = x[n,n] times a constant matrix, again and again */
static inline Message slow_model(int64_t n, int times) {
  const int64_t dims[2] = {n, n};
  Message graph = {NULL, 0};
  float* const w = (float*)calloc((size_t)(n * n), sizeof(float));
  char from[16] = "x", to[16], inputs[32];
  if (w == NULL) abort();
  for (int64_t i = 0; i < n * n; ++i) w[i] = (float)(i % 7) * 0.001f;
  add_initializer(&graph, "w", 2, dims, w);
  free(w);
  add_value(&graph, 11, "x", ONNX_FLOAT, 2, dims);
  for (int i = 0; i < times; ++i) {
    if (i + 1 < times)
      snprintf(to, sizeof to, "t%d", i);
    else
      strcpy(to, "y");
    snprintf(inputs, sizeof inputs, "%s w", from);
    add_node(&graph, "MatMul", inputs, to, to);
    strcpy(from, to);
  }
  add_value(&graph, 12, "y", ONNX_FLOAT, 2, dims);
  return finish_model(&graph);
}

/* two nodes of operators that nobody knows */
static inline Message unknown_model(void) {
  const int64_t dims[1] = {4};
  Message graph = {NULL, 0};
  add_value(&graph, 11, "x", ONNX_FLOAT, 1, dims);
  add_node(&graph, "Flibber", "x", "t", "first");
  add_node(&graph, "Gibbet", "t", "y", "second");
  add_value(&graph, 12, "y", ONNX_FLOAT, 1, dims);
  return finish_model(&graph);
}

/* y = NonZero(x[4]): its shape depends on what x holds */
static inline Message nonzero_model(void) {
  const int64_t dims[1] = {4}, out[2] = {1, -1};
  Message graph = {NULL, 0};
  add_value(&graph, 11, "x", ONNX_FLOAT, 1, dims);
  add_node(&graph, "NonZero", "x", "y", "nonzero");
  add_value(&graph, 12, "y", ONNX_INT64, 2, out);
  return finish_model(&graph);
}

/* picked = frames[at], longer = frames and picked behind it, count = length of frames */
static inline Message sequence_model(int type) {
  const int64_t one[1] = {-1};
  Message graph = {NULL, 0};
  add_kind(&graph, 11, "frames", "s", type, 1, one);
  add_value(&graph, 11, "at", ONNX_INT64, 0, NULL);
  add_node(&graph, "SequenceAt", "frames at", "picked", "pick");
  add_node(&graph, "SequenceInsert", "frames picked", "longer", "insert");
  add_node(&graph, "SequenceLength", "frames", "count", "length");
  add_kind(&graph, 12, "longer", "s", type, 1, one);
  add_value(&graph, 12, "picked", type, 1, one);
  add_value(&graph, 12, "count", ONNX_INT64, 0, NULL);
  return finish_model(&graph);
}

/* same = x, whatever lies in kinds of float[2]; has = OptionalHasElement(x) for an optional */
static inline Message identity_model(const char* kinds) {
  const int64_t two[1] = {2};
  Message graph = {NULL, 0};
  add_kind(&graph, 11, "x", kinds, ONNX_FLOAT, 1, two);
  add_node(&graph, "Identity", "x", "same", "identity");
  add_kind(&graph, 12, "same", kinds, ONNX_FLOAT, 1, two);
  if (kinds[0] == 'o') {
    add_node(&graph, "OptionalHasElement", "x", "has", "has");
    add_value(&graph, 12, "has", 9, 0, NULL);
  }
  return finish_model(&graph);
}

#endif
