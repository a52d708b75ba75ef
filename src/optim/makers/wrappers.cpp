#include "descent/optim/makers/wrappers.hpp"

#include "src/optim/call_building.hpp"
#include "src/optim/maker.hpp"

namespace descent {

Chain clip_by_block_norm(const Number& max_norm) {
  return Maker("clip_by_block_norm").number("max_norm", max_norm).chain();
}
Chain clip_by_block_rms(const Number& max_rms) { return Maker("clip_by_block_rms").number("max_rms", max_rms).chain(); }
Chain adaptive_clip(const Number& max_ratio, const AdaptiveClipOptions& options) {
  return Maker("adaptive_clip").number("max_ratio", max_ratio).number("epsilon", options.epsilon).chain();
}
Chain centralize() { return Maker("centralize").chain(); }
Chain normalize() { return Maker("normalize").chain(); }
Chain freeze(const std::string& name) { return Maker("freeze").word("name", name).chain(); }
Chain accumulate(std::uint64_t batches) {
  return Maker("accumulate").number("batches", static_cast<double>(batches)).chain();
}
Chain skip_if_not_finite(std::uint64_t max_in_a_row) {
  return Maker("skip_if_not_finite").number("max_in_a_row", static_cast<double>(max_in_a_row)).chain();
}
Chain zero_nans() { return Maker("zero_nans").chain(); }
Chain add_noise(const AddNoiseOptions& options) {
  return Maker("add_noise")
      .number("eta", options.eta)
      .number("gamma", options.gamma)
      .number("seed", static_cast<double>(options.seed))
      .chain();
}
Chain lookahead(std::uint64_t period, const LookaheadOptions& options) {
  return Maker("lookahead")
      .number("period", static_cast<double>(period))
      .number("slow_step", options.slow_step)
      .chain();
}
Chain polyak_average(std::uint64_t start) {
  return Maker("polyak_average").number("start", static_cast<double>(start)).chain();
}
Chain ema_average(const Number& decay) { return Maker("ema_average").number("decay", decay).chain(); }
Chain swa(std::uint64_t start, const SwaOptions& options) {
  return Maker("swa")
      .number("start", static_cast<double>(start))
      .number("every", static_cast<double>(options.every))
      .chain();
}
Chain sam(const Number& rho, const SamOptions& options) {
  return Maker("sam").number("rho", rho).flag("adaptive", options.adaptive).number("eta", options.eta).chain();
}

Chain only(const std::vector<std::string>& names, const Chain& chain) { return restricted({.names = names}, chain); }
Chain except(const std::vector<std::string>& names, const Chain& chain) {
  return restricted({.names = names, .except = true}, chain);
}

}  // namespace descent
