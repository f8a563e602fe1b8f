# The store of the service, for signet at a shell.
export SIGNET_STORE=/etc/signet/store
