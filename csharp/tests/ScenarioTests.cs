using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Lite.Tests
{
    using Members = Dictionary<string, object>;

    /// <summary>tests/conformance/scenario, which every language's package executes.</summary>
    internal static class ScenarioTests
    {
        internal static IEnumerable<KeyValuePair<string, Action>> Cases()
        {
            string text = File.ReadAllText(Path.Combine(Program.Scenario, "scenario.json"), Encoding.UTF8);
            foreach (Members c in (List<object>)((Members)Json.Parse(text))["cases"])
            {
                yield return new KeyValuePair<string, Action>("scenario: " + c["name"], () => Execute(c));
            }
        }

        private static void Execute(Members c)
        {
            Keys(c, "name model from options key error steps");
            if (c.ContainsKey("error"))
            {
                Fails((Members)c["error"], () => Open(c));
                return;
            }

            var networks = new List<Network> { Open(c) };
            foreach (Members step in (List<object>)c["steps"])
            {
                Network net = networks.Last();
                switch ((string)step["do"])
                {
                    case "info": Info(net, step); break;
                    case "run": Run(net, step); break;
                    case "option": Option(net, step); break;
                    case "share": networks.Add(net.Share()); break;
                    case "statistics": Counters(net, step); break;
                    case "profile": Profile(net, step); break;
                    case "close": net.Dispose(); break;
                    default: throw new InvalidOperationException("a step that this reader does not know: " + step["do"]);
                }
            }

            networks.ForEach(n => n.Dispose());
        }

        private static void Keys(Members step, string known)
        {
            string unknown = string.Join(", ", step.Keys.Except(known.Split(' ')));
            Expect.True(unknown.Length == 0, "a key that this reader does not know: " + unknown);
        }

        private static Network Open(Members c)
        {
            var options = new NetworkOptions();
            if (c.TryGetValue("options", out object settings))
            {
                foreach (KeyValuePair<string, object> setting in (Members)settings)
                {
                    options.Settings[setting.Key] = (string)setting.Value;
                }
            }

            if (c.TryGetValue("key", out object key))
            {
                var hex = (string)key;
                options.Key = Enumerable.Range(0, hex.Length / 2).Select(i => Convert.ToByte(hex.Substring(2 * i, 2), 16)).ToArray();
            }

            string path = Path.Combine(Program.Scenario, (string)c["model"]);
            return c.ContainsKey("from") ? new Network(File.ReadAllBytes(path), options) : new Network(path, options);
        }

        private static void Fails(Members error, Action action)
        {
            Keys(error, "code name text");
            try
            {
                action();
            }
            catch (LiteException e)
            {
                Expect.Equal((int)(double)error["code"], (int)e.Code);
                Expect.Equal((string)error["name"], e.CodeName);
                Expect.Contains((string)error["text"], e.Message);
                return;
            }
            catch (ObjectDisposedException e)
            {
                // .NET's own word for LITE_CLOSED.
                Expect.Equal((string)error["name"], "LITE_CLOSED");
                Expect.Contains((string)error["text"], e.Message);
                return;
            }

            throw new InvalidOperationException("nothing was thrown; wanted: " + error["name"]);
        }

        private static DataType Type(string name)
        {
            // The enumeration has C#'s way of writing it: float32 is Float32, uint8 is UInt8, bfloat16 is BFloat16.
            return (DataType)Enum.Parse(typeof(DataType), name, true);
        }

        private static void Info(Network net, Members step)
        {
            Keys(step, "do inputs outputs metadata");
            Same(net.InputInfos, (List<object>)step["inputs"]);
            Same(net.OutputInfos, (List<object>)step["outputs"]);
            if (step.TryGetValue("metadata", out object metadata))
            {
                foreach (KeyValuePair<string, object> item in (Members)metadata)
                {
                    Expect.Equal((string)item.Value, net.Metadata[item.Key]);
                }
            }
        }

        private static void Same(IReadOnlyList<IOInfo> got, List<object> wanted)
        {
            Expect.Equal(wanted.Count, got.Count);
            for (int i = 0; i < got.Count; ++i)
            {
                var want = (Members)wanted[i];
                Expect.Equal((string)want["name"], got[i].Name);
                Expect.Equal(Type((string)want["dtype"]), got[i].DataType);
                IOInfo info = got[i];
                Expect.Sequence((List<object>)want["shape"], info.Shape.Select((d, n) => d >= 0 ? (object)(double)d : info.DimensionNames[n]));
            }
        }

        private static void Run(Network net, Members step)
        {
            Keys(step, "do inputs outputs error asynchronous timeout_ms cancel_after_ms");
            if (step.TryGetValue("timeout_ms", out object limit))
            {
                net.RunTimeout = TimeSpan.FromMilliseconds((double)limit);
            }

            Action run = () =>
            {
                foreach (KeyValuePair<string, object> input in (Members)step["inputs"])
                {
                    var value = (Members)input.Value;
                    if (value.ContainsKey("shape") && net.Inputs.TryGet(input.Key, out Tensor tensor))
                    {
                        Give(tensor, value);
                    }
                    else
                    {
                        net.SetValue(input.Key, ToValue(value));
                    }
                }

                if (step.TryGetValue("cancel_after_ms", out object after))
                {
                    Cancelled(net, (int)(double)after);
                }
                else if (step.ContainsKey("asynchronous"))
                {
                    net.RunAsync().GetAwaiter().GetResult();
                }
                else
                {
                    net.Run();
                }
            };
            try
            {
                if (step.ContainsKey("error"))
                {
                    Fails((Members)step["error"], run);
                    return;
                }

                run();
            }
            finally
            {
                if (limit != null)
                {
                    net.RunTimeout = Timeout.InfiniteTimeSpan;
                }
            }

            var outputs = (Members)step["outputs"];
            Expect.Sequence(outputs.Keys, net.OutputInfos.Select(o => o.Name));
            foreach (KeyValuePair<string, object> output in outputs)
            {
                if (net.Outputs.TryGet(output.Key, out Tensor tensor))
                {
                    Same(tensor, (Members)output.Value);
                }

                Same(net.GetValue(output.Key), (Members)output.Value);
            }
        }

        // Once in C#'s own way, with a token; then with Cancel, for the error that the scenario wants.
        private static void Cancelled(Network net, int milliseconds)
        {
            using (var source = new CancellationTokenSource(milliseconds))
            {
                Task task = net.RunAsync(source.Token);
                Expect.Throws<OperationCanceledException>(() => task.GetAwaiter().GetResult());
                Expect.Equal(TaskStatus.Canceled, task.Status);
            }

            Task run = net.RunAsync();
            Thread.Sleep(milliseconds);
            while (!run.IsCompleted)
            {
                net.Cancel();
                Thread.Sleep(1);
            }

            run.GetAwaiter().GetResult();
        }

        private static void Give(Tensor tensor, Members value)
        {
            Keys(value, "dtype shape data");
            long[] shape = ((List<object>)value["shape"]).Select(d => (long)(double)d).ToArray();
            var data = (List<object>)value["data"];
            switch ((string)value["dtype"])
            {
                case "float32": tensor.Set(data.Select(x => (float)(double)x).ToArray(), shape); break;
                case "float64": tensor.Set(data.Select(x => (double)x).ToArray(), shape); break;
                case "int8": tensor.Set(data.Select(x => (sbyte)(double)x).ToArray(), shape); break;
                case "int16": tensor.Set(data.Select(x => (short)(double)x).ToArray(), shape); break;
                case "int32": tensor.Set(data.Select(x => (int)(double)x).ToArray(), shape); break;
                case "int64": tensor.Set(data.Select(x => (long)(double)x).ToArray(), shape); break;
                case "uint8": tensor.Set(data.Select(x => (byte)(double)x).ToArray(), shape); break;
                case "uint16":
                case "float16":
                case "bfloat16": tensor.Set(data.Select(x => (ushort)(double)x).ToArray(), shape); break;
                case "uint32": tensor.Set(data.Select(x => (uint)(double)x).ToArray(), shape); break;
                case "uint64": tensor.Set(data.Select(x => (ulong)(double)x).ToArray(), shape); break;
                case "bool": tensor.Set(data.Select(x => (bool)x).ToArray(), shape); break;
                case "string": tensor.SetStrings(data.Cast<string>().ToArray(), shape); break;
                default: throw new InvalidOperationException("an element type that this reader does not know: " + value["dtype"]);
            }
        }

        private static Value ToValue(Members value)
        {
            if (value.TryGetValue("sequence", out object elements))
            {
                Keys(value, "dtype sequence");
                return new SequenceValue(Type((string)value["dtype"]), ((List<object>)elements).Select(e => ToValue((Members)e)));
            }

            if (value.TryGetValue("optional", out object content))
            {
                Keys(value, "dtype optional");
                return content == null ? new OptionalValue(Type((string)value["dtype"])) : new OptionalValue(ToValue((Members)content));
            }

            if (value.TryGetValue("keys", out object keys))
            {
                Keys(value, "keys values");
                return new MapValue((ArrayValue)ToValue((Members)keys), ToValue((Members)value["values"]));
            }

            using (Tensor tensor = Tensor.Create(Type((string)value["dtype"])))
            {
                Give(tensor, value);
                return ArrayValue.Create(tensor);
            }
        }

        private static void Same(Value got, Members wanted)
        {
            if (got is SequenceValue sequence)
            {
                Expect.Equal(Type((string)wanted["dtype"]), sequence.DataType);
                var elements = (List<object>)wanted["sequence"];
                Expect.Equal(elements.Count, sequence.Count);
                for (int i = 0; i < elements.Count; ++i)
                {
                    Same(sequence[i], (Members)elements[i]);
                }
            }
            else if (got is OptionalValue optional)
            {
                Expect.Equal(Type((string)wanted["dtype"]), optional.DataType);
                Expect.Equal(wanted["optional"] != null, optional.HasValue);
                if (optional.HasValue)
                {
                    Same(optional.Content, (Members)wanted["optional"]);
                }
            }
            else if (got is MapValue map)
            {
                Same(map.Keys, (Members)wanted["keys"]);
                Same(map.Values, (Members)wanted["values"]);
            }
            else
            {
                using (Tensor tensor = ((ArrayValue)got).ToTensor())
                {
                    Same(tensor, wanted);
                }
            }
        }

        private static IEnumerable<object> Elements(Tensor tensor)
        {
            switch (tensor.DataType)
            {
                case DataType.Float32: return tensor.ToArray<float>().Select(x => (object)(double)x);
                case DataType.Float64: return tensor.ToArray<double>().Cast<object>();
                case DataType.Int8: return tensor.ToArray<sbyte>().Select(x => (object)(double)x);
                case DataType.Int16: return tensor.ToArray<short>().Select(x => (object)(double)x);
                case DataType.Int32: return tensor.ToArray<int>().Select(x => (object)(double)x);
                case DataType.Int64: return tensor.ToArray<long>().Select(x => (object)(double)x);
                case DataType.UInt8: return tensor.ToArray<byte>().Select(x => (object)(double)x);
                case DataType.UInt16:
                case DataType.Float16:
                case DataType.BFloat16: return tensor.ToArray<ushort>().Select(x => (object)(double)x);
                case DataType.UInt32: return tensor.ToArray<uint>().Select(x => (object)(double)x);
                case DataType.UInt64: return tensor.ToArray<ulong>().Select(x => (object)(double)x);
                case DataType.Bool: return tensor.ToArray<bool>().Cast<object>();
                default: return tensor.GetStrings();
            }
        }

        private static void Same(Tensor got, Members wanted)
        {
            Keys(wanted, "dtype shape data atol");
            Expect.Equal(Type((string)wanted["dtype"]), got.DataType);
            Expect.Sequence((List<object>)wanted["shape"], got.Shape.Select(d => (object)(double)d));
            var want = (List<object>)wanted["data"];
            List<object> elements = Elements(got).ToList();
            Expect.Equal(want.Count, elements.Count);
            for (int i = 0; i < want.Count; ++i)
            {
                if (wanted.TryGetValue("atol", out object tolerance))
                {
                    Expect.True(Math.Abs((double)want[i] - (double)elements[i]) <= (double)tolerance, "wanted " + want[i] + ", got " + elements[i]);
                }
                else
                {
                    // The decimals in the file are of a binary32's neighbourhood.
                    object exact = got.DataType == DataType.Float32 ? (double)(float)(double)want[i] : want[i];
                    Expect.Equal(exact, elements[i]);
                }
            }
        }

        private static void Option(Network net, Members step)
        {
            Keys(step, "do key value read error");
            var key = (string)step["key"];
            var value = (string)step["value"];
            if (step.TryGetValue("error", out object error))
            {
                Fails((Members)error, () => net.SetOption(key, value));
                return;
            }

            net.SetOption(key, value);
            Expect.Equal(step.TryGetValue("read", out object read) ? (string)read : value, net.GetOption(key));
        }

        private static void Counters(Network net, Members step)
        {
            Keys(step, "do exactly at_least");
            foreach (KeyValuePair<string, object> counter in (Members)step["exactly"])
            {
                Expect.Equal((long)(double)counter.Value, Counter(net.Statistics, counter.Key));
            }

            foreach (KeyValuePair<string, object> counter in (Members)step["at_least"])
            {
                Expect.True(Counter(net.Statistics, counter.Key) >= (double)counter.Value, counter.Key);
            }
        }

        private static long Counter(Statistics s, string name)
        {
            switch (name)
            {
                case "programs": return s.Programs;
                case "program_hits": return s.ProgramHits;
                case "program_misses": return s.ProgramMisses;
                case "runs": return s.Runs;
                case "failed_runs": return s.FailedRuns;
                case "weight_bytes": return s.WeightBytes;
                default: throw new InvalidOperationException("a counter that this reader does not know: " + name);
            }
        }

        private static void Profile(Network net, Members step)
        {
            Keys(step, "do text");
            var text = (string)step["text"];
            if (text.Length == 0)
            {
                net.SetProfiling(true);
            }
            else
            {
                Expect.Contains(text, net.GetProfile("table"));
            }
        }
    }
}
