#include <algorithm>

#include "sql/functions/number_picture.hpp"
#include "sql/types/char_class.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/text_types.hpp"

// A number read by a template: each 9 or 0 takes at most one digit, with the sign before or behind.

namespace isolde::sql {

namespace {

class Reader {
 public:
  Reader(std::string_view text, const NumberPicture& picture) : text_(text), p_(picture) {}

  NumberRead run() {
    for (const NumberNode& node : p_.nodes) {
      if (at_end()) break;
      read(node);
    }
    if (!digits_.empty() && digits_.back() == '.') digits_.pop_back();
    return {sign_ + digits_, behind_};
  }

 private:
  bool at_end() const { return at_ >= text_.size(); }
  char current() const { return text_[at_]; }
  void skip_character() {
    if (!at_end()) at_ += utf8_width(current());
  }
  void skip_unless_data() {
    constexpr std::string_view kData = "0123456789.,+-";
    if (!at_end() && kData.find(current()) == std::string_view::npos) skip_character();
  }

  void read(const NumberNode& node) {
    switch (node.field) {
      case NumberField::kNine:
      case NumberField::kZero:
      case NumberField::kPoint:
        place(node.field);
        ++at_;
        return;
      case NumberField::kComma:
      case NumberField::kGroup:
        if (!p_.fill && current() == ',') ++at_;
        return;
      case NumberField::kCurrency:
        return skip_unless_data();
      case NumberField::kOrdinal:
        if (p_.roman || sign_ == "-" || p_.point) return;
        skip_unless_data();
        return skip_unless_data();
      case NumberField::kMinus:
        return sign_or_skip("-");
      case NumberField::kPlus:
        return sign_or_skip("+");
      case NumberField::kPlusMinus:
        return sign_or_skip("-+");
      case NumberField::kText:
        return skip_character();
      case NumberField::kRoman:
      case NumberField::kBlank:
      case NumberField::kFill:
      case NumberField::kSign:
      case NumberField::kBrackets:
      case NumberField::kSpelled:
      case NumberField::kShift:
      case NumberField::kScientific:
        return;
    }
  }

  void sign_or_skip(std::string_view wanted) {
    if (wanted.find(current()) == std::string_view::npos) return skip_unless_data();
    sign_ = current();
    ++at_;
  }

  void place(NumberField field) {
    if (current() == ' ') ++at_;
    if (at_end()) return;
    if (sign_ == " " && field != NumberField::kPoint && before_ + behind_ == 0) leading_sign();
    if (at_end()) return;
    bool read = false;
    if (is_digit(current())) {
      if (point_ && behind_ == p_.behind) return;
      digits_ += current();
      ++(point_ ? behind_ : before_);
      read = true;
    } else if (p_.point && !point_ && current() == '.') {
      digits_ += '.';
      point_ = true;
      read = true;
    }
    if (sign_ == " " && before_ + behind_ > 0) trailing_sign(read);
  }

  void leading_sign() {
    char c = current();
    bool bracket = p_.brackets && c == '<';
    if (c == '-' || c == '+' || bracket) {
      sign_ = c == '+' ? "+" : "-";
      ++at_;
    }
  }

  /// Where a template's digits outnumber the text's, its sign comes before its place.
  void trailing_sign(bool read) {
    if (p_.sign && read && at_ + 1 < text_.size() && !is_digit(text_[at_ + 1])) {
      char next = text_[at_ + 1];
      if (next == '-' || next == '+') {
        sign_ = next;
        ++at_;
      }
    } else if (!read && !p_.sign && (p_.plus || p_.minus)) {
      if (current() == '-' || current() == '+') sign_ = current();
    }
  }

  std::string_view text_;
  const NumberPicture& p_;
  size_t at_ = 0;
  std::string sign_ = " ";
  std::string digits_;
  int before_ = 0;
  int behind_ = 0;
  bool point_ = false;
};

}  // namespace

NumberRead read_by_picture(std::string_view text, const NumberPicture& picture) {
  if (picture.scientific) {
    fail(base::sqlstate::kFeatureNotSupported, "\"EEEE\" not supported for input");
  }
  if (picture.roman) {
    fail(base::sqlstate::kFeatureNotSupported, "\"RN\" not supported for input");
  }
  return Reader(text, picture).run();
}

}  // namespace isolde::sql
