// The live figure of a lesson: small runs computed in the background, one for each variant, drawn as logs.
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { FigureRead, LessonFigure } from '../../lessons/contract.ts';
import { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { useLanguage } from '../app/preferences.ts';
import { SceneSvg } from '../lab/scene-svg.tsx';
import { useSize } from '../lab/use-size.ts';
import { learnerRunner } from '../editor/learner-runner.ts';
import { figureScene } from './figure-scene.ts';
import { useLessonMessages } from './messages.ts';
import { useRoom } from './room.tsx';
import { writtenLesson } from './catalogue.ts';

const LANES = 3;
const EVENTS = 24;

export function KeyFigure({ children }: { children: ReactNode }) {
  const m = useLessonMessages().figure;
  const language = useLanguage();
  const { lesson, kit } = useRoom();
  const figure = useFigure(lesson, kit !== null);
  const reads = useReads(figure);
  const [chosen, setChosen] = useState<string | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const id = chosen ?? figure?.first ?? '';
  const read = reads[id];
  const words = useMemo(() => ({ sent: m.sent, read: m.read }), [m]);
  const scene = useMemo(() => figureScene(read && read !== 'failed' ? read : null, width || 520, LANES, EVENTS, words), [read, width, words]);
  const bad = read && read !== 'failed' ? read.read.filter((mark) => mark.overtaken).length : 0;
  const verdict = bad ? m.bad(bad) : m.good;
  const variant = figure?.variants.find((v) => v.id === id);
  return (
    <figure className="key-figure">
      <div className="figure-bar">
        <span id="figure-key">{m.key}</span>
        <div className="segments" role="group" aria-labelledby="figure-key">
          {figure?.variants.map((v) => (
            <button key={v.id} type="button" aria-pressed={v.id === id} onClick={() => setChosen(v.id)}>
              {v.title[language]}
            </button>
          ))}
        </div>
        <span className="spring" />
        <span className={`verdict ${read && read !== 'failed' ? (bad ? 'broken' : 'teal') : ''}`} role="status">
          {read === 'failed' ? m.failed : read ? verdict : m.computing}
        </span>
      </div>
      <div ref={box}>
        <SceneSvg scene={scene} />
      </div>
      {read && read !== 'failed' && variant && <p className="unseen">{m.words(variant.title[language], read.partitions.map((p) => p.length).join(', '), verdict)}</p>}
      <figcaption>{children}</figcaption>
    </figure>
  );
}

/** @param wanted false until the text is on screen. */
function useFigure(lesson: string, wanted: boolean): LessonFigure | null {
  const [figure, setFigure] = useState<LessonFigure | null>(null);
  useEffect(() => {
    if (!wanted) return;
    let gone = false;
    void writtenLesson(lesson)!
      .figure()
      .then((loaded) => {
        if (!gone) setFigure(loaded);
      });
    return () => {
      gone = true;
    };
  }, [lesson, wanted]);
  return figure;
}

type Reads = Readonly<Record<string, FigureRead | 'failed'>>;

/** Computes every variant, one after the other, in the order of their buttons. */
function useReads(figure: LessonFigure | null): Reads {
  const [reads, setReads] = useState<Reads>({});
  useEffect(() => {
    if (!figure) return;
    let running: { cancel(): void } | null = null;
    const compute = (i: number) => {
      const variant = figure.variants[i];
      if (!variant) return;
      const trace = new TraceStore();
      const end = (read: FigureRead | 'failed') => {
        setReads((all) => ({ ...all, [variant.id]: read }));
        compute(i + 1);
      };
      running = learnerRunner(variant.universe, { chunk: (chunk) => trace.append(chunk), done: () => end(figure.read(trace)), failed: () => end('failed') });
    };
    compute(0);
    return () => running?.cancel();
  }, [figure]);
  return reads;
}
