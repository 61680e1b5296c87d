package org.lite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Operators written in Java, for a model with one that the library does not have. */
class OperatorTest {
  private static final Path MODEL = ScenarioTest.FOLDER.resolve("models/not_an_operator.onnx");

  private static float[] run(CustomOperator op) {
    try (CustomOperator.Registration registration = op.register();
        Network net = Network.load(MODEL)) {
      net.input("x").set(new float[] {3}, 1);
      net.run();
      return net.output("y").floats();
    }
  }

  @Test
  void runsAndIsUnregistered() throws Exception {
    OperatorContext[] kept = new OperatorContext[1];
    CustomOperator op =
        new CustomOperator(
                "",
                "Frobnicate",
                node -> {
                  kept[0] = node;
                  assertEquals("f", node.nodeName());
                  assertEquals(1, node.inputCount());
                  assertEquals(1, node.outputCount());
                  assertEquals(7, node.getInt("missing", 7));
                  assertEquals("x", node.getString("missing", "x"));
                  assertEquals(0, node.getInts("missing").length + node.getFloats("missing").length);
                  assertFalse(node.shouldStop() || node.input(1).isPresent());
                  float x = node.input(0).elements().asFloatBuffer().get(0);
                  node.output(0).elements().asFloatBuffer().put(0, 2 * x + node.getFloat("missing", 1));
                })
            .sameAsInput()
            .pure();
    Network net;
    CustomOperator.Registration registration = op.register();
    NetworkTest.fails(ErrorCode.INVALID_ARGUMENT, op::register);
    net = Network.load(MODEL);
    registration.close();
    registration.close();
    op = null;
    System.gc();
    NetworkTest.fails(ErrorCode.UNSUPPORTED, () -> Network.load(MODEL));
    try (net) {
      net.input("x").set(new float[] {3}, 1);
      net.run();
      assertArrayEquals(new float[] {7}, net.output("y").floats());
      net.runAsync().get();
      assertThrows(IllegalStateException.class, () -> kept[0].input(0));
    }
  }

  @Test
  void shapesInTheRunOrBefore() {
    assertArrayEquals(
        new float[] {5},
        run(
            new CustomOperator(
                "", "Frobnicate", node -> node.allocate(0, DataType.FLOAT32, 1).elements().asFloatBuffer().put(0, 5))));
    assertArrayEquals(
        new float[] {6},
        run(
            new CustomOperator("", "Frobnicate", node -> node.output(0).elements().asFloatBuffer().put(0, 6))
                .infer(node -> node.setOutput(0, DataType.FLOAT32, node.input(0).shape()))));
  }

  private static float[] shift(CustomOperator op) {
    try (CustomOperator.Registration registration = op.register();
        Network net = Network.load(ScenarioTest.FOLDER.resolve("models/custom.onnx"), new NetworkOptions().threads(2))) {
      net.input("x").set(new float[] {1, 2, 3}, 3);
      net.run();
      return net.output("y").floats();
    }
  }

  @Test
  void seesAttributesAndThreads() {
    CustomOperator op =
        new CustomOperator(
                "scenario.test",
                "Shift",
                node -> {
                  assertEquals(Set.of("by", "label", "names", "order"), Set.copyOf(node.attributes()));
                  assertArrayEquals(new String[] {"a", "b"}, node.getStrings("names"));
                  assertArrayEquals(new String[] {"up"}, node.getStrings("label"));
                  assertEquals(0, node.getStrings("missing").length);
                  assertFalse(node.getTensor("missing").isPresent());
                  assertEquals(2, node.threads());
                  FloatBuffer x = node.input(0).elements().asFloatBuffer();
                  FloatBuffer y = node.output(0).elements().asFloatBuffer();
                  float by = node.getFloat("by", 0);
                  node.parallel(3, i -> y.put((int) i, x.get((int) i) + by));
                })
            .sameAsInput();
    assertArrayEquals(new float[] {3.5f, 4.5f, 5.5f}, shift(op));
    CustomOperator failing =
        new CustomOperator(
                "scenario.test",
                "Shift",
                node ->
                    node.parallel(
                        9,
                        i -> {
                          if (i > 2) throw new UnsupportedOperationException("task " + i);
                        }))
            .sameAsInput();
    String text = NetworkTest.fails(ErrorCode.UNKNOWN_ERROR, () -> shift(failing)).getMessage();
    assertTrue(text.contains("task "), text);
  }

  @Test
  void textsInAndOut() {
    CustomOperator op =
        new CustomOperator(
            "scenario.test",
            "Repeat",
            node -> {
              assertArrayEquals(new long[] {3}, node.getTensor("times").shape());
              LongBuffer times = node.getTensor("times").elements().asLongBuffer();
              String[] x = node.inputStrings(0);
              List<String> y = new ArrayList<>();
              for (int i = 0; i < x.length; ++i) for (long n = times.get(i); n > 0; --n) y.add(x[i]);
              node.setOutputStrings(0, y.toArray(String[]::new), y.size());
            });
    try (CustomOperator.Registration registration = op.register();
        Network net = Network.load(ScenarioTest.FOLDER.resolve("models/texts.onnx"))) {
      net.input("x").set(new String[] {"a", "b", "Zoë"}, 3);
      net.run();
      assertArrayEquals(new String[] {"a", "a", "Zoë"}, net.output("y").strings());
    }
  }

  @Test
  void whatItThrowsIsTheError() {
    CustomOperator throwing =
        new CustomOperator(
                "",
                "Frobnicate",
                node -> {
                  throw new UnsupportedOperationException("not on Sundays");
                })
            .sameAsInput();
    LiteException e = NetworkTest.fails(ErrorCode.UNKNOWN_ERROR, () -> run(throwing));
    assertTrue(e.getMessage().contains("not on Sundays"), e.getMessage());
    NetworkTest.fails(ErrorCode.NOT_FOUND, () -> CustomOperator.load("/nowhere/operators.so"));
  }
}
