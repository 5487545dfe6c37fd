#nullable enable
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
#if !REALNVP_FLOWS
using Microsoft.Build.Framework;
#endif

namespace RealNvp.Build;

#if !REALNVP_FLOWS
/// <summary>
/// A build step for Linux: a copy of TorchSharp's native library that an older C++ runtime loads (<see cref="OlderRuntime"/>).
/// Where no build does it, <c>RealNvp.Flows.TorchLibrary</c> does the same when it loads the library.
/// </summary>
public sealed class CxxRuntime : Microsoft.Build.Utilities.Task
{
    /// <summary>The native library of the package; it is only read.</summary>
    [Required]
    public string Library { get; set; } = "";

    /// <summary>Where the copy goes. Where none is needed there is none, and an older one is taken away.</summary>
    [Required]
    public string Copy { get; set; } = "";

    /// <summary>The system's C++ runtime; empty: the one that this process has loaded, or would find.</summary>
    public string SystemRuntime { get; set; } = "";

    /// <summary>What was done, in one line; it is also beside the copy, as FILE.txt.</summary>
    [Output]
    public string Outcome { get; set; } = "";

    /// <inheritdoc/>
    public override bool Execute()
    {
        try
        {
            var runtime = SystemRuntime.Length > 0 ? SystemRuntime : OlderRuntime.Find();
            var (adapted, outcome) = OlderRuntime.Adapt(Library, runtime);
            Outcome = outcome;
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Copy))!);
            if (adapted is null) File.Delete(Copy);
            else Replace(Copy, adapted);
            Replace(Copy + ".txt", Encoding.UTF8.GetBytes(Outcome + "\n"));
            return true;
        }
        catch (Exception e) when (OlderRuntime.IsOfFiles(e))
        {
            Log.LogError("{0}", e is InvalidDataException ? e.Message : $"{Copy} cannot be made of {Library}: {e.Message}");
            return false;
        }
    }

    /// <summary>The old file, or the whole new one; never through a link into the package's folder.</summary>
    private static void Replace(string path, byte[] bytes)
    {
        if (File.Exists(path) && File.ReadAllBytes(path).SequenceEqual(bytes)) return;
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllBytes(temporary, bytes);
            if (File.Exists(path)) File.Replace(temporary, path, null);
            else File.Move(temporary, path);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
#endif

/// <summary>
/// TorchSharp's native library on a C++ runtime that is older than it asks for. TorchSharp is built by GCC 13.2, whose headers
/// make every program ask for one function of GLIBCXX_3.4.32, std::ios_base_library_init(), which does
/// nothing that an older runtime has not done already when it was loaded. Debian 12, Ubuntu 22.04 and RHEL 9 lack it, and have
/// all the rest. In a copy, std::locale::classic() stands in its place: every libstdc++ has it, and a call of it changes
/// nothing. It can go when these systems can, or when TorchSharp is built by an older compiler.
/// </summary>
internal static class OlderRuntime
{
    private const string Asked = "_ZSt21ios_base_library_initv", StandIn = "_ZNSt6locale7classicEv";
    private const string Runtime = "libstdc++.so.6", OldestVersion = "GLIBCXX_3.4";

    private static readonly string[] Folders =
        ["/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/lib64", "/usr/lib", "/lib"];

    /// <summary>
    /// The library's bytes with the one function exchanged, null where the runtime has it or cannot be asked; and what was done,
    /// in one line.
    /// </summary>
    /// <param name="path">The native library; it is only read.</param>
    /// <param name="runtime">The C++ runtime; null: none was found.</param>
    /// <exception cref="InvalidDataException">The library is broken, or asks for something else that the runtime lacks.</exception>
    public static (byte[]? Adapted, string Outcome) Adapt(string path, string? runtime)
    {
        var library = new Elf(File.ReadAllBytes(path), path);
        var needed = library.NeededVersions().Where(v => v.File == Runtime).ToList();
        if (runtime is null) return (null, $"as it comes: this system's {Runtime} was not found");
        HashSet<string> offered;
        try
        {
            offered = new HashSet<string>(new Elf(File.ReadAllBytes(runtime), runtime).DefinedVersions());
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            // Whether it is good for anything shows when the library is loaded.
            return (null, $"as it comes: the C++ runtime {runtime} cannot be read");
        }
        var missing = needed.Where(v => !offered.Contains(v.Name)).ToList();
        if (missing.Count == 0) return (null, $"as it comes: {runtime} has all that it asks for");
        var symbols = missing.SelectMany(v => library.SymbolsOf(v)).ToList();
        var oldest = needed.FirstOrDefault(v => v.Name == OldestVersion);
        var isTheOne = missing.Count == 1 && symbols.Count == 1 && symbols[0].Name == Asked;
        if (!isTheOne || oldest is null || !library.IsOnlyUse(symbols[0]))
            throw new InvalidDataException($"{library.Name} asks for {Few(missing.Select(v => v.Name))} "
                + $"({Few(symbols.Select(s => s.Name))}), which this system's C++ runtime {runtime} lacks; "
                + $"expected {Asked} at the most. A newer system has it, and so may another version of TorchSharp");
        return (library.Exchange(missing[0], symbols[0], oldest, StandIn),
            $"adapted: {runtime} lacks {missing[0].Name}, so {Asked} became {StandIn}");
    }

    private static string Few(IEnumerable<string> names)
    {
        const int Most = 8;
        var all = names.Distinct().ToList();
        var rest = all.Count > Most ? $" and {all.Count - Most} more" : all.Count == 0 ? "no symbol" : "";
        return string.Join(", ", all.Take(Most)) + rest;
    }

    /// <summary>Whether it says that a file could not be read or written, or is broken.</summary>
    public static bool IsOfFiles(Exception e) => e is InvalidDataException or IOException or UnauthorizedAccessException;

    /// <summary>The C++ runtime that this process has loaded, or would find; null where there is none.</summary>
    public static string? Find()
    {
        const string Maps = "/proc/self/maps";
        var loaded = File.Exists(Maps)
            ? File.ReadLines(Maps).Where(line => line.Contains("/" + Runtime)).Select(line => line.Substring(line.IndexOf('/')))
            : [];
        return loaded.Concat(Folders.Select(folder => Path.Combine(folder, Runtime))).FirstOrDefault(File.Exists);
    }

    /// <summary>A version that a library asks of another, and where its entry lies in the file.</summary>
    private sealed class NeededVersion(string file, string name, int index, long at)
    {
        public string File => file;

        public string Name => name;

        public int Index => index;

        public long At => at;
    }

    /// <summary>A dynamic symbol, and where its name lies in the file.</summary>
    private sealed class Symbol(string name, int number, long nameAt)
    {
        public string Name => name;

        public int Number => number;

        public long NameAt => nameAt;

        public bool SharesTextWith(Symbol other) =>
            other.Name.Length > 0 && other.NameAt <= nameAt + name.Length && nameAt <= other.NameAt + other.Name.Length;
    }

    private sealed class Section(uint type, long offset, long size, long link, long info)
    {
        public uint Type => type;

        public long Offset => offset;

        public long Size => size;

        public long Link => link;

        public long Info => info;
    }

    /// <summary>A 64-bit little-endian shared library as the ELF specification has it, with the symbol versions of GNU.</summary>
    private sealed class Elf
    {
        private const uint DynamicSymbols = 11;
        private const uint VersionDefinitions = 0x6ffffffd, VersionNeeds = 0x6ffffffe, SymbolVersions = 0x6fffffff;
        private const int HeaderSize = 64, SectionSize = 64, SymbolSize = 24, HashAt = 0, NameAt = 8;

        private readonly byte[] _bytes;
        private readonly List<Section> _sections = [];

        public Elf(byte[] bytes, string name)
        {
            (_bytes, Name) = (bytes, name);
            byte[] beginning = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1];
            if (bytes.Length < HeaderSize || !bytes.Take(beginning.Length).SequenceEqual(beginning))
                throw Broken("expected a 64-bit little-endian ELF library");
            if (Word16(0x3a) != SectionSize) throw Broken($"expected section headers of {SectionSize} bytes");
            var (table, count) = (Word64(0x28), Word16(0x3c));
            if (table + ((long)count * SectionSize) > bytes.Length) throw Broken("its section headers end after the file");
            for (var k = 0; k < count; k++)
            {
                const uint NoBits = 8;
                var at = table + ((long)k * SectionSize);
                var section = new Section(Word32(at + 4), Word64(at + 24), Word64(at + 32), Word32(at + 40), Word32(at + 44));
                var end = section.Offset + section.Size;
                if (section.Type != NoBits && end > bytes.Length) throw Broken("a section ends after the file");
                _sections.Add(section);
            }
        }

        public string Name { get; }

        /// <summary>The versions that this library offers to others.</summary>
        public IEnumerable<string> DefinedVersions() =>
            from section in _sections
            where section.Type == VersionDefinitions
            from at in Entries(section.Offset, section.Info, 16)
            select Text(section.Link, Word32(at + Word32(at + 12)));

        /// <summary>The versions that it asks of others.</summary>
        public IEnumerable<NeededVersion> NeededVersions() =>
            from section in _sections
            where section.Type == VersionNeeds
            from at in Entries(section.Offset, section.Info, 12)
            let file = Text(section.Link, Word32(at + 4))
            from entry in Entries(at + Word32(at + 8), Word16(at + 2), 12)
            select new NeededVersion(file, Text(section.Link, Word32(entry + NameAt)), Word16(entry + 6), entry);

        /// <summary>The symbols that are asked for in a version.</summary>
        public IEnumerable<Symbol> SymbolsOf(NeededVersion version)
        {
            const int Hidden = 0x8000;
            var versions = The(SymbolVersions);
            return Symbols().Where(symbol => (Word16(versions.Offset + (2 * symbol.Number)) & ~Hidden) == version.Index);
        }

        /// <summary>Whether no other symbol's name shares its text.</summary>
        public bool IsOnlyUse(Symbol symbol) =>
            Symbols().All(other => other.Number == symbol.Number || !symbol.SharesTextWith(other));

        /// <summary>The library's bytes with another name for a symbol, and another version in its version's place.</summary>
        public byte[] Exchange(NeededVersion version, Symbol symbol, NeededVersion by, string name)
        {
            var bytes = (byte[])_bytes.Clone();
            Array.Copy(_bytes, by.At + HashAt, bytes, version.At + HashAt, 4);
            Array.Copy(_bytes, by.At + NameAt, bytes, version.At + NameAt, 4);
            Array.Copy(BitConverter.GetBytes((ushort)by.Index), 0, bytes, The(SymbolVersions).Offset + (2 * symbol.Number), 2);
            Array.Clear(bytes, (int)symbol.NameAt, symbol.Name.Length);
            Encoding.ASCII.GetBytes(name, 0, name.Length, bytes, (int)symbol.NameAt);
            return bytes;
        }

        private IEnumerable<Symbol> Symbols()
        {
            var (symbols, versions) = (The(DynamicSymbols), The(SymbolVersions));
            var count = symbols.Size / SymbolSize;
            if (versions.Size != 2 * count) throw Broken("its symbols and their versions differ in number");
            for (var k = 0; k < count; k++)
            {
                var name = Word32(symbols.Offset + ((long)SymbolSize * k));
                yield return new Symbol(Text(symbols.Link, name), k, Linked(symbols.Link).Offset + name);
            }
        }

        /// <summary>Where the entries of a list lie: each says, at a place within it, how far on the next one is.</summary>
        private IEnumerable<long> Entries(long first, long count, int nextAt)
        {
            for (var at = first; count > 0; count--)
            {
                yield return at;
                var next = Word32(at + nextAt);
                if (next == 0 && count > 1) throw Broken("a list of versions ends too early");
                at += next;
            }
        }

        private Section The(uint type) =>
            _sections.FirstOrDefault(s => s.Type == type) ?? throw Broken($"a section of type 0x{type:x} is missing");

        private Section Linked(long number) =>
            number < _sections.Count ? _sections[(int)number] : throw Broken("a section of names is missing");

        private string Text(long section, uint offset)
        {
            var names = Linked(section);
            if (offset >= names.Size || names.Offset + names.Size > _bytes.Length) throw Broken("a name lies outside its names");
            var (at, rest) = ((int)(names.Offset + offset), (int)(names.Size - offset));
            var end = Array.IndexOf(_bytes, (byte)0, at, rest);
            return end >= 0 ? Encoding.ASCII.GetString(_bytes, at, end - at) : throw Broken("a name ends after its section");
        }

        private int Word16(long at) => BitConverter.ToUInt16(_bytes, Inside(at, 2));

        private uint Word32(long at) => BitConverter.ToUInt32(_bytes, Inside(at, 4));

        private long Word64(long at) => BitConverter.ToUInt64(_bytes, Inside(at, 8)) is var word && word <= int.MaxValue
            ? (long)word
            : throw Broken("an offset lies after the file");

        private int Inside(long at, int length) => at <= _bytes.Length - length ? (int)at : throw Broken("it ends too early");

        private InvalidDataException Broken(string why) =>
            new($"{Name}: {why} ({_bytes.Length} bytes). It may have been cut off while it was fetched: "
                + "delete its package's folder and build again");
    }
}
