#include "sql/types/letter_case.hpp"

#include <locale.h>
#include <wctype.h>

#include <algorithm>
#include <cstdint>

#include "sql/types/char_class.hpp"
#include "sql/types/text_types.hpp"

namespace isolde::sql {

namespace {

locale_t unicode() {
  static const locale_t kLocale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return kLocale;
}

/// Calls `change` with each code point and appends what it gives.
template <typename Change>
std::string map_characters(std::string_view text, Change change) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    size_t width = std::min(utf8_width(text[i]), text.size() - i);
    auto lead = static_cast<unsigned char>(text[i]);
    uint32_t code = width == 1 ? lead : lead & (0x7fU >> width);
    for (size_t k = 1; k < width; ++k) {
      code = code << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3fU);
    }
    append_utf8(out, change(code));
    i += width;
  }
  return out;
}

uint32_t lower_of(uint32_t c) {
  return static_cast<uint32_t>(towlower_l(c, unicode()));
}
uint32_t upper_of(uint32_t c) {
  return static_cast<uint32_t>(towupper_l(c, unicode()));
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

std::string to_lower_text(std::string_view text) {
  if (!is_ascii(text)) return map_characters(text, lower_of);
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), to_lower);
  return out;
}

std::string to_upper_text(std::string_view text) {
  if (!is_ascii(text)) return map_characters(text, upper_of);
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), to_upper);
  return out;
}

std::string to_title_text(std::string_view text) {
  bool inside = false;
  return map_characters(text, [&](uint32_t c) {
    uint32_t changed = inside ? lower_of(c) : upper_of(c);
    inside = iswalnum_l(c, unicode()) != 0;
    return changed;
  });
}

}  // namespace isolde::sql
