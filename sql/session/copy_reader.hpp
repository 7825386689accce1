#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/exec/input_rows.hpp"
#include "sql/session/copy_format.hpp"
#include "sql/types/arena.hpp"
#include "sql/types/output_style.hpp"

namespace isolde::sql {

/// A column that COPY FROM fills.
struct CopyColumn {
  std::string name;
  const Type* type = nullptr;
  int32_t typmod = -1;
};

/// The rows of what COPY FROM is sent, in any of the three formats.
class CopyReader final : public InputRows {
 public:
  /// Gives the next piece of data; nothing at the end.
  using NextPiece = std::function<std::optional<std::string_view>()>;

  CopyReader(const CopyOptions& options, std::vector<CopyColumn> columns, std::string table,
             const OutputStyle& style, NextPiece next, MemoryBudget* budget);

  void open() override {}
  const Datum* next() override;
  void go_back(size_t rows) override;

  /// "COPY t, line 3, column a: "x"": where an error happened.
  /// Of a key that is there already, without the line: rows may be written after they were read.
  std::string context(bool with_line = true) const;
  /// Reads what follows the end marker, so that the client can go on.
  void finish();

 private:
  struct Field {
    std::string_view text;
    bool null = false;
  };

  bool fill();
  bool read_line();
  bool next_line_end(size_t& end, size_t& after);
  bool csv_line_end(size_t& end, size_t& after);
  void split_text();
  void split_csv();
  const Datum* read_row();
  void split_line();
  void check_header();
  const Datum* read_text_row();
  const Datum* read_binary_row();
  bool has_binary(size_t bytes);
  template <typename T>
  T take_binary();
  void read_binary_header();
  std::string_view unescape(std::string_view raw);

  const CopyOptions options_;
  std::vector<CopyColumn> columns_;
  std::string table_;
  const OutputStyle& style_;
  NextPiece next_piece_;
  Arena arena_;  ///< of one row
  std::vector<Datum> row_;
  std::vector<Field> fields_;
  std::vector<bool> never_null_;   ///< FORCE_NOT_NULL, by column
  std::vector<bool> quoted_null_;  ///< FORCE_NULL

  std::string buffer_;
  size_t at_ = 0;       ///< what was read of buffer_
  size_t scanned_ = 0;  ///< of a line that has not ended yet
  bool quoted_ = false;
  bool input_ended_ = false;
  bool ended_ = false;
  bool started_ = false;
  std::string_view line_;
  int64_t line_number_ = 0;
  static constexpr size_t kRemembered = 1024;  ///< at least as many as are written at a time
  std::vector<int64_t> row_lines_;             ///< of the last rows, in a ring
  size_t rows_read_ = 0;
  std::optional<int64_t> line_at_fault_;  ///< of a row that was read before
  int column_ = -1;                       ///< being read
  bool column_null_ = false;
  std::string_view column_text_;
};

}  // namespace isolde::sql
