#!/bin/sh
# Starts coturn with turnserver.conf and the settings of this node from the environment. They are written to a file in memory, since
# every user of the host can read a command line.
set -eu
umask 077

# Behind a NAT, clients dial PUBLIC_IP and packets leave from RELAY_IP, an address of this host.
RELAY_IP=${RELAY_IP:-$PUBLIC_IP}

# coturn would truncate a secret with other characters, or write it to its log.
case $TURN_SECRET in
  =* | *[!A-Za-z0-9+/=_-]*)
    echo 'TURN_SECRET: Unusable character: expected A-Z, a-z, 0-9, "+", "/", "_", "-" and "=", not beginning with "="' >&2
    exit 2
    ;;
esac

case ${TURN_CLI_PASSWORD:-} in
  *[!A-Za-z0-9._~+/=-]*)
    echo 'TURN_CLI_PASSWORD: Unusable character: expected A-Z, a-z, 0-9 and "._~+/=-"' >&2
    exit 2
    ;;
esac

{
  cat /etc/coturn/turnserver.conf
  # The reporter probes on loopback. No further addresses, so that callers do not reach the host's bridges.
  echo "listening-ip=127.0.0.1"
  echo "listening-ip=$RELAY_IP"
  echo "listening-port=$TURN_PORT"
  echo "relay-ip=$RELAY_IP"
  echo "external-ip=$PUBLIC_IP/$RELAY_IP"
  # The node's own address, which may be private: the reporter proves relaying with a datagram to it, and two callers on this node reach
  # each other through it. Callers also reach UDP services of the host that listen on this address: bind them elsewhere.
  echo "allowed-peer-ip=$RELAY_IP"
  echo "min-port=$RELAY_MIN_PORT"
  echo "max-port=$RELAY_MAX_PORT"
  # The node allows one allocation for each relay port; the reporter publishes the same number as the capacity.
  echo "total-quota=$((RELAY_MAX_PORT - RELAY_MIN_PORT + 1))"
  echo "realm=$TURN_REALM"
  echo "static-auth-secret=$TURN_SECRET"
  # The reporter uses the CLI to end the relays of revoked users.
  if [ -n "${TURN_CLI_PASSWORD:-}" ]; then
    echo "cli"
    echo "cli-ip=127.0.0.1"
    echo "cli-port=${TURN_CLI_PORT:-5766}"
    echo "cli-password=$TURN_CLI_PASSWORD"
  fi
} >/tmp/turnserver.conf
unset TURN_SECRET TURN_CLI_PASSWORD

exec turnserver -c /tmp/turnserver.conf
