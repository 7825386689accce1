#include "server/auth/channel_binding.hpp"

#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

namespace isolde::server {

std::string tls_server_end_point(const x509_st* certificate) {
  int digest_id = NID_undef;
  if (OBJ_find_sigid_algs(X509_get_signature_nid(certificate), &digest_id, nullptr) != 1) return {};
  bool weak = digest_id == NID_md5 || digest_id == NID_sha1;
  const EVP_MD* digest = weak ? EVP_sha256() : EVP_get_digestbynid(digest_id);
  if (digest == nullptr) return {};
  std::string hash(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  if (X509_digest(certificate, digest, reinterpret_cast<unsigned char*>(hash.data()), &size) != 1)
    return {};
  hash.resize(size);
  return hash;
}

}  // namespace isolde::server
