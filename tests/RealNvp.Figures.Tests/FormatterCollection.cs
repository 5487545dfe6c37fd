namespace RealNvp.Figures.Tests;

/// <summary>Formatters are one table for the whole process: tests that change it run one after the other.</summary>
[CollectionDefinition("formatters")]
public class FormatterCollection;
