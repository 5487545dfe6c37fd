using System.Reflection;
using System.Xml.Linq;

namespace RealNvp.Workbook.Setup;

/// <summary>
/// The stack in use: `nuget` (the packages) or `local` (src/Compat on this machine's libtorch, Roslyn and plotly.js), as it is
/// remembered in .workbook/stack.props, which Directory.Build.props imports.
/// </summary>
/// <param name="Name">nuget or local.</param>
/// <param name="Why">One line: who or what chose it.</param>
/// <param name="TorchPrefix">The cmake folder of a libtorch other than the system's, or null.</param>
public sealed record Stack(string Name, string Why, string? TorchPrefix = null)
{
    public const string NuGet = "nuget";
    public const string Local = "local";

    /// <summary>What this program was built with (Directory.Build.props writes it into the assembly).</summary>
    public static string BuiltWith => typeof(Stack).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(a => a.Key == "WorkbookStack").Value!;

    /// <summary>What an environment variable or the option --stack asks for (./workbook hands the option on as the variable), or null.</summary>
    /// <exception cref="UserException">It is neither nuget nor local.</exception>
    public static string? Asked()
    {
        var asked = Environment.GetEnvironmentVariable("WORKBOOK_STACK");
        if (string.IsNullOrEmpty(asked)) return null;
        return asked is NuGet or Local ? asked : throw new UserException($"expected the stack nuget or local, got \"{asked}\"");
    }

    /// <summary>The remembered choice, or null.</summary>
    public static Stack? Load(Repository repository)
    {
        if (!File.Exists(repository.StackProps)) return null;
        try
        {
            var properties = XDocument.Load(repository.StackProps).Descendants().ToLookup(e => e.Name.LocalName, e => e.Value);
            var name = properties["WorkbookStack"].FirstOrDefault();
            return name is NuGet or Local
                ? new Stack(name, properties["WorkbookStackWhy"].FirstOrDefault() ?? "", properties["TorchPrefix"].FirstOrDefault())
                : null;
        }
        catch (System.Xml.XmlException)
        {
            return null;   // a broken file is as good as none: the choice is made again
        }
    }

    public void Save(Repository repository)
    {
        Directory.CreateDirectory(repository.StateFolder);
        var properties = new XElement("PropertyGroup", new XElement("WorkbookStack", Name), new XElement("WorkbookStackWhy", Why));
        if (TorchPrefix is not null) properties.Add(new XElement("TorchPrefix", TorchPrefix));
        var temporary = repository.StackProps + ".tmp";
        File.WriteAllText(temporary, new XElement("Project", properties) + "\n");
        File.Move(temporary, repository.StackProps, overwrite: true);
    }
}
