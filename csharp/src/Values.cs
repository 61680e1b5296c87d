using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;

namespace Lite
{
    /// <summary>What an input or output of any kind carries: an <see cref="ArrayValue"/>, <see cref="SequenceValue"/>,
    /// <see cref="OptionalValue"/> or <see cref="MapValue"/>.</summary>
    /// <remarks>Values are in .NET's memory, do not change, and need not be disposed.</remarks>
    /// <example><code>
    /// net.SetValue("frames", new SequenceValue(DataType.Float32, ArrayValue.Create(first, 480, 640), ArrayValue.Create(second, 480, 640)));
    /// net.Run();
    /// foreach (MapValue scores in (SequenceValue)net.GetValue("scores"))
    /// {
    ///     float cat = scores.ToDictionary&lt;string, float&gt;()["cat"];
    /// }
    /// </code></example>
    public abstract class Value
    {
        // The four in this file are all that there are.
        internal Value(ValueKind kind, DataType dataType)
        {
            Kind = kind;
            DataType = dataType;
        }

        /// <summary>What it is.</summary>
        public ValueKind Kind { get; }

        /// <summary>The type of the elements of the tensors in it; of a map, of those in its values.</summary>
        public DataType DataType { get; }

        internal static Native Native
        {
            get { return LiteLibrary.Native; }
        }

        /// <summary>Copies it into one of the library's, which the caller disposes.</summary>
        internal abstract ValueHandle ToNative();

        /// <summary>Copies one of the library's, which stays the caller's.</summary>
        internal static Value FromNative(ValueHandle value)
        {
            Native.Check(Native.GetValueKind(value, out int kind));
            switch ((ValueKind)kind)
            {
                case ValueKind.Tensor:
                    Native.Check(Native.GetValueTensor(value, out IntPtr tensor));
                    return ArrayValue.TakeTensor(tensor);
                case ValueKind.Map:
                    Native.Check(Native.GetMapKeys(value, out IntPtr keys));
                    ArrayValue taken = ArrayValue.TakeTensor(keys);
                    Native.Check(Native.GetMapValues(value, out IntPtr values));
                    return new MapValue(taken, Take(values));
            }

            Native.Check(Native.GetValueDType(value, out int type));
            Native.Check(Native.GetValueLength(value, out UIntPtr length));
            var elements = new Value[(int)length];
            for (int i = 0; i < elements.Length; ++i)
            {
                Native.Check(Native.GetValueElement(value, (UIntPtr)i, out IntPtr element));
                elements[i] = Take(element);
            }

            if ((ValueKind)kind == ValueKind.Sequence)
            {
                return new SequenceValue((DataType)type, elements);
            }

            return elements.Length == 0 ? new OptionalValue((DataType)type) : new OptionalValue(elements[0]);
        }

        internal static Value Take(IntPtr value)
        {
            using (var handle = new ValueHandle(value))
            {
                return FromNative(handle);
            }
        }
    }

    /// <summary>A tensor that belongs to no network.</summary>
    public sealed class ArrayValue : Value
    {
        private readonly long[] _shape;
        private readonly Array _elements;

        private ArrayValue(DataType type, long[] shape, Array elements)
            : base(ValueKind.Tensor, type)
        {
            _shape = shape;
            _elements = elements;
        }

        /// <summary>The dimensions; none for a scalar.</summary>
        public IReadOnlyList<long> Shape
        {
            get { return Array.AsReadOnly(_shape); }
        }

        /// <summary>Makes a tensor of a copy of elements.</summary>
        /// <typeparam name="T">Their type.</typeparam>
        /// <param name="elements">In row-major order.</param>
        /// <param name="shape">The dimensions; none for a scalar.</param>
        /// <returns>The tensor.</returns>
        /// <exception cref="ArgumentException">There are not as many elements as the dimensions say.</exception>
        public static ArrayValue Create<T>(ReadOnlySpan<T> elements, params long[] shape)
            where T : struct
        {
            return Create(DataTypes.Of<T>(), elements, shape);
        }

