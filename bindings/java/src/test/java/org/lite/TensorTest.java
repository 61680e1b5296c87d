package org.lite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TensorTest {
  private static final Path DIFFERENCE = ScenarioTest.FOLDER.resolve("models/two_inputs.onnx");

  private static ByteBuffer direct(float... values) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(4 * values.length).order(ByteOrder.nativeOrder());
    buffer.asFloatBuffer().put(values);
    return buffer;
  }

  private static float[] floats(FloatBuffer buffer) {
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  @Test
  void copiesInAndOut() {
    try (Tensor t = Tensor.create(DataType.FLOAT32, 2, 3);
        Tensor copy = Tensor.create(DataType.FLOAT64)) {
      t.set(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
      assertEquals("FLOAT32[2,3]", t.toString());
      t.reshape(-1, 2);
      assertArrayEquals(new long[] {3, 2}, t.shape());
      assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, t.floats());
      copy.set(t);
      assertArrayEquals(t.floats(), copy.floats());
      t.set(new int[] {7, 8}, 2);
      assertEquals(DataType.INT32, t.dataType());
      t.fillZero();
      assertArrayEquals(new int[] {0, 0}, t.ints());
    }
  }

  @Test
  void everyTypeHasBits() {
    for (DataType type : DataType.values())
      try (Tensor t = Tensor.create(type, 8)) {
        assertEquals(type, t.dataType());
        if (type != DataType.STRING) t.fillZero();
      }
    try (Tensor t = Tensor.create(DataType.INT4, 3)) {
      t.set(new byte[] {1, 2}, 3);
      assertEquals(DataType.INT4, t.dataType());
      assertArrayEquals(new byte[] {1, 2}, t.bytes());
    }
  }

  @Test
  void wrongTypesShapesAndCounts() {
    try (Network net = Network.load(DIFFERENCE)) {
      Tensor left = net.input("left");
      String text = assertThrows(IllegalArgumentException.class, () -> left.set(new float[3], 1, 2)).getMessage();
      assertTrue(text.contains("3 elements are given, shape [1,2] has 2"), text);
      NetworkTest.fails(ErrorCode.INVALID_ARGUMENT, () -> net.output("difference").floats());
      left.set(new float[2], 1, 2);
      text = NetworkTest.fails(ErrorCode.SHAPE_MISMATCH, left::longs).getMessage();
      assertTrue(text.contains("FLOAT32") && text.contains("long"), text);
      NetworkTest.fails(ErrorCode.INVALID_ARGUMENT, () -> left.resize(DataType.FLOAT32, -1, 2));
      NetworkTest.fails(ErrorCode.INVALID_ARGUMENT, () -> left.resize(DataType.FLOAT32, new long[65]));
      NetworkTest.fails(ErrorCode.SHAPE_MISMATCH, () -> left.use(DataType.FLOAT32, direct(1), 1, 2));
      assertThrows(IllegalArgumentException.class, () -> left.use(DataType.FLOAT32, ByteBuffer.allocate(8), 1, 2));
    }
  }

  @Test
  void inputsAndOutputsInBuffersOfTheCaller() {
    try (Network net = Network.load(DIFFERENCE)) {
      ByteBuffer left = direct(5, 6);
      ByteBuffer difference = direct(0, 0, 0);
      net.input("left").use(DataType.FLOAT32, left, 1, 2);
      net.input("right").set(new float[] {1, 1}, 1, 2);
      net.output("difference").use(DataType.FLOAT32, difference, 1, 2);
      System.gc();
      net.run();
      assertArrayEquals(new float[] {4, 5, 0}, floats(difference.asFloatBuffer()));
      left.asFloatBuffer().put(0, 10);
      net.run();
      assertArrayEquals(new float[] {9, 5, 0}, floats(difference.asFloatBuffer()));
      assertThrows(IllegalStateException.class, () -> net.output("difference").view());

      // By copy again: the buffer that was lent is written to no more.
      net.input("left").set(new float[] {2, 2}, 1, 2);
      assertArrayEquals(new float[] {10, 6}, floats(left.asFloatBuffer()));
      net.output("difference").resize(DataType.FLOAT32, 1, 2);
      net.run();
      assertArrayEquals(new float[] {9, 5, 0}, floats(difference.asFloatBuffer()));
      assertArrayEquals(new float[] {1, 1}, net.output("difference").floats());
    }
  }

  @Test
  void viewsEndWithTheNextRun() {
    try (Network net = Network.load(DIFFERENCE)) {
      Tensor left = net.input("left");
      left.resize(DataType.FLOAT32, 1, 2);
      TensorView input = left.view();
      input.floats().put(new float[] {3, 4});
      net.input("right").set(new float[2], 1, 2);
      net.run();
      TensorView output = net.output("difference").view();
      assertArrayEquals(new float[] {3, 4}, floats(output.floats()));
      net.run();
      assertTrue(input.isValid());
      assertFalse(output.isValid());
      assertTrue(assertThrows(IllegalStateException.class, output::floats).getMessage().contains("has run again"));
      left.resize(DataType.FLOAT32, 2, 2);
      assertThrows(IllegalStateException.class, input::bytes);
    }
  }

  @Test
  void buffersOfViewsOutliveTheirNetwork() {
    Network net = Network.load(NetworkTest.DIGITS);
    float[] wanted = NetworkTest.zeros(net);
    TensorView view = net.output("prob").view();
    FloatBuffer before = view.floats();
    net.close();
    assertThrows(IllegalStateException.class, view::floats);
    view = null;
    net = null;
    for (int i = 0; i < 5; ++i) System.gc();
    assertArrayEquals(wanted, floats(before));
  }

  @Test
  void closed() {
    Tensor t = Tensor.create(DataType.FLOAT32, 1);
    TensorView view = t.view();
    t.close();
    t.close();
    assertThrows(IllegalStateException.class, t::floats);
    assertThrows(IllegalStateException.class, view::bytes);
    try (Network net = Network.load(NetworkTest.DIGITS)) {
      net.input("data").close();
      assertEquals(10, NetworkTest.zeros(net).length);
    }
  }

  @Test
  void strings() {
    try (Tensor t = Tensor.create(DataType.STRING, 2)) {
      t.set(new String[] {"a\0b", "Zoë 日本 \uD83D\uDE00"}, 2);
      assertArrayEquals(new String[] {"a\0b", "Zoë 日本 \uD83D\uDE00"}, t.strings());
      assertThrows(IllegalArgumentException.class, () -> t.set(new String[1], 2));
      NetworkTest.fails(ErrorCode.SHAPE_MISMATCH, t::bytes);
    }
  }
}
