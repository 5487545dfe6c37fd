using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

/// <summary>Calls with more than tensors, against PyTorch's values (fixtures/operators.py has the same names).</summary>
public class OperatorCaseTests
{
    private static Tensor In(string name) => OperatorTable.Inputs[name];

    private static Tensor A => In("square");
    private static Tensor S => In("stack");
    private static Tensor V => In("vector");
    private static Tensor C => In("cube");
    private static Tensor U => In("unit");
    private static Tensor O => In("other");
    private static Tensor P => In("positive");
    private static Tensor N => In("integers");
    private static Tensor Wide => In("wide");
    private static Tensor Ties => In("ties");
    private static Tensor Sorted => In("sorted");
    private static Tensor Spd => A.matmul(A.T) + 4 * eye(4, dtype: float64);

    private static Tensor Longs(params long[] values) => tensor(values);

    private static Tensor[] Two((Tensor, Tensor) t) => [t.Item1, t.Item2];

    private static Tensor[] Three((Tensor, Tensor?, Tensor?) t) => new[] { t.Item1, t.Item2, t.Item3 }.OfType<Tensor>().ToArray();

    private static Tensor Seeded(Func<Tensor> draw)
    {
        manual_seed(7);
        return draw();
    }

    private static readonly Dictionary<string, Func<Tensor[]>> Many = new()
    {
        ["aminmax"] = () => Two(C.aminmax(1)),
        ["max of a dimension"] = () => Two(C.max(1)),
        ["min of a dimension, kept"] = () => Two(C.min(2, keepdim: true)),
        ["std_mean"] = () => Two(C.std_mean(1)),
        ["var_mean"] = () => Two(torch.var_mean(C, 1)),
        ["cummax"] = () => Two(C.cummax(1)),
        ["sort"] = () => Two(C.sort(1, descending: true)),
        ["stable sort"] = () => Two(Ties.sort(stable: true)),
        ["topk"] = () => Two(C.topk(2, 1)),
        ["kthvalue"] = () => Two(C.kthvalue(2, 1)),
        ["mode"] = () => Two(Ties.mode()),
        ["unique"] = () => Three(Ties.unique(return_inverse: true, return_counts: true)),
        ["unique_consecutive"] = () => Three(Ties.unique_consecutive(return_counts: true)),
        ["histogram"] = () => Two(histogram(C, 4, (-2.0, 2.0))),
        ["where indices"] = () => torch.where(In("bools")),
        ["frexp"] = () => Two(frexp(Wide)),
        ["chunk"] = () => C.chunk(3, 2),
        ["split"] = () => C.split(3, 2),
        ["split by sizes"] = () => C.split(new long[] { 1, 3 }, 2),
        ["tensor_split"] = () => C.tensor_split(new long[] { 1, 2 }, 2),
        ["unbind"] = () => C.unbind(1),
        ["meshgrid"] = () => meshgrid([V, Sorted]),
        ["broadcast_tensors"] = () => broadcast_tensors(V, A).ToArray(),
        ["linalg.slogdet"] = () => Two(linalg.slogdet(A)),
        ["linalg.lu"] = () => Three(linalg.lu(A)),
    };

