#include "descent/model/file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

#include "descent/core/error.hpp"

namespace descent::model {
namespace {

namespace fs = std::filesystem;

/// A directory of its own for each test, gone afterwards.
class ModelFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "descent-model-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  void TearDown() override { fs::remove_all(directory_); }
  [[nodiscard]] std::string path(const std::string& name) const { return (directory_ / name).string(); }
  [[nodiscard]] std::size_t num_files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(directory_), fs::directory_iterator()));
  }
  fs::path directory_;
};

template <class Use>
std::string system_error(const Use& use) {
  try {
    use();
  } catch (const Error& error) {
    return error.code() == ErrorCode::system ? error.what() : "wrong code";
  }
  return "accepted";
}

TEST_F(ModelFile, ReadsBackWhatWasWritten) {
  const std::string text("a\0b\n", 4);
  write_file(path("m.json"), text);
  EXPECT_EQ(read_file(path("m.json")), text);
  write_file(path("m.json"), "shorter");
  EXPECT_EQ(read_file(path("m.json")), "shorter");
  EXPECT_EQ(num_files(), 1U);
}

TEST_F(ModelFile, KeepsPermissionsAndFollowsLinks) {
  write_file(path("m.json"), "one");
  ASSERT_EQ(::chmod(path("m.json").c_str(), 0640), 0);
  fs::create_symlink(path("m.json"), path("link"));
  write_file(path("link"), "two");
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(read_file(path("m.json")), "two");
  EXPECT_EQ(fs::status(path("m.json")).permissions(), fs::perms(0640));
}

TEST_F(ModelFile, SaysWhyItCannotBeReadOrWritten) {
  EXPECT_EQ(system_error([&] { static_cast<void>(read_file(path("none"))); }),
            path("none") + ": cannot open: No such file or directory");
  EXPECT_EQ(system_error([&] { static_cast<void>(read_file(directory_.string())); }),
            directory_.string() + ": cannot read: Is a directory");
  EXPECT_EQ(system_error([&] { write_file(path("no/m.json"), "x"); }),
            path("no/m.json") + ": cannot write: No such file or directory");
  EXPECT_EQ(system_error([&] { write_file(directory_.string(), "x"); }),
            directory_.string() + ": cannot write: Is a directory");
  EXPECT_EQ(num_files(), 0U);
}

TEST_F(ModelFile, LeavesTheOldFileWhenWritingFails) {
  write_file(path("m.json"), "old");
  // A directory stands where the temporary file would be.
  fs::create_directory(path("m.json.tmp-" + std::to_string(::getpid())));
  EXPECT_NE(system_error([&] { write_file(path("m.json"), "new"); }), "accepted");
  EXPECT_EQ(read_file(path("m.json")), "old");
}

TEST_F(ModelFile, GrowsBesideItsNameAndAppearsWhole) {
  write_file(path("a.txt"), "old");
  FileWriter file(path("a.txt"));
  file.write("new ");
  EXPECT_EQ(read_file(path("a.txt")), "old");
  EXPECT_EQ(num_files(), 2U);
  file.write("text");
  file.commit();
  EXPECT_EQ(read_file(path("a.txt")), "new text");
  EXPECT_EQ(num_files(), 1U);
}

TEST_F(ModelFile, LeavesNothingBehindWhenItIsNotCommitted) {
  { FileWriter(path("a.txt")).write("half"); }
  EXPECT_EQ(num_files(), 0U);
}

/// Lets a process of its own begin to write `path`, and kills it.
pid_t write_and_be_killed(const std::string& path) {
  const pid_t child = ::fork();
  if (child == 0) {
    FileWriter file(path);
    file.write("half");
    ::kill(::getpid(), SIGKILL);
  }
  ::waitpid(child, nullptr, 0);
  return child;
}

TEST_F(ModelFile, WhatAKilledWriterLeftIsRemovedByTheNextOne) {
  write_file(path("a.txt"), "old");
  const std::string left = path("a.txt.tmp-" + std::to_string(write_and_be_killed(path("a.txt"))));
  EXPECT_EQ(read_file(left), "half");
  EXPECT_EQ(read_file(path("a.txt")), "old");
  write_file(path("b.txt"), "another");  // another name: not its business
  EXPECT_TRUE(fs::exists(left));
  write_file(path("a.txt"), "new");
  EXPECT_FALSE(fs::exists(left));
  EXPECT_EQ(read_file(path("a.txt")), "new");
  EXPECT_EQ(num_files(), 2U);
}

TEST_F(ModelFile, WhatALivingWriterHoldsStays) {
  std::array<int, 2> to_child{}, to_parent{};
  ASSERT_EQ(::pipe(to_child.data()), 0);
  ASSERT_EQ(::pipe(to_parent.data()), 0);
  const pid_t child = ::fork();
  char word = 'x';
  if (child == 0) {
    FileWriter file(path("a.txt"));
    file.write("by the child");
    if (::write(to_parent[1], &word, 1) != 1 || ::read(to_child[0], &word, 1) != 1) ::_exit(1);
    file.commit();
    ::_exit(0);
  }
  ASSERT_EQ(::read(to_parent[0], &word, 1), 1);
  write_file(path("a.txt"), "by the parent");
  EXPECT_EQ(read_file(path("a.txt")), "by the parent");
  EXPECT_TRUE(fs::exists(path("a.txt.tmp-" + std::to_string(child))));
  ASSERT_EQ(::write(to_child[1], &word, 1), 1);
  int status = -1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(read_file(path("a.txt")), "by the child");
  EXPECT_EQ(num_files(), 1U);
}

TEST_F(ModelFile, FilesOfOtherNamesAreNotTakenForAbandonedOnes) {
  for (const char* name : {"a.txt.tmp-", "a.txt.tmp-1x", "a.txt.tmp", "b.txt.tmp-1", "xa.txt.tmp-1"})
    std::ofstream(path(name)) << "mine";
  fs::create_directory(path("a.txt.tmp-7"));
  fs::create_symlink(path("a.txt.tmp-"), path("a.txt.tmp-8"));
  write_file(path("a.txt"), "new");
  EXPECT_EQ(num_files(), 8U);
  std::ofstream(path("a.txt.tmp-1")) << "left";
  write_file(path("a.txt"), "newer");
  EXPECT_EQ(num_files(), 8U);
}

TEST_F(ModelFile, AFullDiskIsReported) {
  EXPECT_EQ(system_error([&] { write_file("/dev/full", "x"); }), "/dev/full: cannot write: No space left on device");
}

}  // namespace
}  // namespace descent::model
