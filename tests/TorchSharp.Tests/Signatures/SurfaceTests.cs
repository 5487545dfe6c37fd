using System.Reflection;
using System.Runtime.CompilerServices;

namespace TorchSharp.Tests.Signatures;

/// <summary>Everything public here is in TorchSharp, with the same signature: what compiles here compiles there.</summary>
public class SurfaceTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly SignatureList List = new(Path.Combine(AppContext.BaseDirectory, "Signatures", "signatures.txt"));

    private static readonly Assembly Compat = typeof(torch).Assembly;

    private static bool IsPublic(Type type) => type.IsPublic || ((type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsPublic(type.DeclaringType!));

    private static IEnumerable<Type> PublicTypes => Compat.GetTypes().Where(t => IsPublic(t) && !t.IsDefined(typeof(CompilerGeneratedAttribute)));

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            foreach (var name in type.GetEnumNames()) yield return $"{name}={Convert.ToInt64(Enum.Parse(type, name))}";
            yield break;
        }
        foreach (var member in type.GetMembers(Declared))
        {
            var counts = member switch
            {
                ConstructorInfo c => Signature.Visible(c) && !c.IsStatic,
                MethodInfo m => Signature.Visible(m) && !IsAccessor(m) && m.GetBaseDefinition() == m && m.Name != "<Clone>$",
                PropertyInfo p => Signature.Visible(p.GetMethod ?? p.SetMethod) && IsNew(p),
                FieldInfo f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly,
                _ => false,
            };
            if (counts) yield return Signature.Of(member);
        }
    }

    private static bool IsAccessor(MethodInfo m) => m.IsSpecialName && (m.Name.StartsWith("get_") || m.Name.StartsWith("set_"));

    private static bool IsNew(PropertyInfo p) => (p.GetMethod ?? p.SetMethod)!.GetBaseDefinition() == (p.GetMethod ?? p.SetMethod);

    private static string NameIn(string signature) => signature.Split('(', '<', ' ').Length > 1 && signature.Contains('(')
        ? signature[..signature.IndexOf('(')].Split(' ').Last().Split('<')[0] : signature;

    [Fact]
    public void EveryPublicMemberIsInTorchSharp()
    {
        var extra = new List<string>();
        foreach (var type in PublicTypes)
        {
            if (AllowedDifferences.Has(type)) continue;
            if (List.MembersOf(type) is { } known)
            {
                extra.AddRange(Members(type).Where(m => !known.Contains(m) && !List.NameOnly(type, NameIn(m)))
                    .Select(m => $"{Signature.NameOf(type)}: {m}").Where(m => !AllowedDifferences.Has(m)));
            }
            else if (!List.Mentions(type))
                extra.Add($"{Signature.NameOf(type)}: the type");
        }
        Assert.True(extra.Count == 0, $"{extra.Count} public members are not in TorchSharp:\n{string.Join("\n", extra)}");
    }

    /// <summary>What the list writes out is here, all of it.</summary>
    [Fact]
    public void EveryListedMemberIsHere()
    {
        var missing = new List<string>();
        foreach (var (name, recorded) in List.Types)
        {
            if (name.StartsWith("enum ")) continue;
            var have = PublicTypes.Where(t => List.MembersOf(t) == recorded).SelectMany(AllMembers).ToHashSet();
            missing.AddRange(recorded.Where(m => !have.Contains(m)).Select(m => $"{name}: {m}"));
        }
        Assert.True(missing.Count == 0, $"{missing.Count} members of TorchSharp are missing:\n{string.Join("\n", missing)}");
    }

    // With those that override: TorchSharp's list writes some of them.
    private static IEnumerable<string> AllMembers(Type type) => Members(type)
        .Concat(type.GetMembers(Declared).OfType<MethodInfo>().Where(m => Signature.Visible(m) && !IsAccessor(m)).Select(Signature.Of))
        .Concat(type.GetMembers(Declared).OfType<PropertyInfo>().Where(p => Signature.Visible(p.GetMethod ?? p.SetMethod)).Select(Signature.Of));
}
