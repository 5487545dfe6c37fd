namespace Microsoft.DotNet.Interactive.CSharp;

public static class CSharpKernelExtensions
{
    /// <summary>Lets cells call display, HTML and the other helpers by their bare names.</summary>
    public static CSharpKernel UseKernelHelpers(this CSharpKernel kernel)
    {
        kernel.Chain.AddUsing(typeof(Kernel).FullName!);
        return kernel;
    }
}
