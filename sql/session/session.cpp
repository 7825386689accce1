#include "sql/session/session.hpp"

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

#include "sql/session/copy_reader.hpp"
#include "sql/session/session_impl.hpp"
#include "sql/settings/text_case.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/time_zone.hpp"

namespace isolde::sql {

// --- the boundary

base::Error Session::Impl::place(base::Error error) const {
  if (error.fields().position < 0) {  // asked to stay without
    error.fields().position = 0;
    return error;
  }
  if (error.fields().position == 0 && running_ != nullptr && running_->error_location() >= 0) {
    error.fields().position = character_position(running_text_, running_->error_location());
  }
  if (error.fields().position == 0 && bind_location_ >= 0) {
    error.fields().position = character_position(running_text_, bind_location_);
  }
  error.fields().position = client_position(error.fields().position);
  return error;
}

/// The types' input functions do not know which parameter of a Bind they read.
void Session::Impl::name_parameter(base::Error& error) {
  ReadingParameter reading = std::exchange(reading_parameter_, {});
  if (reading.number == 0) return;
  std::string number = std::to_string(reading.number);
  if (error.state() == base::sqlstate::kInvalidBinaryRepresentation) {
    error.fields().message += " " + number;
  }
  std::string portal =
      reading.portal.empty() ? "unnamed portal" : "portal \"" + std::string(reading.portal) + "\"";
  error.fields().context = portal + " parameter $" + number + (reading.text ? " = '...'" : "");
}

template <typename F>
base::Status Session::Impl::guarded(F&& call) {
  std::optional<base::Error> error;
  try {
    call();
  } catch (const base::SqlException& e) {
    error = e.error();
  } catch (const std::bad_alloc&) {
    error = base::Error(base::sqlstate::kOutOfMemory, "out of memory");
  } catch (const std::exception& e) {
    error = base::Error(base::sqlstate::kInternalError, e.what());
  }
  // Out of the handler: what follows may suspend the session.
  if (timeout_armed_) {
    task_.set_timeout(base::Interrupt::kStatementTimeout, base::kNever);
    timeout_armed_ = false;
  }
  if (!error) return {};
  base::Error placed = place(std::move(*error));
  if (copying_ != nullptr && placed.fields().context.empty()) {
    placed.fields().context = copying_->context(placed.state() != base::sqlstate::kUniqueViolation);
  }
  name_parameter(placed);
  if (placed.state().code().starts_with("40")) {
    note_conflict({placed, std::string(running_text_), base::wall_now()});
  }
  running_ = nullptr;
  bind_location_ = -1;
  active_.reset();
  copying_.reset();
  transactions_.on_error();
  return placed;
}

Session::Session(Instance& instance, std::shared_ptr<Database> database, Identity identity,
                 base::Task& task, ClientMessages& client)
    : impl_(std::make_unique<Impl>(instance, std::move(database), std::move(identity), task,
                                   client)) {}

Session::~Session() = default;

base::Status Session::set_startup_parameter(std::string_view name, std::string_view value) {
  SetBy by{
      impl_->identity_.superuser ? SettingContext::kSuperuserBackend : SettingContext::kBackend,
      SettingSource::kClient, SetAction::kSet};
  return impl_->settings_.set(name, value, by);
}

std::vector<std::pair<std::string_view, std::string>> Session::all_reported_settings() {
  return impl_->settings_.all_reports();
}

void Session::deliver_notifications() {
  impl_->deliver_notifications();
}

void Session::follow_server_settings() {
  uint64_t generation = impl_->instance_.settings().generation();
  if (std::exchange(impl_->server_generation_, generation) == generation) return;
  impl_->settings_.adopt(impl_->instance_.settings().snapshot());
  impl_->report_changes();
}

const OutputStyle& Session::output_style() const {
  impl_->refresh_style();
  return impl_->style_;
}

const SessionSettings& Session::settings() const {
  return impl_->settings_;
}

base::Status Session::query(std::string_view text, ResultSink& sink) {
  base::Status status = impl_->guarded([&] { impl_->query(text, sink); });
  impl_->report_changes();
  return status;
}

base::Status Session::parse(std::string_view name, std::string_view text,
                            std::span<const base::Oid> parameter_types) {
  return impl_->guarded([&] { impl_->parse(name, text, parameter_types); });
}

base::Status Session::bind(const BindRequest& request) {
  return impl_->guarded([&] { impl_->bind(request); });
}

base::Result<Session::Outcome> Session::execute(std::string_view portal, int64_t max_rows,
                                                ResultSink& sink) {
  Outcome outcome = Outcome::kComplete;
  base::Status status = impl_->guarded([&] { outcome = impl_->execute(portal, max_rows, sink); });
  if (!status) return status.take_error();
  return outcome;
}

base::Result<Session::StatementShape> Session::describe_statement(std::string_view name) {
  StatementShape shape;
  base::Status status = impl_->guarded([&] {
    const PreparedStatement& prepared = impl_->prepared(name);
    if (prepared.returns_rows && impl_->transactions_.failed()) impl_->refuse_failed();
    bool query = prepared.statement != nullptr && prepared.statement->plan() != nullptr;
    shape.parameters =
        query ? prepared.statement->parameters() : std::span<const base::Oid>(prepared.parameters);
    if (prepared.returns_rows) shape.columns = prepared.columns;
  });
  if (!status) return status.take_error();
  return shape;
}

base::Result<Session::PortalShape> Session::describe_portal(std::string_view name) {
  PortalShape shape;
  base::Status status = impl_->guarded([&] {
    const Portal& portal = impl_->portal(name);
    bool rows = portal.cursor || portal.source->returns_rows;
    if (rows && impl_->transactions_.failed()) impl_->refuse_failed();
    if (portal.cursor) {
      shape.columns = portal.columns;
    } else if (portal.source->returns_rows) {
      shape.columns = portal.source->columns;
    }
    shape.formats = portal.result_formats;
    shape.query = portal.text;
  });
  if (!status) return status.take_error();
  return shape;
}

void Session::close_statement(std::string_view name) {
  if (name.empty()) {
    impl_->unnamed_.reset();
  } else {
    impl_->prepared_.erase(std::string(name));
  }
}

void Session::close_portal(std::string_view name) {
  impl_->drop_portal(name);
}

base::Status Session::sync() {
  base::Status status = impl_->guarded([&] {
    impl_->hold_cursors();
    impl_->transactions_.end_implicit();
  });
  impl_->pipelining_ = false;
  impl_->report_changes();
  return status;
}

void Session::fail() {
  impl_->transactions_.on_error();
}

TableChanges& table_changes_of(SessionServices& session) {
  return static_cast<Session::Impl&>(session).table_changes();
}

TransactionStatus Session::transaction_status() const {
  return impl_->transactions_.status();
}

std::optional<base::Timestamp> Session::transaction_start() const {
  if (!impl_->transactions_.open()) return std::nullopt;
  return impl_->transactions_.started();
}

// --- the session as its functions and views see it

Session::Impl::Impl(Instance& instance, DatabasePtr database, Identity identity, base::Task& task,
                    ClientMessages& client)
    : instance_(instance),
      identity_(std::move(identity)),
      task_(task),
      client_(client),
      settings_(instance.settings().snapshot(), this),
      driver_(instance, settings_, task, identity_.id, std::move(database)),
      transactions_(
          settings_, driver_,
          [this](base::SqlState state, std::string message) {
            notice(base::Error(state, std::move(message)).severity(base::Severity::kWarning));
          }),
      told_(task) {
  driver_.before_commit = [this] { before_commit(); };
  transactions_.on_end = [this](bool committed, size_t level) {
    end_portals(committed, level);
    settle_notifications(committed, level);
  };
  // Names and values that the server itself gives cannot be refused.
  static_cast<void>(settings_.override_value("is_superuser", identity_.superuser ? "on" : "off"));
  authorization_ = identity_.user;
  static_cast<void>(settings_.override_value("session_authorization", identity_.user));
  const std::string_view engine = driver_.database().engine().traits().name;
  static_cast<void>(settings_.override_value("concurrency", std::string(engine)));
  statement_start_ = base::wall_now();
  apply_kept_settings();
}

Session::Impl::~Impl() {
  // Nobody is left to hear of an error; the schema's name is not used again.
  transactions_.on_error();
  if (transactions_.in_block()) transactions_.roll_back(false);
  if (temporary_schema() != base::Oid{}) static_cast<void>(guarded([this] { drop_temporary(); }));
  portals_.clear();
  unnamed_portal_.reset();
  instance_.notifications().unlisten_all(told_);
}

namespace {

/// Where a message stands in the order of client_min_messages.
MessageLevel level_of(base::Severity severity) {
  switch (severity) {
    case base::Severity::kDebug:
      return MessageLevel::kDebug1;
    case base::Severity::kLog:
      return MessageLevel::kLog;
    case base::Severity::kInfo:
      return MessageLevel::kInfo;
    case base::Severity::kNotice:
      return MessageLevel::kNotice;
    case base::Severity::kWarning:
      return MessageLevel::kWarning;
    case base::Severity::kError:
      return MessageLevel::kError;
    case base::Severity::kFatal:
      return MessageLevel::kFatal;
    case base::Severity::kPanic:
      return MessageLevel::kPanic;
  }
  return MessageLevel::kPanic;
}

}  // namespace

void Session::Impl::notice(const base::Error& notice) {
  bool wanted = notice.severity() == base::Severity::kInfo ||
                level_of(notice.severity()) >= settings_.fields().client_min_messages;
  if (wanted) client_.notice(notice);
}

void Session::Impl::set_setting(std::string_view name, std::string_view value, bool local) {
  SetBy by{acts_as_superuser() ? SettingContext::kSuperuser : SettingContext::kUser,
           SettingSource::kSession, local ? SetAction::kLocal : SetAction::kSet};
  base::value_or_throw(settings_.set(name, value, by));
}

base::Status Session::Impl::check_setting(const SettingDefinition& definition,
                                          const SettingValue& value, const SetBy& by) {
  if (by.source != SettingSource::kSession) return {};
  if (base::Status allowed = check_role(definition, value); !allowed) return allowed;
  if (!transactions_.open()) return {};
  const SettingFields& now = settings_.fields();
  bool inside = transactions_.savepoints() > 0;
  auto refuse = [](std::string message) {
    return base::Error(base::sqlstate::kActiveSqlTransaction, std::move(message));
  };
  if (definition.name == "transaction_isolation" &&
      std::get<int32_t>(value) != static_cast<int32_t>(now.transaction_isolation)) {
    if (transactions_.queried()) {
      return refuse("SET TRANSACTION ISOLATION LEVEL must be called before any query");
    }
    if (inside)
      return refuse("SET TRANSACTION ISOLATION LEVEL must not be called in a subtransaction");
  }
  if (definition.name == "transaction_read_only" && now.transaction_read_only &&
      !std::get<bool>(value)) {
    if (inside) {
      return refuse("cannot set transaction read-write mode inside a read-only transaction");
    }
    if (transactions_.queried()) {
      return refuse("transaction read-write mode must be set before any query");
    }
  }
  if (definition.name == "transaction_deferrable") {
    if (inside) {
      return refuse("SET TRANSACTION [NOT] DEFERRABLE cannot be called within a subtransaction");
    }
    if (transactions_.queried()) {
      return refuse("SET TRANSACTION [NOT] DEFERRABLE must be called before any query");
    }
  }
  return {};
}

void Session::Impl::setting_changed(const SettingDefinition& definition,
                                    const SettingValue& value) {
  role_changed(definition, value);
  style_generation_ = ~uint32_t{0};
}

void Session::Impl::report_changes() {
  bool superuser = acts_as_superuser();
  if (superuser != settings_.fields().is_superuser) {
    static_cast<void>(settings_.override_value("is_superuser", superuser ? "on" : "off"));
  }
  if (!settings_.has_reports()) return;
  auto reports = settings_.take_reports();
  std::sort(reports.begin(), reports.end(),
            [](const auto& x, const auto& y) { return less_ignoring_case(x.first, y.first); });
  for (const auto& [name, value] : reports) {
    client_.parameter_changed(name, value);
  }
}

namespace {

DateFormat format_of(DateStyle style) {
  switch (style) {
    case DateStyle::kPostgres:
      return DateFormat::kPostgres;
    case DateStyle::kIso:
      return DateFormat::kIso;
    case DateStyle::kSql:
      return DateFormat::kSql;
    case DateStyle::kGerman:
      return DateFormat::kGerman;
  }
  return DateFormat::kIso;
}

}  // namespace

void Session::Impl::refresh_style() {
  style_.names = &catalog_names_;
  style_.now = transactions_.started();
  if (style_generation_ == settings_.generation()) return;
  style_generation_ = settings_.generation();
  const SettingFields& fields = settings_.fields();
  style_.date_format = format_of(fields.date_style);
  style_.date_order = fields.date_order;
  style_.time_zone = find_time_zone(base::value_or_throw(settings_.show("TimeZone")));
  style_.interval_style = fields.interval_style;
  style_.bytea_output = fields.bytea_output;
  style_.extra_float_digits = fields.extra_float_digits;
}

std::vector<SessionServices::PreparedRow> Session::Impl::prepared_rows() const {
  std::vector<PreparedRow> rows;
  for (const auto& [name, prepared] : prepared_) {
    auto parameters = prepared->statement != nullptr ? prepared->statement->parameters()
                                                     : std::span<const base::Oid>();
    rows.push_back({name,
                    prepared->text,
                    prepared->prepared,
                    {parameters.begin(), parameters.end()},
                    prepared->from_sql,
                    0,
                    0});
  }
  return rows;
}

std::vector<SessionServices::CursorRow> Session::Impl::cursor_rows() const {
  std::vector<CursorRow> rows;
  for (const auto& [name, portal] : portals_) {
    rows.push_back(
        {name, portal->text, portal->held, portal->binary, portal->scrollable, portal->created});
  }
  return rows;
}

}  // namespace isolde::sql
