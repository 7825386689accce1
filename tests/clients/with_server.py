"""Runs a client program against a server of its own: with_server.py --isolde PATH -- PROGRAM [ARGUMENT...]

The program finds the server through PGHOST, PGPORT, PGUSER and PGDATABASE.
"""
import subprocess
import sys

import server_under_test


def main():
    end = sys.argv.index("--")
    server_under_test.parse_arguments(sys.argv[1:end])
    server = server_under_test.start_server()
    try:
        environment = server_under_test.client_environment(server)
        status = subprocess.run(sys.argv[end + 1:], env=environment, check=False).returncode
    finally:
        server.stop()
    sys.exit(status)


if __name__ == "__main__":
    main()
