#include "sql/session/execution.hpp"

#include <charconv>

#include "sql/catalog/database.hpp"
#include "sql/session/session_services.hpp"
#include "sql/types/type_ids.hpp"

namespace isolde::sql {

Execution::Execution(base::Task& task, const OutputStyle& style, SessionServices* services,
                     size_t memory_limit)
    : budget_(memory_limit), arena_(&budget_), context_{task,     style,   services, arena_,
                                                        &budget_, nullptr, nullptr,  -1} {}

Execution::~Execution() = default;

std::span<Datum> Execution::parameters(const Statement& statement) {
  parameters_.assign(statement.parameters().size() + statement.literal_slots().size(), Datum());
  return std::span(parameters_).first(statement.parameters().size());
}

void Execution::start(StatementPtr statement, std::string_view text,
                      std::span<const LiteralToken> literals) {
  statement_ = std::move(statement);
  const Statement& s = *statement_;
  size_t wanted = s.parameters().size() + s.literal_slots().size();
  if (parameters_.size() != wanted) parameters_.resize(wanted);
  context_.location = -1;
  context_.processed = 0;
  context_.outer_count = static_cast<size_t>(s.outer_values());
  if (!s.literal_slots().empty()) read_literals(text, literals);
  context_.parameters = parameters_.data();
  if (s.outer_values() > 0) {
    outer_.assign(static_cast<size_t>(s.outer_values()), Datum());
    context_.outer = outer_.data();
  }
  context_.transaction = nullptr;
  if (!s.relations().empty()) {
    context_.transaction = &context_.services->transaction();
    context_.wants_verdicts =
        context_.services->current_database().engine().traits().wants_verdicts;
  }
  unchecked_ = context_.transaction != nullptr && s.writes();
  done_at_once_ = s.plan()->kind == Plan::Kind::kModify;
  context_.constraints = unchecked_ ? &context_.services->constraints() : nullptr;
  source_ = make_row_source(*s.plan(), context_);
  open_ = false;
}

void Execution::start_inner(StatementPtr statement, bool latest_rows) {
  context_.latest_rows = latest_rows;
  const std::string& text = statement->text();
  start(std::move(statement), text, {});
  unchecked_ = false;
}

void Execution::check_constraints() {
  unchecked_ = false;
  context_.services->check_constraints();
}

void Execution::open() {
  source_->open();
  open_ = true;
}

void Execution::finish() {
  source_.reset();
  statement_.reset();
  arena_.reset();
  context_.timings = nullptr;
}

void Execution::read_literals(std::string_view text, std::span<const LiteralToken> literals) {
  size_t at = statement_->parameters().size();
  for (const LiteralSlot& slot : statement_->literal_slots()) {
    context_.location = slot.lifted < 0
                            ? slot.location
                            : static_cast<int>(literals[static_cast<size_t>(slot.lifted)].begin);
    parameters_[at++] = read_literal(slot, text, literals);
  }
  context_.location = -1;
}

Datum Execution::read_literal(const LiteralSlot& slot, std::string_view text,
                              std::span<const LiteralToken> literals) {
  if (slot.lifted < 0) return slot.type->from_text(slot.text, slot.typmod, arena_, context_.style);
  const LiteralToken& token = literals[static_cast<size_t>(slot.lifted)];
  std::string_view written = text.substr(token.begin, token.end - token.begin);
  if (!token.string) {
    int64_t value = 0;
    bool integer = slot.type->oid == types::kInt4 || slot.type->oid == types::kInt8;
    if (!integer) return slot.type->from_text(written, slot.typmod, arena_, context_.style);
    std::from_chars(written.data(), written.data() + written.size(), value);
    return Datum::of_int(value);
  }
  written = written.substr(1, written.size() - 2);
  if (written.find('\'') != std::string_view::npos) {
    std::string single;
    for (size_t i = 0; i < written.size(); ++i) {
      single += written[i];
      if (written[i] == '\'') ++i;
    }
    written = arena_.copy(single);
  }
  if (slot.type->oid == types::kText) return Datum::of_bytes(written);
  return slot.type->from_text(written, slot.typmod, arena_, context_.style);
}

}  // namespace isolde::sql
