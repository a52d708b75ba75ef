#include "descent/core/text.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "descent/core/random.hpp"

namespace descent {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(NumberText, IsTheShortestThatReadsBack) {
  EXPECT_EQ(number_text(0.1), "0.1");
  EXPECT_EQ(number_text(1e22), "1e+22");
  EXPECT_EQ(number_text(-0.0), "-0");
  EXPECT_EQ(number_text(100000.0), "1e+05");
  EXPECT_EQ(number_text(5e-324), "5e-324");
  EXPECT_EQ(number_text(kNan), "nan");
  EXPECT_EQ(number_text(-kInfinity), "-inf");
  const Rng rng(1, RandomStream::test);
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    const auto value = std::bit_cast<double>(rng.bits(i));
    if (!std::isfinite(value)) continue;
    const auto back = parse_number(number_text(value));
    ASSERT_TRUE(back.has_value()) << number_text(value);
    ASSERT_EQ(std::bit_cast<std::uint64_t>(*back), std::bit_cast<std::uint64_t>(value)) << number_text(value);
  }
}

TEST(NumberText, RoundsToTheDigitsAskedFor) {
  EXPECT_EQ(number_text(3.14159, 3), "3.14");
  EXPECT_EQ(number_text(2.50, 5), "2.5");
  EXPECT_EQ(number_text(1234567.0, 3), "1.23e+06");
  EXPECT_EQ(number_text(0.1, 0), "0.1");  // out of range: 1
  EXPECT_EQ(number_text(0.1, 99), "0.10000000000000001");
}

TEST(CountText, SeparatesThousands) {
  EXPECT_EQ(count_text(0), "0");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1000), "1,000");
  EXPECT_EQ(count_text(108900), "108,900");
  EXPECT_EQ(count_text(-1234567), "-1,234,567");
  EXPECT_EQ(count_text(-100), "-100");
  EXPECT_EQ(count_text(-0.2), "0");
  EXPECT_EQ(count_text(kInfinity), "inf");
}

TEST(PlainDecimalText, NeverHasAnExponent) {
  EXPECT_EQ(plain_decimal_text(6.0897e-4, 3), "0.000609");
  EXPECT_EQ(plain_decimal_text(6.0897e-4, 4), "0.000609");  // 0.0006090 without its zero
  EXPECT_EQ(plain_decimal_text(0.09999, 2), "0.1");
  EXPECT_EQ(plain_decimal_text(0.5, 3), "0.5");
  EXPECT_EQ(plain_decimal_text(-0.5, 3), "-0.5");
  EXPECT_EQ(plain_decimal_text(1e-12, 2), "0.000000000001");
  EXPECT_EQ(plain_decimal_text(12.0, 4), "12");
  EXPECT_EQ(plain_decimal_text(1e21, 3), "1000000000000000000000");
  EXPECT_EQ(plain_decimal_text(0.0, 3), "0");
  EXPECT_EQ(plain_decimal_text(kNan, 3), "nan");
}

TEST(PlainDecimalText, KeepsToItsDigitsInFrontOfThePointToo) {
  EXPECT_EQ(plain_decimal_text(126000.0, 2), "130000");
  EXPECT_EQ(plain_decimal_text(-126000.0, 2), "-130000");
  EXPECT_EQ(plain_decimal_text(99.6, 2), "100");
  EXPECT_EQ(plain_decimal_text(99.6, 3), "99.6");
  EXPECT_EQ(plain_decimal_text(1234.0, 4), "1234");
  EXPECT_EQ(plain_decimal_text(1234.0, 1), "1000");
  EXPECT_EQ(plain_decimal_text(5.0, 0), "5");  // out of range: 1
}

TEST(ParseNumber, ReadsDecimalAndScientific) {
  EXPECT_EQ(parse_number("12"), 12.0);
  EXPECT_EQ(parse_number("+.5"), 0.5);
  EXPECT_EQ(parse_number("-1.5e3"), -1500.0);
  EXPECT_EQ(parse_number("1E-3"), 0.001);
  EXPECT_EQ(parse_number("5."), 5.0);
}

TEST(ParseNumber, RefusesEverythingElse) {
  for (const char* text :
       {"",    "+",    "-",     ".",     "e5",  "1e",    "1e+", "+-1", "-+1",  "++1",      "--1", " 1",    "1 ",
        "1,5", "0x10", "1.2.3", "1e5.5", "12a", "1_000", "inf", "nan", "-inf", "infinity", "NaN", "1e400", "-1e400"})
    EXPECT_EQ(parse_number(text), std::nullopt) << '"' << text << '"';
  EXPECT_EQ(parse_number(std::string_view("1\0", 2)), std::nullopt);
}

TEST(ParseNumber, ReadsWhatIsNotFiniteOnlyWhenAsked) {
  EXPECT_EQ(parse_number("inf", true), kInfinity);
  EXPECT_EQ(parse_number("-inf", true), -kInfinity);
  EXPECT_TRUE(std::isnan(parse_number("nan", true).value()));
  EXPECT_EQ(parse_number("1e400", true), std::nullopt) << "a number too large is not infinity";
}

