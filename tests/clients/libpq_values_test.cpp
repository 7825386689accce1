// A value of each type: as text, as binary, and as text again from what binary gave.

#include <ostream>
#include <string>

#include "libpq_fixture.hpp"

namespace isolde::clients {
namespace {

struct TypedValue {
  const char* type;
  const char* text;
};

void PrintTo(const TypedValue& value, std::ostream* out) {
  *out << value.type << " " << value.text;
}

class TypedValueTest : public LibpqTest, public ::testing::WithParamInterface<TypedValue> {
 protected:
  Result ask(const char* data, int size, int format, int result_format) {
    std::string sql = std::string("SELECT $1::") + GetParam().type;
    Result result =
        own(PQexecParams(pg(), sql.c_str(), 1, nullptr, &data, &size, &format, result_format));
    EXPECT_EQ(PQresultStatus(result.get()), PGRES_TUPLES_OK) << PQerrorMessage(pg());
    return result;
  }
};

TEST_P(TypedValueTest, TextAndBinaryAgree) {
  own(PQexec(pg(), "SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'"));
  std::string text = GetParam().text;
  int size = static_cast<int>(text.size());
  Result as_text = ask(text.c_str(), size, kText, kText);
  ASSERT_EQ(PQntuples(as_text.get()), 1);
  EXPECT_EQ(PQgetvalue(as_text.get(), 0, 0), text);
  Result as_binary = ask(text.c_str(), size, kText, kBinary);
  ASSERT_EQ(PQntuples(as_binary.get()), 1);
  ASSERT_EQ(PQfformat(as_binary.get(), 0), kBinary);
  const char* bytes = PQgetvalue(as_binary.get(), 0, 0);
  Result back = ask(bytes, PQgetlength(as_binary.get(), 0, 0), kBinary, kText);
  ASSERT_EQ(PQntuples(back.get()), 1);
  EXPECT_EQ(PQgetvalue(back.get(), 0, 0), text);
}

constexpr TypedValue kValues[] = {
    {"int2", "-32768"},
    {"int4", "2147483647"},
    {"int8", "-9223372036854775808"},
    {"float4", "-0.1"},
    {"float4", "NaN"},
    {"float8", "1e-300"},
    {"float8", "Infinity"},
    {"numeric", "0"},
    {"numeric", "0.000"},
    {"numeric", "-12345678901234567890.0123456789"},
    {"numeric", "NaN"},
    {"numeric", "Infinity"},
    {"numeric", "100000000"},
    {"bool", "t"},
    {"text", ""},
    {"text", "naïve ☃"},
    {"varchar", "x"},
    {"bytea", "\\x00ff10"},
    {"bytea", "\\x"},
    {"uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
    {"date", "2024-02-29"},
    {"date", "0044-03-15 BC"},
    {"date", "infinity"},
    {"timestamp", "1999-12-31 23:59:59.999999"},
    {"timestamp", "-infinity"},
    {"timestamptz", "2024-02-29 12:34:56.789+00"},
    {"interval", "1 year 2 mons -3 days +04:05:06.7"},
    {"int4[]", "{1,NULL,3}"},
    {"int4[]", "{}"},
    {"int8[]", "{{1,2},{3,4}}"},
    {"int4[]", "[0:1]={1,2}"},
    {"text[]", "{a,\"b c\",NULL,\"\",\"\\\"\"}"},
    {"numeric[]", "{1.50,NULL}"},
    {"timestamptz[]", "{\"2024-02-29 12:34:56+00\"}"},
};

INSTANTIATE_TEST_SUITE_P(EveryType, TypedValueTest, ::testing::ValuesIn(kValues));

}  // namespace
}  // namespace isolde::clients
