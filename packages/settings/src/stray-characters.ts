/** The value of a Docker-style link of Kubernetes: `tcp://10.96.12.7:3478` in `TURN_PORT` for a Service named `turn`. */
const serviceLink = /^(?:tcp|udp|sctp):\/\/[0-9a-f.:[\]]+:\d+$/i;

/** A variable that nothing has replaced: `$NAME`, `${NAME}`, `$(NAME)` of Kubernetes, `%NAME%` of Windows, `{{ .name }}` of a template. */
const variableName = /^(?:\$\w+|\$\{[^{}]+\}|\$\([^()]+\)|%\w+%|\{\{[^{}]+\}\})$/;

/**
 * Returns why a value may differ from what the operator wrote, and the remedy. Returns undefined for other values. The text never contains the
 * value.
 */
export function findStrayCharacters(name: string, text: string): string | undefined {
  const value = text.trim();
  if (serviceLink.test(value) && /(?:^|_)PORT$/.test(name)) {
    const service = name.replace(/_?PORT$/, '').toLowerCase();
    return `Kubernetes sets ${name} for a Service${service === '' ? '' : ` named "${service.replaceAll('_', '-')}"`}: set enableServiceLinks: false in the pod, or rename the Service`;
  }
  if (hasQuotes(value)) {
    return 'The value has quotes around it: remove them. Some programs that read environment files keep quotes, such as "docker run --env-file"';
  }
  if (value !== text && !isParsed(value)) return 'The value begins or ends with blanks or line breaks: remove them';
  if (/\\[nr]$/.test(value)) {
    return String.raw`The value ends with the characters \n instead of a line break: remove them`;
  }
  if (/\p{Cf}/u.test(value)) {
    return 'The value contains an invisible character, such as a zero-width space: write the value again by hand';
  }
  if (/^[“”„‘’«»]|[“”„‘’«»]$/.test(value)) return 'The value has typographic quotes around it: remove them';
  if (variableName.test(value)) {
    return 'The value is the name of a variable: write the value itself, because nothing replaces the name here';
  }
  if (new RegExp(`^(?:export\\s+)?${name}(?:_FILE)?\\s*=`).test(value)) {
    return `The value begins with the name of the setting: remove "${name}="`;
  }
  return undefined;
}

/** Whether a value is a URL or PEM. Blanks around these have no effect. */
export function isParsed(value: string): boolean {
  return /-----BEGIN |:\/\//.test(value);
}

/** Opening and closing quotes. The typographic ones come from documents and chats. */
const quotePairs = ['""', "''", '``', '“”', '‘’', '„“', '«»'];

/** Whether a value has quotes around it: `"value"`. */
export function hasQuotes(text: string): boolean {
  return text.length > 1 && quotePairs.includes(`${text.charAt(0)}${text.charAt(text.length - 1)}`);
}
