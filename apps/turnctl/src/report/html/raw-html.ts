import type { Literal } from 'hast';

/** Text that is written into a page without escaping. */
export interface RawHtml extends Literal {
  type: 'raw';
}

// hast-util-to-html supports raw nodes, but the types of hast do not include them.
declare module 'hast' {
  interface ElementContentMap {
    raw: RawHtml;
  }
  interface RootContentMap {
    raw: RawHtml;
  }
}

/** @param html - trusted HTML without any foreign input */
export function rawHtml(html: string): RawHtml {
  return { type: 'raw', value: html };
}
