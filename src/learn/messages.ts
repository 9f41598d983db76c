// What the lesson page says around a lesson's own text, in both languages.
import { useLanguage, type Language } from '../app/preferences.ts';
import type { StepId } from '../store/progress.ts';

export interface LessonMessages {
  readonly steps: Readonly<Record<StepId, string>>;
  readonly headings: Readonly<Record<Exclude<StepId, 'hook' | 'idea'>, string>>;
  readonly rail: string;
  readonly stepState: Readonly<Record<'done' | 'current' | 'open', string>>;
  readonly eyebrow: (part: number, lesson: number, lessons: number) => string;
  readonly minutes: (n: number) => string;
  readonly missing: { readonly eyebrow: string; readonly text: string; readonly home: string };
  readonly notLoaded: string;
  readonly retry: string;
  readonly prediction: {
    readonly legend: string;
    readonly committed: string;
    readonly commit: string;
    readonly commitNote: (gate: string) => string;
    readonly run: (to: string) => string;
    readonly waiting: (answer: string, gate: string) => string;
    /** Ends the sentence that `waiting` begins; a button. */
    readonly canTakeBack: string;
    readonly takeBack: string;
    readonly running: (answer: string) => string;
    readonly answered: string;
    readonly again: string;
    readonly pause: string;
    readonly resume: string;
  };
  readonly run: { readonly closed: (answer: string) => string; readonly yours: string; readonly right: string };
  readonly figure: {
    readonly key: string;
    readonly sent: string;
    readonly read: string;
    readonly bad: (n: number) => string;
    readonly good: string;
    readonly computing: string;
    readonly failed: string;
    readonly words: (variant: string, partitions: string, bad: string) => string;
  };
  readonly overtaken: { readonly none: (handled: string) => string; readonly some: (late: string, handled: string, first: string, user: string, before: string, after: string) => string };
  readonly inject: { readonly running: string; readonly note: string };
  readonly quiz: { readonly right: string; readonly wrong: string; readonly other: string; readonly answerNote: string };
  readonly term: { readonly label: (word: string) => string };
  readonly stage: { readonly label: string; readonly system: string; readonly code: string; readonly protocol: string; readonly loading: string };
  readonly exercise: { readonly open: string; readonly solved: string; readonly best: (quiet: string, faulted: string, of: string) => string };
  readonly previous: string;
  readonly next: string;
  readonly share: { readonly button: string; readonly copied: string };
}

export const ko: LessonMessages = {
  steps: { hook: '사건', idea: '핵심', predict: '예측', run: '실행', break: '장애 주입', do: '실습', check: '확인 문제', work: '실무에서' },
  headings: { predict: '실행하기 전에', run: '실행이 답합니다', break: '깨뜨려 보기', do: '실습', check: '확인 문제', work: '실무에서' },
  rail: '레슨의 단계',
  stepState: { done: '마침', current: '지금 여기', open: '아직' },
  eyebrow: (part, lesson, lessons) => `${part}부 레슨 ${lessons}개 중 ${lesson}번째`,
  minutes: (n) => `${n}분쯤`,
  missing: { eyebrow: '아직 쓰지 않은 레슨', text: '과정에는 들어 있지만 아직 쓰지 않았습니다. 과정에서 다른 레슨을 고르세요.', home: '과정 보기' },
  notLoaded: '레슨을 불러오지 못했습니다. 네트워크가 끊겼거나 새 버전이 나왔습니다. 연결을 확인하고 다시 불러오세요.',
  retry: '다시 불러오기',
  prediction: {
    legend: '예측',
    committed: '확정함',
    commit: '예측 제출',
    commitNote: (gate) => `제출하기 전까지 시계는 ${gate}에서 멈춥니다.`,
    run: (to) => `${to}까지 실행`,
    waiting: (answer, gate) => `예측을 확정했습니다. 답은 ${answer}에 실행이 보여 줍니다. ${gate}를 지나기 전에는`,
    canTakeBack: '되돌릴 수 있습니다',
    takeBack: '되돌리기',
    running: (answer) => `실행 중입니다. 답은 ${answer}에 나옵니다.`,
    answered: '실행이 답했습니다. 설명은 아래에 있습니다.',
    again: '다시 보기',
    pause: '멈춤',
    resume: '재생',
  },
  run: {
    closed: (answer) => `실행이 ${answer}를 지나면 설명이 열립니다. 고른 답에 대한 이야기부터 시작합니다.`,
    yours: '고른 답',
    right: '맞는 답',
  },
  figure: {
    key: '키',
    sent: '보냄',
    read: '읽음',
    bad: (n) => `순서가 뒤바뀐 이벤트 ${n}건`,
    good: '시청자마다 순서 유지',
    computing: '시뮬레이션 실행 중',
    failed: '시뮬레이션을 실행하지 못해 그림을 그릴 수 없습니다. 페이지를 새로 고치세요.',
    words: (variant, partitions, bad) => `키: ${variant}. 파티션별 이벤트 수: ${partitions}. ${bad}.`,
  },
  overtaken: {
    none: (handled) => `지금까지 시청 서비스가 이벤트 ${handled}건을 처리했고, 모두 시청자마다 제 순서로 보았습니다.`,
    some: (late, handled, first, user, before, after) =>
      `지금까지 처리한 이벤트 ${handled}건 가운데 ${late}건이 같은 시청자의 나중 이벤트보다 늦게 처리되었습니다. 처음은 ${first}초였고, \`${user}\` 사용자의 \`${before}\` 이벤트가 먼저 일어난 \`${after}\` 이벤트보다 앞서 처리되었습니다.`,
  },
  inject: { running: '실행 중', note: '무대에서 실행합니다.' },
  quiz: { right: '맞습니다', wrong: '아닙니다', other: '다른 답', answerNote: '답을 고르면 보기마다 설명이 열립니다.' },
  term: { label: (word) => `${word}: 용어 설명` },
  stage: { label: '시스템과 코드', system: '시스템', code: '코드', protocol: '프로토콜', loading: '불러오는 중' },
  exercise: {
    open: '코드 열기',
    solved: '모든 실행에서 지켜졌습니다.',
    best: (quiet, faulted, of) => `가장 좋은 채점 결과는 평온한 실행 ${of}번 중 ${quiet}번, 장애가 있는 실행 ${of}번 중 ${faulted}번입니다.`,
  },
  previous: '이전',
  next: '다음',
  share: { button: '공유', copied: '복사됨' },
};

