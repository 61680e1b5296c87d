package org.lite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lite.swig.Native;

/** Sequences, optionals and maps, besides what the scenario has of them. */
class ValueTest {
  private static final Path MODEL = ScenarioTest.FOLDER.resolve("models/values.onnx");
  private static final Value.Array ONE = Value.Array.of(new float[] {1, 2}, 2);

  @Test
  void inAndOut() {
    Network net = Network.load(MODEL);
    assertEquals(List.of("names"), List.copyOf(net.inputs().keySet()));
    net.setValue("frames", new Value.Sequence(DataType.FLOAT32, List.of(ONE, ONE)));
    net.setValue("maybe", Value.Array.of(new float[] {7}));
    net.setValue("scores", Value.Map.ofFloats(Map.of("cat", 0.25f, "dog", 0.75f)));
    net.input("names").set(new String[] {"a"}, 1);
    net.setValue("names", Value.Array.of(new String[] {"b", "c"}, 2));
    System.gc();
    net.run();
    Value frames = net.getValue("frames_out");
    Value maybe = net.getValue("maybe_out");
    Value scores = net.getValue("scores_out");
    assertArrayEquals(new String[] {"b", "c"}, net.output("names_out").strings());
    net.input("names").set(new String[] {"d"}, 1);
    net.setValue("frames", new Value.Sequence(DataType.FLOAT32, List.of()));
    net.run();

    // What was got before is not changed by the next run, nor by the network's end.
    assertEquals(new Value.Sequence(DataType.FLOAT32, List.of()), net.getValue("frames_out"));
    assertEquals(Value.Array.of(new String[] {"d"}, 1), net.getValue("names_out"));
    net.close();
    assertEquals(new Value.Sequence(DataType.FLOAT32, List.of(ONE, ONE)), frames);
    assertEquals(Value.Optional.of(Value.Array.of(new float[] {7})), maybe);
    assertEquals(Map.of("cat", 0.25f, "dog", 0.75f), ((Value.Map) scores).entries());
    assertEquals(DataType.FLOAT32, scores.dataType());
  }

  @Test
  void everyTypeOfElements() {
    for (DataType type : DataType.values())
      try (Tensor tensor = Tensor.create(type, 3)) {
        if (type == DataType.STRING) tensor.set(new String[] {"a", "", "c"}, 3);
        else tensor.fillZero();
        Value value = Value.Array.of(tensor);
        Values.build(
            Value.Optional.of(value),
            optional -> assertEquals(value, Values.take(element -> Native.LITE_get_value_element(optional, 0, element))));
      }
  }

  @Test
  void mapsOfIntegers() {
    Value.Map map = new Value.Map(Value.Array.of(new long[] {3, -1}, 2), Value.Array.of(new double[] {0.5, 2}, 2));
    assertEquals(Map.of(3L, 0.5, -1L, 2.0), map.entries());
    map = new Value.Map(Value.Array.of(new int[] {3, -1}, 2), new Value.Sequence(DataType.FLOAT32, List.of(ONE, ONE)));
    assertEquals(Map.of(3L, ONE, -1L, ONE), map.entries());
    Value.Map odd = new Value.Map(Value.Array.of(new boolean[] {true, false}, 2), ONE);
    NetworkTest.fails(ErrorCode.UNSUPPORTED, odd::entries);
  }

  @Test
  void whatIsWrong() {
    String text = assertThrows(IllegalArgumentException.class, () -> Value.Array.of(new float[2], 3)).getMessage();
    assertTrue(text.contains("2 elements are given, shape [3] has 3"), text);
    NetworkTest.fails(ErrorCode.SHAPE_MISMATCH, ONE::ints);
    NetworkTest.fails(ErrorCode.SHAPE_MISMATCH, ONE::strings);
    assertThrows(NullPointerException.class, () -> new Value.Optional(null, null));
    try (Network net = Network.load(MODEL)) {
      Value mixed = new Value.Sequence(DataType.FLOAT32, List.of(ONE, Value.Optional.of(ONE)));
      NetworkTest.fails(ErrorCode.INVALID_ARGUMENT, () -> net.setValue("frames", mixed));
      Value short_ = new Value.Map(Value.Array.of(new String[] {"a"}, 1), ONE);
      NetworkTest.fails(ErrorCode.SHAPE_MISMATCH, () -> net.setValue("scores", short_));
      assertThrows(NullPointerException.class, () -> net.setValue("frames", null));
      NetworkTest.fails(ErrorCode.NOT_FOUND, () -> net.getValue("frames_out"));
      NetworkTest.fails(ErrorCode.NOT_FOUND, () -> net.getValue("nobody"));
      net.close();
      assertThrows(IllegalStateException.class, () -> net.getValue("frames_out"));
      assertThrows(IllegalStateException.class, () -> net.setValue("frames", ONE));
    }
  }
}
