#include "server/session/startup.hpp"

#include "server/session/report.hpp"

namespace isolde::server {

namespace {

base::Error fatal(base::SqlState state, std::string message) {
  return base::Error(state, std::move(message)).fatal();
}

}  // namespace

Startup::Startup(std::unique_ptr<Transport>& transport, MessageReader& reader,
                 ClientChannel& channel, Surroundings surroundings)
    : transport_(transport),
      reader_(reader),
      channel_(channel),
      surroundings_(std::move(surroundings)) {}

base::Result<std::optional<StartupRequest>> Startup::run() {
  for (;;) {
    auto frame = reader_.next_startup_packet();
    if (!frame) return frame.take_error();
    if (!frame->has_value()) return std::optional<StartupRequest>();
    auto packet = wire::decode_startup((*frame)->body);
    if (!packet) return to_error(packet.error());
    base::Status answered;
    if (auto* cancel = std::get_if<wire::CancelRequest>(&*packet)) {
      surroundings_.cancel(*cancel);
      return std::optional<StartupRequest>();
    }
    if (auto* message = std::get_if<wire::StartupMessage>(&*packet)) {
      auto accepted = accept(*message);
      if (!accepted) return accepted.take_error();
      return std::optional(std::move(*accepted));
    }
    if (std::holds_alternative<wire::SslRequest>(*packet)) {
      answered = answer_ssl_request();
    } else {
      answered = answer_gss_request();
    }
    if (!answered) return answered.take_error();
  }
}

base::Status Startup::answer_with_byte(char answer) {
  channel_.buffer().push_back(answer);
  return channel_.flush();
}

base::Status Startup::answer_ssl_request() {
  if (std::exchange(asked_for_tls_, true)) {
    return fatal(base::sqlstate::kProtocolViolation,
                 "unsupported frontend protocol 1234.5679: server supports 3.0 to 3.0");
  }
  if (surroundings_.tls == nullptr || !surroundings_.tls_possible) {
    return answer_with_byte(wire::kEncryptionRefused);
  }
  if (reader_.has_unread()) {
    // Sent before the handshake, so perhaps by somebody in between who hopes that we take it for
    // the client's.
    return fatal(base::sqlstate::kProtocolViolation, "received unencrypted data after SSL request")
        .detail(
            "This could be either a client-software bug or evidence of an attempted "
            "man-in-the-middle attack.");
  }
  base::Status sent = answer_with_byte(wire::kSslAccepted);
  if (!sent) return sent;
  auto tls = std::make_unique<TlsTransport>(std::move(transport_), surroundings_.tls);
  TlsTransport* layer = tls.get();
  transport_ = std::move(tls);
  reader_.switch_to(*transport_);
  channel_.switch_to(*transport_);
  base::Status accepted = layer->accept();
  if (accepted) tls_ = layer;
  return accepted;
}

base::Status Startup::answer_gss_request() {
  if (std::exchange(asked_for_gss_, true)) {
    return fatal(base::sqlstate::kProtocolViolation,
                 "unsupported frontend protocol 1234.5680: server supports 3.0 to 3.0");
  }
  return answer_with_byte(wire::kEncryptionRefused);
}

base::Result<StartupRequest> Startup::accept(const wire::StartupMessage& message) {
  StartupRequest request;
  std::vector<std::string_view> unknown_options;
  for (auto [name, value] : message.parameters) {
    if (name == "user") {
      request.user = value;
    } else if (name == "database") {
      request.database = value;
    } else if (name == "replication") {
      if (value != "false" && value != "off" && value != "no" && value != "0") {
        return fatal(base::sqlstate::kFeatureNotSupported,
                     "replication connections are not supported");
      }
    } else if (wire::is_protocol_option(name)) {
      unknown_options.push_back(name);
    } else if (name == "options") {
      auto options = parse_startup_options(value);
      if (!options) return options.take_error();
      request.settings.insert(request.settings.begin(), options->begin(), options->end());
    } else {
      request.settings.emplace_back(name, value);
    }
  }
  if (request.user.empty()) {
    return fatal(base::sqlstate::kInvalidAuthorizationSpecification,
                 "no PostgreSQL user name specified in startup packet");
  }
  if (request.database.empty()) request.database = request.user;
  if (message.minor_version > wire::kProtocolMinor || !unknown_options.empty()) {
    channel_.writer().negotiate_protocol_version(
        uint32_t{wire::kProtocolMajor} << 16 | wire::kProtocolMinor, unknown_options);
  }
  return request;
}

}  // namespace isolde::server
