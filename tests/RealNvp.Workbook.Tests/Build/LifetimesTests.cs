using System.Diagnostics;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using RealNvp.Build;

namespace RealNvp.Workbook.Tests.Build;

/// <summary>The build step that makes TorchSharp's calls hold their arguments.</summary>
public sealed class LifetimesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string AsItComes { get; } = typeof(LifetimesTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(one => one.Key == "TorchSharpAsItComes").Value!;

    private string Copy => _folder["out/TorchSharp.dll"];

    public void Dispose() => _folder.Dispose();

    private string? Run(string library) => BuildStep.Run(new Lifetimes { Library = library, Copy = Copy });

    [Fact]
    public void One_attribute_says_that_code_is_not_optimised_and_nothing_else_changes()
    {
        Assert.Null(Run(AsItComes));
        var (before, after) = (File.ReadAllBytes(AsItComes), File.ReadAllBytes(Copy));
        Assert.Equal(before.Length, after.Length);
        var places = Enumerable.Range(0, before.Length).Where(k => before[k] != after[k]).ToArray();
        Assert.Equal(2, places.Length);
        Assert.Equal(places[0] + 1, places[1]);
        Assert.Equal(DebuggableAttribute.DebuggingModes.IgnoreSymbolStoreSequencePoints, Modes(AsItComes));
        Assert.Equal(DebuggableAttribute.DebuggingModes.IgnoreSymbolStoreSequencePoints
            | DebuggableAttribute.DebuggingModes.Default | DebuggableAttribute.DebuggingModes.DisableOptimizations, Modes(Copy));

        // Again: the file stays the one that it is, so that nothing is built anew; what is broken is made again.
        File.SetLastWriteTimeUtc(Copy, new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Null(Run(AsItComes));
        Assert.Equal(2020, File.GetLastWriteTimeUtc(Copy).Year);
        File.WriteAllBytes(Copy, after[..1000]);
        Assert.Null(Run(AsItComes));
        Assert.Equal(after, File.ReadAllBytes(Copy));
    }

    [Fact]
    public void A_library_without_that_attribute_stays_as_it_comes_and_a_copy_of_before_goes()
    {
        Assert.Null(Run(AsItComes));
        Assert.Null(Run(Copy));   // not optimised already
        Assert.False(File.Exists(Copy));
        File.WriteAllBytes(_folder["empty.dll"], []);
        Assert.Null(Run(_folder["empty.dll"]));
        Assert.False(File.Exists(Copy));
    }

    [Fact]
    public void A_library_that_is_not_there_is_one_line()
    {
        var said = Run(_folder["none.dll"]);
        Assert.Contains($"cannot be made of {_folder["none.dll"]}", said);
    }

    [Fact]
    public void This_program_has_the_copy() =>
        Assert.True(typeof(TorchSharp.torch).Assembly.GetCustomAttribute<DebuggableAttribute>()!.IsJITOptimizerDisabled);

    // The attribute of the assembly itself.
    private static DebuggableAttribute.DebuggingModes Modes(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        var value = metadata.GetAssemblyDefinition().GetCustomAttributes().Select(metadata.GetCustomAttribute)
            .Where(one => one.Constructor.Kind == HandleKind.MemberReference
                && metadata.GetMemberReference((MemberReferenceHandle)one.Constructor).Parent is { Kind: HandleKind.TypeReference } type
                && metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)type).Name) == nameof(DebuggableAttribute))
            .Select(one => metadata.GetBlobBytes(one.Value)).Single();
        return (DebuggableAttribute.DebuggingModes)BitConverter.ToInt32(value, 2);
    }
}
