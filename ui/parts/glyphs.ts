// Icons as masks: where there are many rows, a sign is drawn by the style of what it stands before, and takes no node of its own.

import { GLYPHS, icons, type IconName } from './icons.ts';

const FULL: readonly IconName[] = ['star'];

/** From here on `var(--glyph-check)` is a picture that something can be masked with. */
export function drawGlyphs(): void {
  for (const name of GLYPHS) {
    const fill = FULL.includes(name) ? 'black' : 'none';
    const line = `fill='${fill}' stroke='black' stroke-width='1.75' stroke-linecap='round' stroke-linejoin='round'`;
    const picture = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16' ${line}><path d='${icons[name]}'/></svg>`;
    document.documentElement.style.setProperty(`--glyph-${name}`, `url("data:image/svg+xml,${picture}")`);
  }
}
