#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/ids.hpp"

namespace isolde::sql {

class Statement;

/// A query of the server's own that is run again and again: its plan is kept with it, and made anew
/// when the catalog has moved on.
struct KeptStatement {
  std::string text;
  std::vector<base::Oid> parameters;
  std::shared_ptr<const Statement> statement;
};

}  // namespace isolde::sql
