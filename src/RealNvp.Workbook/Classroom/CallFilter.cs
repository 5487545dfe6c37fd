using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace RealNvp.Workbook.Classroom;

/// <summary>
/// The system calls that a submission does not get (seccomp, Linux): new namespaces, in which it would be root and mount file
/// systems of its own, and memory that belongs to no process and so is nobody's when memory is counted. Numbers from the kernel's
/// tables for x86-64 and the generic ones for Arm.
/// </summary>
internal static class CallFilter
{
    // unshare, setns, memfd_create, memfd_secret, shmget, msgget, add_key, request_key, keyctl, bpf, perf_event_open,
    // userfaultfd, io_uring_setup
    private static readonly uint[] X64 = [272, 308, 319, 447, 29, 68, 248, 249, 250, 321, 298, 323, 425];
    private static readonly uint[] Arm64 = [97, 268, 279, 447, 194, 186, 217, 218, 219, 280, 241, 282, 425];

    private const uint NotPermitted = 1, NotThere = 38;
    private const ushort Load = 0x20, IfEqual = 0x15, IfAny = 0x45, IfAtLeast = 0x35, Return = 0x06;
    private const uint Allow = 0x7FFF0000, Refuse = 0x00050000;
    private const uint NumberAt = 0, MachineAt = 4, FirstArgumentAt = 16;

    /// <summary>CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET of clone's first argument.</summary>
    private const uint NewNamespaces = 0x7E020000;

    /// <summary>The filter as bubblewrap takes it; null on a machine that it is not known for.</summary>
    internal static byte[]? Program() => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => Program(0xC000003E, X64, clone: 56),
        Architecture.Arm64 => Program(0xC00000B7, Arm64, clone: 220),
        _ => null,
    };

    private static byte[] Program(uint machine, uint[] refused, uint clone)
    {
        const uint Clone3 = 435, OtherTable = 0x40000000;
        List<(ushort Code, byte Then, byte Else, uint Value)> steps =
        [
            (Load, 0, 0, MachineAt), (IfEqual, 1, 0, machine), (Return, 0, 0, Refuse | NotThere),
            (Load, 0, 0, NumberAt), (IfAtLeast, 0, 1, OtherTable), (Return, 0, 0, Refuse | NotThere),
            // clone3 has its flags where a filter cannot see them; without it, the C library takes clone.
            (IfEqual, 0, 1, Clone3), (Return, 0, 0, Refuse | NotThere),
        ];
        foreach (var number in refused) steps.AddRange([(IfEqual, 0, 1, number), (Return, 0, 0, Refuse | NotPermitted)]);
        steps.AddRange([(IfEqual, 0, 3, clone), (Load, 0, 0, FirstArgumentAt), (IfAny, 0, 1, NewNamespaces),
            (Return, 0, 0, Refuse | NotPermitted), (Return, 0, 0, Allow)]);
        var program = new byte[8 * steps.Count];
        foreach (var (i, (code, then, otherwise, value)) in steps.Index())
        {
            var step = program.AsSpan(8 * i, 8);
            BinaryPrimitives.WriteUInt16LittleEndian(step, code);
            (step[2], step[3]) = (then, otherwise);
            BinaryPrimitives.WriteUInt32LittleEndian(step[4..], value);
        }
        return program;
    }
}
