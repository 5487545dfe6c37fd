using System.CommandLine;
using System.Globalization;

namespace RealNvp.Workbook.Commands;

internal static class OptionChecks
{
    /// <summary>Refuses what is no number, or none that the option takes, in words.</summary>
    internal static void Expect(this Option option, string what, Func<double, bool> takes) => option.Validators.Add(given =>
    {
        if (given.Tokens.Count == 0) return;
        var text = given.Tokens[0].Value;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !takes(number))
            given.AddError($"{option.Name}: expected {what}, got {text}");
    });
}
