namespace TorchSharp;

public static partial class torch
{
    public static partial class linalg
    {
        /// <summary>Which factors qr returns.</summary>
        public enum QRMode
        {
            Reduced = 0,
            Complete = 1,
            R = 2,
        }

        private static readonly long[] LastTwo = [-2, -1];
    }
}
