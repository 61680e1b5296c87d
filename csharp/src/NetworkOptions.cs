using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace Lite
{
    /// <summary>How to load and run a model. Everything has a default.</summary>
    public sealed class NetworkOptions
    {
        /// <summary>The most threads a run uses, 1 unless set; 0: as many as the process has. Results do not depend on it.</summary>
        public int Threads { get; set; } = 1;

        /// <summary>The kind of device.</summary>
        public DeviceType Device { get; set; } = DeviceType.Cpu;

        /// <summary>Which device of its kind; -1: the default one.</summary>
        public int DeviceId { get; set; } = -1;

        /// <summary>Options by name, as <see cref="LiteLibrary.Options"/> lists them; set before the model is loaded.</summary>
        public IDictionary<string, string> Settings { get; } = new Dictionary<string, string>();

        /// <summary>"onnx", "mge" or "paddle"; null: recognised.</summary>
        [AllowNull]
        [MaybeNull]
        public string Format { get; set; }

        /// <summary>Where files that the model refers to lie; null: in the model's own folder.</summary>
        [AllowNull]
        [MaybeNull]
        public string BaseDirectory { get; set; }

        /// <summary>What opens an encrypted model, instead of the key that <see cref="LiteLibrary.SetDecryptionKey"/> has set; null: that one.</summary>
        [AllowNull]
        [MaybeNull]
        public byte[] Key { get; set; }

        /// <summary>A bound for bytes of constants that cannot be used in place; 0: the library's own.</summary>
        public ulong MaxBytes { get; set; }

        /// <summary>A bound for the number of nodes; 0: the library's own.</summary>
        public ulong MaxNodes { get; set; }
    }
}
