// Node 20 gives its own realm `Symbol.dispose` and `Symbol.asyncDispose`, but not the realm in which jest runs a suite.
for (const name of ['dispose', 'asyncDispose']) {
  if (!(name in Symbol)) Object.defineProperty(Symbol, name, { value: Symbol.for(`nodejs.${name}`) });
}
