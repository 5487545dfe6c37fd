using RealNvp.Flows.Bijections;
using RealNvp.Flows.Transformers;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

public sealed class BijectionCoverageTests
{
    [Fact]
    public void Every_public_bijection_and_transformer_has_a_row_in_the_table()
    {
        using var scope = NewDisposeScope();
        var met = new HashSet<Type>();
        foreach (var row in BijectionTable.Rows)
        {
            var bijection = row.Make();
            met.Add(bijection.GetType());
            foreach (var part in bijection.modules()) met.Add(part.GetType());
        }
        var missing = typeof(Bijection).Assembly.GetExportedTypes()
            .Where(t => !t.IsAbstract && (t.IsSubclassOf(typeof(Bijection)) || t.IsSubclassOf(typeof(Transformer))))
            .Where(t => !met.Any(m => m == t || (m.IsGenericType && m.GetGenericTypeDefinition() == t)))
            .Select(t => t.Name).ToArray();
        Assert.True(missing.Length == 0,
            $"Add a row to BijectionTable for {string.Join(", ", missing)}: without one, its properties are not tested.");
    }
}
