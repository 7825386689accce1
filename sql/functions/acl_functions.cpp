#include <fmt/format.h>

#include "sql/functions/declaration.hpp"
#include "sql/types/acl_item.hpp"
#include "sql/types/array.hpp"
#include "sql/types/char_class.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/type_registry.hpp"

// Privileges as aclitem and arrays of it.

namespace isolde::sql {

namespace {

const Type& acl_item_type() {
  return type_of(base::Oid(1033));
}

/// "SELECT, UPDATE WITH GRANT OPTION": each word's bit, or 22023.
AclItem read_words(std::string_view words) {
  AclItem item;
  constexpr std::string_view kOption = " WITH GRANT OPTION";
  while (true) {
    size_t comma = words.find(',');
    std::string_view word = trim_blanks(words.substr(0, comma));
    std::string_view plain = word;
    bool option = plain.size() > kOption.size() &&
                  equals_ignoring_case(plain.substr(plain.size() - kOption.size()), kOption);
    if (option) plain.remove_suffix(kOption.size());
    uint16_t bit = 0;
    for (const Privilege& privilege : kPrivileges) {
      bool temp = privilege.letter == 'T' && equals_ignoring_case(plain, "TEMP");
      if (temp || equals_ignoring_case(plain, privilege.word)) {
        bit = privilege_bits({&privilege.letter, 1});
      }
    }
    if (bit == 0) {
      fail(base::sqlstate::kInvalidParameterValue,
           fmt::format("unrecognized privilege type: \"{}\"", word));
    }
    item.privileges |= bit;
    if (option) item.grant_options |= bit;
    if (comma == std::string_view::npos) return item;
    words.remove_prefix(comma + 1);
  }
}

base::Oid oid_of(Datum value) {
  return base::Oid(static_cast<uint32_t>(value.as_int()));
}

Datum make_item(CallContext& context, const Datum* args) {
  std::string_view word = args[2].as_bytes();
  if (word.find(',') != std::string_view::npos) {
    fail(base::sqlstate::kInvalidParameterValue,
         fmt::format("unrecognized privilege type: \"{}\"", word));
  }
  AclItem item = read_words(word);
  item.grant_options = args[3].as_bool() ? item.privileges : uint16_t{0};
  item.grantee = oid_of(args[0]);
  item.grantor = oid_of(args[1]);
  return item.write(context.arena);
}

/// What PUBLIC and the owner may do with a new object of a kind.
struct Defaults {
  char kind;
  std::string_view everyone;
  std::string_view owner;
};
constexpr Defaults kDefaults[] = {
    {'c', "", ""},   {'r', "", "arwdDxt"}, {'s', "", "rwU"}, {'d', "Tc", "CTc"}, {'f', "X", "X"},
    {'l', "U", "U"}, {'L', "", "rw"},      {'n', "", "UC"},  {'p', "", "sA"},    {'t', "", "C"},
    {'F', "", "U"},  {'S', "", "U"},       {'T', "U", "U"}};

Datum acl_default(CallContext& context, const Datum* args) {
  auto kind = static_cast<char>(args[0].as_int());
  for (const Defaults& defaults : kDefaults) {
    if (defaults.kind != kind) continue;
    base::Oid owner = oid_of(args[1]);
    std::vector<Datum> items;
    if (uint16_t bits = privilege_bits(defaults.everyone)) {
      items.push_back(AclItem{base::Oid(), owner, bits, 0}.write(context.arena));
    }
    if (uint16_t bits = privilege_bits(defaults.owner)) {
      items.push_back(AclItem{owner, owner, bits, 0}.write(context.arena));
    }
    return make_array(acl_item_type(), items, context.arena);
  }
  fail(base::sqlstate::kInternalError, fmt::format("unrecognized objtype abbreviation: {}", kind));
}

Datum acl_contains(CallContext&, const Datum* args) {
  ArrayView array(args[0]);
  AclItem wanted = AclItem::read(args[1]);
  for (int32_t i = 0; i < array.size(); ++i) {
    if (array[i].is_null()) continue;
    AclItem item = AclItem::read(array[i]);
    bool same = item.grantee == wanted.grantee && item.grantor == wanted.grantor;
    if (same && (wanted.privileges & ~item.privileges) == 0 &&
        (wanted.grant_options & ~item.grant_options) == 0) {
      return Datum::of_bool(true);
    }
  }
  return Datum::of_bool(false);
}

Datum acl_equal(CallContext&, const Datum* args) {
  return Datum::of_bool(args[0].as_bytes() == args[1].as_bytes());
}
Datum acl_insert(CallContext&, const Datum*) {
  fail(base::sqlstate::kFeatureNotSupported, "aclinsert is no longer supported");
}
Datum acl_remove(CallContext&, const Datum*) {
  fail(base::sqlstate::kFeatureNotSupported, "aclremove is no longer supported");
}

/// One row a privilege of each item.
class Exploded final : public SetIterator {
 public:
  explicit Exploded(Datum acl) : acl_(acl) {}

  bool next(CallContext& context, Datum* columns) override {
    for (; item_ < acl_.size(); ++item_, bit_ = 0) {
      AclItem item = AclItem::read(acl_[item_]);
      for (; bit_ < kPrivilegeCount; ++bit_) {
        if ((item.privileges >> bit_ & 1) == 0) continue;
        context.poll();
        columns[0] = Datum::of_int(item.grantor.value);
        columns[1] = Datum::of_int(item.grantee.value);
        columns[2] = Datum::of_bytes(kPrivileges[bit_].word);
        columns[3] = Datum::of_bool((item.grant_options >> bit_ & 1) != 0);
        ++bit_;
        return true;
      }
    }
    return false;
  }

 private:
  ArrayView acl_;
  int32_t item_ = 0;
  size_t bit_ = 0;
};
std::unique_ptr<SetIterator> acl_explode(CallContext&, const Datum* args) {
  ArrayView acl(args[0]);
  if (acl.dimensions() > 1) {
    fail(base::sqlstate::kInvalidParameterValue, "ACL arrays must be one-dimensional");
  }
  if (acl.has_nulls()) {
    fail(base::sqlstate::kNullValueNotAllowed, "ACL arrays must not contain null values");
  }
  return std::make_unique<Exploded>(args[0]);
}

constexpr FunctionRow kRows[] = {
    {1365, "makeaclitem(oid, oid, text, bool) aclitem", make_item},
    {3943, "acldefault(char, oid) aclitem[]", acl_default},
    {1037, "aclcontains(aclitem[], aclitem) bool", acl_contains},
    {1062, "aclitemeq(aclitem, aclitem) bool", acl_equal},
    {1035, "aclinsert(aclitem[], aclitem) aclitem[]", acl_insert},
    {1036, "aclremove(aclitem[], aclitem) aclitem[]", acl_remove},
    {1689,
     "aclexplode(acl aclitem[], out grantor oid, out grantee oid, out privilege_type text, "
     "out is_grantable bool) setof record",
     acl_explode, kStable},
};

}  // namespace

const std::span<const FunctionRow> kAclFunctions = kRows;

}  // namespace isolde::sql
