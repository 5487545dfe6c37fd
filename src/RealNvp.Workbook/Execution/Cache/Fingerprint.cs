using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace RealNvp.Workbook.Execution.Cache;

/// <summary>A SHA-256 over parts, each with its length before it, so that no two lists of parts run together.</summary>
internal sealed class Fingerprint : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Dispose() => _hash.Dispose();

    internal Fingerprint Add(string text)
    {
        AddBytes(Encoding.UTF8.GetBytes(text));
        return this;
    }

    /// <summary>The file's name and content.</summary>
    internal Fingerprint AddFile(string path)
    {
        using var stream = File.OpenRead(path);
        Add(Path.GetFileName(path));
        AddBytes(SHA256.HashData(stream));
        return this;
    }

    /// <summary>The file's path, length and time: for files too large to read each time, which nobody edits by hand.</summary>
    internal Fingerprint AddFileByTime(string path)
    {
        var file = new FileInfo(path);
        return Add(file.FullName).Add(file.Exists ? $"{file.Length} {file.LastWriteTimeUtc.Ticks}" : "none");
    }

    /// <summary>The hash as 64 hexadecimal digits.</summary>
    internal string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    private void AddBytes(ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, bytes.Length);
        _hash.AppendData(length);
        _hash.AppendData(bytes);
    }
}
