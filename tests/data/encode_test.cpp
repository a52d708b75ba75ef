#include "descent/data/encode.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>
#include <variant>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/data/memory_source.hpp"

namespace descent::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::unique_ptr<TableSource> table(std::string text, CsvOptions options = {}) {
  return csv_from_text(std::move(text), std::move(options), "t.csv");
}

/// Header, then rows; missing values as "_".
std::string show(BatchSource& source) {
  std::string shown = join(source.schema().names(), "|") + "\n";
  const Batch all = read_all(source);
  for (std::size_t row = 0; row < all.num_rows; ++row) {
    std::vector<std::string> values;
    for (const BatchColumn& column : all.columns) {
      EXPECT_EQ(column.numbers.size(), all.num_rows);
      values.push_back(std::isnan(column.numbers[row]) ? "_" : number_text(column.numbers[row]));
    }
    shown += join(values, "|") + "\n";
  }
  return shown;
}

std::string encoded(std::string text, EncodeOptions options) {
  const auto source = table(std::move(text));
  return show(*Encoder::fit(*source, std::move(options)).apply(*source));
}

std::string refusal(const std::function<void()>& action, ErrorCode code = ErrorCode::data) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  return "no error";
}

std::string fit_refusal(std::string text, EncodeOptions options, ErrorCode code = ErrorCode::data) {
  return refusal([&] { (void)encoded(text, options); }, code);
}

constexpr const char* kDiamonds = "carat,cut,price\n0.5,Good,10\n1,Fair,30\n2,Good,20\n";

TEST(Encode, GivesNumbersAsTheyAreAndAColumnForEachLevel) {
  EXPECT_EQ(encoded(kDiamonds, {.target = "price"}), "carat|cut=Fair|cut=Good|price\n0.5|0|1|10\n1|1|0|30\n2|0|1|20\n");
}

TEST(Encode, LeavesOutTheFirstLevelWhenAsked) {
  EXPECT_EQ(encoded(kDiamonds, {.target = "price", .one_hot = OneHot::drop_first}),
            "carat|cut=Good|price\n0.5|1|10\n1|0|30\n2|1|20\n");
}

TEST(Encode, MarksTheRolesOfItsColumns) {
  const auto source = table("w,x,y\n1,2,a\n3,4,b\n");
  const auto result = Encoder::fit(*source, {.target = "y", .weight = "w"}).apply(*source);
  const auto& columns = result->schema().columns;
  ASSERT_EQ(columns.size(), 3U);
  EXPECT_EQ(columns[0].role, ColumnRole::feature);
  EXPECT_EQ(columns[1].role, ColumnRole::target);
  EXPECT_THAT(columns[1].levels, ElementsAre("a", "b"));
  EXPECT_EQ(columns[2].role, ColumnRole::weight);
  EXPECT_EQ(show(*result), "x|y|w\n2|0|1\n4|1|3\n");
}

TEST(Encode, TakesFeaturesInTheOrderGiven) {
  EXPECT_EQ(encoded("a,b,c,y\n1,2,3,4\n5,6,7,8\n", {.target = "y", .features = {"c", "a"}}), "c|a|y\n3|1|4\n7|5|8\n");
}

TEST(Encode, SortsTextClassesByNameAndNumbersByValue) {
  const auto text = table("x,y\n1,b\n2,a\n3,c\n");
  EXPECT_THAT(Encoder::fit(*text, {.target = "y"}).classes(), ElementsAre("a", "b", "c"));
  EXPECT_EQ(Encoder::fit(*text, {.target = "y"}).task(), Task::multiclass);

  const auto numbers = table("x,y\n1,10\n2,-1\n3,9\n4,0.5\n");
  const Encoder classes = Encoder::fit(*numbers, {.target = "y", .target_kind = TargetKind::classes});
  EXPECT_THAT(classes.classes(), ElementsAre("-1", "0.5", "9", "10"));
  EXPECT_EQ(show(*classes.apply(*numbers)), "x|y\n1|3\n2|0\n3|2\n4|1\n");
  EXPECT_EQ(Encoder::fit(*numbers, {.target = "y"}).task(), Task::regression);
}

TEST(Encode, MakesLevelsOfNumbersThatAreNames) {
  EXPECT_EQ(encoded("zip,y\n10,1\n9,2\n10,3\n", {.target = "y", .categorical = {"zip"}}),
            "zip=9|zip=10|y\n0|1|1\n1|0|2\n0|1|3\n");
}

