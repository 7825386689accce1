#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "sql/dialect/table_hints.hpp"
#include "sql/settings/setting_fields.hpp"

// The step before the parser that lets text-book examples for MySQL and SQL Server be pasted as
// they are. It works on tokens, knows no catalog and no transaction, and touches nothing that it
// does not know: that goes to the parser as it came. docs/dialects.md lists what it knows.
//
//      client's text ----- may_rewrite? --no--> parser
//                               | yes
//                               v
//      SELECT * FROM [Acc] WITH (UPDLOCK) WHERE id = 1
//      SELECT * FROM "acc" /*UPDLOCK*/ WHERE id = 1      text
//                    ^ 14: UPDLOCK                       table_hints
//
// A hint leaves a comment in the text, so that texts which differ by their hints stay different to
// whatever caches them.

namespace isolde::sql {

/// A text for the parser, and what has no words in PostgreSQL's grammar.
class Rewritten {
 public:
  std::string text;
  std::string client_text;
  std::vector<HintedTable> hinted_tables;  ///< by location
  /// Where the statements begin that open a transaction WITH CONSISTENT SNAPSHOT.
  std::vector<size_t> consistent_snapshots;

  /// Where the words at this offset of `text` come from: an offset of the client's text.
  size_t client_offset(size_t offset) const;
  /// The same for positions in characters from 1, as errors have them. 0 stays 0.
  int client_position(int position) const;

  /// A run of bytes of `text`: copied from the client's, or put in the place of something there.
  struct Run {
    size_t begin = 0;
    size_t client_begin = 0;
    bool copied = false;
  };
  std::vector<Run> runs;  ///< by begin; the first begins at 0
};

/// False when rewrite would change nothing. Looks at each byte once and allocates nothing; may say
/// true for texts that need no change after all.
bool may_rewrite(std::string_view text, Dialect dialect);

/// The text in PostgreSQL's words; nothing when it is that already. Fails with 0A000 for what is
/// understood but cannot be done, and with 42601 for hints that contradict each other.
base::Result<std::optional<Rewritten>> rewrite(std::string_view text, Dialect dialect);

}  // namespace isolde::sql
