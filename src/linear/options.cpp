#include "descent/linear/options.hpp"

#include <vector>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/core/words.hpp"

namespace descent::linear {
namespace {

constexpr Word<LossScale> kLossScales[] = {{"mean", LossScale::mean},
                                           {"half_mean", LossScale::half_mean},
                                           {"sum", LossScale::sum},
                                           {"half_sum", LossScale::half_sum}};
constexpr Word<Shuffle> kShuffles[] = {{"none", Shuffle::none}, {"epoch", Shuffle::epoch}};
constexpr Word<Standardize> kStandardizes[] = {
    {"auto", Standardize::automatic}, {"yes", Standardize::yes}, {"no", Standardize::no}};
constexpr Word<Evaluation> kEvaluations[] = {
    {"auto", Evaluation::automatic}, {"rows", Evaluation::rows}, {"gram", Evaluation::gram}};

/// `NAME=VALUE,...`; the name may hold '=' (`cut=Fair=0.5`): the last one divides.
std::vector<std::pair<std::string, double>> parse_values(std::string_view text, const char* option) {
  std::vector<std::pair<std::string, double>> result;
  for (const std::string& part : split(text, ',')) {
    const auto divider = part.rfind('=');
    const std::string name(trim(std::string_view(part).substr(0, divider)));
    const auto value =
        divider == std::string::npos ? std::nullopt : parse_number(trim(std::string_view(part).substr(divider + 1)));
    if (name.empty() || !value) throw Error(ErrorCode::usage, "expected NAME=VALUE,..., got " + quoted(part), option);
    for (const auto& other : result)
      if (other.first == name) throw Error(ErrorCode::usage, quoted(name) + " is given twice", option);
    result.emplace_back(name, *value);
  }
  return result;
}

}  // namespace

LossScale parse_loss_scale(std::string_view text) { return parse_word(text, "loss_scale", kLossScales); }
Shuffle parse_shuffle(std::string_view text) { return parse_word(text, "shuffle", kShuffles); }
Standardize parse_standardize(std::string_view text) { return parse_word(text, "standardize", kStandardizes); }
Evaluation parse_evaluation(std::string_view text) { return parse_word(text, "evaluation", kEvaluations); }

const char* to_text(LossScale scale) { return word_of(scale, kLossScales); }

const char* to_text(Evaluation evaluation) { return word_of(evaluation, kEvaluations); }

Start parse_start(std::string_view text) {
  if (text == "auto") return {};
  if (text == "zeros") return {.kind = StartKind::zeros};
  if (text == "ones") return {.kind = StartKind::ones};
  if (text == "random") return {.kind = StartKind::random};
  if (text.find('=') == std::string_view::npos) {
    const std::vector<std::string> allowed{"auto", "zeros", "ones", "random"};
    throw Error(
        ErrorCode::usage,
        "expected auto, zeros, ones, random or NAME=VALUE,..., got " + quoted(text) + did_you_mean(text, allowed),
        "start");
  }
  return {.kind = StartKind::named, .values = parse_values(text, "start")};
}

ClassWeights parse_class_weights(std::string_view text) {
  if (text == "none") return {};
  if (text == "balanced") return {.kind = ClassWeight::balanced};
  if (text.find('=') == std::string_view::npos)
    throw Error(ErrorCode::usage, "expected none, balanced or CLASS=WEIGHT,..., got " + quoted(text), "class_weight");
  ClassWeights result{.kind = ClassWeight::map, .values = parse_values(text, "class_weight")};
  for (const auto& [name, value] : result.values)
    if (value < 0.0)
      throw Error(ErrorCode::usage, "expected a weight >= 0, got " + number_text(value),
                  "class_weight " + quoted(name));
  return result;
}

}  // namespace descent::linear
