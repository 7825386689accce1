#include <fmt/format.h>

#include <algorithm>

#include "sql/functions/number_picture.hpp"
#include "sql/functions/ordinal.hpp"
#include "sql/types/char_class.hpp"

// A number laid out by a template. The places of the template, each a 9, a 0 or the point, are
// walked beside the digits; places before the number's first digit are empty. Where the sign goes
// depends on it: it is written as soon as the first place is filled.

namespace isolde::sql {

namespace {

class Writer {
 public:
  Writer(NumberPicture picture, const NumberToWrite& number)
      : p_(std::move(picture)),
        digits_(number.digits),
        sign_(number.sign),
        blanks_(number.blanks) {}

  std::string run() {
    if (p_.scientific) return digits_;
    if (p_.roman) only_roman();
    if (p_.first_zero > 0) --p_.first_zero;
    place_sign();
    places_ = p_.behind + p_.before - 1;
    if (p_.fill && p_.point) find_last_digit();
    if (!sign_written_ && blanks_ == 0) ++places_;
    for (const NumberNode& node : p_.nodes) write(node);
    // Places behind the last digit of a number that was cut short are bytes of zero.
    return out_.substr(0, out_.find('\0'));
  }

 private:
  using SignPlace = NumberPicture::SignPlace;

  void only_roman() {
    std::vector<NumberNode> nodes = std::move(p_.nodes);
    bool fill = p_.fill;
    p_ = {};
    p_.nodes = std::move(nodes);
    p_.fill = fill;
    p_.roman = true;
    blanks_ = 0;
    sign_ = '\0';
  }

  void place_sign() {
    if (p_.plus || p_.minus) {
      // MI, PL and SG write it; with PL alone a minus still goes before the number.
      sign_written_ = !(p_.plus && !p_.minus);
      return;
    }
    if (sign_ != '-' && p_.fill) p_.brackets = false;
    sign_written_ = sign_ == '+' && p_.fill && !p_.sign;
    if (p_.sign_place == SignPlace::kBefore && p_.before == p_.before_at_sign) {
      p_.sign_place = SignPlace::kBehind;
    }
  }

  /// Under FM zeros at the end go, but for places with a 0 in the template.
  void find_last_digit() {
    size_t point = digits_.find('.');
    if (point == std::string::npos) return;
    last_ = std::max(digits_.find_last_not_of('0'), point);
    if (p_.last_zero > blanks_) {
      size_t kept = std::min(digits_.size() - 1, static_cast<size_t>(p_.last_zero - blanks_));
      last_ = std::max(last_, kept);
    }
  }
  bool has_last() const { return last_ != std::string::npos; }
  bool last_is_point() const { return has_last() && digits_[last_] == '.'; }

  char current() const { return at_ < digits_.size() ? digits_[at_] : '\0'; }

  /// The 0 of "0.5" where the template has a 9.
  bool is_skipped_zero() const {
    return !p_.zero && at_ == 0 && current() == '0' && p_.behind != 0;
  }

  void write(const NumberNode& node) {
    switch (node.field) {
      case NumberField::kNine:
      case NumberField::kZero:
      case NumberField::kPoint:
        if (!p_.roman) place(node.field);
        return;
      case NumberField::kComma:
      case NumberField::kGroup:
        if (inside_) {
          out_ += ',';
        } else if (!p_.fill) {
          out_ += ' ';
        }
        return;
      case NumberField::kCurrency:
        out_ += ' ';
        return;
      case NumberField::kRoman:
        return roman(node.lower);
      case NumberField::kOrdinal:
        if (!p_.roman && digits_[0] != '#' && sign_ != '-' && !p_.point) {
          out_ += ordinal_suffix(digits_, !node.lower);
        }
        return;
      case NumberField::kMinus:
        return sign_or_blank('-');
      case NumberField::kPlus:
        return sign_or_blank('+');
      case NumberField::kPlusMinus:
        out_ += sign_;
        return;
      case NumberField::kText:
        out_ += node.text;
        return;
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

  void sign_or_blank(char wanted) {
    if (sign_ == wanted) {
      out_ += wanted;
    } else if (!p_.fill) {
      out_ += ' ';
    }
  }

  void roman(bool lower) {
    std::string text = digits_;
    if (lower) std::transform(text.begin(), text.end(), text.begin(), to_lower);
    out_ += p_.fill ? text : fmt::format("{:>15}", text);
  }

  /// The sign, when the first digit, or the first 0 of the template, comes next.
  void leading_sign() {
    bool starts = place_ >= blanks_ || (p_.zero && p_.first_zero == place_);
    if (sign_written_ || !starts || (is_skipped_zero() && !last_is_point())) return;
    if (p_.sign) {
      if (p_.sign_place != SignPlace::kBefore) return;
      out_ += sign_;
    } else if (p_.brackets) {
      out_ += sign_ == '+' ? ' ' : '<';
    } else if (sign_ == '-') {
      out_ += '-';
    } else if (!p_.fill) {
      out_ += ' ';
    }
    sign_written_ = true;
  }

  void trailing_sign() {
    int end = places_ + (blanks_ != 0 ? 1 : 0) + (p_.point ? 1 : 0);
    if (has_last() && last_ == at_) end = place_;
    if (place_ + 1 != end) return;
    if (sign_written_ && p_.brackets) {
      out_ += sign_ == '+' ? ' ' : '>';
    } else if (p_.sign && p_.sign_place == SignPlace::kBehind) {
      out_ += sign_;
    }
  }

  void place(NumberField field) {
    inside_ = false;
    leading_sign();
    bool before_number = place_ < blanks_;
    bool before_zero = !p_.zero || p_.first_zero > place_;
    if (before_number && before_zero) {
      if (!p_.fill) out_ += ' ';
    } else if (before_number) {
      out_ += '0';
      inside_ = true;
    } else {
      digit(field);
      if (at_ < digits_.size()) ++at_;
    }
    trailing_sign();
    ++place_;
  }

  void digit(NumberField field) {
    if (current() == '.') {
      if (!last_is_point() || p_.fill) out_ += '.';
    } else if (has_last() && at_ > last_ && field != NumberField::kZero) {
      return;
    } else if (is_skipped_zero()) {
      if (!p_.fill) {
        out_ += ' ';
      } else if (last_is_point()) {
        out_ += '0';
      }
    } else {
      out_ += current();
      inside_ = true;
    }
  }

  NumberPicture p_;
  std::string digits_;
  char sign_;
  int blanks_;
  std::string out_;
  bool sign_written_ = false;
  bool inside_ = false;  ///< the last place held a digit: a comma may follow
  int place_ = 0;
  int places_ = 0;
  size_t at_ = 0;  ///< in digits_
  size_t last_ = std::string::npos;
};

}  // namespace

std::string write_by_picture(NumberPicture picture, const NumberToWrite& number) {
  return Writer(std::move(picture), number).run();
}

}  // namespace isolde::sql
