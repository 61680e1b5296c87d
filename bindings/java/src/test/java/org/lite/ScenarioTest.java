package org.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** tests/conformance/scenario, which every language's package executes. */
class ScenarioTest {
  static final Path FOLDER = Path.of("../../tests/conformance/scenario").toAbsolutePath();

  @TestFactory
  Stream<DynamicTest> cases() throws IOException {
    JsonNode cases = new ObjectMapper().readTree(FOLDER.resolve("scenario.json").toFile()).get("cases");
    return StreamSupport.stream(cases.spliterator(), false)
        .map(c -> DynamicTest.dynamicTest(c.get("name").asText(), () -> execute(c)));
  }

  private static void keys(JsonNode step, String known) {
    Set<String> unknown = new HashSet<>();
    step.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(Arrays.asList(known.split(" ")));
    assertTrue(unknown.isEmpty(), "keys that this reader does not know: " + unknown);
  }

  private static Network open(JsonNode c) throws IOException {
    NetworkOptions options = new NetworkOptions();
    if (c.has("options")) c.get("options").fields().forEachRemaining(e -> options.set(e.getKey(), e.getValue().asText()));
    if (c.has("key")) options.key(HexFormat.of().parseHex(c.get("key").asText()));
    Path model = FOLDER.resolve(c.get("model").asText());
    return c.has("from") ? Network.load(Files.readAllBytes(model), options) : Network.load(model, options);
  }

  private static void execute(JsonNode c) throws Throwable {
    keys(c, "name model from options key error steps");
    if (c.has("error")) {
      fails(c.get("error"), () -> open(c));
      return;
    }
    List<Network> networks = new ArrayList<>(List.of(open(c)));
    for (JsonNode step : c.get("steps")) {
      Network net = networks.get(networks.size() - 1);
      switch (step.get("do").asText()) {
        case "info" -> info(net, step);
        case "run" -> run(net, step);
        case "option" -> option(net, step);
        case "share" -> networks.add(net.share());
        case "statistics" -> statistics(net, step);
        case "profile" -> {
          keys(step, "do text");
          String text = step.get("text").asText();
          if (text.isEmpty()) net.setProfiling(true);
          else assertTrue(net.profile("table").contains(text));
        }
        case "close" -> net.close();
        default -> fail("a step that this reader does not know: " + step);
      }
    }
    networks.forEach(Network::close);
  }

  private static void fails(JsonNode error, Executable action) throws Throwable {
    keys(error, "code name text");
    try {
      action.execute();
    } catch (LiteException e) {
      assertEquals(error.get("code").asInt(), e.code().code(), e.getMessage());
      assertEquals(error.get("name").asText(), "LITE_" + e.code());
      assertTrue(e.getMessage().contains(error.get("text").asText()), e.getMessage());
      return;
    } catch (IllegalStateException e) {
      // Java's own word for LITE_CLOSED.
      assertEquals("LITE_CLOSED", error.get("name").asText(), e.getMessage());
      return;
    }
    fail("nothing was thrown; wanted: " + error);
  }

  private static DataType type(String name) {
    return DataType.valueOf(name.toUpperCase(Locale.ROOT));
  }

  private static void info(Network net, JsonNode step) {
    keys(step, "do inputs outputs metadata");
    same(net.inputInfos(), step.get("inputs"));
    same(net.outputInfos(), step.get("outputs"));
    if (step.has("metadata"))
      step.get("metadata").fields().forEachRemaining(e -> assertEquals(e.getValue().asText(), net.metadata().get(e.getKey())));
  }

  private static void same(List<IOInfo> got, JsonNode wanted) {
    assertEquals(wanted.size(), got.size());
    for (int i = 0; i < got.size(); ++i) {
      IOInfo info = got.get(i);
      assertEquals(wanted.get(i).get("name").asText(), info.name());
      assertEquals(type(wanted.get(i).get("dtype").asText()), info.dataType());
      JsonNode shape = wanted.get(i).get("shape");
      assertEquals(shape.size(), info.shape().size());
      for (int d = 0; d < shape.size(); ++d) {
        long dim = info.shape().get(d);
        assertEquals(shape.get(d).asText(), dim >= 0 ? Long.toString(dim) : info.dimensionNames().get(d));
      }
    }
  }

