#pragma once

#include <cstdint>

#include "base/clock.hpp"

namespace isolde::sql {

class TimeZone;  // sql/types/time_zone.hpp

enum class DateFormat : uint8_t { kIso, kSql, kPostgres, kGerman };
enum class DateOrder : uint8_t { kMdy, kDmy, kYmd };
enum class IntervalStyle : uint8_t { kPostgres, kPostgresVerbose, kSqlStandard, kIso8601 };
enum class ByteaOutput : uint8_t { kHex, kEscape };

/// The settings of a session that change how values are written and read as text.
struct OutputStyle {
  DateFormat date_format = DateFormat::kIso;
  DateOrder date_order = DateOrder::kMdy;
  IntervalStyle interval_style = IntervalStyle::kPostgres;
  ByteaOutput bytea_output = ByteaOutput::kHex;
  int8_t extra_float_digits = 1;
  const TimeZone* time_zone = nullptr;  ///< null is UTC
  /// The start of the transaction: what 'now' and 'today' mean.
  base::Timestamp now;
};

}  // namespace isolde::sql
