using System;
using System.Buffers;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace Lite.Tests
{
    internal static class TensorTests
    {
        private static string Difference
        {
            get { return Path.Combine(Program.Scenario, "models/two_inputs.onnx"); }
        }

        public static void CopiesInAndOut()
        {
            using (Tensor t = Tensor.Create<float>(new float[] { 1, 2, 3, 4, 5, 6 }, 2, 3))
            {
                Expect.Sequence(new long[] { 2, 3 }, t.Shape);
                Expect.Equal(24L, t.ByteCount);
                Expect.Equal("Float32[2,3]", t.ToString());
                var target = new float[7];
                t.CopyTo(new Span<float>(target));
                Expect.Sequence(new float[] { 1, 2, 3, 4, 5, 6, 0 }, target);
                t.Reshape(-1, 2);
                Expect.Sequence(new long[] { 3, 2 }, t.Shape);
                t.Set(new[] { 7, 8 }, 2);
                Expect.Equal(DataType.Int32, t.DataType);
                t.FillZero();
                Expect.Sequence(new[] { 0, 0 }, t.ToArray<int>());
                using (Tensor copy = Tensor.Create(DataType.Float64))
                {
                    copy.CopyFrom(t);
                    Expect.Sequence(t.Shape, copy.Shape);
                    Expect.Sequence(t.ToArray<int>(), copy.ToArray<int>());
                }
            }
        }

        public static void EveryTypeHasBits()
        {
            foreach (DataType type in Enum.GetValues(typeof(DataType)))
            {
                using (Tensor t = Tensor.Create(type, 8))
                {
                    Expect.Equal(type, t.DataType);
                    if (type != DataType.String)
                    {
                        t.FillZero();
                        Expect.True(t.ByteCount > 0 && t.ByteCount <= 8 * 16, type.ToString());
                    }
                }
            }

            using (Tensor t = Tensor.Create(DataType.Int4, 3))
            {
                Expect.Sequence(new byte[] { 0, 0 }.Length.ToString(), t.ToArray<byte>().Length.ToString());
            }
        }

        public static void WrongTypesShapesAndCounts()
        {
            using (var net = new Network(Difference))
            {
                Tensor left = net.Inputs["left"];
                Expect.Contains("3 elements are given, shape [1,2] has 2", Expect.Throws<ArgumentException>(() => left.Set(new float[3], 1, 2)).Message);
                Expect.Throws<ArgumentException>(() => left.Set(new[] { 'a' }, 1));
                Expect.Throws<ArgumentNullException>(() => left.Set(new float[1], null));
                Expect.Contains("no shape", Expect.Error(ErrorCode.InvalidArgument, () => net.Outputs[0].ToArray<float>()).Message);
                left.Set(new float[2], 1, 2);
                Expect.Contains("Int64", Expect.Error(ErrorCode.ShapeMismatch, () => left.ToArray<long>()).Message);
                Expect.Throws<ArgumentException>(() => left.CopyTo(new Span<float>(new float[1])));
                Expect.Error(ErrorCode.InvalidArgument, () => left.Resize(-1, 2));
                Expect.Error(ErrorCode.ShapeMismatch, () => left.Use<float>(new float[1], 1, 2));
            }
        }

        public static void InputsAndOutputsInMemoryOfTheCaller()
        {
            using (var net = new Network(Difference))
            {
                var left = new float[] { 5, 6 };
                var difference = new float[4];
                net.Inputs["left"].Use<float>(left, 1, 2);
                net.Inputs["right"].Set(new float[] { 1, 1 }, 1, 2);
                net.Outputs[0].Use<float>(difference, 1, 2);
                net.Run();
                Expect.Sequence(new float[] { 4, 5, 0, 0 }, difference);
                left[0] = 10;
                net.Run();
                Expect.Sequence(new float[] { 9, 5, 0, 0 }, difference);
                Expect.Throws<InvalidOperationException>(() => net.Outputs[0].View<float>());

                // By copy again: the memory that was lent is written to no more.
                net.Inputs["left"].Set(new float[] { 2, 2 }, 1, 2);
                Expect.Sequence(new float[] { 10, 6 }, left);
                net.Outputs[0].Resize(1, 2);
                net.Run();
                Expect.Sequence(new float[] { 9, 5, 0, 0 }, difference);
                Expect.Sequence(new float[] { 1, 1 }, net.Outputs[0].ToArray<float>());
            }
        }

        public static void MemoryThatIsTooSmallForAnOutput()
        {
            using (var net = new Network(Difference))
            {
                net.Inputs["left"].Set(new float[4], 2, 2);
                net.Inputs["right"].Set(new float[4], 2, 2);
                net.Outputs[0].Use<float>(new float[2], 1, 2);
                Expect.Error(ErrorCode.ShapeMismatch, () => net.Run());
            }
        }

        public static void ViewsEndWithTheNextRun()
        {
            using (var net = new Network(Difference))
            {
                Tensor left = net.Inputs["left"];
                left.Resize(1, 2);
                TensorView<float> input = left.View<float>();
                input[0] = 3;
                input[1] = 4;
                net.Inputs["right"].Set(new float[2], 1, 2);
                net.Run();
                TensorView<float> output = net.Outputs[0].View<float>();
                Expect.Sequence(new float[] { 3, 4 }, output.Span.ToArray());
                Expect.Sequence(new float[] { 3, 4 }, output.Memory.ToArray());
                Memory<float> memory = output.Memory;

                input[0] = 7;
                net.Run();
                Expect.True(!output.IsValid && input.IsValid, "an output's view ends, an input's does not");
                Expect.Contains("has run again", Expect.Throws<InvalidOperationException>(() => GC.KeepAlive(output[0])).Message);
                Expect.Throws<InvalidOperationException>(() => GC.KeepAlive(memory.Span.Length));
                Expect.Throws<InvalidOperationException>(() => GC.KeepAlive(memory.Pin()));
                Expect.Equal(7f, net.Outputs[0].View<float>()[0]);

                left.Resize(2, 2);
                Expect.Throws<InvalidOperationException>(() => GC.KeepAlive(input.Span.Length));
            }
        }

        public static void ViewsEndWithTheirNetwork()
        {
            var net = new Network(Program.Digits);
            net.Inputs[0].Set(new float[64], 1, 1, 8, 8);
            net.Run();
            TensorView<float> view = net.Outputs[0].View<float>();
            Span<float> before = view.Span;
            float first = before[0];
            using (MemoryHandle pin = view.Memory.Pin())
            {
                net.Dispose();
                Expect.Equal(first, Marshal.PtrToStructure<float>(Address(pin)));
            }

            // The span was taken in time; its memory lives as long as the view.
            Expect.Equal(first, before[0]);
            Expect.Throws<ObjectDisposedException>(() => GC.KeepAlive(view.Span.Length));
            GC.KeepAlive(view);

            var model = new Network(Program.Digits);
            model.Inputs[0].Resize(1, 1, 8, 8);
            TensorView<float> input = model.Inputs[0].View<float>();
            ((IDisposable)input).Dispose();
            Expect.Throws<ObjectDisposedException>(() => GC.KeepAlive(input.Span.Length));
            model.Dispose();
        }

        public static void Disposed()
        {
            Tensor t = Tensor.Create<float>(new float[] { 1 }, 1);
            TensorView<float> view = t.View<float>();
            t.Dispose();
            t.Dispose();
            Expect.Throws<ObjectDisposedException>(() => t.ToArray<float>());
            Expect.Throws<ObjectDisposedException>(() => GC.KeepAlive(view.Span.Length));
            Expect.Contains("disposed", t.ToString());

            using (var net = new Network(Program.Digits))
            {
                // A network's tensor stays.
                net.Inputs[0].Dispose();
                net.Inputs[0].Set(new float[64], 1, 1, 8, 8);
                net.Run();
            }
        }

        public static void Strings()
        {
            using (Tensor t = Tensor.Create(DataType.String, 2))
            {
                Expect.Sequence(new[] { "", "" }, t.GetStrings());
                t.SetStrings(new[] { "a\0b", "Zoë" }, 2);
                Expect.Sequence(new[] { "a\0b", "Zoë" }, t.GetStrings());
                Expect.Throws<ArgumentException>(() => t.SetStrings(new[] { "a" }, 2));
                Expect.Error(ErrorCode.ShapeMismatch, () => t.ToArray<byte>());
            }
        }

        private static unsafe IntPtr Address(MemoryHandle pin)
        {
            return (IntPtr)pin.Pointer;
        }
    }
}
