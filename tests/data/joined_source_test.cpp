#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "descent/core/error.hpp"
#include "descent/data/csv.hpp"
#include "descent/data/encode.hpp"
#include "descent/data/memory_source.hpp"

namespace descent::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class JoinedSource : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("descent-joined-" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string file(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  std::string refusal(const std::vector<std::string>& paths, CsvOptions options = {}) {
    try {
      const auto source = open_csv_files(paths, std::move(options));
      (void)Encoder::fit(*source, {.target = "y"});
    } catch (const Error& error) {
      std::string what = error.what();
      for (std::size_t at = what.find(folder_.string()); at != std::string::npos; at = what.find(folder_.string()))
        what.erase(at, folder_.string().size() + 1);
      return what;
    }
    return "no error";
  }

  std::filesystem::path folder_;
};

TEST_F(JoinedSource, GivesTheRowsOfAllFilesInTheirOrder) {
  const auto source = open_csv_files({file("a.csv", "x,town,y\n1,Ulm,2\n3,Jena,4\n"), file("b.csv", "x,town,y\n"),
                                      file("c.csv", "y;x;town\n6;5;Bonn\n")},
                                     {.batch_rows = 1});
  EXPECT_EQ(source->num_rows(), 3U);
  for (int pass = 0; pass < 2; ++pass) {
    const Batch all = read_all(*source);
    EXPECT_THAT(all.columns[0].numbers, ElementsAre(1, 3, 5));
    EXPECT_EQ(all.columns[1].text[0], "Ulm");
    EXPECT_EQ(all.columns[1].text[2], "Bonn");
    EXPECT_THAT(all.columns[2].numbers, ElementsAre(2, 4, 6));
  }
}

TEST_F(JoinedSource, NumbersItsBatchesThroughAllFiles) {
  const auto source = open_csv_files({file("a.csv", "y\n1\n2\n"), file("b.csv", "y\n3\n")}, {.batch_rows = 2});
  Batch batch;
  ASSERT_TRUE(source->next(batch));
  EXPECT_EQ(batch.first_row, 0U);
  ASSERT_TRUE(source->next(batch));
  EXPECT_EQ(batch.first_row, 2U);
  EXPECT_EQ(source->progress(), 1.0);
  EXPECT_FALSE(source->next(batch));
  EXPECT_FALSE(source->next(batch));
}

TEST_F(JoinedSource, SettlesTypesOverAllFiles) {
  const auto source = open_csv_files({file("a.csv", "code,y\n007,1\n"), file("b.csv", "code,y\nA1,\n")});
  EXPECT_EQ(source->schema().columns[0].kind, ColumnKind::text);
  const Batch all = read_all(*source);
  EXPECT_EQ(all.columns[0].text[0], "007");
  EXPECT_EQ(source->facts()[0].num_numbers, 1U);
  EXPECT_EQ(source->facts()[1].first_missing.line, 2U);
}

TEST_F(JoinedSource, NamesTheFileAndLineOfWhatIsWrong) {
  const std::string good = file("a.csv", "x,y\n1,2\n3,4\n5,6\n");
  EXPECT_EQ(
      refusal({good, file("b.csv", "y,x\n2,1\n2,n/a\n")}),
      "b.csv:3:2 'x': expected a number, got \"n/a\" (treat it as missing with --missing n/a); if these are names: "
      "--categorical x");
  EXPECT_THAT(refusal({good, file("c.csv", "x,y\n1,2\n3\n")}), HasSubstr("c.csv:3:1: expected 2 fields"));
  EXPECT_THAT(refusal({good, file("d.csv", "x,y\n1,2\n,4\n")}), HasSubstr("d.csv:3:1 'x': a value is missing"));
  const auto source = open_csv_files({good, file("e.csv", "y,x\n1,2\n\n\"3\",4\n")});
  Batch batch;
  ASSERT_TRUE(source->next(batch));
  ASSERT_TRUE(source->next(batch));
  EXPECT_EQ(source->place(1, 1).line, 4U);
  EXPECT_EQ(source->place(1, 1).column, 1U);
}

TEST_F(JoinedSource, RefusesFilesWithOtherColumns) {
  const std::string first = file("a.csv", "x,z,y\n1,2,3\n");
  const auto message = [&](const std::string& text) {
    std::string what = refusal({first, file("b.csv", text)});
    return what.substr(what.find(": ") + 2);
  };
  EXPECT_THAT(message("x,y\n1,2\n"), HasSubstr("column 'z' missing"));
  EXPECT_THAT(message("x,y,z,w\n1,2,3,4\n"), HasSubstr("column 'w' not in the first file"));
  EXPECT_THAT(message("1,2,3\n4,5,6\n"), HasSubstr("(does its first row hold the names? --header says so)"));
  EXPECT_THAT(refusal({"-", "-"}), HasSubstr("standard input can be read once only"));
}

TEST_F(JoinedSource, TakesMoreFilesThanAProcessMayOpen) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit few = before;
  few.rlim_cur = 40;
  std::vector<std::string> paths;
  for (int i = 0; i < 100; ++i) paths.push_back(file(std::to_string(i) + ".csv", "x,y\n" + std::to_string(i) + ",1\n"));
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  const Batch all = read_all(*open_csv_files(paths));
  ::setrlimit(RLIMIT_NOFILE, &before);
  ASSERT_EQ(all.num_rows, 100U);
  for (std::size_t i = 0; i < all.num_rows; ++i) EXPECT_EQ(all.columns[0].numbers[i], static_cast<double>(i));
}

}  // namespace
}  // namespace descent::data
