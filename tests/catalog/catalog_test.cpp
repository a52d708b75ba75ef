#include "descent/catalog/catalog.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>

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

TEST(Catalog, EveryDefaultHasAReason) {
  for (const auto& kind : descent::catalog::kinds())
    for (const Entry* entry : kind.entries)
      for (const ParamSpec& param : entry->params)
        EXPECT_FALSE(param.why.empty() && !param.default_text.empty()) << entry->name << "." << param.name;
}

// "None" is written too: what is left out might be forgotten.
TEST(Catalog, EveryOptimizerSaysItsFormulaReferenceAndDifferencesAndWhyEachParameterIsAsItIs) {
  for (const Entry* entry : descent::catalog::kind("optimizers").entries) {
    EXPECT_FALSE(entry->formula.empty()) << entry->name << ": formula";
    EXPECT_FALSE(entry->reference.empty()) << entry->name << ": reference (a paper, or the peer whose rule it is)";
    EXPECT_FALSE(entry->differs.empty()) << entry->name << ": differs ('none from optax' where it does not)";
    for (const ParamSpec& param : entry->params)
      EXPECT_FALSE(param.why.empty()) << entry->name << "." << param.name
                                      << ": why (of a required parameter: why it has no default)";
  }
}

bool is_word_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

struct Word {
  std::string text;
  char next = ' ';             ///< what stands right behind it
  bool begins_clause = false;  ///< nothing, or a semicolon, stands before it
};
std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  bool begins_clause = true;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && is_word_character(text[end])) ++end;
    if (end > i) {
      const char next = end < text.size() ? text[end] : ' ';
      words.push_back({.text = std::string(text.substr(i, end - i)), .next = next, .begins_clause = begins_clause});
      begins_clause = false;
    } else if (text[i] != ' ') {
      begins_clause = text[i] == ';';
    }
    i = std::max(end, i + 1);
  }
  return words;
}

/// Its parameters, and the values that they may be chosen from.
std::set<std::string> options_of(const Entry& entry) {
  std::set<std::string> options;
  for (const ParamSpec& param : entry.params) {
    options.insert(param.name);
    options.insert(param.choices.begin(), param.choices.end());
  }
  return options;
}

TEST(Catalog, WhatIsWrittenOfAnEntryNamesNoOptionThatItRefuses) {
  for (const auto& kind : descent::catalog::kinds()) {
    std::set<std::string> options_of_all;
    for (const Entry* entry : kind.entries) options_of_all.merge(options_of(*entry));
    for (const Entry* entry : kind.entries) {
      const std::set<std::string> own = options_of(*entry);
      std::vector<std::string> texts{entry->formula};
      for (const ParamSpec& param : entry->params) texts.push_back(param.meaning);
      for (const std::string& text : texts) {
        const bool is_formula = &text == &texts.front();  // a meaning begins with its symbol: 'r: a number'
        for (const Word& word : words_of(text)) {
          const bool is_known = options_of_all.count(word.text) > 0;
          const bool given = word.next == '=';                                                       // form=plain
          const bool told_apart = is_known && is_formula && word.next == ':' && word.begins_clause;  // ; plain: x = ...
          const bool is_option = is_known && word.text.find('_') != std::string::npos;               // weight_decay x
          if (given || told_apart || is_option) {
            EXPECT_TRUE(own.count(word.text) > 0) << entry->name << " speaks of '" << word.text << "' in: " << text;
          }
        }
      }
    }
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
