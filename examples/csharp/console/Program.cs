// usage: Classify MODEL SCAN.pgm...
//
// Says which digit each scan shows.
using System;
using System.IO;
using System.Linq;
using Lite;

internal static class Program
{
    private static int Main(string[] args)
    {
        if (args.Length < 2)
        {
            Console.Error.WriteLine("usage: Classify MODEL SCAN.pgm...");
            return 2;
        }

        try
        {
            using (var net = new Network(args[0]))
            {
                foreach (string scan in args.Skip(1))
                {
                    net.Inputs["data"].Set(ReadPgm(scan), 1, 1, 8, 8);
                    net.Run();
                    float[] prob = net.Outputs["prob"].ToArray<float>();
                    float best = prob.Max();
                    Console.WriteLine("{0} {1:F1} % {2}", Array.IndexOf(prob, best), 100 * best, scan);
                }
            }

            return 0;
        }
        catch (Exception e) when (e is LiteException || e is LiteLibraryException || e is IOException || e is FormatException)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    // The text form of PGM: "P2", width, height, the value of white, the values.
    private static float[] ReadPgm(string path)
    {
        string[] words = File.ReadAllText(path).Split((char[])null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 4 + 64 || words[0] != "P2")
        {
            throw new FormatException(path + " is not a PGM of 8 x 8 in text");
        }

        return words.Skip(4).Select(w => int.Parse(w) / 255f).ToArray();
    }
}
