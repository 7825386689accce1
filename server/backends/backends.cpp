#include "server/backends/backends.hpp"

#include <openssl/rand.h>

#include <vector>

namespace isolde::server {

namespace {

int32_t random_secret() {
  int32_t secret = 0;
  ISOLDE_CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(&secret), sizeof secret) == 1,
               "without random numbers anybody could cancel anybody");
  return secret;
}

}  // namespace

bool Backends::admit(const std::shared_ptr<Backend>& backend, size_t limit) {
  int32_t secret = random_secret();
  std::lock_guard lock(mutex_);
  if (by_id_.size() >= limit) return false;
  backend->id = base::SessionId(next_id_locked());
  backend->secret = secret;
  by_id_.emplace(last_id_, backend);
  return true;
}

int32_t Backends::next_id_locked() {
  do {
    last_id_ = last_id_ == INT32_MAX ? 1001 + reserved_ : last_id_ + 1;
  } while (by_id_.contains(last_id_));
  return last_id_;
}

base::SessionId Backends::new_id() {
  std::lock_guard lock(mutex_);
  ++reserved_;
  return base::SessionId(next_id_locked());
}

void Backends::remove(base::SessionId id) {
  std::lock_guard lock(mutex_);
  by_id_.erase(id.value);
  if (by_id_.empty()) emptied_.notify_all();
}

void Backends::cancel(base::SessionId id, int32_t secret) {
  std::shared_ptr<Backend> backend = find(id);
  if (backend != nullptr && backend->secret == secret) {
    backend->task->interrupt(base::Interrupt::kCancel);
  }
}

bool Backends::interrupt(base::SessionId id, base::Interrupt reason) {
  std::shared_ptr<Backend> backend = find(id);
  if (backend == nullptr) return false;
  backend->task->interrupt(reason);
  return true;
}

void Backends::interrupt_all(base::Interrupt reason) {
  for_each([reason](const Backend& backend) { backend.task->interrupt(reason); });
}

std::shared_ptr<Backend> Backends::find(base::SessionId id) const {
  std::lock_guard lock(mutex_);
  auto at = by_id_.find(id.value);
  return at == by_id_.end() ? nullptr : at->second;
}

/// Over a copy, so that the visitor may call us.
void Backends::for_each(const std::function<void(const Backend&)>& visit) const {
  std::vector<std::shared_ptr<Backend>> all;
  {
    std::lock_guard lock(mutex_);
    all.reserve(by_id_.size());
    for (const auto& [id, backend] : by_id_) all.push_back(backend);
  }
  for (const auto& backend : all) visit(*backend);
}

size_t Backends::count() const {
  std::lock_guard lock(mutex_);
  return by_id_.size();
}

bool Backends::wait_until_empty(base::SteadyTime deadline) const {
  std::unique_lock lock(mutex_);
  return emptied_.wait_until(lock, deadline, [this] { return by_id_.empty(); });
}

}  // namespace isolde::server
