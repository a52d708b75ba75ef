#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <tuple>

#include "descent/expr/derivative.hpp"
#include "src/expr/code.hpp"
#include "src/expr/functions.hpp"

namespace descent::expr {
namespace {

constexpr double kMaxUnrolledExponent = 64.0;
constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

using ValueId = std::uint32_t;

/// A number computed once: static single assignment, arguments before their users.
struct Value {
  enum class Kind : std::uint8_t { constant, slot_input, lane_input, result } kind = Kind::result;
  Operation op = Operation::add;
  bool lanes = false;       ///< differs from lane to lane
  double number = 0.0;      ///< of a constant
  std::uint32_t input = 0;  ///< which, of an input
  ValueId a = 0, b = 0, c = 0;
};

/// Nodes to Values.
class Translator {
 public:
  Translator(const Graph& graph, const LoweringInputs& inputs, std::span<const std::uint32_t> counts)
      : graph_(graph), inputs_(inputs), counts_(counts), value_of_(graph.size(), kNone) {}

  /// Translates everything that `roots` need and that is not there yet. Below a sum whose total is an input nothing is.
  void translate(std::span<const Id> roots) {
    std::vector<bool> needed(graph_.size(), false);
    for (const Id root : roots) needed[root] = true;
    for (auto id = static_cast<Id>(graph_.size()); id-- > 0;)
      if (needed[id] && !inputs_.sums.contains(id))
        for (const Id arg : graph_.args(id)) needed[arg] = true;
    for (Id id = 0; id < graph_.size(); ++id)
      if (needed[id] && value_of_[id] == kNone) value_of_[id] = value(id);
  }

  [[nodiscard]] ValueId of(Id id) const { return value_of_[id]; }
  [[nodiscard]] const std::vector<Value>& values() const { return values_; }

 private:
  ValueId constant(double number) {
    const auto [at, fresh] = constants_.try_emplace(std::make_pair(number, std::signbit(number)), kNone);
    if (fresh) at->second = append({.kind = Value::Kind::constant, .number = number});
    return at->second;
  }

  ValueId input(Value::Kind kind, std::uint32_t index) {
    const auto [at, fresh] = known_inputs_.try_emplace(std::make_pair(kind, index), kNone);
    if (fresh) at->second = append({.kind = kind, .lanes = kind == Value::Kind::lane_input, .input = index});
    return at->second;
  }

  ValueId append(const Value& value) {
    values_.push_back(value);
    return static_cast<ValueId>(values_.size() - 1);
  }

  ValueId apply(Operation op, ValueId a, std::optional<ValueId> second = {}, std::optional<ValueId> third = {}) {
    ValueId b = second.value_or(a);
    const ValueId c = third.value_or(a);
    if ((op == Operation::add || op == Operation::mul) && b < a) std::swap(a, b);  // the same bits either way
    const Value& va = values_[a];
    const Value& vb = values_[b];
    const Value& vc = values_[c];
    const auto is_constant = [](const Value& value) { return value.kind == Value::Kind::constant; };
    if (is_constant(va) && is_constant(vb) && is_constant(vc)) {
      const double number = compute(op, va.number, vb.number, vc.number);
      if (!std::isnan(number)) return constant(number);
    }
    const auto [at, fresh] = known_results_.try_emplace(std::make_tuple(op, a, b, c), kNone);
    if (fresh) at->second = append({.op = op, .lanes = va.lanes || vb.lanes || vc.lanes, .a = a, .b = b, .c = c});
    return at->second;
  }

  ValueId value(Id id) {
    const auto arg = [&](std::size_t i) { return value_of_[graph_.arg(id, i)]; };
    const Op op = graph_.op(id);
    switch (op) {
      case Op::constant: return constant(graph_.number(id));
      case Op::pi: return constant(3.141592653589793);
      case Op::e: return constant(2.718281828459045);
      case Op::variable:
        return input(inputs_.lane_variables ? Value::Kind::lane_input : Value::Kind::slot_input, graph_.index(id));
      case Op::column: return input(Value::Kind::lane_input, graph_.index(id));
      case Op::sum:
      case Op::mean: return input(Value::Kind::slot_input, inputs_.sums.at(id));
      case Op::add: return sum(id);
      case Op::scale: return scaled(graph_.ratio(id), arg(0));
      case Op::mul: return product(id);
      case Op::pow: return power(id);
      case Op::where: return apply(Operation::select, arg(0), arg(1), arg(2));
      case Op::min: return apply(Operation::min, arg(0), arg(1));
      case Op::max: return apply(Operation::max, arg(0), arg(1));
      default:
        if (graph_.args(id).size() == 2) return apply(to_operation(op), arg(0), arg(1));
        return apply(to_operation(op), arg(0));
    }
  }

