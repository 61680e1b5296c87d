package org.lite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class NetworkTest {
  static final Path DIGITS = Path.of("../../examples/data/digits.onnx").toAbsolutePath();
  private static final Path COUNT = ScenarioTest.FOLDER.resolve("models/count.onnx");

  static float[] zeros(Network net) {
    net.input("data").set(new float[64], 1, 1, 8, 8);
    net.run();
    return net.output("prob").floats();
  }

  static LiteException fails(ErrorCode code, org.junit.jupiter.api.function.Executable action) {
    LiteException e = assertThrows(LiteException.class, action);
    assertEquals(code, e.code(), e.getMessage());
    return e;
  }

  private static Network endless() {
    Network net = Network.load(COUNT);
    net.input("times").set(new long[] {1_000_000_000_000L});
    net.input("start").set(new float[] {0});
    return net;
  }

  @Test
  void fileMemoryAndInPlaceGiveTheSame() throws IOException {
    byte[] bytes = Files.readAllBytes(DIGITS);
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    try (Network file = Network.load(DIGITS);
        Network memory = Network.load(bytes);
        Network inPlace = Network.loadInPlace(direct, new NetworkOptions())) {
      direct = null;
      System.gc();
      float[] wanted = zeros(file);
      assertEquals(10, wanted.length);
      assertArrayEquals(wanted, zeros(memory));
      assertArrayEquals(wanted, zeros(inPlace));
    }
    fails(ErrorCode.INVALID_MODEL, () -> Network.loadInPlace(ByteBuffer.allocateDirect(3), new NetworkOptions()));
    assertThrows(IllegalArgumentException.class, () -> Network.loadInPlace(ByteBuffer.allocate(3), new NetworkOptions()));
  }

  @Test
  void checksWithoutLoading() throws IOException {
    Network.check(DIGITS);
    Network.check(Files.readAllBytes(DIGITS), new NetworkOptions());
    Path refused = ScenarioTest.FOLDER.resolve("models/not_an_operator.onnx");
    LiteException e = fails(ErrorCode.UNSUPPORTED, () -> Network.check(refused));
    assertEquals("Frobnicate", e.unsupportedNodes().get(0).opType());
    fails(ErrorCode.INVALID_MODEL, () -> Network.check(new byte[3], new NetworkOptions()));
    fails(ErrorCode.NOT_FOUND, () -> Network.check(Path.of("/nowhere/model.onnx")));
  }

  @Test
  void theProcessHasAKey() {
    Path locked = ScenarioTest.FOLDER.resolve("models/locked.lite");
    byte[] key = new byte[32];
    for (int i = 0; i < key.length; ++i) key[i] = (byte) i;
    LiteLibrary.setDecryptionKey("AES_256_GCM", key);
    Network.load(locked).close();
    Network.check(locked);
    LiteLibrary.setDecryptionKey("AES_256_GCM", new byte[32]);
    fails(ErrorCode.INVALID_MODEL, () -> Network.load(locked));
    Network.load(locked, new NetworkOptions().key(key)).close();
    fails(ErrorCode.INVALID_ARGUMENT, () -> LiteLibrary.setDecryptionKey("AES_256_GCM", new byte[31]));
    fails(ErrorCode.NOT_FOUND, () -> LiteLibrary.setDecryptionKey("ROT13", key));
  }

  @Test
  void sharesWeights() {
    Network first = Network.load(DIGITS);
    float[] wanted = zeros(first);
    try (Network second = first.share(new NetworkOptions().threads(2))) {
      assertEquals("2", second.getOption("threads"));
      first.close();
      assertArrayEquals(wanted, zeros(second));
    }
  }

  @Test
  void closedIsSaidByName() {
    Network net = Network.load(DIGITS);
    Tensor input = net.input("data");
    net.close();
    net.close();
    assertTrue(net.isClosed() && input.isClosed());
    assertTrue(assertThrows(IllegalStateException.class, net::run).getMessage().contains("network is closed"));
    assertThrows(IllegalStateException.class, net::runAsync);
    assertThrows(IllegalStateException.class, net::metadata);
    assertTrue(assertThrows(IllegalStateException.class, input::fillZero).getMessage().contains("'data'"));
    assertEquals("Network, closed", net.toString());
  }

  @Test
  void unsupportedNodesAreListed() {
    LiteException e =
        fails(ErrorCode.UNSUPPORTED, () -> Network.load(ScenarioTest.FOLDER.resolve("models/not_an_operator.onnx")));
    assertEquals(1, e.unsupportedNodes().size());
    assertEquals("Frobnicate", e.unsupportedNodes().get(0).opType());
    assertFalse(e.unsupportedNodes().get(0).reason().isEmpty());
  }

  @Test
  void optionsOfLoadingAreUsed() {
    fails(ErrorCode.LIMIT_EXCEEDED, () -> Network.load(DIGITS, new NetworkOptions().limits(0, 3)));
    fails(ErrorCode.INVALID_MODEL, () -> Network.load(DIGITS, new NetworkOptions().format("mge")));
    assertEquals(1, LiteLibrary.deviceCount(DeviceType.CPU));
    try (Network net = Network.load(DIGITS)) {
      assertEquals(DeviceType.CPU, net.device());
    }
    if (LiteLibrary.deviceCount(DeviceType.CUDA) == 0)
      assertThrows(LiteException.class, () -> Network.load(DIGITS, new NetworkOptions().device(DeviceType.CUDA, 0)));
  }

  @Test
  void runsFromManyThreads() throws Exception {
    try (Network first = Network.load(DIGITS)) {
      float[] wanted = zeros(first);
      List<CompletableFuture<float[]>> all = new ArrayList<>();
      for (int i = 0; i < 8; ++i)
        all.add(
            CompletableFuture.supplyAsync(
                () -> {
                  try (Network net = first.share()) {
                    net.input("data").set(new float[64], 1, 1, 8, 8);
                    for (int n = 0; n < 20; ++n) net.runAsync().join();
                    return net.output("prob").floats();
                  }
                }));
      for (CompletableFuture<float[]> one : all) assertArrayEquals(wanted, one.get());
    }
  }

  @Test
  void futuresFailAndCancel() throws Exception {
    try (Network net = Network.load(DIGITS)) {
      net.input("data").set(new float[81], 1, 1, 9, 9);
      ExecutionException e = assertThrows(ExecutionException.class, () -> net.runAsync().get());
      assertEquals(ErrorCode.SHAPE_MISMATCH, ((LiteException) e.getCause()).code());
      zeros(net);
    }
    try (Network net = endless()) {
      CompletableFuture<Void> future = started(net);
      assertTrue(future.cancel(true));
      // It has stopped: the network is free.
      net.setRunTimeout(Duration.ofMillis(20));
      fails(ErrorCode.TIMED_OUT, net::run);
    }
  }

  private static boolean isBusy(Network net) {
    try {
      net.setRunTimeout(Duration.ZERO);
      return false;
    } catch (LiteException e) {
      return e.code() == ErrorCode.BUSY;
    }
  }

  // A run that has begun. One that begins just while it is asked for is told that the network is busy, and starts again.
  private static CompletableFuture<Void> started(Network net) {
    for (;;) {
      CompletableFuture<Void> future = net.runAsync();
      while (!future.isDone()) {
        if (isBusy(net)) return future;
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  @Test
  void closingStopsTheRun() {
    Network net = endless();
    CompletableFuture<Void> future = started(net);
    net.close();
    ExecutionException e = assertThrows(ExecutionException.class, future::get);
    assertEquals(ErrorCode.CANCELLED, ((LiteException) e.getCause()).code());
  }

  @Test
  void closingStopsARunInAnotherThread() throws Exception {
    for (int i = 0; i < 200; ++i) {
      Network net = i % 10 == 0 ? endless() : Network.load(DIGITS);
      if (i % 10 != 0) zeros(net);
      CompletableFuture<Void> over =
          CompletableFuture.runAsync(
              () -> {
                while (true) net.run();
              });
      LockSupport.parkNanos(i * 10_000);
      net.close();
      RuntimeException e = (RuntimeException) assertThrows(ExecutionException.class, over::get).getCause();
      assertTrue(e instanceof IllegalStateException || ((LiteException) e).code() == ErrorCode.CANCELLED, e.toString());
    }
  }

  @Test
  void textsAreThere() {
    try (Network net = Network.load(DIGITS)) {
      assertEquals("Network (data: FLOAT32[batch,1,8,8]) -> (prob: FLOAT32[batch,10])", net.toString());
      assertEquals("digits", net.metadata().get("graph_name"));
      assertTrue(net.dumpGraph("imported", "text").contains("Conv"));
      fails(ErrorCode.NOT_FOUND, () -> net.profile("table"));
      net.setProfiling(true);
      float[] wanted = zeros(net);
      assertTrue(net.profile("trace").contains("traceEvents"));
      net.setProfiling(false);
      assertTrue(fails(ErrorCode.NOT_FOUND, () -> net.input("date")).getMessage().contains("there are: data"));
      assertTrue(net.statistics().lastRunTime().toNanos() > 0);
      net.trim();
      assertEquals(0, net.statistics().arenaBytes());
      assertArrayEquals(wanted, zeros(net));
    }
  }

  @Test
  void networksThatNobodyClosesGo() throws InterruptedException {
    int cycles = Integer.parseInt(System.getenv().getOrDefault("LITE_CYCLES", "2000"));
    long most = 0;
    for (int i = 0; i < cycles; ++i) {
      Network net = Network.load(DIGITS);
      assertEquals(10, zeros(net).length);
      assertEquals(40, net.output("prob").view().bytes().capacity());
      most = Math.max(most, LiteLibrary.statistics().weightBytes());
    }
    assertTrue(most < 500 * DIGITS.toFile().length(), "weights of many networks at once: " + most);
    for (int i = 0; i < 100 && LiteLibrary.statistics().weightBytes() > 0; ++i) {
      System.gc();
      Thread.sleep(20);
    }
    assertEquals(0, LiteLibrary.statistics().weightBytes());
  }
}
