using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

namespace Lite
{
    /// <summary>The native library: which one, its log, and what all networks of the process share.</summary>
    /// <remarks>
    /// It is opened at the first use of anything here. Looked for in this order: what <see cref="Open"/> named; the environment variable
    /// LITE_LIBRARY, the full path of the file; the package's own, in runtimes/RID/native beside the assembly or beside the program, or in
    /// these folders themselves; the system's, by its name. Except for the last, files are opened by their full paths.
    /// </remarks>
    public static class LiteLibrary
    {
        internal const int RequiredMajor = 1;
        internal const int RequiredMinor = 0;

        private static readonly object Lock = new object();

        // Native code calls it for as long as it is set in the library, so it is never collected.
        private static readonly LogCallback LogDelegate = OnLog;
        private static volatile Native _native;
        private static string _path = "";
        private static volatile Action<LogLevel, string> _log;

        /// <summary>The file that was opened: a full path, or the name under which the system has it.</summary>
        public static string Path
        {
            get
            {
                GC.KeepAlive(Native);
                return _path;
            }
        }

        /// <summary>The library's version.</summary>
        public static Version Version
        {
            get
            {
                Native.Check(Native.GetVersion(out int major, out int minor, out int patch));
                return new Version(major, minor, patch);
            }
        }

        /// <summary>What the library was built from and what it found on this machine: lines of "key: value".</summary>
        public static string BuildInfo
        {
            get { return Utf8.Read(Native.GetBuildInfo()); }
        }

        /// <summary>The operators that models may have, as JSON; the C header says which members there are.</summary>
        public static string Operators
        {
            get
            {
                Native.Check(Native.GetOperators(out IntPtr json));
                return Native.TakeText(json);
            }
        }

        /// <summary>How many threads the process-wide pool has, the calling one included; 0 sets the default again.</summary>
        public static int Threads
        {
            get
            {
                Native.Check(Native.GetProcessThreads(out UIntPtr threads));
                return (int)threads;
            }

            set
            {
                Native.Check(Native.SetProcessThreads((UIntPtr)Tensor.NotNegative(value, nameof(value))));
            }
        }

        /// <summary>From which level on messages are logged.</summary>
        public static LogLevel LogLevel
        {
            get
            {
                Native.Check(Native.GetLogLevel(out int level));
                return (LogLevel)level;
            }

            set
            {
                Native.Check(Native.SetLogLevel((int)value));
            }
        }

        /// <summary>What all networks of the process cost together.</summary>
        public static Statistics Statistics
        {
            get
            {
                var s = new LiteStatistics { StructSize = (uint)Marshal.SizeOf<LiteStatistics>() };
                Native.Check(Native.GetProcessStatistics(ref s));
                return new Statistics(s);
            }
        }

        /// <summary>Every option, of networks and of the process.</summary>
        public static IReadOnlyList<OptionInfo> Options
        {
            get
            {
                Native.Check(Native.GetOptionCount(out UIntPtr count));
                var options = new OptionInfo[(int)count];
                for (int i = 0; i < options.Length; ++i)
                {
                    var info = new LiteOptionInfo { StructSize = (uint)Marshal.SizeOf<LiteOptionInfo>() };
                    Native.Check(Native.GetOptionInfo((UIntPtr)i, ref info));
                    options[i] = new OptionInfo(info);
                }

                return options;
            }
        }

        internal static Native Native
        {
            get { return _native ?? Load(null); }
        }

        /// <summary>Opens the library. Wanted only to name the file, before anything else here is used.</summary>
        /// <param name="path">The file; null: looked for as the class says.</param>
        /// <exception cref="LiteLibraryException">It was not found, or is of a version that does not fit.</exception>
        /// <exception cref="InvalidOperationException">Another file is open already.</exception>
        public static void Open([AllowNull] string path = null)
        {
            Load(path);
        }

        /// <summary>Sets an option of the process.</summary>
        /// <param name="key">One of <see cref="Options"/>.</param>
        /// <param name="value">Its value as text.</param>
        public static void SetOption(string key, string value)
        {
            Native.Check(Native.SetGlobalOption(IntPtr.Zero, Utf8.Bytes(key), Utf8.Bytes(value)));
        }

        /// <summary>Gets an option of the process.</summary>
        /// <param name="key">One of <see cref="Options"/>.</param>
        /// <returns>Its value as text.</returns>
        public static string GetOption(string key)
        {
            Native.Check(Native.GetGlobalOption(IntPtr.Zero, Utf8.Bytes(key), out IntPtr value));
            return Utf8.Read(value);
        }

        /// <summary>Sends log messages to a function instead of standard error.</summary>
        /// <param name="log">Called from any thread, one call at a time; it must not use this library. Null: standard error again.</param>
        public static void SetLog([AllowNull] Action<LogLevel, string> log)
        {
            lock (Lock)
            {
                _log = log;
                Native.Check(Native.SetLogCallback(log == null ? null : LogDelegate, IntPtr.Zero));
            }
        }

