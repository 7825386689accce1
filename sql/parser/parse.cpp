#include "sql/parser/parse.hpp"

#include <pg_query.h>
#include <pg_query/pg_query.pb-c.h>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <vector>

#include "sql/parser/big_stack.hpp"
#include "sql/parser/nesting.hpp"

namespace isolde::sql {

/// Where a tree lives: blocks that are freed together, so that no one walks a deep tree to free it.
struct ParsedQuery::Memory {
  ~Memory() {
    for (void* block : blocks) std::free(block);
  }

  void* allocate(size_t bytes) {
    bytes = (bytes + 15) & ~size_t{15};
    if (bytes > left) {
      if (!add_block(std::max(bytes, next_block))) return nullptr;
      next_block = std::min(next_block * 2, size_t{1} << 20);
    }
    void* at = next;
    next += bytes;
    left -= bytes;
    return at;
  }

  bool add_block(size_t bytes) {
    void* block = std::malloc(bytes);
    if (block == nullptr) return false;
    blocks.push_back(block);
    next = static_cast<char*>(block);
    left = bytes;
    return true;
  }

  std::vector<void*> blocks;
  char* next = nullptr;
  size_t left = 0;
  size_t next_block = 2048;
};

ParsedQuery::ParsedQuery(std::string text, std::unique_ptr<Memory> memory,
                         const PgQuery__ParseResult* tree)
    : text_(std::move(text)), memory_(std::move(memory)), tree_(tree) {}

ParsedQuery::~ParsedQuery() = default;

size_t ParsedQuery::size() const {
  return tree_->n_stmts;
}

const PgQuery__Node* ParsedQuery::statement(size_t i) const {
  return tree_->stmts[i]->stmt;
}

std::string_view ParsedQuery::statement_text(size_t i) const {
  auto begin = static_cast<size_t>(tree_->stmts[i]->stmt_location);
  auto length = static_cast<size_t>(tree_->stmts[i]->stmt_len);
  std::string_view words = std::string_view(text_).substr(begin);
  if (length != 0) words = words.substr(0, length);
  size_t first = words.find_first_not_of(" \t\r\n\f");
  size_t last = words.find_last_not_of(" \t\r\n\f");
  return first == std::string_view::npos ? words : words.substr(first, last - first + 1);
}

int character_position(std::string_view text, int byte_offset) {
  if (byte_offset < 0) return 0;
  auto end = std::min(text.size(), static_cast<size_t>(byte_offset));
  int position = 1;
  for (size_t i = 0; i < end; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) ++position;
  }
  return position;
}

base::Error nesting_error() {
  return base::Error(base::sqlstate::kStatementTooComplex, "stack depth limit exceeded")
      .hint(
          "Increase the configuration parameter \"max_stack_depth\" (currently 2048kB), after "
          "ensuring the platform's stack depth limit is adequate.");
}

namespace {

/// libpg_query hands over message and position only; SQLSTATE and HINT follow from the message.
struct KnownMessage {
  std::string_view part;
  base::SqlState state;
  std::string_view hint;
};

constexpr KnownMessage kKnownMessages[] = {
    {"subquery in FROM must have an alias", base::sqlstate::kSyntaxError,
     "For example, FROM (SELECT ...) [AS] foo."},
    {"VALUES in FROM must have an alias", base::sqlstate::kSyntaxError,
     "For example, FROM (VALUES ...) [AS] foo."},
    {"LIMIT #,# syntax is not supported", base::sqlstate::kSyntaxError,
     "Use separate LIMIT and OFFSET clauses."},
    {"invalid Unicode escape value", base::sqlstate::kSyntaxError, ""},
    {"invalid Unicode escape character", base::sqlstate::kSyntaxError, ""},
    {"invalid Unicode escape", base::sqlstate::kSyntaxError,
     "Unicode escapes must be \\XXXX or \\+XXXXXX."},
    {"invalid Unicode surrogate pair", base::sqlstate::kSyntaxError, ""},
    {"unsafe use of \\' in a string literal", base::sqlstate::kNonstandardUseOfEscapeCharacter,
     "Use '' to write quotes in strings. \\' is insecure in client-only encodings."},
    {"invalid byte sequence for encoding", base::sqlstate::kCharacterNotInRepertoire, ""},
    {"precision for type float must be", base::sqlstate::kInvalidParameterValue, ""},
    {"not yet implemented", base::sqlstate::kFeatureNotSupported, ""},
    {"not implemented", base::sqlstate::kFeatureNotSupported, ""},
    {"cannot be used together", base::sqlstate::kFeatureNotSupported, ""},
    {"is not supported", base::sqlstate::kFeatureNotSupported, ""},
    {"frame start", base::sqlstate::kWindowingError, ""},
    {"frame end", base::sqlstate::kWindowingError, ""},
    {"row count cannot be null", base::sqlstate::kSyntaxError, ""},
    {"out of memory", base::sqlstate::kOutOfMemory, ""},
};

base::Error translate(const PgQueryError& error) {
  std::string_view message = error.message;
  base::SqlState state = base::sqlstate::kSyntaxError;
  std::string_view hint;
  for (const KnownMessage& known : kKnownMessages) {
    if (message.find(known.part) == std::string_view::npos) continue;
    state = known.state;
    hint = known.hint;
    break;
  }
  return base::Error(state, std::string(message)).hint(std::string(hint)).at(error.cursorpos);
}

void* allocate_in(void* memory, size_t bytes) {
  return static_cast<ParsedQuery::Memory*>(memory)->allocate(bytes);
}
void free_nothing(void*, void*) {}

/// Frees what the C library handed over.
struct RawResult {
  ~RawResult() { pg_query_free_protobuf_parse_result(raw); }
  PgQueryProtobufParseResult raw{};
};

/// The tree in `memory`, or nullptr when memory ran out.
const PgQuery__ParseResult* unpack(const PgQueryProtobuf& packed, ParsedQuery::Memory& memory) {
  ProtobufCAllocator allocator{allocate_in, free_nothing, &memory};
  return pg_query__parse_result__unpack(&allocator, packed.len,
                                        reinterpret_cast<const uint8_t*>(packed.data));
}

/// Statements below this are shallow: the big stack keeps its warm top for them.
constexpr size_t kDeep = 200;

}  // namespace

base::Result<std::shared_ptr<ParsedQuery>> parse_query(std::string_view text) {
  TextMeasure size = measure(text);
  if (size.depth > kMaxNesting) return nesting_error();
  if (size.tokens > kMaxTokens) {
    return base::Error(base::sqlstate::kProgramLimitExceeded, "statement is too long")
        .detail("A query text may have at most " + std::to_string(kMaxTokens) + " words.");
  }
  std::string copy(text);
  auto memory = std::make_unique<ParsedQuery::Memory>();
  RawResult result;
  const PgQuery__ParseResult* tree = nullptr;
  on_big_stack(size.depth > kDeep, [&] {
    result.raw = pg_query_parse_protobuf(copy.c_str());
    if (result.raw.error == nullptr) tree = unpack(result.raw.parse_tree, *memory);
  });
  if (result.raw.error != nullptr) return translate(*result.raw.error);
  if (tree == nullptr) return base::Error(base::sqlstate::kOutOfMemory, "out of memory");
  return std::make_shared<ParsedQuery>(std::move(copy), std::move(memory), tree);
}

}  // namespace isolde::sql
