// The strip of one real run across the home page. The run is computed in a worker once the page is shown.
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { formatDuration, formatDurationKo } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { useLanguage, useShownTheme } from '../preferences.ts';
import { paint, sized, themeColors } from '../../lab/paint.ts';
import { useSize } from '../../lab/use-size.ts';
import { stripHeight, stripScene, type StripData } from './strip-scene.ts';

const SCENARIO = 'leader-dies';
const SEED = 1;

export function RunStrip() {
  const m = useMessages();
  const language = useLanguage();
  const theme = useShownTheme();
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width } = useSize(box);
  const [data, setData] = useState<StripData | null>(null);
  const [failed, setFailed] = useState(false);
  const words = m.home.strip;

  useEffect(() => {
    let gone = false;
    const start = () => {
      import('./strip-run.ts')
        .then(({ stripRun }) => stripRun())
        .then(
          (strip) => !gone && setData(strip),
          () => !gone && setFailed(true),
        );
    };
    // After the text is on screen: the run must not make it wait.
    const timer = setTimeout(start, 200);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, []);

  useEffect(() => {
    if (!width || !canvas.current) return;
    const after = data && data.electedUs >= 0 ? (language === 'ko' ? formatDurationKo : formatDuration)(data.electedUs - data.faultUs) : '';
    const draw = () => {
      const scene = stripScene(data, width, { fault: width < 600 ? words.faultShort : words.fault, elected: width < 600 ? `+${after}` : words.newLeaders(after), seconds: words.seconds });
      const ctx = sized(canvas.current!, scene.width, scene.height);
      if (!ctx) return;
      ctx.clearRect(0, 0, scene.width, scene.height);
      paint(ctx, scene.marks, themeColors());
    };
    draw();
    document.fonts?.addEventListener('loadingdone', draw);
    return () => document.fonts?.removeEventListener('loadingdone', draw);
  }, [data, width, language, theme, words]);

  return (
    <section className="strip" aria-label={words.label}>
      <div className="wrap">
        <div ref={box} style={{ minHeight: stripHeight(width || 1000, 6) }}>
          <canvas ref={canvas} role="img" aria-label={data ? words.spoken(data.marks.length, data.partitions) : words.label} />
        </div>
        <div className="strip-foot">
          <span>{failed ? words.failed : data ? words.caption : words.computing}</span>
          <span className="spring" />
          <span>
            {words.seed} <span className="mono">{SEED}</span>
          </span>
          <Link className="link" to={`/lab/${SCENARIO}?seed=${SEED}`}>
            {words.open}
          </Link>
        </div>
      </div>
    </section>
  );
}
