// The textbook's search for a step with the strong Wolfe conditions.
#pragma once

#include "descent/optim/search_base.hpp"

namespace descent {

/// Lengthens the step fourfold until an interval holds an acceptable one, then shrinks that ("zoom") by cubic
/// interpolation kept within its middle four fifths. Reference: J. Nocedal, S. J. Wright, "Numerical Optimization", 2nd
/// ed., 2006, algorithms 3.5 and 3.6. Differs: acceptance at rounding level (SearchBase), and values that are not
/// finite are too far.
class ZoomSearch : public SearchBase {
 public:
  ZoomSearch(double value, double slope, double first_step, const LineSearchOptions& options = {})
      : SearchBase(value, slope, first_step, options), low_(start_), high_(start_) {}

  void report(double value, double slope);

 private:
  void try_inside();

  Sample low_;   ///< the lowest with sufficient decrease; `start_` until there is one
  Sample high_;  ///< the interval's other end, once zooming_
  bool zooming_ = false;
};

}  // namespace descent
