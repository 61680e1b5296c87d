package org.lite;

/** How much is logged: a level lets itself and everything more severe through. */
public enum LogLevel {
  /** Everything. */
  DEBUG,
  /** What happens. */
  INFO,
  /** What may be wrong. */
  WARN,
  /** What is wrong. */
  ERROR,
  /** Nothing. */
  OFF
}
