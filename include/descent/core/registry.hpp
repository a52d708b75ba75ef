// Named things of one kind, in the order in which they are listed.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "descent/core/error.hpp"
#include "descent/core/param_table.hpp"
#include "descent/core/text.hpp"

namespace descent {

/// Entry plus Item (usually a maker) by name. A module fills one registry from one list; there is no static
/// registration, so what exists does not depend on the linker.
template <class Item>
class Registry {
 public:
  struct Named {
    Entry entry;
    Item item;
  };

  explicit Registry(std::string kind) : kind_(std::move(kind)) {}

  void add(Entry entry, Item item) {
    if (find(entry.name) != nullptr) throw Error(ErrorCode::internal, "registered twice: " + entry.name, kind_);
    items_.push_back({std::move(entry), std::move(item)});
  }
  /// Null when there is none.
  [[nodiscard]] const Named* find(std::string_view name) const {
    for (const Named& named : items_)
      if (named.entry.name == name) return &named;
    return nullptr;
  }
  /// Throws: Error(usage) with "did you mean" when there is none.
  [[nodiscard]] const Named& at(std::string_view name) const {
    if (const Named* named = find(name)) return *named;
    throw Error(ErrorCode::usage, "unknown " + kind_ + " " + quoted(name) + did_you_mean(name, names()) +
                                      "; `descent list " + kind_ + "` shows all");
  }
  [[nodiscard]] const std::vector<Named>& items() const { return items_; }
  [[nodiscard]] const std::string& kind() const { return kind_; }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const Named& named : items_) result.push_back(named.entry.name);
    return result;
  }

 private:
  std::string kind_;
  std::vector<Named> items_;
};

}  // namespace descent
