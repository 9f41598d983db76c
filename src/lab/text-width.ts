// How wide a text will be, without a page to measure it on: pictures are pure, and what may not touch is kept apart by this.

/** @param size of the font, px. @returns px, a little more than the sans face takes; Hangul is about as wide as it is high. */
export function textWidth(text: string, size = 11): number {
  let em = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    em += code === 0x20 ? 0.29 : code >= 0x1100 ? 0.97 : 0.53;
  }
  return em * size;
}
