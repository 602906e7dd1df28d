// Node 20 defines `Symbol.dispose` and `Symbol.asyncDispose` in its own realm, but not in the realm in which jest runs a suite.
for (const name of ['dispose', 'asyncDispose']) {
  if (!(name in Symbol)) Object.defineProperty(Symbol, name, { value: Symbol.for(`nodejs.${name}`) });
}
