import { riddles } from './riddles.ts';
import type { Text } from './text.ts';

/** A sentence in a message has at most this many words: it is read at three in the morning, in a second language. */
const wordsInMessageMax = 30;

/** A message begins with its subject. These begin a clause whose subject comes later, or never. */
const relativeClause = /^(?:what|who|whom|whose|whoever|whatever|that which|of which)\b(?!.*\?$)/i;

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });
/** A sentence may begin with a name in lower case, which the segmenter takes as part of the sentence before. */
const nameAfterStop = /(?<=\w{3}\S?\.)\s+(?=[`a-z\d])/;
const words = new Intl.Segmenter('en', { granularity: 'word' });

/** Returns what is hard to read in a text, one sentence for each fault. */
export function faultsOfText({ kind, words: text }: Text): string[] {
  const riddlesFound = riddles.flatMap(({ pattern, instead }) => {
    const [found] = pattern.exec(text) ?? [];
    return found === undefined ? [] : [`"${found}" is a riddle; write ${instead}`];
  });
  if (kind !== 'message') return riddlesFound;
  const longOnes = sentencesOf(text)
    .filter((sentence) => wordCountOf(sentence) > wordsInMessageMax)
    .map(
      (sentence) => `a sentence of ${wordCountOf(sentence)} words; write at most ${wordsInMessageMax}: "${sentence}"`,
    );
  const opening = relativeClause.exec(text)?.[0];
  return [
    ...riddlesFound,
    ...longOnes,
    ...(opening === undefined ? [] : [`begins with "${opening}"; begin with the subject`]),
  ];
}

function sentencesOf(text: string): string[] {
  return [...sentences.segment(text)].flatMap(({ segment }) => segment.trim().split(nameAfterStop));
}

function wordCountOf(sentence: string): number {
  return [...words.segment(sentence)].filter(({ isWordLike }) => isWordLike).length;
}
