# The service's, for signet at a shell.
export SIGNET_STORE=/etc/signet/store
export SIGNET_SOCKET=/run/signet/console.sock
