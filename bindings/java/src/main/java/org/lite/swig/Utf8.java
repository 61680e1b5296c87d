package org.lite.swig;

import java.nio.charset.StandardCharsets;

/** Texts as the C API has them. For the generated code. */
public final class Utf8 {
  private Utf8() {}

  public static byte[] bytes(String text) {
    if (text == null) return null;
    if (text.indexOf('\0') >= 0) throw new IllegalArgumentException("the text has a NUL in it");
    return text.getBytes(StandardCharsets.UTF_8);
  }

  public static String text(byte[] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }
}
