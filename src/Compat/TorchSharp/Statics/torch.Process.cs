using System.Runtime.InteropServices;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    private static Device? _defaultDevice;

    /// <summary>The version of the libtorch in use.</summary>
    public static unsafe string __version__ => Marshal.PtrToStringUTF8((nint)NativeMethods.td_version())!;

    public static int get_num_threads() => NativeMethods.td_threads();
    public static int get_num_interop_threads() => NativeMethods.td_interop_threads();
    public static void set_num_threads(int num) => NativeMethods.Check(NativeMethods.td_set_threads(num), nameof(set_num_threads));

    public static void set_num_interop_threads(int num) =>
        NativeMethods.Check(NativeMethods.td_set_interop_threads(num), nameof(set_num_interop_threads));

    public static Device device(string description) => new(description);
    public static Device device(string deviceType, int index = -1) => new(deviceType, index);
    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);
    public static Device device(int index) => new(index);

    public static Device get_default_device() => _defaultDevice ?? CPU;
    public static void set_default_device(Device device) => _defaultDevice = device.type == DeviceType.CPU ? null : InitializeDevice(device);
    public static void set_default_device(string device) => set_default_device(new Device(device));

    /// <summary>The device, or the default one for null, made ready for use.</summary>
    public static Device InitializeDevice(Device? device)
    {
        device ??= get_default_device();
        InitializeDeviceType(device.type);
        return device;
    }

    /// <exception cref="InvalidOperationException">There is no such device here.</exception>
    public static void InitializeDeviceType(DeviceType deviceType)
    {
        if (!TryInitializeDeviceType(deviceType)) throw new InvalidOperationException($"no {deviceType} device: this libtorch finds none");
    }

    public static bool TryInitializeDeviceType(DeviceType deviceType) => deviceType switch
    {
        DeviceType.CPU or DeviceType.META => true,
        DeviceType.CUDA => cuda_is_available(),
        _ => false,
    };

    public static bool cuda_is_available() => NativeMethods.td_cuda_device_count() > 0;
    public static bool mps_is_available() => false;

    /// <summary>Here because TorchSharp has it: every call reports its own failure.</summary>
    public static void CheckForErrors()
    {
    }

    public static Generator manual_seed(long seed) => random.manual_seed(seed);
    public static long initial_seed() => random.initial_seed();
    public static long seed() => random.seed();
    public static Tensor get_rng_state() => random.get_rng_state();
    public static void set_rng_state(Tensor new_state) => random.set_rng_state(new_state);

    /// <summary>The default sources of random numbers.</summary>
    public static class random
    {
        /// <summary>Seeds the default generators of the CPU and of every CUDA device.</summary>
        public static Generator manual_seed(long seed)
        {
            cuda.manual_seed_all(seed);
            return Generator.Default.manual_seed(seed);
        }

        public static long initial_seed() => Generator.Default.initial_seed();
        public static long seed() => Generator.Default.seed();
        public static Tensor get_rng_state() => Generator.Default.get_state();
        public static void set_rng_state(Tensor new_state) => Generator.Default.set_state(new_state);
    }

    /// <summary>The CUDA devices that this libtorch finds.</summary>
    public static class cuda
    {
        public static int device_count() => NativeMethods.td_cuda_device_count();
        public static bool is_available() => cuda_is_available();
        public static bool is_cudnn_available() => is_available() && NativeMethods.td_cudnn_available() != 0;

        /// <summary>Seeds the default generator of the first device; nothing where there is none.</summary>
        public static void manual_seed(long seed)
        {
            if (is_available()) Generator.DefaultOf(new Device(DeviceType.CUDA, 0, true)).manual_seed(seed);
        }

        public static void manual_seed_all(long seed)
        {
            for (var k = 0; k < device_count(); k++) Generator.DefaultOf(new Device(DeviceType.CUDA, k, true)).manual_seed(seed);
        }

        /// <summary>Waits until the device has done all its work.</summary>
        public static void synchronize(Device? device = null) =>
            NativeMethods.Check(NativeMethods.td_cuda_synchronize(device?.index ?? -1), "cuda.synchronize");
    }
}