TEST(ParseNumber, TellsUnderflowFromOverflowByTheValueNotTheLook) {
  const std::string zeros(500, '0');
  for (const std::string& tiny : {std::string("1e-400"), "0." + zeros + "1", "0." + zeros + "1e100",
                                  std::string("1e-99999999999999999999"), "." + zeros + "7"}) {
    EXPECT_EQ(parse_number(tiny), 0.0) << tiny;
    const auto negative = parse_number("-" + tiny);
    ASSERT_TRUE(negative.has_value()) << tiny;
    EXPECT_TRUE(*negative == 0.0 && std::signbit(*negative)) << tiny;
  }
  for (const std::string& huge : {std::string("1e400"), "1" + zeros, "1" + zeros + "e-50", "1" + zeros + ".5e-100",
                                  std::string("1e99999999999999999999")}) {
    EXPECT_EQ(parse_number(huge), std::nullopt) << huge;
    EXPECT_EQ(parse_number("-" + huge), std::nullopt) << huge;
  }
  EXPECT_EQ(parse_number("1" + zeros + "e-500"), 1.0);
  EXPECT_EQ(parse_number("0e999999"), 0.0);
}

TEST(ParseInteger, ReadsWholeNumbersThatFit) {
  EXPECT_EQ(parse_integer("-7"), -7);
  EXPECT_EQ(parse_integer("+7"), 7);
  EXPECT_EQ(parse_integer("9223372036854775807"), 9223372036854775807);
  for (const char* text : {"", "+", "-", "+-7", "7.0", "1e3", " 7", "7 ", "9223372036854775808", "abc", "0x7"})
    EXPECT_EQ(parse_integer(text), std::nullopt) << '"' << text << '"';
}

TEST(EditDistance, CountsSingleSlips) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("adam", ""), 4U);
  EXPECT_EQ(edit_distance("adam", "adam"), 0U);
  EXPECT_EQ(edit_distance("adma", "adam"), 1U);  // neighbours swapped
  EXPECT_EQ(edit_distance("adm", "adam"), 1U);
  EXPECT_EQ(edit_distance("addam", "adam"), 1U);
  EXPECT_EQ(edit_distance("edam", "adam"), 1U);
  EXPECT_EQ(edit_distance("ca", "abc"), 3U);  // optimal string alignment; 2 for the unrestricted distance
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(Closest, FindsWhatWasMeantAndNothingElse) {
  const std::vector<std::string> names = {"sgd",           "momentum",          "adam", "adamw", "adagrad",
                                          "learning_rate", "gradient_tolerance"};
  EXPECT_EQ(closest("adma", names), "adam");
  EXPECT_EQ(closest("momentun", names), "momentum");
  EXPECT_EQ(closest("learningrate", names), "learning_rate");
  EXPECT_EQ(closest("gradient", names), "gradient_tolerance") << "cut short";
  EXPECT_EQ(closest("mom", names), "momentum");
  EXPECT_EQ(closest("", names), std::nullopt);
  EXPECT_EQ(closest("x", names), std::nullopt);
  EXPECT_EQ(closest("newton", names), std::nullopt);
  EXPECT_EQ(closest("adam", {}), std::nullopt);
  EXPECT_EQ(did_you_mean("adma", names), " (did you mean 'adam'?)");
  EXPECT_EQ(did_you_mean("newton", names), "");
}

TEST(Closest, PrefersASlipOverANameCutShort) {
  EXPECT_EQ(closest("cosinx", std::vector<std::string>{"cosinx_long", "cosine"}), "cosine");
  // Several that were cut short: the first, however many follow.
  EXPECT_EQ(closest("abc", std::vector<std::string>{"abcdefgh", "abcdefghi", "abcdefghij", "abcdefghijk"}), "abcdefgh");
}

TEST(Split, GivesOnePartMoreThanSeparators) {
  EXPECT_EQ(split("a,b,,c", ','), (std::vector<std::string>{"a", "b", "", "c"}));
  EXPECT_EQ(split("", ','), (std::vector<std::string>{""}));
  EXPECT_EQ(split(",", ','), (std::vector<std::string>{"", ""}));
  EXPECT_EQ(join(split("x=1,y=2", ',')), "x=1, y=2");
  EXPECT_EQ(join({}), "");
}

TEST(Trim, TakesBlanksOffBothEnds) {
  EXPECT_EQ(trim(" \t a b \r\n"), "a b");
  EXPECT_EQ(trim("   "), "");
  EXPECT_EQ(trim(""), "");
}

TEST(Quoted, ShowsAnyBytesOnOneLine) {
  EXPECT_EQ(quoted("n/a"), "\"n/a\"");
  EXPECT_EQ(quoted("say \"hi\" \\"), "\"say \\\"hi\\\" \\\\\"");
  EXPECT_EQ(quoted(std::string_view("a\0b\n\x1b[31m\x7f", 10)), "\"a\\x00b\\x0A\\x1B[31m\\x7F\"");
  EXPECT_EQ(quoted("Größe"), "\"Größe\"");
  EXPECT_EQ(quoted("\xff\xc3"), "\"\\xFF\\xC3\"");
  EXPECT_EQ(descent::quoted(std::string(40, 'x')), '"' + std::string(40, 'x') + '"');
  EXPECT_EQ(descent::quoted(std::string(41, 'x')), '"' + std::string(40, 'x') + "...\"");
}

TEST(Quoted, NeverCutsACharacterInTwo) {
  const std::string text = std::string(39, 'x') + "€€";
  EXPECT_EQ(descent::quoted(text), '"' + std::string(39, 'x') + "€...\"");
  EXPECT_TRUE(is_utf8(descent::quoted(text)));
}

TEST(IsUtf8, FollowsTheStandard) {
  for (const char* good : {"", "abc", "ß", "€", "😀", "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF", "\xEE\x80\x80"})
    EXPECT_TRUE(is_utf8(good)) << good;
  for (const char* bad : {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
                          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE2\x82", "a\xC3", "\xFF"})
    EXPECT_FALSE(is_utf8(bad));
}

}  // namespace
}  // namespace descent
