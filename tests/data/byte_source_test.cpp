#include "descent/data/byte_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

#include "descent/core/error.hpp"

namespace descent::data {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string gzipped(const std::string& text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string packed(deflateBound(&stream, text.size()) + 64, '\0');
  std::string copy = text;
  stream.next_in = reinterpret_cast<Bytef*>(copy.data());
  stream.avail_in = static_cast<uInt>(copy.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(packed.size() - stream.avail_out);
  deflateEnd(&stream);
  return packed;
}

std::string drain(ByteSource& source, std::size_t step = 4096) {
  std::string all, part(step, '\0');
  while (const std::size_t got = source.read(part)) all.append(part, 0, got);
  return all;
}

std::string some_text() {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += std::to_string(i * i) + (i % 7 == 0 ? "\n" : ",");
  return text;
}

/// A file that is gone at the end of the test.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& bytes)
      : path_(testing::TempDir() + "descent_byte_source_" + std::to_string(::getpid())) {
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { std::filesystem::remove(path_); }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string message(const std::function<void()>& action, ErrorCode code) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code);
    return error.what();
  }
  return "no error";
}

TEST(ByteSource, ReadsAFileAgainAfterRewind) {
  const TemporaryFile file(some_text());
  const auto source = open_bytes(file.path());
  EXPECT_EQ(source->name(), file.path());
  EXPECT_EQ(source->progress(), 0.0);
  EXPECT_EQ(drain(*source), some_text());
  EXPECT_EQ(source->progress(), 1.0);
  source->rewind();
  EXPECT_EQ(drain(*source), some_text());
}

TEST(ByteSource, UnpacksGzipWhateverTheFileIsCalled) {
  const TemporaryFile file(gzipped(some_text()));
  const auto source = open_bytes(file.path());
  for (const std::size_t step : {1U, 7U, 100000U}) {
    EXPECT_EQ(drain(*source, step), some_text());
    source->rewind();
  }
}

TEST(ByteSource, UnpacksAllMembersAndSkipsZerosBehindThem) {
  const std::string packed = gzipped("a,b\n") + gzipped("") + gzipped("1,2\n");
  EXPECT_EQ(drain(*memory_bytes(packed)), "a,b\n1,2\n");
  const auto padded = memory_bytes(packed + std::string(100000, '\0'));
  EXPECT_EQ(drain(*padded), "a,b\n1,2\n");
  padded->rewind();
  EXPECT_EQ(drain(*padded), "a,b\n1,2\n");
}

TEST(ByteSource, NeverTakesACutGzipStreamForAShortFile) {
  const std::string packed = gzipped(some_text());
  for (std::size_t size = 3; size < packed.size(); size += size < 40 || size + 40 > packed.size() ? 1 : 97) {
    const auto source = memory_bytes(packed.substr(0, size), "cut.gz");
    EXPECT_THAT(message([&] { drain(*source); }, ErrorCode::data),
                StartsWith("cut.gz: the gzip stream is cut off after "))
        << size;
  }
}

TEST(ByteSource, RefusesADamagedGzipStream) {
  std::string packed = gzipped(some_text());
  packed[packed.size() / 2] = static_cast<char>(packed[packed.size() / 2] ^ 0x10);
  EXPECT_THAT(message([&] { drain(*memory_bytes(packed)); }, ErrorCode::data), HasSubstr("the gzip stream is "));
  std::string checksum = gzipped(some_text());
  checksum[checksum.size() - 6] = static_cast<char>(checksum[checksum.size() - 6] ^ 1);
  EXPECT_THAT(message([&] { drain(*memory_bytes(checksum)); }, ErrorCode::data),
              HasSubstr("is damaged (incorrect data check)"));
  EXPECT_THAT(message([&] { drain(*memory_bytes(gzipped("x") + "junk")); }, ErrorCode::data),
              HasSubstr("is followed by other bytes"));
}

TEST(ByteSource, SaysWhyAFileCannotBeOpened) {
  EXPECT_EQ(message([] { (void)open_bytes("no/such/file.csv"); }, ErrorCode::system),
            "no/such/file.csv: cannot open: No such file or directory");
  EXPECT_EQ(message([] { (void)open_bytes("/"); }, ErrorCode::system), "/: cannot read: Is a directory");
}

TEST(ByteSource, ReadsAnEmptyFileAndAPipe) {
  const TemporaryFile file("");
  EXPECT_EQ(drain(*open_bytes(file.path())), "");

  const std::string pipe = file.path() + "_pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::thread writer([&] { std::ofstream(pipe) << "x\n1\n"; });
  const auto source = open_bytes(pipe);
  writer.join();
  std::filesystem::remove(pipe);
  EXPECT_EQ(drain(*source), "x\n1\n");
  source->rewind();
  EXPECT_EQ(drain(*source), "x\n1\n");
}

}  // namespace
}  // namespace descent::data