  private static void run(Network net, JsonNode step) throws Throwable {
    keys(step, "do inputs outputs error asynchronous timeout_ms cancel_after_ms");
    if (step.has("timeout_ms")) net.setRunTimeout(Duration.ofMillis(step.get("timeout_ms").asLong()));
    Executable run =
        () -> {
          var inputs = step.get("inputs").fields();
          while (inputs.hasNext()) {
            var input = inputs.next();
            String name = input.getKey();
            JsonNode value = input.getValue();
            if (value.has("shape") && net.inputs().containsKey(name)) give(net.input(name), value);
            else net.setValue(name, value(value));
          }
          if (step.has("cancel_after_ms")) cancelled(net, step.get("cancel_after_ms").asInt());
          else if (step.has("asynchronous")) net.runAsync().get();
          else net.run();
        };
    try {
      if (step.has("error")) {
        fails(step.get("error"), run);
        return;
      }
      run.execute();
    } finally {
      if (step.has("timeout_ms")) net.setRunTimeout(Duration.ZERO);
    }
    List<String> names = new ArrayList<>();
    step.get("outputs").fieldNames().forEachRemaining(names::add);
    assertEquals(names, net.outputInfos().stream().map(IOInfo::name).toList());
    for (String name : names) {
      JsonNode wanted = step.get("outputs").get(name);
      if (net.outputs().containsKey(name)) same(net.output(name), wanted);
      same(net.getValue(name), wanted);
    }
  }

  // Once in Java's own way, by the future; then with cancel, for the error that the scenario wants.
  private static void cancelled(Network net, int milliseconds) throws Throwable {
    CompletableFuture<Void> future = net.runAsync();
    Thread.sleep(milliseconds);
    assertTrue(future.cancel(true));
    assertThrows(CancellationException.class, future::get);

    CompletableFuture<Void> run = net.runAsync();
    Thread.sleep(milliseconds);
    while (!run.isDone()) {
      net.cancel();
      Thread.sleep(1);
    }
    try {
      run.join();
    } catch (CompletionException e) {
      throw e.getCause();
    }
  }

  private static void give(Tensor tensor, JsonNode value) {
    keys(value, "dtype shape data");
    long[] shape = StreamSupport.stream(value.get("shape").spliterator(), false).mapToLong(JsonNode::asLong).toArray();
    JsonNode data = value.get("data");
    int n = data.size();
    switch (value.get("dtype").asText()) {
      case "float32" -> {
        float[] a = new float[n];
        for (int i = 0; i < n; ++i) a[i] = (float) data.get(i).asDouble();
        tensor.set(a, shape);
      }
      case "float64" -> {
        double[] a = new double[n];
        for (int i = 0; i < n; ++i) a[i] = data.get(i).asDouble();
        tensor.set(a, shape);
      }
      case "int64", "uint64" -> {
        long[] a = new long[n];
        for (int i = 0; i < n; ++i) a[i] = data.get(i).asLong();
        tensor.set(a, shape);
      }
      case "int32", "uint32" -> {
        int[] a = new int[n];
        for (int i = 0; i < n; ++i) a[i] = (int) data.get(i).asLong();
        tensor.set(a, shape);
      }
      case "int16", "uint16", "float16", "bfloat16" -> {
        short[] a = new short[n];
        for (int i = 0; i < n; ++i) a[i] = (short) data.get(i).asInt();
        tensor.set(a, shape);
      }
      case "int8", "uint8" -> {
        byte[] a = new byte[n];
        for (int i = 0; i < n; ++i) a[i] = (byte) data.get(i).asInt();
        tensor.set(a, shape);
      }
      case "bool" -> {
        boolean[] a = new boolean[n];
        for (int i = 0; i < n; ++i) a[i] = data.get(i).asBoolean();
        tensor.set(a, shape);
      }
      case "string" -> {
        String[] a = new String[n];
        for (int i = 0; i < n; ++i) a[i] = data.get(i).asText();
        tensor.set(a, shape);
      }
      default -> fail("an element type that this reader does not know: " + value);
    }
  }

