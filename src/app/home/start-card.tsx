// Where to go: on with the lesson that was begun, or into the first one.
import { Link } from 'react-router';
import { PARTS } from '../course.ts';
import { useMessages } from '../messages/use-messages.ts';
import { useLanguage } from '../preferences.ts';
import { useLessons } from './lessons.ts';

export function StartCard() {
  const m = useMessages();
  const language = useLanguage();
  const lessons = useLessons();
  const all = PARTS.flatMap((p) => p.lessons);
  const current = lessons.current;
  const lesson = all.find((l) => l.id === current?.id) ?? all.find((l) => lessons.stateOf(l.id) !== 'unwritten');
  if (!lesson) return null;
  return (
    <section className="start-card" aria-labelledby="start-title">
      <p className="micro">{current ? m.home.resume.label : m.home.start.label}</p>
      <h2 id="start-title">
        {lesson.id} {lesson[language]}
      </h2>
      {current ? (
        <div className="step-bar" aria-hidden="true">
          {Array.from({ length: current.steps }, (_, i) => (
            <i key={i} className={i < current.doneSteps ? 'done' : i === current.doneSteps ? 'here' : ''} />
          ))}
        </div>
      ) : (
        <p className="small quiet">{m.home.start.note(lessons.minutesOf(lesson.id))}</p>
      )}
      <div className="start-actions">
        <Link className="button primary" to={`/lesson/${lesson.id}`}>
          {current ? m.home.resume.button : m.home.start.button}
        </Link>
        <Link className="button secondary" to="/lab">
          {m.home.openLab}
        </Link>
      </div>
    </section>
  );
}
