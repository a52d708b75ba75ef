#include "descent/data/csv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "descent/core/error.hpp"
#include "descent/core/random.hpp"
#include "descent/core/text.hpp"
#include "descent/data/memory_source.hpp"
#include "src/data/number_field.hpp"

namespace descent::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Every value as text, rows joined by '|' and ended by '\n'; missing ones as "_".
std::string show(BatchSource& source) {
  std::string shown = join(source.schema().names(), "|") + "\n";
  const Batch all = read_all(source);
  for (std::size_t row = 0; row < all.num_rows; ++row) {
    std::vector<std::string> values;
    for (std::size_t i = 0; i < all.columns.size(); ++i) {
      if (source.schema().columns[i].kind == ColumnKind::text) {
        values.emplace_back(all.columns[i].text[row].empty() ? "_" : "'" + std::string(all.columns[i].text[row]) + "'");
      } else {
        const double value = all.columns[i].numbers[row];
        values.push_back(std::isnan(value) ? "_" : number_text(value));
      }
    }
    shown += join(values, "|") + "\n";
  }
  return shown;
}

std::string show(std::string text, CsvOptions options = {}) {
  return show(*csv_from_text(std::move(text), std::move(options)));
}

std::string message(std::string text, CsvOptions options = {}) {
  try {
    const std::string shown = show(*csv_from_text(std::move(text), std::move(options), "t.csv"));
    return "no error:\n" + shown;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::data);
    return error.what();
  }
}

TEST(Csv, ReadsNumbersAndTextsByColumn) {
  EXPECT_EQ(show("x,town\n1.5,Ulm\n-2e3,Jena\n"), "x|town\n1.5|'Ulm'\n-2000|'Jena'\n");
}

TEST(Csv, EndsLinesInLfCrlfOrCrAndNeedsNoneAtTheEnd) {
  for (const char* text :
       {"a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4\r\n", "a,b\r1,2\r3,4\r", "a,b\n1,2\n3,4", "a,b\r\n1,2\n3,4\r"})
    EXPECT_EQ(show(text), "a|b\n1|2\n3|4\n") << text;
}

TEST(Csv, KeepsSeparatorsLineEndsAndQuotesInsideQuotes) {
  EXPECT_EQ(show("id,say\n1,\"a, \"\"b\"\"\r\nc\"\n2,\"\"\"\"\n"), "id|say\n1|'a, \"b\"\r\nc'\n2|'\"'\n");
}

TEST(Csv, KeepsBlanksInsideQuotesAndDropsThemOutside) {
  EXPECT_EQ(show("id , say\n 1 ,  a b \n2 , \" a b \" \n"), "id|say\n1|'a b'\n2|' a b '\n");
}

TEST(Csv, TakesAQuoteInsideAnUnquotedFieldAsItStands) {
  EXPECT_EQ(show("id,size\n1,5\" pipe\n"), "id|size\n1|'5\" pipe'\n");
}

TEST(Csv, SkipsAByteOrderMark) { EXPECT_EQ(show("\xEF\xBB\xBFid,x\n1,2\n"), "id|x\n1|2\n"); }

TEST(Csv, SkipsEmptyLinesAndKeepsCountingThem) {
  EXPECT_EQ(show("\n\na,b\n\n1,2\n   \n3,4\n\n"), "a|b\n1|2\n3|4\n");
  EXPECT_THAT(message("a,b\n\n\n1,2,3\n"), HasSubstr("t.csv:4:3: expected 2 fields as in the first row, got 3"));
}

TEST(Csv, FindsTheSeparator) {
  for (const char separator : {',', ';', '\t', '|'}) {
    std::string text = "a_b_c\n1_x_2\n3_y_4\n";
    std::replace(text.begin(), text.end(), '_', separator);
    EXPECT_EQ(show(text), "a|b|c\n1|'x'|2\n3|'y'|4\n") << separator;
  }
}

TEST(Csv, TakesRunsOfSpacesAsOneSeparatorWhenEveryRowHasANumber) {
  EXPECT_EQ(show(" 1  2   3 \n  4 5 6\n"), "c1|c2|c3\n1|2|3\n4|5|6\n");
  EXPECT_EQ(show("quote\nto be\nor not\n"), "quote\n'to be'\n'or not'\n");
}

TEST(Csv, PrefersASemicolonToADecimalComma) {
  EXPECT_EQ(show("a;b\n1,5;2,5\n3,5;4,5\n"), "a|b\n'1,5'|'2,5'\n'3,5'|'4,5'\n");
}

TEST(Csv, FindsTheSeparatorAlthoughTextsHoldOthers) {
  EXPECT_EQ(show("name,age\n\"Braund; Owen\",22\n\"Heikkinen, L; M\",26\n"),
            "name|age\n'Braund; Owen'|22\n'Heikkinen, L; M'|26\n");
}

