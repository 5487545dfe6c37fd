namespace TorchSharp.Modules;

/// <summary>What every optimizer asks of its settings.</summary>
internal static class OptimizerChecks
{
    internal static void Rates(double lr, double eps = 0, double weight_decay = 0, double beta1 = 0, double beta2 = 0,
        double momentum = 0)
    {
        NotNegative(lr, nameof(lr));
        NotNegative(eps, nameof(eps));
        NotNegative(weight_decay, nameof(weight_decay));
        NotNegative(momentum, nameof(momentum));
        BelowOne(beta1, nameof(beta1));
        BelowOne(beta2, nameof(beta2));
    }

    private static void NotNegative(double value, string name)
    {
        if (!(value >= 0)) throw new ArgumentException($"Invalid {name}: expected a number from 0, got {value}", name);
    }

    private static void BelowOne(double value, string name)
    {
        if (!(value is >= 0 and < 1))
            throw new ArgumentException($"Invalid {name}: expected a number from 0 to below 1, got {value}", name);
    }
}
