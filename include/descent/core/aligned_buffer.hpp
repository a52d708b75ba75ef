// Memory for kernels: aligned to 64 bytes, padded with zeros to whole vectors of 16 elements.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <new>
#include <span>
#include <utility>

namespace descent {

/// Elements every buffer is padded to: two AVX-512 vectors of float, the 16 virtual lanes of a sum.
inline constexpr std::size_t kVectorPadding = 16;

/// `size` elements of T, 64-byte aligned, with zeros up to the next multiple of kVectorPadding, so that a kernel may
/// read and write whole vectors past the end. T is a plain number.
template <class T>
class AlignedBuffer {
 public:
  AlignedBuffer() = default;
  explicit AlignedBuffer(std::size_t size, T value = T{}) { assign(size, value); }
  AlignedBuffer(const AlignedBuffer& other) { copy_from(other.view()); }
  AlignedBuffer(AlignedBuffer&& other) noexcept { swap(other); }
  AlignedBuffer& operator=(AlignedBuffer other) noexcept {
    swap(other);
    return *this;
  }
  ~AlignedBuffer() { ::operator delete[](data_, std::align_val_t{64}); }

  /// Throws: std::bad_alloc, also for a size whose bytes cannot be counted.
  void assign(std::size_t size, T value = T{}) {
    if (size > std::numeric_limits<std::ptrdiff_t>::max() / sizeof(T) - kVectorPadding)
      throw std::bad_array_new_length();
    AlignedBuffer fresh;
    fresh.capacity_ = (size + kVectorPadding - 1) / kVectorPadding * kVectorPadding;
    if (fresh.capacity_ > 0)
      fresh.data_ = static_cast<T*>(::operator new[](fresh.capacity_ * sizeof(T), std::align_val_t{64}));
    fresh.size_ = size;
    std::fill_n(fresh.data_, size, value);
    std::fill_n(fresh.data_ + size, fresh.capacity_ - size, T{});
    swap(fresh);
  }
  void copy_from(std::span<const T> values) {
    if (values.size() != size_) assign(values.size());
    std::copy(values.begin(), values.end(), data_);
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t padded_size() const { return capacity_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] T* data() { return data_; }
  [[nodiscard]] const T* data() const { return data_; }
  [[nodiscard]] T& operator[](std::size_t i) { return data_[i]; }
  [[nodiscard]] const T& operator[](std::size_t i) const { return data_[i]; }
  [[nodiscard]] T* begin() { return data_; }
  [[nodiscard]] T* end() { return data_ + size_; }
  [[nodiscard]] const T* begin() const { return data_; }
  [[nodiscard]] const T* end() const { return data_ + size_; }
  [[nodiscard]] std::span<T> view() { return {data_, size_}; }
  [[nodiscard]] std::span<const T> view() const { return {data_, size_}; }

  void swap(AlignedBuffer& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace descent
