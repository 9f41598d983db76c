// The bytes of a frame, sixteen in a row with their text beside them; those of the chosen field stand out.
import { memo, useEffect, useRef } from 'react';
import type { FieldNote } from '../../../simulations/kafka/protocol/annotate.ts';
import type { ProtocolMessages } from './messages.ts';

const ROW = 16;
/** Rows in the page at once: the window moves with the chosen field. */
const ROWS = 160;

export interface BytesProps {
  readonly frame: Uint8Array;
  readonly chosen: FieldNote | null;
  readonly words: ProtocolMessages;
  onPick(byte: number): void;
}

export const Bytes = memo(function Bytes({ frame, chosen, words, onPick }: BytesProps) {
  const box = useRef<HTMLDivElement>(null);
  const all = Math.ceil(frame.length / ROW);
  const wanted = chosen ? Math.floor(chosen.from / ROW) : 0;
  const first = all <= ROWS ? 0 : Math.max(0, Math.min(all - ROWS, wanted - 8));
  const rows = Array.from({ length: Math.min(all, ROWS) }, (_, i) => first + i);
  const isChosen = (at: number) => chosen !== null && at >= chosen.from && at < chosen.to;

  useEffect(() => {
    const to = box.current?.querySelector<HTMLElement>('.picked');
    if (!to || !box.current) return;
    const { offsetTop } = to.parentElement!.parentElement!;
    const view = box.current;
    if (offsetTop < view.scrollTop || offsetTop > view.scrollTop + view.clientHeight - 24) view.scrollTop = Math.max(0, offsetTop - 40);
  }, [chosen]);

  return (
    <div ref={box} className="wire-bytes mono" aria-hidden="true" onClick={(e) => pick(e.target, onPick)}>
      {first > 0 && <p className="quiet">{words.more(first * ROW)}</p>}
      {rows.map((row) => (
        <div key={row} className="byte-row">
          <span className="byte-at">{(row * ROW).toString(16).padStart(4, '0')}</span>
          <span className="byte-hex">
            {span(row, frame).map((at) => (
              <i key={at} data-at={at} className={isChosen(at) ? 'picked' : ''}>
                {frame[at]!.toString(16).padStart(2, '0')}
              </i>
            ))}
          </span>
          <span className="byte-text">
            {span(row, frame).map((at) => (
              <i key={at} data-at={at} className={isChosen(at) ? 'picked' : ''}>
                {frame[at]! >= 32 && frame[at]! < 127 ? String.fromCharCode(frame[at]!) : '·'}
              </i>
            ))}
          </span>
        </div>
      ))}
      {first + rows.length < all && <p className="quiet">{words.more(frame.length - (first + rows.length) * ROW)}</p>}
    </div>
  );
});

function span(row: number, frame: Uint8Array): number[] {
  return Array.from({ length: Math.min(ROW, frame.length - row * ROW) }, (_, i) => row * ROW + i);
}

function pick(target: EventTarget, onPick: (byte: number) => void): void {
  const at = target instanceof HTMLElement ? target.dataset['at'] : undefined;
  if (at !== undefined) onPick(Number(at));
}
