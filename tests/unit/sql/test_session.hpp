#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.hpp"
#include "sql/session/instance.hpp"
#include "sql/session/result_sink.hpp"
#include "sql/session/session.hpp"
#include "sql/types/output_style.hpp"
#include "tests/unit/test_store.hpp"

namespace isolde::sql {

/// Writes down what a session sends, a line a message, as tests/unit/sql/golden/record.py does.
class LineSink final : public ResultSink, public ClientMessages {
 public:
  base::Status columns(std::span<const ResultColumn> columns) override;
  base::Status row(std::span<const Datum> values, std::span<const ResultColumn> columns) override;
  base::Status complete(std::string_view tag) override;
  base::Status empty_query() override;
  base::Status begin_copy_out(CopyFormat format, size_t columns) override;
  base::Status copy_data(std::string_view bytes) override;
  base::Status end_copy_out() override;
  base::Status begin_copy_in(CopyFormat format, size_t columns) override;
  base::Result<std::optional<std::string_view>> next_copy_data() override;
  void notice(const base::Error& notice) override;
  void parameter_changed(std::string_view name, std::string_view value) override;
  void notified(base::SessionId from, std::string_view channel, std::string_view payload) override;

  void error(const base::Error& error);
  std::vector<std::string> take() { return std::exchange(lines_, {}); }
  void set_style(const OutputStyle& style) { style_ = &style; }

 private:
  void report(char kind, const base::Error& error);
  std::vector<std::string> lines_;
  const OutputStyle* style_ = nullptr;
};

/// This thread as a task that knows how deep its stack may go.
class TestTask final : public base::Task {
 public:
  TestTask();

 protected:
  void suspend_until(base::SteadyTime deadline) override;
  void resume() override;
  void yield() override {}

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  bool resumed_ = false;
};

/// A session of a superuser with everything it needs, on this thread.
class TestSession {
 public:
  TestSession();
  /// Of the same server.
  explicit TestSession(TestSession& other, const std::string& database = "postgres");

  /// What a simple query answers, without the ReadyForQuery line.
  std::vector<std::string> query(std::string_view text);
  /// The values of the first column of a query, or its error, joined by ", ".
  std::string value(std::string_view text);
  Session& session() { return *session_; }
  LineSink& sink() { return sink_; }
  TestTask& task() { return task_; }
  Instance& instance() { return *instance_; }

 private:
  std::shared_ptr<ServerSettings> settings_;
  std::shared_ptr<TestStore> store_;
  std::shared_ptr<Instance> instance_;
  TestTask task_;
  LineSink sink_;
  std::unique_ptr<Session> session_;
};

}  // namespace isolde::sql
