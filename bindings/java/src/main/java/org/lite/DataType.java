package org.lite;

/** Element types. */
public enum DataType {
  /** float. */
  FLOAT32(0, 4),
  /** IEEE binary16, as the bits of a short. */
  FLOAT16(1, 2),
  /** int. */
  INT32(2, 4),
  /** short. */
  INT16(3, 2),
  /** byte. */
  INT8(4, 1),
  /** The bits of a byte. */
  UINT8(5, 1),
  /** The bits of an int. */
  UINT32(6, 4),
  /** The bits of a short. */
  UINT16(7, 2),
  /** long. */
  INT64(8, 8),
  /** boolean. */
  BOOL(16, 1),
  /** The upper half of a float, as the bits of a short. */
  BFLOAT16(17, 2),
  /** double. */
  FLOAT64(18, 8),
  /** The bits of a long. */
  UINT64(19, 8),
  /** String. */
  STRING(20, 0),
  /** Two in a byte, the first in the low bits. */
  INT4(21, 0),
  /** Two in a byte. */
  UINT4(22, 0),
  /** Four in a byte, the first in the lowest bits. */
  INT2(23, 0),
  /** Four in a byte. */
  UINT2(24, 0),
  /** A byte. */
  FLOAT8E4M3FN(25, 1),
  /** A byte. */
  FLOAT8E4M3FNUZ(26, 1),
  /** A byte. */
  FLOAT8E5M2(27, 1),
  /** A byte. */
  FLOAT8E5M2FNUZ(28, 1),
  /** A byte. */
  FLOAT8E8M0(29, 1),
  /** Two in a byte. */
  FLOAT4E2M1(30, 0),
  /** Two floats. */
  COMPLEX64(31, 8),
  /** Two doubles. */
  COMPLEX128(32, 16);

  private final int code;
  private final int bytes;

  DataType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /** The number in C. */
  public int code() {
    return code;
  }

  /** Bytes of an element; 0 for strings, and for those of which several share a byte. */
  public int bytes() {
    return bytes;
  }

  static DataType of(int code) {
    for (DataType type : values()) if (type.code == code) return type;
    throw new IllegalArgumentException("there is no element type " + code);
  }
}
