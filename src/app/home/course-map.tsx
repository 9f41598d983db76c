// The course as four columns of lessons that flow into the capstones. A lesson that is not written says so and is no link.
import { Link } from 'react-router';
import { CAPSTONES, LESSON_COUNT, PARTS } from '../course.ts';
import { useMessages } from '../messages/use-messages.ts';
import { useLanguage } from '../preferences.ts';
import { useLessons, type LessonState } from './lessons.ts';

export function CourseMap() {
  const m = useMessages();
  const c = m.home.course;
  const language = useLanguage();
  const lessons = useLessons();
  const written = PARTS.flatMap((p) => p.lessons).filter((l) => lessons.stateOf(l.id) !== 'unwritten').length;
  return (
    <section aria-labelledby="course-title">
      <div className="section-head">
        <h2 id="course-title">{c.title}</h2>
        <p>{c.summary(written, LESSON_COUNT)}</p>
      </div>
      <div className="course">
        {PARTS.map((part, i) => (
          <section key={part.en} aria-labelledby={`part-${i + 1}`}>
            <h3 id={`part-${i + 1}`}>
              <span className="mono">{i + 1}</span>
              {part[language]}
            </h3>
            <ol>
              {part.lessons.map((lesson) => {
                const state = lessons.stateOf(lesson.id);
                const inner = (
                  <>
                    <Ring state={state} />
                    <span className="mono">{lesson.id}</span>
                    <span className="lesson-title">{lesson[language]}</span>
                  </>
                );
                return (
                  <li key={lesson.id} className={`lesson lesson-${state}`}>
                    {state === 'unwritten' ? (
                      <div>
                        {inner}
                        <span className="unseen">, {c.notWritten}</span>
                      </div>
                    ) : (
                      <Link to={`/lesson/${lesson.id}`}>
                        {inner}
                        {state !== 'open' && <span className="unseen">, {state === 'done' ? c.done : c.begun}</span>}
                      </Link>
                    )}
                  </li>
                );
              })}
            </ol>
          </section>
        ))}
      </div>
      <Flow />
      <ol className="capstones" aria-label={c.capstones}>
        {CAPSTONES.map((capstone) => (
          <li key={capstone.id} className="capstone">
            <h3>
              <Ring state="unwritten" square />
              <span className="mono">{capstone.id}</span>
              {capstone[language]}
            </h3>
            <p>
              {capstone.of[language]}
              <span className="unseen">, {c.notWritten}</span>
            </p>
          </li>
        ))}
      </ol>
      <p className="course-legend">
        <Ring state="unwritten" />
        {c.notWritten}
      </p>
    </section>
  );
}

/** Progress as a quiet ring: dashed not written, empty open, half begun, full done. */
function Ring({ state, square }: { state: LessonState; square?: boolean }) {
  return (
    <svg className={`ring ring-${state}`} viewBox="0 0 12 12" aria-hidden="true">
      {square ? <rect x="1.5" y="1.5" width="9" height="9" rx="1" /> : <circle cx="6" cy="6" r="4.6" />}
      {state === 'begun' && <path d="M6 1.4a4.6 4.6 0 0 1 0 9.2z" />}
    </svg>
  );
}

/** Which parts each capstone is made of, drawn as channels between the columns and the row below. */
function Flow() {
  const height = 44;
  const from = (partNumber: number) => ((partNumber - 1) / PARTS.length) * 1000 + 6;
  const to = (index: number) => (index / CAPSTONES.length) * 1000 + 6;
  return (
    <svg className="flow" viewBox={`0 0 1000 ${height}`} preserveAspectRatio="none" aria-hidden="true">
      {CAPSTONES.flatMap((capstone, i) =>
        capstone.parts.map((p) => <path key={`${capstone.id}-${p}`} vectorEffect="non-scaling-stroke" d={`M${from(p)} 0C${from(p)} ${height * 0.6} ${to(i)} ${height * 0.4} ${to(i)} ${height}`} />),
      )}
    </svg>
  );
}
