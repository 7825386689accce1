// Enums, domains and composite types, as a catalog makes them from its rows, and arrays of each.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/thread_task.hpp"
#include "sql/functions/function_registry.hpp"
#include "sql/functions/overload.hpp"
#include "sql/types/array.hpp"
#include "sql/types/bytea.hpp"
#include "sql/types/composite_type.hpp"
#include "sql/types/domain_type.hpp"
#include "sql/types/enum_type.hpp"
#include "sql/types/output_style.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {
namespace {

using base::Oid;

Type array_over(const Type& element, Oid oid) {
  Type array = type_of(types::kTextArray);
  array.oid = oid;
  array.element_type = element.oid;
  array.element = &element;
  return array;
}

/// mood: sad < ok < happy, whose OIDs are in another order; small: a domain over int4; pair: a
/// composite of an int4, a mood and a dropped column.
class UserTypes : public testing::Test, public TypeSource {
 protected:
  UserTypes()
      : mood_(Oid(20000), Oid(20001), "mood", "mood",
              {{Oid(300), 1, "sad"}, {Oid(100), 3, "happy"}, {Oid(200), 2, "ok"}}),
        small_(Oid(20002), Oid(20003), "small", "small", type_of(types::kInt4), -1),
        pair_(Oid(20004), Oid(20005), "pair", "pair",
              {{"a", &type_of(types::kInt4)},
               {"gone", &type_of(types::kText), -1, true},
               {"b", &mood_}}),
        moods_(array_over(mood_, Oid(20001))),
        smalls_(array_over(small_, Oid(20003))),
        pairs_(array_over(pair_, Oid(20005))) {}

  const Type* added(Oid oid) const override {
    for (const Type* type :
         std::vector<const Type*>{&mood_, &small_, &pair_, &moods_, &smalls_, &pairs_}) {
      if (type->oid == oid) return type;
    }
    return nullptr;
  }
  const Type* added_named(std::string_view schema, std::string_view name) const override {
    return (schema.empty() || schema == "public") && name == "mood" ? &mood_ : nullptr;
  }

  Datum read(const Type& type, std::string_view text) {
    return type.from_text(text, -1, arena_, style_);
  }
  std::string show(const Type& type, Datum value) {
    std::string out;
    type.to_text(value, out, style_);
    return out;
  }
  /// The text after a way through text, and through the binary form.
  std::string around(const Type& type, std::string_view text) {
    Datum value = read(type, text);
    std::string binary;
    type.to_binary(value, binary);
    Datum again = type.from_binary(arena_.copy(binary), -1, arena_);
    EXPECT_TRUE(type.compare(value, again) == 0) << text;
    EXPECT_EQ(type.hash(value), type.hash(again)) << text;
    return show(type, again);
  }
  std::string failure(const Type& type, std::string_view text) {
    try {
      read(type, text);
    } catch (const base::SqlException& e) {
      const auto& fields = e.error().fields();
      return std::string(fields.state.code()) + " " + fields.message +
             (fields.detail.empty() ? "" : " | " + fields.detail);
    }
    return "no error";
  }
  Datum call(const char* name, std::vector<const Type*> argument_types, std::vector<Datum> values) {
    std::vector<Oid> oids;
    for (const Type* type : argument_types) oids.push_back(type->oid);
    auto resolved =
        resolve_function(FunctionRegistry::instance().functions(name), {name, oids, false}, *this);
    CallSite site{argument_types, find(resolved.result_type), -1};
    context_.site = &site;
    return resolved.function->scalar(context_, values.data());
  }

