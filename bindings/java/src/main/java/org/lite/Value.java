package org.lite;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * What an input or output of any kind carries: an {@link Array}, a {@link Sequence}, an {@link Optional} or a {@link Map}. Values are in
 * Java's memory, and do not change.
 *
 * <pre>{@code
 * net.setValue("frames", new Value.Sequence(DataType.FLOAT32, List.of(Value.Array.of(first, 480, 640), Value.Array.of(second, 480, 640))));
 * net.run();
 * for (Value scores : ((Value.Sequence) net.getValue("scores")).elements()) ...
 * }</pre>
 */
public sealed interface Value {
  /** The type of the elements of the tensors in it; of a map, of those in its values. */
  DataType dataType();

  /** A tensor that belongs to no network. */
  final class Array implements Value {
    private final DataType type;
    private final long[] shape;
    private final byte[] bytes;
    private final String[] texts;

    private Array(DataType type, long[] shape, byte[] bytes, String[] texts) {
      this.type = type;
      this.shape = shape;
      this.bytes = bytes;
      this.texts = texts;
    }

    /** Makes a copy of a tensor, of a network's or of the caller's. */
    public static Array of(Tensor tensor) {
      DataType type = tensor.dataType();
      if (type == DataType.STRING) return new Array(type, tensor.dimensions(), null, tensor.strings());
      return new Array(type, tensor.dimensions(), tensor.raw(), null);
    }

    /** Makes a tensor of a copy of elements, in row-major order. */
    public static Array of(float[] elements, long... shape) {
      return make(tensor -> tensor.set(elements, shape));
    }

    /** Makes a tensor of a copy of elements, in row-major order. */
    public static Array of(double[] elements, long... shape) {
      return make(tensor -> tensor.set(elements, shape));
    }

    /** Makes a tensor of a copy of elements, in row-major order. */
    public static Array of(long[] elements, long... shape) {
      return make(tensor -> tensor.set(elements, shape));
    }

    /** Makes a tensor of a copy of elements, in row-major order. */
    public static Array of(int[] elements, long... shape) {
      return make(tensor -> tensor.set(elements, shape));
    }

    /** Makes a tensor of a copy of elements, in row-major order. */
    public static Array of(boolean[] elements, long... shape) {
      return make(tensor -> tensor.set(elements, shape));
    }

    /** Makes a tensor of texts, in row-major order. */
    public static Array of(String[] texts, long... shape) {
      return make(tensor -> tensor.set(texts, shape));
    }

    // Through a tensor, which knows how Java's types and element types go together. Types without a method here are its own.
    private static Array make(Consumer<Tensor> setter) {
      try (Tensor tensor = Tensor.create(DataType.FLOAT32, 0)) {
        setter.accept(tensor);
        return of(tensor);
      }
    }

    @Override
    public DataType dataType() {
      return type;
    }

    /** The dimensions; none for a scalar. */
    public long[] shape() {
      return shape.clone();
    }

    /** Copies it into a tensor, which the caller closes. */
    public Tensor toTensor() {
      Tensor tensor = Tensor.create(type, shape);
      try {
        if (texts != null) tensor.set(texts, shape);
        else tensor.setRaw(bytes);
        return tensor;
      } catch (Throwable e) {
        tensor.close();
        throw e;
      }
    }

    /** Copies the elements out. */
    public float[] floats() {
      try (Tensor tensor = toTensor()) {
        return tensor.floats();
      }
    }

    /** Copies the elements out. */
    public double[] doubles() {
      try (Tensor tensor = toTensor()) {
        return tensor.doubles();
      }
    }

    /** Copies the elements out. */
    public long[] longs() {
      try (Tensor tensor = toTensor()) {
        return tensor.longs();
      }
    }

    /** Copies the elements out. */
    public int[] ints() {
      try (Tensor tensor = toTensor()) {
        return tensor.ints();
      }
    }

    /** Copies the elements out. */
    public boolean[] booleans() {
      try (Tensor tensor = toTensor()) {
        return tensor.booleans();
      }
    }

