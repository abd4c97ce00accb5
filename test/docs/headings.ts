/** Headings of a page, in order; `#` lines in code are none. */
export function headings(text: string): { readonly level: number; readonly title: string }[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```$/gm, '');
  return Array.from(prose.matchAll(/^(#+) (.+)$/gm), ([, marks = '', title = '']) => ({ level: marks.length, title }));
}

/** The anchor as GitHub makes it of a heading. */
export function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}