  EnumType mood_;
  DomainType small_;
  CompositeType pair_;
  Type moods_;
  Type smalls_;
  Type pairs_;
  Arena arena_;
  OutputStyle style_;
  base::ThreadTask task_;
  CallContext context_{arena_, task_, style_};
};

TEST_F(UserTypes, are_found_behind_the_built_in_ones) {
  EXPECT_EQ(find(Oid(20000)), &mood_);
  EXPECT_EQ(find("", "mood"), &mood_);
  EXPECT_EQ(find("public", "mood"), &mood_);
  EXPECT_EQ(find("pg_catalog", "mood"), nullptr);
  EXPECT_EQ(find("", "int4"), find_type(types::kInt4));
  EXPECT_EQ(base_type(small_.oid), types::kInt4);
  EXPECT_EQ(base_type(mood_.oid), mood_.oid);
}

TEST_F(UserTypes, enum_values_order_as_their_labels) {
  EXPECT_EQ(around(mood_, "ok"), "ok");
  EXPECT_TRUE(mood_.compare(read(mood_, "sad"), read(mood_, "ok")) < 0);
  EXPECT_TRUE(mood_.compare(read(mood_, "happy"), read(mood_, "ok")) > 0);
  EXPECT_EQ(failure(mood_, "angry"), "22P02 invalid input value for enum mood: \"angry\"");
  EXPECT_EQ(failure(mood_, "OK"), "22P02 invalid input value for enum mood: \"OK\"");
  EXPECT_THROW(show(mood_, Datum::of_int(7)), base::SqlException);
}

TEST_F(UserTypes, enum_functions_take_the_type_from_the_call) {
  EXPECT_EQ(show(mood_, call("enum_first", {&mood_}, {Datum::null()})), "sad");
  EXPECT_EQ(show(mood_, call("enum_last", {&mood_}, {Datum::null()})), "happy");
  EXPECT_EQ(show(moods_, call("enum_range", {&mood_}, {Datum::null()})), "{sad,ok,happy}");
  EXPECT_EQ(show(moods_, call("enum_range", {&mood_, &mood_}, {read(mood_, "ok"), Datum::null()})),
            "{ok,happy}");
  EXPECT_EQ(show(moods_, call("enum_range", {&mood_, &mood_}, {Datum::null(), read(mood_, "ok")})),
            "{sad,ok}");
  EXPECT_TRUE(call("enum_lt", {&mood_, &mood_}, {read(mood_, "sad"), read(mood_, "ok")}).as_bool());
  EXPECT_EQ(show(type_of(types::kJson), call("to_json", {&moods_}, {read(moods_, "{ok,sad}")})),
            "[\"ok\",\"sad\"]");
}

TEST_F(UserTypes, arrays_hold_them) {
  EXPECT_EQ(around(moods_, "{happy,NULL,sad}"), "{happy,NULL,sad}");
  EXPECT_TRUE(moods_.compare(read(moods_, "{sad}"), read(moods_, "{happy}")) < 0);
  EXPECT_EQ(around(smalls_, "{1,-2}"), "{1,-2}");
  EXPECT_EQ(around(pairs_, "{\"(1,sad)\",\"(,)\"}"), "{\"(1,sad)\",\"(,)\"}");
  EXPECT_EQ(failure(moods_, "{angry}"), "22P02 invalid input value for enum mood: \"angry\"");
}

TEST_F(UserTypes, domains_read_and_write_as_their_base) {
  EXPECT_EQ(around(small_, "-5"), "-5");
  EXPECT_TRUE(small_.is_ordered());
  EXPECT_EQ(failure(small_, "x"), "22P02 invalid input syntax for type integer: \"x\"");
  DomainType money(Oid(20010), Oid(20011), "money2", "money2", type_of(types::kNumeric),
                   (6 << 16 | 2) + 4);
  EXPECT_EQ(show(money, read(money, "1.005")), "1.01");
  DomainType over(Oid(20012), Oid(20013), "over", "over", money, -1);
  EXPECT_EQ(show(over, read(over, "2.345")), "2.35");
  EXPECT_EQ(base_of(over).oid, types::kNumeric);
}

TEST_F(UserTypes, composites_read_what_postgresql_reads) {
  EXPECT_EQ(around(pair_, "(1,sad)"), "(1,sad)");
  EXPECT_EQ(around(pair_, " ( 7,\"ok\") "), "(7,ok)");
  EXPECT_EQ(around(pair_, "(,)"), "(,)");
  EXPECT_EQ(failure(pair_, "1,sad"),
            "22P02 malformed record literal: \"1,sad\" | Missing left parenthesis.");
  EXPECT_EQ(failure(pair_, "(1)"), "22P02 malformed record literal: \"(1)\" | Too few columns.");
  EXPECT_EQ(failure(pair_, "(1,sad,2)"),
            "22P02 malformed record literal: \"(1,sad,2)\" | Too many columns.");
  EXPECT_EQ(failure(pair_, "(1,sad"),
            "22P02 malformed record literal: \"(1,sad\" | Unexpected end of input.");
  EXPECT_EQ(failure(pair_, "(1,sad)x"),
            "22P02 malformed record literal: \"(1,sad)x\" | Junk after right parenthesis.");
}

TEST_F(UserTypes, composites_compare_field_by_field) {
  auto order = [&](const char* a, const char* b) {
    return pair_.compare(read(pair_, a), read(pair_, b));
  };
  EXPECT_TRUE(order("(1,happy)", "(2,sad)") < 0);
  EXPECT_TRUE(order("(1,happy)", "(1,sad)") > 0);
  EXPECT_TRUE(order("(1,)", "(1,happy)") > 0);
  EXPECT_TRUE(order("(1,)", "(1,)") == 0);
}

TEST_F(UserTypes, a_composite_becomes_a_record_that_knows_its_shape) {
  const Type& record = type_of(types::kRecord);
  Datum value = to_record(pair_, read(pair_, "(3,ok)"), arena_);
  EXPECT_EQ(show(record, value), "(3,ok)");
  EXPECT_EQ(show(type_of(types::kJson), call("row_to_json", {&record}, {value})),
            "{\"a\":3,\"b\":\"ok\"}");
  Coercion way = find_coercion(pair_.oid, types::kRecord, CastContext::kImplicit, *this);
  EXPECT_EQ(way.path, Coercion::Path::kFunction);
}

TEST_F(UserTypes, older_values_read_as_null_in_newer_fields) {
  CompositeType before(Oid(20020), Oid(0), "grown", "grown", {{"a", &type_of(types::kInt4)}});
  CompositeType after(Oid(20020), Oid(0), "grown", "grown",
                      {{"a", &type_of(types::kInt4)}, {"b", &type_of(types::kText)}});
  Datum value = read(before, "(1)");
  EXPECT_EQ(show(after, value), "(1,)");
}

TEST_F(UserTypes, json_objects_become_composites) {
  const Type& json = type_of(types::kJson);
  Datum made =
      call("json_populate_record", {&pair_, &json, &type_of(types::kBool)},
           {Datum::null(), read(json, R"({"b":"happy","a":"4","x":1})"), Datum::of_bool(false)});
  EXPECT_EQ(show(pair_, made), "(4,happy)");
  const Type& jsonb = type_of(types::kJsonb);
  made = call("jsonb_populate_record", {&pair_, &jsonb},
              {read(pair_, "(9,ok)"), read(jsonb, R"({"b":null})")});
  EXPECT_EQ(show(pair_, made), "(9,)");
}

}  // namespace
}  // namespace isolde::sql
