// Marks as SVG, for the parts of a picture that are few and hold text.
import { memo } from 'react';
import { ICONS, type IconShape } from '../app/icons.tsx';
import type { Mark, Scene } from './marks.ts';
import { textWidth } from './text-width.ts';

export interface SceneSvgProps {
  readonly scene: Scene;
  readonly className?: string;
}

/** A picture; what it says in words stands beside it, so it is hidden from screen readers. */
export const SceneSvg = memo(function SceneSvg({ scene, className }: SceneSvgProps) {
  return (
    <svg className={className} width={scene.width} height={scene.height} viewBox={`0 0 ${scene.width} ${scene.height}`} aria-hidden="true" focusable="false">
      {scene.marks.map(draw)}
    </svg>
  );
});

const ink = (name: string | undefined) => (name ? `var(--${name})` : 'none');

function draw(mark: Mark, key: number) {
  const common = mark.opacity === undefined ? {} : { opacity: mark.opacity };
  switch (mark.kind) {
    case 'rect':
      return (
        <rect
          key={key}
          {...common}
          x={mark.x}
          y={mark.y}
          width={mark.w}
          height={mark.h}
          rx={mark.r}
          fill={ink(mark.fill)}
          stroke={ink(mark.stroke)}
          strokeWidth={mark.width ?? 1}
          strokeDasharray={mark.dash}
        />
      );
    case 'line':
      return (
        <line
          key={key}
          {...common}
          x1={mark.x1}
          y1={mark.y1}
          x2={mark.x2}
          y2={mark.y2}
          stroke={ink(mark.stroke)}
          strokeWidth={mark.width ?? 1}
          strokeDasharray={mark.dash}
          strokeLinecap={mark.round ? 'round' : undefined}
        />
      );
    case 'path':
      return <path key={key} {...common} d={mark.d} fill={ink(mark.fill)} stroke={ink(mark.stroke)} strokeWidth={mark.width ?? 1} strokeDasharray={mark.dash} />;
    case 'circle':
      return <circle key={key} {...common} cx={mark.x} cy={mark.y} r={mark.r} fill={ink(mark.fill)} stroke={ink(mark.stroke)} strokeWidth={mark.width ?? 1} />;
    case 'text':
      return (
        <text
          key={key}
          {...common}
          x={mark.x}
          y={mark.y}
          fontSize={mark.size}
          textAnchor={mark.anchor}
          className={mark.mono ? 'mono' : undefined}
          style={{ fill: ink(mark.ink), fontWeight: mark.weight }}
        >
          {shortened(mark)}
        </text>
      );
    case 'icon': {
      const shape: IconShape = ICONS[mark.name];
      return (
        <g key={key} {...common} transform={`translate(${mark.x} ${mark.y}) scale(${mark.size / 16})`} strokeLinecap="round" strokeLinejoin="round">
          {shape.area && <path d={shape.area} fill={ink(mark.ink)} />}
          {shape.line && <path d={shape.line} fill="none" stroke={ink(mark.ink)} strokeWidth={mark.width ?? shape.width ?? 1.4} />}
        </g>
      );
    }
  }
}

/** SVG cannot measure before it draws, so the width is estimated; strong type is a little wider. */
function shortened({ text, most = Infinity, size, weight = 0 }: Extract<Mark, { kind: 'text' }>): string {
  const width = (part: string) => textWidth(part, size) * (weight >= 600 ? 1.06 : 1);
  if (width(text) <= most) return text;
  let end = text.length;
  while (end > 1 && width(`${text.slice(0, end)}…`) > most) end--;
  return `${text.slice(0, end)}…`;
}
