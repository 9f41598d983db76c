// Marks on a canvas, in the colours of the present theme.
import { ICONS, type IconShape } from '../app/icons.tsx';
import type { Mark } from './marks.ts';

export type Colors = (ink: string) => string;

let cachedTheme = '';
const cache = new Map<string, string>();

/** The present value of a token, read once per theme. */
export function themeColors(): Colors {
  const root = document.documentElement;
  const theme = root.dataset.theme ?? '';
  if (theme !== cachedTheme) {
    cache.clear();
    cachedTheme = theme;
  }
  return (ink) => {
    let color = cache.get(ink);
    if (color === undefined) {
      color = getComputedStyle(root).getPropertyValue(`--${ink}`).trim() || 'transparent';
      cache.set(ink, color);
    }
    return color;
  };
}

const SANS = 'Pretendard, "Apple SD Gothic Neo", "Noto Sans KR", system-ui, sans-serif';
const MONO = '"JetBrains Mono", Pretendard, ui-monospace, Menlo, monospace';
const paths = new Map<string, Path2D>();

export function paint(ctx: CanvasRenderingContext2D, marks: readonly Mark[], colors: Colors): void {
  for (const mark of marks) {
    ctx.globalAlpha = mark.opacity ?? 1;
    switch (mark.kind) {
      case 'rect':
        if (mark.r) {
          ctx.beginPath();
          ctx.roundRect(mark.x, mark.y, mark.w, mark.h, mark.r);
          if (mark.fill) {
            ctx.fillStyle = colors(mark.fill);
            ctx.fill();
          }
          if (mark.stroke) stroke(ctx, colors(mark.stroke), mark.width, mark.dash);
          break;
        }
        if (mark.fill) {
          ctx.fillStyle = colors(mark.fill);
          ctx.fillRect(mark.x, mark.y, mark.w, mark.h);
        }
        if (mark.stroke) {
          ctx.strokeStyle = colors(mark.stroke);
          ctx.lineWidth = mark.width ?? 1;
          ctx.setLineDash(dashes(mark.dash));
          ctx.strokeRect(mark.x, mark.y, mark.w, mark.h);
        }
        break;
      case 'line':
        ctx.beginPath();
        ctx.moveTo(mark.x1, mark.y1);
        ctx.lineTo(mark.x2, mark.y2);
        ctx.lineCap = mark.round ? 'round' : 'butt';
        stroke(ctx, colors(mark.stroke), mark.width, mark.dash);
        break;
      case 'path': {
        const path = new Path2D(mark.d);
        if (mark.fill) {
          ctx.fillStyle = colors(mark.fill);
          ctx.fill(path);
        }
        if (mark.stroke) {
          ctx.strokeStyle = colors(mark.stroke);
          ctx.lineWidth = mark.width ?? 1;
          ctx.setLineDash(dashes(mark.dash));
          ctx.stroke(path);
        }
        break;
      }
      case 'circle':
        ctx.beginPath();
        ctx.arc(mark.x, mark.y, mark.r, 0, Math.PI * 2);
        if (mark.fill) {
          ctx.fillStyle = colors(mark.fill);
          ctx.fill();
        }
        if (mark.stroke) stroke(ctx, colors(mark.stroke), mark.width);
        break;
      case 'text':
        ctx.font = `${mark.weight ?? 430} ${mark.size}px ${mark.mono ? MONO : SANS}`;
        ctx.textAlign = mark.anchor === 'middle' ? 'center' : mark.anchor === 'end' ? 'right' : 'left';
        ctx.fillStyle = colors(mark.ink);
        ctx.fillText(mark.most ? fitted(ctx, mark.text, mark.most) : mark.text, mark.x, mark.y);
        break;
      case 'icon':
        paintIcon(ctx, mark, colors);
    }
  }
  ctx.globalAlpha = 1;
}

function paintIcon(ctx: CanvasRenderingContext2D, mark: Extract<Mark, { kind: 'icon' }>, colors: Colors): void {
  const shape: IconShape = ICONS[mark.name];
  ctx.save();
  ctx.translate(mark.x, mark.y);
  ctx.scale(mark.size / 16, mark.size / 16);
  ctx.lineCap = ctx.lineJoin = 'round';
  if (shape.area) {
    ctx.fillStyle = colors(mark.ink);
    ctx.fill(pathOf(shape.area));
  }
  if (shape.line) {
    ctx.strokeStyle = colors(mark.ink);
    ctx.lineWidth = mark.width ?? shape.width ?? 1.4;
    ctx.setLineDash([]);
    ctx.stroke(pathOf(shape.line));
  }
  ctx.restore();
}

function pathOf(d: string): Path2D {
  let path = paths.get(d);
  if (!path) paths.set(d, (path = new Path2D(d)));
  return path;
}

function stroke(ctx: CanvasRenderingContext2D, color: string, width = 1, dash?: string): void {
  ctx.strokeStyle = color;
  ctx.lineWidth = width;
  ctx.setLineDash(dashes(dash));
  ctx.stroke();
}

const NO_DASH: number[] = [];
function dashes(dash: string | undefined): number[] {
  return dash ? dash.split(' ').map(Number) : NO_DASH;
}

function fitted(ctx: CanvasRenderingContext2D, text: string, most: number): string {
  if (ctx.measureText(text).width <= most) return text;
  let end = text.length;
  while (end > 1 && ctx.measureText(`${text.slice(0, end)}…`).width > most) end--;
  return `${text.slice(0, end)}…`;
}

/** Gives a canvas the size of its box in device pixels and returns a context that draws in CSS pixels. */
export function sized(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  const ratio = Math.min(globalThis.devicePixelRatio || 1, 3);
  const w = Math.round(width * ratio);
  const h = Math.round(height * ratio);
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const ctx = canvas.getContext('2d');
  ctx?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return ctx;
}
