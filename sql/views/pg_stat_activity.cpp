#include <absl/container/flat_hash_map.h>

#include "sql/catalog/catalog_image.hpp"
#include "sql/session/instance.hpp"
#include "sql/session/session_services.hpp"
#include "sql/views/viewer.hpp"
#include "sql/views/views.hpp"
#include "txn/transaction_manager.hpp"

namespace isolde::sql {

namespace {

std::optional<std::string_view> unless_empty(std::string_view text) {
  if (text.empty()) return std::nullopt;
  return text;
}

template <typename Id>
std::optional<Id> unless_zero(Id id) {
  if (id == Id{}) return std::nullopt;
  return id;
}

std::optional<Oid> oid_of(const CatalogImage& image, ObjectKind kind, std::string_view name) {
  ObjectPtr found = name.empty() ? nullptr : image.find(kind, Oid{}, name);
  if (found == nullptr) return std::nullopt;
  return found->oid;
}

void add_hidden(const CatalogImage& image, const Activity& one, std::optional<Oid> user,
                VirtualRows& rows) {
  rows.row(oid_of(image, ObjectKind::kDatabase, one.database), unless_empty(one.database), one.pid,
           nullptr, user, unless_empty(one.user), one.application_name, nullptr, nullptr, nullptr,
           nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr,
           "<insufficient privilege>", nullptr);
}

}  // namespace

void fill_stat_activity(SessionServices& services, VirtualRows& rows) {
  ActivitySource* source = services.instance().activity();
  if (source == nullptr) return;
  absl::flat_hash_map<int32_t, txn::TransactionView> transactions;
  for (const auto& view : services.instance().transactions().views()) {
    transactions[view.session.value] = view;
  }
  auto image = services.catalog_image();
  const Viewer viewer(services);
  source->for_each([&](const Activity& one) {
    const std::optional<Oid> user = oid_of(*image, ObjectKind::kRole, one.user);
    if (!viewer.sees(user)) return add_hidden(*image, one, user, rows);
    const txn::TransactionView& view = transactions[one.pid.value];
    rows.row(oid_of(*image, ObjectKind::kDatabase, one.database), unless_empty(one.database),
             one.pid, nullptr, user, unless_empty(one.user), one.application_name,
             unless_empty(one.client_address), nullptr, one.client_port, one.backend_start,
             one.transaction_start, one.query_start, one.state_change,
             unless_empty(one.wait_event_type), unless_empty(one.wait_event),
             unless_empty(one.state), unless_zero(view.id), unless_zero(view.xmin), nullptr,
             one.query, one.backend_type);
  });
}

}  // namespace isolde::sql
