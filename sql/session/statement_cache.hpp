#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sql/session/statement.hpp"

namespace isolde::sql {

/// The statements of one simple query text, parsed, and when it is a single query also planned.
struct CachedQuery {
  std::vector<StatementPtr> statements;
};
using CachedQueryPtr = std::shared_ptr<const CachedQuery>;

/// Simple queries by the shape of their text; see sql/session/literals.hpp. Bounded: the least
/// recently used shape goes first. Thread safe.
class StatementCache {
 public:
  /// Nothing when no statement of this shape has the pinned literals of this text.
  CachedQueryPtr find(std::string_view shape, std::string_view text,
                      const std::vector<LiteralToken>& literals);
  /// `lifted` tells for each literal whether it may differ.
  void add(std::string_view shape, std::string_view text, const std::vector<LiteralToken>& literals,
           const std::vector<bool>& lifted, CachedQueryPtr query);
  void clear();

 private:
  static constexpr size_t kMaxShapes = 2048;
  static constexpr size_t kMaxVariants = 8;
  static constexpr size_t kMaxTextBytes = size_t{32} << 10;

  struct Pinned {
    uint32_t literal;
    std::string text;
    bool operator==(const Pinned&) const = default;
  };
  struct Variant {
    std::vector<Pinned> pinned;
    CachedQueryPtr query;
  };
  struct Shape {
    std::string key;
    std::vector<Variant> variants;
  };
  using ShapeList = std::list<Shape>;

  std::mutex mutex_;  ///< held for a look-up only
  ShapeList shapes_;  ///< most recently used first
  std::unordered_map<std::string_view, ShapeList::iterator> by_key_;
};

}  // namespace isolde::sql
