using System.Runtime.CompilerServices;
using Microsoft.DotNet.Interactive.Events;

namespace RealNvp.Workbook.Execution;

/// <summary>
/// Finds what an update updates. `x.Display()` announces one DisplayedValue and returns another, with another id; what the two
/// share, and what an update hands on, are the strings of the MIME types. So each display gets strings of its own, and they lead
/// back to it.
/// </summary>
internal sealed class DisplayIds
{
    private readonly ConditionalWeakTable<string, string> _ids = [];

    /// <summary>The id of something that is shown now.</summary>
    internal string? Of(DisplayedValueProduced shown)
    {
        if (shown.ValueId is not { } id) return null;
        foreach (var value in shown.FormattedValues)
        {
            ref var mimeType = ref PackageInternals.MimeTypeOf(value);
            mimeType = new string(mimeType.AsSpan());
            _ids.AddOrUpdate(mimeType, id);
        }
        return id;
    }

    /// <summary>The id under which was shown what is updated now.</summary>
    internal string? Of(DisplayedValueUpdated update) =>
        update.FormattedValues.Select(value => _ids.TryGetValue(value.MimeType, out var id) ? id : null)
            .FirstOrDefault(id => id is not null)
        ?? update.ValueId;
}
