#include "descent/optim/minimize.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <thread>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/core/trace.hpp"
#include "descent/optim/chain_state.hpp"
#include "tests/optim/objectives.hpp"

namespace descent {
namespace {

using testing::Given;
using ::testing::HasSubstr;
using testing::one_variable;
using testing::quadratic;
using testing::rosenbrock;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

const char* const kMethods[] = {"auto",
                                "lbfgs",
                                "spectral_gradient",
                                "gradient_descent",
                                "sgd",
                                "sgd(0.1)",
                                "momentum(0.02)",
                                "momentum",
                                "nesterov(0.02)",
                                "nesterov",
                                "rmsprop(0.05)",
                                "adam(0.1)",
                                "adam",
                                "adamw(0.05, weight_decay=0)",
                                "clip_by_global_norm(1) | sgd(0.1)",
                                "momentum(0.1, form=ema)",
                                "momentum(0.02, form=velocity)"};

/// (x0 - 3)^2 + 2 (x1 + 1)^2: a minimum away from the origin, and easy for every rule.
Given shifted_bowl() {
  return {2, [](View x, MutableView g) {
            const double a = x[0] - 3.0, b = x[1] + 1.0;
            if (!g.empty()) {
              g[0] = 2.0 * a;
              g[1] = 4.0 * b;
            }
            return a * a + 2.0 * (b * b);
          }};
}

TEST(Minimize, EveryMethodFindsAMinimumAwayFromTheOrigin) {
  for (const char* method : kMethods) {
    auto f = shifted_bowl();
    const Result result =
        minimize(f, {0.0, 0.0}, parse_optimizer(method), {.max_steps = 20000, .gradient_tolerance = 1e-6});
    if (std::string(method) == "rmsprop(0.05)") {  // its moves are as long as its rate: it circles the minimum
      EXPECT_NEAR(result.x[0], 3.0, 0.05);
      continue;
    }
    EXPECT_EQ(result.status, Status::converged) << method << ": " << result.reason;
    ASSERT_TRUE(result.certificate) << method;
    EXPECT_EQ(result.certificate->kind, "gradient");
    EXPECT_LE(result.certificate->bound, 1e-6);
    EXPECT_NEAR(result.x[0], 3.0, 1e-6) << method;
    EXPECT_NEAR(result.x[1], -1.0, 1e-6) << method;
  }
}

TEST(Minimize, ResultsAreConsistentForEveryMethod) {
  for (const char* method : kMethods) {
    auto f = rosenbrock();
    const Result result = minimize(f, {-1.2, 1.0}, parse_optimizer(method), {.max_steps = 40});
    SCOPED_TRACE(method);
    EXPECT_EQ(result.value_evaluations, f.calls);  // what the objective saw
    if (result.status == Status::diverged) continue;
    std::vector<double> gradient(2);
    EXPECT_EQ(f.evaluate(result.x, gradient), result.value);
    EXPECT_EQ(gradient, result.gradient);
    EXPECT_EQ(f.value(result.best.x), result.best.value);
    EXPECT_LE(result.best.value, result.value);
    EXPECT_LE(result.best.step, result.steps);
    EXPECT_FALSE(result.reason.empty());
    EXPECT_EQ(to_text(parse_optimizer(result.optimizer)), result.optimizer);
  }
}

TEST(Minimize, WithAllTolerancesZeroMakesExactlyAsManyUpdatesAsAllowed) {
  for (const char* method : {"sgd(0.1)", "adam(0.1)", "momentum(0.01)"}) {
    auto f = shifted_bowl();
    const Result result =
        minimize(f, {3.0, -1.0}, parse_optimizer(method), {.max_steps = 123, .gradient_tolerance = 0});
    EXPECT_EQ(result.status, Status::step_limit);
    EXPECT_EQ(result.steps, 123U);
    EXPECT_EQ(f.calls, 124U);  // the start and after every update
  }
}

TEST(Minimize, AStartThatIsAMinimumNeedsNoUpdate) {
  for (const char* method : kMethods) {
    auto f = shifted_bowl();
    const Result result = minimize(f, {3.0, -1.0}, parse_optimizer(method));
    EXPECT_EQ(result.status, Status::converged) << method;
    EXPECT_EQ(result.steps, 0U) << method;
    EXPECT_THAT(result.reason, HasSubstr("at the start"));
  }
}

TEST(Minimize, EveryStoppingRuleWorksWithEveryMethodAndSaysSo) {
  const std::pair<const char*, MinimizeOptions> rules[] = {
      {"step_tolerance ", {.gradient_tolerance = 0, .step_tolerance = 1e-2}},
      {"step_tolerance_relative", {.gradient_tolerance = 0, .step_tolerance_relative = 1e-2}},
      {"step_tolerance_component", {.gradient_tolerance = 0, .step_tolerance_component = 1e-2}},
      {"value_tolerance ", {.gradient_tolerance = 0, .value_tolerance = 1e-3}},
      {"value_tolerance_relative", {.gradient_tolerance = 0, .value_tolerance_relative = 0.5}},
      {"gradient_tolerance_relative", {.gradient_tolerance = 0, .gradient_tolerance_relative = 1e-1}},
  };
  for (const char* method : kMethods)
    for (const auto& [name, options] : rules) {
      auto f = shifted_bowl();
      const Result result = minimize(f, {0.0, 0.5}, parse_optimizer(method), options);
      SCOPED_TRACE(std::string(method) + ", " + name + ": " + result.reason);
      if (result.gradient_norm == 0.0 && result.status == Status::converged)
        continue;  // solved exactly, which is proof
      const bool certified = std::string(name) == "gradient_tolerance_relative";
      EXPECT_EQ(result.status, certified ? Status::converged : Status::small_change);
      EXPECT_EQ(result.certificate.has_value(), certified);
      EXPECT_THAT(result.reason, HasSubstr(name));
      EXPECT_GE(result.steps, 1U);
    }
}

TEST(Minimize, ASmallChangeIsNeverCalledConverged) {
  // Flat but not at its minimum: every step is tiny, the gradient is not.
  auto f = one_variable([](double x) { return -x; }, [](double) { return -1.0; });
  const Result result = minimize(f, {0.0}, sgd(1e-9), {.step_tolerance = 1e-6});
  EXPECT_EQ(result.status, Status::small_change);
  EXPECT_FALSE(result.certificate);
  EXPECT_THAT(result.suggestion, HasSubstr("proves no minimum"));
}

TEST(Minimize, DivergenceNamesStepAndCoordinateAndSuggestsAStableRate) {
  // Curvatures 1 and 100: the largest stable rate is 2 / 100.
  auto f = quadratic(2, 100.0);
  const Result result = minimize(f, {0.0, 0.0}, sgd(0.03), {.max_steps = 100000});
  EXPECT_EQ(result.status, Status::diverged);
  ASSERT_TRUE(result.fault);
  EXPECT_EQ(result.fault->step, result.steps);
  EXPECT_EQ(result.fault->what, "objective");
  EXPECT_THAT(result.reason, HasSubstr("is not finite after update"));
  EXPECT_THAT(result.suggestion, HasSubstr("0.02 "));
  EXPECT_FALSE(result.certificate);
  EXPECT_TRUE(std::isfinite(result.best.value));
  EXPECT_EQ(f.value(result.best.x), result.best.value);
}

TEST(StableRate, IsTheLimitOfTheChainThatIsUsed) {
  const struct {
    const char* chain;  // with the rate left out
    double limit;       // times curvature
  } cases[] = {{"sgd(R)", 2.0},
               {"momentum(R, momentum=0.5)", 3.0},
               {"momentum(R, momentum=0.5, form=velocity)", 3.0},
               {"momentum(R, momentum=0.5, form=ema)", 6.0},
               {"momentum(R, momentum=0.5, dampening=0.5)", 6.0},
               {"nesterov(R, momentum=0.5)", 1.5},
               {"scale(0.25) | sgd(R)", 8.0}};
  for (const auto& [text, limit] : cases) {
    const auto with_rate = [&, form = std::string(text)](double rate) {
      std::string chain = form;
      return parse_chain(chain.replace(chain.find("R"), 1, number_text(rate)));
    };
    const auto known = stable_rate_times_curvature(with_rate(1.0));
    ASSERT_TRUE(known) << text;
    EXPECT_NEAR(*known, limit, 1e-12) << text;
    // Curvature 100 is the larger one: just below the limit the run converges, just above it grows.
    auto f = quadratic(2, 100.0);
    EXPECT_EQ(minimize(f, {0.0, 0.0}, with_rate(0.98 * limit / 100.0), {.max_steps = 20000}).status, Status::converged)
        << text;
    const Result above = minimize(f, {0.0, 0.0}, with_rate(1.02 * limit / 100.0), {.max_steps = 100000});
    EXPECT_EQ(above.status, Status::diverged) << text;
    EXPECT_THAT(above.suggestion, HasSubstr(plain_decimal_text(limit / 100.0, 3))) << text;
  }
  for (const char* text : {"adam(0.1)", "clip_by_global_norm(1) | sgd(0.1)", "add_decayed_weights(0.1) | sgd(0.1)"})
    EXPECT_FALSE(stable_rate_times_curvature(parse_chain(text))) << text;
}

TEST(Minimize, AStepLimitIsNotAnsweredWithMoreStepsWhereTheyDoNotHelp) {
  auto f = quadratic(1, 2.0);
  const Result rising = minimize(f, {5.0}, sgd(1.05), {.max_steps = 20});
  EXPECT_EQ(rising.status, Status::step_limit);
  EXPECT_THAT(rising.suggestion, HasSubstr("no lower than where it began"));
  EXPECT_THAT(rising.suggestion, HasSubstr("largest stable one"));
  auto kink = one_variable([](double x) { return std::fabs(x); }, [](double x) { return x > 0 ? 1.0 : -1.0; });
  const Result jumping = minimize(kink, {1.0}, sgd(0.3), {.max_steps = 100});
  EXPECT_THAT(jumping.suggestion, HasSubstr("no update since 3 reached a lower value"));
  EXPECT_THAT(jumping.suggestion, HasSubstr("cosine(0.3, 100)"));
  const Result slow = minimize(f, {5.0}, sgd(0.01), {.max_steps = 20});
  EXPECT_THAT(slow.suggestion, HasSubstr("allow more steps, or try the optimizer auto"));
}

TEST(Minimize, GrowthAloneNeverStopsARun) {
  auto f = quadratic(2, 100.0);
  const Result result = minimize(f, {0.0, 0.0}, sgd(0.03), {.max_steps = 100});
  EXPECT_EQ(result.status, Status::step_limit);
  EXPECT_GT(result.value, 1e20);
  EXPECT_EQ(result.best.step, 0U);
}

TEST(Minimize, NamesTheFirstCoordinateThatIsNotFinite) {
  for (const char* method : {"sgd(0.1)", "adam(0.1)"}) {
    int calls = 0;
    Given f(3, [&](View x, MutableView g) {
      for (std::size_t i = 0; i < 3; ++i)
        if (!g.empty()) g[i] = 1.0;
      if (++calls > 5 && !g.empty()) g[1] = std::nan("");
      return x[0] + x[1] + x[2];
    });
    const Result result = minimize(f, {0, 0, 0}, parse_optimizer(method));
    EXPECT_EQ(result.status, Status::diverged);
    ASSERT_TRUE(result.fault);
    EXPECT_EQ(result.fault->step, 5U);
    EXPECT_EQ(result.fault->what, "gradient");
    EXPECT_EQ(result.fault->coordinate, 1U);
    EXPECT_THAT(result.reason, HasSubstr("x1"));
  }
}

TEST(Minimize, AParameterThatOverflowsIsFoundEvenIfTheObjectiveHidesIt) {
  Given f(1, [](View, MutableView g) {
    if (!g.empty()) g[0] = -1e300;
    return 0.0;
  });
  const Result result = minimize(f, {0.0}, sgd(1e10));
  EXPECT_EQ(result.status, Status::diverged);
  ASSERT_TRUE(result.fault);
  EXPECT_EQ(result.fault->what, "parameter");
  EXPECT_EQ(result.fault->coordinate, 0U);
}

TEST(Minimize, ANotFiniteStartIsADivergedRunAtStepZero) {
  for (const char* method : kMethods) {
    auto f = one_variable([](double x) { return std::log(x); }, [](double x) { return 1.0 / x; });
    const Result result = minimize(f, {-1.0}, parse_optimizer(method));
    EXPECT_EQ(result.status, Status::diverged) << method;
    ASSERT_TRUE(result.fault);
    EXPECT_EQ(result.fault->step, 0U);
    EXPECT_EQ(result.steps, 0U);
    EXPECT_THAT(result.suggestion, HasSubstr("start where"));
  }
}

TEST(Minimize, AnUnboundedObjectiveIsNeverASuccess) {
  for (const char* method : {"auto", "gradient_descent", "sgd(0.1)", "spectral_gradient"}) {
    auto f = one_variable([](double x) { return -x * x; }, [](double x) { return -2.0 * x; });
    const Result result = minimize(f, {3.0}, parse_optimizer(method), {.max_steps = 100000});
    EXPECT_EQ(result.status, Status::diverged) << method << ": " << result.reason;
    EXPECT_FALSE(result.certificate);
    EXPECT_FALSE(result.suggestion.empty());
  }
}

TEST(Minimize, BoundsAreHeldAndTheProjectedGradientIsTheCertificate) {
  for (const char* method :
       {"auto", "lbfgs", "spectral_gradient", "gradient_descent", "sgd(0.1)", "momentum(0.02)", "adam(0.1)"}) {
    bool inside = true;
    auto f = shifted_bowl();
    MinimizeOptions options{.max_steps = 20000, .gradient_tolerance = 1e-6};
    options.bounds = {{-1.0, 2.0}, {-kInfinity, kInfinity}};
    options.observer = [&](const StepInfo& info) {
      inside = inside && info.x[0] >= -1.0 && info.x[0] <= 2.0;
      return true;
    };
    const Result result = minimize(f, {-7.0, 0.0}, parse_optimizer(method), options);
    EXPECT_EQ(result.status, Status::converged) << method << ": " << result.reason;
    EXPECT_EQ(result.x[0], 2.0) << method;
    EXPECT_NEAR(result.x[1], -1.0, 1e-6) << method;
    EXPECT_TRUE(inside) << method;
    EXPECT_NEAR(result.gradient[0], -2.0, 1e-12);  // the gradient itself is not 0 there
  }
}

TEST(Minimize, BoundsOnRosenbrockGiveScipysMinimum) {
  // scipy 1.10.1 L-BFGS-B with bounds [(-2, 0.5), (-2, 2)]: x = (0.5, 0.25), f = 0.25.
  auto f = rosenbrock();
  const Result result = minimize(f, {-1.2, 1.0}, Optimizer(), {.bounds = {{-2, 0.5}, {-2, 2}}});
  EXPECT_EQ(result.status, Status::converged) << result.reason;
  EXPECT_EQ(result.optimizer, "lbfgs");
  EXPECT_NEAR(result.x[0], 0.5, 1e-12);
  EXPECT_NEAR(result.x[1], 0.25, 1e-9);
  EXPECT_NEAR(result.value, 0.25, 1e-9);
}

TEST(Minimize, TheTraceHoldsTheValuesBeforeEachUpdate) {
  auto f = one_variable([](double x) { return x * x; }, [](double x) { return 2 * x; });
  Trace trace;
  const Result result = minimize(f, {10.0}, sgd(cosine(0.2, 4)), {.max_steps = 3, .observer = trace.recorder()});
  ASSERT_EQ(trace.rows().size(), 3U);
  EXPECT_EQ(trace.rows()[0].objective, 100.0);
  EXPECT_EQ(trace.rows()[0].gradient_norm, 20.0);
  EXPECT_EQ(trace.rows()[0].step_norm, 0.0);
  EXPECT_EQ(trace.rows()[0].learning_rate, 0.2);
  EXPECT_EQ(trace.rows()[1].step_norm, 4.0);
  EXPECT_EQ(trace.rows()[1].objective, 36.0);
  EXPECT_EQ(trace.parameters(1)[0], 6.0);
  EXPECT_EQ(trace.rows()[2].step, 2U);
  EXPECT_LT(result.value, trace.rows()[2].objective);
  EXPECT_EQ(result.learning_rate, trace.rows()[2].learning_rate);
}

TEST(Minimize, LineSearchMethodsTraceTheUpdateTheyMakeAndNeverRise) {
  for (const char* method : {"lbfgs", "gradient_descent"}) {
    auto f = rosenbrock();
    Trace trace;
    const Result result =
        minimize(f, {-1.2, 1.0}, parse_optimizer(method), {.max_steps = 30, .observer = trace.recorder()});
    ASSERT_EQ(trace.rows().size(), result.steps) << method;
    for (std::size_t k = 1; k < trace.rows().size(); ++k) {
      EXPECT_LE(trace.rows()[k].objective, trace.rows()[k - 1].objective) << method;
      EXPECT_GT(trace.rows()[k].learning_rate, 0.0);
    }
  }
}

TEST(Minimize, StopsPolitelyWhenAskedTo) {
  for (const char* method : kMethods) {
    StopSource source;
    auto f = rosenbrock();
    const auto after_three = [&](const StepInfo& info) {
      if (info.step == 3) source.request_stop();
      return true;
    };
    Result result = minimize(f, {-1.2, 1.0}, parse_optimizer(method),
                             {.gradient_tolerance = 0, .observer = after_three, .stop = source.token()});
    EXPECT_EQ(result.status, Status::interrupted) << method;
    EXPECT_EQ(result.steps, 4U) << method;
    result = minimize(f, {-1.2, 1.0}, parse_optimizer(method),
                      {.observer = [](const StepInfo& info) { return info.step < 3; }});
    EXPECT_EQ(result.status, Status::interrupted) << method;
    EXPECT_EQ(result.steps, 3U) << method;
  }
}

TEST(Minimize, EndsAtItsTimeLimit) {
  for (const char* method : {"auto", "sgd(1e-9)", "gradient_descent"}) {
    auto f = one_variable([](double x) { return x; }, [](double) { return 1.0; });
    const Result result = minimize(f, {0.0}, parse_optimizer(method), {.max_steps = ~0ULL, .time_limit_seconds = 1e-9});
    EXPECT_EQ(result.status, Status::time_limit) << method;
  }
}

TEST(Minimize, AWrongGradientIsALineSearchThatFailed) {
  auto f = one_variable([](double x) { return x * x; }, [](double x) { return -2.0 * x; });
  for (const char* method : {"lbfgs", "gradient_descent"}) {
    const Result result = minimize(f, {1.0}, parse_optimizer(method));
    EXPECT_EQ(result.status, Status::line_search_failed) << method;
    EXPECT_THAT(result.suggestion, HasSubstr("gradient may be wrong"));
    EXPECT_EQ(result.x[0], 1.0);
    EXPECT_FALSE(result.ok());
  }
}

TEST(Minimize, SaysHowLongTheObjectiveTook) {
  class Slow final : public Objective {
   public:
    [[nodiscard]] std::size_t num_parameters() const override { return 1; }
    double evaluate(View x, MutableView gradient) override {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      if (!gradient.empty()) gradient[0] = 2.0 * x[0];
      return x[0] * x[0];
    }
  } slow;
  const Result result = minimize(slow, {3.0}, parse_optimizer("sgd(0.1)"), {.max_steps = 10});
  EXPECT_EQ(result.value_evaluations, 11U);
  EXPECT_GE(result.objective_seconds, 11 * 0.002);
  EXPECT_LE(result.objective_seconds, result.seconds);
  EXPECT_EQ(result.observer_seconds, 0.0);
}

TEST(Minimize, RefusesWhatMakesNoSense) {
  auto f = rosenbrock();
  const double nan = std::nan("");
  EXPECT_THROW((void)minimize(f, {1.0}), Error);
  EXPECT_THROW((void)minimize(f, {1.0, nan}), Error);
  EXPECT_THROW((void)minimize(f, {1.0, 1.0}, {.gradient_tolerance = -1.0}), Error);
  EXPECT_THROW((void)minimize(f, {1.0, 1.0}, {.step_tolerance = nan}), Error);
  EXPECT_THROW((void)minimize(f, {1.0, 1.0}, {.value_tolerance_relative = kInfinity}), Error);
  EXPECT_THROW((void)minimize(f, {1.0, 1.0}, {.bounds = {{0, 1}}}), Error);
  EXPECT_THROW((void)minimize(f, {1.0, 1.0}, {.bounds = {{0, 1}, {2, 1}}}), Error);
  EXPECT_THROW((void)minimize(f, {1.0, 1.0}, {.bounds = {{0, 1}, {nan, 1}}}), Error);
  EXPECT_THROW((void)minimize(f, {1.0, 1.0}, parse_optimizer("levenberg_marquardt")), Error);  // it shows no residuals
  EXPECT_THROW((void)minimize(f, {1.0, 1.0}, Chain()), Error);
  EXPECT_EQ(f.calls, 0U);  // before any work
}

TEST(Minimize, ReportsTheAverageOfARuleThatAveragesUnlessTheIterateIsCertified) {
  auto f = testing::quadratic(3, 4.0);
  const Chain chain = parse_chain("asgd(0.1, t0=0)");
  const Result result = minimize(f, {5, 5, 5}, chain, {.max_steps = 20, .gradient_tolerance = 0});
  ChainState state(chain, 3);
  std::vector<double> x{5, 5, 5}, gradient(3), solution(3);
  for (int k = 0; k < 20; ++k) {
    const double value = f.evaluate(x, gradient);
    state.update(gradient, x, value);
  }
  state.solution(x, solution);
  EXPECT_EQ(result.x, solution);
  EXPECT_NE(result.x, x);
  EXPECT_EQ(result.value, f.evaluate(solution, gradient));
  const Result certified = minimize(f, {5, 5, 5}, chain, {.max_steps = 100000, .gradient_tolerance = 1e-6});
  ASSERT_EQ(certified.status, Status::converged);
  f.evaluate(certified.x, gradient);
  for (const double g : gradient) EXPECT_LE(std::fabs(g), 1e-6);
}

/// 4 ||x||^2 of a matrix: torch.muon takes no vectors.
class Bowl : public Objective {
 public:
  [[nodiscard]] std::size_t num_parameters() const override { return 4; }
  [[nodiscard]] std::vector<ParameterBlock> parameter_blocks() const override {
    return {{.name = "w", .rows = 2, .columns = 2}};
  }
  double evaluate(View x, MutableView gradient) override {
    double value = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      value += 4.0 * x[i] * x[i];
      if (!gradient.empty()) gradient[i] = 8.0 * x[i];
    }
    return value;
  }
};

TEST(Minimize, ARateThatIsAutoIsWhatItsEntrySays) {
  std::size_t told = 0;
  for (const auto& named : optimizer_registry().items()) {
    const Entry& entry = named.entry;
    const auto rate = std::find_if(entry.params.begin(), entry.params.end(), [](const ParamSpec& spec) {
      return spec.name == "learning_rate" && spec.allows_auto;
    });
    if (rate == entry.params.end() || is_variance_reduced(parse_optimizer(entry.name).method)) continue;
    Bowl objective;
    const Optimizer asked = parse_optimizer(entry.name + "(learning_rate=auto)");
    const Result result = minimize(objective, {1.0, 2.0, 3.0, 4.0}, asked, {.max_steps = 1});
    const auto says = [&](const char* part) { return rate->meaning.find(part) != std::string::npos; };
    const bool of_its_own = says("the steps of gradient_descent");
    EXPECT_NE(of_its_own, says("in minimize what a range test from the start suggests"))
        << entry.name << ": " << rate->meaning;
    EXPECT_EQ(of_its_own, result.optimizer == "gradient_descent") << entry.name;
    EXPECT_EQ(says("cut to 0.3 of it"), result.optimizer.find("plateau(") != std::string::npos) << entry.name;
    EXPECT_EQ(result.optimizer.find("auto"), std::string::npos) << entry.name;
    // Where there is no range test. The search accepts 1 / L, which is 1 / 8.
    const bool averages =
        entry.name.find("schedule_free") != std::string::npos || entry.name.find("asgd") != std::string::npos;
    if (!of_its_own && !averages) {
      const MinimizeOptions within{.max_steps = 1, .term = parse_proximal_term("ball(radius=1e6)")};
      if (says("half of what one backtracking search")) {
        EXPECT_EQ(minimize(objective, {1.0, 2.0, 3.0, 4.0}, asked, within).learning_rate, 1.0 / 16.0) << entry.name;
      } else {
        EXPECT_EQ(minimize(objective, {1.0, 2.0, 3.0, 4.0}, asked, within).learning_rate, 0.01) << entry.name;
      }
    }
    ++told;
  }
  EXPECT_GE(told, 30U);
}

}  // namespace
}  // namespace descent
