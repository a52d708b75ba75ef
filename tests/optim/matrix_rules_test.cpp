// What rules that see named blocks promise besides their golden trajectories.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "descent/core/error.hpp"
#include "descent/core/random.hpp"
#include "descent/optim/chain_state.hpp"
#include "descent/optim/minimize.hpp"
#include "descent/optim/optimizer.hpp"
#include "descent/parallel/pool.hpp"
#include "descent/simd/target.hpp"
#include "src/optim/rules/eigenbasis.hpp"
#include "src/optim/rules/matrix.hpp"
#include "tests/optim/golden_problems.hpp"
#include "tests/optim/memory_archive.hpp"

namespace descent {
namespace {

using ::testing::HasSubstr;

const char* const kChains[] = {
    "lars(10, weight_decay=0.01)",
    "lars(10, weight_decay=0.01, epsilon=1e-3, denominator=norm_of_sum, nesterov=true)",
    "lamb(0.01)",
    "lamb(cosine(0.05, 8), weight_decay=0, beta2=0.9)",
    "scale_by_adam | scale_by_trust_ratio(0.5, epsilon=0.1) | scale(0.1)",
    "adafactor",
    "adafactor(0.05, weight_decay=0.1, epsilon_placement=clamp)",
    "adafactor(cosine(0.05, 9), relative_step=false, scale_parameter=false, clipping_threshold=2)",
    "torch.adafactor(0.1, epsilon1=0.01)",
    "muon(0.02)",
    "muon(0.02, momentum=0.5, nesterov=false, steps=3, scaling=original, weight_decay=0)",
    "soap(0.01)",
    "soap(0.01, precondition_frequency=2, beta1=0.8, factor_beta=0.5, weight_decay=0)",
    "soap(0.01, precondition_frequency=1, max_dimension=5)",
    "clip_by_global_norm(1) | scale_by_muon | clip_by_value(0.5) | scale_by_learning_rate(0.1)",
};

/// Matrices of every orientation and of sizes that fill no vector, vectors between them, one beyond a block of 256.
const std::vector<ParameterBlock>& shapes() {
  static const std::vector<ParameterBlock> blocks{{"W", 5, 3},   {"b", 5, 1},   {"V", 2, 17}, {"row", 1, 9},
                                                  {"U", 20, 21}, {"c", 300, 1}, {"one", 1, 1}};
  return blocks;
}
std::size_t size_of(const std::vector<ParameterBlock>& blocks) {
  std::size_t n = 0;
  for (const ParameterBlock& block : blocks) n += block.size();
  return n;
}

std::vector<double> gradient_of(std::size_t n, std::uint64_t step) {
  const Rng rng(7, RandomStream::test, static_cast<std::uint32_t>(step));
  std::vector<double> g(n);
  for (std::size_t i = 0; i < n; ++i)
    g[i] = i % 11 == 3 ? 0.0 : rng.normal(i) * std::ldexp(1.0, static_cast<int>(i % 9) - 4);
  return g;
}

template <class T>
std::vector<T> run(const std::string& text, ChainPath path, int steps = 12, double scale = 1.0) {
  const std::size_t n = size_of(shapes());
  BasicChainState<T> state(parse_chain(text), n, {.path = path, .blocks = shapes()});
  std::vector<T> x(n);
  const Rng rng(8, RandomStream::test);
  for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<T>(rng.normal(i));
  for (int k = 0; k < steps; ++k) {
    std::vector<T> g;
    for (const double v : gradient_of(n, static_cast<std::uint64_t>(k))) g.push_back(static_cast<T>(scale * v));
    state.update(g, x);
  }
  return x;
}

TEST(MatrixRules, RunExactlyLikeTheirReferenceOnEveryTarget) {
  for (const char* text : kChains) {
    const std::vector<double> expected = run<double>(text, ChainPath::reference);
    for (const std::string& target : simd::supported_targets()) {
      SCOPED_TRACE(target + ": " + text);
      simd::force_target(target);
      ASSERT_EQ(run<double>(text, ChainPath::fastest), expected);
      ASSERT_EQ(run<double>(text, ChainPath::blocks), expected);
      const std::vector<float> narrow = run<float>(text, ChainPath::fastest, 1);
      const std::vector<double> wide = run<double>(text, ChainPath::reference, 1);
      for (std::size_t i = 0; i < wide.size(); ++i) ASSERT_NEAR(narrow[i], wide[i], 1e-4) << i;
    }
    simd::reset_target();
  }
}

TEST(MatrixRules, OnFloatsHaveTheSameBitsOnEveryTarget) {
  for (const char* text : kChains) {
    const std::vector<float> expected = run<float>(text, ChainPath::fastest);
    for (const std::string& target : simd::supported_targets()) {
      simd::force_target(target);
      EXPECT_EQ(run<float>(text, ChainPath::blocks), expected) << target << ": " << text;
    }
    simd::reset_target();
  }
}

TEST(MatrixRules, ProductsAreTheTextbooksOnEveryTarget) {
  const Rng rng(3, RandomStream::test);
  for (const std::string& target : simd::supported_targets()) {
    simd::force_target(target);
    for (const std::size_t rows : {1, 3, 4, 9})
      for (const std::size_t depth : {1, 2, 33})
        for (const std::size_t columns : {1, 7, 8, 16, 35}) {
          std::vector<double> a(rows * depth), b(depth * columns);
          for (std::size_t i = 0; i < a.size(); ++i) a[i] = rng.normal(i);
          for (std::size_t i = 0; i < b.size(); ++i) b[i] = rng.normal(1000 + i);
          EXPECT_EQ((rules::product<rules::FastProduct>(a.data(), b.data(), rows, depth, columns)),
                    (rules::product<rules::TextbookProduct>(a.data(), b.data(), rows, depth, columns)))
              << target << ' ' << rows << ' ' << depth << ' ' << columns;
        }
  }
  simd::reset_target();
}

TEST(MatrixRules, AnyNumberOfThreadsGivesTheSameBits) {
  // Large enough to be shared out, with rows that do not fill the last share.
  const std::vector<ParameterBlock> blocks{{"W", 130, 131}, {"b", 9, 1}};
  const std::size_t n = size_of(blocks);
  for (const char* text : {"muon(0.02)", "soap(0.01, precondition_frequency=1)"}) {
    std::vector<double> expected;
    for (const std::size_t threads : {1, 2, 3, 4, 8}) {
      parallel::Pool pool(threads);
      ChainState state(parse_chain(text), n, {.pool = threads == 1 ? nullptr : &pool, .blocks = blocks});
      std::vector<double> x(n, 1.0);
      for (std::uint64_t k = 0; k < 3; ++k) state.update(gradient_of(n, k), x);
      if (expected.empty()) expected = x;
      EXPECT_EQ(x, expected) << text << ' ' << threads;
    }
  }
}

TEST(MatrixRules, SharedProductsAreTheSame) {
  const Rng rng(3, RandomStream::test);
  parallel::Pool pool(3);
  for (const std::size_t rows : {63, 64, 65, 97, 200}) {
    const std::size_t depth = 130, columns = 131;
    std::vector<float> a(rows * depth), b(depth * columns);
    for (std::size_t i = 0; i < a.size(); ++i) a[i] = static_cast<float>(rng.normal(i));
    for (std::size_t i = 0; i < b.size(); ++i) b[i] = static_cast<float>(rng.normal(100000 + i));
    EXPECT_EQ(rules::product(a.data(), b.data(), rows, depth, columns, rules::FastProduct{&pool}),
              (rules::product<rules::TextbookProduct>(a.data(), b.data(), rows, depth, columns)))
        << rows;
  }
}

TEST(MatrixRules, SavedAndLoadedTheyContinueWithTheSameBits) {
  const std::size_t n = size_of(shapes());
  for (const char* text : kChains)
    for (const std::uint64_t stop : {1, 6}) {
      const ChainOptions options{.blocks = shapes()};
      ChainState first(parse_chain(text), n, options);
      std::vector<double> x(n, 1.0);
      for (std::uint64_t k = 0; k < stop; ++k) first.update(gradient_of(n, k), x);
      MemoryArchive memory;
      first.save(memory);
      ChainState second(parse_chain(text), n, options);
      second.load(memory);
      std::vector<double> y = x;
      for (std::uint64_t k = stop; k < stop + 5; ++k) {
        first.update(gradient_of(n, k), x);
        second.update(gradient_of(n, k), y);
      }
      EXPECT_EQ(x, y) << text;
    }
}

TEST(MatrixRules, TheStateOfOtherBlocksIsRefused) {
  ChainState of_matrix(parse_chain("adafactor"), 6, {.blocks = {{"W", 2, 3}}});
  MemoryArchive memory;
  of_matrix.save(memory);
  ChainState of_other(parse_chain("adafactor"), 6, {.blocks = {{"W", 3, 2}}});
  try {
    of_other.load(memory);
    FAIL() << "it was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::model);
    EXPECT_THAT(error.what(), HasSubstr("W 2x3"));
    EXPECT_THAT(error.what(), HasSubstr("W 3x2"));
  }
}

TEST(MatrixRules, AdafactorRemembersOneNumberARowAndOneAColumn) {
  ChainState state(parse_chain("adafactor"), 30 * 40 + 7, {.blocks = {{"W", 30, 40}, {"b", 7, 1}}});
  MemoryArchive memory;
  state.save(memory);
  EXPECT_EQ(memory.numbers("slot0").size(), 30U + 40U + 7U);
}

TEST(MatrixRules, MuonsMoveHasSingularValuesNearOne) {
  const std::size_t rows = 6, columns = 4;
  std::vector<double> x(rows * columns), g(rows * columns);
  const Rng rng(5, RandomStream::test);
  for (std::size_t i = 0; i < g.size(); ++i) g[i] = rng.normal(i);
  ChainState(parse_chain("scale_by_muon(scaling=original) | scale(1)"), g.size(), {.blocks = {{"W", rows, columns}}})
      .update(g, x);
  const double scale = std::sqrt(1.5);
  for (double& value : x) value /= -scale;
  // The eigenvalues of x^T x are the squares of x's singular values.
  const std::vector<double> across = rules::transposed(x.data(), rows, columns);
  const auto gram = rules::product<rules::TextbookProduct>(across.data(), x.data(), columns, rows, columns);
  const std::vector<double> q = rules::eigenvectors(gram, columns);
  const auto turned = rules::product<rules::TextbookProduct>(x.data(), q.data(), rows, columns, columns);
  for (std::size_t j = 0; j < columns; ++j) {
    double squared = 0.0;
    for (std::size_t i = 0; i < rows; ++i) squared += turned[i * columns + j] * turned[i * columns + j];
    EXPECT_GT(std::sqrt(squared), 0.65);
    EXPECT_LT(std::sqrt(squared), 1.25);
  }
}

TEST(MatrixRules, MuonTakesGradientsOfEverySize) {
  const std::vector<double> usual = run<double>("muon(0.1, weight_decay=0)", ChainPath::fastest, 1);
  for (const double size : {0x1p600, 0x1p-10}) {
    const std::vector<double> other = run<double>("muon(0.1, weight_decay=0)", ChainPath::fastest, 1, size);
    for (std::size_t i = 0; i < 15; ++i) EXPECT_NEAR(other[i], usual[i], 1e-12) << size;
  }
}

TEST(MatrixRules, TorchsMuonRefusesVectorsAndNamesThem) {
  try {
    ChainState state(parse_chain("torch.muon"), 16, {.blocks = {{"W", 4, 3}, {"b", 4, 1}}});
    FAIL() << "it was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
    EXPECT_THAT(error.what(), HasSubstr("the block \"b\" is a vector of 4"));
  }
  EXPECT_THROW(ChainState(parse_chain("torch.muon"), 16), Error);
  EXPECT_NO_THROW(ChainState(parse_chain("torch.muon"), 12, {.blocks = {{"W", 4, 3}}}));
}

TEST(MatrixRules, SoapsFirstUpdateOnlyLooks) {
  std::vector<double> x(12, 1.0);
  ChainState state(parse_chain("soap(0.1, weight_decay=0.5)"), 12, {.blocks = {{"W", 4, 3}}});
  state.update(gradient_of(12, 0), x);
  EXPECT_EQ(x, std::vector<double>(12, 1.0));
  state.update(gradient_of(12, 1), x);
  for (const double v : x) EXPECT_NE(v, 1.0);
}

TEST(MatrixRules, EigenvectorsAreOrthonormalAndDiagonalize) {
  const Rng rng(4, RandomStream::test);
  for (const std::size_t n : {1, 2, 5, 24}) {
    const std::size_t rank = n > 5 ? 7 : n;  // also where many directions were never seen
    std::vector<double> g(n * rank);
    for (std::size_t i = 0; i < g.size(); ++i) g[i] = rng.normal(i);
    const std::vector<double> across = rules::transposed(g.data(), n, rank);
    const auto a = rules::product<rules::TextbookProduct>(g.data(), across.data(), n, rank, n);
    for (const bool by_iteration : {false, true}) {
      const std::vector<double> start = rules::eigenvectors(a, n);
      const std::vector<double> q =
          by_iteration ? rules::orthonormal(rules::product<rules::TextbookProduct>(a.data(), start.data(), n, n, n), n)
                       : start;
      const std::vector<double> qt = rules::transposed(q.data(), n, n);
      const auto identity = rules::product<rules::TextbookProduct>(qt.data(), q.data(), n, n, n);
      const auto aq = rules::product<rules::TextbookProduct>(a.data(), q.data(), n, n, n);
      const auto diagonal = rules::product<rules::TextbookProduct>(qt.data(), aq.data(), n, n, n);
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) {
          EXPECT_NEAR(identity[i * n + j], i == j ? 1.0 : 0.0, 1e-13);
          const double value = diagonal[i * n + j];
          if (i != j) {
            EXPECT_NEAR(value, 0.0, 1e-11);
          } else if (i > 0) {
            EXPECT_LE(value, diagonal[(i - 1) * n + i - 1] + 1e-11);
          }
        }
    }
  }
}

TEST(MatrixRules, NeverHideAValueThatIsNotFinite) {
  for (const char* text : kChains) {
    const std::size_t n = size_of(shapes());
    ChainState state(parse_chain(text), n, {.blocks = shapes()});
    std::vector<double> x(n, 1.0);
    state.update(gradient_of(n, 0), x);
    std::vector<double> g = gradient_of(n, 1);
    g[1] = g[16] = std::numeric_limits<double>::quiet_NaN();
    state.update(g, x);
    EXPECT_FALSE(std::isfinite(x[1])) << text;
    EXPECT_FALSE(std::isfinite(x[16])) << text;
  }
}

/// A golden problem behind the interface that minimize() sees.
class WithBlocks final : public Objective {
 public:
  explicit WithBlocks(golden::Problem problem) : problem_(std::move(problem)) {}
  [[nodiscard]] std::size_t num_parameters() const override { return problem_.start.size(); }
  [[nodiscard]] std::vector<ParameterBlock> parameter_blocks() const override { return problem_.blocks; }
  double evaluate(View x, MutableView gradient) override {
    std::vector<double> g(x.size());
    const double value = problem_.evaluate({x.begin(), x.end()}, 0, g);
    if (!gradient.empty()) std::copy(g.begin(), g.end(), gradient.begin());
    return value;
  }

