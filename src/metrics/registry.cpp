#include "descent/metrics/registry.hpp"

#include <algorithm>

#include "descent/metrics/classification.hpp"
#include "descent/metrics/regression.hpp"

namespace descent::metrics {
namespace {

constexpr const char* kReferences =
    "M. Sokolova, G. Lapalme, \"A systematic analysis of performance measures for "
    "classification tasks\", Information Processing and Management 45, 2009, table 3";

ParamSpec average_param() {
  return {.name = "average",
          .kind = ParamKind::choice,
          .default_text = "by_task",
          .choices = {"by_task", "positive", "macro", "micro", "weighted"},
          .meaning =
              "how the classes are joined: the positive class alone, every class the same, counts added first, "
              "or classes by their weight",
          .why =
              "by_task is the positive class when there are two, as texts on two classes mean it, and macro "
              "otherwise, which lets no rare class hide"};
}

Scores averaged(const Predictions& p, const BoundArguments& arguments, const char* metric) {
  const ConfusionMatrix confusion = confusion_matrix(p.truth, p.labels, p.num_classes, p.weights);
  const std::string& average = arguments.choice("average");
  if (average == "positive" || (average == "by_task" && p.num_classes == 2)) {
    if (p.num_classes != 2)
      throw Error(ErrorCode::usage,
                  "average=positive needs 2 classes, there are " + std::to_string(p.num_classes) +
                      " (macro, micro and weighted are for any number)",
                  metric);
    return scores_by_class(confusion)[1];
  }
  if (average == "micro") return average_scores(confusion, Average::micro);
  if (average == "weighted") return average_scores(confusion, Average::weighted);
  return average_scores(confusion, Average::macro);
}

double auc(const Predictions& p, const BoundArguments&) {
  if (p.num_classes == 2 && p.scores.size() == p.truth.size()) return roc_auc(p.truth, p.scores, p.weights);
  // Scores of a softmax model are only comparable between the classes of one row; probabilities rank the rows.
  const View ranking = p.probabilities.empty() ? p.scores : p.probabilities;
  return roc_auc_one_vs_rest(p.truth, ranking, p.num_classes, p.weights);
}

Registry<Metric> make_registry() {
  Registry<Metric> r("metric");
  r.add({.name = "mse",
         .kind = "metric",
         .summary = "mean squared error; lower is better",
         .formula = "sum_i w_i (t_i - p_i)^2 / sum_i w_i",
         .example = "mse"},
        {Needs::values, false,
         [](const Predictions& p, const BoundArguments&) { return mse(p.truth, p.values, p.weights); }});
  r.add({.name = "rmse",
         .kind = "metric",
         .summary = "root of the mean squared error, in the unit of the target; lower is better",
         .formula = "sqrt(mse)",
         .example = "rmse"},
        {Needs::values, false,
         [](const Predictions& p, const BoundArguments&) { return rmse(p.truth, p.values, p.weights); }});
  r.add({.name = "mae",
         .kind = "metric",
         .summary = "mean absolute error; lower is better, outliers weigh less than in mse",
         .formula = "sum_i w_i |t_i - p_i| / sum_i w_i",
         .example = "mae"},
        {Needs::values, false,
         [](const Predictions& p, const BoundArguments&) { return mae(p.truth, p.values, p.weights); }});
  r.add({.name = "r2",
         .kind = "metric",
         .summary = "share of the variance explained: 1 is perfect, 0 no better than the mean",
         .formula = "1 - sum_i w_i (t_i - p_i)^2 / sum_i w_i (t_i - mean(t))^2",
         .differs = "constant targets give 1 when predicted exactly and 0 otherwise, as in scikit-learn 1.2",
         .example = "r2"},
        {Needs::values, true,
         [](const Predictions& p, const BoundArguments&) { return r2(p.truth, p.values, p.weights); }});
  r.add({.name = "accuracy",
         .kind = "metric",
         .summary = "share of the rows whose class is right; higher is better",
         .formula = "sum_i w_i [t_i = p_i] / sum_i w_i",
         .example = "accuracy"},
        {Needs::labels, true,
         [](const Predictions& p, const BoundArguments&) { return accuracy(p.truth, p.labels, p.weights); }});
  r.add({.name = "log_loss",
         .kind = "metric",
         .summary = "mean of -log(probability given to the true class); lower is better",
         .formula = "-sum_i w_i log(p[i, t_i]) / sum_i w_i",
         .differs = "clipped to [2^-52, 1 - 2^-52] and rows divided by their sums, as in scikit-learn 1.2",
         .example = "log_loss"},
        {Needs::probabilities, false, [](const Predictions& p, const BoundArguments&) {
           return log_loss(p.truth, p.probabilities, p.num_classes, p.weights);
         }});
  r.add({.name = "precision",
         .kind = "metric",
         .summary = "of the rows given a class, the share that belongs to it; higher is better",
         .formula = "tp / (tp + fp)",
         .params = {average_param()},
         .reference = kReferences,
         .differs = "0 / 0 is 0, without scikit-learn's warning",
         .example = "precision(average=macro)"},
        {Needs::labels, true,
         [](const Predictions& p, const BoundArguments& a) { return averaged(p, a, "precision").precision; }});
  r.add({.name = "recall",
         .kind = "metric",
         .summary = "of the rows of a class, the share that was found; higher is better",
         .formula = "tp / (tp + fn)",
         .params = {average_param()},
         .reference = kReferences,
         .differs = "0 / 0 is 0, without scikit-learn's warning",
         .example = "recall(average=macro)"},
        {Needs::labels, true,
         [](const Predictions& p, const BoundArguments& a) { return averaged(p, a, "recall").recall; }});
  r.add({.name = "f1",
         .kind = "metric",
         .summary = "harmonic mean of precision and recall; higher is better",
         .formula = "2 tp / (2 tp + fp + fn)",
         .params = {average_param()},
         .reference = kReferences,
         .differs = "0 / 0 is 0, without scikit-learn's warning",
         .example = "f1(average=macro)"},
        {Needs::labels, true, [](const Predictions& p, const BoundArguments& a) { return averaged(p, a, "f1").f1; }});
  r.add({.name = "roc_auc",
         .kind = "metric",
         .summary = "chance that a row of the class scores above one outside it; higher is better",
         .formula = "P(s_1 > s_0) + P(s_1 = s_0) / 2; several classes: the mean over each against the rest",
         .reference = "J. A. Hanley, B. J. McNeil, \"The meaning and use of the area under a ROC curve\", Radiology "
                      "143, 1982",
         .differs = "NaN when a class has no row, where scikit-learn 1.2 throws",
         .example = "roc_auc"},
        {Needs::scores, true, auc});
  return r;
}

View needed(const Metric& metric, const Predictions& p) {
  switch (metric.needs) {
    case Needs::labels: return p.labels;
    case Needs::scores: return p.scores;
    case Needs::probabilities: return p.probabilities;
    default: return p.values;
  }
}

const char* needed_text(Needs needs) {
  switch (needs) {
    case Needs::labels: return "predicted classes (a classifier)";
    case Needs::scores: return "scores of the classes (a classifier)";
    case Needs::probabilities: return "probabilities, which this model does not give";
    default: return "predicted numbers (a regression)";
  }
}

}  // namespace

const Registry<Metric>& metric_registry() {
  static const Registry<Metric> registry = make_registry();
  return registry;
}

bool applies(const Metric& metric, const Predictions& predictions) { return !needed(metric, predictions).empty(); }

double evaluate(std::string_view text, const Predictions& predictions) {
  const Call call = parse_call(text);
  const auto& named = metric_registry().at(call.name);
  const BoundArguments arguments = bind(named.entry, call);
  if (!applies(named.item, predictions))
    throw Error(ErrorCode::usage, std::string("needs ") + needed_text(named.item.needs), named.entry.name);
  return named.item.compute(predictions, arguments);
}

const std::vector<std::string>& default_metrics(Task task) {
  static const std::vector<std::string> regression{"mse", "rmse", "mae", "r2"};
  static const std::vector<std::string> classification{"accuracy", "log_loss", "precision", "recall", "f1", "roc_auc"};
  return task == Task::regression ? regression : classification;
}

}  // namespace descent::metrics
