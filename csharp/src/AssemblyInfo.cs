using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("LiteTests")]
