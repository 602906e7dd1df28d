import type { Literal } from 'hast';

/** Text that goes into a page as it is. */
export interface RawHtml extends Literal {
  type: 'raw';
}

// hast-util-to-html writes such nodes; hast itself does not name them.
declare module 'hast' {
  interface ElementContentMap {
    raw: RawHtml;
  }
  interface RootContentMap {
    raw: RawHtml;
  }
}

/** @param html - free of anything that a stranger could have written */
export function rawHtml(html: string): RawHtml {
  return { type: 'raw', value: html };
}
