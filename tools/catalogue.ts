// The lessons that are written, for the Node programs: each with its kit and its wrong answers, read from the source tree.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LessonKit } from '../lessons/contract.ts';
import { createKit } from '../lessons/part-1-fundamentals/04-the-log/kit.ts';

export interface LessonSource {
  /** e.g. `1.4` */
  readonly id: string;
  /** Folder of the lesson below the root of the project. */
  readonly folder: string;
  readonly kit: LessonKit;
  readonly wrong: readonly WrongAnswer[];
}

/** A plausible wrong answer with the run that shows it, as the comment at its head says. */
export interface WrongAnswer {
  readonly name: string;
  readonly text: string;
  readonly seed: number;
  readonly schedule: readonly string[];
  /** Ids of the diagnoses, comma separated. */
  readonly diagnosis: string;
}

export function lessons(): LessonSource[] {
  const root = projectRoot();
  const folder = 'lessons/part-1-fundamentals/04-the-log';
  const text = (path: string) => readFileSync(join(root, folder, 'exercise', path), 'utf8');
  return [
    {
      id: '1.4',
      folder,
      kit: createKit({ starter: text('starter.ts'), events: text('events.ts'), solution: text('solution.ts'), java: text('java/Publish.java') }),
      wrong: wrongAnswers(join(root, folder, 'exercise/wrong')),
    },
  ];
}

/** By id, or by the folder's path or last name. */
export function findLesson(name: string): LessonSource | undefined {
  const wanted = name.replace(/\/+$/, '');
  return lessons().find(({ id, folder }) => wanted === id || wanted === folder || folder.endsWith(`/${wanted}`));
}

/** Every set of files that a lesson runs as given: its exercise with the starter and with the solution, and its figures. */
export function fileSets(): Record<string, string>[] {
  const root = projectRoot();
  return lessons().flatMap(({ folder, kit }) => {
    const figure = (name: string) => readFileSync(join(root, folder, 'figure', name), 'utf8');
    const figures = ['key.ts', 'key-user.ts', 'key-content.ts'].map((key) => ({ 'publish.ts': figure('publish.ts'), 'events.ts': figure('events.ts'), 'key.ts': figure(key) }));
    return [{ ...kit.given }, { ...kit.given, [kit.exercise.entry]: kit.solution }, ...figures];
  });
}

function wrongAnswers(folder: string): WrongAnswer[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && file !== 'events.ts')
    .sort()
    .map((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      const said = (name: string) => {
        const value = new RegExp(`^// ${name}: (.+)$`, 'm').exec(text)?.[1];
        if (value === undefined) throw new Error(`${file}: its head has no "// ${name}: ..."`);
        return value;
      };
      const schedule = said('schedule');
      return { name: file.slice(0, -3), text, seed: Number(said('seed')), schedule: schedule === 'quiet' ? [] : schedule.split('; '), diagnosis: said('diagnosis') };
    });
}

/** The folder that holds package.json, wherever this file was bundled to. */
function projectRoot(): string {
  let at = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(at, 'package.json'))) {
    const up = dirname(at);
    if (up === at) throw new Error('No package.json above this program.');
    at = up;
  }
  return at;
}
