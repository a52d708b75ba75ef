// Enough of a model file, in memory, to carry a learner to another object.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "descent/core/archive.hpp"
#include "descent/core/error.hpp"

namespace descent {

/// A model file in memory: enough of an archive to carry a model to another object.
class PathArchive final : public ArchiveWriter, public ArchiveReader {
 public:
  void begin(std::string_view section) override { path_ += std::string(section) + "."; }
  void end() override { path_.resize(path_.size() < 2 ? 0 : path_.rfind('.', path_.size() - 2) + 1); }
  void enter(std::string_view section) override { begin(section); }
  void leave() override { end(); }
  void put_number(std::string_view name, double value) override { numbers_[at(name)] = {value}; }
  void put_integer(std::string_view name, long long value) override { integers_[at(name)] = value; }
  void put_flag(std::string_view name, bool value) override { integers_[at(name)] = value ? 1 : 0; }
  void put_text(std::string_view name, std::string_view value) override { texts_[at(name)] = {std::string(value)}; }
  void put_numbers(std::string_view name, std::span<const double> values) override {
    numbers_[at(name)] = {values.begin(), values.end()};
  }
  void put_texts(std::string_view name, std::span<const std::string> values) override {
    texts_[at(name)] = {values.begin(), values.end()};
  }
  [[nodiscard]] bool has(std::string_view name) const override {
    for (const auto& entry : numbers_)
      if (entry.first == at(name) || entry.first.starts_with(at(name) + ".")) return true;
    return false;
  }
  [[nodiscard]] double number(std::string_view name) const override { return get(numbers_, name).at(0); }
  [[nodiscard]] long long integer(std::string_view name) const override { return get(integers_, name); }
  [[nodiscard]] bool flag(std::string_view name) const override { return integer(name) != 0; }
  [[nodiscard]] std::string text(std::string_view name) const override { return get(texts_, name).at(0); }
  [[nodiscard]] std::vector<double> numbers(std::string_view name) const override { return get(numbers_, name); }
  [[nodiscard]] std::vector<std::string> texts(std::string_view name) const override { return get(texts_, name); }

  std::map<std::string, std::vector<double>> numbers_;  ///< by path: `mlp.inputs.means`
  std::map<std::string, std::vector<std::string>> texts_;

 private:
  std::string at(std::string_view name) const { return path_ + std::string(name); }
  template <class Values>
  typename Values::mapped_type get(const Values& values, std::string_view name) const {
    const auto found = values.find(at(name));
    if (found == values.end()) throw Error(ErrorCode::model, "absent", at(name));
    return found->second;
  }
  std::string path_;
  std::map<std::string, long long> integers_;
};

}  // namespace descent
