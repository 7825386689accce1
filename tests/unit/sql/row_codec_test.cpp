#include "sql/table/row_codec.hpp"

#include <gtest/gtest.h>

#include <random>

#include "base/fault_env.hpp"
#include "sql/types/output_style.hpp"
#include "sql/types/type_registry.hpp"
#include "storage/store.hpp"

namespace isolde::sql {
namespace {

RowShape shape_of(std::initializer_list<const char*> types) {
  RowShape shape;
  for (const char* name : types) shape.push_back(row_column(*find_type(name)));
  return shape;
}

std::string text_of(const RowColumn& column, Datum value) {
  if (value.is_null()) return "NULL";
  std::string text;
  column.type->to_text(value, text, OutputStyle());
  return text;
}

std::vector<int> all_of(const RowShape& shape) {
  std::vector<int> columns(shape.size());
  for (size_t i = 0; i < shape.size(); ++i) columns[i] = static_cast<int>(i);
  return columns;
}

class RowCodec : public testing::Test {
 protected:
  RowCodec() {
    storage::StoreOptions options;
    options.shared_buffers = 256 * storage::kPageSize;
    options.wal.segment_size = 1 << 20;
    options.wal.buffer_size = 1 << 20;
    store_ = *storage::Store::open(env_, "/data", options);
    txn_ = *store_->txns().begin();
    relation_ = *store_->txns().create_file(txn_, 1);
    overflow_ = std::make_unique<storage::Overflow>(*store_, relation_);
  }

  std::vector<std::string> read(const RowShape& shape, ByteSpan row, std::vector<int> wanted) {
    std::vector<Datum> values(shape.size());
    OutsideReader outside(*store_, relation_, &arena_);
    RowDecoder(shape, wanted).decode(row, values.data(), &outside);
    std::vector<std::string> texts;
    for (int column : wanted) {
      auto c = static_cast<size_t>(column);
      texts.push_back(text_of(shape[c], values[c]));
    }
    return texts;
  }
  std::vector<Datum> values_of(const RowShape& shape, const std::vector<std::string>& texts) {
    std::vector<Datum> values;
    for (size_t i = 0; i < shape.size(); ++i) {
      values.push_back(texts[i] == "NULL" ? Datum::null()
                                          : shape[i].type->from_text(arena_.copy(texts[i]), -1,
                                                                     arena_, OutputStyle()));
    }
    return values;
  }

