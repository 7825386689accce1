#include "sql/settings/server_settings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.hpp"
#include "sql/settings/setting_access.hpp"
#include "sql/settings/setting_text.hpp"
#include "sql/settings/text_case.hpp"

namespace isolde::sql {

namespace {

/// The line a complaint is about, for whoever has to mend it.
base::Error with_place(base::Error error, const FileSetting& line) {
  error.fields().context = fmt::format("configuration file \"{}\" line {}", line.file, line.line);
  return error;
}

/// The lines that count: of each name the last, in the order of the file.
std::vector<const FileSetting*> effective_lines(std::span<const FileSetting> lines) {
  std::vector<const FileSetting*> result;
  for (const FileSetting& line : lines) {
    std::erase_if(result, [&](const FileSetting* earlier) {
      return equal_ignoring_case(earlier->name, line.name);
    });
    result.push_back(&line);
  }
  return result;
}

CheckInput check_input(const SettingDefinition& definition, const SettingFields& fields) {
  return {fields, definition.boot_text, {}};
}

}  // namespace

SettingsSnapshot::SettingsSnapshot() {
  for (const SettingDefinition& definition : SettingsRegistry::instance().all()) {
    values_.push_back({.value = definition.boot_value(), .file = {}});
    if (definition.assign != nullptr) definition.assign(fields_, values_.back().value);
  }
}

const ServerValue& SettingsSnapshot::at(const SettingDefinition& definition) const {
  return const_cast<SettingsSnapshot*>(this)->mutable_at(definition);
}

ServerValue& SettingsSnapshot::mutable_at(const SettingDefinition& definition) {
  if (definition.index != SettingDefinition::kNoIndex) return values_[definition.index];
  auto found = std::ranges::find_if(
      custom_, [&](const Custom& custom) { return &custom.setting->definition == &definition; });
  ISOLDE_CHECK(found != custom_.end(), "a definition of another snapshot was asked for");
  return found->value;
}

const SettingDefinition* SettingsSnapshot::find(std::string_view name) const {
  if (const SettingDefinition* known = SettingsRegistry::instance().find(name)) return known;
  for (const Custom& custom : custom_) {
    if (equal_ignoring_case(custom.setting->name, name)) return &custom.setting->definition;
  }
  return nullptr;
}

const SettingDefinition& SettingsSnapshot::add_custom(std::string_view name) {
  auto setting = std::make_shared<CustomSetting>(name);
  custom_.push_back({setting, {.value = std::string(), .file = {}}});
  return setting->definition;
}

void SettingsSnapshot::put(const SettingDefinition& definition, ServerValue value) {
  if (definition.assign != nullptr) definition.assign(fields_, value.value);
  mutable_at(definition) = std::move(value);
}

bool SettingsSnapshot::boolean(std::string_view name) const {
  return std::get<bool>(at(SettingsRegistry::instance().get(name)).value);
}
int32_t SettingsSnapshot::integer(std::string_view name) const {
  return std::get<int32_t>(at(SettingsRegistry::instance().get(name)).value);
}
double SettingsSnapshot::real(std::string_view name) const {
  return std::get<double>(at(SettingsRegistry::instance().get(name)).value);
}
const std::string& SettingsSnapshot::text(std::string_view name) const {
  return std::get<std::string>(at(SettingsRegistry::instance().get(name)).value);
}

std::string_view SettingsSnapshot::label(std::string_view name) const {
  const SettingDefinition& definition = SettingsRegistry::instance().get(name);
  int32_t number = std::get<int32_t>(at(definition).value);
  for (const EnumOption& option : definition.options) {
    if (option.value == number && !option.hidden) return option.label;
  }
  return {};
}

namespace {

base::Result<const SettingDefinition*> find_or_make(SettingsSnapshot& snapshot,
                                                    std::string_view name) {
  if (const SettingDefinition* found = snapshot.find(name)) return found;
  if (auto status = check_custom_name(name); !status) return status.take_error();
  return &snapshot.add_custom(name);
}

/// Brings a copy of the current values in line with a whole configuration file.
class FileApplier {
 public:
  FileApplier(SettingContext context, const SettingsSnapshot& defaults, SettingsSnapshot& target)
      : context_(context), defaults_(defaults), target_(target) {}

  void apply(const std::vector<const FileSetting*>& lines) {
    for (const FileSetting* line : lines) {
      if (auto status = apply_line(*line); !status)
        report.errors.push_back(with_place(status.take_error(), *line));
    }
    for (const SettingDefinition& d : SettingsRegistry::instance().all()) take_back_if_gone(d);
    for (const auto& custom : target_.custom_settings())
      take_back_if_gone(custom.setting->definition);
  }

  ServerSettings::Reload report;

 private:
  bool running() const { return context_ == SettingContext::kSighup; }

  /// While the server runs, a setting that needs a restart is only noted.
  bool needs_restart(const SettingDefinition& d) const {
    return running() && d.context == SettingContext::kPostmaster;
  }

