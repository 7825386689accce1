#pragma once

#include <functional>

struct PgQuery__Node;

namespace isolde::sql {

/// Visits a node and everything below it, parents first. The visitor answers whether it wants to
/// see what is below the node.
void walk_tree(const PgQuery__Node& node, const std::function<bool(const PgQuery__Node&)>& visit);

}  // namespace isolde::sql