        /// <summary>Makes a tensor of a copy of elements.</summary>
        /// <typeparam name="T">Their type.</typeparam>
        /// <param name="elements">In row-major order.</param>
        /// <param name="shape">The dimensions; none for a scalar.</param>
        /// <returns>The tensor.</returns>
        public static ArrayValue Create<T>(T[] elements, params long[] shape)
            where T : struct
        {
            return Create(new ReadOnlySpan<T>(elements), shape);
        }

        /// <summary>Makes a tensor of a copy of elements of a type that is not T's own, such as BFloat16 of ushort.</summary>
        /// <typeparam name="T">What the elements are given as.</typeparam>
        /// <param name="type">What they are.</param>
        /// <param name="elements">In row-major order.</param>
        /// <param name="shape">The dimensions; none for a scalar.</param>
        /// <returns>The tensor.</returns>
        public static ArrayValue Create<T>(DataType type, ReadOnlySpan<T> elements, params long[] shape)
            where T : struct
        {
            DataTypes.Check<T>(type, "the array");
            Tensor.CheckCount(type, elements.Length, shape);
            return new ArrayValue(type, (long[])shape.Clone(), MemoryMarshal.AsBytes(elements).ToArray());
        }

        /// <summary>Makes a tensor of texts.</summary>
        /// <param name="texts">In row-major order.</param>
        /// <param name="shape">The dimensions; none for a scalar.</param>
        /// <returns>The tensor.</returns>
        public static ArrayValue Create(string[] texts, params long[] shape)
        {
            Tensor.CheckCount(DataType.String, (texts ?? throw new ArgumentNullException(nameof(texts))).Length, shape);
            return new ArrayValue(DataType.String, (long[])shape.Clone(), (string[])texts.Clone());
        }

        /// <summary>Makes a copy of a tensor, of a network's or of the caller's.</summary>
        /// <param name="tensor">The tensor; its shape is set.</param>
        /// <returns>The copy.</returns>
        public static ArrayValue Create(Tensor tensor)
        {
            DataType type = (tensor ?? throw new ArgumentNullException(nameof(tensor))).DataType;
            return new ArrayValue(type, tensor.Dimensions(), type == DataType.String ? (Array)tensor.GetStrings() : tensor.GetBytes());
        }

        /// <summary>Copies the elements out.</summary>
        /// <typeparam name="T">Their type.</typeparam>
        /// <returns>In row-major order.</returns>
        public T[] ToArray<T>()
            where T : struct
        {
            DataTypes.Check<T>(DataType, "the array");
            return MemoryMarshal.Cast<byte, T>((byte[])_elements).ToArray();
        }

        /// <summary>Copies texts out.</summary>
        /// <returns>In row-major order.</returns>
        public string[] GetStrings()
        {
            if (DataType != DataType.String)
            {
                throw new LiteException(ErrorCode.ShapeMismatch, "the array has elements of " + DataType + ", which are no texts", "LITE_SHAPE_MISMATCH");
            }

            return (string[])_elements.Clone();
        }

        /// <summary>Type and shape.</summary>
        /// <returns>As in "Float32[1,3]".</returns>
        public override string ToString()
        {
            return DataType + Tensor.Text(_shape);
        }

        internal static ArrayValue TakeTensor(IntPtr tensor)
        {
            using (Tensor t = Tensor.Own(tensor))
            {
                return Create(t);
            }
        }

        /// <summary>A key of a map, boxed.</summary>
        internal object[] Boxed<TKey>()
        {
            if (typeof(TKey) == typeof(string))
            {
                return GetStrings();
            }

            switch (DataType)
            {
                case DataType.Int8: return ToArray<sbyte>().Select(k => (object)(long)k).ToArray();
                case DataType.Int16: return ToArray<short>().Select(k => (object)(long)k).ToArray();
                case DataType.Int32: return ToArray<int>().Select(k => (object)(long)k).ToArray();
                case DataType.Int64: return ToArray<long>().Select(k => (object)k).ToArray();
                case DataType.UInt8: return ToArray<byte>().Select(k => (object)(long)k).ToArray();
                case DataType.UInt16: return ToArray<ushort>().Select(k => (object)(long)k).ToArray();
                case DataType.UInt32: return ToArray<uint>().Select(k => (object)(long)k).ToArray();
                case DataType.UInt64: return ToArray<ulong>().Select(k => (object)checked((long)k)).ToArray();
                default: throw new LiteException(ErrorCode.ShapeMismatch, "the keys are " + DataType + ", which cannot be used as long", "LITE_SHAPE_MISMATCH");
            }
        }