    /** Copies texts out. */
    public String[] strings() {
      if (texts == null) throw new LiteException(ErrorCode.SHAPE_MISMATCH, "the array has elements of " + type + ", which are no texts");
      return texts.clone();
    }

    /** Whether the other is an array with the same type, shape and elements, bit by bit. */
    @Override
    public boolean equals(Object other) {
      return other instanceof Array a
          && type == a.type
          && Arrays.equals(shape, a.shape)
          && Arrays.equals(bytes, a.bytes)
          && Arrays.equals(texts, a.texts);
    }

    @Override
    public int hashCode() {
      return Objects.hash(type, Arrays.hashCode(shape), Arrays.hashCode(bytes), Arrays.hashCode(texts));
    }

    /** Type and shape, as in "FLOAT32[1,3]". */
    @Override
    public String toString() {
      return type + Tensor.text(shape);
    }
  }

  /**
   * Values of one kind and element type, in order.
   *
   * @param dataType of the elements of the tensors in it
   * @param elements none are allowed
   */
  record Sequence(DataType dataType, List<Value> elements) implements Value {
    /** Keeps a copy of the list. */
    public Sequence {
      Objects.requireNonNull(dataType);
      elements = List.copyOf(elements);
    }
  }

  /**
   * A value, or none.
   *
   * @param dataType of the elements of the tensors that it could hold
   * @param value what it holds; null: nothing
   */
  record Optional(DataType dataType, Value value) implements Value {
    /** With a value, its type counts. */
    public Optional {
      dataType = value == null ? Objects.requireNonNull(dataType) : value.dataType();
    }

    /** One that holds a value. */
    public static Optional of(Value value) {
      return new Optional(value.dataType(), value);
    }

    /** One that holds nothing. */
    public static Optional empty(DataType dataType) {
      return new Optional(dataType, null);
    }
  }

  /**
   * A value for each key.
   *
   * @param keys one dimension, of integers or texts that all differ
   * @param values as many, in the order of the keys: a sequence, or a tensor whose first dimension counts them
   */
  record Map(Array keys, Value values) implements Value {
    /** Both are there. */
    public Map {
      Objects.requireNonNull(keys);
      Objects.requireNonNull(values);
    }

    /** A map from texts to numbers. */
    public static Map ofFloats(java.util.Map<String, Float> entries) {
      float[] values = new float[entries.size()];
      int i = 0;
      for (float value : entries.values()) values[i++] = value;
      return new Map(Array.of(entries.keySet().toArray(String[]::new), values.length), Array.of(values, values.length));
    }

    @Override
    public DataType dataType() {
      return values.dataType();
    }

    /** Copies the entries of a map to numbers or sequences: keys are String or Long, values Float, Double, Long, Integer or Value. */
    public java.util.Map<Object, Object> entries() {
      Object[] names = boxed(keys);
      Object[] boxed = values instanceof Sequence s ? s.elements().toArray() : boxed((Array) values);
      java.util.Map<Object, Object> entries = new LinkedHashMap<>();
      for (int i = 0; i < names.length; ++i) entries.put(names[i] instanceof Integer n ? (Long) n.longValue() : names[i], boxed[i]);
      return entries;
    }

    private static Object[] boxed(Array array) {
      return switch (array.type) {
        case STRING -> array.strings();
        case INT64 -> Arrays.stream(array.longs()).boxed().toArray();
        case INT32 -> Arrays.stream(array.ints()).boxed().toArray();
        case FLOAT64 -> Arrays.stream(array.doubles()).boxed().toArray();
        case FLOAT32 -> {
          float[] floats = array.floats();
          Object[] all = new Object[floats.length];
          for (int i = 0; i < all.length; ++i) all[i] = floats[i];
          yield all;
        }
        default ->
            throw new LiteException(ErrorCode.UNSUPPORTED, "entries of " + array + " are not boxed: take keys() and values() themselves");
      };
    }
  }
}
