#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "descent/core/error.hpp"
#include "descent/core/param_table.hpp"

namespace descent {
namespace {

std::string canonical(std::string_view text) { return to_text(parse_call(text)); }

std::string message_of(std::string_view text) {
  try {
    (void)parse_pipeline(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
    return error.what();
  }
  return "accepted";
}

TEST(ParseCall, ReadsPositionalThenNamedArguments) {
  const Call call = parse_call("adam(0.05, beta2=0.99, form=ema)");
  EXPECT_EQ(call.name, "adam");
  ASSERT_EQ(call.arguments.size(), 3U);
  EXPECT_EQ(call.arguments[0].name, "");
  EXPECT_EQ(std::get<double>(call.arguments[0].value), 0.05);
  EXPECT_EQ(call.arguments[1].name, "beta2");
  EXPECT_EQ(std::get<double>(call.arguments[1].value), 0.99);
  EXPECT_EQ(std::get<std::string>(call.arguments[2].value), "ema");
  EXPECT_EQ(call.arguments[2].column, 24U);
}

TEST(ParseCall, ReadsNestedCallsListsAndWords) {
  EXPECT_EQ(canonical("adam(cosine(0.05,5000),beta2 = .99)"), "adam(cosine(0.05, 5000), beta2=0.99)");
  EXPECT_EQ(canonical("f( [1,2 , -3e-1] , auto )"), "f([1, 2, -0.3], auto)");
  EXPECT_EQ(canonical("f([])"), "f([])");
  EXPECT_EQ(canonical("f(g(h(1)))"), "f(g(h(1)))");
  EXPECT_EQ(canonical(" sgd "), "sgd");
  EXPECT_EQ(canonical("sgd()"), "sgd");
  EXPECT_EQ(canonical("_a1(_b=+1)"), "_a1(_b=1)");
  EXPECT_EQ(canonical("f(x\n=\t1)"), "f(x=1)");
}

TEST(ParseCall, KeepsEveryBitOfANumber) {
  for (const char* number : {"0.1", "1e-310", "5e-324", "-0", "1.7976931348623157e+308", "0.30000000000000004"})
    EXPECT_EQ(canonical("f(" + std::string(number) + ")"), "f(" + std::string(number) + ")");
}

TEST(ParsePipeline, ReadsOneCallOrMore) {
  EXPECT_EQ(parse_pipeline("sgd(0.1)").size(), 1U);
  const std::vector<Call> calls = parse_pipeline("clip_by_global_norm(1)|adam");
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_EQ(calls[1].name, "adam");
  EXPECT_EQ(calls[1].column, 24U);
}

TEST(ParsePipeline, ANameMayHaveDots) {
  const std::vector<Call> calls = parse_pipeline("torch.adam(0.1, beta2=.5) | f(x, torch.a.b_2(1))");
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_EQ(calls[0].name, "torch.adam");
  EXPECT_EQ(to_text(calls[0]), "torch.adam(0.1, beta2=0.5)");
  EXPECT_EQ(to_text(calls[1]), "f(x, torch.a.b_2(1))");
  for (const char* wrong : {"torch.", ".adam", "torch..adam", "torch. adam", "torch.2"})
    EXPECT_NE(message_of(wrong), "accepted") << wrong;
}

TEST(ParseErrors, SayWhatWasExpectedWhere) {
  EXPECT_EQ(message_of(""), "column 1: expected a name, got the end in \"\"");
  EXPECT_EQ(message_of("adam(0.1"), "column 9: expected ',' or ')', got the end in \"adam(0.1\"");
  EXPECT_EQ(message_of("adam(0.1))"),
            "column 10: expected ',' inside brackets, '|' or the end, got \")\" in \"adam(0.1))\"");
  EXPECT_EQ(message_of("adam(0.1,)"), "column 10: expected a number, got \")\" in \"adam(0.1,)\"");
  EXPECT_EQ(message_of("adam(0.1 0.2)"), "column 10: expected ',' or ')', got \"0.2)\" in \"adam(0.1 0.2)\"");
  EXPECT_EQ(message_of("sgd(0.1) |"), "column 11: expected a name, got the end in \"sgd(0.1) |\"");
  EXPECT_EQ(message_of("f([1, +])"), "column 7: expected a number, got \"+])\" in \"f([1, +])\"");
}

TEST(ParseCall, TakesCallsInLists) {
  for (const char* text : {"f([g(1), 2])", "f([1, g([2, h(3)]), k], [4])", "f([g])"})
    EXPECT_EQ(to_text(parse_call(text)), text);
  EXPECT_EQ(to_text(parse_call("f([ g() ,2 ])")), "f([g, 2])");
}

TEST(ParseErrors, RefuseWhatOnlyLooksRight) {
  for (const char* text : {"|",        "a||b",    "1",        "(1)",     "f(=1)",   "f(a=)",  "f(a=b=1)", "f([[1]])",
                           "f(1e400)", "f(-inf)", "f(1.2.3)", "f(0x10)", "f(1e)",   "f(--1)", "f(+-1)",   "f(1a)",
                           "f(g(1)",   "f g",     "f(1)g",    "f..g",    "f.",      ".f",     "f-g",      "f(\"a\")",
                           "f('a')",   "Größe",   "f(a b)",   "f(1;2)",  "f(1,,2)", "f(,1)",  "f(])",     "f[1]"})
    EXPECT_NE(message_of(text), "accepted") << text;
  EXPECT_NE(message_of(std::string_view("f\0", 2)), "accepted");
  EXPECT_NE(message_of(std::string_view("f(1\0)", 5)), "accepted");
}

TEST(ParseErrors, RefuseBracketsDeeperThanAnybodyMeans) {
  const auto nested = [](int depth) {
    std::string text = "1";
    for (int i = 0; i < depth; ++i) text = "f(" + text + ")";
    return text;
  };
  EXPECT_EQ(canonical(nested(16)), nested(16));
  EXPECT_THAT(message_of(nested(17)), testing::HasSubstr("at most 16 nested brackets"));
  std::string endless;
  for (int i = 0; i < 100'000; ++i) endless += "f(";
  EXPECT_THAT(message_of(endless), testing::HasSubstr("at most 16 nested brackets"));
}

TEST(ParseErrors, StayShortForLongInputs) {
  const std::string text = "f(" + std::string(1'000'000, '?');
  EXPECT_LT(message_of(text).size(), 200U);
}

TEST(ParseCall, IsAsLongAsItNeedsToBe) {
  std::string text = "f(0";
  for (int i = 1; i < 50'000; ++i) text += ", " + std::to_string(i % 10);
  EXPECT_EQ(parse_call(text + ")").arguments.size(), 50'000U);
}

}  // namespace
}  // namespace descent
