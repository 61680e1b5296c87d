package org.lite;

import java.util.LinkedHashMap;
import java.util.Map;

/** How to load and run a model. Everything has a default; the setters give the object back. */
public final class NetworkOptions {
  int threads = 1;
  DeviceType device = DeviceType.CPU;
  int deviceId = -1;
  String format;
  String baseDirectory;
  long maxBytes;
  long maxNodes;
  byte[] key;
  final Map<String, String> settings = new LinkedHashMap<>();

  /** The most threads a run uses, 1 unless set; 0: as many as the process has. Results do not depend on it. */
  public NetworkOptions threads(int threads) {
    if (threads < 0) throw new IllegalArgumentException("threads: " + threads);
    this.threads = threads;
    return this;
  }

  /** The device; number -1: the default one of its kind. */
  public NetworkOptions device(DeviceType type, int number) {
    device = type;
    deviceId = number;
    return this;
  }

  /** Sets an option by name, before the model is loaded; {@link LiteLibrary#options} lists them. */
  public NetworkOptions set(String key, String value) {
    settings.put(key, value);
    return this;
  }

  /** "onnx", "mge" or "paddle"; recognised unless set. */
  public NetworkOptions format(String format) {
    this.format = format;
    return this;
  }

  /** Where files that the model refers to lie; in the model's own folder unless set. */
  public NetworkOptions baseDirectory(String folder) {
    baseDirectory = folder;
    return this;
  }

  /** What opens an encrypted model, instead of the key that {@link LiteLibrary#setDecryptionKey} has set. */
  public NetworkOptions key(byte[] key) {
    this.key = key.clone();
    return this;
  }

  /** Bounds for bytes of constants that cannot be used in place, and for nodes; 0: the library's own. */
  public NetworkOptions limits(long bytes, long nodes) {
    maxBytes = bytes;
    maxNodes = nodes;
    return this;
  }
}
