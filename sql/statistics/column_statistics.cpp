#include "sql/statistics/column_statistics.hpp"

#include <algorithm>
#include <cmath>

#include "sql/statistics/distribution.hpp"
#include "sql/types/output_style.hpp"

namespace isolde::sql {

std::optional<ColumnStatistics> ColumnStatistics::of(const RelationObject& relation, size_t place,
                                                     const Type& type) {
  const auto& columns = relation.statistics.columns;
  if (place >= columns.size() || !is_known(columns[place])) return std::nullopt;
  return ColumnStatistics(columns[place], type);
}

ColumnStatistics::ColumnStatistics(const RelationStatistics::Column& about, const Type& type)
    : type_(&type), arena_(std::make_unique<Arena>()) {
  about_.null_fraction = about.null_fraction;
  about_.width = about.width;
  about_.distinct = about.distinct;
  about_.correlation = about.correlation;
  auto read = [&](const std::string& text) {
    return type.from_text(text, -1, *arena_, OutputStyle{});
  };
  for (size_t i = 0; i < about.common_values.size(); ++i) {
    common_.push_back({read(about.common_values[i]), about.common_frequencies[i]});
    common_fraction_ += about.common_frequencies[i];
  }
  for (const std::string& bound : about.histogram) histogram_.push_back(read(bound));
}

std::optional<double> ColumnStatistics::correlation() const {
  if (std::isnan(about_.correlation)) return std::nullopt;
  return about_.correlation;
}

double ColumnStatistics::distinct(double rows) const {
  if (about_.distinct > 0) return about_.distinct;
  if (about_.distinct < 0) return std::max(1.0, std::floor(-about_.distinct * rows + 0.5));
  return std::min(200.0, std::max(1.0, rows));
}

double ColumnStatistics::fraction_equal(Datum value, double rows) const {
  for (const Common& one : common_) {
    if (type_->compare(one.value, value) == 0) return one.frequency;
  }
  double rest = std::clamp(1.0 - common_fraction_ - about_.null_fraction, 0.0, 1.0);
  const double others = distinct(rows) - static_cast<double>(common_.size());
  if (others > 1) rest /= others;
  // An uncommon value is not commoner than the least common one.
  return common_.empty() ? rest : std::min(rest, common_.back().frequency);
}

namespace {

/// For types whose values are numbers, how far `value` lies between two bounds.
std::optional<double> position(const Type& type, Datum low, Datum value, Datum high) {
  auto number = [&](Datum datum) {
    return type.storage == Storage::kFloat ? datum.as_float() : static_cast<double>(datum.as_int());
  };
  if (type.storage != Storage::kFloat && type.storage != Storage::kInteger) return std::nullopt;
  const double width = number(high) - number(low);
  if (!(width > 0)) return std::nullopt;
  const double at = (number(value) - number(low)) / width;
  if (!(at >= 0 && at <= 1)) return std::nullopt;
  return at;
}

}  // namespace

double ColumnStatistics::part_of_histogram_below(Datum value) const {
  auto less = [this](Datum a, Datum b) { return type_->compare(a, b) < 0; };
  const auto above = std::lower_bound(histogram_.begin(), histogram_.end(), value, less);
  if (above == histogram_.begin()) return 0;
  if (above == histogram_.end()) return 1;
  const auto bin = static_cast<double>(above - histogram_.begin() - 1);
  const double within = position(*type_, *(above - 1), value, *above).value_or(0.5);
  return (bin + within) / static_cast<double>(histogram_.size() - 1);
}

std::optional<double> ColumnStatistics::fraction_below(Datum value, bool or_equal) const {
  if (common_.empty() && histogram_.size() < 2) return std::nullopt;
  double common = 0;
  for (const Common& one : common_) {
    const auto order = type_->compare(one.value, value);
    if (order < 0 || (or_equal && order == 0)) common += one.frequency;
  }
  const double rest = std::clamp(1.0 - common_fraction_ - about_.null_fraction, 0.0, 1.0);
  double below = 0.5;
  if (histogram_.size() >= 2) {
    // Nothing is certain about a sample: never quite none, never quite all.
    const double least = 0.01 / static_cast<double>(histogram_.size() - 1);
    below = std::clamp(part_of_histogram_below(value), least, 1 - least);
  }
  return std::clamp(common + rest * below, 0.0, 1.0);
}

}  // namespace isolde::sql
