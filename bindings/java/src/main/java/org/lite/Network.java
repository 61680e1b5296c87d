package org.lite;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.lite.swig.LiteIOInfo;
import org.lite.swig.LiteStatistics;
import org.lite.swig.LiteUnsupportedNode;
import org.lite.swig.Native;

/**
 * A loaded model, and what running it needs.
 *
 * <pre>{@code
 * try (Network net = Network.load(Path.of("digits.onnx"))) {
 *   net.input("data").set(pixels, 1, 1, 8, 8);
 *   net.run();
 *   float[] prob = net.output("prob").floats();
 * }
 * }</pre>
 *
 * <p>One thread at a time; a second one that runs it gets {@link ErrorCode#BUSY}. {@link #cancel}, {@link #statistics} and
 * {@link #close} may be called from any. A network that nobody closes is freed when the collector finds it.
 */
public final class Network implements AutoCloseable {
  static final Cleaner CLEANER = Cleaner.create();

  // Daemons, so that a run that is forgotten does not keep the program alive.
  private static final Executor RUNNERS =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "lite-run");
            thread.setDaemon(true);
            return thread;
          });

  // The collector does not see the library's memory: when there are many networks, those that nobody closed are collected.
  private static final AtomicInteger LIVE = new AtomicInteger();
  private static volatile int many = 64;

  private final long handle;
  private final Cleaner.Cleanable cleanable;
  private volatile boolean closed;
  // Those that another thread may make while this one closes the network: it waits for them.
  private final AtomicInteger calls = new AtomicInteger();
  private Thread runner;
  private List<IOInfo> inputInfos = List.of();
  private List<IOInfo> outputInfos = List.of();
  private Map<String, Tensor> inputs = Map.of();
  private Map<String, Tensor> outputs = Map.of();
  private volatile long runs;

  private Network(NetworkOptions options) {
    LiteLibrary.load();
    if (LIVE.get() >= many) collect();
    long[] made = new long[1];
    Native.lite_make(options.device.code(), options.deviceId, made);
    handle = made[0];
    long network = handle; // without this object, which would never be collected otherwise
    LIVE.incrementAndGet();
    cleanable =
        CLEANER.register(
            this,
            () -> {
              LIVE.decrementAndGet();
              Native.LITE_destroy_network(network);
            });
  }

  // Half of them must be in use before it happens less often.
  private static synchronized void collect() {
    if (LIVE.get() < many) return;
    System.gc();
    for (int i = 0; i < 20 && LIVE.get() > many / 2; ++i) {
      try {
        Thread.sleep(1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    many = Math.max(64, 2 * LIVE.get());
  }

  /** Loads a model from a file, which is mapped, not read. */
  public static Network load(Path file) {
    return load(file, new NetworkOptions());
  }

  /**
   * Loads a model from a file, which is mapped, not read.
   *
   * @throws LiteException if it is missing, no model, or one that cannot run
   */
  public static Network load(Path file, NetworkOptions options) {
    return make(options, net -> net.load(file, options, false));
  }

  private void load(Path file, NetworkOptions options, boolean check) {
    Native.lite_load_file(
        handle, file.toString(), check ? 1 : 0, options.format, options.baseDirectory, options.maxBytes, options.maxNodes, options.key);
  }

  /** Checks that a model would load; see {@link #check(Path, NetworkOptions)}. */
  public static void check(Path file) {
    check(file, new NetworkOptions());
  }

  /**
   * Checks that a model would load, without packing weights or compiling.
   *
   * @throws LiteException as {@link #load(Path, NetworkOptions)} would
   */
  public static void check(Path file, NetworkOptions options) {
    check(options, net -> net.load(file, options, true));
  }

  /** Checks that a model in memory would load; see {@link #check(Path, NetworkOptions)}. */
  public static void check(byte[] model, NetworkOptions options) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(model.length).put(model);
    check(options, net -> net.load(bytes, options, true, null));
  }

  private static void check(NetworkOptions options, Loader loader) {
    try (Network net = new Network(options)) {
      net.prepare(options, loader);
    }
  }

  /** Loads a model from memory, which is copied. */
  public static Network load(byte[] model) {
    return load(model, new NetworkOptions());
  }

  /** Loads a model from memory, which is copied. */
  public static Network load(byte[] model, NetworkOptions options) {
    return load(ByteBuffer.allocateDirect(model.length).put(model), options, false);
  }

  /** Loads a model from a direct buffer that is used in place; it is kept, and not to be written to. */
  public static Network loadInPlace(ByteBuffer model, NetworkOptions options) {
    if (!model.isDirect()) throw new IllegalArgumentException("a direct buffer is wanted");
    return load(model.slice(), options, true);
  }

  private static Network load(ByteBuffer model, NetworkOptions options, boolean inPlace) {
    return make(options, net -> net.load(model, options, false, inPlace ? model : null));
  }

  private void load(ByteBuffer model, NetworkOptions options, boolean check, ByteBuffer keep) {
    Native.lite_load_memory(
        handle, model, check ? 1 : 0, options.format, options.baseDirectory, options.maxBytes, options.maxNodes, options.key, keep);
  }

  private interface Loader {
    void load(Network net);
  }

  private static Network make(NetworkOptions options, Loader loader) {
    Network net = new Network(options);
    try {
      net.prepare(options, loader);
      net.describe();
      return net;
    } catch (Throwable e) {
      net.close();
      throw e;
    }
  }

  private void prepare(NetworkOptions options, Loader loader) {
    options.settings.forEach(this::setOption);
    if (!options.settings.containsKey("threads")) setOption("threads", Integer.toString(options.threads));
    try {
      loader.load(this);
    } catch (LiteException e) {
      e.setUnsupportedNodes(unsupported());
      throw e;
    }
  }

  /** Makes another network of the same model. The weights exist once; either of the two may be closed first. */
  public Network share() {
    return share(new NetworkOptions());
  }

  /** Makes another network of the same model, that runs with other options. */
  public Network share(NetworkOptions options) {
    long source = handle();
    try {
      return make(options, net -> Native.LITE_shared_weight_with_network(net.handle, source));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** What the model says about its inputs. */
  public List<IOInfo> inputInfos() {
    return inputInfos;
  }

  /** What the model says about its outputs. */
  public List<IOInfo> outputInfos() {
    return outputInfos;
  }

  /** The inputs that are tensors, by name, in the model's order. */
  public Map<String, Tensor> inputs() {
    return inputs;
  }

  /** The outputs that are tensors, by name, in the model's order. */
  public Map<String, Tensor> outputs() {
    return outputs;
  }

  /** An input. */
  public Tensor input(String name) {
    return named(inputs, "input", name);
  }

  /** An output. */
  public Tensor output(String name) {
    return named(outputs, "output", name);
  }

  private Tensor named(Map<String, Tensor> tensors, String side, String name) {
    handle();
    Tensor tensor = tensors.get(name);
    if (tensor == null)
      throw new LiteException(
          ErrorCode.NOT_FOUND, "there is no " + side + " '" + name + "'; there are: " + String.join(", ", tensors.keySet()));
    return tensor;
  }

  /**
   * Gives an input of any kind its value, which is copied. It stays for the runs that follow. For an optional, what it could hold is
   * taken as one that holds it.
   */
  public void setValue(String name, Value value) {
    try {
      long network = handle();
      Tensor tensor = inputs.get(name);
      if (tensor != null) tensor.forget();
      Values.build(value, made -> Native.LITE_set_input_value(network, Objects.requireNonNull(name), made));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Gets a copy of what the last run gave for an output of any kind. */
  public Value getValue(String name) {
    try {
      long network = handle();
      return Values.take(made -> Native.LITE_get_output_value(network, Objects.requireNonNull(name), made));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** The model's metadata: what its author wrote, and what the format has, such as "producer_name". */
  public Map<String, String> metadata() {
    try {
      long[] count = new long[1];
      Native.LITE_get_metadata_count(handle(), count);
      Map<String, String> items = new LinkedHashMap<>();
      for (long i = 0; i < count[0]; ++i) {
        byte[][] key = new byte[1][];
        byte[][] value = new byte[1][];
        Native.LITE_get_metadata_item(handle(), i, key, value);
        items.put(LiteLibrary.text(key), LiteLibrary.text(value));
      }
      return items;
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /**
   * Runs on what the inputs hold.
   *
   * @throws LiteException if an input is missing or has another type or shape than the model wants; if cancelled, timed out, or
   *     busy in another thread
   */
  public void run() {
    Thread before = runner;
    calls.incrementAndGet();
    try {
      long network = handle();
      runner = Thread.currentThread();
      ++runs;
      Native.LITE_forward(network);
    } finally {
      runner = before;
      calls.decrementAndGet();
      Reference.reachabilityFence(this);
    }
  }

  /**
   * Runs in a thread of this package's. Inputs and outputs are not to be touched until it is over.
   *
   * <p>Cancelling the future stops the run, and returns when it has stopped.
   */
  public CompletableFuture<Void> runAsync() {
    return runAsync(RUNNERS);
  }

  /** Runs in a thread of an executor's; see {@link #runAsync()}. */
  public CompletableFuture<Void> runAsync(Executor executor) {
    handle();
    RunFuture future = new RunFuture(this);
    executor.execute(future::run);
    return future;
  }

  private static final class RunFuture extends CompletableFuture<Void> {
    private final Network net;
    private final CountDownLatch over = new CountDownLatch(1);
    private boolean begun;

    RunFuture(Network net) {
      this.net = net;
    }

    void run() {
      synchronized (this) {
        if (isDone()) return;
        begun = true;
      }
      Throwable failure = null;
      try {
        net.run();
      } catch (Throwable e) {
        failure = e;
      }
      // Before whoever waits goes on: the network is free.
      over.countDown();
      if (failure == null) complete(null);
      else completeExceptionally(failure);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      boolean running;
      boolean cancelled;
      synchronized (this) {
        cancelled = super.cancel(mayInterruptIfRunning);
        running = begun;
      }
      try {
        // A run that has begun here but not there yet does not notice that it is cancelled.
        while (cancelled && running && !net.closed) {
          net.cancel();
          if (over.await(1, TimeUnit.MILLISECONDS)) break;
        }
      } catch (IllegalStateException e) {
        // Closing cancels, too.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return cancelled;
    }
  }

  /** Stops the present run, which then fails with {@link ErrorCode#CANCELLED}; from any thread. Without a run it has no effect. */
  public void cancel() {
    calls.incrementAndGet();
    try {
      Native.LITE_cancel(handle());
    } finally {
      calls.decrementAndGet();
      Reference.reachabilityFence(this);
    }
  }

  /** Sets the time that each following run may take; {@link Duration#ZERO}: any. */
  public void setRunTimeout(Duration limit) {
    if (limit.isNegative()) throw new IllegalArgumentException("limit: " + limit);
    try {
      Native.LITE_set_run_timeout(handle(), limit.isZero() ? 0 : Math.max(1, limit.toNanos() / 1000));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Sets an option of this network. */
  public void setOption(String key, String value) {
    try {
      Native.LITE_set_option(handle(), key, value);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Gets an option of this network. */
  public String getOption(String key) {
    try {
      byte[][] value = new byte[1][];
      Native.LITE_get_option(handle(), key, value);
      return LiteLibrary.text(value);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** The kind of device that the network runs on. */
  public DeviceType device() {
    try {
      return DeviceType.of(Native.lite_get_device(handle()));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Which device of its kind. */
  public int deviceId() {
    try {
      int[] id = new int[1];
      Native.LITE_get_device_id(handle(), id);
      return id[0];
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** What the network costs now. */
  public Statistics statistics() {
    LiteStatistics s = new LiteStatistics();
    calls.incrementAndGet();
    try {
      Native.LITE_get_statistics(handle(), s);
      return Statistics.of(s);
    } finally {
      calls.decrementAndGet();
      s.delete();
      Reference.reachabilityFence(this);
    }
  }

  /** Turns the profiler on, which forgets what it recorded, or off. */
  public void setProfiling(boolean enabled) {
    try {
      Native.LITE_set_profiling(handle(), enabled ? 1 : 0);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** What the profiler recorded, as "table", "json", or "trace" for Chrome's trace viewer. */
  public String profile(String format) {
    try {
      byte[][] text = new byte[1][];
      Native.LITE_get_profile(handle(), format, text);
      return LiteLibrary.text(text);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** The graph, "imported" or "optimized", as "text", "dot" or "json". */
  public String dumpGraph(String stage, String format) {
    try {
      byte[][] text = new byte[1][];
      Native.LITE_dump_graph(handle(), stage, format, text);
      return LiteLibrary.text(text);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Gives working memory and compiled programs back; the next run makes them again. */
  public void trim() {
    try {
      Native.LITE_trim(handle());
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Frees the model. A run that is going on is cancelled and waited for. Allowed more than once, and from any thread. */
  @Override
  public void close() {
    if (runner == Thread.currentThread()) throw new IllegalStateException("an operator cannot close the network that runs it");
    synchronized (calls) {
      if (closed) return;
      closed = true;
    }
    while (calls.get() > 0) {
      Native.LITE_cancel(handle);
      LockSupport.parkNanos(100_000);
    }
    cleanable.clean();
  }

  /** Whether it is closed. */
  public boolean isClosed() {
    return closed;
  }

  /** Inputs and outputs, in one line. */
  @Override
  public String toString() {
    return closed ? "Network, closed" : "Network (" + join(inputInfos) + ") -> (" + join(outputInfos) + ")";
  }

  long handle() {
    if (closed) throw new IllegalStateException("the network is closed");
    return handle;
  }

  /** Counts the runs that were started, so that views know when they end. */
  long runs() {
    return runs;
  }

  private static String join(List<IOInfo> infos) {
    return infos.stream().map(IOInfo::toString).collect(Collectors.joining(", "));
  }

  private List<UnsupportedNode> unsupported() {
    long[] count = new long[1];
    Native.LITE_get_unsupported_count(handle, count);
    List<UnsupportedNode> nodes = new ArrayList<>();
    LiteUnsupportedNode n = new LiteUnsupportedNode();
    try {
      for (long i = 0; i < count[0]; ++i) {
        Native.LITE_get_unsupported_node(handle, i, n);
        nodes.add(
            new UnsupportedNode(
                n.getName(), n.getOp_type(), n.getDomain(), n.getOpset(), n.getTypes(), n.getReason(), n.getSuggestion()));
      }
    } finally {
      n.delete();
    }
    return nodes;
  }

  private void describe() {
    long[] count = new long[1];
    Native.LITE_get_input_count(handle, count);
    inputInfos = infos(count[0], false);
    Native.LITE_get_output_count(handle, count);
    outputInfos = infos(count[0], true);
    inputs = tensors(inputInfos, false);
    outputs = tensors(outputInfos, true);
  }

  private List<IOInfo> infos(long count, boolean output) {
    List<IOInfo> infos = new ArrayList<>();
    LiteIOInfo info = new LiteIOInfo();
    try {
      for (long i = 0; i < count; ++i) {
        if (output) Native.LITE_get_output_info(handle, i, info);
        else Native.LITE_get_input_info(handle, i, info);
        infos.add(IOInfo.of(info));
      }
    } finally {
      info.delete();
    }
    return Collections.unmodifiableList(infos);
  }

  private Map<String, Tensor> tensors(List<IOInfo> infos, boolean output) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (IOInfo info : infos) {
      if (info.kind() != IOInfo.Kind.TENSOR) continue;
      long[] tensor = new long[1];
      Native.LITE_get_io_tensor(handle, info.name(), output ? 2 : 1, tensor);
      tensors.put(info.name(), new Tensor(tensor[0], this, info, output));
    }
    return Collections.unmodifiableMap(tensors);
  }
}
