// The page of one lesson: prose on the left with the rail of its steps, a stage that stays put on the right, the transport below.
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { Link } from 'react-router';
import type { Finding, LessonKit } from '../../lessons/contract.ts';
import type { Universe } from '../../simulations/contract/scenario.ts';
import { PARTS } from '../app/course.ts';
import { Icon } from '../app/icons.tsx';
import { PlainPage } from '../app/plain-page.tsx';
import { useLanguage, type Language } from '../app/preferences.ts';
import { Crumbs, TopBar } from '../app/top-bar.tsx';
import { NotFound } from '../app/trouble.tsx';
import { useTitle } from '../app/use-title.ts';
import { learnerRunner } from '../editor/learner-runner.ts';
import { nextFrame } from '../lab/frames.ts';
import { createSession, type Session } from '../lab/session.ts';
import { documents } from '../store/saved.ts';
import { shareRun } from '../store/share.ts';
import { StoreNotices } from '../store/store-notices.tsx';
import { lessonPath, writtenLesson, type WrittenLesson } from './catalogue.ts';
import { LESSON_COMPONENTS } from './components.tsx';
import { useLessonMessages } from './messages.ts';
import { RoomProvider, useRoomState } from './room.tsx';
import { Rail } from './steps.tsx';
import './learn.css';

const StagePane = lazy(() => import('./stage-pane.tsx').then((m) => ({ default: m.StagePane })));
const TransportPane = lazy(() => import('./transport-pane.tsx').then((m) => ({ default: m.TransportPane })));

export function LessonPage({ id }: { id: string }) {
  const lesson = writtenLesson(id);
  if (lesson) return <Lesson key={id} lesson={lesson} />;
  return placeOf(id) ? <NotWritten id={id} /> : <NotFound />;
}

function Lesson({ lesson }: { lesson: WrittenLesson }) {
  const m = useLessonMessages();
  const language = useLanguage();
  const session = useLessonSession();
  const text = useText(lesson, language);
  const shown = useAfterPaint(text !== null);
  const { kit, failed } = useKit(lesson, shown);
  const room = useRoomState(lesson.id, session, kit);
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const place = placeOf(lesson.id)!;
  const title = place.title[language];

  useTitle(`${lesson.id} ${title}`);

  const Text = text === 'failed' ? null : text;
  return (
    <RoomProvider value={room}>
      <div className="lesson">
        <TopBar tools={<Tools session={session} id={lesson.id} />}>
          <Crumbs items={[{ title: PARTS[place.part]![language], to: '/' }, { title: `${lesson.id} ${short(title)}` }]} />
        </TopBar>
        <div className="prose-scroll" ref={setScroller}>
          <Rail scroller={scroller} />
          <main id="content">
            <article>
              <p className="eyebrow">
                <span>{m.eyebrow(place.part + 1, place.lesson + 1, PARTS[place.part]!.lessons.length)}</span>
                <span>{m.minutes(lesson.minutes)}</span>
              </p>
              <h1>{title}</h1>
              {Text && <Text components={LESSON_COMPONENTS} />}
              {(text === 'failed' || failed) && (
                <p role="alert">
                  {m.notLoaded}{' '}
                  <button type="button" className="link" onClick={() => location.reload()}>
                    {m.retry}
                  </button>
                </p>
              )}
            </article>
          </main>
        </div>
        <Suspense fallback={<div className="stage-pane" />}>{shown ? <StagePane linkTo={linkTo} /> : <div className="stage-pane" />}</Suspense>
        <Suspense fallback={<div className="transport-pane" />}>{shown ? <TransportPane /> : <div className="transport-pane" />}</Suspense>
        <StoreNotices documents={documents} />
      </div>
    </RoomProvider>
  );
}

/** A run as it stands just before a finding. */
function linkTo(universe: Universe, finding: Finding): Promise<string | null> {
  return shareRun({ universe, hash: null, timeUs: Math.max(0, finding.atUs - 1) });
}

