#include "server/session/wire_sink.hpp"

#include <fmt/format.h>

#include <vector>

#include "wire/backend.hpp"
#include "wire/frontend.hpp"

#include "sql/types/domain_type.hpp"

namespace isolde::server {

namespace {

wire::Format format_of(std::span<const int16_t> formats, size_t column) {
  if (formats.empty()) return wire::Format::kText;
  return static_cast<wire::Format>(formats[formats.size() == 1 ? 0 : column]);
}

base::Error row_too_large() {
  return base::Error(base::sqlstate::kProgramLimitExceeded, "out of memory")
      .detail("A row is larger than the protocol can carry.");
}

wire::Format wire_format(sql::CopyFormat format) {
  return format == sql::CopyFormat::kBinary ? wire::Format::kBinary : wire::Format::kText;
}

/// A message that has no place in the middle of COPY data.
base::Error unexpected_in_copy(char type) {
  return base::Error(base::sqlstate::kProtocolViolation,
                     fmt::format("unexpected message type 0x{:02X} during COPY from stdin",
                                 static_cast<unsigned char>(type)));
}

}  // namespace

void append_row_description(std::span<const sql::ResultColumn> columns,
                            std::span<const int16_t> formats, ClientChannel& channel) {
  std::vector<wire::FieldDescription> fields(columns.size());
  for (size_t i = 0; i < columns.size(); ++i) {
    const sql::ResultColumn& column = columns[i];
    // Clients see a domain's base type.
    const sql::Type& type = sql::base_of(*column.type);
    int32_t typmod = column.type->kind == sql::TypeKind::kDomain
                         ? static_cast<const sql::DomainType&>(*column.type).base_typmod
                         : column.typmod;
    fields[i] = {.name = column.name,
                 .table = column.table.value,
                 .column = column.attribute,
                 .type = type.oid.value,
                 .type_size = type.size,
                 .type_modifier = typmod,
                 .format = format_of(formats, i)};
  }
  channel.writer().row_description(fields);
}

base::Status WireSink::columns(std::span<const sql::ResultColumn> columns) {
  append_row_description(columns, formats_, channel_);
  return {};
}

base::Status WireSink::row(std::span<const sql::Datum> values,
                           std::span<const sql::ResultColumn> columns) {
  wire::DataRowWriter row(channel_.buffer(), static_cast<uint16_t>(values.size()));
  for (size_t i = 0; i < values.size(); ++i) {
    if (values[i].is_null()) {
      row.null();
      continue;
    }
    std::string& out = row.begin_value();
    if (format_of(formats_, i) == wire::Format::kText) {
      columns[i].type->to_text(values[i], out, session_.output_style());
    } else {
      columns[i].type->to_binary(values[i], out);
    }
    row.end_value();
  }
  if (!row.finish()) return row_too_large();
  return channel_.flush_if_full();
}

base::Status WireSink::complete(std::string_view tag) {
  channel_.writer().command_complete(tag);
  return {};
}

base::Status WireSink::empty_query() {
  channel_.writer().empty_query_response();
  return {};
}

base::Status WireSink::begin_copy_out(sql::CopyFormat format, size_t columns) {
  std::vector<wire::Format> formats(columns, wire_format(format));
  channel_.writer().copy_out_response(wire_format(format), formats);
  return {};
}

base::Status WireSink::copy_data(std::string_view bytes) {
  if (!channel_.writer().copy_data(bytes)) return row_too_large();
  return channel_.flush_if_full();
}

base::Status WireSink::end_copy_out() {
  channel_.writer().copy_done();
  return {};
}

base::Status WireSink::begin_copy_in(sql::CopyFormat format, size_t columns) {
  std::vector<wire::Format> formats(columns, wire_format(format));
  channel_.writer().copy_in_response(wire_format(format), formats);
  reader_.keep_current_message();
  return channel_.flush();
}

base::Result<std::optional<std::string_view>> WireSink::next_copy_data() {
  for (;;) {
    auto frame = reader_.next(wire::kFrontendLimits, Transport::ReadFor::kData);
    if (!frame) return frame.take_error();
    if (!frame->has_value()) {
      return base::Error(base::sqlstate::kConnectionFailure,
                         "unexpected EOF on client connection with an open transaction")
          .fatal();
    }
    switch ((*frame)->type) {
      case wire::CopyData::kType:
        return std::optional((*frame)->body);
      case wire::CopyDone::kType:
        return std::optional<std::string_view>();
      case wire::CopyFail::kType: {
        auto failed = wire::decode_copy_fail((*frame)->body);
        return base::Error(base::sqlstate::kQueryCanceled,
                           "COPY from stdin failed: " + std::string(failed ? failed->reason : ""));
      }
      case wire::Flush::kType:
      case wire::Sync::kType:
        continue;  // libpq sends them ahead of the data in the extended protocol
      default:
        return unexpected_in_copy((*frame)->type).fatal();
    }
  }
}

}  // namespace isolde::server
