#include "sql/dialect/edits.hpp"

#include <algorithm>

#include "sql/parser/parse.hpp"

namespace isolde::sql {

namespace dialect {

void Edits::replace(size_t begin, size_t end, std::string text) {
  auto later = std::find_if(edits_.begin(), edits_.end(),
                            [&](const Edit& edit) { return edit.begin >= begin; });
  // Insertions at one place stay in the order in which they were noted.
  while (begin == end && later != edits_.end() && later->begin == begin && later->end == begin) {
    ++later;
  }
  bool overlaps = (later != edits_.begin() && std::prev(later)->end > begin) ||
                  (later != edits_.end() && later->begin < end);
  if (!overlaps) edits_.insert(later, {begin, end, std::move(text)});
}

Rewritten Edits::apply(std::string_view text) const {
  Rewritten result;
  result.client_text = text;
  auto add = [&](std::string_view words, size_t client_begin, bool copied) {
    if (words.empty()) return;
    result.runs.push_back({result.text.size(), client_begin, copied});
    result.text += words;
  };
  size_t at = 0;
  for (const Edit& edit : edits_) {
    add(text.substr(at, edit.begin - at), at, true);
    add(edit.text, edit.begin, false);
    at = edit.end;
  }
  add(text.substr(at), at, true);
  if (result.runs.empty()) result.runs.push_back({0, 0, true});
  return result;
}

}  // namespace dialect

size_t Rewritten::client_offset(size_t offset) const {
  auto after = std::upper_bound(runs.begin(), runs.end(), offset,
                                [](size_t wanted, const Run& run) { return wanted < run.begin; });
  const Run& run = *std::prev(after);
  return run.copied ? run.client_begin + (offset - run.begin) : run.client_begin;
}

int Rewritten::client_position(int position) const {
  if (position <= 0) return position;
  size_t offset = 0;
  for (int left = position - 1; offset < text.size(); ++offset) {
    bool begins_character = (static_cast<unsigned char>(text[offset]) & 0xC0) != 0x80;
    if (begins_character && left-- == 0) break;
  }
  return character_position(client_text, static_cast<int>(client_offset(offset)));
}

}  // namespace isolde::sql
