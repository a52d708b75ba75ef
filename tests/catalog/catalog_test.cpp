#include "descent/catalog/catalog.hpp"

#include <gtest/gtest.h>

#include <set>

#include "descent/core/error.hpp"

namespace {

using descent::Entry;
using descent::ParamKind;
using descent::ParamSpec;

TEST(Catalog, EveryKindHasEntriesAndSaysWhereItsNamesAreUsed) {
  for (const auto& kind : descent::catalog::kinds()) {
    EXPECT_FALSE(kind.entries.empty()) << kind.name;
    EXPECT_FALSE(kind.summary.empty()) << kind.name;
    EXPECT_EQ(&descent::catalog::kind(kind.name), &kind);
    EXPECT_EQ(&descent::catalog::kind(kind.plural), &kind);
  }
}

TEST(Catalog, NamesAreUniqueWithinAKind) {
  for (const auto& kind : descent::catalog::kinds()) {
    std::set<std::string> names;
    for (const Entry* entry : kind.entries) EXPECT_TRUE(names.insert(entry->name).second) << entry->name;
  }
}

TEST(Catalog, EveryEntrySaysWhatItIsAndEveryParameterWhatItDoes) {
  for (const auto& kind : descent::catalog::kinds())
    for (const Entry* entry : kind.entries) {
      EXPECT_FALSE(entry->summary.empty()) << entry->name;
      EXPECT_FALSE(entry->example.empty()) << kind.name << " " << entry->name;
      for (const ParamSpec& param : entry->params)
        EXPECT_FALSE(param.meaning.empty()) << entry->name << "." << param.name;
    }
}

TEST(Catalog, EveryDefaultIsAllowedByItsOwnTable) {
  for (const auto& kind : descent::catalog::kinds())
    for (const Entry* entry : kind.entries)
      for (const ParamSpec& param : entry->params) {
        if (param.default_text.empty()) continue;
        Entry one{.name = entry->name, .params = {param}};
        EXPECT_NO_THROW((void)descent::bind(
            one, descent::parse_call(entry->name + "(" + param.name + "=" + param.default_text + ")")))
            << entry->name << "." << param.name;
      }
}

TEST(Catalog, NumbersOutsideTheirIntervalAreRefusedByName) {
  for (const auto& kind : descent::catalog::kinds())
    for (const Entry* entry : kind.entries)
      for (const ParamSpec& param : entry->params) {
        if (param.kind != ParamKind::number && param.kind != ParamKind::integer && param.kind != ParamKind::schedule)
          continue;
        for (const double wrong : {param.interval.low - 1.0, param.interval.high + 1.0}) {
          if (param.interval.contains(wrong) || wrong != wrong || wrong - wrong != 0.0) continue;
          Entry one{.name = entry->name, .params = {param}};
          const descent::Call call{.name = entry->name, .arguments = {{.name = param.name, .value = wrong}}};
          try {
            (void)descent::bind(one, call);
            ADD_FAILURE() << entry->name << "." << param.name << " took " << wrong;
          } catch (const descent::Error& error) {
            EXPECT_EQ(error.code(), descent::ErrorCode::usage);
            EXPECT_NE(error.message().find("'" + param.name + "'"), std::string::npos) << error.what();
          }
        }
      }
}

TEST(Catalog, AWrongNameGetsASuggestion) {
  try {
    (void)descent::catalog::find("adma");
    FAIL();
  } catch (const descent::Error& error) {
    EXPECT_NE(std::string(error.what()).find("did you mean 'adam'?"), std::string::npos) << error.what();
  }
}

}  // namespace
