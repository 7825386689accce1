#include <gtest/gtest.h>

#include <string>

#include "sql/settings/session_settings.hpp"

namespace isolde::sql {
namespace {

/// A random history of one setting, and its value after every step as PostgreSQL 15 shows it.
///
///   B begin  C commit  A rollback  V savepoint  r release  t rollback to savepoint
///   Sx SET to x  Lx SET LOCAL to x  D RESET  X RESET ALL;  '-' is the value at the start
struct History {
  const char* steps;
  const char* values;
};

// clang-format off
constexpr History kHistories[] = {
    {"Sa B V Sb Sc D C Sd B D Se C", "aaabc--dd-ee"},
    {"B Sa D Sb V r Sc V D Ld Se A", "-a-bbbcc-de-"},
    {"D Sa B Sb X Lc C", "-aab-c-"},
    {"Sa X B V Lb D Lc C Sd B C Se Sf D", "a---b-c-dddef-"},
    {"B La A B Lb V r Lc X D A Sd D", "-a--bbbc---d-"},
    {"X B La Lb C B X C", "--ab----"},
    {"B La Sb A B Sc Ld A", "-ab--cd-"},
    {"Sa B V V V C", "aaaaaa"},
    {"B V r Sa Sb X Lc C Sd Se X B X C B A", "---ab-c-de------"},
    {"B La Sb V D t C", "-abb-bb"},
    {"X Sa D B Lb Lc Sd Se Lf A", "-a--bcdef-"},
    {"X Sa B V V r C B D Sb Sc Sd Se D C", "-aaaaaaa-bcde--"},
    {"B V La V V Sb C", "--aaabb"},
    {"B La V V X t Sb r A B Lc Ld C", "-aaa-abb--cd-"},
    {"B Sa D Sb D Lc Sd Se Lf V Sg D Sh C", "-a-b-cdeffg-hh"},
    {"Sa B V Sb Sc Ld A Se X B V C B Sf C", "aaabcdae-----ff"},
    {"B La Lb X Sc Sd Se C B C X B C", "-ab-cdeeee---"},
    {"B Sa D V C Sb B Sc A", "-a---bbcb"},
    {"Sa X B Lb Sc Ld A D B V t V Le Lf Lg A", "a--bcd------efg-"},
    {"D B La Lb C Sc Sd X B A", "--ab-cd---"},
    {"B La A B Lb Sc D Sd D A", "-a--bc-d--"},
    {"B D La V Sb t C Sc Sd", "--aaba-cd"},
    {"D B Sa Lb A B Sc A B Ld Le C", "--ab--c--de-"},
    {"Sa Sb Sc Sd Se B A", "abcdeee"},
    {"Sa B V C Sb B V X Sc Sd D t X r D D C", "aaaabbb-cd-b-----"},
    {"D X B D A B X V r Sa C", "---------aa"},
    {"B V t r V X X t t Sa r C", "---------aaa"},
    {"Sa Sb Sc Sd B V D Se V t t t D Sf Lg C", "abcddd-eeeee-fgf"},
    {"Sa Sb B Lc V Sd Se r Lf V C", "abbccdeeffe"},
    {"B V t t La t V Lb r X A", "----a--bb--"},
    {"B La Lb Sc V Ld r C", "-abccddc"},
    {"X Sa Sb B Sc X Sd Le D C", "-abbc-de--"},
    {"B Sa V Lb Lc r V A B Ld D Le A", "-aabccc--d-e-"},
    {"B Sa Lb V r Lc C", "-abbbca"},
    {"B La V V t Sb C", "-aaaabb"},
    {"Sa Sb X X Sc Sd X Se B A", "ab--cd-eee"},
    {"Sa B V t V Sb V Sc Ld r Se V C", "aaaaabbcddeee"},
    {"Sa X Sb D Sc X Sd B Se Lf V r X V X Sg C", "a-b-c-ddefff---gg"},
    {"Sa X Sb Sc D X X", "a-bc---"},
    {"D X B V La V C Sb X Sc Sd Se B V C", "----aa-b-cdeeee"},
    {"B D La Sb V r V t A B X C D D", "--abbbbb------"},
    {"D Sa B Lb Sc Sd Se Sf V V r C", "-aabcdefffff"},
    {"Sa B V V Lb V C", "aaaabba"},
    {"Sa Sb X B Sc X Ld Le V V Lf Sg V C", "ab--c-deeefggg"},
    {"Sa Sb B Lc Sd Le X V Lf Lg t C", "abbcde--fg--"},
    {"X Sa Sb B V Sc A", "-abbbcb"},
    {"X X D Sa B A", "---aaa"},
    {"B A B C B Sa X C", "-----a--"},
    {"Sa Sb B V r C B Sc V t Sd Le Sf Sg Sh C", "abbbbbbcccdefghh"},
    {"B Sa Lb Lc V Sd Se Lf t V Sg r Sh t Si t C", "-abccdefccgghcica"},
    {"X Sa X D D D B Lb Lc Sd Le V V C", "-a-----bcdeeed"},
    {"D Sa Sb B X V V X Sc t Sd t V D Le A", "-abb----c-d---eb"},
    {"B X La Lb Lc A Sd B D X C", "--abc-dd---"},
    {"Sa X B Sb V r X Lc D D Sd V Se C", "a--bbb-c--ddee"},
    {"X B Sa V t V D C D B Lb Lc Sd Se C", "--aaaa----bcdee"},
    {"B La X C Sb B Lc Ld Le Sf Lg Sh Li A", "-a--bbcdefghib"},
    {"Sa D Sb X X B Sc Ld Le V Sf C", "a-b---cdeeff"},
    {"X Sa X Sb Sc X Sd D X B V V C", "-a-bc-d------"},
    {"B Sa A B V Lb Sc Sd r Le V C", "-a---bcddeed"},
    {"X B Sa V X Lb t r Lc X X X C X B V C", "--aa-baac--------"},
    {"B V A Sa Sb Sc Sd D B A", "---abcd---"},
    {"B D La Lb A B Lc Sd V Le Lf Sg Lh A", "--ab--cddefgh-"},
    {"Sa B D Lb X A D Sc B Ld Le C B D A", "aa-b-a-ccdecc-c"},
    {"B A Sa B X V C Sb B V C", "--aa---bbbb"},
    {"X D B La V r Lb A", "---aaab-"},
    {"Sa Sb B C B V A", "abbbbbb"},
    {"Sa B V r Lb D C", "aaaab--"},
    {"Sa Sb B V D r Sc V Sd C", "abbb--ccdd"},
    {"D Sa X Sb X B V r C", "-a-b-----"},
    {"Sa X B V Lb A X", "a---b--"},
    {"Sa Sb B X Lc X Ld V Le A", "abb-c-ddeb"},
    {"D B D Sa Lb C X Sc Sd D B V r Se A", "---aba-cd----e-"},
    {"B La D Lb Sc C B C B A", "-a-bcccccc"},
    {"B D Sa A X B Sb D Lc D X A D D B D A", "--a---b-c--------"},
    {"Sa B V Lb Lc t r V Sd X A", "aaabcaaad-a"},
    {"D Sa Sb B Sc C", "-abbcc"},
    {"Sa B Lb C B C", "aabaaa"},
    {"Sa Sb B D Sc V t A", "abb-cccb"},
    {"X B La Lb Lc Sd C", "--abcdd"},
    {"Sa X Sb B Lc Sd C", "a-bbcdd"},
    {"B A X B Sa Sb C B D Lc V r C", "----abbb-ccc-"},
    {"B C B Sa V r D A B Sb Lc C", "---aaa---bcb"},
    {"Sa Sb X D Sc B Ld X Le V Sf V V A", "ab--ccd-eefffc"},
    {"Sa Sb Sc D Sd B C B A B A", "abc-ddddddd"},
    {"B Sa Lb Sc Sd A X Se D B Lf Lg A", "-abcd--e--fg-"},
    {"Sa B D Lb A Sc D B Sd V Se t V Lf r C", "aa-bac--ddeddffd"},
    {"X Sa D Sb B Lc C", "-a-bbcb"},
    {"Sa D Sb B Lc V Ld D V V V V C", "a-bbccd------"},
    {"X D B D Sa D D Sb X V C", "----a--b---"},
    {"Sa B X D V t Lb D r Sc Sd C", "aa----b--cdd"},
};
// clang-format on

/// What a session does around its settings: a transaction for every statement outside a block.
class HistoryRunner {
 public:
  std::string run(std::string_view steps) {
    std::string values;
    for (size_t i = 0; i < steps.size();) {
      size_t end = std::min(steps.find(' ', i), steps.size());
      step(steps.substr(i, end - i));
      values += show();
      i = end + 1;
    }
    return values;
  }

