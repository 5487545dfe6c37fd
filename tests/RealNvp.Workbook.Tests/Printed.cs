namespace RealNvp.Workbook.Tests;

/// <summary>What a command's work prints, on both of the console's streams.</summary>
internal static class Printed
{
    internal static (int Code, string Text) By(Func<int> work)
    {
        var (before, errors) = (Console.Out, Console.Error);
        using var text = new StringWriter();
        Console.SetOut(text);
        Console.SetError(text);
        try
        {
            return (work(), text.ToString());
        }
        finally
        {
            Console.SetOut(before);
            Console.SetError(errors);
        }
    }
}