TEST(Csv, TellsAHeaderFromNumbersAndObeysWhenTold) {
  EXPECT_EQ(show("1,x\n2,y\n"), "c1|c2\n1|'x'\n2|'y'\n");
  EXPECT_EQ(show("u,x\nv,y\n", {.header = CsvHeader::no}), "c1|c2\n'u'|'x'\n'v'|'y'\n");
  EXPECT_EQ(show("2019,2020\n1,2\n", {.header = CsvHeader::yes}), "2019|2020\n1|2\n");
}

TEST(Csv, NamesAColumnWithoutANameByItsPlace) {
  EXPECT_EQ(show(",x\n1,2\n"), "c1|x\n1|2\n");  // the row numbers that R and pandas write
  EXPECT_EQ(show(",c1\n1,2\n"), "c1_|c1\n1|2\n");
}

TEST(Csv, TakesEmptyFieldsAndNaNAsMissingAndNothingElse) {
  EXPECT_EQ(show("x,y,z\n,a,\nNA,,\nnan,b,\nNaN,NA,\n5,c,\n"), "x|y|z\n_|'a'|_\n_|_|_\n_|'b'|_\n_|_|_\n5|'c'|_\n");
  EXPECT_EQ(show("x\n1\n?\n"), "x\n'1'\n'?'\n");
  EXPECT_EQ(show("x\n1\n?\n", {.missing = {"?"}}), "x\n1\n_\n");
}

TEST(Csv, SettlesTheTypeOverTheWholeFile) {
  std::string text = "x\n";
  for (int i = 0; i < 10000; ++i) text += "1\n";
  EXPECT_EQ(csv_from_text(text)->schema().columns[0].kind, ColumnKind::number);
  const auto source = csv_from_text(text + "many\n");
  EXPECT_EQ(source->schema().columns[0].kind, ColumnKind::text);
  EXPECT_EQ(source->num_rows(), 10001U);
  EXPECT_EQ(source->facts()[0].num_numbers, 10000U);
  EXPECT_TRUE(source->facts()[0].spoilt_numbers());
  EXPECT_EQ(to_text(source->facts()[0].first_text), "memory:10002:1 'x'");
  EXPECT_EQ(source->facts()[0].first_text_value, "many");
}

TEST(Csv, KeepsCodesAsTextWhenTold) {
  EXPECT_EQ(show("code,x\n007,1\n010,2\n", {.text_columns = {"code", "absent"}}), "code|x\n'007'|1\n'010'|2\n");
}

TEST(Csv, NamesTheFirstValueThatIsNoNumberWhenOneMustBe) {
  const CsvOptions options{.number_columns = {"price"}};
  EXPECT_EQ(message("a,b,price\n1,2,3\n1,\"x\ny\",n/a\n", options),
            "t.csv:4:3 'price': expected a number, got \"n/a\" (treat it as missing with --missing n/a)");
  EXPECT_THAT(message("price\n1\n?\n", options), HasSubstr("got \"?\" (treat it as missing with --missing '?')"));
  EXPECT_THAT(message("price;a\n1;2\n\"1,5\";2\n", options), HasSubstr("got \"1,5\" (write decimals with a point"));
  EXPECT_THAT(message("price\n1e400\n", options),
              HasSubstr("(it does not fit a double; treat it as missing with --missing 1e400)"));
  EXPECT_THAT(message("price\ninf\n", options),
              HasSubstr("(infinities are no data; treat it as missing with --missing inf)"));
  EXPECT_THAT(message("price\n2019-01-01\n", options), HasSubstr("(treat it as missing with --missing 2019-01-01)"));
  EXPECT_THAT(message("price\n0x10\n", options), HasSubstr("expected a number, got \"0x10\""));
}

TEST(Csv, RefusesRowsOfAnotherLengthNamingLineAndField) {
  EXPECT_EQ(message("a,b\n1,2\n3\n"), "t.csv:3:1: expected 2 fields as in the first row, got 1 (is the line cut off?)");
  EXPECT_EQ(
      message("a,b\n1,2\n3,4,5\n"),
      "t.csv:3:3: expected 2 fields as in the first row, got 3 (a separator in a text? put the text in double quotes)");
}

TEST(Csv, RefusesAQuoteNeverClosedNamingWhereItOpens) {
  EXPECT_EQ(message("a,b\n1,2\n3,\"x\n4,5\n6,7\n"), "t.csv:3:2: the quote that opens here is never closed");
}

TEST(Csv, RefusesTextAfterAClosingQuote) {
  EXPECT_THAT(message("a,b\n1,\"x\"y\n"), HasSubstr("t.csv:2:2: text follows the closing quote"));
}

