#include "tests/unit/sql/test_session.hpp"

#include <gtest/gtest.h>

#include "sql/types/domain_type.hpp"
#include "sql/types/type.hpp"

namespace isolde::sql {

namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '|') {
      out += "\\|";
    } else {
      out += c;
    }
  }
  return out;
}

/// With what the recorded server had in its configuration file.
std::shared_ptr<ServerSettings> server_settings() {
  auto settings = std::make_shared<ServerSettings>();
  EXPECT_TRUE(settings->set_default("TimeZone", "Etc/UTC"));
  return settings;
}

std::shared_ptr<Instance> started_instance(ServerSettings& settings, storage::Store& store) {
  auto instance = std::make_shared<Instance>(settings, store);
  base::Status started = instance->start();
  EXPECT_TRUE(started) << started.error().message();
  return instance;
}

/// As clients see it: a domain's base type. The numbers of types that were made by statements are
/// no news.
std::string shown_type(const Type& type) {
  uint32_t oid = base_of(type).oid.value;
  return oid < 16384 ? std::to_string(oid) : "new";
}

}  // namespace

base::Status LineSink::columns(std::span<const ResultColumn> columns) {
  std::string line = "T: ";
  for (size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) line += '|';
    line += escaped(columns[i].name) + ":" + shown_type(*columns[i].type);
    if (columns[i].typmod != -1) line += "(" + std::to_string(columns[i].typmod) + ")";
  }
  lines_.push_back(line);
  return {};
}

base::Status LineSink::row(std::span<const Datum> values, std::span<const ResultColumn> columns) {
  std::string line = "D: ";
  for (size_t i = 0; i < values.size(); ++i) {
    if (i > 0) line += '|';
    if (values[i].is_null()) {
      line += "\\N";
      continue;
    }
    std::string text;
    columns[i].type->to_text(values[i], text, *style_);
    line += escaped(text);
  }
  lines_.push_back(line);
  return {};
}

base::Status LineSink::complete(std::string_view tag) {
  lines_.push_back("C: " + std::string(tag));
  return {};
}

base::Status LineSink::empty_query() {
  lines_.emplace_back("I:");
  return {};
}

base::Status LineSink::begin_copy_out(CopyFormat format, size_t) {
  lines_.push_back(format == CopyFormat::kBinary ? "H: 1" : "H: 0");
  return {};
}

base::Status LineSink::copy_data(std::string_view bytes) {
  lines_.push_back("d: " + escaped(bytes));
  return {};
}

base::Status LineSink::end_copy_out() {
  lines_.emplace_back("c:");
  return {};
}

base::Status LineSink::begin_copy_in(CopyFormat, size_t) {
  return {};
}

base::Result<std::optional<std::string_view>> LineSink::next_copy_data() {
  return std::optional<std::string_view>();
}

void LineSink::report(char kind, const base::Error& error) {
  const auto& fields = error.fields();
  std::string line = std::string(1, kind) + ": " +
                     std::string(base::severity_name(fields.severity)) + "|" +
                     std::string(fields.state.code()) + "|" + escaped(fields.message) + "|";
  if (fields.position > 0) line += std::to_string(fields.position);
  if (!fields.detail.empty()) line += "|D=" + escaped(fields.detail);
  if (!fields.hint.empty()) line += "|H=" + escaped(fields.hint);
  lines_.push_back(line);
}

void LineSink::notice(const base::Error& notice) {
  report('N', notice);
}
void LineSink::error(const base::Error& error) {
  report('E', error);
}
void LineSink::notified(base::SessionId, std::string_view channel, std::string_view payload) {
  lines_.push_back("A: " + escaped(channel) + "|" + escaped(payload));
}
void LineSink::parameter_changed(std::string_view name, std::string_view value) {
  lines_.push_back("S: " + escaped(name) + "|" + escaped(value));
}

TestTask::TestTask() {
  constexpr uintptr_t kDepth = uintptr_t{4} << 20;
  auto here = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  set_stack(reinterpret_cast<const char*>(here - kDepth), reinterpret_cast<const char*>(here));
}

void TestTask::suspend_until(base::SteadyTime deadline) {
  std::unique_lock lock(mutex_);
  auto resumed = [this] { return resumed_; };
  if (deadline == base::kNever) {
    wake_.wait(lock, resumed);
  } else {
    wake_.wait_until(lock, deadline, resumed);
  }
  resumed_ = false;
}

void TestTask::resume() {
  {
    std::lock_guard lock(mutex_);
    resumed_ = true;
  }
  wake_.notify_one();
}

namespace {

/// Sessions of one server have different numbers: 77, 78, and so on.
base::SessionId next_id(bool first) {
  static int last = 77;
  last = first ? 77 : last + 1;
  return base::SessionId{last};
}

}  // namespace

TestSession::TestSession()
    : settings_(server_settings()),
      store_(std::make_shared<TestStore>()),
      instance_(started_instance(*settings_, store_->store())),
      session_(std::make_unique<Session>(
          *instance_, *instance_->database("postgres"),
          Session::Identity{next_id(true), "postgres", "postgres", "", -1, true}, task_, sink_)) {
  sink_.set_style(session_->output_style());
  session_->all_reported_settings();
}

TestSession::TestSession(TestSession& other, const std::string& database)
    : settings_(other.settings_),
      store_(other.store_),
      instance_(other.instance_),
      session_(std::make_unique<Session>(
          *instance_, *instance_->database(database),
          Session::Identity{next_id(false), "postgres", database, "", -1, true}, task_, sink_)) {
  sink_.set_style(session_->output_style());
  session_->all_reported_settings();
}

std::vector<std::string> TestSession::query(std::string_view text) {
  base::Status status = session_->query(text, sink_);
  if (!status) sink_.error(status.error());
  return sink_.take();
}

std::string TestSession::value(std::string_view text) {
  std::string all;
  for (const std::string& line : query(text)) {
    if (line.starts_with("D: ")) all += (all.empty() ? "" : ", ") + line.substr(3);
    if (line.starts_with("E: ")) all += line;
  }
  return all;
}

}  // namespace isolde::sql
