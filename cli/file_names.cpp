#include "cli/file_names.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"

namespace descent::cli {
namespace {

namespace fs = std::filesystem;

struct Named {
  std::string option;
  std::string path;
};

/// `-o` where there is a letter: what people type.
std::string spelling(const OptionSpec& spec) {
  return spec.letter == '\0' ? spec.spelling() : std::string("-") + spec.letter;
}

/// /dev/null and pipes may be named as often as wanted; - is no file.
bool is_place_of_its_own(const std::string& path) {
  std::error_code ignored;
  const auto type = fs::status(path, ignored).type();
  return path != "-" && type != fs::file_type::character && type != fs::file_type::fifo &&
         type != fs::file_type::socket;
}

bool same_file(const std::string& a, const std::string& b) {
  std::error_code none, none_either;
  if (fs::equivalent(a, b, none) && !none) return true;
  const fs::path whole_a = fs::weakly_canonical(fs::absolute(a), none);
  const fs::path whole_b = fs::weakly_canonical(fs::absolute(b), none_either);
  return a == b || (!none && !none_either && whole_a == whole_b);
}

}  // namespace

void check_file_names(const Options& options) {
  std::vector<Named> inputs, outputs;
  for (const OptionSpec& spec : options.command().options) {
    if (spec.file == FileUse::none || !options.given(spec.name)) continue;
    for (const std::string& path : options.texts(spec.name)) {
      if (path.empty())
        throw Error(ErrorCode::usage,
                    "expected the name of a file" + (spec.placeholder.empty() ? "" : ", " + spec.placeholder) +
                        ", got an empty one",
                    spelling(spec));
      if (!is_place_of_its_own(path)) continue;
      (spec.file == FileUse::input ? inputs : outputs).push_back({spelling(spec), path});
    }
  }
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const Named& output = outputs[i];
    for (std::size_t j = 0; j < i; ++j)
      if (same_file(outputs[j].path, output.path))
        throw Error(ErrorCode::usage,
                    "would overwrite the file of " + outputs[j].option + ", " + descent::quoted(output.path) +
                        ": give each a name of its own",
                    output.option);
    for (const Named& input : inputs)
      if (same_file(input.path, output.path))
        throw Error(ErrorCode::usage,
                    "would overwrite " + descent::quoted(output.path) + ", which is read as " + input.option +
                        ": give another name",
                    output.option);
  }
}

}  // namespace descent::cli