TEST(Csv, RefusesTwoColumnsOfOneName) {
  EXPECT_THAT(message("a,b,a\n1,2,3\n"), HasSubstr("t.csv:1:3 'a': the name of column 1 again"));
}

TEST(Csv, RefusesWhatIsNoText) {
  EXPECT_THAT(message(std::string("a,b\n1,x\0y\n", 10)), HasSubstr("t.csv:2:2: a NUL byte"));
  EXPECT_THAT(message(std::string("a,b\n1,\"x\0y\"\n", 12)), HasSubstr("t.csv:2:2: a NUL byte"));
  EXPECT_THAT(message("a,town\n1,K\xF6ln\n"), HasSubstr("t.csv:2:2 'town': bytes that are no UTF-8, got \"K\\xF6ln\""));
  EXPECT_THAT(message(std::string("\xFF\xFE"
                                  "a\0,\0",
                                  6)),
              HasSubstr("is UTF-16"));
  EXPECT_THAT(message(std::string("PK\x03\x04zip", 7)), HasSubstr("spreadsheet"));
}

TEST(Csv, TellsUtf32FromUtf16HoweverTheBytesArrive) {
  const std::string bytes("\xFF\xFE\0\0a\0\0\0", 8);
  for (const std::size_t buffer_bytes : {std::size_t{1}, std::size_t{3}, std::size_t{4}, std::size_t{1} << 18U}) {
    try {
      (void)csv_from_text(bytes, {.buffer_bytes = buffer_bytes});
      ADD_FAILURE() << "accepted";
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("is UTF-32")) << buffer_bytes;
    }
  }
}

TEST(Csv, RefusesAFileWithoutRowsAndReadsOneThatHasAHeaderOnly) {
  EXPECT_EQ(message(""), "t.csv: holds no rows");
  EXPECT_EQ(message("\n\n \n"), "t.csv: holds no rows");
  EXPECT_EQ(show("a,b\n"), "a|b\n");
}

TEST(Csv, RefusesFieldsBeyondTheLimit) {
  const CsvOptions options{.max_field_bytes = 10};
  EXPECT_THAT(message("a,b\n1,2345678901234\n", options), HasSubstr("t.csv:2:2: a field of more than 10 bytes"));
  EXPECT_THAT(message("a,b\n1,\"2345678901234\"\n", options), HasSubstr("is this quote ever closed?"));
}

TEST(Csv, RefusesANulByteAsSoonAsItIsSeenWithLineAndOffset) {
  // Both stand before a field that is too long, and a quote that is never closed.
  const std::string zeros(std::size_t{1} << 21U, '\0');
  for (const std::size_t buffer_bytes : {std::size_t{1}, std::size_t{1} << 18U}) {
    const CsvOptions options{.buffer_bytes = buffer_bytes};
    EXPECT_THAT(message("a,b\n1,x" + zeros, options), HasSubstr("t.csv:2:2: a NUL byte, byte 8 of the file"));
    EXPECT_THAT(message("a,b\n1,\"x\ny" + zeros, options), HasSubstr("t.csv:3:2: a NUL byte, byte 11 of the file"));
    EXPECT_THAT(message(zeros, options), HasSubstr("t.csv:1:1: a NUL byte, byte 1 of the file"));
  }
}

TEST(Csv, RefusesARecordBeyondTheLimit) {
  std::string wide = "a,b\n1,2\n";
  const std::string field = std::string(std::size_t{1} << 19U, '1') + ",";
  for (int i = 0; i < 129; ++i) wide += field;  // no field is too long
  EXPECT_THAT(message(wide), HasSubstr("t.csv:3: a record of more than 64 MiB begins here"));
  EXPECT_THAT(message(std::string((std::size_t{1} << 22U) + 1, ',')),
              HasSubstr("t.csv:1: a record of more than 4194304 fields"));
}

TEST(Csv, RefusesOptionsOutOfRange) {
  EXPECT_THROW((void)csv_from_text("a\n1\n", {.separator = 'x'}), Error);
  EXPECT_THROW((void)csv_from_text("a\n1\n", {.batch_rows = 0}), Error);
  EXPECT_THROW((void)csv_from_text("a\n1\n", {.buffer_bytes = 0}), Error);
}

/// Rows with everything that needs quoting.
std::string awkward_table(std::uint64_t seed, std::vector<std::vector<std::string>>& rows) {
  const Rng rng(seed, RandomStream::test);
  const std::vector<std::string> pieces = {"a",        "\"", ",",  "\n", "\r\n", " ",
                                           "\xC3\xA4", "7",  "\t", ";",  "\r",   "long text"};
  std::uint64_t index = 0;
  std::string text = "id,first,second\n";
  for (int row = 0; row < 20; ++row) {
    std::vector<std::string> fields{std::to_string(row)};
    for (int field = 0; field < 2; ++field) {
      std::string value = "t";
      for (std::uint64_t n = rng.below(index++, 6); n > 0; --n) value += pieces[rng.below(index++, pieces.size())];
      fields.push_back(value);
    }
    text += csv_line(fields);
    rows.push_back(fields);
  }
  return text;
}