TEST(Encode, RefusesMissingValuesNamingTheFirst) {
  const std::string text = "x,town,y\n1,Ulm,1\n,Ulm,2\n,Jena,3\n";
  EXPECT_EQ(
      fit_refusal(text, {.target = "y"}),
      "t.csv:3:1 'x': a value is missing, the first of 2 in 3 rows (leave such rows out with --missing-values drop, "
      "or put the "
      "mean there with --missing-values mean)");
  EXPECT_EQ(encoded(text, {.target = "y", .features = {"town"}}), "town=Jena|town=Ulm|y\n0|1|1\n0|1|2\n1|0|3\n");
}

TEST(Encode, DropsRowsWithMissingValuesAndLearnsFromTheRestOnly) {
  const auto source = table("x,town,y\n1,Ulm,1\n,Bonn,2\n3,,3\n5,Jena,4\n7,Jena,\n");
  const Encoder encoder = Encoder::fit(*source, {.target = "y", .missing = MissingPolicy::drop});
  const auto result = encoder.apply(*source);
  EXPECT_EQ(show(*result), "x|town=Jena|town=Ulm|y\n1|0|1|1\n5|1|0|4\n");
  EXPECT_EQ(encoder.report().rows, 2U);
  EXPECT_EQ(encoder.report().rows_dropped, 3U);
}

TEST(Encode, PutsTheMeanWhereANumberIsMissingAndNoLevelWhereATextIs) {
  const auto source = table("x,town,y\n1,Ulm,1\n,Ulm,2\n5,,3\n100,Jena,\n");
  const Encoder encoder = Encoder::fit(*source, {.target = "y", .missing = MissingPolicy::mean});
  EXPECT_EQ(show(*encoder.apply(*source)), "x|town=Ulm|y\n1|1|1\n3|1|2\n5|0|3\n");
  EXPECT_EQ(encoder.report().values_imputed, 2U);
  EXPECT_EQ(encoder.report().rows_dropped, 1U);

  const auto later = table("town,x\nUlm,\n");
  EXPECT_EQ(show(*encoder.apply(*later, {.with_target = false})), "x|town=Ulm\n3|1\n");
}

TEST(Encode, KeepsEveryRowWhenPredicting) {
  const auto source = table("x,town,y\n1,Ulm,1\n2,Jena,2\n");
  const Encoder encoder = Encoder::fit(*source, {.target = "y", .missing = MissingPolicy::drop});
  const auto later = table("x,town\n,Ulm\n5,\n6,Jena\n");
  EXPECT_EQ(show(*encoder.apply(*later, {.with_target = false, .keep_all_rows = true})),
            "x|town=Jena|town=Ulm\n_|0|1\n5|_|_\n6|1|0\n");
}

TEST(Encode, FindsColumnsByNameAndReportsTheRest) {
  const auto source = table("a,b,y\n1,u,3\n2,v,4\n");
  const Encoder encoder = Encoder::fit(*source, {.target = "y"});
  const auto later = table("extra,b,a\nq,v,7\nq,w,8\nq,w,9\n");
  const auto result = encoder.apply(*later, {.with_target = false});
  EXPECT_EQ(show(*result), "a|b=u|b=v\n7|0|1\n8|0|0\n9|0|0\n");
  while (true) {
    Batch batch;
    if (!result->next(batch)) break;
  }
  ASSERT_EQ(result->report().left_out.size(), 1U);
  EXPECT_EQ(result->report().left_out[0].column, "extra");
  EXPECT_EQ(result->report().unseen_levels, 2U);
  EXPECT_EQ(result->report().first_unseen, "'b': \"w\"");
}

TEST(Encode, NamesAllColumnsThatAreMissingWithWhatWasMeant) {
  const auto source = table("bmi,age,y\n1,2,3\n2,3,4\n");
  const Encoder encoder = Encoder::fit(*source, {.target = "y"});
  const auto later = table("bmj,x\n1,2\n");
  EXPECT_EQ(refusal([&] { (void)encoder.apply(*later, {.with_target = false}); }),
            "t.csv: these columns of the model are missing: 'bmi' (did you mean 'bmj'?), 'age'");
}

