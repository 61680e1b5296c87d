package org.lite;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.lite.swig.LiteOptionInfo;
import org.lite.swig.LiteStatistics;
import org.lite.swig.Native;

/**
 * The native library: which one, its log, and what all networks of the process share.
 *
 * <p>It is opened at the first use of anything in this package. Looked for in this order: what {@link #open} named; the
 * environment variable LITE_LIBRARY, the path of the file; the jar's own, which is copied to a folder of this process; the
 * system's, by its name. Except for the last, files are opened by their full paths, so that a file of the same name elsewhere
 * is never used. The package's native half, liblite_java, comes from the jar in the same way (on Android: with the app).
 */
public final class LiteLibrary {
  private static final String SYSTEM = "liblite.so.1";
  private static String path;
  private static boolean bridge;

  private LiteLibrary() {}

  /**
   * Opens the library from a file. Wanted only to name the file, before anything else here is used.
   *
   * @throws LiteLibraryError if it cannot be used
   * @throws IllegalStateException if another file is open already
   */
  public static synchronized void open(Path file) {
    String wanted = file.toAbsolutePath().normalize().toString();
    if (path != null) {
      if (path.equals(wanted)) return;
      throw new IllegalStateException("the library is open already, from " + path);
    }
    open(List.of(wanted));
  }

  /** The file that was opened: a full path, or the name under which the system has it. */
  public static synchronized String path() {
    load();
    return path;
  }

  static synchronized void load() {
    if (path == null) open(candidates());
  }

  private static List<String> candidates() {
    String variable = System.getenv("LITE_LIBRARY");
    if (variable != null && !variable.isEmpty()) return List.of(Path.of(variable).toAbsolutePath().normalize().toString());
    List<String> files = new ArrayList<>();
    files.add("jar:" + resource("liblite.so.1"));
    files.add(SYSTEM);
    return files;
  }

  private static void open(List<String> files) {
    loadBridge();
    StringBuilder report = new StringBuilder();
    for (String file : files) {
      String real = file;
      if (file.startsWith("jar:")) {
        Path copy = extract("liblite.so.1", "liblite_image.so");
        if (copy == null) {
          report.append("\n  ").append(file).append(": not in the jar");
          continue;
        }
        real = copy.toString();
      }
      String error = Native.lite_open(real);
      if (error == null) {
        path = real;
        return;
      }
      report.append("\n  ").append(file).append(": ").append(error);
    }
    throw new LiteLibraryError(
        "the Lite library was not found, or cannot be used; set LITE_LIBRARY to its path, or call LiteLibrary.open. Tried:" + report, files);
  }

  private static void loadBridge() {
    if (bridge) return;
    Path copy = extract(System.mapLibraryName("lite_java"));
    if (copy == null) System.loadLibrary("lite_java");
    else System.load(copy.toString());
    bridge = true;
  }

  private static String resource(String file) {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch");
    String system = os.contains("mac") ? "macos" : os.contains("win") ? "windows" : "linux";
    return "/org/lite/native/" + system + "-" + (arch.equals("amd64") ? "x86_64" : arch) + "/" + file;
  }

