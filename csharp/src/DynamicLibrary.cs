using System;
using System.Runtime.InteropServices;

namespace Lite
{
    /// <summary>Opens a library by its full path, or by a bare name that the system's loader looks up; never in the current directory.</summary>
    internal static class DynamicLibrary
    {
#if NETCOREAPP3_0_OR_GREATER
        internal static IntPtr Open(string path, out string error)
        {
            error = "";
            try
            {
                return NativeLibrary.Load(path);
            }
            catch (Exception e) when (e is DllNotFoundException || e is BadImageFormatException)
            {
                error = e.Message.Split('\n')[0].Trim();
                return IntPtr.Zero;
            }
        }

        internal static IntPtr Find(IntPtr library, string name)
        {
            return NativeLibrary.TryGetExport(library, name, out IntPtr address) ? address : IntPtr.Zero;
        }

        internal static void Close(IntPtr library)
        {
            NativeLibrary.Free(library);
        }
#else
        // RTLD_NOW, and local: its symbols serve nobody else.
        private const int Now = 2;

        internal static IntPtr Open(string path, out string error)
        {
            error = "";
            IntPtr library;
            if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
            {
                // With LOAD_WITH_ALTERED_SEARCH_PATH a full path's own folder is where its dependencies are looked for.
                library = LoadLibraryExW(path, IntPtr.Zero, path.IndexOf('\\') >= 0 ? 8u : 0x1000u);
                if (library == IntPtr.Zero)
                {
                    error = "error " + Marshal.GetLastWin32Error();
                }
            }
            else if (RuntimeInformation.IsOSPlatform(OSPlatform.OSX))
            {
                library = MacOpen(Utf8.Bytes(path), Now);
                if (library == IntPtr.Zero)
                {
                    error = Utf8.Read(MacError());
                }
            }
            else
            {
                library = LinuxOpen(Utf8.Bytes(path), Now);
                if (library == IntPtr.Zero)
                {
                    error = Utf8.Read(LinuxError());
                }
            }

            return library;
        }

        internal static IntPtr Find(IntPtr library, string name)
        {
            return RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? GetProcAddress(library, Utf8.Bytes(name))
                : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? MacFind(library, Utf8.Bytes(name))
                : LinuxFind(library, Utf8.Bytes(name));
        }

        internal static void Close(IntPtr library)
        {
            if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
            {
                FreeLibrary(library);
            }
            else if (RuntimeInformation.IsOSPlatform(OSPlatform.OSX))
            {
                MacClose(library);
            }
            else
            {
                LinuxClose(library);
            }
        }

        [DllImport("kernel32", SetLastError = true, CharSet = CharSet.Unicode, ExactSpelling = true)]
        private static extern IntPtr LoadLibraryExW(string path, IntPtr reserved, uint flags);

        [DllImport("kernel32", ExactSpelling = true)]
        private static extern IntPtr GetProcAddress(IntPtr library, byte[] name);

        [DllImport("kernel32", ExactSpelling = true)]
        private static extern int FreeLibrary(IntPtr library);

        [DllImport("libdl.so.2", EntryPoint = "dlopen")]
        private static extern IntPtr LinuxOpen(byte[] path, int flags);

        [DllImport("libdl.so.2", EntryPoint = "dlsym")]
        private static extern IntPtr LinuxFind(IntPtr library, byte[] name);

        [DllImport("libdl.so.2", EntryPoint = "dlerror")]
        private static extern IntPtr LinuxError();

        [DllImport("libdl.so.2", EntryPoint = "dlclose")]
        private static extern int LinuxClose(IntPtr library);

        [DllImport("/usr/lib/libSystem.dylib", EntryPoint = "dlopen")]
        private static extern IntPtr MacOpen(byte[] path, int flags);

        [DllImport("/usr/lib/libSystem.dylib", EntryPoint = "dlsym")]
        private static extern IntPtr MacFind(IntPtr library, byte[] name);

        [DllImport("/usr/lib/libSystem.dylib", EntryPoint = "dlerror")]
        private static extern IntPtr MacError();

        [DllImport("/usr/lib/libSystem.dylib", EntryPoint = "dlclose")]
        private static extern int MacClose(IntPtr library);
#endif
    }
}
