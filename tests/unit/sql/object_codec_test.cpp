#include "sql/catalog/object_codec.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "sql/catalog/privilege.hpp"

namespace isolde::sql {

namespace {

std::shared_ptr<RelationObject> full_relation() {
  auto table = std::make_shared<RelationObject>();
  table->oid = Oid{16400};
  table->name = "orders";
  table->name_space = Oid{2200};
  table->owner = Oid{10};
  table->acl = {{Oid{}, Oid{10}, bit(Privilege::kSelect), 0}};
  table->comment = std::string("a \0 b", 5);
  table->needs = {Oid{1}, Oid{2}};
  table->part_of = Oid{3};
  table->file = {5, 16401};
  table->row_type = Oid{16402};
  ColumnObject& column = table->columns.emplace_back();
  column.name = "id";
  column.type = Oid{23};
  column.not_null = true;
  column.identity = Identity::kAlways;
  column.missing_value = "";
  table->index = IndexObject{};
  IndexKeyObject& key = table->index->keys.emplace_back();
  key.expression = "lower(a)";
  key.type = Oid{25};
  table->index->predicate = "a > 1";
  table->sequence = SequenceObject{};
  table->sequence->min = INT64_MIN;
  table->options = {"fillfactor=70"};
  table->statistics.rows = 12.5;
  table->index->clustered = true;
  RelationStatistics::Column& statistics = table->statistics.columns.emplace_back();
  statistics.null_fraction = 0.5;
  statistics.common_values = {"x", ""};
  statistics.common_frequencies = {0.1, 0.2};
  return table;
}

TEST(ObjectCodec, ARelationComesBackWhole) {
  auto table = full_relation();
  storage::Bytes bytes = encode_object(*table);
  ObjectPtr read = decode_object(bytes);
  ASSERT_NE(read, nullptr);
  EXPECT_EQ(encode_object(*read), bytes);
  const auto& back = static_cast<const RelationObject&>(*read);
  EXPECT_EQ(back.comment, table->comment);
  EXPECT_EQ(back.columns[0].missing_value, "");
  EXPECT_EQ(back.columns[0].default_text, std::nullopt);
  EXPECT_EQ(back.index->keys[0].expression, "lower(a)");
  EXPECT_EQ(back.sequence->min, INT64_MIN);
  EXPECT_EQ(back.statistics.columns[0].common_values[0], "x");
  EXPECT_TRUE(back.index->clustered);
}

TEST(ObjectCodec, AMaterializedViewKnowsWhetherItIsFilled) {
  auto view = std::make_shared<RelationObject>();
  view->relation_kind = RelationKind::kMaterializedView;
  view->definition = "SELECT 1";
  for (bool populated : {false, true}) {
    view->populated = populated;
    ObjectPtr read = decode_object(encode_object(*view));
    ASSERT_NE(read, nullptr);
    EXPECT_EQ(static_cast<const RelationObject&>(*read).populated, populated);
  }
}

/// What was written before an index could be clustered is read as if it were not.
TEST(ObjectCodec, AnOlderFormatIsRead) {
  auto index = std::make_shared<RelationObject>();
  index->relation_kind = RelationKind::kIndex;
  index->name = "by_name";
  index->index = IndexObject{};
  index->options = {"fillfactor=70"};
  storage::Bytes bytes = encode_object(*index);
  // The last fields are the method's name and then the flag.
  const std::string_view method = "btree";
  auto found = std::search(bytes.begin(), bytes.end(), method.begin(), method.end(),
                           [](auto a, char b) { return static_cast<char>(a) == b; });
  ASSERT_NE(found, bytes.end());
  bytes.erase(found + static_cast<ptrdiff_t>(method.size()));
  bytes[0] = static_cast<storage::Bytes::value_type>(1);
  ObjectPtr read = decode_object(bytes);
  ASSERT_NE(read, nullptr);
  const auto& back = static_cast<const RelationObject&>(*read);
  EXPECT_EQ(back.index->method, "btree");
  EXPECT_FALSE(back.index->clustered);
  EXPECT_EQ(back.options, index->options);
  bytes[0] = static_cast<storage::Bytes::value_type>(0x7f);
  EXPECT_EQ(decode_object(bytes), nullptr);
}

template <typename T>
void expect_round_trip() {
  auto object = std::make_shared<T>();
  object->oid = Oid{77};
  object->name = "a name";
  storage::Bytes bytes = encode_object(*object);
  ObjectPtr read = decode_object(bytes);
  ASSERT_NE(read, nullptr);
  EXPECT_EQ(read->kind, object->kind);
  EXPECT_EQ(read->name, "a name");
  EXPECT_EQ(encode_object(*read), bytes);
}

TEST(ObjectCodec, EveryKindHasItsForm) {
  expect_round_trip<NamespaceObject>();
  expect_round_trip<RelationObject>();
  expect_round_trip<TypeObject>();
  expect_round_trip<ConstraintObject>();
  expect_round_trip<FunctionObject>();
  expect_round_trip<RoleObject>();
  expect_round_trip<DatabaseObject>();
  expect_round_trip<MembershipObject>();
  expect_round_trip<SettingsObject>();
  expect_round_trip<DefaultAclObject>();
  expect_round_trip<CounterObject>();
}

TEST(ObjectCodec, DamagedBytesAreRefusedOrReadWithoutHarm) {
  storage::Bytes whole = encode_object(*full_relation());
  for (size_t length = 0; length < whole.size(); ++length) {
    EXPECT_EQ(decode_object(storage::ByteSpan(whole).first(length)), nullptr);
  }
  for (size_t at = 0; at < whole.size(); ++at) {
    storage::Bytes broken = whole;
    broken[at] ^= std::byte{0xff};
    static_cast<void>(decode_object(broken));
  }
}

}  // namespace

}  // namespace isolde::sql