        /// <summary>Copies it into a tensor.</summary>
        /// <returns>The tensor, to be disposed by the caller.</returns>
        public Tensor ToTensor()
        {
            Tensor tensor = Tensor.Create(DataType, _shape);
            try
            {
                if (DataType == DataType.String)
                {
                    tensor.SetStrings((string[])_elements, _shape);
                }
                else
                {
                    tensor.SetBytes((byte[])_elements);
                }

                return tensor;
            }
            catch
            {
                tensor.Dispose();
                throw;
            }
        }

        internal override ValueHandle ToNative()
        {
            const uint ShareMemory = 1;
            using (Tensor tensor = ToTensor())
            {
                Native.Check(Native.MakeTensorValue(tensor.Handle, ShareMemory, out IntPtr value));
                return new ValueHandle(value);
            }
        }
    }

    /// <summary>Values of one kind and element type, in order.</summary>
    public sealed class SequenceValue : Value, IReadOnlyList<Value>
    {
        private readonly Value[] _elements;

        /// <summary>Makes a sequence.</summary>
        /// <param name="dataType">The type of the elements of the tensors in it.</param>
        /// <param name="elements">None are allowed.</param>
        public SequenceValue(DataType dataType, params Value[] elements)
            : base(ValueKind.Sequence, dataType)
        {
            _elements = (Value[])(elements ?? throw new ArgumentNullException(nameof(elements))).Clone();
            if (_elements.Contains(null))
            {
                throw new ArgumentException("an element is null", nameof(elements));
            }
        }

        /// <summary>Makes a sequence.</summary>
        /// <param name="dataType">The type of the elements of the tensors in it.</param>
        /// <param name="elements">None are allowed.</param>
        public SequenceValue(DataType dataType, IEnumerable<Value> elements)
            : this(dataType, elements.ToArray())
        {
        }

        /// <summary>How many there are.</summary>
        public int Count
        {
            get { return _elements.Length; }
        }

        /// <summary>One of them.</summary>
        /// <param name="index">From 0.</param>
        /// <returns>The value.</returns>
        public Value this[int index]
        {
            get { return _elements[index]; }
        }

        /// <summary>Goes through them.</summary>
        /// <returns>In order.</returns>
        public IEnumerator<Value> GetEnumerator()
        {
            return ((IEnumerable<Value>)_elements).GetEnumerator();
        }

        IEnumerator IEnumerable.GetEnumerator()
        {
            return _elements.GetEnumerator();
        }

        /// <summary>The elements.</summary>
        /// <returns>As in "(Float32[2], Float32[3])".</returns>
        public override string ToString()
        {
            return "(" + string.Join(", ", (IEnumerable<Value>)_elements) + ")";
        }

        internal override ValueHandle ToNative()
        {
            Native.Check(Native.MakeSequence((int)DataType, out IntPtr made));
            var sequence = new ValueHandle(made);
            try
            {
                foreach (Value element in _elements)
                {
                    using (ValueHandle native = element.ToNative())
                    {
                        Native.Check(Native.AppendValue(sequence, native));
                    }
                }

                return sequence;
            }
            catch
            {
                sequence.Dispose();
                throw;
            }
        }
    }

    /// <summary>A value, or none.</summary>
    public sealed class OptionalValue : Value
    {
        /// <summary>Makes one that holds a value.</summary>
        /// <param name="value">The value.</param>
        public OptionalValue(Value value)
            : base(ValueKind.Optional, (value ?? throw new ArgumentNullException(nameof(value))).DataType)
        {
            Content = value;
        }

        /// <summary>Makes one that holds nothing.</summary>
        /// <param name="dataType">The type of the elements of the tensors that it could hold.</param>
        public OptionalValue(DataType dataType)
            : base(ValueKind.Optional, dataType)
        {
        }

        /// <summary>Whether it holds a value.</summary>
        public bool HasValue
        {
            get { return Content != null; }
        }

        /// <summary>What it holds; null: nothing.</summary>
        [MaybeNull]
        public Value Content { get; }

