#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "base/env.hpp"
#include "sql/exec/exec_context.hpp"

namespace isolde::sql {

/// How much memory an operator may use before it writes to disk: work_mem.
size_t work_memory(const ExecContext& exec);
/// The same of one that hashes: hash_mem_multiplier times as much.
size_t hash_memory(const ExecContext& exec);

/// The disk space of one operator. It has no name once it is open: what is left of it after a crash
/// is nothing.
class SpillFile {
 public:
  explicit SpillFile(ExecContext& exec) : exec_(exec) {}

  /// Appends a block and returns its place. 53400 beyond temp_file_limit.
  uint64_t append(std::string_view block);
  void read(uint64_t place, std::span<char> into);
  uint64_t size() const { return end_; }
  /// Forgets all that was written.
  void clear() { end_ = 0; }

 private:
  void open();

  ExecContext& exec_;
  std::unique_ptr<base::File> file_;
  uint64_t end_ = 0;
};

/// A sequence of records in a SpillFile, written once and then read from the beginning, as often as
/// needed. Several may be written at a time; each keeps one block in memory.
class SpillStream {
 public:
  SpillStream(SpillFile& file, size_t block) : file_(&file), block_(block) {}

  void write(std::string_view record);
  /// A record of two parts.
  void write(std::string_view first, std::string_view second);
  /// After the last record: frees the block.
  void finish();
  /// Back to the first record, to be read in blocks of this size.
  void rewind(size_t block);
  /// The next record, valid until the next call. False at the end.
  bool next(std::string_view& record);
  uint64_t records() const { return records_; }
  uint64_t bytes() const { return bytes_; }

 private:
  struct Extent {
    uint64_t place;
    uint64_t size;
  };
  void flush();
  bool fill(size_t wanted);

  SpillFile* file_;
  size_t block_;
  std::vector<char> buffer_;
  std::vector<Extent> extents_;
  uint64_t records_ = 0;
  uint64_t bytes_ = 0;
  // Reading.
  size_t extent_ = 0;
  uint64_t read_ = 0;  ///< of that extent
  size_t at_ = 0;
  size_t filled_ = 0;
};

}  // namespace isolde::sql
