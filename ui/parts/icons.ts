// Every icon of the page as one path on a 16 px grid, drawn with the current colour.

const circle = (x: number, y: number, r: number): string => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;

export const icons = {
  mailrig: 'M2 4.5h12v7H2zM2 4.5l4.5 4L10 5M10 11.5l4-7',
  inbox: 'M2.5 9.5l2-6h7l2 6v3.5h-11zM2.5 9.5h3l1 1.5h3l1-1.5h3',
  search: `${circle(7, 7, 4.5)}M10.5 10.5l3 3`,
  check: 'M3 8.5l3.5 3.5L13 4.5',
  cross: 'M4 4l8 8M12 4l-8 8',
  up: 'M4.5 9.5L8 6l3.5 3.5',
  down: 'M4.5 6.5L8 10l3.5-3.5',
  back: 'M9.5 4.5L6 8l3.5 3.5',
  rise: 'M8 13V3.5M4.5 7L8 3.5 11.5 7',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  open: 'M9 3h4v4M13 3L7.5 8.5M11 9.5V13H3V5h3.5',
  download: 'M8 2.5v8M5 7.5l3 3 3-3M3 13.5h10',
  star: 'M8 2l1.8 3.8 4.2.6-3 2.9.7 4.2L8 11.5l-3.7 2 .7-4.2-3-2.9 4.2-.6z',
  pin: 'M6 2.5h4M6.5 2.5v4L4.5 9h7l-2-2.5v-4M8 9v5',
  bin: 'M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.5 9h6l.5-9',
  warning: 'M8 2.5l6 11H2zM8 6.5v3.25M8 11.6h.01',
  again: 'M13 8a5 5 0 11-1.5-3.5M13 2.5v3h-3',
  image: 'M2.5 3h11v10h-11zM2.5 11l3-3 2.5 2.5 2-2 3.5 3',
  light: `${circle(8, 8, 2.75)}M8 1.5v1.25M8 13.25v1.25M1.5 8h1.25M13.25 8h1.25M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9`,
  dark: 'M13.5 9.5A6 6 0 016.5 2.5a5.75 5.75 0 107 7z',
  fault: 'M9 1.5L3.5 9H8l-1 5.5L12.5 7H8z',
  lock: 'M4 7h8v6.5H4zM5.5 7V5a2.5 2.5 0 015 0v2',
  clip: 'M13 7l-5.3 5.3a2.75 2.75 0 01-3.9-3.9l5.5-5.5a1.85 1.85 0 012.6 2.6L6.6 10.8',
  unread: 'M2 4h12v8.5H2zM2 4l6 5 6-5',
  send: 'M14 2L7 9M14 2L9.5 14 7 9 2 6.5z',
  write: 'M3 13l.5-3L11 2.5 13.5 5 6 12.5z',
  upload: 'M8 10.5V2.5M5 5.5l3-3 3 3M3 13.5h10',
  plus: 'M8 3v10M3 8h10',
  filter: 'M2.5 4.5h11M4.5 8h7M6.5 11.5h3',
  keys: 'M1.5 4h13v8h-13zM4 6.5h.01M6.5 6.5h.01M9 6.5h.01M11.5 6.5h.01M5 9.5h6',
} as const;

export type IconName = keyof typeof icons;