    private static readonly Dictionary<string, Func<Tensor>> One = new()
    {
        ["sum of a dimension"] = () => C.sum(1),
        ["sum of two dimensions, kept"] = () => C.sum([0, 2], keepdim: true),
        ["sum as float32"] = () => N.sum(float32),
        ["mean of dimensions"] = () => C.mean([1, 2]),
        ["prod of a dimension"] = () => C.prod(1),
        ["amax"] = () => C.amax(0, 2),
        ["amin kept"] = () => C.amin([1], keepdim: true),
        ["argmax of a dimension"] = () => C.argmax(1),
        ["logsumexp"] = () => C.logsumexp(1),
        ["std without correction"] = () => C.std(unbiased: false),
        ["std of a dimension"] = () => C.std(1),
        ["var of dimensions"] = () => C.var([0, 2], unbiased: false, keepdim: true),
        ["norm of a dimension"] = () => C.norm(1, p: 1.5f),
        ["cumsum"] = () => C.cumsum(1),
        ["cumprod"] = () => C.cumprod(2),
        ["logcumsumexp"] = () => C.logcumsumexp(1),
        ["argsort"] = () => C.argsort(1),
        ["bincount"] = () => torch.bincount(Ties, minlength: 8),
        ["histc"] = () => C.histc(5, -2, 2),
        ["bins by rule"] = () => tensor(Enum.GetValues<HistogramBinSelector>().Select(rule => histogram(C, rule).hist.numel()).ToArray()),
        ["quantile"] = () => C.quantile(tensor(new[] { 0.25, 0.5 }), 1),
        ["searchsorted"] = () => searchsorted(Sorted, O),
        ["searchsorted from the right"] = () => searchsorted(Sorted, Sorted, right: true),
        ["bucketize"] = () => O.bucketize(Sorted),
        ["count_nonzero"] = () => N.count_nonzero([1]),
        ["diff"] = () => C.diff(dim: 2),
        ["cov"] = () => A.cov(),
        ["trapezoid"] = () => V.trapezoid(0.5),
        ["isclose"] = () => U.isclose(O),
        ["isin"] = () => Ties.isin(Longs(1, 5)),
        ["clamp"] = () => Wide.clamp(-1, 2),
        ["clamp from below"] = () => Wide.clamp(min: 0),
        ["clamp by tensors"] = () => U.clamp(-P, P),
        ["addcmul"] = () => U.addcmul(O, P, 0.5),
        ["addcdiv"] = () => U.addcdiv(O, P, 0.5),
        ["add with alpha"] = () => U.add(O, 2),
        ["lerp"] = () => U.lerp(O, P),
        ["div to the floor"] = () => Wide.div(O, RoundingMode.floor),
        ["div to zero"] = () => N.div(In("counts"), RoundingMode.trunc),
        ["number minus tensor"] = () => 2 - U,
        ["number over tensor"] = () => 2 / P,
        ["pow of a number"] = () => P.pow(2.5),
        ["where"] = () => torch.where(U > 0, U, O),
        ["logit"] = () => (P / 4).logit(1e-3),
        ["round to decimals"] = () => Wide.round(1),
        ["polygamma"] = () => P.polygamma(1),
        ["mvlgamma"] = () => (P + 1).mvlgamma(2),
        ["softmax"] = () => C.softmax(1),
        ["log_softmax"] = () => C.log_softmax(2),
        ["softplus with beta"] = () => Wide.softplus(2, 5),
        ["glu"] = () => C.glu(2),
        ["leaky_relu"] = () => Wide.leaky_relu(0.1),
        ["nan_to_num"] = () => In("special").nan_to_num(1, 2, 3),
        ["ldexp"] = () => U.ldexp(In("counts")),
        ["view"] = () => C.view(4, -1),
        ["reshape"] = () => C.transpose(0, 1).reshape(6, 4),
        ["permute"] = () => C.permute(2, 0, 1),
        ["transpose"] = () => C.transpose(0, 2),
        ["movedim"] = () => torch.movedim(C, 0, 2),
        ["flatten"] = () => C.flatten(1),
        ["unflatten"] = () => C.unflatten(2, 2, 2),
        ["squeeze"] = () => C.unsqueeze(1).squeeze(1),
        ["expand"] = () => V.expand(3, 4),
        ["repeat"] = () => U.repeat(2, 2),
        ["tile"] = () => U.tile([2, 1]),
        ["repeat_interleave"] = () => V.repeat_interleave(2),
        ["roll"] = () => C.roll(1, 2),
        ["roll of two"] = () => C.roll((1, 2), (0, 2)),
        ["rot90"] = () => U.rot90(),
        ["flip"] = () => C.flip(0, 2),
        ["cat"] = () => cat([U, O], 1),
        ["stack"] = () => stack([U, O], 1),
        ["hstack"] = () => hstack(U, O),
        ["vstack"] = () => vstack([U, O]),
        ["narrow"] = () => C.narrow(2, 1, 2),
        ["select"] = () => C.select(1, 2),
        ["index_select"] = () => C.index_select(2, Longs(3, 0)),
        ["gather"] = () => C.gather(2, Longs(0, 3).expand(2, 3, 2)),
        ["take"] = () => C.take(Longs(0, 5, 23)),
        ["take_along_dim"] = () => C.take_along_dim(C.argsort(2), 2),
        ["masked_select"] = () => U.masked_select(U > 0),
        ["masked_fill"] = () => U.masked_fill(U > 0, 9),
        ["masked_scatter"] = () => U.masked_scatter(U > 0, O),
        ["scatter"] = () => zeros(2, 4, float64).scatter(1, Longs(0, 2, 1, 3).view(2, 2), U),
        ["scatter_add"] = () => ones(2, 4, float64).scatter_add(1, Longs(0, 0, 1, 3).view(2, 2), U),
        ["index_add"] = () => ones(2, 3, float64).index_add(1, Longs(0, 2), U.narrow(1, 0, 2), 2),
        ["index_copy"] = () => ones(2, 3, float64).index_copy(1, Longs(0, 2), U.narrow(1, 0, 2)),
        ["index_fill"] = () => U.index_fill(1, Longs(1), 5),
        ["diag_embed"] = () => U.diag_embed(),
        ["diagonal"] = () => A.diagonal(1),
        ["tril"] = () => A.tril(-1),
        ["unfold"] = () => V.unfold(0, 2, 1),
        ["as_strided"] = () => A.clone().as_strided([2, 2], [1, 4], 2),
        ["cartesian_prod"] = () => cartesian_prod(V, Sorted),
        ["combinations"] = () => combinations(V),
        ["block_diag"] = () => block_diag(U, A),
        ["einsum"] = () => einsum("bij,bjk->ik", S, S),
        ["tensordot"] = () => C.tensordot(C, new long[] { 0, 1 }, new long[] { 0, 1 }),
        ["addmm"] = () => A.addmm(A, A, 0.5f, 2),
        ["baddbmm"] = () => S.baddbmm(S, S, 0.5f, 2),
        ["cdist"] = () => cdist(U, O),
        ["matrix_power"] = () => A.matrix_power(3),
        ["linalg.cholesky"] = () => linalg.cholesky(Spd),
        ["linalg.eigvalsh"] = () => linalg.eigvalsh(Spd),
        ["linalg.svdvals"] = () => linalg.svdvals(A),
        ["linalg.solve"] = () => linalg.solve(A, Spd),
        ["linalg.solve_triangular"] = () => linalg.solve_triangular(A.triu(), Spd, true),
        ["linalg.solve_triangular from the right"] = () => linalg.solve_triangular(A.tril(), Spd, false, left: false, unitriangular: true),
        ["linalg.lu_factor"] = () => linalg.lu_factor(A).LU,
        ["linalg.lu_solve"] = () => linalg.lu_factor(A) is var (factors, pivots) ? linalg.lu_solve(factors, pivots!, Spd) : null!,
        ["linalg.inv"] = () => linalg.inv(S),
        ["linalg.pinv"] = () => linalg.pinv(U),
        ["linalg.matrix_rank"] = () => linalg.matrix_rank(A),
        ["linalg.norm"] = () => linalg.norm(A),
        ["linalg.matrix_norm nuclear"] = () => linalg.matrix_norm(A, "nuc"),
        ["linalg.matrix_norm of order 2"] = () => linalg.matrix_norm(A, 2),
        ["linalg.vector_norm"] = () => linalg.vector_norm(C, 3),
        ["linalg.cond"] = () => linalg.cond(A),
        ["linalg.cross"] = () => linalg.cross(U, O),
        ["linalg.multi_dot"] = () => linalg.multi_dot([U, U.T, O]),
        ["linalg.vecdot"] = () => linalg.vecdot(U, O),
        ["linalg.vander"] = () => linalg.vander(V),
        ["linalg.matrix_exp"] = () => linalg.matrix_exp(A / 4),
        ["linalg.qr, signs removed"] = () => linalg.qr(A).R.abs(),
        ["linalg.lstsq"] = () => linalg.lstsq(A, Spd).Solution,
        ["special.ndtr"] = () => special.ndtr(U),
        ["special.ndtri"] = () => special.ndtri(P / 4),
        ["special.erfcx"] = () => special.erfcx(U),
        ["special.i1e"] = () => special.i1e(U),
        ["special.entr"] = () => special.entr(P),
        ["special.xlog1py"] = () => special.xlog1py(U, O),
        ["special.zeta"] = () => special.zeta(In("above one"), P),
        ["special.bessel_j0"] = () => special.bessel_j0(P),
        ["special.chebyshev_polynomial_t"] = () => special.chebyshev_polynomial_t(U, tensor(3L)),
        ["eye"] = () => eye(2, 3, float64),
        ["arange with a step"] = () => arange(1, 2, 0.3, float64),
        ["linspace"] = () => linspace(-1, 1, 5, float64),
        ["logspace"] = () => logspace(0, 2, 3, dtype: float64),
        ["full"] = () => full(2, 2, 1.5, float64),
        ["tril_indices"] = () => tril_indices(3, 3, -1),
        ["vander"] = () => vander(V),
        ["bernoulli of zeros and ones"] = () => bernoulli(In("bools").to(float64)),
        ["seeded randn"] = () => Seeded(() => randn(5, float64)),
        ["seeded rand"] = () => Seeded(() => rand(5, float64)),
        ["seeded randint"] = () => Seeded(() => randint(0, 100, new long[] { 5 })),
        ["seeded randperm"] = () => Seeded(() => randperm(6)),
        ["seeded multinomial"] = () => Seeded(() => multinomial(P[0], 4, replacement: true)),
        ["seeded normal"] = () => Seeded(() => normal(U, P)),
        ["seeded generator"] = () => randn(3, float64, generator: new Generator(11)),
    };

    public static TheoryData<string> Names() => [.. OperatorTable.Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void AgreesWithPyTorch(string name)
    {
        using var scope = NewDisposeScope();
        var result = Many.TryGetValue(name, out var many) ? many() : [One[name]()];
        OperatorTable.Same(OperatorTable.Cases[name], result, name);
    }
}
