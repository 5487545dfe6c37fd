using System.Globalization;
using RealNvp.Benchmarks;

// dotnet run -c Release --project tests/benchmarks -- operators [rounds] [seconds a slice]
// dotnet run -c Release --project tests/benchmarks -- training [rounds] [seconds a slice] [threads] [moons2d|tabular|adam]
// dotnet run -c Release --project tests/benchmarks -- threads [rounds] [seconds a slice]
switch (args.FirstOrDefault())
{
    case "operators":
        OperatorOverhead.Run(Number(1, 5), Seconds(2, 0.2));
        return 0;
    case "training":
        TrainingSteps.Run(Number(1, 7), Seconds(2, 1), Number(3, 1), args.ElementAtOrDefault(4) ?? "");
        return 0;
    case "threads":
        Threads.Run(Number(1, 7), Seconds(2, 0.5));
        return 0;
    default:
        Console.Error.WriteLine("expected one of: operators [rounds] [seconds], training [rounds] [seconds] [threads] [task], threads [rounds] [seconds]");
        return 1;
}

int Number(int at, int otherwise) => args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : otherwise;
double Seconds(int at, double otherwise) => args.Length > at ? double.Parse(args[at], CultureInfo.InvariantCulture) : otherwise;
