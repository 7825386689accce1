#include "sql/statistics/distribution.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "sql/types/output_style.hpp"

namespace isolde::sql {

namespace {

class Distribution {
 public:
  Distribution(const Type& type, ColumnSample& sample, int target, double rows)
      : type_(type), sample_(sample), target_(static_cast<size_t>(target)), rows_(rows) {}

  RelationStatistics::Column run() {
    out_.correlation = std::numeric_limits<double>::quiet_NaN();
    const auto seen = static_cast<double>(sample_.rows());
    out_.null_fraction = static_cast<double>(sample_.nulls) / seen;
    const auto present = static_cast<double>(sample_.rows() - sample_.nulls);
    out_.width = type_.size > 0 ? type_.size : present > 0 ? sample_.bytes / present : 0;
    if (present == 0 || !type_.is_ordered()) return std::move(out_);
    sort();
    find_groups();
    count_distinct();
    choose_common();
    cut_histogram();
    correlate();
    return std::move(out_);
  }

 private:
  struct Group {
    size_t first;  ///< of its values, in sorted order
    size_t count;
  };

  Datum value(size_t rank) const { return sample_.values[order_[rank]]; }

  void sort() {
    order_.resize(sample_.values.size());
    std::iota(order_.begin(), order_.end(), 0);
    std::stable_sort(order_.begin(), order_.end(), [this](uint32_t a, uint32_t b) {
      return type_.compare(sample_.values[a], sample_.values[b]) < 0;
    });
  }

  void find_groups() {
    for (size_t i = 0; i < order_.size(); ++i) {
      const bool same = i > 0 && type_.compare(value(i - 1), value(i)) == 0;
      same ? void(++groups_.back().count) : void(groups_.push_back({i, 1}));
    }
    for (const Group& group : groups_) {
      if (group.count > 1) repeated_.push_back(group);
    }
    std::stable_sort(repeated_.begin(), repeated_.end(),
                     [](const Group& a, const Group& b) { return a.count > b.count; });
  }

  void count_distinct() {
    const auto groups = static_cast<double>(groups_.size());
    const auto wide = static_cast<double>(sample_.wide);
    const auto repeated = static_cast<double>(repeated_.size());
    if (repeated_.empty()) {
      out_.distinct = -1.0 * (1.0 - out_.null_fraction);
      return;
    }
    if (sample_.wide == 0 && repeated_.size() == groups_.size()) {
      out_.distinct = groups;
    } else {
      const double once = groups - repeated + wide, different = once + repeated;
      const auto n = static_cast<double>(sample_.rows() - sample_.nulls);
      const double all = rows_ * (1.0 - out_.null_fraction);
      double guess = all > 0 ? n * different / ((n - once) + once * n / all) : 0;
      guess = std::min(std::max(guess, different), std::max(all, 0.0));
      out_.distinct = std::floor(guess + 0.5);
    }
    // So many must grow with the table.
    if (out_.distinct > 0.1 * rows_) out_.distinct = -(out_.distinct / rows_);
  }

  void choose_common() {
    common_ = std::min(target_, repeated_.size());
    const bool all_known = repeated_.size() == groups_.size() && sample_.wide == 0 &&
                           out_.distinct > 0 && repeated_.size() <= target_;
    if (!all_known) drop_uncommon();
    const auto seen = static_cast<double>(sample_.rows());
    for (size_t i = 0; i < common_; ++i) {
      out_.common_values.push_back(text(value(repeated_[i].first)));
      out_.common_frequencies.push_back(static_cast<double>(repeated_[i].count) / seen);
    }
  }

  /// From the least common one on: those that are not seen more often, by two standard deviations,
  /// than the average of the values that would not be in the list.
  void drop_uncommon() {
    const auto n = static_cast<double>(sample_.rows());
    if (n == rows_ || rows_ <= 1.0) return;
    const double distinct = out_.distinct < 0 ? -out_.distinct * rows_ : out_.distinct;
    double others = 0;
    for (size_t i = 0; i + 1 < common_; ++i) others += static_cast<double>(repeated_[i].count);
    while (common_ > 0) {
      double share = std::clamp(1.0 - others / n - out_.null_fraction, 0.0, 1.0);
      const double rest = distinct - static_cast<double>(common_ - 1);
      if (rest > 1) share /= rest;
      const auto count = static_cast<double>(repeated_[common_ - 1].count);
      const double k = rows_ * count / n;
      const double variance = n * k * (rows_ - k) * (rows_ - n) / (rows_ * rows_ * (rows_ - 1));
      if (count > share * n + 2 * std::sqrt(variance) + 0.5) break;
      if (--common_ == 0) break;
      others -= static_cast<double>(repeated_[common_ - 1].count);
    }
  }

  void cut_histogram() {
    size_t bounds = groups_.size() - common_;
    if (bounds > target_) bounds = target_ + 1;
    if (bounds < 2) return;
    std::vector<bool> common(order_.size());
    for (size_t i = 0; i < common_; ++i) {
      std::fill_n(common.begin() + static_cast<ptrdiff_t>(repeated_[i].first), repeated_[i].count,
                  true);
    }
    std::vector<size_t> ranks;
    for (size_t i = 0; i < order_.size(); ++i) {
      if (!common[i]) ranks.push_back(i);
    }
    for (size_t i = 0; i < bounds; ++i) {
      out_.histogram.push_back(text(value(ranks[i * (ranks.size() - 1) / (bounds - 1)])));
    }
  }

  /// Of the order of values and the order of rows: 1 when an index scan reads page after page.
  void correlate() {
    const auto n = static_cast<double>(order_.size());
    if (order_.size() < 2) return;
    double products = 0;
    for (size_t i = 0; i < order_.size(); ++i) products += static_cast<double>(i) * order_[i];
    const double sum = (n - 1) * n / 2, squares = (n - 1) * n * (2 * n - 1) / 6;
    out_.correlation = (n * products - sum * sum) / (n * squares - sum * sum);
  }

  std::string text(Datum value) const {
    std::string out;
    type_.to_text(value, out, OutputStyle{});
    return out;
  }

  const Type& type_;
  ColumnSample& sample_;
  const size_t target_;
  const double rows_;
  RelationStatistics::Column out_;
  std::vector<uint32_t> order_;  ///< places in the sample, by value
  std::vector<Group> groups_;    ///< of equal values, ascending
  std::vector<Group> repeated_;  ///< those of more than one, the largest first
  size_t common_ = 0;            ///< how many of these are kept as common values
};

}  // namespace

std::optional<RelationStatistics::Column> distribution_of(const Type& type, ColumnSample& sample,
                                                          int target, double rows) {
  if (sample.rows() == 0) return std::nullopt;
  return Distribution(type, sample, target, rows).run();
}

/// A value has a width, if only of its head.
bool is_known(const RelationStatistics::Column& column) {
  return column.null_fraction > 0 || column.width > 0;
}

}  // namespace isolde::sql