TEST(Encode, RefusesTextWhereTheModelHasNumbers) {
  const auto source = table("x,y\n1,2\n3,4\n");
  const Encoder encoder = Encoder::fit(*source, {.target = "y"});
  const auto later = table("x\n1\nn/a\n");
  EXPECT_EQ(refusal([&] { (void)encoder.apply(*later, {.with_target = false}); }),
            "t.csv:3:1 'x': expected a number, got \"n/a\" (treat it as missing with --missing n/a)");
}

TEST(Encode, ReadsCodesAsTextWhereTheModelHasTexts) {
  const auto source = table("code,y\n007,1\nA1,2\n007,3\n");
  const Encoder encoder = Encoder::fit(*source, {.target = "y"});
  const auto later = table("code\n007\n", encoder.read_options());
  EXPECT_EQ(show(*encoder.apply(*later, {.with_target = false})), "code=007|code=A1\n1|0\n");
}

TEST(Encode, DoesNotTurnASpoiltNumberColumnIntoCategories) {
  std::string text = "price,y\n";
  for (int i = 0; i < 20; ++i) text += std::to_string(i) + ",1\n";
  text += "n/a,2\n";
  EXPECT_EQ(fit_refusal(text, {.target = "y"}),
            "t.csv:22:1 'price': expected a number, got \"n/a\" (treat it as missing with --missing n/a); if these are "
            "names: --categorical price");
  const auto source = table(text);
  EXPECT_EQ(Encoder::fit(*source, {.target = "y", .categorical = {"price"}}).feature_names().size(), 21U);
}

TEST(Encode, DoesNotTurnASpoiltTargetIntoClasses) {
  const std::string text = "x,y\n1,2\n2,4\n3,n/a\n4,8\n";
  for (const TargetKind kind : {TargetKind::automatic, TargetKind::classes})
    EXPECT_EQ(
        fit_refusal(text, {.target = "y", .target_kind = kind}),
        "t.csv:4:2 'y': expected a number, got \"n/a\" (treat it as missing with --missing n/a); if these are names: "
        "--categorical y");
  const auto source = table(text);
  EXPECT_THAT(Encoder::fit(*source, {.target = "y", .categorical = {"y"}}).classes(),
              ElementsAre("2", "4", "8", "n/a"));
  const auto numbers = table("x,y\n1,10\n2,9\n");
  EXPECT_THAT(Encoder::fit(*numbers, {.target = "y", .categorical = {"y"}}).classes(), ElementsAre("9", "10"));
}

TEST(Encode, NeverMakesLevelsOfInfinities) {
  EXPECT_THAT(fit_refusal("x,y\ninf,1\ninf,2\n", {.target = "y"}),
              HasSubstr("t.csv:2:1 'x': expected a number, got \"inf\" (infinities are no data; treat it as missing "
                        "with --missing inf)"));
  EXPECT_THAT(
      fit_refusal("x,y\n1,1\n1e400,2\n-inf,2\n", {.target = "y"}),
      HasSubstr("t.csv:3:1 'x': expected a number, got \"1e400\" (it does not fit a double; treat it as missing "
                "with --missing 1e400,-inf)"));
}

TEST(Encode, TakesNumbersAmongManyNamesForNames) {
  EXPECT_EQ(encoded("x,y\na,1\nb,2\n3,3\na,4\n", {.target = "y"}),
            "x=3|x=a|x=b|y\n0|1|0|1\n0|0|1|2\n1|0|0|3\n0|1|0|4\n");
  std::string tickets = "ticket,y\n";
  for (int i = 0; i < 12; ++i) tickets += (i % 3 == 0 ? "A/" : "") + std::to_string(i % 6) + ",1\n";
  const auto source = table(tickets + "B/1,2\nB/2,3\nB/3,4\n");
  EXPECT_EQ(Encoder::fit(*source, {.target = "y"}).feature_names().size(), 9U);
}

