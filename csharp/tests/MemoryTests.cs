using System;
using System.IO;
using System.Runtime.CompilerServices;

namespace Lite.Tests
{
    /// <summary>Networks that nobody closes.</summary>
    internal static class MemoryTests
    {
        private static int Cycles
        {
            get { return int.Parse(Environment.GetEnvironmentVariable("LITE_CYCLES") ?? "3000"); }
        }

        public static void NetworksThatNobodyClosesGo()
        {
            long half = 0;
            long mostWeights = 0;
            for (int i = 0; i < Cycles; ++i)
            {
                Cycle(i);
                mostWeights = Math.Max(mostWeights, LiteLibrary.Statistics.WeightBytes);
                if (i == Cycles / 2)
                {
                    half = Resident();
                }
            }

            long grown = Resident() - half;
            Expect.True(grown < 64 << 20, grown + " bytes more in the second half of " + Cycles + " networks");
            Expect.True(mostWeights < 200 * new FileInfo(Program.Digits).Length, "weights of many networks at once: " + mostWeights);
            Settle();
            Expect.Equal(0L, LiteLibrary.Statistics.WeightBytes);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void Cycle(int i)
        {
            var net = new Network(Program.Digits);
            net.Inputs[0].Set(new float[64], 1, 1, 8, 8);
            if (i % 7 == 0)
            {
                net.RunAsync().GetAwaiter().GetResult();
            }
            else
            {
                net.Run();
            }

            Expect.Equal(10, net.Outputs[0].View<float>().Length);
        }

        private static void Settle()
        {
            for (int i = 0; i < 4; ++i)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }

        private static long Resident()
        {
            if (!File.Exists("/proc/self/statm"))
            {
                throw new SkipException("/proc/self/statm tells how much memory is used");
            }

            return long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1]) * Environment.SystemPageSize;
        }
    }
}
