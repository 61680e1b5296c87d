package org.lite;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.lite.swig.Native;

/**
 * The node that a function of a {@link CustomOperator} is called for. Valid until that returns, and so are the buffers taken from it:
 * they are the library's memory, and must not be kept.
 */
public final class OperatorContext {
  private long context;

  /**
   * An input or output of the node.
   *
   * @param isPresent whether the node has it, and for an output whether anybody reads it
   * @param dataType of the elements; null: not known yet
   * @param shape the dimensions, below 0 where not known yet; null: not even how many
   * @param elements the bytes, in the machine's order; of an input not to be written; null: not known yet
   */
  public record Tensor(boolean isPresent, DataType dataType, long[] shape, ByteBuffer elements) {}

  OperatorContext(long context) {
    this.context = context;
  }

  private long context() {
    if (context == 0) throw new IllegalStateException("the operator's function has returned");
    return context;
  }

  void end() {
    context = 0;
  }

  /** The node's name. */
  public String nodeName() {
    byte[][] name = new byte[1][];
    Native.LITE_operator_get_node_name(context(), name);
    return LiteLibrary.text(name);
  }

  /** How many inputs the node has. */
  public int inputCount() {
    long[] count = new long[1];
    Native.LITE_operator_get_input_count(context(), count);
    return (int) count[0];
  }

  /** How many outputs the node has. */
  public int outputCount() {
    long[] count = new long[1];
    Native.LITE_operator_get_output_count(context(), count);
    return (int) count[0];
  }

  /** Whether the run was cancelled or its time is over: throw, then. */
  public boolean shouldStop() {
    int[] stop = new int[1];
    Native.LITE_operator_should_stop(context(), stop);
    return stop[0] != 0;
  }

  /** An input; one that the node leaves out is not present. */
  public Tensor input(int index) {
    return tensor(index, 0);
  }

  /** An output, in the run. It has memory if its type and shape were told before, or by {@link #allocate}. */
  public Tensor output(int index) {
    return tensor(index, 1);
  }

  private Tensor tensor(int index, int output) {
    return tensor(Native.lite_operator_tensor(context(), index, output));
  }

  private static Tensor tensor(Object parts) {
    Object[] all = (Object[]) parts;
    int[] facts = (int[]) all[0];
    ByteBuffer data = (ByteBuffer) all[2];
    return new Tensor(
        facts[0] != 0,
        facts[1] < 0 ? null : DataType.of(facts[1]),
        (long[]) all[1],
        data == null ? null : data.order(ByteOrder.nativeOrder()));
  }

  /** The elements of an input of texts, in the run, in row-major order. */
  public String[] inputStrings(int index) {
    long[] shape = input(index).shape();
    String[] texts = new String[shape == null ? 0 : Math.toIntExact(org.lite.Tensor.count(DataType.STRING, shape))];
    for (int i = 0; i < texts.length; ++i)
      texts[i] = new String((byte[]) Native.lite_operator_string(context(), index, i), StandardCharsets.UTF_8);
    return texts;
  }

  /** Gives an output of texts its shape and elements, in the run. */
  public void setOutputStrings(int index, String[] texts, long... shape) {
    if (org.lite.Tensor.count(DataType.STRING, shape) != texts.length) throw org.lite.Tensor.wrongCount(texts.length, shape);
    allocate(index, DataType.STRING, shape);
    for (int i = 0; i < texts.length; ++i)
      Native.lite_operator_set_string(context(), index, i, texts[i].getBytes(StandardCharsets.UTF_8));
  }

  /** How many threads the network may use, in the run. */
  public int threads() {
    long[] threads = new long[1];
    Native.LITE_operator_get_threads(context(), threads);
    return (int) threads[0];
  }

  /**
   * Calls a function once for each index from 0 to count - 1, on as many threads as the network may use, in the run, and returns when
   * all are done. What it throws is thrown here, that of the lowest index that failed.
   */
  public void parallel(long count, LongConsumer body) {
    Loop loop = new Loop(body);
    try {
      Native.lite_operator_parallel(context(), count, loop);
    } catch (LiteException e) {
      // Cancelled, it is not what a task threw that counts.
      if (loop.failure == null || e.code() != ErrorCode.UNKNOWN_ERROR) throw e;
      if (loop.failure instanceof Error error) throw error;
      throw (RuntimeException) loop.failure;
    }
  }

  /** What native code calls, from several threads. */
  private static final class Loop {
    private final LongConsumer body;
    private long first = Long.MAX_VALUE;
    private Throwable failure;

    Loop(LongConsumer body) {
      this.body = Objects.requireNonNull(body);
    }

    @SuppressWarnings("unused")
    int call(long index) {
      try {
        body.accept(index);
        return 0;
      } catch (Throwable e) {
        synchronized (this) {
          if (index < first) {
            first = index;
            failure = e;
          }
        }
        return ErrorCode.UNKNOWN_ERROR.code();
      }
    }
  }

  /** Gives an output its type, shape and memory, in the run. */
  public Tensor allocate(int index, DataType type, long... shape) {
    Native.lite_operator_allocate(context(), index, type.code(), shape.length, shape);
    return output(index);
  }

  /** Tells what is known of an output, in {@link CustomOperator#infer}. Dimensions of inputs that are below 0 are handed on. */
  public void setOutput(int index, DataType type, long... shape) {
    Native.LITE_operator_set_output(context(), index, type.code(), shape.length, shape);
  }

  /** An attribute, or what it is if the node does not have it. */
  public long getInt(String name, long missing) {
    return Native.lite_attribute_int(context(), name, missing);
  }

  /** An attribute, or what it is if the node does not have it. */
  public float getFloat(String name, float missing) {
    return Native.lite_attribute_float(context(), name, missing);
  }

  /** An attribute, or what it is if the node does not have it. */
  public String getString(String name, String missing) {
    byte[] text = (byte[]) Native.lite_attribute_string(context(), name);
    return text == null ? missing : new String(text, StandardCharsets.UTF_8);
  }

  /** The names of the node's attributes. */
  public List<String> attributes() {
    long[] count = new long[1];
    Native.LITE_operator_get_attribute_count(context(), count);
    List<String> names = new ArrayList<>();
    for (long i = 0; i < count[0]; ++i) {
      byte[][] name = new byte[1][];
      Native.LITE_operator_get_attribute_name(context(), i, name);
      names.add(LiteLibrary.text(name));
    }
    return names;
  }

  /** An attribute of several texts; none if the node does not have it. */
  public String[] getStrings(String name) {
    byte[][] texts = (byte[][]) Native.lite_attribute_strings(context(), name);
    if (texts == null) return new String[0];
    return Arrays.stream(texts).map(text -> new String(text, StandardCharsets.UTF_8)).toArray(String[]::new);
  }

  /** An attribute that is a tensor; not present if the node does not have it. */
  public Tensor getTensor(String name) {
    return tensor(Native.lite_attribute_tensor(context(), name));
  }

  /** An attribute; none if the node does not have it. */
  public long[] getInts(String name) {
    long[] values = (long[]) Native.lite_attribute_ints(context(), name);
    return values == null ? new long[0] : values;
  }

  /** An attribute; none if the node does not have it. */
  public float[] getFloats(String name) {
    float[] values = (float[]) Native.lite_attribute_floats(context(), name);
    return values == null ? new float[0] : values;
  }
}
