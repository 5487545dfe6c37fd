namespace TorchSharp.Utils;

/// <summary>Files that are either written whole or left as they were.</summary>
internal static class AtomicFile
{
    internal static void Write(string location, Action<Stream> write)
    {
        var temporary = $"{location}.{Guid.NewGuid():n}.tmp";
        try
        {
            using (var stream = File.Create(temporary)) write(stream);
            File.Move(temporary, location, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
