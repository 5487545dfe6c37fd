using System.Reflection;
using TorchSharp;

namespace RealNvp.Flows;

/// <summary>What the local stack's TorchSharp has beyond TorchSharp's API, found by name, so that the same code runs on the package without it.</summary>
internal static class LocalStack
{
    private const BindingFlags Members = BindingFlags.Static | BindingFlags.NonPublic;

    /// <summary>A static method of TorchSharp.Native; null on the nuget stack.</summary>
    internal static TDelegate? Method<TDelegate>(string type, string name) where TDelegate : Delegate =>
        typeof(torch).Assembly.GetType($"TorchSharp.Native.{type}")?.GetMethod(name, Members)?.CreateDelegate<TDelegate>();
}