        /// <summary>Sets the process's key of a decryption method, for all models that are loaded from now on.</summary>
        /// <param name="method">Such as "AES_256_GCM".</param>
        /// <param name="key">The key; copied, and the copy is wiped when another one is set.</param>
        /// <exception cref="LiteException">There is no such method, or the key is not as long as it wants.</exception>
        public static void SetDecryptionKey(string method, byte[] key)
        {
            if (key == null)
            {
                throw new ArgumentNullException(nameof(key));
            }

            Native.Check(Native.UpdateDecryption(Utf8.Bytes(method), IntPtr.Zero, key, (UIntPtr)key.Length));
        }

        /// <summary>Counts the devices of a kind.</summary>
        /// <param name="type">The kind.</param>
        /// <returns>How many can be used now.</returns>
        public static int DeviceCount(DeviceType type)
        {
            Native.Check(Native.GetDeviceCount((int)type, out UIntPtr count));
            return (int)count;
        }

        /// <summary>Gives unused memory of all caches, pools and idle networks back to the system.</summary>
        public static void Trim()
        {
            Native.Check(Native.CoalesceFreeMemory());
        }

        /// <summary>The files that would be tried, in order.</summary>
        /// <returns>Full paths, and last the name under which the system is asked.</returns>
        internal static IReadOnlyList<string> Candidates()
        {
            string variable = Environment.GetEnvironmentVariable("LITE_LIBRARY");
            if (!string.IsNullOrEmpty(variable))
            {
                return new[] { System.IO.Path.GetFullPath(variable) };
            }

            string file = FileName(out string system);
            var files = new List<string>();
            foreach (string folder in Folders())
            {
                files.Add(System.IO.Path.Combine(folder, "runtimes", Rid(), "native", file));
                files.Add(System.IO.Path.Combine(folder, file));
            }

            if (system != null)
            {
                files.Add(system);
            }

            return files;
        }

        // The program's folder, and the assembly's where that is another one.
        private static IEnumerable<string> Folders()
        {
            string program = AppContext.BaseDirectory;
            yield return program;
            string location = AssemblyFile();
            string assembly = location.Length == 0 ? program : System.IO.Path.GetDirectoryName(location);
            if (assembly.TrimEnd(System.IO.Path.DirectorySeparatorChar) != program.TrimEnd(System.IO.Path.DirectorySeparatorChar))
            {
                yield return assembly;
            }
        }

#if NET5_0_OR_GREATER
        [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "An assembly in a single file has no file of its own: this is empty then.")]
#endif
        private static string AssemblyFile()
        {
            return typeof(LiteLibrary).Assembly.Location;
        }

        private static string FileName(out string system)
        {
            if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
            {
                // No DLL of Windows' own, so there is no place of the system to look in.
                system = null;
                return "lite.dll";
            }

            system = RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "liblite.1.dylib" : "liblite.so.1";
            return system;
        }

        private static string Rid()
        {
            string system = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "win"
                : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "osx"
                : File.Exists("/lib/ld-musl-x86_64.so.1") || File.Exists("/lib/ld-musl-aarch64.so.1") ? "linux-musl"
                : "linux";
            switch (RuntimeInformation.ProcessArchitecture)
            {
                case Architecture.X64: return system + "-x64";
                case Architecture.X86: return system + "-x86";
                case Architecture.Arm64: return system + "-arm64";
                default: return system + "-arm";
            }
        }

        private static Native Load(string path)
        {
            lock (Lock)
            {
                if (_native != null)
                {
                    if (path != null && System.IO.Path.GetFullPath(path) != _path)
                    {
                        throw new InvalidOperationException("the library is open already, from " + _path);
                    }

                    return _native;
                }

                IReadOnlyList<string> files = path != null ? new[] { System.IO.Path.GetFullPath(path) } : Candidates();
                var report = new StringBuilder();
                foreach (string file in files)
                {
                    IntPtr library = DynamicLibrary.Open(file, out string error);
                    if (library == IntPtr.Zero)
                    {
                        report.Append("\n  ").Append(file).Append(": ").Append(error);
                        continue;
                    }

                    try
                    {
                        var native = new Native(library, file);
                        _path = file;
                        _native = native;
                        return native;
                    }
                    catch
                    {
                        DynamicLibrary.Close(library);
                        throw;
                    }
                }

                throw new LiteLibraryException(
                    "the Lite library was not found; set LITE_LIBRARY to its path, or call LiteLibrary.Open. Tried:" + report, files);
            }
        }

        [MonoPInvokeCallback(typeof(LogCallback))]
        private static void OnLog(int level, IntPtr message, IntPtr userData)
        {
            try
            {
                _log?.Invoke((LogLevel)level, Utf8.Read(message));
            }
            catch (Exception)
            {
                // Nothing may unwind into the library, and there is nobody to tell.
            }
        }
    }
}