  base::Status apply_line(const FileSetting& line) {
    auto found = find_or_make(target_, line.name);
    if (!found) return found.take_error();
    const SettingDefinition& d = **found;
    mentioned_.push_back(&d);
    if (!needs_restart(d)) {
      if (auto status = check_access(d, {context_, SettingSource::kFile}, line.name); !status)
        return status;
    }
    auto value = parse_setting(d, line.value, check_input(d, target_.fields()));
    if (!value) return value.take_error();
    if (target_.at(d).source > SettingSource::kFile) return {};
    return put(d, {.value = std::move(*value),
                   .source = SettingSource::kFile,
                   .file = line.file,
                   .line = line.line});
  }

  base::Status put(const SettingDefinition& d, ServerValue value) {
    ServerValue& current = target_.mutable_at(d);
    bool same = current.value == value.value;
    if (needs_restart(d)) {
      current.pending_restart = !same;
      if (same) return {};
      return check_access(d, {SettingContext::kSighup, SettingSource::kFile}, d.name);
    }
    if (running() && !same)
      report.changes.push_back(
          fmt::format("parameter \"{}\" changed to \"{}\"", d.name, raw_setting(d, value.value)));
    target_.put(d, std::move(value));
    return {};
  }

  /// The file that once set it no longer mentions this setting.
  void take_back_if_gone(const SettingDefinition& d) {
    if (target_.at(d).source != SettingSource::kFile) return;
    if (std::ranges::find(mentioned_, &d) != mentioned_.end()) return;
    ServerValue value{.value = std::string(), .file = {}};
    if (!d.has(setting_flag::kCustom)) value = defaults_.at(d);
    if (needs_restart(d)) {
      if (auto status = put(d, std::move(value)); !status)
        report.errors.push_back(status.take_error());
      return;
    }
    target_.put(d, std::move(value));
    report.changes.push_back(
        fmt::format("parameter \"{}\" removed from configuration file, reset to default", d.name));
  }

  SettingContext context_;
  const SettingsSnapshot& defaults_;
  SettingsSnapshot& target_;
  std::vector<const SettingDefinition*> mentioned_;
};

}  // namespace

ServerSettings::ServerSettings()
    : defaults_(std::make_shared<SettingsSnapshot>()), current_(defaults_) {}

std::shared_ptr<const SettingsSnapshot> ServerSettings::snapshot() const {
  std::lock_guard lock(mutex_);
  return current_;
}

void ServerSettings::publish(std::shared_ptr<const SettingsSnapshot> next) {
  std::lock_guard lock(mutex_);
  current_ = std::move(next);
  generation_.fetch_add(1, std::memory_order_release);
}

base::Status ServerSettings::set(std::string_view name, std::string_view value, const SetBy& by) {
  auto next = std::make_shared<SettingsSnapshot>(*snapshot());
  auto definition = find_or_make(*next, name);
  if (!definition) return definition.take_error();
  const SettingDefinition& d = **definition;
  if (auto status = check_access(d, by, name); !status) return status;
  auto parsed = parse_setting(d, value, check_input(d, next->fields()));
  if (!parsed) return parsed.take_error();
  if (next->at(d).source <= by.source)
    next->put(d, {.value = std::move(*parsed), .source = by.source, .file = {}});
  publish(std::move(next));
  return {};
}

base::Status ServerSettings::set_command_line(std::string_view name, std::string_view value) {
  std::lock_guard lock(write_mutex_);
  return set(name, value, {SettingContext::kPostmaster, SettingSource::kCommandLine});
}

base::Status ServerSettings::set_default(std::string_view name, std::string_view value) {
  std::lock_guard lock(write_mutex_);
  const SettingDefinition& d = SettingsRegistry::instance().get(name);
  auto parsed = parse_setting(d, value, check_input(d, defaults_->fields()));
  if (!parsed) return parsed.take_error();
  auto defaults = std::make_shared<SettingsSnapshot>(*defaults_);
  defaults->put(
      d, {.value = std::move(*parsed), .source = SettingSource::kDynamicDefault, .file = {}});
  defaults_ = std::move(defaults);
  return set(name, value, {SettingContext::kInternal, SettingSource::kDynamicDefault});
}

std::vector<base::Error> ServerSettings::load(std::span<const FileSetting> lines) {
  return apply_file(lines, SettingContext::kPostmaster).errors;
}

ServerSettings::Reload ServerSettings::reload(std::span<const FileSetting> lines) {
  return apply_file(lines, SettingContext::kSighup);
}

ServerSettings::Reload ServerSettings::apply_file(std::span<const FileSetting> lines,
                                                  SettingContext context) {
  std::lock_guard lock(write_mutex_);
  auto next = std::make_shared<SettingsSnapshot>(*snapshot());
  FileApplier applier(context, *defaults_, *next);
  applier.apply(effective_lines(lines));
  publish(std::move(next));
  return std::move(applier.report);
}

}  // namespace isolde::sql
