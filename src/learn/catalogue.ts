// The lessons that are written, and how each is loaded. The whole course, written or not, is in `src/app/course.ts`.
import type { ComponentType } from 'react';
import type { LessonFigure, LessonKit } from '../../lessons/contract.ts';
import type { Language } from '../app/preferences.ts';

export type LessonText = ComponentType<{ components: Record<string, unknown> }>;

export interface WrittenLesson {
  readonly id: string;
  readonly minutes: number;
  readonly text: Readonly<Record<Language, () => Promise<{ default: unknown }>>>;
  /** Scenario, exercise and files: loaded after the text is shown. */
  readonly kit: () => Promise<LessonKit>;
  readonly figure: () => Promise<LessonFigure>;
}

export const WRITTEN: readonly WrittenLesson[] = [
  {
    id: '1.4',
    minutes: 25,
    text: {
      ko: () => import('../../lessons/part-1-fundamentals/04-the-log/lesson.ko.mdx'),
      en: () => import('../../lessons/part-1-fundamentals/04-the-log/lesson.en.mdx'),
    },
    kit: async () => {
      const [{ createKit }, starter, events, solution, java] = await Promise.all([
        import('../../lessons/part-1-fundamentals/04-the-log/kit.ts'),
        import('../../lessons/part-1-fundamentals/04-the-log/exercise/starter.ts?raw'),
        import('../../lessons/part-1-fundamentals/04-the-log/exercise/events.ts?raw'),
        import('../../lessons/part-1-fundamentals/04-the-log/exercise/solution.ts?raw'),
        import('../../lessons/part-1-fundamentals/04-the-log/exercise/java/Publish.java?raw'),
      ]);
      return createKit({ starter: starter.default, events: events.default, solution: solution.default, java: java.default });
    },
    figure: async () => {
      const [{ createFigure }, publish, events, none, user, content] = await Promise.all([
        import('../../lessons/part-1-fundamentals/04-the-log/figure/figure.ts'),
        import('../../lessons/part-1-fundamentals/04-the-log/figure/publish.ts?raw'),
        import('../../lessons/part-1-fundamentals/04-the-log/figure/events.ts?raw'),
        import('../../lessons/part-1-fundamentals/04-the-log/figure/key.ts?raw'),
        import('../../lessons/part-1-fundamentals/04-the-log/figure/key-user.ts?raw'),
        import('../../lessons/part-1-fundamentals/04-the-log/figure/key-content.ts?raw'),
      ]);
      return createFigure({ 'publish.ts': publish.default, 'events.ts': events.default }, { none: none.default, user: user.default, content: content.default });
    },
  },
];

export function writtenLesson(id: string): WrittenLesson | undefined {
  return WRITTEN.find((lesson) => lesson.id === id);
}

/** Address of a lesson's page; null while it is not written. */
export function lessonPath(id: string): string | null {
  return writtenLesson(id) ? `/lesson/${id}` : null;
}
