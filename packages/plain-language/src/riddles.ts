/** Wording that had to be read twice, and how to put it. Each was found in this project by its readers. */
export const riddles: readonly { readonly pattern: RegExp; readonly instead: string }[] = [
  { pattern: /(?<!\bthere )\b(?:is|are|was|were) none\b/i, instead: 'say what is missing or invalid' },
  { pattern: /\b(?:whom|what|who|which) nobody\b/i, instead: 'name who or what is meant' },
  { pattern: /\bwho(?:m|so)?ever\b/i, instead: 'name who is meant' },
  { pattern: /\bis (?:not )?for (?:the|a|an) [\w -]{1,30} to (?:say|tell|know|decide)\b/i, instead: 'say who decides' },
  { pattern: /\b(?:is|are) not (?:believed|to be (?:used|had|believed))\b/i, instead: '"ignored", "unreachable"' },
  { pattern: /\b(?:is|are) taken for\b/i, instead: '"is treated as", "is assumed to be"' },
  { pattern: /\bstep of trust\b/i, instead: '"trust level"' },
  { pattern: /\bthe end of (?:it|them)\b/i, instead: 'say what is deleted or stopped' },
  { pattern: /\bfor good\b/i, instead: '"permanently"' },
  { pattern: /\bany more\b/i, instead: '"no longer"' },
  { pattern: /\bby what\b/i, instead: '"how", or the name of the thing' },
  { pattern: /\bin its stead\b/i, instead: '"instead"' },
  { pattern: /\banother than\b/i, instead: '"different from"' },
  { pattern: /\bthe same of\b/i, instead: 'repeat the noun' },
  { pattern: /\bin need\b/i, instead: 'say what is needed' },
  { pattern: /\bopen doors?\b/i, instead: 'say who has access' },
  { pattern: /\bsays? more than\b/i, instead: '"has ignored settings"' },
  { pattern: /\bstays? away\b/i, instead: '"is out of service"' },
  { pattern: /\bmakes? nothing of\b/i, instead: '"ignores"' },
  { pattern: /\bhas it that\b/i, instead: 'say who states it' },
  { pattern: /\b(?:a|an|one|each|every|that) of (?:whose|whom)\b/i, instead: 'two sentences' },
  { pattern: /\bas far as (?:it|they|that) goes?\b/i, instead: 'say what is covered' },
];

/** Private names that a newcomer had to read twice. Each has a plain successor. */
export const riddlingNames: ReadonlyMap<string, string> = new Map([
  ['answerMaxLetters', 'responseMaxChars'],
  ['isNews', 'shouldLog'],
  ['isInNeed', 'needsLease'],
  ['Surroundings', 'LimitContext'],
  ['warnOfOpenDoor', 'warnIfAnonymousUnlimited'],
  ['orUnavailable', 'registryErrorsAs503'],
  ['callersPatience', 'publicStopTimeouts'],
]);
