#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "server/backends/backends.hpp"
#include "server/session/client_channel.hpp"
#include "server/session/message_reader.hpp"
#include "server/session/wire_sink.hpp"
#include "sql/session/session.hpp"
#include "wire/frontend.hpp"

// The state machine of an open session.
//
//             Query                          Parse, Bind, Describe, Execute, Close
//               |                                        |
//      run every statement                     do it; answer is buffered
//               |                                        |  error
//               v                                        v
//        ReadyForQuery  <------- Sync ------------  skipping: every message but
//               |                                   Sync and Terminate is dropped
//               v
//        flush, wait for the next message
//
// Invariants
//  1. One ReadyForQuery for each Query and each Sync, whatever happened before.
//  2. After an error in the extended protocol nothing is done until Sync, so that a client may send
//  a whole
//     batch without looking at the answers.
//  3. Answers leave the buffer when the session is about to wait (ReadyForQuery), at Flush, after
//  an
//     error, or when the buffer is full: one write for a batch of messages.
//  4. COPY data that comes when no COPY runs any more is dropped: it was on its way when COPY
//  failed.

namespace isolde::server {

class MessageLoop {
 public:
  MessageLoop(sql::Session& session, Backend& backend, MessageReader& reader,
              ClientChannel& channel);

  /// Until the client leaves, or with the error that ends the session.
  base::Status run();

 private:
  enum class Next { kGoOn, kLeave };

  /// The lists of a Bind as sql wants them; kept from message to message for their memory.
  struct BindLists {
    std::vector<int16_t> parameter_formats;
    std::vector<std::optional<std::string_view>> parameters;
    std::vector<int16_t> result_formats;

    void load(const wire::Bind& bind);
  };

  base::Status say_ready();
  base::Result<std::optional<wire::Frame>> wait_for_message();
  void arm_idle_timeouts();
  base::Result<Next> handle(const wire::Frame& frame);
  base::Status answer(const wire::Frame& frame);
  base::Status report(const base::Error& error, bool until_sync);

  base::Status on_query(std::string_view body);
  base::Status on_parse(std::string_view body);
  base::Status on_bind(std::string_view body);
  base::Status on_describe(std::string_view body);
  base::Status on_execute(std::string_view body);
  base::Status on_close(std::string_view body);
  base::Status on_flush(std::string_view body);
  base::Status on_sync(std::string_view body);
  base::Status on_function_call(std::string_view body);

  sql::Session& session_;
  Backend& backend_;
  base::Task& task_;
  MessageReader& reader_;
  ClientChannel& channel_;
  WireSink sink_;
  BindLists bind_lists_;
  bool active_ = false;    ///< a statement or a batch is under way: not idle in pg_stat_activity
  bool skipping_ = false;  ///< dropping everything until Sync
};

}  // namespace isolde::server
