#include "descent/report/figure.hpp"

namespace descent::report {

const std::string& title(const AnyFigure& figure) {
  return std::visit([](const auto& kind) -> const std::string& { return kind.title; }, figure);
}

const std::string& caption(const AnyFigure& figure) {
  return std::visit([](const auto& kind) -> const std::string& { return kind.caption; }, figure);
}

}  // namespace descent::report