  // Each process has copies of its own: a file that another one replaces would change under it. Add-ons, where the jar has
  // them, lie beside the library.
  private static Path extract(String file, String... addons) {
    if (LiteLibrary.class.getResource(resource(file)) == null) return null;
    try {
      Path folder = Files.createTempDirectory("lite-java");
      folder.toFile().deleteOnExit();
      for (String addon : addons) copy(addon, folder);
      return copy(file, folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path copy(String file, Path folder) throws IOException {
    try (InputStream in = LiteLibrary.class.getResourceAsStream(resource(file))) {
      if (in == null) return null;
      Path copy = folder.resolve(file);
      Files.copy(in, copy);
      copy.toFile().deleteOnExit();
      return copy;
    }
  }

  static String text(byte[][] out) {
    return new String(out[0], StandardCharsets.UTF_8);
  }

  /** The library's version, as in "1.0.0". */
  public static String version() {
    load();
    int[] major = new int[1];
    int[] minor = new int[1];
    int[] patch = new int[1];
    Native.LITE_get_version(major, minor, patch);
    return major[0] + "." + minor[0] + "." + patch[0];
  }

  /** What the library was built from and what it found on this machine: lines of "key: value". */
  public static String buildInfo() {
    load();
    return Native.LITE_get_build_info();
  }

  /** The operators that models may have, as JSON; the C header says which members there are. */
  public static String operators() {
    load();
    byte[][] json = new byte[1][];
    Native.LITE_get_operators(json);
    return text(json);
  }

  /** How many threads the process-wide pool has, the calling one included. */
  public static int threads() {
    load();
    long[] threads = new long[1];
    Native.LITE_get_process_threads(threads);
    return (int) threads[0];
  }

  /** Sets how many threads the process-wide pool has; 0: the default. */
  public static void setThreads(int threads) {
    load();
    if (threads < 0) throw new IllegalArgumentException("threads: " + threads);
    Native.LITE_set_process_threads(threads);
  }

  /**
   * Sets the process's key of a decryption method, such as "AES_256_GCM", for all models that are loaded from now on.
   *
   * @throws LiteException if there is no such method, or the key is not as long as it wants
   */
  public static void setDecryptionKey(String method, byte[] key) {
    load();
    Native.lite_set_key(Objects.requireNonNull(method), Objects.requireNonNull(key));
  }

  /** Counts the devices of a kind that can be used now. */
  public static int deviceCount(DeviceType type) {
    load();
    long[] count = new long[1];
    Native.LITE_get_device_count(type.code(), count);
    return (int) count[0];
  }

  /** What all networks of the process cost together. */
  public static Statistics statistics() {
    load();
    LiteStatistics s = new LiteStatistics();
    try {
      Native.LITE_get_process_statistics(s);
      return Statistics.of(s);
    } finally {
      s.delete();
    }
  }

  /** Gives unused memory of all caches, pools and idle networks back to the system. */
  public static void trim() {
    load();
    Native.LITE_try_coalesce_all_free_memory();
  }

  /** Every option, of networks and of the process. */
  public static List<OptionInfo> options() {
    load();
    long[] count = new long[1];
    Native.LITE_get_option_count(count);
    List<OptionInfo> options = new ArrayList<>();
    LiteOptionInfo info = new LiteOptionInfo();
    try {
      for (long i = 0; i < count[0]; ++i) {
        Native.LITE_get_option_info(i, info);
        options.add(
            new OptionInfo(info.getScope() != 0, info.getKey(), info.getType(), info.getDefault_value(), info.getDescription()));
      }
    } finally {
      info.delete();
    }
    return options;
  }

  /** Sets an option of the process. */
  public static void setOption(String key, String value) {
    load();
    Native.LITE_set_option(0, key, value);
  }

  /** Gets an option of the process. */
  public static String getOption(String key) {
    load();
    byte[][] value = new byte[1][];
    Native.LITE_get_option(0, key, value);
    return text(value);
  }

  /** From which level on messages are logged. */
  public static LogLevel logLevel() {
    load();
    return LogLevel.values()[Native.lite_get_log_level()];
  }

  /** Sets from which level on messages are logged. */
  public static void setLogLevel(LogLevel level) {
    load();
    Native.LITE_set_log_level(level.ordinal());
  }

  /**
   * Sends log messages to a function instead of standard error.
   *
   * @param log called from any thread, one call at a time; it must not use this library. null: standard error again.
   */
  public static synchronized void setLog(BiConsumer<LogLevel, String> log) {
    load();
    Native.lite_set_log(log == null ? null : new Receiver(log));
  }

  /** What native code calls. */
  private record Receiver(BiConsumer<LogLevel, String> log) {
    @SuppressWarnings("unused")
    void log(int level, byte[] message) {
      log.accept(LogLevel.values()[level], new String(message, StandardCharsets.UTF_8));
    }
  }
}
