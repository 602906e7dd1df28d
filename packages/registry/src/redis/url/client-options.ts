/** Options that URLs for Redis clients often have after "?", in lower case. Each remedy completes the sentence of a fault. */
const remedies: ReadonlyMap<string, string> = new Map([
  ['family', 'remove "family", because both address families are used. For one of them, write an address as the host'],
  ['db', 'write the database after the host: /2 instead of ?db=2'],
  ['database', 'write the database after the host: /2 instead of ?database=2'],
  ['username', 'write the user before the host: user:password@host'],
  ['user', 'write the user before the host: user:password@host'],
  ['password', 'write the password before the host: user:password@host'],
  ['tls', 'for TLS, write rediss instead of redis'],
  ['ssl', 'for TLS, write rediss instead of redis'],
  ['ssl_cert_reqs', 'for TLS, write rediss instead of redis. Certificates are always checked'],
  [
    'rejectunauthorized',
    'for your own certificate authority, write ?ca=<file> and rediss. Certificates are always checked',
  ],
  ['sentinelusername', 'write sentinelUser'],
  ['connecttimeout', 'remove it, because the timeouts are fixed'],
  ['commandtimeout', 'remove it, because the timeouts are fixed'],
  ['sockettimeout', 'remove it, because the timeouts are fixed'],
  ['timeout', 'remove it, because the timeouts are fixed'],
  ['keyprefix', 'remove it, because the names of the keys are fixed. For separate fleets, use separate databases'],
  ['protocol', 'remove it, because the protocol is fixed'],
  ['maxretriesperrequest', 'remove it, because retries are fixed'],
  ['enablereadycheck', 'remove it, because the checks are fixed'],
  ['lazyconnect', 'remove it, because the connection opens at the start'],
]);

/** Returns the remedy for a known option of Redis clients. The text contains no part of the URL, which may hold a misplaced password. */
export function clientOptionRemedy(name: string): string | undefined {
  return remedies.get(name.toLowerCase());
}

/** Whether an option has the value that is always in force: both address families. */
export function isDefaultOption(name: string, value: string): boolean {
  return name === 'family' && value === '0';
}
