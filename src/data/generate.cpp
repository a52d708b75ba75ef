#include "descent/data/generate.hpp"

#include <algorithm>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/data/csv.hpp"
#include "src/data/generators.hpp"

namespace descent::data {

const Registry<Generator>& generator_registry() {
  static const Registry<Generator> registry = [] {
    Registry<Generator> all("generator");
    all.add(line_entry(), make_line);
    all.add(blobs_entry(), make_blobs);
    all.add(regression_entry(), make_regression);
    all.add(normal_entry(), make_normal);
    return all;
  }();
  return registry;
}

std::unique_ptr<RowGenerator> open_generator(const Call& call, const GenerateOptions& options) {
  if (options.rows == 0) throw Error(ErrorCode::usage, "allowed >= 1, got 0", "rows");
  return placed(call, [&] {
    const auto& generator = generator_registry().at(call.name);
    return generator.item(bind(generator.entry, call), options);
  });
}

GeneratedTable generate(const Call& call, const GenerateOptions& options) {
  const auto generator = open_generator(call, options);
  GeneratedTable table{generator->names(), {}, generator->remarks()};
  table.columns.resize(table.names.size());
  std::vector<double> row(table.names.size());
  for (std::uint64_t i = 0; i < options.rows; ++i) {
    generator->next(row);
    for (std::size_t j = 0; j < row.size(); ++j) table.columns[j].push_back(row[j]);
  }
  return table;
}

DrawStream parse_draw_stream(std::string_view text) {
  const std::vector<std::string> names = {"descent", "numpy", "python"};
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end())
    throw Error(ErrorCode::usage, "allowed " + join(names) + ", got " + quoted(text) + did_you_mean(text, names),
                "stream");
  return static_cast<DrawStream>(found - names.begin());
}

std::string to_csv(const GeneratedTable& table) {
  std::string text = csv_line(table.names);
  const std::size_t rows = table.columns.empty() ? 0 : table.columns.front().size();
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      text += number_text(table.columns[i][row]);
      text += i + 1 < table.columns.size() ? ',' : '\n';
    }
  }
  return text;
}

MemorySource to_source(const GeneratedTable& table) { return number_table(table.names, table.columns); }

}  // namespace descent::data
