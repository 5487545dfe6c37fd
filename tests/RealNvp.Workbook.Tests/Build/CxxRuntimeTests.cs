using System.Reflection;
using RealNvp.Build;

namespace RealNvp.Workbook.Tests.Build;

/// <summary>The build step that adapts TorchSharp's native library to older C++ runtimes.</summary>
public sealed class CxxRuntimeTests : IDisposable
{
    private const string Asked = "_ZSt21ios_base_library_initv", StandIn = "_ZNSt6locale7classicEv";
    private const string Runtime = "libstdc++.so.6", Oldest = "GLIBCXX_3.4", Old = "GLIBCXX_3.4.30", New = "GLIBCXX_3.4.32";

    private readonly TemporaryFolder _folder = new();

    public CxxRuntimeTests()
    {
        Library = Put("package/libLibTorchSharp.so", Usual().ToBytes());
        OldRuntime = Put("old/libstdc++.so.6", new SmallElf { Offers = [Runtime, Oldest, Old] }.ToBytes());
        NewRuntime = Put("new/libstdc++.so.6", new SmallElf { Offers = [Runtime, Oldest, Old, New] }.ToBytes());
    }

    private string Library { get; }

    private string OldRuntime { get; }

    private string NewRuntime { get; }

    private string Copy => _folder["out/libLibTorchSharp.so"];

    private string Note => File.ReadAllText(Copy + ".txt");

    public void Dispose() => _folder.Dispose();

    private static SmallElf Usual() => Asking([("_ZSt4cout", Oldest), ("_ZSt3newv", Old), (Asked, New)], [Oldest, Old, New]);

    private static SmallElf Asking((string, string?)[] symbols, string[] versions) => new()
    {
        Needs = [("libc.so.6", ["GLIBC_2.34"]), (Runtime, versions), ("libgcc_s.so.1", ["GCC_3.0"])],
        Symbols = [("THSTensor_add", null), ("memcpy", "GLIBC_2.34"), .. symbols, ("_Unwind_Resume", "GCC_3.0")],
    };

    private string Put(string name, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        File.WriteAllBytes(_folder[name], bytes);
        return _folder[name];
    }

    private string? Run(string library, string runtime, string? copy = null) =>
        BuildStep.Run(new CxxRuntime { Library = library, Copy = copy ?? Copy, SystemRuntime = runtime });

    private string[] Written() => Directory.Exists(_folder["out"]) ? Directory.GetFileSystemEntries(_folder["out"]) : [];

    [Fact]
    public void A_runtime_that_has_the_function_gets_the_library_as_it_comes()
    {
        Assert.Null(Run(Library, OldRuntime));
        Assert.True(File.Exists(Copy));
        Assert.Null(Run(Library, NewRuntime));
        Assert.False(File.Exists(Copy));
        Assert.Equal($"as it comes: {NewRuntime} has all that it asks for\n", Note);
    }

