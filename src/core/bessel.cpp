// Chebyshev series by tests/golden/special_functions.py --coefficients, to 1e-18.
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <limits>

#include "descent/core/elementary.hpp"
#include "descent/core/special_functions.hpp"

namespace descent::math {
namespace {

// Up to 8, in t = x^2/32 - 1:  j0;  j1/x;  y0 - 2/pi log(x) j0;  (y1 - 2/pi (log(x) j1 - 1/x))/x.
constexpr double kJ0[] = {0.15772797147489012,     -0.008723442352852221,   0.2651786132033368,
                          -0.37009499387264977,    0.15806710233209725,     -0.034893769411408884,
                          0.004819180069467605,    -0.00046062616620627504, 3.246032882100508e-05,
                          -1.7619469077621507e-06, 7.608163592418782e-08,   -2.679253530557673e-09,
                          7.848696314479465e-11,   -1.9438346867370164e-12, 4.125320595634374e-14,
                          -7.588508125447546e-16,  1.2218515873961411e-17};
constexpr double kJ1[] = {
    0.08104484632565812,    -0.1489751450676521,    0.1609992623572097,     -0.08268049176681791,
    0.022213639654966037,   -0.003646940600769276,  0.0004050337728354822,  -3.255554866857259e-05,
    1.9858774049915165e-06, -9.521984756750436e-08, 3.687133759097148e-09,  -1.178026622695885e-10,
    3.160154580348003e-12,  -7.221755239651773e-14, 1.4232144003513942e-15, -2.4441972916190464e-17};
constexpr double kY0[] = {-0.03314611320328494,    -0.2744743055297453,    0.17903431407718265,
                          0.26156734625504663,     -0.17730201278114358,   0.04719668959576339,
                          -0.007287962479552079,   0.0007531135932577742,  -5.632079141056987e-05,
                          3.206532537654801e-06,   -1.44072332740187e-07,  5.248794787330516e-09,
                          -1.5837552541812015e-10, 4.02633081830612e-12,   -8.747341203310769e-14,
                          1.6434898714919468e-15,  -2.6977881152566837e-17};
constexpr double kY1[] = {
    0.0025380132357417816,   -0.01608717304766875,   -0.09591204536083074,    0.08445197259652346,
    -0.028328123944594365,   0.005289897544167113,   -0.0006414551451326356,  5.505982873338744e-05,
    -3.53808001868935e-06,   1.7707804556154404e-07, -7.11055004989928e-09,   2.344337905911516e-10,
    -6.4651518414115946e-12, 1.51429151205002e-13,   -3.0511859694473254e-15, 5.34668038572867e-17};

// Beyond, in t = 2 (8/x)^2 - 1: P and 1/z Q of  j = sqrt(2/(pi x)) (P cos(c) - Q sin(c)),
// y = sqrt(2/(pi x)) (P sin(c) + Q cos(c)),  z = 8/x,  c = x - pi/4 or x - 3 pi/4.
constexpr double kP0[] = {0.9994603493475187,      -0.0005365220468132117,  3.0751847875194745e-06,
                          -5.1705945376060975e-08, 1.6306464635151382e-09,  -7.86409137723707e-11,
                          5.168262387349193e-12,   -4.3045788699253914e-13, 4.3265957431549404e-14,
                          -5.069034095935236e-15,  6.748072215733873e-16,   -1.0011513723467786e-16,
                          1.6305919233744186e-17,  -2.880866169482871e-18};
constexpr double kQ0[] = {-0.015555854605337009,   6.838519942611649e-05, -7.414498411060647e-07,
                          1.7972457247968992e-08,  -7.27191593686632e-10, 4.2201219046687385e-11,
                          -3.206747420996635e-12,  3.006145125351706e-13, -3.336328185322427e-14,
                          4.255225040245461e-15,   -6.09993013164005e-16, 9.662128970303257e-17,
                          -1.6686065214378146e-17, 3.1082440486738143e-18};
constexpr double kP1[] = {1.0009030408600137,      0.0008989898330859408,   -3.987284300488908e-06,
                          6.177633960644299e-08,   -1.8718907491063067e-09, 8.816898659582339e-11,
                          -5.704863640395645e-12,  4.699195515230542e-13,   -4.6842237839904895e-14,
                          5.452674896044717e-15,   -7.221180842274018e-16,  1.0667689114335412e-16,
                          -1.7312313216116335e-17, 3.0492991197665872e-18};
constexpr double kQ1[] = {0.04677778706953532,     -9.62772354915708e-05,  9.138615257955454e-07,
                          -2.0959781384083424e-08, 8.229193327650554e-10,  -4.686363688176945e-11,
                          3.5152187949686082e-12,  -3.2643156743279e-13,   3.5967765829165294e-14,
                          -4.5612523950772974e-15, 6.508282957783384e-16,  -1.0269147531823243e-16,
                          1.767635548776479e-17,   -3.2834519872981614e-18};

constexpr double kSplit = 8.0;
constexpr double kFlat = 0x1p-28;  // below, the first term of the power series is all
constexpr double kTwoOverPi = 0.63661977236758134;
constexpr double kSqrtPi = 1.7724538509055161;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// sum_k c_k T_k(t) by Clenshaw's recurrence.
template <std::size_t N>
double series(const double (&c)[N], double t) {
  double b1 = 0.0, b2 = 0.0;
  for (std::size_t k = N - 1; k > 0; --k) {
    const double b = (2.0 * t * b1 - b2) + c[k];
    b2 = b1;
    b1 = b;
  }
  return (t * b1 - b2) + c[0];
}

double small_argument(double x) { return x * x / 32.0 - 1.0; }

/// j and y beyond kSplit, of order 0 and 1.
struct Pair {
  double j, y;
};

template <std::size_t N, std::size_t M>
Pair far_out(const double (&p_series)[N], const double (&q_series)[M], int order, double x) {
  const double z = kSplit / x, t = 2.0 * z * z - 1.0;
  const double p = series(p_series, t), q = z * series(q_series, t);
  // sqrt(2) cos(c) and sqrt(2) sin(c).
  const double s = sin(x), c = cos(x);
  const double cosine = order == 0 ? c + s : s - c, sine = order == 0 ? s - c : -(c + s);
  const double size = 1.0 / (kSqrtPi * std::sqrt(x));
  return {size * (p * cosine - q * sine), size * (p * sine + q * cosine)};
}

/// Below the order: downward from an order where J is 0 to rounding, then 1 = J_0 + 2 J_2 + 2 J_4 + ... (Miller).
double downward(int n, double x) {
  constexpr double kLarge = 0x1p500;
  int k = n + 20 + static_cast<int>(std::sqrt(200.0 * n));
  k += k % 2;
  double above = 0.0, at = 1.0, wanted = 0.0, total = 0.0;
  for (; k > 0; --k) {
    const double below = 2.0 * k / x * at - above;
    above = at;
    at = below;
    if (std::fabs(at) > kLarge) {
      at /= kLarge;
      above /= kLarge;
      wanted /= kLarge;
      total /= kLarge;
    }
    if (k - 1 == n) wanted = at;
    if ((k - 1) % 2 == 0) total += k > 1 ? 2.0 * at : at;
  }
  return wanted / total;
}

}  // namespace

double j0(double x) {
  x = std::fabs(x);
  if (x < kFlat) return 1.0;
  if (x <= kSplit) return series(kJ0, small_argument(x));
  return x == kInfinity ? 0.0 : far_out(kP0, kQ0, 0, x).j;
}

double j1(double x) {
  const double size = std::fabs(x);
  if (size < kFlat) return 0.5 * x;
  if (size <= kSplit) return x * series(kJ1, small_argument(x));
  if (size == kInfinity) return std::copysign(0.0, x);
  const double value = far_out(kP1, kQ1, 1, size).j;
  return x < 0.0 ? -value : value;
}

double y0(double x) {
  if (x == 0.0) return -kInfinity;
  if (!(x > 0.0)) return kNaN;
  if (x <= kSplit) return kTwoOverPi * (log(x) * j0(x)) + series(kY0, small_argument(x));
  return x == kInfinity ? 0.0 : far_out(kP0, kQ0, 0, x).y;
}

double y1(double x) {
  if (x == 0.0) return -kInfinity;
  if (!(x > 0.0)) return kNaN;
  if (x <= kSplit) return kTwoOverPi * (log(x) * j1(x) - 1.0 / x) + x * series(kY1, small_argument(x));
  return x == kInfinity ? 0.0 : far_out(kP1, kQ1, 1, x).y;
}

double jn(double order, double x) {
  constexpr double kMaxOrder = 1000.0, kTiny = 1e-4;
  if (!(std::fabs(order) <= kMaxOrder) || order != std::floor(order) || std::isnan(x)) return kNaN;
  const int n = std::abs(static_cast<int>(order));
  const double size = std::fabs(x);
  double value = 0.0;
  if (n == 0) {
    value = j0(size);
  } else if (n == 1) {
    value = j1(size);
  } else if (size == kInfinity) {
    value = 0.0;
  } else if (size < kTiny) {  // two terms of the power series
    const double half = 0.5 * size;
    value = 1.0;
    for (int k = 1; k <= n; ++k) value *= half / k;
    value *= 1.0 - half * half / (n + 1);
  } else if (size > n) {
    double below = j0(size);
    value = j1(size);
    for (int k = 1; k < n; ++k) {
      const double above = 2.0 * k / size * value - below;
      below = value;
      value = above;
    }
  } else {
    value = downward(n, size);
  }
  // J_-n(x) = J_n(-x) = (-1)^n J_n(x)
  return n % 2 == 1 && (order < 0.0) != (x < 0.0) ? -value : value;
}

}  // namespace descent::math
