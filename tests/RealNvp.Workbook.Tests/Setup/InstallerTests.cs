using RealNvp.Workbook.Setup;

namespace RealNvp.Workbook.Tests.Setup;

public sealed class InstallerTests
{
    [Fact]
    public void The_commands_name_each_missing_package_once()
    {
        Requirement[] missing = [new("a", "", null, "g++", "make"), new("b", "", null, "make")];
        var install = Installer.Commands(missing)[^1];
        Assert.EndsWith("apt-get install -y --no-install-recommends g++ make", install);
        Assert.Equal(!Environment.IsPrivilegedProcess, install.StartsWith("sudo ", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_requirement_has_a_package() =>
        Assert.All(Requirement.All(), r => Assert.NotEmpty(r.Packages));
}
