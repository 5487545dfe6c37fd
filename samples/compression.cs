#:project ../src/RealNvp.Flows
#:property PublishAot=false

// Compression without loss: a flow of whole numbers learns which digits are likely, and a coder spends few bits on those. What
// comes back is the same to the last bit. Zip-like coders, which know bytes and not digits, are beside it for comparison.
using System.Globalization;
using System.IO.Compression;
using RealNvp.Flows.Compression;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

const int Levels = 17;   // ink from 0 to 16
var quick = args.Contains("--quick");
manual_seed(1);
var path = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "..", "data", "digits.csv");
var values = File.ReadLines(path).Skip(1)
    .SelectMany(line => line.Split(',').Take(64).Select(v => float.Parse(v, CultureInfo.InvariantCulture)));
var images = tensor(values.ToArray()).view(-1, 1, 8, 8);
images = images[randperm(images.size(0))];
var (train, heldOut, secret) = (images[300..], images[100..300], images[..100]);

var flow = Architectures.Integer([1, 8, 8], Levels, layers: quick ? 2 : 6, width: quick ? 16 : 48);
Console.WriteLine(Trainer.Fit(flow, train, heldOut,
    new() { Steps = quick ? 200 : 2000, BatchSize = 64, LearningRate = 3e-3, EvaluateEvery = 50 }));

// A hundred digits that it has not seen.
var bytes = Lossless.Compress(flow, secret);
var back = Lossless.Decompress(flow, bytes);
var isSame = back.Equals(secret.to(int32));
var plain = secret.to(uint8).data<byte>().ToArray();
var promised = -flow.LogProb(secret).sum().ToDouble() / Math.Log(2) / 8;
Console.WriteLine($"\n100 digits of 64 pixels, in bytes:");
Console.WriteLine($"  a byte a pixel     {plain.Length,6}");
Console.WriteLine($"  log2({Levels}) a pixel   {plain.Length * Math.Log2(Levels) / 8,6:f0}");
Console.WriteLine($"  deflate            {Deflated(plain),6}");
Console.WriteLine($"  brotli             {Brotlied(plain),6}");
Console.WriteLine($"  the flow           {bytes.Length,6}   (its model promised {promised:f0})");
Console.WriteLine($"What comes back is the same: {isSame}.");
return isSame && (quick || bytes.Length < Brotlied(plain)) ? 0 : 1;

static long Deflated(byte[] plain)
{
    using var stream = new MemoryStream();
    using (var deflate = new DeflateStream(stream, CompressionLevel.SmallestSize, leaveOpen: true)) deflate.Write(plain);
    return stream.Length;
}

static long Brotlied(byte[] plain)
{
    using var stream = new MemoryStream();
    using (var brotli = new BrotliStream(stream, CompressionLevel.SmallestSize, leaveOpen: true)) brotli.Write(plain);
    return stream.Length;
}
