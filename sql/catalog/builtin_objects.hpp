#pragma once

#include <string_view>
#include <vector>

#include "sql/catalog/objects.hpp"

// Objects that are there from the start, with the numbers that PostgreSQL gives them.

namespace isolde::sql {

namespace oids {
inline constexpr Oid kSuperuser{10};
inline constexpr Oid kDatabaseOwner{6171};
inline constexpr Oid kReadAllData{6181};
inline constexpr Oid kWriteAllData{6182};
inline constexpr Oid kMonitor{3373};
inline constexpr Oid kReadAllSettings{3374};
inline constexpr Oid kReadAllStats{3375};
inline constexpr Oid kSignalBackend{4200};
inline constexpr Oid kCheckpoint{4544};

inline constexpr Oid kPgCatalog{11};
inline constexpr Oid kPgToast{99};
inline constexpr Oid kPublic{2200};
inline constexpr Oid kInformationSchema{13207};
inline constexpr Oid kIsoldeSchema{13999};

inline constexpr Oid kTemplate1{1};
inline constexpr Oid kTemplate0{4};
inline constexpr Oid kPostgresDatabase{5};

/// Objects that users make are numbered from here on.
inline constexpr Oid kFirstUser{16384};
}  // namespace oids

/// Roles and their memberships in a new data directory.
std::vector<ObjectPtr> builtin_roles();
/// The schemas of a new database.
std::vector<ObjectPtr> builtin_namespaces();
/// A database's row; without a number and a file, which its maker adds.
DatabaseObject new_database(std::string_view name, std::string_view engine, Oid owner);
/// Is this a schema or role of the system? They cannot be dropped or renamed.
bool is_reserved_name(std::string_view name);

}  // namespace isolde::sql