  /// Terms from left to right; minus a term is a subtraction.
  ValueId sum(Id id) {
    std::optional<ValueId> total;
    for (const Id term : graph_.args(id)) {
      const bool scaled_term = graph_.op(term) == Op::scale;
      const bool negative = total && (scaled_term || graph_.is_constant(term)) && graph_.number(term) < 0.0;
      if (!negative) {
        total = total ? apply(Operation::add, *total, value_of_[term]) : value_of_[term];
        continue;
      }
      Ratio ratio = graph_.ratio(term);
      ratio.num = -ratio.num;
      const ValueId magnitude = scaled_term ? scaled(ratio, value_of_[graph_.arg(term, 0)]) : constant(ratio.num);
      total = apply(Operation::sub, *total, magnitude);
    }
    return *total;
  }

  /// num * value / den, with a division only where a multiplication is not exact.
  ValueId scaled(Ratio ratio, ValueId value) {
    int exponent = 0;
    if (std::frexp(ratio.den, &exponent) == 0.5 && exponent > -1000 && exponent < 1000) {
      ratio.num /= ratio.den;
      ratio.den = 1.0;
    }
    if (ratio.num == -1.0) {
      value = apply(Operation::neg, value);
    } else if (ratio.num != 1.0) {
      value = apply(Operation::mul, constant(ratio.num), value);
    }
    return ratio.den == 1.0 ? value : apply(Operation::div, value, constant(ratio.den));
  }

  [[nodiscard]] std::optional<int> unrolled_exponent(Id id) const {
    if (graph_.op(id) != Op::pow || !graph_.is_constant(graph_.arg(id, 1))) return {};
    const double n = graph_.number(graph_.arg(id, 1));
    if (n != std::trunc(n) || std::fabs(n) > kMaxUnrolledExponent) return {};
    return static_cast<int>(n);
  }

  /// x^n for n >= 1 by repeated squaring from the top bit of n.
  ValueId repeated(ValueId base, int n) {
    int bit = 1;
    while (2 * bit <= n) bit *= 2;
    ValueId result = base;
    while (bit > 1) {
      bit /= 2;
      result = apply(Operation::mul, result, result);
      if ((n & bit) != 0) result = apply(Operation::mul, result, base);
    }
    return result;
  }

  ValueId power(Id id) {
    const ValueId base = value_of_[graph_.arg(id, 0)];
    const auto n = unrolled_exponent(id);
    if (!n) return apply(Operation::pow, base, value_of_[graph_.arg(id, 1)]);
    if (*n > 0) return repeated(base, *n);
    return apply(Operation::div, constant(1.0), repeated(base, -*n));
  }

  ValueId product(Id id) {
    std::vector<Id> factors(graph_.args(id).begin(), graph_.args(id).end());
    std::stable_sort(factors.begin(), factors.end(), [&](Id a, Id b) { return counts_[a] > counts_[b]; });
    std::optional<ValueId> numerator, denominator;
    for (const Id factor : factors) {
      const auto n = unrolled_exponent(factor);
      const bool below = n && *n < 0;
      const ValueId value = below ? repeated(value_of_[graph_.arg(factor, 0)], -*n) : value_of_[factor];
      std::optional<ValueId>& side = below ? denominator : numerator;
      side = side ? apply(Operation::mul, *side, value) : value;
    }
    if (!denominator) return *numerator;
    return apply(Operation::div, numerator ? *numerator : constant(1.0), *denominator);
  }

  const Graph& graph_;
  const LoweringInputs& inputs_;
  std::span<const std::uint32_t> counts_;
  std::vector<ValueId> value_of_;  // by node
  std::vector<Value> values_;
  std::map<std::pair<double, bool>, ValueId> constants_;
  std::map<std::pair<Value::Kind, std::uint32_t>, ValueId> known_inputs_;
  std::map<std::tuple<Operation, ValueId, ValueId, ValueId>, ValueId> known_results_;
};

/// Values to Code: slots for single numbers, registers (used again when their value is) for lanes.
class Emitter {
 public:
  Emitter(const std::vector<Value>& values, std::span<const ValueId> outputs, std::size_t num_first,
          std::size_t num_slots)
      : values_(values), outputs_(outputs), home_(values.size()) {
    code_.slots.assign(num_slots, 0.0);
    code_.num_first = num_first;
  }

  Code run() {
    const auto first = needed_for(outputs_.first(code_.num_first));
    const auto all = needed_for(outputs_);
    std::vector<ValueId> order;
    for (ValueId id = 0; id < values_.size(); ++id)
      if (first[id]) order.push_back(id);
    const std::size_t num_first_values = order.size();
    for (ValueId id = 0; id < values_.size(); ++id)
      if (all[id] && !first[id]) order.push_back(id);
    find_last_uses(order);
    for (std::size_t i = 0; i < order.size(); ++i) {
      emit(order[i], i);
      if (i + 1 == num_first_values) mark_first();
    }
    for (const ValueId output : outputs_) code_.outputs.push_back(home_[output]);
    return std::move(code_);
  }

