#include "storage/control_file.hpp"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <string_view>

#include "base/crc32c.hpp"
#include "storage/bytes.hpp"

namespace isolde::storage {

using base::Error;
using base::Result;
using base::Status;

namespace {

constexpr const char* kFileName = "control";
constexpr std::string_view kLeftByCreation[] = {"base", "control.new", "isolde.lock", "wal"};
constexpr std::string_view kHarmlessEndings[] = {".conf", ".conf.d", ".crt", ".key", ".pem"};

bool may_be_in_a_new_directory(std::string_view name) {
  auto same = [&](std::string_view own) { return name == own; };
  auto ends = [&](std::string_view ending) { return name.ends_with(ending); };
  return name.starts_with('.') || name == "lost+found" ||
         std::ranges::any_of(kLeftByCreation, same) || std::ranges::any_of(kHarmlessEndings, ends);
}

std::string with_crc(std::string text) {
  char line[32];
  std::snprintf(line, sizeof line, "crc %08x\n", base::crc32c(as_bytes(text)));
  return text + line;
}

Error damaged(const std::string& path) {
  return {base::sqlstate::kDataCorrupted, "control file \"" + path + "\" is damaged"};
}

}  // namespace

std::string ControlFile::to_text() const {
  char text[256];
  std::snprintf(text, sizeof text,
                "isolde data directory, format %" PRIu32 "\nsystem %016" PRIx64
                "\nsegment_size %" PRIu64 "\nincarnation %u\ncheckpoint %" PRIu64 "\nclean %d\n",
                version, system_id, segment_size, incarnation, checkpoint.value, clean ? 1 : 0);
  return with_crc(text);
}

Status check_layout(base::Env& env, const std::string& data_dir) {
  auto names = env.list(data_dir);
  if (!names) return names.take_error();
  if (std::ranges::find(*names, kFileName) != names->end()) return {};
  for (const std::string& name : *names) {
    if (may_be_in_a_new_directory(name)) continue;
    return Error(base::sqlstate::kObjectNotInPrerequisiteState,
                 "directory \"" + data_dir + "\" exists but is not an Isolde data directory")
        .hint("It contains \"" + name + "\" but no control file. Choose an empty directory.");
  }
  return {};
}

Result<ControlFile> read_control_file(base::Env& env, const std::string& data_dir) {
  const std::string path = base::join_path(data_dir, kFileName);
  auto text = base::read_file(env, path);
  if (!text) return text.take_error();
  ControlFile c;
  // The version is read first: later versions may have other lines.
  if (std::sscanf(text->c_str(), "isolde data directory, format %" SCNu32, &c.version) != 1)
    return damaged(path);
  if (c.version != kFormatVersion)
    return Error(base::sqlstate::kObjectNotInPrerequisiteState,
                 "data directory \"" + data_dir + "\" has format " + std::to_string(c.version) +
                     ", this server reads format " + std::to_string(kFormatVersion));
  int clean = 0;
  unsigned incarnation = 0;
  const int found =
      std::sscanf(text->c_str(),
                  "isolde data directory, format %*u\nsystem %" SCNx64 "\nsegment_size %" SCNu64
                  "\nincarnation %u\ncheckpoint %" SCNu64 "\nclean %d\n",
                  &c.system_id, &c.segment_size, &incarnation, &c.checkpoint.value, &clean);
  c.incarnation = static_cast<uint16_t>(incarnation);
  c.clean = clean != 0;
  if (found != 5 || c.to_text() != *text) return damaged(path);
  return c;
}

Status write_control_file(base::Env& env, const std::string& data_dir, const ControlFile& control) {
  return base::write_file_atomically(env, base::join_path(data_dir, kFileName), control.to_text());
}

}  // namespace isolde::storage
