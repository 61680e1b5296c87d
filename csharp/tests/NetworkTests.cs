using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Lite.Tests
{
    internal static class NetworkTests
    {
        private static string Count
        {
            get { return Path.Combine(Program.Scenario, "models/count.onnx"); }
        }

        public static void FileMemoryAndInPlaceGiveTheSame()
        {
            byte[] bytes = File.ReadAllBytes(Program.Digits);
            using (var file = new Network(Program.Digits))
            using (var memory = new Network(bytes))
            using (Network inPlace = Network.InPlace(bytes))
            {
                GC.Collect();
                float[] wanted = Zeros(file);
                Expect.Equal(10, wanted.Length);
                Expect.Sequence(wanted, Zeros(memory));
                Expect.Sequence(wanted, Zeros(inPlace));
            }
        }

        public static void InPlaceRefusesAndLetsGo()
        {
            Expect.Error(ErrorCode.InvalidModel, () => Network.InPlace(new byte[] { 1, 2, 3 }));
        }

        public static void ChecksWithoutLoading()
        {
            Network.Check(Program.Digits);
            Network.Check(File.ReadAllBytes(Program.Digits));
            LiteException e = Expect.Error(ErrorCode.Unsupported, () => Network.Check(Path.Combine(Program.Scenario, "models/not_an_operator.onnx")));
            Expect.Equal("Frobnicate", e.UnsupportedNodes[0].OpType);
            Expect.Error(ErrorCode.InvalidModel, () => Network.Check(new byte[] { 1, 2, 3 }));
            Expect.Error(ErrorCode.NotFound, () => Network.Check("/nowhere/model.onnx"));
        }

        public static void TheProcessHasAKey()
        {
            string locked = Path.Combine(Program.Scenario, "models/locked.lite");
            byte[] key = Enumerable.Range(0, 32).Select(i => (byte)i).ToArray();
            LiteLibrary.SetDecryptionKey("AES_256_GCM", key);
            new Network(locked).Dispose();
            Network.Check(locked);
            LiteLibrary.SetDecryptionKey("AES_256_GCM", new byte[32]);
            Expect.Error(ErrorCode.InvalidModel, () => new Network(locked));
            new Network(locked, new NetworkOptions { Key = key }).Dispose();
            Expect.Error(ErrorCode.InvalidArgument, () => LiteLibrary.SetDecryptionKey("AES_256_GCM", new byte[31]));
            Expect.Error(ErrorCode.NotFound, () => LiteLibrary.SetDecryptionKey("ROT13", key));
        }

        public static void SharesWeights()
        {
            using (var first = new Network(Program.Digits))
            {
                float[] wanted = Zeros(first);
                Network second = first.Share(new NetworkOptions { Threads = 2 });
                Expect.Equal("2", second.GetOption("threads"));
                Expect.Sequence(wanted, Zeros(second));
                first.Dispose();
                Expect.Sequence(wanted, Zeros(second));
                second.Dispose();
            }
        }

        public static void DisposedIsSaidByName()
        {
            var net = new Network(Program.Digits);
            Tensor input = net.Inputs[0];
            net.Dispose();
            net.Dispose();
            Expect.True(net.IsDisposed && input.IsDisposed, "disposed");
            Expect.Contains("network", Expect.Throws<ObjectDisposedException>(() => net.Run()).Message);
            Expect.Throws<ObjectDisposedException>(() => net.RunAsync());
            Expect.Throws<ObjectDisposedException>(() => net.GetOption("threads"));
            Expect.Throws<ObjectDisposedException>(() => GC.KeepAlive(net.Metadata));
            Expect.Contains("'data'", Expect.Throws<ObjectDisposedException>(() => input.FillZero()).Message);
            Expect.Equal("Network, disposed", net.ToString());
        }

        public static void UnsupportedNodesAreListed()
        {
            string path = Path.Combine(Program.Scenario, "models/not_an_operator.onnx");
            LiteException e = Expect.Error(ErrorCode.Unsupported, () => new Network(path));
            UnsupportedNode node = e.UnsupportedNodes.Single();
            Expect.Equal("Frobnicate", node.OpType);
            Expect.Equal("f", node.Name);
            Expect.True(node.Reason.Length > 0, "a reason");
        }

        public static void OptionsOfLoadingAreUsed()
        {
            Expect.Error(ErrorCode.LimitExceeded, () => new Network(Program.Digits, new NetworkOptions { MaxNodes = 3 }));
            Expect.Error(ErrorCode.InvalidModel, () => new Network(Program.Digits, new NetworkOptions { Format = "mge" }));
        }

        public static void OtherDevicesAreErrors()
        {
            Expect.Equal(1, LiteLibrary.DeviceCount(DeviceType.Cpu));
            using (var net = new Network(Program.Digits))
            {
                Expect.Equal(DeviceType.Cpu, net.Device);
            }

            if (LiteLibrary.DeviceCount(DeviceType.Cuda) > 0)
            {
                throw new SkipException("there is a GPU");
            }

            LiteException e = Expect.Throws<LiteException>(() => new Network(Program.Digits, new NetworkOptions { Device = DeviceType.Cuda }));
            Expect.True(e.Code == ErrorCode.NotFound || e.Code == ErrorCode.Unsupported, e.CodeName);
        }

        public static async Task RunsFromManyTasks()
        {
            using (var first = new Network(Program.Digits))
            {
                float[] wanted = Zeros(first);
                Task<float[]>[] tasks = Enumerable.Range(0, 8).Select(async i =>
                {
                    using (Network net = first.Share())
                    {
                        net.Inputs["data"].Set(new float[64], 1, 1, 8, 8);
                        for (int n = 0; n < 20; ++n)
                        {
                            await net.RunAsync();
                        }

                        return net.Outputs[0].ToArray<float>();
                    }
                }).ToArray();
                foreach (float[] got in await Task.WhenAll(tasks))
                {
                    Expect.Sequence(wanted, got);
                }
            }
        }

        public static async Task AsynchronousErrorsAreThoseOfRun()
        {
            using (var net = new Network(Program.Digits))
            {
                net.Inputs["data"].Set(new float[81], 1, 1, 9, 9);
                try
                {
                    await net.RunAsync();
                    Expect.True(false, "nothing was thrown");
                }
                catch (LiteException e)
                {
                    Expect.Equal(ErrorCode.ShapeMismatch, e.Code);
                    Expect.Contains("[1,1,9,9]", e.Message);
                }

                net.Inputs["data"].Set(new float[64], 1, 1, 8, 8);
                await net.RunAsync();
                net.Run();
            }
        }

        public static void ATokenCancelsBeforeAndDuring()
        {
            using (Network net = Endless())
            {
                Task task = net.RunAsync(new CancellationToken(true));
                Expect.Equal(TaskStatus.Canceled, task.Status);
                using (var source = new CancellationTokenSource())
                {
                    task = net.RunAsync(source.Token);
                    Expect.Equal(ErrorCode.Busy, ((LiteException)net.RunAsync().Exception.InnerException).Code);
                    source.Cancel();
                    var e = Expect.Throws<OperationCanceledException>(() => task.GetAwaiter().GetResult());
                    Expect.Equal(source.Token, e.CancellationToken);
                }
            }
        }

        public static void ATimeLimitIsADeadline()
        {
            using (Network net = Endless())
            {
                net.RunTimeout = TimeSpan.FromMilliseconds(20);
                Expect.Error(ErrorCode.TimedOut, () => net.Run());
                Expect.Error(ErrorCode.TimedOut, () => net.RunAsync().GetAwaiter().GetResult());
                Expect.Throws<ArgumentOutOfRangeException>(() => net.RunTimeout = TimeSpan.Zero);
            }
        }

        public static void DisposingStopsTheRun()
        {
            Network net = Endless();
            Task task = net.RunAsync();
            net.Dispose();
            Exception e = Expect.Throws<Exception>(() => task.GetAwaiter().GetResult());
            Expect.True(e is ObjectDisposedException || (e as LiteException)?.Code == ErrorCode.Cancelled, e.ToString());
        }

        public static void DisposingStopsARunInAnotherThread()
        {
            for (int i = 0; i < 20; ++i)
            {
                Network net = Endless();
                Exception thrown = null;
                var thread = new Thread(() =>
                {
                    try
                    {
                        net.Run();
                    }
                    catch (Exception e)
                    {
                        thrown = e;
                    }
                });
                thread.Start();
                Thread.Sleep(i % 4);
                net.Dispose();
                thread.Join();
                Expect.True(thrown is ObjectDisposedException || (thrown as LiteException)?.Code == ErrorCode.Cancelled, "" + thrown);
            }
        }

        public static void TextsAreThere()
        {
            using (var net = new Network(Program.Digits))
            {
                Expect.Equal("Network (data: Float32[batch,1,8,8]) -> (prob: Float32[batch,10])", net.ToString());
                Expect.Equal("digits", net.Metadata["graph_name"]);
                Expect.Contains("Conv", net.DumpGraph("imported"));
                Expect.Error(ErrorCode.NotFound, () => net.GetProfile());
                net.SetProfiling(true);
                Zeros(net);
                Expect.Contains("traceEvents", net.GetProfile("trace"));
                Expect.Contains("there are: data", Expect.Error(ErrorCode.NotFound, () => GC.KeepAlive(net.Inputs["date"])).Message);
                Expect.True(net.Statistics.Runs == 1 && net.Statistics.LastRunTime > TimeSpan.Zero, "statistics");
            }
        }

        public static void TrimGivesBackAndRunsAgain()
        {
            using (var net = new Network(Program.Digits))
            {
                float[] wanted = Zeros(net);
                Expect.True(net.Statistics.Programs == 1 && net.Statistics.ArenaBytes > 0, "compiled");
                net.Trim();
                Expect.Equal(0L, net.Statistics.ArenaBytes);
                Expect.Sequence(wanted, Zeros(net));
            }
        }

        private static Network Endless()
        {
            var net = new Network(Count);
            net.Inputs["times"].Set(new[] { 1000000000000L });
            net.Inputs["start"].Set(new[] { 0f });
            return net;
        }

        private static float[] Zeros(Network net)
        {
            net.Inputs["data"].Set(new float[64], 1, 1, 8, 8);
            net.Run();
            return net.Outputs["prob"].ToArray<float>();
        }
    }
}
