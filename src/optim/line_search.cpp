#include "descent/optim/line_search.hpp"

namespace descent {

const char* to_text(LineSearchKind kind) {
  switch (kind) {
    case LineSearchKind::more_thuente: return "more_thuente";
    case LineSearchKind::zoom: return "zoom";
    case LineSearchKind::hager_zhang: return "hager_zhang";
    case LineSearchKind::armijo: return "armijo";
  }
  return "";
}

LineSearch::LineSearch(LineSearchKind kind, double value, double slope, double first_step,
                       const LineSearchOptions& options)
    : search_(std::in_place_type<MoreThuenteSearch>, value, slope, first_step, options) {
  switch (kind) {
    case LineSearchKind::more_thuente: break;
    case LineSearchKind::zoom: search_.emplace<ZoomSearch>(value, slope, first_step, options); break;
    case LineSearchKind::hager_zhang: search_.emplace<HagerZhangSearch>(value, slope, first_step, options); break;
    case LineSearchKind::armijo: search_.emplace<ArmijoSearch>(value, slope, first_step, options); break;
  }
}

const SearchBase& LineSearch::base() const {
  if (const auto* search = std::get_if<MoreThuenteSearch>(&search_)) return *search;
  return std::visit([](const auto& search) -> const SearchBase& { return search; }, search_);
}

void LineSearch::report(double value, double slope) {
  if (auto* search = std::get_if<MoreThuenteSearch>(&search_)) return search->report(value, slope);
  std::visit(
      [&](auto& search) {
        if constexpr (requires { search.report(value, slope); })
          search.report(value, slope);
        else
          search.report(value);
      },
      search_);
}

}  // namespace descent