TEST(Encode, LeavesOutIdentifiersUnlessTheyAreAskedFor) {
  std::string text = "name,empty,x,y\n";
  for (int i = 0; i < 30; ++i) text += "name" + std::to_string(i) + ",," + std::to_string(i % 3) + ",1\n";
  const auto source = table(text);
  const Encoder encoder = Encoder::fit(*source, {.target = "y"});
  EXPECT_THAT(encoder.feature_names(), ElementsAre("x"));
  ASSERT_EQ(encoder.report().left_out.size(), 2U);
  EXPECT_EQ(encoder.report().left_out[0].column, "name");
  EXPECT_EQ(encoder.report().left_out[0].text, "30 different texts in 30 rows");
  EXPECT_EQ(encoder.report().left_out[1].text, "no value in any row");
  EXPECT_EQ(Encoder::fit(*source, {.target = "y", .features = {"name"}}).feature_names().size(), 30U);
  EXPECT_THAT(fit_refusal(text, {.target = "y", .features = {"name"}, .max_levels = 10}),
              HasSubstr("'name': more than 10 different values to tell apart"));
}

TEST(Encode, ReportsConstantFeatures) {
  const auto source = table("a,b,c,y\n1,u,5,1\n1,u,6,2\n");
  EXPECT_THAT(Encoder::fit(*source, {.target = "y"}).report().constant, ElementsAre("a", "b=u"));
}

TEST(Encode, RefusesColumnsThatAreNotThereOrHaveTwoParts) {
  const auto usage = [&](EncodeOptions options) {
    return fit_refusal("age,bmi,y\n1,2,3\n4,5,6\n", std::move(options), ErrorCode::usage);
  };
  EXPECT_EQ(usage({.target = "Y"}), "t.csv: target 'Y' is no column (did you mean 'y'?); there are age, bmi, y");
  EXPECT_THAT(usage({.target = "y", .features = {"agee"}}),
              HasSubstr("feature 'agee' is no column (did you mean 'age'?)"));
  EXPECT_THAT(usage({.target = "y", .features = {"age", "y"}}), HasSubstr("'y': cannot be a feature and the target"));
  EXPECT_THAT(usage({.target = "y", .features = {"age", "age"}}), HasSubstr("'age': cannot be a feature twice"));
  EXPECT_THAT(usage({.target = "y", .weight = "y"}), HasSubstr("'y': cannot be the target and the sample weight"));
  EXPECT_THAT(usage({.target = "y", .categorical = {"z"}}), HasSubstr("categorical column 'z' is no column"));
}

TEST(Encode, RefusesTargetsAndWeightsThatCannotBeUsed) {
  EXPECT_THAT(fit_refusal("x,y\n1,a\n2,a\n", {.target = "y"}),
              HasSubstr("'y': needs at least two classes, got only \"a\""));
  EXPECT_THAT(fit_refusal("x,y\n1,a\n2,3\n", {.target = "y", .target_kind = TargetKind::number}),
              HasSubstr("t.csv:2:2 'y': expected a number, got \"a\""));
  EXPECT_THAT(fit_refusal("x,y\n1,\n2,3\n", {.target = "y"}), HasSubstr("t.csv:2:2 'y': a value is missing"));
  EXPECT_THAT(fit_refusal("x,w,y\n1,-2,1\n2,3,4\n", {.target = "y", .weight = "w"}),
              HasSubstr("t.csv:2:2 'w': a sample weight must be >= 0, got -2"));
  EXPECT_THAT(fit_refusal("x,w,y\n1,,1\n2,3,4\n", {.target = "y", .weight = "w"}),
              HasSubstr("t.csv:2:2 'w': a value is missing"));
  EXPECT_THAT(fit_refusal("x,y\n", {.target = "y"}), HasSubstr("t.csv: no rows to learn from"));
  EXPECT_THAT(fit_refusal("y\n1\n", {.target = "y"}), HasSubstr("no column is left to learn from"));
}

TEST(Encode, RefusesAClassTheModelDoesNotKnow) {
  const auto source = table("x,y\n1,a\n2,b\n");
  const Encoder encoder = Encoder::fit(*source, {.target = "y"});
  const auto later = table("x,y\n1,a\n1,c\n");
  EXPECT_EQ(refusal([&] { (void)show(*encoder.apply(*later)); }),
            "t.csv:3:2 'y': expected one of the model's classes a, b, got \"c\"");
}

TEST(Encode, EncodesTheSameForEveryBatchSize) {
  std::string text = "x,town,y\n";
  for (int i = 0; i < 100; ++i)
    text += (i % 5 == 0 ? "" : std::to_string(i)) + "," + (i % 3 == 0 ? "Ulm" : "Jena") + ",1\n";
  const auto show_with = [&](std::size_t batch_rows) {
    const auto source = table(text, {.batch_rows = batch_rows});
    return show(*Encoder::fit(*source, {.target = "y", .missing = MissingPolicy::drop}).apply(*source));
  };
  const std::string expected = show_with(4096);
  for (const std::size_t batch_rows : {1U, 2U, 7U, 99U}) EXPECT_EQ(show_with(batch_rows), expected) << batch_rows;
}

