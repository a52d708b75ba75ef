#include "src/data/gzip_source.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <utility>

#include "descent/core/error.hpp"

namespace descent::data {
namespace {

constexpr int kGzipOnly = 16 + MAX_WBITS;

/// inflate() rather than gzread(): a cut stream is then seen where it happens, and any ByteSource can lie below.
class GzipBytes final : public ByteSource {
 public:
  explicit GzipBytes(std::unique_ptr<ByteSource> packed) : packed_(std::move(packed)) {
    if (inflateInit2(&stream_, kGzipOnly) != Z_OK) throw std::bad_alloc();
  }
  ~GzipBytes() override { inflateEnd(&stream_); }
  GzipBytes(const GzipBytes&) = delete;
  GzipBytes& operator=(const GzipBytes&) = delete;

  std::size_t read(std::span<char> into) override {
    const std::size_t wanted = std::min<std::size_t>(into.size(), std::numeric_limits<uInt>::max());
    stream_.next_out = reinterpret_cast<Bytef*>(into.data());
    stream_.avail_out = static_cast<uInt>(wanted);
    while (stream_.avail_out > 0 && !finished_) {
      if (stream_.avail_in == 0 && !refill()) {
        if (inside_member_) throw damaged("is cut off");
        finished_ = true;
      } else if (inside_member_) {
        advance();
      } else {
        begin_member();
      }
    }
    return wanted - stream_.avail_out;
  }
  void rewind() override {
    packed_->rewind();
    stream_.avail_in = 0;
    inflateReset(&stream_);
    inside_member_ = true;
    finished_ = false;
    unpacked_bytes_ = 0;
  }
  void rest() override { packed_->rest(); }
  [[nodiscard]] std::string name() const override { return packed_->name(); }
  [[nodiscard]] double progress() const override { return packed_->progress(); }

 private:
  bool refill() {
    const std::size_t got = packed_->read(input_);
    stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
    stream_.avail_in = static_cast<uInt>(got);
    return got > 0;
  }
  /// Between members: another one, or zeros up to the end (tapes and block devices pad with them).
  void begin_member() {
    if (*stream_.next_in == 0x1f) {
      inflateReset(&stream_);
      inside_member_ = true;
      return;
    }
    do {
      for (; stream_.avail_in > 0; --stream_.avail_in)
        if (*stream_.next_in++ != 0) throw damaged("is followed by other bytes");
    } while (refill());
    finished_ = true;
  }
  void advance() {
    const uInt room = stream_.avail_out;
    const int status = inflate(&stream_, Z_NO_FLUSH);
    unpacked_bytes_ += room - stream_.avail_out;
    if (status == Z_STREAM_END) inside_member_ = false;
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    if (status == Z_DATA_ERROR || status == Z_NEED_DICT || status == Z_STREAM_ERROR)
      throw damaged(stream_.msg == nullptr ? "is damaged" : std::string("is damaged (") + stream_.msg + ")");
  }
  [[nodiscard]] Error damaged(const std::string& what) const {
    return {ErrorCode::data,
            "the gzip stream " + what + " after " + std::to_string(unpacked_bytes_) +
                " unpacked bytes; copy or make the file again",
            name()};
  }

  std::unique_ptr<ByteSource> packed_;
  z_stream stream_{};
  std::array<char, std::size_t{1} << 16U> input_{};
  bool inside_member_ = true;
  bool finished_ = false;
  std::uint64_t unpacked_bytes_ = 0;
};

}  // namespace

std::unique_ptr<ByteSource> gunzip(std::unique_ptr<ByteSource> packed) {
  return std::make_unique<GzipBytes>(std::move(packed));
}

}  // namespace descent::data
