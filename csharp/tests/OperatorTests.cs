using System;
using System.IO;
using System.Linq;

namespace Lite.Tests
{
    /// <summary>Operators written in C#, for a model with one that the library does not have.</summary>
    internal static class OperatorTests
    {
        private static string Model
        {
            get { return Path.Combine(Program.Scenario, "models/not_an_operator.onnx"); }
        }

        public static void RunsAndIsUnregistered()
        {
            OperatorContext kept = null;
            OperatorTensor last = null;
            var op = new CustomOperator("", "Frobnicate", node =>
            {
                kept = node;
                last = node.Input(0);
                Expect.Equal("f", node.NodeName);
                Expect.Equal(1, node.InputCount);
                Expect.Equal(1, node.OutputCount);
                Expect.Equal(7L, node.GetInt("missing", 7));
                Expect.Equal("x", node.GetString("missing", "x"));
                Expect.Equal(0, node.GetInts("missing").Length + node.GetFloats("missing").Length);
                Expect.True(!node.ShouldStop && !node.Input(1).IsPresent, "one input, nobody stops it");
                Span<float> y = node.Output(0).Elements<float>();
                y[0] = 2 * node.Input(0).Elements<float>()[0] + node.GetFloat("missing", 1);
            })
            { IsSameAsInput = true, IsPure = true };
            Network net;
            using (op.Register())
            {
                Expect.Error(ErrorCode.InvalidArgument, () => op.Register());
                net = new Network(Model);
            }

            // Loaded networks go on using it, whatever is collected.
            GC.Collect();
            Expect.Error(ErrorCode.Unsupported, () => new Network(Model));
            net.Inputs[0].Set(new[] { 3f }, 1);
            net.Run();
            Expect.Sequence(new[] { 7f }, net.Outputs[0].ToArray<float>());
            net.RunAsync().GetAwaiter().GetResult();
            Expect.Sequence(new[] { 7f }, net.Outputs[0].ToArray<float>());
            Expect.Throws<InvalidOperationException>(() => kept.Input(0));
            Expect.Throws<InvalidOperationException>(() => GC.KeepAlive(last.Elements<float>().Length));
            net.Dispose();
        }

        public static void ShapesInTheRunOrBefore()
        {
            var inRun = new CustomOperator("", "Frobnicate", node => node.Allocate(0, DataType.Float32, 1).Elements<float>().Fill(5));
            var before = new CustomOperator("", "Frobnicate", node => node.Output(0).Elements<float>().Fill(6))
            {
                Infer = node => node.SetOutput(0, DataType.Float32, node.Input(0).Shape),
            };
            Expect.Sequence(new[] { 5f }, Run(inRun));
            Expect.Sequence(new[] { 6f }, Run(before));
        }

        public static void WhatItThrowsIsTheError()
        {
            var op = new CustomOperator("", "Frobnicate", node => throw new NotSupportedException("not on Sundays")) { IsSameAsInput = true };
            Expect.Contains("not on Sundays", Expect.Error(ErrorCode.UnknownError, () => Run(op)).Message);
            op = new CustomOperator("", "Frobnicate", node => GC.KeepAlive(node.Input(0).Elements<long>().Length)) { IsSameAsInput = true };
            Expect.Error(ErrorCode.ShapeMismatch, () => Run(op));
            Expect.Error(ErrorCode.NotFound, () => CustomOperator.Load("/nowhere/operators.so"));
        }

        public static void SeesAttributesAndThreads()
        {
            var op = new CustomOperator("scenario.test", "Shift", node =>
            {
                Expect.Sequence(new[] { "by", "label", "names", "order" }, node.Attributes.OrderBy(a => a));
                Expect.Sequence(new[] { "a", "b" }, node.GetStrings("names"));
                Expect.Sequence(new[] { "up" }, node.GetStrings("label"));
                Expect.Equal(0, node.GetStrings("missing").Length);
                Expect.True(!node.GetTensor("missing").IsPresent, "a tensor that the node does not have");
                Expect.Equal(2, node.Threads);
                float by = node.GetFloat("by", 0);
                OperatorTensor x = node.Input(0), y = node.Output(0);
                node.Parallel(x.Shape[0], i => y.Elements<float>().Slice((int)i, 1).Fill(x.Elements<float>()[(int)i] + by));
            })
            { IsSameAsInput = true };
            Expect.Sequence(new[] { 3.5f, 4.5f, 5.5f }, Shift(op));
            op = new CustomOperator("scenario.test", "Shift", node => node.Parallel(9, i =>
            {
                if (i > 2)
                {
                    throw new NotSupportedException("task " + i);
                }
            }))
            { IsSameAsInput = true };
            Expect.Contains("task ", Expect.Error(ErrorCode.UnknownError, () => Shift(op)).Message);
        }

        public static void TextsInAndOut()
        {
            var op = new CustomOperator("scenario.test", "Repeat", node =>
            {
                long[] times = node.GetTensor("times").Elements<long>().ToArray();
                Expect.Sequence(new[] { 3L }, node.GetTensor("times").Shape);
                string[] x = node.InputStrings(0);
                string[] y = x.SelectMany((text, i) => Enumerable.Repeat(text, (int)times[i])).ToArray();
                node.SetOutputStrings(0, y, y.Length);
            });
            using (op.Register())
            using (var net = new Network(Path.Combine(Program.Scenario, "models/texts.onnx")))
            {
                net.Inputs[0].SetStrings(new[] { "a", "b", "Zoë" }, 3);
                net.Run();
                Expect.Sequence(new[] { "a", "a", "Zoë" }, net.Outputs[0].GetStrings());
            }
        }

        private static float[] Shift(CustomOperator op)
        {
            using (op.Register())
            using (var net = new Network(Path.Combine(Program.Scenario, "models/custom.onnx"), new NetworkOptions { Threads = 2 }))
            {
                net.Inputs[0].Set(new[] { 1f, 2f, 3f }, 3);
                net.Run();
                return net.Outputs[0].ToArray<float>();
            }
        }

        private static float[] Run(CustomOperator op)
        {
            using (op.Register())
            using (var net = new Network(Model))
            {
                net.Inputs[0].Set(new[] { 3f }, 1);
                net.Run();
                return net.Outputs[0].ToArray<float>();
            }
        }
    }
}
