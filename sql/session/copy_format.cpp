#include "sql/session/copy_format.hpp"

#include <algorithm>

namespace isolde::sql {

namespace {

void append_big_endian(std::string& out, uint32_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
    out += static_cast<char>((value >> shift) & 0xff);
  }
}

/// What the text form writes for a control character, or 0.
char text_escape(char c) {
  switch (c) {
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    case '\v':
      return 'v';
    default:
      return 0;
  }
}

}  // namespace

CopyWriter::CopyWriter(const CopyOptions& options, std::span<const ResultColumn> columns,
                       const OutputStyle& style)
    : options_(options), columns_(columns), style_(style) {
  for (const ResultColumn& column : columns) {
    const auto& names = options.force_quote;
    bool named = std::find(names.begin(), names.end(), column.name) != names.end();
    forced_.push_back(options.force_all || named);
  }
}

void CopyWriter::append_start(std::string& out) const {
  if (options_.form == CopyOptions::Form::kBinary) {
    out.append("PGCOPY\n\377\r\n\0", 11);
    append_big_endian(out, 0, 4);
    append_big_endian(out, 0, 4);
    return;
  }
  if (!options_.header) return;
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (i > 0) out += options_.delimiter;
    if (options_.form == CopyOptions::Form::kCsv) {
      append_csv(columns_[i].name, false, out);
    } else {
      append_text(columns_[i].name, out);
    }
  }
  out += '\n';
}

void CopyWriter::append_end(std::string& out) const {
  if (options_.form == CopyOptions::Form::kBinary) append_big_endian(out, 0xffff, 2);
}

void CopyWriter::append_text(std::string_view value, std::string& out) const {
  for (char c : value) {
    if (char name = text_escape(c); name != 0) {
      out += '\\';
      out += name;
    } else if (c == '\\' || c == options_.delimiter[0]) {
      out += '\\';
      out += c;
    } else {
      out += c;
    }
  }
}

void CopyWriter::append_csv(std::string_view value, bool forced, std::string& out) const {
  bool quote = forced || value == options_.null || (columns_.size() == 1 && value == "\\.");
  for (char c : value) {
    quote |= c == options_.delimiter[0] || c == options_.quote || c == '\n' || c == '\r';
  }
  if (!quote) {
    out += value;
    return;
  }
  out += options_.quote;
  for (char c : value) {
    if (c == options_.quote || c == options_.escape) out += options_.escape;
    out += c;
  }
  out += options_.quote;
}

void CopyWriter::append_binary_row(std::span<const Datum> row, std::string& out) {
  append_big_endian(out, static_cast<uint32_t>(row.size()), 2);
  for (size_t i = 0; i < row.size(); ++i) {
    if (row[i].is_null()) {
      append_big_endian(out, 0xffffffff, 4);
      continue;
    }
    field_.clear();
    columns_[i].type->to_binary(row[i], field_);
    append_big_endian(out, static_cast<uint32_t>(field_.size()), 4);
    out += field_;
  }
}

void CopyWriter::append_row(std::span<const Datum> row, std::string& out) {
  if (options_.form == CopyOptions::Form::kBinary) return append_binary_row(row, out);
  for (size_t i = 0; i < row.size(); ++i) {
    if (i > 0) out += options_.delimiter;
    if (row[i].is_null()) {
      out += options_.null;
      continue;
    }
    field_.clear();
    columns_[i].type->to_text(row[i], field_, style_);
    if (options_.form == CopyOptions::Form::kCsv) {
      append_csv(field_, forced_[i], out);
    } else {
      append_text(field_, out);
    }
  }
  out += '\n';
}

}  // namespace isolde::sql
