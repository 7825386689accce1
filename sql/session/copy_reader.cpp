#include "sql/session/copy_reader.hpp"

#include <algorithm>
#include <cstring>

#include "sql/types/byte_order.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/text_types.hpp"

namespace isolde::sql {

namespace {

constexpr std::string_view kBinarySignature("PGCOPY\n\377\r\n\0", 11);

std::string quoted(std::string_view name) {
  return "\"" + std::string(name) + "\"";
}

[[noreturn]] void fail_format(std::string message) {
  fail(base::sqlstate::kBadCopyFileFormat, std::move(message));
}

}  // namespace

CopyReader::CopyReader(const CopyOptions& options, std::vector<CopyColumn> columns,
                       std::string table, const OutputStyle& style, NextPiece next,
                       MemoryBudget* budget)
    : options_(options),
      columns_(std::move(columns)),
      table_(std::move(table)),
      style_(style),
      next_piece_(std::move(next)),
      arena_(budget),
      row_(columns_.size() + 1),
      row_lines_(kRemembered) {
  auto named = [](const std::vector<std::string>& names, const CopyColumn& column) {
    return std::ranges::find(names, column.name) != names.end();
  };
  for (const CopyColumn& column : columns_) {
    never_null_.push_back(named(options_.force_not_null, column));
    quoted_null_.push_back(named(options_.force_null, column));
  }
}

std::string CopyReader::context(bool with_line) const {
  constexpr size_t kLongest = 100;
  auto shown = [](std::string_view text) {
    if (text.size() <= kLongest) return quoted(text);
    size_t end = kLongest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return quoted(std::string(text.substr(0, end)) + "...");
  };
  if (line_at_fault_) return "COPY " + table_ + ", line " + std::to_string(*line_at_fault_);
  std::string where = "COPY " + table_ + ", line " + std::to_string(line_number_);
  if (column_ >= 0) {
    where += ", column " + columns_[static_cast<size_t>(column_)].name;
    if (options_.form == CopyOptions::Form::kBinary) return where;
    return where + ": " + (column_null_ ? "null input" : shown(column_text_));
  }
  if (options_.form == CopyOptions::Form::kBinary || !started_ || line_number_ == 0) return where;
  return with_line ? where + ": " + shown(line_) : where;
}

/// More data into the buffer; what was read goes.
bool CopyReader::fill() {
  if (input_ended_) return false;
  if (at_ > 0) {
    buffer_.erase(0, at_);
    scanned_ -= at_;
    at_ = 0;
  }
  auto piece = next_piece_();
  if (!piece) {
    input_ended_ = true;
    return false;
  }
  buffer_ += *piece;
  return true;
}

void CopyReader::finish() {
  while (!input_ended_) {
    at_ = scanned_ = buffer_.size();
    fill();
  }
}

void CopyReader::go_back(size_t rows) {
  line_at_fault_ = row_lines_[(rows_read_ - 1 - rows) % kRemembered];
}

const Datum* CopyReader::next() {
  const Datum* row = read_row();
  if (row != nullptr) row_lines_[rows_read_++ % kRemembered] = line_number_;
  return row;
}

const Datum* CopyReader::read_row() {
  if (ended_) return nullptr;
  column_ = -1;
  if (options_.form == CopyOptions::Form::kBinary) return read_binary_row();
  if (!started_) {
    started_ = true;
    if (options_.header && !read_line()) return nullptr;
    if (options_.header_match) check_header();
  }
  return read_text_row();
}

// --- lines

/// Where the line that begins at at_ ends; `after` is where the next one begins.
bool CopyReader::next_line_end(size_t& end, size_t& after) {
  for (;;) {
    size_t found = buffer_.find_first_of("\n\r", scanned_);
    if (found == std::string::npos) {
      scanned_ = buffer_.size();
      return false;
    }
    size_t slashes = found;
    while (slashes > at_ && buffer_[slashes - 1] == '\\') --slashes;
    if ((found - slashes) % 2 == 1) {
      scanned_ = found + 1;
      continue;
    }
    if (buffer_[found] == '\r' && found + 1 == buffer_.size() && !input_ended_) {
      scanned_ = found;
      return false;
    }
    end = found;
    bool both = buffer_[found] == '\r' && found + 1 < buffer_.size() && buffer_[found + 1] == '\n';
    after = found + (both ? 2 : 1);
    return true;
  }
}

bool CopyReader::csv_line_end(size_t& end, size_t& after) {
  for (; scanned_ < buffer_.size(); ++scanned_) {
    char c = buffer_[scanned_];
    if (quoted_ && c == options_.escape && options_.escape != options_.quote) {
      if (scanned_ + 1 == buffer_.size()) return false;
      char next = buffer_[scanned_ + 1];
      if (next == options_.quote || next == options_.escape) ++scanned_;
      continue;
    }
    if (c == options_.quote) quoted_ = !quoted_;
    if (quoted_ || (c != '\n' && c != '\r')) continue;
    if (c == '\r' && scanned_ + 1 == buffer_.size() && !input_ended_) return false;
    end = scanned_;
    bool both = c == '\r' && scanned_ + 1 < buffer_.size() && buffer_[scanned_ + 1] == '\n';
    after = scanned_ + (both ? 2 : 1);
    return true;
  }
  return false;
}

/// The next line into line_; false at the end.
bool CopyReader::read_line() {
  const bool csv = options_.form == CopyOptions::Form::kCsv;
  scanned_ = at_;
  quoted_ = false;
  size_t end = 0;
  size_t after = 0;
  while (!(csv ? csv_line_end(end, after) : next_line_end(end, after))) {
    if (fill()) continue;
    // One more look: a carriage return may have been the last byte.
    if (csv ? csv_line_end(end, after) : next_line_end(end, after)) break;
    if (at_ == buffer_.size()) {
      ended_ = true;
      return false;
    }
    end = after = buffer_.size();
    break;
  }
  line_ = std::string_view(buffer_).substr(at_, end - at_);
  at_ = scanned_ = after;
  ++line_number_;
  if (line_ == "\\.") {
    ended_ = true;
    finish();
    return false;
  }
  return true;
}

// --- fields

std::string_view CopyReader::unescape(std::string_view raw) {
  char* out = arena_.allocate(raw.size());
  size_t n = 0;
  for (size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\' || i + 1 == raw.size()) {
      out[n++] = raw[i];
      continue;
    }
    char c = raw[++i];
    auto octal = [&](size_t at) { return at < raw.size() && raw[at] >= '0' && raw[at] <= '7'; };
    auto hex = [&](size_t at) {
      return at < raw.size() && std::isxdigit(static_cast<unsigned char>(raw[at])) != 0;
    };
    if (c >= '0' && c <= '7') {
      int value = c - '0';
      for (int more = 0; more < 2 && octal(i + 1); ++more) value = value * 8 + (raw[++i] - '0');
      out[n++] = static_cast<char>(value & 0xff);
    } else if (c == 'x' && hex(i + 1)) {
      int value = 0;
      for (int more = 0; more < 2 && hex(i + 1); ++more) {
        char digit = static_cast<char>(std::tolower(raw[++i]));
        value = value * 16 + (digit <= '9' ? digit - '0' : digit - 'a' + 10);
      }
      out[n++] = static_cast<char>(value);
    } else {
      switch (c) {
        case 'b':
          c = '\b';
          break;
        case 'f':
          c = '\f';
          break;
        case 'n':
          c = '\n';
          break;
        case 'r':
          c = '\r';
          break;
        case 't':
          c = '\t';
          break;
        case 'v':
          c = '\v';
          break;
        default:
          break;
      }
      out[n++] = c;
    }
  }
  return {out, n};
}

