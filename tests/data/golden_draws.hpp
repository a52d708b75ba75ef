// Numbers of numpy's and Python's generators: tests/golden/draws.txt, written by draws.py.
#pragma once

#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace descent::data {

/// The numbers of one name. Throws: std::out_of_range.
inline const std::vector<double>& golden(const std::string& name) {
  static const auto all = [] {
    std::map<std::string, std::vector<double>> values;
    std::ifstream file(DESCENT_SOURCE_DIR "/tests/golden/draws.txt");
    std::string line;
    std::getline(file, line);  // versions
    std::string key;
    std::size_t count = 0;
    while (file >> key >> count) {
      for (std::size_t i = 0; i < count; ++i) {
        file >> line;
        values[key].push_back(std::strtod(line.c_str(), nullptr));
      }
    }
    return values;
  }();
  return all.at(name);
}

}  // namespace descent::data
