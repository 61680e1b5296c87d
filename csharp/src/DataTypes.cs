using System;
using System.Runtime.InteropServices;

namespace Lite
{
    /// <summary>How C# types and element types go together.</summary>
    internal static class DataTypes
    {
        /// <summary>Whether elements of the type can be read and written as T. Types without one of their own are read as bytes or bits.</summary>
        internal static bool Fits<T>(DataType type)
            where T : struct
        {
            switch (type)
            {
                case DataType.Float32: return typeof(T) == typeof(float);
                case DataType.Float64: return typeof(T) == typeof(double);
                case DataType.Int8: return typeof(T) == typeof(sbyte);
                case DataType.UInt8: return typeof(T) == typeof(byte);
                case DataType.Int16: return typeof(T) == typeof(short);
                case DataType.UInt16: return typeof(T) == typeof(ushort);
                case DataType.Int32: return typeof(T) == typeof(int);
                case DataType.UInt32: return typeof(T) == typeof(uint);
                case DataType.Int64: return typeof(T) == typeof(long);
                case DataType.UInt64: return typeof(T) == typeof(ulong);
                case DataType.Bool: return typeof(T) == typeof(bool) || typeof(T) == typeof(byte);
                case DataType.BFloat16: return typeof(T) == typeof(ushort);
                case DataType.Float16:
#if NET5_0_OR_GREATER
                    if (typeof(T) == typeof(Half))
                    {
                        return true;
                    }
#endif
                    return typeof(T) == typeof(ushort);
                case DataType.String: return false;
                case DataType.Complex64: return Unsafe<T>.Size == 8 && !typeof(T).IsPrimitive;
                case DataType.Complex128: return Unsafe<T>.Size == 16;
                default: return typeof(T) == typeof(byte);
            }
        }

        internal static void Check<T>(DataType type, string who)
            where T : struct
        {
            if (!Fits<T>(type))
            {
                throw new LiteException(
                    ErrorCode.ShapeMismatch, who + " has elements of " + type + ", which cannot be used as " + typeof(T).Name, "LITE_SHAPE_MISMATCH");
            }
        }

        /// <summary>The element type that T stands for by itself.</summary>
        internal static DataType Of<T>()
            where T : struct
        {
            if (typeof(T) == typeof(float))
            {
                return DataType.Float32;
            }

            if (typeof(T) == typeof(double))
            {
                return DataType.Float64;
            }

            if (typeof(T) == typeof(sbyte))
            {
                return DataType.Int8;
            }

            if (typeof(T) == typeof(byte))
            {
                return DataType.UInt8;
            }

            if (typeof(T) == typeof(short))
            {
                return DataType.Int16;
            }

            if (typeof(T) == typeof(ushort))
            {
                return DataType.UInt16;
            }

            if (typeof(T) == typeof(int))
            {
                return DataType.Int32;
            }

            if (typeof(T) == typeof(uint))
            {
                return DataType.UInt32;
            }

            if (typeof(T) == typeof(long))
            {
                return DataType.Int64;
            }

            if (typeof(T) == typeof(ulong))
            {
                return DataType.UInt64;
            }

            if (typeof(T) == typeof(bool))
            {
                return DataType.Bool;
            }

#if NET5_0_OR_GREATER
            if (typeof(T) == typeof(Half))
            {
                return DataType.Float16;
            }

#endif
            throw new ArgumentException(typeof(T).Name + " is the type of no elements; say which with Resize(DataType, shape)", nameof(T));
        }

        /// <summary>The type that a tensor's elements get when they are given as T: the one it has, if T can be that.</summary>
        internal static DataType Choose<T>(DataType present)
            where T : struct
        {
            return Fits<T>(present) ? present : Of<T>();
        }

        private static class Unsafe<T>
            where T : struct
        {
            internal static readonly int Size = MemoryMarshal.AsBytes(new Span<T>(new T[1])).Length;
        }
    }
}
