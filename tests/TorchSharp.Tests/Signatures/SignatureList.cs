using System.Text.RegularExpressions;

namespace TorchSharp.Tests.Signatures;

/// <summary>The recorded signatures of TorchSharp, by type.</summary>
internal sealed partial class SignatureList
{
    private readonly Dictionary<string, HashSet<string>> _members = [];
    private readonly Dictionary<string, HashSet<string>> _names = [];
    private readonly string _text;

    internal SignatureList(string path)
    {
        _text = File.ReadAllText(path);
        HashSet<string>? current = null;
        var owner = "";
        foreach (var line in File.ReadLines(path))
        {
            if (line.Length == 0 || line.StartsWith("# ")) continue;
            if (line.StartsWith("## names ")) _names[owner = line[3..]] = current = [];
            else if (line.StartsWith("## ")) _members[owner = line[3..]] = current = [];
            else current!.UnionWith(owner.StartsWith("names ") ? line.Split(' ') : Expand(owner, line));
        }
    }

    internal IReadOnlyDictionary<string, HashSet<string>> Types => _members;

    /// <summary>The members of a type, found by the end of its qualified name; null where the type is not listed.</summary>
    internal HashSet<string>? MembersOf(Type type)
    {
        var name = (type.IsEnum ? "enum " : "") + Signature.NameOf(type);
        return _members.GetValueOrDefault(name)
            ?? _members.FirstOrDefault(entry => EndsWith(name, entry.Key)).Value;
    }

    private static bool EndsWith(string name, string key)
    {
        var (kind, keyName) = key.StartsWith("enum ") ? ("enum ", key[5..]) : ("", key);
        if (name.StartsWith("enum ") != (kind.Length > 0)) return false;
        var bare = name[kind.Length..];
        return bare == keyName || bare.EndsWith("." + keyName) || keyName.EndsWith("." + bare);
    }

    internal bool NameOnly(Type type, string member) => _names.TryGetValue("names " + Signature.NameOf(type), out var names) && names.Contains(member);

    /// <summary>Whether a type without a list of its own is spoken of: as a result, a parameter or a name.</summary>
    internal bool Mentions(Type type) => Regex.IsMatch(_text, $@"\b{type.Name.Split('`')[0]}\b");

    // "a|b|c" stands for one line each.
    private static IEnumerable<string> Expand(string owner, string line)
    {
        if (owner.StartsWith("enum ")) return line.Split(", ");
        if (owner == "torch" && !line.StartsWith("const ")) line = "static " + line;
        var alternatives = Alternatives().Match(line);
        return alternatives.Success
            ? alternatives.Value.Split('|').Select(name => Signature.Normal(line.Replace(alternatives.Value, name)))
            : [Signature.Normal(line)];
    }

    [GeneratedRegex(@"\w+(?:\|\w+)+(?=[<(])")]
    private static partial Regex Alternatives();
}
