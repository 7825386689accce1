#pragma once

#include <optional>

#include "sql/catalog/objects.hpp"
#include "storage/bytes.hpp"

namespace isolde::sql {

/// An object as the catalog's file keeps it: a byte for the format, one for the kind, then every
/// field in the order of object_codec.cpp.
storage::Bytes encode_object(const CatalogObject& object);

/// Null when the bytes are not what encode_object makes.
ObjectPtr decode_object(storage::ByteSpan bytes);

}  // namespace isolde::sql
