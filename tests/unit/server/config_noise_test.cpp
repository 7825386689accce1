#include <gtest/gtest.h>

#include <random>

#include "scram_client.hpp"
#include "server/auth/exchange.hpp"
#include "server/auth/hba.hpp"
#include "server/config/config_file.hpp"

namespace isolde::server {
namespace {

// Texts of random characters that mean something to the parsers. Nothing may crash or hang; what
// comes out does not matter.

constexpr int kTexts = 20'000;

std::string noise(std::mt19937& random, std::string_view alphabet) {
  std::string text(random() % 60, '\0');
  for (char& c : text) c = alphabet[random() % alphabet.size()];
  return text;
}

TEST(Noise, ConfigurationFiles) {
  std::mt19937 random(1);
  for (int i = 0; i < kTexts; ++i)
    parse_config_text(noise(random, "a1.'\\\n\"# =-+eEx0\t,\x80"), "/nosuch/x.conf");
}

TEST(Noise, AccessRules) {
  std::mt19937 random(2);
  for (int i = 0; i < kTexts; ++i) {
    std::vector<base::Error> errors;
    std::string text = "host all all " + noise(random, "a1.:/\"\\\n# ,@+\xff");
    HbaRules::parse(text, "/nosuch/hba.conf", errors);
    HbaRules::parse(noise(random, "al \"\\\n#,@+\t"), "/nosuch/hba.conf", errors);
  }
}

TEST(Noise, PasswordMessages) {
  std::mt19937 random(3);
  AuthSubject subject{.user = "ann", .mock_secret = "secret"};
  using namespace std::string_view_literals;
  for (int i = 0; i < kTexts; ++i) {
    subject.certificate_hash = random() % 2 == 0 ? "" : "hash";
    auto exchange = start_exchange(subject);
    exchange->start();
    std::string message = noise(random, "nypcrs=,,==a\0\xff"sv);
    auto step =
        exchange->answer(random() % 2 == 0 ? initial_response("SCRAM-SHA-256", message)
                                           : initial_response("SCRAM-SHA-256", "n,,n=,r=a"));
    if (step.ok()) {
      auto ended = exchange->answer(noise(random, "biwsncrp=,,==a\0"sv));
      EXPECT_FALSE(ended.ok() && ended->done);
    }
  }
}

}  // namespace
}  // namespace isolde::server
