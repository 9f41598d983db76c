// The icons: 16 by 16, drawn as paths so that React, SVG scenes and canvas all use the same ones.

export interface IconShape {
  /** Outline, stroked. */
  readonly line?: string;
  /** Area, filled. */
  readonly area?: string;
  /** Width of the stroke where it differs from 1.4. */
  readonly width?: number;
  readonly dash?: string;
}

export const ICONS = {
  play: { area: 'M5 3.5v9l7.5-4.5z' },
  pause: { line: 'M5.5 3.5v9M10.5 3.5v9', width: 2 },
  stepForward: { area: 'M4 4v8l5.5-4z', line: 'M11.5 4v8' },
  stepBack: { area: 'M12 4v8L6.5 8z', line: 'M4.5 4v8' },
  nextStop: { line: 'M3 8h8M8 4.5 11.5 8 8 11.5M13.5 4v8' },
  previousStop: { line: 'M13 8H5M8 4.5 4.5 8 8 11.5M2.5 4v8' },
  kill: { line: 'M9.2 1.8 4 9h4l-1.2 5.2L12 7H8z' },
  restart: { line: 'M12.8 6.2A5.3 5.3 0 1 0 13.3 8M13.3 2.8v3.6H9.7' },
  shutdown: { line: 'M8 2v5.5M4.9 4.2a5.2 5.2 0 1 0 6.2 0' },
  delay: { line: 'M4.5 2.5h7M4.5 13.5h7M5 2.5c0 4 6 3.5 6 5.5s-6 1.5-6 5.5M11 2.5c0 4-6 3.5-6 5.5s6 1.5 6 5.5' },
  cut: { line: 'M6.5 4.5 8 3a2.6 2.6 0 0 1 4 4l-1.5 1.5M9.5 11.5 8 13a2.6 2.6 0 0 1-4-4l1.5-1.5M3 3l2 2M11 11l2 2' },
  loss: { line: 'M2 8h4M10 8h4M6.8 6l2.4 4M9.2 6l-2.4 4' },
  powerloss: { line: 'M8 2v5M11 4a5 5 0 1 1-6 0', width: 1.6 },
  copy: { line: 'M5.5 5.5h7v8h-7zM3.5 10.5v-8h7' },
  share: { line: 'M8 10V2.5M5 5l3-2.7L11 5M3.5 8.5v5h9v-5' },
  sun: { line: 'M11 8a3 3 0 1 1-6 0 3 3 0 0 1 6 0zM8 1.5v1.5M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1 1M11.6 11.6l1 1M3.4 12.6l1-1M11.6 4.4l1-1' },
  moon: { line: 'M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5z' },
  check: { line: 'M3.5 8.5 6.5 11.5 12.5 4.8', width: 1.7 },
  cross: { line: 'M4 4l8 8M12 4l-8 8', width: 1.7 },
  lock: { line: 'M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5' },
  code: { line: 'M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5' },
  search: { line: 'M11 7a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM10 10l3.5 3.5' },
  fork: { line: 'M4 3v10M4 9c5 0 7-1 7-5M9 5.5 11 3.5 13 5.5' },
  broker: { line: 'M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01' },
  producer: { line: 'M2.5 4h5v8h-5zM7.5 8H14M11.5 5.5 14 8l-2.5 2.5' },
  consumer: { line: 'M8.5 4h5v8h-5zM1.5 8H8M5.5 5.5 8 8l-2.5 2.5' },
  controller: { line: 'M8 2 13.5 5v6L8 14 2.5 11V5zM8 6v4' },
  chevron: { line: 'm6 4 4 4-4 4' },
  down: { line: 'm4 6 4 4 4-4' },
  warn: { line: 'M8 2.5 14 13H2zM8 6.5V9.5M8 11.3v.01' },
  gate: { line: 'M3 2.5v11M13 2.5v11M3 5.5h10M8 5.5v8' },
  wait: { line: 'M13.5 8a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0z', dash: '2 2.3' },
  retry: { line: 'M3.2 9.8A5.3 5.3 0 1 0 2.7 8M2.7 13.2V9.6h3.6' },
  filter: { line: 'M2.5 4h11M4.5 8h7M6.5 12h3' },
  menu: { line: 'M3 4.5h10M3 8h10M3 11.5h10' },
  back: { line: 'M6 4 2.5 7.5 6 11M2.5 7.5H10a3.5 3.5 0 0 1 0 7H7' },
  key: { line: 'M2.5 4.5h11v7h-11zM5 9.5h6M5 7h.01M8 7h.01M11 7h.01' },
  replay: { line: 'M3.5 4v8M12.5 4 6.5 8l6 4z' },
} as const satisfies Record<string, IconShape>;

export type IconName = keyof typeof ICONS;

export function Icon({ name, className }: { name: IconName; className?: string }) {
  const shape: IconShape = ICONS[name];
  return (
    <svg className={className ? `icon ${className}` : 'icon'} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {shape.area && <path d={shape.area} fill="currentColor" stroke="none" />}
      {shape.line && <path d={shape.line} strokeWidth={shape.width ?? 1.4} strokeDasharray={shape.dash} />}
    </svg>
  );
}

/** Three channels of water and one sluice gate. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d="M2 5.5h6M2 10h6M2 14.5h6M14.5 5.5H18M14.5 14.5H18" strokeWidth="1.6" />
      <path d="M11.2 2.5v15" strokeWidth="2.4" />
    </svg>
  );
}
