// What the editor, the grading report and the Java tab say, in both languages.
import { useLanguage, type Language } from '../app/preferences.ts';

export interface EditorMessages {
  readonly files: string;
  readonly own: string;
  readonly readOnly: string;
  readonly java: string;
  readonly saved: string;
  readonly checking: string;
  readonly clean: string;
  readonly unchecked: string;
  readonly problems: (n: number) => string;
  readonly problemAt: (line: number, column: number) => string;
  readonly escapeHint: string;
  readonly escapeNow: string;
  readonly editorLabel: (file: string) => string;
  readonly plain: string;
  readonly rich: string;
  readonly loading: string;
  readonly loadFailed: string;
  readonly reload: string;
  readonly run: string;
  readonly grade: string;
  readonly cancel: string;
  readonly more: string;
  readonly solution: { readonly show: string; readonly title: string; readonly text: string; readonly insert: string; readonly same: string; readonly diffLabel: string };
  readonly reset: { readonly action: string; readonly title: string; readonly text: string; readonly confirm: string; readonly cancel: string };
  readonly javaNotes: { readonly title: string; readonly same: string; readonly differs: string; readonly readOnly: string };
  readonly output: { readonly title: string; readonly at: (file: string, line: number) => string };
  readonly report: ReportMessages;
}

export interface ReportMessages {
  readonly title: string;
  readonly none: string;
  readonly typeErrors: (n: number) => string;
  readonly compiling: string;
  readonly running: (finished: string, of: string) => string;
  readonly held: (held: string, of: string) => string;
  readonly allHeld: (of: string) => string;
  readonly cancelled: (finished: string, of: string) => string;
  readonly stopped: string;
  readonly groups: (quiet: number, faulted: number, of: number) => string;
  readonly elapsed: (seconds: string) => string;
  readonly quiet: (held: number, of: number) => string;
  readonly faulted: (held: number, of: number) => string;
  readonly cells: string;
  readonly cell: (run: number, seed: number, faults: string, state: string) => string;
  readonly noFaults: string;
  readonly states: Readonly<Record<'waiting' | 'held' | 'failed', string>>;
  readonly gridHint: string;
  readonly first: (seed: number, at: string) => string;
  readonly chosen: (seed: number, at: string) => string;
  readonly holds: (seed: number) => string;
  readonly here: string;
  readonly lab: string;
  readonly copy: string;
  readonly copied: string;
  readonly mini: { readonly first: (at: string) => string; readonly second: string; readonly sentFirst: string; readonly sentSecond: string };
  readonly hint: (n: number) => string;
  readonly hintTitle: (n: number) => string;
  readonly hintsDone: string;
}

export const ko: EditorMessages = {
  files: '파일',
  own: '내 코드',
  readOnly: '읽기 전용',
  java: 'Java',
  saved: '저장됨',
  checking: '타입 검사 중',
  clean: '타입 오류 없음',
  unchecked: '타입을 검사하지 못함',
  problems: (n) => `타입 오류 ${n}개`,
  problemAt: (line, column) => `${line}번째 줄, ${column}번째 칸`,
  escapeHint: 'Esc를 누른 다음 Tab을 누르면 편집기에서 나갑니다.',
  escapeNow: '이제 Tab을 누르면 편집기에서 나갑니다.',
  editorLabel: (file) => `${file} 편집기. Esc를 누른 다음 Tab을 누르면 나갑니다.`,
  plain: '간단한 편집기로 바꾸기',
  rich: '전체 편집기로 바꾸기',
  loading: '편집기를 불러오는 중',
  loadFailed: '편집기를 불러오지 못했습니다. 네트워크 연결이 필요합니다. 연결한 뒤 다시 불러오세요.',
  reload: '다시 불러오기',
  run: '무대에서 실행',
  grade: '채점',
  cancel: '중단',
  more: '코드 메뉴',
  solution: {
    show: '풀이 보기',
    title: '풀이',
    text: '왼쪽은 지금 코드, 오른쪽은 풀이입니다. 넣어도 실행하지는 않습니다.',
    insert: '풀이 넣기',
    same: '지금 코드가 풀이와 같습니다.',
    diffLabel: '지금 코드와 풀이의 차이',
  },
  reset: { action: '처음 코드로', title: '처음 코드로 되돌릴까요?', text: '지금 코드는 사라지고 처음 받은 코드가 돌아옵니다.', confirm: '되돌리기', cancel: '취소' },
  javaNotes: { title: 'kafkajs와 비교', same: '같음', differs: '다름', readOnly: '같은 프로듀서를 Java 클라이언트로 쓴 것입니다. 읽기 전용입니다.' },
  output: { title: '출력', at: (file, line) => `${file} ${line}번째 줄` },
  report: {
    title: '채점 결과',
    none: '아직 채점하지 않았습니다. 채점을 누르면 시드 200개로 코드를 실행하고, 실행 하나가 칸 하나가 됩니다.',
    typeErrors: (n) => `타입 오류 ${n}개를 고치면 실행할 수 있습니다.`,
    compiling: 'TypeScript를 변환하는 중',
    running: (finished, of) => `${of}번 중 ${finished}번 실행`,
    held: (held, of) => `${of}번 중 ${held}번 성립`,
    allHeld: (of) => `${of}번 모두 성립`,
    cancelled: (finished, of) => `${of}번 중 ${finished}번에서 중단함`,
    stopped: '실행할 수 없습니다',
    groups: (quiet, faulted, of) => `평온한 실행 ${of}번 중 ${quiet}번, 장애가 있는 실행 ${of}번 중 ${faulted}번`,
    elapsed: (seconds) => `${seconds}초`,
    quiet: (held, of) => `평온 ${held}/${of}`,
    faulted: (held, of) => `장애 ${held}/${of}`,
    cells: '실행 200번의 결과',
    cell: (run, seed, faults, state) => `실행 ${run}, 시드 ${seed}, ${faults}: ${state}`,
    noFaults: '장애 없음',
    states: { waiting: '대기', held: '성립', failed: '실패' },
    gridHint: '칸 하나가 실행 하나입니다. 테두리가 있는 칸에는 장애가 있었습니다. 화살표 키로 옮기고 Enter로 고릅니다.',
    first: (seed, at) => `처음 실패한 시드 ${seed}, ${at}초`,
    chosen: (seed, at) => `시드 ${seed}, ${at}초`,
    holds: (seed) => `시드 ${seed}에서는 모두 지켜졌습니다.`,
    here: '한 이벤트 앞을 무대에서 보기',
    lab: '실험실에서 열기',
    copy: '링크 복사',
    copied: '복사됨',
    mini: { first: (at) => `먼저 처리, ${at}초`, second: '나중에 처리', sentFirst: '먼저 보냄', sentSecond: '나중에 보냄' },
    hint: (n) => `힌트 ${n}/3`,
    hintTitle: (n) => `힌트 ${n}`,
    hintsDone: '힌트를 모두 보았습니다',
  },
};