export const en: LessonMessages = {
  steps: { hook: 'Hook', idea: 'Idea', predict: 'Predict', run: 'Run', break: 'Break it', do: 'Do it', check: 'Check', work: 'At work' },
  headings: { predict: 'Before you run it', run: 'The run answers', break: 'Break it', do: 'Do it', check: 'Check', work: 'At work' },
  rail: 'Steps of this lesson',
  stepState: { done: 'done', current: 'you are here', open: 'ahead' },
  eyebrow: (part, lesson, lessons) => `Part ${part}, lesson ${lesson} of ${lessons}`,
  minutes: (n) => `about ${n} minutes`,
  missing: { eyebrow: 'A lesson not yet written', text: 'The course plans this lesson, and nobody has written it yet. Choose another one from the course.', home: 'Go to the course' },
  notLoaded: 'The lesson could not be loaded. The network is gone, or a new version is out. Check the connection and load it again.',
  retry: 'Load again',
  prediction: {
    legend: 'Prediction',
    committed: 'committed',
    commit: 'Commit',
    commitNote: (gate) => `Until you commit, the clock stops at ${gate}.`,
    run: (to) => `Run to ${to}`,
    waiting: (answer, gate) => `Committed. The run answers at ${answer}; until it passes ${gate} you can`,
    canTakeBack: 'take it back',
    takeBack: 'Take back',
    running: (answer) => `Running. The answer comes at ${answer}.`,
    answered: 'The run has answered; the explanation is below.',
    again: 'See it again',
    pause: 'Pause',
    resume: 'Play',
  },
  run: { closed: (answer) => `The explanation opens when the run passes ${answer}. It speaks to your answer first.`, yours: 'Your answer', right: 'The right answer' },
  figure: {
    key: 'Key',
    sent: 'sent',
    read: 'read',
    bad: (n) => (n === 1 ? '1 event read out of order' : `${n} events read out of order`),
    good: 'every viewer in order',
    computing: 'running the simulation',
    failed: 'The simulation could not run, so there is no figure. Reload the page.',
    words: (variant, partitions, bad) => `Key: ${variant}. Events per partition: ${partitions}. ${bad}.`,
  },
  overtaken: {
    none: (handled) => `So far the viewing service has handled ${handled} events, each viewer’s in order.`,
    some: (late, handled, first, user, before, after) =>
      `So far ${late} of ${handled} handled events came after a later event of the same viewer. The first time was at ${first}\u00a0s: a \`${before}\` of \`${user}\` was handled before the \`${after}\` that happened earlier.`,
  },
  inject: { running: 'running', note: 'Runs on the stage.' },
  quiz: { right: 'Right', wrong: 'No', other: 'Not this one', answerNote: 'Choose an answer; every option is then explained.' },
  term: { label: (word) => `${word}: what it means` },
  stage: { label: 'System and code', system: 'System', code: 'Code', protocol: 'Protocol', loading: 'loading' },
  exercise: {
    open: 'Open the code',
    solved: 'Held on every run.',
    best: (quiet, faulted, of) => `Your best grading held on ${quiet} of ${of} quiet runs and ${faulted} of ${of} with a fault.`,
  },
  previous: 'Previous',
  next: 'Next',
  share: { button: 'Share', copied: 'Copied' },
};

const TABLES: Readonly<Record<Language, LessonMessages>> = { ko, en };

export function useLessonMessages(): LessonMessages {
  return TABLES[useLanguage()];
}

/** A virtual time in a sentence: `9.0 s`, `9.0초`. */
export function spokenTime(us: number, language: Language): string {
  const seconds = (us / 1_000_000).toFixed(1);
  return language === 'ko' ? `${seconds}초` : `${seconds}\u00a0s`;
}
