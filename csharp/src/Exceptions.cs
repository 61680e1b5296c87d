using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace Lite
{
    /// <summary>A call of the library failed.</summary>
    /// <remarks>
    /// Use of what is disposed is an <see cref="ObjectDisposedException"/>, a run that a token cancelled an
    /// <see cref="OperationCanceledException"/>, and a library that cannot be used a <see cref="LiteLibraryException"/>.
    /// </remarks>
    public class LiteException : Exception
    {
        private static readonly UnsupportedNode[] None = new UnsupportedNode[0];

        /// <summary>Makes an exception.</summary>
        /// <param name="code">Why.</param>
        /// <param name="message">In words.</param>
        /// <param name="codeName">The code's name in C.</param>
        public LiteException(ErrorCode code, [AllowNull] string message, string codeName = "")
            : base(string.IsNullOrEmpty(message) ? codeName : message)
        {
            Code = code;
            CodeName = codeName;
            UnsupportedNodes = None;
        }

        /// <summary>Why.</summary>
        public ErrorCode Code { get; }

        /// <summary>The code's name in C, such as "LITE_NOT_FOUND".</summary>
        public string CodeName { get; }

        /// <summary>For a model that was refused with <see cref="ErrorCode.Unsupported"/>: every node that cannot run.</summary>
        public IReadOnlyList<UnsupportedNode> UnsupportedNodes { get; internal set; }
    }

    /// <summary>The native library was not found, or is not one that this package can use.</summary>
    public class LiteLibraryException : DllNotFoundException
    {
        /// <summary>Makes an exception.</summary>
        /// <param name="message">What happened.</param>
        /// <param name="tried">The files that were tried.</param>
        public LiteLibraryException(string message, IReadOnlyList<string> tried)
            : base(message)
        {
            Tried = tried;
        }

        /// <summary>The files that were tried, in order.</summary>
        public IReadOnlyList<string> Tried { get; }
    }

    /// <summary>A node that this library cannot run, and why.</summary>
    public sealed class UnsupportedNode
    {
        internal UnsupportedNode(LiteUnsupportedNode n)
        {
            Name = Utf8.Read(n.Name);
            OpType = Utf8.Read(n.OpType);
            Domain = Utf8.Read(n.Domain);
            Opset = n.Opset;
            Types = Utf8.Read(n.Types);
            Reason = Utf8.Read(n.Reason);
            Suggestion = Utf8.Read(n.Suggestion);
        }

        /// <summary>The node's name; may be empty.</summary>
        public string Name { get; }

        /// <summary>The operator.</summary>
        public string OpType { get; }

        /// <summary>The operator's domain, "" for ONNX's own.</summary>
        public string Domain { get; }

        /// <summary>The version of the domain's operator set that the model declares.</summary>
        public int Opset { get; }

        /// <summary>The element types of the inputs.</summary>
        public string Types { get; }

        /// <summary>Why it cannot run.</summary>
        public string Reason { get; }

        /// <summary>The nearest thing that works; may be empty.</summary>
        public string Suggestion { get; }

        /// <summary>The operator, the node and the reason.</summary>
        /// <returns>One line.</returns>
        public override string ToString()
        {
            return OpType + " '" + Name + "': " + Reason;
        }
    }
}