  private static Value value(JsonNode v) {
    if (v.has("sequence")) {
      keys(v, "dtype sequence");
      return new Value.Sequence(
          type(v.get("dtype").asText()), StreamSupport.stream(v.get("sequence").spliterator(), false).map(ScenarioTest::value).toList());
    }
    if (v.has("optional")) {
      keys(v, "dtype optional");
      return new Value.Optional(type(v.get("dtype").asText()), v.get("optional").isNull() ? null : value(v.get("optional")));
    }
    if (v.has("keys")) {
      keys(v, "keys values");
      return new Value.Map((Value.Array) value(v.get("keys")), value(v.get("values")));
    }
    try (Tensor tensor = Tensor.create(type(v.get("dtype").asText()), 0)) {
      give(tensor, v);
      return Value.Array.of(tensor);
    }
  }

  private static void same(Value got, JsonNode wanted) {
    if (!(got instanceof Value.Array array)) {
      assertEquals(value(wanted), got);
      return;
    }
    try (Tensor tensor = array.toTensor()) {
      same(tensor, wanted);
    }
  }

  private static List<Object> elements(Tensor t) {
    List<Object> all = new ArrayList<>();
    switch (t.dataType()) {
      case FLOAT32 -> {
        for (float x : t.floats()) all.add((double) x);
      }
      case FLOAT64 -> {
        for (double x : t.doubles()) all.add(x);
      }
      case INT64, UINT64 -> {
        for (long x : t.longs()) all.add((double) x);
      }
      case INT32 -> {
        for (int x : t.ints()) all.add((double) x);
      }
      case UINT32 -> {
        for (int x : t.ints()) all.add((double) Integer.toUnsignedLong(x));
      }
      case INT16 -> {
        for (short x : t.shorts()) all.add((double) x);
      }
      case UINT16, FLOAT16, BFLOAT16 -> {
        for (short x : t.shorts()) all.add((double) Short.toUnsignedInt(x));
      }
      case INT8 -> {
        for (byte x : t.bytes()) all.add((double) x);
      }
      case UINT8 -> {
        for (byte x : t.bytes()) all.add((double) Byte.toUnsignedInt(x));
      }
      case BOOL -> {
        for (boolean x : t.booleans()) all.add(x);
      }
      default -> all.addAll(Arrays.asList(t.strings()));
    }
    return all;
  }

  private static void same(Tensor got, JsonNode wanted) {
    keys(wanted, "dtype shape data atol");
    assertEquals(type(wanted.get("dtype").asText()), got.dataType());
    assertEquals(wanted.get("shape").toString(), Arrays.toString(got.shape()).replace(" ", ""));
    List<Object> elements = elements(got);
    JsonNode data = wanted.get("data");
    assertEquals(data.size(), elements.size());
    for (int i = 0; i < data.size(); ++i) {
      JsonNode want = data.get(i);
      if (wanted.has("atol")) assertEquals(want.asDouble(), (Double) elements.get(i), wanted.get("atol").asDouble());
      else if (want.isBoolean()) assertEquals(want.asBoolean(), elements.get(i));
      else if (want.isTextual()) assertEquals(want.asText(), elements.get(i));
      // The decimals in the file are of a float's neighbourhood.
      else if (got.dataType() == DataType.FLOAT32) assertEquals((double) (float) want.asDouble(), elements.get(i));
      else assertEquals(want.asDouble(), elements.get(i));
    }
  }

  private static void option(Network net, JsonNode step) throws Throwable {
    keys(step, "do key value read error");
    String key = step.get("key").asText();
    String value = step.get("value").asText();
    if (step.has("error")) {
      fails(step.get("error"), () -> net.setOption(key, value));
      return;
    }
    net.setOption(key, value);
    assertEquals(step.has("read") ? step.get("read").asText() : value, net.getOption(key));
  }

  private static void statistics(Network net, JsonNode step) {
    keys(step, "do exactly at_least");
    Statistics s = net.statistics();
    step.get("exactly").fields().forEachRemaining(e -> assertEquals(e.getValue().asLong(), counter(s, e.getKey()), e.getKey()));
    step.get("at_least").fields().forEachRemaining(e -> assertTrue(counter(s, e.getKey()) >= e.getValue().asLong(), e.getKey()));
  }

  private static long counter(Statistics s, String name) {
    return switch (name) {
      case "programs" -> s.programs();
      case "program_hits" -> s.programHits();
      case "program_misses" -> s.programMisses();
      case "runs" -> s.runs();
      case "failed_runs" -> s.failedRuns();
      case "weight_bytes" -> s.weightBytes();
      default -> fail("a counter that this reader does not know: " + name);
    };
  }
}
