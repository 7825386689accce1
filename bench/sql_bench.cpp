// What a statement costs inside sql/, without sockets: nanoseconds a call, in one thread.
//
//   sql_bench [seconds a case]

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>

#include "base/thread_task.hpp"
#include "sql/session/instance.hpp"
#include "sql/session/result_sink.hpp"
#include "sql/session/session.hpp"
#include "tests/unit/test_store.hpp"

namespace isolde::sql {

namespace {

class NullSink final : public ResultSink, public ClientMessages {
 public:
  base::Status columns(std::span<const ResultColumn>) override { return {}; }
  base::Status row(std::span<const Datum> values, std::span<const ResultColumn>) override {
    checksum_ += static_cast<uint64_t>(values[0].as_int());
    return {};
  }
  base::Status complete(std::string_view) override { return {}; }
  base::Status empty_query() override { return {}; }
  base::Status begin_copy_out(CopyFormat, size_t) override { return {}; }
  base::Status copy_data(std::string_view) override { return {}; }
  base::Status end_copy_out() override { return {}; }
  base::Status begin_copy_in(CopyFormat, size_t) override { return {}; }
  base::Result<std::optional<std::string_view>> next_copy_data() override {
    return std::optional<std::string_view>();
  }
  void notice(const base::Error&) override {}
  void parameter_changed(std::string_view, std::string_view) override {}
  uint64_t checksum() const { return checksum_; }

 private:
  uint64_t checksum_ = 0;
};

void must(base::Status status) {
  if (status) return;
  std::fprintf(stderr, "%s\n", status.error().message().c_str());
  std::exit(1);
}

void measure(const char* name, double seconds, const std::function<void(int64_t)>& call) {
  for (int64_t i = 0; i < 100; ++i) call(i);
  auto begin = base::steady_now();
  int64_t calls = 0;
  double used = 0;
  while (used < seconds) {
    for (int i = 0; i < 256; ++i) call(calls++);
    used = std::chrono::duration<double>(base::steady_now() - begin).count();
  }
  std::printf("%-34s %10.0f ns\n", name, used * 1e9 / static_cast<double>(calls));
}

void time_once(const char* name, Session& session, NullSink& sink, const char* text) {
  auto begin = base::steady_now();
  must(session.query(text, sink));
  double used = std::chrono::duration<double>(base::steady_now() - begin).count();
  std::printf("%-34s %10.0f ms\n", name, used * 1e3);
}

void run(double seconds) {
  ServerSettings settings;
  TestStore store;
  Instance instance(settings, store.store());
  must(instance.start());
  base::ThreadTask task;
  NullSink sink;
  auto database = instance.database("postgres");
  if (!database) must(database.take_error());
  Session session(instance, *database, {base::SessionId{1}, "postgres", "postgres", "", -1, true},
                  task, sink);

  measure("simple SELECT 1", seconds, [&](int64_t) { must(session.query("SELECT 1", sink)); });
  std::string text;
  measure("simple SELECT <different number>", seconds, [&](int64_t i) {
    text = "SELECT " + std::to_string(i) + " AS a WHERE 7 = " + std::to_string(i & 7);
    must(session.query(text, sink));
  });
  measure("simple, never seen (parse, plan)", seconds, [&](int64_t i) {
    text = "SELECT 1 AS c" + std::to_string(i);
    must(session.query(text, sink));
  });
  must(session.parse("p", "SELECT 1", {}));
  must(session.sync());
  measure("prepared SELECT 1", seconds, [&](int64_t) {
    must(session.bind({"", "p", {}, {}, {}}));
    auto outcome = session.execute("", 0, sink);
    if (!outcome) std::exit(1);
    must(session.sync());
  });
  measure("unnamed parse + bind + execute", seconds, [&](int64_t) {
    must(session.parse("", "SELECT 1", {}));
    must(session.bind({"", "", {}, {}, {}}));
    auto outcome = session.execute("", 0, sink);
    if (!outcome) std::exit(1);
    must(session.sync());
  });
  time_once("count(*) of 50 million", session, sink,
            "SELECT count(*) FROM generate_series(1, 50000000)");
  time_once("sum with a filter, 10 million", session, sink,
            "SELECT sum(x) FROM generate_series(1, 10000000) x WHERE x % 3 = 0");
  time_once("1,000 groups of 10 million", session, sink,
            "SELECT count(*) FROM (SELECT x % 1000, count(*), sum(x) FROM generate_series(1, "
            "10000000) x GROUP BY 1) t");
  time_once("ORDER BY of a million", session, sink,
            "SELECT count(*) FROM (SELECT x FROM generate_series(1, 1000000) x ORDER BY -x) t");
}

}  // namespace

}  // namespace isolde::sql

int main(int argc, char** argv) {
  isolde::sql::run(argc > 1 ? std::atof(argv[1]) : 0.5);
}