export const en: EditorMessages = {
  files: 'Files',
  own: 'your code',
  readOnly: 'read-only',
  java: 'Java',
  saved: 'saved',
  checking: 'checking types',
  clean: 'types clean',
  unchecked: 'types not checked',
  problems: (n) => (n === 1 ? '1 type error' : `${n} type errors`),
  problemAt: (line, column) => `line ${line}, column ${column}`,
  escapeHint: 'Esc, then Tab leaves the editor.',
  escapeNow: 'Tab now leaves the editor.',
  editorLabel: (file) => `Editor of ${file}. Press Esc, then Tab to leave.`,
  plain: 'Use plain editor',
  rich: 'Use full editor',
  loading: 'Loading the editor',
  loadFailed: 'The editor could not be loaded. It needs the network. Connect and load it again.',
  reload: 'Load again',
  run: 'Run on stage',
  grade: 'Grade',
  cancel: 'Cancel',
  more: 'Code menu',
  solution: {
    show: 'Show solution',
    title: 'Solution',
    text: 'Your code is on the left, the solution on the right. Inserting it does not run it.',
    insert: 'Insert solution',
    same: 'Your code is the solution.',
    diffLabel: 'Your code beside the solution',
  },
  reset: { action: 'Reset to starter', title: 'Reset to the starter?', text: 'Your code goes, and the code as first given comes back.', confirm: 'Reset', cancel: 'Cancel' },
  javaNotes: { title: 'Beside kafkajs', same: 'same', differs: 'differs', readOnly: 'The same producer in the Java client. Read-only.' },
  output: { title: 'Output', at: (file, line) => `${file}, line ${line}` },
  report: {
    title: 'Grading report',
    none: 'Not graded yet. Grading runs your code on 200 seeds, and every run becomes one cell.',
    typeErrors: (n) => (n === 1 ? 'Correct the type error, then the code can run.' : `Correct ${n} type errors, then the code can run.`),
    compiling: 'Turning TypeScript into JavaScript',
    running: (finished, of) => `${finished} of ${of} runs`,
    held: (held, of) => `Held on ${held} of ${of} runs`,
    allHeld: (of) => `Held on all ${of} runs`,
    cancelled: (finished, of) => `Cancelled after ${finished} of ${of} runs`,
    stopped: 'Cannot run',
    groups: (quiet, faulted, of) => `passed ${quiet} of ${of} quiet, ${faulted} of ${of} with a fault`,
    elapsed: (seconds) => `${seconds}\u00a0s`,
    quiet: (held, of) => `quiet ${held}/${of}`,
    faulted: (held, of) => `with a fault ${held}/${of}`,
    cells: 'Results of 200 runs',
    cell: (run, seed, faults, state) => `run ${run}, seed ${seed}, ${faults}: ${state}`,
    noFaults: 'no fault',
    states: { waiting: 'waiting', held: 'held', failed: 'failed' },
    gridHint: 'One cell is one run. Outlined: a fault struck in it. Arrow keys move, Enter chooses.',
    first: (seed, at) => `First failing seed: ${seed}, at ${at}\u00a0s`,
    chosen: (seed, at) => `Seed ${seed}, at ${at}\u00a0s`,
    holds: (seed) => `Everything held on seed ${seed}.`,
    here: 'Show one event before',
    lab: 'Open in the lab',
    copy: 'Copy link',
    copied: 'Copied',
    mini: { first: (at) => `handled first, ${at}\u00a0s`, second: 'handled second', sentFirst: 'sent first', sentSecond: 'sent second' },
    hint: (n) => `Hint ${n} of 3`,
    hintTitle: (n) => `Hint ${n}`,
    hintsDone: 'All hints are open',
  },
};

const TABLES: Readonly<Record<Language, EditorMessages>> = { ko, en };

export function useEditorMessages(): EditorMessages {
  return TABLES[useLanguage()];
}
