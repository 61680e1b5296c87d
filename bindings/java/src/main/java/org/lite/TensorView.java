package org.lite;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;

/**
 * A tensor's elements where the library has them. {@link Tensor#view} says when it ends; the methods then throw. A buffer that was
 * taken before stays readable memory for as long as anybody has it, with whatever the library writes there.
 */
public final class TensorView {
  private final Tensor tensor;
  private final ByteBuffer bytes;
  private final int version;
  private final long run;

  TensorView(Tensor tensor, ByteBuffer bytes) {
    this.tensor = tensor;
    this.bytes = bytes;
    version = tensor.version();
    run = tensor.run();
  }

  /** Whether it can still be used. */
  public boolean isValid() {
    return !tensor.isClosed() && version == tensor.version() && run == tensor.run();
  }

  /** The elements' bytes, in the machine's order. */
  public ByteBuffer bytes() {
    tensor.handle();
    if (!isValid())
      throw new IllegalStateException(
          "this view of tensor '" + tensor.name() + "' has ended: its network has run again, or the tensor has other memory; take a new one");
    return bytes.duplicate().order(ByteOrder.nativeOrder());
  }

  /** The elements. */
  public FloatBuffer floats() {
    return bytes().asFloatBuffer();
  }

  /** The elements. */
  public DoubleBuffer doubles() {
    return bytes().asDoubleBuffer();
  }

  /** The elements. */
  public LongBuffer longs() {
    return bytes().asLongBuffer();
  }

  /** The elements. */
  public IntBuffer ints() {
    return bytes().asIntBuffer();
  }

  /** The elements. */
  public ShortBuffer shorts() {
    return bytes().asShortBuffer();
  }
}
