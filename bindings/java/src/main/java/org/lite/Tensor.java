package org.lite;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.lite.swig.Native;

/**
 * A tensor: one of a network's inputs and outputs, or one of its own.
 *
 * <p>One thread at a time. Elements go in and out by copy (the methods set, and floats, longs and so on), as a view of the
 * library's memory ({@link #view}), or the tensor works in a buffer of the caller's ({@link #use}). Java's types without sign
 * carry the bits of those of the model's that have none, and short those of float16 and bfloat16.
 */
public final class Tensor implements AutoCloseable {
  private static final Set<DataType> SHORTS =
      EnumSet.of(DataType.INT16, DataType.UINT16, DataType.FLOAT16, DataType.BFLOAT16);
  private static final Set<DataType> INTS = EnumSet.of(DataType.INT32, DataType.UINT32);
  private static final Set<DataType> LONGS = EnumSet.of(DataType.INT64, DataType.UINT64);
  private static final Set<DataType> FLOATS = EnumSet.of(DataType.FLOAT32, DataType.COMPLEX64);
  private static final Set<DataType> DOUBLES = EnumSet.of(DataType.FLOAT64, DataType.COMPLEX128);
  private static final Set<DataType> BOOLEANS = EnumSet.of(DataType.BOOL);
  private static final Set<DataType> BYTES =
      EnumSet.complementOf(
          EnumSet.of(
              DataType.STRING,
              DataType.INT16,
              DataType.UINT16,
              DataType.FLOAT16,
              DataType.BFLOAT16,
              DataType.INT32,
              DataType.UINT32,
              DataType.INT64,
              DataType.UINT64,
              DataType.FLOAT32,
              DataType.FLOAT64,
              DataType.COMPLEX64,
              DataType.COMPLEX128));

  private final long handle;
  private final Network network;
  private final IOInfo info;
  private final boolean isOutput;
  private final Cleaner.Cleanable cleanable;
  private boolean closed;
  private DataType type;
  private long[] shape;
  private ByteBuffer lent;
  private ByteBuffer memory;
  private int version;

  Tensor(long handle, Network network, IOInfo info, boolean isOutput) {
    this.handle = handle;
    this.network = network;
    this.info = info;
    this.isOutput = isOutput;
    type = info.dataType();
    cleanable = null;
  }

  private Tensor(long handle, DataType type, long[] shape) {
    this.handle = handle;
    this.type = type;
    this.shape = shape.clone();
    network = null;
    info = null;
    isOutput = false;
    cleanable = Network.CLEANER.register(this, () -> Native.LITE_destroy_tensor(handle));
  }

  /** Makes a tensor of the caller's own, with memory of the library's; its elements are undefined at first. */
  public static Tensor create(DataType type, long... shape) {
    LiteLibrary.load();
    long[] made = new long[1];
    Native.LITE_make_tensor_with_dims(type.code(), shape.length, shape, made);
    return new Tensor(made[0], type, shape);
  }

  /** The name in the model, or "". */
  public String name() {
    return info == null ? "" : info.name();
  }

  /** What the model says about this input or output; null for a tensor of the caller's. */
  public IOInfo info() {
    return info;
  }

