#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "server/auth/hba.hpp"

namespace isolde::server {

/// One line of a rules file: fields between blanks, each a list of tokens between commas.
struct HbaLine {
  int number = 0;
  std::vector<std::vector<HbaToken>> fields;
};

/// Cuts a text into lines and fields. A backslash at the end of a line continues it. A token
/// @name stands for the tokens of that file. Lines with an unreadable @file go to `errors`.
std::vector<HbaLine> tokenize_hba(std::string_view text, const std::string& path,
                                  std::vector<base::Error>& errors);

/// Adds "line 3 of configuration file ..." as the context.
base::Error at_hba_line(base::Error error, int line, const std::string& path);

}  // namespace isolde::server
