// Reads tests/golden/metrics.txt.
#pragma once

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace descent::metrics {

using GoldenCase = std::map<std::string, std::vector<double>>;

inline std::map<std::string, GoldenCase> golden_cases() {
  std::ifstream file(DESCENT_SOURCE_DIR "/tests/golden/metrics.txt");
  std::map<std::string, GoldenCase> cases;
  std::string line;
  std::string name;
  while (std::getline(file, line)) {
    std::istringstream words(line);
    std::string key;
    words >> key;
    if (key == "#") continue;
    if (key == "case") {
      name = line.substr(5);
      continue;
    }
    for (double v = 0; words >> v;) cases[name][key].push_back(v);
  }
  return cases;
}

}  // namespace descent::metrics
