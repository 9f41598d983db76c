// Three ways through the course, each drawn on the same map of lessons.
import { CAPSTONES, PARTS, TRACKS } from '../course.ts';
import { useMessages } from '../messages/use-messages.ts';
import { useLanguage } from '../preferences.ts';

export function Tracks() {
  const m = useMessages();
  const language = useLanguage();
  return (
    <section aria-labelledby="tracks-title">
      <div className="section-head">
        <h2 id="tracks-title">{m.home.tracks.title}</h2>
      </div>
      <div className="tracks">
        {TRACKS.map((track) => {
          const lessons = PARTS.flatMap((p) => p.lessons).filter((l) => track.holds(l.id)).length;
          const capstones = CAPSTONES.filter((c) => track.holds(c.id)).length;
          return (
            <section key={track.id} className="track">
              <h3>
                {track[language]} <span>{m.home.tracks.lessons(lessons, capstones)}</span>
              </h3>
              <TrackMap holds={track.holds} />
              <p>{track.about[language]}</p>
            </section>
          );
        })}
      </div>
    </section>
  );
}

function TrackMap({ holds }: { holds: (id: string) => boolean }) {
  const cell = 6.4;
  let x = 0;
  const cells: { id: string; x: number; width: number; on: boolean }[] = [];
  for (const part of PARTS) {
    for (const lesson of part.lessons) {
      cells.push({ id: lesson.id, x, width: cell - 1.6, on: holds(lesson.id) });
      x += cell;
    }
    x += 6;
  }
  for (const capstone of CAPSTONES) {
    cells.push({ id: capstone.id, x, width: 9, on: holds(capstone.id) });
    x += 11.5;
  }
  return (
    <svg className="track-map" viewBox={`0 0 ${x} 14`} aria-hidden="true">
      {cells.map((c) => (
        <rect key={c.id} className={c.on ? 'on' : ''} x={c.x + 0.5} y="1.5" width={c.width} height="11" rx="1" />
      ))}
    </svg>
  );
}
