#include <atomic>
#include <optional>
#include <thread>

#include "sql/parser/parse.hpp"

namespace isolde::sql {

namespace {

/// Parsing this much takes a few milliseconds.
constexpr size_t kLongText = size_t{64} << 10;

constexpr base::WaitEvent kWaitParser{"IPC", "Parser"};

}  // namespace

/// The parser cannot be asked to give way. So a long text is parsed by a thread of its own, and its
/// session waits for that like for anything else, while the neighbours run.
base::Result<std::shared_ptr<ParsedQuery>> parse_query(std::string_view text, base::Task& task) {
  if (text.size() < kLongText) return parse_query(text);
  std::optional<base::Result<std::shared_ptr<ParsedQuery>>> outcome;
  std::atomic<bool> done = false;
  std::thread parser([&] {
    outcome.emplace(parse_query(text));
    done = true;
    task.signal();
  });
  {
    base::Task::InterruptHold hold(task);  // the thread reads the text: it must not go away
    while (!done) task.wait(kWaitParser);
  }
  parser.join();
  return std::move(*outcome);
}

}  // namespace isolde::sql
