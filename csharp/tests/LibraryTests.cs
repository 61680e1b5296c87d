using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Lite.Tests
{
    /// <summary>Finding the library, and what is the process's. What concerns loading happens in a process of its own.</summary>
    internal static class LibraryTests
    {
        // A folder with layout.txt, decoy/liblite.so.1 and other/liblite.so.1, made of native/ beside this file, and runtimes/.
        private static string Fixtures
        {
            get
            {
                string folder = Environment.GetEnvironmentVariable("LITE_TEST_NATIVE");
                return folder ?? throw new SkipException("scripts/suites/csharp makes what this needs");
            }
        }

        public static void VersionsAndTexts()
        {
            Expect.Equal(1, LiteLibrary.Version.Major);
            Expect.Contains("version", LiteLibrary.BuildInfo);
            Expect.Contains("\"Conv\"", LiteLibrary.Operators);
            Expect.True(Path.IsPathRooted(LiteLibrary.Path), LiteLibrary.Path);
            OptionInfo threads = LiteLibrary.Options.Single(o => o.Key == "threads" && !o.IsProcess);
            Expect.Equal("int", threads.Type);
            Expect.Equal("1", threads.DefaultValue);
            Expect.Throws<InvalidOperationException>(() => LiteLibrary.Open("/another/liblite.so"));
            LiteLibrary.Open(LiteLibrary.Path);
        }

        public static void ThreadsOfTheProcess()
        {
            int before = LiteLibrary.Threads;
            LiteLibrary.Threads = 3;
            Expect.Equal(3, LiteLibrary.Threads);
            LiteLibrary.Threads = 0;
            Expect.Equal(before, LiteLibrary.Threads);
            Expect.Throws<ArgumentOutOfRangeException>(() => LiteLibrary.Threads = -1);
            LiteLibrary.Trim();
        }

        public static void OptionsOfTheProcess()
        {
            OptionInfo option = LiteLibrary.Options.First(o => o.IsProcess);
            LiteLibrary.SetOption(option.Key, LiteLibrary.GetOption(option.Key));
            Expect.Error(ErrorCode.InvalidArgument, () => LiteLibrary.SetOption("colour", "red"));
        }

        public static void LogGoesToTheCallback()
        {
            var lines = new List<string>();
            LogLevel before = LiteLibrary.LogLevel;
            LiteLibrary.LogLevel = LogLevel.Info;
            LiteLibrary.SetLog((level, text) => lines.Add(level + ": " + text));
            GC.Collect();
            new Network(Program.Digits).Dispose();
            LiteLibrary.SetLog((level, text) => throw new InvalidOperationException("callbacks' exceptions stay in"));
            new Network(Program.Digits).Dispose();
            LiteLibrary.LogLevel = before;
            LiteLibrary.SetLog(null);
            new Network(Program.Digits).Dispose();
            Expect.Contains("a model is loaded", lines.Single(l => l.StartsWith("Info: ", StringComparison.Ordinal)));
        }

        public static void StructsAreThoseOfC()
        {
            string file = Path.Combine(Fixtures, "layout.txt");
            Assembly lite = typeof(Network).Assembly;
            int structs = 0;
            foreach (string line in File.ReadAllLines(file))
            {
                string[] words = line.Split(' ');
                Type type = lite.GetType("Lite." + words[0], true);
                FieldInfo[] fields = type.GetFields(BindingFlags.Public | BindingFlags.Instance).OrderBy(f => f.MetadataToken).ToArray();
                IEnumerable<int> got = new[] { Marshal.SizeOf(type) }.Concat(fields.Select(f => (int)Marshal.OffsetOf(type, f.Name)));
                Expect.Sequence(words.Skip(1).Select(int.Parse), got);
                ++structs;
            }

            Expect.True(structs >= 7, "all of them are checked");
        }

        public static void AMissingLibraryIsSaidWithWhatWasTried()
        {
            string text = Started("/nowhere/liblite.so.1");
            Expect.Contains("LiteLibraryException", text);
            Expect.Contains("/nowhere/liblite.so.1: ", text);
            Expect.Contains("LITE_LIBRARY", text);

            text = Started(null);
            Expect.Contains("runtimes/" + Rid() + "/native/", text);
            Expect.Contains("\n  liblite.so.1: ", text);

            text = Started(LiteLibrary.Path, "/nowhere/explicit.so");
            Expect.Contains("/nowhere/explicit.so: ", text);
            Expect.True(!text.Contains(LiteLibrary.Path), "an explicit path is the only one that is tried");
        }

        public static void ALibraryOfAnotherVersionIsRefused()
        {
            string other = Path.Combine(Fixtures, "other/liblite.so.1");
            string text = Started(other);
            Expect.Contains("LiteLibraryException", text);
            Expect.Contains(other, text);
            Expect.Contains("2.7.0", text);
            Expect.Contains("1.0", text);

            // Not Lite at all.
            string decoy = Path.Combine(Fixtures, "decoy/liblite.so.1");
            Expect.Contains(decoy + " is not liblite", Started(decoy));
        }

        public static void TheOrderIsPathVariablePackageSystem()
        {
            string real = LiteLibrary.Path;
            string decoys = Path.Combine(Fixtures, "decoy");
            string decoy = Path.Combine(decoys, "liblite.so.1");
            Expect.Equal("path " + real + "\n", Started(decoy, real));
            Expect.Equal("path " + real + "\n", Started(real));

            // As a package is installed: runtimes/ beside the program. The decoy lies in the current directory and on the loader's path.
            string program = Path.Combine(Path.GetTempPath(), "lite-package-" + Guid.NewGuid().ToString("N"));
            string native = Path.Combine(program, "runtimes", Rid(), "native");
            try
            {
                Directory.CreateDirectory(native);
                foreach (string file in Directory.GetFiles(AppContext.BaseDirectory))
                {
                    File.Copy(file, Path.Combine(program, Path.GetFileName(file)));
                }

                // As csharp/stage lays it out.
                string packaged = Path.Combine(native, "liblite.so.1");
                foreach (string file in Directory.GetFiles(Path.Combine(Fixtures, "runtimes", Rid(), "native")))
                {
                    File.Copy(file, Path.Combine(native, Path.GetFileName(file)));
                }

                Expect.Equal("path " + packaged + "\n", Program.Again(program, decoys, Environments(null, decoys)));
                string pictures = Path.Combine(Program.Root, "tests/data/images");
                Expect.Equal("picture 5,7,3\n", Program.Again(program, decoys, Environments(null, decoys), "picture", pictures));
                File.Delete(packaged);
                Expect.Contains("liblite.so.1 is not liblite", Program.Again(program, decoys, Environments(null, decoys)));
            }
            finally
            {
                Directory.Delete(program, true);
            }
        }

        /// <summary>What the processes do that the tests start: open the library, and say which it was.</summary>
        internal static int Child(string[] args)
        {
            try
            {
                if (args.Length > 1)
                {
                    Console.Write("picture " + string.Join(",", Decoded(args[1])) + "\n");
                    return 0;
                }

                if (args.Length > 0)
                {
                    LiteLibrary.Open(args[0]);
                }

                Console.Write("path " + LiteLibrary.Path + "\n");
                foreach (string line in File.ReadAllLines("/proc/self/maps").Where(l => l.Contains("/decoy/")).Take(1))
                {
                    Console.Write("decoy " + line + "\n");
                }
            }
            catch (LiteLibraryException e)
            {
                Console.Write(e.GetType().Name + ": " + e.Message + "\n");
            }

            return 0;
        }

        // With the add-on, which lies beside the library.
        private static long[] Decoded(string pictures)
        {
            byte[] png = File.ReadAllBytes(Path.Combine(pictures, "rgb.png"));
            using (var net = new Network(Path.Combine(pictures, "decoder.onnx")))
            {
                net.Inputs["x"].Set(png, png.Length);
                net.Run();
                return net.Outputs["y"].Shape;
            }
        }

        private static string Started(string variable, params string[] args)
        {
            return Program.Again(AppContext.BaseDirectory, Path.Combine(Fixtures, "decoy"), Environments(variable, null), args);
        }

        private static Dictionary<string, string> Environments(string variable, string path)
        {
            return new Dictionary<string, string> { { "LITE_LIBRARY", variable }, { "LD_LIBRARY_PATH", path } };
        }

        private static string Rid()
        {
            return RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64";
        }
    }
}
