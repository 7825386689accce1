#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "server/auth/hba.hpp"
#include "server/auth/hba_tokens.hpp"
#include "server/config/files.hpp"

namespace isolde::server {

namespace {

using Type = HbaRule::Type;
using From = HbaRule::From;

base::Error config_error(std::string message) {
  return {base::sqlstate::kConfigFileError, std::move(message)};
}

struct TypeWord {
  std::string_view word;
  Type type;
};
constexpr TypeWord kTypes[] = {
    {"local", Type::kLocal},           {"host", Type::kHost},
    {"hostssl", Type::kHostSsl},       {"hostnossl", Type::kHostNoSsl},
    {"hostgssenc", Type::kHostGssEnc}, {"hostnogssenc", Type::kHostNoGssEnc},
};

struct MethodWord {
  std::string_view word;
  HbaMethod method;
};
constexpr MethodWord kMethods[] = {
    {"trust", HbaMethod::kTrust},
    {"reject", HbaMethod::kReject},
    {"password", HbaMethod::kPassword},
    {"md5", HbaMethod::kMd5},
    {"scram-sha-256", HbaMethod::kScramSha256},
};
constexpr std::string_view kForeignMethods[] = {"gss", "sspi", "ident", "peer",  "pam",
                                                "bsd", "ldap", "cert",  "radius"};

/// Reads the fields of one line from left to right.
class RuleParser {
 public:
  explicit RuleParser(const HbaLine& line) : line_(line) { rule_.line = line.number; }

  base::Result<HbaRule> parse() {
    using Part = base::Status (RuleParser::*)();
    for (Part part : {&RuleParser::type, &RuleParser::databases, &RuleParser::users,
                      &RuleParser::address, &RuleParser::method, &RuleParser::options}) {
      if (auto status = (this->*part)(); !status) return status.take_error();
    }
    return std::move(rule_);
  }

 private:
  bool at_end() const { return next_ == line_.fields.size(); }

  /// A field that must hold exactly one word.
  base::Result<HbaToken> single(std::string_view what, std::string_view missing,
                                std::string_view hint) {
    if (at_end()) return config_error(fmt::format("end-of-line before {}", missing));
    const auto& field = line_.fields[next_++];
    if (field.size() == 1) return field.front();
    return config_error(fmt::format("multiple values specified for {}", what))
        .hint(std::string(hint));
  }

  base::Status type() {
    auto token = single("connection type", "connection type",
                        "Specify exactly one connection type per line.");
    if (!token) return token.take_error();
    auto known = std::ranges::find(kTypes, token->text, &TypeWord::word);
    if (known == std::end(kTypes))
      return config_error(fmt::format("invalid connection type \"{}\"", token->text));
    rule_.type = known->type;
    return {};
  }

  base::Status databases() {
    if (at_end()) return config_error("end-of-line before database specification");
    rule_.databases = line_.fields[next_++];
    return {};
  }

  base::Status users() {
    if (at_end()) return config_error("end-of-line before role specification");
    rule_.users = line_.fields[next_++];
    return {};
  }

  base::Status address() {
    if (rule_.type == Type::kLocal) return {};
    auto token =
        single("host address", "IP address specification", "Specify one address range per line.");
    if (!token) return token.take_error();
    if (token->is("all")) {
      rule_.from = From::kAll;
    } else if (token->is("samehost")) {
      rule_.from = From::kSameHost;
    } else if (token->is("samenet")) {
      rule_.from = From::kSameNet;
    } else {
      rule_.from = From::kRange;
      return range(token->text);
    }
    return {};
  }

  /// address/bits, or an address with the mask in the next field.
  base::Status range(const std::string& text) {
    size_t slash = text.find('/');
    std::string host = text.substr(0, slash);
    auto base = IpAddress::parse(host);
    if (!base)
      return config_error(
          fmt::format("invalid IP address \"{}\": host names are not supported", host));
    rule_.range.base = *base;
    return slash == std::string::npos ? separate_mask() : cidr_mask(text, text.substr(slash + 1));
  }

  base::Status cidr_mask(const std::string& text, const std::string& digits) {
    int bits = -1;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    auto mask = error == std::errc() && end == digits.data() + digits.size()
                    ? prefix_mask(rule_.range.base.family, bits)
                    : std::nullopt;
    if (!mask) return config_error(fmt::format("invalid CIDR mask in address \"{}\"", text));
    rule_.range.mask = *mask;
    return {};
  }

  base::Status separate_mask() {
    if (at_end())
      return config_error("end-of-line before netmask specification")
          .hint("Specify an address range in CIDR notation, or provide a separate netmask.");
    auto token = single("netmask", "netmask specification", "");
    if (!token) return token.take_error();
    auto mask = IpAddress::parse(token->text);
    if (!mask) return config_error(fmt::format("invalid IP mask \"{}\"", token->text));
    if (mask->family != rule_.range.base.family)
      return config_error("IP address and mask do not match");
    rule_.range.mask = *mask;
    return {};
  }

  base::Status method() {
    auto token = single("authentication type", "authentication method",
                        "Specify exactly one authentication type per line.");
    if (!token) return token.take_error();
    auto known = std::ranges::find(kMethods, token->text, &MethodWord::word);
    if (known != std::end(kMethods)) {
      rule_.method = known->method;
      return {};
    }
    std::string message = fmt::format("invalid authentication method \"{}\"", token->text);
    bool foreign = std::ranges::find(kForeignMethods, token->text) != std::end(kForeignMethods);
    return config_error(foreign ? message + ": not supported by this build" : message);
  }

  /// An option that was ignored could be the one that keeps someone out.
  base::Status options() {
    if (at_end()) return {};
    const std::string& text = line_.fields[next_].front().text;
    size_t equals = text.find('=');
    if (equals == std::string::npos)
      return config_error(fmt::format("authentication option not in name=value format: {}", text));
    return config_error(
        fmt::format("unrecognized authentication option name: \"{}\"", text.substr(0, equals)));
  }

  const HbaLine& line_;
  size_t next_ = 0;
  HbaRule rule_;
};

}  // namespace

HbaRules HbaRules::parse(std::string_view text, const std::string& path,
                         std::vector<base::Error>& errors) {
  HbaRules result;
  for (const HbaLine& line : tokenize_hba(text, path, errors)) {
    auto rule = RuleParser(line).parse();
    if (rule)
      result.rules_.push_back(std::move(*rule));
    else
      errors.push_back(at_hba_line(rule.take_error(), line.number, path));
  }
  return result;
}

base::Result<HbaRules> HbaRules::load(const std::string& path) {
  auto text = read_text_file(path);
  if (!text) return text.take_error();
  std::vector<base::Error> errors;
  HbaRules rules = parse(*text, path, errors);
  if (errors.empty() && rules.rules_.empty())
    return config_error(fmt::format("configuration file \"{}\" contains no entries", path));
  if (errors.empty()) return rules;
  base::Error first = std::move(errors.front());
  first.fields().message = first.fields().context + ": " + first.fields().message;
  return first;
}

}  // namespace isolde::server
