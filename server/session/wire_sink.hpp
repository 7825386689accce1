#pragma once

#include <span>
#include <string>

#include "server/session/client_channel.hpp"
#include "server/session/message_reader.hpp"
#include "sql/session/result_sink.hpp"
#include "sql/session/session.hpp"

namespace isolde::server {

/// Results of a session as messages to its client.
class WireSink final : public sql::ResultSink {
 public:
  WireSink(ClientChannel& channel, MessageReader& reader, const sql::Session& session)
      : channel_(channel), reader_(reader), session_(session) {}

  /// Before an Execute: the formats that its portal was bound with. A simple query has none: text.
  void use_formats(std::span<const int16_t> formats) { formats_ = formats; }

  base::Status columns(std::span<const sql::ResultColumn> columns) override;
  base::Status row(std::span<const sql::Datum> values,
                   std::span<const sql::ResultColumn> columns) override;
  base::Status complete(std::string_view tag) override;
  base::Status empty_query() override;
  base::Status begin_copy_out(sql::CopyFormat format, size_t columns) override;
  base::Status copy_data(std::string_view bytes) override;
  base::Status end_copy_out() override;
  base::Status begin_copy_in(sql::CopyFormat format, size_t columns) override;
  base::Result<std::optional<std::string_view>> next_copy_data() override;

 private:
  ClientChannel& channel_;
  MessageReader& reader_;
  const sql::Session& session_;
  std::span<const int16_t> formats_;
};

/// Appends a RowDescription; `formats` are none (all text), one for all, or one each.
void append_row_description(std::span<const sql::ResultColumn> columns,
                            std::span<const int16_t> formats, ClientChannel& channel);

}  // namespace isolde::server
