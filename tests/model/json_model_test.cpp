#include "descent/model/json_model.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "descent/core/error.hpp"
#include "descent/core/random.hpp"

namespace descent::model {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

std::string small_model() {
  JsonWriter writer;
  writer.begin("learner");
  writer.put_text("kind", "linear");
  writer.put_numbers("coefficients", std::vector<double>{0.1, -2.5, 3});
  writer.put_integer("classes", 3);
  writer.put_flag("intercept", true);
  writer.end();
  writer.begin("empty");
  writer.end();
  writer.put_texts("columns", std::vector<std::string>{"age", "größe", "a\"b\\c\n"});
  return writer.text();
}

std::string refusal(const std::string& text) {
  try {
    static_cast<void>(JsonReader::parse(text, "m.json"));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::model);
    return error.what();
  }
  return "accepted";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(JsonModel, LooksLikeThis) {
  EXPECT_EQ(small_model(),
            "{\n"
            "  \"format\": \"descent-model\",\n"
            "  \"version\": 1,\n"
            "  \"checksum\": \"crc32c:d2ac6058\",\n"
            "  \"content\": {\n"
            "    \"learner\": {\n"
            "      \"kind\": \"linear\",\n"
            "      \"coefficients\": [0.1, -2.5, 3],\n"
            "      \"classes\": 3,\n"
            "      \"intercept\": true\n"
            "    },\n"
            "    \"empty\": {},\n"
            "    \"columns\": [\"age\", \"größe\", \"a\\\"b\\\\c\\n\"]\n"
            "  }\n"
            "}\n");
}

TEST(JsonModel, ReadsBackWhatWasSaved) {
  JsonReader reader = JsonReader::parse(small_model(), "m.json");
  EXPECT_TRUE(reader.has("learner"));
  EXPECT_FALSE(reader.has("kind"));
  reader.enter("learner");
  EXPECT_EQ(reader.text("kind"), "linear");
  EXPECT_EQ(reader.numbers("coefficients"), (std::vector<double>{0.1, -2.5, 3}));
  EXPECT_EQ(reader.integer("classes"), 3);
  EXPECT_EQ(reader.number("classes"), 3.0);
  EXPECT_TRUE(reader.flag("intercept"));
  reader.leave();
  EXPECT_EQ(reader.texts("columns"), (std::vector<std::string>{"age", "größe", "a\"b\\c\n"}));
}

TEST(JsonModel, EveryNumberKeepsItsBits) {
  std::vector<double> values{0.0,
                             -0.0,
                             5e-324,
                             1.7976931348623157e308,
                             9007199254740993.0,
                             1e15,
                             1e16,
                             1e17,
                             1e21,
                             123e18,
                             -1e19,
                             0.1 + 0.2,
                             std::nan(""),
                             kInf,
                             -kInf};
  const Rng rng(5, RandomStream::test);
  for (std::uint64_t i = 0; i < 20000; ++i) {
    const double value = std::bit_cast<double>(rng.bits(i));
    if (!std::isnan(value)) values.push_back(value);
    values.push_back(std::ldexp(static_cast<double>(rng.bits(i + 100000) >> 11), static_cast<int>(i % 40)));
  }
  JsonWriter writer;
  writer.put_numbers("values", values);
  writer.put_number("zero", -0.0);
  writer.put_number("nan", std::nan(""));
  JsonReader reader = JsonReader::parse(writer.text(), "m.json");
  const std::vector<double> got = reader.numbers("values");
  ASSERT_EQ(got.size(), values.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    EXPECT_EQ(std::bit_cast<std::uint64_t>(got[i]), std::bit_cast<std::uint64_t>(values[i])) << values[i];
  EXPECT_TRUE(std::signbit(reader.number("zero")));
  EXPECT_TRUE(std::isnan(reader.number("nan")));
}

TEST(JsonModel, IntegersKeepAllTheirBits) {
  JsonWriter writer;
  writer.put_integer("low", std::numeric_limits<long long>::min());
  writer.put_integer("high", std::numeric_limits<long long>::max());
  JsonReader reader = JsonReader::parse(writer.text(), "m.json");
  EXPECT_EQ(reader.integer("low"), std::numeric_limits<long long>::min());
  EXPECT_EQ(reader.integer("high"), std::numeric_limits<long long>::max());
}

TEST(JsonModel, BytesThatAreNoUtf8KeepTheirValues) {
  std::string bytes;
  for (int c = 1; c < 256; ++c) bytes += static_cast<char>(c);
  JsonWriter writer;
  writer.put_text("text", bytes);
  writer.put_texts("texts", std::vector<std::string>{"plain", bytes, ""});
  JsonReader reader = JsonReader::parse(writer.text(), "m.json");
  EXPECT_EQ(reader.text("text"), bytes);
  EXPECT_EQ(reader.texts("texts"), (std::vector<std::string>{"plain", bytes, ""}));
}

TEST(JsonModel, LayoutAndOrderOfMembersAreFree) {
  std::string text = small_model();
  std::erase(text, '\n');
  text = replaced(text, "  \"version\": 1,", "\t\r\n\"version\":1 ,");
  text = replaced(text, "\"classes\": 3,      \"intercept\": true", "\"intercept\": true, \"classes\": 3");
  JsonReader reader = JsonReader::parse(text, "m.json");
  reader.enter("learner");
  EXPECT_EQ(reader.integer("classes"), 3);
}

TEST(JsonModel, RefusesWhatIsNoModel) {
  EXPECT_EQ(refusal(""), "m.json: the file is empty: not a descent model");
  EXPECT_EQ(refusal("x,y\n1,2\n"), "m.json:1:1: not a descent model: this is no JSON");
  EXPECT_EQ(refusal("{\n  \"a\": nope\n}"), "m.json:2:9: not a descent model: this is no JSON");
  const std::string no_model = "m.json: not a descent model: expected an object with \"format\": \"descent-model\"";
  EXPECT_EQ(refusal("[1, 2]"), no_model);
  EXPECT_EQ(refusal("{\"format\": 1}"), no_model);
  EXPECT_EQ(refusal("{\"format\": \"onnx\"}"), no_model);
}

TEST(JsonModel, RefusesALaterVersion) {
  EXPECT_EQ(refusal(replaced(small_model(), "\"version\": 1", "\"version\": 3")),
            "m.json: written by a later descent (format 3; this one reads up to 1)");
  EXPECT_EQ(refusal(replaced(small_model(), "\"version\": 1", "\"version\": 18446744073709551615")),
            "m.json: written by a later descent (format 18446744073709551615; this one reads up to 1)");
  for (const char* bad : {"0", "-1", "1.5", "\"1\"", "null"})
    EXPECT_NE(refusal(replaced(small_model(), "\"version\": 1", std::string("\"version\": ") + bad)).find("damaged"),
              std::string::npos);
}

TEST(JsonModel, RefusesAnyChangeOfTheContent) {
  const std::string text = small_model();
  EXPECT_EQ(refusal(replaced(text, "-2.5", "-2.6")).find("m.json: damaged: the content does not match its checksum"),
            0U);
  EXPECT_NE(refusal(replaced(text, "\"age\"", "\"agf\"")), "accepted");
  EXPECT_NE(refusal(replaced(text, "true", "false")), "accepted");
  EXPECT_NE(refusal(replaced(text, "\"checksum\"", "\"checksim\"")), "accepted");
  EXPECT_NE(refusal(replaced(text, "\"content\"", "\"contents\"")), "accepted");
}

TEST(JsonModel, RefusesEveryPrefixOfAFile) {
  const std::string text = small_model();
  for (std::size_t size = 1; size + 2 < text.size(); ++size)
    EXPECT_NE(refusal(text.substr(0, size)).find("damaged"), std::string::npos) << size;
  EXPECT_EQ(refusal(text.substr(0, 200)),
            "m.json: damaged: the text ends before the model does (was the file cut off?)");
}

TEST(JsonModel, RefusesRepeatedMembersDeepNestingAndHugeNumbers) {
  EXPECT_EQ(refusal("{\"format\": \"descent-model\", \"format\": \"descent-model\"}"),
            "m.json: damaged: \"format\" occurs twice in one section");
  EXPECT_EQ(refusal(std::string(1000000, '[')), "m.json: damaged: nested deeper than 64");
  std::string objects;
  for (int i = 0; i < 100000; ++i) objects += "{\"a\":";
  EXPECT_EQ(refusal(objects), "m.json: damaged: nested deeper than 64");
  EXPECT_EQ(refusal("{\"format\": 1e999}"), "m.json: damaged: a number does not fit a double");
}

TEST(JsonModel, GettersNameThePathOfWhatIsWrong) {
  JsonReader reader = JsonReader::parse(small_model(), "m.json");
  const auto error_of = [](const auto& get) -> std::string {
    try {
      get();
    } catch (const Error& error) {
      return error.code() == ErrorCode::model ? error.what() : "wrong code";
    }
    return "accepted";
  };
  EXPECT_EQ(error_of([&] { reader.enter("columns"); }), "m.json 'columns': expected a section, got array");
  EXPECT_EQ(error_of([&] { static_cast<void>(reader.numbers("columns")); }),
            "m.json 'columns[0]': expected a number, got string");
  reader.enter("learner");
  EXPECT_EQ(error_of([&] { static_cast<void>(reader.number("momentum")); }),
            "m.json 'learner.momentum': missing: expected a number");
  EXPECT_EQ(error_of([&] { static_cast<void>(reader.flag("kind")); }),
            "m.json 'learner.kind': expected true or false, got string");
  EXPECT_EQ(error_of([&] { static_cast<void>(reader.text("coefficients")); }),
            "m.json 'learner.coefficients': expected a text, got array");
  EXPECT_EQ(error_of([&] { static_cast<void>(reader.integer("coefficients")); }),
            "m.json 'learner.coefficients': expected a whole number of 64 bits, got array");
}

TEST(JsonModel, AWriterTellsItsUserOfBugs) {
  const auto code_of = [](const auto& use) {
    JsonWriter writer;
    try {
      use(writer);
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::usage;
  };
  EXPECT_EQ(code_of([](JsonWriter& w) { w.end(); }), ErrorCode::internal);
  EXPECT_EQ(code_of([](JsonWriter& w) {
              w.put_number("a", 1);
              w.put_text("a", "b");
            }),
            ErrorCode::internal);
  EXPECT_EQ(code_of([](JsonWriter& w) {
              w.begin("a");
              static_cast<void>(w.text());
            }),
            ErrorCode::internal);
  EXPECT_EQ(code_of([](JsonWriter& w) { w.put_flag("\xff", true); }), ErrorCode::internal);
  EXPECT_EQ(code_of([](JsonWriter& w) {
              for (int i = 0; i < 100; ++i) w.begin("a");
            }),
            ErrorCode::internal);
}

TEST(JsonModel, TheDeepestModelThatCanBeWrittenCanBeRead) {
  JsonWriter writer;
  std::size_t depth = 0;
  try {
    for (; depth < 100; ++depth) {
      writer.begin("a");
      writer.put_numbers("list", std::vector<double>{1.0});
    }
  } catch (const Error&) {
  }
  JsonWriter whole;
  for (std::size_t i = 0; i < depth; ++i) {
    whole.begin("a");
    whole.put_numbers("list", std::vector<double>{1.0});
  }
  for (std::size_t i = 0; i < depth; ++i) whole.end();
  EXPECT_GT(depth, 50U);
  JsonReader reader = JsonReader::parse(whole.text(), "m.json");
  for (std::size_t i = 0; i < depth; ++i) reader.enter("a");
  EXPECT_EQ(reader.numbers("list"), std::vector<double>{1.0});
}

}  // namespace
}  // namespace descent::model
