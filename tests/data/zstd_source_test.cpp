#include "src/data/zstd_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zstd.h>

#include <functional>
#include <memory>
#include <string>

#include "descent/core/error.hpp"

namespace descent::data {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string packed(const std::string& text, int window_log = 0) {
  const std::unique_ptr<ZSTD_CCtx, void (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(),
                                                                 [](ZSTD_CCtx* c) { ZSTD_freeCCtx(c); });
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  if (window_log > 0) {
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_windowLog, window_log);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_contentSizeFlag, 0);
  }
  std::string result(ZSTD_compressBound(text.size()), '\0');
  ZSTD_inBuffer in{text.data(), text.size(), 0};
  ZSTD_outBuffer out{result.data(), result.size(), 0};
  // Two steps: what is packed at once gets a window no larger than itself.
  EXPECT_EQ(ZSTD_isError(ZSTD_compressStream2(context.get(), &out, &in, ZSTD_e_continue)), 0U);
  EXPECT_EQ(ZSTD_compressStream2(context.get(), &out, &in, ZSTD_e_end), 0U);
  result.resize(out.pos);
  return result;
}

std::string drain(ByteSource& source, std::size_t step = 4096) {
  std::string all, part(step, '\0');
  while (const std::size_t got = source.read(part)) all.append(part, 0, got);
  return all;
}

std::string some_text() {
  std::string text;
  for (int i = 0; i < 50000; ++i) text += std::to_string(i * 7919 % 100003) + (i % 7 == 0 ? "\n" : ",");
  return text;
}

std::string message(const std::string& bytes) {
  try {
    drain(*memory_bytes(bytes, "train.csv.zst"));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::data);
    return error.what();
  }
  return "no error";
}

TEST(ZstdSource, IsToldByItsFirstBytesAndReadInAnySteps) {
  const auto source = memory_bytes(packed(some_text()));
  for (const std::size_t step : {1U, 7U, 1000U, 10000000U}) {
    EXPECT_EQ(drain(*source, step), some_text()) << step;
    source->rewind();
  }
}

TEST(ZstdSource, UnpacksAllFramesAndSkipsThoseThatAreToBeSkipped) {
  const std::string skipped = std::string("\x5a\x2a\x4d\x18\x05\0\0\0", 8) + "12345";
  EXPECT_EQ(drain(*memory_bytes(packed("a,b\n") + packed("") + packed("1,2\n"))), "a,b\n1,2\n");
  EXPECT_EQ(drain(*memory_bytes(skipped + packed("a,b\n") + skipped + packed("1,2\n") + skipped)), "a,b\n1,2\n");
  EXPECT_EQ(drain(*memory_bytes(packed(""))), "");
}

TEST(ZstdSource, NeverTakesACutStreamForAShortFile) {
  const std::string whole = packed("x,y\n1,2\n") + packed(some_text());
  const std::size_t first = packed("x,y\n1,2\n").size();
  for (std::size_t size = 4; size < whole.size(); size += size < 60 || size + 60 > whole.size() ? 1 : 997) {
    if (size == first) continue;  // whole frames are a whole stream
    EXPECT_THAT(message(whole.substr(0, size)), StartsWith("train.csv.zst: the Zstandard stream is cut off after "))
        << size;
  }
}

TEST(ZstdSource, RefusesWhatIsDamaged) {
  const std::string good = packed(some_text());
  for (const std::size_t at : {std::size_t{6}, good.size() / 3, good.size() / 2, good.size() - 2}) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x10);
    EXPECT_THAT(message(bad), HasSubstr("the Zstandard stream is ")) << at;
  }
  std::string checksum = good;
  checksum.back() = static_cast<char>(checksum.back() ^ 1);
  EXPECT_THAT(message(checksum), HasSubstr("is damaged (Restored data doesn't match checksum)"));
  EXPECT_THAT(message(packed("x") + "junk"), HasSubstr("is followed by other bytes"));
}

TEST(ZstdSource, DoesNotTakeMemoryThatAHeaderAsksFor) {
  EXPECT_THAT(message(packed(some_text(), 30)), HasSubstr("wants more than 128 MiB of memory"));
  EXPECT_EQ(message(packed(some_text(), 27)), "no error");
}

TEST(ZstdSource, IsNothingThatBeginsOtherwise) {
  EXPECT_TRUE(begins_as_zstd("\x28\xb5\x2f\xfdx"));
  EXPECT_FALSE(begins_as_zstd("\x28\xb5\x2f"));
  EXPECT_FALSE(begins_as_zstd("P*M,"));
  EXPECT_EQ(drain(*memory_bytes("(x,y\n")), "(x,y\n");
}

}  // namespace
}  // namespace descent::data
