#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "base/error.hpp"
#include "sql/types/arena.hpp"
#include "sql/types/array.hpp"
#include "sql/types/bytea.hpp"
#include "sql/types/output_style.hpp"
#include "sql/types/type_registry.hpp"

// type_golden/binary.txt holds TYPE|VALUE|TEXT|HEX as PostgreSQL 15 has them.

namespace isolde::sql {
namespace {

struct Row {
  std::string type, value, text, hex;
};

std::vector<Row> golden_rows() {
  auto at = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  const char* name = "tests/unit/sql/type_golden/binary.txt";
  while (!std::filesystem::exists(at / name) && at != at.root_path()) at = at.parent_path();
  std::ifstream file(at / name);
  std::vector<Row> rows;
  for (std::string line; std::getline(file, line);) {
    Row row;
    std::string* fields[] = {&row.type, &row.value, &row.text, &row.hex};
    size_t begin = 0;
    for (std::string* field : fields) {
      size_t end = std::min(line.find('|', begin), line.size());
      *field = line.substr(begin, end - begin);
      begin = end + 1;
    }
    rows.push_back(row);
  }
  return rows;
}

class TypeBinary : public testing::Test {
 protected:
  Arena arena_;
  OutputStyle style_;
};

TEST_F(TypeBinary, forms_are_postgresqls_byte_for_byte) {
  auto rows = golden_rows();
  ASSERT_GT(rows.size(), 70U);
  for (const Row& row : rows) {
    const Type& type = *find_type(row.type);
    Datum value = type.from_text(row.value, -1, arena_, style_);
    std::string text;
    // Casting to text drops the padding and says "true"; the output function does neither.
    type.to_text(value, text, style_);
    if (row.type != "bool") {
      EXPECT_EQ(text, row.text) << row.type << " " << row.value;
    }
    std::string binary;
    type.to_binary(value, binary);
    std::string hex;
    append_hex(hex, binary);
    EXPECT_EQ(hex, row.hex) << row.type << " " << row.value;
  }
}

TEST_F(TypeBinary, reading_gives_the_value_back) {
  for (const Row& row : golden_rows()) {
    const Type& type = *find_type(row.type);
    Datum value = type.from_binary(decode_hex(row.hex), -1, arena_);
    std::string hex;
    std::string binary;
    type.to_binary(value, binary);
    append_hex(hex, binary);
    EXPECT_EQ(hex, row.hex) << row.type << " " << row.value;
    if (!type.is_ordered() || (type.is_array() && !element_type_of(type).is_ordered())) continue;
    Datum same = type.from_text(row.value, -1, arena_, style_);
    EXPECT_TRUE(type.compare(value, same) == 0) << row.type << " " << row.value;
    if (type.is_hashable()) {
      EXPECT_EQ(type.hash(value), type.hash(same)) << row.type;
    }
  }
}

/// Whatever bytes a client sends, a type either reads them or refuses them.
TEST_F(TypeBinary, every_cut_and_every_flipped_bit_is_read_or_refused) {
  auto attempt = [&](const Type& type, const std::string& bytes) {
    try {
      Datum value = type.from_binary(bytes, -1, arena_);
      std::string text;
      type.to_text(value, text, style_);
    } catch (const base::SqlException& e) {
      EXPECT_NE(e.error().state(), base::sqlstate::kInternalError);
    }
  };
  for (const Row& row : golden_rows()) {
    const Type& type = *find_type(row.type);
    std::string bytes = decode_hex(row.hex);
    for (size_t n = 0; n < bytes.size(); ++n) attempt(type, bytes.substr(0, n));
    for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      std::string flipped = bytes;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
      attempt(type, flipped);
      arena_.reset();
    }
  }
}

}  // namespace
}  // namespace isolde::sql
