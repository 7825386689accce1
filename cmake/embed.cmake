# Writes a C++ file that defines the functions of server/sample_files.hpp from conf/.
#   cmake -DCONF=conf -DOUT=sample_files.cpp -P embed.cmake
file(READ ${CONF}/isolde.conf config)
file(READ ${CONF}/hba.conf hba)
file(WRITE ${OUT} "#include \"server/sample_files.hpp\"
namespace isolde::server {
std::string_view sample_config() { return R\"__conf(${config})__conf\"; }
std::string_view sample_hba() { return R\"__conf(${hba})__conf\"; }
}  // namespace isolde::server
")
