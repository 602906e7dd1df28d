#!/bin/sh
# Starts coturn with turnserver.conf and the settings of this node, which come from the environment. They go into a file in memory and
# not onto the command line, which every user of the host can read.
set -eu
umask 077

# Behind a NAT, clients dial PUBLIC_IP and packets leave from RELAY_IP, an address of this host.
RELAY_IP=${RELAY_IP:-$PUBLIC_IP}

# coturn would cut such a secret short, or show it in its log.
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
  # The reporter probes on loopback. No other address: the host's bridges are not for callers.
  echo "listening-ip=127.0.0.1"
  echo "listening-ip=$RELAY_IP"
  echo "listening-port=$TURN_PORT"
  echo "relay-ip=$RELAY_IP"
  echo "external-ip=$PUBLIC_IP/$RELAY_IP"
  # Its own address, which may be private: the reporter proves that this node relays by a datagram to itself, and two callers on it reach
  # each other. UDP services of the host that listen there can be reached too: keep them off that address.
  echo "allowed-peer-ip=$RELAY_IP"
  echo "min-port=$RELAY_MIN_PORT"
  echo "max-port=$RELAY_MAX_PORT"
  # Allocations of the node: as many as there are relay ports, which is what its reporter publishes as its capacity.
  echo "total-quota=$((RELAY_MAX_PORT - RELAY_MIN_PORT + 1))"
  echo "realm=$TURN_REALM"
  echo "static-auth-secret=$TURN_SECRET"
  # By its CLI the reporter ends the relays of revoked users.
  if [ -n "${TURN_CLI_PASSWORD:-}" ]; then
    echo "cli"
    echo "cli-ip=127.0.0.1"
    echo "cli-port=${TURN_CLI_PORT:-5766}"
    echo "cli-password=$TURN_CLI_PASSWORD"
  fi
} >/tmp/turnserver.conf
unset TURN_SECRET TURN_CLI_PASSWORD

exec turnserver -c /tmp/turnserver.conf