void CopyReader::split_text() {
  fields_.clear();
  const char delimiter = options_.delimiter[0];
  size_t begin = 0;
  bool escaped = false;
  for (size_t i = 0;; ++i) {
    if (i < line_.size() && line_[i] == '\\') {
      escaped = true;
      ++i;
      continue;
    }
    if (i < line_.size() && line_[i] != delimiter) continue;
    std::string_view raw = line_.substr(begin, std::min(i, line_.size()) - begin);
    Field field{raw, raw == options_.null};
    if (!field.null && escaped) field.text = unescape(raw);
    fields_.push_back(field);
    if (i >= line_.size()) break;
    begin = i + 1;
    escaped = false;
  }
}

void CopyReader::split_csv() {
  fields_.clear();
  const char delimiter = options_.delimiter[0];
  size_t i = 0;
  for (;;) {
    size_t begin = i;
    bool saw_quote = false;
    bool inside = false;
    char* out = arena_.allocate(line_.size() - begin + 1);
    size_t n = 0;
    for (; i < line_.size(); ++i) {
      char c = line_[i];
      if (!inside) {
        if (c == delimiter) break;
        if (c == options_.quote) {
          saw_quote = inside = true;
          continue;
        }
        out[n++] = c;
        continue;
      }
      bool next = i + 1 < line_.size() &&
                  (line_[i + 1] == options_.quote || line_[i + 1] == options_.escape);
      if (c == options_.escape && next) {
        out[n++] = line_[++i];
      } else if (c == options_.quote) {
        inside = false;
      } else {
        out[n++] = c;
      }
    }
    if (inside) fail_format("unterminated CSV quoted field");
    std::string_view raw = line_.substr(begin, i - begin);
    const size_t column = fields_.size();
    const bool known = column < columns_.size();
    bool null = !saw_quote && raw == options_.null && !(known && never_null_[column]);
    null |= known && quoted_null_[column] && std::string_view(out, n) == options_.null;
    fields_.push_back({{out, n}, null});
    if (i >= line_.size()) return;
    ++i;
  }
}

