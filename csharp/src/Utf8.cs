using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;

namespace Lite
{
    internal static class Utf8
    {
        /// <summary>With the NUL at its end.</summary>
        internal static byte[] Bytes(string text)
        {
            if (text == null)
            {
                throw new ArgumentNullException(nameof(text));
            }

            if (text.IndexOf('\0') >= 0)
            {
                throw new ArgumentException("the text has a NUL in it", nameof(text));
            }

            var bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
            Encoding.UTF8.GetBytes(text, 0, text.Length, bytes, 0);
            return bytes;
        }

        internal static string Read(IntPtr text)
        {
            if (text == IntPtr.Zero)
            {
                return "";
            }

            int length = 0;
            while (Marshal.ReadByte(text, length) != 0)
            {
                ++length;
            }

            return Read(text, length);
        }

        internal static string Read(IntPtr text, int length)
        {
            var bytes = new byte[length];
            if (length > 0)
            {
                Marshal.Copy(text, bytes, 0, length);
            }

            return Encoding.UTF8.GetString(bytes);
        }
    }

    /// <summary>Native copies of texts, for the members of structs; freed together.</summary>
    internal sealed class NativeTexts : IDisposable
    {
        private readonly List<IntPtr> _texts = new List<IntPtr>();

        internal IntPtr Add(string text)
        {
            if (text == null)
            {
                return IntPtr.Zero;
            }

            byte[] bytes = Utf8.Bytes(text);
            IntPtr copy = Marshal.AllocHGlobal(bytes.Length);
            _texts.Add(copy);
            Marshal.Copy(bytes, 0, copy, bytes.Length);
            return copy;
        }

        public void Dispose()
        {
            foreach (IntPtr text in _texts)
            {
                Marshal.FreeHGlobal(text);
            }

            _texts.Clear();
        }
    }
}
