namespace RealNvp.Flows;

/// <summary>
/// On a field that says how a map is computed or trained (a tolerance, an estimator), or what a buffer settles, and not which map it
/// is: weights fit a model with another one.
/// </summary>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class ComputationSettingAttribute : Attribute;