 private:
  [[nodiscard]] std::vector<bool> needed_for(std::span<const ValueId> outputs) const {
    std::vector<bool> needed(values_.size(), false);
    for (const ValueId output : outputs) needed[output] = true;
    for (auto id = static_cast<ValueId>(values_.size()); id-- > 0;)
      if (needed[id] && values_[id].kind == Value::Kind::result)
        for (const ValueId arg : {values_[id].a, values_[id].b, values_[id].c}) needed[arg] = true;
    return needed;
  }

  void find_last_uses(const std::vector<ValueId>& order) {
    last_use_.assign(values_.size(), 0);
    for (std::size_t i = 0; i < order.size(); ++i) {
      const Value& value = values_[order[i]];
      if (value.kind != Value::Kind::result) continue;
      for (const ValueId arg : {value.a, value.b, value.c}) last_use_[arg] = i;
    }
    for (const ValueId output : outputs_) last_use_[output] = order.size();
  }

  void mark_first() {
    code_.num_first_instructions = code_.instructions.size();
    code_.num_first_lane_instructions = code_.lane_instructions.size();
  }

  std::uint32_t new_slot(double number) {
    code_.slots.push_back(number);
    return static_cast<std::uint32_t>(code_.slots.size() - 1);
  }

  void emit(ValueId id, std::size_t position) {
    const Value& value = values_[id];
    if (value.kind == Value::Kind::constant) {
      home_[id] = {Home::slot, new_slot(value.number)};
    } else if (value.kind == Value::Kind::slot_input) {
      home_[id] = {Home::slot, value.input};
    } else if (value.kind == Value::Kind::lane_input) {
      home_[id] = {Home::lane_input, value.input};
    } else if (!value.lanes) {
      home_[id] = {Home::slot, new_slot(0.0)};
      code_.instructions.push_back(
          {value.op, home_[id].index, home_[value.a].index, home_[value.b].index, home_[value.c].index});
    } else {
      emit_lanes(id, value, position);
    }
  }

  void emit_lanes(ValueId id, const Value& value, std::size_t position) {
    // A result may take the place of an argument that ends here, except where a function reads two arrays.
    const bool in_place = value.op != Operation::pow && !(is_function(value.op) && num_arguments(value.op) > 1);
    if (in_place) free_arguments(value, position);
    home_[id] = {Home::lane, new_register()};
    const std::size_t count = num_arguments(value.op);
    code_.lane_instructions.push_back({value.op, home_[id].index, home_[value.a],
                                       count > 1 ? home_[value.b] : Operand{}, count > 2 ? home_[value.c] : Operand{}});
    if (!in_place) free_arguments(value, position);
  }

  void free_arguments(const Value& value, std::size_t position) {
    std::vector<ValueId> args{value.a};
    for (const ValueId arg : {value.b, value.c})
      if (std::find(args.begin(), args.end(), arg) == args.end()) args.push_back(arg);
    for (const ValueId arg : args)
      if (home_[arg].home == Home::lane && last_use_[arg] == position) free_registers_.push_back(home_[arg].index);
  }

  std::uint32_t new_register() {
    if (free_registers_.empty()) return static_cast<std::uint32_t>(code_.num_registers++);
    const std::uint32_t index = free_registers_.back();
    free_registers_.pop_back();
    return index;
  }

  const std::vector<Value>& values_;
  std::span<const ValueId> outputs_;
  std::vector<Operand> home_;
  std::vector<std::size_t> last_use_;
  std::vector<std::uint32_t> free_registers_;
  Code code_;
};

}  // namespace

ValueAndSlopes value_and_slopes(const Formula& formula) {
  const auto slopes = gradient(formula);
  ValueAndSlopes result{.graph = slopes.empty() ? formula.graph() : slopes.front().graph(), .roots = {formula.root()}};
  for (const Formula& slope : slopes) result.roots.push_back(slope.root());
  return result;
}

std::vector<std::uint32_t> factor_counts(const Graph& graph, std::span<const Id> roots) {
  std::vector<std::uint32_t> counts(graph.size(), 0);
  const auto used = reachable(graph, roots);
  for (Id id = 0; id < graph.size(); ++id)
    if (used[id] && graph.op(id) == Op::mul)
      for (const Id factor : graph.args(id)) ++counts[factor];
  return counts;
}

Code lower(const Graph& graph, std::span<const Id> roots, std::size_t num_first, const LoweringInputs& inputs,
           std::span<const std::uint32_t> counts) {
  Translator translator(graph, inputs, counts);
  translator.translate(roots.first(num_first));
  translator.translate(roots);
  std::vector<ValueId> outputs;
  for (const Id root : roots) outputs.push_back(translator.of(root));
  return Emitter(translator.values(), outputs, num_first, inputs.num_slots).run();
}

}  // namespace descent::expr
