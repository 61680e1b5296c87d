package org.lite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lite.swig.LiteIOInfo;

/**
 * What the model says about an input or output, before any shape is set.
 *
 * @param name its name
 * @param kind whether it is a tensor
 * @param dataType of the elements
 * @param shape the dimensions, -1 for one that is open; null when not even their number is known
 * @param dimensionNames such as "batch", null for one without; null when shape is
 * @param type in ONNX's notation, such as "seq(tensor(float))"
 * @param hasDefault whether it is an input that need not be given
 */
public record IOInfo(
    String name, Kind kind, DataType dataType, List<Long> shape, List<String> dimensionNames, String type, boolean hasDefault) {
  /** What an input or output carries. */
  public enum Kind {
    /** A tensor. */
    TENSOR,
    /** A list of values. */
    SEQUENCE,
    /** One value or none. */
    OPTIONAL,
    /** A value for each key. */
    MAP
  }

  static IOInfo of(LiteIOInfo info) {
    List<Long> shape = null;
    List<String> names = null;
    if (info.getRank() >= 0) {
      Long[] dims = new Long[info.getRank()];
      String[] texts = new String[info.getRank()];
      for (int i = 0; i < dims.length; ++i) {
        dims[i] = info.dim(i);
        texts[i] = info.dim_name(i);
      }
      shape = Arrays.asList(dims);
      names = Arrays.asList(texts);
    }
    return new IOInfo(
        info.getName(),
        Kind.values()[info.getKind()],
        DataType.of(info.getDtype()),
        shape,
        names,
        info.getType(),
        info.getHas_default() != 0);
  }

  /** Name, type and shape, as in "data: FLOAT32[batch,1,8,8]". */
  @Override
  public String toString() {
    if (kind != Kind.TENSOR) return name + ": " + type;
    if (shape == null) return name + ": " + dataType + "[...]";
    List<String> dims = new ArrayList<>();
    for (int i = 0; i < shape.size(); ++i) {
      String open = dimensionNames.get(i) == null ? "?" : dimensionNames.get(i);
      dims.add(shape.get(i) >= 0 ? shape.get(i).toString() : open);
    }
    return name + ": " + dataType + "[" + String.join(",", dims) + "]";
  }
}
