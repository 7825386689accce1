#pragma once

#include "sql/catalog/objects.hpp"

namespace isolde::sql {

/// How many rows a table of `pages` has, after `looked_at` of them were found to hold `rows`: the
/// others are taken to be as full as the table was when it was last counted. Rounded.
double estimated_rows(const RelationStatistics& before, int64_t pages, int64_t looked_at,
                      double rows);

}  // namespace isolde::sql
