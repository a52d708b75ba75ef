// Real files, and many broken ones: each is read or refused with an Error that names the file, the same way twice.
// DESCENT_CSV_FILES=DIR[:DIR] adds directories to the repository's own data/.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <vector>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/data/csv.hpp"

namespace descent::data {
namespace {

/// Rows and what a pass over them found, or the error.
std::string outcome(const std::string& path, CsvOptions options) {
  try {
    const auto source = open_csv(path, std::move(options));
    std::uint64_t rows = 0;
    std::size_t bytes = 0;
    Batch batch;
    while (source->next(batch)) {
      rows += batch.num_rows;
      for (const BatchColumn& column : batch.columns) bytes += column.numbers.size() + column.text.bytes.size();
    }
    EXPECT_EQ(rows, source->num_rows()) << path;
    return std::to_string(rows) + " rows, " + std::to_string(bytes) + ", " + join(source->schema().names());
  } catch (const Error& error) {
    EXPECT_TRUE(error.code() == ErrorCode::data) << error.what();
    EXPECT_THAT(error.what(), testing::StartsWith(path));
    return error.what();
  }
}

std::vector<std::string> files_under(const std::string& directory) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory))
    if (entry.is_regular_file()) files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

TEST(CsvFiles, AreReadOrRefusedTheSameWayHoweverTheyAreCut) {
  std::vector<std::string> directories = {DESCENT_SOURCE_DIR "/data", DESCENT_SOURCE_DIR "/tests/fuzz/corpus/csv"};
  const char* more = std::getenv("DESCENT_CSV_FILES");
  if (more == nullptr) {
    std::cout << "only the repository's own files; DESCENT_CSV_FILES=DIR adds others\n";
  } else {
    for (std::string& directory : split(more, ':')) directories.push_back(std::move(directory));
  }
  std::size_t read = 0, refused = 0;
  for (const std::string& directory : directories) {
    for (const std::string& path : files_under(directory)) {
      const std::string whole = outcome(path, {});
      EXPECT_EQ(outcome(path, {.batch_rows = 7, .buffer_bytes = 61}), whole) << path;
      ++(whole.starts_with(path) ? refused : read);
      if (more != nullptr) std::cout << path << ": " << whole.substr(0, 200) << '\n';
    }
  }
  std::cout << read << " read, " << refused << " refused\n";
  EXPECT_GT(read, 0U);
  EXPECT_GT(refused, 0U);
}

TEST(CsvFiles, ShippedWithTheProjectHaveTheirRowsAndTypes) {
  const struct {
    const char* path;
    std::uint64_t rows;
    std::size_t columns;
    ColumnKind last;
  } shipped[] = {
      {"diabetes.csv", 442, 11, ColumnKind::number},          {"iris.csv", 150, 5, ColumnKind::text},
      {"breast_cancer.csv", 569, 31, ColumnKind::text},       {"acceptance/line20.csv", 20, 2, ColumnKind::number},
      {"acceptance/answer1.csv", 100, 2, ColumnKind::number}, {"acceptance/blobs2.csv", 300, 3, ColumnKind::number},
      {"acceptance/blobs3.csv", 450, 3, ColumnKind::number},  {"acceptance/svm.csv", 300, 3, ColumnKind::number}};
  for (const auto& file : shipped) {
    const auto source = open_csv(std::string(DESCENT_SOURCE_DIR "/data/") + file.path);
    EXPECT_EQ(source->num_rows(), file.rows) << file.path;
    EXPECT_EQ(source->schema().columns.size(), file.columns) << file.path;
    EXPECT_EQ(source->schema().columns.back().kind, file.last) << file.path;
    for (const ColumnFacts& facts : source->facts()) EXPECT_EQ(facts.num_missing, 0U) << file.path;
  }
}

}  // namespace
}  // namespace descent::data