TEST(Csv, ReadsBackWhateverItWrites) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    std::vector<std::vector<std::string>> rows;
    const auto source = csv_from_text(awkward_table(seed, rows));
    const Batch all = read_all(*source);
    ASSERT_EQ(all.num_rows, rows.size());
    for (std::size_t row = 0; row < rows.size(); ++row) {
      EXPECT_EQ(all.columns[1].text[row], rows[row][1]);
      EXPECT_EQ(all.columns[2].text[row], rows[row][2]);
    }
  }
}

TEST(Csv, GivesTheSameRowsForEveryBufferAndBatchSize) {
  std::vector<std::vector<std::string>> rows;
  const std::string text = awkward_table(7, rows);
  const std::string expected = show(text);
  for (std::size_t buffer_bytes = 1; buffer_bytes <= 700; ++buffer_bytes)
    ASSERT_EQ(show(text, {.batch_rows = 1 + buffer_bytes % 23, .buffer_bytes = buffer_bytes}), expected)
        << buffer_bytes;
}

TEST(Csv, NumbersItsBatchesFromTheFirstRow) {
  const auto source = csv_from_text("x\n1\n2\n3\n", {.batch_rows = 2});
  Batch batch;
  ASSERT_TRUE(source->next(batch));
  EXPECT_EQ(batch.first_row, 0U);
  EXPECT_EQ(batch.num_rows, 2U);
  ASSERT_TRUE(source->next(batch));
  EXPECT_EQ(batch.first_row, 2U);
  EXPECT_THAT(batch.columns[0].numbers, ElementsAre(3));
  EXPECT_FALSE(source->next(batch));
  EXPECT_EQ(batch.num_rows, 0U);
}

TEST(CsvField, QuotesOnlyWhatNeedsIt) {
  EXPECT_EQ(csv_field("plain text"), "plain text");
  EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_field("a,b", ';'), "a,b");
  EXPECT_EQ(csv_field("say \"x\""), "\"say \"\"x\"\"\"");
  EXPECT_EQ(csv_field(" x"), "\" x\"");
  EXPECT_EQ(csv_line({"1", "", "x"}), "1,,x\n");
  EXPECT_EQ(csv_line({""}), "\"\"\n");
}

TEST(Csv, TheFirstReadingTellsHowFarItIs) {
  std::string text = "x,y\n";
  for (int i = 0; i < 5000; ++i) text += std::to_string(i) + ",1\n";
  std::vector<std::pair<std::uint64_t, double>> told;
  CsvOptions options;
  options.buffer_bytes = 1024;
  options.on_read = [&told](std::uint64_t so_far, double part) { told.emplace_back(so_far, part); };
  const auto source = csv_from_text(text, options);
  ASSERT_EQ(told.size(), 5U);  // every 1024 rows, and the end
  for (std::size_t i = 0; i + 1 < told.size(); ++i) {
    EXPECT_EQ(told[i].first, 1024 * (i + 1));
    EXPECT_NEAR(told[i].second, static_cast<double>(told[i].first) / 5000.0, 0.05);
  }
  EXPECT_EQ(told.back(), (std::pair<std::uint64_t, double>{5000, 1.0}));
  Batch batch;
  while (source->next(batch)) {
  }
  EXPECT_EQ(told.size(), 5U);  // of the first reading alone
}

TEST(NumberField, GivesTheBitsOfTheReference) {
  const Rng rng(3, RandomStream::test);
  std::uint64_t index = 0;
  const auto digits = [&](std::uint64_t most) {
    std::string text;
    for (std::uint64_t n = rng.below(index++, most + 1); n > 0; --n)
      text += static_cast<char>('0' + rng.below(index++, 10));
    return text;
  };
  const std::vector<std::string> signs = {"", "", "-", "+", "--", "+-"};
  for (int i = 0; i < 200000; ++i) {
    std::string text = signs[rng.below(index++, signs.size())] + digits(12);
    if (rng.below(index++, 4) > 0) text += "." + digits(12);
    if (rng.below(index++, 4) == 0) text += "e" + signs[rng.below(index++, 4)] + digits(3);
    const auto got = number_field(text), expected = parse_number(text);
    ASSERT_EQ(got.has_value(), expected.has_value()) << text;
    if (got) {
      ASSERT_EQ(*got, *expected) << text;
      ASSERT_EQ(std::signbit(*got), std::signbit(*expected)) << text;
    }
  }
}

}  // namespace
}  // namespace descent::data
