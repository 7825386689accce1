#include "sql/session/statement_cache.hpp"

#include <algorithm>

namespace isolde::sql {

namespace {

std::string_view literal_text(std::string_view text, const LiteralToken& literal) {
  return text.substr(literal.begin, literal.end - literal.begin);
}

}  // namespace

CachedQueryPtr StatementCache::find(std::string_view shape, std::string_view text,
                                    const std::vector<LiteralToken>& literals) {
  std::lock_guard lock(mutex_);
  auto found = by_key_.find(shape);
  if (found == by_key_.end()) return nullptr;
  ShapeList::iterator entry = found->second;
  if (entry != shapes_.begin()) shapes_.splice(shapes_.begin(), shapes_, entry);
  for (const Variant& variant : entry->variants) {
    bool same = std::all_of(variant.pinned.begin(), variant.pinned.end(), [&](const Pinned& pin) {
      return literal_text(text, literals[pin.literal]) == pin.text;
    });
    if (same) return variant.query;
  }
  return nullptr;
}

void StatementCache::add(std::string_view shape, std::string_view text,
                         const std::vector<LiteralToken>& literals, const std::vector<bool>& lifted,
                         CachedQueryPtr query) {
  if (text.size() > kMaxTextBytes) return;
  Variant variant{{}, std::move(query)};
  for (uint32_t i = 0; i < literals.size(); ++i) {
    if (!lifted[i]) variant.pinned.push_back({i, std::string(literal_text(text, literals[i]))});
  }
  std::lock_guard lock(mutex_);
  auto found = by_key_.find(shape);
  if (found == by_key_.end()) {
    shapes_.push_front({std::string(shape), {}});
    found = by_key_.emplace(shapes_.front().key, shapes_.begin()).first;
  }
  auto& variants = found->second->variants;
  auto same = [&](const Variant& other) { return other.pinned == variant.pinned; };
  std::erase_if(variants, same);  // of an older state of the catalog
  if (variants.size() == kMaxVariants) variants.erase(variants.begin());
  variants.push_back(std::move(variant));
  if (shapes_.size() > kMaxShapes) {
    by_key_.erase(shapes_.back().key);
    shapes_.pop_back();
  }
}

void StatementCache::clear() {
  std::lock_guard lock(mutex_);
  by_key_.clear();
  shapes_.clear();
}

}  // namespace isolde::sql
