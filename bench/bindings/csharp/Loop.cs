// usage: Loop MODEL   The median time of one run of a tiny model, in nanoseconds.
using System;
using System.Diagnostics;
using Lite;

internal static class Program
{
    private const int Runs = 200000;

    private static void Main(string[] args)
    {
        using (var net = new Network(args[0]))
        {
            net.Inputs["x"].Set(new float[4], 1, 4);
            var times = new long[Runs];
            for (int warm = 0; warm < 2; ++warm)
            {
                for (int i = 0; i < Runs; ++i)
                {
                    long begin = Stopwatch.GetTimestamp();
                    net.Run();
                    times[i] = Stopwatch.GetTimestamp() - begin;
                }
            }

            Array.Sort(times);
            Console.WriteLine(times[Runs / 2] * 1000000000 / Stopwatch.Frequency);
        }
    }
}
