#include "sql/types/acl_item.hpp"

#include <fmt/format.h>

#include <string>

#include "sql/types/builtin_types.hpp"
#include "sql/types/byte_order.hpp"
#include "sql/types/char_class.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/hash.hpp"
#include "sql/types/object_names.hpp"
#include "sql/types/output_style.hpp"
#include "sql/types/text_types.hpp"

namespace isolde::sql {

AclItem AclItem::read(Datum stored) {
  const char* from = stored.as_bytes().data();
  return {base::Oid(load<uint32_t>(from)), base::Oid(load<uint32_t>(from + 4)),
          load<uint16_t>(from + 8), load<uint16_t>(from + 10)};
}

Datum AclItem::write(Arena& arena) const {
  char* to = arena.allocate(12);
  store(to, grantee.value);
  store(to + 4, grantor.value);
  store(to + 8, privileges);
  store(to + 10, grant_options);
  return Datum::of_bytes({to, 12});
}

namespace {

[[noreturn]] void fail_text(std::string message, std::string hint = {}) {
  base::Error error(base::sqlstate::kInvalidTextRepresentation, std::move(message));
  error.fields().hint = std::move(hint);
  throw base::SqlException(std::move(error));
}

/// Reads "grantee=rw*/grantor".
class AclParser {
 public:
  AclParser(std::string_view text, const OutputStyle& style) : text_(text), style_(style) {}

  AclItem parse() {
    AclItem item;
    std::string name = read_name();
    if (peek() != '=') {
      if (name != "group" && name != "user") {
        fail_text(fmt::format("unrecognized key word: \"{}\"", name),
                  "ACL key word must be \"group\" or \"user\".");
      }
      name = read_name();
      if (name.empty()) {
        fail_text("missing name", "A name must follow the \"group\" or \"user\" key word.");
      }
    }
    if (peek() != '=') fail_text("missing \"=\" sign");
    ++at_;
    read_privileges(item);
    item.grantee = name.empty() ? base::Oid() : role(name);
    item.grantor = kBootstrapUser;
    if (peek() == '/') {
      ++at_;
      std::string grantor = read_name();
      if (grantor.empty()) fail_text("a name must follow the \"/\" sign");
      item.grantor = role(grantor);
    }
    skip_blanks();
    if (at_ < text_.size()) fail_text("extra garbage at the end of the ACL specification");
    return item;
  }

 private:
  static constexpr base::Oid kBootstrapUser{10};

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }

  std::string read_name() {
    skip_blanks();
    std::string name;
    bool quoted = false;
    for (; at_ < text_.size(); ++at_) {
      char c = text_[at_];
      bool part = is_letter(c) || is_digit(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
      if (c == '"') {
        bool doubled = quoted && at_ + 1 < text_.size() && text_[at_ + 1] == '"';
        if (!doubled) {
          quoted = !quoted;
          continue;
        }
        ++at_;
      } else if (!quoted && !part) {
        break;
      }
      name += c;
      if (name.size() > kMaxNameBytes) {
        throw base::SqlException(
            base::Error(base::sqlstate::kNameTooLong, "identifier too long")
                .detail(
                    fmt::format("Identifier must be less than {} characters.", kMaxNameBytes + 1)));
      }
    }
    skip_blanks();
    return name;
  }

  void read_privileges(AclItem& item) {
    uint16_t last = 0;
    for (; at_ < text_.size() && (is_letter(text_[at_]) || text_[at_] == '*'); ++at_) {
      if (text_[at_] == '*') {
        item.grant_options |= last;
        continue;
      }
      last = privilege_bits(text_.substr(at_, 1));
      if (last == 0) {
        fail_text("invalid mode character: must be one of \"arwdDxtXUCTcsA\"");
      }
      item.privileges |= last;
    }
  }

  base::Oid role(const std::string& name) const {
    if (style_.names == nullptr && name == "postgres") return kBootstrapUser;
    std::string quoted = "\"";
    for (char c : name) quoted += c == '"' ? "\"\"" : std::string(1, c);
    return find_role(name, quoted + "\"");
  }
  base::Oid find_role(const std::string& name, const std::string& quoted) const {
    if (auto found = look_up_name(style_, NamedKind::kRole, quoted)) return *found;
    fail(base::sqlstate::kUndefinedObject, fmt::format("role \"{}\" does not exist", name));
  }

  std::string_view text_;
  const OutputStyle& style_;
  size_t at_ = 0;
};

/// Names come from the catalog as SQL writes them, in quotes where they need any.
std::string role_name(base::Oid role, const OutputStyle& style) {
  std::string name;
  if (style.names != nullptr) {
    name = style.names->name(NamedKind::kRole, role);
  } else if (role == base::Oid(10)) {
    name = "postgres";
  }
  return name.empty() ? std::to_string(role.value) : name;
}

Datum acl_from_text(const Type&, std::string_view text, int32_t, Arena& arena,
                    const OutputStyle& style) {
  return AclParser(text, style).parse().write(arena);
}

void acl_to_text(const Type&, Datum value, std::string& out, const OutputStyle& style) {
  AclItem item = AclItem::read(value);
  if (item.grantee.value != 0) out += role_name(item.grantee, style);
  out += '=';
  for (size_t i = 0; i < kPrivilegeCount; ++i) {
    if ((item.privileges >> i & 1) != 0) out += kPrivileges[i].letter;
    if ((item.grant_options >> i & 1) != 0) out += '*';
  }
  out += '/';
  out += role_name(item.grantor, style);
}

Datum acl_from_binary(const Type&, std::string_view, int32_t, Arena&) {
  fail(base::sqlstate::kUndefinedFunction, "no binary input function available for type aclitem");
}
void acl_to_binary(const Type&, Datum, std::string&) {
  fail(base::sqlstate::kUndefinedFunction, "no binary output function available for type aclitem");
}
uint64_t hash_acl(const Type&, Datum value) {
  return hash_bytes(value.as_bytes());
}

}  // namespace

const TypeFunctions kAclItemFunctions{acl_from_text, acl_to_text, acl_from_binary,
                                      acl_to_binary, nullptr,     hash_acl};

}  // namespace isolde::sql
