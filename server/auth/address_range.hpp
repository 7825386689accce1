#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace isolde::server {

/// A numeric IP address. An IPv4 address that came in through an IPv6 socket is IPv4.
struct IpAddress {
  int family = 0;  ///< AF_INET, AF_INET6; 0 is none
  std::vector<uint8_t> bytes;

  static IpAddress of(const sockaddr_storage& address);
  static std::optional<IpAddress> parse(std::string_view text);
  bool operator==(const IpAddress&) const = default;
};

/// Addresses that agree with `base` in the bits that `mask` has set.
struct AddressRange {
  IpAddress base;
  IpAddress mask;

  bool contains(const IpAddress& address) const;
};

/// The mask with the first `bits` set; nothing when the family has fewer.
std::optional<IpAddress> prefix_mask(int family, int bits);

/// The addresses of this machine's interfaces, each with its network's mask.
std::vector<AddressRange> interface_ranges();

}  // namespace isolde::server
