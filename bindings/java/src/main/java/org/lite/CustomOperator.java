package org.lite;

import java.util.Objects;
import java.util.function.Consumer;
import org.lite.swig.Native;

/**
 * An operator of the program's own, for models that have nodes of its domain and name. {@link #register} it before loading such a
 * model.
 *
 * <p>The functions are called in the thread that loads or runs a network, several at once when several networks do so. What they
 * throw becomes the run's error, with its message.
 */
public final class CustomOperator {
  private static final int PURE = 1;
  private static final int SAME_AS_INPUT = 2;

  private final String domain;
  private final String name;
  private final Consumer<OperatorContext> run;
  private Consumer<OperatorContext> infer;
  private int sinceVersion = 1;
  private int flags;
  private int minInputs = 1;
  private int maxInputs = 1;
  private int minOutputs = 1;
  private int maxOutputs = 1;

  /** Makes an operator that computes its outputs with run; it is not registered yet. */
  public CustomOperator(String domain, String name, Consumer<OperatorContext> run) {
    this.domain = Objects.requireNonNull(domain);
    this.name = Objects.requireNonNull(name);
    this.run = Objects.requireNonNull(run);
  }

  /** The first version of the domain's operator set that it is for; 1 unless set. */
  public CustomOperator sinceVersion(int version) {
    sinceVersion = version;
    return this;
  }

  /** How many inputs there must and may be; most -1: any number. One unless set. */
  public CustomOperator inputs(int least, int most) {
    minInputs = least;
    maxInputs = most;
    return this;
  }

  /** How many outputs there must and may be; most -1: any number. One unless set. */
  public CustomOperator outputs(int least, int most) {
    minOutputs = least;
    maxOutputs = most;
    return this;
  }

  /** The same inputs always give the same outputs, so that it may be computed when a model is loaded. */
  public CustomOperator pure() {
    flags |= PURE;
    return this;
  }

  /** Every output has the element type and shape of input 0. */
  public CustomOperator sameAsInput() {
    flags |= SAME_AS_INPUT;
    return this;
  }

  /** Tells the outputs' types and shapes before the run, by {@link OperatorContext#setOutput}. */
  public CustomOperator infer(Consumer<OperatorContext> infer) {
    this.infer = infer;
    return this;
  }

  /** What ends a registration when it is closed; loaded networks go on using the operator. */
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /** Registers the operator for models that are loaded from now on. */
  public Registration register() {
    LiteLibrary.load();
    Native.lite_register_operator(
        this, domain, name, sinceVersion, flags, infer == null ? 0 : 1, minInputs, maxInputs, minOutputs, maxOutputs);
    return new Registration() {
      private boolean closed;

      @Override
      public synchronized void close() {
        if (closed) return;
        Native.LITE_unregister_operator(domain, name, sinceVersion);
        closed = true;
      }
    };
  }

  /** Loads a shared library of operators, which stays loaded. */
  public static void load(String path) {
    LiteLibrary.load();
    Native.LITE_load_operator_library(path);
  }

  /** Called by native code. */
  int call(long context, boolean infers) {
    OperatorContext node = new OperatorContext(context);
    try {
      (infers ? infer : run).accept(node);
      return 0;
    } catch (Throwable e) {
      Native.LITE_operator_set_error(context, String.valueOf(e.getMessage()).replace('\0', ' '));
      return (e instanceof LiteException known ? known.code() : ErrorCode.UNKNOWN_ERROR).code();
    } finally {
      node.end();
    }
  }
}