    [Fact]
    public void For_an_older_one_three_places_change_and_nothing_else()
    {
        var before = File.ReadAllBytes(Library);
        Assert.Null(Run(Library, OldRuntime));
        IsAdapted(before, File.ReadAllBytes(Copy));
        Assert.Equal(before, File.ReadAllBytes(Library));
        Assert.Equal($"adapted: {OldRuntime} lacks {New}, so {Asked} became {StandIn}\n", Note);

        // Again: the files stay those that they are, so that nothing is built anew.
        File.SetLastWriteTimeUtc(Copy, new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Null(Run(Library, OldRuntime));
        Assert.Equal(2020, File.GetLastWriteTimeUtc(Copy).Year);
        Assert.Equal([Copy, Copy + ".txt"], Written().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void TorchSharps_own_library_is_adapted_and_refused_at_any_length_that_is_not_its_own()
    {
        var own = typeof(CxxRuntimeTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(one => one.Key == "TorchSharpOfLinux").Value!;
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists(own), $"needs Linux and the package's file {own}");
        var before = File.ReadAllBytes(own);
        var needs = ElfNeeds.Read(before);
        var offers = needs.Versions.Select(v => v.Name).Where(name => name != New);
        var runtime = Put("as/Debian12/libstdc++.so.6", new SmallElf { Offers = [.. offers] }.ToBytes());
        Assert.Null(Run(own, runtime));
        IsAdapted(before, File.ReadAllBytes(Copy));
        Assert.Equal(before, File.ReadAllBytes(own));

        for (var part = 0; part < 37; part++)
        {
            var cut = Put("cut.so", before[..(before.Length * part / 37)]);
            Assert.Contains($"{cut}: ", Run(cut, runtime, _folder["out/cut"]), StringComparison.Ordinal);
        }
        Assert.Equal(2, Written().Length);
    }

    [Fact]
    public void A_copy_that_is_a_link_to_the_packages_file_leaves_that_alone()
    {
        var before = File.ReadAllBytes(Library);
        Assert.Null(BuildStep.Run(new LinkFiles
        {
            Files = [new Microsoft.Build.Utilities.TaskItem(Library)],
            Folder = _folder["out"],
            Store = _folder["store"],
        }));
        Assert.Equal(before, File.ReadAllBytes(Copy));
        Assert.Null(Run(Library, OldRuntime));
        IsAdapted(before, File.ReadAllBytes(Copy));
        Assert.Equal(before, File.ReadAllBytes(Library));
    }

    public static TheoryData<string, string> Others => new()
    {
        { "another version", "GLIBCXX_3.4.33" },
        { "another symbol", "_ZSt9somethingv" },
        { "two symbols", "_ZSt9somethingv" },
        { "two versions", "CXXABI_1.3.15" },
        { "no symbol", "no symbol" },
        { "no older version", Asked },
        { "a name within another", Asked },
        { "twenty symbols", "and 12 more" },
    };

    [Theory, MemberData(nameof(Others))]
    public void A_library_that_asks_for_more_is_refused_by_name_and_no_file_changes(string what, string named)
    {
        var asking = what switch
        {
            "another version" => Asking([("_ZSt9somethingv", "GLIBCXX_3.4.33")], [Oldest, "GLIBCXX_3.4.33"]),
            "another symbol" => Asking([("_ZSt9somethingv", New)], [Oldest, New]),
            "two symbols" => Asking([(Asked, New), ("_ZSt9somethingv", New)], [Oldest, New]),
            "two versions" => Asking([(Asked, New), ("__cxa_call_terminate", "CXXABI_1.3.15")], [Oldest, New, "CXXABI_1.3.15"]),
            "no symbol" => Asking([], [Oldest, New]),
            "no older version" => Asking([(Asked, New)], [New]),
            "a name within another" => Asking([("my" + Asked, Oldest), (Asked, New)], [Oldest, New]),
            _ => Asking([.. Enumerable.Range(0, 20).Select(k => ($"_ZSt{k}", (string?)New))], [Oldest, New]),
        };
        Put("out/libLibTorchSharp.so", [1, 2, 3]);
        File.WriteAllText(Copy + ".txt", "from before");
        var error = Run(Put("other.so", asking.ToBytes()), OldRuntime);
        Assert.NotNull(error);
        Assert.Contains(named, error, StringComparison.Ordinal);
        Assert.Contains(OldRuntime, error, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(Copy));
        Assert.Equal("from before", Note);
        Assert.Equal(2, Written().Length);
    }

    [Fact]
    public void A_library_that_was_cut_off_at_any_length_is_refused_in_one_line()
    {
        var whole = File.ReadAllBytes(Library);
        for (var length = 0; length < whole.Length; length++)
        {
            var cut = Put("cut.so", whole[..length]);
            Assert.StartsWith($"{cut}: ", Run(cut, OldRuntime), StringComparison.Ordinal);
        }
        Assert.Empty(Written());
    }

    [Fact]
    public void A_library_whose_bytes_were_spoilt_is_adapted_or_refused_in_one_line_and_nothing_else_happens()
    {
        var random = new Random(17);
        var (library, runtime, refused) = (File.ReadAllBytes(Library), File.ReadAllBytes(OldRuntime), 0);
        for (var round = 0; round < 3000; round++)
        {
            var (bytes, of) = round % 2 == 0 ? ((byte[])library.Clone(), Library) : ((byte[])runtime.Clone(), OldRuntime);
            for (var k = random.Next(1, 6); k > 0; k--)
                bytes[random.Next(bytes.Length)] = random.Next(3) switch { 0 => 0, 1 => 0xff, _ => (byte)random.Next(256) };
            var spoilt = Put("spoilt", bytes);
            if (Run(of == Library ? spoilt : Library, of == Library ? OldRuntime : spoilt) is not null) refused++;
        }
        for (var round = 0; round < 500; round++)
        {
            var bytes = new byte[random.Next(400)];
            random.NextBytes(bytes);
            if (bytes.Length >= 64 && round % 2 == 0) library.AsSpan(0, 64).CopyTo(bytes);
            Assert.NotNull(Run(Put("garbage", bytes), OldRuntime));
        }
        Assert.InRange(refused, 300, 2700);
    }

    [Theory]
    [InlineData(4, 1)]
    [InlineData(5, 2)]
    [InlineData(0x3a, 40)]
    public void A_library_of_32_bits_of_the_other_byte_order_or_of_other_headers_is_refused(int at, byte value)
    {
        var bytes = File.ReadAllBytes(Library);
        bytes[at] = value;
        Assert.Contains("expected ", Run(Put("other.so", bytes), OldRuntime), StringComparison.Ordinal);
        Assert.Empty(Written());
    }

    [Fact]
    public void Where_nothing_can_be_written_one_line_says_so()
    {
        Put("file", [1]);
        Assert.Contains(_folder["file"], Run(Library, OldRuntime, _folder["file/out/copy.so"]), StringComparison.Ordinal);
        Directory.CreateDirectory(Copy);
        Assert.Contains(Copy, Run(Library, OldRuntime), StringComparison.Ordinal);
        Assert.Equal([Copy], Written());
        Assert.Contains(_folder["absent.so"], Run(_folder["absent.so"], OldRuntime), StringComparison.Ordinal);
    }

    [Fact]
    public void A_runtime_that_cannot_be_read_leaves_the_library_as_it_comes()
    {
        var script = _folder.Write("script", "GROUP ( libstdc++.so.6.0.30 )");
        foreach (var runtime in new[] { _folder["absent"], script, _folder.Path })
        {
            Assert.Null(Run(Library, runtime));
            Assert.Equal($"as it comes: the C++ runtime {runtime} cannot be read\n", Note);
            Assert.False(File.Exists(Copy));
        }
    }

    [Fact]
    public void The_systems_own_runtime_is_found_on_Linux()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        Assert.Null(Run(Library, ""));
        Assert.Matches(@"^(adapted|as it comes): /\S*/libstdc\+\+\.so\.6\S* (lacks|has)", Note);
    }

    private static void IsAdapted(byte[] before, byte[] after)
    {
        var (was, now) = (ElfNeeds.Read(before), ElfNeeds.Read(after));
        Assert.Equal(New, was.VersionOf(Asked));
        Assert.Equal(Oldest, now.VersionOf(StandIn));
        Assert.DoesNotContain(now.Versions, v => v.Name == New);
        Assert.All(now.Versions, v => Assert.Equal(SmallElf.Hash(v.Name), v.Hash));

        var (version, symbol) = (was.Versions.Single(v => v.Name == New), was.Symbols.Single(s => s.Name == Asked));
        Assert.Equal(was.Symbols.Where(s => s != symbol), now.Symbols.Where(s => s.NameAt != symbol.NameAt));
        var expected = (byte[])before.Clone();
        var (hashAt, versionAt) = (version.At, version.At + 8);
        foreach (var (at, length) in new[] { (hashAt, 4), (versionAt, 4), (symbol.VersionAt, 2), (symbol.NameAt, Asked.Length) })
            after.AsSpan(at, length).CopyTo(expected.AsSpan(at));
        Assert.Equal(expected, after);
    }
}