/// Values by path, as a model file keeps them.
class MemoryArchive final : public ArchiveWriter, public ArchiveReader {
 public:
  void begin(std::string_view section) override { path_.emplace_back(section); }
  void end() override { path_.pop_back(); }
  void put_number(std::string_view name, double value) override { values_[at(name)] = value; }
  void put_integer(std::string_view name, long long value) override { values_[at(name)] = value; }
  void put_flag(std::string_view name, bool value) override { values_[at(name)] = value; }
  void put_text(std::string_view name, std::string_view value) override { values_[at(name)] = std::string(value); }
  void put_numbers(std::string_view name, std::span<const double> values) override {
    values_[at(name)] = std::vector<double>(values.begin(), values.end());
  }
  void put_texts(std::string_view name, std::span<const std::string> values) override {
    values_[at(name)] = std::vector<std::string>(values.begin(), values.end());
  }
  void enter(std::string_view section) override { path_.emplace_back(section); }
  void leave() override { path_.pop_back(); }
  [[nodiscard]] bool has(std::string_view name) const override { return values_.contains(at(name)); }
  [[nodiscard]] double number(std::string_view name) const override { return get<double>(name); }
  [[nodiscard]] long long integer(std::string_view name) const override { return get<long long>(name); }
  [[nodiscard]] bool flag(std::string_view name) const override { return get<bool>(name); }
  [[nodiscard]] std::string text(std::string_view name) const override { return get<std::string>(name); }
  [[nodiscard]] std::vector<double> numbers(std::string_view name) const override {
    return get<std::vector<double>>(name);
  }
  [[nodiscard]] std::vector<std::string> texts(std::string_view name) const override {
    return get<std::vector<std::string>>(name);
  }

 private:
  [[nodiscard]] std::string at(std::string_view name) const { return join(path_, ".") + "." + std::string(name); }
  template <class T>
  [[nodiscard]] T get(std::string_view name) const {
    const auto found = values_.find(at(name));
    if (found == values_.end() || !std::holds_alternative<T>(found->second))
      throw Error(ErrorCode::model, "is absent", at(name));
    return std::get<T>(found->second);
  }
  std::vector<std::string> path_;
  std::map<std::string,
           std::variant<double, long long, bool, std::string, std::vector<double>, std::vector<std::string>>>
      values_;
};

TEST(Encode, EncodesTheSameAfterSavingAndLoading) {
  const std::string text = "x,town,zip,y\n1,Ulm,7,b\n,Jena,8,a\n4,Jena,7,b\n";
  const auto source = table(text);
  for (const OneHot one_hot : {OneHot::full, OneHot::drop_first}) {
    const Encoder encoder = Encoder::fit(
        *source, {.target = "y", .categorical = {"zip"}, .missing = MissingPolicy::mean, .one_hot = one_hot});
    MemoryArchive archive;
    encoder.save(archive);
    const Encoder loaded = Encoder::load(archive);
    EXPECT_EQ(loaded.feature_names(), encoder.feature_names());
    EXPECT_EQ(loaded.classes(), encoder.classes());
    EXPECT_EQ(loaded.read_options().text_columns, encoder.read_options().text_columns);
    EXPECT_EQ(show(*loaded.apply(*source)), show(*encoder.apply(*source)));
  }
}

TEST(Encode, RefusesADamagedModel) {
  const auto source = table(kDiamonds);
  MemoryArchive archive;
  Encoder::fit(*source, {.target = "price"}).save(archive);
  archive.put_text("missing", "guess");
  EXPECT_THAT(refusal([&] { (void)Encoder::load(archive); }, ErrorCode::model),
              HasSubstr("encoder.missing: allowed error, drop, mean"));
  archive.put_text("missing", "error");
  archive.put_integer("num_inputs", 5);
  EXPECT_THAT(refusal([&] { (void)Encoder::load(archive); }, ErrorCode::model), HasSubstr("inputs.3.column"));
}

}  // namespace
}  // namespace descent::data
