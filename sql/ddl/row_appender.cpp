#include "sql/ddl/row_appender.hpp"

#include "txn/concurrency_control.hpp"

namespace isolde::sql {

namespace {

TableInfoPtr open(Definer& d, Oid table, const TypeSource& types) {
  CatalogImagePtr image = d.image_ptr();
  return make_table_info(*image, image->relation(table), d.catalog().open(image, table), types);
}

}  // namespace

RowAppender::RowAppender(Definer& d, Oid table)
    : d_(d),
      types_(d.names().types),
      table_(open(d, table, *types_)),
      overflow_(d.store(), table_->table->heap.relation()),
      encoder_(table_->shape, &overflow_),
      by_place_(table_->shape.size()) {}

void RowAppender::add(const Datum* row) {
  for (size_t i = 0; i < table_->live.size(); ++i) {
    by_place_[static_cast<size_t>(table_->live[i])] = row[i];
  }
  txn::EngineTransaction& transaction = d_.services().transaction();
  txn::NewRow made;
  auto id = base::value_or_throw(transaction.write_id());
  made.payload = encoder_.encode(by_place_.data(), id);
  made.has_overflow = encoder_.has_outside();
  base::value_or_throw(transaction.insert(*table_->table, made));
}

}  // namespace isolde::sql
