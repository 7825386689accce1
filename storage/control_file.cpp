#include "storage/control_file.hpp"

#include <cinttypes>
#include <cstdio>

#include "base/crc32c.hpp"
#include "storage/bytes.hpp"

namespace isolde::storage {

using base::Error;
using base::Result;
using base::Status;

namespace {

constexpr const char* kFileName = "control";

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
