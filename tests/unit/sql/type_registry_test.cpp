#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/error.hpp"
#include "sql/types/arena.hpp"
#include "sql/types/array.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {
namespace {

TEST(TypeRegistry, finds_types_by_oid_and_by_every_name) {
  EXPECT_EQ(find_type(types::kInt4)->name, "int4");
  EXPECT_EQ(find_type(base::Oid(0)), nullptr);
  EXPECT_EQ(find_type(base::Oid(4000000000)), nullptr);
  EXPECT_EQ(find_type("_int4")->oid, types::kInt4Array);
  EXPECT_EQ(find_type("integer"), nullptr);
  EXPECT_EQ(find_type_by_sql_name("integer")->oid, types::kInt4);
  EXPECT_EQ(find_type_by_sql_name("double precision")->oid, types::kFloat8);
  EXPECT_EQ(find_type_by_sql_name("timestamp with time zone")->oid, types::kTimestamptz);
  EXPECT_EQ(find_type_by_sql_name("timestamp")->oid, types::kTimestamp);
  EXPECT_EQ(find_type_by_sql_name("character varying")->oid, types::kVarchar);
  EXPECT_EQ(find_type_by_sql_name("char")->oid, types::kBpchar);
  EXPECT_EQ(find_type("char")->oid, types::kChar);
}

TEST(TypeRegistry, arrays_and_elements_point_at_each_other) {
  for (const Type* type : builtin_types()) {
    if (type->array_type.value == 0) continue;
    const Type* array = find_type(type->array_type);
    ASSERT_NE(array, nullptr) << type->name;
    EXPECT_EQ(array->element_type, type->oid) << type->name;
  }
}

TEST(TypeRegistry, modifiers_are_checked) {
  auto typmod = [](const char* name, std::vector<int32_t> modifiers) {
    return typmod_from_modifiers(*find_type(name), modifiers);
  };
  EXPECT_EQ(typmod("varchar", {10}), 14);
  EXPECT_EQ(typmod("numeric", {10, 2}), (10 << 16 | 2) + 4);
  EXPECT_EQ(typmod("timestamp", {9}), 6);
  EXPECT_THROW(typmod("varchar", {0}), base::SqlException);
  EXPECT_THROW(typmod("numeric", {1001}), base::SqlException);
  EXPECT_THROW(typmod("int4", {1}), base::SqlException);
  EXPECT_EQ(format_type(*find_type("numeric"), typmod("numeric", {5, -2})), "numeric(5,-2)");
}

TEST(Arena, reuses_its_blocks_after_a_reset) {
  Arena arena;
  for (int i = 0; i < 1000; ++i) arena.allocate(100);
  size_t footprint = arena.footprint();
  for (int round = 0; round < 10; ++round) {
    arena.reset();
    for (int i = 0; i < 1000; ++i) arena.allocate(100);
  }
  EXPECT_EQ(arena.footprint(), footprint);
}

TEST(Arena, keeps_values_apart_and_aligned) {
  Arena arena;
  std::vector<std::string_view> copies;
  for (int i = 0; i < 5000; ++i) copies.push_back(arena.copy("value " + std::to_string(i)));
  for (int i = 0; i < 5000; ++i) {
    EXPECT_EQ(copies[static_cast<size_t>(i)], "value " + std::to_string(i));
    EXPECT_EQ(reinterpret_cast<uintptr_t>(copies[static_cast<size_t>(i)].data()) % 8, 0U);
  }
}

TEST(Arena, stops_at_the_budget_with_53200) {
  MemoryBudget budget(100'000);
  {
    Arena arena(&budget);
    try {
      while (true) arena.allocate(1000);
    } catch (const base::SqlException& e) {
      EXPECT_EQ(e.error().state(), base::sqlstate::kOutOfMemory);
    }
    EXPECT_LE(budget.used(), 100'000U);
    EXPECT_GT(budget.used(), 0U);
  }
  EXPECT_EQ(budget.used(), 0U);
}

TEST(Array, elements_are_found_by_subscripts) {
  Arena arena;
  std::vector<Datum> elements;
  for (int i = 1; i <= 6; ++i) elements.push_back(i == 4 ? Datum::null() : Datum::of_int(-i));
  ArrayDimension dimensions[] = {{2, 0}, {3, 5}};
  ArrayView array(make_array(type_of(types::kInt4), elements, dimensions, arena));
  auto at = [&](int32_t i, int32_t j) {
    int32_t subscripts[] = {i, j};
    return array.at(subscripts);
  };
  EXPECT_EQ(at(0, 5).as_int(), -1);
  EXPECT_EQ(at(1, 7).as_int(), -6);
  EXPECT_TRUE(at(1, 5).is_null());
  EXPECT_TRUE(at(2, 5).is_null());
  EXPECT_TRUE(at(0, 4).is_null());
  int32_t one[] = {0};
  EXPECT_TRUE(array.at(one).is_null());
}

}  // namespace
}  // namespace isolde::sql
