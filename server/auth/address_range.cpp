#include "server/auth/address_range.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>

#include <cstring>
#include <memory>

namespace isolde::server {

namespace {

constexpr size_t kMappedPrefix = 12;

IpAddress from_bytes(int family, const void* data, size_t size) {
  const auto* bytes = static_cast<const uint8_t*>(data);
  return {family, {bytes, bytes + size}};
}

IpAddress from_in6(const in6_addr& address) {
  if (IN6_IS_ADDR_V4MAPPED(&address))
    return from_bytes(AF_INET, address.s6_addr + kMappedPrefix, sizeof(in_addr));
  return from_bytes(AF_INET6, &address, sizeof address);
}

IpAddress of_sockaddr(const sockaddr* address) {
  sockaddr_storage copy{};
  if (address == nullptr) return {};
  if (address->sa_family == AF_INET) std::memcpy(&copy, address, sizeof(sockaddr_in));
  if (address->sa_family == AF_INET6) std::memcpy(&copy, address, sizeof(sockaddr_in6));
  return IpAddress::of(copy);
}

}  // namespace

IpAddress IpAddress::of(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, &address, sizeof in);
    return from_bytes(AF_INET, &in.sin_addr, sizeof in.sin_addr);
  }
  if (address.ss_family == AF_INET6) {
    sockaddr_in6 in{};
    std::memcpy(&in, &address, sizeof in);
    return from_in6(in.sin6_addr);
  }
  return {};
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  std::string copy(text);
  in_addr four{};
  if (inet_pton(AF_INET, copy.c_str(), &four) == 1) return from_bytes(AF_INET, &four, sizeof four);
  in6_addr six{};
  if (inet_pton(AF_INET6, copy.c_str(), &six) == 1) return from_bytes(AF_INET6, &six, sizeof six);
  return std::nullopt;
}

bool AddressRange::contains(const IpAddress& address) const {
  if (address.family == 0 || address.family != base.family) return false;
  for (size_t i = 0; i < base.bytes.size(); ++i) {
    if (((address.bytes[i] ^ base.bytes[i]) & mask.bytes[i]) != 0) return false;
  }
  return true;
}

std::optional<IpAddress> prefix_mask(int family, int bits) {
  size_t size = family == AF_INET ? sizeof(in_addr) : sizeof(in6_addr);
  if (bits < 0 || static_cast<size_t>(bits) > size * 8) return std::nullopt;
  IpAddress mask{family, std::vector<uint8_t>(size)};
  for (int i = 0; i < bits; ++i)
    mask.bytes[static_cast<size_t>(i / 8)] |= static_cast<uint8_t>(0x80 >> (i % 8));
  return mask;
}

std::vector<AddressRange> interface_ranges() {
  ifaddrs* list = nullptr;
  std::vector<AddressRange> ranges;
  if (getifaddrs(&list) != 0) return ranges;
  std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(list, &freeifaddrs);
  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
    AddressRange range{of_sockaddr(entry->ifa_addr), of_sockaddr(entry->ifa_netmask)};
    if (range.base.family != 0 && range.mask.family == range.base.family)
      ranges.push_back(std::move(range));
  }
  return ranges;
}

}  // namespace isolde::server
