using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Lite.Tests
{
    /// <summary>Sequences, optionals and maps, besides what the scenario has of them.</summary>
    internal static class ValueTests
    {
        private static readonly ArrayValue One = ArrayValue.Create(new[] { 1f, 2f }, 2);

        private static string Model
        {
            get { return Path.Combine(Program.Scenario, "models/values.onnx"); }
        }

        public static void InAndOut()
        {
            using (var net = new Network(Model))
            {
                Expect.Equal(1, net.Inputs.Count);
                var scores = new Dictionary<string, float> { { "cat", 0.25f }, { "dog", 0.75f } };
                net.SetValue("frames", new SequenceValue(DataType.Float32, One, One));
                net.SetValue("maybe", ArrayValue.Create(new[] { 7f }));
                net.SetValue("scores", MapValue.Create(scores));
                net.Inputs["names"].SetStrings(new[] { "a" }, 1);
                net.SetValue("names", ArrayValue.Create(new[] { "b", "c" }, 2));
                GC.Collect();
                net.Run();
                var frames = (SequenceValue)net.GetValue("frames_out");
                var maybe = (OptionalValue)net.GetValue("maybe_out");
                var map = (MapValue)net.GetValue("scores_out");
                Expect.Sequence(new[] { "b", "c" }, net.Outputs["names_out"].GetStrings());
                net.Inputs["names"].SetStrings(new[] { "d" }, 1);
                net.SetValue("frames", new SequenceValue(DataType.Float32));
                net.Run();

                // What was got before is not changed by the next run, nor by the network's end.
                Expect.Equal(0, ((SequenceValue)net.GetValue("frames_out")).Count);
                Expect.Sequence(new[] { "d" }, ((ArrayValue)net.GetValue("names_out")).GetStrings());
                net.Dispose();
                Expect.Equal("(Float32[2], Float32[2])", frames.ToString());
                Expect.Sequence(new[] { 1f, 2f, 1f, 2f }, frames.SelectMany(f => ((ArrayValue)f).ToArray<float>()));
                Expect.Equal(7f, ((ArrayValue)maybe.Content).ToArray<float>()[0]);
                Expect.Sequence(scores.OrderBy(e => e.Key), map.ToDictionary<string, float>().OrderBy(e => e.Key));
                Expect.Equal("{String[2]: Float32[2]}", map.ToString());
            }
        }

        public static void EveryTypeOfElements()
        {
            foreach (DataType type in Enum.GetValues(typeof(DataType)))
            {
                using (Tensor tensor = Tensor.Create(type, 3))
                {
                    if (type == DataType.String)
                    {
                        tensor.SetStrings(new[] { "a", "", "c" }, 3);
                    }
                    else
                    {
                        tensor.FillZero();
                    }

                    ArrayValue value = ArrayValue.Create(tensor);
                    using (ValueHandle native = value.ToNative())
                    {
                        Expect.Equal(value.ToString(), Value.FromNative(native).ToString());
                    }
                }
            }
        }

        public static void MapsOfIntegers()
        {
            var entries = new Dictionary<long, double> { { 3, 0.5 }, { -1, 2 } };
            Expect.Sequence(entries, MapValue.Create(entries).ToDictionary<long, double>());
            var small = new MapValue(ArrayValue.Create(new[] { (byte)1, (byte)200 }, 2), One);
            Expect.Sequence(new[] { 1L, 200L }, small.ToDictionary<long, float>().Keys);
            Expect.Error(ErrorCode.ShapeMismatch, () => small.ToDictionary<string, float>());
            Expect.Error(ErrorCode.ShapeMismatch, () => small.ToDictionary<long, int>());
            Expect.Error(ErrorCode.ShapeMismatch, () => new MapValue(One, new SequenceValue(DataType.Float32, One, One)).ToDictionary<long, float>());
            Expect.Throws<ArgumentException>(() => small.ToDictionary<int, float>());
        }

        public static void WhatIsWrong()
        {
            Expect.Contains("2 elements are given, shape [3] has 3", Expect.Throws<ArgumentException>(() => ArrayValue.Create(new float[2], 3)).Message);
            Expect.Throws<ArgumentException>(() => new SequenceValue(DataType.Float32, One, null));
            Expect.Throws<ArgumentNullException>(() => new OptionalValue(null));
            Expect.Error(ErrorCode.ShapeMismatch, () => One.ToArray<int>());
            Expect.Error(ErrorCode.ShapeMismatch, () => One.GetStrings());
            using (var net = new Network(Model))
            {
                Expect.Error(ErrorCode.InvalidArgument, () => net.SetValue("frames", new SequenceValue(DataType.Float32, One, new OptionalValue(One))));
                Expect.Error(ErrorCode.ShapeMismatch, () => net.SetValue("scores", new MapValue(ArrayValue.Create(new[] { "a" }, 1), One)));
                Expect.Error(ErrorCode.InvalidArgument, () => net.SetValue("scores", new MapValue(ArrayValue.Create(new[] { "a", "a" }, 2), One)));
                Expect.Throws<ArgumentNullException>(() => net.SetValue("frames", null));
                Expect.Error(ErrorCode.NotFound, () => net.GetValue("frames_out"));
                Expect.Error(ErrorCode.NotFound, () => net.GetValue("nobody"));
                net.Dispose();
                Expect.Throws<ObjectDisposedException>(() => net.GetValue("frames_out"));
                Expect.Throws<ObjectDisposedException>(() => net.SetValue("frames", One));
            }
        }
    }
}
