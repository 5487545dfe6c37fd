using RealNvp.Workbook.Commands;

namespace RealNvp.Workbook.Tests.Commands;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("", "needs a command; there are: setup, run, book")]
    [InlineData("runn", "there is no command \"runn\"; there are: setup, run, book")]
    [InlineData("kernel foo", "there is no command \"foo\"; there are: install")]
    [InlineData("doctor foo", "doctor takes no \"foo\"")]
    [InlineData("--nope", "takes no \"--nope\"")]
    [InlineData("train", "argument missing")]
    [InlineData("run --jobs x 00", "--jobs: expected a whole number above 0, got x")]
    [InlineData("run --jobs 1.5", "--jobs: expected a whole number above 0, got 1.5")]
    [InlineData("run --jobs 0", "--jobs: expected a whole number above 0, got 0")]
    [InlineData("run --limit -3", "--limit: expected seconds above 0, got -3")]
    [InlineData("run --cell-limit NaN", "--cell-limit: expected seconds above 0, got NaN")]
    [InlineData("assignment grade subs --name 1 --jobs x", "--jobs: expected a whole number of 1 to 64, got x")]
    [InlineData("evaluate f --draws x", "x")]
    [InlineData("train nice --seed x", "x")]
    public void A_wrong_command_line_is_one_line(string line, string says)
    {
        var problem = CommandLine.Problem(CommandLine.Build().Parse(line));
        Assert.Contains(says, problem);
        Assert.DoesNotContain('\n', problem!);
        Assert.EndsWith("--help says more)", problem);
    }

    [Theory]
    [InlineData("run 08 --jobs 2 --budget full --limit 0.5")]
    [InlineData("train nice --data digits --seed 3")]
    [InlineData("run --help")]
    [InlineData("--version")]
    public void A_right_one_has_no_problem(string line) => Assert.Null(CommandLine.Problem(CommandLine.Build().Parse(line)));
}
