#include "server/program.hpp"

int main(int argc, char** argv) {
  return isolde::server::run_program(argc, argv);
}
