#include "sql/catalog/catalog_types.hpp"

#include "sql/settings/identifier_list.hpp"
#include "sql/types/builtin_types.hpp"
#include "sql/types/composite_type.hpp"
#include "sql/types/domain_type.hpp"
#include "sql/types/enum_type.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

namespace {

/// The number of the type whose owner this is, and that of its arrays.
std::pair<Oid, Oid> numbers_of(const CatalogObject& owner) {
  if (owner.kind == ObjectKind::kType) {
    return {owner.oid, static_cast<const TypeObject&>(owner).array_type};
  }
  const auto& relation = static_cast<const RelationObject&>(owner);
  return {relation.row_type, relation.row_array_type};
}

}  // namespace

ObjectPtr type_object(const CatalogImage& image, Oid type) {
  return find_type(type) != nullptr ? nullptr : image.owner_of_type(type);
}

std::string CatalogTypes::shown_name(const CatalogObject& object) const {
  std::string name = quote_identifier(object.name);
  if (shown_.is_visible(*image_, object)) return name;
  ObjectPtr schema = image_->find(ObjectKind::kNamespace, object.name_space);
  return schema == nullptr ? name : quote_identifier(schema->name) + "." + name;
}

const Type* CatalogTypes::added(Oid oid) const {
  std::lock_guard lock(mutex_);
  return find_locked(oid);
}

const Type* CatalogTypes::find_locked(Oid oid) const {
  if (const Type* builtin = find_type(oid)) return builtin;
  auto found = made_.find(oid.value);
  if (found != made_.end()) return found->second.get();
  ObjectPtr owner = image_->owner_of_type(oid);
  return owner == nullptr ? nullptr : make(*owner, oid);
}

const Type* CatalogTypes::make(const CatalogObject& owner, Oid oid) const {
  auto [own, array] = numbers_of(owner);
  if (oid == array) return make_array(owner, oid, own);
  std::shared_ptr<const Type> type =
      owner.kind == ObjectKind::kType
          ? std::shared_ptr<const Type>(make_type(static_cast<const TypeObject&>(owner)))
          : std::shared_ptr<const Type>(make_row(static_cast<const RelationObject&>(owner)));
  return (made_[oid.value] = std::move(type)).get();
}

const Type* CatalogTypes::make_array(const CatalogObject& owner, Oid oid, Oid element_oid) const {
  const Type* element = find_locked(element_oid);
  if (element == nullptr) return nullptr;
  auto array = std::make_shared<Type>();
  array->oid = oid;
  array->name = strings_.emplace_back("_" + owner.name);
  array->sql_name = strings_.emplace_back(std::string(element->sql_name) + "[]");
  array->alignment = element->alignment == 'd' ? 'd' : 'i';
  array->category = 'A';
  array->delimiter = element->delimiter;
  array->element_type = element_oid;
  array->functions = &kArrayFunctions;
  array->element = element;
  return (made_[oid.value] = std::move(array)).get();
}

std::unique_ptr<Type> CatalogTypes::make_type(const TypeObject& about) const {
  if (about.sort == TypeObject::Sort::kDomain) {
    const Type* base = find_locked(about.base_type);
    if (base == nullptr) {
      fail(base::sqlstate::kInternalError,
           "cache lookup failed for type " + std::to_string(about.base_type.value));
    }
    return std::make_unique<DomainType>(about.oid, about.array_type, about.name, shown_name(about),
                                        *base, about.base_typmod);
  }
  std::vector<EnumLabel> labels;
  for (const TypeObject::Label& label : about.labels) {
    labels.push_back({label.oid, label.order, label.text});
  }
  return std::make_unique<EnumType>(about.oid, about.array_type, about.name, shown_name(about),
                                    std::move(labels));
}

CompositeField CatalogTypes::field_of(const ColumnObject& column) const {
  CompositeField field{column.name, find_locked(column.type), column.typmod, column.dropped};
  if (field.type == nullptr) field.type = find_type(types::kText);
  return field;
}

std::unique_ptr<Type> CatalogTypes::make_row(const RelationObject& relation) const {
  std::vector<CompositeField> fields;
  for (const ColumnObject& column : relation.columns) fields.push_back(field_of(column));
  return std::make_unique<CompositeType>(relation.row_type, relation.row_array_type, relation.name,
                                         shown_name(relation), std::move(fields));
}

Oid CatalogTypes::named_in(Oid schema, std::string_view name) const {
  if (ObjectPtr type = image_->find(ObjectKind::kType, schema, name)) return type->oid;
  RelationPtr relation = image_->relation(schema, name);
  return relation == nullptr ? Oid{} : relation->row_type;
}

/// An array's name is its elements' with "_" in front.
const Type* CatalogTypes::added_named(std::string_view schema, std::string_view name) const {
  std::vector<Oid> schemas = path_.schemas;
  if (!schema.empty()) schemas = {path_.schema(*image_, schema)};
  std::lock_guard lock(mutex_);
  for (Oid one : schemas) {
    if (one == Oid{}) continue;
    if (Oid found = named_in(one, name); found != Oid{}) return find_locked(found);
  }
  if (!name.starts_with('_')) return nullptr;
  const Type* element = added_named(schema, name.substr(1));
  return element == nullptr ? nullptr : find_locked(element->array_type);
}

}  // namespace isolde::sql
