#include "server/offline_tools.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "base/env.hpp"
#include "storage/check.hpp"
#include "storage/waldump.hpp"

namespace isolde::server {

namespace {

void print_line(const std::string& line) {
  std::puts(line.c_str());
}

int fail(const base::Error& error) {
  std::fprintf(stderr, "isolde: %s\n", error.message().c_str());
  if (!error.fields().hint.empty())
    std::fprintf(stderr, "HINT:  %s\n", error.fields().hint.c_str());
  return 1;
}

}  // namespace

int run_check(const std::string& data_directory) {
  auto report = storage::check_data_directory(base::posix_env(), data_directory, print_line);
  if (!report) return fail(report.error());
  print_line(fmt::format("{} relations, {} pages, {} log records: {}", report->relations,
                         report->pages, report->log_records,
                         report->problems == 0 ? std::string("no problems")
                                               : fmt::format("{} problems", report->problems)));
  return report->problems == 0 ? 0 : 1;
}

int run_waldump(const std::string& data_directory) {
  auto records = storage::dump_wal(base::posix_env(), data_directory, {}, print_line);
  return records ? 0 : fail(records.error());
}

}  // namespace isolde::server