 private:
  golden::Problem problem_;
};

TEST(MatrixRules, MinimizeHandsThemTheObjectivesBlocks) {
  const golden::Problem problem = golden::matrix();
  for (const char* text : {"lamb(0.01)", "adafactor", "muon(0.01)", "soap(0.01)"}) {
    const Result result =
        minimize(WithBlocks(problem), problem.start, parse_optimizer(text), {.max_steps = 5, .gradient_tolerance = 0});
    ChainState state(parse_chain(text), problem.start.size(), {.blocks = problem.blocks});
    std::vector<double> x = problem.start, g(x.size());
    for (int k = 0; k < 5; ++k) {
      problem.evaluate(x, 0, g);
      state.update(g, x);
    }
    EXPECT_EQ(result.x, x) << text;
  }
}

TEST(MatrixRules, EachMinimizesItsProblem) {
  const golden::Problem problem = golden::matrix();
  const double least =
      minimize(WithBlocks(problem), problem.start, parse_optimizer("lbfgs"), {.gradient_tolerance = 1e-10}).value;
  std::vector<double> g(problem.start.size());
  const double first = problem.evaluate(problem.start, 0, g);
  for (const char* text : {"lars(cosine(20, 2000))", "lamb(cosine(0.05, 2000), weight_decay=0)",
                           "adafactor(cosine(0.1, 2000), relative_step=false)", "torch.adafactor(0.1)",
                           "muon(cosine(0.1, 2000), weight_decay=0)", "soap(cosine(0.05, 2000), weight_decay=0)"})
    for (const double shift : {0.0, 1.0, -2.0}) {
      std::vector<double> start = problem.start;
      for (double& v : start) v += shift;
      const Result result = minimize(WithBlocks(problem), start, parse_optimizer(text), {.max_steps = 2000});
      EXPECT_LT(result.value - least, 1e-3 * (first - least)) << text << " from " << shift;
    }
}

}  // namespace
}  // namespace descent
