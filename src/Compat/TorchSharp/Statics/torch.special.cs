using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Special functions of each element.</summary>
    public static class special
    {
        public static Tensor airy_ai(Tensor input, Tensor? @out = null) =>
            @out is null ? Aten.SpecialAiryAi.Run(input) : Aten.SpecialAiryAiOut.Run(input, @out);

        public static Tensor bessel_j0(Tensor input, Tensor? @out = null) =>
            @out is null ? Aten.SpecialBesselJ0.Run(input) : Aten.SpecialBesselJ0Out.Run(input, @out);

        public static Tensor bessel_j1(Tensor input, Tensor? @out = null) =>
            @out is null ? Aten.SpecialBesselJ1.Run(input) : Aten.SpecialBesselJ1Out.Run(input, @out);

        public static Tensor bessel_y0(Tensor input, Tensor? @out = null) =>
            @out is null ? Aten.SpecialBesselY0.Run(input) : Aten.SpecialBesselY0Out.Run(input, @out);

        public static Tensor bessel_y1(Tensor input, Tensor? @out = null) =>
            @out is null ? Aten.SpecialBesselY1.Run(input) : Aten.SpecialBesselY1Out.Run(input, @out);

        public static Tensor modified_bessel_i0(Tensor input, Tensor? @out = null) =>
            @out is null ? Aten.SpecialModifiedBesselI0.Run(input) : Aten.SpecialModifiedBesselI0Out.Run(input, @out);

        public static Tensor modified_bessel_i1(Tensor input, Tensor? @out = null) =>
            @out is null ? Aten.SpecialModifiedBesselI1.Run(input) : Aten.SpecialModifiedBesselI1Out.Run(input, @out);

        public static Tensor modified_bessel_k0(Tensor input, Tensor? @out = null) =>
            @out is null ? Aten.SpecialModifiedBesselK0.Run(input) : Aten.SpecialModifiedBesselK0Out.Run(input, @out);

        public static Tensor modified_bessel_k1(Tensor input, Tensor? @out = null) =>
            @out is null ? Aten.SpecialModifiedBesselK1.Run(input) : Aten.SpecialModifiedBesselK1Out.Run(input, @out);

        public static Tensor scaled_modified_bessel_k0(Tensor input, Tensor? @out = null) =>
            @out is null ? Aten.SpecialScaledModifiedBesselK0.Run(input) : Aten.SpecialScaledModifiedBesselK0Out.Run(input, @out);

        public static Tensor scaled_modified_bessel_k1(Tensor input, Tensor? @out = null) =>
            @out is null ? Aten.SpecialScaledModifiedBesselK1.Run(input) : Aten.SpecialScaledModifiedBesselK1Out.Run(input, @out);

        public static Tensor spherical_bessel_j0(Tensor input, Tensor? @out = null) =>
            @out is null ? Aten.SpecialSphericalBesselJ0.Run(input) : Aten.SpecialSphericalBesselJ0Out.Run(input, @out);

        public static Tensor chebyshev_polynomial_t(Tensor x, Tensor n, Tensor? @out = null) =>
            @out is null ? Aten.SpecialChebyshevPolynomialT.Run(x, n) : Aten.SpecialChebyshevPolynomialTOut.Run(x, n, @out);

        public static Tensor chebyshev_polynomial_u(Tensor x, Tensor n, Tensor? @out = null) =>
            @out is null ? Aten.SpecialChebyshevPolynomialU.Run(x, n) : Aten.SpecialChebyshevPolynomialUOut.Run(x, n, @out);

        public static Tensor chebyshev_polynomial_v(Tensor x, Tensor n, Tensor? @out = null) =>
            @out is null ? Aten.SpecialChebyshevPolynomialV.Run(x, n) : Aten.SpecialChebyshevPolynomialVOut.Run(x, n, @out);

        public static Tensor chebyshev_polynomial_w(Tensor x, Tensor n, Tensor? @out = null) =>
            @out is null ? Aten.SpecialChebyshevPolynomialW.Run(x, n) : Aten.SpecialChebyshevPolynomialWOut.Run(x, n, @out);

        public static Tensor hermite_polynomial_h(Tensor x, Tensor n, Tensor? @out = null) =>
            @out is null ? Aten.SpecialHermitePolynomialH.Run(x, n) : Aten.SpecialHermitePolynomialHOut.Run(x, n, @out);

        public static Tensor hermite_polynomial_he(Tensor x, Tensor n, Tensor? @out = null) =>
            @out is null ? Aten.SpecialHermitePolynomialHe.Run(x, n) : Aten.SpecialHermitePolynomialHeOut.Run(x, n, @out);

        public static Tensor laguerre_polynomial_l(Tensor x, Tensor n, Tensor? @out = null) =>
            @out is null ? Aten.SpecialLaguerrePolynomialL.Run(x, n) : Aten.SpecialLaguerrePolynomialLOut.Run(x, n, @out);

        public static Tensor legendre_polynomial_p(Tensor x, Tensor n, Tensor? @out = null) =>
            @out is null ? Aten.SpecialLegendrePolynomialP.Run(x, n) : Aten.SpecialLegendrePolynomialPOut.Run(x, n, @out);

        public static Tensor shifted_chebyshev_polynomial_t(Tensor x, Tensor n, Tensor? @out = null) =>
            @out is null
                ? Aten.SpecialShiftedChebyshevPolynomialT.Run(x, n)
                : Aten.SpecialShiftedChebyshevPolynomialTOut.Run(x, n, @out);

        public static Tensor shifted_chebyshev_polynomial_u(Tensor x, Tensor n, Tensor? @out = null) =>
            @out is null
                ? Aten.SpecialShiftedChebyshevPolynomialU.Run(x, n)
                : Aten.SpecialShiftedChebyshevPolynomialUOut.Run(x, n, @out);

        public static Tensor shifted_chebyshev_polynomial_v(Tensor x, Tensor n, Tensor? @out = null) =>
            @out is null
                ? Aten.SpecialShiftedChebyshevPolynomialV.Run(x, n)
                : Aten.SpecialShiftedChebyshevPolynomialVOut.Run(x, n, @out);

        public static Tensor shifted_chebyshev_polynomial_w(Tensor x, Tensor n, Tensor? @out = null) =>
            @out is null
                ? Aten.SpecialShiftedChebyshevPolynomialW.Run(x, n)
                : Aten.SpecialShiftedChebyshevPolynomialWOut.Run(x, n, @out);

        public static Tensor digamma(Tensor input) => Aten.SpecialDigamma.Run(input);
        public static Tensor entr(Tensor input) => Aten.SpecialEntr.Run(input);
        public static Tensor erf(Tensor input) => Aten.SpecialErf.Run(input);
        public static Tensor erfc(Tensor input) => Aten.SpecialErfc.Run(input);
        public static Tensor erfcx(Tensor input) => Aten.SpecialErfcx.Run(input);
        public static Tensor erfinv(Tensor input) => Aten.SpecialErfinv.Run(input);
        public static Tensor exp2(Tensor input) => Aten.SpecialExp2.Run(input);
        public static Tensor expit(Tensor input) => Aten.SpecialExpit.Run(input);
        public static Tensor expm1(Tensor input) => Aten.SpecialExpm1.Run(input);
        public static Tensor gammaln(Tensor input) => Aten.SpecialGammaln.Run(input);
        public static Tensor i0(Tensor input) => Aten.SpecialI0.Run(input);
        public static Tensor i0e(Tensor input) => Aten.SpecialI0e.Run(input);
        public static Tensor i1(Tensor input) => Aten.SpecialI1.Run(input);
        public static Tensor i1e(Tensor input) => Aten.SpecialI1e.Run(input);
        public static Tensor logit(Tensor input) => Aten.SpecialLogit.Run(input);
        public static Tensor ndtr(Tensor input) => Aten.SpecialNdtr.Run(input);
        public static Tensor ndtri(Tensor input) => Aten.SpecialNdtri.Run(input);
        public static Tensor psi(Tensor input) => Aten.SpecialPsi.Run(input);
        public static Tensor sigmoid(Tensor input) => input.sigmoid();
        public static Tensor sigmoid_(Tensor input) => input.sigmoid_();
        public static Tensor sinc(Tensor input) => Aten.SpecialSinc.Run(input);
        public static Tensor gammainc(Tensor input, Tensor other) => Aten.SpecialGammainc.Run(input, other);
        public static Tensor gammaincc(Tensor input, Tensor other) => Aten.SpecialGammaincc.Run(input, other);
        public static Tensor xlog1py(Tensor input, Tensor other) => Aten.SpecialXlog1py.Run(input, other);

        public static Tensor log_softmax(Tensor input, long dim, ScalarType? dtype = null) =>
            Aten.SpecialLogSoftmax.Run(input, dim, dtype);

        public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) =>
            Aten.SpecialSoftmax.Run(input, dim, dtype);

        public static Tensor multigammaln(Tensor input, long p) => Aten.SpecialMultigammaln.Run(input, p);
        public static Tensor polygamma(long n, Tensor input) => Aten.SpecialPolygamma.Run(n, input);
        public static Tensor zeta(Tensor x, Tensor q) => Aten.SpecialZeta.Run(x, q);
    }
}