 private:
  std::string show() {
    const std::string& text = settings_.application_name();
    return text.empty() ? "-" : text;
  }

  void step(std::string_view word) {
    bool own_transaction = settings_.level() == 0;
    if (own_transaction) settings_.begin_level();
    switch (word.front()) {
      case 'B':
        return;
      case 'C':
      case 'A':
        settings_.end_level(1, word == "C");
        return;
      case 'V':
        settings_.begin_level();
        break;
      case 'r':
        settings_.end_level(settings_.level(), true);
        break;
      case 't':
        settings_.end_level(settings_.level(), false);
        settings_.begin_level();
        break;
      case 'S':
        set(word.substr(1), SetAction::kSet);
        break;
      case 'L':
        set(word.substr(1), SetAction::kLocal);
        break;
      case 'D':
        EXPECT_TRUE(settings_.reset("application_name", {}).ok());
        break;
      case 'X':
        settings_.reset_all();
        break;
      default:
        FAIL() << "an unknown step";
    }
    if (own_transaction) settings_.end_level(1, true);
  }

  void set(std::string_view value, SetAction action) {
    SetBy by{.action = action};
    EXPECT_TRUE(settings_.set("application_name", value, by).ok());
  }

  SessionSettings settings_{std::make_shared<SettingsSnapshot>()};
};

TEST(SettingsHistory, TransactionsUndoAsInPostgres) {
  for (const History& history : kHistories) {
    SCOPED_TRACE(history.steps);
    EXPECT_EQ(HistoryRunner().run(history.steps), history.values);
  }
}

}  // namespace
}  // namespace isolde::sql
