// The generators: entries and makers.
#pragma once

#include "descent/data/generate.hpp"

namespace descent::data {

[[nodiscard]] Entry line_entry();
[[nodiscard]] Entry blobs_entry();
[[nodiscard]] Entry regression_entry();
[[nodiscard]] Entry normal_entry();

[[nodiscard]] std::unique_ptr<RowGenerator> make_line(const BoundArguments& arguments, const GenerateOptions& options);
[[nodiscard]] std::unique_ptr<RowGenerator> make_blobs(const BoundArguments& arguments, const GenerateOptions& options);
[[nodiscard]] std::unique_ptr<RowGenerator> make_regression(const BoundArguments& arguments,
                                                            const GenerateOptions& options);
[[nodiscard]] std::unique_ptr<RowGenerator> make_normal(const BoundArguments& arguments,
                                                        const GenerateOptions& options);

}  // namespace descent::data
