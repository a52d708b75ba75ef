// A step along a line that lowers f enough: one of four searches, chosen by name.
#pragma once

#include <string_view>
#include <variant>

#include "descent/optim/armijo_search.hpp"
#include "descent/optim/hager_zhang_search.hpp"
#include "descent/optim/more_thuente_search.hpp"
#include "descent/optim/zoom_search.hpp"

namespace descent {

enum class LineSearchKind { more_thuente, zoom, hager_zhang, armijo };

[[nodiscard]] const char* to_text(LineSearchKind kind);

/// The protocol of SearchBase over the search of this kind. A slope that needs_slope() does not ask for is not read.
class LineSearch {
 public:
  LineSearch(LineSearchKind kind, double value, double slope, double first_step, const LineSearchOptions& options = {});

  [[nodiscard]] bool needs_slope() const { return !std::holds_alternative<ArmijoSearch>(search_); }
  [[nodiscard]] bool is_running() const { return base().is_running(); }
  [[nodiscard]] SearchState state() const { return base().state(); }
  [[nodiscard]] double step() const { return base().step(); }
  [[nodiscard]] int evaluations() const { return base().evaluations(); }

  void report(double value, double slope);

 private:
  [[nodiscard]] const SearchBase& base() const;

  std::variant<MoreThuenteSearch, ZoomSearch, HagerZhangSearch, ArmijoSearch> search_;
};

}  // namespace descent
