package org.lite;

/** Kinds of devices. */
public enum DeviceType {
  /** The processor. */
  CPU(0),
  /** An NVIDIA GPU. */
  CUDA(1),
  /** What the model says; else the processor. */
  DEFAULT(7);

  private final int code;

  DeviceType(int code) {
    this.code = code;
  }

  /** The number in C. */
  public int code() {
    return code;
  }

  static DeviceType of(int code) {
    for (DeviceType type : values()) if (type.code == code) return type;
    throw new IllegalArgumentException("there is no device type " + code);
  }
}
