/**
 * Every key of eturnal 1.12 that is not deprecated. Source: its validator,
 * https://github.com/processone/eturnal/blob/1.12.0/src/eturnal_yaml.erl, documented at https://eturnal.net/doc/#Global_Configuration
 */
export const eturnalKeys: readonly string[] = [
  'secret',
  'listen',
  'relay_ipv4_addr',
  'relay_ipv6_addr',
  'relay_min_port',
  'relay_max_port',
  'tls_crt_file',
  'tls_key_file',
  'tls_dh_file',
  'tls_options',
  'tls_ciphers',
  'max_allocations',
  'max_permissions',
  'max_bps',
  'blacklist_clients',
  'whitelist_clients',
  'blacklist_peers',
  'whitelist_peers',
  'strict_expiry',
  'credentials',
  'realm',
  'software_name',
  'run_dir',
  'log_dir',
  'log_level',
  'log_rotate_size',
  'log_rotate_count',
  'modules',
];

/** Keys that are deprecated since 1.12.0, https://github.com/processone/eturnal/blob/master/CHANGELOG.md */
export const deprecatedEturnalKeys: readonly string[] = ['blacklist', 'whitelist'];

/** Keys of an entry of `listen`. */
export const eturnalListenKeys: readonly string[] = ['ip', 'port', 'transport', 'proxy_protocol', 'enable_turn'];
