package org.lite;

import java.util.List;

/** The native library was not found, or is not one that this package can use. */
public class LiteLibraryError extends UnsatisfiedLinkError {
  private static final long serialVersionUID = 1;

  private final transient List<String> tried;

  LiteLibraryError(String message, List<String> tried) {
    super(message);
    this.tried = List.copyOf(tried);
  }

  /** The files that were tried, in order. */
  public List<String> tried() {
    return tried;
  }
}
