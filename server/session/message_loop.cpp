#include "server/session/message_loop.hpp"

#include <vector>

#include "server/session/report.hpp"
#include "sql/settings/session_settings.hpp"

namespace isolde::server {

namespace {

wire::TransactionStatus wire_status(sql::TransactionStatus status) {
  switch (status) {
    case sql::TransactionStatus::kIdle:
      return wire::TransactionStatus::kIdle;
    case sql::TransactionStatus::kInBlock:
      return wire::TransactionStatus::kInTransaction;
    case sql::TransactionStatus::kFailed:
      return wire::TransactionStatus::kFailed;
  }
  return wire::TransactionStatus::kIdle;
}

ActivityState idle_state(sql::TransactionStatus status) {
  switch (status) {
    case sql::TransactionStatus::kIdle:
      return ActivityState::kIdle;
    case sql::TransactionStatus::kInBlock:
      return ActivityState::kIdleInTransaction;
    case sql::TransactionStatus::kFailed:
      return ActivityState::kIdleInFailedTransaction;
  }
  return ActivityState::kIdle;
}

base::SteadyTime after_ms(int32_t milliseconds) {
  if (milliseconds <= 0) return base::kNever;
  return base::steady_now() + std::chrono::milliseconds(milliseconds);
}

}  // namespace

MessageLoop::MessageLoop(sql::Session& session, Backend& backend, MessageReader& reader,
                         ClientChannel& channel)
    : session_(session),
      backend_(backend),
      task_(*backend.task),
      reader_(reader),
      channel_(channel),
      sink_(channel, reader, session) {}

base::Status MessageLoop::run() {
  base::Status ready = say_ready();
  while (ready) {
    auto frame = wait_for_message();
    if (!frame) return frame.take_error();
    if (!frame->has_value()) return {};
    base::Result<Next> next = handle(**frame);
    if (!next) return next.take_error();
    if (*next == Next::kLeave) return {};
  }
  return ready;
}

base::Status MessageLoop::say_ready() {
  sql::TransactionStatus status = session_.transaction_status();
  session_.deliver_notifications();
  channel_.writer().ready_for_query(wire_status(status));
  backend_.activity.end_query(idle_state(status));
  active_ = false;
  backend_.task->trim_stack();
  return channel_.flush();
}

base::Result<std::optional<wire::Frame>> MessageLoop::wait_for_message() {
  if (!active_) arm_idle_timeouts();
  auto frame = reader_.next(wire::kFrontendLimits, Transport::ReadFor::kCommand);
  task_.set_timeout(base::Interrupt::kIdleInTransaction, base::kNever);
  task_.set_timeout(base::Interrupt::kIdleSession, base::kNever);
  return frame;
}

void MessageLoop::arm_idle_timeouts() {
  const sql::SettingFields& settings = session_.settings().fields();
  if (session_.in_transaction_block()) {
    task_.set_timeout(base::Interrupt::kIdleInTransaction,
                      after_ms(settings.idle_in_transaction_session_timeout));
  } else {
    task_.set_timeout(base::Interrupt::kIdleSession, after_ms(settings.idle_session_timeout));
  }
}

base::Result<MessageLoop::Next> MessageLoop::handle(const wire::Frame& frame) {
  if (frame.type == wire::Terminate::kType) return Next::kLeave;
  if (skipping_ && frame.type != wire::Sync::kType) return Next::kGoOn;
  bool ends_batch = frame.type == wire::Query::kType || frame.type == wire::Sync::kType ||
                    frame.type == wire::FunctionCall::kType;
  if (!active_) session_.follow_server_settings();
  base::Status done = answer(frame);
  if (!done) {
    if (done.error().ends_session()) return done.take_error();
    done = report(done.error(), !ends_batch);
  }
  reader_.release_kept();
  if (done && ends_batch) done = say_ready();
  if (!done) return done.take_error();
  return Next::kGoOn;
}

base::Status MessageLoop::answer(const wire::Frame& frame) {
  switch (frame.type) {
    case wire::Query::kType:
      return on_query(frame.body);
    case wire::Parse::kType:
      return on_parse(frame.body);
    case wire::Bind::kType:
      return on_bind(frame.body);
    case wire::Describe::kType:
      return on_describe(frame.body);
    case wire::Execute::kType:
      return on_execute(frame.body);
    case wire::Close::kType:
      return on_close(frame.body);
    case wire::Sync::kType:
      return on_sync(frame.body);
    case wire::Flush::kType:
      return on_flush(frame.body);
    case wire::FunctionCall::kType:
      return on_function_call(frame.body);
    default:
      return {};  // COPY data, see invariant 4
  }
}

/// The session goes on after this error, but for the rest of its batch.
base::Status MessageLoop::report(const base::Error& error, bool until_sync) {
  session_.fail();
  skipping_ = until_sync;
  append_error(error, channel_.buffer());
  return channel_.flush();
}

base::Status MessageLoop::on_query(std::string_view body) {
  auto query = wire::decode_query(body);
  if (!query) return to_error(query.error());
  active_ = true;
  backend_.activity.begin_query(query->text);
  sink_.use_formats({});
  return session_.query(query->text, sink_);
}

base::Status MessageLoop::on_parse(std::string_view body) {
  active_ = true;
  auto parse = wire::decode_parse(body);
  if (!parse) return to_error(parse.error());
  backend_.activity.begin_query(parse->query);
  std::vector<base::Oid> types;
  types.reserve(parse->parameter_types.size());
  for (wire::Oid type : parse->parameter_types) types.emplace_back(type);
  base::Status parsed = session_.parse(parse->statement, parse->query, types);
  if (parsed) channel_.writer().parse_complete();
  return parsed;
}

void MessageLoop::BindLists::load(const wire::Bind& bind) {
  auto number = [](wire::Format format) { return static_cast<int16_t>(format); };
  parameter_formats.clear();
  parameters.clear();
  result_formats.clear();
  for (wire::Format format : bind.parameter_formats) parameter_formats.push_back(number(format));
  for (wire::Value value : bind.parameters) parameters.push_back(value);
  for (wire::Format format : bind.result_formats) result_formats.push_back(number(format));
}

base::Status MessageLoop::on_bind(std::string_view body) {
  active_ = true;
  auto bind = wire::decode_bind(body);
  if (!bind) return to_error(bind.error());
  bind_lists_.load(*bind);
  base::Status bound = session_.bind({.portal = bind->portal,
                                      .statement = bind->statement,
                                      .parameter_formats = bind_lists_.parameter_formats,
                                      .parameters = bind_lists_.parameters,
                                      .result_formats = bind_lists_.result_formats});
  if (bound) channel_.writer().bind_complete();
  return bound;
}

base::Status MessageLoop::on_describe(std::string_view body) {
  active_ = true;
  auto describe = wire::decode_describe(body);
  if (!describe) return to_error(describe.error());
  std::optional<std::span<const sql::ResultColumn>> columns;
  std::span<const int16_t> formats;
  if (describe->target == wire::Target::kStatement) {
    auto shape = session_.describe_statement(describe->name);
    if (!shape) return shape.take_error();
    std::vector<wire::Oid> types;
    for (base::Oid type : shape->parameters) types.push_back(type.value);
    channel_.writer().parameter_description(types);
    columns = shape->columns;
  } else {
    auto shape = session_.describe_portal(describe->name);
    if (!shape) return shape.take_error();
    columns = shape->columns;
    formats = shape->formats;
  }
  if (columns) {
    append_row_description(*columns, formats, channel_);
  } else {
    channel_.writer().no_data();
  }
  return {};
}

base::Status MessageLoop::on_execute(std::string_view body) {
  active_ = true;
  auto execute = wire::decode_execute(body);
  if (!execute) return to_error(execute.error());
  auto portal = session_.describe_portal(execute->portal);
  if (!portal) return portal.take_error();
  backend_.activity.begin_query(portal->query);
  sink_.use_formats(portal->formats);
  auto outcome = session_.execute(execute->portal, execute->max_rows, sink_);
  if (!outcome) return outcome.take_error();
  switch (*outcome) {
    case sql::Session::Outcome::kComplete:
      break;
    case sql::Session::Outcome::kSuspended:
      channel_.writer().portal_suspended();
      break;
    case sql::Session::Outcome::kEmpty:
      channel_.writer().empty_query_response();
      break;
  }
  return {};
}

base::Status MessageLoop::on_close(std::string_view body) {
  active_ = true;
  auto close = wire::decode_close(body);
  if (!close) return to_error(close.error());
  if (close->target == wire::Target::kStatement) {
    session_.close_statement(close->name);
  } else {
    session_.close_portal(close->name);
  }
  channel_.writer().close_complete();
  return {};
}

base::Status MessageLoop::on_flush(std::string_view body) {
  auto flush = wire::decode_flush(body);
  if (!flush) return to_error(flush.error());
  return channel_.flush();
}

base::Status MessageLoop::on_sync(std::string_view body) {
  skipping_ = false;
  auto sync = wire::decode_sync(body);
  if (!sync) return to_error(sync.error());
  return session_.sync();
}

/// The fast-path call of protocol 2 days. Only large objects ever needed it.
base::Status MessageLoop::on_function_call(std::string_view body) {
  auto call = wire::decode_function_call(body);
  if (!call) return to_error(call.error());
  return base::Error(base::sqlstate::kFeatureNotSupported,
                     "fastpath function calls are not supported")
      .hint("Call the function in a SELECT.");
}

}  // namespace isolde::server
