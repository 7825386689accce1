#include "sql/ddl/extension.hpp"

#include <pg_query/pg_query.pb-c.h>

namespace isolde::sql {

void create_extension(Definer& d, const PgQuery__CreateExtensionStmt& statement) {
  const std::string name = statement.extname;
  if (name != "isolde") {
    throw base::SqlException(
        base::Error(base::sqlstate::kFeatureNotSupported,
                    "extension " + quoted(name) + " is not available")
            .hint("The extension must first be installed on the system where PostgreSQL is "
                  "running."));
  }
  std::string message = "extension " + quoted(name) + " already exists";
  if (!statement.if_not_exists) fail(base::sqlstate::kDuplicateObject, std::move(message));
  d.notice(base::sqlstate::kDuplicateObject, message + ", skipping");
}

}  // namespace isolde::sql
