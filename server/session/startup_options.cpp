#include "server/session/startup.hpp"

namespace isolde::server {

namespace {

/// Splits at blanks that no backslash stands before.
std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  for (size_t i = 0; i < text.size(); ++i) {
    bool blank = text[i] == ' ' || (text[i] >= '\t' && text[i] <= '\r');
    if (blank) {
      if (in_word) words.push_back(std::move(word));
      word.clear();
      in_word = false;
      continue;
    }
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    word += text[i];
    in_word = true;
  }
  if (in_word) words.push_back(std::move(word));
  return words;
}

base::Error bad_option(const std::string& word) {
  return base::Error(base::sqlstate::kSyntaxError,
                     "invalid command-line argument for server process: " + word)
      .hint("Settings are given as -c name=value or --name=value.")
      .fatal();
}

}  // namespace

base::Result<std::vector<std::pair<std::string, std::string>>> parse_startup_options(
    std::string_view options) {
  std::vector<std::pair<std::string, std::string>> settings;
  std::vector<std::string> words = split_words(options);
  for (size_t i = 0; i < words.size(); ++i) {
    std::string assignment;
    if (words[i] == "-c" && i + 1 < words.size()) {
      assignment = words[++i];
    } else if (words[i].starts_with("--") || words[i].starts_with("-c")) {
      assignment = words[i].substr(2);
    }
    size_t equals = assignment.find('=');
    if (assignment.empty() || equals == 0 || equals == std::string::npos)
      return bad_option(words[i]);
    std::string name = assignment.substr(0, equals);
    for (char& c : name) {
      if (c == '-') c = '_';
    }
    settings.emplace_back(std::move(name), assignment.substr(equals + 1));
  }
  return settings;
}

}  // namespace isolde::server
