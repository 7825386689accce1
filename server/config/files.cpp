#include "server/config/files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace isolde::server {

namespace {

base::Error cannot_open(std::string_view what, const std::string& path, const std::string& why) {
  return {base::sqlstate::kConfigFileError,
          fmt::format("could not open {} \"{}\": {}", what, path, why)};
}

}  // namespace

base::Result<std::string> read_text_file(const std::string& path) {
  std::error_code status;
  if (std::filesystem::is_directory(path, status))
    return cannot_open("file", path, std::strerror(EISDIR));
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return cannot_open("file", path, std::strerror(errno));
  return std::string(std::istreambuf_iterator<char>(file), {});
}

base::Result<std::vector<std::string>> list_directory(const std::string& path) {
  std::error_code error;
  std::vector<std::string> names;
  std::filesystem::directory_iterator entry(path, error), end;
  for (; !error && entry != end; entry.increment(error))
    names.push_back(entry->path().filename().string());
  if (error) return cannot_open("directory", path, error.message());
  std::ranges::sort(names);
  return names;
}

std::string path_beside(const std::string& from, std::string_view path) {
  if (path.starts_with('/')) return std::string(path);
  return (std::filesystem::path(from).parent_path() / path).string();
}

}  // namespace isolde::server
