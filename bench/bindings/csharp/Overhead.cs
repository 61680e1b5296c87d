// What a run of a small network costs from C#: write the input, run, read the output.
//
// usage: Overhead MODEL RUNS, prints nanoseconds per run
using System;
using System.Diagnostics;
using System.Globalization;
using Lite;

internal static class Program
{
    private static void Main(string[] args)
    {
        int runs = int.Parse(args[1], CultureInfo.InvariantCulture);
        using (var net = new Network(args[0]))
        {
            // Arrays that the library reads and writes in place.
            var x = new float[4];
            var prob = new float[3];
            net.Inputs["x"].Use<float>(x, 1, 4);
            net.Outputs["prob"].Use<float>(prob, 1, 3);
            Run(net, x, prob, runs / 2);
            long begin = Stopwatch.GetTimestamp();
            if (!(Run(net, x, prob, runs) > 0))
            {
                throw new InvalidOperationException("nothing was computed");
            }

            double ticks = Stopwatch.GetTimestamp() - begin;
            Console.WriteLine((ticks * 1e9 / Stopwatch.Frequency / runs).ToString("F1", CultureInfo.InvariantCulture));
        }
    }

    private static double Run(Network net, float[] x, float[] prob, int runs)
    {
        double total = 0;
        for (int i = 0; i < runs; ++i)
        {
            x[0] = i & 7;
            net.Run();
            total += prob[0];
        }

        return total;
    }
}
