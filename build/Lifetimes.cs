#nullable enable
using System;
using System.IO;
using System.Linq;
using Microsoft.Build.Framework;

namespace RealNvp.Build;

/// <summary>
/// A build step: a copy of TorchSharp.dll that the just-in-time compiler does not optimise, so that arguments live until a call of
/// theirs returns.
/// </summary>
/// <remarks>
/// TorchSharp's methods hand the native handle of a Scalar or a Tensor to libtorch and do not mention the object again. In optimised
/// code it is garbage from then on: when another thread collects at that moment, the finalizer frees what libtorch is about to
/// read, and "Unknown scalar type." or a crash follows. Code that is not optimised holds its arguments until it returns; the
/// methods do little else than to call libtorch. In the copy one attribute says so, DebuggableAttribute; all else stays. It can go
/// when TorchSharp keeps its arguments alive (docs/known-faults.md, `lifetimes`).
/// </remarks>
public sealed class Lifetimes : Microsoft.Build.Utilities.Task
{
    // The attribute's value as metadata have it (ECMA-335, II.23.3): length, prolog 1, DebuggingModes as int32, no named arguments.
    private static readonly byte[] Optimised = [8, 1, 0, 0x02, 0, 0, 0, 0, 0];        // IgnoreSymbolStoreSequencePoints
    private static readonly byte[] Held = [8, 1, 0, 0x03, 1, 0, 0, 0, 0];             // with Default and DisableOptimizations

    /// <summary>The package's TorchSharp.dll; it is only read.</summary>
    [Required]
    public string Library { get; set; } = "";

    /// <summary>Where the copy goes. Where none can be made there is none, and an older one is taken away.</summary>
    [Required]
    public string Copy { get; set; } = "";

    /// <inheritdoc/>
    public override bool Execute()
    {
        try
        {
            var bytes = File.ReadAllBytes(Library);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Copy))!);
            var at = Find(bytes, 0);
            if (at < 0 || Find(bytes, at + 1) >= 0)
            {
                File.Delete(Copy);
                Log.LogMessage(MessageImportance.Normal, "{0} stays as it comes: expected one DebuggableAttribute of optimised code", Library);
                return true;
            }
            Held.CopyTo(bytes, at);
            // Compared as a whole: what an interrupted build left is written again.
            if (!File.Exists(Copy) || !File.ReadAllBytes(Copy).SequenceEqual(bytes)) File.WriteAllBytes(Copy, bytes);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.LogError("{0} cannot be made of {1}: {2}", Copy, Library, e.Message);
            return false;
        }
    }

    private static int Find(byte[] bytes, int from)
    {
        for (var at = Array.IndexOf(bytes, Optimised[0], from); at >= 0; at = Array.IndexOf(bytes, Optimised[0], at + 1))
            if (at + Optimised.Length <= bytes.Length && Optimised.SequenceEqual(bytes.Skip(at).Take(Optimised.Length))) return at;
        return -1;
    }
}
