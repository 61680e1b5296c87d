package org.lite;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
    Object[] all = (Object[]) Native.lite_operator_tensor(context(), index, output);
    int[] facts = (int[]) all[0];
    ByteBuffer data = (ByteBuffer) all[2];
    return new Tensor(
        facts[0] != 0,
        facts[1] < 0 ? null : DataType.of(facts[1]),
        (long[]) all[1],
        data == null ? null : data.order(ByteOrder.nativeOrder()));
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
    return text == null ? missing : new String(text, java.nio.charset.StandardCharsets.UTF_8);
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
