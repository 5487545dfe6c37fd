#nullable enable
using System;
using System.IO;
using System.Runtime.InteropServices;
using Microsoft.Build.Framework;

namespace RealNvp.Build;

/// <summary>
/// A build step that puts large files of packages into an output folder as hard links, so that half a gigabyte of libtorch is
/// not copied for every project. Where the packages lie on another file system, the files are copied once, into the checkout,
/// and linked from there. A library of Linux that was cut off while it was fetched is named here, before a program trips over it.
/// </summary>
public sealed class LinkFiles : Microsoft.Build.Utilities.Task
{
    /// <summary>The files; their DestinationSubDirectory says where they go within the folder.</summary>
    [Required]
    public ITaskItem[] Files { get; set; } = [];

    /// <summary>The output folder.</summary>
    [Required]
    public string Folder { get; set; } = "";

    /// <summary>Where a file is copied to that cannot be linked from where it is.</summary>
    [Required]
    public string Store { get; set; } = "";

    /// <inheritdoc/>
    public override bool Execute()
    {
        try
        {
            foreach (var file in Files)
            {
                var source = file.ItemSpec;
                RefuseCutOff(source);
                Place(source, Path.Combine(Folder, file.GetMetadata("DestinationSubDirectory"), Path.GetFileName(source)));
            }
            return true;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            Log.LogError("libtorch cannot be put into {0}: {1}", Folder, e.Message);
            return false;
        }
    }

    /// <summary>An ELF library says where its sections lie: the last of them ends within the file.</summary>
    private static void RefuseCutOff(string path)
    {
        if (!Path.GetFileName(path).EndsWith(".so", StringComparison.Ordinal) || !File.Exists(path)) return;
        using var reader = new BinaryReader(File.OpenRead(path));
        var length = reader.BaseStream.Length;
        try
        {
            if (reader.ReadUInt32() != 0x464c457f) throw new EndOfStreamException();
            var (table, size, count) = (At(0x28).ReadInt64(), At(0x3a).ReadUInt16(), At(0x3c).ReadUInt16());
            At(table + ((long)count * size));
            for (var k = 0; k < count; k++)
            {
                const int NoBits = 8;
                var section = table + ((long)k * size);
                if (At(section + 4).ReadUInt32() == NoBits) continue;
                var (begin, extent) = (At(section + 24).ReadInt64(), At(section + 32).ReadInt64());
                if (begin < 0 || extent < 0 || begin > length - extent) throw new EndOfStreamException();
            }
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException($"{path} is no whole library ({length} bytes). It may have been cut off while it was "
                + "fetched: delete its package's folder and build again");
        }

        BinaryReader At(long offset)
        {
            if (offset < 0 || offset > length) throw new EndOfStreamException();
            reader.BaseStream.Position = offset;
            return reader;
        }
    }

    private void Place(string source, string target)
    {
        if (AreAlike(source, target)) return;
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        if (Link(source, target)) return;
        var stored = Path.Combine(Store, Path.GetFileName(source));
        if (!AreAlike(source, stored))
        {
            Directory.CreateDirectory(Store);
            Rename(temporary => File.Copy(source, temporary), stored);
        }
        if (!Link(stored, target)) Rename(temporary => File.Copy(source, temporary), target);
    }

    private static bool AreAlike(string source, string target)
    {
        var (one, other) = (new FileInfo(source), new FileInfo(target));
        if (!one.Exists) throw new FileNotFoundException($"{source} is missing; delete its package's folder and build again");
        return other.Exists && one.Length == other.Length && one.LastWriteTimeUtc == other.LastWriteTimeUtc;
    }

    private static bool Link(string source, string target) => Rename(temporary =>
    {
        var onWindows = Path.DirectorySeparatorChar == '\\';
        var linked = onWindows ? CreateHardLink(temporary, source, IntPtr.Zero) : link(source, temporary) == 0;
        if (!linked) throw new NotLinkedException();
    }, target);

    /// <summary>Makes a file under another name and moves it to its place, where there is never half a file.</summary>
    private static bool Rename(Action<string> make, string target)
    {
        var temporary = $"{target}.{Guid.NewGuid():N}.tmp";
        try
        {
            make(temporary);
            File.Delete(target);
            try
            {
                File.Move(temporary, target);
            }
            catch (IOException) when (File.Exists(target))
            {
                // Another build was quicker.
            }
        }
        catch (NotLinkedException)
        {
            return false;
        }
        finally
        {
            File.Delete(temporary);
        }
        return true;
    }

    private sealed class NotLinkedException : Exception;

    // .NET's narrow characters are UTF-8 there.
    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi)]
    private static extern int link(string source, string target);

    [DllImport("kernel32", SetLastError = true, CharSet = CharSet.Unicode)]
    private static extern bool CreateHardLink(string target, string source, IntPtr security);
}
