using System.Buffers.Binary;
using System.Text;

namespace RealNvp.Workbook.Tests.Build;

/// <summary>A shared library of 64 bits that has symbols and versions, and no code.</summary>
internal sealed class SmallElf
{
    private readonly StringBuilder _names = new("\0");

    /// <summary>The versions that it asks of other libraries.</summary>
    public List<(string File, string[] Versions)> Needs { get; init; } = [];

    /// <summary>The versions that it offers.</summary>
    public string[] Offers { get; init; } = [];

    /// <summary>Its symbols; one without a version is its own.</summary>
    public List<(string Name, string? Version)> Symbols { get; init; } = [];

    public byte[] ToBytes()
    {
        // 0 and 1 stand for no version; each that is asked for has a number of its own.
        var numbers = Needs.SelectMany(need => need.Versions).Select((version, k) => (version, Number: (ushort)(k + 2)))
            .ToDictionary(pair => pair.version, pair => pair.Number);
        var symbols = Joined(Symbols.Prepend(("", null)), s => [.. U32(At(s.Name)), .. new byte[20]]);
        var versions = Joined(Symbols.Prepend(("", null)), s => U16(s.Version is null ? (ushort)0 : numbers[s.Version]));
        var needs = Joined(Needs.Select((need, k) => (need, Last: k == Needs.Count - 1)), one =>
        {
            var (file, asked) = one.need;
            var entries = Joined(asked.Select((version, k) => (version, Last: k == asked.Length - 1)),
                v => [.. U32(Hash(v.version)), .. U16(0), .. U16(numbers[v.version]), .. U32(At(v.version)),
                    .. U32(v.Last ? 0u : 16)]);
            var next = one.Last ? 0 : 16 + (uint)entries.Length;
            return [.. U16(1), .. U16((ushort)asked.Length), .. U32(At(file)), .. U32(16), .. U32(next), .. entries];
        });
        var offers = Joined(Offers.Select((version, k) => (version, Number: (ushort)(k + 1))), v =>
            [.. U16(1), .. U16(0), .. U16(v.Number), .. U16(1), .. U32(Hash(v.version)), .. U32(20),
             .. U32(v.Number == Offers.Length ? 0u : 28), .. U32(At(v.version)), .. U32(0)]);
        var names = Encoding.ASCII.GetBytes(_names.ToString());

        const int Names = 2, Symbol = 1;
        (uint Type, byte[] Content, uint Link, int Info)[] sections =
        [
            (0, [], 0, 0), (11, symbols, Names, 1), (3, names, 0, 0), (0x6fffffff, versions, Symbol, 0),
            (0x6ffffffe, needs, Names, Needs.Count), (0x6ffffffd, offers, Names, Offers.Length),
        ];
        var table = 64 + sections.Sum(s => s.Content.Length);
        byte[] header = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, .. new byte[9], .. U16(3), .. U16(62), .. U32(1),
            .. new byte[16], .. U64(table), .. new byte[10], .. U16(64), .. U16((ushort)sections.Length), .. U16(0)];
        var at = header.Length;
        var headers = Joined(sections, s =>
        {
            byte[] one = [.. U32(0), .. U32(s.Type), .. new byte[16], .. U64(at), .. U64(s.Content.Length), .. U32(s.Link),
                .. U32((uint)s.Info), .. new byte[16]];
            at += s.Content.Length;
            return one;
        });
        return [.. header, .. sections.SelectMany(s => s.Content), .. headers];
    }

    /// <summary>The hash by which the loader compares versions.</summary>
    public static uint Hash(string name)
    {
        var hash = 0u;
        foreach (var c in name)
        {
            hash = (hash << 4) + c;
            var high = hash & 0xf0000000;
            hash = (hash ^ (high >> 24)) & ~high;
        }
        return hash;
    }

    // A name that another one ends with lies within it, as linkers have it.
    private uint At(string name)
    {
        var at = _names.ToString().IndexOf(name + '\0', StringComparison.Ordinal);
        if (at >= 0) return (uint)at;
        _names.Append(name).Append('\0');
        return (uint)(_names.Length - name.Length - 1);
    }

    private static byte[] Joined<T>(IEnumerable<T> items, Func<T, byte[]> bytes) => [.. items.SelectMany(bytes)];

    private static byte[] U16(ushort value) => [(byte)value, (byte)(value >> 8)];

    private static byte[] U32(uint value) => [.. U16((ushort)value), .. U16((ushort)(value >> 16))];

    private static byte[] U64(long value) => [.. U32((uint)value), .. U32((uint)(value >> 32))];
}

/// <summary>What a shared library asks for, read from its bytes: which version of each symbol, and where they lie.</summary>
internal sealed record ElfNeeds(
    IReadOnlyList<(string Name, uint Hash, int Index, int At)> Versions,
    IReadOnlyList<(string Name, int Index, int NameAt, int VersionAt)> Symbols)
{
    public static ElfNeeds Read(byte[] file)
    {
        int U16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at));
        int S32(int at) => BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at));
        var sections = Enumerable.Range(0, U16(0x3c)).Select(k => S32(0x28) + (64 * k))
            .Select(at => (Type: (uint)S32(at + 4), Offset: S32(at + 24), Size: S32(at + 32), Link: S32(at + 40),
                Info: S32(at + 44)))
            .ToList();
        string Text(int at) => Encoding.ASCII.GetString(file, at, Array.IndexOf(file, (byte)0, at) - at);

        List<(string, uint, int, int)> versions = [];
        var needs = sections.Single(s => s.Type == 0x6ffffffe);
        for (int k = 0, at = needs.Offset; k < needs.Info; k++, at += S32(at + 12))
            for (int n = 0, entry = at + S32(at + 8); n < U16(at + 2); n++, entry += S32(entry + 12))
                versions.Add((Text(sections[needs.Link].Offset + S32(entry + 8)), (uint)S32(entry), U16(entry + 6), entry));

        var (names, numbers) = (sections.Single(s => s.Type == 11), sections.Single(s => s.Type == 0x6fffffff).Offset);
        var symbols = Enumerable.Range(0, names.Size / 24).Select(k =>
        {
            var nameAt = sections[names.Link].Offset + S32(names.Offset + (24 * k));
            return (Text(nameAt), U16(numbers + (2 * k)), nameAt, numbers + (2 * k));
        });
        return new(versions, [.. symbols]);
    }

    /// <summary>The version that a symbol is asked for in.</summary>
    public string VersionOf(string symbol)
    {
        var index = Symbols.Single(s => s.Name == symbol).Index;
        return Versions.First(v => v.Index == index).Name;
    }
}
