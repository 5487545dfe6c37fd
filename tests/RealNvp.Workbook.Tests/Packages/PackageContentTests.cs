using System.Collections.Immutable;
using System.IO.Compression;
using System.Reflection.Metadata;
using System.Xml.Linq;
using RealNvp.Workbook.Setup;

namespace RealNvp.Workbook.Tests.Packages;

/// <summary>What a package says of itself, and what is in it.</summary>
public sealed class PackageContentTests(PackageFeed feed) : IClassFixture<PackageFeed>
{
    [Theory]
    [InlineData("RealNvp.Flows", "TorchSharp")]
    [InlineData("RealNvp.Figures", "RealNvp.Flows Plotly.NET FSharp.Core TorchSharp")]
    public void A_package_says_what_it_is_and_needs_what_it_uses(string id, string needs)
    {
        using var package = ZipFile.OpenRead(Path.Combine(feed.Feed, $"{id}.{PackageFeed.Version}.nupkg"));
        using var stream = package.GetEntry($"{id}.nuspec")!.Open();
        var said = XDocument.Load(stream).Root!.Elements().Single();
        string Said(string name) => said.Elements().Single(e => e.Name.LocalName == name).Value;
        Assert.Equal((id, "MIT", "icon.png", "README.md"), (Said("id"), Said("license"), Said("icon"), Said("readme")));
        Assert.Contains("densit", Said("description"));
        Assert.Contains("normalizing-flows", Said("tags").Split(' '));
        Assert.StartsWith("# Changes", Said("releaseNotes"));
        Assert.Equal(needs.Split(' '), said.Descendants().Where(e => e.Name.LocalName == "dependency")
            .Select(d => d.Attribute("id")!.Value));
        Assert.DoesNotContain(said.Descendants().Attributes("version"), v => v.Value.Contains("beta", StringComparison.Ordinal));

        var files = package.Entries.Select(e => e.FullName).ToList();
        Assert.Contains($"lib/net10.0/{id}.xml", files);
        Assert.Contains("icon.png", files);
        Assert.Equal(id == "RealNvp.Flows", files.Contains("buildTransitive/RealNvp.Flows.targets"));
        var (code, commit) = Tool.Capture("git", ["-C", PackageFeed.Repository.Root, "rev-parse", "HEAD"],
            TimeSpan.FromMinutes(1));
        if (code == 0)
            Assert.Equal(commit.Trim(),
                said.Descendants().Single(e => e.Name.LocalName == "repository").Attribute("commit")!.Value);
    }

    [Theory]
    [InlineData("RealNvp.Flows")]
    [InlineData("RealNvp.Figures")]
    public void Its_symbols_name_sources_by_their_place_in_the_checkout_wherever_that_lies(string id)
    {
        using var symbols = ZipFile.OpenRead(Path.Combine(feed.Feed, $"{id}.{PackageFeed.Version}.snupkg"));
        using var memory = new MemoryStream();
        using (var stream = symbols.GetEntry($"lib/net10.0/{id}.pdb")!.Open()) stream.CopyTo(memory);
        using var provider = MetadataReaderProvider.FromPortablePdbImage([.. memory.ToArray()]);
        var reader = provider.GetMetadataReader();
        var sources = reader.Documents.Select(d => reader.GetString(reader.GetDocument(d).Name)).ToImmutableArray();
        Assert.Contains(sources, source => source.StartsWith($"/_/src/{id}/", StringComparison.Ordinal));
        Assert.All(sources, source => Assert.StartsWith("/_/", source));
    }

    [Theory]
    [InlineData("src/RealNvp.Chapters")]
    [InlineData("src/RealNvp.Workbook")]
    [InlineData("tests/benchmarks")]
    public void What_is_of_this_repository_alone_is_no_package(string project)
    {
        string[] arguments = ["msbuild", Path.Combine(PackageFeed.Repository.Root, project), "-getProperty:IsPackable"];
        var (code, output) = Tool.Capture("dotnet", arguments, TimeSpan.FromMinutes(5));
        Assert.Equal((0, "false"), (code, output.Trim()));
    }
}
