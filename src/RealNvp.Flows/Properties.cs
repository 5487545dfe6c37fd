using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("RealNvp.Flows.Tests")]
[assembly: InternalsVisibleTo("RealNvp.Chapters")]
