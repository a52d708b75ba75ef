#include "descent/core/param_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "descent/core/error.hpp"

namespace descent {
namespace {

using testing::HasSubstr;

const Entry kEntry{
    .name = "walk",
    .kind = "optimizer",
    .summary = "Takes steps.",
    .formula = "x <- x - r g",
    .params = {{.name = "learning_rate",
                .kind = ParamKind::schedule,
                .default_text = "auto",
                .interval = {.low = 0, .low_open = true},
                .meaning = "r",
                .allows_auto = true},
               {.name = "beta1",
                .kind = ParamKind::number,
                .default_text = "0.9",
                .interval = {.low = 0, .high = 1, .high_open = true},
                .meaning = "memory",
                .why = "Everybody does."},
               {.name = "count", .kind = ParamKind::integer, .default_text = "3", .interval = {.low = 1}},
               {.name = "bold", .kind = ParamKind::flag, .default_text = "false"},
               {.name = "form", .kind = ParamKind::choice, .default_text = "ema", .choices = {"ema", "velocity"}},
               {.name = "weights", .kind = ParamKind::numbers, .default_text = "[1, 2]", .interval = {.low = 0}}},
    .reference = "A. Walker, Steps, 1999, eq. 1.",
    .example = "walk(0.1)",
};
const Entry kNamed{.name = "freeze", .kind = "optimizer", .params = {{.name = "name", .kind = ParamKind::word}}};
const Entry kStrict{
    .name = "power", .kind = "schedule", .params = {{.name = "rate"}, {.name = "exponent", .default_text = "-1"}}};

BoundArguments bound(const std::string& text) { return bind(kEntry, parse_call(text)); }

std::string message_of(const Entry& entry, const std::string& text) {
  try {
    (void)bind(entry, parse_call(text));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
    return error.what();
  }
  return "accepted";
}

TEST(Bind, FillsInDefaults) {
  const BoundArguments arguments = bound("walk");
  EXPECT_TRUE(arguments.is_auto("learning_rate"));
  EXPECT_EQ(arguments.number("beta1"), 0.9);
  EXPECT_EQ(arguments.integer("count"), 3);
  EXPECT_FALSE(arguments.flag("bold"));
  EXPECT_EQ(arguments.choice("form"), "ema");
  EXPECT_EQ(arguments.numbers("weights"), (std::vector<double>{1, 2}));
  EXPECT_FALSE(arguments.given("beta1"));
  EXPECT_EQ(bind(kStrict, parse_call("power(2)")).number("exponent"), -1.0);
}

TEST(Bind, TakesPositionalValuesInOrderAndNamedOnesInAny) {
  const BoundArguments arguments = bound("walk(0.5, 0.25, weights=[], form=velocity, bold=true)");
  EXPECT_EQ(arguments.number("learning_rate"), 0.5);
  EXPECT_EQ(arguments.number("beta1"), 0.25);
  EXPECT_TRUE(arguments.given("beta1"));
  EXPECT_TRUE(arguments.flag("bold"));
  EXPECT_EQ(arguments.choice("form"), "velocity");
  EXPECT_TRUE(arguments.numbers("weights").empty());
  EXPECT_EQ(arguments.call("learning_rate"), nullptr);
}

TEST(Bind, TakesAnyNameForAWord) {
  EXPECT_EQ(bind(kNamed, parse_call("freeze(intercept)")).choice("name"), "intercept");
  EXPECT_EQ(message_of(kNamed, "freeze(1)"), "column 8 'freeze': 'name' must be a name, got 1");
  EXPECT_THAT(message_of(kNamed, "freeze(a(1))"), HasSubstr("must be a name"));
}

TEST(Bind, HandsOnTheCallOfASchedule) {
  const BoundArguments arguments = bound("walk(cosine(0.05, 5000))");
  ASSERT_NE(arguments.call("learning_rate"), nullptr);
  EXPECT_EQ(to_text(*arguments.call("learning_rate")), "cosine(0.05, 5000)");
  EXPECT_FALSE(arguments.is_auto("learning_rate"));
}

TEST(Bind, TakesListsOfNumbersAndCalls) {
  const Entry entry{.name = "after",
                    .params = {{.name = "parts", .kind = ParamKind::schedules, .interval = {.low = 0}}}};
  const std::vector<Argument> mixed = bind(entry, parse_call("after([0.5, cosine(1, 2), 3])")).list("parts");
  ASSERT_EQ(mixed.size(), 3U);
  EXPECT_EQ(std::get<double>(mixed[0].value), 0.5);
  EXPECT_EQ(to_text(*std::get<std::shared_ptr<const Call>>(mixed[1].value)), "cosine(1, 2)");
  EXPECT_EQ(bind(entry, parse_call("after([1, 2])")).list("parts").size(), 2U);
  EXPECT_TRUE(bind(entry, parse_call("after([])")).list("parts").empty());
  for (const char* text : {"after([-1])", "after([cosine(1), -1])", "after(1)", "after(cosine(1))", "after(auto)"})
    EXPECT_THAT(message_of(entry, text), HasSubstr("'parts' must be a list of numbers >= 0 and schedules")) << text;
  EXPECT_THAT(message_of(kEntry, "walk(weights=[1, cosine(1)])"), HasSubstr("got [1, cosine(1)]"));
}

TEST(Bind, RefusesValuesOutsideTheInterval) {
  EXPECT_EQ(message_of(kEntry, "walk(0)"),
            "column 6 'walk': 'learning_rate' must be a number > 0, or auto, or a schedule such as cosine(0.05, 5000), "
            "got 0");
  EXPECT_EQ(message_of(kEntry, "walk(beta1=1)"), "column 6 'walk': 'beta1' must be a number in [0, 1), got 1");
  EXPECT_EQ(message_of(kEntry, "walk(count=2.5)"), "column 6 'walk': 'count' must be a whole number >= 1, got 2.5");
  EXPECT_THAT(message_of(kEntry, "walk(count=1e300)"), HasSubstr("whole number"));
  EXPECT_THAT(message_of(kEntry, "walk(weights=[1, -1])"), HasSubstr("got [1, -1]"));
  EXPECT_NE(message_of(kEntry, "walk(beta1=0)"), "");
  EXPECT_EQ(message_of(kEntry, "walk(beta1=0)"), "accepted");
  EXPECT_EQ(message_of(kEntry, "walk(beta1=-0)"), "accepted");
}

TEST(Bind, RefusesValuesOfAnotherKind) {
  EXPECT_EQ(message_of(kEntry, "walk(form=heavy)"),
            "column 6 'walk': 'form' must be one of ema, velocity, got \"heavy\"");
  EXPECT_EQ(message_of(kEntry, "walk(bold=1)"), "column 6 'walk': 'bold' must be true or false, got 1");
  for (const char* text :
       {"walk(beta1=auto)", "walk(beta1=[1])", "walk(beta1=cosine(1))", "walk(form=1)", "walk(form=[1])",
        "walk(weights=1)", "walk(weights=ema)", "walk(count=auto)", "walk(learning_rate=ema)",
        "walk(learning_rate=[1])", "walk(bold=auto)", "walk(beta1=nan)", "walk(beta1=inf)"})
    EXPECT_THAT(message_of(kEntry, text), HasSubstr("must be")) << text;
}

TEST(Bind, RefusesArgumentsThatDoNotFit) {
  EXPECT_EQ(message_of(kEntry, "walk(beta=0.5)"), "column 6 'walk': unknown parameter 'beta' (did you mean 'beta1'?)");
  EXPECT_EQ(message_of(kEntry, "walk(lr=0.5)"), "column 6 'walk': unknown parameter 'lr' (here it is learning_rate)");
  EXPECT_THAT(message_of(Entry{.name = "one", .params = {{.name = "a"}}}, "one(1, 2)"),
              HasSubstr("takes at most 1 value, got one more: 2"));
  EXPECT_THAT(message_of(kEntry, "walk(speed=1)"),
              HasSubstr("(it takes learning_rate, beta1, count, bold, form, weights)"));
  EXPECT_EQ(message_of(kEntry, "walk(1, beta1=0.5, beta1=0.6)"), "column 20 'walk': 'beta1' is given twice");
  EXPECT_EQ(message_of(kEntry, "walk(1, learning_rate=2)"), "column 9 'walk': 'learning_rate' is given twice");
  EXPECT_THAT(message_of(kEntry, "walk(beta1=0.5, 2)"), HasSubstr("values without a name come first, got 2"));
  EXPECT_EQ(message_of(kStrict, "power(1, 2, 3)"),
            "column 13 'power': takes at most 2 values, got one more: 3 (power(rate, exponent=-1))");
  EXPECT_EQ(message_of(kStrict, "power"),
            "column 1 'power': 'rate' is missing; it must be a number (power(rate, exponent=-1))");
  EXPECT_THAT(message_of(Entry{.name = "none"}, "none(a=1)"), HasSubstr("(it takes no parameters)"));
}

TEST(Placed, ARefusalIsAtItsCallUnlessACallInsideKnowsBetter) {
  const Call call = parse_call("  outer(inner(1))");
  const Call& inner = **std::get_if<std::shared_ptr<const Call>>(&call.arguments[0].value);
  const auto refusal = [](const auto& make) {
    try {
      make();
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  const auto refuse = [](const Place& place) { throw Error(ErrorCode::usage, "no", place); };
  EXPECT_EQ(refusal([&] { placed(call, [&] { refuse({}); }); }), "column 3: no");
  EXPECT_EQ(refusal([&] { placed(call, [&] { refuse({.name = "outer"}); }); }), "column 3 'outer': no");
  EXPECT_EQ(refusal([&] { placed(call, [&] { placed(inner, [&] { refuse({.name = "inner"}); }); }); }),
            "column 9 'inner': no");
  EXPECT_EQ(refusal([&] { placed(call, [&] { refuse({.column = 5}); }); }), "column 5: no");
  // What names a place of its own keeps it, and calls made by code have no column.
  EXPECT_EQ(refusal([&] { placed(call, [] { throw Error(ErrorCode::usage, "no", "bounds"); }); }), "bounds: no");
  EXPECT_EQ(refusal([&] { placed(Call{.name = "made"}, [&] { refuse({.name = "made"}); }); }), "'made': no");
  EXPECT_EQ(placed(call, [] { return 7; }), 7);
}

TEST(BoundArguments, AskedForTheWrongThingSaysThatItIsABug) {
  const BoundArguments arguments = bound("walk");
  const auto internal = testing::Throws<Error>(testing::Property(&Error::code, ErrorCode::internal));
  EXPECT_THAT([&] { (void)arguments.number("speed"); }, internal);
  EXPECT_THAT([&] { (void)arguments.number("learning_rate"); }, internal);  // auto
  EXPECT_THAT([&] { (void)arguments.choice("beta1"); }, internal);
  EXPECT_THAT([&] { (void)arguments.numbers("beta1"); }, internal);
  EXPECT_THAT([&] { (void)arguments.flag("weights"); }, internal);
}

TEST(Interval, KnowsItsEnds) {
  const double infinity = std::numeric_limits<double>::infinity();
  const Interval half_open{.low = 0, .high = 1, .low_open = true};
  EXPECT_FALSE(half_open.contains(0));
  EXPECT_TRUE(half_open.contains(1));
  EXPECT_FALSE(half_open.contains(std::nan("")));
  EXPECT_TRUE(Interval{}.contains(infinity));
  EXPECT_EQ(to_text(half_open), "in (0, 1]");
  EXPECT_EQ(to_text(Interval{.low = 0, .low_open = true}), "> 0");
  EXPECT_EQ(to_text(Interval{.low = 1}), ">= 1");
  EXPECT_EQ(to_text(Interval{.low = 1, .high = 1e6}), "in [1, 1000000]");
  EXPECT_EQ(to_text(Interval{.low = 1e-9, .high = 1e300}), "in [1e-09, 1e+300]");
  EXPECT_EQ(to_text(Interval{.high = 2}), "<= 2");
  EXPECT_EQ(to_text(Interval{.high = 2, .high_open = true}), "< 2");
  EXPECT_EQ(to_text(Interval{}), "");
}

TEST(Describe, SaysEverythingThatIsKnown) {
  EXPECT_EQ(describe(kEntry),
            "walk (optimizer): Takes steps.\n"
            "\nFormula\n  x <- x - r g\n"
            "\nUse\n  walk(learning_rate=auto, beta1=0.9, count=3, bold=false, form=ema, weights=[1, 2])\n"
            "\nParameters\n"
            "  learning_rate: a number > 0, or auto, or a schedule such as cosine(0.05, 5000); default auto\n"
            "      r\n"
            "  beta1: a number in [0, 1); default 0.9\n"
            "      memory\n"
            "      Why this default: Everybody does.\n"
            "  count: a whole number >= 1; default 3\n"
            "  bold: true or false; default false\n"
            "  form: one of ema, velocity; default ema\n"
            "  weights: a list of numbers such as [1, 2] >= 0; default [1, 2]\n"
            "\nReference\n  A. Walker, Steps, 1999, eq. 1.\n"
            "\nExample\n  walk(0.1)\n");
}

TEST(Describe, SaysWhyThereIsNoDefault) {
  const Entry entry{.name = "halt",
                    .kind = "optimizer",
                    .summary = "Stands.",
                    .params = {{.name = "where", .kind = ParamKind::word, .meaning = "a place", .why = "so it is"}}};
  EXPECT_EQ(describe(entry),
            "halt (optimizer): Stands.\n"
            "\nUse\n  halt(where)\n"
            "\nParameters\n"
            "  where: a name; required\n"
            "      a place\n"
            "      Why no default: so it is\n");
}

}  // namespace
}  // namespace descent
