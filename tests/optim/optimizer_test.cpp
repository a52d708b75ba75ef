#include "descent/optim/optimizer.hpp"
#include "descent/optim/makers/transforms.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "descent/core/error.hpp"

namespace descent {
namespace {

using ::testing::HasSubstr;

std::string message_of(const std::string& text) {
  try {
    (void)parse_optimizer(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
    return error.what();
  }
  return "";
}

TEST(Optimizer, TextIsCanonicalAndReadsBack) {
  const std::pair<const char*, const char*> texts[] = {
      {"auto", "auto"},
      {"lbfgs", "lbfgs"},
      {" lbfgs( memory = 20 ) ", "lbfgs(memory=20)"},
      {"lbfgs(5)", "lbfgs(memory=5)"},
      {"gradient_descent", "gradient_descent"},
      {"sgd", "sgd"},
      {"sgd(auto)", "sgd"},
      {"sgd(learning_rate=0.1)", "sgd(0.1)"},
      {"adam(1e-3, 0.9, 0.99)", "adam(0.001, beta2=0.99)"},
      {"clip_by_global_norm(1)|adam(cosine(0.05,5000,end=0))", "clip_by_global_norm(1) | adam(cosine(0.05, 5000))"},
      {"momentum(0.01,momentum=0.9,form=ema)", "momentum(0.01, form=ema)"},
      {"adamw(warm_up(cosine(rate=0.05, steps=5000), 100))", "adamw(warm_up(cosine(0.05, 5000), 100))"},
      {"trace(0.5, nesterov=true) | scale(2)", "trace(0.5, nesterov=true) | scale(2)"},
  };
  for (const auto& [text, canonical] : texts) {
    EXPECT_EQ(to_text(parse_optimizer(text)), canonical);
    EXPECT_EQ(to_text(parse_optimizer(canonical)), canonical);
  }
}

TEST(Optimizer, MakersAndTextMeanTheSame) {
  EXPECT_EQ(to_text(chain(clip_by_global_norm(1.0), adam(cosine(0.05, 5000), {.beta2 = 0.99}))),
            "clip_by_global_norm(1) | adam(cosine(0.05, 5000), beta2=0.99)");
  EXPECT_EQ(to_text(rmsprop(0.01, {.rho = 0.99, .momentum = 0.5})), "rmsprop(0.01, rho=0.99, momentum=0.5)");
  EXPECT_EQ(to_text(adamw(1e-3, {.weight_decay = 0.1})), "adamw(0.001, weight_decay=0.1)");
  EXPECT_EQ(to_text(chain(trace(0.9, {.nesterov = true}), ema(0.5), scale_by_rms(0.8, {.epsilon = 1e-3}),
                          scale_by_adam({.beta1 = 0.5}), add_decayed_weights(0.1), clip_by_value(3), scale(0.5))),
            "trace(nesterov=true) | ema(0.5) | scale_by_rms(0.8, epsilon=0.001) | scale_by_adam(0.5) | "
            "add_decayed_weights(0.1) | clip_by_value(3) | scale(0.5)");
}

TEST(Optimizer, ExamplesOfTheTableAreValid) {
  for (const auto& named : optimizer_registry().items()) {
    EXPECT_FALSE(named.entry.summary.empty()) << named.entry.name;
    ASSERT_FALSE(named.entry.example.empty()) << named.entry.name;
    const std::string canonical = to_text(parse_optimizer(named.entry.example));
    EXPECT_EQ(to_text(parse_optimizer(canonical)), canonical);
    EXPECT_THAT(named.entry.example, HasSubstr(named.entry.name));
    for (const ParamSpec& spec : named.entry.params) {
      EXPECT_FALSE(spec.meaning.empty()) << named.entry.name << ' ' << spec.name;
      EXPECT_FALSE(spec.why.empty()) << named.entry.name << ' ' << spec.name;
    }
  }
}

/// Values just outside the interval, and of every wrong kind.
std::vector<std::string> invalid_values(const ParamSpec& spec) {
  std::vector<std::string> values{"[1, 2]", "cosine(0.1, nonsense)"};
  if (spec.kind != ParamKind::word) values.push_back("nonsense");
  if (!spec.interval.contains(-1.0) || spec.kind == ParamKind::flag || spec.kind == ParamKind::choice ||
      spec.kind == ParamKind::word)
    values.push_back("-1");
  if (spec.kind == ParamKind::flag || spec.kind == ParamKind::choice) values.push_back("0.5");
  if (spec.kind == ParamKind::integer) values.push_back("1.5");
  if (spec.interval.low_open) values.push_back("0");
  if (std::isfinite(spec.interval.high)) values.push_back(spec.interval.high_open ? "1" : "1e300");
  return values;
}

TEST(Optimizer, EveryParameterRefusesEveryInvalidValue) {
  int refused = 0;
  for (const auto& named : optimizer_registry().items())
    for (const ParamSpec& spec : named.entry.params)
      for (const std::string& value : invalid_values(spec)) {
        std::string text = named.entry.name + "(";
        for (const ParamSpec& other : named.entry.params)
          if (other.default_text.empty() && other.name != spec.name) text += other.name + "=1, ";
        text += spec.name + "=" + value + ")";
        EXPECT_NE(message_of(text), "") << text << " was accepted";
        ++refused;
      }
  EXPECT_GT(refused, 100);
}

TEST(Optimizer, MakersRefuseWhatTextRefuses) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  for (const double bad : {0.0, -1.0, nan, infinity}) {
    EXPECT_THROW((void)sgd(bad), Error) << bad;
    EXPECT_THROW((void)clip_by_global_norm(bad), Error) << bad;
    EXPECT_THROW((void)scale(bad), Error) << bad;
    EXPECT_THROW((void)cosine(0.1, bad), Error) << bad;
  }
  EXPECT_THROW((void)adam(0.1, {.beta1 = 1.0}), Error);
  EXPECT_THROW((void)adam(0.1, {.epsilon = 0.0}), Error);
  EXPECT_THROW((void)adamw(0.1, {.weight_decay = -1e-9}), Error);
  EXPECT_THROW((void)momentum(0.1, {.form = MomentumForm::ema, .dampening = 0.5}), Error);
  EXPECT_THROW((void)custom_rule("mine", {}), Error);
}

TEST(Optimizer, MessagesSayWhatIsAllowedAndWhere) {
  EXPECT_THAT(message_of("adma(0.1)"), HasSubstr("did you mean 'adam'?"));
  EXPECT_THAT(message_of("adam(0.1, beta=0.9)"), HasSubstr("unknown parameter 'beta'"));
  EXPECT_THAT(message_of("adam(-0.1)"), HasSubstr("'learning_rate' must be a number > 0"));
  EXPECT_THAT(message_of("adam(cosin(0.1, 10))"), HasSubstr("did you mean 'cosine'?"));
  EXPECT_THAT(message_of("clip_by_value(1) | adam(0.1"), HasSubstr("28"));  // the column
  EXPECT_THAT(message_of("clip_by_value(1) | lbfgs"), HasSubstr("cannot be part of a chain"));
  EXPECT_THAT(message_of("clip_by_value"), HasSubstr("'max_value' is missing"));
}

TEST(Optimizer, TheLearningRateCanBeReplaced) {
  const auto replaced = [](const char* text, const Schedule& rate) {
    return to_text(with_learning_rate(parse_optimizer(text), rate));
  };
  EXPECT_EQ(replaced("adam(0.1, beta2=0.99)", 0.5), "adam(0.5, beta2=0.99)");
  EXPECT_EQ(replaced("adam", cosine(0.1, 10)), "adam(cosine(0.1, 10))");
  EXPECT_EQ(replaced("clip_by_value(1) | momentum(form=ema)", 0.5), "clip_by_value(1) | momentum(0.5, form=ema)");
  EXPECT_EQ(replaced("sgd(0.1)", Schedule::automatic()), "sgd");
  EXPECT_EQ(replaced("gradient_descent", 0.5), "sgd(0.5)");
  EXPECT_EQ(replaced("lbfgs", Schedule::automatic()), "lbfgs");
  EXPECT_THROW(replaced("lbfgs", 0.5), Error);
  EXPECT_THROW(replaced("auto", 0.5), Error);
  EXPECT_THROW(replaced("scale(0.1)", 0.5), Error);
}

}  // namespace
}  // namespace descent
