/** Forms of values that nobody has filled in. A token never has a claim with one of them. */
const forms = [
  // `<tenant>`, as in docs/who-may-ask.md, and `{tenantid}`, as in the guides of issuers; also `{{ .Values.tenant }}` of a template.
  /<[^<>]+>|\{[^{}]+\}/,
  // `$NAME`, `$(NAME)` and `%NAME%`. The form `${NAME}` is above. In a URL, "%/" is invalid, and so is a "%" at the end.
  /^\$\w+$|\$\(\w+\)|(?:^|\/)%[A-Za-z_]\w+%(?:\/|$)/,
  // `YOUR_API`, `https://YOUR-DOMAIN/`. In lower case, such a name may be real.
  /(?<![A-Za-z0-9])(?:YOUR|INSERT|REPLACE|CHANGE)[_-][A-Z]/,
] as const;

export const placeholderFault = 'Has a placeholder, such as <tenant>, ${NAME} or YOUR_API: expected your own value';

/** Whether a value of an issuer has a placeholder from an example. */
export function hasPlaceholder(value: string): boolean {
  return forms.some((form) => form.test(value));
}
