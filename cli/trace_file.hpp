// The file of --trace, written row by row while the run goes on.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cli/files.hpp"
#include "descent/core/trace.hpp"
#include "descent/model/file.hpp"

namespace descent::cli {

class TraceFile {
 public:
  /// `path` ends in .csv or .jsonl; every `every`-th step is written. Throws: Error(system) if nothing can be written
  /// there.
  TraceFile(const std::string& path, std::vector<std::string> parameter_names, std::uint64_t every);

  void write(const StepInfo& info);
  /// The file appears under its name; without this call nothing stays behind.
  void commit();

 private:
  void begin(std::size_t num_parameters, std::span<const std::string> value_names);

  model::FileWriter file_;
  Unfinished unfinished_;
  std::vector<std::string> names_;
  std::vector<std::string> keys_;  ///< what stands in front of each value of a row
  std::uint64_t every_;
  bool json_;
  bool begun_ = false;
  std::size_t num_parameters_ = 0;
  std::string buffer_;
};

}  // namespace descent::cli
