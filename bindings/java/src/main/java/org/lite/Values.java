package org.lite;

import java.util.List;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.lite.swig.Native;

/** The way of values to the library and back. */
final class Values {
  private Values() {}

  /** Something that gives a handle through an array of one. */
  interface Maker {
    void make(long[] made);
  }

  /** Copies a value of the library's, which the maker gives. */
  static Value take(Maker maker) {
    long[] made = new long[1];
    maker.make(made);
    long value = made[0];
    try {
      int[] number = new int[1];
      Native.LITE_get_value_kind(value, number);
      IOInfo.Kind kind = IOInfo.Kind.values()[number[0]];
      if (kind == IOInfo.Kind.TENSOR) return takeArray(tensor -> Native.LITE_get_value_tensor(value, tensor));
      if (kind == IOInfo.Kind.MAP)
        return new Value.Map(takeArray(keys -> Native.LITE_get_map_keys(value, keys)), take(values -> Native.LITE_get_map_values(value, values)));
      Native.LITE_get_value_dtype(value, number);
      DataType type = DataType.of(number[0]);
      long[] length = new long[1];
      Native.LITE_get_value_length(value, length);
      Value[] elements = new Value[Math.toIntExact(length[0])];
      for (int i = 0; i < elements.length; ++i) {
        long index = i;
        elements[i] = take(element -> Native.LITE_get_value_element(value, index, element));
      }
      if (kind == IOInfo.Kind.SEQUENCE) return new Value.Sequence(type, List.of(elements));
      return new Value.Optional(type, elements.length == 0 ? null : elements[0]);
    } finally {
      Native.LITE_destroy_value(value);
    }
  }

  private static Value.Array takeArray(Maker maker) {
    long[] made = new long[1];
    maker.make(made);
    try (Tensor tensor = Tensor.own(made[0])) {
      return Value.Array.of(tensor);
    }
  }

  /** Calls a function with a copy of the value in the library, which is gone when it returns. */
  static void build(Value value, LongConsumer user) {
    Objects.requireNonNull(value);
    if (value instanceof Value.Array array) {
      try (Tensor tensor = array.toTensor()) {
        use(made -> Native.LITE_make_tensor_value(tensor.handle(), 1, made), user); // 1: the memory is shared
      }
    } else if (value instanceof Value.Sequence sequence) {
      use(
          made -> Native.LITE_make_sequence(sequence.dataType().code(), made),
          made -> {
            for (Value element : sequence.elements()) build(element, item -> Native.LITE_append_value(made, item));
            user.accept(made);
          });
    } else if (value instanceof Value.Optional optional) {
      int type = optional.dataType().code();
      if (optional.value() == null) use(made -> Native.LITE_make_optional(0, type, made), user);
      else build(optional.value(), item -> use(made -> Native.LITE_make_optional(item, type, made), user));
    } else {
      Value.Map map = (Value.Map) value;
      try (Tensor keys = map.keys().toTensor()) {
        build(map.values(), values -> use(made -> Native.LITE_make_map(keys.handle(), values, made), user));
      }
    }
  }

  private static void use(Maker maker, LongConsumer user) {
    long[] made = new long[1];
    maker.make(made);
    try {
      user.accept(made[0]);
    } finally {
      Native.LITE_destroy_value(made[0]);
    }
  }
}
