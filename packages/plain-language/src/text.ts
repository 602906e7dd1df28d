/**
 * What a text is to its reader. A message is shown to a person while a program runs; its sentences have to be short. A test title, a
 * comment, and prose in the documentation are read in peace. A string may be anything else that holds words.
 */
type TextKind = 'message' | 'test title' | 'comment' | 'string' | 'prose';

/** A text that a person reads, and where it begins. */
export type Text = {
  readonly kind: TextKind;
  /** The first line of the text, counted from 1. */
  readonly line: number;
  /** The words alone: line breaks are spaces, and an expression in a template is one placeholder. */
  readonly words: string;
};

/** Joins the lines of a text. */
export function joinLines(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
