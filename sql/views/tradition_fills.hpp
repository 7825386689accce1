#pragma once

#include "sql/views/virtual_table.hpp"

// The rows of the views of sql/catalog/tradition_views.hpp.

namespace isolde::sql {

// innodb_views.cpp
void fill_data_locks(SessionServices& services, VirtualRows& rows);
void fill_data_lock_waits(SessionServices& services, VirtualRows& rows);
void fill_innodb_trx(SessionServices& services, VirtualRows& rows);
void fill_innodb_locks(SessionServices& services, VirtualRows& rows);
void fill_innodb_lock_waits(SessionServices& services, VirtualRows& rows);
// sql_server_views.cpp
void fill_dm_tran_locks(SessionServices& services, VirtualRows& rows);

}  // namespace isolde::sql
