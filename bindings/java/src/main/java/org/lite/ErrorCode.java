package org.lite;

/** Why a call failed; the names are those of C without LITE_. */
public enum ErrorCode {
  /** A defect in the library. */
  INTERNAL_ERROR(1),
  /** A callback failed without saying why. */
  UNKNOWN_ERROR(2),
  /** Out of range, of the wrong kind, or a name or option that does not exist. */
  INVALID_ARGUMENT(-1),
  /** The bytes are not a model, or the model contradicts itself. */
  INVALID_MODEL(-2),
  /** Well formed, but this build or device cannot do it. */
  UNSUPPORTED(-3),
  /** No such file, input, output, key, device or library. */
  NOT_FOUND(-4),
  /** There is not enough memory. */
  OUT_OF_MEMORY(-5),
  /** Reading or writing failed. */
  IO_ERROR(-6),
  /** A driver or accelerator reported a failure. */
  DEVICE_ERROR(-7),
  /** {@link Network#cancel} stopped the run. */
  CANCELLED(-8),
  /** The time given to the run is over. */
  TIMED_OUT(-9),
  /** The network is running in another thread. */
  BUSY(-10),
  /** Rank, dimensions, element type or byte count are not those wanted. */
  SHAPE_MISMATCH(-11),
  /** The network has no model yet. */
  NOT_LOADED(-12),
  /** The native object was destroyed. */
  CLOSED(-13),
  /** The needed size is in the message. */
  BUFFER_TOO_SMALL(-14),
  /** A budget is used up; the message names it. */
  LIMIT_EXCEEDED(-15),
  /** Allowed only before a model is loaded. */
  ALREADY_LOADED(-16);

  private final int code;

  ErrorCode(int code) {
    this.code = code;
  }

  /** The number in C. */
  public int code() {
    return code;
  }

  static ErrorCode of(int code) {
    for (ErrorCode e : values()) if (e.code == code) return e;
    return UNKNOWN_ERROR;
  }
}
