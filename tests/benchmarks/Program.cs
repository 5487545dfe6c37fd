using System.Globalization;
using RealNvp.Benchmarks;

// dotnet run -c Release --project tests/benchmarks -- operators [rounds] [seconds a slice]
// dotnet run -c Release --project tests/benchmarks -- training [rounds] [seconds a slice] [threads] [moons2d|tabular]
// dotnet run -c Release --project tests/benchmarks -- images [rounds] [seconds a slice] [threads] [cpu|cuda] [batch]
// dotnet run -c Release --project tests/benchmarks -- threads [rounds] [seconds a slice]
// dotnet run -c Release --project tests/benchmarks -- fits [part of a family's name]
// dotnet run -c Release --project tests/benchmarks -- sbi [part of a task's name] [pairs]
// dotnet run -c Release --project tests/benchmarks -- digits [processor seconds a model] [seeds] [part of a model's name]
// dotnet run -c Release --project tests/benchmarks -- depth [depth...]
// dotnet run -c Release --project tests/benchmarks -- wells [part of a fit's name] [seed]
// dotnet run -c Release --project tests/benchmarks -- moons2d|tabular|image threads      (a server, see FlowServer)
switch (args.FirstOrDefault())
{
    case "operators":
        OperatorOverhead.Run(Number(1, 5), Seconds(2, 0.2));
        return 0;
    case "training":
        TrainingSteps.Run(Number(1, 7), Seconds(2, 1), Number(3, 1), args.ElementAtOrDefault(4) ?? "");
        return 0;
    case "images":
        ImageSteps.Run(Number(1, 7), Seconds(2, 5), Number(3, 1), args.ElementAtOrDefault(4) ?? "cpu", Number(5, 32));
        return 0;
    case "threads":
        Threads.Run(Number(1, 7), Seconds(2, 0.5));
        return 0;
    case "fits":
        Fits.Run(args.ElementAtOrDefault(1) ?? "");
        return 0;
    case "sbi":
        SimulationInference.Run(args.ElementAtOrDefault(1) ?? "", Number(2, 10_000));
        return 0;
    case "wells":
        Wells.Run(args.ElementAtOrDefault(1) ?? "", Number(2, 1));
        return 0;
    case "digits":
        Digits.Run(Seconds(1, 60), Number(2, 3), args.ElementAtOrDefault(3) ?? "");
        return 0;
    case "depth":
        Depth.Run([.. args.Skip(1).Select(depth => int.Parse(depth, CultureInfo.InvariantCulture))]);
        return 0;
    case "depth-of":
        Depth.Measure(Number(1, 8), args[2]);
        return 0;
    case "moons2d" or "tabular" or "image":
        FlowServer.Run(args[0], Number(1, 1));
        return 0;
    default:
        Console.Error.WriteLine("expected one of: operators [rounds] [seconds], training [rounds] [seconds] [threads] [task], "
            + "images [rounds] [seconds] [threads] [cpu|cuda] [batch], threads [rounds] [seconds], fits [family], digits "
            + "[seconds] [seeds] [model], sbi [task] [pairs], depth [depth...], wells [fit] [seed], moons2d|tabular|image "
            + "[threads]");
        return 1;
}

int Number(int at, int otherwise) => args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : otherwise;
double Seconds(int at, double otherwise) => args.Length > at ? double.Parse(args[at], CultureInfo.InvariantCulture) : otherwise;
