#pragma once

namespace isolde::server {

/// What main does: reads the command line and does what it says. Returns the exit status.
int run_program(int argc, char** argv);

}  // namespace isolde::server
