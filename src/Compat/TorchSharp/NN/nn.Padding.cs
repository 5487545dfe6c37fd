using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        private static long[] Sides((long, long, long, long) p) => [p.Item1, p.Item2, p.Item3, p.Item4];

        public static ConstantPad1d ConstantPad1d(long padding, double value) => new(Each(padding, 2), value);
        public static ConstantPad1d ConstantPad1d((long, long) padding, double value) => new(Each(padding, 0), value);
        public static ConstantPad2d ConstantPad2d(long padding, double value) => new(Each(padding, 4), value);
        public static ConstantPad2d ConstantPad2d((long, long, long, long) padding, double value) => new(Sides(padding), value);
        public static ReflectionPad1d ReflectionPad1d(long padding) => new(Each(padding, 2));
        public static ReflectionPad1d ReflectionPad1d((long, long) padding) => new(Each(padding, 0));
        public static ReflectionPad2d ReflectionPad2d(long padding) => new(Each(padding, 4));
        public static ReflectionPad2d ReflectionPad2d((long, long, long, long) padding) => new(Sides(padding));
        public static ZeroPad2d ZeroPad2d(long padding) => new(Each(padding, 4));
        public static ZeroPad2d ZeroPad2d((long, long, long, long) padding) => new(Sides(padding));
    }
}
