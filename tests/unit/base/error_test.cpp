#include "base/error.hpp"

#include <gtest/gtest.h>

#include "base/result.hpp"

namespace isolde::base {
namespace {

TEST(SqlState, KnowsItsNameAndClass) {
  EXPECT_EQ(sqlstate::kUniqueViolation.code(), "23505");
  EXPECT_EQ(sqlstate::kTRSerializationFailure.error_class(), "40");
  EXPECT_EQ(condition_name(sqlstate::kUniqueViolation), "unique_violation");
  EXPECT_EQ(condition_name(SqlState("ZZZZZ")), "");
}

TEST(Error, CarriesItsParts) {
  Error error =
      Error(sqlstate::kUndefinedColumn, "column \"x\" does not exist").detail("d").hint("h").at(8);
  EXPECT_EQ(error.fields().detail, "d");
  EXPECT_EQ(error.fields().hint, "h");
  EXPECT_EQ(error.fields().position, 8);
  EXPECT_FALSE(error.ends_session());
  EXPECT_TRUE(Error(error).fatal().ends_session());
}

TEST(Error, CopiesAreIndependent) {
  Error first(sqlstate::kInternalError, "one");
  Error second = first;
  second.fields().message = "two";
  EXPECT_EQ(first.message(), "one");
}

TEST(Result, HoldsAValueOrAnError) {
  Result<int> good = 7;
  Result<int> bad = Error(sqlstate::kDivisionByZero, "division by zero");
  EXPECT_EQ(*good, 7);
  EXPECT_FALSE(bad);
  EXPECT_EQ(bad.error().state(), sqlstate::kDivisionByZero);
  EXPECT_THROW(value_or_throw(std::move(bad)), SqlException);
}

}  // namespace
}  // namespace isolde::base
