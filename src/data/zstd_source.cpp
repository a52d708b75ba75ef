// Format: RFC 8878.
#include "src/data/zstd_source.hpp"

#include <zstd.h>
#include <zstd_errors.h>

#include <array>
#include <cstdint>
#include <new>
#include <string>
#include <utility>

#include "descent/core/error.hpp"

namespace descent::data {
namespace {

class ZstdBytes final : public ByteSource {
 public:
  explicit ZstdBytes(std::unique_ptr<ByteSource> packed) : packed_(std::move(packed)), context_(ZSTD_createDCtx()) {
    if (context_ == nullptr) throw std::bad_alloc();
  }

  std::size_t read(std::span<char> into) override {
    ZSTD_outBuffer out{.dst = into.data(), .size = into.size(), .pos = 0};
    while (out.pos < out.size && !finished_) {
      const bool has_input = packed_part_.pos < packed_part_.size || refill();
      if (!has_input && !inside_frame_) {
        finished_ = true;
        break;
      }
      const std::size_t before = out.pos;
      advance(out);
      // The decoder may still have held bytes, though the input has ended.
      if (!has_input && out.pos == before && inside_frame_) throw damaged("is cut off");
    }
    return out.pos;
  }
  void rewind() override {
    packed_->rewind();
    packed_part_ = {};
    ZSTD_DCtx_reset(context_.get(), ZSTD_reset_session_only);
    inside_frame_ = finished_ = had_frame_ = false;
    unpacked_bytes_ = 0;
  }
  void rest() override { packed_->rest(); }
  [[nodiscard]] std::string name() const override { return packed_->name(); }
  [[nodiscard]] double progress() const override { return packed_->progress(); }

 private:
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };

  bool refill() {
    packed_part_ = {.src = input_.data(), .size = packed_->read(input_), .pos = 0};
    return packed_part_.size > 0;
  }
  void advance(ZSTD_outBuffer& out) {
    const std::size_t before = out.pos;
    const std::size_t left = ZSTD_decompressStream(context_.get(), &out, &packed_part_);
    unpacked_bytes_ += out.pos - before;
    if (ZSTD_isError(left) != 0U) refuse(left);
    inside_frame_ = left != 0;
    had_frame_ = had_frame_ || !inside_frame_;
  }
  [[noreturn]] void refuse(std::size_t code) const {
    switch (ZSTD_getErrorCode(code)) {
      case ZSTD_error_memory_allocation: throw std::bad_alloc();
      case ZSTD_error_frameParameter_windowTooLarge:
        throw damaged("wants more than 128 MiB of memory (it was made with --long or --ultra)");
      case ZSTD_error_prefix_unknown:
        if (had_frame_) throw damaged("is followed by other bytes");
        break;
      default: break;
    }
    throw damaged(std::string("is damaged (") + ZSTD_getErrorName(code) + ")");
  }
  [[nodiscard]] Error damaged(const std::string& what) const {
    return {ErrorCode::data,
            "the Zstandard stream " + what + " after " + std::to_string(unpacked_bytes_) +
                " unpacked bytes; copy or make the file again",
            name()};
  }

  std::unique_ptr<ByteSource> packed_;
  std::unique_ptr<ZSTD_DCtx, Free> context_;
  std::array<char, std::size_t{1} << 17U> input_{};
  ZSTD_inBuffer packed_part_{};
  bool inside_frame_ = false;
  bool had_frame_ = false;
  bool finished_ = false;
  std::uint64_t unpacked_bytes_ = 0;
};

}  // namespace

bool begins_as_zstd(std::string_view bytes) {
  if (bytes.size() < 4) return false;
  const bool skippable =
      (static_cast<unsigned char>(bytes[0]) & 0xf0U) == 0x50U && bytes.substr(1, 3) == "\x2a\x4d\x18";
  return skippable || bytes.substr(0, 4) == "\x28\xb5\x2f\xfd";
}

std::unique_ptr<ByteSource> unzstd(std::unique_ptr<ByteSource> packed) {
  return std::make_unique<ZstdBytes>(std::move(packed));
}

}  // namespace descent::data
