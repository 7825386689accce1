#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sql/session/result_sink.hpp"

namespace isolde::sql {

/// The options of COPY, checked.
struct CopyOptions {
  enum class Form : uint8_t { kText, kCsv, kBinary };
  Form form = Form::kText;
  std::string delimiter = "\t";
  std::string null = "\\N";
  bool header = false;
  bool header_match = false;  ///< COPY FROM: it must name the columns
  char quote = '"';
  char escape = '"';
  bool force_all = false;
  std::vector<std::string> force_quote;
  std::vector<std::string> force_not_null;
  std::vector<std::string> force_null;
};

/// Appends one row, with its end, as COPY TO writes it.
class CopyWriter {
 public:
  CopyWriter(const CopyOptions& options, std::span<const ResultColumn> columns,
             const OutputStyle& style);

  void append_start(std::string& out) const;
  void append_row(std::span<const Datum> row, std::string& out);
  void append_end(std::string& out) const;

 private:
  void append_text(std::string_view value, std::string& out) const;
  void append_csv(std::string_view value, bool forced, std::string& out) const;
  void append_binary_row(std::span<const Datum> row, std::string& out);

  const CopyOptions& options_;
  std::span<const ResultColumn> columns_;
  const OutputStyle& style_;
  std::vector<bool> forced_;
  std::string field_;
};

}  // namespace isolde::sql