void CopyReader::split_line() {
  arena_.reset();
  check_utf8(line_);
  options_.form == CopyOptions::Form::kCsv ? split_csv() : split_text();
}

void CopyReader::check_header() {
  split_line();
  if (fields_.size() != columns_.size()) {
    fail_format("wrong number of fields in header line: got " + std::to_string(fields_.size()) +
                ", expected " + std::to_string(columns_.size()));
  }
  for (size_t i = 0; i < fields_.size(); ++i) {
    const Field& field = fields_[i];
    if (!field.null && field.text == columns_[i].name) continue;
    const std::string got =
        field.null ? "null value (" + quoted(options_.null) + ")" : quoted(field.text);
    fail_format("column name mismatch in header line field " + std::to_string(i + 1) + ": got " +
                got + ", expected " + quoted(columns_[i].name));
  }
}

const Datum* CopyReader::read_text_row() {
  if (!read_line()) return nullptr;
  split_line();
  if (columns_.empty() && line_.empty()) fields_.clear();
  if (fields_.size() > columns_.size()) {
    fail_format("extra data after last expected column");
  }
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (i >= fields_.size()) {
      column_ = -1;
      fail_format("missing data for column " + quoted(columns_[i].name));
    }
    const Field& field = fields_[i];
    column_ = static_cast<int>(i);
    column_null_ = field.null;
    column_text_ = field.text;
    row_[i] = field.null
                  ? Datum::null()
                  : columns_[i].type->from_text(field.text, columns_[i].typmod, arena_, style_);
  }
  column_ = -1;
  return row_.data();
}

// --- binary

bool CopyReader::has_binary(size_t bytes) {
  while (buffer_.size() - at_ < bytes) {
    if (!fill()) return false;
  }
  return true;
}

template <typename T>
T CopyReader::take_binary() {
  if (!has_binary(sizeof(T))) fail_format("unexpected EOF in COPY data");
  BinaryReader reader(std::string_view(buffer_).substr(at_, sizeof(T)));
  at_ += sizeof(T);
  scanned_ = at_;
  return reader.read<T>();
}

void CopyReader::read_binary_header() {
  if (!has_binary(kBinarySignature.size()) ||
      std::string_view(buffer_).substr(at_, kBinarySignature.size()) != kBinarySignature) {
    fail_format("COPY file signature not recognized");
  }
  at_ += kBinarySignature.size();
  auto flags = take_binary<int32_t>();
  if ((flags & (1 << 16)) != 0) fail_format("invalid COPY file header (WITH OIDS)");
  if ((static_cast<uint32_t>(flags) >> 16) != 0) {
    fail_format("unrecognized critical flags in COPY file header");
  }
  auto extension = take_binary<int32_t>();
  if (extension < 0 || !has_binary(static_cast<size_t>(extension))) {
    fail_format("invalid COPY file header (wrong length)");
  }
  at_ += static_cast<size_t>(extension);
}

const Datum* CopyReader::read_binary_row() {
  if (!started_) read_binary_header();
  started_ = true;
  ++line_number_;
  if (!has_binary(1)) {
    ended_ = true;
    return nullptr;
  }
  auto count = take_binary<int16_t>();
  if (count == -1) {
    ended_ = true;
    finish();
    return nullptr;
  }
  if (static_cast<size_t>(count) != columns_.size()) {
    fail_format("row field count is " + std::to_string(count) + ", expected " +
                std::to_string(columns_.size()));
  }
  arena_.reset();
  for (size_t i = 0; i < columns_.size(); ++i) {
    column_ = static_cast<int>(i);
    auto size = take_binary<int32_t>();
    if (size < -1) fail_format("invalid field size");
    if (size == -1) {
      row_[i] = Datum::null();
      continue;
    }
    if (!has_binary(static_cast<size_t>(size))) fail_format("unexpected EOF in COPY data");
    std::string_view bytes =
        arena_.copy(std::string_view(buffer_).substr(at_, static_cast<size_t>(size)));
    at_ += static_cast<size_t>(size);
    row_[i] = columns_[i].type->from_binary(bytes, columns_[i].typmod, arena_);
  }
  column_ = -1;
  return row_.data();
}

}  // namespace isolde::sql