/** A lesson that the course plans and that nobody has written. */
function NotWritten({ id }: { id: string }) {
  const m = useLessonMessages().missing;
  const language = useLanguage();
  return (
    <PlainPage eyebrow={m.eyebrow} title={`${id} ${placeOf(id)!.title[language]}`} lead={m.text}>
      <p className="plain-actions">
        <Link className="button primary" to="/">
          {m.home}
        </Link>
      </p>
    </PlainPage>
  );
}

/** Neighbouring lessons that are written, and the link to what is on the stage. */
function Tools({ session, id }: { session: Session; id: string }) {
  const m = useLessonMessages();
  const [copied, setCopied] = useState(false);
  const all = PARTS.flatMap((part) => part.lessons.map((lesson) => lesson.id));
  const at = all.indexOf(id);
  const neighbours = [
    { id: all[at - 1], label: m.previous },
    { id: all[at + 1], label: m.next },
  ];
  const share = async () => {
    const { universe, hash, timeUs } = session.state();
    const link = universe && (await shareRun({ universe, hash, timeUs }));
    if (!link) return;
    await navigator.clipboard.writeText(link);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <>
      {neighbours.map(({ id: other, label }) => {
        const path = other && lessonPath(other);
        return path ? (
          <Link key={other} className="tool wide-only" to={path}>
            {label} <span className="mono quiet">{other}</span>
          </Link>
        ) : null;
      })}
      <button type="button" className="tool" onClick={() => void share()}>
        <Icon name="share" />
        <span aria-live="polite">{copied ? m.share.copied : m.share.button}</span>
      </button>
    </>
  );
}

/** One session for the life of the page. */
function useLessonSession(): Session {
  const session = useMemo(() => createSession(learnerRunner), []);
  useEffect(() => () => session.close(), [session]);
  return session;
}

type Text = (props: { components: typeof LESSON_COMPONENTS }) => React.ReactNode;

function useText(lesson: WrittenLesson, language: Language): Text | 'failed' | null {
  const [texts, setTexts] = useState<Partial<Record<Language, Text | 'failed'>>>({});
  useEffect(() => {
    let gone = false;
    lesson.text[language]().then(
      (module) => {
        if (!gone) setTexts((all) => ({ ...all, [language]: module.default as Text }));
      },
      () => {
        if (!gone) setTexts((all) => ({ ...all, [language]: 'failed' }));
      },
    );
    return () => {
      gone = true;
    };
  }, [lesson, language]);
  return texts[language] ?? null;
}

function useKit(lesson: WrittenLesson, wanted: boolean): { readonly kit: LessonKit | null; readonly failed: boolean } {
  const [state, setState] = useState<{ readonly kit: LessonKit | null; readonly failed: boolean }>({ kit: null, failed: false });
  useEffect(() => {
    if (!wanted) return;
    let gone = false;
    const take = (kit: LessonKit | null) => {
      if (!gone) setState({ kit, failed: kit === null });
    };
    lesson.kit().then(take, () => take(null));
    return () => {
      gone = true;
    };
  }, [lesson, wanted]);
  return state;
}

/** True once what was drawn has been on screen for a moment: everything that is not text is loaded after that. */
function useAfterPaint(drawn: boolean): boolean {
  const [painted, setPainted] = useState(false);
  useEffect(() => {
    if (!drawn) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const cancel = nextFrame(() => {
      timer = setTimeout(() => setPainted(true), TEXT_FIRST_MS);
    });
    return () => {
      cancel();
      clearTimeout(timer);
    };
  }, [drawn]);
  return painted;
}

const TEXT_FIRST_MS = 120;

/** Where a lesson stands in the course; null when the course has no such lesson. */
function placeOf(id: string): { readonly part: number; readonly lesson: number; readonly title: Readonly<Record<Language, string>> } | null {
  for (const [part, { lessons }] of PARTS.entries()) {
    const lesson = lessons.findIndex((l) => l.id === id);
    if (lesson >= 0) return { part, lesson, title: lessons[lesson]! };
  }
  return null;
}

/** What stands before the colon. */
function short(title: string): string {
  return title.split(':')[0]!;
}
