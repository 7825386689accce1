#include "sql/functions/number_picture.hpp"

#include <algorithm>

#include "sql/functions/picture_cache.hpp"
#include "sql/types/char_class.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/text_types.hpp"

namespace isolde::sql {

namespace {

using F = NumberField;

struct Pattern {
  std::string_view upper;  ///< known in lower case too
  NumberField field;
};
constexpr Pattern kPatterns[] = {
    {",", F::kComma},     {".", F::kPoint},    {"0", F::kZero},          {"9", F::kNine},
    {"B", F::kBlank},     {"D", F::kPoint},    {"EEEE", F::kScientific}, {"FM", F::kFill},
    {"G", F::kGroup},     {"L", F::kCurrency}, {"MI", F::kMinus},        {"PL", F::kPlus},
    {"PR", F::kBrackets}, {"RN", F::kRoman},   {"SG", F::kPlusMinus},    {"SP", F::kSpelled},
    {"S", F::kSign},      {"TH", F::kOrdinal}, {"V", F::kShift},
};

[[noreturn]] void fail_pattern(const char* message) {
  fail(base::sqlstate::kSyntaxError, message);
}

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  NumberPicture run() {
    while (!rest_.empty()) {
      if (field()) continue;
      if (rest_[0] == '"') {
        quoted();
        continue;
      }
      if (rest_[0] == '\\' && rest_.size() > 1 && rest_[1] == '"') rest_.remove_prefix(1);
      character();
    }
    return std::move(out_);
  }

 private:
  bool field() {
    for (const Pattern& pattern : kPatterns) {
      size_t size = pattern.upper.size();
      std::string_view text = rest_.substr(0, size);
      bool upper = text == pattern.upper;
      bool lower = !upper && text.size() == size &&
                   std::equal(text.begin(), text.end(), pattern.upper.begin(),
                              [](char a, char b) { return a == to_lower(b); });
      if (!upper && !lower) continue;
      note(pattern.field);
      out_.nodes.push_back({pattern.field, lower, std::string(text)});
      rest_.remove_prefix(size);
      return true;
    }
    return false;
  }

  void quoted() {
    rest_.remove_prefix(1);
    while (!rest_.empty()) {
      if (rest_[0] == '"') {
        rest_.remove_prefix(1);
        return;
      }
      if (rest_[0] == '\\' && rest_.size() > 1) rest_.remove_prefix(1);
      character();
    }
  }

  void character() {
    size_t width = std::min(utf8_width(rest_[0]), rest_.size());
    out_.nodes.push_back({F::kText, false, std::string(rest_.substr(0, width))});
    rest_.remove_prefix(width);
  }

  /// What a pattern adds to the whole, and whether it may stand there.
  void note(NumberField field) {
    if (out_.scientific && field != F::kScientific) {
      fail_pattern("\"EEEE\" must be the last pattern used");
    }
    switch (field) {
      case F::kNine:
        return nine();
      case F::kZero:
        return zero();
      case F::kPoint:
        if (out_.point) fail_pattern("multiple decimal points");
        if (out_.shifted) fail_pattern("cannot use \"V\" and decimal point together");
        out_.point = true;
        return;
      case F::kBlank:
        if (out_.before == 0 && out_.behind == 0 && !out_.zero) out_.blank = true;
        return;
      case F::kFill:
        out_.fill = true;
        return;
      case F::kSign:
        return sign();
      case F::kMinus:
        if (out_.sign) fail_pattern("cannot use \"S\" and \"MI\" together");
        out_.minus = true;
        return;
      case F::kPlus:
        if (out_.sign) fail_pattern("cannot use \"S\" and \"PL\" together");
        out_.plus = true;
        return;
      case F::kPlusMinus:
        if (out_.sign) fail_pattern("cannot use \"S\" and \"SG\" together");
        out_.plus = out_.minus = true;
        return;
      case F::kBrackets:
        if (out_.sign || out_.plus || out_.minus) {
          fail_pattern("cannot use \"PR\" and \"S\"/\"PL\"/\"MI\"/\"SG\" together");
        }
        out_.brackets = true;
        return;
      case F::kRoman:
        out_.roman = true;
        return;
      case F::kShift:
        if (out_.point) fail_pattern("cannot use \"V\" and decimal point together");
        out_.shifted = true;
        return;
      case F::kScientific:
        return scientific();
      case F::kText:
      case F::kComma:
      case F::kGroup:
      case F::kCurrency:
      case F::kOrdinal:
      case F::kSpelled:
        return;
    }
  }

  void nine() {
    if (out_.brackets) fail_pattern("\"9\" must be ahead of \"PR\"");
    ++(out_.shifted ? out_.shift : out_.point ? out_.behind : out_.before);
  }

  void zero() {
    if (out_.brackets) fail_pattern("\"0\" must be ahead of \"PR\"");
    if (!out_.zero && !out_.point) {
      out_.zero = true;
      out_.first_zero = out_.before + 1;
    }
    ++(out_.point ? out_.behind : out_.before);
    out_.last_zero = out_.before + out_.behind;
  }

  void sign() {
    if (out_.sign) fail_pattern("cannot use \"S\" twice");
    if (out_.plus || out_.minus || out_.brackets) {
      fail_pattern("cannot use \"S\" and \"PL\"/\"MI\"/\"SG\"/\"PR\" together");
    }
    out_.sign = true;
    if (out_.point) {
      out_.sign_place = NumberPicture::SignPlace::kBehind;
    } else {
      out_.sign_place = NumberPicture::SignPlace::kBefore;
      out_.before_at_sign = out_.before;
    }
  }

  void scientific() {
    if (out_.scientific) fail_pattern("cannot use \"EEEE\" twice");
    if (out_.blank || out_.fill || out_.sign || out_.brackets || out_.minus || out_.plus ||
        out_.roman || out_.shifted) {
      throw base::SqlException(
          base::Error(base::sqlstate::kSyntaxError, "\"EEEE\" is incompatible with other formats")
              .detail("\"EEEE\" may only be used together with digit and decimal point patterns."));
    }
    out_.scientific = true;
  }

  std::string_view rest_;
  NumberPicture out_;
};

}  // namespace

const NumberPicture& number_picture(std::string_view text) {
  thread_local PictureCache<NumberPicture> cache;
  return cache.get(text, [](std::string_view t) { return Reader(t).run(); });
}

}  // namespace isolde::sql