  /** The type of the elements. */
  public DataType dataType() {
    try {
      return isOutput ? DataType.of(Native.lite_get_dtype(handle())) : type;
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** The dimensions; null while they are not set. */
  public long[] shape() {
    try {
      if (!isOutput && shape != null) {
        handle();
        return shape.clone();
      }
      int[] rank = new int[1];
      Native.LITE_get_tensor_rank(handle(), rank);
      if (rank[0] < 0) return null;
      long[] dims = new long[rank[0]];
      Native.LITE_get_tensor_dims(handle(), dims.length, dims);
      return dims;
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Sets element type and dimensions; the elements become undefined. Views end. */
  public void resize(DataType type, long... shape) {
    try {
      takeBack();
      ++version;
      memory = null;
      Native.LITE_set_tensor_dims(handle(), type.code(), shape.length, shape);
      this.type = type;
      this.shape = shape.clone();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Sees the same elements under other dimensions, of which one may be -1. Views end. */
  public void reshape(long... shape) {
    try {
      ++version;
      memory = null;
      Native.LITE_tensor_reshape_dims(handle(), shape.length, shape);
      this.shape = null;
      this.shape = shape();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Copies elements in, in row-major order. */
  public void set(float[] elements, long... shape) {
    write(FLOATS, DataType.FLOAT32, elements.length, shape, to -> to.asFloatBuffer().put(elements));
  }

  /** Copies elements in, in row-major order. */
  public void set(double[] elements, long... shape) {
    write(DOUBLES, DataType.FLOAT64, elements.length, shape, to -> to.asDoubleBuffer().put(elements));
  }

  /** Copies elements in, in row-major order. */
  public void set(long[] elements, long... shape) {
    write(LONGS, DataType.INT64, elements.length, shape, to -> to.asLongBuffer().put(elements));
  }

  /** Copies elements in, in row-major order. */
  public void set(int[] elements, long... shape) {
    write(INTS, DataType.INT32, elements.length, shape, to -> to.asIntBuffer().put(elements));
  }

  /** Copies elements in, in row-major order. */
  public void set(short[] elements, long... shape) {
    write(SHORTS, DataType.INT16, elements.length, shape, to -> to.asShortBuffer().put(elements));
  }

  /** Copies elements in, in row-major order. */
  public void set(byte[] elements, long... shape) {
    write(BYTES, DataType.INT8, elements.length, shape, to -> to.put(elements));
  }

  /** Copies elements in, in row-major order. */
  public void set(boolean[] elements, long... shape) {
    byte[] bytes = new byte[elements.length];
    for (int i = 0; i < bytes.length; ++i) bytes[i] = (byte) (elements[i] ? 1 : 0);
    write(BOOLEANS, DataType.BOOL, bytes.length, shape, to -> to.put(bytes));
  }

  /** Copies texts in, in row-major order. */
  public void set(String[] texts, long... shape) {
    if (count(DataType.STRING, shape) != texts.length) throw wrongCount(texts.length, shape);
    resize(DataType.STRING, shape);
    try {
      for (int i = 0; i < texts.length; ++i) Native.lite_set_string(handle(), i, texts[i].getBytes(StandardCharsets.UTF_8));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Copies the elements out. */
  public float[] floats() {
    return read(
        FLOATS, "float",
        from -> {
          float[] elements = new float[from.capacity() / Float.BYTES];
          from.asFloatBuffer().get(elements);
          return elements;
        });
  }

  /** Copies the elements out. */
  public double[] doubles() {
    return read(
        DOUBLES, "double",
        from -> {
          double[] elements = new double[from.capacity() / Double.BYTES];
          from.asDoubleBuffer().get(elements);
          return elements;
        });
  }

  /** Copies the elements out. */
  public long[] longs() {
    return read(
        LONGS, "long",
        from -> {
          long[] elements = new long[from.capacity() / Long.BYTES];
          from.asLongBuffer().get(elements);
          return elements;
        });
  }

  /** Copies the elements out. */
  public int[] ints() {
    return read(
        INTS, "int",
        from -> {
          int[] elements = new int[from.capacity() / Integer.BYTES];
          from.asIntBuffer().get(elements);
          return elements;
        });
  }

  /** Copies the elements out. */
  public short[] shorts() {
    return read(
        SHORTS, "short",
        from -> {
          short[] elements = new short[from.capacity() / Short.BYTES];
          from.asShortBuffer().get(elements);
          return elements;
        });
  }

  /** Copies the elements out; where several share a byte, those bytes. */
  public byte[] bytes() {
    return read(BYTES, "byte", Tensor::copied);
  }

  /** Copies the elements out. */
  public boolean[] booleans() {
    return read(
        BOOLEANS, "boolean",
        from -> {
          boolean[] elements = new boolean[from.capacity()];
          for (int i = 0; i < elements.length; ++i) elements[i] = from.get(i) != 0;
          return elements;
        });
  }

  /** Copies texts out. */
  public String[] strings() {
    try {
      String[] texts = new String[Math.toIntExact(count(DataType.STRING, dimensions()))];
      for (int i = 0; i < texts.length; ++i) texts[i] = new String(Native.lite_get_string(handle(), i), StandardCharsets.UTF_8);
      return texts;
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Copies another tensor's elements in; type and dimensions become those of that one. */
  public void set(Tensor source) {
    resize(source.dataType(), source.dimensions());
    try {
      Native.LITE_tensor_copy(handle(), source.handle());
    } finally {
      Reference.reachabilityFence(this);
      Reference.reachabilityFence(source);
    }
  }

  /** Sets all elements to zero. */
  public void fillZero() {
    try {
      Native.LITE_tensor_fill_zero(handle());
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /**
   * Lets the tensor work in a direct buffer of the caller's, from its position to its limit, without copying: an input reads it, an
   * output writes it. The buffer is kept until the tensor is given another one, other dimensions or elements by copy. An output's
   * may be larger than the elements need.
   */
  public void use(DataType type, ByteBuffer buffer, long... shape) {
    if (!buffer.isDirect()) throw new IllegalArgumentException("a direct buffer is wanted");
    ByteBuffer slice = buffer.slice();
    try {
      Native.LITE_reset_tensor_with_dims(handle(), type.code(), shape.length, shape, slice);
      lent = slice;
      memory = null;
      ++version;
      this.type = type;
      this.shape = shape.clone();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /**
   * Sees the library's memory without copying. The view ends, with an exception when it is used, at the network's next run (an
   * output's), at {@link #resize} and its like, and when the tensor or its network is closed.
   */
  public TensorView view() {
    if (lent != null) throw new IllegalStateException("tensor '" + name() + "' works in a buffer of the caller's: look there");
    try {
      // Another native tensor that holds the same memory, and so keeps it whatever becomes of this one.
      long[] made = new long[1];
      Native.LITE_make_tensor_with_dims(DataType.UINT8.code(), 0, new long[0], made);
      long sharing = made[0];
      ByteBuffer bytes;
      try {
        Native.LITE_tensor_share_memory_with(sharing, handle());
        bytes = map(sharing);
      } catch (Throwable e) {
        Native.LITE_destroy_tensor(sharing);
        throw e;
      }
      // All buffers made of this one refer to it, so it is collected after them.
      Network.CLEANER.register(bytes, () -> Native.LITE_destroy_tensor(sharing));
      return new TensorView(this, bytes);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Frees a tensor of the caller's. Those of a network go with it. */
  @Override
  public void close() {
    if (network != null) return;
    closed = true;
    cleanable.clean();
  }

  /** Whether it is closed, or the network that it belongs to. */
  public boolean isClosed() {
    return closed || network != null && network.isClosed();
  }

  /** Name, type and shape, as in "data: FLOAT32[1,1,8,8]". */
  @Override
  public String toString() {
    if (isClosed()) return "Tensor '" + name() + "', closed";
    long[] dims = shape();
    if (dims == null) return info == null ? dataType().toString() : info.toString();
    return (name().isEmpty() ? "" : name() + ": ") + dataType() + text(dims);
  }

  long handle() {
    if (closed) throw new IllegalStateException("the tensor is closed");
    if (network != null && network.isClosed())
      throw new IllegalStateException("tensor '" + name() + "' is gone: its network is closed");
    return handle;
  }

  /** Takes over a native tensor that belongs to no network. */
  static Tensor own(long handle) {
    Tensor tensor = new Tensor(handle, DataType.UINT8, new long[0]);
    tensor.shape = null;
    tensor.type = DataType.of(Native.lite_get_dtype(handle));
    return tensor;
  }

  /** The elements as they lie in memory, small ones packed. */
  byte[] raw() {
    try {
      return copied(memory());
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private static byte[] copied(ByteBuffer from) {
    byte[] bytes = new byte[from.capacity()];
    from.get(bytes);
    return bytes;
  }

  /** Copies elements in as they lie in memory. */
  void setRaw(byte[] bytes) {
    try {
      memory().put(bytes);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** The input has been given a value, of which this tensor knows nothing. */
  void forget() {
    takeBack();
    ++version;
    memory = null;
    shape = null;
  }

  int version() {
    return version;
  }

  /** What views compare: an output's change with each run. */
  long run() {
    return isOutput ? network.runs() : 0;
  }

  static String text(long[] dims) {
    return Arrays.toString(dims).replace(" ", "");
  }

  static IllegalArgumentException wrongCount(long given, long[] shape) {
    return new IllegalArgumentException(
        given + " elements are given, shape " + text(shape) + " has " + count(DataType.STRING, shape));
  }

  static long count(DataType type, long[] shape) {
    long count = 1;
    for (long dim : shape) count = Math.multiplyExact(count, dim);
    return switch (type) {
      case INT4, UINT4, FLOAT4E2M1 -> (count + 1) / 2;
      case INT2, UINT2 -> (count + 3) / 4;
      case COMPLEX64, COMPLEX128 -> 2 * count;
      default -> count;
    };
  }

  long[] dimensions() {
    long[] dims = shape();
    if (dims == null) throw new LiteException(ErrorCode.INVALID_ARGUMENT, "tensor '" + name() + "' has no shape yet");
    return dims;
  }

  // Memory for so many elements, of the type that the model wants if that is among those that fit.
  private void write(Set<DataType> fitting, DataType natural, int given, long[] shape, Consumer<ByteBuffer> copy) {
    DataType wanted = info == null ? type : info.dataType();
    DataType chosen = fitting.contains(wanted) ? wanted : natural;
    if (count(chosen, shape) != given) throw wrongCount(given, shape);
    try {
      if (lent != null || chosen != type || !Arrays.equals(shape, this.shape)) resize(chosen, shape);
      copy.accept(memory());
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private <T> T read(Set<DataType> fitting, String java, Function<ByteBuffer, T> copy) {
    DataType present = dataType();
    if (!fitting.contains(present))
      throw new LiteException(
          ErrorCode.SHAPE_MISMATCH, "tensor '" + name() + "' has elements of " + present + ", which cannot be used as " + java);
    dimensions();
    try {
      return copy.apply(memory());
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  // An output's memory may be another after each run; an input's stays. It does not keep the network: whoever copies does, by a
  // fence behind.
  private ByteBuffer memory() {
    try {
      if (isOutput) return map(handle());
      if (memory == null) memory = map(handle());
      handle();
      return memory.duplicate().order(ByteOrder.nativeOrder());
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  static ByteBuffer map(long tensor) {
    long[] size = new long[1];
    Native.LITE_get_tensor_total_size_in_byte(tensor, size);
    if (size[0] == 0) return ByteBuffer.allocateDirect(0);
    Math.toIntExact(size[0]);
    return Native.lite_get_memory(tensor, size[0]).order(ByteOrder.nativeOrder());
  }

  // Leaves the caller's buffer for memory of the library's, before anything is written.
  private void takeBack() {
    if (lent == null) return;
    long[] made = new long[1];
    Native.LITE_make_tensor_with_dims(type.code(), shape.length, shape, made);
    try {
      Native.LITE_tensor_share_memory_with(handle(), made[0]);
    } finally {
      Native.LITE_destroy_tensor(made[0]);
    }
    lent = null;
  }
}
