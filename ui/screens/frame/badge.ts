// Draws the icon of the browser's tab with a number on it.

/** px */
const SIZE = 64;

async function loaded(source: string): Promise<HTMLImageElement> {
  const icon = new Image(SIZE, SIZE);
  icon.src = source;
  await icon.decode();
  return icon;
}

/** As the page has them now, light or dark. */
function colours(): { accent: string; onAccent: string } {
  const probe = document.createElement('span');
  document.body.append(probe);
  const read = (token: string): string => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const found = { accent: read('--accent'), onAccent: read('--on-accent') };
  probe.remove();
  return found;
}

/** The icon with the number on a patch in its lower half: smaller it could not be read in a tab. */
export async function badge(source: string, word: string): Promise<string> {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIZE;
  const paper = canvas.getContext('2d');
  if (!paper) return source;
  paper.drawImage(await loaded(source), 0, 0, SIZE, SIZE);
  const { accent, onAccent } = colours();
  paper.font = '700 34px system-ui, sans-serif';
  const width = Math.min(SIZE, Math.max(40, paper.measureText(word).width + 12));
  paper.fillStyle = accent;
  paper.beginPath();
  paper.roundRect(SIZE - width, 24, width, 40, 12);
  paper.fill();
  paper.fillStyle = onAccent;
  paper.textAlign = 'center';
  paper.textBaseline = 'middle';
  paper.fillText(word, SIZE - width / 2, 46, width - 4);
  return canvas.toDataURL();
}
