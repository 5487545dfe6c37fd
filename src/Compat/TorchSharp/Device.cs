using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Where a tensor's memory is: "cpu", "cuda", "cuda:1".</summary>
    public class Device
    {
        public DeviceType type { get; }

        /// <summary>-1 for the CPU.</summary>
        public int index { get; }

        public Device(string description)
        {
            ArgumentNullException.ThrowIfNull(description);
            var parts = description.Split(':');
            type = Parse(parts[0]);
            index = type == DeviceType.CPU || type == DeviceType.META ? -1
                : parts.Length > 1 ? int.TryParse(parts[1], out var n) && n >= 0 ? n : throw Bad(description) : 0;
            if (parts.Length > 2) throw Bad(description);
            Initialise();
        }

        public Device(string deviceType, int index = -1) : this(Parse(deviceType), index)
        {
        }

        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = deviceType == DeviceType.CPU || deviceType == DeviceType.META ? -1 : Math.Max(index, 0);
            Initialise();
        }

        public Device(int index) : this(DeviceType.CUDA, index)
        {
        }

        // A device read off a tensor exists already.
        internal Device(DeviceType deviceType, int index, bool exists)
        {
            type = deviceType;
            this.index = index;
            _ = exists;
        }

        private void Initialise()
        {
            if (type == DeviceType.CUDA && NativeMethods.td_cuda_device_count() == 0)
                throw new InvalidOperationException("no CUDA device: this libtorch finds none. Test torch.cuda.is_available() first.");
        }

        private static DeviceType Parse(string name) => name.ToLowerInvariant() switch
        {
            "cpu" => DeviceType.CPU,
            "cuda" => DeviceType.CUDA,
            "mps" => DeviceType.MPS,
            "meta" => DeviceType.META,
            _ => throw Bad(name),
        };

        private static ArgumentException Bad(string text) => new($"expected a device such as \"cpu\", \"cuda\" or \"cuda:1\", got \"{text}\"");

        public override string ToString() => index < 0 ? type.ToString().ToLowerInvariant() : $"{type.ToString().ToLowerInvariant()}:{index}";

        public static implicit operator Device(string description) => new(description);
    }

    public static readonly Device CPU = new(DeviceType.CPU, -1, true);
    public static readonly Device META = new(DeviceType.META, -1, true);
    public static Device CUDA => new(DeviceType.CUDA);
    public static Device MPS => new(DeviceType.MPS);
}
