// An archive in memory, for states that are saved and loaded.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "descent/core/archive.hpp"
#include "descent/core/error.hpp"

namespace descent {

/// Numbers and texts by name; within a section `section.name`.
class MemoryArchive : public ArchiveWriter, public ArchiveReader {
 public:
  void begin(std::string_view section) override { path_ += std::string(section) + "."; }
  void end() override { path_.resize(path_.size() < 2 ? 0 : path_.rfind('.', path_.size() - 2) + 1); }
  void put_number(std::string_view name, double value) override { put_numbers(name, std::vector<double>{value}); }
  void put_integer(std::string_view name, long long value) override { put_number(name, static_cast<double>(value)); }
  void put_flag(std::string_view, bool) override {}
  void put_text(std::string_view name, std::string_view value) override { words[at(name)] = value; }
  void put_numbers(std::string_view name, std::span<const double> v) override {
    values[at(name)].assign(v.begin(), v.end());
  }
  void put_texts(std::string_view, std::span<const std::string>) override {}
  void enter(std::string_view section) override { begin(section); }
  void leave() override { end(); }
  [[nodiscard]] bool has(std::string_view name) const override {
    return values.count(at(name)) + words.count(at(name)) > 0;
  }
  [[nodiscard]] double number(std::string_view name) const override { return numbers(name).at(0); }
  [[nodiscard]] long long integer(std::string_view name) const override { return static_cast<long long>(number(name)); }
  [[nodiscard]] bool flag(std::string_view) const override { return false; }
  [[nodiscard]] std::string text(std::string_view name) const override { return words.at(at(name)); }
  [[nodiscard]] std::vector<double> numbers(std::string_view name) const override {
    const auto found = values.find(at(name));
    if (found == values.end()) throw Error(ErrorCode::model, "absent", at(name));
    return found->second;
  }
  [[nodiscard]] std::vector<std::string> texts(std::string_view) const override { return {}; }
  std::map<std::string, std::vector<double>> values;
  std::map<std::string, std::string> words;

 private:
  [[nodiscard]] std::string at(std::string_view name) const { return path_ + std::string(name); }
  std::string path_;
};

}  // namespace descent
