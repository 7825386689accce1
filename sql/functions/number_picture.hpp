#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace isolde::sql {

// The templates of to_char and to_number for numbers, cut into nodes:
//
//   '999G990.99S'  ->  9 9 9 G 9 9 0 . 9 9 S

enum class NumberField : uint8_t {
  kText,  ///< no field: a character that stands for itself
  kNine,
  kZero,
  kPoint,      ///< "." and D
  kComma,      ///< ","
  kGroup,      ///< G
  kCurrency,   ///< L
  kBlank,      ///< B
  kFill,       ///< FM
  kSign,       ///< S
  kMinus,      ///< MI
  kPlus,       ///< PL
  kPlusMinus,  ///< SG
  kBrackets,   ///< PR
  kRoman,
  kOrdinal,
  kSpelled,  ///< SP: known, without effect
  kShift,    ///< V
  kScientific,
};

struct NumberNode {
  NumberField field = NumberField::kText;
  bool lower = false;
  std::string text;
};

struct NumberPicture {
  enum class SignPlace : uint8_t { kNone, kBefore, kBehind };

  std::vector<NumberNode> nodes;
  int before = 0;  ///< digits before the point
  int behind = 0;
  int shift = 0;                            ///< digits behind V
  SignPlace sign_place = SignPlace::kNone;  ///< of S
  int before_at_sign = 0;                   ///< digits before the point that precede S
  int first_zero = 0;                       ///< place of the first 0, from 1; 0 is none
  int last_zero = 0;

  bool point = false;
  bool zero = false;
  bool blank = false;
  bool fill = false;
  bool sign = false;
  bool brackets = false;
  bool minus = false;
  bool plus = false;
  bool roman = false;
  bool shifted = false;
  bool scientific = false;
};

/// Read once for a run of calls; valid until the next call on this thread. Throws 42601 for
/// patterns that do not go together.
const NumberPicture& number_picture(std::string_view text);

/// A number's text without its sign, laid out by a template.
struct NumberToWrite {
  std::string digits;  ///< "123.40", "####.##", or the whole for EEEE and RN
  char sign = '+';
  int blanks = 0;  ///< places before the point that it leaves empty
};
std::string write_by_picture(NumberPicture picture, const NumberToWrite& number);

/// What numeric's input function is to read; `scale` is how many digits stood behind the point.
struct NumberRead {
  std::string text;
  int scale = 0;
};
NumberRead read_by_picture(std::string_view text, const NumberPicture& picture);

}  // namespace isolde::sql
