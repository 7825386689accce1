#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sql/types/type.hpp"

namespace isolde::sql {

struct EnumLabel {
  base::Oid oid;  ///< pg_enum.oid: the value, in Datum::as_int
  float sort_order = 0;
  std::string name;
};

/// An enum. Values order as their labels' sort_order, not as their OIDs.
struct EnumType : Type {
  EnumType(base::Oid type_oid, base::Oid array_oid, std::string type_name, std::string shown_name,
           std::vector<EnumLabel> all_labels);
  EnumType(const EnumType&) = delete;
  EnumType& operator=(const EnumType&) = delete;

  const std::vector<EnumLabel>& labels() const { return labels_; }  ///< in order
  const EnumLabel* find(std::string_view name) const;
  /// The place of a value among the labels; throws 22P03 for one that is none.
  size_t rank(Datum value) const;

 private:
  std::string own_name_;
  std::string own_sql_name_;
  std::vector<EnumLabel> labels_;
  std::unordered_map<uint32_t, size_t> rank_;
};

}  // namespace isolde::sql
