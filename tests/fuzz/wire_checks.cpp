#include "tests/fuzz/wire_checks.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <variant>

#include "wire/backend_messages.hpp"
#include "wire/client.hpp"
#include "wire/frame.hpp"
#include "wire/frontend.hpp"
#include "wire/startup.hpp"

namespace isolde::fuzz {

namespace {

using namespace isolde::wire;  // NOLINT: this file is about nothing else

void require(bool condition, const char* promise) {
  if (!condition) throw std::logic_error(promise);
}

void check_error(const DecodeError& error) {
  require(error.state().find('\0') == std::string_view::npos, "an error without an SQLSTATE");
  require(!error.message.empty(), "an error without a message");
}

/// A copy with nothing readable around it, so that the address sanitizer sees every overrun.
class Isolated {
 public:
  explicit Isolated(std::string_view from) : data_(new char[from.size()]), size_(from.size()) {
    from.copy(data_.get(), size_);
  }
  std::string_view view() const { return {data_.get(), size_}; }

 private:
  std::unique_ptr<char[]> data_;
  size_t size_;
};

bool is_report(char type) {
  return type == 'E' || type == 'N';
}

/// The bytes of a message or packet, without what stands before its body.
std::string body_of(const std::string& encoded, size_t header) {
  return encoded.substr(header);
}

/// Walks a list as the server does: every element must lie within `body`.
void walk(const ValueList& list, std::string_view body) {
  size_t count = 0;
  for (const Value& value : list) {
    ++count;
    require(!value || (value->data() >= body.data() &&
                       value->data() + value->size() <= body.data() + body.size()),
            "a value outside its message");
  }
  require(count == list.size(), "a list of values with a wrong size");
}

template <typename T>
void walk(const IntList<T>& list) {
  size_t index = 0;
  for (const T element : list) require(element == list[index++], "a list in disorder");
  require(index == list.size(), "a list of integers with a wrong size");
}

void walk_lists(const FrontendMessage& message, std::string_view body) {
  if (const auto* bind = std::get_if<Bind>(&message)) {
    walk(bind->parameter_formats);
    walk(bind->parameters, body);
    walk(bind->result_formats);
    for (size_t i = 0; i < bind->parameters.size(); ++i) bind->parameter_formats.of(i);
  } else if (const auto* call = std::get_if<FunctionCall>(&message)) {
    walk(call->argument_formats);
    walk(call->arguments, body);
  } else if (const auto* parse = std::get_if<Parse>(&message)) {
    walk(parse->parameter_types);
  }
}

void walk_parameters(const StartupPacket& packet) {
  const auto* message = std::get_if<StartupMessage>(&packet);
  if (message == nullptr) return;
  for (const auto& [name, value] : message->parameters) {
    require(!name.empty(), "a parameter without a name");
    require(message->parameters.find(name).has_value(), "a parameter that is not found");
  }
}

void check_startup_body(std::string_view bytes) {
  const Isolated body(bytes);
  const auto packet = decode_startup(body.view());
  if (!packet) {
    require(packet.error().fatal, "a start-up error that is not fatal");
    return check_error(packet.error());
  }
  walk_parameters(*packet);
  std::string again;
  encode(*packet, again);
  require(body_of(again, 4) == bytes, "a start-up packet changed");
}

void check_frontend_body(char type, std::string_view bytes) {
  const Isolated body(bytes);
  const auto message = decode_frontend(type, body.view());
  if (!message) return check_error(message.error());
  walk_lists(*message, body.view());
  std::string again;
  encode(*message, again);
  require(again.front() == type && body_of(again, 5) == bytes, "a frontend message changed");
  require(*decode_frontend(type, body_of(again, 5)) == *message, "decoding is not repeatable");
}

template <typename Message>
void check_response(const Decoded<Message>& message, std::string_view bytes) {
  if (!message) return check_error(message.error());
  std::string again;
  encode(*message, again);
  require(body_of(again, 5) == bytes, "an authentication response changed");
}

void check_authentication_body(std::string_view bytes) {
  const Isolated body(bytes);
  check_response(decode_password(body.view()), bytes);
  check_response(decode_sasl_initial_response(body.view()), bytes);
  check_response(decode_sasl_response(body.view()), bytes);
  check_response(decode_gss_response(body.view()), bytes);
}

void check_backend_body(char type, std::string_view bytes) {
  const Isolated body(bytes);
  const auto message = decode_backend(type, body.view());
  if (!message) return check_error(message.error());
  std::string again;
  encode(*message, again);
  const std::string second_body = body_of(again, 5);
  require(again.front() == type, "a backend message changed its type");
  require(is_report(type) || second_body == bytes, "a backend message changed");
  const auto second = decode_backend(type, second_body);
  require(second && *second == *message, "a backend message decodes differently again");
}

/// One byte fewer, and exactly one byte must be missing.
template <typename Next>
void check_boundary(std::string_view input, const Frame& frame, Next next) {
  const NextFrame shorter = next(input.substr(0, frame.size - 1));
  const auto* more = std::get_if<NeedMore>(&shorter);
  require(more != nullptr, "a frame out of too few bytes");
  require(more->bytes >= 1, "a frame lacks nothing and is not there");
  require(more->bytes == 1 || frame.size - 1 < 5, "a frame lacks more than it lacks");
}

/// Every frame of a stream, until it ends or goes wrong.
template <typename Next, typename Check>
void check_stream(std::string_view input, Next next, Check check) {
  while (true) {
    const NextFrame found = next(input);
    if (const auto* error = std::get_if<DecodeError>(&found)) {
      require(error->fatal, "a lost boundary that is not fatal");
      return check_error(*error);
    }
    const auto* frame = std::get_if<Frame>(&found);
    if (frame == nullptr) return require(std::get<NeedMore>(found).bytes > 0, "nothing missing");
    check_boundary(input, *frame, next);
    check(*frame);
    input.remove_prefix(frame->size);
  }
}

/// Fed as two pieces, a stream must give the same messages as the framer does on the whole.
void check_client(std::string_view input) {
  BackendStream stream;
  size_t frames = 0;
  for (const std::string_view piece :
       {input.substr(0, input.size() / 2), input.substr(input.size() / 2)}) {
    stream.feed(piece);
    for (auto message = stream.next(); message ? message->has_value() : !message.error().fatal;
         message = stream.next()) {
      ++frames;
    }
  }
  const auto next = [](std::string_view rest) { return next_frame(rest, kBackendLimits); };
  check_stream(input, next, [&frames](const Frame&) { --frames; });
  require(frames == 0, "a stream in pieces has other messages than the whole");
}

void check_messages(WireMode mode, std::string_view input) {
  const auto with = [](const FrameLimits& limits) {
    return [&limits](std::string_view rest) { return next_frame(rest, limits); };
  };
  switch (mode) {
    case WireMode::kStartup:
      return check_stream(input, next_startup_packet,
                          [](const Frame& frame) { check_startup_body(frame.body); });
    case WireMode::kFrontend:
      return check_stream(input, with(kFrontendLimits),
                          [](const Frame& frame) { check_frontend_body(frame.type, frame.body); });
    case WireMode::kAuthentication:
      return check_stream(input, with(kAuthenticationLimits),
                          [](const Frame& frame) { check_authentication_body(frame.body); });
    case WireMode::kBackend:
      check_client(input);
      return check_stream(input, with(kBackendLimits),
                          [](const Frame& frame) { check_backend_body(frame.type, frame.body); });
    case WireMode::kFrontendBody:
      if (!input.empty()) check_frontend_body(input.front(), input.substr(1));
      return;
    case WireMode::kBackendBody:
      if (!input.empty()) check_backend_body(input.front(), input.substr(1));
      return;
  }
}

}  // namespace

void check_wire(std::string_view input) {
  if (!input.empty()) check_messages(WireMode{input.front()}, input.substr(1));
}

}  // namespace isolde::fuzz
