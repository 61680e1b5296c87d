using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;

namespace Lite.Tests
{
    /// <summary>Runs every public static method of the classes named in <see cref="Main"/>; the last line counts.</summary>
    internal static class Program
    {
        private static readonly Type[] Classes =
        {
            typeof(ScenarioTests), typeof(NetworkTests), typeof(TensorTests), typeof(ValueTests), typeof(OperatorTests), typeof(LibraryTests), typeof(MemoryTests),
        };

        /// <summary>The folder that tests/, examples/ and the like are in.</summary>
        internal static string Root { get; private set; }

        internal static string Digits
        {
            get { return Path.Combine(Root, "examples/data/digits.onnx"); }
        }

        internal static string Scenario
        {
            get { return Path.Combine(Root, "tests/conformance/scenario"); }
        }

        private static int Main(string[] args)
        {
            if (args.Length > 0 && args[0] == "child")
            {
                return LibraryTests.Child(args.Skip(1).ToArray());
            }

            Root = FindRoot();
            string filter = args.Length == 1 ? args[0] : "";
            int passed = 0, failed = 0, skipped = 0;
            foreach (KeyValuePair<string, Action> test in Tests().Where(t => t.Key.Contains(filter)))
            {
                try
                {
                    test.Value();
                    ++passed;
                }
                catch (SkipException e)
                {
                    ++skipped;
                    Console.WriteLine("skipped  " + test.Key + ": " + e.Message);
                }
                catch (Exception e)
                {
                    ++failed;
                    Console.WriteLine("FAILED   " + test.Key + "\n" + e);
                }
            }

            Console.WriteLine("{0} passed, {1} failed, {2} skipped", passed, failed, skipped);
            return failed == 0 && passed > 0 ? 0 : 1;
        }

        private static IEnumerable<KeyValuePair<string, Action>> Tests()
        {
            foreach (KeyValuePair<string, Action> test in ScenarioTests.Cases())
            {
                yield return test;
            }

            foreach (Type type in Classes)
            {
                foreach (MethodInfo method in type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
                {
                    if (method.ReturnType == typeof(Task))
                    {
                        var start = (Func<Task>)method.CreateDelegate(typeof(Func<Task>));
                        yield return new KeyValuePair<string, Action>(type.Name + "." + method.Name, () => start().GetAwaiter().GetResult());
                    }
                    else if (method.ReturnType == typeof(void) && method.GetParameters().Length == 0)
                    {
                        yield return new KeyValuePair<string, Action>(
                            type.Name + "." + method.Name, (Action)method.CreateDelegate(typeof(Action)));
                    }
                }
            }
        }

        private static string FindRoot()
        {
            string folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "examples/data/digits.onnx")))
            {
                folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("run this inside the source tree");
            }

            return folder;
        }

        /// <summary>Starts this program, or the copy of it in a folder, and gives back what it wrote.</summary>
        internal static string Again(string program, string workingDirectory, IDictionary<string, string> environment, params string[] args)
        {
            string host = Process.GetCurrentProcess().MainModule.FileName;
            string name = Path.GetFileNameWithoutExtension(host);
            string first = "child";
            if (name.StartsWith("mono", StringComparison.Ordinal) || name == "dotnet")
            {
                first = "\"" + Path.Combine(program, Path.GetFileName(typeof(Program).Assembly.Location)) + "\" child";
            }
            else
            {
                host = Path.Combine(program, Path.GetFileName(host));
            }

            var start = new ProcessStartInfo(host, first + string.Concat(args.Select(a => " \"" + a + "\"")))
            {
                WorkingDirectory = workingDirectory, UseShellExecute = false, RedirectStandardOutput = true,
            };
            foreach (KeyValuePair<string, string> variable in environment)
            {
                start.EnvironmentVariables.Remove(variable.Key);
                if (variable.Value != null)
                {
                    start.EnvironmentVariables[variable.Key] = variable.Value;
                }
            }

            using (Process child = Process.Start(start))
            {
                string output = child.StandardOutput.ReadToEnd();
                child.WaitForExit();
                Expect.Equal(0, child.ExitCode);
                return output;
            }
        }
    }

    internal sealed class SkipException : Exception
    {
        internal SkipException(string why)
            : base(why)
        {
        }
    }

    internal static class Expect
    {
        internal static void True(bool condition, string what)
        {
            if (!condition)
            {
                throw new InvalidOperationException(what);
            }
        }

        internal static void Equal<T>(T wanted, T got)
        {
            True(EqualityComparer<T>.Default.Equals(wanted, got), "wanted " + wanted + ", got " + got);
        }

        internal static void Sequence<T>(IEnumerable<T> wanted, IEnumerable<T> got)
        {
            True(wanted.SequenceEqual(got), "wanted " + string.Join(", ", wanted) + ", got " + string.Join(", ", got));
        }

        internal static void Contains(string part, string text)
        {
            True(text.Contains(part), "'" + part + "' is not in: " + text);
        }

        internal static T Throws<T>(Action action)
            where T : Exception
        {
            try
            {
                action();
            }
            catch (T e)
            {
                return e;
            }

            throw new InvalidOperationException("no " + typeof(T).Name + " was thrown");
        }

        internal static LiteException Error(ErrorCode code, Action action)
        {
            LiteException e = Throws<LiteException>(action);
            Equal(code, e.Code);
            return e;
        }
    }
}
