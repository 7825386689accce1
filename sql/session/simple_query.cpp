#include "sql/session/session_impl.hpp"
#include "sql/types/text_types.hpp"

namespace isolde::sql {

namespace {

/// Longer texts are not worth keeping.
constexpr size_t kLongestCached = size_t{32} << 10;

}  // namespace

void Session::Impl::check_text(std::string_view text) {
  check_utf8(text);
}

PlannerSettings Session::Impl::planner_settings() const {
  const SettingFields& fields = settings_.fields();
  PlannerSettings settings;
  settings.hashjoin = fields.enable_hashjoin;
  settings.nestloop = fields.enable_nestloop;
  settings.sort = fields.enable_sort;
  settings.hashagg = fields.enable_hashagg;
  return settings;
}

CachedQueryPtr Session::Impl::look_up(std::string_view text) {
  shape_.clear();
  literals_.clear();
  if (text.size() > kLongestCached) return nullptr;
  append_names_key(shape_);
  shape_ += planner_settings().key();
  shape_of(text, shape_, literals_);
  CachedQueryPtr found = instance_.statements().find(shape_, text, literals_);
  bool stale = found != nullptr && found->statements.size() == 1 && is_stale(*found->statements[0]);
  return stale ? nullptr : found;
}

CachedQueryPtr Session::Impl::make_query(std::string_view text) {
  auto parsed = base::value_or_throw(parse_query(text, task_));
  parsed->set_rewritten(rewritten_);
  auto made = std::make_shared<CachedQuery>();
  std::vector<bool> lifted(literals_.size(), false);
  for (size_t i = 0; i < parsed->size(); ++i) {
    auto statement = std::make_shared<Statement>(parsed, i);
    if (parsed->size() == 1 && statement->is_planned()) {
      refuse_in_failed(*statement);
      begin_statement(*statement);
      Statement::BindOptions options = bind_options();
      options.liftable = literals_;
      statement->prepare(options);
      lifted = statement->lifted(literals_.size());
    }
    made->statements.push_back(std::move(statement));
  }
  if (text.size() <= kLongestCached && !driver_.changed_catalog()) {
    instance_.statements().add(shape_, text, literals_, lifted, made);
  }
  return made;
}

void Session::Impl::query(std::string_view text, ResultSink& sink) {
  unnamed_.reset();
  unnamed_portal_.reset();
  check_text(text);
  text = in_postgres(text);
  running_text_ = text;
  CachedQueryPtr found = look_up(text);
  if (found == nullptr) found = make_query(text);
  const auto& statements = found->statements;
  if (statements.empty()) {
    base::value_or_throw(sink.empty_query());
    return;
  }
  for (size_t i = 0; i < statements.size(); ++i) {
    bool last = i + 1 == statements.size();
    refuse_in_failed(*statements[i]);
    begin_statement(*statements[i]);
    if (statements.size() > 1) transactions_.expect_several(true);
    if (statements.size() > 1) literals_.clear();
    run_statement(statements[i], sink, true);
    if (last) end_statement();
    base::value_or_throw(sink.complete(tag_));
  }
}

}  // namespace isolde::sql