        /// <summary>What it holds.</summary>
        /// <returns>Or "none".</returns>
        public override string ToString()
        {
            return HasValue ? Content.ToString() : "none";
        }

        internal override ValueHandle ToNative()
        {
            IntPtr made;
            if (!HasValue)
            {
                Native.Check(Native.MakeOptional(IntPtr.Zero, (int)DataType, out made));
                return new ValueHandle(made);
            }

            using (ValueHandle content = Content.ToNative())
            {
                Native.Check(Native.MakeOptional(content.DangerousGetHandle(), 0, out made));
                return new ValueHandle(made);
            }
        }
    }

    /// <summary>A value for each key.</summary>
    public sealed class MapValue : Value
    {
        /// <summary>Makes a map.</summary>
        /// <param name="keys">One dimension, of integers or texts that all differ.</param>
        /// <param name="values">As many, in the order of the keys: a sequence, or a tensor whose first dimension counts them.</param>
        public MapValue(ArrayValue keys, Value values)
            : base(ValueKind.Map, (values ?? throw new ArgumentNullException(nameof(values))).DataType)
        {
            Keys = keys ?? throw new ArgumentNullException(nameof(keys));
            Values = values;
        }

        /// <summary>The keys.</summary>
        public ArrayValue Keys { get; }

        /// <summary>The values, in the order of the keys: a sequence, or a tensor whose first dimension counts them.</summary>
        public Value Values { get; }

        /// <summary>Makes a map from texts to numbers.</summary>
        /// <typeparam name="T">The numbers' type.</typeparam>
        /// <param name="entries">The entries.</param>
        /// <returns>The map.</returns>
        public static MapValue Create<T>(IReadOnlyDictionary<string, T> entries)
            where T : struct
        {
            return new MapValue(ArrayValue.Create(entries.Keys.ToArray(), entries.Count), ArrayValue.Create(entries.Values.ToArray(), entries.Count));
        }

        /// <summary>Makes a map from numbers to numbers.</summary>
        /// <typeparam name="T">The numbers' type.</typeparam>
        /// <param name="entries">The entries.</param>
        /// <returns>The map.</returns>
        public static MapValue Create<T>(IReadOnlyDictionary<long, T> entries)
            where T : struct
        {
            return new MapValue(ArrayValue.Create(entries.Keys.ToArray(), entries.Count), ArrayValue.Create(entries.Values.ToArray(), entries.Count));
        }

        /// <summary>Copies the entries of a map from texts or integers to numbers.</summary>
        /// <typeparam name="TKey">string, or long for integers of any size.</typeparam>
        /// <typeparam name="T">The numbers' type.</typeparam>
        /// <returns>The entries.</returns>
        /// <exception cref="LiteException">The map's keys or values are of another type.</exception>
        public Dictionary<TKey, T> ToDictionary<TKey, T>()
            where T : struct
        {
            if (typeof(TKey) != typeof(string) && typeof(TKey) != typeof(long))
            {
                throw new ArgumentException("keys are string or long, not " + typeof(TKey).Name, nameof(TKey));
            }

            if (!(Values is ArrayValue array) || array.Shape.Count != 1)
            {
                throw new LiteException(ErrorCode.ShapeMismatch, "the values of the map are " + Values + ", which are no numbers", "LITE_SHAPE_MISMATCH");
            }

            object[] keys = Keys.Boxed<TKey>();
            T[] numbers = array.ToArray<T>();
            var entries = new Dictionary<TKey, T>(keys.Length);
            for (int i = 0; i < keys.Length; ++i)
            {
                entries.Add((TKey)keys[i], numbers[i]);
            }

            return entries;
        }

        /// <summary>The types of both sides.</summary>
        /// <returns>As in "{String[2]: Float32[2]}".</returns>
        public override string ToString()
        {
            return string.Format(CultureInfo.InvariantCulture, "{{{0}: {1}}}", Keys, Values);
        }

        internal override ValueHandle ToNative()
        {
            using (Tensor keys = Keys.ToTensor())
            using (ValueHandle values = Values.ToNative())
            {
                Native.Check(Native.MakeMap(keys.Handle, values, out IntPtr made));
                return new ValueHandle(made);
            }
        }
    }
}