  base::FaultEnv env_;
  std::unique_ptr<storage::Store> store_;
  base::TxnId txn_;
  storage::RelationId relation_;
  std::unique_ptr<storage::Overflow> overflow_;
  Arena arena_;
};

TEST_F(RowCodec, EveryChoiceOfColumnsComesBack) {
  RowShape shape = shape_of({"int4", "bool", "int8", "text", "int2", "uuid", "float4", "numeric",
                             "float8", "char", "oid", "bytea", "interval", "timestamptz"});
  const std::vector<std::string> texts = {"-5",
                                          "t",
                                          "-9000000000",
                                          "some text",
                                          "-7",
                                          "00112233-4455-6677-8899-aabbccddeeff",
                                          "1.5",
                                          "-12345.678",
                                          "2.25",
                                          "x",
                                          "4000000000",
                                          "\\x00ff",
                                          "1 mon 2 days 00:00:03",
                                          "2020-02-02 02:02:02+00"};
  RowEncoder encoder(shape, nullptr);
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> row = texts;
    for (std::string& one : row) {
      if (round > 20 && random() % 4 == 0) one = "NULL";
    }
    std::vector<int> wanted;
    for (int column : all_of(shape)) {
      if (random() % 3 == 0) wanted.push_back(column);
    }
    std::vector<std::string> expected;
    for (int column : wanted) expected.push_back(row[static_cast<size_t>(column)]);
    std::vector<Datum> values = values_of(shape, row);
    EXPECT_EQ(read(shape, encoder.encode(values.data(), txn_), wanted), expected);
  }
}

TEST_F(RowCodec, LengthsOfAllHeads) {
  RowShape shape = shape_of({"int4", "text", "int4"});
  RowEncoder encoder(shape, nullptr);
  for (size_t length : {0U, 1U, 252U, 253U, 254U, 65535U, 65536U, 100000U}) {
    std::string text(length, 'x');
    Datum values[] = {Datum::of_int(1), Datum::of_bytes(text), Datum::of_int(2)};
    EXPECT_EQ(read(shape, encoder.encode(values, txn_), {1, 2}),
              (std::vector<std::string>{text, "2"}));
  }
}

TEST_F(RowCodec, ColumnsThatCameLaterHaveTheirMissingValue) {
  RowShape old_shape = shape_of({"int4", "text"});
  Datum values[] = {Datum::of_int(1), Datum::of_bytes("a")};
  RowEncoder encoder(old_shape, nullptr);
  Bytes old;
  ByteSpan bytes = encoder.encode(values, txn_);
  old.assign(bytes.begin(), bytes.end());
  RowShape shape = shape_of({"int4", "text", "int4", "int4"});
  shape[2].missing = Datum::of_int(42);
  EXPECT_EQ(read(shape, old, {0, 2, 3}), (std::vector<std::string>{"1", "42", "NULL"}));
  RowEncoder newer(shape, nullptr);
  Datum changed[4] = {Datum::of_int(9)};
  EXPECT_EQ(read(shape, newer.encode_change(old, changed, {true, false, false, false}, txn_),
                 {0, 1, 2, 3}),
            (std::vector<std::string>{"9", "a", "42", "NULL"}));
}

TEST_F(RowCodec, DroppedColumnsAreSkippedAndNotWritten) {
  RowShape shape = shape_of({"text", "int4"});
  Datum values[] = {Datum::of_bytes("gone"), Datum::of_int(5)};
  RowEncoder before(shape, nullptr);
  ByteSpan bytes = before.encode(values, txn_);
  Bytes old(bytes.begin(), bytes.end());
  shape[0].dropped = true;
  EXPECT_EQ(read(shape, old, {1}), (std::vector<std::string>{"5"}));
  RowEncoder after(shape, nullptr);
  ByteSpan fresh = after.encode_change(old, values, {false, false}, txn_);
  EXPECT_LT(fresh.size(), old.size());
  EXPECT_EQ(read(shape, fresh, {0, 1}), (std::vector<std::string>{"NULL", "5"}));
}

TEST_F(RowCodec, WideValuesGoOutOfLineAndAreKeptByAnUpdate) {
  RowShape shape = shape_of({"int4", "text", "text"});
  std::mt19937 random(5);
  std::string wide;
  for (int i = 0; i < 30000; ++i) wide += static_cast<char>('a' + random() % 26);
  Datum values[] = {Datum::of_int(1), Datum::of_bytes(wide), Datum::of_bytes("short")};
  RowEncoder encoder(shape, overflow_.get());
  ByteSpan bytes = encoder.encode(values, txn_);
  Bytes old(bytes.begin(), bytes.end());
  EXPECT_TRUE(encoder.has_outside());
  EXPECT_LT(old.size(), 200U);
  EXPECT_EQ(read(shape, old, {0, 1, 2}), (std::vector<std::string>{"1", wide, "short"}));
  std::vector<storage::OverflowRef> refs;
  for_each_outside(old, [&](const storage::OverflowRef& ref) { refs.push_back(ref); });
  ASSERT_EQ(refs.size(), 1U);
  EXPECT_EQ(refs[0].size, wide.size());

  auto blocks = *overflow_->block_count();
  values[0] = Datum::of_int(2);
  ByteSpan fresh = encoder.encode_change(old, values, {true, false, false}, txn_);
  EXPECT_EQ(*overflow_->block_count(), blocks);
  EXPECT_EQ(read(shape, fresh, {0, 1, 2}), (std::vector<std::string>{"2", wide, "short"}));
}

TEST_F(RowCodec, ARowTooWideAnywayIsRefused) {
  RowShape shape;
  for (int i = 0; i < 1500; ++i) shape.push_back(row_column(*find_type("int8")));
  std::vector<Datum> values(shape.size(), Datum::of_int(1));
  RowEncoder encoder(shape, overflow_.get());
  EXPECT_THROW(encoder.encode(values.data(), txn_), base::SqlException);
}

}  // namespace
}  // namespace isolde::sql
