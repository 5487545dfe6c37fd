using Microsoft.DotNet.Interactive.Formatting;

namespace DotNetInteractive.Tests;

/// <summary>Formatters are the process's: these tests run alone.</summary>
[Collection(nameof(FormatterTests))]
public sealed class FormatterTests : IDisposable
{
    private record Person(string Name, int Age);

    private record Manager(string Name, int Age, Person Report) : Person(Name, Age);

    private sealed class Node
    {
        public Node? Next { get; set; }
    }

    private sealed class Broken
    {
        public int Value => throw new InvalidOperationException("no value");
    }

    public void Dispose() => Formatter.ResetToDefault();

    [Theory]
    [InlineData(1.5, "1.5")]
    [InlineData(true, "True")]
    [InlineData("a\nb", "a\nb")]
    [InlineData(null, "<null>")]
    [InlineData(new[] { 1, 2 }, "[ 1, 2 ]")]
    public void Plain_text_of_small_values(object? value, string expected) => Assert.Equal(expected, value.ToDisplayString());

    [Fact]
    public void A_sequence_of_records_is_a_table()
    {
        var html = new[] { new Person("Ada", 36), new Person("<b>", 1) }.ToDisplayString("text/html");
        Assert.Equal("<table><thead><tr><th><i>index</i></th><th>Name</th><th>Age</th></tr></thead><tbody>"
            + "<tr><td>0</td><td>Ada</td><td>36</td></tr><tr><td>1</td><td>&lt;b&gt;</td><td>1</td></tr></tbody></table>", html);
    }

    [Fact]
    public void An_object_is_a_tree_and_its_plain_text_is_indented()
    {
        var manager = new Manager("Ada", 36, new Person("Bob", 30));
        Assert.Contains("<details class=\"dni-treeview\"><summary>", manager.ToDisplayString("text/html"));
        Assert.Equal("Manager\n  Report: Person\n    Name: Bob\n    Age: 30\n  Name: Ada\n  Age: 36", manager.ToDisplayString());
    }

    [Fact]
    public void Long_sequences_and_endless_ones_are_cut()
    {
        Assert.Equal("[ 0, 1, ... (98 more) ]", Limited(() => Enumerable.Range(0, 100).ToArray().ToDisplayString()));
        Assert.Equal("[ 1, 1, ... (more) ]", Limited(() => Forever().ToDisplayString()));

        static IEnumerable<int> Forever()
        {
            while (true) yield return 1;
        }

        static string Limited(Func<string> act)
        {
            Formatter.ListExpansionLimit = 2;
            return act();
        }
    }

    [Fact]
    public void A_cycle_ends_and_a_member_that_throws_is_named()
    {
        var node = new Node();
        node.Next = node;
        Assert.InRange(node.ToDisplayString("text/html").Length, 1, 10_000);
        Assert.Contains("Value: ! no value", new Broken().ToDisplayString());
    }

    [Fact]
    public void The_closest_registration_counts_and_of_two_the_later()
    {
        Formatter.Register<object>(_ => "object", "text/x");
        Formatter.Register<Person>(_ => "person", "text/x");
        Assert.Equal("person", new Manager("", 0, null!).ToDisplayString("text/x"));
        Formatter.Register<Person>(_ => "later", "text/x");
        Assert.Equal("later", new Person("", 0).ToDisplayString("text/x"));
        Formatter.Register(typeof(List<>), (value, writer) => writer.Write("open"), "text/x");
        Assert.Equal("open", new List<int>().ToDisplayString("text/x"));
        Assert.Equal("object", "text".ToDisplayString("text/x"));
        Formatter.Register<Person>((value, context) => false, "text/x");
        Assert.Equal("later", new Person("", 0).ToDisplayString("text/x"));
    }

    [Fact]
    public void Several_preferred_types_come_at_once()
    {
        Assert.Equal(["text/html"], Formatter.GetPreferredMimeTypesFor(typeof(Person)));
        Assert.Equal(["text/plain"], Formatter.GetPreferredMimeTypesFor(typeof(string)));
        Formatter.SetPreferredMimeTypesFor(typeof(Person), "text/html", "application/json");
        var values = FormattedValue.CreateManyFromObject(new Manager("Ada", 36, null!));
        Assert.Equal(["text/html", "application/json"], values.Select(value => value.MimeType));
        Assert.Contains("\"Name\":\"Ada\"", values[1].Value);
        Assert.Equal(["text/latex"], FormattedValue.CreateManyFromObject(new LaTeXString("x^2")).Select(value => value.MimeType));
    }
}

[CollectionDefinition(nameof(FormatterTests), DisableParallelization = true)]
public class FormatterCollection;
