package org.lite;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** A call of the library failed. Use of what is closed is an {@link IllegalStateException}. */
public class LiteException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final ErrorCode code;
  private transient List<UnsupportedNode> unsupportedNodes = List.of();

  /** Makes an exception of a code and a message. */
  public LiteException(ErrorCode code, String message) {
    super(message);
    this.code = code;
  }

  /** Called by native code. */
  static LiteException of(int code, byte[] message, byte[] name) {
    byte[] text = message.length == 0 ? name : message;
    return new LiteException(ErrorCode.of(code), new String(text, StandardCharsets.UTF_8));
  }

  /** Why. */
  public ErrorCode code() {
    return code;
  }

  /** For a model that was refused with {@link ErrorCode#UNSUPPORTED}: every node that cannot run. */
  public List<UnsupportedNode> unsupportedNodes() {
    return unsupportedNodes == null ? List.of() : unsupportedNodes;
  }

  void setUnsupportedNodes(List<UnsupportedNode> nodes) {
    unsupportedNodes = List.copyOf(nodes);
  }
}
