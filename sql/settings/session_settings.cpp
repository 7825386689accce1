#include "sql/settings/session_settings.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "sql/settings/setting_text.hpp"
#include "sql/settings/text_case.hpp"

namespace isolde::sql {

namespace {

/// RESET ALL leaves alone what a client cannot change by SET.
bool is_settable(const SettingDefinition& d) {
  return d.context == SettingContext::kUser || d.context == SettingContext::kSuperuser;
}

}  // namespace

SessionSettings::SessionSettings(std::shared_ptr<const SettingsSnapshot> server,
                                 SettingsListener* listener)
    : server_(std::move(server)), listener_(listener), fields_(server_->fields()) {}

// --- looking up ---------------------------------------------------------------------------------

const SettingDefinition* SessionSettings::find(std::string_view name) const {
  if (const SettingDefinition* known = SettingsRegistry::instance().find(name)) return known;
  for (const auto& custom : custom_) {
    if (equal_ignoring_case(custom->name, name)) return &custom->definition;
  }
  return server_->find(name);
}

base::Result<const SettingDefinition*> SessionSettings::find_or_make(std::string_view name) {
  if (const SettingDefinition* found = find(name)) return found;
  if (auto status = check_custom_name(name); !status) return status.take_error();
  custom_.push_back(std::make_unique<CustomSetting>(name));
  return &custom_.back()->definition;
}

const SessionSettings::Own* SessionSettings::find_own(const SettingDefinition& definition) const {
  for (const Own& own : own_) {
    if (own.definition == &definition) return &own;
  }
  return nullptr;
}

SourcedValue SessionSettings::server_value(const SettingDefinition& d) const {
  bool made_here =
      std::ranges::any_of(custom_, [&](const auto& custom) { return &custom->definition == &d; });
  if (made_here) return {std::string(), SettingSource::kDefault};
  const ServerValue& value = server_->at(d);
  return {value.value, value.source};
}

/// Made on the first touch, a copy of the server's value.
SessionSettings::Own& SessionSettings::own(const SettingDefinition& definition) {
  if (const Own* found = find_own(definition)) return const_cast<Own&>(*found);
  SourcedValue value = server_value(definition);
  own_.push_back({&definition, value, value, {}});
  return own_.back();
}

/// What says the same as the server's value and has nothing to undo need not be kept.
void SessionSettings::drop_if_idle(size_t position) {
  const Own& own = own_[position];
  if (!own.stack.empty()) return;
  SourcedValue server = server_value(*own.definition);
  auto same = [&](const SourcedValue& v) {
    return v.source == server.source &&
           (own.definition->has(setting_flag::kLiveField) || v.value == server.value);
  };
  if (same(own.current) && same(own.reset)) own_.erase(own_.begin() + static_cast<long>(position));
}

SettingValue SessionSettings::value(const SettingDefinition& definition) const {
  if (definition.has(setting_flag::kLiveField)) return definition.read(fields_);
  if (const Own* found = find_own(definition)) return found->current.value;
  return server_value(definition).value;
}

const std::string& SessionSettings::text(const SettingDefinition& definition) const {
  static const std::string kEmpty;
  if (const Own* found = find_own(definition)) return std::get<std::string>(found->current.value);
  if (definition.has(setting_flag::kCustom) && server_->find(definition.name) != &definition)
    return kEmpty;
  return std::get<std::string>(server_->at(definition).value);
}

base::Result<std::string> SessionSettings::show(std::string_view name) const {
  const SettingDefinition* definition = find(name);
  if (definition == nullptr) return unrecognized_setting(name);
  if (auto status = check_readable(*definition, fields_.is_superuser); !status)
    return status.take_error();
  return show(*definition);
}

std::string SessionSettings::show(const SettingDefinition& definition) const {
  if (&definition == known_settings().seed) return "unavailable";
  return show_setting(definition, value(definition));
}

SessionSettings::Origin SessionSettings::origin(const SettingDefinition& definition) const {
  const Own* found = find_own(definition);
  Origin origin{};
  SourcedValue server = server_value(definition);
  origin.source = found != nullptr ? found->current.source : server.source;
  origin.reset_value = found != nullptr ? found->reset.value : server.value;
  if (server_->find(definition.name) != &definition) return origin;
  const ServerValue& at = server_->at(definition);
  origin.pending_restart = at.pending_restart;
  if (origin.source == SettingSource::kFile) {
    origin.file = at.file;
    origin.line = at.line;
  }
  return origin;
}

// --- changing -----------------------------------------------------------------------------------

base::Status SessionSettings::set(std::string_view name, std::string_view value, const SetBy& by) {
  auto definition = find_or_make(name);
  if (!definition) return definition.take_error();
  if (auto status = check_access(**definition, by, name); !status) return status;
  return set_to(**definition, name, value, by);
}

base::Status SessionSettings::override_value(std::string_view name, std::string_view value) {
  return set_to(SettingsRegistry::instance().get(name), name, value,
                {SettingContext::kInternal, SettingSource::kOverride});
}

base::Result<SettingValue> SessionSettings::parse(const SettingDefinition& d, std::string_view name,
                                                  std::string_view text) const {
  std::string reset;
  if (d.type == SettingType::kString) reset = std::get<std::string>(origin(d).reset_value);
  return parse_setting(d, text, {fields_, reset, name});
}

base::Status SessionSettings::set_to(const SettingDefinition& d, std::string_view name,
                                     std::string_view text, const SetBy& by) {
  auto value = parse(d, name, text);
  if (!value) return value.take_error();
  if (listener_ != nullptr) {
    if (auto status = listener_->check_setting(d, *value, by); !status) return status;
  }
  Own& mine = own(d);
  if (by.source <= SettingSource::kOverride) {
    set_default(mine, {std::move(*value), by.source});
    return {};
  }
  mine.stack.push(level_, by.action, {this->value(d), mine.current.source});
  put(mine, {std::move(*value), by.source});
  return {};
}

/// A value from a source that RESET goes back to. It does not displace one of a stronger source.
void SessionSettings::set_default(Own& mine, const SourcedValue& value) {
  if (mine.reset.source <= value.source) mine.reset = value;
  mine.stack.replace_default(value);
  if (mine.current.source <= value.source) put(mine, value);
}

base::Status SessionSettings::reset(std::string_view name, const SetBy& by) {
  auto definition = find_or_make(name);
  if (!definition) return definition.take_error();
  const SettingDefinition& d = **definition;
  if (auto status = check_access(d, by, name); !status) return status;
  Own& mine = own(d);
  if (listener_ != nullptr) {
    if (auto status = listener_->check_setting(d, mine.reset.value, by); !status) return status;
  }
  mine.stack.push(level_, by.action, {value(d), mine.current.source});
  auto position = static_cast<size_t>(&mine - own_.data());
  put(mine, SourcedValue(mine.reset));
  drop_if_idle(position);
  return {};
}

void SessionSettings::reset_all() {
  for (size_t i = own_.size(); i-- > 0;) {
    Own& mine = own_[i];
    const SettingDefinition& d = *mine.definition;
    if (!is_settable(d) || d.has(setting_flag::kNoResetAll)) continue;
    if (mine.current.source <= SettingSource::kOverride) continue;
    mine.stack.push(level_, SetAction::kSet, mine.current);
    put(mine, SourcedValue(mine.reset));
    drop_if_idle(i);
  }
}

void SessionSettings::set_transaction_modes(IsolationLevel isolation, bool read_only,
                                            bool deferrable) {
  fields_.transaction_isolation = isolation;
  fields_.transaction_read_only = read_only;
  fields_.transaction_deferrable = deferrable;
}

void SessionSettings::end_level(int level, bool commit) {
  ISOLDE_ASSERT(level >= 1 && level <= level_, "a level ends that was never begun");
  for (size_t i = own_.size(); i-- > 0;) {
    Own& mine = own_[i];
    if (mine.stack.empty()) continue;
    SourcedValue next{value(*mine.definition), mine.current.source};
    bool restored = false;
    while (mine.stack.end(level, commit, next, restored)) {
    }
    if (restored || next.source != mine.current.source) put(mine, std::move(next));
    drop_if_idle(i);
  }
  level_ = level - 1;
}

void SessionSettings::put(Own& mine, SourcedValue next) {
  SettingValue before = value(*mine.definition);
  mine.current = std::move(next);
  if (before == mine.current.value) return;
  // Copied, because the listener may set other settings and so move `mine`.
  SettingValue now = mine.current.value;
  changed(*mine.definition, before, now);
}

void SessionSettings::changed(const SettingDefinition& d, const SettingValue& before,
                              const SettingValue& now) {
  ++generation_;
  if (d.assign != nullptr) d.assign(fields_, now);
  if (d.has(setting_flag::kReport)) note_for_report(d, before);
  if (listener_ != nullptr) listener_->setting_changed(d, now);
}

// --- reports ------------------------------------------------------------------------------------

void SessionSettings::note_for_report(const SettingDefinition& d, const SettingValue& before) {
  auto noted = [&](const auto& entry) { return entry.first == &d; };
  if (std::ranges::none_of(unreported_, noted))
    unreported_.emplace_back(&d, show_setting(d, before));
}

std::vector<SessionSettings::Report> SessionSettings::all_reports() {
  unreported_.clear();
  std::vector<Report> reports;
  for (const SettingDefinition& d : SettingsRegistry::instance().all()) {
    if (d.has(setting_flag::kReport)) reports.emplace_back(d.name, show(d));
  }
  return reports;
}

std::vector<SessionSettings::Report> SessionSettings::take_reports() {
  std::vector<Report> reports;
  for (const auto& [definition, told] : unreported_) {
    std::string now = show(*definition);
    if (now != told) reports.emplace_back(definition->name, std::move(now));
  }
  unreported_.clear();
  return reports;
}

// --- reload -------------------------------------------------------------------------------------

void SessionSettings::adopt(std::shared_ptr<const SettingsSnapshot> server) {
  auto before = std::exchange(server_, std::move(server));
  for (const SettingDefinition& d : SettingsRegistry::instance().all()) {
    const ServerValue& was = before->at(d);
    const ServerValue& is = server_->at(d);
    if (was.value == is.value && was.source == is.source) continue;
    // Its own copy, made of the old value; what the session set itself stays.
    if (find_own(d) != nullptr) {
      Own& mine = own(d);
      SourcedValue value{is.value, is.source};
      mine.stack.replace_default(value);
      bool follows = mine.current.source <= SettingSource::kCommandLine;
      if (mine.reset.source <= SettingSource::kCommandLine) mine.reset = value;
      if (follows) put(mine, value);
    } else if (was.value != is.value) {
      changed(d, was.value, is.value);
    }
  }
}

}  // namespace isolde::sql
