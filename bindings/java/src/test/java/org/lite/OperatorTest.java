package org.lite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
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
